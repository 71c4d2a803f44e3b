"""What a miner, and the swarm, did over a span."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from .blocks import Bucket, Tally
from .metrics import Metric
from .miner import Miner
from .prices import Prices
from .span import Span
from .stability import Stability

_JOULES_PER_KWH: Final = 3_600_000
# The energy is written once a minute, in Wh.
_METER_SECONDS: Final = 80.0
_METER_JOULES: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerSummary:
    """What a miner did over a span. Unknown is `None`."""

    miner: Miner
    span: Span
    observed_hours: float
    """From the first to the last row within the span."""
    hashing_hours: float
    """Of which the miner hashed, and Home Assistant watched."""
    restarts: float | None
    energy: float | None
    """kWh, idle time included."""
    cost: float | None
    """In the currency of Home Assistant."""
    work: float
    """TH hashed."""
    hashrate: float | None
    """GH/s, mean while hashing."""
    hashrate_min: float | None
    hashrate_max: float | None
    power: float | None
    """W, mean."""
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
    def availability(self) -> float | None:
        """% of the observed time in which the miner hashed."""
        if not self.observed_hours:
            return None
        return min(self.hashing_hours / self.observed_hours, 1.0) * 100

    @property
    def reject_rate(self) -> float | None:
        """% of all shares."""
        if self.shares_accepted is None or self.shares_rejected is None:
            return None
        total = self.shares_accepted + self.shares_rejected
        return self.shares_rejected / total * 100 if total else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmSummary:
    """What all miners did over a span; sums are of those that are known."""

    span: Span
    miners: tuple[MinerSummary, ...]

    @property
    def hashrate(self) -> float:
        """GH/s: the sum of what each does while it hashes."""
        return sum(item.hashrate or 0 for item in self.miners)

    @property
    def work(self) -> float:
        """TH hashed."""
        return sum(item.work for item in self.miners)

    @property
    def energy(self) -> float | None:
        """KWh."""
        known = [item.energy for item in self.miners if item.energy is not None]
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
        """W: the sum of the miners' means."""
        known = [item.power for item in self.miners if item.power is not None]
        return sum(known) if known else None

    @property
    def availability(self) -> float | None:
        """% of all observed miner hours in which the miner hashed."""
        observed = sum(item.observed_hours for item in self.miners)
        if not observed:
            return None
        hashing = sum(item.hashing_hours for item in self.miners)
        return min(hashing / observed, 1.0) * 100

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
        if self.shares is None:
            return None
        accepted, rejected = self.shares
        total = accepted + rejected
        return rejected / total * 100 if total else None


def summarize_course(
    miner: Miner,
    span: Span,
    course: Mapping[Metric, Sequence[Bucket]],
    prices: Prices,
    stability: tuple[Stability, ...] = (),
) -> MinerSummary:
    """Add up what a miner did."""
    hashing = course.get(Metric.HASHRATE, ())
    powering = course.get(Metric.POWER, ())
    meter = course.get(Metric.ENERGY, ())
    consumed = list(_increases(meter))
    operation = _operation(hashing, powering, meter)
    running = Tally.merge(bucket.active for bucket in hashing)
    power = Tally.merge(bucket.tally for bucket in powering)
    asic = Tally.merge(
        bucket.tally for bucket in course.get(Metric.ASIC_TEMPERATURE, ())
    )
    vr = Tally.merge(bucket.tally for bucket in course.get(Metric.VR_TEMPERATURE, ()))
    return MinerSummary(
        miner=miner,
        span=span,
        observed_hours=operation.observed / 3600,
        hashing_hours=operation.hashing / 3600,
        restarts=_increase(course.get(Metric.RESTARTS, ())),
        energy=sum(amount for _, _, amount in consumed) if consumed else None,
        cost=_cost(consumed, prices),
        work=operation.work,
        hashrate=_mean([bucket.active for bucket in hashing], hashing),
        hashrate_min=running.low if running else None,
        hashrate_max=running.high if running else None,
        power=_mean([bucket.tally for bucket in powering], powering),
        power_max=power.high if power else None,
        efficiency=operation.joules / operation.powered_work
        if operation.powered_work
        else None,
        asic_temperature=_mean_of(course, Metric.ASIC_TEMPERATURE),
        asic_temperature_max=asic.high if asic else None,
        vr_temperature=_mean_of(course, Metric.VR_TEMPERATURE),
        vr_temperature_max=vr.high if vr else None,
        shares_accepted=_increase(course.get(Metric.SHARES_ACCEPTED, ())),
        shares_rejected=_increase(course.get(Metric.SHARES_REJECTED, ())),
        stability=stability,
    )


def _mean_of(course: Mapping[Metric, Sequence[Bucket]], metric: Metric) -> float | None:
    buckets = course.get(metric, ())
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

    observed: float = 0.0
    """s."""
    hashing: float = 0.0
    """s."""
    work: float = 0.0
    """TH."""
    powered_work: float = 0.0
    """TH of the time in which the power is known."""
    joules: float = 0.0


def _operation(
    hashing: Sequence[Bucket],
    powering: Sequence[Bucket],
    meter: Sequence[Bucket],
) -> _Operation:
    """Add up work and time.

    Home Assistant fills the time it was down with the last state it knew. Such time
    shows by energy that did not grow; it says nothing of the miner and is left out.
    """
    grown = {start: amount for start, _, amount in _increases(meter)}
    if meter and meter[0].rows:
        # Nothing before it tells what its first row added.
        grown.pop(meter[0].start, None)
    powers = {bucket.start: bucket for bucket in powering}
    result = _Operation()
    if hashing:
        result.observed = hashing[-1].end - hashing[0].start
    for bucket in hashing:
        if bucket.tally is None:
            continue
        seconds = bucket.rows * bucket.row_seconds
        power = powers.get(bucket.start)
        share = _watched_share(power, grown.get(bucket.start))
        work = bucket.tally.total * bucket.row_seconds / 1000 * share
        result.observed -= seconds * (1 - share)
        result.hashing += bucket.active_rows * bucket.row_seconds * share
        result.work += work
        if power is not None and power.tally is not None:
            result.powered_work += work
            result.joules += power.tally.total * power.row_seconds * share
    return result


def _watched_share(power: Bucket | None, energy: float | None) -> float:
    """Return how much of the power's time shows in the energy meter, in kWh."""
    if power is None or power.tally is None or energy is None:
        return 1.0
    promised = power.tally.total * power.row_seconds
    slack = power.tally.mean * _METER_SECONDS + _METER_JOULES
    if promised <= slack:
        return 1.0
    share = (energy * _JOULES_PER_KWH + slack) / promised
    return share if share < 1 else 1.0


def _increases(buckets: Sequence[Bucket]) -> Iterator[tuple[float, float, float]]:
    """Yield start, end and growth of a counter from bucket to bucket."""
    before = None
    for bucket in buckets:
        # Only the very first row of a sensor has none to compare with.
        base = before if before is not None else bucket.first
        if bucket.last is not None:
            if base is not None and bucket.rows:
                yield bucket.start, bucket.end, max(bucket.last - base, 0.0)
            before = bucket.last


def _increase(buckets: Sequence[Bucket]) -> float | None:
    amounts = [amount for _, _, amount in _increases(buckets)]
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
