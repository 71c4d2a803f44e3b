"""How evenly a miner hashes, over windows that end now."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean, median, stdev
from typing import Final

from .averages import Piece, bucket_means

# Makes the median absolute deviation of a normal distribution its standard deviation.
_NORMAL: Final = 1.4826
_FEWEST_BUCKETS: Final = 3
# Mean and median this many % apart say that a few buckets stand out.
_SKEWED: Final = 1.0


@dataclass(frozen=True, slots=True)
class Window:
    """A span, and the buckets it is cut into."""

    name: str
    seconds: float
    bucket_seconds: float


WINDOWS: Final = (
    Window("1h", 3600, 120),
    Window("4h", 4 * 3600, 300),
    Window("8h", 8 * 3600, 600),
    Window("24h", 86400, 3600),
    Window("3d", 3 * 86400, 7200),
)
"""The windows and buckets hobbyists know from bitaxe-monitor."""


class StabilityLabel(StrEnum):
    """What a bucket variance is called; below 30, 50, 70, 90 %, or more."""

    EXCELLENT = "excellent"
    STABLE = "stable"
    ACCEPTABLE = "acceptable"
    VARIABLE = "variable"
    UNSTABLE = "unstable"


_LABELS: Final = (
    (30.0, StabilityLabel.EXCELLENT),
    (50.0, StabilityLabel.STABLE),
    (70.0, StabilityLabel.ACCEPTABLE),
    (90.0, StabilityLabel.VARIABLE),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How evenly a miner hashed within a window, without idle time."""

    window: Window
    coverage: float
    """% of the window's buckets in which the miner hashed."""
    mean: float
    """GH/s."""
    median: float
    """GH/s."""
    bucket_variance: float
    """(highest - lowest bucket) / mean in %."""
    label: StabilityLabel
    variation: float
    """Coefficient of variation of the buckets in %."""
    robust_variation: float
    """The same from the median absolute deviation: one odd bucket does not matter."""
    skewed: bool
    """Whether mean and median differ by more than 1 %."""


def measure_stability(
    window: Window, pieces: Sequence[Piece], end: float
) -> Stability | None:
    """Return how even a hashrate in GH/s was; `None` if there is too little of it."""
    running = [piece for piece in pieces if piece.value > 0]
    means = bucket_means(running, end - window.seconds, end, window.bucket_seconds)
    if len(means) < _FEWEST_BUCKETS:
        return None
    mean, middle = fmean(means), median(means)
    variance = (max(means) - min(means)) / mean * 100
    deviation = median(abs(value - middle) for value in means)
    return Stability(
        window=window,
        coverage=len(means) / (window.seconds / window.bucket_seconds) * 100,
        mean=mean,
        median=middle,
        bucket_variance=variance,
        label=next(
            (label for limit, label in _LABELS if variance < limit),
            StabilityLabel.UNSTABLE,
        ),
        variation=stdev(means) / mean * 100,
        robust_variation=_NORMAL * deviation / middle * 100,
        skewed=abs(mean - middle) / mean * 100 > _SKEWED,
    )
