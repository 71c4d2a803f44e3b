"""Colours and signs, one for each condition something can be in. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from ...axeos import MiningState
from ...miner.levels import Judged, Level, worst


class Condition(IntEnum):
    """How good or bad something is; the worse, the higher."""

    GOOD = 0
    IDLE = 1
    """Not mining, because somebody wants it so."""
    NOTICE = 2
    """Worth a look."""
    BAD = 3
    """Something must be done."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a condition is shown."""

    color: int
    """0xRRGGBB."""
    sign: str
    """Two columns wide in a fixed-width font, like all of them."""


LOOKS: Final = {
    Condition.GOOD: Look(0x3BA55D, "🟢"),
    Condition.IDLE: Look(0x747F8D, "⚪"),
    Condition.NOTICE: Look(0xFAA61A, "🟠"),
    Condition.BAD: Look(0xED4245, "🔴"),
}
NEUTRAL: Final = 0xF7931A
"""Colour of what is neither good nor bad: bitcoin orange."""
RECORD: Final = 0xFEE75C
"""Colour of a new best share."""
BLOCK: Final = 0xEB459E
"""Colour of a block, which nothing else has."""

_STATES: Final = {
    MiningState.MINING: Condition.GOOD,
    MiningState.STARTING: Condition.IDLE,
    MiningState.PAUSED: Condition.IDLE,
    MiningState.IDLE: Condition.NOTICE,
    MiningState.OVERHEATED: Condition.BAD,
    MiningState.FAULT: Condition.BAD,
}
_LEVELS: Final = {
    Level.GOOD: Condition.GOOD,
    Level.WARNING: Condition.NOTICE,
    Level.CRITICAL: Condition.BAD,
}


def condition_of(state: MiningState | None) -> Condition:
    """Return how good a state is; `None` stands for offline."""
    return Condition.BAD if state is None else _STATES[state]


def heat_condition(levels: Mapping[Judged, Level]) -> Condition:
    """Return how good the hottest part of a miner is."""
    return _LEVELS[
        worst(
            levels.get(figure, Level.GOOD)
            for figure in (Judged.ASIC_TEMPERATURE, Judged.VR_TEMPERATURE)
        )
    ]


def marked(text: str, level: Level | None) -> str:
    """Return a figure with its sign, unless it is good or not judged."""
    condition = _LEVELS[level or Level.GOOD]
    return text if condition is Condition.GOOD else f"{LOOKS[condition].sign} {text}"
