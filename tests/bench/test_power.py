"""A power target over some simulated hours, against what it has to keep."""

from functools import cache
from math import inf
from random import Random

import pytest

from custom_components.bitaxe.power.choose import Option, choose
from scripts.bench.few_writes import FewWrites
from scripts.bench.losses import Cause
from scripts.bench.perfect import PerfectKnowledge
from scripts.bench.power_weeks import (
    LONGEST_ABOVE,
    SCENES,
    SHARE,
    WRITES_PER_HOUR,
    Miner,
    follow,
    leave,
    switch,
)
from scripts.simulator import Clock

# Of a day: enough for a dozen changes of the target.
DAYS = 0.2


def test_a_target_that_people_change() -> None:
    """Kept within two readings and few writes, with nearly all hashrate there is."""
    scene = next(scene for scene in SCENES if scene.feed == "steps")
    found = follow(scene, 1, DAYS)
    assert found.longest_above <= LONGEST_ABOVE
    assert found.most_writes <= WRITES_PER_HOUR
    assert found.share >= SHARE
    # What there is without it knows no target.
    assert leave(scene, 1, DAYS).above > 10 * found.above
    assert switch(scene, 1, DAYS).work < found.work


def test_causes_add_up_to_what_is_missing() -> None:
    """Each is a part of what perfect knowledge makes more, where nobody starts."""
    scene = next(scene for scene in SCENES if scene.feed == "steps")
    found = follow(scene, 1, 0.08, causes=True)
    missing = found.perfect - found.work
    assert missing > 0
    assert sum(found.lost.values()) == pytest.approx(missing)
    assert found.lost[Cause.START] == found.lost[Cause.REST] == 0
    assert found.lost[Cause.WAIT] > 0


def test_perfect_knowledge_pays_for_starts() -> None:
    """Only where they are worth it, and only those: what any controller has to pay."""
    small = [Option(10.0, 100.0), Option(20.0, 180.0)]
    large = [Option(30.0, 400.0)]
    perfect = PerfectKnowledge([small, large], [2.0, 4.0], 30.0)
    assert perfect.work([(60, 100.0)]) == 58000
    # The large one has to pause, and goes on after that.
    assert perfect.work([(60, 100.0), (25, 100.0), (60, 100.0)]) == (
        58000 + 18000 + 58000 - 30 * 400
    )
    # It is not worth it for so short a time.
    assert perfect.work([(60, 100.0), (25, 100.0), (60, 20.0), (25, 100.0)]) == (
        58000 + 18000 + 20 * 180 + 18000
    )
    # Nobody can do anything.
    assert perfect.work([(60, 100.0), (1, 50.0)]) == 58000
    always_on = PerfectKnowledge([small, large], None, 30.0)
    assert always_on.work([(60, 100.0), (25, 100.0)]) == 58000 + 50000


@pytest.mark.parametrize("may_pause", [True, False])
@pytest.mark.parametrize("seed", range(4))
def test_the_best_of_few_writes(seed: int, may_pause: bool) -> None:
    """For one miner it is what trying everything finds, in hours of four polls."""
    rng = Random(seed)
    miner = [Option(10.0, 100.0), Option(15.0, 150.0), Option(20.0, 170.0)]
    idle, writes = (2.0 if may_pause else None), rng.randint(0, 2)
    caps = [rng.choice([5, 12, 16, 25]) for _ in range(9)]

    @cache
    def most(poll: int, left: int, at: int, paused: bool) -> float:
        if poll == len(caps):
            return 0.0
        if poll % 4 == 0:
            left = writes
        cap = caps[poll] if may_pause else max(caps[poll], 10)
        found = [most(poll + 1, left, at, True)] if paused or may_pause else []
        for to in range(3) if left else [at]:
            if miner[to].power <= cap:
                made = 0.0 if paused else 900 * miner[to].hashrate
                found.append(made + most(poll + 1, left - (to != at), to, False))
        return max(found, default=-inf)

    best = FewWrites(
        [miner], None if idle is None else [idle], start=1, poll=900.0, writes=writes
    )
    assert best.work([(watts, 900.0) for watts in caps]) == pytest.approx(
        max(
            most(0, writes, at, rests)
            for at in range(3)
            for rests in {False, may_pause}
        )
    )


@pytest.mark.parametrize("target", [124, 136, 148, 180])
def test_a_large_miner_is_not_given_up(target: int) -> None:
    """Where it may pause, and its best point does not fit, it runs at a lower one."""
    clock = Clock.manual(start=0.0)
    miners = [Miner(preset, seed, clock) for preset, seed in SCENES[0].boards]
    hashing = [
        [Option(item.power, item.hashrate) for item in miner.points] for miner in miners
    ]
    idle = [miner.idle_power for miner in miners]
    found = choose(
        [
            [Option(power, 0.0), *options]
            for power, options in zip(idle, hashing, strict=True)
        ],
        target,
        tolerance=2e-3,
    )
    assert found.power <= target
    perfect = PerfectKnowledge(hashing, idle, 30.0)
    best = max(perfect.made(some, target) for some in range(1 << len(miners)))
    assert found.hashrate >= 0.995 * best
