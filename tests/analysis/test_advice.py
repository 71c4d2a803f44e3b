"""Which setting is best, and what stands in the way."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from custom_components.bitaxe.analysis.advice import (
    HOURS_PER_MONTH,
    Goal,
    Verdict,
    advise,
    pareto_front,
)
from custom_components.bitaxe.analysis.bottlenecks import (
    BottleneckKind,
    find_bottlenecks,
)
from custom_components.bitaxe.analysis.configurations import (
    Configuration,
    MinerConfigurations,
)
from custom_components.bitaxe.analysis.estimate import Estimate
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.axeos.boards import find_board
from custom_components.bitaxe.axeos.snapshot import OperatingPoint

from .examples import BASE, configuration

THRIFTY = configuration(450, 1050, 910, 14)
MIDDLE = configuration(525, 1150, 1060, 15.5)
FAST = configuration(600, 1200, 1210, 19)
WASTEFUL = configuration(525, 1250, 1050, 20)


def result(*items: Configuration, miner: Miner) -> MinerConfigurations:
    """Return the configurations of a miner."""
    span = Span.parse("7d", datetime(2026, 11, 1, tzinfo=UTC))
    return MinerConfigurations(miner=miner, span=span, configurations=items)


def test_each_goal_has_its_best(miner: Miner) -> None:
    """Balanced is the highest hashrate per J/TH."""
    present = replace(WASTEFUL, present=True)
    advice = advise(result(THRIFTY, MIDDLE, FAST, present, miner=miner))

    assert advice[Goal.EFFICIENCY].best is THRIFTY
    assert advice[Goal.HASHRATE].best is FAST
    # 910 / 14 = 65.0, 1060 / 15.5 = 68.4, 1210 / 19 = 63.7
    assert advice[Goal.BALANCED].best is MIDDLE
    assert {item.verdict for item in advice.recommendations} == {Verdict.CHANGE}
    assert advice.pareto == (THRIFTY, MIDDLE, FAST)


def test_what_a_change_would_bring(miner: Miner) -> None:
    """Power follows from work and efficiency, money from power and price."""
    present = replace(FAST, present=True)
    change = advise(result(THRIFTY, present, miner=miner), 0.3)[Goal.EFFICIENCY].change

    assert change is not None
    power = 0.910 * 14 - 1.210 * 19
    assert change.power == pytest.approx(power)
    assert change.hashrate == pytest.approx(-300)
    assert change.efficiency_percent == pytest.approx(-5 / 19 * 100)
    assert change.energy_per_month == pytest.approx(power * HOURS_PER_MONTH / 1000)
    assert change.cost_per_month == pytest.approx(change.energy_per_month * 0.3)


def test_no_cost_without_a_price(miner: Miner) -> None:
    """Energy is known all the same."""
    present = replace(FAST, present=True)
    change = advise(result(THRIFTY, present, miner=miner))[Goal.EFFICIENCY].change

    assert change is not None
    assert change.cost_per_month is None


def test_present_setting_can_be_the_best(miner: Miner) -> None:
    """Then nothing is to be changed."""
    present = replace(THRIFTY, present=True)
    found = advise(result(present, FAST, miner=miner))[Goal.EFFICIENCY]

    assert found.verdict is Verdict.KEEP
    assert found.change is None


def test_a_difference_within_the_errors_is_no_reason_to_change(miner: Miner) -> None:
    """Measured a little longer, it may turn round."""
    present = replace(MIDDLE, present=True, efficiency=Estimate(15.5, 0.2))
    other = replace(THRIFTY, efficiency=Estimate(15.2, 0.2))
    found = advise(result(present, other, miner=miner))[Goal.EFFICIENCY]

    assert found.best is other
    assert found.verdict is Verdict.UNCERTAIN


def test_nothing_is_claimed_before_the_hours_are_full(miner: Miner) -> None:
    """A lucky half hour is no result."""
    present = replace(MIDDLE, present=True)
    short = replace(THRIFTY, hours=1.9)

    assert advise(result(present, short, miner=miner))[Goal.EFFICIENCY].best is present
    found = advise(result(replace(present, hours=1), miner=miner))[Goal.EFFICIENCY]
    assert found.verdict is Verdict.NOTHING_MEASURED


def test_present_setting_that_was_not_measured_is_not_compared(miner: Miner) -> None:
    """The best is named without a promise."""
    found = advise(result(THRIFTY, FAST, miner=miner))[Goal.EFFICIENCY]

    assert found.verdict is Verdict.PRESENT_UNKNOWN
    assert found.best is THRIFTY
    assert found.change is None


def test_settings_with_a_critical_bottleneck_are_not_recommended(miner: Miner) -> None:
    """However fast: it would de-tune itself the next warm day."""
    present = replace(MIDDLE, present=True)
    hot = replace(FAST, asic_temperature_max=73.0)

    assert advise(result(present, hot, miner=miner))[Goal.HASHRATE].best is present
    left = advise(result(replace(hot, present=True), THRIFTY, miner=miner))
    assert left[Goal.HASHRATE].verdict is Verdict.CHANGE
    assert left[Goal.HASHRATE].best is THRIFTY


def test_nothing_hotter_is_advised_while_something_is_wrong(miner: Miner) -> None:
    """What runs cooler still is; the present setting is neither."""
    present = replace(MIDDLE, present=True)
    advice = advise(result(THRIFTY, present, FAST, miner=miner)).restrained()

    assert advice[Goal.HASHRATE].verdict is Verdict.WAIT
    assert advice[Goal.HASHRATE].best is FAST
    assert advice[Goal.EFFICIENCY].verdict is Verdict.CHANGE
    assert advice[Goal.BALANCED].verdict is Verdict.KEEP


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (None, Verdict.WAIT),
        (OperatingPoint(frequency=400, core_voltage=1000), Verdict.WAIT),
        (OperatingPoint(frequency=550, core_voltage=1150), Verdict.PRESENT_UNKNOWN),
    ],
)
def test_heat_of_what_was_not_measured(
    miner: Miner, now: OperatingPoint | None, verdict: Verdict
) -> None:
    """Goes by clock and voltage; in doubt the other setting is hotter."""
    advice = advise(result(THRIFTY, miner=replace(miner, present=now)))

    assert advice[Goal.EFFICIENCY].verdict is Verdict.PRESENT_UNKNOWN
    assert advice.restrained()[Goal.EFFICIENCY].verdict is verdict


def test_goals_that_come_to_the_same_are_one(miner: Miner) -> None:
    """Each setting is advised once."""
    present = replace(WASTEFUL, present=True)
    advice = advise(result(THRIFTY, FAST, present, miner=miner))

    assert [(goals, item.best) for goals, item in advice.merged] == [
        ((Goal.EFFICIENCY, Goal.BALANCED), THRIFTY),
        ((Goal.HASHRATE,), FAST),
    ]


def test_front_leaves_out_what_another_beats_in_both() -> None:
    """Equal in one and worse in the other is beaten too."""
    twin = configuration(525, 1175, 1060, 16)
    assert pareto_front([WASTEFUL, MIDDLE, twin]) == (MIDDLE,)


def kinds(item: Configuration, miner: Miner) -> dict[BottleneckKind, bool]:
    """Return what stands in the way, and whether that is critical."""
    return {found.kind: found.critical for found in find_bottlenecks(item, miner)}


def test_a_sound_setting_has_no_bottleneck(miner: Miner) -> None:
    """The base is one."""
    assert kinds(BASE, miner) == {}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"asic_temperature": 66.0}, {BottleneckKind.HEAT: False}),
        ({"asic_temperature_max": 70.0}, {BottleneckKind.HEAT: True}),
        ({"vr_temperature_max": 81.0}, {BottleneckKind.VR_HEAT: True}),
        ({"input_voltage": 4.89}, {BottleneckKind.SUPPLY: False}),
        ({"input_voltage_min": 4.79}, {BottleneckKind.SUPPLY: True}),
        ({"power_max": 35.0}, {BottleneckKind.POWER: False}),
        ({"power_max": 40.0}, {BottleneckKind.POWER: True}),
        ({"variation": 9.0}, {BottleneckKind.INSTABILITY: False}),
        ({"error_rate": 1.5}, {BottleneckKind.ERRORS: False}),
        ({"shares_rejected": 200.0}, {BottleneckKind.REJECTS: True}),
        ({"expected_hashrate": 1120.0}, {BottleneckKind.LOW_HASHRATE: False}),
    ],
)
def test_each_bottleneck_has_two_limits(
    miner: Miner, changes: dict[str, float], expected: dict[BottleneckKind, bool]
) -> None:
    """Each has a value to watch, and one that is too much."""
    assert kinds(replace(BASE, **changes), miner) == expected  # type: ignore[arg-type]


def test_limits_are_those_of_the_board(miner: Miner) -> None:
    """On 12 V, 11.4 V sag and 60 W are no matter for six chips made for 90 W."""
    hexagon = replace(
        miner,
        board=find_board(device_model=None, board_version="303", asic_model="BM1366"),
    )
    item = replace(BASE, input_voltage=12.1, input_voltage_min=11.9, power_max=60)

    assert kinds(item, hexagon) == {}
    sagging = replace(item, input_voltage_min=11.4)
    assert kinds(sagging, hexagon) == {BottleneckKind.SUPPLY: True}
    # Six chips even each other out: what is usual for one is not for them.
    shaky = replace(item, variation=5)
    assert kinds(shaky, hexagon) == {BottleneckKind.INSTABILITY: False}


def test_unknown_board_has_no_limits_of_its_own(miner: Miner) -> None:
    """Nothing is made up."""
    item = replace(BASE, input_voltage_min=4.0, power_max=100)
    assert kinds(item, replace(miner, board=None)) == {}
