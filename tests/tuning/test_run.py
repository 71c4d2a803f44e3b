"""A tuning run from the first reading to the result."""

from collections.abc import Callable
from dataclasses import dataclass, replace
import json
import math
from typing import override

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.tuning import (
    Goal,
    KnownPoint,
    Outcome,
    Phase,
    Sample,
    Step,
    StepKind,
    Targets,
    TuningRun,
)
from custom_components.bitaxe.tuning.limits import limit_reached

from .synthetic import DEFAULT, MACHINE, SyntheticMiner, finish, point, start


def best_by_trying(miner: SyntheticMiner, goal: Goal) -> float:
    """Return the best true score within range and power."""
    machine = miner.machine
    return max(
        miner.score(goal, at)
        for frequency in range(
            int(machine.frequency[0]), int(machine.frequency[1]) + 1, 5
        )
        for voltage in range(
            int(machine.core_voltage[0]), int(machine.core_voltage[1]) + 1, 5
        )
        for at in [miner.store(point(float(frequency), float(voltage)))]
        if miner.power(at) <= (machine.maximum_power or 1e9)
    )


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize("need", [985.0, 1040.0, 1090.0])
@pytest.mark.parametrize("width", [5.0, 12.0, 30.0])
def test_it_finds_what_is_best(goal: Goal, need: float, width: float) -> None:
    """Whatever the silicon needs, and however sharply it gives up."""
    miner = SyntheticMiner(need=need, width=width, degrees_per_watt=1.1)
    run = finish(start(miner, goal), miner)
    assert run.phase is Phase.FINISHED
    assert run.reason in ("found", "trials")
    assert miner.setting == run.wanted == run.good
    assert miner.score(goal, run.good) >= 0.97 * best_by_trying(miner, goal)
    assert miner.restarts == 0
    result = run.result
    assert result.best is not None
    assert result.best.outcome is Outcome.MEASURED
    assert result.gain is not None
    assert result.gain > -0.01
    assert result.trials == len(run.trials) <= 14


def test_the_original_setting_is_measured_first() -> None:
    """Without a write: it is what all else is compared with."""
    miner = SyntheticMiner()
    run = start(miner)
    while not run.trials:
        assert run.feed(miner.sample()).kind is StepKind.WAIT or run.trials
    assert run.trials[0].point == DEFAULT
    assert run.trials[0].outcome is Outcome.MEASURED
    assert run.trials[0].came_from is None


@pytest.mark.parametrize("goal", Goal)
def test_it_ends_on_a_setting_that_was_measured(goal: Goal) -> None:
    """Never on one that nobody looked at."""
    miner = SyntheticMiner()
    run = finish(start(miner, goal), miner)
    assert miner.setting in {
        trial.point for trial in run.trials if trial.outcome is Outcome.MEASURED
    }


@pytest.mark.parametrize(
    ("limit", "value"),
    [
        ("maximum_power", 22.0),
        ("maximum_temperature", 60.0),
        ("maximum_vr_temperature", 62.0),
    ],
)
def test_limits_are_walls_to_walk_along(limit: str, value: float) -> None:
    """A run stays below them, and comes near."""
    miner = SyntheticMiner()
    run = start(miner, Goal.HASHRATE, **{limit: value})
    field = limit.removeprefix("maximum_")
    beyond = 0
    highest = 0.0
    while not run.phase.is_over:
        sample = miner.sample()
        reading = getattr(sample, field)
        beyond += reading > value
        highest = max(highest, reading)
        miner.obey(run.feed(sample))
    assert run.phase is Phase.FINISHED
    assert beyond == 0
    assert highest > value * 0.95


def test_a_limit_that_the_original_setting_breaks() -> None:
    """It steps down to where the limit holds, and finds the best there."""
    miner = SyntheticMiner()
    assert miner.power(DEFAULT) > 16.0
    run = finish(start(miner, Goal.HASHRATE, maximum_power=16.0), miner)
    assert run.phase is Phase.FINISHED
    assert run.trials[0].outcome is Outcome.LIMIT
    assert 15.0 < miner.power(miner.setting) <= 16.0


