"""Silicon, power and heat of a miner."""

from dataclasses import dataclass
import math
from random import Random

from .faults import Faults
from .hardware import Board
from .spec import MinerSpec

DAY = 86_400.0
REFERENCE_C = 60.0
ERROR_CEILING = 0.95
ERROR_FLOOR = 0.0003
ERROR_WIDTH_V = 0.009
ONE_PERCENT_ERROR = math.log(ERROR_CEILING / 0.01 - 1) * ERROR_WIDTH_V
NERD_SWITCHING = 1.1
SINK_SECONDS = 70.0
CHIP_SECONDS = 6.0
VR_SECONDS = 40.0
HOT_SPELL_SECONDS = 240.0
# Too hot for the default operating point, not for what protection makes of it: slowed
# down twice, a miner would ask its regulator for a voltage that this refuses for good.
HOT_SPELL_C = 28.0


class Silicon:
    """What the lottery gave this miner; constant for its life.

    `need_v` is the core voltage below which more than 1 % of the hashes are wrong.
    """

    def __init__(self, board: Board, rng: Random) -> None:
        """Draw the miner's own constants."""
        self.board = board
        self.need_offset_v = rng.gauss(0.0, 0.014)
        self.switching = rng.gauss(1.0, 0.025)
        self.leakage = math.exp(rng.gauss(0.0, 0.2))
        self.cooling = rng.gauss(1.0, 0.05)
        domains = board.chip.domains
        self.chip_share = _shares(rng, board.chips, 0.015)
        self.domain_share = [_shares(rng, domains, 0.04) for _ in range(board.chips)]

    def need_v(self, frequency: float, temp: float) -> float:
        """Return the voltage in V that keeps errors at 1 %."""
        chip = self.board.chip
        curve = chip.need_base_v + chip.need_slope * frequency
        overdrive = max(0.0, frequency - 1.15 * chip.frequency)
        return (
            curve
            + 0.0000012 * overdrive**2
            + 0.0004 * (temp - REFERENCE_C)
            + self.need_offset_v
        )

    def error_rate(self, frequency: float, voltage: float, temp: float) -> float:
        """Return the share of wrong hashes, 0 to 1."""
        if voltage <= 0 or frequency <= 0:
            return 0.0
        middle = self.need_v(frequency, temp) - ONE_PERCENT_ERROR
        exponent = min(60.0, (voltage - middle) / ERROR_WIDTH_V)
        return ERROR_FLOOR + ERROR_CEILING / (1.0 + math.exp(exponent))


def _shares(rng: Random, count: int, spread: float) -> list[float]:
    raw = [max(0.5, rng.gauss(1.0, spread)) for _ in range(count)]
    return [value / sum(raw) for value in raw]


@dataclass
class Electrics:
    """Electric state: what the sensors would read without noise.

    Input voltage in V, core current of one chip in A, `chips_w` the power of all chips, `power_w`
    the power as the firmware computes it, `input_w` what the supply delivers.
    """

    input_v: float
    core_v: float
    core_a: float
    chips_w: float
    power_w: float
    input_w: float

    @property
    def input_a(self) -> float:
        """Input current in A."""
        return self.input_w / max(1.0, self.input_v)


