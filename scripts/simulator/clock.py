"""Simulated time, real or moved by hand."""

import asyncio
from collections.abc import Callable
import heapq
from itertools import count
import time

EPOCH = 1_790_000_000.0
"""Where manual clocks start: an arbitrary, fixed moment of late 2026."""


class Timer:
    """A callback that waits for a simulated moment; can be cancelled."""

    def __init__(self, callback: Callable[[], None]) -> None:
        """Keep what to call."""
        self._callback: Callable[[], None] | None = callback
        self._handle: asyncio.TimerHandle | None = None

    def attach(self, handle: asyncio.TimerHandle) -> None:
        """Keep the event loop's own timer, to cancel it too."""
        self._handle = handle

    def cancel(self) -> None:
        """Never call back."""
        self._callback = None
        if self._handle is not None:
            self._handle.cancel()

    def fire(self) -> None:
        """Call back once, unless cancelled."""
        callback, self._callback = self._callback, None
        if callback is not None:
            callback()


class Clock:
    """Simulated unix time in seconds.

    `Clock(speed)` follows the monotonic clock of the machine, `speed` times as
    fast. `Clock.manual()` stands still until `advance` moves it.
    """

    def __init__(self, speed: float = 1.0, start: float | None = None) -> None:
        """Start now, or at a given unix time."""
        if speed <= 0:
            raise ValueError("speed must be positive")
        self.speed = speed
        self._manual = False
        self._start = time.time() if start is None else start
        self._origin = time.monotonic()
        self._timers: list[tuple[float, int, Timer]] = []
        self._order = count()

    @classmethod
    def manual(cls, start: float = EPOCH) -> Clock:
        """Return a clock that only moves by `advance`."""
        clock = cls(start=start)
        clock._manual = True
        return clock

    @property
    def is_manual(self) -> bool:
        """Whether time stands still between calls of `advance`."""
        return self._manual

    def now(self) -> float:
        """Return the simulated unix time in seconds."""
        if self._manual:
            return self._start
        return self._start + (time.monotonic() - self._origin) * self.speed

    def advance(self, seconds: float) -> None:
        """Move a manual clock forward, firing the timers that fall due."""
        if not self._manual:
            raise RuntimeError("only a manual clock can be advanced")
        if seconds < 0:
            raise ValueError("time does not run backwards")
        target = self._start + seconds
        while self._timers and self._timers[0][0] <= target:
            due, _, timer = heapq.heappop(self._timers)
            self._start = max(self._start, due)
            timer.fire()
        self._start = target

    def call_at(self, when: float, callback: Callable[[], None]) -> Timer:
        """Call back at a simulated time.

        On a real clock this needs a running event loop.
        """
        timer = Timer(callback)
        if self._manual:
            heapq.heappush(self._timers, (when, next(self._order), timer))
        else:
            delay = max(0.0, when - self.now()) / self.speed
            timer.attach(asyncio.get_running_loop().call_later(delay, timer.fire))
        return timer
