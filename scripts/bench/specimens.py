"""Simulated miners to tune, and the truth about them."""

from collections.abc import Iterator
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

from .other_silicon import SILICON

POLL_SECONDS: Final = 10.0
_LOOK_SECONDS: Final = 5.0
_TARGET_C: Final = 60.0
_VOLTAGE_STEP: Final = 5
_REACH_MV: Final = (110, 80)


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of miner that is tuned: a preset, and how far its settings may go."""

    preset: str
    extended: bool = False
    silicon: str = "fitted"

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
        self.miner = SimulatedMiner(
            replace(
                PRESETS[kind.preset],
                seed=seed,
                ambient=room.uniform(18, 28),
                ambient_swing=0.0,
            ),
            self.clock,
        )
        if kind.silicon != "fitted":
            lottery = Random(f"{seed}/{kind.silicon}")
            board = self.miner.board
            self.miner.physics.silicon = SILICON[kind.silicon](board, lottery)
        info = Fields(self.miner.info())
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
        # A step down by so many mV is too much for a regulator that latches.
        self._latches_at = 90.0 if latches else math.inf
        self._latched = False
        self._beyond = 0.0
        self.seconds_beyond = 0.0
        self.writes = 0
        self.restarts = 0

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
            self.clock.advance(min(_LOOK_SECONDS, until - self.now))
            self.miner.step()
            if self._latched:
                self.miner.active_point = (self.miner.active_point[0], 0.0)
            self._watch(_LOOK_SECONDS)
        if not self.miner.online:
            return None
        snapshot = self._dialect.snapshot(Fields(self.miner.info()), self._board)
        return Sample.of(snapshot, self.now)

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
        self._beyond = self._beyond + seconds if beyond else 0.0
        if self._beyond > POLL_SECONDS:
            self.seconds_beyond += seconds

    def score(self, goal: Goal, point: OperatingPoint) -> float:
        """Return the true score of an operating point; 0 beyond a limit."""
        steady = self.miner.physics.steady(
            self.now, point.frequency, point.core_voltage, _TARGET_C
        )
        machine = self.machine
        if (
            steady.chip > machine.maximum_temperature
            or steady.vr > machine.maximum_vr_temperature
            or steady.power_w > (machine.maximum_power or math.inf)
        ):
            return 0.0
        return goal.score(self._hashrate(point, steady.chip), steady.power_w)

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
        return list(self._around_the_edge())

    def _around_the_edge(self) -> Iterator[OperatingPoint]:
        low, high = self.machine.frequency
        low_mv, high_mv = self.machine.core_voltage
        silicon = self.miner.physics.silicon
        for frequency in range(math.ceil(low), math.floor(high) + 1, 5):
            need = 1000 * silicon.need_v(frequency, _TARGET_C)
            first = max(low_mv, need - _REACH_MV[0])
            last = min(high_mv, max(low_mv, need + _REACH_MV[1]))
            start = math.ceil(first / _VOLTAGE_STEP) * _VOLTAGE_STEP
            for voltage in range(start, math.floor(last) + 1, _VOLTAGE_STEP):
                yield OperatingPoint(
                    frequency=float(frequency), core_voltage=float(voltage)
                )

    def _guess(self, goal: Goal, point: OperatingPoint) -> float:
        """Return the score at the fan's target, which is right unless that is missed."""
        physics = self.miner.physics
        chip = physics.chip
        physics.chip = _TARGET_C
        power = physics.electrics(point.frequency, point.core_voltage).power_w
        physics.chip = chip
        return goal.score(self._hashrate(point, _TARGET_C), power)


@lru_cache(maxsize=4096)
def optimum(kind: Kind, seed: int, goal: Goal) -> Optimum:
    """Return the best operating point of a specimen; it does not depend on the tuner."""
    return Specimen(kind, seed).optimum(goal)
