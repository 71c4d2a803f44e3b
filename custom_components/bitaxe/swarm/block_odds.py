"""What solo mining can hope for. Pure.

Every hash is a lottery ticket: it is a block with the chance 1 / (difficulty x 2^32),
whatever was hashed before. So blocks come as a Poisson process.
"""

from dataclasses import dataclass
from math import expm1, isfinite
from typing import Final

from ..const import HASHES_PER_DIFFICULTY

"""Hashes it takes on average to find a share of difficulty 1."""
SECONDS_PER_DAY: Final = 86_400
DAYS_PER_YEAR: Final = 365.25


@dataclass(frozen=True, slots=True)
class Odds:
    """The odds of finding a block alone."""

    seconds_to_block: float
    """Seconds between two blocks on average, however long the last one is ago."""

    @property
    def days_to_block(self) -> float:
        """Days between two blocks on average."""
        return self.seconds_to_block / SECONDS_PER_DAY

    @property
    def years_to_block(self) -> float:
        """Years between two blocks on average."""
        return self.days_to_block / DAYS_PER_YEAR

    def chance(self, days: float) -> float:
        """Return the chance in % of at least one block within so many days."""
        # expm1 keeps the digits of chances far below what 1 - exp() can distinguish
        # from 0.
        return -expm1(-days / self.days_to_block) * 100


def solo_odds(hashrate: float | None, network_difficulty: float | None) -> Odds | None:
    """Return the odds at a hashrate in GH/s.

    `None` unless both are known and the hashrate is more than 0.
    """
    if not hashrate or not network_difficulty:
        return None
    hashes = network_difficulty * HASHES_PER_DIFFICULTY
    seconds = hashes / (hashrate * 1e9)
    return Odds(seconds) if isfinite(seconds) else None
