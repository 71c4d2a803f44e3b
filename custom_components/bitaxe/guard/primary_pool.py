"""Asks whether the primary pool answers, while a miner works for its fallback.

A connection to the pool is opened and closed, and nothing is sent. The pool knows the
internet address of this home already: the miner asks it from there.
"""

import asyncio
from contextlib import suppress
from time import monotonic
from typing import Final

from ..coordinator import MinerCoordinator

_EVERY: Final = 300.0
"""Seconds between two attempts."""
_TIMEOUT: Final = 10.0


class PrimaryPool:
    """The primary pool of one miner."""

    def __init__(self, miner: MinerCoordinator) -> None:
        """Begin without knowing anything."""
        self._miner = miner
        self._answers: bool | None = None
        self._asked_at: float | None = None
        self._place: tuple[str, int] | None = None

    def answers(self) -> bool | None:
        """Return whether it answered the last time, and see to the next attempt.

        `None` until it was asked.
        """
        pool = self._miner.snapshot.pools.primary
        if pool is None or pool.host is None or not pool.port:
            return None
        place = (pool.host, pool.port)
        if place != self._place:
            self._place, self._answers, self._asked_at = place, None, None
        if self._asked_at is None or monotonic() - self._asked_at >= _EVERY:
            self._asked_at = monotonic()
            entry = self._miner.config_entry
            entry.async_create_background_task(
                self._miner.hass,
                self._async_ask(place),
                f"primary pool of {entry.entry_id}",
            )
        return self._answers

    def forget(self) -> None:
        """Forget what it answered: the miner works for it, or nobody wants to know."""
        self._answers = self._asked_at = None

    async def _async_ask(self, place: tuple[str, int]) -> None:
        host, port = place
        answers = False
        with suppress(OSError, TimeoutError, ValueError):
            async with asyncio.timeout(_TIMEOUT):
                # The brackets of an IPv6 address belong to addresses only.
                _, writer = await asyncio.open_connection(host.strip("[]"), port)
            answers = True
            writer.close()
        if place == self._place:
            self._answers = answers
