"""Simulated miners to tune, and the truth about them."""

from collections.abc import Iterator
import copy
from dataclasses import dataclass, replace
from functools import lru_cache
import math
from random import Random
from typing import Final

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields
from custom_components.bitaxe.tuning import Goal, Machine, Sample
from scripts.simulator import PRESETS, Clock, SimulatedMiner
from scripts.simulator.physics import Steady

from .odd_miners import ODDITIES, TARGET_C, USUAL
from .other_silicon import SILICON

POLL_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 5.0
_COOLING_SECONDS: Final = 180.0
_HOURS_BEFORE: Final = 2.0
_LOOKS_AT_FAN: Final = 12
_VOLTAGE_STEP: Final = 5
_REACH_MV: Final = (110, 80)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of miner that is tuned: a preset, and how far its settings may go."""

    preset: str
    extended: bool = False
    silicon: str = "fitted"
    oddity: str = USUAL

    @property
    def name(self) -> str:
        """How it is called in the table."""
        return self.preset + ("+" if self.extended else "")


@dataclass(frozen=True)
class Optimum:
    """The best operating point there is within the limits."""

    point: OperatingPoint
    score: float


class Specimen:
    """One simulated miner, its room, and what was done to it.

    `seconds_beyond` counts the time beyond a limit after the reading that found it.
    """

    def __init__(self, kind: Kind, seed: int, *, latches: bool = False) -> None:
        """Build the miner; it hashes at its default setting for hours already."""
        room = Random(f"{seed}/room")
        self.clock = Clock.manual()
        self._odd = ODDITIES[kind.oddity]
        spec = replace(
            PRESETS[kind.preset],
            seed=seed,
            ambient=room.uniform(18, 28),
            ambient_swing=0.0,
        )
        self.miner = SimulatedMiner(self._odd.before(spec), self.clock)
        if kind.silicon != "fitted":
            lottery = Random(f"{seed}/{kind.silicon}")
            board = self.miner.board
            self.miner.physics.silicon = SILICON[kind.silicon](board, lottery)
        # A step down by so many mV is too much for a regulator that latches.
        self._latches_at = 90.0 if latches else math.inf
        self._latched = False
        if kind.oddity != USUAL:
            self._odd.prepare(self.miner, Random(f"{seed}/{kind.oddity}"))
            # Until the temperature is that of these surroundings.
            self._pass(_HOURS_BEFORE * 3600)
        info = self._info()
        asic = self.miner.asic()
        self._dialect = detect_dialect(info)
        self._board = self._dialect.board(info, Fields(asic) if asic else None)
        snapshot = self._dialect.snapshot(info, self._board)
        machine = Machine.of(
            self._board, snapshot, self._board.limits(extended=kind.extended)
        )
        if machine is None:
            raise ValueError(f"{kind.preset} cannot be tuned")
        self.machine = machine
        self._beyond = 0.0
        self._was_within = False
        self.seconds_beyond = 0.0
        self.writes = 0
        self.restarts = 0

    @property
    def is_changing(self) -> bool:
        """Whether what is best differs from hour to hour."""
        return self.miner.spec.ambient_swing > 0

    @property
    def now(self) -> float:
        """Simulated time in seconds."""
        return self.clock.now()

    @property
    def original(self) -> OperatingPoint:
        """The setting at the start."""
        frequency, voltage = self.miner.spec.start_point
        return OperatingPoint(frequency=float(frequency), core_voltage=float(voltage))

    def apply(self, point: OperatingPoint) -> None:
        """Write an operating point."""
        self.writes += 1
        drop = self.miner.active_point[1] - point.core_voltage
        self.miner.write(
            {"frequency": point.frequency, "coreVoltage": int(point.core_voltage)}
        )
        if drop > self._latches_at:
            self._latched = True

    def restart(self) -> None:
        """Restart the miner."""
        self.restarts += 1
        self._latched = False
        self.miner.restart()

    def wait(self, seconds: float = POLL_SECONDS) -> Sample | None:
        """Let time pass; return a reading, nothing while the miner boots."""
        until = self.now + seconds
        while self.now < until - 1e-6:
            self._pass(min(_LOOK_SECONDS, until - self.now))
            self._watch(_LOOK_SECONDS)
        if not self.miner.online:
            return None
        snapshot = self._dialect.snapshot(self._info(), self._board)
        return Sample.of(snapshot, self.now)

    def _pass(self, seconds: float) -> None:
        self.clock.advance(seconds)
        self.miner.step()
        self._odd.live(self.miner)
        if self._latched:
            self.miner.active_point = (self.miner.active_point[0], 0.0)

    def _info(self) -> Fields:
        """Return what the firmware reports."""
        info = copy.deepcopy(self.miner.info())
        self._odd.report(info)
        return Fields(info)

    def _watch(self, seconds: float) -> None:
        machine, physics = self.machine, self.miner.physics
        beyond = (
            physics.chip > machine.maximum_temperature
            or physics.vr > machine.maximum_vr_temperature
            or (
                machine.maximum_power is not None
                and self.miner.electrics.power_w > machine.maximum_power
            )
        )
        self._was_within = self._was_within or not beyond
        self._beyond = self._beyond + seconds if beyond else 0.0
        # One that was beyond before anything was done has some time to cool down.
        allowed = POLL_SECONDS if self._was_within else _COOLING_SECONDS
        if self._beyond > allowed:
            self.seconds_beyond += seconds

    def score(self, goal: Goal, point: OperatingPoint) -> float:
        """Return the true score of an operating point; 0 beyond a limit."""
        steady = self._steady(point)
        machine = self.machine
        if (
            steady.chip > machine.maximum_temperature
            or steady.vr > machine.maximum_vr_temperature
            or steady.power_w > (machine.maximum_power or math.inf)
            or self._is_too_much(point)
        ):
            return 0.0
        return goal.score(self._hashrate(point, steady.chip), steady.power_w)

    def _steady(self, point: OperatingPoint) -> Steady:
        """Return where a point ends, with what its fan makes of it."""
        target = TARGET_C
        for _ in range(_LOOKS_AT_FAN):
            steady = self.miner.physics.steady(
                self.now, point.frequency, point.core_voltage, target
            )
            held = self._odd.held(steady.fan)
            if abs(held - target) < 0.1:
                break
            target = (target + held) / 2
        return steady

    def _is_too_much(self, point: OperatingPoint) -> bool:
        """Return whether the supply cannot deliver what a point takes."""
        physics = self.miner.physics
        electrics = physics.electrics(point.frequency, point.core_voltage)
        return electrics.input_w > self._odd.highest_power(self.miner)

    def _hashrate(self, point: OperatingPoint, temp: float) -> float:
        physics = self.miner.physics
        core_v = physics.core_v(point.frequency, point.core_voltage)
        share = physics.silicon.hashing_share(point.frequency, core_v, temp)
        return self.machine.expected_hashrate(point.frequency) * share

    def optimum(self, goal: Goal) -> Optimum:
        """Find the best operating point by trying all that come into question."""
        guessed = sorted(
            (
                (self._guess(goal, point), point.frequency, point.core_voltage)
                for point in self._points
            ),
            reverse=True,
        )
        best = Optimum(self.original, 0.0)
        for guess, frequency, voltage in guessed:
            if guess < best.score * 0.97:
                break
            point = OperatingPoint(frequency=frequency, core_voltage=voltage)
            score = self.score(goal, point)
            if score > best.score:
                best = Optimum(point, score)
        return best

    @property
    def _points(self) -> list[OperatingPoint]:
        found = self._around_the_edge()
        if self.miner.spec.steps is None:
            return list(found)
        steps = self.miner.spec.steps
        stored = {
            (
                steps[0] * round(point.frequency / steps[0]),
                steps[1] * round(point.core_voltage / steps[1]),
            )
            for point in found
        }
        return [
            point
            for frequency, voltage in sorted(stored)
            for point in [OperatingPoint(frequency=frequency, core_voltage=voltage)]
            if self.machine.may_be(point)
        ]

    def _around_the_edge(self) -> Iterator[OperatingPoint]:
        low, high = self.machine.frequency
        low_mv, high_mv = self.machine.core_voltage
        silicon = self.miner.physics.silicon
        for frequency in range(math.ceil(low), math.floor(high) + 1, 5):
            need = 1000 * silicon.need_v(frequency, TARGET_C)
            first = max(low_mv, need - _REACH_MV[0])
            last = min(high_mv, max(low_mv, need + _REACH_MV[1]))
            start = math.ceil(first / _VOLTAGE_STEP) * _VOLTAGE_STEP
            for voltage in range(start, math.floor(last) + 1, _VOLTAGE_STEP):
                yield OperatingPoint(
                    frequency=float(frequency), core_voltage=float(voltage)
                )

    def _guess(self, goal: Goal, point: OperatingPoint) -> float:
        """Return the score at the fan's target, right unless that is missed."""
        physics = self.miner.physics
        chip = physics.chip
        physics.chip = TARGET_C
        power = physics.electrics(point.frequency, point.core_voltage).power_w
        physics.chip = chip
        return goal.score(self._hashrate(point, TARGET_C), power)


@lru_cache(maxsize=4096)
def optimum(kind: Kind, seed: int, goal: Goal) -> Optimum:
    """Return the best operating point of a specimen, which no tuner changes."""
    return Specimen(kind, seed).optimum(goal)
