"""When a miner that stands still is restarted."""

from typing import Any

import pytest

from custom_components.bitaxe.guard.model import Cause, GuardOptions, Step
from custom_components.bitaxe.guard.watchdog import (
    FOR_SECONDS,
    Symptoms,
    Watchdog,
    has_dark_domain,
)

from ..snapshots import gamma

START = 1_800_000_000.0
ON = GuardOptions(watchdog=True, return_to_primary=True)
DAY = 86_400


def look(
    watchdog: Watchdog,
    clock: float,
    *causes: Cause,
    options: GuardOptions = ON,
    may_restart: bool = True,
    unknown: bool = False,
    time: float | None = None,
) -> Step | None:
    """Let a watchdog look, restart the miner if it says so, and return what it does."""
    now = Symptoms(
        time=START + clock if time is None else time,
        clock=clock,
        holds={cause: None if unknown else cause in causes for cause in FOR_SECONDS},
        may_restart=may_restart,
    )
    decision = watchdog.update(now, options)
    if decision is None:
        return None
    if decision.step is Step.RESTART:
        watchdog.note_restart(now.time, now.clock)
    return decision.step


def stay(
    watchdog: Watchdog, start: int, end: int, *causes: Cause, **options: Any
) -> list[tuple[int, Step]]:
    """Look every 10 s, and return what was done when."""
    return [
        (clock, step)
        for clock in range(start, end, 10)
        if (step := look(watchdog, clock, *causes, **options)) is not None
    ]


@pytest.mark.parametrize("cause", FOR_SECONDS)
def test_restarts_once_it_lasted(cause: Cause) -> None:
    """Each cause has its time."""
    watchdog = Watchdog()
    seconds = round(FOR_SECONDS[cause])
    assert stay(watchdog, 0, seconds + 1, cause) == [(seconds, Step.RESTART)]


def test_nothing_unless_wanted() -> None:
    """By default a person restarts."""
    assert stay(Watchdog(), 0, DAY, Cause.NO_HASHRATE, options=GuardOptions()) == []


def test_each_is_wanted_for_itself() -> None:
    """Who wants a frozen miner restarted may not want one on its fallback pool to."""
    back = GuardOptions(return_to_primary=True)
    only = GuardOptions(watchdog=True)
    assert stay(Watchdog(), 0, DAY, Cause.NO_HASHRATE, options=back) == []
    assert stay(Watchdog(), 0, DAY, Cause.FALLBACK_POOL, options=only) == []
    both = (Cause.NO_HASHRATE, Cause.FALLBACK_POOL)
    assert stay(Watchdog(), 0, 1801, *both, options=back) == [(1800, Step.RESTART)]


def test_nobody_is_asked_about_a_fallback_pool() -> None:
    """The miner mines. Restarts end with the budget, which all causes share."""
    done = stay(Watchdog(), 0, 20 * 3600, Cause.FALLBACK_POOL)
    assert [step for _, step in done] == [Step.RESTART] * 3


def test_pauses_grow_and_the_budget_ends() -> None:
    """Then a person is asked, once."""
    done = stay(Watchdog(), 0, 6 * 3600, Cause.NO_HASHRATE)
    assert [step for _, step in done] == [Step.RESTART] * 3 + [Step.GIVE_UP]
    first, second, third, gave_up = (clock for clock, _ in done)
    assert second - first == 600
    assert third - second == 1200
    assert gave_up > third


def test_the_budget_outlives_a_restart_of_home_assistant() -> None:
    """Otherwise each restart would give it back."""
    watchdog = Watchdog()
    stay(watchdog, 0, 6 * 3600, Cause.NO_HASHRATE)
    watchdog = Watchdog(watchdog.as_dict())
    assert [step for _, step in stay(watchdog, 22_000, 40_000, Cause.NO_HASHRATE)] == [
        Step.GIVE_UP
    ]


def test_the_budget_comes_back_with_the_next_day() -> None:
    """It is one of 24 hours."""
    watchdog = Watchdog()
    stay(watchdog, 0, 6 * 3600, Cause.NO_HASHRATE)
    assert look(watchdog, DAY + 6 * 3600, Cause.NO_HASHRATE) is Step.RESTART


def test_a_clock_set_back_gives_no_budget_back() -> None:
    """Restarts in the future count as well."""
    watchdog = Watchdog()
    stay(watchdog, 0, 6 * 3600, Cause.NO_HASHRATE)
    assert watchdog.left(START - 30 * DAY, 7 * 3600, ON) == 0


