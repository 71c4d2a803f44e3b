"""The guard in Home Assistant, on simulated miners."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.const import CONF_GUARD, DOMAIN, EVENT_ALERT
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.guard.guard import MinerGuard, guard_of
from custom_components.bitaxe.guard.model import Cause
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType
from custom_components.bitaxe.miner.write_log import Origin, OriginKind, person
from custom_components.bitaxe.results.timeline import async_answer_timeline
from scripts.simulator import PRESETS, MinerServer

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import entity_id, state_of

HOUR = 3600


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def guarded(**options: Any) -> dict[str, object]:
    """Return the options of a miner whose guard may do this."""
    return {CONF_SCAN_INTERVAL: 10, CONF_GUARD: options}


def fallback_between(begin: int, end: int) -> dict[str, object]:
    """Return options to use the fallback pool, in minutes from now."""
    now = dt_util.now()
    return {
        "fallback_from": f"{now + timedelta(minutes=begin):%H:%M}:00",
        "fallback_until": f"{now + timedelta(minutes=end):%H:%M}:00",
    }


def the_guard(hass: HomeAssistant, entry: MockConfigEntry) -> MinerGuard:
    """Return the guard of a miner."""
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    return guard


def guard_events(miner: MinerCoordinator) -> list[dict[str, Any]]:
    """Return what the guard reports from now on."""
    found: list[dict[str, Any]] = []

    def listen(occurrence: Occurrence) -> None:
        if occurrence.type is OccurrenceType.GUARD:
            found.append(dict(occurrence.data))

    miner.async_add_occurrence_listener(listen)
    return found


async def switch(
    hass: HomeAssistant, entry: MockConfigEntry, key: str, *, on: bool
) -> None:
    """Turn a switch of a miner on or off."""
    await hass.services.async_call(
        "switch",
        "turn_on" if on else "turn_off",
        {"entity_id": entity_id(hass, entry, "switch", key)},
        blocking=True,
    )


def frequency(server: MinerServer) -> float:
    """Return the clock that a simulated miner is set to, in MHz."""
    return float(server.miner.stored["frequency"])


async def heat_up(
    server: MinerServer, pass_time: PassTime, seconds: float = 600
) -> None:
    """Let the room become hot."""
    server.miner.faults.set(ambient_offset=22)
    await pass_time(seconds)


@pytest.mark.parametrize("steps", [None, (6.25, 1.0)])
async def test_steps_down_before_the_firmware_stops_and_goes_back(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    steps: tuple[float, float] | None,
) -> None:
    """By itself, with a reason, and to the setting that somebody chose.

    Also where the firmware stores only multiples of its own steps.
    """
    server = await simulate(replace(PRESETS["gamma-2.12"], steps=steps))
    entry = await add_miner(server, guarded(heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(300)
    chosen = frequency(server)
    await heat_up(server, pass_time)
    assert frequency(server) < chosen
    assert not server.miner.overheated
    assert events[0]["action"] == "lower"
    assert events[0]["cause"] in ("asic_heat", "vr_heat")
    assert events[0]["from"]["frequency"] == chosen
    state = state_of(hass, entry, "switch", "guard")
    assert state.attributes["holds"] is True
    # The clock that the guard set is not what somebody chose.
    assert entry.runtime_data.intended.frequency == chosen
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(1200)
    assert frequency(server) == chosen
    assert events[-1]["action"] == "return"
    assert state_of(hass, entry, "switch", "guard").attributes["holds"] is False


@pytest.mark.usefixtures("event_entities")
async def test_what_it_does_reaches_everybody(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The bus, the event entities and the timeline, once, with cause, from and to."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(300)
    chosen = frequency(server)
    await heat_up(server, pass_time)
    acted = [event.data for event in alerts if event.data["kind"] == "guard"]
    assert acted
    assert acted[0]["phase"] == "happened"
    assert acted[0]["action"] == "lower"
    assert acted[0]["reason"] in ("asic_heat", "vr_heat")
    assert acted[0]["unit"] == "°C"
    assert acted[0]["from"]["frequency"] == chosen
    assert acted[0]["to"]["frequency"] < chosen
    assert acted[0]["message"].startswith("runs on lower settings of the guard (")
    assert len(acted) == state_changes(hass, entry, acted)
    now = dt_util.utcnow()
    span = Span(name="24h", start=now - timedelta(days=1), end=now)
    timeline: Any = await async_answer_timeline(hass, [entry], span)
    listed = [item for item in timeline["items"] if item["kind"] == "guard"]
    # The latest first.
    assert [item["action"] for item in listed] == [
        item["action"] for item in reversed(acted)
    ]
    assert listed[0]["changes"]["frequency"][0] == acted[-1]["from"]["frequency"]


def state_changes(
    hass: HomeAssistant, entry: MockConfigEntry, acted: list[dict[str, Any]]
) -> int:
    """Return how many alerts there were, if the alert entity shows the last of them."""
    state = state_of(hass, entry, "event", "alert")
    last = acted[-1]
    shown = (state.attributes["event_type"], state.attributes["action"])
    return len(acted) if shown == (last["kind"], last["action"]) else 0


async def test_only_reports_by_default(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Nothing is written that nobody asked for."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    events = guard_events(entry.runtime_data)
    chosen = frequency(server)
    server.miner.faults.set(ambient_offset=20)
    await pass_time(900)
    assert frequency(server) == chosen
    assert not events


async def test_a_person_goes_first(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """What is chosen by hand meanwhile stays."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(300)
    await heat_up(server, pass_time)
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(60)
    await entry.runtime_data.async_apply(Settings(frequency=490), origin=person(None))
    await pass_time(2 * HOUR, 60)
    assert frequency(server) == 490
    assert not the_guard(hass, entry).holds


