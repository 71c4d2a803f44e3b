"""Who goes first of those that change a miner by themselves. Pure.

A person always may. Below a person stands the installation of firmware, during which
the miner must be left alone, then the guard, then maintenance, in which nobody of ours
touches a miner, then the tuner, then power and heating.
"""

from datetime import timedelta
from enum import IntEnum
from typing import Final

LONGEST_MAINTENANCE: Final = timedelta(days=7)
"""However long somebody works on a miner, it is not forgotten."""


class Claimant(IntEnum):
    """Everybody who may keep others from changing a miner; the lowest goes first."""

    FIRMWARE = 0
    GUARD = 1
    MAINTENANCE = 2
    TUNER = 3
    POWER = 4


class Claims:
    """Who holds one miner at present."""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._holders: dict[Claimant, float | None] = {}
        self._restarting: set[Claimant] = set()

    def claim(
        self, claimant: Claimant, until: float | None = None, *, restarts: bool = False
    ) -> None:
        """Keep everybody below from changing the miner.

        `until` is the Unix time at which it is to end, if that is known; `restarts`
        that the holder itself sees to a miner that stands still.
        """
        self._holders[claimant] = until
        if restarts:
            self._restarting.add(claimant)
        else:
            self._restarting.discard(claimant)

    def release(self, claimant: Claimant) -> None:
        """Let the others have it again."""
        self._holders.pop(claimant, None)
        self._restarting.discard(claimant)

    @property
    def includes_restarts(self) -> bool:
        """Whether a holder, not the watchdog, sees to a miner that stands still."""
        return bool(self._restarting)

    def until(self, claimant: Claimant) -> float | None:
        """Return the Unix time at which a claim is to end; `None` if there is none."""
        return self._holders.get(claimant)

    def is_held_by(self, claimant: Claimant) -> bool:
        """Return whether a claimant holds the miner."""
        return claimant in self._holders

    def before(self, claimant: Claimant) -> Claimant | None:
        """Return who keeps a claimant from changing the miner, if anybody."""
        return min(
            (holder for holder in self._holders if holder < claimant), default=None
        )
