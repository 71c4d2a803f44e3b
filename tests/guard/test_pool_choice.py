"""When a miner is to prefer its fallback pool."""

from datetime import timedelta
from typing import Any

from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
import pytest

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.const import CONF_GUARD
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.guard.model import Cause, GuardOptions, Step
from custom_components.bitaxe.guard.pool_choice import PoolChoice, PoolMoment, in_window
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType
from custom_components.bitaxe.miner.write_log import person
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Simulate
from .test_guard import fallback_between

START = 1_800_000_000.0
MINUTE = 60
HOUR = 3600
TROUBLE = GuardOptions(fallback_on_trouble=True)
NIGHT = GuardOptions(fallback_from="22:30:00", fallback_until="06:00:00")

pytestmark = pytest.mark.usefixtures("swarm_entry")


class Home:
    """A miner that does at once what is decided."""

    def __init__(
        self, options: GuardOptions, stored: dict[str, Any] | None = None
    ) -> None:
        """Begin at the primary pool."""
        self.choice = PoolChoice(stored)
        self.options = options
        self.prefers = False
        self.done: list[tuple[int, Step, Cause]] = []

    def live(
        self,
        start: int,
        end: int,
        *,
        rejects: bool | None = False,
        answers: bool = True,
        shift: float = 0.0,
    ) -> None:
        """Look every minute, from and to s since the start at midnight."""
        for clock in range(start, end, MINUTE):
            decision = self.choice.update(
                PoolMoment(
                    time=START + clock + shift,
                    clock=clock,
                    minute=clock // MINUTE % 1440,
                    prefers_fallback=self.prefers,
                    troubles={}
                    if self.prefers
                    else {Cause.POOL_REJECTS: rejects, Cause.POOL_BLIND: None},
                    primary_answers=answers,
                ),
                self.options,
            )
            if decision is not None:
                self.choice.done(decision, START + clock + shift, clock)
                self.choice.finished()
                self.prefers = decision.step is Step.TO_FALLBACK
                self.done.append((clock, decision.step, decision.cause))


def test_rejects_that_last() -> None:
    """A quarter of an hour; an hour later the primary pool is tried again."""
    home = Home(TROUBLE)
    home.live(0, 14 * MINUTE, rejects=True)
    assert home.done == []
    home.live(14 * MINUTE, 3 * HOUR, rejects=True)
    first, back, second = home.done[:3]
    assert first == (15 * MINUTE, Step.TO_FALLBACK, Cause.POOL_REJECTS)
    assert back == (75 * MINUTE, Step.TO_PRIMARY, Cause.POOL_REJECTS)
    assert second[0] == 91 * MINUTE


def test_pauses_grow_and_the_budget_ends() -> None:
    """Three times a day, for one, two and four hours."""
    home = Home(TROUBLE)
    home.live(0, 20 * HOUR, rejects=True)
    to = [clock for clock, step, _ in home.done if step is Step.TO_FALLBACK]
    back = [clock for clock, step, _ in home.done if step is Step.TO_PRIMARY]
    assert [b - a for a, b in zip(to, back, strict=True)] == [HOUR, 2 * HOUR, 4 * HOUR]


@pytest.mark.parametrize("days", [-30, 30])
def test_a_clock_that_is_set_changes_no_pause(days: int) -> None:
    """The miner is neither left on its fallback pool for a month, nor back at once."""
    home = Home(TROUBLE)
    home.live(0, 20 * MINUTE, rejects=True)
    shift = days * 86_400.0
    home.live(20 * MINUTE, 60 * MINUTE, shift=shift)
    assert len(home.done) == 1
    home.live(60 * MINUTE, 150 * MINUTE, shift=shift)
    assert [step for _, step, _ in home.done] == [Step.TO_FALLBACK, Step.TO_PRIMARY]


