"""Commands of cards, over a real websocket."""

import itertools
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.const import DOMAIN

from ..loop import calls_noted
from .conftest import (
    HOURS,
    WINDOWS,
    AddRecordedMiner,
    RecordedMiner,
    device_id,
    swarm_entry,
)


@pytest.fixture
async def recorded(add_recorded_miner: AddRecordedMiner) -> RecordedMiner:
    """Return a miner with a history."""
    return await add_recorded_miner()


async def ask(
    client: WebSocketGenerator, command: str, token: str | None = None, **data: Any
) -> dict[str, Any]:
    """Send a command, and return the whole reply."""
    connection = await (client(access_token=token) if token else client())
    await connection.send_json_auto_id({"type": f"{DOMAIN}/{command}", **data})
    reply: dict[str, Any] = await connection.receive_json()
    return reply


async def test_who_may_log_in_may_read(
    recorded: RecordedMiner,
    hass_ws_client: WebSocketGenerator,
    hass_read_only_access_token: str,
) -> None:
    """Of all miners, if none is named."""
    reply = await ask(hass_ws_client, "configurations", hass_read_only_access_token)
    assert reply["success"]
    (miner,) = reply["result"]["miners"]
    assert miner["device_id"] == recorded.device_id
    assert len(miner["configurations"]) == 2
    assert miner["recommendations"]["efficiency"]["best"]["efficiency_j_th"] == 15


