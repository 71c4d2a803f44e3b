"""Spans, estimates, averages, stability and prices."""

from datetime import UTC, datetime, timedelta
from math import sqrt
import random
from statistics import fmean, stdev

import pytest

from custom_components.bitaxe.analysis.averages import (
    Piece,
    bucket_means,
    moving_average,
    pieces_of_states,
)
from custom_components.bitaxe.analysis.errors import InvalidSpanError
from custom_components.bitaxe.analysis.estimate import (
    Estimate,
    Part,
    differ,
    estimate_ratio,
    standard_errors_apart,
)
from custom_components.bitaxe.analysis.prices import Prices, price_factor
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.analysis.stability import (
    WINDOWS,
    StabilityLabel,
    Window,
    measure_stability,
)

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("90m", timedelta(minutes=90)),
        ("24h", timedelta(days=1)),
        (" 7 D ", timedelta(days=7)),
        ("2w", timedelta(days=14)),
        ("1y", timedelta(days=365)),
    ],
)
def test_named_spans_end_now(text: str, length: timedelta) -> None:
    """As people write them."""
    span = Span.parse(text, NOW)
    assert (span.start, span.end) == (NOW - length, NOW)
    assert not span.is_all


def test_all_reaches_back_before_any_miner() -> None:
    """There were no bitcoins before 2009."""
    span = Span.parse("All", NOW)
    assert span.is_all
    assert span.start.year == 2009


@pytest.mark.parametrize("text", ["", "0h", "-1d", "24", "h", "24 hours", "999999d"])
def test_no_span(text: str) -> None:
    """The error shows what was given."""
    with pytest.raises(InvalidSpanError) as info:
        Span.parse(text, NOW)
    assert info.value.placeholders == {"span": text}


def test_span_between_two_moments() -> None:
    """The end must be later."""
    assert Span.between(NOW, NOW + timedelta(hours=1)).seconds == 3600
    with pytest.raises(InvalidSpanError):
        Span.between(NOW, NOW)


def _mean_of(values: list[float]) -> Estimate:
    mean = fmean(values)
    estimate = estimate_ratio(
        [Part(value, 1) for value in values],
        rows=len(values),
        row_residuals=sum((value - mean) ** 2 for value in values),
    )
    assert estimate is not None
    return estimate


def test_standard_error_of_independent_draws() -> None:
    """It is that of the textbook, and not much more."""
    values = [random.Random(seed).gauss(100, 5) for seed in range(400)]
    estimate = _mean_of(values)
    textbook = stdev(values) / sqrt(400)
    assert estimate.value == pytest.approx(100, abs=1)
    assert estimate.error is not None
    assert textbook * 0.99 <= estimate.error <= textbook * 2


def test_standard_error_knows_that_a_day_has_a_pattern() -> None:
    """What lasts for hours counts once, not with every window."""
    rng = random.Random(1)
    level, values = 0.0, []
    for _ in range(2000):
        level = 0.97 * level + rng.gauss(0, 1)
        values.append(100 + level)
    estimate = _mean_of(values)
    # The true standard error of such a process is 1 / (1 - 0.97) / sqrt(n).
    truth = 1 / 0.03 / sqrt(2000)
    assert estimate.error is not None
    assert truth * 0.5 < estimate.error < truth * 2
    assert estimate.error > 3 * stdev(values) / sqrt(2000)


def test_nothing_is_known_without_work() -> None:
    """Nor is there an error from a single window."""
    assert estimate_ratio([], rows=0, row_residuals=0) is None
    assert estimate_ratio([Part(1, 0)], rows=1, row_residuals=0) is None
    single = estimate_ratio([Part(3, 2)], rows=1, row_residuals=0)
    assert single == Estimate(1.5, None)


def test_differences_need_two_standard_errors() -> None:
    """And both figures an error."""
    assert standard_errors_apart(Estimate(10, 3), Estimate(20, 4)) == 2
    assert differ(Estimate(10, 3), Estimate(20, 4))
    assert not differ(Estimate(10, 3), Estimate(19, 4))
    assert not differ(Estimate(10), Estimate(20, 1))
    assert differ(Estimate(10, 0), Estimate(20, 0))
    assert not differ(Estimate(10, 0), Estimate(10, 0))


def test_buckets_weigh_by_time() -> None:
    """A piece over the edge counts in both, a hardly known bucket not at all."""
    pieces = [Piece(0, 90, 10), Piece(90, 150, 40), Piece(240, 260, 99)]
    assert bucket_means(pieces, 0, 360, 120) == [
        pytest.approx((90 * 10 + 30 * 40) / 120)
    ]
    assert bucket_means([Piece(-50, 500, 7)], 0, 240, 120) == [7, 7]


def test_states_hold_until_they_change() -> None:
    """The first may be older than the span; unknown is a gap."""
    states = [(5.0, 1.0), (30.0, None), (40.0, 2.0)]
    assert pieces_of_states([], 10, 60) == []
    assert pieces_of_states(states, 10, 60) == [Piece(10, 30, 1), Piece(40, 60, 2)]


def test_moving_average_is_over_real_time() -> None:
    """Three buckets are 15 minutes only while each takes five."""
    pieces = [Piece(t, t + 300, t / 300) for t in range(0, 3000, 300)]
    averages = list(moving_average(pieces, 900))
    assert averages[:3] == [None, pytest.approx(0.5), pytest.approx(1)]
    assert averages[-1] == pytest.approx(8)


