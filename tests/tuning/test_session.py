"""Tuning in Home Assistant, on simulated miners."""

from typing import Any

from homeassistant.const import EVENT_HOMEASSISTANT_STOP
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import OperatingPoint, Settings
from custom_components.bitaxe.const import CONF_EXTENDED_RANGE, CONF_GUARD, DOMAIN
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.guard.heat import critical_asic_level, critical_vr_level
from custom_components.bitaxe.guard.model import GuardOptions
from custom_components.bitaxe.miner.claims import Claimant
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType
from custom_components.bitaxe.miner.write_log import person
from custom_components.bitaxe.targets import async_device_id
from custom_components.bitaxe.tuning.session import MinerTuner, tuner_of
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Settle, Simulate
from ..entities import entity_id, state_of

HOUR = 3600
MINUTE = 60
LONGEST = 5 * HOUR
OTHER = OperatingPoint(frequency=501.0, core_voltage=1155.0)
"""What no run tries."""


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def the_tuner(hass: HomeAssistant, entry: MockConfigEntry) -> MinerTuner:
    """Return the tuner of a miner."""
    tuner = tuner_of(hass, entry.entry_id)
    assert tuner is not None
    return tuner


def setting(server: MinerServer) -> OperatingPoint:
    """Return what a simulated miner is set to."""
    stored = server.miner.stored
    return OperatingPoint(
        frequency=float(stored["frequency"]), core_voltage=float(stored["coreVoltage"])
    )


def choose(server: MinerServer, point: OperatingPoint) -> None:
    """Set a miner on its own page."""
    server.miner.write(
        {"frequency": point.frequency, "coreVoltage": round(point.core_voltage)}
    )


async def act(
    hass: HomeAssistant, entry: MockConfigEntry, action: str, **data: Any
) -> None:
    """Call an action for a miner."""
    device_id = async_device_id(hass, entry.runtime_data)
    await hass.services.async_call(
        DOMAIN, action, {"device_id": [device_id], **data}, blocking=True
    )


def state(hass: HomeAssistant, entry: MockConfigEntry) -> str:
    """Return what the sensor of the tuner says."""
    return state_of(hass, entry, "sensor", "tuning").state


def reason(hass: HomeAssistant, entry: MockConfigEntry) -> str | None:
    """Return why the tuner waits, or ended."""
    found: str | None = state_of(hass, entry, "sensor", "tuning").attributes["reason"]
    return found


class Watch:
    """Looks at a miner again and again while time passes."""

    def __init__(self, server: MinerServer, pass_time: PassTime) -> None:
        """Begin with a miner."""
        self.server = server
        self.settings: list[OperatingPoint] = []
        self.hottest = 0.0
        self.power = 0.0
        self._pass_time = pass_time

    async def until_over(self, tuner: MinerTuner, longest: float = LONGEST) -> None:
        """Let time pass until the run is over and the miner at rest."""
        passed = 0.0
        while tuner.miner.claims.is_held_by(3) and passed < longest:  # type: ignore[arg-type]
            await self.look(30)
            passed += 30
        assert not tuner.is_running

    async def look(self, seconds: float) -> None:
        """Let time pass."""
        passed = 0.0
        while passed < seconds:
            await self._pass_time(10)
            passed += 10
            miner = self.server.miner
            if not self.settings or setting(self.server) != self.settings[-1]:
                self.settings.append(setting(self.server))
            self.hottest = max(self.hottest, miner.physics.chip)
            self.power = max(self.power, miner.electrics.power_w)


