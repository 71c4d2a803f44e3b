"""What the logbook says."""

from datetime import timedelta
from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.core import HomeAssistant
from homeassistant.helpers import translation
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.const import DOMAIN, EVENT_DISCORD_COMMAND
from scripts.simulator import Clock

from ..conftest import AddMiner, PassTime, Simulate
from ..web import sign_in


@pytest.fixture(autouse=True)
async def logbook(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> None:
    """Set up the logbook, without the files of the frontend it belongs to."""
    translation.async_setup(hass)
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, "logbook", {})
    await hass.async_block_till_done()


@pytest.fixture
async def browser(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    clock: Clock,
) -> TestClient:
    """Return a signed-in browser."""
    assert await async_setup_component(hass, "http", {})
    return await sign_in(hass, hass_client, hass_admin_user)


async def entries(hass: HomeAssistant, browser: TestClient) -> list[dict[str, Any]]:
    """Return what the logbook's page shows of us."""
    await async_wait_recording_done(hass)
    start = dt_util.utcnow() - timedelta(hours=1)
    response = await browser.get(f"/api/logbook/{start.isoformat()}")
    assert response.status == HTTPStatus.OK
    return [item for item in await response.json() if item.get("domain") == DOMAIN]


async def test_alerts(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Are told in words."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(240)
    found = await entries(hass, browser)
    assert [(item["name"], item["message"]) for item in found] == [
        ("gamma-2.12", "does not answer")
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "was told by {user} in Discord (#mining): restart attic"),
        ("de", "erhielt von {user} in Discord (#mining) den Befehl: restart attic"),
    ],
)
async def test_commands_from_discord(
    hass: HomeAssistant, browser: TestClient, language: str, text: str
) -> None:
    """With who gave them, in the language of Home Assistant."""
    user = "An{n}a %s"
    await hass.config.async_update(language=language)
    command = {
        "user": user,
        "user_id": "1",
        "channel": "#mining",
        "command": "restart attic",
    }
    hass.bus.async_fire(EVENT_DISCORD_COMMAND, {**command, "name": "Attic"})
    hass.bus.async_fire(EVENT_DISCORD_COMMAND, command)
    await hass.async_block_till_done()
    found = await entries(hass, browser)
    assert [item["name"] for item in found] == ["Attic", "Bitaxe"]
    assert found[0]["message"] == text.replace("{user}", user)


async def test_commands_that_failed(hass: HomeAssistant, browser: TestClient) -> None:
    """Are not told as if they were done."""
    command = {"user": "Anna", "user_id": "1", "channel": "#mining", "command": "x"}
    for result in ("done", "it refused"):
        hass.bus.async_fire(EVENT_DISCORD_COMMAND, {**command, "result": result})
    await hass.async_block_till_done()
    done, failed = await entries(hass, browser)
    assert done["message"] == "was told by Anna in Discord (#mining): x"
    assert failed["message"] == f"{done['message']} (it refused)"
