"""Who changed what on a miner, and when.

A change shows in a reading some time after it was sent; the record says whose it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Final

from homeassistant.core import Context

from ..axeos import POINT_NAMES, ROUNDING, PoolSettings, Settings
from .claims import Claimant

# s; a change to what we wrote, seen this long after, is ours.
_OURS_SECONDS: Final = 60.0
RESTART_SECONDS: Final = 300.0
"""Seconds in which a miner that was asked to restart should be back."""


class OriginKind(StrEnum):
    """What kind of thing asked for a write."""

    PERSON = "person"
    """An entity, action or card: a person, or an automation of theirs."""
    DISCORD = "discord"
    REPAIR = "repair"
    GUARD = "guard"
    TUNER = "tuner"
    POWER = "power"
    """The control of a power target."""
    HEATING = "heating"
    """The same control, for what a room needs."""


CLAIMANTS: Final[Mapping[OriginKind, Claimant]] = {
    OriginKind.GUARD: Claimant.GUARD,
    OriginKind.TUNER: Claimant.TUNER,
    OriginKind.POWER: Claimant.POWER,
    OriginKind.HEATING: Claimant.POWER,
}
"""Those of ours that change a miner by themselves, and give way to each other."""
STEPS_WILL_DO: Final = frozenset({OriginKind.GUARD, OriginKind.TUNER})
"""Who goes on with what firmware makes of a setting by steps of its own.

A person chose a value, and a power target one that was measured.
"""


_BY_HAND: Final = frozenset({OriginKind.PERSON, OriginKind.DISCORD})


class ByHand(StrEnum):
    """What a person decided about a miner; whatever steers it leaves it alone then."""

    CHANGED = "changed_by_hand"
    """Its frequency or core voltage."""
    PAUSED = "paused_by_hand"
    RESUMED = "resumed_by_hand"


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who asked for a write."""

    kind: OriginKind
    context: Context | None = None
    """Home Assistant's, which names the user where there is one."""
    name: str | None = None
    """Who it was, where Home Assistant does not know the person (Discord)."""

    @property
    def user_id(self) -> str | None:
        """The user of Home Assistant, if it was one."""
        return self.context.user_id if self.context is not None else None


def person(context: Context | None) -> Origin:
    """Return the origin of what an entity, action or card asks for."""
    return Origin(kind=OriginKind.PERSON, context=context)


@dataclass(frozen=True, slots=True)
class _Write:
    """The last time that a setting was written."""

    at: float
    """s of the monotonic clock."""
    value: object
    origin: Origin

    def shows_as(self, value: object) -> bool:
        """Return whether a miner that reports this value shows what was written."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            return self.value == value
        return isinstance(value, int | float) and abs(self.value - value) < ROUNDING


class WriteLog:
    """The latest writes to one miner."""

    def __init__(self) -> None:
        """Begin without any."""
        self._writes: dict[str, _Write] = {}
        self._restart: tuple[float, Origin] | None = None
        self._pause: Origin | None = None
        self.decisions = 0
        """How often a person decided about the miner through us."""
        self.last_decision: ByHand | None = None
        """What was decided last."""

    def note(self, settings: Settings, origin: Origin) -> None:
        """Note what was sent, or is so already."""
        written = {
            name: _Write(monotonic(), value, origin)
            for name, value in _tracked(settings).items()
        }
        self._writes |= written
        if POINT_NAMES & written.keys():
            self._note_decision(ByHand.CHANGED, origin)

    def origin_of(self, changes: Mapping[str, tuple[object, object]]) -> Origin | None:
        """Return who made these changes; `None` if it was not us.

        They are those of `detect_setting_changes`. What shows something else than was
        written is somebody else's, however soon it follows our write; and where a
        person has a part in them, they are that person's.
        """
        oldest = monotonic() - _OURS_SECONDS
        origins: list[Origin] = []
        for name, (_, value) in changes.items():
            write = self._writes.get(name)
            if write is None or write.at < oldest or not write.shows_as(value):
                return None
            origins.append(write.origin)
        return min(origins, key=lambda item: item.kind in CLAIMANTS, default=None)

    def note_pause(self, origin: Origin) -> None:
        """Note who asked the miner to pause last, or has paused it before a restart."""
        self._pause = origin
        self._note_decision(ByHand.PAUSED, origin)

    def note_resume(self, origin: Origin) -> None:
        """Note that the miner is to mine."""
        self._pause = None
        self._note_decision(ByHand.RESUMED, origin)

    def end_pause(self) -> None:
        """Note that whatever was paused is to mine: a restart does that, too."""
        self._pause = None

    def _note_decision(self, decision: ByHand, origin: Origin) -> None:
        if origin.kind in _BY_HAND:
            self.decisions += 1
            self.last_decision = decision

    @property
    def is_paused_by_person(self) -> bool:
        """Whether a person asked for the pause, even if the miner was paused before."""
        return self._pause is not None and self._pause.kind not in CLAIMANTS

    @property
    def is_paused_by_us(self) -> bool:
        """Whether the integration itself paused the miner, and will resume it."""
        return self._pause is not None and self._pause.kind in CLAIMANTS

    def note_restart(self, origin: Origin) -> None:
        """Note that the miner was asked to restart."""
        self._restart = (monotonic(), origin)

    def forget_restart(self) -> None:
        """Forget it: the miner is back, and whatever was paused mines."""
        self._restart = self._pause = None

    @property
    def is_restarting(self) -> bool:
        """Whether the miner was asked to restart lately, and is not back yet."""
        return (
            self._restart is not None
            and monotonic() - self._restart[0] < RESTART_SECONDS
        )

    def restart_origin(self, uptime: int | None) -> Origin | None:
        """Return who asked for the start of a miner that runs for `uptime` s.

        It may have been away for much longer since.
        """
        if self._restart is None:
            return None
        asked_at, origin = self._restart
        started_at = monotonic() - (uptime or 0)
        return origin if started_at - asked_at < RESTART_SECONDS else None


def _tracked(settings: Settings) -> dict[str, object]:
    """Return the settings that are written, under the names their changes show with."""
    names = {"primary_pool": "pool"}
    found: dict[str, object] = {
        names.get(name, name): getattr(settings, name) for name in settings.names
    }
    return {
        name: str(value) if isinstance(value, PoolSettings) else value
        for name, value in found.items()
    }
