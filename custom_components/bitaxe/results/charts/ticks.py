"""Where an axis has ticks, and how numbers and times are written. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from math import ceil, floor, log10
from typing import Final

from ...formatting import Texts

_DAY: Final = 86_400
_MONTH: Final = 30.4 * _DAY
_MINUTE_STEPS: Final = (1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720)
_DAY_STEPS: Final = (1, 2, 7, 14)
_MONTH_STEPS: Final = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200)
_HASHRATE_UNITS: Final = ("H/s", "kH/s", "MH/s", "GH/s", "TH/s", "PH/s", "EH/s")
_GIGA: Final = 3
_MOST_DECIMALS: Final = 6
_UNITS: Final = (
    ("number_format.days_decimal", _DAY),
    ("number_format.hours_decimal", 3600),
    ("number_format.minutes_decimal", 60),
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of an axis."""

    value: float
    label: str
    strong: bool = False
    """Whether something greater begins here: a day among hours, a year among months."""


@dataclass(frozen=True, slots=True)
class HashrateUnit:
    """The unit in which a hashrate reads best."""

    name: str
    factor: float
    """What GH/s are multiplied by."""

    def write(self, hashrate: float, texts: Texts) -> str:
        """Write GH/s with three or four digits and the unit."""
        return f"{write_number(hashrate * self.factor, texts)} {self.name}"


def hashrate_unit(hashrate: float) -> HashrateUnit:
    """Return the unit for hashrates up to this one in GH/s."""
    power = _GIGA
    if hashrate > 0:
        power = min(
            max(floor(log10(hashrate) / 3 + 1e-9) + _GIGA, 0), len(_HASHRATE_UNITS) - 1
        )
    return HashrateUnit(_HASHRATE_UNITS[power], 1000.0 ** (_GIGA - power))


def write_number(value: float, texts: Texts) -> str:
    """Write a number for people, with about three digits."""
    size = abs(value)
    if size >= 1e6 or 0 < size < 1e-3:
        return texts.localized(f"{value:.3g}")
    return texts.number(value, 0 if size >= 100 else 1 if size >= 10 else 2)


def write_duration(seconds: float, texts: Texts) -> str:
    """Write s in the unit that reads best: 5 min."""
    for key, length in _UNITS:
        if seconds >= length:
            return texts(key, value=texts.general(round(seconds / length, 1)))
    value = texts.localized(f"{seconds:.3g}")
    return texts("number_format.seconds_decimal", value=value)


def number_ticks(low: float, high: float, count: int, texts: Texts) -> list[Tick]:
    """Return about `count` round numbers within the bounds, at least two."""
    for finer in (1, 2, 4):
        ticks = _round_numbers(low, high, (high - low) / (max(count, 1) * finer), texts)
        if len(ticks) > 1:
            break
    return ticks


def _round_numbers(low: float, high: float, rough: float, texts: Texts) -> list[Tick]:
    magnitude = 10.0 ** floor(log10(rough))
    step = next(
        multiple * magnitude
        for multiple in (1, 2, 2.5, 5, 10)
        if multiple * magnitude >= rough * 0.999
    )
    decimals = max(0, -floor(log10(step) + 1e-9))
    if not (step / magnitude).is_integer():
        decimals = max(0, 1 - floor(log10(magnitude) + 1e-9))
    ticks = []
    for index in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1):
        value = index * step
        if decimals > _MOST_DECIMALS or abs(value) >= 1e6:
            label = f"{value:.4g}"
        else:
            label = f"{value:.{decimals}f}"
        ticks.append(Tick(value, texts.localized(label)))
    return ticks


def time_ticks(
    start: float, end: float, tz: tzinfo, count: int, texts: Texts
) -> list[Tick]:
    """Return up to about `count` round times of the time zone within the bounds."""
    rough = (end - start) / max(count, 1)
    for minutes in _MINUTE_STEPS:
        if minutes * 60 >= rough:
            ticks = _minute_ticks(start, end, tz, minutes, texts)
            break
    else:
        ticks = _date_ticks(start, end, tz, rough, texts)
    return sorted(
        {tick.value: tick for tick in ticks if start <= tick.value <= end}.values(),
        key=lambda tick: tick.value,
    )


def _minute_ticks(
    start: float, end: float, tz: tzinfo, step: int, texts: Texts
) -> Iterator[Tick]:
    first = datetime.fromtimestamp(start, tz).replace(tzinfo=None)
    last = datetime.fromtimestamp(end, tz).replace(tzinfo=None) + timedelta(days=1)
    local = first.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    while local < last:
        # When clocks are set back an hour comes twice, when they are set forward one
        # does not come at all.
        for fold in (0, 1):
            moment = local.replace(tzinfo=tz, fold=fold).timestamp()
            if datetime.fromtimestamp(moment, tz).replace(tzinfo=None, fold=0) == local:
                midnight = not local.hour and not local.minute
                label = texts.day(local) if midnight else f"{local:%H:%M}"
                yield Tick(moment, label, strong=midnight)
        local += timedelta(minutes=step)


def _date_ticks(
    start: float, end: float, tz: tzinfo, rough: float, texts: Texts
) -> Iterator[Tick]:
    first = datetime.fromtimestamp(start, tz).date()
    last = datetime.fromtimestamp(end, tz).date()
    for days in _DAY_STEPS:
        if days * _DAY >= rough:
            for ordinal in range(first.toordinal(), last.toordinal() + 1):
                # Day 1 of the calendar is a Monday: weeks begin there.
                if (ordinal - 1) % days == 0:
                    day = date.fromordinal(ordinal)
                    yield Tick(_midnight(day, tz), texts.day(day))
            return
    months = next(
        (months for months in _MONTH_STEPS if months * _MONTH >= rough),
        _MONTH_STEPS[-1],
    )
    for index in range(first.year * 12 + first.month - 1, last.year * 12 + last.month):
        if index % months == 0:
            day = date(index // 12, index % 12 + 1, 1)
            label = str(day.year) if day.month == 1 else texts.month(day.month)
            yield Tick(_midnight(day, tz), label, strong=day.month == 1)


def _midnight(day: date, tz: tzinfo) -> float:
    return datetime(day.year, day.month, day.day, tzinfo=tz).timestamp()


def write_period(start: float, end: float, tz: tzinfo, texts: Texts) -> str:
    """Write from when to when, as exactly as people need."""
    first, last = datetime.fromtimestamp(start, tz), datetime.fromtimestamp(end, tz)
    if first.date() == last.date():
        return texts(
            "chart_text.period_of_day",
            day=texts.day_of_year(last),
            start=f"{first:%H:%M}",
            end=f"{last:%H:%M}",
        )
    same_year = first.year == last.year
    if end - start <= 3 * _DAY:
        begin = _moment(texts.day(first), first, texts)
        return f"{begin} – {_moment(texts.day_of_year(last), last, texts)}"
    begin = texts.day(first) if same_year else texts.day_of_year(first)
    return f"{begin} – {texts.day_of_year(last)}"


def _moment(day: str, time: datetime, texts: Texts) -> str:
    return texts("chart_text.moment", day=day, time=f"{time:%H:%M}")
