"""Guard and tuner over whatever happens, in Home Assistant, on a simulated miner.

What is drawn by hypothesis are sequences of faults and of people's actions. After each
step, and once all is well again, what was promised must hold. The same sequences each
time; `BITAXE_EXAMPLES=20` tries twenty times as many others.
"""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
import shutil
from typing import Any

from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
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
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_EXTENDED_RANGE, CONF_GUARD, DOMAIN
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.miner.claims import Claimant
from custom_components.bitaxe.targets import async_device_id
from custom_components.bitaxe.tuning.session import MinerTuner, tuner_of
from scripts.simulator import PRESETS, MinerServer

from ..conftest import AddMiner, PassTime, Settle, SetWallClock, Simulate
from ..entities import entity_id
from ..examples import examples

MINUTE = 60
HOUR = 3600
BUDGET = 3
_SEEDS = count(4000)


@dataclass(frozen=True)
class Home:
    """A Home Assistant, to be used by steps that are no coroutines."""

    hass: HomeAssistant
    loop: asyncio.AbstractEventLoop
    simulate: Simulate
    add_miner: AddMiner
    pass_time: PassTime
    settle: Settle
    set_wall_clock: SetWallClock

    def do[T](self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end."""
        return self.loop.run_until_complete(coroutine)


@pytest.fixture
def home(
    hass: HomeAssistant,
    swarm_entry: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    set_wall_clock: SetWallClock,
) -> Iterator[Home]:
    """Set up the swarm in a Home Assistant."""
    home = Home(hass, hass.loop, simulate, add_miner, pass_time, settle, set_wall_clock)
    home.do(hass.config_entries.async_setup(swarm_entry.entry_id))
    home.do(settle())
    yield home
    set_wall_clock(0)


class Storm(RuleBasedStateMachine):
    """A miner under guard and tuner, in a home where things happen."""

    home: Home

    @initialize(
        restarts=st.just(BUDGET), heat=st.sampled_from(["step_down", "pause", "tell"])
    )
    def begin(self, restarts: int, heat: str) -> None:
        """Set up a specimen of its own."""
        spec = replace(PRESETS["gamma-2.14"], seed=next(_SEEDS))
        spec = replace(spec, name=f"Specimen {spec.seed}")
        self.server: MinerServer = self.home.do(self.home.simulate(spec))
        self.options: dict[str, object] = {
            CONF_GUARD: {
                "heat_action": heat,
                "watchdog": True,
                "restore_detuned": True,
                "restarts_per_day": restarts,
            }
        }
        self.entry = self.home.do(self.home.add_miner(self.server, self.options))
        self.shift = 0.0
        self.is_down = False
        self.original = self.setting
        self.people: set[OperatingPoint] = {self.setting}
        """What people chose, at whatever time."""
        self.by_hand: OperatingPoint | None = None
        """What was chosen last, while it must stay."""
        self.was_lowered = False
        """Whether firmware or guard had a reason to change the setting since."""
        self.is_blind = False
        """Whether what was stored was lost while a run went on."""
        self.live(5)

    # What is seen

    @property
    def setting(self) -> OperatingPoint:
        """What the miner is set to."""
        stored = self.server.miner.stored
        return OperatingPoint(
            frequency=float(stored["frequency"]),
            core_voltage=float(stored["coreVoltage"]),
        )

    @property
    def tuner(self) -> MinerTuner:
        """The tuner of the miner."""
        tuner = tuner_of(self.home.hass, self.entry.entry_id)
        assert tuner is not None
        return tuner

    @property
    def restarts_of_ours(self) -> list[float]:
        """Moments at which the miner was asked to restart."""
        return [
            request.at
            for request in self.server.miner.requests
            if request.method == "POST" and request.path.endswith("/restart")
        ]

    def act(self, action: str, **data: Any) -> bool:
        """Call an action; return whether it was done."""
        hass = self.home.hass
        device_id = async_device_id(hass, self.entry.runtime_data)
        with suppress(HomeAssistantError):
            self.home.do(
                hass.services.async_call(
                    DOMAIN, action, {"device_id": [device_id], **data}, blocking=True
                )
            )
            return True
        return False

    def switch(self, key: str, *, on: bool) -> None:
        """Turn a switch of the miner."""
        hass = self.home.hass
        with suppress(HomeAssistantError):
            self.home.do(
                hass.services.async_call(
                    "switch",
                    "turn_on" if on else "turn_off",
                    {"entity_id": entity_id(hass, self.entry, "switch", key)},
                    blocking=True,
                )
            )

    def happen(self, change: Callable[[], object]) -> None:
        """Do something to the miner, where its server lives."""

        async def do() -> None:
            change()

        self.home.do(do())

    def fault(self, **values: Any) -> None:
        """Switch faults of the miner."""
        self.happen(lambda: self.server.miner.faults.set(**values))

    def live_seconds(self, seconds: float, poll: float = 10) -> None:
        """Let time pass, and see what people chose stay."""
        self.home.do(self.home.pass_time(seconds, poll))
        miner = self.server.miner
        if miner.overheated or miner.cooling:
            self.was_lowered = True
        guard = guard_of(self.home.hass, self.entry.entry_id)
        if guard is not None and (guard.holds or guard.last is not None):
            self.was_lowered = True
        if self.by_hand is not None and not self.was_lowered:
            assert self.setting == self.by_hand

    # What happens

    is_up = precondition(lambda self: not self.is_down)

    @rule(minutes=st.integers(1, 12))
    def live(self, minutes: int) -> None:
        """Let time pass."""
        for _ in range(minutes):
            self.live_seconds(MINUTE)

    @is_up
    @rule(
        goal=st.sampled_from(["efficiency", "hashrate", "balanced"]),
        after=st.sampled_from(["restore", "resume"]),
        limits=st.sampled_from(
            [{}, {"maximum_power": 15}, {"maximum_temperature": 62}]
        ),
        minutes=st.integers(1, 25),
    )
    def tune(
        self, goal: str, after: str, limits: dict[str, float], minutes: int
    ) -> None:
        """Begin a run, if one may begin, and let it come somewhere."""
        before = self.setting
        running = self.tuner.is_running
        if self.act("start_tuning", goal=goal, after_restart=after, **limits):
            assert not running
            self.original = before
            self.by_hand = None
            self.live(minutes)

    @is_up
    @rule()
    def tune_twice(self) -> None:
        """Begin two runs in the same moment: one of them is refused."""
        hass = self.home.hass
        device_id = async_device_id(hass, self.entry.runtime_data)
        before, was_running = self.setting, self.tuner.is_running

        async def both() -> list[object]:
            return await asyncio.gather(
                *(
                    hass.services.async_call(
                        DOMAIN,
                        "start_tuning",
                        {"device_id": [device_id]},
                        blocking=True,
                    )
                    for _ in range(2)
                ),
                return_exceptions=True,
            )

        outcomes = self.home.do(both())
        assert sum(outcome is None for outcome in outcomes) <= 1
        if not was_running and self.tuner.is_running:
            self.original = before
            self.by_hand = None

    @is_up
    @rule(keep=st.sampled_from(["best", "original"]))
    def stop(self, keep: str) -> None:
        """End the run."""
        self.act("stop_tuning", keep=keep)

    @rule(minutes=st.integers(1, 8))
    def lose_connection(self, minutes: int) -> None:
        """Cut the miner off from the network for a while."""
        self.fault(offline=True)
        self.live(minutes)
        self.fault(offline=False)

    @rule(minutes=st.integers(1, 25))
    def lose_pools(self, minutes: int) -> None:
        """Have neither pool answer for a while."""
        self.fault(pool_down=True, fallback_down=True)
        self.live(minutes)
        self.fault(pool_down=False, fallback_down=False)

    @rule(minutes=st.integers(0, 3))
    def update_firmware(self, minutes: int) -> None:
        """Install another version on the miner's own page."""
        self.happen(lambda: self.server.miner.install("v2.15.0"))
        self.live(minutes)

    @is_up
    @rule(minutes=st.integers(0, 8))
    def disable(self, minutes: int) -> None:
        """Disable the miner in Home Assistant, and enable it again."""
        home = self.home
        entries = home.hass.config_entries
        for by in (ConfigEntryDisabler.USER, None):
            home.do(entries.async_set_disabled_by(self.entry.entry_id, by))
            home.do(home.settle())
            self.is_down = by is not None
            if self.is_down:
                self.live(minutes)

    @rule()
    def reboot(self) -> None:
        """Restart the miner by itself."""
        self.happen(self.server.miner.brownout)

    @rule()
    def latch(self) -> None:
        """Have the regulator switch off without a word."""
        self.fault(regulator_off=True)

    @rule(degrees=st.sampled_from([12, 25, 40]), minutes=st.integers(1, 10))
    def heat_up(self, degrees: int, minutes: int) -> None:
        """Let the room become hot."""
        self.fault(ambient_offset=float(degrees))
        self.live(minutes)
        self.fault(ambient_offset=0.0)

    @rule(minutes=st.integers(1, 6), kind=st.sampled_from(["ignore", "reject"]))
    def take_nothing(self, minutes: int, kind: str) -> None:
        """Have writes refused, or ignored."""
        self.fault(ignore_writes=kind == "ignore", reject_writes=kind == "reject")
        self.live(minutes)
        self.fault(ignore_writes=False, reject_writes=False)

    @precondition(lambda self: self.server.miner.reachable)
    @rule(
        frequency=st.integers(430, 600),
        # A tuner takes whole steps of 5 mV: its own late writes could not be
        # distinguished.
        voltage=st.integers(212, 240).map(lambda steps: 5 * steps + 1),
        where=st.sampled_from(["home_assistant", "web_interface"]),
    )
    def change_by_hand(self, frequency: int, voltage: int, where: str) -> None:
        """Choose another setting."""
        chosen = OperatingPoint(frequency=float(frequency), core_voltage=float(voltage))
        miner = self.server.miner
        if miner.overheated or miner.cooling or chosen == self.setting:
            return
        if where == "home_assistant" and not self.is_down:
            done = self.act(
                "apply_configuration", frequency=frequency, core_voltage=voltage
            )
            if not done:
                return
        else:
            values = {"frequency": frequency, "coreVoltage": voltage}
            self.happen(lambda: miner.write(values))
        self.people.add(chosen)
        guard = guard_of(self.home.hass, self.entry.entry_id)
        self.was_lowered = guard is None or guard.holds or guard.last is not None
        self.by_hand = chosen
        self.live_seconds(30)

    @is_up
    @rule(speed=st.integers(70, 100))
    def set_fan(self, speed: int) -> None:
        """Set the fan by hand, and back."""
        self.act("set_fan", mode="manual", speed=speed)
        self.live(1)
        self.act("set_fan", mode="auto")

    @is_up
    @rule(on=st.booleans(), minutes=st.integers(0, 5))
    def work_on_it(self, on: bool, minutes: int) -> None:
        """Begin or end maintenance."""
        self.switch("maintenance", on=on)
        self.live(minutes)

    @is_up
    @rule(on=st.booleans())
    def switch_guard(self, on: bool) -> None:
        """Let the guard act, or stop it where it stands: somebody decides then."""
        guard = guard_of(self.home.hass, self.entry.entry_id)
        if guard is not None and guard.holds and not on:
            self.people.add(self.setting)
        self.switch("guard", on=on)

    @is_up
    @rule(extended=st.booleans())
    def change_options(self, extended: bool) -> None:
        """Choose other options of the miner, which sets it up anew."""
        home = self.home
        options = {**self.entry.options, CONF_EXTENDED_RANGE: extended}
        home.hass.config_entries.async_update_entry(self.entry, options=options)
        home.do(home.hass.config_entries.async_reload(self.entry.entry_id))
        home.do(home.settle())

    @rule(hours=st.sampled_from([-30, -1, 1, 30]))
    def set_clock(self, hours: int) -> None:
        """Set the clock on the wall."""
        self.shift += hours * HOUR
        self.home.set_wall_clock(self.shift)

    @is_up
    @rule(
        how=st.sampled_from(["stopped", "killed"]),
        loses=st.sampled_from([None, "removed", "truncated"]),
        minutes=st.integers(0, 8),
    )
    def restart_home_assistant(self, how: str, loses: str | None, minutes: int) -> None:
        """Stop it, or kill it with no chance to write anything, and start it again."""
        home = self.home
        storage = Path(home.hass.config.path(".storage"))
        storage.mkdir(exist_ok=True)
        kept = storage.with_name("kept")
        tuned = self.entry.runtime_data.claims.is_held_by(Claimant.TUNER)
        if how == "killed":
            shutil.rmtree(kept, ignore_errors=True)
            shutil.copytree(storage, kept)
            offline = self.server.miner.faults.offline
            self.fault(offline=True)
        home.do(home.hass.config_entries.async_unload(self.entry.entry_id))
        home.do(home.settle())
        self.is_down = True
        if how == "killed":
            self.fault(offline=offline)
            for file in storage.glob(f"bitaxe.{self.entry.entry_id}*"):
                file.unlink()
            for file in kept.glob(f"bitaxe.{self.entry.entry_id}*"):
                shutil.copy(file, storage)
        if loses is not None:
            for kind in (".tuning", ".guard"):
                file = storage / f"bitaxe.{self.entry.entry_id}{kind}"
                if file.exists() and loses == "removed":
                    file.unlink()
                elif file.exists():
                    file.write_bytes(file.read_bytes()[:40])
            self.is_blind = self.is_blind or tuned or how == "killed"
        self.live(minutes)
        home.do(home.hass.config_entries.async_setup(self.entry.entry_id))
        home.do(home.settle())
        self.is_down = False

    # What must hold

    @invariant()
    def within_limits(self) -> None:
        """Nothing is asked for beyond the board's limits."""
        limits = getattr(self.entry, "runtime_data", None)
        if self.is_down or limits is None or limits.limits is None:
            return
        low, high = limits.limits.frequency
        low_mv, high_mv = limits.limits.core_voltage
        for request in self.server.miner.requests:
            if request.method == "PATCH" and b"frequency" in request.body:
                body = request.json
                assert low <= body.get("frequency", low) <= high
                assert low_mv <= body.get("coreVoltage", low_mv) <= high_mv

    @invariant()
    def within_budget(self) -> None:
        """Never more restarts in a day than are allowed, of all of ours together."""
        moments = self.restarts_of_ours
        if self.is_blind:
            # Who lost what was counted begins anew.
            return
        for index, moment in enumerate(moments):
            day = [at for at in moments[index:] if at - moment < 24 * HOUR]
            assert len(day) <= BUDGET

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
        self.happen(self.server.miner.faults.clear)
        self.switch("maintenance", on=False)
        self.switch("guard", on=True)
        claims = self.entry.runtime_data.claims
        for _ in range(10):
            self.home.do(self.home.pass_time(30 * MINUTE, 10))
            if not self.tuner.is_running and not claims.is_held_by(Claimant.TUNER):
                break
        assert not self.tuner.is_running
        assert not claims.is_held_by(Claimant.TUNER)
        # Time for the guard to go back to what somebody chose.
        miner = self.server.miner
        if self.entry.runtime_data.claims.is_held_by(Claimant.GUARD):
            self.home.do(self.home.pass_time(7 * HOUR, 60))
        if not self.is_blind:
            assert self.setting in self._known(), self.tuner.results[-1:]
        if self.by_hand is not None and not self.was_lowered:
            assert self.setting == self.by_hand
        last = self.tuner.last
        if (
            last is not None
            and last.reason == "home_assistant_restarted"
            and not self.by_hand
            and not self.was_lowered
            and not self.is_blind
        ):
            assert self.setting == self.original
        assert miner.stored["frequency"] > 0

    def _known(self) -> set[OperatingPoint]:
        """Return what somebody measured, or chose."""
        board = self.entry.runtime_data.client.board
        known = {*self.people, board.default}
        for result in self.tuner.results:
            known |= {t.point for t in result.trials if t.outcome.is_harmless}
        intended = self.entry.runtime_data.intended
        # Where only a person can say whether settings were lowered, a repair asks.
        if self.entry.runtime_data.restore_offer is not None and intended is not None:
            known.add(self.setting)
        return known


def run_storm(home: Home, machine: type[Storm], number: int, steps: int) -> None:
    """Try sequences on a home."""
    machine = type(machine.__name__, (machine,), {"home": home})
    factory: Callable[[], RuleBasedStateMachine] = machine
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        factory, settings=examples(number, steps=steps)
    )


def test_promises_hold_in_a_storm(home: Home) -> None:
    """No sequence of faults breaks what guard and tuner promise."""
    run_storm(home, Storm, 3, 10)
