"""What a person chose about power targets. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final, Self

from ..analysis.prices import MOST_PRICE

MOST_POWER_OF_MINER: Final = 1000.0
"""W that a target of one miner may be."""
MOST_POWER_OF_SWARM: Final = 100_000.0
"""W that a target of all miners may be."""
FEWEST_WRITES: Final = 3
MOST_WRITES: Final = 12


class SetBy(StrEnum):
    """What decides how many W the target in force is."""

    CHOSEN = "chosen"
    """The number that a person or an automation set."""
    SURPLUS = "surplus"
    PRICE = "price"


class Bottom(StrEnum):
    """What a miner does where even its lowest point is too much."""

    LOW_POINT = "low_point"
    """It stays there: no cold start."""
    PAUSE = "pause"


class WhenOff(StrEnum):
    """What becomes of a miner that does not follow any more."""

    RESTORE = "restore"
    """It gets back the setting that somebody chose."""
    LEAVE = "leave"


class Sign(StrEnum):
    """What a positive reading of the surplus sensor means."""

    EXPORT = "export"
    """Power that is to spare."""
    IMPORT = "import"
    """Power that is drawn from the grid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerOptions:
    """What was chosen for a miner, over what was chosen for all."""

    bottom: Bottom = Bottom.LOW_POINT
    when_off: WhenOff = WhenOff.RESTORE
    writes_per_hour: int = 4
    """The most changes of one miner within an hour: flash memory wears."""
    lowest: str | None = None
    """Name of the profile below which a miner is not set."""
    highest: str | None = None
    """Name of the profile above which it is not set."""
    with_swarm: bool = True
    """Whether a miner follows the target of the swarm."""
    surplus_entity: str | None = None
    surplus_sign: Sign = Sign.EXPORT
    surplus_measures_miners: bool = True
    """Whether what the miners draw is missing in the surplus already."""
    surplus_minutes: float = 5.0
    """Over which a rise of the surplus is averaged."""
    surplus_reserve: float = 0.0
    """W of the surplus that are left over."""
    price_limit: float | None = None
    """Per kWh, above which nothing is to be spent."""
    price_break_even: bool = False
    """Whether nothing is to be spent above what mining is expected to bring per kWh."""

    @classmethod
    def from_dict(cls, *layers: Mapping[str, Any]) -> Self:
        """Return the options of several layers, of which the last goes first.

        Values of a later version or of another type are left out.
        """
        values: dict[str, Any] = {}
        for layer in layers:
            for field in fields(cls):
                if field.name in layer:
                    value = _read(field.name, layer[field.name])
                    if value is not None:
                        values[field.name] = value
        return cls(**values)


_CHOICES: Final[Mapping[str, type[StrEnum]]] = {
    "bottom": Bottom,
    "when_off": WhenOff,
    "surplus_sign": Sign,
}
_FLAGS: Final = frozenset({"with_swarm", "surplus_measures_miners", "price_break_even"})
_TEXTS: Final = frozenset({"lowest", "highest", "surplus_entity"})
_RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "writes_per_hour": (FEWEST_WRITES, MOST_WRITES),
    "surplus_minutes": (1, 60),
    "surplus_reserve": (0, MOST_POWER_OF_SWARM),
    "price_limit": (-MOST_PRICE, MOST_PRICE),
}


def _read(name: str, value: object) -> object:
    """Return a stored value as one of its option; `None` if it is not."""
    if name in _CHOICES:
        return next((item for item in _CHOICES[name] if item == value), None)
    if name in _FLAGS:
        return value if isinstance(value, bool) else None
    if name in _TEXTS:
        return value if isinstance(value, str) and value else None
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    low, high = _RANGES[name]
    if not low <= value <= high:
        return None
    return int(value) if name == "writes_per_hour" else float(value)
