"""Home Assistant as the demo needs it, without an option for that in the integration.

The first argument is the address that stands for Discord's, the second that which
stands for the publisher of firmware; both may be empty. The third is how many times as
fast time goes for timers and polls from SIGUSR1 on. The others are Home Assistant's
own. The clock on the wall stays that of the machine, as browsers share it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
import selectors
import signal
import sys
import threading
import time
from types import FrameType, ModuleType
from typing import override
from unittest.mock import patch

type Ready = list[tuple[selectors.SelectorKey, int]]


class Haste:
    """A monotonic clock that goes faster than the machine's from some moment on.

    It does so while the event loop waits, and no farther than to the next timer: what
    is computed takes its real time, so that a busy machine is not taken for a slow
    miner.
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


class OtherPublisher(MetaPathFinder):
    """Has the integration ask another publisher of firmware, once it is imported."""

    _MODULE = "custom_components.bitaxe.firmware.source"

    def __init__(self, url: str) -> None:
        """Take the address of the publisher."""
        self._url = url

    @override
    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: ModuleType | None = None,
    ) -> ModuleSpec | None:
        """Return the module as it is on disk, with the address changed."""
        if fullname != self._MODULE:
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            return None
        url = self._url

        class Loader(SourceFileLoader):
            """Loads the module, and changes it."""

            @override
            def exec_module(self, module: ModuleType) -> None:
                super().exec_module(module)
                address = import_module("yarl").URL(url)
                vars(module).update(API=address, HOSTS=frozenset({address.host}))

        spec.loader = Loader(fullname, spec.origin)
        return spec


def main(discord: str, publisher: str, speed: float) -> int:
    """Run Home Assistant; return its exit status."""
    if publisher:
        sys.meta_path.insert(0, OtherPublisher(publisher))
    clock = Haste(speed).installed() if speed != 1 else nullcontext()
    with clock:
        if discord:
            import_module("nextcord.http").Route.BASE = discord
        # Only now: what is imported before keeps the machine's clock.
        return int(import_module("homeassistant.__main__").main())


if __name__ == "__main__":
    sys.exit(main(sys.argv.pop(1), sys.argv.pop(1), float(sys.argv.pop(1))))
