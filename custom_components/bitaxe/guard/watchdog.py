"""Restarts a miner that stands still, within a budget. Pure.

What counts as standing still are the conditions of the alerts, and a hash domain that
stays dark. Time comes in from outside; state goes out as plain values for storage.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ..axeos import MiningState, Snapshot
from .model import Cause, Decision, GuardOptions, Step
from .tally import Tally

_MINUTE: Final = 60.0
# s; the pause after a restart, doubled with each restart of a day.
_PAUSE: Final = 10 * _MINUTE
# s over which a condition that was seen goes on although it is unknown.
_MEMORY: Final = 90.0
# Share of what the other domains hash, below which one is dark.
_DARK: Final = 0.1

FOR_SECONDS: Final[Mapping[Cause, float]] = {
    Cause.REGULATOR_OFF: _MINUTE,
    Cause.FROZEN_HASHRATE: 2 * _MINUTE,
    Cause.NO_HASHRATE: 5 * _MINUTE,
    Cause.DARK_DOMAIN: 15 * _MINUTE,
    Cause.POOL_SILENCE: 20 * _MINUTE,
    # Firmware asks the primary pool every minute by itself, and mostly goes back.
    Cause.FALLBACK_POOL: 30 * _MINUTE,
}
"""Seconds for which each must last before a restart, the most certain cause first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Symptoms:
    """What may be wrong with a miner at one moment; `None` where unknown."""

    time: float
    """Unix time."""
    clock: float
    """Seconds of a clock that nobody sets."""
    holds: Mapping[Cause, bool | None]
    may_restart: bool
    """Whether the miner is there, meant to mine, and nobody restarts it already."""


class Watchdog:
    """Decides when one miner is restarted."""

    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        """Continue from what `as_dict` returned before a restart."""
        self._restarts = Tally((stored or {}).get("restarts"))
        self._since: dict[Cause, float] = {}
        self._seen: dict[Cause, float] = {}
        self.gave_up: Cause | None = None
        """Why a person is asked, once the budget is used up."""

    def as_dict(self) -> dict[str, Any]:
        """Return everything that must outlive a restart of Home Assistant."""
        return {"restarts": self._restarts.as_list()}

    def left(self, time: float, clock: float, options: GuardOptions) -> int:
        """Return how many restarts the budget has left."""
        return max(options.restarts_per_day - self._restarts.count(time, clock), 0)

    def note_restart(self, time: float, clock: float) -> None:
        """Count a restart that any part of the integration asked for."""
        self._restarts.note(time, clock)
        self._since.clear()
        self._seen.clear()

    def take_back(self) -> None:
        """Do not count the last restart: nothing was sent."""
        self._restarts.take_back()

    def forget(self) -> None:
        """Begin all waiting times anew, because for a while nobody looked."""
        self._since.clear()
        self._seen.clear()
        self.gave_up = None

    def update(self, now: Symptoms, options: GuardOptions) -> Decision | None:
        """Take in what is wrong, and return what is to be done."""
        self._restarts.look(now.time)
        for cause in FOR_SECONDS:
            holds = now.holds.get(cause)
            # Of a miner that is well, there is nothing to be ended.
            if holds or cause in self._since:
                self._take(cause, holds, now.clock)
        lasting = [
            cause
            for cause, seconds in FOR_SECONDS.items()
            if cause in self._since and now.clock - self._since[cause] >= seconds
        ]
        wanted = [cause for cause in lasting if _is_wanted(cause, options)]
        if not wanted:
            self.gave_up = None
            return None
        if not now.may_restart:
            return None
        spent = self._restarts.count(now.time, now.clock)
        if spent >= options.restarts_per_day:
            # A miner on its fallback pool mines: nobody has to come.
            if self.gave_up is not None or wanted[0] is Cause.FALLBACK_POOL:
                return None
            self.gave_up = wanted[0]
            return Decision(step=Step.GIVE_UP, cause=wanted[0])
        rested = self._restarts.rested(now.time, now.clock)
        if spent and rested < _PAUSE * 2 ** (spent - 1):
            return None
        return Decision(step=Step.RESTART, cause=wanted[0])

    def _take(self, cause: Cause, holds: bool | None, clock: float) -> None:
        if holds:
            self._since.setdefault(cause, clock)
            self._seen[cause] = clock
        elif holds is False or clock - self._seen.get(cause, clock) > _MEMORY:
            self._since.pop(cause, None)
            self._seen.pop(cause, None)


def _is_wanted(cause: Cause, options: GuardOptions) -> bool:
    """Return whether a person chose that a miner is restarted for a cause."""
    if cause is Cause.FALLBACK_POOL:
        return options.return_to_primary
    return options.watchdog


def has_dark_domain(snapshot: Snapshot) -> bool | None:
    """Return whether a hash domain of an ASIC produces nothing while others do.

    `None` where the firmware reports no domains (ESP-Miner before v2.11), or nothing is
    hashed.
    """
    if snapshot.state is not MiningState.MINING:
        return None
    rates = [
        rate
        for asic in snapshot.hashing.asics
        for rate in asic.domains
        if rate is not None
    ]
    if len(rates) < 2 or not (best := max(rates)):
        return None
    return min(rates) < best * _DARK