def test_a_clock_set_forward_gives_no_budget_back() -> None:
    """Nor does it shorten a pause: what passed is known by another clock."""
    watchdog = Watchdog()
    done = stay(watchdog, 0, 900, Cause.NO_HASHRATE)
    assert [step for _, step in done] == [Step.RESTART]
    ahead = START + 3 * DAY
    for clock in range(900, 6 * 3600, 10):
        look(watchdog, clock, Cause.NO_HASHRATE, time=ahead + clock)
    assert watchdog.left(ahead + 6 * 3600, 6 * 3600, ON) == 0
    assert watchdog.gave_up is Cause.NO_HASHRATE
    assert watchdog.left(ahead + 2 * DAY, 2 * DAY, ON) == ON.restarts_per_day


def test_a_clock_that_was_far_ahead_takes_no_budget_for_ever() -> None:
    """Home Assistant started with a wrong date, which was set right later."""
    first = Watchdog()
    ahead = START + 3000 * DAY
    for _ in range(ON.restarts_per_day):
        first.note_restart(ahead, 0)
    watchdog = Watchdog(first.as_dict())
    assert stay(watchdog, 0, DAY // 2, Cause.NO_HASHRATE) == [(300, Step.GIVE_UP)]
    look(watchdog, DAY // 2)
    done = stay(watchdog, DAY // 2 + 10, 2 * DAY, Cause.NO_HASHRATE)
    assert Step.RESTART in [step for _, step in done]


def test_not_while_it_may_not() -> None:
    """A miner that is paused, away or in maintenance is left alone."""
    assert stay(Watchdog(), 0, 7200, Cause.NO_HASHRATE, may_restart=False) == []


def test_what_is_over_starts_anew() -> None:
    """The time is that of one spell."""
    watchdog = Watchdog()
    stay(watchdog, 0, 290, Cause.NO_HASHRATE)
    look(watchdog, 290)
    assert stay(watchdog, 300, 590, Cause.NO_HASHRATE) == []


def test_unknown_does_not_forget() -> None:
    """A few readings that say nothing do not end a spell."""
    watchdog = Watchdog()
    stay(watchdog, 0, 250, Cause.NO_HASHRATE)
    stay(watchdog, 250, 290, unknown=True)
    assert look(watchdog, 300, Cause.NO_HASHRATE) is Step.RESTART


def test_unknown_for_long_forgets() -> None:
    """Nothing is known of a miner that was away."""
    watchdog = Watchdog()
    stay(watchdog, 0, 250, Cause.NO_HASHRATE)
    stay(watchdog, 250, 500, unknown=True)
    assert look(watchdog, 500, Cause.NO_HASHRATE) is None


@pytest.mark.parametrize(
    ("domains", "dark"),
    [
        ([275, 275, 275, 275], False),
        ([275, 0, 275, 275], True),
        ([275, 0, 0, 0], True),
        ([0, 0, 0, 0], None),
        ([], None),
    ],
)
def test_dark_domains(domains: list[float], dark: bool | None) -> None:
    """Firmware from v2.11 on reports the hashrate of each domain."""
    info = {
        "hashrateMonitor": {
            "asics": [{"total": 1100, "domains": domains, "errorCount": 0}]
        }
    }
    assert has_dark_domain(gamma(**info)) is dark


def test_what_was_seen_before_nobody_looked_does_not_count() -> None:
    """After maintenance, for example, the miner has just booted."""
    watchdog = Watchdog()
    assert not stay(watchdog, 0, 90, Cause.FROZEN_HASHRATE)
    watchdog.forget()
    done = stay(watchdog, 7200, 7800, Cause.FROZEN_HASHRATE)
    assert done[0][0] >= 7200 + FOR_SECONDS[Cause.FROZEN_HASHRATE]


def test_nobody_is_asked_about_a_watchdog_that_is_off() -> None:
    """Somebody who switches it off has answered."""
    watchdog = Watchdog()
    options = GuardOptions(watchdog=True, restarts_per_day=0)
    assert stay(watchdog, 0, 600, Cause.FROZEN_HASHRATE, options=options)
    assert watchdog.gave_up is Cause.FROZEN_HASHRATE
    stay(watchdog, 600, 700, Cause.FROZEN_HASHRATE, options=GuardOptions())
    assert watchdog.gave_up is None
