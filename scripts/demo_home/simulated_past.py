"""Makes the past of the miners aside, while Home Assistant starts."""

import asyncio
from concurrent.futures import ProcessPoolExecutor
import signal
import time
from typing import Self

from .history import SHORT, History, make_history
from .miners import DEMO_MINERS
from .onboarding import PRICE
from .settings_history import SETTINGS_HISTORIES


class SimulatedPast:
    """The past of the miners that are in Home Assistant from the start."""

    def __init__(self, days: float) -> None:
        """Begin to make it, in a process of its own: the miners must go on answering.

        It ends when it is made. What Home Assistant itself compiled meanwhile has to
        make room for it.
        """
        self._executor = ProcessPoolExecutor(1, initializer=_leave_interrupts)
        self._history = asyncio.get_running_loop().run_in_executor(
            self._executor, _make_history, time.time() // SHORT * SHORT, days
        )

    def __enter__(self) -> Self:
        """Be ended with the demo."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop making it, if it is not done."""
        if self._history.done():
            self._executor.shutdown()
        else:
            self._history.cancel()
            self._executor.terminate_workers()

    async def history(self) -> History:
        """Return it once it is made."""
        return await self._history


def _leave_interrupts() -> None:
    """Leave Ctrl-C to the demo, which ends its parts in order."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _make_history(end: float, days: float) -> History:
    lives = [
        (miner.spec, SETTINGS_HISTORIES[miner.spec.name])
        for miner in DEMO_MINERS
        if miner.added
    ]
    return make_history(lives, end=end, days=days, price=PRICE, present=time.time)