async def test_the_summary_is_that_of_the_action(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """The summary is the same as the action's."""
    reply = await ask(
        hass_ws_client, "summary", device_id=recorded.device_id, span="7d"
    )
    (miner,) = reply["result"]["miners"]
    assert miner["energy_kwh"] == pytest.approx(31.5 * HOURS / 1000, rel=0.02)
    assert reply["result"]["span"]["name"] == "7d"


async def test_uptime(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """Thirty days that add up; the miner's history began twelve hours ago."""
    reply = await ask(hass_ws_client, "uptime", device_id=recorded.device_id)
    (miner,) = reply["result"]["miners"]
    assert miner["device_id"] == recorded.device_id
    days = miner["days"]
    assert len(days) == 30
    parts = ("hashing_hours", "stopped_hours", "offline_hours", "unknown_hours")
    for day, following in itertools.pairwise(days):
        length = (following["start"] - day["start"]) / 3600
        assert sum(day[part] for part in parts) == pytest.approx(length)
    assert sum(day["hashing_hours"] for day in days) == pytest.approx(
        2 * HOURS, abs=0.5
    )
    assert days[0]["unknown_hours"] == 24


@pytest.mark.parametrize(
    ("command", "work"),
    [
        ("uptime", "measure_uptime"),
        ("uptime", "uptime_as_json"),
        ("configurations", "advise"),
        ("configurations", "configurations_as_json"),
        ("series", "time_series_as_json"),
        ("summary", "measure_stability"),
        ("timeline", "_records"),
        ("timeline", "happenings_of"),
    ],
)
async def test_a_history_is_not_worked_out_in_the_event_loop(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator, command: str, work: str
) -> None:
    """A month of forty miners would stop Home Assistant for a second."""
    with calls_noted() as in_loop:
        assert (await ask(hass_ws_client, command))["success"]
    assert f"async_answer_{command}" in in_loop
    assert work not in in_loop


async def test_series(
    hass: HomeAssistant, recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """Columns of equal length, and the change of setting between the two halves."""
    reply = await ask(
        hass_ws_client, "series", device_id=device_id(hass, swarm_entry(hass))
    )
    (miner,) = reply["result"]["miners"]
    columns = miner["columns"]
    assert {len(column) for column in columns.values()} == {2 * WINDOWS}
    assert columns["time"] == sorted(columns["time"])
    assert columns["hashrate_ghs"] == [900] * WINDOWS + [1000] * WINDOWS
    assert columns["efficiency_j_th"] == [15] * WINDOWS + [18] * WINDOWS
    (change,) = miner["changes"]
    assert change["time"] == columns["time"][WINDOWS]
    assert change["before"] == {"frequency_mhz": 490, "core_voltage_mv": 1100}


async def test_series_of_some_columns(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """No more is reported than was asked for; the moving average is as in the whole."""
    (whole,) = (await ask(hass_ws_client, "series"))["result"]["miners"]
    reply = await ask(
        hass_ws_client,
        "series",
        columns=["hashrate_24h_ghs", "power_w"],
        changes=False,
    )
    (miner,) = reply["result"]["miners"]
    wanted = {"time", "seconds", "hashrate_24h_ghs", "power_w"}
    assert miner["columns"] == {
        name: column for name, column in whole["columns"].items() if name in wanted
    }
    assert miner["changes"] == []
    reply = await ask(hass_ws_client, "series", columns=["wallet"])
    assert reply["error"]["code"] == "invalid_format"


async def test_series_of_some_points(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """Longer steps, with the means of what they hold; changes are found though."""
    reply = await ask(hass_ws_client, "series", columns=["efficiency_j_th"], points=24)
    (miner,) = reply["result"]["miners"]
    columns = miner["columns"]
    assert set(columns["seconds"]) == {3600}
    assert columns["efficiency_j_th"] == [15] * HOURS + [18] * HOURS
    assert len(miner["changes"]) == 1


async def test_time_between_two_moments(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """Goes before the span."""
    reply = await ask(
        hass_ws_client,
        "series",
        start="2026-09-21T11:00:00+00:00",
        end="2026-09-21T12:00:00+00:00",
    )
    (miner,) = reply["result"]["miners"]
    assert len(miner["columns"]["time"]) == 12


async def test_errors_say_what_to_do(
    hass: HomeAssistant, recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """In the language of the user, from key and placeholders."""
    reply = await ask(hass_ws_client, "summary", span="soon")
    assert not reply["success"]
    assert reply["error"]["translation_key"] == "invalid_span"

    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{recorded.entry.unique_id}_hashrate"
    )
    assert entity_id is not None
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    reply = await ask(hass_ws_client, "series")
    assert reply["error"]["translation_key"] == "history_entity_disabled"
    assert reply["error"]["translation_placeholders"] == {"entity_id": entity_id}


async def test_device_that_is_not_ours(
    recorded: RecordedMiner, hass_ws_client: WebSocketGenerator
) -> None:
    """Is reported, not ignored."""
    reply = await ask(hass_ws_client, "summary", device_id="unknown")
    assert not reply["success"]


@pytest.mark.parametrize("command", ["summary", "series", "configurations"])
async def test_devices_that_are_gone(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_ws_client: WebSocketGenerator,
    command: str,
) -> None:
    """A card outlives miners it was made for, and those that are off at the start."""
    recorded, off = await add_recorded_miner(), await add_recorded_miner("ultra-2.4")
    await hass.config_entries.async_unload(off.entry.entry_id)
    chosen = ["unknown", off.device_id, recorded.device_id]
    reply = await ask(hass_ws_client, command, device_id=chosen)
    assert [miner["device_id"] for miner in reply["result"]["miners"]] == chosen[-1:]


@pytest.mark.parametrize("command", ["summary", "series", "configurations"])
async def test_miner_without_history(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_ws_client: WebSocketGenerator,
    command: str,
) -> None:
    """Does not hide that of the others."""
    recorded, without = (
        await add_recorded_miner(),
        await add_recorded_miner("ultra-2.4"),
    )
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{without.entry.unique_id}_hashrate"
    )
    assert entity_id is not None
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    reply = await ask(hass_ws_client, command)
    assert [miner["device_id"] for miner in reply["result"]["miners"]] == [
        recorded.device_id
    ]


async def test_no_miner(
    hass: HomeAssistant,
    recorded: RecordedMiner,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Is reported too, but not to the log: cards ask again and again."""
    await hass.config_entries.async_unload(recorded.entry.entry_id)
    caplog.clear()
    reply = await ask(hass_ws_client, "summary")
    assert reply["error"]["translation_key"] == "no_miner_set_up"
    reply = await ask(hass_ws_client, "configurations", device_id=recorded.device_id)
    assert reply["error"]["translation_key"] == "service_config_entry_not_loaded"
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []
