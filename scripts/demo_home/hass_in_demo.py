"""Home Assistant as the demo needs it, without an option for that in the integration.

The first argument is the address that stands for Discord's, or empty. The second is how
many times as fast time goes for timers and polls from SIGUSR1 on. The others are Home
Assistant's own. The clock on the wall stays that of the machine, as browsers share it.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module
import selectors
import signal
import sys
import threading
import time
from types import FrameType
from unittest.mock import patch

type Ready = list[tuple[selectors.SelectorKey, int]]


class Haste:
    """A monotonic clock that goes faster than the machine's from some moment on.

    It does so while the event loop waits, and no farther than to the next timer: what is
    computed takes its real time, so that a busy machine is not taken for a slow miner.
    """

    def __init__(self, speed: float) -> None:
        """Begin at the machine's pace."""
        self._speed = speed
        self._factor = 1.0
        self._ahead = 0.0
        self._monotonic = time.monotonic
        self._select = selectors.DefaultSelector.select
        self._thread = threading.get_ident()

    @contextmanager
    def installed(self) -> Iterator[None]:
        """Let all that is imported within have this clock."""

        def select(
            selector: selectors.DefaultSelector, timeout: float | None = None
        ) -> Ready:
            return self._wait(selector, timeout)

        signal.signal(signal.SIGUSR1, self._begin)
        with (
            patch.object(time, "monotonic", self.now),
            patch.object(selectors.DefaultSelector, "select", select),
        ):
            yield

    def now(self) -> float:
        """Return s of this clock."""
        return self._monotonic() + self._ahead

    def _begin(self, number: int, frame: FrameType | None) -> None:
        self._factor = self._speed

    def _wait(
        self, selector: selectors.DefaultSelector, timeout: float | None
    ) -> Ready:
        if not timeout or self._factor == 1 or threading.get_ident() != self._thread:
            return self._select(selector, timeout)
        began = self._monotonic()
        ready = self._select(selector, timeout / self._factor)
        waited = self._monotonic() - began
        self._ahead += min(waited * (self._factor - 1), max(0.0, timeout - waited))
        return ready


def main(discord: str, speed: float) -> int:
    """Run Home Assistant; return its exit status."""
    clock = Haste(speed).installed() if speed != 1 else nullcontext()
    with clock:
        if discord:
            import_module("nextcord.http").Route.BASE = discord
        # Only now: what is imported before keeps the machine's clock.
        return int(import_module("homeassistant.__main__").main())


if __name__ == "__main__":
    sys.exit(main(sys.argv.pop(1), float(sys.argv.pop(1))))
