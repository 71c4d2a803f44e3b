"""What power supplies took from the wall over a span, and what their miners got of it.

Power and energy at the wall are those of all the time in which the plug is known. What
is compared with the miners is compared over the time in which all of them are known as
well.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from ..const import JOULES_PER_KWH
from .blocks import Bucket
from .metrics import Metric
from .miner import Miner
from .prices import Prices
from .time_series import TimeSeries
from .watched import watched_buckets

METRICS: Final = (Metric.HASHRATE, Metric.POWER, Metric.ENERGY)
"""What is read of the miners."""
# Share of a stretch in which plug and miners must be known to be compared in it.
_KNOWN: Final = 0.9
BELOW_MINERS: Final = 0.95
"""A plug that shows less than this share of what its miners draw is another one's:
they measure their power to some percent."""
# Share of the time in which a plug must have been known for that to be passed over, and
# hours of which there are no statistics of it yet.
_MOSTLY: Final = 0.95
_NEWEST_HOURS: Final = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class WallSummary:
    """What one power supply did over a span. Unknown is `None`."""

    name: str
    miners: tuple[Miner, ...]
    """All that it feeds."""
    hours: float
    """In which the plug was known."""
    energy: float
    """kWh at the wall in that time."""
    cost: float | None
    """Of that energy, in the currency of Home Assistant."""
    compared_hours: float
    """Of which all its miners were known as well."""
    compared_energy: float
    """kWh at the wall in those."""
    miners_energy: float
    """kWh of its miners in those."""
    work: float
    """TH of its miners in those."""

    def is_of(self, miner: Miner) -> bool:
        """Return whether it feeds this miner and no other."""
        return [fed.identifier for fed in self.miners] == [miner.identifier]

    def is_part_of(self, observed_hours: float) -> bool:
        """Return whether the plug was known for only a part of the observed hours."""
        return self.hours < _MOSTLY * observed_hours - _NEWEST_HOURS

    @property
    def power(self) -> float:
        """W at the wall: energy by time."""
        return self.energy * 1000 / self.hours

    @property
    def efficiency(self) -> float | None:
        """J/TH at the wall: energy by work."""
        return self.compared_energy * JOULES_PER_KWH / self.work if self.work else None

    @property
    def loss(self) -> float | None:
        """W lost in the supply; unknown where the miners report more than it takes."""
        lost = self.compared_energy - self.miners_energy
        return lost * 1000 / self.compared_hours if lost > 0 else None

    @property
    def loss_share(self) -> float | None:
        """% of what it takes that is lost."""
        lost = self.compared_energy - self.miners_energy
        return lost / self.compared_energy * 100 if lost > 0 else None


@dataclass(slots=True)
class _Cell:
    """What is known of a plug, or of a miner, in one stretch of time."""

    seconds: float = 0.0
    """Of rows."""
    watched: float = 0.0
    """Of which Home Assistant did not make up."""
    joules: float = 0.0
    """In the watched time."""
    work: float = 0.0
    """TH in the watched time."""
    pieces: list[tuple[float, float, float]] = field(default_factory=list)
    """Begin and end in Unix time, and J, of what the stretch is made of."""

    def in_seconds(self, seconds: float) -> tuple[float, float]:
        """Return the J and TH of so many s at the mean of the stretch."""
        return self.joules * seconds / self.watched, self.work * seconds / self.watched


def measure_wall(
    name: str,
    plug: Sequence[Bucket],
    miners: Sequence[tuple[Miner, Mapping[Metric, Sequence[Bucket]]]],
    prices: Prices,
    step: float,
) -> WallSummary | None:
    """Add up what a supply took by the W of its plug; `None` if nothing is known.

    `miners` are all that it feeds, each with its buckets of `METRICS`. All buckets are
    of stretches of `step` s. A plug that shows less than they draw is another one's,
    and says nothing.
    """
    return _sum_up(
        name,
        [miner for miner, _ in miners],
        _cells_of_plug(plug, step),
        [_cells_of_miner(miner, by_metric, step) for miner, by_metric in miners],
        prices,
    )


def _sum_up(
    name: str,
    miners: Sequence[Miner],
    walls: Mapping[int, _Cell],
    fed: Sequence[Mapping[int, _Cell]],
    prices: Prices,
) -> WallSummary | None:
    """Add up stretches of a plug, and what is known of its miners in them."""
    seconds = taken = compared = compared_seconds = drawn = work = 0.0
    cost: float | None = 0.0
    for number, wall in walls.items():
        cells = [cells[number] for cells in fed if number in cells]
        # Nobody watched what Home Assistant made up while it was down.
        share = max((cell.watched / cell.seconds for cell in cells), default=1.0)
        seconds += wall.seconds * share
        taken += wall.joules * share
        cost = _add_cost(cost, wall.pieces, share, prices)
        common = min([wall.seconds * share, *(cell.watched for cell in cells)])
        longest = max([wall.seconds * share, *(cell.watched for cell in cells)])
        if len(cells) == len(fed) and common > 0 and common >= _KNOWN * longest:
            compared_seconds += common
            compared += wall.in_seconds(common)[0]
            for cell in cells:
                joules, hashed = cell.in_seconds(common)
                drawn += joules
                work += hashed
    if not seconds or compared < BELOW_MINERS * drawn:
        return None
    return WallSummary(
        name=name,
        miners=tuple(miners),
        hours=seconds / 3600,
        energy=taken / JOULES_PER_KWH,
        cost=cost,
        compared_hours=compared_seconds / 3600,
        compared_energy=compared / JOULES_PER_KWH,
        miners_energy=drawn / JOULES_PER_KWH,
        work=work,
    )


def power_at_wall(
    series: TimeSeries, plug: Mapping[float, float]
) -> dict[float, float]:
    """Return the W of a plug by the begin of the points of its miner's time series.

    `plug` has them by the begin of stretches as long as the points, of which the first
    may begin before the span. Empty for a plug that shows less than the miner draws: it
    is another one's.
    """
    by_point = {
        max(start, series.span.start.timestamp()): plug[start] for start in plug
    }
    both = [
        (by_point[point.start], point.power)
        for point in series.points
        if point.power is not None and point.start in by_point
    ]
    if sum(wall for wall, _ in both) < BELOW_MINERS * sum(power for _, power in both):
        return {}
    return by_point


def joules_per_terahash(power: float | None, hashrate: float | None) -> float | None:
    """Return J/TH of so many W and GH/s."""
    return power / hashrate * 1000 if power is not None and hashrate else None


def _cells_of_plug(plug: Iterable[Bucket], step: float) -> dict[int, _Cell]:
    cells: dict[int, _Cell] = {}
    for bucket in plug:
        if bucket.tally is not None:
            cell = cells.setdefault(int(bucket.start // step), _Cell())
            seconds = bucket.rows * bucket.row_seconds
            joules = bucket.tally.total * bucket.row_seconds
            cell.seconds += seconds
            cell.watched += seconds
            cell.joules += joules
            cell.pieces.append((bucket.start, bucket.end, joules))
    return cells


def _cells_of_miner(
    miner: Miner, by_metric: Mapping[Metric, Sequence[Bucket]], step: float
) -> dict[int, _Cell]:
    hashing, powering, meter = (by_metric.get(metric, ()) for metric in METRICS)
    cells: dict[int, _Cell] = {}
    for item in watched_buckets(miner, hashing, powering, meter):
        bucket, power, share = item.hashing, item.powering, item.share
        # Of the last minutes there are no statistics of the plug yet.
        if bucket.tally is None or power is None or power.tally is None:
            continue
        if bucket.recent:
            continue
        cell = cells.setdefault(int(bucket.start // step), _Cell())
        seconds = min(bucket.rows, power.rows) * power.row_seconds
        cell.seconds += seconds
        cell.watched += seconds * share
        cell.joules += power.tally.mean * seconds * share
        cell.work += bucket.tally.mean * seconds * share / 1000
    return cells


def _add_cost(
    cost: float | None,
    pieces: Iterable[tuple[float, float, float]],
    share: float,
    prices: Prices,
) -> float | None:
    """Add what energy cost; unknown once the price of any of it is."""
    for start, end, joules in pieces:
        if cost is None or not joules:
            continue
        price = prices.mean(start, end)
        cost = None if price is None else cost + joules * share / JOULES_PER_KWH * price
    return cost
