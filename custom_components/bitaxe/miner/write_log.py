"""Who changed what on a miner, and when.

A change shows in a reading some time after it was sent; the record says whose it is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from time import monotonic
from typing import Final

from homeassistant.core import Context

from ..axeos import Settings
from .claims import Claimant

# s; a change seen this long after our write is ours.
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


class WriteLog:
    """The latest writes to one miner."""

    def __init__(self) -> None:
        """Begin without any."""
        self._writes: dict[str, tuple[float, Origin]] = {}
        self._restart: tuple[float, Origin] | None = None
        self._pause: Origin | None = None

    def note(self, settings: Settings, origin: Origin) -> None:
        """Note a change that was sent."""
        self._writes |= dict.fromkeys(_tracked_names(settings), (monotonic(), origin))

    def origin_of(self, names: Iterable[str]) -> Origin | None:
        """Return who changed the settings of these names; `None` if it was not us.

        The names are those of `detect_setting_changes`.
        """
        oldest = monotonic() - _OURS_SECONDS
        origins: list[Origin] = []
        for name in names:
            at, origin = self._writes.get(name, (oldest - 1, None))
            if origin is None or at < oldest:
                return None
            origins.append(origin)
        return origins[0] if origins else None

    def note_pause(self, origin: Origin | None) -> None:
        """Note who asked the miner to pause last; `None` once it is to mine."""
        self._pause = origin

    @property
    def is_paused_by_person(self) -> bool:
        """Whether a person asked for the pause, even if the miner was paused before."""
        return self._pause is not None and self._pause.kind not in CLAIMANTS

    def note_restart(self, origin: Origin) -> None:
        """Note that the miner was asked to restart."""
        self._restart = (monotonic(), origin)

    def forget_restart(self) -> None:
        """Forget it: the miner is back."""
        self._restart = None

    @property
    def is_restarting(self) -> bool:
        """Whether the miner was asked to restart lately, and has not come back since."""
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


def _tracked_names(settings: Settings) -> set[str]:
    """Return the names under which changes of these settings are noticed."""
    names = {"primary_pool": "pool"}
    return {names.get(name, name) for name in settings.names}