def test_trouble_that_comes_and_goes() -> None:
    """It must last; what is unknown in between neither counts nor ends it."""
    home = Home(TROUBLE)
    for hour in range(4):
        home.live(hour * HOUR, hour * HOUR + 10 * MINUTE, rejects=True)
        home.live(hour * HOUR + 10 * MINUTE, hour * HOUR + HOUR)
    assert home.done == []
    home.live(4 * HOUR, 4 * HOUR + 10 * MINUTE, rejects=True)
    home.live(4 * HOUR + 10 * MINUTE, 4 * HOUR + 20 * MINUTE, rejects=None)
    assert len(home.done) == 1


def test_a_primary_that_does_not_answer() -> None:
    """The miner stays where it mines."""
    home = Home(TROUBLE)
    home.live(0, HOUR, rejects=True)
    home.live(HOUR, 10 * HOUR, answers=False)
    assert len(home.done) == 1
    home.live(10 * HOUR, 10 * HOUR + MINUTE)
    assert home.done[1][1] is Step.TO_PRIMARY


def test_schedule() -> None:
    """From the one time to the other, also over midnight, and over a restart."""
    home = Home(NIGHT)
    home.live(12 * HOUR, 24 * HOUR)
    stored = home.choice.as_dict()
    assert home.done == [(22 * HOUR + 30 * MINUTE, Step.TO_FALLBACK, Cause.SCHEDULE)]
    home = Home(NIGHT, stored)
    home.prefers = True
    home.live(24 * HOUR, 36 * HOUR)
    assert home.done == [(30 * HOUR, Step.TO_PRIMARY, Cause.SCHEDULE)]


@pytest.mark.parametrize("written", [False, True])
@pytest.mark.parametrize("options", [TROUBLE, NIGHT], ids=["trouble", "schedule"])
def test_home_assistant_ends_while_it_is_done(
    options: GuardOptions, written: bool
) -> None:
    """Whether or not the miner took the setting, it is restarted after all, once."""
    begun = PoolChoice()
    late = 23 * HOUR
    for clock in range(late, late + 16 * MINUTE, MINUTE):
        decision = begun.update(moment(clock, prefers=False), options)
        if decision is not None:
            begun.done(decision, START + clock, clock)
            break
    home = Home(options, begun.as_dict())
    home.prefers = written
    home.live(clock + MINUTE, clock + 30 * MINUTE, rejects=True)
    assert [step for _, step, _ in home.done] == [Step.TO_FALLBACK]
    assert home.choice.whose[0] is home.done[0][2]
    # It counts as one trouble of the day: the pause is that after the first.
    home.live(clock + 30 * MINUTE, clock + 10 * HOUR)
    assert [step for _, step, _ in home.done][1:] == [Step.TO_PRIMARY]
    if options is TROUBLE:
        assert home.done[1][0] - home.done[0][0] == HOUR


def test_a_person_wins() -> None:
    """Who goes back by hand stays until the next night; who chose it is left alone."""
    home = Home(NIGHT)
    home.live(22 * HOUR, 23 * HOUR)
    home.prefers = False
    home.live(23 * HOUR, 46 * HOUR)
    assert len(home.done) == 1
    home.live(46 * HOUR, 47 * HOUR)
    assert len(home.done) == 2
    chosen = Home(NIGHT)
    chosen.prefers = True
    chosen.live(0, 48 * HOUR)
    assert chosen.done == []


