"""A power target of the swarm over whatever happens to its miners, in Home Assistant.

What is drawn by hypothesis are sequences of faults and of people's actions. While they
go on, and once all is well again, what was promised must hold.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_GUARD, CONF_POWER, DOMAIN
from custom_components.bitaxe.power.session import MinerPower
from custom_components.bitaxe.power.swarm import async_get_power
from scripts.simulator import PRESETS, MinerServer, SimulatedMiner

from ..entities import entity_id
from ..examples import examples
from ..tuning.test_storm_of_faults import Home, home
from .house import draws, measure, setting
from .test_following import act
from .test_storm import HOUR, LOWEST, MINUTE, NEED, WRITES, needed

__all__ = ["home"]

POLL = 10
POLLS_ABOVE = 2
"""For how many polls in a row what is drawn may be above the target."""
OVER = 1.02
"""What a reading's own scatter may hide, of the target."""
BOUNDS = (490, 525)
"""MHz of the profiles between which the last miner is to stay."""
FREE = (LOWEST, NEED[-1][0])
CHOSEN = ((520, 1150), (500, 1150), (495, 1140))
"""MHz and mV of what people choose."""
_SEEDS = count(9000)


@dataclass
class Member:
    """One of the miners, and what people did to it."""

    server: MinerServer
    entry: MockConfigEntry
    bounds: tuple[float, float]
    by_hand: OperatingPoint | None = None
    """What was chosen last, while it must stay."""
    paused_by_hand: bool = False
    ends: list[float] = field(default_factory=list)
    """When it was let go: the way back takes writes of its own."""

    @property
    def writes(self) -> list[tuple[float, dict[str, Any]]]:
        """Settings that were sent, and when."""
        return [
            (item.at, item.json)
            for item in self.server.miner.requests
            if item.method == "PATCH" and b"frequency" in item.body
        ]


