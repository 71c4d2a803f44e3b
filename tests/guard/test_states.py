"""The guard in whatever state it meets a miner, in Home Assistant."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.miner.claims import Claimant
from scripts.simulator import PRESETS, MinerServer

from ..conftest import AddMiner, PassTime, Settle, Simulate
from ..discord.asking import Talk
from .test_guard import (
    HOUR,
    frequency,
    guard_events,
    guarded,
    heat_up,
    switch,
    the_guard,
)

MINUTE = 60


pytestmark = pytest.mark.usefixtures("swarm")


def intended(entry: MockConfigEntry) -> OperatingPoint:
    """Return what counts as chosen by somebody."""
    point: OperatingPoint = entry.runtime_data.intended.operating_point
    return point


async def reload(hass: HomeAssistant, entry: MockConfigEntry, settle: Settle) -> None:
    """Stop Home Assistant, as far as the miner is concerned, and start it again."""
    await hass.config_entries.async_unload(entry.entry_id)
    await hass.config_entries.async_setup(entry.entry_id)
    await settle()


async def hold(
    server: MinerServer, entry: MockConfigEntry, pass_time: PassTime
) -> None:
    """Let the room become hot until the guard acts, and not for longer."""
    server.miner.faults.set(ambient_offset=22)
    for _ in range(120):
        await pass_time(10)
        if the_guard(entry.runtime_data.hass, entry).holds:
            return
    raise AssertionError("The guard did not act")


@pytest.mark.parametrize("restarted", [False, True])
async def test_a_miner_that_lowers_what_the_guard_had_lowered(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    restarted: bool,
) -> None:
    """Too fast for the guard: what somebody chose is known all the same."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(
        server, guarded(heat_action="step_down", restore_detuned=True)
    )
    await pass_time(5 * MINUTE)
    chosen = intended(entry)
    await hold(server, entry, pass_time)
    held = frequency(server)
    assert held < chosen.frequency
    server.miner.faults.set(ambient_offset=80)
    for _ in range(60):
        await pass_time(10)
        if server.miner.overheated or server.miner.cooling:
            break
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(5 * MINUTE)
    assert frequency(server) < held
    if restarted:
        await reload(hass, entry, settle)
    await pass_time(5 * MINUTE)
    assert intended(entry) == chosen
    await pass_time(HOUR, 30)
    assert frequency(server) == chosen.frequency
    assert intended(entry) == chosen


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("how", ["switch", "discord"])
async def test_a_person_may_want_the_pause_of_the_guard(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    how: str,
    restarted: bool,
) -> None:
    """Who pauses a paused miner does not want it resumed."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server, guarded(heat_action="pause"))
    await pass_time(5 * MINUTE)
    await hold(server, entry, pass_time)
    if restarted:
        await reload(hass, entry, settle)
    events = guard_events(entry.runtime_data)
    if how == "switch":
        await switch(hass, entry, "mining", on=False)
    else:
        await Talk(hass).ask("pause", miner=entry.title)
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(HOUR, 30)
    assert not events
    assert not the_guard(hass, entry).holds
    assert server.miner.paused


async def test_a_choice_between_a_reading_and_the_step_down(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """What is lower already is not raised, and is what the guard goes back to."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(5 * MINUTE)
    guard = the_guard(hass, entry)

    def choose() -> None:
        # The guard has decided by this reading, and sent nothing yet.
        if guard.holds and frequency(server) > 425:
            server.miner.write({"frequency": 425})

    entry.runtime_data.async_add_listener(choose)
    server.miner.faults.set(ambient_offset=22)
    for _ in range(120):
        await pass_time(10)
        if frequency(server) == 425:
            break
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(HOUR, 30)
    assert frequency(server) == 425
    sent = [
        item.json["frequency"]
        for item in server.miner.requests
        if item.method == "PATCH" and b"frequency" in item.body
    ]
    assert all(each <= 425 for each in sent)


