"""Silicon, power and heat of a miner."""

from dataclasses import dataclass
import math
from random import Random

from .faults import Faults
from .hardware import Board
from .spec import MinerSpec

DAY = 86_400.0
REFERENCE_C = 60.0
# The loss of hashrate over core voltage, fitted to public benchmarks: a logistic curve
# of this width (10 to 90 % over 132 mV), made of whole hash domains that give up one
# after the other; each of them does so within a few millivolts.
CLIFF_WIDTH_V = 0.030
DARK_BELOW = 0.5
HEALTHY = 0.98
# One sigma of the voltage that specimens of a board, and the chips on one, need.
SPECIMEN_SIGMA_V = 0.023
CHIP_SIGMA_V = 0.019
DOMAIN_SIGMA_V = 0.004
SLOPE_SIGMA = 0.05
NEED_V_PER_C = 0.0002
# A board that does not hash at its own default setting is not sold.
FACTORY_C = 65.0
FACTORY_MARGIN_V = 0.008
FACTORY_DRAWS = 60
# Wrong hashes that the counter of errors shows: a third of a percent near the cliff,
# next to nothing with voltage to spare, a few percent where a domain stumbles.
ERROR_FLOOR = 0.0003
ERROR_NEAR_CLIFF = 0.004
ERROR_FADES_V = 0.02
ERROR_OF_LOST = 0.12
# The least duty of an automatic fan.
IDLE_FLOW = 0.25
NERD_SWITCHING = 1.12
SINK_SECONDS = 70.0
CHIP_SECONDS = 6.0
VR_SECONDS = 40.0
HOT_SPELL_SECONDS = 240.0
# Too hot for the default operating point, not for what protection makes of it: slowed
# down twice, a miner would ask its regulator for a voltage that this refuses for good.
HOT_SPELL_C = 28.0


class Silicon:
    """What the lottery gave this miner; constant for its life.

    Each hash domain of each chip has a core voltage of its own below which it goes dark
    and reports nothing, errors included. What a board needs is set by its worst domain.
    """

    def __init__(self, board: Board, rng: Random) -> None:
        """Draw the miner's own constants."""
        self.board = board
        lottery = rng.gauss(0.0, 1.0)
        self.switching = rng.gauss(1.0, 0.025)
        self.leakage = math.exp(rng.gauss(0.0, 0.2))
        self.cooling = rng.gauss(1.0, 0.05)
        domains = board.chip.domains
        self.chip_share = _shares(rng, board.chips, 0.015)
        self.domain_share = [_shares(rng, domains, 0.04) for _ in range(board.chips)]
        self._width = CLIFF_WIDTH_V / domains
        self._draw_needs(Random(f"{lottery}/need"))

    def _draw_needs(self, rng: Random) -> None:
        frequency, voltage = self.board.defaults
        limit = voltage / 1000 - FACTORY_MARGIN_V
        for _ in range(FACTORY_DRAWS):
            self._need_slope = self.board.chip.need_slope * rng.gauss(1, SLOPE_SIGMA)
            specimen = rng.gauss(0.0, SPECIMEN_SIGMA_V)
            self._domain_need = [
                self._chip_needs(rng, specimen) for _ in self.chip_share
            ]
            excess = self.need_v(frequency, FACTORY_C) - limit
            if excess <= 0:
                return
        self._domain_need = [[v - excess for v in chip] for chip in self._domain_need]

    def _chip_needs(self, rng: Random, specimen: float) -> list[float]:
        """Return where each domain of a chip makes half of its hashes, in V.

        The voltages are those at the default clock rate of the chip.
        """
        chip = self.board.chip
        typical = chip.need_base_v + chip.need_slope * chip.frequency
        typical += specimen + rng.gauss(0.0, CHIP_SIGMA_V)
        count = chip.domains
        ranks = [math.log((i + 0.5) / (count - i - 0.5)) for i in range(count)]
        worst = ranks[-1] * CLIFF_WIDTH_V
        stumbling = 1 - HEALTHY
        margin = self._width * math.log(1 / (stumbling * count) - 1)
        needs = [
            typical
            + self.board.need_offset_v
            - margin
            - worst
            + rank * CLIFF_WIDTH_V
            + rng.gauss(0.0, DOMAIN_SIGMA_V)
            for rank in ranks
        ]
        rng.shuffle(needs)
        return needs

    def alive(self, frequency: float, voltage: float, temp: float) -> list[list[float]]:
        """Return the share of its hashes, 0 to 1, that each chip's domain makes."""
        if voltage <= 0 or frequency <= 0:
            return [[0.0] * len(chip) for chip in self._domain_need]
        spare = (
            voltage
            - self._need_slope * (frequency - self.board.chip.frequency)
            - NEED_V_PER_C * (temp - REFERENCE_C)
        )
        return [[self._making(spare - need) for need in c] for c in self._domain_need]

    def _making(self, spare_v: float) -> float:
        made = 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, spare_v / self._width))))
        return made if made >= DARK_BELOW else 0.0

    def made(self, alive: list[list[float]]) -> float:
        """Return the share of the expected hashes that domains in this state make."""
        return sum(
            chip * share * make
            for chip, domains, makes in zip(
                self.chip_share, self.domain_share, alive, strict=True
            )
            for share, make in zip(domains, makes, strict=True)
        )

    def hashing_share(self, frequency: float, voltage: float, temp: float) -> float:
        """Return the share of the expected hashrate that is made, 0 to 1."""
        return self.made(self.alive(frequency, voltage, temp))

    def need_v(self, frequency: float, temp: float) -> float:
        """Return the core voltage in V that makes 98 % of what more voltage makes."""
        low, high = 0.5, 2.5
        enough = HEALTHY * self.hashing_share(frequency, high, temp)
        while high - low > 1e-5:
            middle = (low + high) / 2
            if self.hashing_share(frequency, middle, temp) < enough:
                low = middle
            else:
                high = middle
        return high

    def error_rate(self, alive: list[list[float]]) -> float:
        """Return the share of wrong among the expected hashes, as the counter shows it.

        Dark domains count nothing; that is why their loss hardly shows here.
        """
        hashing = [a for chip in alive for a in chip if a > 0]
        if not hashing:
            return 0.0
        total = sum(len(chip) for chip in alive)
        lost = sum(1 - a for a in hashing) / total
        # How far the weakest domain that hashes is from its own edge.
        weakest = min(*hashing, 1 - 1e-12)
        spare = self._width * math.log(weakest / (1 - weakest))
        near = ERROR_NEAR_CLIFF * math.exp(-spare / ERROR_FADES_V)
        return ERROR_FLOOR + (near * len(hashing) / total) + ERROR_OF_LOST * lost


