"""What the boards are made of: chips, regulators, sensors and limits.

Facts: ESP-Miner v2.15.0 main/device_config.h and ESP-Miner-NerdQAxePlus
main/boards/*.cpp. The silicon constants are fitted to public readings of real
miners; a seed varies them per miner.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """An ASIC model.

    `switching_w` is the dynamic power in W per MHz·V², `leakage_w` the leakage in
    W at 1.15 V and 60 °C. A typical chip makes 98 % of its hashes at a core voltage of
    `need_base_v + need_slope · MHz` volts. For BM1370 and BM1368 both are fitted to
    public benchmarks, of the others too few are known.
    """

    name: str
    small_cores: int
    domains: int
    switching_w: float
    leakage_w: float
    need_base_v: float
    need_slope: float
    frequency: int
    voltage: int
    frequency_options: tuple[int, ...]
    voltage_options: tuple[int, ...]


_MID_FREQUENCIES = (400, 425, 450, 475, 485, 500, 525, 550, 575)
_BM1370_VOLTAGES = (1000, 1060, 1100, 1150, 1200, 1250)

BM1397 = Chip(
    name="BM1397",
    small_cores=672,
    domains=1,
    switching_w=0.0105,
    leakage_w=0.7,
    need_base_v=1.12,
    need_slope=0.00045,
    frequency=425,
    voltage=1400,
    frequency_options=(400, 425, 450, 475, 485, 500, 525, 550, 575, 600),
    voltage_options=(1100, 1150, 1200, 1250, 1300, 1350, 1400, 1450, 1500),
)
BM1366 = Chip(
    name="BM1366",
    small_cores=894,
    domains=4,
    switching_w=0.0118,
    leakage_w=0.7,
    need_base_v=0.855,
    need_slope=0.00048,
    frequency=485,
    voltage=1200,
    frequency_options=_MID_FREQUENCIES,
    voltage_options=(1100, 1150, 1200, 1250, 1300),
)
BM1368 = Chip(
    name="BM1368",
    small_cores=1276,
    domains=4,
    switching_w=0.0138,
    leakage_w=0.8,
    need_base_v=0.943,
    need_slope=0.00045,
    frequency=490,
    voltage=1166,
    frequency_options=(400, 425, 450, 475, 485, 490, 500, 525, 550, 575),
    voltage_options=(1100, 1150, 1166, 1200, 1250, 1300),
)
BM1370 = Chip(
    name="BM1370",
    small_cores=2040,
    domains=4,
    switching_w=0.0173,
    leakage_w=1.4,
    need_base_v=0.79,
    need_slope=0.00046,
    frequency=525,
    voltage=1150,
    frequency_options=(400, 490, 525, 550, 600, 625),
    voltage_options=_BM1370_VOLTAGES,
)
BM1370_XP = Chip(
    name="BM1370",
    small_cores=2040,
    domains=4,
    switching_w=0.0168,
    leakage_w=1.4,
    need_base_v=0.79,
    need_slope=0.00046,
    frequency=400,
    voltage=1150,
    frequency_options=(350, 375, 380, 400, 410),
    voltage_options=_BM1370_VOLTAGES,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Board:
    """A circuit board with its chips, regulator, sensors and fans.

    `regulator` "tps546" reports output power plus `power_offset_w`; "input"
    measures the input power. `window_v` is the range of core voltage per chip
    which the regulator accepts; it feeds `voltage_domains` groups of chips in series.
    `need_offset_v` is how much more core voltage than alone the chips need on it.
    `sensor` says what `temp` is: the chip's own diode,
    a board sensor, or the temperature inside the fan controller.
    """

    family: str
    chip: Chip
    chips: int
    max_power_w: int
    nominal_v: int
    swarm_color: str
    power_offset_w: float = 5.0
    regulator: str = "tps546"
    sensor: str = "diode"
    fans: int = 1
    second_sensor: bool = False
    voltage_domains: int = 1
    window_v: tuple[float, float] | None = (1.0, 2.0)
    need_offset_v: float = 0.0
    full_fan_rpm: int = 7300
    absolute_max: tuple[int, int] | None = None
    min_power_w: int = 0
    frequency_options: tuple[int, ...] | None = None
    voltage_options: tuple[int, ...] | None = None
    default_point: tuple[int, int] | None = None

    @property
    def frequencies(self) -> tuple[int, ...]:
        """Clock rates in MHz which the firmware offers."""
        return self.frequency_options or self.chip.frequency_options

    @property
    def voltages(self) -> tuple[int, ...]:
        """Core voltages in mV which the firmware offers."""
        return self.voltage_options or self.chip.voltage_options

    @property
    def defaults(self) -> tuple[int, int]:
        """Default operating point in MHz and mV."""
        return self.default_point or (self.chip.frequency, self.chip.voltage)

    @property
    def has_vr_sensor(self) -> bool:
        """Whether the regulator reports its temperature."""
        return self.regulator == "tps546" or self.absolute_max is not None

    @property
    def vin_off_v(self) -> float:
        """Input voltage in V below which the regulator turns off."""
        if self.nominal_v == 5:
            return 4.5
        return 10.5 if self.chips == 2 else 11.0


_ULTRA_205 = Board(
    family="Ultra",
    chip=BM1366,
    chips=1,
    max_power_w=25,
    nominal_v=5,
    swarm_color="purple",
    regulator="input",
    sensor="fan_chip",
    window_v=None,
)
_SUPRA_401 = Board(
    family="Supra",
    chip=BM1368,
    chips=1,
    max_power_w=40,
    nominal_v=5,
    swarm_color="blue",
    regulator="input",
    sensor="fan_chip",
    window_v=None,
)
_GAMMA = Board(
    family="Gamma",
    chip=BM1370,
    chips=1,
    max_power_w=40,
    nominal_v=5,
    swarm_color="green",
)
_HEX = Board(
    family="Hex",
    chip=BM1366,
    chips=6,
    max_power_w=90,
    nominal_v=12,
    swarm_color="orange",
    power_offset_w=12,
    sensor="board",
    fans=2,
    second_sensor=True,
    voltage_domains=3,
    window_v=(0.834, 1.5),
)

AXEOS_BOARDS: dict[str, Board] = {
    "102": Board(
        family="Max",
        chip=BM1397,
        chips=1,
        max_power_w=25,
        nominal_v=5,
        swarm_color="red",
        regulator="input",
        window_v=None,
    ),
    "204": _ULTRA_205,
    "205": _ULTRA_205,
    "303": _HEX,
    "401": _SUPRA_401,
    "601": _GAMMA,
    "602": _GAMMA,
    "650": Board(
        family="GammaDuo",
        chip=BM1370_XP,
        chips=2,
        max_power_w=40,
        nominal_v=5,
        swarm_color="green",
    ),
    "701": Board(
        family="SupraHex",
        chip=BM1368,
        chips=6,
        max_power_w=120,
        nominal_v=12,
        swarm_color="darkblue",
        power_offset_w=25,
        sensor="board",
        fans=2,
        second_sensor=True,
        voltage_domains=3,
        window_v=(0.834, 1.5),
        need_offset_v=-0.03,
    ),
    "801": Board(
        family="GammaTurbo",
        chip=BM1370,
        chips=2,
        max_power_w=60,
        nominal_v=12,
        swarm_color="cyan",
        power_offset_w=10,
        second_sensor=True,
        window_v=(1.0, 3.0),
        need_offset_v=0.045,
    ),
}

_NERD_BM1370_VOLTAGES = tuple(range(1120, 1201, 10))

NERD_BOARDS: dict[str, Board] = {
    "NerdAxeGamma": Board(
        family="NerdAxeGamma",
        chip=BM1370,
        chips=1,
        max_power_w=25,
        nominal_v=5,
        swarm_color="#e700d8",
        regulator="input",
        window_v=None,
        absolute_max=(0, 0),
        min_power_w=5,
        frequency_options=(500, 515, 525, 550, 575),
        voltage_options=_NERD_BM1370_VOLTAGES,
        default_point=(515, 1150),
    ),
    "NerdQAxe++": Board(
        family="NerdQAxe++",
        chip=BM1370,
        chips=4,
        max_power_w=100,
        nominal_v=12,
        swarm_color="#e700d8",
        regulator="input",
        fans=2,
        window_v=None,
        need_offset_v=0.035,
        full_fan_rpm=3400,
        absolute_max=(800, 1400),
        min_power_w=52,
        frequency_options=(500, 515, 525, 550, 575, 590, 600),
        voltage_options=_NERD_BM1370_VOLTAGES,
        default_point=(600, 1150),
    ),
    "NerdOCTAXE-γ": Board(
        family="NerdOCTAXE-γ",
        chip=BM1370,
        chips=8,
        max_power_w=300,
        nominal_v=12,
        swarm_color="#e700d8",
        regulator="input",
        fans=2,
        window_v=None,
        need_offset_v=0.035,
        full_fan_rpm=3400,
        absolute_max=(850, 1400),
        min_power_w=90,
        frequency_options=tuple(range(525, 801, 25)),
        voltage_options=tuple(range(1120, 1261, 10)),
        default_point=(700, 1210),
    ),
}

FORGE_BOARDS: dict[str, Board] = {
    "800": Board(
        family="BITFORGE_NANO",
        chip=BM1370,
        chips=2,
        max_power_w=60,
        nominal_v=12,
        swarm_color="cyan",
        second_sensor=True,
        window_v=(1.0, 2.0),
        default_point=(550, 1150),
    ),
}

NMAXE_BOARDS: dict[str, Board] = {
    "NMAxe": Board(
        family="NMAxe",
        chip=BM1370,
        chips=1,
        max_power_w=40,
        nominal_v=5,
        swarm_color="green",
        regulator="input",
        window_v=None,
        default_point=(490, 1150),
    ),
}