class Physics:
    """The two-node thermal model, the fan and the supply of one miner.

    Heat goes from the chips to the heat sink and on to the room; the faster the fan,
    the better. All temperatures are in °C.
    """

    def __init__(self, spec: MinerSpec, faults: Faults, rng: Random) -> None:
        """Set the room up; everything starts cold."""
        self.spec = spec
        self.board = spec.hardware
        self.faults = faults
        self.silicon = Silicon(self.board, rng)
        self._phase = rng.random() * 0.1
        self.supply_v = (5.2 if self.board.nominal_v == 5 else 12.15) + rng.gauss(
            0, 0.01 * self.board.nominal_v / 5
        )
        self._switching = (
            self.board.chip.switching_w
            * self.silicon.switching
            * (NERD_SWITCHING if spec.dialect == "nerdos" else 1.0)
        )
        frequency, voltage = self.board.defaults
        self.nominal_w = self._chips_w(frequency, voltage / 1000, REFERENCE_C)
        rise = (REFERENCE_C - 22.0) / self.nominal_w * self.silicon.cooling
        self._chip_resistance = 0.22 * rise
        self._sink_resistance = 0.78 * rise * _airflow(0.45)
        self.chip = self.sink = self.vr = self.ambient(0.0)
        self.fan = 1.0

    def ambient(self, now: float) -> float:
        """Return the temperature of the room; warmest in the afternoon."""
        day = math.sin(2 * math.pi * (now / DAY - 0.375 + self._phase))
        value = self.spec.ambient + self.spec.ambient_swing * day
        hours = self.spec.hot_spell_hours
        if hours > 0 and (now % (hours * 3600)) > hours * 3600 - HOT_SPELL_SECONDS:
            value += HOT_SPELL_C
        return value + self.faults.ambient_offset

    def _chips_w(self, frequency: float, voltage: float, temp: float) -> float:
        chip = self.board.chip
        leakage = (
            chip.leakage_w
            * self.silicon.leakage
            * (voltage / 1.15) ** 2
            * 2 ** ((min(temp, 120.0) - REFERENCE_C) / 40)
        )
        per_chip = self._switching * frequency * voltage**2 + leakage
        return per_chip * self.board.chips

    def core_v(self, frequency: float, setting_mv: float) -> float:
        """Return the voltage in V at the chip: a little less than set, by the load."""
        setting = setting_mv / 1000
        load = self._switching * frequency * setting
        return setting - 0.0005 * load

    def electrics(self, frequency: float, setting_mv: float) -> Electrics:
        """Return the electric state at a running clock rate and set voltage.

        A setting of 0 is a regulator that is off.
        """
        if setting_mv <= 0:
            core_v = chips_w = core_a = 0.0
        else:
            core_v = self.core_v(frequency, setting_mv)
            chips_w = self._chips_w(frequency, core_v, self.chip)
            core_a = chips_w / self.board.chips / core_v
        overhead = 1.4 + 1.2 * self.board.fans * self.fan**3
        if self.board.nominal_v == 12:
            overhead += 4.0
        input_w = chips_w / 0.88 + overhead
        nominal_v = self.board.nominal_v
        resistance = 0.03 if nominal_v == 5 else 0.012
        nominal_a = (self.nominal_w / 0.88 + 2) / nominal_v
        sag = self.faults.sagging_supply / nominal_a + resistance
        input_v = max(0.0, self.supply_v - sag * input_w / nominal_v)
        measured = self.board.regulator == "input"
        power_w = input_w if measured else chips_w + self.board.power_offset_w
        return Electrics(input_v, core_v, core_a, chips_w, power_w, input_w)

    def advance(self, now: float, seconds: float, electrics: Electrics) -> None:
        """Let heat flow for a time under constant power."""
        flow = 0.0 if self.faults.fan_failure else self.fan
        watts = electrics.chips_w
        ambient = self.ambient(now)
        resistance = self._sink_resistance / _airflow(flow)
        inertia = SINK_SECONDS * (0.5 + 0.5 * _airflow(0.45) / _airflow(flow))
        self.sink += (ambient + watts * resistance - self.sink) * _part(
            seconds, inertia
        )
        chip_target = self.sink + watts * self._chip_resistance
        self.chip += (chip_target - self.chip) * _part(seconds, CHIP_SECONDS)
        load = watts / self.nominal_w
        vr_target = self.sink + 10.0 * load**1.5 + self.faults.vr_offset
        self.vr += (vr_target - self.vr) * _part(seconds, VR_SECONDS)


def _part(seconds: float, constant: float) -> float:
    """Return how much of the way to a target is made in a time."""
    return -math.expm1(-seconds / constant)


def _airflow(fan: float) -> float:
    """Return the relative cooling of a fan duty between 0 and 1."""
    return math.pow(0.15 + 0.85 * max(0.0, fan), 0.8)
