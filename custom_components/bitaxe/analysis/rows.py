"""Single statistics rows of a miner."""

from dataclasses import dataclass, field

from .metrics import Metric


@dataclass(frozen=True, slots=True)
class Reported:
    """What a metric did within a row."""

    mean: float
    low: float
    high: float


@dataclass(slots=True, kw_only=True)
class Row:
    """All metrics in one statistics window of 5 minutes or an hour."""

    start: float
    """Unix time."""
    end: float
    """Unix time."""
    values: dict[Metric, Reported] = field(default_factory=dict)
    """Of metrics that are measured."""
    counts: dict[Metric, float] = field(default_factory=dict)
    """By how much counters grew."""

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
