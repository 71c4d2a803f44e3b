"""What is done in the thread of the event loop, where nothing may take long."""

from collections.abc import Iterator
from contextlib import contextmanager
import sys
from types import FrameType


@contextmanager
def calls_noted() -> Iterator[list[str]]:
    """Note the names of all functions that are called meanwhile, in their order."""
    called: list[str] = []

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            called.append(frame.f_code.co_name)

    sys.setprofile(note)
    try:
        yield called
    finally:
        sys.setprofile(None)
