"""Miners unlike those of the simulator, to which no tuner was fitted."""

from collections.abc import Callable
from dataclasses import dataclass, replace
import math
from random import Random
from typing import Any, Final, override

from scripts.simulator import MinerSpec, SimulatedMiner
from scripts.simulator.fan import FanController

USUAL: Final = "usual"
TARGET_C: Final = 60.0
"""What an automatic fan holds."""


@dataclass(frozen=True)
class Oddity:
    """What is unusual about a miner, its surroundings or what its firmware reports.

    A specimen calls `before` with the description it is built from, `prepare` once it
    is built, `live` while time passes, and `report` with what the firmware answers.
    """

    before: Callable[[MinerSpec], MinerSpec] = lambda spec: spec
    prepare: Callable[[SimulatedMiner, Random], None] = lambda miner, rng: None
    live: Callable[[SimulatedMiner], None] = lambda miner: None
    report: Callable[[dict[str, Any]], None] = lambda info: None
    highest_power: Callable[[SimulatedMiner], float] = lambda miner: math.inf
    """W that the supply delivers."""
    held: Callable[[float], float] = lambda fan: TARGET_C
    """°C of the ASIC that go with a fan speed (0 to 1) in the long run."""


def _steep_heat(miner: SimulatedMiner, rng: Random) -> None:
    """Have dust in the heat sink and old paste on the chip."""
    miner.physics.sink_resistance *= rng.uniform(1.2, 1.4)
    miner.physics.chip_resistance *= rng.uniform(1.2, 1.6)


def _noisy(miner: SimulatedMiner, rng: Random) -> None:
    miner.meter.drift_sigma *= rng.uniform(1.5, 2.0)


class _FanCurve(FanController):
    """A fan that follows the temperature by a fixed curve and knows no target."""

    @override
    def duty(self, temp: float, target: float, floor: float, seconds: float) -> float:
        """Return the duty at a temperature."""
        return min(1.0, max(floor, 0.3 + 0.7 * (temp - 45) / 25))


def _on_curve(fan: float) -> float:
    return 45 + 25 * (fan - 0.3) / 0.7


def _fan_curve(miner: SimulatedMiner, rng: Random) -> None:
    miner.fan_control = _FanCurve()


def _changing_room(spec: MinerSpec) -> MinerSpec:
    return replace(spec, ambient_swing=3.0)


def _any_time_of_day(miner: SimulatedMiner, rng: Random) -> None:
    miner.physics.day_phase = rng.random()


def _weak_supply_power(miner: SimulatedMiner) -> float:
    return 1.3 * (miner.physics.nominal_w / 0.88 + 5)


def _brown_out(miner: SimulatedMiner) -> None:
    if miner.electrics.input_w > _weak_supply_power(miner):
        miner.brownout()


def _whole_degrees(info: dict[str, Any]) -> None:
    """Round as cheap sensors do, down."""
    for name, step in (("temp", 1), ("temp2", 1), ("vrTemp", 3)):
        if isinstance(info.get(name), int | float) and info[name] > 0:
            info[name] = info[name] // step * step


def _voltage_offset(info: dict[str, Any]) -> None:
    if isinstance(info.get("coreVoltageActual"), int | float):
        info["coreVoltageActual"] = max(0, info["coreVoltageActual"] - 80)


def _rounded_frequency(info: dict[str, Any]) -> None:
    """Report a frequency as it comes out of a divider, not as it was set."""
    info["frequency"] -= 0.25


def _frequency_steps(spec: MinerSpec) -> MinerSpec:
    return replace(spec, steps=(6.25, 1))


def _voltage_steps(spec: MinerSpec) -> MinerSpec:
    return replace(spec, steps=(1, 25))


def _no_domains(info: dict[str, Any]) -> None:
    info.pop("hashrateMonitor", None)


def _empty_readings(info: dict[str, Any]) -> None:
    """Show no hashrate in a fifth of the readings."""
    if Random(info["uptimeSeconds"]).random() < 0.2:
        info["hashRate"] = 0


def _gaps(info: dict[str, Any]) -> None:
    """Show no hashrate for 10 to 80 s in each 5 minutes."""
    window, since = divmod(info["uptimeSeconds"], 300)
    rng = Random(window)
    begin = rng.uniform(0, 220)
    if begin <= since < begin + rng.uniform(10, 80):
        info["hashRate"] = 0


ODDITIES: Final[dict[str, Oddity]] = {
    USUAL: Oddity(),
    "steep-heat": Oddity(prepare=_steep_heat),
    "noisy": Oddity(prepare=_noisy),
    "fan-curve": Oddity(prepare=_fan_curve, held=_on_curve),
    "changing-room": Oddity(before=_changing_room, prepare=_any_time_of_day),
    "weak-supply": Oddity(live=_brown_out, highest_power=_weak_supply_power),
    "whole-degrees": Oddity(report=_whole_degrees),
    "voltage-offset": Oddity(report=_voltage_offset),
    "rounded-frequency": Oddity(report=_rounded_frequency),
    "frequency-steps": Oddity(before=_frequency_steps),
    "voltage-steps": Oddity(before=_voltage_steps),
    "no-domains": Oddity(report=_no_domains),
    "empty-readings": Oddity(report=_empty_readings),
    "gaps": Oddity(report=_gaps),
}
"""By name."""
