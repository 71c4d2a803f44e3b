"""How the tuner changes a miner: precedence of others, trials, writes and restarts."""

from collections.abc import Callable
from datetime import timedelta
import logging
from time import monotonic
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ..axeos import Command, OperatingPoint, Settings, Snapshot
from ..coordinator import MinerCoordinator
from ..guard.guard import MinerGuard, guard_of
from ..guard.model import GuardOptions
from ..miner.claims import Claimant
from ..miner.write_log import Origin, OriginKind
from .preparation import within

_LOGGER = logging.getLogger(__name__)

_ORIGIN: Final = Origin(kind=OriginKind.TUNER)
# A run needs readings this close to each other.
_POLL: Final = timedelta(seconds=10)
# s before a write that failed is tried again, doubled with each failure up to the
# second.
_RETRY: Final = 30.0
LONGEST_RETRY: Final = 600.0
# s that a miner is left on what its firmware made of its setting after it overheated
# there, doubled each time: what made it hot may last.
_COOLING: Final = 300.0
_LONGEST_COOLING: Final = 6 * 3600.0
# Writes in a row that may fail before a run gives up.
_MOST_FAILURES: Final = 8


class MinerAccess:
    """A miner as the tuner may change it."""

    def __init__(self, hass: HomeAssistant, miner: MinerCoordinator) -> None:
        """Begin without a claim."""
        self._hass = hass
        self._miner = miner
        self._failures = 0
        self._retry_at = 0.0
        self._heats = 0
        self._is_hot = False

    @property
    def guard_options(self) -> GuardOptions:
        """The levels that people chose for the guard of the miner."""
        guard = self._guard
        return guard.options if guard is not None else GuardOptions()

    @property
    def restarts_left(self) -> int:
        """How many restarts are left of the watchdog's budget."""
        guard = self._guard
        return guard.restarts_left if guard is not None else 0

    @property
    def is_held(self) -> bool:
        """Whether a part of the integration that has precedence holds the miner."""
        return self._miner.claims.before(Claimant.TUNER) is not None

    @property
    def is_held_by_guard(self) -> bool:
        """Whether that is the guard."""
        return self._miner.claims.is_held_by(Claimant.GUARD)

    @property
    def must_wait(self) -> bool:
        """Whether a write failed too recently for another."""
        return monotonic() < self._retry_at

    @property
    def has_failed_for_good(self) -> bool:
        """Whether so many writes in a row failed that a run has to give up."""
        return self._failures >= _MOST_FAILURES

    @property
    def _guard(self) -> MinerGuard | None:
        return guard_of(self._hass, self._miner.config_entry.entry_id)

    def claim(self, *, restarts: bool) -> None:
        """Keep those below from changing the miner, and poll it as a run needs.

        With `restarts` the tuner itself restarts a miner that stands still.
        """
        self._miner.claims.claim(Claimant.TUNER, restarts=restarts)
        self._miner.async_poll_at_least(_POLL)
        self.mark_temporary()

    def release(self) -> None:
        """Let the others have it again."""
        self._heats, self._is_hot = 0, False
        self._miner.claims.release(Claimant.TUNER)
        self._miner.async_poll_at_least(None)
        if not self.is_held_by_guard:
            self._miner.async_set_temporary(None)

    def mark_temporary(self) -> None:
        """Have nobody take the setting of a trial for one that somebody chose."""
        if not self.is_held_by_guard:
            self._miner.async_set_temporary(self._miner.snapshot.operating_point)

    def allowed(self, point: OperatingPoint) -> OperatingPoint:
        """Return a point, or the board's default if limits were narrowed meanwhile."""
        board, limits = self._miner.client.board, self._miner.limits
        default = board.default if board is not None else None
        if within(limits, point) or default is None or not within(limits, default):
            return point
        return default

    async def async_write(self, choose: Callable[[Snapshot], Settings]) -> None:
        """Write what is chosen from a reading taken for it.

        Raises:
            HomeAssistantError: the miner did not confirm it, or `choose` refused.

        """
        await self._miner.async_apply(choose, origin=_ORIGIN)
        self.forget_failures()
        self.mark_temporary()

    def note_failure(self, err: HomeAssistantError) -> None:
        """Put the next write off, the longer the more failed in a row."""
        self._failures += 1
        pause = min(_RETRY * 2 ** (self._failures - 1), LONGEST_RETRY)
        self._retry_at = monotonic() + pause
        _LOGGER.warning(
            "%s: the tuner could not change the setting: %s",
            self._miner.display_name,
            err,
        )

    def forget_failures(self) -> None:
        """Put nothing off any longer."""
        self._failures, self._retry_at = 0, 0.0

    def note_heat(self, *, overheated: bool) -> None:
        """Put the next write off while a miner is overheated, and for a while after.

        The more often it did, the longer.
        """
        if overheated and not self._is_hot:
            self._heats += 1
        self._is_hot = overheated
        if overheated:
            pause = min(_COOLING * 2 ** (self._heats - 1), _LONGEST_COOLING)
            self._retry_at = max(self._retry_at, monotonic() + pause)

    async def async_restart(self) -> None:
        """Restart a miner whose regulator gave up, within the watchdog's budget."""
        guard = self._guard
        if guard is None or not guard.restarts_left:
            return
        guard.note_restart()
        try:
            await self._miner.async_execute(Command.RESTART, origin=_ORIGIN)
        except HomeAssistantError as err:
            _LOGGER.warning(
                "%s: the tuner could not restart it: %s", self._miner.display_name, err
            )