async def test_holds_over_a_restart_of_home_assistant(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The setting somebody chose comes back afterwards."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(300)
    chosen = frequency(server)
    await heat_up(server, pass_time)
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert the_guard(hass, entry).holds
    await pass_time(300)
    assert entry.runtime_data.intended.frequency == chosen
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(1500)
    assert frequency(server) == chosen


async def test_pauses_and_resumes(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Where that was chosen, and the firmware can."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(heat_action="pause"))
    events = guard_events(entry.runtime_data)
    await pass_time(300)
    await heat_up(server, pass_time)
    assert [event["action"] for event in events] == ["pause"]
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(1800, 30)
    assert [event["action"] for event in events] == ["pause", "return"]
    assert entry.runtime_data.snapshot.hashing.hashrate > 0


async def test_switched_off_it_does_nothing(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The switch stops it, also over a restart of Home Assistant."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(300)
    await switch(hass, entry, "guard", on=False)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, entry, "switch", "guard").state == "off"
    chosen = frequency(server)
    server.miner.faults.set(ambient_offset=20)
    await pass_time(900)
    assert frequency(server) == chosen


async def test_maintenance_keeps_the_guard_away_and_ends_by_itself(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Somebody works on the miner, and forgets the switch."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(300)
    chosen = frequency(server)
    await switch(hass, entry, "maintenance", on=True)
    state = state_of(hass, entry, "switch", "maintenance")
    assert state.state == "on"
    assert state.attributes["until"] is not None
    server.miner.faults.set(ambient_offset=20)
    await pass_time(900)
    assert frequency(server) == chosen
    with pytest.raises(HomeAssistantError) as refused:
        await entry.runtime_data.async_apply(
            Settings(frequency=490), origin=Origin(kind=OriginKind.TUNER)
        )
    assert refused.value.translation_key == "held_by_maintenance"
    await entry.runtime_data.async_apply(Settings(frequency=500), origin=person(None))
    await pass_time(2 * HOUR, 60)
    assert state_of(hass, entry, "switch", "maintenance").state == "off"


async def test_the_watchdog_restarts_within_its_budget(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Then a person is asked, until the miner works again."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(watchdog=True, restarts_per_day=2))
    events = guard_events(entry.runtime_data)
    await pass_time(600, 30)
    server.miner.faults.set(frozen=True)
    for _ in range(8):
        await pass_time(900, 30)
        server.miner.faults.set(frozen=True)
    assert [event["action"] for event in events] == ["restart", "restart"]
    issues = ir.async_get(hass)
    issue = (DOMAIN, f"watchdog_gave_up_{entry.entry_id}")
    assert issues.async_get_issue(*issue) is not None
    assert state_of(hass, entry, "switch", "guard").attributes["restarts_left"] == 0
    server.miner.faults.set(frozen=False)
    server.miner.power_cycle()
    await pass_time(900, 30)
    assert issues.async_get_issue(*issue) is None


@pytest.mark.parametrize("by", ["maintenance", "guard"])
async def test_who_works_on_a_miner_is_not_asked_about_it(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    by: str,
) -> None:
    """The repair is gone meanwhile, and the miner has time to boot afterwards."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(watchdog=True, restarts_per_day=0))
    await pass_time(300, 30)
    server.miner.faults.set(frozen=True)
    await pass_time(300, 30)
    issues = ir.async_get(hass)
    issue = (DOMAIN, f"watchdog_gave_up_{entry.entry_id}")
    assert issues.async_get_issue(*issue) is not None
    await switch(hass, entry, by, on=by == "maintenance")
    assert issues.async_get_issue(*issue) is None
    await pass_time(300, 30)
    assert issues.async_get_issue(*issue) is None
    await switch(hass, entry, by, on=by != "maintenance")
    await pass_time(60, 30)
    assert issues.async_get_issue(*issue) is None
    await pass_time(240, 30)
    assert issues.async_get_issue(*issue) is not None


async def test_a_miner_that_is_disabled_is_not_asked_about(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Enabled again, it is, once its guard has seen for long enough what is wrong."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(watchdog=True, restarts_per_day=0))
    await pass_time(300, 30)
    server.miner.faults.set(frozen=True)
    await pass_time(300, 30)
    issues = ir.async_get(hass)
    issue = (DOMAIN, f"watchdog_gave_up_{entry.entry_id}")
    assert issues.async_get_issue(*issue) is not None
    for disabled in (ConfigEntryDisabler.USER, None):
        await hass.config_entries.async_set_disabled_by(entry.entry_id, disabled)
        await hass.async_block_till_done()
        assert issues.async_get_issue(*issue) is None
    await pass_time(600, 30)
    assert issues.async_get_issue(*issue) is not None


async def test_maintenance_that_ends_while_home_assistant_is_off(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It is over at once, and the guard acts again."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(300)
    chosen = frequency(server)
    await switch(hass, entry, "maintenance", on=True)
    await hass.config_entries.async_unload(entry.entry_id)
    await pass_time(3 * HOUR, 600)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert not the_guard(hass, entry).in_maintenance
    assert state_of(hass, entry, "switch", "maintenance").state == "off"
    await heat_up(server, pass_time)
    assert frequency(server) < chosen


async def test_a_miner_that_is_paused_as_it_is_to_be_restarted(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Between the decision and the command; a restart would end the pause."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(watchdog=True))
    guard = the_guard(hass, entry)
    left = guard.restarts_left

    def pause() -> None:
        if guard.restarts_left < left:
            server.miner.pause()

    await pass_time(600, 30)
    entry.runtime_data.async_add_listener(pause)
    server.miner.faults.set(frozen=True)
    await pass_time(1200, 10)
    assert server.miner.paused
    assert "/api/system/restart" not in [item.path for item in server.miner.requests]


async def test_a_paused_miner_is_not_restarted(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It is meant to stand still."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(watchdog=True))
    events = guard_events(entry.runtime_data)
    await pass_time(300, 30)
    await switch(hass, entry, "mining", on=False)
    await pass_time(2 * HOUR, 60)
    assert not events


async def test_settings_lowered_by_the_firmware_are_restored(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Where it was seen to overheat, and once it is cool."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(restore_detuned=True))
    events = guard_events(entry.runtime_data)
    await pass_time(600, 30)
    chosen = frequency(server)
    server.miner.faults.set(ambient_offset=26)
    await pass_time(300)
    server.miner.faults.set(ambient_offset=0)
    await pass_time(300)
    assert frequency(server) < chosen
    await pass_time(1800, 30)
    assert frequency(server) == chosen
    assert [event["cause"] for event in events] == [Cause.DETUNED.value]


async def test_restarts_a_regulator_that_is_off(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The most certain cause is named, long before the missing hashrate is."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(watchdog=True))
    events = guard_events(entry.runtime_data)
    await pass_time(300)
    server.miner.faults.set(regulator_off=True)
    await pass_time(120)
    assert [(event["action"], event["cause"]) for event in events] == [
        ("restart", "regulator_off")
    ]
