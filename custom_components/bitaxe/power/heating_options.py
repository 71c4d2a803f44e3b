"""What a person chose about heating a room. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, Self

CONF_SENSOR: Final = "temperature_sensor"
CONF_MINERS: Final = "miners"
CONF_WINDOWS: Final = "window_sensors"
CONF_HYSTERESIS: Final = "hysteresis"
CONF_MINIMUM_RUN: Final = "minimum_run"
CONF_MINIMUM_REST: Final = "minimum_rest"
CONF_WHEN_IDLE: Final = "when_idle"
CONF_WHEN_LOST: Final = "when_lost"
CONF_LONGEST_SILENCE: Final = "longest_silence"
CONF_LOWEST: Final = "lowest"
CONF_HIGHEST: Final = "highest"

DEFAULT_HYSTERESIS: Final = 0.2
"""K."""
DEFAULT_MINIMUM: Final = 15
"""Minutes."""
DEFAULT_SILENCE: Final = 6
"""Hours."""


class WhenIdle(StrEnum):
    """What miners do where no heat is wanted."""

    PAUSE = "pause"
    LOWEST = "lowest"
    """They stay at their lowest point: no cold start."""


class WhenLost(StrEnum):
    """What they do while the temperature is not known."""

    OFF = "off"
    """The same as where no heat is wanted."""
    LOWEST = "lowest"


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatingOptions:
    """What was chosen for one room."""

    sensor: str
    """Entity id of its temperature."""
    miners: frozenset[str]
    """Unique ids of the entries of its miners."""
    windows: tuple[str, ...] = ()
    """Entity ids; one that is on is open."""
    hysteresis: float = DEFAULT_HYSTERESIS
    """K."""
    minimum_run: float = DEFAULT_MINIMUM * 60.0
    """s."""
    minimum_rest: float = DEFAULT_MINIMUM * 60.0
    """s."""
    when_idle: WhenIdle = WhenIdle.PAUSE
    when_lost: WhenLost = WhenLost.OFF
    longest_silence: float = DEFAULT_SILENCE * 3600.0
    """Seconds without a report after which the sensor counts as lost; 0 is never."""
    lowest: str | None = None
    """Name of the profile below which a miner is not set."""
    highest: str | None = None
    """Name of the profile above which it is not set."""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return what the data of a subentry say."""
        return cls(
            sensor=data[CONF_SENSOR],
            miners=frozenset(data[CONF_MINERS]),
            windows=tuple(data.get(CONF_WINDOWS, ())),
            hysteresis=data.get(CONF_HYSTERESIS, DEFAULT_HYSTERESIS),
            minimum_run=60.0 * data.get(CONF_MINIMUM_RUN, DEFAULT_MINIMUM),
            minimum_rest=60.0 * data.get(CONF_MINIMUM_REST, DEFAULT_MINIMUM),
            when_idle=WhenIdle(data.get(CONF_WHEN_IDLE, WhenIdle.PAUSE)),
            when_lost=WhenLost(data.get(CONF_WHEN_LOST, WhenLost.OFF)),
            longest_silence=3600.0 * data.get(CONF_LONGEST_SILENCE, DEFAULT_SILENCE),
            lowest=data.get(CONF_LOWEST),
            highest=data.get(CONF_HIGHEST),
        )
