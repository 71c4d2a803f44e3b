"""What somebody was shown who agreed to a change, and whether it is still so."""

from dataclasses import dataclass
from typing import Final

from ..axeos import OperatingPoint, Settings, Snapshot
from ..formatting import Texts
from .detune import IntendedSettings
from .errors import SituationChangedError

_UNITS: Final = {"frequency": "MHz", "core_voltage": "mV", "fan_speed": "%"}


@dataclass(frozen=True, slots=True)
class RestoreOffer:
    """What somebody is asked to agree to: back to the settings chosen for a miner."""

    intended: IntendedSettings
    present: OperatingPoint | None
    certain: bool
    """Whether overheating was seen; otherwise somebody may have chosen these."""


def check_expected(expected: Settings | None, snapshot: Snapshot, texts: Texts) -> None:
    """Refuse to go on where the miner is not as somebody was shown."""
    # What is shown is rounded.
    if expected is not None and (
        differing := expected.unconfirmed(snapshot, rounding=True)
    ):
        raise SituationChangedError(
            ", ".join(
                _shown(name, shown, texts) for name, (shown, _) in differing.items()
            ),
            ", ".join(_shown(name, now, texts) for name, (_, now) in differing.items()),
        )


def _shown(name: str, value: object, texts: Texts) -> str:
    """Write the value of a setting with its unit."""
    if isinstance(value, bool):
        return texts(f"fan_mode.{'auto' if value else 'manual'}")
    if isinstance(value, int | float):
        return f"{value:g} {_UNITS.get(name, '')}".rstrip()
    return "?" if value is None else str(value)
