"""How long a miner hashed, stood still, was gone or not watched, day by day. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .blocks import LONG_ROW, Bucket
from .metrics import Metric
from .miner import Miner
from .watched import WatchedBucket, watched_buckets

METRICS: Final = (Metric.HASHRATE, Metric.POWER, Metric.ENERGY)
"""What is read for it; only the hashrate is required."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayUptime:
    """One day of a miner, in seconds that add up to the day as far as it has come."""

    start: float
    """Unix time at which the day began."""
    hashing: float
    stopped: float
    """It answered, but hashed nothing: paused, too hot, or at fault."""
    offline: float
    """It did not answer."""
    unknown: float
    """Nobody watched: Home Assistant was down, or the miner not yet set up."""


def measure_uptime(
    miner: Miner,
    days: Sequence[tuple[float, float]],
    by_metric: Mapping[Metric, Sequence[Bucket]],
    witness: Mapping[int, float],
) -> tuple[DayUptime, ...]:
    """Sum up each day, given by its begin and end in Unix time.

    The buckets are hours. `witness` has the seconds of each hour (since 1970) in which
    Home Assistant recorded anything: what is missing of a miner then, it did not
    answer.
    """
    hashing = by_metric.get(Metric.HASHRATE, ())
    known_before = any(
        buckets and not buckets[0].rows for buckets in by_metric.values()
    )
    first = min((bucket.start for bucket in hashing), default=float("inf"))
    since = float("-inf") if known_before else first
    hours: dict[int, tuple[float, float]] = {}
    for item in _watched(miner, by_metric):
        bucket, share = item.hashing, item.share
        hour = int(bucket.start // LONG_ROW)
        answered, active = hours.get(hour, (0.0, 0.0))
        hours[hour] = (
            answered + bucket.rows * bucket.row_seconds * share,
            active + bucket.active_rows * bucket.row_seconds * share,
        )
    until = max((end for _, end in days), default=0.0)
    return tuple(
        _sum_up(start, end, until, hours, witness, since)
        for start, end in days
        if end > start
    )


def _sum_up(
    start: float,
    end: float,
    until: float,
    hours: Mapping[int, tuple[float, float]],
    witness: Mapping[int, float],
    since: float,
) -> DayUptime:
    """Sum up a day; hours are known `until` a Unix time, the end of the last day."""
    hashing = stopped = offline = 0.0
    hour = int(start // LONG_ROW)
    while hour * LONG_ROW < end:
        begin = max(start, hour * LONG_ROW)
        length = min(end, (hour + 1) * LONG_ROW) - begin
        answered, active = hours.get(hour, (0.0, 0.0))
        # Where a day begins within an hour, each day has its part of what has come of
        # it. What was just read seems to last a little longer than that.
        come = max(min(until - hour * LONG_ROW, LONG_ROW), answered)
        part = length / come if length < answered else 1.0
        answered, active = answered * part, active * part
        hashing += active
        stopped += answered - active
        if begin + length > since:
            watched = min(witness.get(hour, 0.0), length)
            offline += max(watched - answered, 0.0)
        hour += 1
    unknown = max(end - start - hashing - stopped - offline, 0.0)
    return DayUptime(
        start=start, hashing=hashing, stopped=stopped, offline=offline, unknown=unknown
    )


def witnessed(
    miner: Miner, by_metric: Mapping[Metric, Sequence[Bucket]]
) -> dict[int, float]:
    """Return the seconds of each hour in which a miner, or the swarm, was recorded.

    What Home Assistant made up while it was down is no such time.
    """
    seconds: dict[int, float] = {}
    for item in _watched(miner, by_metric):
        bucket = item.hashing
        hour = int(bucket.start // LONG_ROW)
        lasted = bucket.rows * bucket.row_seconds * item.share
        seconds[hour] = seconds.get(hour, 0.0) + lasted
    return longest_witness([seconds])


def _watched(
    miner: Miner, by_metric: Mapping[Metric, Sequence[Bucket]]
) -> Iterator[WatchedBucket]:
    return watched_buckets(miner, *(by_metric.get(metric, ()) for metric in METRICS))


def longest_witness(several: Iterable[Mapping[int, float]]) -> dict[int, float]:
    """Return the most seconds of each hour that any of several was recorded."""
    found: dict[int, float] = {}
    for seconds in several:
        for hour, value in seconds.items():
            found[hour] = max(found.get(hour, 0.0), min(value, LONG_ROW))
    return found
