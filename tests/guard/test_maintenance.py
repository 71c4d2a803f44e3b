"""Maintenance: nobody is notified of what happens while somebody works on a miner."""

from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)
import voluptuous as vol

from custom_components.bitaxe.const import DOMAIN, EVENT_ALERT

from ..conftest import AddMiner, PassTime, SetWallClock, Simulate
from ..entities import entity_id, state_of

MINUTE = 60
POLL: dict[str, object] = {CONF_SCAN_INTERVAL: 10}


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


async def maintain(hass: HomeAssistant, entry: MockConfigEntry, **data: Any) -> None:
    """Begin maintenance by the action."""
    (device,) = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    await hass.services.async_call(
        DOMAIN, "start_maintenance", {"device_id": device.id, **data}, blocking=True
    )


async def end(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """End it by the switch."""
    await hass.services.async_call(
        "switch",
        "turn_off",
        {"entity_id": entity_id(hass, entry, "switch", "maintenance")},
        blocking=True,
    )


async def test_nothing_is_reported_meanwhile_nor_afterwards(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Neither silence, nor a restart, nor a block; what lasts is reported then."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, POLL)
    await pass_time(2 * MINUTE)
    await maintain(hass, entry)
    server.miner.faults.offline = True
    await pass_time(10 * MINUTE)
    server.miner.faults.offline = False
    server.miner.brownout()
    await pass_time(10 * MINUTE)
    server.miner.find_block()
    await pass_time(2 * MINUTE)
    await end(hass, entry)
    await pass_time(10 * MINUTE)
    assert not alerts
    server.miner.faults.offline = True
    await pass_time(5 * MINUTE)
    assert [event.data["kind"] for event in alerts] == ["offline"]


async def test_what_began_meanwhile_must_last_anew(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A miner that still boots when the work is done is not offline."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, POLL)
    await maintain(hass, entry)
    server.miner.faults.offline = True
    await pass_time(30 * MINUTE)
    await end(hass, entry)
    await pass_time(MINUTE)
    assert not alerts
    await pass_time(3 * MINUTE)
    assert [event.data["kind"] for event in alerts] == ["offline"]


async def test_a_miner_that_is_off_when_it_is_set_up_again(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm: MockConfigEntry,
) -> None:
    """Is left in peace all the same, until the time that was given is over."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, POLL)
    await maintain(hass, entry, duration={"minutes": 30})
    await pass_time(20)
    server.miner.faults.offline = True
    for item in (entry, swarm):
        await hass.config_entries.async_unload(item.entry_id)
    for item in (swarm, entry):
        await hass.config_entries.async_setup(item.entry_id)
    await hass.async_block_till_done()
    await pass_time(20 * MINUTE)
    assert not alerts
    await pass_time(20 * MINUTE)
    assert [event.data["kind"] for event in alerts] == ["offline"]


@pytest.mark.parametrize("leap", [-3 * 3600, 3 * 3600])
async def test_a_clock_that_is_set_neither_ends_nor_prolongs_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    leap: float,
) -> None:
    """Half an hour is half an hour, for alerts, the switch and everybody else."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, POLL)
    await maintain(hass, entry, duration={"minutes": 30})
    server.miner.faults.offline = True
    await pass_time(MINUTE)
    set_wall_clock(leap)
    await pass_time(25 * MINUTE)
    assert not alerts
    assert state_of(hass, entry, "switch", "maintenance").state == "on"
    await pass_time(10 * MINUTE)
    assert state_of(hass, entry, "switch", "maintenance").state == "off"
    assert [event.data["kind"] for event in alerts] == ["offline"]


async def test_a_clock_that_is_set_back_before_a_restart(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    swarm: MockConfigEntry,
) -> None:
    """By a month: then it lasts as long as was asked for, not for a month or a week."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, POLL)
    await maintain(hass, entry, duration={"minutes": 30})
    await pass_time(5 * MINUTE)
    for item in (entry, swarm):
        await hass.config_entries.async_unload(item.entry_id)
    set_wall_clock(-30 * 24 * 60 * MINUTE)
    await hass.config_entries.async_setup(swarm.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    state = state_of(hass, entry, "switch", "maintenance")
    assert state.state == "on"
    left = state.attributes["until"] - dt_util.utcnow()
    assert timedelta() < left <= timedelta(minutes=30)
    server.miner.faults.offline = True
    await pass_time(25 * MINUTE)
    assert not alerts
    await pass_time(10 * MINUTE)
    assert state_of(hass, entry, "switch", "maintenance").state == "off"
    assert [event.data["kind"] for event in alerts] == ["offline"]


async def test_a_miner_that_is_off_when_the_clock_was_set_back(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    swarm: MockConfigEntry,
) -> None:
    """Is not kept silent about for a month."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, POLL)
    await maintain(hass, entry, duration={"minutes": 30})
    await pass_time(5 * MINUTE)
    server.miner.faults.offline = True
    for item in (entry, swarm):
        await hass.config_entries.async_unload(item.entry_id)
    set_wall_clock(-30 * 24 * 60 * MINUTE)
    for item in (swarm, entry):
        await hass.config_entries.async_setup(item.entry_id)
    await hass.async_block_till_done()
    await pass_time(60 * MINUTE, MINUTE)
    assert [event.data["kind"] for event in alerts] == ["offline"]


@pytest.mark.parametrize("night", ["2026-03-29", "2026-10-25"])
async def test_the_night_of_summer_time(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    freezer: FrozenDateTimeFactory,
    night: str,
) -> None:
    """Two hours are two hours, whatever the clock on the wall says."""
    await hass.config.async_set_time_zone("Europe/Berlin")
    freezer.move_to(f"{night} 00:10:00+00:00")
    entry = await add_miner(await simulate("gamma-2.12"))
    await maintain(hass, entry)
    await pass_time(115 * MINUTE, MINUTE)
    assert state_of(hass, entry, "switch", "maintenance").state == "on"
    await pass_time(6 * MINUTE, MINUTE)
    assert state_of(hass, entry, "switch", "maintenance").state == "off"


async def test_duration_of_maintenance(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """As long as one says, two hours otherwise; a week at most."""
    entry = await add_miner(await simulate("gamma-2.12"))

    def left() -> timedelta:
        until = state_of(hass, entry, "switch", "maintenance").attributes["until"]
        found: timedelta = until - dt_util.utcnow()
        return found

    await maintain(hass, entry)
    assert timedelta(minutes=119) < left() <= timedelta(hours=2)
    await maintain(hass, entry, duration={"days": 1})
    assert timedelta(hours=23) < left() <= timedelta(days=1)
    for nonsense in ({"days": 8}, {"seconds": 0}, "for ever"):
        with pytest.raises(vol.Invalid):
            await maintain(hass, entry, duration=nonsense)