def test_a_schedule_that_begins_during_trouble() -> None:
    """The miner stays where both want it, and comes back once, when both are over."""
    both = GuardOptions(
        fallback_on_trouble=True,
        fallback_from="22:30:00",
        fallback_until="06:00:00",
    )
    home = Home(both)
    home.live(22 * HOUR, 22 * HOUR + 20 * MINUTE, rejects=True)
    assert [cause for *_, cause in home.done] == [Cause.POOL_REJECTS]
    home.live(22 * HOUR + 20 * MINUTE, 31 * HOUR, answers=False)
    assert len(home.done) == 1
    home.live(31 * HOUR, 32 * HOUR)
    assert [step for _, step, _ in home.done] == [Step.TO_FALLBACK, Step.TO_PRIMARY]
    assert home.done[1][0] == 31 * HOUR

    answering = Home(both)
    answering.live(22 * HOUR, 22 * HOUR + 20 * MINUTE, rejects=True)
    answering.live(22 * HOUR + 20 * MINUTE, 32 * HOUR)
    assert [clock for clock, *_ in answering.done[1:]] == [30 * HOUR]


def test_a_person_wins_over_trouble_that_goes_on() -> None:
    """Who goes back by hand is not overruled until the trouble was over once."""
    home = Home(TROUBLE)
    home.live(0, 20 * MINUTE, rejects=True)
    home.prefers = False
    home.live(20 * MINUTE, 40 * MINUTE, rejects=True)
    stored = home.choice.as_dict()
    assert len(home.done) == 1
    restarted = Home(TROUBLE, stored)
    restarted.live(40 * MINUTE, 5 * HOUR, rejects=True)
    assert restarted.done == []
    restarted.live(5 * HOUR, 5 * HOUR + MINUTE, rejects=None)
    restarted.live(5 * HOUR + MINUTE, 6 * HOUR, rejects=True)
    assert restarted.done == []
    # For a few minutes there is none wherever the miner has just come to.
    restarted.live(6 * HOUR, 6 * HOUR + 5 * MINUTE)
    restarted.live(6 * HOUR + 5 * MINUTE, 7 * HOUR, rejects=True)
    assert restarted.done == []
    restarted.live(7 * HOUR, 7 * HOUR + 20 * MINUTE)
    restarted.live(7 * HOUR + 20 * MINUTE, 8 * HOUR, rejects=True)
    assert [step for _, step, _ in restarted.done] == [Step.TO_FALLBACK]


def test_off_by_default() -> None:
    """Nothing is written that nobody asked for."""
    home = Home(GuardOptions())
    home.live(0, 48 * HOUR, rejects=True)
    assert home.done == []


@pytest.mark.parametrize(
    ("start", "end", "inside", "outside"),
    [
        ("08:00", "10:00:00", [480, 599], [479, 600]),
        ("22:00:00", "06:00:00", [1320, 0, 359], [360, 1319]),
        ("08:00", "08:00", [], [480]),
        (None, "08:00", [], [100]),
    ],
)
def test_the_end_of_the_window_is_outside(
    start: str | None, end: str | None, inside: list[int], outside: list[int]
) -> None:
    """The end of the window is outside of it."""
    options = GuardOptions(fallback_from=start, fallback_until=end)
    assert all(in_window(minute, options) for minute in inside)
    assert not any(in_window(minute, options) for minute in outside)


def moment(clock: int, *, prefers: bool) -> PoolMoment:
    """Return a moment at which the primary pool rejects shares."""
    return PoolMoment(
        time=START + clock,
        clock=clock,
        minute=clock // MINUTE % 1440,
        prefers_fallback=prefers,
        troubles={Cause.POOL_REJECTS: True, Cause.POOL_BLIND: None},
        primary_answers=True,
    )


@pytest.mark.parametrize(
    "stored", [{"cause": "nonsense", "since": "x", "troubles": 7}, {"troubles": ["x"]}]
)
def test_nonsense_in_the_file(stored: dict[str, Any]) -> None:
    """It reads as if it had never been."""
    assert not PoolChoice(stored).awaits_primary
    assert GuardOptions.from_dict({"fallback_from": "25:00"}).fallback_from is None


