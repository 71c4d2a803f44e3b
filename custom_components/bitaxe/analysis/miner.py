"""What the analysis needs to know of a miner besides its history."""

from dataclasses import dataclass
from typing import Final

from ..axeos import Board, OperatingPoint
from .periods import Period
from .rows import Row

USUAL_METER_LAG: Final = 80.0
"""Seconds, of a miner that is asked every 10 s; see `Miner.meter_lag`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plug:
    """What measures at the wall what one miner alone takes."""

    identifier: str
    """What the unique ids of the entities of its power supply start with."""
    since: float
    """Unix time from which on it does; 0 is always."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Miner:
    """A miner whose history is analysed."""

    identifier: str
    """What the unique ids of its entities start with."""
    name: str
    board: Board | None = None
    """Limits and nominal values, as far as they are known."""
    present: OperatingPoint | None = None
    """The setting now."""
    total_uptime: float | None = None
    """Seconds in operation over its life."""
    recent: tuple[Row, ...] = ()
    """What was read of it lately, in the order of time."""
    added: float | None = None
    """Unix time at which it was added to Home Assistant, the last time; `None` if that
    is not known."""
    watched_until: float | None = None
    """Unix time up to which it is watched without a break, whether or not it answers;
    `None` if that is not known."""
    unwatched: tuple[Period, ...] = ()
    """When nobody asked it, as far as that is known: before it was added, or while Home
    Assistant did not run."""
    meter_lag: float = USUAL_METER_LAG
    """Seconds by which what is recorded of its energy may be older than it seems."""
    plug: Plug | None = None
    """That of the power supply that feeds it alone, if there is one."""
    other_boards: tuple[Period, ...] = ()
    """When it had another board than now."""
    longest_gap: float | None = None
    """Seconds between two readings after which it counts as not answering; `None` if
    that is not known."""

    def expected_hashrate(self, frequency: float) -> float | None:
        """Return GH/s promised at a frequency in MHz."""
        return self.board.expected_hashrate(frequency) if self.board else None