async def test_a_frequency_beyond_the_limits(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Set in the web interface, which takes everything; the guard gets it down."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    server.miner.write({"frequency": 900})
    server.miner.faults.set(ambient_offset=22)
    for _ in range(60):
        await pass_time(10)
        if frequency(server) < 900:
            break
    assert frequency(server) <= entry.runtime_data.limits.frequency[1]


async def test_a_miner_that_is_being_flashed_is_left_alone(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Nothing is tried, and nothing spent of the budget."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(watchdog=True, heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    claims = entry.runtime_data.claims
    claims.claim(Claimant.FIRMWARE)
    server.miner.faults.set(frozen=True, ambient_offset=22)
    await pass_time(10 * MINUTE)
    assert the_guard(hass, entry).restarts_left == 3
    assert not events
    claims.release(Claimant.FIRMWARE)
    await pass_time(5 * MINUTE)
    assert events


async def test_a_lowered_miner_that_stands_still_is_restarted(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """It does not stand until it would go back, and comes back as it was left."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(
        server,
        guarded(watchdog=True, heat_action="step_down", return_when_cool=False),
    )
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    await hold(server, entry, pass_time)
    server.miner.faults.set(ambient_offset=0)
    await pass_time(5 * MINUTE)
    held = frequency(server)
    server.miner.faults.set(regulator_off=True)
    await pass_time(5 * MINUTE)
    assert events[-1]["cause"] == "regulator_off"
    assert frequency(server) == held
    assert the_guard(hass, entry).holds


@pytest.mark.parametrize("preset", ["gamma-2.12", "gamma-2.15", "nerdqaxepp-1.1.0"])
async def test_a_dead_pool_restarts_no_miner(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
) -> None:
    """All of them miss it; one that misses it alone is restarted."""
    servers, events = [], []
    for number in range(3):
        spec = replace(PRESETS[preset], seed=100 + number, name=f"M {number}")
        servers.append(await simulate(spec))
        entry = await add_miner(servers[-1], guarded(watchdog=True))
        events.append(guard_events(entry.runtime_data))
    await pass_time(5 * MINUTE, 30)
    for server in servers:
        server.miner.faults.set(pool_down=True, fallback_down=True)
    await pass_time(2 * HOUR, 30)
    assert events == [[], [], []]
    for server in servers[1:]:
        server.miner.faults.set(pool_down=False, fallback_down=False)
    await pass_time(30 * MINUTE, 30)
    assert [[event["action"] for event in items] for items in events] == [
        ["restart"],
        [],
        [],
    ]


@pytest.mark.parametrize("ends", ["by_itself", "by_switch", "over_a_restart"])
async def test_what_is_held_outlives_maintenance(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    ends: str,
) -> None:
    """Afterwards it has to be cool as long as always, and what was chosen is back."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    chosen = intended(entry)
    await hold(server, entry, pass_time)
    await switch(hass, entry, "maintenance", on=True)
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(HOUR, 30)
    if ends == "by_switch":
        await switch(hass, entry, "maintenance", on=False)
    elif ends == "over_a_restart":
        await hass.config_entries.async_unload(entry.entry_id)
        await pass_time(2 * HOUR, 600)
        await hass.config_entries.async_setup(entry.entry_id)
        await settle()
        events = guard_events(entry.runtime_data)
    else:
        await pass_time(HOUR - 20, 30)
        assert the_guard(hass, entry).in_maintenance
        await pass_time(40)
    guard = the_guard(hass, entry)
    assert not guard.in_maintenance
    assert guard.holds
    assert frequency(server) < chosen.frequency
    await pass_time(8 * MINUTE)
    assert frequency(server) < chosen.frequency
    await pass_time(4 * MINUTE)
    assert frequency(server) == chosen.frequency
    assert events[-1]["action"] == "return"
    assert not guard.holds
    assert intended(entry) == chosen


async def test_heat_at_the_end_of_maintenance(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Is acted on by the second reading."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    await switch(hass, entry, "maintenance", on=True)
    await heat_up(server, pass_time)
    assert frequency(server) == chosen
    assert entry.runtime_data.snapshot.cooling.hottest_asic_temperature > 70
    await switch(hass, entry, "maintenance", on=False)
    await pass_time(20)
    assert frequency(server) < chosen


async def test_the_second_sensor_counts(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The hottest of the ASICs decides."""
    preset = next(name for name in PRESETS if name.startswith("gt"))
    server = await simulate(preset)
    entry = await add_miner(server, guarded(heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    server.miner.faults.set(uneven_cooling=25)
    hot = 0
    for _ in range(60):
        await pass_time(10)
        if events:
            break
        hottest = entry.runtime_data.snapshot.cooling.hottest_asic_temperature
        hot += hottest is not None and hottest >= 70
    assert events[0]["cause"] == "asic_heat"
    assert hot <= 2
