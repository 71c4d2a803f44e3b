"""What is known of each board: its ASICs, its lists of settings and its limits.

Source of the AxeOS tables: ESP-Miner v2.15.0 `main/device_config.h`; of the regulator
windows: `main/power/TPS546.c`; of the NerdOS models: ESP-Miner-NerdQAxePlus
`main/boards/*.cpp`. Newer firmware sends most of this in `/api/system/asic`, which
then stands; the tables fill in what is missing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
import math
from typing import Final

from . import bounds
from .bounds import Bounds
from .fields import Fields
from .snapshot import Contradiction, Doubt, Hardware, OperatingPoint

_EXTENDED_FREQUENCY: Final = (50.0, 1200.0)
# The regulator window alone reaches 2 V, which no ASIC here survives. The extended
# range therefore also stays this close to the board's own list.
_EXTENDED_VOLTAGE_MARGIN: Final = 150.0
# What no board of this kind comes near: 12 ASICs and 350 W are the most that are made,
# and no ASIC survives 2 V. Devices beyond are others that imitate the interface, such
# as the Antminers of TNA-OS with hundreds of ASICs on a rail of 13 V.
_MOST_ASICS: Final = 32
_HIGHEST_POWER: Final = 1000.0
_SET_VOLTAGES: Final = (20.0, 3000.0)
# Some firmware reports the sum of three voltage domains in series.
_HIGHEST_ACTUAL_VOLTAGE: Final = 5000.0
# What a board may say of itself and be believed, in MHz and mV: no ASIC of this kind
# has ever been run outside.
_FREQUENCIES: Final = Bounds(10, bounds.FREQUENCY.high)
_VOLTAGES: Final = Bounds(500, 1600)


@dataclass(frozen=True, slots=True)
class Chip:
    """An ASIC type."""

    small_cores: int
    default: OperatingPoint
    frequencies: tuple[float, ...]
    """MHz offered by the firmware's own web interface."""
    voltages: tuple[float, ...]
    """mV offered by the firmware's own web interface."""

    @property
    def believable_voltages(self) -> tuple[float, float]:
        """Lowest and highest mV a list for this ASIC may hold and be believed.

        The lists of all boards known with an ASIC stay this close to its own.
        """
        return (
            self.voltages[0] - _EXTENDED_VOLTAGE_MARGIN,
            self.voltages[-1] + _EXTENDED_VOLTAGE_MARGIN,
        )


def _chip(
    small_cores: int,
    frequency: float,
    core_voltage: float,
    frequencies: tuple[float, ...],
    voltages: tuple[float, ...],
) -> Chip:
    default = OperatingPoint(frequency=frequency, core_voltage=core_voltage)
    return Chip(small_cores, default, frequencies, voltages)


_BM1370_VOLTAGES: Final = (1000.0, 1060.0, 1100.0, 1150.0, 1200.0, 1250.0)

CHIPS: Final = {
    "BM1397": _chip(
        672,
        425,
        1400,
        (400, 425, 450, 475, 485, 500, 525, 550, 575, 600),
        (1100, 1150, 1200, 1250, 1300, 1350, 1400, 1450, 1500),
    ),
    "BM1366": _chip(
        894,
        485,
        1200,
        (400, 425, 450, 475, 485, 500, 525, 550, 575),
        (1100, 1150, 1200, 1250, 1300),
    ),
    "BM1368": _chip(
        1276,
        490,
        1166,
        (400, 425, 450, 475, 485, 490, 500, 525, 550, 575),
        (1100, 1150, 1166, 1200, 1250, 1300),
    ),
    "BM1370": _chip(2040, 525, 1150, (400, 490, 525, 550, 600, 625), _BM1370_VOLTAGES),
    "BM1373": _chip(6725, 327, 1000, (327, 350, 375, 380, 400, 410), _BM1370_VOLTAGES),
}
"""ASIC types by the name the firmware gives them."""

# One driver of the newest firmware serves two ASIC types and names both.
_SAME_CHIP: Final = {"BM1372": "BM1373", "BM1372/BM1373": "BM1373"}


