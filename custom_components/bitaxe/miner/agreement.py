"""What somebody was shown who agreed to a change, and whether it is still so."""

from collections.abc import Collection, Mapping
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


def check_planned(
    planned: Mapping[str, object],
    changes: Mapping[str, object],
    names: Collection[str],
) -> None:
    """Refuse to make other changes than a preview has shown.

    Both are [present, wanted] by what is changed, as a preview answers; of what was
    shown only the settings of these names are to be made.

    Raises:
        SituationChangedError: something else would be changed by now.

    """
    expected = {
        key: value
        for key, value in planned.items()
        if key in names or key.rpartition("_")[0] in names
    }
    if expected != changes:
        raise SituationChangedError(_in_words(expected), _in_words(changes))


def _in_words(changes: Mapping[str, object]) -> str:
    """Write what the settings are that would be changed."""
    found = [
        "?" if value[0] is None else str(value[0])
        for value in changes.values()
        if isinstance(value, list) and value
    ]
    return ", ".join(found) or "-"


def _shown(name: str, value: object, texts: Texts) -> str:
    """Write the value of a setting with its unit."""
    if isinstance(value, bool):
        return texts(f"fan_mode.{'auto' if value else 'manual'}")
    if isinstance(value, int | float):
        return f"{value:g} {_UNITS.get(name, '')}".rstrip()
    return "?" if value is None else str(value)
