"""A power target over whatever happens to its miner, in Home Assistant.

What is drawn by hypothesis are sequences of faults and of people's actions. After each
step, and once all is well again, what was promised must hold.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from itertools import count, pairwise
from math import inf
from pathlib import Path
from typing import Any, override

from homeassistant.exceptions import HomeAssistantError
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
import pytest

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_GUARD, CONF_POWER, DOMAIN
from custom_components.bitaxe.miner.claims import Claimant
from custom_components.bitaxe.power.session import MinerPower
from custom_components.bitaxe.power.swarm import async_get_power
from scripts.simulator import PRESETS

from ..entities import entity_id
from ..examples import examples
from ..tuning.test_storm_of_faults import Home, home
from .house import device_of
from .test_following import act, draws, following, measure, sent, setting
from .test_heating import WINDOW, add_room, call, feel

__all__ = ["home"]

MINUTE = 60
HOUR = 3600
WRITES = 4
LOWEST = 400
"""MHz of the lowest point that is measured."""
NEED = ((400, 1060), (490, 1100), (525, 1150), (575, 1200))
"""MHz and mV of what is measured."""
CHOSEN = ((550, 1190), (500, 1150), (450, 1120))
"""MHz and mV of what people choose."""
_SEEDS = count(7000)


def needed(frequency: float) -> float:
    """Return the mV that were measured to suffice for a clock."""
    for (low, low_mv), (high, high_mv) in pairwise(NEED):
        if frequency <= high:
            share = max(frequency - low, 0) / (high - low)
            return low_mv + share * (high_mv - low_mv)
    return NEED[-1][1]


class MinerStorm(RuleBasedStateMachine):
    """A miner under a power target, in a home where things happen."""

    home: Home

    def move_in(self, when_off: str, bottom: str, *, guarded: bool) -> None:
        """Set up a specimen of its own, and have it follow."""
        spec = replace(PRESETS["gamma-2.15"], seed=next(_SEEDS), mac=None)
        spec = replace(spec, name=f"Specimen {spec.seed}")
        home = self.home
        self.server = home.do(home.simulate(spec))
        self.when_off = when_off
        options: dict[str, object] = {
            CONF_POWER: {"when_off": when_off, "bottom": bottom},
            # It restarts what is latched, and pauses what is too hot.
            CONF_GUARD: {"watchdog": guarded}
            | ({"heat_action": "pause"} if guarded else {}),
        }
        self.entry = home.do(home.add_miner(self.server, options))
        home.do(measure(home.hass, self.entry, self.server))
        self.shift = 0.0
        self.by_hand: OperatingPoint | None = None
        """What was chosen last, while it must stay."""
        self.ends: list[float] = []
        """When it was let go: the way back takes writes of its own."""
        self.tuned: list[tuple[float, float]] = []
        """From when to when the tuner had it: it writes what nobody has measured
        yet."""
        self.is_blind = False
        """Whether the budget was lost with what was stored."""
        self.live(1)
        self.follow(15)

    @property
    def power(self) -> MinerPower:
        """What the miner has to do with power targets."""
        return async_get_power(self.home.hass).miners[self.entry.entry_id]

    @property
    def is_led(self) -> bool:
        """Whether a change by hand ends something."""
        return following(self.home.hass, self.entry) == "on"

    def fault(self, **values: Any) -> None:
        """Switch faults of the miner."""

        async def do() -> None:
            self.server.miner.faults.set(**values)

        self.home.do(do())

    @rule(minutes=st.integers(1, 10))
    def live(self, minutes: int) -> None:
        """Let time pass, and see what people chose stay."""
        for _ in range(minutes):
            self.home.do(self.home.pass_time(MINUTE, 20))
            miner = self.server.miner
            if miner.overheated or miner.cooling:
                self.by_hand = None
            if self.by_hand is not None:
                assert setting(self.server) == self.by_hand

    @rule(watts=st.sampled_from([3, 13, 14.5, 16, 18, 40]))
    def follow(self, watts: float) -> None:
        """Choose a target, and have it followed."""
        self.by_hand = None
        with suppress(HomeAssistantError):
            self.home.do(act(self.home.hass, self.entry, power=watts, follow=True))
        self.live(2)

    @rule()
    def let_go(self) -> None:
        """Follow nothing any more."""
        self.ends.append(self.server.miner.now)
        with suppress(HomeAssistantError):
            self.home.do(act(self.home.hass, self.entry, follow=False))

    @precondition(lambda self: self.server.miner.reachable)
    @rule(chosen=st.sampled_from(CHOSEN))
    def change_by_hand(self, chosen: tuple[int, int]) -> None:
        """Choose another setting in the miner's own pages."""
        miner = self.server.miner
        point = OperatingPoint(
            frequency=float(chosen[0]), core_voltage=float(chosen[1])
        )
        if miner.overheated or miner.cooling or point == setting(self.server):
            return

        async def do() -> None:
            miner.write({"frequency": chosen[0], "coreVoltage": chosen[1]})

        self.home.do(do())
        if self.is_led or self.by_hand is not None:
            self.by_hand = point
        self.ends.append(miner.now)
        self.live(2)

    @rule(minutes=st.integers(1, 12))
    def lose_connection(self, minutes: int) -> None:
        """Cut the miner off from the network for a while."""
        self.fault(offline=True)
        self.home.do(self.home.pass_time(minutes * MINUTE, 20))
        self.fault(offline=False)

    @rule(minutes=st.integers(1, 6))
    def meet_a_stranger(self, minutes: int) -> None:
        """Have another miner answer at the address for a while."""
        home = self.home
        spec = replace(PRESETS["gamma-2.15"], seed=next(_SEEDS), mac=None)
        other = home.do(home.simulate(spec))
        self.server.miner, other.miner = other.miner, self.server.miner
        home.do(home.pass_time(minutes * MINUTE, 20))
        asked = sent(self.server.miner)
        self.server.miner, other.miner = other.miner, self.server.miner
        home.do(other.stop())
        assert asked == []

    @rule(minutes=st.integers(1, 3))
    def tune(self, minutes: int) -> None:
        """Search for a better setting, and give that up: the tuner goes first."""
        home, now = self.home, self.server.miner.now
        device = {"device_id": [device_of(home.hass, self.entry)]}

        def order(action: str, **data: object) -> None:
            home.do(
                home.hass.services.async_call(
                    DOMAIN, action, device | data, blocking=True
                )
            )

        try:
            order("start_tuning")
        except HomeAssistantError:
            return
        self.by_hand = None
        self.tuned.append((now, inf))
        home.do(home.pass_time(minutes * MINUTE, 20))
        with suppress(HomeAssistantError):
            order("stop_tuning", keep="original")
        for _ in range(10):
            home.do(home.pass_time(MINUTE, 20))
            if not self.entry.runtime_data.claims.is_held_by(Claimant.TUNER):
                self.tuned[-1] = (now, self.server.miner.now)
                break

    @rule()
    def reboot(self) -> None:
        """Restart the miner by itself."""

        async def do() -> None:
            self.server.miner.brownout()

        self.home.do(do())

    @rule()
    def latch(self) -> None:
        """Have the regulator switch off without a word."""
        self.fault(regulator_off=True)

    @rule(degrees=st.sampled_from([25, 45]), minutes=st.integers(1, 10))
    def heat_up(self, degrees: int, minutes: int) -> None:
        """Let the room become hot: the firmware may lower its settings and stop."""
        self.by_hand = None
        self.fault(ambient_offset=float(degrees))
        self.live(minutes)
        self.fault(ambient_offset=0.0)

    @rule(watts=st.sampled_from([0.0, 900.0, 4.0]), minutes=st.integers(1, 6))
    def read_wrong_power(self, watts: float, minutes: int) -> None:
        """Have the miner report what cannot be true."""
        self.fault(wrong_power=watts)
        self.live(minutes)
        self.fault(wrong_power=None)

    @rule(minutes=st.integers(1, 6), kind=st.sampled_from(["ignore", "reject"]))
    def take_nothing(self, minutes: int, kind: str) -> None:
        """Have writes refused, or ignored."""
        self.fault(ignore_writes=kind == "ignore", reject_writes=kind == "reject")
        self.live(minutes)
        self.fault(ignore_writes=False, reject_writes=False)

    @rule(on=st.booleans(), minutes=st.integers(1, 5))
    def work_on_it(self, on: bool, minutes: int) -> None:
        """Begin or end maintenance: nothing is written meanwhile."""
        self.maintain(on=on)
        before = self.writes
        self.live(minutes)
        if on:
            assert self.writes == before

    def maintain(self, *, on: bool) -> None:
        """Turn the switch."""
        hass = self.home.hass
        with suppress(HomeAssistantError):
            self.home.do(
                hass.services.async_call(
                    "switch",
                    "turn_on" if on else "turn_off",
                    {"entity_id": entity_id(hass, self.entry, "switch", "maintenance")},
                    blocking=True,
                )
            )
        self.home.do(self.home.settle())

    @rule(hours=st.sampled_from([-30, -1, 1, 30]))
    def set_clock(self, hours: int) -> None:
        """Set the clock on the wall."""
        self.shift += hours * HOUR
        self.home.set_wall_clock(self.shift)

    @rule(
        how=st.sampled_from(["stopped", "killed"]),
        loses=st.sampled_from([None, None, "removed", "truncated"]),
        minutes=st.integers(0, 5),
    )
    def restart_home_assistant(self, how: str, loses: str | None, minutes: int) -> None:
        """Stop it, or kill it with no chance to write anything, and start it again."""
        home = self.home
        storage = Path(home.hass.config.path(".storage"))
        storage.mkdir(exist_ok=True)
        file = storage / f"bitaxe.{self.entry.entry_id}.power"
        kept = file.read_bytes() if how == "killed" and file.exists() else None
        home.do(home.hass.config_entries.async_unload(self.entry.entry_id))
        home.do(home.settle())
        if kept is not None:
            file.write_bytes(kept)
        if loses is not None and file.exists():
            self.is_blind = True
            # What was set last is a setting like any other then.
            self.by_hand = None
            if loses == "removed":
                file.unlink()
            else:
                file.write_bytes(file.read_bytes()[:40])
        home.do(home.pass_time(minutes * MINUTE, 20))
        home.do(home.hass.config_entries.async_setup(self.entry.entry_id))
        home.do(home.settle())

    # What must hold

    @property
    def writes(self) -> list[tuple[float, dict[str, Any]]]:
        """Settings that were sent, and when; without the tuner's."""
        return [
            (item.at, item.json)
            for item in self.server.miner.requests
            if item.method == "PATCH"
            and b"frequency" in item.body
            and not any(begin <= item.at <= end for begin, end in self.tuned)
        ]

    @invariant()
    def only_what_was_measured(self) -> None:
        """No clock above what was measured, no voltage below what it takes."""
        for _, body in self.writes:
            frequency = body["frequency"]
            assert LOWEST <= frequency <= NEED[-1][0]
            assert needed(frequency) - 1 <= body["coreVoltage"] <= NEED[-1][1]

    @invariant()
    def within_budget(self) -> None:
        """Four writes within an hour, but for those that bring it back."""
        if self.is_blind:
            return
        moments = [at for at, _ in self.writes]
        for begin in moments:
            within = [at for at in moments if begin <= at < begin + HOUR]
            ends = [at for at in self.ends if begin - HOUR <= at < begin + HOUR]
            assert len(within) <= WRITES + 3 * len(ends)

    def teardown(self) -> None:
        """Let all be well again, and see what is left."""
        if not hasattr(self, "entry"):
            return
        try:
            self._calm_down()
        finally:
            self.home.do(
                self.home.hass.config_entries.async_remove(self.entry.entry_id)
            )
            self.home.do(self.server.stop())

    def _calm_down(self) -> None:
        home, miner = self.home, self.server.miner

        async def mend() -> None:
            miner.faults.clear()
            miner.power_cycle()

        home.do(mend())
        self.maintain(on=False)
        home.do(home.pass_time(80 * MINUTE, 20))
        entry = self.entry
        if following(home.hass, entry) == "on" and self.power.obstacle is None:
            target = max(self.power.target or 0, 1.05 * self.power.points[0].power)
            assert draws(self.server) <= target
        elif self.by_hand is not None:
            assert setting(self.server) == self.by_hand
        intended = entry.runtime_data.intended
        home.do(act(home.hass, entry, follow=False))
        home.do(home.pass_time(10 * MINUTE, 20))
        free = self.power.obstacle is None and not self.is_blind
        if free and self.when_off == "restore" and intended is not None:
            assert setting(self.server) == intended.operating_point
        assert not miner.paused


