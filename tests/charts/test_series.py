"""Gaps, averages and summaries of series."""

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.bitaxe.results.charts.description import Samples
from custom_components.bitaxe.results.charts.series import (
    moving_average,
    typical,
    usual_steps,
    with_gaps,
    within,
)

FIVE = 300.0
HOUR = 3600.0


def every(step: float, *values: float | None, start: float = 0.0) -> Samples:
    """Return values a step apart."""
    return [(start + index * step, value) for index, value in enumerate(values)]


def test_missing_samples_are_a_gap() -> None:
    """A line must not run through hours without data."""
    samples = [*every(FIVE, 1, 2, 3), *every(FIVE, 4, 5, 6, start=HOUR)]
    assert [value for _, value in with_gaps(samples)] == [1, 2, 3, None, 4, 5, 6]


def test_hourly_samples_before_five_minute_ones_are_no_gaps() -> None:
    """What is far apart is judged by the neighbours."""
    samples = [
        *every(HOUR, *[1.0] * 24),
        *every(FIVE, *[2.0] * 24, start=24 * HOUR),
    ]
    assert with_gaps(samples) == samples
    assert usual_steps(samples) == {FIVE, HOUR}


def test_a_gap_in_hourly_samples() -> None:
    """Several hours without a row are a gap there as well."""
    samples = [*every(HOUR, *[1.0] * 12), *every(HOUR, *[1.0] * 12, start=20 * HOUR)]
    assert [value for _, value in with_gaps(samples)].index(None) == 12


def test_average_over_real_time() -> None:
    """15 minutes are three samples of 5 minutes."""
    average = moving_average(every(FIVE, 3, 6, 9, 12), 900)
    assert [value for _, value in average] == [None, 4.5, 6, 9]


def test_average_needs_half_of_its_window() -> None:
    """A day's average is not claimed after an hour, but after twelve."""
    average = moving_average(every(HOUR, *[5.0] * 30), 24 * HOUR)
    assert [value for _, value in average] == [None] * 11 + [5.0] * 19


def test_average_forgets_what_lies_before_a_gap() -> None:
    """After an outage it starts anew once half of the window is known."""
    samples = [*every(FIVE, *[1.0] * 12), *every(FIVE, *[7.0] * 6, start=4 * HOUR)]
    assert [value for _, value in moving_average(samples, 900)][12:] == [
        None,
        *[7.0] * 5,
    ]


def test_average_weighs_by_time() -> None:
    """An hourly mean counts as much as twelve of 5 minutes."""
    samples = [*every(HOUR, *[10.0] * 12), *every(FIVE, *[40.0] * 72, start=12 * HOUR)]
    _, value = moving_average(samples, 18 * HOUR)[-1]
    assert value == pytest.approx((12 * 10 + 6 * 40) / 18)


def test_no_average_finer_than_the_samples() -> None:
    """Hourly means know nothing of 15 minutes."""
    assert not any(
        value is not None for _, value in moving_average(every(HOUR, 1, 2, 3), 900)
    )


def test_unknown_is_not_zero() -> None:
    """Unknown values count neither as 0 nor as anything else."""
    samples = every(FIVE, 10, None, 10, float("nan"), 10, float("inf"))
    summary = typical(samples)
    assert summary is not None
    assert summary.mean == pytest.approx(10)
    assert summary.variation == pytest.approx(0)


def test_summary() -> None:
    """The coefficient of variation is the spread over the mean."""
    summary = typical(every(FIVE, 90, 110, 90, 110))
    assert summary is not None
    assert summary.mean == pytest.approx(100)
    assert summary.variation == pytest.approx(10)


def test_summary_of_one_value_and_of_none() -> None:
    """One value has no spread, and none has no mean."""
    summary = typical(every(FIVE, 90))
    assert summary is not None
    assert (summary.mean, summary.variation) == (90, None)
    assert typical(every(FIVE, None, None)) is None
    assert typical([]) is None


def test_within_a_span() -> None:
    """Both ends belong to it."""
    samples = every(FIVE, 1, 2, 3, 4)
    assert within(samples, FIVE, 2 * FIVE) == samples[1:3]


@settings(deadline=None)
@given(
    values=st.lists(st.none() | st.floats(-1e6, 1e6), max_size=60),
    steps=st.lists(st.floats(1, 1e5), min_size=60, max_size=60),
    window=st.floats(1, 1e6),
)
def test_averages_lie_between_the_values(
    values: list[float | None], steps: list[float], window: float
) -> None:
    """Whatever the samples, in the same places."""
    time, samples = 0.0, []
    for value, step in zip(values, steps, strict=False):
        time += step
        samples.append((time, value))
    known = [value for value in values if value is not None]
    average = moving_average(samples, window)
    assert [time for time, _ in average] == [time for time, _ in samples]
    for _, value in average:
        if value is not None:
            assert min(known) - 1e-6 <= value <= max(known) + 1e-6