def test_a_regulator_that_is_too_hot_from_the_start() -> None:
    """It cools down with less load, as the ASIC does."""
    miner = SyntheticMiner()
    run = finish(start(miner, Goal.HASHRATE, maximum_vr_temperature=50.0), miner)
    assert run.phase is Phase.FINISHED
    assert run.trials[0].limit == "vr_temperature"
    assert 47.0 < (miner.sample().vr_temperature or 0.0) < 50.0


@pytest.mark.parametrize("each", [0.0, 0.1])
def test_less_load_that_is_too_little(each: float) -> None:
    """The ASIC gets hotter even so: that shows long before three minutes are over."""
    miner = SyntheticMiner()
    run = start(miner)
    heat = 69.0
    while len(run.trials) < 2:
        miner.changes = {"temperature": heat}
        heat += each
        miner.obey(run.feed(miner.sample()))
    assert run.trials[1].outcome is Outcome.LIMIT
    assert run.trials[1].seconds <= (60 if each else 90)


def test_less_load_that_is_enough_in_the_end() -> None:
    """Heat goes slowly: 6 °C in two minutes."""
    miner = SyntheticMiner()
    run = start(miner)
    heat = 73.0
    while len(run.trials) < 2:
        miner.changes = {"temperature": heat}
        heat = max(60.0, heat - 0.5)
        miner.obey(run.feed(miner.sample()))
    assert run.trials[1].outcome is Outcome.MEASURED


def test_a_regulator_that_switches_off_under_load() -> None:
    """As one does at a weak supply: it is led there once, and not again."""
    miner = SyntheticMiner()
    most = 1.12 * miner.power(DEFAULT)
    run = start(miner, Goal.HASHRATE)
    while not run.phase.is_over:
        miner.obey(run.feed(miner.sample()))
        miner.latched = miner.latched or miner.power(miner.setting) > most
    assert run.phase is Phase.FINISHED
    assert miner.restarts == 1
    assert miner.score(Goal.HASHRATE, miner.setting) >= miner.score(
        Goal.HASHRATE, DEFAULT
    )


def test_nothing_is_fallen_back_to_that_nobody_measured() -> None:
    """Where even the original setting is too hot, a gentler one is a trial."""
    miner = SyntheticMiner()
    hot = miner.room + miner.degrees_per_watt * miner.power(DEFAULT)
    run = finish(start(miner, Goal.HASHRATE, maximum_temperature=hot - 4), miner)
    assert run.trials[0].outcome is Outcome.LIMIT
    assert run.phase is Phase.FINISHED
    tried = {trial.point for trial in run.trials}
    assert miner.setting in tried
    lowest = MACHINE.frequency[0]
    assert all(at in tried or at.frequency > lowest for at in miner.written)


@dataclass
class CooledMiner(SyntheticMiner):
    """Its automatic fan holds 60 °C until it can do no more."""

    full_at: float = 18.0
    """W at which the fan is at its end."""

    @override
    def sample(self) -> Sample:
        """Let a poll pass and read."""
        sample = super().sample()
        load = self.power(self.setting) / self.full_at
        return replace(
            sample,
            temperature=60.0 if load <= 1 else 20 + 40 * load,
            fan_speed=min(100.0, 100 * load),
        )


@pytest.mark.parametrize(
    ("full_at", "limits"),
    [(14.0, {}), (30.0, {"maximum_fan_speed": 50.0}), (14.0, {"maximum_power": 14.0})],
)
def test_an_automatic_fan_turns_slower_with_less_load(
    full_at: float, limits: dict[str, float]
) -> None:
    """A setting that is too hot or too loud is no reason to find nothing."""
    machine = replace(MACHINE, target_temperature=60.0)
    miner = CooledMiner(machine=machine, full_at=full_at)
    run = finish(start(miner, Goal.HASHRATE, **limits), miner)
    assert run.trials[0].outcome is Outcome.LIMIT
    assert run.phase is Phase.FINISHED
    assert run.reason in ("found", "trials")
    sample = miner.sample()
    assert (sample.temperature or 0) < machine.maximum_temperature
    assert (sample.fan_speed or 0) <= limits.get("maximum_fan_speed", 100)
    assert miner.power(miner.setting) > 0.8 * min(full_at, 30 * 0.5)


@dataclass
class WeaklySuppliedMiner(SyntheticMiner):
    """Its supply gives in above so many W, and it starts anew."""

    supply: float = 19.0
    deaths: int = 0

    @override
    def obey(self, step: Step) -> None:
        """Die of the write itself, before anybody reads."""
        super().obey(step)
        if step.point is not None and self.power(self.setting) > self.supply:
            self.uptime = 0.0
            self.deaths += 1


