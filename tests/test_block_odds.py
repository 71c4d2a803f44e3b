"""The odds of solo mining."""

from math import exp

import pytest

from custom_components.bitaxe.swarm.block_odds import DAYS_PER_YEAR, solo_odds


def test_expected_time() -> None:
    """1 TH/s takes difficulty x 2^32 / 10^12 s to a block."""
    odds = solo_odds(1000, 1.5e14)
    assert odds is not None
    assert odds.seconds_to_block == pytest.approx(1.5e14 * 2**32 / 1e12)
    assert odds.days_to_block == pytest.approx(odds.seconds_to_block / 86_400)


def test_twice_the_hashrate_takes_half_the_time() -> None:
    """The odds of a swarm are those of one miner of its size."""
    one, two = solo_odds(500, 1e14), solo_odds(1000, 1e14)
    assert one is not None
    assert two is not None
    assert one.seconds_to_block == pytest.approx(two.seconds_to_block * 2)


def test_chance_is_that_of_a_poisson_process() -> None:
    """Within the expected time there is a block with 63.2 %, not with 100 %."""
    odds = solo_odds(1000, 1e8)
    assert odds is not None
    assert odds.chance(odds.days_to_block) == pytest.approx((1 - exp(-1)) * 100)
    assert odds.chance(0) == 0
    assert odds.chance(odds.days_to_block * 1000) == pytest.approx(100)


def test_small_chances_keep_their_digits() -> None:
    """A day of one small miner has a chance of about 10^-11."""
    odds = solo_odds(1, 1.5e14)
    assert odds is not None
    # 1 - exp(-x) would be off in the sixth digit here.
    assert odds.chance(1) == pytest.approx(100 / odds.days_to_block, rel=1e-9)
    assert odds.chance(DAYS_PER_YEAR) == pytest.approx(
        odds.chance(1) * DAYS_PER_YEAR, rel=1e-6
    )


@pytest.mark.parametrize(
    ("hashrate", "difficulty"), [(None, 1e14), (1000, None), (0, 1e14), (1000, 0)]
)
def test_unknown_without_hashes_or_difficulty(
    hashrate: float | None, difficulty: float | None
) -> None:
    """Anyone who hashes nothing has no expected time, not an infinite one."""
    assert solo_odds(hashrate, difficulty) is None
