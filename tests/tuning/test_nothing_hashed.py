"""What keeps a miner from hashing is not always its setting, or its regulator."""

from collections.abc import Callable
from dataclasses import replace
from random import Random
from typing import Any

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.tuning import Goal, Outcome, Phase, StepKind, TuningRun

from ..conftest import AddMiner, PassTime, Simulate
from ..test_services import restarts
from .synthetic import SyntheticMiner, finish, start
from .test_run import with_dark_domains
from .test_session import Watch, act, reason, setting, state, the_tuner
from .test_soak import PROFILE, drive, soak

MINUTE = 60
HOUR = 3600

WITHOUT_POOL = {
    "pool_lost": True,
    "hashrate": 0.0,
    "hashrate_1m": None,
    "power": 5.0,
    "core_voltage": 0.0,
}
"""Firmware switches its ASICs off."""


@pytest.fixture
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


def look(run: TuningRun, miner: SyntheticMiner, readings: int) -> None:
    """Let a run see so many readings."""
    for _ in range(readings):
        miner.obey(run.feed(miner.sample()))


@pytest.mark.parametrize("readings", [8, 22, 41])
def test_a_run_waits_for_the_pool(readings: int) -> None:
    """Whatever it was about to do: without work no setting can show what it does."""
    miner = SyntheticMiner()
    run = start(miner)
    look(run, miner, readings)
    written = list(miner.written)
    miner.changes = dict(WITHOUT_POOL)
    look(run, miner, 90)
    assert (run.phase, run.reason) == (Phase.WAITING, "no_pool")
    assert miner.written == written
    miner.changes = {}
    finish(run, miner)
    assert run.phase is Phase.FINISHED
    assert miner.restarts == 0
    for trial in run.trials:
        assert trial.outcome not in (Outcome.LATCHED, Outcome.CRASHED)
        assert trial.outcome is not Outcome.DARK or miner.share(trial.point) < 0.95


def test_a_miner_that_boots_and_finds_no_pool() -> None:
    """It died in a trial; that it hashes late then is not its regulator's doing."""
    miner = SyntheticMiner()
    run = start(miner)
    while not miner.written:
        look(run, miner, 1)
    look(run, miner, 3)
    miner.uptime = 0.0
    miner.changes = {"hashrate": 0.0, "power": 5.0}
    look(run, miner, 2)
    assert run.trials[-1].outcome is Outcome.CRASHED
    miner.changes = dict(WITHOUT_POOL)
    look(run, miner, 20)
    miner.changes = {"hashrate": 0.0}
    look(run, miner, 4)
    miner.changes = {}
    finish(run, miner)
    assert run.phase is Phase.FINISHED
    assert miner.restarts == 0


@pytest.mark.parametrize("changes", [{"paused": True, "hashrate": 0.0}, WITHOUT_POOL])
def test_the_time_limit_holds_while_nothing_is_hashed(changes: dict[str, Any]) -> None:
    """The best so far is written, and does not need a hash to be known."""
    miner = SyntheticMiner()
    run = start(miner, time_limit=HOUR)
    while len(run.trials) < 3:
        look(run, miner, 1)
    miner.changes = dict(changes)
    while not run.phase.is_over:
        assert miner.now < HOUR + 60
        look(run, miner, 1)
    assert (run.phase, run.reason) == (Phase.FINISHED, "time_limit")
    assert miner.setting == run.wanted == run.good


def test_why_a_run_ends_survives_a_pause_on_the_way() -> None:
    """The last reason is that of the end, not of what it waited for."""
    miner = SyntheticMiner()
    run = start(miner)
    while not run.phase.is_over:
        step = run.feed(miner.sample())
        miner.obey(step)
        if step.kind is StepKind.APPLY and run.reason == "found":
            miner.changes = {"paused": True, "hashrate": 0.0}
            look(run, miner, 3)
            miner.changes = {}
    assert (run.phase, run.reason) == (Phase.FINISHED, "found")


def _each_fifth(now: float) -> bool:
    return Random(now).random() < 0.2


def _for_long(now: float) -> bool:
    return now % 300 < 80


@pytest.mark.parametrize("is_empty", [_each_fifth, _for_long])
@pytest.mark.parametrize("seed", range(2))
def test_readings_without_a_hashrate(
    seed: int, is_empty: Callable[[float], bool]
) -> None:
    """Some firmware shows none now and then; the miner hashes all the same."""
    miner = SyntheticMiner(seed=seed)
    run = start(miner, Goal.HASHRATE)
    until = 12 * HOUR
    while not run.phase.is_over:
        assert miner.now < until
        sample = miner.sample()
        if is_empty(miner.now):
            sample = replace(sample, hashrate=0.0)
        miner.obey(run.feed(sample))
    assert run.phase is Phase.FINISHED
    assert miner.restarts == 0
    for trial in run.trials:
        assert trial.outcome is not Outcome.DARK or miner.share(trial.point) < 0.95
        if trial.outcome is Outcome.MEASURED:
            assert trial.share == pytest.approx(miner.share(trial.point), abs=0.03)