class SwarmStorm(RuleBasedStateMachine):
    """Three miners that follow one target, in a home where things happen."""

    home: Home

    @initialize(
        when_off=st.sampled_from(["restore", "leave"]),
        bottom=st.sampled_from(["low_point", "pause"]),
    )
    def begin(self, when_off: str, bottom: str) -> None:
        """Set up specimens of its own, and have them follow."""
        home = self.home
        self.when_off = when_off
        (self.swarm,) = [
            entry
            for entry in home.hass.config_entries.async_entries(DOMAIN)
            if hasattr(getattr(entry, "runtime_data", None), "swarm")
        ]
        self.members: list[Member] = []
        for bounds in (FREE, FREE, BOUNDS):
            spec = replace(PRESETS["gamma-2.15"], seed=next(_SEEDS), mac=None)
            spec = replace(spec, name=f"Specimen {spec.seed}")
            server = home.do(home.simulate(spec))
            power = {"when_off": when_off, "bottom": bottom}
            if bounds is BOUNDS:
                power |= {"lowest": "eco", "highest": "balanced"}
            entry = home.do(
                home.add_miner(
                    server, {CONF_POWER: power, CONF_GUARD: {"watchdog": False}}
                )
            )
            home.do(measure(home.hass, entry, server))
            self.members.append(Member(server, entry, bounds))
        self._above = 0
        self._changes = -1
        self.live(1)
        self.follow(45)

    def power_of(self, entry: MockConfigEntry) -> MinerPower:
        """Return what a miner has to do with power targets."""
        return async_get_power(self.home.hass).miners[entry.entry_id]

    @property
    def following(self) -> bool:
        """Whether the target of the swarm is followed."""
        swarm = async_get_power(self.home.hass).swarm
        return swarm is not None and swarm.following

    @property
    def target(self) -> float | None:
        """W that can be kept to now; `None` while something is in the way."""
        manager = async_get_power(self.home.hass)
        if not self.following or manager.swarm is None or manager.swarm.target is None:
            return None
        least = 0.0
        for member in self.members:
            power = manager.miners.get(member.entry.entry_id)
            if power is None or not power.with_swarm or power.obstacle is not None:
                return None
            now = power.describe()
            if now.left == 0 or not now.free:
                return None
            if now.point is None or not now.points:
                return None
            # One write does not get from everywhere to the lowest voltage.
            least += max(now.points[0].power, 0.0) * 1.08
        return max(manager.swarm.target, least)

    # What happens

    @rule(minutes=st.integers(1, 8))
    def live(self, minutes: int) -> None:
        """Let time pass poll by poll, and see that the target is kept."""
        for _ in range(minutes * MINUTE // POLL):
            target = self.target
            self.home.do(self.home.pass_time(POLL))
            drawn = draws(*(member.server for member in self.members))
            if target is None or target != self.target:
                self._above = 0
            elif drawn > OVER * target:
                self._above += 1
            else:
                self._above = 0
            assert self._above <= POLLS_ABOVE, (drawn, target)
            for member in self.members:
                if member.by_hand is not None:
                    assert setting(member.server) == member.by_hand
                if member.paused_by_hand:
                    assert member.server.miner.paused

    @rule(watts=st.sampled_from([3, 36, 41, 44, 48, 53, 70]))
    def follow(self, watts: float) -> None:
        """Choose a target, and have it followed: who left takes part again."""
        for member in self.members:
            member.by_hand = None
            member.paused_by_hand = False
        with suppress(HomeAssistantError):
            self.home.do(act(self.home.hass, self.swarm, power=watts, follow=True))
        self._above = 0

    @rule(
        first=st.sampled_from([36, 53]),
        second=st.sampled_from([41, 48, 70]),
        seconds=st.sampled_from([0, 1, 4, 8]),
    )
    def change_in_a_round(self, first: float, second: float, seconds: int) -> None:
        """Choose another target while the changes for the last one are under way."""
        home = self.home
        if not self.following:
            return
        home.do(act(home.hass, self.swarm, power=first))
        if seconds:
            home.do(home.pass_time(seconds, seconds))
        home.do(act(home.hass, self.swarm, power=second))
        self._above = 0
        self.live(1)

    @rule()
    def let_go(self) -> None:
        """Follow nothing any more."""
        for member in self.members:
            member.ends.append(member.server.miner.now)
        with suppress(HomeAssistantError):
            self.home.do(act(self.home.hass, self.swarm, follow=False))

    @rule(number=st.integers(0, 2), chosen=st.sampled_from(CHOSEN))
    def change_by_hand(self, number: int, chosen: tuple[int, int]) -> None:
        """Choose another setting in a miner's own pages."""
        member = self.members[number]
        miner = member.server.miner
        point = OperatingPoint(
            frequency=float(chosen[0]), core_voltage=float(chosen[1])
        )
        if miner.overheated or point == setting(member.server):
            return

        async def do() -> None:
            miner.write({"frequency": chosen[0], "coreVoltage": chosen[1]})

        self.home.do(do())
        if self.power_of(member.entry).is_steered or member.by_hand is not None:
            member.by_hand = point
        member.ends.append(miner.now)
        self._above = 0
        self.live(1)

    @rule(number=st.integers(0, 2))
    def pause_by_hand(self, number: int) -> None:
        """Pause a miner in Home Assistant: it stays so, also if a target paused it."""
        member = self.members[number]
        hass = self.home.hass
        with suppress(HomeAssistantError):
            self.home.do(
                hass.services.async_call(
                    "switch",
                    "turn_off",
                    {"entity_id": entity_id(hass, member.entry, "switch", "mining")},
                    blocking=True,
                )
            )
            member.paused_by_hand = True
            member.ends.append(member.server.miner.now)
        self._above = 0
        self.live(2)

    @rule(number=st.integers(0, 2))
    def resume_by_hand(self, number: int) -> None:
        """Have a miner hash again."""
        member = self.members[number]
        hass = self.home.hass
        if not member.server.miner.paused:
            return
        member.paused_by_hand = False
        member.ends.append(member.server.miner.now)
        with suppress(HomeAssistantError):
            self.home.do(
                hass.services.async_call(
                    "switch",
                    "turn_on",
                    {"entity_id": entity_id(hass, member.entry, "switch", "mining")},
                    blocking=True,
                )
            )
        self._above = 0
        self.live(2)

    @rule(number=st.integers(0, 2), minutes=st.integers(1, 12))
    def lose_connection(self, number: int, minutes: int) -> None:
        """Cut a miner off from the network for a while; the others take its share."""
        faults = self.members[number].server.miner.faults

        async def cut(off: bool) -> None:
            faults.set(offline=off)

        self.home.do(cut(True))
        self.live(minutes)
        self.home.do(cut(False))
        self._above = 0
        self.live(1)

    @rule(number=st.integers(0, 2))
    def reboot(self, number: int) -> None:
        """Restart a miner by itself: it forgets that it was paused."""
        member = self.members[number]
        member.paused_by_hand = False

        async def do() -> None:
            member.server.miner.brownout()

        self.home.do(do())
        self._above = 0
        self.live(1)

    @rule(number=st.integers(0, 2), minutes=st.integers(1, 4))
    def replace_board(self, number: int, minutes: int) -> None:
        """Put another board behind the same module for a while: it is left alone."""
        home, member = self.home, self.members[number]
        server = member.server
        ours = server.miner
        spec = replace(
            PRESETS["gt-2.15"],
            mac=ours.spec.mac_address,
            seed=next(_SEEDS),
            write_delay=0.0,
        )
        server.miner = SimulatedMiner(spec, ours.clock)
        self._above = 0
        home.do(home.pass_time(minutes * MINUTE, POLL))
        asked = member.writes
        server.miner = ours
        assert asked == []
        # What ended it may have: what it was set to stays until that is followed again.
        member.by_hand = None
        member.paused_by_hand = False
        member.ends.append(ours.now)
        self.live(1)

    @rule(number=st.integers(0, 2), minutes=st.integers(1, 4))
    def hold(self, number: int, minutes: int) -> None:
        """Have maintenance hold a miner: nothing is written to it meanwhile."""
        member = self.members[number]
        self.maintain(member, on=True)
        before = member.writes
        self.live(minutes)
        assert member.writes == before
        self.maintain(member, on=False)
        self._above = 0

    def maintain(self, member: Member, *, on: bool) -> None:
        """Turn the switch."""
        hass = self.home.hass
        with suppress(HomeAssistantError):
            self.home.do(
                hass.services.async_call(
                    "switch",
                    "turn_on" if on else "turn_off",
                    {
                        "entity_id": entity_id(
                            hass, member.entry, "switch", "maintenance"
                        )
                    },
                    blocking=True,
                )
            )
        self.home.do(self.home.settle())

    @rule(degrees=st.sampled_from([20, 30]), minutes=st.integers(1, 6))
    def heat_up(self, degrees: int, minutes: int) -> None:
        """Let the room become warm: chips that are warmer draw more."""

        async def warm(offset: float) -> None:
            for member in self.members:
                member.server.miner.faults.set(ambient_offset=offset)

        self.home.do(warm(float(degrees)))
        self.live(minutes)
        self.home.do(warm(0.0))

    @rule(numbers=st.sampled_from([(0,), (1, 2), (0, 1, 2)]), shared=st.booleans())
    def restart_home_assistant(self, numbers: tuple[int, ...], shared: bool) -> None:
        """Stop some miners' entries, and what they share, and start them again."""
        home = self.home
        entries = [self.members[number].entry for number in numbers]
        if shared:
            entries.append(self.swarm)
        for entry in entries:
            home.do(home.hass.config_entries.async_unload(entry.entry_id))
        home.do(home.settle())
        home.do(home.pass_time(MINUTE, 20))
        for entry in reversed(entries):
            home.do(home.hass.config_entries.async_setup(entry.entry_id))
        home.do(home.settle())
        self._above = 0

    # What must hold

    @invariant()
    def only_what_was_measured(self) -> None:
        """Within the chosen profiles, no voltage below what the clock takes."""
        for member in getattr(self, "members", []):
            low, high = member.bounds
            for _, body in member.writes:
                frequency = body["frequency"]
                assert low <= frequency <= high
                # The way back to what somebody chose leaves alone what is right
                # already.
                if (voltage := body.get("coreVoltage")) is not None:
                    assert needed(frequency) - 1 <= voltage <= NEED[-1][1]

    @invariant()
    def within_budget(self) -> None:
        """Four writes within an hour, but for those that bring it back."""
        for member in getattr(self, "members", []):
            moments = [at for at, _ in member.writes]
            for begin in moments:
                within = [at for at in moments if begin <= at < begin + HOUR]
                ends = [at for at in member.ends if begin - HOUR <= at < begin + HOUR]
                assert len(within) <= WRITES + 3 * len(ends)

    def teardown(self) -> None:
        """Let all be well again, and see what is left."""
        members = getattr(self, "members", [])
        try:
            if len(members) == 3:
                self._calm_down()
        finally:
            self.home.do(act(self.home.hass, self.swarm, follow=False))
            for member in members:
                self.home.do(
                    self.home.hass.config_entries.async_remove(member.entry.entry_id)
                )
                self.home.do(member.server.stop())

    def _calm_down(self) -> None:
        home = self.home

        async def mend() -> None:
            for member in self.members:
                member.server.miner.faults.clear()
                member.server.miner.power_cycle()

        home.do(mend())
        for member in self.members:
            member.paused_by_hand = False
            self.maintain(member, on=False)
        self._above = 0
        home.do(home.pass_time(70 * MINUTE, 20))
        if (target := self.target) is not None:
            assert draws(*(member.server for member in self.members)) <= target
        for member in self.members:
            if member.by_hand is not None:
                assert setting(member.server) == member.by_hand
        kept = [setting(member.server) for member in self.members]
        led = [self.power_of(member.entry).is_steered for member in self.members]
        home.do(act(home.hass, self.swarm, follow=False))
        home.do(home.pass_time(10 * MINUTE, 20))
        for member, before, was_led in zip(self.members, kept, led, strict=True):
            intended = member.entry.runtime_data.intended
            if was_led and self.power_of(member.entry).obstacle is None:
                if self.when_off == "leave":
                    assert setting(member.server) == before
                elif intended is not None:
                    assert setting(member.server) == intended.operating_point
            assert not member.server.miner.paused


# Three miners, poll by poll: on a busy machine that takes its time.
@pytest.mark.timeout(900)
def test_storm_of_a_swarm(home: Home) -> None:
    """No sequence of faults breaks what the target of a swarm promises."""
    machine = type("Storm", (SwarmStorm,), {"home": home})
    factory: Callable[[], RuleBasedStateMachine] = partial(machine)
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        factory, settings=examples(2, steps=10)
    )
