"""How far chance takes a hashrate that is counted from shares."""

from math import exp, lgamma, log, sqrt
from random import Random

import pytest

from custom_components.bitaxe.const import HASHES_PER_DIFFICULTY
from custom_components.bitaxe.pools.scatter import (
    deviation,
    expected_shares,
    hashrate_error,
)

GAMMA = 1180.0
"""GH/s."""


def test_expected_shares() -> None:
    """A Gamma finds a share of difficulty 1000 every 3.64 s, so 990 in an hour."""
    assert expected_shares(GAMMA, 1000, 3600) == pytest.approx(989.06, abs=0.01)


def test_error_by_summing_the_distribution() -> None:
    """The standard deviation of a Poisson variable, summed up count by count."""
    mean = expected_shares(GAMMA, 16384, 3600)
    chances = {
        count: exp(count * log(mean) - mean - lgamma(count + 1)) for count in range(500)
    }
    assert sum(chances.values()) == pytest.approx(1)
    average = sum(count * chance for count, chance in chances.items())
    spread = sum((count - average) ** 2 * chance for count, chance in chances.items())
    assert hashrate_error(GAMMA, 16384, 3600) == pytest.approx(
        100 * sqrt(spread) / average, rel=1e-6
    )


def test_error_of_a_decaying_mean() -> None:
    """One with the time constant t scatters like a count over 2 t.

    The mean is a sum of `exp(-age / t) / t` over shares; the sum of the squares of
    these weights, second by second, is its variance.
    """
    constant = 3600.0
    rate = expected_shares(GAMMA, 16384, 1)
    variance = sum(
        rate * (exp(-(age + 0.5) / constant) / constant) ** 2 for age in range(100_000)
    )
    assert hashrate_error(GAMMA, 16384, 2 * constant) == pytest.approx(
        100 * sqrt(variance) / rate, rel=1e-3
    )


def test_error_of_shares_that_are_drawn() -> None:
    """Of 2000 windows with shares at random, as many are within it as should be."""
    random = Random(7)
    difficulty, window = 65536.0, 3600.0
    mean = expected_shares(GAMMA, difficulty, window)
    error = hashrate_error(GAMMA, difficulty, window)
    assert error is not None
    within = 0
    for _ in range(2000):
        count, time = 0, random.expovariate(mean)
        while time < 1:
            count += 1
            time += random.expovariate(mean)
        seen = count * difficulty * HASHES_PER_DIFFICULTY / window / 1e9
        off = deviation(seen, GAMMA)
        assert off is not None
        within += abs(off) <= error
    # 68.3 % for many shares; 15 of them come in steps of 7 %.
    assert 0.62 < within / 2000 < 0.75


def test_nothing_follows_from_unknown_figures() -> None:
    """Nothing follows from unknown figures."""
    assert hashrate_error(None, 1000, 600) is None
    assert hashrate_error(GAMMA, None, 600) is None
    assert hashrate_error(GAMMA, 1000, None) is None
    assert hashrate_error(0, 1000, 600) is None
    assert deviation(None, GAMMA) is None
    assert deviation(GAMMA, 0) is None
    assert deviation(590, GAMMA) == pytest.approx(-50)
