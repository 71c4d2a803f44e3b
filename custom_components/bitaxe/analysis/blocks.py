"""Sums over windows, as they come out of the database.

A *row* is one statistics window of 5 minutes or an hour. A *block* is what the rows of
one operating point in one stretch of time add up to. A *bucket* is the same for one
metric, whatever the operating point.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, NamedTuple, Self

from ..axeos import OperatingPoint

SHORT_ROW: Final = 300.0
"""Seconds of a short-term statistics row."""
LONG_ROW: Final = 3600.0
"""Seconds of a long-term statistics row."""
FREQUENCY_DIGITS: Final = 3
VOLTAGE_DIGITS: Final = 2
"""Decimals of MHz and mV within which two settings are the same."""


class Tally(NamedTuple):
    """Rows of one metric; the unit is that of the metric."""

    rows: int
    total: float
    """Sum of the rows' means."""
    low: float
    """Lowest value within a row."""
    high: float
    """Highest value within a row."""

    @property
    def mean(self) -> float:
        """Mean over time."""
        return self.total / self.rows

    @classmethod
    def merge(cls, tallies: Iterable[Self | None]) -> Self | None:
        """Return them all in one; `None` if there is none."""
        known = [tally for tally in tallies if tally is not None]
        if not known:
            return None
        rows, totals, lows, highs = zip(*known, strict=True)
        return cls(sum(rows), sum(totals), min(lows), max(highs))


class Block(NamedTuple):
    """Settled rows of one operating point within one stretch of time.

    A year of ten miners has thousands, which as tuples take a quarter of the time.
    """

    operating_point: OperatingPoint
    start: float
    """Unix time of the first row."""
    end: float
    """Unix time at which the last row ended."""
    row_seconds: float
    hashrate: Tally
    """GH/s; a row is only here if the miner hashed all through it."""
    hashrate_squares: float
    """Sum of squares of the rows' means."""
    hashrate_lowest_mean: float
    hashrate_highest_mean: float
    power: Tally | None
    """W."""
    power_squares: float
    power_hashrate: float
    """Sum of products of the rows' mean power and hashrate."""
    powered_hashrate: float
    """Sum of mean hashrates of the rows with a power."""
    powered_hashrate_squares: float
    asic_temperature: Tally | None
    vr_temperature: Tally | None
    input_voltage: Tally | None
    fan_speed: Tally | None
    errors: float
    """Sum over rows of error rate in % times hashrate."""
    errors_hashrate: float
    """Sum of mean hashrates of the rows with an error rate."""
    accepted: float | None
    rejected: float | None
    wall_rows: int = 0
    """Rows with a power, in which the plug of the miner was known as well."""
    wall: float = 0.0
    """Sum over these of W at the wall."""
    wall_power: float = 0.0
    """Sum over these of W of the miner."""
    wall_hashrate: float = 0.0
    """Sum over these of GH/s."""

    @property
    def seconds(self) -> float:
        """Return the s measured."""
        return self.hashrate.rows * self.row_seconds

    @classmethod
    def merge(cls, blocks: Sequence[Self]) -> Self:
        """Return them all in one; operating point and length of rows are the same."""
        columns = zip(cls._fields, zip(*blocks, strict=True), strict=True)
        return cls(
            **{name: _MERGED_BY.get(name, sum)(found) for name, found in columns}
        )


def sum_of_known(counts: Iterable[float | None]) -> float | None:
    """Return the sum of counts; `None` if none is known."""
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


_MERGED_BY: Final[Mapping[str, Callable[[tuple[Any, ...]], Any]]] = {
    "operating_point": itemgetter(0),
    "start": min,
    "end": max,
    "row_seconds": itemgetter(0),
    "hashrate": Tally.merge,
    "hashrate_lowest_mean": min,
    "hashrate_highest_mean": max,
    "power": Tally.merge,
    "asic_temperature": Tally.merge,
    "vr_temperature": Tally.merge,
    "input_voltage": Tally.merge,
    "fan_speed": Tally.merge,
    "accepted": sum_of_known,
    "rejected": sum_of_known,
}
"""What makes one figure of a block out of those of many, where it is not their sum."""


class Contributions(NamedTuple):
    """What each of some blocks adds, in the order of time.

    Standard errors and spreads take it; of thousands of blocks it is read faster than
    these.
    """

    rows: list[int]
    hashrate: list[float]
    """Sums of the rows' mean GH/s."""
    power: list[float | None]
    """Sums of the mean W of the rows with a power."""
    powered_hashrate: list[float]
    """Sums of the mean GH/s of those."""


class PointSums(NamedTuple):
    """What all blocks of one operating point with rows of one length add up to."""

    whole: Block
    contributions: Contributions


def add_up(blocks: Iterable[Block]) -> list[PointSums]:
    """Return the sums of blocks by operating point and length of rows."""
    groups: defaultdict[tuple[OperatingPoint, float], list[Block]] = defaultdict(list)
    for block in sorted(blocks, key=lambda block: block.start):
        groups[block.operating_point, block.row_seconds].append(block)
    return [
        PointSums(
            Block.merge(found),
            Contributions(
                rows=[block.hashrate.rows for block in found],
                hashrate=[block.hashrate.total for block in found],
                power=[block.power.total if block.power else None for block in found],
                powered_hashrate=[block.powered_hashrate for block in found],
            ),
        )
        for found in groups.values()
    ]


def join_sums(
    earlier: Iterable[PointSums], later: Iterable[PointSums]
) -> list[PointSums]:
    """Return the sums of two stretches of time, one after the other."""
    joined = {
        (sums.whole.operating_point, sums.whole.row_seconds): sums for sums in earlier
    }
    for sums in later:
        key = sums.whole.operating_point, sums.whole.row_seconds
        if (before := joined.get(key)) is None:
            joined[key] = sums
        else:
            first, then = before.contributions, sums.contributions
            joined[key] = PointSums(
                Block.merge([before.whole, sums.whole]),
                Contributions(
                    rows=first.rows + then.rows,
                    hashrate=first.hashrate + then.hashrate,
                    power=first.power + then.power,
                    powered_hashrate=first.powered_hashrate + then.powered_hashrate,
                ),
            )
    return list(joined.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """Rows of one metric within one stretch of time."""

    start: float
    """Unix time of the first row."""
    end: float
    """Unix time at which the last row ended."""
    row_seconds: float
    rows: int
    tally: Tally | None
    """`None` for a counter."""
    active: Tally | None = None
    """Only the rows that never touched 0."""
    active_rows: int = 0
    """Rows whose mean is above 0."""
    first: float | None = None
    """Sum at the end of the first row, of a counter."""
    last: float | None = None
    """Sum at the end of the last row, of a counter."""
    recent: bool = False
    """Whether it is of readings, of which there are no statistics yet."""
