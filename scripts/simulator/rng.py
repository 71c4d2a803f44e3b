"""Random draws the standard library lacks."""

import math
from random import Random


def poisson(rng: Random, mean: float) -> int:
    """Draw from a Poisson distribution; normal approximation above 50."""
    if mean <= 0:
        return 0
    if mean > 50:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit = math.exp(-mean)
    draws = 0
    product = rng.random()
    while product > limit:
        draws += 1
        product *= rng.random()
    return draws


def binomial(rng: Random, trials: int, probability: float) -> int:
    """Draw from a binomial distribution; Poisson approximation for many trials."""
    if trials <= 0 or probability <= 0:
        return 0
    if probability >= 1:
        return trials
    if trials <= 30:
        return sum(rng.random() < probability for _ in range(trials))
    return min(trials, poisson(rng, trials * probability))


def best_of_shares(rng: Random, shares: int, difficulty: float) -> float:
    """Draw the greatest difficulty among shares of at least a difficulty.

    A share of difficulty d or more has probability `difficulty / d`.
    """
    smallest = -math.expm1(math.log(1.0 - rng.random()) / shares)
    return difficulty / max(smallest, 1e-300)
