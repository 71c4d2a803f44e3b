"""Which values of counters are plausible; others count when they are read twice.

A single reply can be wrong within all bounds. Taken for true it would stay for ever in
a record, a total or the sums of statistics.
"""

from typing import Final

from ..const import HASHES_PER_DIFFICULTY

SECONDS: Final = 60.0
"""Seconds by which an uptime may be ahead of the clock here: replies take their
time."""
SHARES_A_SECOND: Final = 1500.0
"""More than any pool takes; the bound of the counter is made of the same figure."""
_DAY: Final = 86_400.0
# A share a thousand times as hard as those to be expected comes once in a thousand
# times: such luck waits for the next reading, and other values for ever.
_LUCK: Final = 1000.0
_YEAR: Final = 365.25 * _DAY
# Since when a miner may have been hashing that was not known before.
_OLDEST: Final = 5 * _YEAR
# GH/s; more than any such miner, for one that does not say.
_FASTEST: Final = 1e5
LONGEST_RUN: Final = _YEAR
"""Seconds without a restart that are credible at once, of a miner that was not known
before."""
# Of a difficulty that the pool has changed meanwhile, and of chance.
_SHARES_FACTOR: Final = 20.0
_SHARES_SLACK: Final = 100.0
EASIEST: Final = _SHARES_FACTOR
"""Difficulty at which what is credible is what is expected at a difficulty of 1."""
MOST_FIRST_BLOCKS: Final = 3.0
"""Blocks that are credible at once, of a miner that was not known before."""


class PlausibilityFilter:
    """Holds values of one miner back until they are confirmed."""

    def __init__(self) -> None:
        """Begin with nothing held."""
        self._held: dict[str, float] = {}

    def is_credible(
        self, name: str, value: float, low: float, high: float, growth: float
    ) -> bool:
        """Return whether a value lies between `low` and `high`, or is seen again.

        `growth` is by how much it may have grown since the last reading.
        """
        held = self._held.pop(name, None)
        if low <= value <= high:
            return True
        if held is not None and held <= value <= held + growth:
            return True
        self._held[name] = value
        return False


def most_blocks(elapsed: float | None) -> float:
    """Return how many blocks a miner may find in s: a second one a day is absurd."""
    return 1 + (0.0 if elapsed is None else elapsed // _DAY)


def most_shares(
    elapsed: float, hashrate: float | None, difficulty: float | None
) -> float:
    """Return how many shares a miner may find in s, of a difficulty at a rate in GH/s.

    A share takes difficulty times 2^32 hashes on average.
    """
    seconds = elapsed + SECONDS
    most = SHARES_A_SECOND * seconds
    if not hashrate or not difficulty:
        return most
    expected = hashrate * 1e9 * seconds / (difficulty * HASHES_PER_DIFFICULTY)
    return min(most, expected * _SHARES_FACTOR + _SHARES_SLACK)


def highest_record(elapsed: float | None, hashrate: float | None) -> float:
    """Return the best share that a miner may find in s at a rate in GH/s.

    In N hashes the hardest share to be expected has a difficulty of N / 2^32. `None` is
    the time of a miner of which nothing was known.
    """
    seconds = _OLDEST if elapsed is None else elapsed + SECONDS
    return (hashrate or _FASTEST) * 1e9 * seconds / HASHES_PER_DIFFICULTY * _LUCK
