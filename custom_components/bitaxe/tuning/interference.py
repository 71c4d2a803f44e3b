"""What others do to a miner during a run: people, the guard, the miner itself. Pure."""

from dataclasses import dataclass
from typing import Final

from ..axeos import POINT_NAMES
from ..miner.events import Occurrence, OccurrenceType
from ..miner.write_log import OriginKind

CHANGED_BY_HAND: Final = "changed_by_hand"
_FAN_CHANGED_BY_HAND: Final = "fan_changed_by_hand"
_FAN_NAMES: Final = frozenset(
    {"auto_fan", "fan_speed", "minimum_fan_speed", "target_temperature"}
)
_FIRMWARE_FAN_NAMES: Final = frozenset({"auto_fan", "fan_speed"})
"""What the firmware changes by itself after overheating."""


@dataclass(slots=True)
class Interference:
    """What came in between since it was last cleared."""

    by_hand: str | None = None
    """What a person changed, which ends the run: a translation key."""
    interrupted: bool = False
    """Whether the present trial has to begin anew."""
    harmed: bool = False
    """Whether the guard acted, which counts against the setting."""
    crashed: bool = False
    """Whether the miner restarted unasked, on a setting that may have arrived."""
    overheated: bool = False
    """Whether the firmware stopped the chips for heat, and may move fan and setting."""

    @property
    def needs_new_trial(self) -> bool:
        """Whether the present trial cannot go on from where it was."""
        return self.interrupted or self.harmed

    @property
    def is_changed_by_hand(self) -> bool:
        """Whether a person chose another operating point."""
        return self.by_hand == CHANGED_BY_HAND

    def observe(self, occurrence: Occurrence, *, firmware_may_have_acted: bool) -> None:
        """Take in what happened; after overheating, firmware moves the fan itself."""
        match occurrence.type:
            case OccurrenceType.RESTARTED:
                self._observe_restart(occurrence)
            case OccurrenceType.OVERHEATED:
                # Reported before what the same reading shows to be changed.
                self.overheated = True
            case OccurrenceType.SETTINGS_CHANGED:
                self._observe_settings(
                    occurrence, firmware_may_have_acted or self.overheated
                )
            case _:
                pass

    def _observe_restart(self, occurrence: Occurrence) -> None:
        asked = occurrence.data.get("origin")
        if asked is not None and asked != OriginKind.TUNER:
            # That says nothing about the setting.
            self.interrupted = True
        elif asked is None and self.interrupted:
            # A write that was lost may have arrived.
            self.crashed = True

    def _observe_settings(
        self, occurrence: Occurrence, firmware_may_have_acted: bool
    ) -> None:
        settings = occurrence.data.get("settings")
        names = set(settings) if isinstance(settings, list) else set()
        match occurrence.data.get("origin"):
            case OriginKind.TUNER:
                return
            case OriginKind.GUARD | OriginKind.POWER | OriginKind.HEATING:
                self.interrupted = True
                return
            case None:
                # The point itself is judged with the reading: the miner lowers its own.
                names -= POINT_NAMES
                if firmware_may_have_acted:
                    names -= _FIRMWARE_FAN_NAMES
        if names & POINT_NAMES:
            self.by_hand = CHANGED_BY_HAND
        elif names & _FAN_NAMES:
            self.by_hand = self.by_hand or _FAN_CHANGED_BY_HAND
