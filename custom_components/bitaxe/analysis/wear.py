"""Signs that a miner gets worse slowly, found before anything fails. Pure.

What was measured in the last three days is compared with the same miner's best month
before, as far back as its statistics reach. Of each metric only what can be compared
is: the efficiency at an unchanged setting, the heat at the same power, the fan at the
same speed. Whatever is not known well enough is no sign.

The heat of a chip goes into the air of the room: `°C - room = W · R`, and the thermal
resistance falls with the fan, `R ~ fan ** -0.6` (forced convection over fins,
turbulent: Nusselt number ~ Reynolds number ** 0.5 … 0.8). Where nobody knows how warm
the room is, it may have become as much warmer as a season makes it: less is no sign
then, and what was measured in another season is no standard. Nor is what was measured
in another room.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
import math
from statistics import median
from typing import Final

from ..axeos import OperatingPoint
from .metrics import Metric
from .rows import Row

_HOUR: Final = 3600.0
_DAY: Final = 24 * _HOUR
PRESENT: Final = 3 * _DAY
"""Seconds before now that count as the present."""
HISTORY: Final = 180 * _DAY
"""Seconds before now that are looked at."""
# Between the two: what gets worse within a week is no standard for itself.
_BETWEEN: Final = 7 * _DAY
_MONTH: Final = 30 * _DAY
# Hours that must have been measured, of the present and of a month before.
_PRESENT_HOURS: Final = 24.0
_USUAL_HOURS: Final = 48.0
# s for which the heat of a row without hashes, or at another setting, lasts.
_SETTLING: Final = 600.0

# A room without a sensor: its assumed °C, the K by which summer may warm it, and the
# months within which the season warms it by no more than that, not even in a garage.
_ROOM: Final = 20.0
_SUMMER: Final = 9.0
_SAME_SEASON: Final = 3
_FLOW_EXPONENT: Final = 0.6
# % of the fan above which its speed can be compared, and % by which equal speeds
# differ.
_LEAST_FAN: Final = 15.0
_SAME_FAN: Final = 6.0
_LEAST_RISE: Final = 8.0
# Share by which the load of a supply may differ for its losses to be comparable.
_SAME_LOAD: Final = 0.15
# Rejected shares below which their rate is too uncertain to compare.
_REJECTED: Final = 20.0


class Sign(StrEnum):
    """What gets worse."""

    COOLING = "cooling"
    """More °C per W at the same fan: dust, a tired fan, dried-out paste."""
    FAN = "fan"
    """Fewer revolutions at the same %: the bearing."""
    EFFICIENCY = "efficiency"
    """More J/TH at the same setting."""
    REJECTS = "rejects"
    """More of the shares are rejected."""
    ERRORS = "errors"
    """More of the hashes fail."""
    SUPPLY = "supply"
    """More is lost in the power supply."""


@dataclass(frozen=True, slots=True)
class _Limits:
    """From how much worse on there is a sign, and until when it stays.

    A factor, and what must be reached at least in the unit of the figure.
    """

    factor: float
    clear: float
    least: float = 0.0


_LIMITS: Final = {
    Sign.COOLING: _Limits(1.20, 1.10),
    Sign.FAN: _Limits(1.15, 1.08),
    Sign.EFFICIENCY: _Limits(1.06, 1.03),
    Sign.REJECTS: _Limits(3.0, 2.0, least=0.5),
    Sign.ERRORS: _Limits(2.5, 1.7, least=0.5),
    Sign.SUPPLY: _Limits(1.04, 1.02),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """How much worse one thing is than it was."""

    sign: Sign
    factor: float
    """By how much the present is worse: 1 is as usual."""
    present: float
    usual: float
    """In the unit of the sign: K/W at full fan, rpm per % of the fan, J/TH, %, %, and W
    of the wall per W of the miner."""

    @property
    def is_sign(self) -> bool:
        """Whether it is bad enough to be reported."""
        limits = _LIMITS[self.sign]
        return self.factor >= limits.factor and self.present >= limits.least

    @property
    def lasts(self) -> bool:
        """Whether what was reported is not over yet."""
        limits = _LIMITS[self.sign]
        return self.factor >= limits.clear and self.present >= limits.least / 2

    @property
    def limit(self) -> float:
        """The factor from which on it is reported."""
        return _LIMITS[self.sign].factor


class Means:
    """Hourly means of something beside the miner: a room, or its plug."""

    def __init__(self, means: Iterable[tuple[float, float]] = ()) -> None:
        """Take Unix times and values."""
        self._by_hour = {round(time // _HOUR): value for time, value in means}

    def __bool__(self) -> bool:
        """Return whether anything is known."""
        return bool(self._by_hour)

    def at(self, time: float) -> float | None:
        """Return the mean of the hour of a Unix time."""
        return self._by_hour.get(round(time // _HOUR))


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known beside the miner's own statistics."""

    room: Means = field(default_factory=Means)
    """°C."""
    wall: Means = field(default_factory=Means)
    """W that the power supply of this miner takes."""
    others: tuple[Means, ...] = ()
    """W of each other miner on that supply."""
    moved: float = 0.0
    """Unix time since when the miner is in that room."""


