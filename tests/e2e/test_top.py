"""The terminal view, in a terminal of its own, against the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time

import pytest

from .conftest import PATIENCE_MS
from .home import ROOT, Home

PROGRAM = ROOT / "scripts" / "bitaxe"
AILING = 3
"""Exit status of `health` where something is not well."""
ESCAPE = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[()][A-Z0-9]")
DEMO_MINERS = (
    "bitaxe-office",
    "bitaxe-attic",
    "bitaxe-bedroom",
    "bitaxe-kitchen",
    "nerdqaxe-garage",
)


class Terminal:
    """A terminal that a program believes to be real."""

    def __init__(self, home: Home, *arguments: str) -> None:
        """Start the program in it."""
        self._master, slave = pty.openpty()
        size = struct.pack("HHHH", 45, 120, 0, 0)
        fcntl.ioctl(slave, termios.TIOCSWINSZ, size)
        self.process = subprocess.Popen(
            [PROGRAM, "top", "--demo", home.config, *arguments],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=os.environ | {"TERM": "xterm-256color"},
        )
        os.close(slave)

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def wait_for(self, pattern: str) -> None:
        """Return once something that was drawn from now on matches."""
        seen = ""
        end = time.monotonic() + PATIENCE_MS / 1000
        while not re.search(pattern, ESCAPE.sub("", seen)):
            left = end - time.monotonic()
            ready, _, _ = select.select([self._master], [], [], max(left, 0))
            assert ready, f"never saw {pattern}: {ESCAPE.sub('', seen)[-4000:]}"
            seen += os.read(self._master, 65536).decode("utf-8", "ignore")

    def close(self) -> None:
        """End the program, if it has not ended."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self._master)


@contextmanager
def terminal(home: Home, *arguments: str) -> Iterator[Terminal]:
    """Open a terminal."""
    opened = Terminal(home, *arguments)
    try:
        yield opened
    finally:
        opened.close()


def test_live(home: Home, provoked: list[str]) -> None:
    """Totals, each miner, keys, and a miner that goes away and comes back."""
    provoked.append("Error fetching bitaxe-office data: The miner could not be reached")
    with terminal(home, "--lite") as screen:
        screen.wait_for(r"TH/s of [\d.]+ TH/s.*[345] of 5 mining")
        screen.type("l")
        screen.wait_for(r"ASIC.*°C of 7[05]")
        screen.wait_for(r"24h .*[▁▂▃▄▅▆▇█]{20}")
        screen.type("ls")
        screen.wait_for("sort: state")
        home.provoke("bitaxe-office", offline=True)
        screen.wait_for(r"✖ bitaxe-office.*offline")
        home.provoke("bitaxe-office", offline=False)
        screen.wait_for(r"● bitaxe-office\D+[\d.]+ TH/s")
        screen.type("q")
        assert screen.process.wait(30) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_once(home: Home, encoding: str) -> None:
    """A pipe gets everything once, without any escape code, in any locale."""
    done = subprocess.run(
        [PROGRAM, "top", "--demo", home.config],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | {"COLUMNS": "120", "PYTHONIOENCODING": encoding},
    )
    assert "\x1b" not in done.stdout
    for name in DEMO_MINERS:
        assert name in done.stdout
    assert "of 5 mining" in done.stdout


@pytest.mark.parametrize("command", ["stats", "summary", "health", "income"])
def test_asked_once(home: Home, command: str) -> None:
    """What Home Assistant answers, as a table and for programs."""

    def ask(*arguments: str) -> str:
        done = subprocess.run(
            [PROGRAM, command, "--demo", home.config, *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        # What a test before did to a miner may still ail it.
        well = {0, AILING} if command == "health" else {0}
        assert done.returncode in well, (done.stdout, done.stderr)
        return done.stdout

    assert ask().strip()
    assert json.loads(ask("--json"))


def test_home_assistant_restarts(home: Home) -> None:
    """The view says so, keeps what it knew, and goes on by itself."""
    with terminal(home, "--lite") as screen:
        screen.wait_for(r"[345] of 5 mining")
        home.stop()
        screen.wait_for(r"● bitaxe-\w+[^⚠]*⚠ [^;]*; trying again")
        home.start()
        screen.wait_for(r"bitaxe-office.*\n(?s:(?!trying).)*[345] of 5 mining")
        screen.type("q")
        assert screen.process.wait(30) == 0