def chip_of(name: str | None) -> Chip | None:
    """Return an ASIC type by the name a firmware gives it, if it is known."""
    return CHIPS.get(_SAME_CHIP.get(name or "", name or ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The range a setting may be chosen from."""

    frequency: tuple[float, float]
    """MHz."""
    core_voltage: tuple[float, float]
    """mV."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """One kind of miner hardware, as far as it is known."""

    model: str
    asic_model: str | None = None
    asic_count: int | None = None
    small_core_count: int | None = None
    default: OperatingPoint | None = None
    frequencies: tuple[float, ...] = ()
    """MHz offered, ascending; empty if nothing is known."""
    voltages: tuple[float, ...] = ()
    """mV offered, ascending; empty if nothing is known."""
    regulator_window: tuple[float, float] | None = None
    """mV per ASIC the regulator accepts; beyond it the firmware latches a fault."""
    maximum_frequency: float | None = None
    """MHz, hard limit of the firmware (NerdOS)."""
    maximum_voltage: float | None = None
    """mV, hard limit of the firmware (NerdOS)."""
    maximum_power: float | None = None
    """W."""
    nominal_voltage: float | None = None
    """V."""
    fan_count: int = 1
    core_current: bool = False
    """Whether the miner's current is that of the regulator's output (TPS546)."""
    maker: str | None = None
    """Who makes it, if the device names a board of theirs."""
    hardware: Hardware = field(default_factory=Hardware)
    """The names the device itself gives."""
    doubt: Doubt | None = None
    """What the device says of its board that cannot be true."""

    def limits(self, *, extended: bool) -> Limits | None:
        """Return the range settings may be chosen from.

        Without `extended` that is the span of the firmware's own lists. `None` if the
        board is unknown or contradicts what is known: then nothing may be set, because
        the firmware itself accepts any value.
        """
        chip = chip_of(self.asic_model)
        if self.doubt or chip is None or not self.frequencies or not self.voltages:
            return None
        low, high = self.frequencies[0], self.frequencies[-1]
        low_voltage, high_voltage = self.voltages[0], self.voltages[-1]
        if extended:
            low, high = _EXTENDED_FREQUENCY
            lowest, highest = chip.believable_voltages
            low_voltage = max(low_voltage - _EXTENDED_VOLTAGE_MARGIN, lowest)
            high_voltage = min(high_voltage + _EXTENDED_VOLTAGE_MARGIN, highest)
        # Beyond its maximum the firmware would quietly set something else, and outside
        # the window the regulator stops with a fault.
        window = self.regulator_window or (0.0, math.inf)
        limits = Limits(
            frequency=(low, min(high, self.maximum_frequency or math.inf)),
            core_voltage=(
                max(low_voltage, window[0]),
                min(high_voltage, window[1], self.maximum_voltage or math.inf),
            ),
        )
        sensible = (
            limits.frequency[0] <= limits.frequency[1]
            and limits.core_voltage[0] <= limits.core_voltage[1]
        )
        return limits if sensible else None

    def expected_hashrate(self, frequency: float) -> float | None:
        """Return GH/s at a frequency in MHz: frequency x small cores x ASICs / 1000."""
        if self.small_core_count is None or self.asic_count is None:
            return None
        return frequency * self.small_core_count * self.asic_count / 1000


def _board(
    model: str,
    chip_name: str,
    count: int,
    power: float | None,
    volts: float | None,
    window: tuple[float, float] | None,
) -> Board:
    """Describe a board by its chip; only the TPS546 regulator has a window."""
    chip = CHIPS[chip_name]
    return Board(
        model=model,
        asic_model=chip_name,
        asic_count=count,
        small_core_count=chip.small_cores,
        default=chip.default,
        frequencies=chip.frequencies,
        voltages=chip.voltages,
        regulator_window=window,
        maximum_power=power,
        nominal_voltage=volts,
        core_current=window is not None,
        maker="Bitaxe",
    )


def _by_others(
    model: str,
    chip_name: str,
    count: int,
    power: float | None,
    volts: float | None,
    window: tuple[float, float] | None,
) -> Board:
    """Describe a board of a maker who is not named anywhere."""
    board = _board(model, chip_name, count, power, volts, window)
    return replace(board, maker=None)


_5V_WINDOW: Final = (1000.0, 2000.0)
# Three voltage domains in series share the regulator of the six-chip boards.
_HEX_WINDOW: Final = (834.0, 1500.0)
# The DS4432U of the oldest boards accepts anything, and of the vendors' boards nothing
# is known: only the margin around their lists limits those.
_NO_WINDOW: Final = None

_MAX: Final = _board("Max", "BM1397", 1, 25, 5, _NO_WINDOW)
_ULTRA: Final = _board("Ultra", "BM1366", 1, 25, 5, _NO_WINDOW)
_HEX: Final = replace(_board("Hex", "BM1366", 6, 90, 12, _HEX_WINDOW), fan_count=2)
_SUPRA: Final = _board("Supra", "BM1368", 1, 40, 5, _NO_WINDOW)
_SUPRA_TPS: Final = _board("Supra", "BM1368", 1, 40, 5, _5V_WINDOW)
_GAMMA: Final = _board("Gamma", "BM1370", 1, 40, 5, _5V_WINDOW)
_GAMMA_DUO: Final = replace(
    _board("GammaDuo", "BM1370", 2, 40, 5, _5V_WINDOW),
    default=OperatingPoint(frequency=400, core_voltage=1150),
    frequencies=(350.0, 375.0, 380.0, 400.0, 410.0),
)
_SUPRA_HEX: Final = replace(
    _board("SupraHex", "BM1368", 6, 120, 12, _HEX_WINDOW), fan_count=2
)
_GAMMA_TURBO: Final = _board("GammaTurbo", "BM1370", 2, 60, 12, (1000.0, 3000.0))

_BY_VERSION: Final = {
    "2.2": _MAX,
    "0.11": _ULTRA,
    "207": _board("Ultra", "BM1366", 1, 25, 5, _5V_WINDOW),
    "402": _SUPRA_TPS,
    "403": _SUPRA_TPS,
    "1000": _by_others("Zyber8S", "BM1368", 8, 160, None, _NO_WINDOW),
    "1100": _by_others("Zyber8G", "BM1370", 8, 220, None, _NO_WINDOW),
    "1110": _by_others("Zyber8G", "BM1370", 8, 220, None, _NO_WINDOW),
    "1201": _board("NajaDuo", "BM1373", 2, 60, 12, _NO_WINDOW),
    "1300": replace(
        _board("GammaHex", "BM1370", 6, 180, 12, _NO_WINDOW),
        default=OperatingPoint(frequency=690, core_voltage=1200),
        frequencies=(400.0, 490.0, 525.0, 550.0, 600.0, 625.0, 690.0),
    ),
}
_BY_PREFIX: Final = (
    ("65", _GAMMA_DUO),
    ("1", _MAX),
    ("2", _ULTRA),
    ("3", _HEX),
    ("4", _SUPRA),
    ("6", _GAMMA),
    ("7", _SUPRA_HEX),
    ("8", _GAMMA_TURBO),
)
_VENDOR_MODELS: Final = {
    # Their board versions clash with the Hex.
    "LV07": _by_others("LV07", "BM1366", 2, None, 12, _NO_WINDOW),
    "LV08": _by_others("LV08", "BM1366", 9, None, 12, _NO_WINDOW),
    "LV07Pro": _by_others("LV07Pro", "BM1370", 2, None, 12, _NO_WINDOW),
    "BITFORGE_NANO": replace(
        _board("BitForge Nano", "BM1370", 2, 60, 12, _NO_WINDOW), maker="BitForge"
    ),
}


def _nerd(
    model: str,
    chip_name: str,
    count: int,
    power: float,
    volts: float,
    frequencies: tuple[float, ...],
    voltages: tuple[float, ...],
    default: tuple[float, float],
    maximum: tuple[float, float] | None = (800, 1400),
) -> Board:
    return replace(
        _board(model, chip_name, count, power, volts, _NO_WINDOW),
        maker="NerdAxe",
        maximum_frequency=maximum and maximum[0],
        maximum_voltage=maximum and maximum[1],
        frequencies=frequencies,
        voltages=voltages,
        default=OperatingPoint(frequency=default[0], core_voltage=default[1]),
    )


_NERD_GAMMA_FREQUENCIES: Final = (500.0, 515.0, 525.0, 550.0, 575.0, 590.0, 600.0)
_NERD_GAMMA_VOLTAGES: Final = tuple(float(mv) for mv in range(1120, 1201, 10))
_NERD_SUPRA_VOLTAGES: Final = (1100.0, 1150.0, 1200.0, 1250.0, 1300.0, 1350.0)
_BM1366: Final = CHIPS["BM1366"]
_BM1368: Final = CHIPS["BM1368"]

_QX_FREQUENCIES: Final = (495.0, *(float(mhz) for mhz in range(500, 1001, 25)))
_QX_VOLTAGES: Final = (1085.0, *(float(mv) for mv in range(1100, 1351, 50)))
_Q1373_FREQUENCIES: Final = tuple(float(mhz) for mhz in range(300, 451, 25))
_Q1373_VOLTAGES: Final = tuple(float(mv) for mv in range(980, 1081, 10))
_GAIA_FREQUENCIES: Final = (
    *(300.0, 320.0, 340.0, 350.0, 360.0),
    *(380.0, 400.0, 420.0, 440.0),
)
_GAIA_VOLTAGES: Final = tuple(float(mv) for mv in range(900, 1041, 20))

_NERD_MODELS: Final = {
    board.model: board
    for board in (
        _nerd(
            "NerdAxe",
            "BM1366",
            1,
            15,
            5,
            _BM1366.frequencies,
            _BM1366.voltages,
            (485, 1200),
            None,
        ),
        _nerd(
            "NerdAxeGamma",
            "BM1370",
            1,
            25,
            5,
            (500.0, 515.0, 525.0, 550.0, 575.0),
            _NERD_GAMMA_VOLTAGES,
            (515, 1150),
            None,
        ),
        *(
            _nerd(
                model,
                "BM1368",
                count,
                power,
                12,
                _BM1368.frequencies,
                _NERD_SUPRA_VOLTAGES,
                (490, 1250),
            )
            for model, count, power in (
                ("NerdQAxe+", 4, 70),
                ("NerdOCTAXE+", 8, 130),
            )
        ),
        *(
            _nerd(
                model,
                "BM1370",
                count,
                power,
                12,
                _NERD_GAMMA_FREQUENCIES,
                _NERD_GAMMA_VOLTAGES,
                (600, 1150),
            )
            for model, count, power in (
                ("NerdQAxe++", 4, 100),
                ("NerdOCTAXE-γ", 8, 250),
                ("NerdHaxe-γ", 6, 250),
                ("NerdEKO", 12, 350),
            )
        ),
        *(
            _nerd(
                model,
                "BM1373",
                1,
                40,
                12,
                _GAIA_FREQUENCIES,
                _GAIA_VOLTAGES,
                default,
                (750, 1300),
            )
            for model, default in (
                ("NerdAxeGaia", (350, 940)),
                ("NerdAxeGaiaPro", (440, 1020)),
            )
        ),
        _nerd(
            "NerdQX",
            "BM1370",
            4,
            240,
            12,
            _QX_FREQUENCIES,
            _QX_VOLTAGES,
            (777, 1200),
            (1250, 1375),
        ),
        _nerd(
            "Q1370",
            "BM1370",
            4,
            150,
            12,
            _NERD_GAMMA_FREQUENCIES,
            _NERD_GAMMA_VOLTAGES,
            (600, 1150),
            (1200, 1400),
        ),
        # Versions of its firmware differ; this is what all of them allow.
        _nerd(
            "Q1373",
            "BM1373",
            4,
            180,
            12,
            _Q1373_FREQUENCIES,
            _Q1373_VOLTAGES,
            (350, 1010),
            (700, 1200),
        ),
    )
}


BOARD_KEYS: Final = (
    "ASICModel",
    "asicCount",
    "boardVersion",
    "defaultCoreVoltage",
    "deviceModel",
    "maxPower",
    "minerModel",
    "nominalVoltage",
    "smallCoreCount",
)
"""What of `/api/system/info` a board is worked out from; it is the same until one of
these changes."""

HARDWARE_KEYS: Final = (
    "ASICModel",
    "asicCount",
    "boardVersion",
    "deviceModel",
    "minerModel",
)
"""What of `/api/system/info` names the board itself, whatever the firmware."""


def _spelled(name: str) -> str:
    """Return a name as it would be whatever its capitals, spaces and hyphens.

    A plus is part of it: a NerdQAxe+ is no NerdQAxe++.
    """
    return "".join(char for char in name.casefold() if char.isalnum() or char == "+")


_BY_NAME: Final = {
    _spelled(name): board for name, board in (_VENDOR_MODELS | _NERD_MODELS).items()
}


def find_board(
    *,
    device_model: str | None,
    board_version: str | None,
    asic_model: str | None,
    vendor_model: str | None = None,
) -> Board:
    """Return what the tables know about a miner.

    A name the miner gives itself goes before its board version; a board nobody knows,
    or with another ASIC than it is known with, gets the values of its ASIC, but no ASIC
    count.
    """
    asic_model = _SAME_CHIP.get(asic_model or "", asic_model)
    names = [_spelled(name or "") for name in (vendor_model, device_model)]
    known = next((_BY_NAME[name] for name in names if name in _BY_NAME), None)
    if known is not None and asic_model in (None, known.asic_model):
        return known
    board = None if known is not None else _by_version(board_version or "")
    if board is not None and asic_model in (None, board.asic_model):
        if device_model is None:
            return board
        # A device with another name may be of another maker.
        same = device_model.startswith(board.model)
        maker = board.maker if same else None
        return replace(board, model=device_model, maker=maker)
    name = device_model or vendor_model
    model = name or (board.model if board else "Miner")
    # New models of that family keep to its way of naming them.
    maker = "NerdAxe" if name is not None and name.startswith("Nerd") else None
    chip = chip_of(asic_model)
    if chip is None:
        return Board(model=model, asic_model=asic_model, maker=maker)
    return Board(
        model=model,
        maker=maker,
        asic_model=asic_model,
        small_core_count=chip.small_cores,
        default=chip.default,
        frequencies=chip.frequencies,
        voltages=chip.voltages,
    )


def _by_version(version: str) -> Board | None:
    if version in _BY_VERSION:
        return _BY_VERSION[version]
    if len(version) == 3 and version.isdecimal():
        for prefix, board in _BY_PREFIX:
            if version.startswith(prefix):
                return board
    return None


def complete_board(board: Board, info: Fields, asic: Fields | None) -> Board:
    """Let what the miner itself reports stand over the tables.

    `info` is `/api/system/info`, `asic` is `/api/system/asic` where it exists.
    """
    asic = asic or Fields(None)
    default = OperatingPoint(
        frequency=asic.number("defaultFrequency", within=_FREQUENCIES) or 0,
        core_voltage=asic.number("defaultVoltage", within=_VOLTAGES) or 0,
    )
    asic_model = info.text("ASICModel") or asic.text("ASICModel") or board.asic_model
    # What the regulator refuses with a fault is not offered, even where a device lists
    # it.
    low, high = board.regulator_window or (0.0, math.inf)
    voltages = tuple(
        value
        for value in _options(asic, "voltageOptions", _VOLTAGES)
        if low <= value <= high
    )
    return replace(
        board,
        asic_model=asic_model,
        asic_count=info.integer("asicCount", within=bounds.ASICS)
        or asic.integer("asicCount", within=bounds.ASICS)
        or board.asic_count,
        small_core_count=info.integer("smallCoreCount", within=bounds.SMALL_CORES)
        or board.small_core_count,
        default=default
        if default.frequency and default.core_voltage
        else board.default,
        frequencies=_options(asic, "frequencyOptions", _FREQUENCIES)
        or board.frequencies,
        voltages=voltages or board.voltages,
        maximum_frequency=asic.number("absMaxFrequency", within=_FREQUENCIES)
        or board.maximum_frequency,
        maximum_voltage=asic.number("absMaxVoltage", within=_VOLTAGES)
        or board.maximum_voltage,
        maximum_power=info.number("maxPower", within=bounds.POWER_LIMIT)
        or board.maximum_power,
        nominal_voltage=info.number("nominalVoltage", within=bounds.NOMINAL_VOLTAGE)
        or board.nominal_voltage,
        hardware=_hardware(info, asic),
        doubt=_doubt_of_board(info, asic, chip_of(asic_model)),
    )


def _hardware(info: Fields, asic: Fields) -> Hardware:
    asic_model = info.text("ASICModel") or asic.text("ASICModel")
    return Hardware(
        board_version=info.text("boardVersion"),
        device_model=asic.text("deviceModel") or info.text("deviceModel"),
        vendor_model=info.text("minerModel"),
        asic_model=_SAME_CHIP.get(asic_model or "", asic_model),
        asic_count=info.integer("asicCount", within=bounds.ASICS)
        or asic.integer("asicCount", within=bounds.ASICS),
    )


def _doubt_of_board(info: Fields, asic: Fields, chip: Chip | None) -> Doubt | None:
    """Compare what a device says of its board with what such boards are made of."""
    listed = [
        value
        for value in (
            *asic.numbers("voltageOptions", within=bounds.ANY),
            asic.number("defaultVoltage", within=bounds.ANY),
            info.number("defaultCoreVoltage", within=bounds.ANY),
        )
        if value
    ]
    clocks = [
        value
        for value in (
            *asic.numbers("frequencyOptions", within=bounds.ANY),
            asic.number("defaultFrequency", within=bounds.ANY),
        )
        if value
    ]
    believable = _VOLTAGES if chip is None else chip.believable_voltages
    for about, values, (low, high) in (
        (
            Contradiction.ASIC_COUNT,
            [
                info.number("asicCount", within=bounds.ANY),
                asic.number("asicCount", within=bounds.ANY),
            ],
            (0, _MOST_ASICS),
        ),
        (
            Contradiction.POWER,
            [info.number("maxPower", within=bounds.ANY)],
            (0, _HIGHEST_POWER),
        ),
        (Contradiction.CORE_VOLTAGE, listed, (0, _SET_VOLTAGES[1])),
        (Contradiction.VOLTAGES, listed, believable),
        (
            Contradiction.FREQUENCIES,
            clocks,
            _FREQUENCIES,
        ),
    ):
        if (doubt := _doubt(about, values, low, high)) is not None:
            return doubt
    return None


def doubt_of_reading(info: Fields, board: Board) -> Doubt | None:
    """Return why a device is not controlled: by its board, or by what it measures."""
    if board.doubt is not None and board.doubt.foreign:
        return board.doubt
    for about, value, low, high in (
        (
            Contradiction.CORE_VOLTAGE,
            info.number("coreVoltage", within=bounds.ANY),
            *_SET_VOLTAGES,
        ),
        (
            Contradiction.CORE_VOLTAGE,
            info.number("coreVoltageActual", within=bounds.ANY),
            0,
            _HIGHEST_ACTUAL_VOLTAGE,
        ),
        (
            Contradiction.POWER,
            info.number("power", within=bounds.ANY),
            0,
            _HIGHEST_POWER,
        ),
    ):
        if (doubt := _doubt(about, [value], low, high)) is not None:
            return doubt
    return board.doubt


def _doubt(
    about: Contradiction, values: Sequence[float | None], low: float, high: float
) -> Doubt | None:
    """Return the doubt about the first value that is reported, but not possible.

    0 and negative numbers are the firmware's ways to say that it knows nothing.
    """
    for value in values:
        if value is not None and value > 0 and not low <= value <= high:
            return Doubt(about=about, value=value, low=low, high=high)
    return None


def _options(asic: Fields, key: str, plausible: Bounds) -> tuple[float, ...]:
    values = asic.numbers(key, within=plausible)
    return tuple(sorted({value for value in values if value is not None}))