def metrics_of_wear() -> tuple[Metric, ...]:
    """Return the metrics that are looked at."""
    return (
        Metric.FREQUENCY,
        Metric.CORE_VOLTAGE,
        Metric.HASHRATE,
        Metric.POWER,
        Metric.ASIC_TEMPERATURE,
        Metric.FAN_SPEED,
        Metric.FAN_RPM,
        Metric.ERROR_RATE,
        Metric.SHARES_ACCEPTED,
        Metric.SHARES_REJECTED,
    )


def find_deviations(
    rows: Sequence[Row], now: float, surroundings: Surroundings
) -> tuple[Deviation, ...]:
    """Compare the present with the best month before, in the order of time.

    What cannot be compared is left out. A deviation need not be a sign.
    """
    settled = list(_settled(rows))
    present = [row for row in settled if row.start >= now - PRESENT]
    before = [row for row in settled if row.end <= now - PRESENT - _BETWEEN]
    if _hours(present) < _PRESENT_HOURS or not before:
        return ()
    months: dict[int, list[Row]] = {}
    for row in before:
        months.setdefault(int((now - row.end) // _MONTH), []).append(row)
    point = _most_common_point(present)
    at_point = [row for row in present if _point_of(row) == point]
    months_at_point = [
        [row for row in month if _point_of(row) == point] for month in months.values()
    ]
    found = [
        _cooling(present, months, surroundings),
        _fan(present, list(months.values())),
        _compare(Sign.EFFICIENCY, at_point, months_at_point, _efficiency),
        _compare(Sign.REJECTS, present, list(months.values()), _rejects),
        _compare(Sign.ERRORS, at_point, months_at_point, _errors),
        _supply(present, list(months.values()), surroundings),
    ]
    return tuple(deviation for deviation in found if deviation is not None)


def _settled(rows: Sequence[Row]) -> Iterable[Row]:
    """Yield the rows in which a miner hashed all through, and for a while before."""
    unsettled_until = -math.inf
    before: tuple[OperatingPoint | None, float] = (None, -math.inf)
    for row in rows:
        point = _point_of(row)
        hashrate = row.values.get(Metric.HASHRATE)
        if row.is_mixed or point is None or hashrate is None or hashrate.low <= 0:
            unsettled_until = row.end + _SETTLING
        elif before[0] not in (None, point) or row.start > before[1] + _HOUR:
            unsettled_until = row.start + _SETTLING
        before = (point, row.end)
        if row.start >= unsettled_until:
            yield row


def _point_of(row: Row) -> OperatingPoint | None:
    frequency, voltage = row.mean(Metric.FREQUENCY), row.mean(Metric.CORE_VOLTAGE)
    if frequency is None or voltage is None:
        return None
    return OperatingPoint(frequency=frequency, core_voltage=voltage)


def _most_common_point(rows: Sequence[Row]) -> OperatingPoint | None:
    seconds: dict[OperatingPoint | None, float] = {}
    for row in rows:
        point = _point_of(row)
        seconds[point] = seconds.get(point, 0.0) + row.seconds
    return max(seconds, key=lambda point: seconds[point])


def _hours(rows: Sequence[Row]) -> float:
    return sum(row.seconds for row in rows) / _HOUR


type _Figure = Callable[[Sequence[Row]], float | None]


def _compare(
    sign: Sign, present: Sequence[Row], months: Sequence[Sequence[Row]], figure: _Figure
) -> Deviation | None:
    """Compare a figure that is better the lower it is."""
    if _hours(present) < _PRESENT_HOURS:
        return None
    now = figure(present)
    usual = [
        value
        for month in months
        if _hours(month) >= _USUAL_HOURS and (value := figure(month)) is not None
    ]
    if now is None or not usual:
        return None
    best = min(usual)
    # A multiple of next to nothing is still next to nothing.
    floor = _LIMITS[sign].least / _LIMITS[sign].factor
    return Deviation(
        sign=sign, factor=_ratio(now, max(best, floor)), present=now, usual=best
    )


def _ratio(value: float, usual: float) -> float:
    return value / usual if usual > 0 else 1.0


def _efficiency(rows: Sequence[Row]) -> float | None:
    """Return the efficiency in J/TH."""
    joules = work = 0.0
    for row in rows:
        power, hashrate = row.mean(Metric.POWER), row.mean(Metric.HASHRATE)
        if power is not None and hashrate is not None:
            joules += power * row.seconds
            work += hashrate / 1000 * row.seconds
    return joules / work if work else None


def _rejects(rows: Sequence[Row]) -> float | None:
    """Return the % of rejected shares; 0 where a few unlucky ones may explain them."""
    accepted = sum(row.counts.get(Metric.SHARES_ACCEPTED, 0.0) for row in rows)
    rejected = sum(row.counts.get(Metric.SHARES_REJECTED, 0.0) for row in rows)
    total = accepted + rejected
    if not total:
        return None
    return rejected / total * 100 if rejected >= _REJECTED else 0.0


def _errors(rows: Sequence[Row]) -> float | None:
    """Return the error rate in % of hashes."""
    errors = work = 0.0
    for row in rows:
        rate, hashrate = row.mean(Metric.ERROR_RATE), row.mean(Metric.HASHRATE)
        if rate is not None and hashrate is not None:
            errors += rate * hashrate * row.seconds
            work += hashrate * row.seconds
    return errors / work if work else None


def _cooling(
    present: Sequence[Row],
    months: Mapping[int, Sequence[Row]],
    surroundings: Surroundings,
) -> Deviation | None:
    """Compare K/W as at full fan; `months` are by how many lie between."""
    room = surroundings.room
    known = bool(room)

    def resistance(rows: Sequence[Row], warmer: float) -> float | None:
        found: list[float] = []
        for row in rows:
            if row.start < surroundings.moved:
                continue
            air = room.at(row.start) if known else _ROOM + warmer
            power, asic = row.mean(Metric.POWER), row.mean(Metric.ASIC_TEMPERATURE)
            fan = row.mean(Metric.FAN_SPEED)
            if air is None or not power or asic is None or fan is None:
                continue
            if fan >= _LEAST_FAN and asic - air >= _LEAST_RISE:
                flow = (fan / 100) ** _FLOW_EXPONENT
                found += [(asic - air) / power * flow] * round(row.seconds / 300)
        hours = len(found) / 12
        least = _USUAL_HOURS if rows is not present else _PRESENT_HOURS
        return median(found) if hours >= least else None

    now = resistance(present, _SUMMER)
    usual = [
        value
        for ago, month in months.items()
        if (known or ago < _SAME_SEASON)
        and (value := resistance(month, 0.0)) is not None
    ]
    if now is None or not usual:
        return None
    return Deviation(
        sign=Sign.COOLING,
        factor=_ratio(now, min(usual)),
        present=now,
        usual=min(usual),
    )


def _fan(present: Sequence[Row], months: Sequence[Sequence[Row]]) -> Deviation | None:
    """Compare rpm at the same % of the fan."""

    def speeds(rows: Sequence[Row]) -> list[tuple[float, float, float]]:
        found: list[tuple[float, float, float]] = []
        for row in rows:
            fan, rpm = row.mean(Metric.FAN_SPEED), row.mean(Metric.FAN_RPM)
            if fan is not None and rpm and fan >= _LEAST_FAN:
                found.append((fan, rpm, row.seconds))
        return found

    now = speeds(present)
    if sum(seconds for *_, seconds in now) < _PRESENT_HOURS * _HOUR:
        return None
    usual_fan = median(fan for fan, *_ in now)
    now = [item for item in now if abs(item[0] - usual_fan) <= _SAME_FAN]
    found: list[float] = []
    for month in months:
        same = [item for item in speeds(month) if abs(item[0] - usual_fan) <= _SAME_FAN]
        if sum(seconds for *_, seconds in same) >= _USUAL_HOURS * _HOUR:
            found.append(median(rpm / fan for fan, rpm, _ in same))
    if not found or not now:
        return None
    present_rate, best = median(rpm / fan for fan, rpm, _ in now), max(found)
    return Deviation(
        sign=Sign.FAN,
        factor=_ratio(best, present_rate),
        present=present_rate,
        usual=best,
    )


def _supply(
    present: Sequence[Row], months: Sequence[Sequence[Row]], surroundings: Surroundings
) -> Deviation | None:
    """Compare W at the wall with W of all miners on the supply, at about the same load.

    A supply loses a larger share of little than of much, so that a miner that is off,
    or slower than it was, is no sign. Hours in which any of them is unknown say
    nothing.
    """
    if not surroundings.wall:
        return None

    def load(row: Row) -> float | None:
        power = row.mean(Metric.POWER)
        others = [means.at(row.start) for means in surroundings.others]
        known = [other for other in others if other is not None]
        return power + sum(known) if power and len(known) == len(others) else None

    loads = [given for row in present if (given := load(row)) is not None]
    if not loads:
        return None
    usual = median(loads)

    def loss(rows: Sequence[Row]) -> float | None:
        taken = drawn = seconds = 0.0
        for row in rows:
            at_wall, given = surroundings.wall.at(row.start), load(row)
            if at_wall is None or given is None:
                continue
            if abs(given - usual) <= _SAME_LOAD * usual:
                taken += at_wall * row.seconds
                drawn += given * row.seconds
                seconds += row.seconds
        return taken / drawn if seconds >= _PRESENT_HOURS * _HOUR else None

    return _compare(Sign.SUPPLY, present, months, loss)