def _shares(rng: Random, count: int, spread: float) -> list[float]:
    raw = [max(0.5, rng.gauss(1.0, spread)) for _ in range(count)]
    return [value / sum(raw) for value in raw]


@dataclass
class Electrics:
    """Electric state: what the sensors would read without noise.

    Input voltage in V, core current of one chip in A, `chips_w` the power of all chips,
    `power_w` the power as the firmware computes it, `input_w` what the supply delivers.
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


@dataclass(frozen=True)
class Steady:
    """Where temperatures in °C, fan (0 to 1) and reported power in W come to rest."""

    chip: float
    vr: float
    fan: float
    power_w: float


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
        self.day_phase = rng.random() * 0.1
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
        self.chip_resistance = 0.22 * rise
        self.sink_resistance = 0.78 * rise * _airflow(0.45)
        self.chip = self.sink = self.vr = self.ambient(0.0)
        self.fan = 1.0

    def ambient(self, now: float) -> float:
        """Return the temperature of the room; warmest in the afternoon."""
        day = math.sin(2 * math.pi * (now / DAY - 0.375 + self.day_phase))
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

    def steady(
        self, now: float, frequency: float, setting_mv: float, target: float
    ) -> Steady:
        """Return where an operating point ends with an automatic fan.

        The fan keeps `target` in °C as long as it can. The present state stays.
        """
        chip, fan = self.chip, self.fan
        low, high = IDLE_FLOW, 1.0
        for _ in range(18):
            middle = (low + high) / 2
            if self._steady_chip(now, frequency, setting_mv, middle) > target:
                low = middle
            else:
                high = middle
        self.fan = high
        end = self._steady_chip(now, frequency, setting_mv, high)
        self.chip = end
        electrics = self.electrics(frequency, setting_mv)
        sink = end - electrics.chips_w * self.chip_resistance
        vr = sink + 10.0 * (electrics.chips_w / self.nominal_w) ** 1.5
        self.chip, self.fan = chip, fan
        return Steady(end, vr + self.faults.vr_offset, high, electrics.power_w)

    def _steady_chip(
        self, now: float, frequency: float, setting_mv: float, fan: float
    ) -> float:
        resistance = self.chip_resistance + self.sink_resistance / _airflow(fan)
        core_v = self.core_v(frequency, setting_mv)
        chip = REFERENCE_C
        for _ in range(12):
            heat = self._chips_w(frequency, core_v, chip)
            chip = min(150.0, self.ambient(now) + heat * resistance)
        return chip

    def advance(self, now: float, seconds: float, electrics: Electrics) -> None:
        """Let heat flow for a time under constant power."""
        flow = 0.0 if self.faults.fan_failure else self.fan
        watts = electrics.chips_w
        ambient = self.ambient(now)
        resistance = self.sink_resistance / _airflow(flow)
        inertia = SINK_SECONDS * (0.5 + 0.5 * _airflow(0.45) / _airflow(flow))
        self.sink += (ambient + watts * resistance - self.sink) * _part(
            seconds, inertia
        )
        chip_target = self.sink + watts * self.chip_resistance
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