@pytest.mark.parametrize("goal", ["efficiency", "balanced", "hashrate"])
async def test_finds_a_better_setting_without_a_restart(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    goal: str,
) -> None:
    """And leaves the miner on it, as chosen."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    tuner, watch = the_tuner(hass, entry), Watch(server, pass_time)
    assert state(hass, entry) == "idle"
    await act(hass, entry, "start_tuning", goal=goal)
    assert state(hass, entry) == "settling"
    await watch.until_over(tuner)
    assert state(hass, entry) == "finished"
    found = state_of(hass, entry, "sensor", "tuning").attributes
    assert found["reason"] == "found"
    assert found["gain"] > 0
    best = found["best"]
    assert setting(server) == OperatingPoint(
        frequency=best["frequency"], core_voltage=best["core_voltage"]
    )
    assert server.miner.truth.restarts == 0
    assert len(watch.settings) > 1
    assert watch.hottest < 69
    limits = entry.runtime_data.limits
    for point in watch.settings:
        assert limits.frequency[0] <= point.frequency <= limits.frequency[1]
        assert limits.core_voltage[0] <= point.core_voltage <= limits.core_voltage[1]
    # It counts as chosen: nothing offers to restore what was before.
    assert entry.runtime_data.intended.operating_point == setting(server)
    assert entry.runtime_data.restore_offer is None


async def test_keeps_the_limits_it_is_given(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """No longer than the reading that finds out."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    tuner, watch = the_tuner(hass, entry), Watch(server, pass_time)
    await act(hass, entry, "start_tuning", goal="hashrate", maximum_power=19)
    await watch.until_over(tuner)
    assert state(hass, entry) == "finished"
    assert server.miner.electrics.power_w < 19.1
    trials = tuner.results[-1].trials
    assert all((trial.power or 0) < 20 for trial in trials)


@pytest.mark.parametrize(
    ("preset", "levels"),
    [
        ("gamma-2.12", {}),
        ("gamma-2.12", {"asic_critical": 65, "vr_critical": 75, "maximum_power": 22}),
        # NerdOS stops the chips at 70 °C, below which the guard keeps 2 °C.
        ("nerdqaxepp-1.1.0", {}),
        ("nerdqaxepp-1.1.0", {"asic_critical": 90, "vr_critical": 110}),
    ],
)
async def test_stays_below_where_guard_and_firmware_act(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
    levels: dict[str, float],
) -> None:
    """A run knows both, and the guard has nothing to do."""
    server = await simulate(preset)
    entry = await add_miner(
        server, {CONF_GUARD: {"heat_action": "step_down", **levels}}
    )
    await pass_time(5 * MINUTE)
    await act(hass, entry, "start_tuning", goal="hashrate")
    tuner = the_tuner(hass, entry)
    run = tuner.run
    assert run is not None
    snapshot, options = entry.runtime_data.snapshot, GuardOptions.from_dict(levels)
    machine = run.machine
    assert snapshot.asic_limit is not None
    assert snapshot.vr_limit is not None
    assert machine.maximum_temperature <= snapshot.asic_limit - 4
    assert machine.maximum_vr_temperature <= snapshot.vr_limit - 4
    assert machine.maximum_temperature < critical_asic_level(snapshot, options)
    assert machine.maximum_vr_temperature < critical_vr_level(snapshot, options)
    if options.maximum_power is not None:
        assert (machine.maximum_power or 0) < options.maximum_power
    await Watch(server, pass_time).until_over(tuner)
    assert state(hass, entry) == "finished"
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    assert guard.last is None


