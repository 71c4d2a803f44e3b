"""What the sensors of a miner show, noise and rounding included."""

from dataclasses import dataclass
import math
from random import Random

from .spec import MinerSpec
from .state import MinerState

SAMPLE_SECONDS = 1.0
IDLE_FAN_TEMP = -1.0


@dataclass(frozen=True, slots=True)
class Readings:
    """One set of sensor values.

    W, mV, mA, °C, %, rpm, dBm, bytes and ms, as the firmware names them.
    """

    power: float = 0.0
    voltage: float = 0.0
    current: float = 0.0
    input_current: float = 0.0
    temp: float = -1.0
    temp2: float = -1.0
    vr_temp: float = 0.0
    core_voltage: float = 0.0
    fan: float = 0.0
    fan_rpm: int = 0
    fan2_rpm: int = 0
    rssi: int = -50
    heap: int = 8_200_000
    heap_internal: int = 104_000
    response_time: float = 40.0
    process_time: float = 4.0
    cpu_usage: float = 10.0


class Sensors:
    """Samples the physics at most once a second."""

    def __init__(self, spec: MinerSpec, rng: Random) -> None:
        """Give every miner its own radio distance and pool distance."""
        self._board = spec.hardware
        self._rng = rng
        self._rssi = rng.uniform(-70, -42)
        self._ping = rng.uniform(15, 120)
        self._sampled_at = -math.inf
        self.last = Readings()

    def stale(self, now: float) -> bool:
        """Return whether it is time for a new sample."""
        return now - self._sampled_at >= SAMPLE_SECONDS

    def expire(self) -> None:
        """Sample at the next opportunity, because the state jumped."""
        self._sampled_at = -math.inf

    def sample(self, miner: MinerState) -> None:
        """Read all sensors."""
        self._sampled_at = miner.now
        rng, board = self._rng, self._board
        physics, electrics = miner.physics, miner.electrics
        noisy = rng.gauss
        power = max(0.0, electrics.power_w + noisy(0, 0.004) * electrics.chips_w)
        if miner.faults.wrong_power is not None:
            power = miner.faults.wrong_power
        measured = board.regulator == "input"
        core_a = electrics.core_a * board.chips / board.voltage_domains
        current = electrics.input_a if measured else core_a
        fan = physics.fan
        spinning = fan > 0.05 and not miner.faults.fan_failure
        rpm = board.full_fan_rpm * (0.12 + 0.88 * fan) if spinning else 0.0
        temp, temp2 = self._temps(miner)
        mains = 1000 * electrics.input_v
        self.last = Readings(
            power=power,
            voltage=_grid(mains + noisy(0, 4), 7.8125 if board.nominal_v == 5 else 15),
            current=_grid(max(0.0, 1000 * current * (1 + noisy(0, 0.004))), 15.625),
            input_current=_grid(1000 * electrics.input_a, 15.625),
            temp=temp,
            temp2=temp2,
            vr_temp=round(physics.vr) if board.has_vr_sensor else 0.0,
            core_voltage=max(0.0, 1000 * electrics.core_v + noisy(0, 1.2))
            if electrics.core_v
            else 0.0,
            fan=100 * fan,
            fan_rpm=round(rpm * (1 + noisy(0, 0.006))),
            fan2_rpm=round(rpm * 0.97 * (1 + noisy(0, 0.006))) if board.fans > 1 else 0,
            rssi=round(self._rssi + noisy(0, 1.5)),
            heap=8_190_000 + round(noisy(0, 20_000)),
            heap_internal=103_800 + round(noisy(0, 400)),
            response_time=self._ping * math.exp(noisy(0, 0.15)),
            process_time=4 * math.exp(noisy(0, 0.2)),
            cpu_usage=min(100.0, max(1.0, 12 + noisy(0, 2))),
        )

    def _temps(self, miner: MinerState) -> tuple[float, float]:
        if not (miner.asic_ready or self._reads_stopped_chip(miner)):
            return IDLE_FAN_TEMP, IDLE_FAN_TEMP
        chip = miner.physics.chip + self._rng.gauss(0, 0.08)
        if self._board.sensor == "fan_chip":
            return float(round(chip)), IDLE_FAN_TEMP
        if not self._board.second_sensor:
            return _grid(chip, 0.125), -1.0
        second = chip - 1.5 + miner.faults.uneven_cooling
        return _grid(chip, 0.125), _grid(second, 0.125)

    def _reads_stopped_chip(self, miner: MinerState) -> bool:
        """Return whether a board shows its own sensor while the chip cools down."""
        return (
            miner.cooling
            and self._board.sensor == "fan_chip"
            and miner.version < (2, 14, 0)
        )


def _grid(value: float, step: float) -> float:
    return round(value / step) * step
