"""What a miner, and the swarm, did over a span."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
import math
from typing import Final

from ..const import JOULES_PER_KWH
from .blocks import Bucket, Tally
from .metrics import Metric, percent_rejected
from .miner import Miner
from .periods import Period, common_periods, join_periods, seconds_of, without_periods
from .prices import Prices
from .span import Span
from .stability import Stability
from .wall import WallSummary
from .watched import WatchedBucket, filled_seconds, increases, watched_buckets

# A miner may be read for the first time some seconds after a span begins.
_LATE_SHARE: Final = 0.01
_LATE_SECONDS: Final = 60.0
# s; statistics and readings leave no longer gap as long as a miner answers.
_SILENT_SECONDS: Final = 900.0
_SAME_MOMENT: Final = 1.0
# Buckets of a summary: fine enough for prices by the hour, few enough for years.
_MOST_BUCKETS: Final = 400
_STEPS: Final = (3600, 7200, 14400, 21600, 43200, 86400, 604800)


def bucket_seconds(hours: float) -> int:
    """Return the length in s of the buckets that so many hours are summed up in."""
    return next(
        (step for step in _STEPS if hours * 3600 / step <= _MOST_BUCKETS), _STEPS[-1]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerSummary:
    """What a miner did over a span. Unknown is `None`."""

    miner: Miner
    span: Span
    watched_from: float | None
    """Unix time from which on it was watched within the span."""
    watched_to: float | None
    """Unix time up to which it was."""
    unwatched: tuple[tuple[float, float], ...] = ()
    """Periods in between, in Unix time, in which it is known that nobody watched it."""
    observed_hours: float
    """Hours from `watched_from` to `watched_to` in which Home Assistant ran."""
    answered_hours: float
    """Hours of these in which the miner answered."""
    hashing_hours: float
    """Hours of these in which the miner hashed."""
    excused_hours: float
    """Observed hours of maintenance in which it did not hash, as far as that is
    known."""
    restarts: float | None
    energy: float | None
    """kWh, idle time included; power times time where nothing was metered."""
    idle_energy: float | None
    """kWh of that used while nothing was hashed, as far as whole statistics rows
    show."""
    cost: float | None
    """In the currency of Home Assistant."""
    work: float
    """TH hashed."""
    hashrate: float | None
    """GH/s, mean while hashing."""
    hashrate_min: float | None
    hashrate_max: float | None
    power_max: float | None
    efficiency: float | None
    """J/TH: all energy over all work."""
    asic_temperature: float | None
    """°C, mean while hashing."""
    asic_temperature_max: float | None
    vr_temperature: float | None
    vr_temperature_max: float | None
    shares_accepted: float | None
    shares_rejected: float | None
    stability: tuple[Stability, ...] = ()
    """Of the windows that end with the span, as far as they are known."""

    @property
    def mean_hashrate(self) -> float | None:
        """GH/s: work by observed time, idle time included."""
        return self.work / self.observed_hours / 3.6 if self.observed_hours else None

    @property
    def power(self) -> float | None:
        """W: energy by observed time, in which it may have been paused, or gone."""
        if self.energy is None or not self.observed_hours:
            return None
        return self.energy * 1000 / self.observed_hours

    @property
    def watched_seconds(self) -> float | None:
        """Seconds from the first watching to the end; `None` if it is all of it."""
        if self.watched_from is None or self.span.is_all:
            return None
        late = self.watched_from - self.span.start.timestamp()
        if late <= max(_LATE_SECONDS, self.span.seconds * _LATE_SHARE):
            return None
        return self.span.end.timestamp() - self.watched_from

    @property
    def availability(self) -> float | None:
        """% of the observed time in which the miner hashed, but for maintenance."""
        return _availability([self])

    @property
    def reject_rate(self) -> float | None:
        """% of all shares."""
        return percent_rejected(self.shares_accepted, self.shares_rejected)


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmSummary:
    """What all miners did over a span; sums are of those that are known."""

    span: Span
    miners: tuple[MinerSummary, ...]
    wall: tuple[WallSummary, ...] = ()
    """Of the power supplies with a plug whose miners are all among them."""

    def wall_of(self, miner: Miner) -> tuple[WallSummary, ...]:
        """Return what the supply of a miner alone took, where a plug measures it."""
        return tuple(item for item in self.wall if item.is_of(miner))

    @property
    def observed_hours(self) -> float:
        """Time in which any miner was watched: what work and energy are divided by."""
        watched = [
            (
                item.watched_from,
                item.watched_to,
                item.observed_hours,
                without_periods(item.watched_from, item.watched_to, item.unwatched),
            )
            for item in self.miners
            if item.watched_from is not None and item.watched_to is not None
        ]
        if not watched:
            return 0.0
        _, _, observed, known = min(watched)
        # Home Assistant runs for all miners or for none: what one of them lacks, which
        # was watched from the beginning, no other has.
        lacking = seconds_of(known) / 3600 - observed
        together = join_periods(stretch for item in watched for stretch in item[3])
        return seconds_of(together) / 3600 - lacking

    @property
    def watched_seconds(self) -> float | None:
        """Seconds from the first watching to the end; `None` if it is all of it."""
        known = [item for item in self.miners if item.watched_from is not None]
        if any(item.watched_seconds is None for item in known):
            return None
        return max((item.watched_seconds or 0.0 for item in known), default=None)

    @property
    def hashrate(self) -> float | None:
        """GH/s: the work of all by the time."""
        hours = self.observed_hours
        return self.work / hours / 3.6 if hours else None

    @property
    def mean_hashrate(self) -> float | None:
        """The same, by the name that it has of a single miner."""
        return self.hashrate

    @property
    def work(self) -> float:
        """TH hashed."""
        return sum(item.work for item in self.miners)

    @property
    def energy(self) -> float | None:
        """Energy in kWh."""
        known = [item.energy for item in self.miners if item.energy is not None]
        return sum(known) if known else None

    @property
    def idle_energy(self) -> float | None:
        """Energy in kWh that was used while nothing was hashed."""
        known = [
            item.idle_energy for item in self.miners if item.idle_energy is not None
        ]
        return sum(known) if known else None

    @property
    def cost(self) -> float | None:
        """In the currency of Home Assistant."""
        known = [item.cost for item in self.miners if item.cost is not None]
        return sum(known) if known else None

    @property
    def efficiency(self) -> float | None:
        """J/TH: energy over work of the miners whose energy is known."""
        pairs = [
            (item.efficiency * item.work, item.work)
            for item in self.miners
            if item.efficiency is not None
        ]
        work = sum(work for _, work in pairs)
        return sum(joules for joules, _ in pairs) / work if work else None

    @property
    def power(self) -> float | None:
        """W: the energy of all by the time."""
        energy, hours = self.energy, self.observed_hours
        return energy * 1000 / hours if energy is not None and hours else None

    @property
    def availability(self) -> float | None:
        """% of all observed miner hours in which the miner hashed."""
        return _availability(self.miners)

    @property
    def restarts(self) -> float | None:
        """Restarts of all miners."""
        known = [item.restarts for item in self.miners if item.restarts is not None]
        return sum(known) if known else None

    @property
    def shares(self) -> tuple[float, float] | None:
        """Accepted and rejected shares, of the miners of which both are known."""
        known = [
            (item.shares_accepted, item.shares_rejected)
            for item in self.miners
            if item.shares_accepted is not None and item.shares_rejected is not None
        ]
        if not known:
            return None
        return sum(item[0] for item in known), sum(item[1] for item in known)

    @property
    def reject_rate(self) -> float | None:
        """% of all shares."""
        return None if self.shares is None else percent_rejected(*self.shares)


def summarize_buckets(
    miner: Miner,
    span: Span,
    by_metric: Mapping[Metric, Sequence[Bucket]],
    prices: Prices,
    stability: tuple[Stability, ...] = (),
    idle_energy: float = 0.0,
    maintenance: Sequence[tuple[float, float]] = (),
) -> MinerSummary:
    """Add up what a miner did.

    `maintenance` has the periods, in Unix time, in which somebody worked on it.

    `idle_energy` is the kWh that it used without hashing in the stretches of
    `mixed_stretches`, in which it hashed only some of the time.
    """
    hashing = by_metric.get(Metric.HASHRATE, ())
    powering = by_metric.get(Metric.POWER, ())
    meter = by_metric.get(Metric.ENERGY, ())
    consumed = [*increases(meter), *_unmetered(miner, powering, meter)]
    found = list(watched_buckets(miner, hashing, powering, meter))
    operation = _operation(found)
    unwatched = tuple(_unwatched(miner, span, found))
    watched = _watched(miner, span, by_metric, unwatched)
    energy = sum(amount for _, _, amount in consumed) if consumed else None
    running = Tally.merge(bucket.active for bucket in hashing)
    power = Tally.merge(bucket.tally for bucket in powering)
    asic = Tally.merge(
        bucket.tally for bucket in by_metric.get(Metric.ASIC_TEMPERATURE, ())
    )
    vr = Tally.merge(
        bucket.tally for bucket in by_metric.get(Metric.VR_TEMPERATURE, ())
    )
    return MinerSummary(
        miner=miner,
        span=span,
        watched_from=watched[0] if watched else None,
        watched_to=watched[1] if watched else None,
        unwatched=unwatched,
        observed_hours=max(
            seconds_of(without_periods(*watched, unwatched)) - operation.unwatched, 0.0
        )
        / 3600
        if watched
        else 0.0,
        answered_hours=operation.answered / 3600,
        hashing_hours=operation.hashing / 3600,
        excused_hours=_excused(maintenance, hashing, watched) / 3600
        if watched
        else 0.0,
        restarts=_increase(by_metric.get(Metric.RESTARTS, ())),
        energy=energy,
        idle_energy=None
        if energy is None
        else min(operation.idle_joules / JOULES_PER_KWH + idle_energy, energy),
        cost=_cost(consumed, prices),
        work=operation.work,
        hashrate=_mean([bucket.active for bucket in hashing], hashing),
        hashrate_min=running.low if running else None,
        hashrate_max=running.high if running else None,
        power_max=power.high if power else None,
        efficiency=operation.joules / operation.powered_work
        if operation.powered_work
        else None,
        asic_temperature=_mean_of(by_metric, Metric.ASIC_TEMPERATURE),
        asic_temperature_max=asic.high if asic else None,
        vr_temperature=_mean_of(by_metric, Metric.VR_TEMPERATURE),
        vr_temperature_max=vr.high if vr else None,
        shares_accepted=_increase(by_metric.get(Metric.SHARES_ACCEPTED, ())),
        shares_rejected=_increase(by_metric.get(Metric.SHARES_REJECTED, ())),
        stability=stability,
    )


def _availability(miners: Sequence[MinerSummary]) -> float | None:
    due = sum(max(item.observed_hours - item.excused_hours, 0.0) for item in miners)
    hashing = sum(item.hashing_hours for item in miners)
    return min(hashing / due, 1.0) * 100 if due else None


def _excused(
    maintenance: Sequence[tuple[float, float]],
    hashing: Sequence[Bucket],
    watched: tuple[float, float],
) -> float:
    """Return s of maintenance in which nothing was hashed.

    Of a bucket that hashed for a part, the idle part is taken to be the maintenance.
    """
    excused = 0.0
    for begin, end in maintenance:
        start, stop = max(begin, watched[0]), min(end, watched[1])
        if stop <= start:
            continue
        excused += stop - start
        for bucket in hashing:
            overlap = min(stop, bucket.end) - max(start, bucket.start)
            if overlap > 0:
                active = bucket.active_rows * bucket.row_seconds
                outside = bucket.end - bucket.start - overlap
                excused -= min(max(active - outside, 0.0), overlap)
    return excused


def _mean_of(
    by_metric: Mapping[Metric, Sequence[Bucket]], metric: Metric
) -> float | None:
    buckets = by_metric.get(metric, ())
    return _mean([bucket.tally for bucket in buckets], buckets)


def _mean(tallies: Sequence[Tally | None], buckets: Sequence[Bucket]) -> float | None:
    area = seconds = 0.0
    for tally, bucket in zip(tallies, buckets, strict=True):
        if tally is not None:
            area += tally.total * bucket.row_seconds
            seconds += tally.rows * bucket.row_seconds
    return area / seconds if seconds else None


@dataclass(slots=True)
class _Operation:
    """What a miner did while it was watched."""

    unwatched: float = 0.0
    """Seconds of rows that Home Assistant filled in; which rows these are is
    unknown."""
    answered: float = 0.0
    """Seconds of the other rows."""
    hashing: float = 0.0
    """s."""
    work: float = 0.0
    """TH."""
    powered_work: float = 0.0
    """TH of the time in which the power is known."""
    joules: float = 0.0
    idle_joules: float = 0.0
    """J of stretches in which nothing was hashed at all."""


def _operation(found: Iterable[WatchedBucket]) -> _Operation:
    """Add up work and time that somebody watched."""
    result = _Operation()
    for item in found:
        bucket, power, share = item.hashing, item.powering, item.share
        assert bucket.tally is not None
        work = bucket.tally.total * bucket.row_seconds / 1000 * share
        result.unwatched += item.away_seconds
        result.answered += bucket.rows * bucket.row_seconds * share
        result.hashing += bucket.active_rows * bucket.row_seconds * share
        result.work += work
        if power is not None and power.tally is not None:
            joules = power.tally.total * power.row_seconds * share
            result.powered_work += work
            result.joules += joules
            if not bucket.active_rows:
                result.idle_joules += joules
            elif _is_mixed(bucket) and bucket.recent:
                idle = (bucket.rows - bucket.active_rows) * bucket.row_seconds
                result.idle_joules += power.tally.low * idle
    return result


def mixed_stretches(hashing: Sequence[Bucket]) -> list[tuple[float, float]]:
    """Return the periods, in Unix time, in which only some rows have hashes."""
    ranges: list[tuple[float, float]] = []
    for bucket in hashing:
        if bucket.active_rows and _is_mixed(bucket) and not bucket.recent:
            if ranges and ranges[-1][1] == bucket.start:
                ranges[-1] = (ranges[-1][0], bucket.end)
            else:
                ranges.append((bucket.start, bucket.end))
    return ranges


def _is_mixed(bucket: Bucket) -> bool:
    return bucket.active_rows < bucket.rows


def _watched(
    miner: Miner,
    span: Span,
    by_metric: Mapping[Metric, Sequence[Bucket]],
    unwatched: Sequence[tuple[float, float]],
) -> tuple[float, float] | None:
    """Return from when until when a miner was watched within a span.

    A miner that is set up is watched whether or not it answers: from the beginning, if
    something is known of it from before, and to the end.
    """
    hashing = by_metric.get(Metric.HASHRATE, ())
    start, end = span.start.timestamp(), span.end.timestamp()
    known_before = any(
        buckets and not buckets[0].rows for buckets in by_metric.values()
    )
    if miner.watched_until is None:
        return (hashing[0].start, hashing[-1].end) if hashing else None
    if not hashing and not known_before:
        return None
    since = start if known_before else hashing[0].start
    for begin, finish in unwatched:
        if begin <= since < finish:
            since = finish
    until = min(end, miner.watched_until)
    if hashing and until - hashing[-1].end <= _silent_after(miner, hashing[-1].end):
        until = hashing[-1].end
    return since, max(since, until)


def _unwatched(
    miner: Miner, span: Span, found: Iterable[WatchedBucket]
) -> Iterator[Period]:
    """Yield Unix times between which nobody looked at a miner within a span."""
    periods = join_periods(miner.unwatched)
    at, end = span.start.timestamp(), span.end.timestamp()
    for item in found:
        yield from common_periods(periods, at, item.hashing.start)
        yield from item.away
        at = item.hashing.end
    yield from common_periods(periods, at, end)


def _silent_after(miner: Miner, last: float) -> float:
    """Return the s without figures after which a miner counts as silent.

    `last` is the Unix time at which the last figures end. Where these come from its
    last reading, silence is noticed sooner than with statistics.
    """
    if (
        miner.longest_gap is None
        or not miner.recent
        or miner.recent[-1].end - last > _SAME_MOMENT
    ):
        return _SILENT_SECONDS
    return min(miner.longest_gap, _SILENT_SECONDS)


def _unmetered(
    miner: Miner, powering: Sequence[Bucket], meter: Sequence[Bucket]
) -> Iterator[tuple[float, float, float]]:
    """Yield begin, end and energy in kWh of time before and after there was a meter.

    For example where another integration recorded the power before. Gaps in between
    need no estimate: the meter counts on, and its next row has all of it.
    """
    rows = [bucket for bucket in meter if bucket.rows]
    since = until = math.inf
    if rows:
        until = rows[-1].end
        since = -math.inf
        if meter[0].rows and not meter[0].recent:
            # Nothing before it shows what the first row of all added.
            since = rows[0].start + rows[0].row_seconds
    periods = join_periods(miner.unwatched)
    for bucket in powering:
        if bucket.tally is None:
            continue
        watts = bucket.tally.mean * bucket.rows * bucket.row_seconds
        watts /= bucket.end - bucket.start
        away = list(common_periods(periods, bucket.start, bucket.end))
        filled = filled_seconds(bucket, away)
        filled_share = filled / seconds_of(away) if filled else 0.0
        for start, end in (
            (bucket.start, min(bucket.end, since)),
            (max(bucket.start, until), bucket.end),
        ):
            if end > start:
                seconds = end - start
                seconds -= seconds_of(common_periods(away, start, end)) * filled_share
                yield start, end, watts * seconds / JOULES_PER_KWH


def _increase(buckets: Sequence[Bucket]) -> float | None:
    amounts = [amount for _, _, amount in increases(buckets)]
    return sum(amounts) if amounts else None


def _cost(
    consumed: Sequence[tuple[float, float, float]], prices: Prices
) -> float | None:
    """Return what energy cost; `None` if the price of any of it is unknown."""
    total = 0.0
    for start, end, energy in consumed:
        if energy == 0:
            continue
        if (price := prices.mean(start, end)) is None:
            return None
        total += energy * price
    return total if consumed else None
