"""What the search proposes, on silicon of all kinds."""

from dataclasses import replace

from hypothesis import given, settings, strategies as st

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.tuning import Goal, Machine, Outcome, Targets, TrialResult
from custom_components.bitaxe.tuning.consumption import Consumption, PowerSeen
from custom_components.bitaxe.tuning.search import MOST_TRIALS, Search

from .synthetic import MACHINE, SyntheticMiner

OUTCOMES = [
    Outcome.MEASURED,
    Outcome.MEASURED,
    Outcome.MEASURED,
    Outcome.DARK,
    Outcome.LIMIT,
    Outcome.LATCHED,
    Outcome.CRASHED,
    Outcome.REFUSED,
    Outcome.OVERHEATED,
]


@st.composite
def machines(draw: st.DrawFn) -> Machine:
    """Return boards with all sorts of ranges."""
    low = draw(st.sampled_from([50.0, 350.0, 400.0, 500.0]))
    low_mv = draw(st.sampled_from([834.0, 970.0, 1000.0, 1120.0]))
    return replace(
        MACHINE,
        asic_model=draw(st.sampled_from(["BM1370", "BM1368", "BM1366", "BM1397"])),
        asic_count=draw(st.sampled_from([1, 2, 4, 8])),
        domains=draw(st.sampled_from([1, 4])),
        frequency=(low, low + draw(st.sampled_from([10.0, 100.0, 700.0]))),
        core_voltage=(low_mv, low_mv + draw(st.sampled_from([0.0, 80.0, 400.0]))),
        maximum_power=draw(st.sampled_from([None, 15.0, 40.0, 100.0])),
    )


@st.composite
def silicon(draw: st.DrawFn) -> SyntheticMiner:
    """Return miners that need more or less, and give up sooner or later."""
    return SyntheticMiner(
        machine=draw(machines()),
        need=draw(st.floats(850, 1250)),
        slope=draw(st.floats(0.1, 0.9)),
        width=draw(st.floats(2, 45)),
        constant=draw(st.floats(0.5, 25)),
        degrees_per_watt=draw(st.floats(0.3, 2.5)),
        noise=draw(st.floats(0, 0.1)),
    )


def tried(
    miner: SyntheticMiner,
    at: OperatingPoint,
    outcome: Outcome,
    came_from: OperatingPoint | None,
    number: int,
) -> TrialResult:
    """Return what a trial on a miner would find."""
    share = miner.share(at)
    expected = miner.machine.expected_hashrate(at.frequency)
    lost = outcome in (Outcome.LATCHED, Outcome.CRASHED, Outcome.REFUSED)
    power = miner.power(at)
    return TrialResult(
        point=at,
        came_from=came_from,
        outcome=outcome,
        limit="temperature" if outcome is Outcome.LIMIT else None,
        started=300.0 * number,
        seconds=240.0,
        share=share if outcome.has_hashrate else None,
        share_error=max(0.004, miner.noise / 2) if outcome.has_hashrate else None,
        hashrate=share * expected if outcome.has_hashrate else None,
        power=None if lost else power,
        temperature=None if lost else miner.room + miner.degrees_per_watt * power,
        vr_temperature=None if lost else miner.room + 1.7 * power,
        fan_speed=None if lost else 60.0,
    )


@given(
    miner=silicon(),
    goal=st.sampled_from(Goal),
    limits=st.fixed_dictionaries(
        {},
        optional={
            "maximum_power": st.floats(5, 60),
            "maximum_temperature": st.floats(45, 70),
            "maximum_vr_temperature": st.floats(45, 90),
            "maximum_fan_speed": st.floats(30, 100),
            "minimum_hashrate": st.floats(100, 4000),
        },
    ),
    outcomes=st.lists(st.sampled_from(OUTCOMES), min_size=20, max_size=20),
)
@settings(max_examples=40, deadline=None)
def test_proposals(
    miner: SyntheticMiner,
    goal: Goal,
    limits: dict[str, float],
    outcomes: list[Outcome],
) -> None:
    """They are within the range and all limits, new, the same again, and they end."""
    machine = miner.machine
    targets = Targets(goal=goal, **limits)
    origin = OperatingPoint(
        frequency=machine.frequency[0], core_voltage=machine.core_voltage[1]
    )
    trials = [tried(miner, origin, Outcome.MEASURED, None, 0)]
    for number, outcome in enumerate(outcomes, 1):
        proposal = Search(machine, targets, trials).propose()
        if proposal is None:
            break
        assert proposal == Search(machine, targets, list(trials)).propose()
        at = proposal.point
        assert machine.frequency[0] <= at.frequency <= machine.frequency[1]
        assert at.frequency == round(at.frequency)
        low, high = machine.core_voltage
        assert low <= at.core_voltage <= high
        assert at.core_voltage % 5 == 0 or low in (high, at.core_voltage)
        assert at not in {trial.point for trial in trials}
        assert proposal.gain > 0
        assert proposal.dark_risk <= 0.351
        for limit in (targets.maximum_power, machine.maximum_power):
            assert limit is None or proposal.power <= limit
        trials.append(tried(miner, at, outcome, trials[-1].point, number))
    assert len(trials) <= MOST_TRIALS


@given(miner=silicon(), goal=st.sampled_from(Goal))
@settings(max_examples=20, deadline=None)
def test_what_failed_is_never_the_best(miner: SyntheticMiner, goal: Goal) -> None:
    """Only what was measured to its end, within all limits, is a result."""
    machine = miner.machine
    trials = [
        tried(
            miner,
            OperatingPoint(
                frequency=machine.frequency[0] + number,
                core_voltage=machine.core_voltage[1],
            ),
            outcome,
            None,
            number,
        )
        for number, outcome in enumerate(Outcome)
        if outcome is not Outcome.MEASURED
    ]
    assert Search(machine, Targets(goal=goal), trials).best() is None


def test_without_a_first_reading_there_is_nothing_to_propose() -> None:
    """Power has to be known before anything is tried."""
    assert Search(MACHINE, Targets(goal=Goal.BALANCED), []).propose() is None


@given(
    st.lists(
        st.tuples(
            st.integers(400, 800), st.integers(1000, 1300), st.floats(0.2, 200.0)
        ),
        min_size=1,
        max_size=6,
    )
)
@settings(deadline=None)
def test_more_load_takes_more_power(seen: list[tuple[int, int, float]]) -> None:
    """Whatever was read, some of it while a miner was starting."""
    model = Consumption([PowerSeen(*item) for item in seen])
    for frequency, voltage in ((50, 900), (400, 1000), (800, 1300), (1200, 1400)):
        power, error = model.at(frequency, voltage)
        assert power > 0
        assert error >= 0
    assert model.slope > 0
