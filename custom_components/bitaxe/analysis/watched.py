"""Finds out for how much of a miner's statistics Home Assistant really ran.

Home Assistant fills the time it was down with the last state it knew. The energy meter
does not count over gaps, so such time is recognised by energy that did not grow. The
meter grows in steps of 1 Wh: it resolves neither single minutes nor when they were.
Where that is known otherwise, for example from the recorder's runs, that is used,
unless the meter shows that the gap was filled in later.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ..const import JOULES_PER_KWH
from .blocks import Bucket
from .miner import Miner
from .periods import Period, common_periods, join_periods, seconds_of

_METER_JOULES: Final = 3600.0
"""The energy is written in whole Wh."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedBucket:
    """Statistics of a stretch of time, and for how much of it Home Assistant ran."""

    hashing: Bucket
    powering: Bucket | None
    share: float
    """Of the time of its rows, from 0 to 1."""
    away: Sequence[Period]
    """When nobody watched, as far as it is known when that was."""
    away_seconds: float
    """Further seconds in which nobody watched; it is not known when."""


def watched_buckets(
    miner: Miner,
    hashing: Sequence[Bucket],
    powering: Sequence[Bucket],
    meter: Sequence[Bucket],
) -> Iterator[WatchedBucket]:
    """Yield each known bucket of the hashrate, and how much of it somebody watched."""
    grown = {start: amount for start, _, amount in increases(meter)}
    if meter and meter[0].rows:
        # Nothing before it shows what its first row added.
        grown.pop(meter[0].start, None)
    powers = {bucket.start: bucket for bucket in powering}
    periods = join_periods(miner.unwatched)
    for bucket in hashing:
        if bucket.tally is not None:
            yield _watched_bucket(
                miner, bucket, powers.get(bucket.start), grown, periods
            )


def _watched_bucket(
    miner: Miner,
    bucket: Bucket,
    power: Bucket | None,
    grown: dict[float, float],
    periods: Sequence[Period],
) -> WatchedBucket:
    away = list(common_periods(periods, bucket.start, bucket.end))
    seconds = bucket.rows * bucket.row_seconds
    filled = filled_seconds(bucket, away)
    meter: MeterShares | None = None
    energy = grown.get(bucket.start)
    if power is not None and power.tally is not None and energy is not None:
        meter = MeterShares.of(
            power.tally.total * power.row_seconds,
            power.tally.mean,
            energy,
            miner.meter_lag,
        )
    known = max(1.0 - filled / seconds, 0.0)
    if meter is None or meter.allows(known):
        return WatchedBucket(
            hashing=bucket, powering=power, share=known, away=away, away_seconds=0.0
        )
    lacking = bucket.end - bucket.start - seconds
    placed: list[Period] = []
    for begin, finish in away:
        if lacking > 0:
            placed.append((begin, min(finish, begin + lacking)))
            lacking -= finish - begin
    return WatchedBucket(
        hashing=bucket,
        powering=power,
        share=meter.most,
        away=placed,
        away_seconds=seconds * (1.0 - meter.most),
    )


def filled_seconds(bucket: Bucket, away: Sequence[Period]) -> float:
    """Return the s of periods within a bucket for which there are rows nevertheless.

    Rows of what was just read are whole seconds, so they may seem to last longer than
    the bucket.
    """
    unwatched = seconds_of(away)
    lacking = bucket.end - bucket.start - bucket.rows * bucket.row_seconds
    return min(max(unwatched - lacking, 0.0), unwatched)


@dataclass(frozen=True, slots=True)
class MeterShares:
    """How much of a stretch of time was watched, as far as the energy meter shows."""

    least: float
    most: float

    @classmethod
    def of(
        cls, promised: float, power: float, energy: float, lag: float
    ) -> MeterShares:
        """Compare J promised by a mean power in W with the kWh that the meter grew by.

        What it shows may be as old as `lag` s, at both ends.
        """
        slack = power * lag + _METER_JOULES
        if promised <= slack:
            return cls(0.0, 1.0)
        joules = energy * JOULES_PER_KWH
        return cls(
            max((joules - slack) / promised, 0.0), min((joules + slack) / promised, 1.0)
        )

    def allows(self, share: float) -> bool:
        """Return whether a share can be true."""
        return self.least <= share <= self.most


def increases(buckets: Sequence[Bucket]) -> Iterator[tuple[float, float, float]]:
    """Yield start, end and growth of a counter from bucket to bucket."""
    before = None
    for bucket in buckets:
        # Only the very first row of a sensor has none to compare with.
        base = before if before is not None else bucket.first
        if bucket.last is not None:
            if base is not None and bucket.rows:
                yield bucket.start, bucket.end, max(bucket.last - base, 0.0)
            before = bucket.last
