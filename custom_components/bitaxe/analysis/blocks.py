"""Sums over windows, as they come out of the database.

A *row* is one statistics window of 5 minutes or an hour. A *block* is what the rows of
one operating point in one stretch of time add up to. A *bucket* is the same for one
metric, whatever the operating point.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, NamedTuple, Self

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
