"""Time series of a miner, for charts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..axeos import OperatingPoint
from .averages import Piece, moving_average
from .blocks import Bucket
from .metrics import Metric
from .miner import Miner
from .span import Span

MOST_POINTS: Final = 1200
"""Points of a time series; no chart shows more."""
LEAD_IN: Final = 86400.0
"""Seconds before the span that the longest moving average looks back."""
SHORT_AVERAGE: Final = 900.0
LONG_AVERAGE: Final = 86400.0
_STEPS: Final = (300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 604800)

METRICS: Final = (
    Metric.HASHRATE,
    Metric.EXPECTED_HASHRATE,
    Metric.POWER,
    Metric.ASIC_TEMPERATURE,
    Metric.VR_TEMPERATURE,
    Metric.FAN_SPEED,
    Metric.FREQUENCY,
    Metric.CORE_VOLTAGE,
)
"""What a time series is made of."""
_SETTINGS: Final = (Metric.FREQUENCY, Metric.CORE_VOLTAGE)
_SOURCES: Final[Mapping[str, Metric]] = {
    "expected_hashrate": Metric.EXPECTED_HASHRATE,
    "power": Metric.POWER,
    "efficiency": Metric.POWER,
    "asic_temperature": Metric.ASIC_TEMPERATURE,
    "vr_temperature": Metric.VR_TEMPERATURE,
    "fan_speed": Metric.FAN_SPEED,
}
"""The metric that a figure of a point needs besides the hashrate, which all need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Means over one step. Unknown is `None`, idle is 0."""

    start: float
    """Unix time."""
    end: float
    """Unix time."""
    hashrate: float | None = None
    """GH/s."""
    hashrate_short: float | None = None
    """GH/s, mean of the 15 minutes before `end`."""
    hashrate_long: float | None = None
    """GH/s, mean of the 24 hours before `end`."""
    expected_hashrate: float | None = None
    """GH/s."""
    power: float | None = None
    """W."""
    efficiency: float | None = None
    """J/TH."""
    asic_temperature: float | None = None
    """°C."""
    vr_temperature: float | None = None
    """°C."""
    fan_speed: float | None = None
    """%."""


@dataclass(frozen=True, slots=True)
class SettingChange:
    """A moment at which the operating point changed."""

    at: float
    """Unix time: the begin of the step in which it happened."""
    before: OperatingPoint
    after: OperatingPoint


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeSeries:
    """How a miner did over time."""

    miner: Miner
    span: Span
    points: tuple[Point, ...]
    changes: tuple[SettingChange, ...]
    mean_hashrate: float | None
    """GH/s over the time that is known, idle time included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which part of a time series is wanted; the rest is not read."""

    figures: frozenset[str] | None = None
    """Names of figures of `Point`; `None` for all."""
    changes: bool = True
    """Whether changes of the setting are wanted."""
    points: int = MOST_POINTS
    """How many points at most."""

    @property
    def metrics(self) -> tuple[Metric, ...]:
        """What must be read."""
        if self.figures is None:
            needed = {*METRICS} - {*_SETTINGS}
        else:
            needed = {_SOURCES[name] for name in self.figures if name in _SOURCES}
        if self.changes:
            needed.update(_SETTINGS)
        return (
            Metric.HASHRATE,
            *(metric for metric in METRICS[1:] if metric in needed),
        )

    @property
    def lead_in(self) -> float:
        """Seconds before the span that must be read: what moving averages look back."""
        if self.figures is None or "hashrate_long" in self.figures:
            return LEAD_IN
        return SHORT_AVERAGE if "hashrate_short" in self.figures else 0.0

    def step(self, seconds: float) -> float:
        """Return the length in s of the steps that so many seconds are cut into."""
        # Differences of moments are not exact: 24 hours must not become 24 and a bit.
        seconds = round(seconds)
        return next(
            (step for step in _STEPS if seconds / step <= self.points), _STEPS[-1]
        )


def make_time_series(
    miner: Miner, span: Span, buckets: Mapping[Metric, Sequence[Bucket]]
) -> TimeSeries:
    """Join the metrics; the buckets may begin earlier, for the moving averages."""
    hashing = [
        bucket
        for bucket in buckets.get(Metric.HASHRATE, ())
        if bucket.tally is not None
    ]
    pieces = [
        Piece(bucket.start, bucket.end, bucket.tally.mean)
        for bucket in hashing
        if bucket.tally is not None
    ]
    by_start = {
        metric: {
            bucket.start: bucket.tally.mean
            for bucket in buckets.get(metric, ())
            if bucket.tally is not None
        }
        for metric in METRICS
    }
    start = span.start.timestamp()
    points = []
    area = seconds = 0.0
    for piece, short, long in zip(
        pieces,
        moving_average(pieces, SHORT_AVERAGE),
        moving_average(pieces, LONG_AVERAGE),
        strict=True,
    ):
        if piece.end <= start:
            continue
        since = max(piece.start, start)
        area += piece.value * (piece.end - since)
        seconds += piece.end - since
        known = {metric: by_start[metric].get(piece.start) for metric in METRICS}
        power = known[Metric.POWER]
        points.append(
            Point(
                start=since,
                end=piece.end,
                hashrate=piece.value,
                hashrate_short=short,
                hashrate_long=long,
                expected_hashrate=known[Metric.EXPECTED_HASHRATE],
                power=power,
                efficiency=power / piece.value * 1000
                if power is not None and piece.value > 0
                else None,
                asic_temperature=known[Metric.ASIC_TEMPERATURE],
                vr_temperature=known[Metric.VR_TEMPERATURE],
                fan_speed=known[Metric.FAN_SPEED],
            )
        )
    return TimeSeries(
        miner=miner,
        span=span,
        points=tuple(points),
        changes=tuple(
            change for change in _changes(miner, buckets) if change.at >= start
        ),
        mean_hashrate=area / seconds if seconds else None,
    )


def _changes(
    miner: Miner, buckets: Mapping[Metric, Sequence[Bucket]]
) -> list[SettingChange]:
    """Find where the setting changed; a step with several settings is the moment."""
    voltages = {bucket.start: bucket for bucket in buckets.get(Metric.CORE_VOLTAGE, ())}
    changes: list[SettingChange] = []
    last: OperatingPoint | None = None
    moved_at: float | None = None
    for bucket in buckets.get(Metric.FREQUENCY, ()):
        voltage = voltages.get(bucket.start)
        if bucket.tally is None or voltage is None or voltage.tally is None:
            continue
        if (
            bucket.tally.low != bucket.tally.high
            or voltage.tally.low != voltage.tally.high
        ):
            moved_at = moved_at if moved_at is not None else bucket.start
            continue
        point = OperatingPoint(
            frequency=round(bucket.tally.low, 3),
            core_voltage=round(voltage.tally.low, 2),
        )
        if last is not None and point != last:
            changes.append(
                SettingChange(
                    moved_at if moved_at is not None else bucket.start, last, point
                )
            )
        last, moved_at = point, None
    if moved_at is not None and last is not None and miner.present not in (None, last):
        assert miner.present is not None
        changes.append(SettingChange(moved_at, last, miner.present))
    return changes


def sum_hashrates(all_series: Sequence[TimeSeries]) -> list[tuple[float, float]]:
    """Return the GH/s of all miners together by the Unix time at which each begins.

    A miner adds nothing while it is unknown. Times in which all of them are unknown are
    left out.
    """
    steps: dict[float, tuple[int, float]] = {}
    for series in all_series:
        for point in series.points:
            if point.hashrate is not None:
                _add(steps, point.start, 1, point.hashrate)
                _add(steps, point.end, -1, -point.hashrate)
    sums = []
    known, total = 0, 0.0
    for moment in sorted(steps):
        count, change = steps[moment]
        known += count
        # What was added and taken away again may leave a trace of rounding.
        total = total + change if known else 0.0
        if known:
            sums.append((moment, max(total, 0.0)))
    return sums


def _add(
    steps: dict[float, tuple[int, float]], moment: float, count: int, change: float
) -> None:
    known, total = steps.get(moment, (0, 0.0))
    steps[moment] = (known + count, total + change)