@pytest.mark.parametrize("goal", [Goal.HASHRATE, Goal.BALANCED])
@pytest.mark.parametrize("supply", [17.5, 19.0, 22.0])
def test_a_supply_that_is_too_weak(goal: Goal, supply: float) -> None:
    """A miner that dies of more load does so twice at most, and is not left there."""
    miner = WeaklySuppliedMiner(need=1010.0, degrees_per_watt=1.1, supply=supply)
    run = finish(start(miner, goal), miner)
    assert run.phase is Phase.FINISHED
    died = [trial for trial in run.trials if trial.outcome is Outcome.CRASHED]
    assert 1 <= len(died) <= 2
    assert miner.deaths <= 2
    assert miner.power(miner.setting) <= supply
    assert miner.restarts == 0


def test_where_nothing_works_the_original_setting_stays() -> None:
    """It is what somebody chose; the least of the range is not."""
    miner = SyntheticMiner()
    run = finish(start(miner, Goal.HASHRATE, maximum_temperature=25.0), miner)
    assert (run.phase, run.reason) == (Phase.FAILED, "nothing_works")
    assert miner.setting == DEFAULT
    assert len(run.trials) < 4


def test_history_is_a_place_to_fall_back_to() -> None:
    """As is the default of the board, where those keep the limits."""
    values = MACHINE.as_dict()
    known = KnownPoint(point=point(450, 1080), hashrate=900.0, power=14.4, hours=9.0)
    values["known"] = [known.as_dict()]
    miner = SyntheticMiner(machine=type(MACHINE).from_dict(values))
    run = start(miner, Goal.HASHRATE, maximum_power=16.0)
    while not miner.written:
        miner.obey(run.feed(miner.sample()))
    assert miner.setting == known.point


def test_a_least_hashrate() -> None:
    """The most efficient setting may be too slow."""
    miner = SyntheticMiner(constant=1.0)
    run = finish(start(miner, Goal.EFFICIENCY, minimum_hashrate=1250.0), miner)
    assert run.result.best is not None
    assert run.result.best.hashrate is not None
    assert run.result.best.hashrate > 1230
    free = SyntheticMiner(constant=1.0)
    unbound = finish(start(free), free)
    assert unbound.result.best is not None
    assert unbound.result.best.hashrate is not None
    assert unbound.result.best.hashrate < 1150


def test_a_time_limit() -> None:
    """When the time is up the best so far stands."""
    miner = SyntheticMiner()
    run = finish(start(miner, Goal.BALANCED, time_limit=900.0), miner)
    assert (run.phase, run.reason) == (Phase.FINISHED, "time_limit")
    assert miner.now < 1200
    assert miner.setting == run.good


def test_somebody_who_changes_a_setting_wins() -> None:
    """The run stops, writes nothing more, and says so."""
    miner = SyntheticMiner()
    run = start(miner)
    while len(run.trials) < 2:
        miner.obey(run.feed(miner.sample()))
    for _ in range(3):
        miner.obey(run.feed(miner.sample()))
    chosen = point(490.0, 1130.0)
    miner.setting = chosen
    written = len(miner.written)
    finish(run, miner, most_hours=0.1)
    assert (run.phase, run.reason) == (Phase.STOPPED, "changed_by_hand")
    assert miner.setting == run.wanted == chosen
    assert len(miner.written) == written


def test_a_regulator_that_latches_is_restarted() -> None:
    """At a good setting, within a budget; what latched is not tried again."""
    miner = SyntheticMiner()
    run = start(miner)
    latched: OperatingPoint | None = None
    while not run.phase.is_over:
        miner.obey(run.feed(miner.sample()))
        if latched is None and miner.setting != DEFAULT:
            latched, miner.latched = miner.setting, True
        if latched is not None and miner.restarts:
            assert miner.setting != latched
    assert run.phase is Phase.FINISHED
    assert miner.restarts == 1
    assert [t.point for t in run.trials if t.outcome is Outcome.LATCHED] == [latched]


