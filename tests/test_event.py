"""The event entity: what happens to a miner."""

from dataclasses import replace
from typing import Any

from homeassistant.components.event import ATTR_EVENT_TYPE
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, EventStateChangedData, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from scripts.simulator import PRESETS

from .conftest import AddMiner, PassTime, Simulate
from .entities import entity_id, state_of

pytestmark = pytest.mark.usefixtures("swarm_entry", "event_entities")


def listen(hass: HomeAssistant, entry: MockConfigEntry) -> list[dict[str, Any]]:
    """Collect the events as an automation would hear them."""
    heard: list[dict[str, Any]] = []
    watched = entity_id(hass, entry, "event", "activity")

    def hear(event: Event[EventStateChangedData]) -> None:
        state = event.data["new_state"]
        if event.data["entity_id"] == watched and state is not None:
            heard.append(dict(state.attributes))

    hass.bus.async_listen("state_changed", hear)
    return heard


def types(heard: list[dict[str, Any]]) -> list[str]:
    """Return the types of events."""
    return [attributes[ATTR_EVENT_TYPE] for attributes in heard]


async def test_a_quiet_miner_has_no_events(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Also not when it is set up."""
    entry = await add_miner(await simulate("gamma-2.12"))
    heard = listen(hass, entry)
    await pass_time(120)
    assert not heard
    assert state_of(hass, entry, "event", "activity").state == STATE_UNKNOWN


async def test_going_and_coming_back(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The event of a miner that is gone can be seen while it is."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    heard = listen(hass, entry)
    server.miner.faults.offline = True
    await pass_time(40)
    assert types(heard) == ["offline"]
    state = state_of(hass, entry, "event", "activity")
    assert state.state not in (STATE_UNAVAILABLE, STATE_UNKNOWN)
    server.miner.faults.offline = False
    await pass_time(120)
    assert types(heard) == ["offline", "online"]


async def test_the_reason_of_silence_is_translated(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It is recorded in Home Assistant's language, as the entry's page shows it."""
    hass.config.language = "de"
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    heard = listen(hass, entry)
    server.miner.faults.offline = True
    await pass_time(40)
    assert types(heard) == ["offline"]
    assert "nicht" in heard[0]["reason"]


async def test_restarts_have_a_reason(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """That of the firmware, and whether somebody asked for it."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    heard = listen(hass, entry)
    server.miner.brownout()
    await pass_time(180)
    restarted = [item for item in heard if item[ATTR_EVENT_TYPE] == "restarted"]
    assert len(restarted) == 1
    assert restarted[0]["reason"] == server.miner.info()["resetReason"]
    assert restarted[0]["asked_for"] is False


async def test_records_and_blocks(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A block is one only if the firmware counts it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    heard = listen(hass, entry)
    server.miner.new_best(1e15)
    # Beyond all likelihood, so a second reading has to show it.
    await pass_time(20)
    assert types(heard) == ["new_best_difficulty"]
    assert heard[0]["difficulty"] == pytest.approx(1e15, rel=0.01)
    server.miner.find_block()
    await pass_time(10)
    assert types(heard) == ["new_best_difficulty", "block_found"]
    assert heard[1]["blocks_found"] == 1


async def test_a_block_found_while_home_assistant_was_down_is_reported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """By the first reading, before which nothing could listen."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    await hass.config_entries.async_unload(entry.entry_id)
    server.miner.find_block()
    heard = listen(hass, entry)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert "block_found" in types(heard)


async def test_settings_changed_at_the_miner(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The event says what from, what to, and that it was not us."""
    server = await simulate(replace(PRESETS["gamma-2.12"], write_delay=0.0))
    entry = await add_miner(server)
    heard = listen(hass, entry)
    server.miner.write({"frequency": 600.0})
    await pass_time(10)
    assert types(heard) == ["settings_changed"]
    assert heard[0]["from"] == {"frequency": 525}
    assert heard[0]["to"] == {"frequency": 600}
    assert heard[0]["by"] == "other"


async def test_overheating_faults_and_pools(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Each is reported once."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    heard = listen(hass, entry)
    server.miner.faults.pool_down = True
    await pass_time(180)
    assert types(heard).count("pool_fallback_on") == 1
    server.miner.faults.pool_down = False
    await pass_time(600)
    assert types(heard).count("pool_fallback_off") == 1

    heard.clear()
    server.miner.faults.power_fault = True
    await pass_time(60)
    assert types(heard).count("fault") == 1
    fault = next(item for item in heard if item[ATTR_EVENT_TYPE] == "fault")
    assert fault["kind"] == "power"
    assert fault["description"]
