"""Colours of the levels that Home Assistant gives to figures. Pure."""

from typing import Final

from .store import NO_ANSWER, Figures

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


_LEVELS: Final = {"good": GOOD, "warning": WATCH, "critical": BAD}


def level(miner: Figures, figure: str, unknown: str = DIM) -> str:
    """Colour a figure by the level that Home Assistant gives it."""
    levels: dict[str, str] = miner.get("levels") or {}
    return _LEVELS.get(levels.get(figure, ""), unknown)


def hashrate(miner: Figures) -> str:
    """Colour a hashrate by its share of what the frequency promises, while it mines."""
    return level(miner, "hashrate")


def asic(miner: Figures) -> str:
    """Colour an ASIC's temperature."""
    return level(miner, "asic_temperature")


def regulator(miner: Figures) -> str:
    """Colour a regulator's temperature."""
    return level(miner, "vr_temperature")


def power(miner: Figures) -> str:
    """Colour the power by the board's limit."""
    return level(miner, "power", PLAIN)


def input_voltage(miner: Figures) -> str:
    """Colour the input voltage by the nominal one."""
    return level(miner, "input_voltage", PLAIN)


def reject_rate(miner: Figures) -> str:
    """Colour the share of rejected shares."""
    return level(miner, "reject_rate")


def error_rate(miner: Figures) -> str:
    """Colour the share of errors."""
    return level(miner, "error_rate")


def share_of(value: float | None, whole: float | None) -> float | None:
    """Return value / whole, if both are known."""
    return None if value is None or not whole else value / whole
