"""A room that a miner heats, on Home Assistant's own thermostat card."""

from collections.abc import Iterator
import re
from typing import Any

from playwright.sync_api import expect
import pytest

from scripts.demo_home.client import HomeAssistantClient

from .frontend import Frontend
from .home import Home, ask

# Two of its settings were measured in the past that the demo begins with.
MINER = "bitaxe-attic"
PATH = "warm-attic"
FLOWS = "/api/config/config_entries/subentries/flow"


async def add_room(client: HomeAssistantClient) -> tuple[str, str]:
    """Add a room heated by the miner, and a page with its thermostat; return ids."""
    async with client.websocket() as websocket:
        entries = await websocket.command("config_entries/get", domain="bitaxe")
        swarm = next(
            entry["entry_id"] for entry in entries if entry["source"] == "system"
        )
        flow = await client.post(FLOWS, {"handler": [swarm, "heating"]})
        (miners,) = (
            field["selector"]["select"]["options"]
            for field in flow["data_schema"]
            if field["name"] == "miners"
        )
        answer = {
            "name": "Attic",
            "temperature_sensor": "sensor.study_temperature",
            "miners": [item["value"] for item in miners if item["label"] == MINER],
        }
        result = await client.post(f"{FLOWS}/{flow['flow_id']}", answer)
        assert result["type"] == "create_entry", result
        await websocket.command(
            "lovelace/dashboards/create",
            url_path=PATH,
            title="Attic",
            mode="storage",
            show_in_sidebar=False,
            require_admin=False,
        )
        card = {
            "type": "thermostat",
            "entity": "climate.attic",
            "features": [
                {"type": "climate-hvac-modes"},
                {"type": "climate-preset-modes"},
            ],
        }
        await websocket.command(
            "lovelace/config/save",
            url_path=PATH,
            config={"views": [{"title": "Attic", "cards": [card]}]},
        )
        rooms = await websocket.command(
            "config_entries/subentries/list", entry_id=swarm
        )
    (room,) = (item["subentry_id"] for item in rooms if item["title"] == "Attic")
    return swarm, room


@pytest.fixture
def before(home: Home) -> Iterator[dict[str, Any]]:
    """Yield the miner before its room is there; removed again, it is so again."""
    present = home.miner(MINER)
    swarm, room = ask(home, add_room)
    yield present

    async def remove(client: HomeAssistantClient) -> None:
        async with client.websocket() as websocket:
            await websocket.command(
                "config_entries/subentries/delete", entry_id=swarm, subentry_id=room
            )
            dashboards = await websocket.command("lovelace/dashboards/list")
            for item in dashboards:
                if item["url_path"] == PATH:
                    await websocket.command(
                        "lovelace/dashboards/delete", dashboard_id=item["id"]
                    )

    ask(home, remove)
    home.wait_for(
        MINER,
        hashing=True,
        frequency=present["frequency"],
        core_voltage=present["core_voltage"],
    )


def test_a_room_is_heated(
    frontend: Frontend, home: Home, before: dict[str, Any]
) -> None:
    """To a target, with a preset, and not any more once it is off."""
    frontend.open(f"/{PATH}/0")
    card = frontend.page.locator("hui-thermostat-card")
    expect(card.get_by_role("radio", name="Off")).to_be_checked()
    # Chosen is not heated yet.
    warmer = card.get_by_role("button", name="Increase temperature")
    target = card.get_by_role("slider", name="Target temperature")
    wanted = float(target.get_attribute("aria-valuenow") or "nan") + 3
    for _ in range(6):
        warmer.click()
    expect(target).to_have_attribute("aria-valuenow", re.compile(rf"^{wanted:g}"))
    assert home.miner(MINER)["frequency"] == before["frequency"]

    card.get_by_role("radio", name="Heat").click()
    expect(card.get_by_text("Heating", exact=True)).to_be_visible()
    assert home.miner(MINER)["hashing"]

    preset = card.get_by_role("button", name="Preset")
    preset.click()
    card.get_by_role("menuitem").filter(has_not_text="None").first.click()
    expect(preset).not_to_contain_text("None")
    expect(card.get_by_text("Heating", exact=True)).to_be_visible()
    assert frontend.untranslated() == []
    frontend.keep_part(card, "thermostat")

    card.get_by_role("radio", name="Off").click()
    home.wait_for(MINER, hashing=False)
    expect(card.get_by_text("Heating", exact=True)).to_be_hidden()
