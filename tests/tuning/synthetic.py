"""A miner of a few formulas, to tune within milliseconds.

The one of the simulator is the proof; this one is for what has to hold on any silicon.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
import math
from random import Random

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.tuning import (
    Goal,
    Machine,
    Sample,
    Step,
    StepKind,
    Targets,
    TuningRun,
)

POLL = 10.0
DEFAULT = OperatingPoint(frequency=525.0, core_voltage=1150.0)
MACHINE = Machine(
    asic_model="BM1370",
    asic_count=1,
    small_core_count=2040,
    default=DEFAULT,
    frequency=(400.0, 800.0),
    core_voltage=(1000.0, 1300.0),
    maximum_power=40.0,
    target_temperature=None,
)


def point(frequency: float, core_voltage: float) -> OperatingPoint:
    """Return an operating point."""
    return OperatingPoint(frequency=frequency, core_voltage=core_voltage)


@dataclass
class SyntheticMiner:
    """A miner that does at once what is asked of it."""

    machine: Machine = MACHINE
    need: float = 1050.0
    """mV for half of the hashrate at the default frequency."""
    slope: float = 0.46
    width: float = 10.0
    constant: float = 5.0
    per_load: float = 0.0178
    degrees_per_watt: float = 1.6
    room: float = 22.0
    noise: float = 0.01
    power_noise: float = 0.0
    """Relative scatter of the power of a reading."""
    heat_noise: float = 0.0
    """°C, scatter of the temperatures of a reading."""
    seed: int = 1
    now: float = 0.0
    setting: OperatingPoint = DEFAULT
    uptime: float = 36_000.0
    latched: bool = False
    changes: dict[str, object] = field(default_factory=dict)
    """Fields of the samples that are to be different."""
    written: list[OperatingPoint] = field(default_factory=list)
    restarts: int = 0
    ignores_writes: bool = False
    store: Callable[[OperatingPoint], OperatingPoint] = lambda written: written
    """What its firmware makes of a setting."""

    def __post_init__(self) -> None:
        """Seed the noise."""
        self._random = Random(self.seed)
        self._sensors = Random(self.seed)

    def share(self, at: OperatingPoint) -> float:
        """Return the hashrate over the expected one."""
        need = self.need + self.slope * (at.frequency - self.machine.default.frequency)
        exponent = (need - at.core_voltage) / self.width
        return 1 / (1 + math.exp(max(-60.0, min(60.0, exponent))))

    def power(self, at: OperatingPoint) -> float:
        """Return W."""
        load = at.frequency * (at.core_voltage / 1000) ** 2
        return self.constant + self.per_load * self.machine.asic_count * load

    def score(self, goal: Goal, at: OperatingPoint) -> float:
        """Return the true score of a point."""
        hashrate = self.machine.expected_hashrate(at.frequency) * self.share(at)
        return goal.score(hashrate, self.power(at))

    def sample(self) -> Sample:
        """Let a poll pass and read."""
        self.now += POLL
        self.uptime += POLL
        power = self.power(self.setting) if not self.latched else self.constant
        share = 0.0 if self.latched else self.share(self.setting)
        expected = self.machine.expected_hashrate(self.setting.frequency)
        hashrate = expected * share * (1 + self._random.gauss(0, self.noise))
        heat = self._sensors.gauss(0, self.heat_noise)
        sample = Sample(
            time=self.now,
            point=self.setting,
            hashrate=hashrate,
            hashrate_1m=None,
            power=power * (1 + self._sensors.gauss(0, self.power_noise)),
            temperature=self.room + self.degrees_per_watt * power + heat,
            vr_temperature=self.room + 1.7 * power + heat,
            fan_speed=60.0,
            uptime=self.uptime,
        )
        return replace(sample, **self.changes)

    def obey(self, step: Step) -> None:
        """Do what a run wants."""
        if step.kind in (StepKind.APPLY, StepKind.RESTART):
            assert step.point is not None
            self.written.append(step.point)
            if not self.ignores_writes:
                self.setting = self.store(step.point)
        if step.kind is StepKind.RESTART:
            self.restarts += 1
            self.latched = False
            self.uptime = 0.0


def start(
    miner: SyntheticMiner, goal: Goal = Goal.EFFICIENCY, **limits: float
) -> TuningRun:
    """Begin a run on a miner."""
    return TuningRun(
        miner.machine,
        Targets(goal=goal, **limits),
        miner.setting,
        started=miner.now,
    )


def finish(
    run: TuningRun, miner: SyntheticMiner, most_hours: float = 12.0
) -> TuningRun:
    """Drive a run to its end."""
    until = miner.now + most_hours * 3600
    while not run.phase.is_over:
        assert miner.now < until, "the run does not end"
        miner.obey(run.feed(miner.sample()))
    return run
