"""How much of what the statistics say of a miner somebody watched."""

from collections.abc import Iterator, Sequence
from typing import Final

from .blocks import Bucket

_JOULES_PER_KWH: Final = 3_600_000
# The energy is written once a minute, in Wh.
_METER_SECONDS: Final = 80.0
_METER_JOULES: Final = 3600.0


def watched_buckets(
    hashing: Sequence[Bucket],
    powering: Sequence[Bucket],
    meter: Sequence[Bucket],
) -> Iterator[tuple[Bucket, Bucket | None, float]]:
    """Yield each known bucket of the hashrate, that of the power, and the share watched.

    Home Assistant fills the time it was down with the last state it knew. Such time
    shows by energy that did not grow, and nobody watched it.
    """
    grown = {start: amount for start, _, amount in increases(meter)}
    if meter and meter[0].rows:
        # Nothing before it shows what its first row added.
        grown.pop(meter[0].start, None)
    powers = {bucket.start: bucket for bucket in powering}
    for bucket in hashing:
        if bucket.tally is not None:
            power = powers.get(bucket.start)
            yield bucket, power, _watched_share(power, grown.get(bucket.start))


def _watched_share(power: Bucket | None, energy: float | None) -> float:
    """Return how much of the power's time shows in the energy meter, in kWh."""
    if power is None or power.tally is None or energy is None:
        return 1.0
    return watched_share(
        power.tally.total * power.row_seconds, power.tally.mean, energy
    )


def watched_share(promised: float, power: float, energy: float) -> float:
    """Return how much of some J promised by a mean power in W the kWh of a meter show."""
    slack = power * _METER_SECONDS + _METER_JOULES
    if promised <= slack:
        return 1.0
    return min((energy * _JOULES_PER_KWH + slack) / promised, 1.0)


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
