"""The best points of several miners within a power."""

from itertools import product
from random import Random

import pytest

from custom_components.bitaxe.axeos import Limits, OperatingPoint
from custom_components.bitaxe.power.choose import Choice, Option, choose
from custom_components.bitaxe.power.points import (
    Bounds,
    PowerPoint,
    is_same,
    reachable,
    usable,
    with_neighbours,
)
from custom_components.bitaxe.tuning.consumption import load

LIMITS = Limits(frequency=(400, 700), core_voltage=(1000, 1300))


def some_miner(rng: Random, count: int, *, convex: bool) -> list[Option]:
    """Return options that rise in both power and hashrate."""
    power, hashrate = rng.uniform(5, 12), rng.uniform(200, 600)
    found = []
    slope = 60.0
    for _ in range(count):
        found.append(Option(power, hashrate))
        step = rng.uniform(0.3, 3)
        power += step
        hashrate += step * slope if convex else rng.uniform(5, 150)
        slope *= 0.9
    return found


def best(miners: list[list[Option]], target: float) -> float | None:
    """Return the most hashrate, by trying everything."""
    found = [
        sum(item.hashrate for item in options)
        for options in product(*miners)
        if sum(item.power for item in options) <= target + 1e-9
    ]
    return max(found, default=None)


def test_a_target_within_rounding_of_the_least_power() -> None:
    """Is one that it fits, or one that it does not, but always an answer."""
    rng = Random(1)
    for _ in range(2000):
        miners = [
            [Option(round(rng.uniform(5, 90), 2), rng.uniform(0, 500))]
            for _ in range(rng.randint(1, 3))
        ]
        least = sum(options[0].power for options in miners)
        found = choose(miners, least - 1e-9)
        assert found.indices == (0,) * len(miners)


@pytest.mark.parametrize("convex", [False, True])
@pytest.mark.parametrize("seed", range(40))
def test_few_miners_get_the_best_there_is(seed: int, convex: bool) -> None:
    """Whatever the target is, and within it."""
    rng = Random(seed)
    miners = [
        some_miner(rng, rng.randint(1, 6), convex=convex)
        for _ in range(rng.randint(1, 5))
    ]
    target = rng.uniform(
        sum(each[0].power for each in miners) - 3,
        sum(each[-1].power for each in miners) + 5,
    )
    found = choose(miners, target)
    wanted = best(miners, target)
    if wanted is None:
        assert not found.fits
        assert found.indices == (0,) * len(miners)
    else:
        assert found.fits
        assert found.power <= target + 1e-6
        assert found.hashrate == pytest.approx(wanted)


def test_many_miners_get_next_to_the_best() -> None:
    """With 200 of them the last step that does not fit is lost in the whole."""
    rng = Random(3)
    miners = [some_miner(rng, 20, convex=True) for _ in range(200)]
    low = sum(each[0].power for each in miners)
    high = sum(each[-1].power for each in miners)
    found: Choice | None = None
    for part in (0.2, 0.5, 0.8):
        target = low + part * (high - low)
        found = choose(miners, target)
        assert found.fits
        assert target * 0.999 < found.power <= target + 1e-6
    assert found is not None
    # Nobody's next step is worth much more than somebody's last one.
    gained, spent = [], []
    for options, at in zip(miners, found.indices, strict=True):
        if at + 1 < len(options):
            gained.append(slope(options[at], options[at + 1]))
        if at:
            spent.append(slope(options[at - 1], options[at]))
    assert max(gained) <= min(spent) * 1.2


def slope(low: Option, high: Option) -> float:
    """Return GH/s per W from one option to the next."""
    return (high.hashrate - low.hashrate) / (high.power - low.power)


def point(
    frequency: float, voltage: float, power: float, hashrate: float
) -> PowerPoint:
    """Return a measured point."""
    return PowerPoint(
        point=OperatingPoint(frequency=frequency, core_voltage=voltage),
        power=power,
        hashrate=hashrate,
    )


def test_only_what_was_measured_and_may_be_set_is_used() -> None:
    """The first of two about the same point counts, and none over the cliff."""
    found = usable(
        [
            point(500, 1100, 15, 1000),
            point(500, 1100, 99, 1),
            point(800, 1200, 30, 1600),
            point(600, 1350, 20, 1200),
            point(650, 1050, 18, 900),
            point(420, 1000, 11, 840),
            point(430, 1200, 17, 850),
            point(550, 1150, 0, 1100),
        ],
        LIMITS,
        Bounds(low=420, high=600),
        expected_per_mhz=2.0,
    )
    assert [item.point.frequency for item in found] == [420, 500]


def test_a_point_is_one_with_what_firmware_makes_of_it_by_rounding() -> None:
    """However it rounds: 490 stands for 490.625 MHz, also where a profile ends."""
    wanted = OperatingPoint(frequency=490.625, core_voltage=1100)
    rounded = OperatingPoint(frequency=490, core_voltage=1100)
    assert is_same(wanted, rounded)
    assert is_same(rounded, wanted)
    assert Bounds(high=490).allow(wanted)
    assert Bounds(low=490.625).allow(rounded)
    assert not is_same(wanted, OperatingPoint(frequency=491.625, core_voltage=1100))
    assert not Bounds(high=490).allow(OperatingPoint(frequency=491, core_voltage=1100))
    assert not is_same(None, None)


def test_between_two_measured_points_lies_what_is_on_the_way() -> None:
    """Its voltage is never less than the line's, its power that of MHz · V²."""
    low, high = point(400, 1000, 10, 800), point(500, 1100, 16, 1000)
    found = with_neighbours([low, high])
    assert found[0] == low
    assert found[-1] == high
    assert len(found) > 10
    begin, end = load(400, 1000), load(500, 1100)
    for item in found[1:-1]:
        at = item.point
        assert at.frequency == round(at.frequency)
        assert at.core_voltage >= 1000 + (at.frequency - 400) - 1e-6
        share = (load(at.frequency, at.core_voltage) - begin) / (end - begin)
        assert item.power == pytest.approx(10 + 6 * share)
        assert not item.measured
    powers = [item.power for item in found]
    assert powers == sorted(powers)


def test_no_point_is_assumed_between_points_that_say_nothing_of_it() -> None:
    """The faster one with the lower voltage says nothing of the way to it."""
    points = [point(400, 1100, 12, 800), point(500, 1050, 14, 1000)]
    assert with_neighbours(points) == tuple(points)


def test_one_write_moves_the_voltage_only_so_far() -> None:
    """Down the clock goes all the way at once, up it does not."""
    points = with_neighbours([point(400, 1000, 10, 800), point(600, 1200, 22, 1200)])
    up = reachable(points, OperatingPoint(frequency=400, core_voltage=1000), 50)
    assert max(item.point.core_voltage for item in up) <= 1050
    down = reachable(points, OperatingPoint(frequency=600, core_voltage=1200), 50)
    lowest = min(down, key=lambda item: item.point.frequency)
    assert lowest.point == OperatingPoint(frequency=400, core_voltage=1150)
    assert 10 < lowest.power < 22