def test_a_reading_without_a_hashrate_on_the_way_back() -> None:
    """The run waits there until the ASIC is cool, for longer than a boot takes."""
    miner = SyntheticMiner()
    run = start(miner)
    while not miner.written:
        look(run, miner, 1)
    look(run, miner, 2)
    miner.changes = {"vr_temperature": 90.0}
    look(run, miner, 1)
    assert run.reason == "stepping_back"
    miner.changes = {"temperature": 67.0}
    look(run, miner, 12)
    assert run.reason == "stepping_back"
    miner.changes = {"temperature": 67.0, "hashrate": 0.0}
    look(run, miner, 1)
    miner.changes = {}
    finish(run, miner)
    assert miner.restarts == 0


def test_hardly_a_hash_is_no_glitch() -> None:
    """More than half of the readings without a hashrate is a loss."""
    miner = SyntheticMiner()
    run = start(miner)
    readings = 0
    while not run.trials:
        readings += 1
        miner.changes = {"hashrate": 0.0} if readings % 3 else {}
        miner.obey(run.feed(miner.sample()))
    assert run.trials[0].outcome is Outcome.DARK
    share = run.trials[0].share
    assert share is not None
    assert share < 0.5


def test_a_gap_that_the_firmware_counts_is_one_of_hashes() -> None:
    """Its mean of a minute has seen what lies between two readings."""
    miner = SyntheticMiner()
    run = start(miner)
    readings = 0
    expected = miner.machine.expected_hashrate(miner.setting.frequency)
    while not run.trials:
        readings += 1
        miner.changes = {"hashrate_1m": 0.6 * expected}
        if readings % 3 == 0:
            miner.changes["hashrate"] = 0.0
        miner.obey(run.feed(miner.sample()))
    assert run.trials[0].share == pytest.approx(0.6, abs=0.05)


@pytest.mark.parametrize(
    "changes",
    [{"core_voltage": 0.0}, {"power": 1.0}, {"core_voltage": 0.0, "power": None}],
)
def test_sensors_that_read_nothing(changes: dict[str, Any]) -> None:
    """For long where another contradicts them, for 40 s where none does."""
    miner = SyntheticMiner()
    run = start(miner)
    look(run, miner, 30)
    miner.changes = {"core_voltage": 1100.0, "hashrate_1m": None} | changes
    look(run, miner, 4 if "power" in changes and changes["power"] is None else 12)
    miner.changes = {"core_voltage": 1100.0}
    finish(run, miner)
    assert Outcome.LATCHED not in {trial.outcome for trial in run.trials}
    assert miner.restarts == 0


def test_domains_of_a_reading_without_a_hashrate() -> None:
    """They are no sign of a weak one."""
    miner = SyntheticMiner()
    run = start(miner)
    while not run.trials:
        sample = with_dark_domains(miner.sample(), 0)
        if round(sample.time / 10) % 5 == 0:
            sample = replace(sample, hashrate=0.0, domains=(0.0,) * 4)
        miner.obey(run.feed(sample))
    weakest = run.trials[0].weakest_domain
    assert weakest is not None
    assert weakest > 0.9


def test_a_soak_test_waits_for_the_pool() -> None:
    """A regulator that the firmware switched off has not latched."""
    miner = SyntheticMiner()
    test = drive(soak(miner), miner, 1)
    done = test.progress
    miner.changes = dict(WITHOUT_POOL)
    drive(test, miner, 2)
    assert (test.phase, test.reason) == (Phase.WAITING, "no_pool")
    assert test.progress == pytest.approx(done, abs=0.002)
    miner.changes = {}
    assert drive(test, miner).phase is Phase.FINISHED
    assert miner.setting == PROFILE


def test_a_soak_test_and_a_sensor_that_reads_nothing() -> None:
    """For days there will be two in a row sometimes."""
    miner = SyntheticMiner(changes={"core_voltage": 1100.0})
    test = drive(soak(miner), miner, 1)
    for changes, readings in (({"core_voltage": 0.0}, 12), ({"power": 1.0}, 12)):
        miner.changes = {"core_voltage": 1100.0} | changes
        drive(test, miner, readings * 10 / HOUR)
        assert not test.phase.is_over
        miner.changes = {"core_voltage": 1100.0}
        drive(test, miner, 0.1)
    assert drive(test, miner).phase is Phase.FINISHED


@pytest.mark.usefixtures("swarm")
@pytest.mark.parametrize("preset", ["gamma-2.15", "nerdqaxepp-1.1.0"])
async def test_a_pool_that_is_lost_in_a_trial(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
) -> None:
    """The miner is neither restarted nor moved, and the run goes on with the pool."""
    server = await simulate(preset)
    entry = await add_miner(server)
    await pass_time(5 * MINUTE)
    await act(hass, entry, "start_tuning", goal="efficiency")
    original = setting(server)
    for _ in range(120):
        await pass_time(10)
        if setting(server) != original:
            break
    tried = setting(server)
    assert tried != original
    await pass_time(40)
    server.miner.faults.set(pool_down=True, fallback_down=True)
    await pass_time(12 * MINUTE)
    assert (state(hass, entry), reason(hass, entry)) == ("waiting", "no_pool")
    assert restarts(server) == 0
    server.miner.faults.set(pool_down=False, fallback_down=False)
    tuner = the_tuner(hass, entry)
    await Watch(server, pass_time).until_over(tuner)
    assert state(hass, entry) == "finished"
    assert restarts(server) == 0
    found = tuner.last
    assert found is not None
    assert not {trial.outcome for trial in found.trials} & {"latched", "crashed"}
