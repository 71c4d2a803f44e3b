"""Decides when a value is worth a database row.

Home Assistant records every state that is written. A miner polled every 10 s would fill
a Raspberry Pi's disk with noise, so entities report instead of echoing: a measurement
reports its mean, seldom; a counter reports with the minute; a state reports on change.
Five-minute statistics stay true to the polled values within the resolution.
"""

from dataclasses import dataclass
from typing import Final, Protocol

from ..const import COUNTER_INTERVAL

HEARTBEAT: Final = 30.0
"""Seconds between two reports of the swarm's energy, which is never rounded and
therefore always moves: after a power cut they say until when anything ran."""
MEASUREMENT_INTERVAL: Final = 60.0
"""Seconds between two reports of a measurement that moves."""

type Value = float | None


class Reporter(Protocol):
    """Decides what an entity writes."""

    def take(
        self, value: Value, now: float, *, at_once: bool, weight: float = 1.0
    ) -> bool:
        """Take in a value polled at `now` s; return whether `value` is to be written.

        `now` is of a clock that nobody sets. A ratio is weighted with its denominator,
        so that its mean is a ratio of sums and not a mean of ratios.
        """

    @property
    def value(self) -> Value:
        """The value to show."""


@dataclass(frozen=True, slots=True)
class Measurement:
    """How a measurement reports.

    `resolution` is the smallest move of the mean a person or the analysis could care
    about, `step` a departure of the polled value that is reported at once. Both are in
    the measurement's unit, or shares of the last report where `relative` is true.
    """

    resolution: float
    step: float
    relative: bool = False
    interval: float = MEASUREMENT_INTERVAL
    quick: float | None = None
    """A departure of the polled value that is reported within a minute, as it is: for
    what is a mean already, and would lag behind itself as a mean of means."""

    def reporter(self) -> Reporter:
        """Return a reporter for one entity."""
        return _MeasurementReporter(self)


@dataclass(frozen=True, slots=True)
class Counter:
    """How a counter reports: with the minute, if it moved."""

    interval: float = COUNTER_INTERVAL

    def reporter(self) -> Reporter:
        """Return a reporter for one entity."""
        return _CounterReporter(self.interval)


class _CounterReporter:
    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._reported_at = 0.0
        self._value: Value = None

    @property
    def value(self) -> Value:
        return self._value

    def take(
        self, value: Value, now: float, *, at_once: bool, weight: float = 1.0
    ) -> bool:
        due = (
            at_once
            or self._value is None
            or value is None
            # A counter that starts again must not look like one that jumped.
            or value < self._value
            or now - self._reported_at >= self._interval
        )
        if value == self._value or not due:
            return False
        self._value = value
        self._reported_at = now
        return True


class _MeasurementReporter:
    """Reports the time-weighted mean of the last interval.

    A mean since the last report would lag more the longer nothing was worth reporting.
    """

    def __init__(self, policy: Measurement) -> None:
        self._policy = policy
        self._value: Value = None
        self._started_at = 0.0
        self._last_at = 0.0
        self._area = 0.0
        self._weights = 0.0

    @property
    def value(self) -> Value:
        return self._value

    def take(
        self, value: Value, now: float, *, at_once: bool, weight: float = 1.0
    ) -> bool:
        """Take in a value that has held since the value before it."""
        if value is None or self._value is None:
            changed = value is not self._value
            self._restart(value, now)
            return changed
        scale = abs(self._value) if self._policy.relative else 1.0
        if at_once or abs(value - self._value) >= self._policy.step * scale:
            changed = value != self._value
            self._restart(value, now)
            return changed
        quick = self._policy.quick
        if (
            quick is not None
            and abs(value - self._value) >= quick * scale
            and now - self._started_at >= MEASUREMENT_INTERVAL
        ):
            self._restart(value, now)
            return True
        lasted = weight * (now - self._last_at)
        self._area += value * lasted
        self._weights += lasted
        self._last_at = now
        if now - self._started_at < self._policy.interval:
            return False
        mean = self._area / self._weights if self._weights else value
        moved = abs(mean - self._value) >= self._policy.resolution * scale
        self._restart(mean if moved else self._value, now)
        return moved

    def _restart(self, value: Value, now: float) -> None:
        self._value = value
        self._started_at = self._last_at = now
        self._area = self._weights = 0.0
