"""The newest part of a span, of which there are no statistics yet.

Home Assistant compiles the statistics of five minutes after they are over, so up to ten
minutes are missing. They are filled with what the miner's coordinator has read.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import sumprod
from typing import Final

from ..const import JOULES_PER_KWH
from ..miner.meter import Reading
from .blocks import SHORT_ROW, Bucket, Tally
from .metrics import COUNTERS, Metric
from .rows import Reported, Row, join_rows

KEEP_SECONDS: Final = 1800.0
"""Statistics lag by ten minutes; by more where the recorder is busy."""
_MOST_UNWATCHED: Final = 100
# s by which a clock must leap forward for that to be time that nobody lived through.
_LEAP: Final = 60.0
_ROW_SECONDS: Final = 60.0
# Moments of readings that follow one another may differ by what floats lose.
_SAME_MOMENT: Final = 0.5
# Buckets count rows; those of what was read are of a second, because readings come at
# any time.
_SECOND: Final = 1.0


def measured_by(reading: Reading) -> dict[Metric, float]:
    """Return what sensors of measured metrics show, in the units of the analysis."""
    snapshot = reading.snapshot
    cooling, electrical = snapshot.cooling, snapshot.electrical
    fan = cooling.fans[0] if cooling.fans else None
    return _known(
        (Metric.FREQUENCY, snapshot.frequency),
        (Metric.CORE_VOLTAGE, snapshot.core_voltage),
        (Metric.HASHRATE, snapshot.hashing.hashrate),
        (Metric.EXPECTED_HASHRATE, snapshot.hashing.expected),
        (Metric.POWER, electrical.power),
        (Metric.ASIC_TEMPERATURE, cooling.asic_temperature),
        (Metric.VR_TEMPERATURE, cooling.vr_temperature),
        (Metric.INPUT_VOLTAGE, electrical.input_voltage),
        (Metric.CURRENT, None if electrical.current_is_core else electrical.current),
        (Metric.CORE_VOLTAGE_ACTUAL, electrical.core_voltage_actual),
        (Metric.FAN_SPEED, None if fan is None else fan.speed),
        (Metric.FAN_RPM, None if fan is None else fan.rpm),
        (Metric.ERROR_RATE, reading.figures.error_rate),
    )


def counted_by(reading: Reading) -> dict[Metric, float]:
    """Return what the sensors of counters show, in the units of the analysis."""
    snapshot, figures = reading.snapshot, reading.figures
    return _known(
        (
            Metric.ENERGY,
            None if snapshot.electrical.power is None else figures.energy,
        ),
        (Metric.SHARES_ACCEPTED, snapshot.shares.accepted),
        (Metric.SHARES_REJECTED, snapshot.shares.rejected),
        (
            Metric.RESTARTS,
            None if snapshot.system.uptime is None else figures.restarts,
        ),
    )


def _known(*figures: tuple[Metric, float | None]) -> dict[Metric, float]:
    return {metric: value for metric, value in figures if value is not None}


@dataclass(frozen=True, slots=True)
class _Last:
    time: float
    """Unix time."""
    clock: float
    """The same moment, by the clock that nobody sets."""
    values: Mapping[Metric, float]
    counters: Mapping[Metric, float]


@dataclass(frozen=True, slots=True)
class _Part:
    """What was read once, and holds since the reading before."""

    start: float
    """Unix time."""
    end: float
    """Unix time."""
    values: Mapping[Metric, float]
    counts: Mapping[Metric, float]


class RecentRows:
    """Keeps what was read lately, in rows of a minute."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._rows: deque[Row] = deque()
        self._open: list[_Part] = []
        """The parts of the newest row, which are joined once somebody asks."""
        self._last: _Last | None = None
        self._left: float | None = None
        """Unix time at which nobody looked any more, while nobody does."""
        self._unwatched: deque[tuple[float, float]] = deque(maxlen=_MOST_UNWATCHED)
        self._down: tuple[tuple[float, float], ...] = ()
        self.is_new = True
        """Whether nobody has looked since Home Assistant was started."""

    @property
    def unwatched(self) -> tuple[tuple[float, float], ...]:
        """Begin and end in Unix time of periods in which nobody looked."""
        return tuple(sorted((*self._unwatched, *self._down)))

    @property
    def unwatched_while_running(self) -> tuple[tuple[float, float], ...]:
        """Those but for the one in which Home Assistant was down.

        The recorder knows that one, and better: when it ended, not what was read last.
        """
        return tuple(self._unwatched)

    def restore(
        self,
        rows: Iterable[Row],
        until: float | None,
        unwatched: Iterable[tuple[float, float]],
    ) -> None:
        """Take in what was read before Home Assistant was started.

        Somebody looked up to a Unix time, if that is known, but for the periods that
        were `unwatched`.
        """
        self._unwatched.extend(unwatched)
        self._rows.extend(rows)
        self._left = until

    def watch(self, now: float) -> None:
        """Note that somebody looks from now on, whether or not the miner answers."""
        if self._left is not None and self._left < now:
            period = self._left, now
            if self.is_new:
                self._down = (period,)
            else:
                self._unwatched.append(period)
        self._left = None
        self.is_new = False

    def leave(self, now: float) -> None:
        """Note that nobody looks from now on."""
        self._left = now

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows in the order of time; none of them changes any more."""
        return (*self._rows, *self._newest())

    def add(self, reading: Reading, now: float, clock: float, max_gap: float) -> None:
        """Take in a reading of Unix time `now`, which holds since the one before it.

        Nothing is known of gaps longer than `max_gap` s, by the monotonic `clock`.
        """
        counters = counted_by(reading)
        values = measured_by(reading)
        last, self._last = self._last, _Last(now, clock, values, counters)
        elapsed = 0.0 if last is None else clock - last.clock
        if last is not None and now - elapsed > last.time + _LEAP:
            # The clock was set forward, or the computer was suspended.
            self._unwatched.append((last.time, now - elapsed))
        # A clock that was set back would have the same time twice.
        if self._open and self._open[-1].end > now - elapsed + _SAME_MOMENT:
            self._close()
        while self._rows and self._rows[-1].start >= now - elapsed:
            self._rows.pop()
        if self._rows and self._rows[-1].end > now - elapsed + _SAME_MOMENT:
            self._rows.pop()
        while self._rows and self._rows[0].end < now - KEEP_SECONDS:
            self._rows.popleft()
        if last is None or not 0 < elapsed <= max_gap:
            return
        part = _Part(
            now - elapsed,
            now,
            values,
            {
                # A counter that starts again has counted what it shows.
                metric: value - before if value >= before else value
                for metric, value in counters.items()
                if (before := last.counters.get(metric)) is not None
            },
        )
        if not self._goes_on(part):
            self._close()
        self._open.append(part)

    def held(self, now: float, clock: float, longest: float) -> Row | None:
        """Return what was read last, as it holds until the Unix time `now`.

        It does not for longer than `longest` s by the monotonic `clock`. What was
        counted since is not known, but for the energy of that power.
        """
        last = self._last
        if last is None:
            return None
        elapsed = clock - last.clock
        if not 0 < elapsed <= longest or abs(now - elapsed - last.time) > _SAME_MOMENT:
            return None
        power = last.values.get(Metric.POWER)
        counts = (
            {} if power is None else {Metric.ENERGY: power * elapsed / JOULES_PER_KWH}
        )
        return Row(start=last.time, end=now, values=_steady(last.values), counts=counts)

    def _goes_on(self, part: _Part) -> bool:
        """Return whether a part belongs to the newest row."""
        if not self._open:
            return False
        start, newest = self._open[0].start, self._open[-1]
        return (
            newest.end - start < _ROW_SECONDS
            and abs(newest.end - part.start) <= _SAME_MOMENT
            and newest.values.keys() == part.values.keys()
        )

    def _newest(self) -> list[Row]:
        return [_joined(self._open)] if self._open else []

    def _close(self) -> None:
        self._rows.extend(self._newest())
        self._open.clear()


def _joined(parts: Sequence[_Part]) -> Row:
    """Return parts of the same metrics, without gaps between them, as a row."""
    seconds = [part.end - part.start for part in parts]
    lasted = sum(seconds)
    values: dict[Metric, Reported] = {}
    for metric in parts[0].values:
        column = [part.values[metric] for part in parts]
        low, high = min(column), max(column)
        mean = low if low == high else sumprod(column, seconds) / lasted
        values[metric] = Reported(mean, low, high)
    counts: dict[Metric, float] = {}
    for part in parts:
        for metric, count in part.counts.items():
            counts[metric] = counts.get(metric, 0.0) + count
    return Row(
        start=parts[0].start,
        end=parts[-1].end,
        values=values,
        counts=counts,
        watched=lasted,
    )


def _steady(values: Mapping[Metric, float]) -> dict[Metric, Reported]:
    return {metric: Reported(value, value, value) for metric, value in values.items()}


def recent_stretches(
    rows: Iterable[Row], start: float, end: float, seconds: float = SHORT_ROW
) -> Iterator[list[Row]]:
    """Yield what was read between two moments, by stretch of `seconds`."""
    parts = [
        part
        for row in rows
        for border in _borders(row, seconds)
        if (clipped := row.clip(start, end)) is not None
        and (part := clipped.clip(border, border + seconds)) is not None
    ]
    for _, stretch in groupby(parts, key=lambda part: part.start // seconds):
        yield list(stretch)


def recent_rows(rows: Iterable[Row], start: float, end: float) -> list[Row]:
    """Return what was read between two moments, in rows of at most 5 minutes."""
    return [join_rows(stretch) for stretch in recent_stretches(rows, start, end)]


def add_recent(
    buckets: dict[Metric, list[Bucket]],
    rows: Iterable[Row],
    *,
    start: float,
    end: float,
    seconds: float,
) -> None:
    """Add what was read between two moments to buckets that end before."""
    for stretch in recent_stretches(rows, start, end, seconds):
        for metric, found in buckets.items():
            bucket = (
                _counted(stretch, metric, found[-1].last if found else None)
                if metric in COUNTERS
                else _measured(stretch, metric)
            )
            if bucket is not None:
                found.append(bucket)


def _borders(row: Row, seconds: float) -> Iterator[float]:
    border = row.start // seconds * seconds
    while border < row.end:
        yield border
        border += seconds


def _counted(
    stretch: Sequence[Row], metric: Metric, before: float | None
) -> Bucket | None:
    known = [row.counts[metric] for row in stretch if metric in row.counts]
    if not known:
        return None
    return Bucket(
        start=stretch[0].start,
        end=stretch[-1].end,
        row_seconds=_SECOND,
        rows=_seconds(stretch),
        tally=None,
        first=before or 0.0,
        last=(before or 0.0) + sum(known),
        recent=True,
    )


def _measured(stretch: Sequence[Row], metric: Metric) -> Bucket | None:
    known = [row for row in stretch if metric in row.values]
    if not known:
        return None
    positive = [row for row in known if row.values[metric].mean > 0]
    active = [row for row in known if row.values[metric].low > 0]
    return Bucket(
        start=stretch[0].start,
        end=stretch[-1].end,
        row_seconds=_SECOND,
        rows=_seconds(known),
        tally=_tally(known, metric),
        active=_tally(active, metric) if active else None,
        active_rows=_seconds(positive) if positive else 0,
        recent=True,
    )


def _tally(rows: Sequence[Row], metric: Metric) -> Tally:
    joined = join_rows(rows).values[metric]
    count = _seconds(rows)
    return Tally(
        rows=count, total=joined.mean * count, low=joined.low, high=joined.high
    )


def _seconds(rows: Sequence[Row]) -> int:
    return max(round(sum(row.seconds for row in rows)), 1)
