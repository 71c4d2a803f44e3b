"""How long single steps hold the event loop."""

from asyncio.events import Handle
from collections.abc import Iterator
from contextlib import contextmanager
import time
from typing import Final
from unittest.mock import patch

TARGET: Final = 0.050
"""s that no step may take."""


class Steps:
    """Notes the CPU time that each step of the event loop takes.

    That of its thread alone, so that it is the same on a busy machine.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self.longest: list[tuple[float, str]] = []

    @contextmanager
    def noted(self) -> Iterator[None]:
        """Note all steps meanwhile."""
        run = Handle._run  # noqa: SLF001

        def timed(handle: Handle) -> None:
            what = repr(getattr(handle, "_callback", None))
            started = time.thread_time()
            run(handle)
            self.longest.append((time.thread_time() - started, what))

        with patch.object(Handle, "_run", timed):
            yield

    def report(self, label: str) -> bool:
        """Print the longest steps; return whether they are within the target."""
        found = sorted(self.longest, reverse=True)[:3]
        print(
            f"{label:>28}: "
            + "  ".join(f"{seconds * 1000:6.1f} ms" for seconds, _ in found)
            + f"   {len(self.longest)} steps"
        )
        return found[0][0] < TARGET