def test_moving_average_takes_parts_of_a_piece() -> None:
    """Windows and pieces need not fit each other."""
    pieces = [Piece(0, 600, 10), Piece(600, 1200, 40)]
    assert list(moving_average(pieces, 900)) == [
        10,
        pytest.approx((300 * 10 + 600 * 40) / 900),
    ]


def test_moving_average_ends_at_a_gap() -> None:
    """Less than half of the window is no mean of it."""
    pieces = [Piece(0, 300, 1), Piece(300, 600, 1), Piece(3000, 3300, 5)]
    assert list(moving_average(pieces, 900)) == [None, 1, None]


def test_no_quarter_of_an_hour_in_hourly_rows() -> None:
    """The seed's 15-minute average became one of 52 minutes at 7 days."""
    pieces = [Piece(t, t + 3600, 1) for t in range(0, 36000, 3600)]
    assert set(moving_average(pieces, 900)) == {None}
    assert list(moving_average(pieces, 7200))[-1] == 1


def test_windows_are_those_hobbyists_know() -> None:
    """Length in minutes, and buckets."""
    assert {
        item.name: (item.seconds / 60, round(item.seconds / item.bucket_seconds))
        for item in WINDOWS
    } == {
        "1h": (60, 30),
        "4h": (240, 48),
        "8h": (480, 48),
        "24h": (1440, 24),
        "3d": (4320, 36),
    }


def test_stability_of_known_buckets() -> None:
    """One bucket of 40 among nine of 100, and all measures of it."""
    window = Window("test", 1000, 100)
    values = [100.0] * 9 + [40.0]
    pieces = [Piece(n * 100, n * 100 + 100, value) for n, value in enumerate(values)]

    found = measure_stability(window, pieces, 1000)

    assert found is not None
    assert found.mean == 94
    assert found.median == 100
    assert found.bucket_variance == pytest.approx(60 / 94 * 100)
    assert found.label is StabilityLabel.ACCEPTABLE
    assert found.variation == pytest.approx(stdev(values) / 94 * 100)
    assert found.robust_variation == 0
    assert found.skewed
    assert found.coverage == 100


@pytest.mark.parametrize(
    ("spread", "label"),
    [
        (28, StabilityLabel.EXCELLENT),
        (48, StabilityLabel.STABLE),
        (68, StabilityLabel.ACCEPTABLE),
        (88, StabilityLabel.VARIABLE),
        (92, StabilityLabel.UNSTABLE),
    ],
)
def test_the_label_follows_the_bucket_variance(
    spread: float, label: StabilityLabel
) -> None:
    """The label follows the bucket variance."""
    values = (100 - spread / 2, 100.0, 100 + spread / 2)
    pieces = [Piece(n * 100, n * 100 + 100, value) for n, value in enumerate(values)]
    found = measure_stability(Window("test", 300, 100), pieces, 300)
    assert found is not None
    assert found.label is label
    assert not found.skewed


def test_idle_time_is_not_unsteady() -> None:
    """A pause lowers the coverage, not the stability."""
    pieces = [Piece(0, 500, 100), Piece(500, 800, 0), Piece(800, 1000, 100)]
    found = measure_stability(Window("test", 1000, 100), pieces, 1000)
    assert found is not None
    assert found.bucket_variance == 0
    assert found.coverage == 70
    assert measure_stability(Window("test", 1000, 100), pieces[1:2], 1000) is None


def test_prices_step() -> None:
    """Before the first known one, the fixed price holds."""
    steps = [(100.0, 0.2), (200.0, 0.4)]
    assert Prices(0.3, steps).mean(0, 50) == 0.3
    assert Prices(0.3, steps).mean(50, 250) == pytest.approx(
        (50 * 0.3 + 100 * 0.2 + 50 * 0.4) / 200
    )
    assert Prices(None, steps).mean(50, 250) is None
    assert Prices(None, steps).mean(150, 250) == pytest.approx(0.3)
    assert Prices(None, steps).present == 0.4
    assert Prices(0.3).mean(0, 1) == 0.3
    assert Prices(0.3).mean(1, 1) is None


@pytest.mark.parametrize(
    ("unit", "factor"),
    [
        ("Rp/kWh", 1),
        *[("EUR/kWh", 1), ("GBP/kWh", 1), ("PLN/kWh", 1), ("CHF/kWh", 1), (None, 1)],
        *[("ct/kWh", 0.01), ("cts/kWh", 0.01), ("c€/kWh", 0.01), ("Pence/kWh", 0.01)],
        *[("snt/kWh", 0.01), ("gr/kWh", 0.01), ("Öre/kWh", 0.01)],
        *[("EUR/MWh", 0.001), ("€/Wh", 1000), ("gr/MWh", 1e-5)],
        *[("ct / kWh", 0.01), ("cents per kWh", 0.01), ("EUR per MWh", 0.001)],
        *[
            ("groszy/kWh", 0.01),
            ("Paise/kWh", 0.01),
            ("SEK/kWh", 1),
            ("kr / MWh", 0.001),
        ],
    ],
)
def test_price_units(unit: str | None, factor: float) -> None:
    """Tariffs are quoted in many."""
    assert price_factor(unit, "EUR") == pytest.approx(factor)


@pytest.mark.parametrize("unit", ["Rp/kWh", "Rp./kWh", "Rappen/kWh"])
def test_rappen_and_rupiah(unit: str) -> None:
    """One abbreviation, and a hundredth or a whole one."""
    assert price_factor(unit, "CHF") == pytest.approx(0.01)
    assert price_factor(unit, "IDR") == 1