class PowerStorm(MinerStorm):
    """A miner that keeps to a power target alone."""

    @initialize(
        when_off=st.sampled_from(["restore", "leave"]),
        bottom=st.sampled_from(["low_point", "pause"]),
        guarded=st.booleans(),
    )
    def begin(self, when_off: str, bottom: str, guarded: bool) -> None:
        """Set up a specimen of its own, and have it follow."""
        self.move_in(when_off, bottom, guarded=guarded)


@pytest.mark.parametrize("when_off", ["leave", "restore"])
def test_nobody_stays_paused(home: Home, when_off: str) -> None:
    """Switched off while it pauses the miner, a target lets it hash again."""
    machine = type("Storm", (PowerStorm,), {"home": home})()
    machine.begin(bottom="pause", when_off=when_off, guarded=False)
    machine.follow(watts=13)
    home.do(home.pass_time(30 * MINUTE, 20))
    assert machine.server.miner.paused
    machine.teardown()


def test_promises_hold_in_a_storm(home: Home) -> None:
    """No sequence of faults breaks what a power target promises."""
    machine = type("Storm", (PowerStorm,), {"home": home})
    factory: Callable[[], RuleBasedStateMachine] = machine
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        factory, settings=examples(3, steps=10)
    )


class HeatingStorm(MinerStorm):
    """A miner that heats a room as well."""

    @initialize(
        when_off=st.sampled_from(["restore", "leave"]),
        bottom=st.sampled_from(["low_point", "pause"]),
        guarded=st.booleans(),
        when_idle=st.sampled_from(["pause", "lowest"]),
        when_lost=st.sampled_from(["off", "lowest"]),
    )
    def begin(
        self, when_off: str, bottom: str, guarded: bool, when_idle: str, when_lost: str
    ) -> None:
        """Set up a specimen of its own, and have it heat a room."""
        self.was_switched = False
        self.move_in(when_off, bottom, guarded=guarded)
        home = self.home
        (self.swarm,) = [
            entry
            for entry in home.hass.config_entries.async_entries(DOMAIN)
            if hasattr(getattr(entry, "runtime_data", None), "swarm")
        ]
        feel(home.hass, 20)
        home.hass.states.async_set(WINDOW, "off")
        self.room = home.do(
            add_room(
                home.hass,
                self.swarm,
                [(self.server, self.entry)],
                when_idle=when_idle,
                when_lost=when_lost,
            )
        )
        self.switch_heating(on=True)

    @property
    @override
    def is_led(self) -> bool:
        """Whether a change by hand ends something."""
        return self.was_switched or super().is_led

    @rule(on=st.booleans())
    def switch_heating(self, on: bool) -> None:
        """Heat, or do not; a miner that left takes part again."""
        self.by_hand = None
        self.was_switched = True
        self.home.do(call(self.home.hass, self.room, "turn_on" if on else "turn_off"))
        self.live(2)

    @rule(wanted=st.sampled_from([17, 20.5, 24]))
    def choose_temperature(self, wanted: float) -> None:
        """Choose another temperature."""
        self.home.do(
            call(self.home.hass, self.room, "set_temperature", temperature=wanted)
        )

    @rule(
        shown=st.sampled_from([16, 19.9, 20.4, 26, 85, "unavailable", "unknown", "on"]),
        unit=st.sampled_from(["°C", "°C", "°F", "K", "W", ""]),
        minutes=st.integers(0, 12),
    )
    def feel(self, shown: float | str, unit: str, minutes: int) -> None:
        """Have the sensor of the room show something, true or not."""
        feel(self.home.hass, shown, unit)
        self.live(minutes)

    @rule(
        state=st.sampled_from(["on", "off", "unavailable"]), minutes=st.integers(0, 5)
    )
    def move_window(self, state: str, minutes: int) -> None:
        """Open or close the window, or lose its sensor."""
        self.home.hass.states.async_set(WINDOW, state)
        self.live(minutes)

    @rule(minutes=st.integers(0, 3))
    def restart_swarm(self, minutes: int) -> None:
        """Stop what miners share, and start it again."""
        home = self.home
        home.do(home.hass.config_entries.async_unload(self.swarm.entry_id))
        home.do(home.settle())
        home.do(home.pass_time(minutes * MINUTE, 20))
        home.do(home.hass.config_entries.async_setup(self.swarm.entry_id))
        home.do(home.settle())

    @override
    def _calm_down(self) -> None:
        self.ends.append(self.server.miner.now)
        for subentry_id in list(self.swarm.subentries):
            self.home.hass.config_entries.async_remove_subentry(self.swarm, subentry_id)
        self.home.do(self.home.settle())
        super()._calm_down()


def test_storm_in_a_room(home: Home) -> None:
    """Nor what heating promises, no matter what else controls its miner."""
    machine = type("Storm", (HeatingStorm,), {"home": home})
    factory: Callable[[], RuleBasedStateMachine] = machine
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        factory, settings=examples(2, steps=10)
    )
