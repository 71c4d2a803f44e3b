"""Judges whether a miner is at a limit, or its sensors are only noisy.

Readings scatter: those of the power by about 0.4 %. A setting right below a limit shows
single readings beyond it, one beyond it may show readings below it. So several readings
are judged together: few if they are far beyond, more if they are near.
"""

from collections import deque
from collections.abc import Iterator
import math
from statistics import median
from typing import Final

from .goals import Targets
from .machine import Machine
from .sample import Sample

SWARM_POWER: Final = "swarm_power"
"""The limit of the power of all miners, which says nothing about the operating
point."""

# Distance to a limit that a trial keeps.
_DEGREES_MARGIN: Final = 0.25
_FAN_MARGIN: Final = 0.5
POWER_MARGIN: Final = 0.003
"""Share of a power limit that the mean of a minute stays below it in a trial."""
# Relative scatter of single readings of the power, and how many of them make a mean.
# Fewer have to be higher, by so many standard errors, to say the same.
_POWER_NOISE: Final = 0.0035
_POWER_READINGS: Final = 6
_SIGMAS: Final = 2.5

# Scatter of single readings: the least that is reckoned with, as a share of the power,
# in °C of ASIC and regulator, which some boards report in whole ones, and in % of the
# fan.
_SCATTER: Final = {
    "power": 0.004,
    SWARM_POWER: 0.006,
    "temperature": 0.2,
    "vr_temperature": 0.3,
    "fan_speed": 1.0,
}
# Factor by which the scatter of a noisy sensor may be larger.
_NOISIEST: Final = 4.0
# What is certain: how many times the scatter the lower of two readings in a row, the
# median of a minute, and that of five minutes, have to be beyond a limit.
_TWO_BEYOND: Final = 4.0
_BEYOND: Final = ((6, 1.5), (30, 0.6))
# Readings from which the scatter is learnt, at least and at most. Three in a row, a - 2
# b + c, show it whatever rises or falls: the median of those, in standard deviations of
# a reading.
_LEARNT_FROM: Final = (6, 60)
# The fewer readings it is learnt from, the less certain it is.
_DOUBT: Final = 3.0
_MEDIAN_BEND: Final = 0.6745 * math.sqrt(6)


def limit_reached(machine: Machine, targets: Targets, sample: Sample) -> str | None:
    """Return which limit a reading is at: a field of `Targets` without `maximum_`."""
    limits = dict(_limits(machine, targets))
    power = limits.get("power")
    if power is not None and _over(sample.power, power):
        return "power"
    return _heat_limit_reached(limits, sample)


def _heat_limit_reached(limits: dict[str, float], sample: Sample) -> str | None:
    """Return which of the limits is reached that do not need a mean."""
    for name, margin in (
        ("temperature", _DEGREES_MARGIN),
        ("vr_temperature", _DEGREES_MARGIN),
        ("fan_speed", _FAN_MARGIN),
    ):
        limit = limits.get(name)
        value: float | None = getattr(sample, name)
        # At the margin as well: of one in steps of 1/8 °C the next is too much.
        if limit is not None and value is not None and value >= limit - margin:
            return name
    return None


class TrialWatch:
    """Watches the limits in a trial, which ends at the first of them."""

    def __init__(self, machine: Machine, targets: Targets) -> None:
        """Begin with no readings."""
        self._limits = dict(_limits(machine, targets))
        self._powers: deque[float] = deque(maxlen=_POWER_READINGS)
        self.power: float | None = None
        """W, mean of the readings that reached the limit of the power."""

    def forget(self) -> None:
        """Begin anew: what was read before says nothing of what is set now."""
        self._powers.clear()

    def limit(self, name: str) -> float:
        """Return what is watched under a name."""
        return self._limits[name]

    def feed(self, sample: Sample) -> str | None:
        """Take a reading; return which limit is reached."""
        if sample.power is not None:
            self._powers.append(sample.power)
        limit = self._limits.get("power")
        if limit is not None and self._is_beyond(limit):
            return "power"
        return _heat_limit_reached(self._limits, sample)

    def _is_beyond(self, limit: float) -> bool:
        """Return whether a mean of the last readings is, by more than its scatter."""
        total = 0.0
        for count, power in enumerate(reversed(self._powers), 1):
            total += power
            spare = 1 / math.sqrt(count) - 1 / math.sqrt(_POWER_READINGS)
            kept = POWER_MARGIN - _SIGMAS * _POWER_NOISE * spare
            if total / count > limit * (1 - kept):
                self.power = total / count
                return True
        return False


class SoakWatch:
    """Watches limits for hours: thousands of readings, none of which may mislead."""

    def __init__(self, machine: Machine, targets: Targets) -> None:
        """Begin with no readings."""
        self._limits = dict(_limits(machine, targets))
        # What each reading was beyond each limit: a share of the power, °C, or %.
        self._beyond: dict[str, deque[float]] = {
            name: deque(maxlen=_LEARNT_FROM[1]) for name in _SCATTER
        }

    def forget(self) -> None:
        """Begin anew: what was read before says nothing of what is set now."""
        for readings in self._beyond.values():
            readings.clear()

    def feed(self, sample: Sample) -> str | None:
        """Take a reading; return which limit the miner is beyond for certain."""
        limits = self._limits
        if sample.power_allowance is not None:
            # Where nothing is left, any W is too much.
            limits = limits | {SWARM_POWER: max(1.0, sample.power_allowance)}
        for name, readings in self._beyond.items():
            is_power = name in ("power", SWARM_POWER)
            value = getattr(sample, "power" if is_power else name)
            limit = limits.get(name)
            if value is None or limit is None:
                readings.clear()
                continue
            readings.append(value / limit - 1 if is_power else value - limit)
            if _is_certain(list(readings), _SCATTER[name]):
                return name
        return None


def _is_certain(beyond: list[float], least: float) -> bool:
    """Return whether the last readings exceed a limit by more than their scatter."""
    if len(beyond) < 2 or beyond[-1] <= 0:
        return False
    scatter = _scatter(beyond, least)
    if min(beyond[-2:]) > _TWO_BEYOND * scatter:
        return True
    return any(
        len(beyond) >= count and median(beyond[-count:]) > sigmas * scatter
        for count, sigmas in _BEYOND
    )


def _scatter(readings: list[float], least: float) -> float:
    """Return the standard deviation of a single reading, rather too much of it."""
    if len(readings) < _LEARNT_FROM[0]:
        return least
    bends = [
        abs(readings[i - 1] - 2 * readings[i] + readings[i + 1])
        for i in range(1, len(readings) - 1)
    ]
    seen = median(bends) / _MEDIAN_BEND * (1 + _DOUBT / math.sqrt(len(readings)))
    return max(least, min(_NOISIEST * least, seen))


def _limits(machine: Machine, targets: Targets) -> Iterator[tuple[str, float]]:
    """Yield the lower of what the hardware bears and what was asked for."""
    for name, limits in (
        ("power", (targets.maximum_power, machine.maximum_power)),
        ("temperature", (targets.maximum_temperature, machine.maximum_temperature)),
        (
            "vr_temperature",
            (targets.maximum_vr_temperature, machine.maximum_vr_temperature),
        ),
        ("fan_speed", (targets.maximum_fan_speed,)),
    ):
        given = [limit for limit in limits if limit is not None]
        if given:
            yield name, min(given)


def _over(value: float | None, limit: float) -> bool:
    return value is not None and value > limit