async def test_a_night_in_home_assistant(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """The setting is written and confirmed, the miner restarted, all reported."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(
        server, {CONF_SCAN_INTERVAL: 30, CONF_GUARD: fallback_between(5, 20)}
    )
    miner = entry.runtime_data
    reported: list[tuple[Any, Any]] = []

    def listen(occurrence: Occurrence) -> None:
        if occurrence.type is OccurrenceType.GUARD:
            reported.append((occurrence.data["action"], occurrence.data["cause"]))

    miner.async_add_occurrence_listener(listen)
    await pass_time(3 * MINUTE, 30)
    assert reported == []
    await pass_time(7 * MINUTE, 30)
    assert reported == [("to_fallback", "schedule")]
    assert server.miner.stored["useFallbackStratum"]
    assert miner.snapshot.pools.using_fallback is True
    await pass_time(15 * MINUTE, 30)
    assert reported == [("to_fallback", "schedule"), ("to_primary", "schedule")]
    assert not server.miner.stored["useFallbackStratum"]
    assert miner.snapshot.pools.using_fallback is False
    assert restarts(server) == 2
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    assert guard.restarts_left == 1


async def test_the_choice_of_a_person_survives_a_restart(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """Who went back at night, and chooses the fallback pool later, keeps it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(
        server, {CONF_SCAN_INTERVAL: 30, CONF_GUARD: fallback_between(5, 20)}
    )
    await pass_time(10 * MINUTE, 30)
    assert server.miner.stored["useFallbackStratum"]
    for prefer_fallback in (False, True):
        await entry.runtime_data.async_apply(
            Settings(prefer_fallback=prefer_fallback), origin=person(None)
        )
        await pass_time(20 * MINUTE, 30)
    assert server.miner.stored["useFallbackStratum"]
    await hass.config_entries.async_reload(entry.entry_id)
    await pass_time(10 * MINUTE, 30)
    assert server.miner.stored["useFallbackStratum"]
    assert restarts(server) == 1


def restarts(server: MinerServer) -> int:
    """Return how often a miner was asked to restart."""
    return sum(
        request.path == "/api/system/restart" for request in server.miner.requests
    )


@pytest.mark.parametrize("preset", ["gamma-2.14", "nerdqaxepp-1.1.0"])
async def test_firmware_that_cannot(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime, preset: str
) -> None:
    """Nothing is sent to it."""
    server = await simulate(preset)
    await add_miner(
        server,
        {
            CONF_SCAN_INTERVAL: 30,
            CONF_GUARD: {"fallback_from": "00:00:00", "fallback_until": "23:59:00"},
        },
    )
    await pass_time(10 * MINUTE, 30)
    assert restarts(server) == 0
    assert all(request.method == "GET" for request in server.miner.requests)


async def test_maintenance_goes_first(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Nobody of ours changes a miner that somebody works on; a person may."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(
        server, {CONF_SCAN_INTERVAL: 30, CONF_GUARD: fallback_between(2, 40)}
    )
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    await guard.async_begin_maintenance(timedelta(hours=1))
    await pass_time(10 * MINUTE, MINUTE)
    assert restarts(server) == 0
    await entry.runtime_data.async_apply(
        Settings(prefer_fallback=True), origin=person(None)
    )
    await guard.async_end_maintenance()
    await pass_time(60 * MINUTE, MINUTE)
    # What a person chose is not undone by the end of the schedule either.
    assert server.miner.stored["useFallbackStratum"]
    assert restarts(server) == 0


async def test_rejects_in_home_assistant(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The same condition as that of the alert; the fallback pool is better."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(
        server,
        {CONF_SCAN_INTERVAL: 30, CONF_GUARD: {"fallback_on_trouble": True}},
    )
    # Whether it answers is asked at its address, which is to be one of this machine.
    server.miner.primary_pool["stratumURL"] = "127.0.0.1"
    await pass_time(5 * MINUTE, 30)
    server.miner.faults.set(reject_rate=0.5)
    await pass_time(30 * MINUTE, 30)
    assert entry.runtime_data.snapshot.pools.using_fallback is True
    assert restarts(server) == 1
