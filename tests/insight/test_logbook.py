"""What the logbook says."""

from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
import re
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, translation
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util, yaml as yaml_util
import pytest
from pytest_homeassistant_custom_component.common import (
    CLIENT_ID,
    MockConfigEntry,
    MockUser,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.bitaxe.const import CONF_GUARD, DOMAIN, EVENT_DISCORD_COMMAND
from scripts.simulator import PRESETS, Clock

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import entity_id
from ..web import sign_in
from .conftest import device_id

ROOT = Path(__file__).parents[2]


@pytest.fixture
def logbook_config(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return the configuration of the logbook; tests choose that of a page."""
    page: str | None = getattr(request, "param", None)
    if page is None:
        return {}
    (found,) = re.findall(
        r"```yaml\n(logbook:.*?)```", (ROOT / page).read_text("utf-8"), re.DOTALL
    )
    config: dict[str, Any] = yaml_util.parse_yaml(found)
    return config


@pytest.fixture(autouse=True)
async def logbook(
    hass: HomeAssistant, swarm_entry: MockConfigEntry, logbook_config: dict[str, Any]
) -> None:
    """Set up the logbook, without the files of the frontend it belongs to."""
    translation.async_setup(hass)
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    hass.config.components.add("frontend")
    assert await async_setup_component(hass, "logbook", logbook_config)
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


async def test_alerts_are_reported_in_words(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Alerts are reported in words."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(240)
    found = await entries(hass, browser)
    assert [(item["name"], item["message"]) for item in found] == [
        ("gamma-2.12", "does not answer")
    ]


async def incident(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> list[tuple[str | None, str]]:
    """Have a miner fall silent and come back; return the logbook's lines of it."""
    server = await simulate(replace(PRESETS["gamma-2.12"], name="bitaxe-office"))
    await add_miner(server)
    await pass_time(20)
    await async_wait_recording_done(hass)
    start = dt_util.utcnow()
    server.miner.faults.offline = True
    await pass_time(240)
    server.miner.faults.offline = False
    await pass_time(60)
    await async_wait_recording_done(hass)
    response = await browser.get(f"/api/logbook/{start.isoformat()}")
    return [
        (item.get("entity_id"), item.get("message") or item["state"])
        for item in await response.json()
    ]


async def test_an_incident_is_few_lines(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Ours, and those of *State* and *Problem*, of the miner and of the swarm."""
    found = await incident(hass, browser, simulate, add_miner, pass_time)
    assert {entity and entity.split(".")[0] for entity, _ in found} == {
        None,
        "binary_sensor",
        "sensor",
    }
    assert len(found) <= 8


async def test_one_line_for_each_happening(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
    hass_admin_user: MockUser,
) -> None:
    """Begin, step of the guard, end and return, in words; beside them only states.

    As the page of a device asks: for the device and all of its entities.
    """
    server = await simulate("gamma-2.12")
    options = {CONF_SCAN_INTERVAL: 10, CONF_GUARD: {"heat_action": "step_down"}}
    entry = await add_miner(server, options)
    await pass_time(300)
    await async_wait_recording_done(hass)
    start = dt_util.utcnow()
    server.miner.faults.set(ambient_offset=22)
    await pass_time(600)
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(1200)
    await async_wait_recording_done(hass)
    refresh_token = await hass.auth.async_create_refresh_token(
        hass_admin_user, CLIENT_ID
    )
    token = hass.auth.async_create_access_token(refresh_token)
    connection = await hass_ws_client(access_token=token)

    async def lines(**data: Any) -> list[dict[str, Any]]:
        await connection.send_json_auto_id(
            {
                "type": "logbook/get_events",
                "start_time": start.isoformat(),
                "device_ids": [device_id(hass, entry)],
                **data,
            }
        )
        found: list[dict[str, Any]] = (await connection.receive_json())["result"]
        return found

    words = [line["message"].split(" (")[0] for line in await lines()]
    assert words[0] == "runs on lower settings of the guard"
    assert words[-1] == "runs on its chosen settings again, set by the guard"
    for once in ("overheats", "has cooled down"):
        assert words.count(once) == 1
    assert set(words[1:-1]) <= {words[0], "overheats", "has cooled down"}
    entities = [
        item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
    ]
    found = await lines(entity_ids=entities)
    states = [line["entity_id"] for line in found if "entity_id" in line]
    assert len(found) - len(states) == len(words)
    steps = sum("settings" in line for line in words)
    problem = entity_id(hass, entry, "binary_sensor", "problem")
    frequency = entity_id(hass, entry, "number", "frequency")
    assert states.count(problem) == 2
    assert states.count(frequency) == steps
    assert set(states) == {
        problem,
        frequency,
        entity_id(hass, entry, "select", "profile"),
    }


@pytest.mark.usefixtures("event_entities")
@pytest.mark.parametrize("logbook_config", ["docs/alerts.md"], indirect=True)
async def test_what_the_documentation_leaves_out(
    hass: HomeAssistant,
    browser: TestClient,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Each alert is one line when it is raised, and one when it is over."""
    found = await incident(hass, browser, simulate, add_miner, pass_time)
    assert [(entity, text.split(" (")[0]) for entity, text in found] == [
        (None, "does not answer"),
        (None, "is back"),
    ]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "got a command from {user} in Discord (#mining): restart attic"),
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
    """Are not reported as if they were done."""
    command = {"user": "Anna", "user_id": "1", "channel": "#mining", "command": "x"}
    for result in ("done", "it refused"):
        hass.bus.async_fire(EVENT_DISCORD_COMMAND, {**command, "result": result})
    await hass.async_block_till_done()
    done, failed = await entries(hass, browser)
    assert done["message"] == "got a command from Anna in Discord (#mining): x"
    assert failed["message"] == f"{done['message']} (it refused)"
