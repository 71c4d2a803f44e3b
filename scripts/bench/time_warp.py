"""Time that leaps over waiting, so that an hour of polling takes seconds.

The clocks of this process are the machine's, plus an offset. Whenever the event loop
would sleep until its next timer, the offset grows by that much instead. So nothing is
sped up or driven by hand: every timer of Home Assistant fires in its order at its due
time on every clock, and the work between is done at its real pace.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, tzinfo
import mmap
from pathlib import Path
import selectors
import struct
import time
from typing import Final, override
from unittest.mock import patch

from homeassistant.util import dt as dt_util

_OFFSET: Final = struct.Struct("d")
# Long enough not to burn CPU, short against what the recorder's thread does.
_BREATH: Final = 0.001

_real_time = time.time
_real_monotonic = time.monotonic


class SharedOffset:
    """Seconds by which processes that share a file are ahead of the machine's clock."""

    def __init__(self, path: Path) -> None:
        """Map the file, making it if need be."""
        if not path.exists():
            path.write_bytes(_OFFSET.pack(0.0))
        with path.open("r+b") as file:
            self._map = mmap.mmap(file.fileno(), _OFFSET.size)

    @property
    def seconds(self) -> float:
        """The offset."""
        (seconds,) = _OFFSET.unpack_from(self._map)
        return float(seconds)

    @seconds.setter
    def seconds(self, seconds: float) -> None:
        _OFFSET.pack_into(self._map, 0, seconds)

    def now(self) -> float:
        """Return Unix time as the sharing processes see it."""
        return _real_time() + self.seconds


class TimeWarpSelector(selectors.DefaultSelector):
    """Has an event loop leap to its next timer instead of waiting for it.

    It waits for real as long as a connection is open beyond those that were when
    warping began (a request is under way), or `busy` says so.
    """

    def __init__(self, shared: SharedOffset) -> None:
        """Start at the shared time, without warping."""
        super().__init__()
        self._shared = shared
        self._offset = shared.seconds
        self.wall_shift = 0.0
        """Seconds by which the clock on the wall was set, of this process alone."""
        self._resting: int | None = None
        self._busy: Callable[[], bool] = lambda: False

    @contextmanager
    def warping(self, busy: Callable[[], bool]) -> Iterator[None]:
        """Leap within the context; call it while no request is under way."""
        self._busy = busy
        self._resting = len(self.get_map())
        try:
            yield
        finally:
            self._resting = None

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Show this time on the clocks of the process.

        What is imported from `time` before keeps the machine's clock.
        """

        def shown_time() -> float:
            return _real_time() + self._offset + self.wall_shift

        def shown_monotonic() -> float:
            return _real_monotonic() + self._offset

        def shown_now(time_zone: tzinfo | None = None) -> datetime:
            zone = time_zone or dt_util.get_default_time_zone()
            return datetime.fromtimestamp(shown_time(), zone)

        with (
            patch.object(time, "time", shown_time),
            patch.object(time, "monotonic", shown_monotonic),
            patch(
                "homeassistant.util.dt.utcnow",
                lambda: datetime.fromtimestamp(shown_time(), UTC),
            ),
            patch("homeassistant.util.dt.now", shown_now),
        ):
            yield

    @override
    def select(
        self, timeout: float | None = None
    ) -> list[tuple[selectors.SelectorKey, int]]:
        """Return what is ready, having waited or leapt."""
        if (
            self._resting is None
            or timeout is None
            or timeout <= 0
            or len(self.get_map()) > self._resting
        ):
            return super().select(timeout)
        if self._busy():
            return super().select(min(timeout, _BREATH))
        ready = super().select(0)
        if not ready:
            self._offset += timeout
            self._shared.seconds = self._offset
        return ready
