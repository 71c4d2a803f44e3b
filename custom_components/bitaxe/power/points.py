"""The operating points of one miner that a power target chooses from. Pure.

Only what was measured counts. Between two measured points everything on the straight
line counts as well: the voltage that a clock needs is linear in it, so a point on the
way between two that hash also hashes, and power follows `P = c + k · MHz · V²` (see
`tuning/consumption.py`), of which the two ends give both constants.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
import math
from typing import Final

from ..axeos import ROUNDING, Limits, OperatingPoint
from ..tuning.consumption import load

# MHz between two points on a line, and how many there are at most.
_GRID: Final = 5.0
_MOST_BETWEEN: Final = 24
# A point that hashes less than this share of what its clock promises is over the cliff.
_HEALTHY: Final = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerPoint:
    """An operating point, and what a miner draws and makes there."""

    point: OperatingPoint
    power: float
    """W, mean."""
    hashrate: float
    """GH/s, mean."""
    measured: bool = True
    """Whether it was measured itself, rather than both of its neighbours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Between which clock rates a person wants a miner to stay; `None` is no bound."""

    low: float | None = None
    """MHz."""
    high: float | None = None
    """MHz."""

    def allow(self, point: OperatingPoint) -> bool:
        """Return whether an operating point lies between them."""
        return (self.low is None or point.frequency > self.low - ROUNDING) and (
            self.high is None or point.frequency < self.high + ROUNDING
        )


def is_same(one: OperatingPoint | None, other: OperatingPoint | None) -> bool:
    """Return whether two operating points are known, and one apart from rounding."""
    return one is not None and one.reads_as(other)


def usable(
    known: Iterable[PowerPoint],
    limits: Limits,
    bounds: Bounds,
    expected_per_mhz: float | None = None,
) -> tuple[PowerPoint, ...]:
    """Return the measured points that may be chosen, each once, by power.

    `known` has the most trustworthy first. `expected_per_mhz` is the GH/s that each MHz
    promises; what makes much less is left out, and so is what takes more power than
    another that hashes as much.
    """
    found: list[PowerPoint] = []
    for item in known:
        point = item.point
        if (
            item.power <= 0
            or item.hashrate <= 0
            or not limits.frequency[0] <= point.frequency <= limits.frequency[1]
            or not limits.core_voltage[0]
            <= point.core_voltage
            <= limits.core_voltage[1]
            or not bounds.allow(point)
            or any(is_same(point, other.point) for other in found)
        ):
            continue
        if (
            expected_per_mhz is not None
            and item.hashrate < _HEALTHY * expected_per_mhz * point.frequency
        ):
            continue
        found.append(item)
    return undominated(found)


def undominated(points: Iterable[PowerPoint]) -> tuple[PowerPoint, ...]:
    """Return the points of which none draws less and makes as much, by power."""
    best = 0.0
    kept: list[PowerPoint] = []
    for item in sorted(points, key=lambda item: (item.power, -item.hashrate)):
        if item.hashrate > best:
            kept.append(item)
            best = item.hashrate
    return tuple(kept)


def with_neighbours(
    measured: Sequence[PowerPoint], *, whole: bool = True
) -> tuple[PowerPoint, ...]:
    """Return measured points with those on the way from each to the next, by power.

    `whole` keeps to whole MHz. Nothing is put between two of which the faster one has
    the lower voltage: what lies between them nobody knows.
    """
    found = list(measured)
    by_clock = sorted(measured, key=lambda item: item.point.frequency)
    for lower, upper in pairwise(by_clock):
        found += _between(lower, upper, whole=whole)
    return undominated(found)


def _between(
    lower: PowerPoint, upper: PowerPoint, *, whole: bool
) -> Iterable[PowerPoint]:
    first, last = lower.point, upper.point
    gap = last.frequency - first.frequency
    if gap <= 1 or last.core_voltage < first.core_voltage:
        return
    count = min(_MOST_BETWEEN, max(1, round(gap / _GRID))) - 1
    begin = load(first.frequency, first.core_voltage)
    whole_load = load(last.frequency, last.core_voltage) - begin
    for step in range(1, count + 1):
        frequency = first.frequency + gap * step / (count + 1)
        if whole:
            frequency = float(round(frequency))
        share = (frequency - first.frequency) / gap
        rise = last.core_voltage - first.core_voltage
        # Rounded up: a mV too many costs nothing, one too few may cost a hash domain.
        voltage = float(math.ceil(first.core_voltage + rise * share - 1e-6))
        part = (load(frequency, voltage) - begin) / whole_load
        yield PowerPoint(
            point=OperatingPoint(frequency=frequency, core_voltage=voltage),
            power=lower.power + (upper.power - lower.power) * part,
            hashrate=lower.hashrate + (upper.hashrate - lower.hashrate) * share,
            measured=False,
        )


def reachable(
    points: Sequence[PowerPoint], present: OperatingPoint | None, step: float
) -> tuple[PowerPoint, ...]:
    """Return what one write may set: it moves the voltage by `step` mV at most.

    Regulators have latched off at large steps within the board's own list. Where the
    voltage would have to fall further, the clock alone goes all the way at first: the
    voltage that suffices for a clock suffices for a lower one. The power there is taken
    from the points' own `P = c + k · MHz · V²`.
    """
    if present is None:
        return tuple(points)
    found: list[PowerPoint] = []
    for item in points:
        change = item.point.core_voltage - present.core_voltage
        if abs(change) <= step:
            found.append(item)
        elif change < 0 and item.point.frequency <= present.frequency:
            found.append(_at_voltage(points, item, present.core_voltage - step))
    return tuple(found)


def _at_voltage(
    points: Sequence[PowerPoint], item: PowerPoint, voltage: float
) -> PowerPoint:
    """Return a point at a voltage above the one it was measured at."""
    point = OperatingPoint(
        frequency=item.point.frequency, core_voltage=float(math.ceil(voltage))
    )
    more = load(point.frequency, point.core_voltage) - load(
        item.point.frequency, item.point.core_voltage
    )
    return replace(
        item, point=point, power=item.power + more * slope_of(points), measured=False
    )


def slope_of(points: Sequence[PowerPoint]) -> float:
    """Return W per MHz · V², at least what the power of the smallest point allows."""
    lowest, highest = points[0], points[-1]
    between = load(highest.point.frequency, highest.point.core_voltage) - load(
        lowest.point.frequency, lowest.point.core_voltage
    )
    whole = lowest.power / load(lowest.point.frequency, lowest.point.core_voltage)
    if between <= 0:
        return whole
    return max((highest.power - lowest.power) / between, 0.5 * whole)
