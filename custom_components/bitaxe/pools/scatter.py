"""How far chance alone may take what a pool sees from what a miner does. Pure.

Shares come at random: each hash is a share with a probability of 1 / (D * 2^32) at the
difficulty D, however many were tried before. Their number in a time is a Poisson
variable, so its standard deviation is the root of what is expected (G. Grimmett, D.
Stirzaker, "Probability and Random Processes", sections 3.5 and 6.8). That a share of
difficulty 1 takes 2^32 hashes is Bitcoin's definition of the difficulty, to 1 in 65536.
"""

from math import sqrt
from typing import Final

from ..const import HASHES_PER_DIFFICULTY

_GIGA: Final = 1e9


def expected_shares(hashrate: float, difficulty: float, seconds: float) -> float:
    """Return how many shares of a difficulty so many GH/s bring in a time, on average.

    The chance that not one comes is `exp(-n)` where n are expected.
    """
    return hashrate * _GIGA * seconds / (difficulty * HASHES_PER_DIFFICULTY)


def hashrate_error(
    hashrate: float | None, difficulty: float | None, window: float | None
) -> float | None:
    """Return the standard error of a hashrate that was counted from shares, in %.

    Args:
        hashrate: GH/s.
        difficulty: Of the shares; higher ones are fewer, and say less.
        window: s over which was counted. An average that decays with the time constant
            t scatters like a count over 2 t.

    """
    if not hashrate or not difficulty or not window:
        return None
    return 100 / sqrt(expected_shares(hashrate, difficulty, window))


def deviation(seen: float | None, claimed: float | None) -> float | None:
    """Return by how many % what a pool sees is above what the miner claims."""
    if seen is None or not claimed:
        return None
    return 100 * (seen / claimed - 1)
