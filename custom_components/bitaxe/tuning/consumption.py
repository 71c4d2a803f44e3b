"""Power at operating points that were not measured.

`P = c + k · ASICs · MHz · V²` fits public benchmarks of one to four ASICs to about 2 %.
Both constants are learnt from the miner itself; the number of ASICs is part of k here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import math
from typing import Final

# Share of the constant part in the power of a first, known point. Fits of boards of all
# kinds, with what the firmware adds for fan and controller, lie between 6 and 32 %.
_CONSTANT_SHARE: Final = 0.18
_CONSTANT_SIGMA: Final = 0.08
_MEASURED: Final = 0.005
# Relative error of the formula itself, per factor e between load and what was measured.
_MODEL: Final = 0.03
# Share of the expected rise with the load that there is at least.
_LEAST_SLOPE: Final = 0.4
# How far, in the same measure, the error of a measured point predicts that of others.
_NEAR: Final = 0.15


@dataclass(frozen=True, slots=True)
class PowerSeen:
    """W that were measured at MHz and mV."""

    frequency: float
    core_voltage: float
    power: float


def load(frequency: float, core_voltage: float) -> float:
    """Return what the variable part of the power is proportional to, in MHz · V²."""
    return frequency * (core_voltage / 1000) ** 2


class Consumption:
    """The power model after all that was measured."""

    def __init__(self, seen: Sequence[PowerSeen]) -> None:
        """Fit the two constants; needs at least one measured point."""
        first = seen[0]
        constant = _CONSTANT_SHARE * first.power
        slope = (first.power - constant) / load(first.frequency, first.core_voltage)
        # Normal equations of a linear fit with a prior on the constant part. That of
        # the slope is wide: the first point ties it to the constant.
        prior = (_CONSTANT_SIGMA * first.power) ** -2
        wide = (0.5 * slope) ** -2
        a, b, d = prior, 0.0, wide
        u, v = prior * constant, wide * slope
        for item in seen:
            weight = (_MEASURED * item.power) ** -2
            x = load(item.frequency, item.core_voltage)
            a += weight
            b += weight * x
            d += weight * x * x
            u += weight * item.power
            v += weight * item.power * x
        determinant = a * d - b * b
        self.constant = (d * u - b * v) / determinant
        self.slope = (a * v - b * u) / determinant
        if self.slope < _LEAST_SLOPE * slope or self.constant < 0:
            # No miner draws less with more load: one of the readings was of another
            # state.
            self.slope = max(self.slope, _LEAST_SLOPE * slope)
            self.slope = min(self.slope, slope / (1 - _CONSTANT_SHARE))
            there = load(first.frequency, first.core_voltage)
            self.constant = first.power - self.slope * there
        self._covariance = (d / determinant, -b / determinant, a / determinant)
        self._seen = [
            (x, item.power / (self.constant + self.slope * x))
            for item in seen
            for x in [load(item.frequency, item.core_voltage)]
        ]

    def at(self, frequency: float, core_voltage: float) -> tuple[float, float]:
        """Return W, and their standard error, at MHz and mV."""
        x = load(frequency, core_voltage)
        power = self.constant + self.slope * x
        distance, ratio = min((abs(math.log(x / known)), r) for known, r in self._seen)
        power *= 1 + (ratio - 1) * math.exp(-distance / _NEAR)
        c, cs, s = self._covariance
        variance = c + 2 * cs * x + s * x * x
        model = _MODEL * distance * power
        return power, math.sqrt(max(0.0, variance) + model**2)
