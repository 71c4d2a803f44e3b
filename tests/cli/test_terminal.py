"""The program in a terminal of its own."""

import asyncio
from collections.abc import Callable
import os
from pathlib import Path
import pty
import signal
import sys
import termios

import pytest

from scripts.cli.program import main

_ROOT = Path(__file__).parents[2]
_SHOWN = b"\x1b[?1049h"
_HIDDEN = b"\x1b[?1049l"


@pytest.mark.parametrize("interval", ["0", "-1", "nan", "inf", "soon", "3601"])
def test_refuses_an_interval(interval: str, capfd: pytest.CaptureFixture[str]) -> None:
    """That Home Assistant would refuse, before anything is asked for."""
    with pytest.raises(SystemExit) as caught:
        main(["top", "--interval", interval])
    assert caught.value.code == 2
    assert "--interval" in capfd.readouterr().err


def _ignore_interrupts() -> None:
    """Do what a shell does to a program it starts in the background."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.mark.parametrize(
    ("end", "status", "before_start"),
    [
        ("q", 0, None),
        (signal.SIGINT, 130, None),
        (signal.SIGINT, 130, _ignore_interrupts),
        (signal.SIGTERM, 0, None),
    ],
)
async def test_leaves_the_terminal_as_it_was(
    unused_tcp_port: int,
    end: str | signal.Signals,
    status: int,
    before_start: Callable[[], None] | None,
) -> None:
    """However it is ended, and though nobody answers."""
    master, slave = pty.openpty()
    before = termios.tcgetattr(slave)
    written = bytearray()
    shown, hidden = asyncio.Event(), asyncio.Event()

    def read() -> None:
        written.extend(os.read(master, 65536))
        if _SHOWN in written and b"does not answer" in written:
            shown.set()
        if _HIDDEN in written:
            hidden.set()

    loop = asyncio.get_running_loop()
    loop.add_reader(master, read)
    program = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts.cli", "top"),
        *("--url", f"http://127.0.0.1:{unused_tcp_port}"),
        cwd=_ROOT,
        env=os.environ | {"BITAXE_TOKEN": "none", "TERM": "xterm", "NO_COLOR": "1"},
        stdin=slave,
        stdout=slave,
        stderr=slave,
        preexec_fn=before_start,
    )
    try:
        await shown.wait()
        if isinstance(end, str):
            os.write(master, end.encode())
        else:
            program.send_signal(end)
        assert await program.wait() == status
        await hidden.wait()
        assert termios.tcgetattr(slave) == before
    finally:
        if program.returncode is None:
            program.kill()
            await program.wait()
        loop.remove_reader(master)
        os.close(slave)
        os.close(master)
