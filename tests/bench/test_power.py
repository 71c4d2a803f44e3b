"""A power target over some simulated hours, against what it has to keep."""

import pytest

from custom_components.bitaxe.power.choose import Option, choose
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
