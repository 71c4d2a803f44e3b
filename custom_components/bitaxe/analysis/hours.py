"""Makes hours of samples that somebody else has taken. Pure.

A sample holds until the next one, but not for long: what happened in a gap is unknown.
Means are weighted by that time, energy is power x time, and a counter adds what it grew
by.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..const import JOULES_PER_KWH
from .metrics import COUNTERS, Metric

HOUR: Final = 3600.0
_GROWING: Final = (Metric.SHARES_ACCEPTED, Metric.SHARES_REJECTED)


@dataclass(frozen=True, slots=True)
class Sample:
    """What a miner reported at one moment."""

    time: float
    """Unix time."""
    values: Mapping[Metric, float]
    """In the units of the analysis; what is missing is unknown."""


@dataclass(slots=True)
class Mean:
    """A mean weighted by time, with the lowest and highest value."""

    weighted: float = 0.0
    seconds: float = 0.0
    low: float = 0.0
    high: float = 0.0

    @property
    def value(self) -> float:
        """The mean."""
        return self.weighted / self.seconds

    def add(self, value: float, seconds: float) -> None:
        """Take a value that held for a while."""
        self.low = value if not self.seconds else min(self.low, value)
        self.high = value if not self.seconds else max(self.high, value)
        self.weighted += value * seconds
        self.seconds += seconds


@dataclass(slots=True)
class Hour:
    """One hour of a miner."""

    start: float
    """Unix time, a whole number of hours."""
    covered: float = 0.0
    """Seconds of it that are known."""
    means: dict[Metric, Mean] = field(default_factory=dict)
    sums: dict[Metric, float] = field(default_factory=dict)
    """What counters grew by; kWh for energy."""


def hours_of(samples: Iterable[Sample], longest: float) -> Iterator[Hour]:
    """Yield the hours of samples in the order of time.

    Args:
        samples: In the order of time; one that is not later than the one before is
            passed over.
        longest: s for which a sample holds at most.

    """
    hour: Hour | None = None
    before: Sample | None = None
    for sample in samples:
        if before is not None and sample.time <= before.time:
            continue
        if before is not None:
            end = min(sample.time, before.time + longest)
            start = before.time
            while start < end:
                if hour is None or start >= hour.start + HOUR:
                    if hour is not None:
                        yield hour
                    hour = Hour(start // HOUR * HOUR)
                until = min(end, hour.start + HOUR)
                _hold(hour, before, until - start)
                start = until
            if hour is None or sample.time >= hour.start + HOUR:
                if hour is not None:
                    yield hour
                hour = Hour(sample.time // HOUR * HOUR)
            _grow(hour, before, sample)
        before = sample
    if hour is not None:
        yield hour


def _hold(hour: Hour, sample: Sample, seconds: float) -> None:
    hour.covered += seconds
    for metric, value in sample.values.items():
        if metric not in COUNTERS:
            hour.means.setdefault(metric, Mean()).add(value, seconds)
    if (power := sample.values.get(Metric.POWER)) is not None:
        energy = power * seconds / JOULES_PER_KWH
        hour.sums[Metric.ENERGY] = hour.sums.get(Metric.ENERGY, 0.0) + energy


def _grow(hour: Hour, before: Sample, after: Sample) -> None:
    for metric in _GROWING:
        old, new = before.values.get(metric), after.values.get(metric)
        if old is None or new is None:
            continue
        # After a restart of the miner its counters begin at zero.
        grown = new - old if new >= old else new
        hour.sums[metric] = hour.sums.get(metric, 0.0) + grown