async def test_trial_settings_are_not_taken_for_chosen(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """However long a trial lasts."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    original = setting(server)
    await act(hass, entry, "start_tuning")
    changed = 0
    for _ in range(60):
        await pass_time(30)
        changed += setting(server) != original
        if not the_tuner(hass, entry).is_running:
            break
        assert entry.runtime_data.intended.operating_point == original
    assert changed


@pytest.mark.parametrize("keep", ["best", "original"])
async def test_stopped_by_a_person(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    keep: str,
) -> None:
    """The miner is at once on what was asked for."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    original = setting(server)
    await act(hass, entry, "start_tuning", goal="efficiency")
    await away_from(server, original, pass_time)
    await pass_time(5 * MINUTE)
    tuner = the_tuner(hass, entry)
    assert tuner.run is not None
    good = tuner.run.good
    await act(hass, entry, "stop_tuning", keep=keep)
    assert setting(server) == (good if keep == "best" else original)
    await pass_time(MINUTE)
    assert state(hass, entry) == "stopped"
    assert reason(hass, entry) == "stopped"
    await pass_time(10 * MINUTE)
    assert entry.runtime_data.intended.operating_point == setting(server)
    with pytest.raises(ServiceValidationError):
        await act(hass, entry, "stop_tuning", keep=keep)


async def away_from(
    server: MinerServer, original: OperatingPoint, pass_time: PassTime
) -> None:
    """Let time pass until the second trial has begun."""
    for _ in range(120):
        await pass_time(10)
        if setting(server) != original:
            return
    raise AssertionError("no trial began")


async def begin(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    options: dict[str, object] | None = None,
    **data: Any,
) -> tuple[MinerServer, MockConfigEntry, OperatingPoint]:
    """Begin a run, and let it come to its second trial."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, options)
    await pass_time(5 * MINUTE)
    original = setting(server)
    await act(hass, entry, "start_tuning", **data)
    await away_from(server, original, pass_time)
    return server, entry, original


@pytest.mark.parametrize("by", ["home_assistant", "web_interface"])
async def test_a_setting_changed_by_hand_ends_the_run(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    by: str,
) -> None:
    """And stays."""
    server, entry, _ = await begin(hass, simulate, add_miner, pass_time)
    await pass_time(MINUTE)
    if by == "home_assistant":
        await act(hass, entry, "apply_configuration", frequency=501, core_voltage=1155)
    else:
        server.miner.write({"frequency": 501, "coreVoltage": 1155})
    await pass_time(HOUR, 20)
    assert setting(server) == OperatingPoint(frequency=501, core_voltage=1155)
    assert state(hass, entry) == "stopped"
    assert reason(hass, entry) == "changed_by_hand"
    assert entry.runtime_data.intended.operating_point == setting(server)


@pytest.mark.parametrize("point", ["new", "before"])
async def test_a_setting_changed_right_after_a_write_stays(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    point: str,
) -> None:
    """Also before the trial has seen a reading, and back to what was before."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    chosen = original if point == "before" else OTHER
    choose(server, chosen)
    await pass_time(20 * MINUTE)
    assert setting(server) == chosen
    assert reason(hass, entry) == "changed_by_hand"


@pytest.mark.parametrize("point", ["new", "before"])
async def test_a_setting_changed_while_the_connection_was_lost_stays(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    point: str,
) -> None:
    """What was tried before is no setting of ours any more."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    await pass_time(MINUTE)
    server.miner.faults.set(offline=True)
    await pass_time(5 * MINUTE)
    chosen = original if point == "before" else OTHER
    choose(server, chosen)
    server.miner.faults.set(offline=False)
    await pass_time(20 * MINUTE)
    assert setting(server) == chosen
    assert reason(hass, entry) == "changed_by_hand"


async def test_to_stay_at_the_setting_of_a_trial_is_a_decision_too(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Somebody chooses in Home Assistant just what is being tried."""
    server, entry, _ = await begin(hass, simulate, add_miner, pass_time)
    tried = setting(server)
    await pass_time(MINUTE)
    await act(
        hass,
        entry,
        "apply_configuration",
        frequency=tried.frequency,
        core_voltage=tried.core_voltage,
    )
    await pass_time(HOUR, 20)
    assert setting(server) == tried
    assert reason(hass, entry) == "changed_by_hand"
    assert entry.runtime_data.intended.operating_point == tried


async def test_a_fan_set_by_hand_ends_the_run(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """What was measured does not hold any more; the setting before comes back."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    await act(hass, entry, "set_fan", mode="manual", speed=80)
    await pass_time(2 * MINUTE)
    assert setting(server) == original
    assert reason(hass, entry) == "fan_changed_by_hand"
    assert server.miner.stored["manualFanSpeed"] == 80


async def test_goes_on_after_a_connection_was_lost(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The silence itself says nothing about the setting."""
    server, entry, _ = await begin(hass, simulate, add_miner, pass_time)
    tried = setting(server)
    await pass_time(MINUTE)
    server.miner.faults.set(offline=True)
    await pass_time(10 * MINUTE)
    assert state(hass, entry) == "waiting"
    assert reason(hass, entry) == "offline"
    server.miner.faults.set(offline=False)
    tuner = the_tuner(hass, entry)
    await pass_time(6 * MINUTE)
    assert tuner.run is not None
    assert not [
        trial
        for trial in tuner.run.trials
        if trial.point == tried and trial.outcome in ("crashed", "refused", "latched")
    ]
    await Watch(server, pass_time).until_over(tuner)
    assert state(hass, entry) == "finished"


async def test_a_write_that_is_lost_is_made_later(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The connection breaks between two trials."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    await act(hass, entry, "start_tuning")
    server.miner.faults.set(reject_writes=True)
    await pass_time(12 * MINUTE)
    server.miner.faults.set(reject_writes=False)
    tuner = the_tuner(hass, entry)
    await Watch(server, pass_time).until_over(tuner)
    assert state(hass, entry) == "finished"


async def test_a_miner_that_takes_nothing_ends_the_run(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Refused writes are not repeated for ever, and the setting before stays."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    original = setting(server)
    await act(hass, entry, "start_tuning")
    server.miner.faults.set(reject_writes=True)
    await pass_time(2 * HOUR, 20)
    assert state(hass, entry) == "failed"
    assert reason(hass, entry) == "refused"
    assert setting(server) == original


async def test_a_miner_that_dies_in_a_trial_gets_a_good_setting(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """When it is back."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    tried = setting(server)
    await pass_time(MINUTE)
    server.miner.restart()
    await pass_time(3 * MINUTE)
    tuner = the_tuner(hass, entry)
    assert tuner.run is not None
    assert [t.outcome for t in tuner.run.trials if t.point == tried] == ["crashed"]
    await Watch(server, pass_time).until_over(tuner)
    assert state(hass, entry) == "finished"
    assert setting(server) != tried
    assert original


async def test_a_restart_by_a_person_is_not_the_settings_fault(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The trial begins anew."""
    server, entry, _ = await begin(hass, simulate, add_miner, pass_time)
    tried = setting(server)
    await pass_time(MINUTE)
    await hass.services.async_call(
        "button",
        "press",
        {"entity_id": entity_id(hass, entry, "button", "restart")},
        blocking=True,
    )
    await pass_time(3 * MINUTE)
    tuner = the_tuner(hass, entry)
    assert tuner.run is not None
    assert not [t for t in tuner.run.trials if t.point == tried]
    assert setting(server) == tried


async def test_overheating_in_a_trial_ends_with_the_setting_and_fan_of_before(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The firmware leaves the fan at full speed; it is set back as well."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    server.miner.faults.set(ambient_offset=45)
    await pass_time(4 * MINUTE)
    server.miner.faults.set(ambient_offset=0)
    await pass_time(5 * MINUTE)
    await act_if_running(hass, entry)
    await pass_time(10 * MINUTE)
    assert setting(server) == original
    assert server.miner.stored["autofanspeed"]
    assert not server.miner.overheated


async def test_a_room_that_stays_too_hot(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A run gives up, and does not send the miner back into the same heat at once."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    seen: list[Occurrence] = []
    entry.runtime_data.async_add_occurrence_listener(seen.append)
    server.miner.faults.set(ambient_offset=45)
    tuner = the_tuner(hass, entry)
    await Watch(server, pass_time).until_over(tuner)
    heats = [item for item in seen if item.type is OccurrenceType.OVERHEATED]
    assert 1 <= len(heats) <= 5
    assert (state(hass, entry), reason(hass, entry)) == ("failed", "nothing_works")
    assert setting(server) == original
    assert entry.runtime_data.intended.operating_point == original


async def act_if_running(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """End a run that goes on, with the setting of before."""
    if the_tuner(hass, entry).is_running:
        await act(hass, entry, "stop_tuning", keep="original")


async def test_a_latched_regulator_costs_one_restart(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Within the budget of the watchdog, and to a good setting."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    tried = setting(server)
    await pass_time(MINUTE)
    restarts = server.miner.truth.restarts
    for _ in range(15):
        if server.miner.truth.restarts == restarts:
            # Off until the next boot.
            server.miner.active_point = (server.miner.active_point[0], 0.0)
        await pass_time(10)
    assert server.miner.truth.restarts == restarts + 1
    tuner = the_tuner(hass, entry)
    assert tuner.run is not None
    assert "latched" in [t.outcome for t in tuner.run.trials if t.point == tried]
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    assert guard.restarts_left == 2
    await act(hass, entry, "stop_tuning", keep="original")
    await pass_time(5 * MINUTE)
    assert setting(server) == original
    assert server.miner.truth.restarts == restarts + 1


async def test_maintenance_leaves_the_miner_alone(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The run waits, and goes on afterwards."""
    server, entry, _ = await begin(hass, simulate, add_miner, pass_time)
    await switch(hass, entry, "maintenance", on=True)
    held = setting(server)
    await pass_time(30 * MINUTE)
    assert setting(server) == held
    assert (state(hass, entry), reason(hass, entry)) == ("waiting", "maintenance")
    await switch(hass, entry, "maintenance", on=False)
    await Watch(server, pass_time).until_over(the_tuner(hass, entry))
    assert state(hass, entry) == "finished"


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


async def test_the_guard_goes_first(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """While it holds the miner the run waits, and the setting it cooled is a wall."""
    options: dict[str, object] = {
        CONF_GUARD: {"heat_action": "step_down", "asic_critical": 66.0}
    }
    server, entry, original = await begin(hass, simulate, add_miner, pass_time, options)
    tried = setting(server)
    tuner = the_tuner(hass, entry)
    claims = entry.runtime_data.claims
    # Hotter within one reading than the run has time to see.
    server.miner.physics.chip = 70.0
    server.miner.faults.set(ambient_offset=24)
    for _ in range(60):
        await pass_time(10)
        if claims.is_held_by(Claimant.GUARD):
            break
    await pass_time(20)
    assert (state(hass, entry), reason(hass, entry)) == ("waiting", "guard")
    await pass_time(MINUTE)
    assert setting(server).frequency < original.frequency
    server.miner.faults.set(ambient_offset=-5)
    await pass_time(30 * MINUTE)
    assert not claims.is_held_by(Claimant.GUARD)
    # Long over by now.
    assert state(hass, entry) == "finished"
    outcomes = {
        trial.outcome for trial in tuner.results[-1].trials if trial.point == tried
    }
    assert outcomes <= {"limit", "overheated"}
    assert outcomes
    assert setting(server) != tried


@pytest.mark.parametrize("after", ["restore", "resume"])
@pytest.mark.parametrize("phase", [10, 200, 460])
async def test_home_assistant_restarts(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    after: str,
    phase: float,
) -> None:
    """In each phase: back to the setting before, or on with the run."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    original = setting(server)
    await act(hass, entry, "start_tuning", after_restart=after)
    await pass_time(phase)
    await hass.config_entries.async_unload(entry.entry_id)
    await settle()
    # Nobody watches: it is on a setting that is known to be good.
    assert setting(server) == original
    await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(MINUTE)
    tuner = the_tuner(hass, entry)
    if after == "restore":
        assert (state(hass, entry), reason(hass, entry)) == (
            "stopped",
            "home_assistant_restarted",
        )
        assert setting(server) == original
        assert not tuner.is_running
        assert not tuner.miner.claims.is_held_by(Claimant.TUNER)
    else:
        assert tuner.is_running
        await Watch(server, pass_time).until_over(tuner)
        assert state(hass, entry) == "finished"


async def test_home_assistant_dies(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Without a chance to write anything: what was stored before suffices."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    server.miner.faults.set(offline=True)
    await hass.config_entries.async_unload(entry.entry_id)
    assert setting(server) != original
    server.miner.faults.set(offline=False)
    await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(MINUTE)
    assert setting(server) == original
    assert reason(hass, entry) == "home_assistant_restarted"
    await pass_time(10 * MINUTE)
    assert entry.runtime_data.intended.operating_point == original


async def test_a_miner_that_is_removed(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """It keeps the setting from before, and nothing of the run is left."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    assert setting(server) != original
    await hass.config_entries.async_remove(entry.entry_id)
    await settle()
    assert setting(server) == original
    await pass_time(10 * MINUTE)
    assert setting(server) == original
    again = await add_miner(server)
    assert state(hass, again) == "idle"
    assert the_tuner(hass, again).results == []


@pytest.mark.parametrize("after", ["restore", "resume"])
async def test_options_that_are_changed(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    after: str,
) -> None:
    """It is set up anew, as after a restart of Home Assistant."""
    server, entry, original = await begin(
        hass, simulate, add_miner, pass_time, after_restart=after
    )
    hass.config_entries.async_update_entry(
        entry, options={**entry.options, CONF_EXTENDED_RANGE: True}
    )
    # As the form of the options does it.
    await hass.config_entries.async_reload(entry.entry_id)
    await settle()
    await pass_time(MINUTE)
    assert the_tuner(hass, entry).is_running == (after == "resume")
    if after == "restore":
        assert setting(server) == original


async def test_a_range_that_is_narrowed(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> None:
    """What goes on after it looks at nothing that may not be set any more."""
    server, entry, _ = await begin(
        hass,
        simulate,
        add_miner,
        pass_time,
        {CONF_EXTENDED_RANGE: True},
        after_restart="resume",
        goal="hashrate",
    )
    hass.config_entries.async_update_entry(
        entry,
        options={CONF_EXTENDED_RANGE: False, CONF_GUARD: {"asic_critical": 66}},
    )
    await hass.config_entries.async_reload(entry.entry_id)
    await settle()
    tuner = the_tuner(hass, entry)
    assert tuner.run is not None
    assert tuner.run.machine.maximum_temperature == 65
    before = len(server.miner.requests)
    await Watch(server, pass_time).until_over(tuner)
    assert (state(hass, entry), reason(hass, entry)) == ("finished", "found")
    limits = entry.runtime_data.limits
    low, high = limits.frequency
    written = [
        request.json["frequency"]
        for request in list(server.miner.requests)[before:]
        if request.method == "PATCH" and b"frequency" in request.body
    ]
    assert written
    assert all(low <= frequency <= high for frequency in written)
    assert low <= setting(server).frequency <= high


@pytest.mark.parametrize("point", ["new", "tried"])
@pytest.mark.parametrize("after", ["restore", "resume"])
async def test_a_setting_changed_while_home_assistant_was_down_stays(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    after: str,
    point: str,
) -> None:
    """A person wins also when nobody watches, and with what was tried before."""
    server, entry, original = await begin(
        hass, simulate, add_miner, pass_time, after_restart=after
    )
    tried = setting(server)
    await hass.config_entries.async_unload(entry.entry_id)
    assert setting(server) == original
    chosen = tried if point == "tried" else OTHER
    choose(server, chosen)
    await hass.config_entries.async_setup(entry.entry_id)
    await pass_time(10 * MINUTE)
    assert setting(server) == chosen
    assert not the_tuner(hass, entry).is_running


async def test_home_assistant_stops(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A miner is not left alone on a setting that was only tried."""
    server, _, original = await begin(hass, simulate, add_miner, pass_time)
    hass.bus.async_fire(EVENT_HOMEASSISTANT_STOP)
    await hass.async_block_till_done()
    assert setting(server) == original


async def test_cannot_begin(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Twice, in maintenance, or where the way back is not known."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    await switch(hass, entry, "maintenance", on=True)
    with pytest.raises(ServiceValidationError):
        await act(hass, entry, "start_tuning")
    await switch(hass, entry, "maintenance", on=False)
    server.miner.write({"frequency": 900, "coreVoltage": 1155})
    await pass_time(MINUTE)
    with pytest.raises(ServiceValidationError):
        await act(hass, entry, "start_tuning")
    server.miner.write({"frequency": 525, "coreVoltage": 1155})
    await pass_time(MINUTE)
    await act(hass, entry, "start_tuning")
    with pytest.raises(ServiceValidationError):
        await act(hass, entry, "start_tuning")
    server.miner.faults.set(offline=True)
    await act_if_running(hass, entry)
    await pass_time(10 * MINUTE)
    with pytest.raises(HomeAssistantError):
        await act(hass, entry, "start_tuning")


async def test_profiles(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A run leaves some, a person adds others; one applies them with the select."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    select = entity_id(hass, entry, "select", "profile")
    before = hass.states.get(select)
    assert before is not None
    assert before.attributes["options"] == ["stock"]
    await act(hass, entry, "save_profile", name="Night")
    # At once, in both selects.
    for kind in (select, "select.bitaxe_swarm_profile"):
        state = hass.states.get(kind)
        assert state is not None
        assert "Night" in state.attributes["options"]
    for name in ("Eco", "", "x" * 41, "a\nb"):
        with pytest.raises(ServiceValidationError):
            await act(hass, entry, "save_profile", name=name)
    original = setting(server)
    tuner = the_tuner(hass, entry)
    (kept,) = tuner.profiles
    # What was shown when somebody gave it a name is no longer set.
    for shown in (
        {"expected_frequency": original.frequency + 10},
        {
            "expected_frequency": original.frequency,
            "expected_core_voltage": original.core_voltage - 50,
        },
    ):
        with pytest.raises(ServiceValidationError) as refusal:
            await act(hass, entry, "save_profile", name="Night", **shown)
        assert refusal.value.translation_key == "situation_changed"
        assert str(refusal.value).startswith("Nothing was done")
        assert list(tuner.profiles) == [kept]
    await act(
        hass,
        entry,
        "save_profile",
        name="Night",
        expected_frequency=original.frequency,
        expected_core_voltage=original.core_voltage,
    )
    (again,) = tuner.profiles
    assert again is not kept
    await act(hass, entry, "start_tuning", goal="efficiency")
    await Watch(server, pass_time).until_over(tuner)
    found = hass.states.get(select)
    assert found is not None
    assert found.attributes["options"] == ["eco", "balanced", "max", "stock", "Night"]
    assert found.state == "eco"
    await hass.services.async_call(
        "select",
        "select_option",
        {"entity_id": select, "option": "Night"},
        blocking=True,
    )
    assert setting(server) == original
    # Settings of no profile are shown as such, not as unknown; to choose that does
    # nothing.
    await entry.runtime_data.async_apply(
        Settings(frequency=510, core_voltage=1150), origin=person(None)
    )
    await pass_time(20)
    own = setting(server)
    for kind in (select, "select.bitaxe_swarm_profile"):
        state = hass.states.get(kind)
        assert state is not None
        assert state.state == "no_profile"
        await hass.services.async_call(
            "select",
            "select_option",
            {"entity_id": kind, "option": "no_profile"},
            blocking=True,
        )
    assert setting(server) == own
    # They outlive a restart of Home Assistant.
    await hass.config_entries.async_reload(entry.entry_id)
    await pass_time(MINUTE)
    kept = hass.states.get(select)
    assert kept is not None
    assert kept.attributes["options"] == [*found.attributes["options"], "no_profile"]
    attributes = state_of(hass, entry, "sensor", "tuning").attributes
    assert attributes["best"]["efficiency"] > 0
    await act(hass, entry, "delete_profile", name="Night")
    with pytest.raises(ServiceValidationError):
        await act(hass, entry, "delete_profile", name="Night")


async def test_a_profile_ends_a_run(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Somebody who applies one has decided."""
    server, entry, original = await begin(hass, simulate, add_miner, pass_time)
    await entry.runtime_data.async_apply(
        Settings(frequency=510, core_voltage=1150), origin=person(None)
    )
    await pass_time(20)
    assert reason(hass, entry) == "changed_by_hand"
    await act(hass, entry, "start_tuning")
    assert setting(server) != original


async def test_two_miners_at_once(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Each with its own silicon."""
    first, second = await simulate("gamma-2.12"), await simulate("supra-2.9")
    entries = [await add_miner(first), await add_miner(second)]
    await pass_time(5 * MINUTE)
    devices = [async_device_id(hass, entry.runtime_data) for entry in entries]
    await hass.services.async_call(
        DOMAIN, "start_tuning", {"device_id": devices}, blocking=True
    )
    for entry, server in zip(entries, (first, second), strict=True):
        await Watch(server, pass_time).until_over(the_tuner(hass, entry))
        assert state(hass, entry) == "finished"
        assert server.miner.truth.restarts == 0
