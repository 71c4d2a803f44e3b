"""Series of values over time. Pure."""

from collections import deque
from dataclasses import dataclass
from itertools import pairwise
from math import fsum, sqrt
from statistics import median_low
from typing import Final

from .description import Mark, Samples, is_drawable

SHORT_AVERAGE: Final = 15 * 60.0
"""Seconds of the short moving average."""
LONG_AVERAGE: Final = 24 * 3600.0
"""Seconds of the long moving average."""
# Statistics are 5 minutes apart, and an hour where they are old: what a gap is differs
# along one series.
_NEIGHBOURS: Final = 6
_GAP_STEPS: Final = 2.5
_COVERED: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The operating point was changed."""

    time: float
    """Unix time."""
    label: str = ""
    """What it was changed to, for example "550/1100"."""

    def as_mark(self) -> Mark:
        """Return how it is drawn."""
        return Mark(time=self.time, label=self.label)


@dataclass(frozen=True, slots=True)
class _Held:
    """A value and for how many seconds it stands."""

    time: float
    value: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Typical:
    """What a series is about."""

    mean: float
    """Over time."""
    variation: float | None
    """Coefficient of variation in %; `None` for fewer than two values."""


def _usual_steps(samples: Samples) -> list[tuple[float, float]]:
    """Return the step after each sample, and the usual step around it."""
    steps = [later - earlier for (earlier, _), (later, _) in pairwise(samples)]
    return [
        (
            step,
            median_low(steps[max(index - _NEIGHBOURS, 0) : index + _NEIGHBOURS + 1]),
        )
        for index, step in enumerate(steps)
    ]


def with_gaps(samples: Samples) -> Samples:
    """Return the samples with an unknown value where some are missing."""
    result: list[tuple[float, float | None]] = []
    for (time, value), (step, usual) in zip(
        samples, [*_usual_steps(samples), (0.0, 0.0)], strict=False
    ):
        result.append((time, value))
        if step > _GAP_STEPS * usual:
            result.append((time + step / 2, None))
    return result


def moving_average(samples: Samples, window: float) -> Samples:
    """Return the mean over the last `window` seconds at each sample.

    Over real time, however far apart the samples are: each counts for as long as it
    stands. Unknown while less than half of the window is known, and where a single
    sample stands for longer than the window.
    """
    result: list[tuple[float, float | None]] = []
    inside: deque[_Held] = deque()
    held = deque(_hold(samples))
    for time, _ in samples:
        while held and held[0].time <= time:
            inside.append(held.popleft())
        while inside and inside[0].time <= time - window:
            inside.popleft()
        covered = fsum(item.seconds for item in inside)
        value = None
        coarse = any(item.seconds > window for item in inside)
        if covered and covered >= _COVERED * window and not coarse:
            value = fsum(item.value * item.seconds for item in inside) / covered
        result.append((time, value))
    return result


def typical(samples: Samples) -> Typical | None:
    """Return mean and variation; `None` if no value is known."""
    held = _hold(samples)
    if not held:
        return None
    total = fsum(item.seconds for item in held)
    if not total:
        held = [_Held(item.time, item.value, 1.0) for item in held]
        total = float(len(held))
    mean = fsum(item.value * item.seconds for item in held) / total
    if len(held) < 2 or not mean:
        return Typical(mean, None)
    variance = fsum((item.value - mean) ** 2 * item.seconds for item in held) / total
    return Typical(mean, sqrt(variance) / abs(mean) * 100)


def usual_steps(samples: Samples) -> set[float]:
    """Return in s how far samples are apart; old ones are farther apart than new."""
    return {usual for _, usual in _usual_steps(samples)}


def within(samples: Samples, start: float, end: float) -> Samples:
    """Return the samples from `start` to `end`."""
    return [sample for sample in samples if start <= sample[0] <= end]


def _hold(samples: Samples) -> list[_Held]:
    steps = _usual_steps(samples)
    last = steps[-1][1] if steps else 0.0
    return [
        _Held(time, value, usual if step > _GAP_STEPS * usual else step)
        for (time, value), (step, usual) in zip(
            samples, [*steps, (last, last)], strict=False
        )
        if is_drawable(value)
    ]