def test_a_regulator_that_latches_again_and_again() -> None:
    """After the second time the run gives up, at a setting that works."""
    miner = SyntheticMiner()
    run = start(miner)
    while not run.phase.is_over:
        step = run.feed(miner.sample())
        miner.obey(step)
        if step.kind is StepKind.APPLY and miner.setting != DEFAULT:
            miner.latched = True
    assert (run.phase, run.reason) == (Phase.FAILED, "latched")
    assert miner.restarts == 2
    assert miner.setting == DEFAULT
    assert not miner.latched


def test_without_a_budget_nothing_is_restarted() -> None:
    """The watchdog may have spent it already."""
    miner = SyntheticMiner()
    run = TuningRun(
        MACHINE, Targets(goal=Goal.EFFICIENCY), DEFAULT, started=0.0, restarts=0
    )
    while not run.phase.is_over:
        miner.obey(run.feed(miner.sample()))
        miner.latched = miner.latched or miner.setting != DEFAULT
    assert (run.phase, run.reason) == (Phase.FAILED, "latched")
    assert miner.restarts == 0
    assert miner.written[-1] == DEFAULT


@pytest.mark.parametrize("besides", [{}, {"paused": True}, {"pool_lost": True}])
def test_a_firmware_that_overheats(besides: dict[str, object]) -> None:
    """It lowers the setting by itself; that is no hand, and a wall."""
    miner = SyntheticMiner()
    run = start(miner, Goal.HASHRATE)
    while miner.setting == DEFAULT:
        miner.obey(run.feed(miner.sample()))
    hot = miner.setting
    for _ in range(3):
        miner.obey(run.feed(miner.sample()))
    miner.changes = {"overheated": True, **besides}
    miner.obey(run.feed(miner.sample()))
    miner.changes = {}
    assert run.trials[-1].outcome is Outcome.OVERHEATED
    assert miner.setting == DEFAULT
    finish(run, miner)
    assert run.phase is Phase.FINISHED
    assert miner.power(miner.setting) < miner.power(hot)


def test_a_write_that_is_never_taken() -> None:
    """It is repeated, and then the run gives up; nothing else is left behind."""
    miner = SyntheticMiner()
    run = start(miner)
    while not miner.written:
        miner.obey(run.feed(miner.sample()))
        miner.ignores_writes = True
    finish(run, miner)
    assert run.phase in (Phase.FINISHED, Phase.FAILED)
    assert miner.setting == DEFAULT
    assert {trial.outcome for trial in run.trials[1:]} == {Outcome.REFUSED}


def test_firmware_that_rounds_what_it_reports() -> None:
    """What the client takes for confirmed is no refusal, and nobody's hand."""
    miner = SyntheticMiner()
    run = start(miner)
    while not run.phase.is_over:
        sample = miner.sample()
        assert sample.point is not None
        reported = replace(sample.point, frequency=sample.point.frequency - 0.25)
        miner.obey(run.feed(replace(sample, point=reported)))
    assert (run.phase, run.reason) == (Phase.FINISHED, "found")
    assert Outcome.REFUSED not in {trial.outcome for trial in run.trials}
    assert miner.score(Goal.EFFICIENCY, run.good) >= 0.97 * best_by_trying(
        miner, Goal.EFFICIENCY
    )


def in_steps(
    megahertz: float, millivolts: float, rounding: Callable[[float], float] = round
) -> Callable[[OperatingPoint], OperatingPoint]:
    """Return what firmware makes of a setting that it stores in steps."""
    return lambda written: point(
        megahertz * rounding(written.frequency / megahertz),
        millivolts * rounding(written.core_voltage / millivolts),
    )


@pytest.mark.parametrize("goal", Goal)
@pytest.mark.parametrize(
    "store",
    [
        in_steps(6.25, 1),
        in_steps(1, 25),
        in_steps(1, 25, math.floor),
        in_steps(12.5, 25, math.ceil),
        in_steps(5, 12.5),
    ],
)
def test_firmware_with_steps_of_its_own(
    goal: Goal, store: Callable[[OperatingPoint], OperatingPoint]
) -> None:
    """What it makes of a setting is what is tried, and the next ones fit its steps."""
    miner = SyntheticMiner(need=1040, degrees_per_watt=1.1, store=store)
    run = finish(start(miner, goal), miner)
    assert (run.phase, miner.setting) == (Phase.FINISHED, run.good)
    assert run.reason in ("found", "trials")
    assert {trial.outcome for trial in run.trials} <= {
        *(Outcome.MEASURED, Outcome.WORSE, Outcome.DARK)
    }
    tried = [trial.point for trial in run.trials]
    assert len({*tried}) == len(tried)
    assert all(store(at) == at for at in tried)
    missed = [at for at in miner.written if store(at) != at]
    assert len(missed) <= 5
    assert miner.score(goal, run.good) >= 0.97 * best_by_trying(miner, goal)


