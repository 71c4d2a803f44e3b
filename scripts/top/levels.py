"""Which figures are fine, worth a look, or bad; as colours. Pure."""

from typing import Final

from .board import NO_ANSWER, Figures

GOOD: Final = "green"
WATCH: Final = "yellow"
BAD: Final = "red"
PLAIN: Final = ""
DIM: Final = "dim"

STATES: Final = {
    "mining": GOOD,
    "starting": WATCH,
    "paused": DIM,
    "idle": WATCH,
    "overheated": BAD,
    "fault": BAD,
    "offline": BAD,
    NO_ANSWER: DIM,
}
"""Colour of a miner's state."""


def high(value: float | None, watch: float, bad: float) -> str:
    """Colour a figure that is bad when it is high."""
    if value is None:
        return DIM
    return BAD if value >= bad else WATCH if value >= watch else GOOD


def low(value: float | None, watch: float, bad: float) -> str:
    """Colour a figure that is bad when it is low."""
    if value is None:
        return DIM
    return BAD if value < bad else WATCH if value < watch else GOOD


def hashrate(miner: Figures) -> str:
    """Colour a hashrate by its share of what the frequency promises, while it mines."""
    if miner["state"] != "mining":
        return DIM
    share = share_of(miner["hashrate_ghs"], miner["expected_hashrate_ghs"])
    return low(None if share is None else share * 100, 97, 90)


def asic(miner: Figures) -> str:
    """Colour an ASIC's temperature: 10 and 5 K below the firmware's limit."""
    limit = miner["asic_limit_c"] or 75.0
    return high(miner["asic_temperature_c"], limit - 10, limit - 5)


def regulator(miner: Figures) -> str:
    """Colour a regulator's temperature, long before the firmware stops for it."""
    return high(miner["vr_temperature_c"], 70, 80)


def power(miner: Figures) -> str:
    """Colour the power by the board's limit."""
    share = share_of(miner["power_w"], miner["power_limit_w"])
    return PLAIN if share is None else high(share, 0.875, 1.0)


def input_voltage(miner: Figures) -> str:
    """Colour the input voltage: 2 and 4 % below nominal, 4.9 and 4.8 V of 5 V."""
    share = share_of(miner["input_voltage_v"], miner["nominal_voltage_v"])
    return PLAIN if share is None else low(share, 0.98, 0.96)


def rate(percent: float | None) -> str:
    """Colour a share of rejected shares, or of errors, in %."""
    return high(percent, 1, 3)


def share_of(value: float | None, whole: float | None) -> float | None:
    """Return value / whole, if both are known."""
    return None if value is None or not whole else value / whole
