"""From values to pixels. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_MARGIN: Final = 0.06
# Less than this share of the values themselves is rounding, not a difference.
_FLAT: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Scale:
    """Where a value lies along one direction of a picture."""

    low: float
    high: float
    from_pixel: float
    to_pixel: float

    def pixel(self, value: float) -> float:
        """Return the place of a value; what lies outside is put on the edge."""
        share = (value - self.low) / (self.high - self.low)
        return self.from_pixel + min(max(share, 0.0), 1.0) * (
            self.to_pixel - self.from_pixel
        )

    def holds(self, value: float) -> bool:
        """Return whether a value lies within."""
        return self.low <= value <= self.high


def bounds(
    values: Iterable[float], *, margin: float = _MARGIN, most: float | None = None
) -> tuple[float, float] | None:
    """Return the ends of an axis with some room around the values.

    Never below 0 if no value is. `None` without values.
    """
    known = list(values)
    if not known:
        return None
    low, high = min(known), max(known)
    if most is not None and low < most < high:
        high = most
        margin = 0.0 if high - low <= 0 else margin
    size = max(abs(low), abs(high))
    if high - low <= size * _FLAT:
        spare = size * 0.05 or 1.0
    else:
        spare = (high - low) * margin
    return (low - spare if low < 0 else max(low - spare, 0.0)), high + spare