@pytest.mark.parametrize("lasts", [False, True])
def test_what_firmware_makes_of_a_setting_shows_in_two_readings(lasts: bool) -> None:
    """In one alone it may be on its way to what was written."""
    miner = SyntheticMiner(
        store=in_steps(6.25, 1) if lasts else lambda written: written
    )
    run = start(miner)
    while not miner.written:
        miner.obey(run.feed(miner.sample()))
    (written,) = miner.written
    made = in_steps(6.25, 1)(written)
    assert made != written
    run.feed(replace(miner.sample(), point=made))
    assert run.present is not None
    assert not run.present.confirmed
    run.feed(miner.sample())
    assert run.present.confirmed
    assert run.present.point == run.wanted == (made if lasts else written)
    assert run.machine.frequency_step == (6.25 if lasts else 1)


def with_dark_domains(sample: Sample, dark: int) -> Sample:
    """Return a reading of four domains, of which some make nothing."""
    assert sample.hashrate is not None
    each = sample.hashrate / 4
    return replace(
        sample, domains=(0.0,) * dark + (each,) * (4 - dark), hashrate=each * (4 - dark)
    )


def test_a_domain_that_nothing_brings_back() -> None:
    """Dark at the default setting, too: the others are tuned."""
    miner = SyntheticMiner()
    run = start(miner)
    while not run.phase.is_over:
        miner.obey(run.feed(with_dark_domains(miner.sample(), 1)))
    assert (run.phase, run.reason) == (Phase.FINISHED, "found")
    assert run.machine.broken_domains == 1
    first = run.trials[0]
    assert (first.point, first.outcome) == (DEFAULT, Outcome.MEASURED)
    assert first.share == pytest.approx(1, abs=0.03)
    assert miner.score(Goal.EFFICIENCY, run.good) >= 0.97 * best_by_trying(
        miner, Goal.EFFICIENCY
    )
    # It is known on after a restart of Home Assistant.
    again = TuningRun.from_dict(json.loads(json.dumps(run.as_dict())), now=0.0)
    assert again.machine == run.machine


def test_most_domains_dark() -> None:
    """Such a miner is not tuned: it is left as it was."""
    miner = SyntheticMiner()
    run = start(miner)
    while not run.phase.is_over:
        miner.obey(run.feed(with_dark_domains(miner.sample(), 3)))
    assert (run.phase, run.reason) == (Phase.FAILED, "nothing_works")
    assert miner.setting == DEFAULT


def test_a_domain_that_is_dark_for_want_of_voltage() -> None:
    """One that is dark at a setting below the default may only need more."""
    miner = SyntheticMiner(setting=point(525.0, 1060.0))
    run = start(miner)
    while not run.phase.is_over:
        sample = miner.sample()
        needs = 1090 + 0.46 * (miner.setting.frequency - 525)
        dark = 1 if miner.setting.core_voltage < needs else 0
        miner.obey(run.feed(with_dark_domains(sample, dark)))
    assert run.machine.broken_domains == 0
    assert run.trials[0].outcome is Outcome.DARK
    assert run.phase is Phase.FINISHED
    assert run.good.core_voltage >= 1090 + 0.46 * (run.good.frequency - 525) - 5


def test_a_reading_at_the_margin_of_a_limit() -> None:
    """Sensors have steps: what is not beyond the margin may be beyond the limit."""
    miner = SyntheticMiner()
    sample = miner.sample()
    limit = miner.machine.maximum_temperature
    targets = Targets(goal=Goal.BALANCED)

    def reached(temperature: float) -> str | None:
        reading = replace(sample, temperature=temperature)
        return limit_reached(miner.machine, targets, reading)

    assert reached(limit - 0.25) == "temperature"
    assert reached(limit - 0.375) is None


