"""Single rows of a miner: of the statistics, or of what was read a moment ago."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from .metrics import Metric


@dataclass(frozen=True, slots=True)
class Reported:
    """What a metric did within a row."""

    mean: float
    low: float
    high: float


@dataclass(slots=True, kw_only=True)
class Row:
    """All metrics in one stretch of time: 5 minutes, an hour, or a part of them."""

    start: float
    """Unix time."""
    end: float
    """Unix time."""
    values: dict[Metric, Reported] = field(default_factory=dict)
    """Of metrics that are measured."""
    counts: dict[Metric, float] = field(default_factory=dict)
    """By how much counters grew."""
    watched: float | None = None
    """Seconds of it in which the miner was watched; `None` for all of it."""

    @property
    def seconds(self) -> float:
        """Time that the row covers, in s."""
        return self.end - self.start if self.watched is None else self.watched

    def mean(self, metric: Metric) -> float | None:
        """Return the mean of a metric, if known."""
        reported = self.values.get(metric)
        return reported.mean if reported is not None else None

    @property
    def is_mixed(self) -> bool:
        """Whether a setting changed in it."""
        return any(
            (reported := self.values.get(metric)) is not None
            and reported.low != reported.high
            for metric in (Metric.FREQUENCY, Metric.CORE_VOLTAGE)
        )

    def clip(self, start: float, end: float) -> Self | None:
        """Return the part between two moments; `None` if there is none.

        Means are taken to be those of the whole row, and counters to grow evenly.
        """
        start, end = max(start, self.start), min(end, self.end)
        if start >= end:
            return None
        share = (end - start) / (self.end - self.start)
        if share == 1:
            return self
        return replace(
            self,
            start=start,
            end=end,
            counts={metric: count * share for metric, count in self.counts.items()},
            watched=None if self.watched is None else self.watched * share,
        )


def join_rows(rows: Sequence[Row]) -> Row:
    """Return rows that follow one another as one; there may be gaps between them."""
    seconds: dict[Metric, float] = {}
    areas: dict[Metric, float] = {}
    lows: dict[Metric, float] = {}
    highs: dict[Metric, float] = {}
    counts: dict[Metric, float] = {}
    # Each minute of each miner comes here, so it is one loop without generators.
    for row in rows:
        lasted = row.seconds
        for metric, reported in row.values.items():
            if metric not in seconds:
                seconds[metric] = areas[metric] = 0.0
                lows[metric], highs[metric] = reported.low, reported.high
            seconds[metric] += lasted
            areas[metric] += lasted * reported.mean
            lows[metric] = min(lows[metric], reported.low)
            highs[metric] = max(highs[metric], reported.high)
        for metric, count in row.counts.items():
            counts[metric] = counts.get(metric, 0.0) + count
    return Row(
        start=rows[0].start,
        end=rows[-1].end,
        values={
            metric: Reported(areas[metric] / lasted, lows[metric], highs[metric])
            for metric, lasted in seconds.items()
        },
        counts=counts,
        watched=sum(row.seconds for row in rows),
    )
