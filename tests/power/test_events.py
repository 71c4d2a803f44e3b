"""What is reported of a power target: few events, and live data for the cards."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.live.payload import swarm_power_target_as_json
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType

from ..conftest import AddMiner, PassTime, Simulate
from .test_following import MINUTE, act, device_of, draws, measure


@pytest.fixture
async def reported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> tuple[Any, MockConfigEntry, list[dict[str, object]]]:
    """Return a miner that was measured, and what is reported of its power."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await measure(hass, entry, server)
    await pass_time(MINUTE)
    found: list[dict[str, object]] = []

    def hear(occurrence: Occurrence) -> None:
        if occurrence.type is OccurrenceType.POWER:
            found.append(dict(occurrence.data))

    entry.runtime_data.async_add_occurrence_listener(hear)
    return server, entry, found


async def test_begin_change_and_end_are_reported_once(
    hass: HomeAssistant,
    reported: tuple[Any, MockConfigEntry, list[dict[str, object]]],
    pass_time: PassTime,
) -> None:
    """Nothing is reported of what the controller does meanwhile."""
    server, entry, found = reported
    await act(hass, entry, power=15, follow=True)
    await pass_time(15 * MINUTE, 30)
    await act(hass, entry, power=15)
    await act(hass, entry, power=17)
    await pass_time(15 * MINUTE, 30)
    assert 15 < draws(server) <= 17
    await act(hass, entry, follow=False)
    await pass_time(5 * MINUTE, 30)
    assert [item["action"] for item in found] == ["began", "changed", "ended"]
    assert found[0]["value"] == 15
    assert found[1] == {"action": "changed", "reason": None, "value": 17, "unit": "W"}


async def test_a_target_that_cannot_be_kept_is_reported_and_its_end_too(
    hass: HomeAssistant,
    reported: tuple[Any, MockConfigEntry, list[dict[str, object]]],
    pass_time: PassTime,
) -> None:
    """With the reason, and not before it has lasted."""
    _, entry, found = reported
    await act(hass, entry, power=5, follow=True)
    for power in (5.1, 5.2, 5.3, 5.4):
        await pass_time(MINUTE, 30)
        # An automation does so every minute.
        await act(hass, entry, power=power)
    assert [item["action"] for item in found] == ["began", "changed"]
    await pass_time(90 * MINUTE, 60)
    assert [item["action"] for item in found] == ["began", "changed", "unreached"]
    assert found[2]["reason"] == "at_lowest"
    await act(hass, entry, power=15)
    await pass_time(MINUTE)
    assert [item["action"] for item in found[3:]] == ["changed", "reached"]


async def test_a_restart_begins_nothing(
    hass: HomeAssistant,
    reported: tuple[Any, MockConfigEntry, list[dict[str, object]]],
    pass_time: PassTime,
) -> None:
    """It was followed all along."""
    _, entry, found = reported
    await act(hass, entry, power=15, follow=True)
    await pass_time(MINUTE)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    again: list[dict[str, object]] = []
    entry.runtime_data.async_add_occurrence_listener(
        lambda item: again.append(dict(item.data))
    )
    await pass_time(2 * MINUTE)
    assert not [item for item in again if item.get("action") == "began"]
    assert len(found) == 1


async def test_cards_see_target_and_outcome(
    hass: HomeAssistant,
    house: Any,
    swarm: MockConfigEntry,
    pass_time: PassTime,
    hass_ws_client: Any,
) -> None:
    """Of the swarm, and of a miner that follows it."""
    await act(hass, swarm, power=50, follow=True)
    await pass_time(2 * MINUTE)
    found = swarm_power_target_as_json(hass)
    assert found is not None
    assert found["chosen_w"] == found["target_w"] == 50
    assert found["set_by"] == "chosen"
    assert 45 < float(str(found["reached_w"])) <= 50
    client = await hass_ws_client(hass)
    await client.send_json_auto_id({"type": "bitaxe/subscribe", "interval": 1})
    assert (await client.receive_json())["success"]
    event = (await client.receive_json())["event"]
    assert event["swarm"]["power_target"] == found
    assert {"power_target", "follow_power_target"} <= event["swarm"]["entities"].keys()
    _, entry = house[0]
    miner = event["miners"][device_of(hass, entry)]["power_target"]
    assert miner["with_swarm"]
    assert miner["reason"] == "with_swarm"
    assert miner["set_by"] is None
    assert not miner["following"]