def test_beyond_a_limit_with_nothing_to_go_back_to() -> None:
    """The next step is well below it: heat that stays is worse than a trial more."""
    miner = SyntheticMiner(degrees_per_watt=3.0)
    hot = miner.sample().temperature
    assert hot is not None
    assert hot > miner.machine.maximum_temperature
    run = start(miner)
    while not miner.written:
        miner.obey(run.feed(miner.sample()))
    assert miner.power(miner.written[0]) < 0.95 * miner.power(DEFAULT)


def test_a_miner_that_is_paused() -> None:
    """The run waits, and measures anew afterwards."""
    miner = SyntheticMiner()
    run = start(miner)
    for _ in range(8):
        run.feed(miner.sample())
    miner.changes = {"paused": True, "hashrate": 0.0, "power": 4.0}
    for _ in range(60):
        assert run.feed(miner.sample()).kind is StepKind.WAIT
    assert (run.phase, run.reason) == (Phase.WAITING, "paused")
    miner.changes = {}
    finish(run, miner)
    assert run.phase is Phase.FINISHED
    assert run.trials[0].outcome is Outcome.MEASURED


def test_silence_in_a_trial() -> None:
    """What was measured before a silence does not count."""
    miner = SyntheticMiner()
    run = start(miner)
    for _ in range(14):
        run.feed(miner.sample())
    miner.now += 400
    miner.uptime += 400
    back = miner.now
    while not run.trials:
        miner.obey(run.feed(miner.sample()))
    assert miner.now - back > 120


@pytest.mark.parametrize("keep_best", [True, False])
def test_a_stopped_run_ends_where_it_was_asked_to(keep_best: bool) -> None:
    """A stopped run ends at the best so far, or at the original setting, as asked."""
    miner = SyntheticMiner()
    run = start(miner)
    while len(run.trials) < 4:
        miner.obey(run.feed(miner.sample()))
    wanted = run.good if keep_best else DEFAULT
    miner.obey(run.stop(keep_best=keep_best))
    assert miner.setting == wanted
    assert (run.phase, run.reason) == (Phase.STOPPED, "stopped")
    assert run.feed(miner.sample()).kind is StepKind.FINISH


@pytest.mark.parametrize("goal", Goal)
@given(cuts=st.sets(st.integers(1, 200), max_size=6))
@settings(max_examples=8, deadline=None)
def test_a_restart_of_home_assistant(goal: Goal, cuts: set[int]) -> None:
    """At any moment the stored state is enough to go on, and to end well."""
    miner = SyntheticMiner()
    run = start(miner, goal)
    feeds = 0
    while not run.phase.is_over:
        assert miner.now < 12 * 3600
        miner.obey(run.feed(miner.sample()))
        feeds += 1
        if feeds in cuts:
            stored = json.loads(json.dumps(run.as_dict()))
            miner.now += 300
            miner.uptime += 300
            run = TuningRun.from_dict(stored, now=miner.now)
            assert json.loads(json.dumps(run.as_dict())) == {
                **stored,
                "now": miner.now,
                "started": run.started,
            }
    assert run.phase is Phase.FINISHED
    assert miner.setting == run.good
    assert miner.score(goal, run.good) >= 0.97 * best_by_trying(miner, goal)


def test_history_saves_trials() -> None:
    """Known points teach before the first trial; they are no result by themselves."""
    miner = SyntheticMiner()
    known = tuple(
        KnownPoint(
            point=at,
            hashrate=MACHINE.expected_hashrate(at.frequency) * miner.share(at),
            power=miner.power(at),
            hours=48.0,
            temperature=miner.room + miner.degrees_per_watt * miner.power(at),
        )
        for at in (point(525.0, 1100.0), point(525.0, 1075.0), point(525.0, 1050.0))
    )
    fresh = finish(start(miner), miner)
    other = SyntheticMiner(machine=replace(MACHINE, known=known))
    taught = finish(start(other), other)
    assert taught.phase is Phase.FINISHED
    assert len(taught.trials) <= len(fresh.trials)
    assert miner.score(Goal.EFFICIENCY, taught.good) >= 0.985 * best_by_trying(
        miner, Goal.EFFICIENCY
    )


def test_the_same_readings_give_the_same_run() -> None:
    """Nothing in it is left to chance."""
    runs = []
    for _ in range(2):
        miner = SyntheticMiner()
        finish(start(miner, Goal.BALANCED), miner)
        runs.append(miner.written)
    assert runs[0] == runs[1]
