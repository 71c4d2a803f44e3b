"""Keys, one by one, without Enter."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
import os
import sys
import termios
import tty
from typing import Final

_NAMES: Final = {
    b"\x1b[A": "up",
    b"\x1b[B": "down",
    b"\x1bOA": "up",
    b"\x1bOB": "down",
    b"\x1b[5~": "page up",
    b"\x1b[6~": "page down",
    b"k": "up",
    b"j": "down",
    b"\x1b": "q",
    b"\x03": "q",
}


@contextmanager
def keys(pressed: Callable[[str], None]) -> Iterator[None]:
    """Call `pressed` with the name of each key; leave the terminal as it was."""
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def read() -> None:
        typed = os.read(descriptor, 64)
        if not typed:
            pressed("q")
            return
        if typed.startswith(b"\x1b"):
            pressed(_NAMES.get(typed, ""))
            return
        for byte in typed:
            key = bytes([byte])
            pressed(_NAMES.get(key) or key.decode("ascii", "ignore").lower())

    loop = asyncio.get_running_loop()
    tty.setcbreak(descriptor)
    loop.add_reader(descriptor, read)
    try:
        yield
    finally:
        loop.remove_reader(descriptor)
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
