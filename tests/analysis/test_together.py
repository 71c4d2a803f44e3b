"""The hashrate of several miners together."""

from collections.abc import Sequence
from datetime import UTC, datetime

from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.analysis.time_series import (
    Point,
    TimeSeries,
    sum_hashrates,
)

SPAN = Span.parse("1h", datetime(2026, 9, 21, tzinfo=UTC))


def series(
    miner: Miner, points: Sequence[tuple[float, float, float | None]]
) -> TimeSeries:
    """Return a time series of start, end and hashrate."""
    return TimeSeries(
        miner=miner,
        span=SPAN,
        points=tuple(
            Point(start=start, end=end, hashrate=hashrate)
            for start, end, hashrate in points
        ),
        changes=(),
        mean_hashrate=None,
    )


def test_hashrates_add_up(miner: Miner) -> None:
    """Where steps begin at the same moments."""
    all_series = [
        series(miner, [(0, 300, 1000), (300, 600, 1100)]),
        series(miner, [(0, 300, 500), (300, 600, 600)]),
    ]
    assert sum_hashrates(all_series) == [(0, 1500), (300, 1700)]


def test_steps_of_different_length(miner: Miner) -> None:
    """As where one miner has only hourly statistics left."""
    all_series = [
        series(miner, [(0, 600, 1000)]),
        series(miner, [(0, 300, 500), (300, 600, 600)]),
    ]
    assert sum_hashrates(all_series) == [(0, 1500), (300, 1600)]


def test_unknown_adds_nothing(miner: Miner) -> None:
    """A miner that is not there yet, or of which nothing is known."""
    all_series = [
        series(miner, [(0, 300, 1000), (300, 600, 1000), (600, 900, 1000)]),
        series(miner, [(300, 600, 500), (600, 900, None)]),
    ]
    assert sum_hashrates(all_series) == [(0, 1000), (300, 1500), (600, 1000)]


def test_gap_of_all_is_left_out(miner: Miner) -> None:
    """It is not a hashrate of zero."""
    all_series = [series(miner, [(0, 300, 1000.1), (900, 1200, 0.0)])]
    assert sum_hashrates(all_series) == [(0, 1000.1), (900, 0.0)]


def test_no_miner() -> None:
    """There is nothing."""
    assert sum_hashrates([]) == []
