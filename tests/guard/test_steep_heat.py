"""Does the guard act before the firmware does, however fast a miner heats up?"""

from collections.abc import Callable
import copy
from dataclasses import replace

import pytest

from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields
from custom_components.bitaxe.guard.heat import (
    HeatGuard,
    Moment,
    critical_asic_level,
    critical_vr_level,
)
from custom_components.bitaxe.guard.model import GuardOptions, HeatAction, Step
from custom_components.bitaxe.guard.rise import Rise
from scripts.simulator import PRESETS, Clock, SimulatedMiner

from ..snapshots import gamma

POLL = 10
BOARDS = (
    "gamma-2.12",
    "gamma-2.15",
    "gamma-2.10",
    "supra-2.9",
    "hex-2.12",
    "gt-2.15",
    "nerdqaxepp-1.1.0",
    "forge-nano",
)


class Guarded:
    """A simulated miner, and a guard that reads it every 10 s."""

    def __init__(self, preset: str, action: HeatAction, room: float = 24.0) -> None:
        """Let the miner run at its default setting for hours."""
        self.clock = Clock.manual()
        spec = replace(PRESETS[preset], ambient=room, ambient_swing=0.0)
        self.miner = SimulatedMiner(spec, self.clock)
        info, asic = self._info(), self.miner.asic()
        self._dialect = detect_dialect(info)
        self._board = self._dialect.board(info, Fields(asic) if asic else None)
        self._guard = HeatGuard()
        self._options = GuardOptions(heat_action=action)
        self._chosen = self._dialect.snapshot(info, self._board).operating_point
        self.hot_readings = 0
        """Readings at a critical level up to the one that the guard acted on."""
        self.steps: list[Step] = []

    def _info(self) -> Fields:
        return Fields(copy.deepcopy(self.miner.info()))

    def read(self) -> None:
        """Have the guard see a reading, and do what it decides."""
        if not self.miner.online:
            return
        snapshot = self._dialect.snapshot(self._info(), self._board)
        cooling = snapshot.cooling
        if not self.steps:
            self.hot_readings += (
                cooling.hottest_asic_temperature or 0
            ) >= critical_asic_level(snapshot, self._options) or (
                cooling.vr_temperature or 0
            ) >= critical_vr_level(snapshot, self._options)
        now = Moment(
            time=1_800_000_000.0 + self.clock.now(),
            clock=self.clock.now(),
            snapshot=snapshot,
            limits=self._board.limits(extended=False),
            frequencies=self._board.frequencies,
            chosen=self._chosen,
            options=self._options,
        )
        decision = self._guard.update(now)
        if decision is None:
            return
        self.steps.append(decision.step)
        self._guard.done(decision, now)
        if decision.point is not None:
            self.miner.write({"frequency": decision.point.frequency})
        elif decision.step is Step.PAUSE:
            self.miner.pause()
        else:
            self.miner.resume()

    def live(
        self, seconds: int, first: int, heat: float, *, until_acted: bool = False
    ) -> None:
        """Let time pass, with a reading after `first` s and every 10 s from then on.

        `heat` is °C/s that the heat sink becomes hotter, whatever cools it.
        """
        for second in range(1, seconds + 1):
            self.miner.physics.sink += heat
            self.clock.advance(1)
            self.miner.step()
            if second % POLL == first % POLL:
                self.read()
            if self.miner.truth.overheats or (until_acted and self.steps):
                return


def _fan_stopped(miner: SimulatedMiner) -> None:
    miner.faults.set(fan_failure=True)


def _dust(miner: SimulatedMiner) -> None:
    """Cover the heat sink within a moment."""
    miner.physics.sink_resistance *= 3


def _hot_room(miner: SimulatedMiner) -> None:
    """Have the room 25 °C hotter than it was."""
    miner.faults.set(ambient_offset=25.0)


def _nothing(miner: SimulatedMiner) -> None:
    pass


CAUSES: dict[str, tuple[Callable[[SimulatedMiner], None], float]] = {
    "fan_stopped": (_fan_stopped, 0.0),
    "dust": (_dust, 0.0),
    "hot_room": (_hot_room, 0.0),
    "half_a_degree_a_second": (_nothing, 0.5),
    "a_degree_a_second": (_nothing, 1.0),
}


@pytest.mark.parametrize("first", [3, 6, 10])
@pytest.mark.parametrize("cause", CAUSES)
@pytest.mark.parametrize("preset", BOARDS)
def test_acts_before_the_firmware(preset: str, cause: str, first: int) -> None:
    """By the second reading at a critical level, whenever the readings are."""
    if preset.startswith("nerd") and cause == "a_degree_a_second":
        pytest.skip("It stops at 70 °C, 10 s from where it runs: between two readings")
    guarded = Guarded(preset, HeatAction.STEP_DOWN)
    happen, heat = CAUSES[cause]
    happen(guarded.miner)
    guarded.live(900, first, heat, until_acted=True)
    assert guarded.steps == [Step.LOWER]
    assert guarded.hot_readings <= 2
    assert guarded.miner.truth.overheats == 0


@pytest.mark.parametrize("first", [3, 6, 10])
@pytest.mark.parametrize("preset", ["gamma-2.15", "gt-2.15", "nerdqaxepp-1.1.0"])
def test_a_pause_keeps_the_firmware_from_stopping(preset: str, first: int) -> None:
    """Without a fan only a pause is enough."""
    guarded = Guarded(preset, HeatAction.PAUSE)
    guarded.miner.faults.set(fan_failure=True)
    guarded.live(600, first, 0.0)
    assert guarded.steps[0] is Step.PAUSE
    assert guarded.miner.truth.overheats == 0


@pytest.mark.parametrize("room", [18.0, 30.0])
@pytest.mark.parametrize("preset", BOARDS)
def test_a_miner_that_warms_up_is_left_alone(preset: str, room: float) -> None:
    """After a start it heats up fast, and comes to rest where it always does."""
    guarded = Guarded(preset, HeatAction.STEP_DOWN, room)
    guarded.miner.power_cycle()
    guarded.miner.physics.chip = guarded.miner.physics.sink = room
    guarded.live(900, 3, 0.0)
    assert guarded.steps == []


def test_a_rise_of_which_nothing_is_said() -> None:
    """Two readings far apart, one right after another, more load, a pause, a start."""
    rise = Rise()

    def see(clock: float, temp: float, **more: object) -> float | None:
        rise.see(gamma(temp=temp, **more), clock)
        return rise.asic

    assert see(0, 50) is None
    assert see(10, 55) == 5
    # A second look at the same reading changes nothing.
    assert see(11, 55) == 5
    assert see(20, 62) == 7
    assert see(60, 65) is None
    assert see(70, 66) == 1
    assert see(80, 70, frequency=575) is None
    assert see(100, 71, frequency=575) is None
    assert see(110, 72, frequency=575) == 1
    # Less load is nothing to wait for.
    assert see(120, 74, frequency=525) == 2
    assert see(130, 60, miningPaused=True, hashRate=0) is None
    assert see(140, 66) is None
    assert see(150, 70) is None
