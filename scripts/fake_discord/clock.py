"""Time: that of the calendar, which tests may stop, and time nobody can stop."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
import time

_EPOCH_MS = 1_420_070_400_000
"""Unix time in ms that Discord's ids count from: the first second of 2015."""
_PATIENCE = 10.0
"""s; of what a program does on loopback, nothing takes as long."""


def now() -> float:
    """Return the Unix time in s, as the program under test sees it."""
    return time.time()


def iso(timestamp: float) -> str:
    """Return a Unix time as Discord writes times."""
    return datetime.fromtimestamp(timestamp, UTC).isoformat()


class Snowflakes:
    """Makes ids, which contain when they were made and never repeat."""

    def __init__(self) -> None:
        """Begin with the present."""
        self._last = 0
        self._fixed = False

    def fix(self, first: int) -> None:
        """Count from a number, or with 0 from the present again."""
        self._fixed = first > 0
        self._last = first

    def next(self) -> int:
        """Return a new id."""
        if self._fixed:
            self._last += 1
            return self._last
        made = (int(now() * 1000) - _EPOCH_MS) << 22
        self._last = max(self._last + 1, made)
        return self._last


async def pause(seconds: float = 0.001) -> None:
    """Let real time pass; a timer of the loop never ends where the calendar stands."""
    await asyncio.get_running_loop().run_in_executor(None, time.sleep, seconds)


async def until(condition: Callable[[], bool], what: str = "it") -> None:
    """Wait for what other tasks and threads do, even while the calendar stands still.

    Raises:
        TimeoutError: it does not come.

    """
    end = real() + _PATIENCE
    while not condition():
        if real() > end:
            raise TimeoutError(f"waited in vain for {what}")
        await pause()


def real() -> float:
    """Return a time in s that tests cannot stop or move."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)
