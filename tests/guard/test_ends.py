"""What ends a lower setting of the guard, as docs/guard.md says."""

from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.miner.write_log import person
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Settle, Simulate
from .test_guard import HOUR, frequency, guard_events, guarded, switch, the_guard
from .test_states import MINUTE, hold, intended

pytestmark = pytest.mark.usefixtures("swarm")


async def lowered(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, **options: Any
) -> tuple[MinerServer, MockConfigEntry, float]:
    """Return a miner that the guard has slowed down, and what it was set to before."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down", **options))
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    await hold(server, entry, pass_time)
    assert frequency(server) < chosen
    return server, entry, chosen


async def test_switched_off(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The miner stays as it is, in heat and cold, and that counts as chosen."""
    server, entry, _ = await lowered(simulate, add_miner, pass_time)
    held = frequency(server)
    events = guard_events(entry.runtime_data)
    await switch(hass, entry, "guard", on=False)
    assert not the_guard(hass, entry).holds
    await pass_time(5 * MINUTE)
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(30 * MINUTE, 30)
    await switch(hass, entry, "guard", on=True)
    await pass_time(30 * MINUTE, 30)
    assert frequency(server) == held
    assert intended(entry).frequency == held
    assert not events


async def test_a_removed_miner_stays_lower_and_leaves_nothing(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """It is too hot for what was chosen: it stays lower, and nothing is left."""
    server, entry, _ = await lowered(simulate, add_miner, pass_time)
    held = frequency(server)
    await hass.config_entries.async_remove(entry.entry_id)
    await settle()
    server.miner.faults.set(ambient_offset=-5)
    again = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(HOUR, 60)
    assert frequency(server) == held
    assert not the_guard(hass, again).holds
    assert intended(again).frequency == held


async def test_only_alerts_from_now_on(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """It goes back once it is cool, with an event."""
    server, entry, chosen = await lowered(simulate, add_miner, pass_time)
    options = {**entry.options, **guarded(heat_action="tell")}
    hass.config_entries.async_update_entry(entry, options=options)
    await hass.config_entries.async_reload(entry.entry_id)
    await settle()
    held = frequency(server)
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    assert frequency(server) == held
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(30 * MINUTE, 30)
    assert frequency(server) == chosen
    assert [(item["action"], item["cause"]) for item in events] == [
        ("return", "cool_again")
    ]
    assert events[0]["from"]["frequency"] == held
    assert events[0]["to"]["frequency"] == chosen


async def test_a_level_below_what_the_miner_always_has(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Down to the least that may be set, step by step, and no further."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(
        server, guarded(heat_action="step_down", asic_critical=50, asic_warning=45)
    )
    events = guard_events(entry.runtime_data)
    await pass_time(HOUR, 20)
    assert frequency(server) == entry.runtime_data.limits.frequency[0]
    steps = [item["to"]["frequency"] for item in events]
    assert steps == sorted(steps, reverse=True)
    assert len(steps) == len(set(steps)) <= 4
    assert {item["action"] for item in events} == {"lower"}


async def test_a_fan_that_somebody_set_too_slow(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The clock is lowered, and the fan is theirs."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    await entry.runtime_data.async_apply(
        Settings(auto_fan=False, fan_speed=20), origin=person(None)
    )
    await pass_time(20 * MINUTE)
    assert events
    assert events[0]["cause"] in ("asic_heat", "vr_heat")
    assert server.miner.stored["manualFanSpeed"] == 20
    assert not server.miner.stored["autofanspeed"]
    assert server.miner.truth.overheats == 0
