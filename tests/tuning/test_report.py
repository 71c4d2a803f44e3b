"""What a run says it was limited by."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.bitaxe.tuning import Goal, Outcome, Targets, TrialResult
from custom_components.bitaxe.tuning.report import Limiting, what_limited

from .synthetic import MACHINE, point

BEST = TrialResult(
    point=point(600, 1120),
    came_from=point(525, 1150),
    outcome=Outcome.MEASURED,
    started=0.0,
    seconds=300.0,
    share=0.99,
    share_error=0.01,
    hashrate=1212.0,
    power=20.0,
    temperature=60.0,
    vr_temperature=65.0,
    fan_speed=50.0,
)


def tried(frequency: float, core_voltage: float, **changes: Any) -> TrialResult:
    """Return a trial that differs from the best."""
    return replace(BEST, point=point(frequency, core_voltage), **changes)


def limiting(
    *others: TrialResult,
    best: TrialResult | None = BEST,
    goal: Goal = Goal.HASHRATE,
    reason: str = "found",
    **limits: float,
) -> Limiting | None:
    """Return what limited a run."""
    trials = [*([best] if best else []), *others]
    return what_limited(MACHINE, Targets(goal=goal, **limits), trials, best, reason)


def test_nothing_was_found() -> None:
    """Then there is nothing that was limited."""
    assert limiting(best=None) is None


def test_time_limit_comes_first() -> None:
    """It comes before all else: nobody knows what more of it would have shown."""
    assert limiting(reason="time_limit", maximum_power=20.1) is Limiting.TIME


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        ({"maximum_power": 20.2}, Limiting.POWER),
        ({"maximum_temperature": 61.0}, Limiting.TEMPERATURE),
        ({"maximum_vr_temperature": 66.0}, Limiting.VR_TEMPERATURE),
        ({"maximum_fan_speed": 51.0}, Limiting.FAN_SPEED),
        ({"minimum_hashrate": 1210.0}, Limiting.MINIMUM_HASHRATE),
        ({"maximum_power": 30.0, "minimum_hashrate": 500.0}, Limiting.NOTHING),
    ],
)
def test_a_limit_that_the_best_comes_near_to(
    limits: dict[str, float], expected: Limiting
) -> None:
    """One far away limits nothing."""
    assert limiting(**limits) is expected


def test_a_limit_that_more_load_met() -> None:
    """For efficiency it does not count: less is what that looks for."""
    beyond = tried(650, 1150, outcome=Outcome.LIMIT, limit="vr_temperature")
    assert limiting(beyond) is Limiting.VR_TEMPERATURE
    assert limiting(beyond, goal=Goal.EFFICIENCY) is Limiting.NOTHING
    below = tried(500, 1100, outcome=Outcome.LIMIT, limit="power")
    assert limiting(below) is Limiting.NOTHING


def test_the_end_of_the_range() -> None:
    """Of the clock, or of the voltage."""
    assert limiting(best=tried(800, 1250)) is Limiting.FREQUENCY_RANGE
    assert limiting(best=tried(450, 1000)) is Limiting.VOLTAGE_RANGE


@pytest.mark.parametrize("outcome", [Outcome.DARK, Outcome.LATCHED, Outcome.CRASHED])
def test_undervolted_chip(outcome: Outcome) -> None:
    """With less voltage for its clock it did not hash, or not all of it."""
    assert limiting(tried(600, 1090, outcome=outcome)) is Limiting.CHIP
    assert limiting(tried(600, 1200, outcome=outcome)) is Limiting.NOTHING
