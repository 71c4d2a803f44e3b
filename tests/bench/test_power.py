"""A power target over some simulated hours, against what it has to keep."""

from scripts.bench.power_weeks import (
    LONGEST_ABOVE,
    SCENES,
    SHARE,
    WRITES_PER_HOUR,
    follow,
    leave,
    switch,
)

# Of a day: enough for a dozen changes of the target.
DAYS = 0.2


def test_a_target_that_people_change() -> None:
    """Kept within two readings and few writes, with nearly all the hashrate there is."""
    scene = next(scene for scene in SCENES if scene.feed == "steps")
    found = follow(scene, 1, DAYS)
    assert found.longest_above <= LONGEST_ABOVE
    assert found.most_writes <= WRITES_PER_HOUR
    assert found.share >= SHARE
    # What there is without it knows no target.
    assert leave(scene, 1, DAYS).above > 10 * found.above
    assert switch(scene, 1, DAYS).work < found.work
