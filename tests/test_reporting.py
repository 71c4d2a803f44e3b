"""When a value is written."""

import math
import random

import pytest

from custom_components.bitaxe.sensor.reporting import Counter, Measurement

HASHRATE = Measurement(resolution=0.002, step=0.25, relative=True)
TEMPERATURE = Measurement(resolution=0.25, step=3)


def test_the_first_value_is_reported_at_once() -> None:
    """Nobody waits a minute for a first figure."""
    reporter = TEMPERATURE.reporter()
    assert reporter.take(60.0, 100.0, at_once=False)
    assert reporter.value == 60.0


def test_a_steady_value_is_not_reported_again() -> None:
    """Not even after hours."""
    reporter = TEMPERATURE.reporter()
    reporter.take(60.0, 0.0, at_once=False)
    assert not any(
        reporter.take(60.0 + 0.1 * (now % 2), now * 10.0, at_once=False)
        for now in range(1, 1000)
    )


def test_a_move_is_reported_as_the_mean_of_its_minute() -> None:
    """Not as the value of the moment."""
    reporter = TEMPERATURE.reporter()
    reporter.take(60.0, 0.0, at_once=False)
    for now, value in ((10, 60), (20, 60), (30, 61), (40, 62), (50, 62)):
        assert not reporter.take(value, now, at_once=False)
    assert reporter.take(62.0, 60.0, at_once=False)
    assert reporter.value == pytest.approx((60 + 60 + 61 + 62 + 62 + 62) / 6)


def test_a_significant_step_is_reported_at_once() -> None:
    """With the value itself, because the mean of before no longer means anything."""
    reporter = TEMPERATURE.reporter()
    reporter.take(60.0, 0.0, at_once=False)
    assert reporter.take(64.0, 10.0, at_once=False)
    assert reporter.value == 64.0


def test_unknown_is_reported_at_once_and_so_is_its_end() -> None:
    """A gap in the data is a gap in the picture."""
    reporter = HASHRATE.reporter()
    reporter.take(1000.0, 0.0, at_once=False)
    assert reporter.take(None, 10.0, at_once=False)
    assert not reporter.take(None, 20.0, at_once=False)
    assert reporter.take(1000.0, 30.0, at_once=False)


def test_a_change_of_regime_starts_a_new_mean() -> None:
    """The mean of two operating points belongs to neither."""
    reporter = HASHRATE.reporter()
    reporter.take(1000.0, 0.0, at_once=False)
    reporter.take(1000.0, 50.0, at_once=False)
    assert reporter.take(1100.0, 55.0, at_once=True)
    assert reporter.value == 1100.0
    assert not reporter.take(1100.0, 110.0, at_once=False)


def test_zero_is_no_reason_to_divide() -> None:
    """A relative step from zero is any step."""
    reporter = HASHRATE.reporter()
    reporter.take(0.0, 0.0, at_once=False)
    assert not reporter.take(0.0, 10.0, at_once=False) or reporter.value == 0.0
    assert reporter.take(500.0, 20.0, at_once=False)


def test_a_counter_reports_with_the_minute() -> None:
    """However often it moves; but a counter that starts again says so at once."""
    reporter = Counter().reporter()
    written = [
        now for now in range(0, 600, 10) if reporter.take(now, now, at_once=False)
    ]
    assert written == list(range(0, 600, 60))
    assert reporter.take(0, 601, at_once=False)
    assert not reporter.take(0, 700, at_once=False)


def test_the_mean_of_a_ratio_is_a_ratio_of_sums() -> None:
    """Joules per terahash of a minute are its joules by its terahashes."""
    reporter = Measurement(resolution=0.01, step=100).reporter()
    powers, hashrates = [20.0] * 6, [2.0, 0.5, 1.0, 1.0, 2.0, 0.5]
    reporter.take(20.0, 0.0, at_once=False, weight=1.0)
    for now, (power, hashrate) in enumerate(zip(powers, hashrates, strict=True), 1):
        reporter.take(power / hashrate, now * 10.0, at_once=False, weight=hashrate)
    assert reporter.value == pytest.approx(sum(powers) / sum(hashrates))


def test_a_mean_without_weight_is_no_reason_to_divide() -> None:
    """A ratio whose denominator was zero throughout is what it is now."""
    reporter = TEMPERATURE.reporter()
    reporter.take(60.0, 0.0, at_once=False)
    assert reporter.take(61.0, 60.0, at_once=False, weight=0.0)
    assert reporter.value == 61.0


RATE = Measurement(resolution=0.05, step=5, interval=300, quick=0.25)


def test_a_rate_that_moves_much_is_shown_within_a_minute() -> None:
    """Whatever was reported last, and without a row for each poll."""
    reporter = RATE.reporter()
    reporter.take(0.1, 0.0, at_once=False)
    polled: list[float] = []
    writes = 0
    for step in range(1, 200):
        # Steady, then up by 2.4 points in ten minutes and down again, then steady.
        polled.append(0.1 + 0.04 * max(0, 60 - abs(step - 100)))
        writes += reporter.take(polled[-1], step * 10.0, at_once=False)
        assert reporter.value is not None
        assert any(abs(reporter.value - live) < 0.25 for live in polled[-7:])
    assert writes <= 25


def test_a_rate_that_hardly_moves_costs_few_rows() -> None:
    """Noise is shown as its mean, seldom."""
    reporter = RATE.reporter()
    reporter.take(0.3, 0.0, at_once=False)
    writes = sum(
        reporter.take(0.3 + 0.1 * (step % 2), step * 10.0, at_once=False)
        for step in range(1, 2000)
    )
    assert writes <= 1


def means(values: list[float], readings: int) -> list[float]:
    """Return the means of consecutive groups of readings."""
    return [
        sum(values[i : i + readings]) / readings
        for i in range(0, len(values) - readings + 1, readings)
    ]


def follow(values: list[float]) -> tuple[list[float], int]:
    """Return what an entity shows while these are polled, and how often it wrote."""
    reporter = HASHRATE.reporter()
    shown: list[float] = []
    writes = 0
    for step, value in enumerate(values):
        writes += reporter.take(value, step * 10.0, at_once=False)
        assert reporter.value is not None
        shown.append(reporter.value)
    return shown, writes


def test_each_five_minute_mean_of_a_drifting_value_stays_true() -> None:
    """3 % up and down within the hours cost at most 0.3 % in any five minutes."""
    polled = [1071 * (1 + 0.03 * math.sin(step / 360)) for step in range(6 * 360)]
    shown, writes = follow(polled)
    for truth, reported in zip(means(polled, 30), means(shown, 30), strict=True):
        assert reported == pytest.approx(truth, rel=0.003)
    assert writes < len(polled) / 6


@pytest.mark.parametrize("seed", range(5))
def test_noise_averages_out(seed: int) -> None:
    """Noise of 3 %, as hash counters have it, is not in the hourly statistics."""
    noise = random.Random(seed)
    polled = [1071 * noise.gauss(1, 0.03) for _ in range(6 * 360)]
    shown, writes = follow(polled)
    for truth, reported in zip(means(polled, 360), means(shown, 360), strict=True):
        assert reported == pytest.approx(truth, rel=0.003)
    assert writes <= len(polled) / 6 + 1
