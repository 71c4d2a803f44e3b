"""The demo as a process, and what the tests ask it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
import json
from pathlib import Path
import signal
import socket
import subprocess
import time
from typing import Any
from urllib.request import Request, urlopen

from aiohttp import ClientSession

from scripts.demo_home.client import HomeAssistantClient

ROOT = Path(__file__).parents[2]
MINERS = 10
"""Ports the demo's miners take, one after the other."""


class Home:
    """Starts `scripts/demo` on free ports, and ends it the way people do."""

    def __init__(self, config: Path, *, speed: int = 1) -> None:
        """Choose ports; `config` is the folder for everything the demo writes.

        `speed` is how many simulated seconds there are in a real one.
        """
        self.config = config
        self.speed = speed
        self.miner_port = _free_ports(MINERS)
        self.port = _free_ports(1)
        self.control_port = _free_ports(1)
        self.pool_port = _free_ports(1)
        self.publisher_port = _free_ports(1)
        self.discord_port = _free_ports(1)
        self.output = ""
        self._seen = 0
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where Home Assistant is."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def password(self) -> str:
        """Password of the user `demo`, as the demo prints it."""
        return self.printed("Password")

    @property
    def discord_url(self) -> str:
        """Where the fake Discord is."""
        return f"http://127.0.0.1:{self.discord_port}"

    def printed(self, name: str) -> str:
        """Return the first word that the demo printed behind a name."""
        return next(
            line.removeprefix(name).split()[0]
            for line in self.output.splitlines()
            if line.startswith(name)
        )

    def new_problems(self) -> list[str]:
        """Return what the log has of the integration's trouble since the last time."""
        lines = (
            (self.config / "home-assistant.log")
            .read_text(encoding="utf-8")
            .splitlines()
        )
        new, self._seen = lines[self._seen :], len(lines)
        return [
            line
            for line in new
            if "bitaxe" in line
            and (" ERROR " in line or " WARNING " in line)
            and "We found a custom integration" not in line
        ]

    def start(self) -> None:
        """Start, and return once the demo has said all it has to say."""
        self._seen = 0
        self._process = subprocess.Popen(
            [
                ROOT / "scripts" / "demo",
                *("--config", self.config),
                *("--port", str(self.port)),
                *("--miner-port", str(self.miner_port)),
                *("--pool-port", str(self.pool_port)),
                *("--publisher-port", str(self.publisher_port)),
                *("--control-port", str(self.control_port)),
                *("--discord", "--discord-port", str(self.discord_port)),
                *("--days", "2"),
                *("--speed", str(self.speed)),
            ],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.output = "".join(self._until("Ctrl-C ends"))

    def _until(self, text: str) -> Iterator[str]:
        assert self._process is not None
        assert self._process.stdout is not None
        for line in self._process.stdout:
            yield line
            if line.startswith(text):
                return
        raise AssertionError("The demo ended instead of starting")

    def stop(self) -> int:
        """Press Ctrl-C, and return the exit status."""
        assert self._process is not None
        self._process.send_signal(signal.SIGINT)
        self._process.communicate()
        return self._process.returncode

    def miner(self, name: str) -> dict[str, Any]:
        """Return the true state of a simulated miner."""
        return self._control("GET", f"miners/{name}")

    def provoke(self, name: str, **faults: object) -> None:
        """Switch faults of a simulated miner."""
        self._control("PATCH", f"miners/{name}/faults", faults)

    def find_block(self, name: str) -> None:
        """Have a simulated miner find a block."""
        self._control("POST", f"miners/{name}/find_block")

    def wait_for(self, name: str, **state: object) -> None:
        """Return once the true state of a simulated miner is as given."""
        self.wait_until(
            name,
            lambda present: all(present[key] == value for key, value in state.items()),
        )

    def wait_until(self, name: str, is_so: Callable[[dict[str, Any]], bool]) -> None:
        """Return once something is true of a simulated miner."""
        for _ in range(1800):
            if is_so(present := self.miner(name)):
                return
            time.sleep(0.1)
        raise AssertionError(f"{name} never was as expected: {present}")

    def _control(
        self, method: str, path: str, data: dict[str, object] | None = None
    ) -> dict[str, Any]:
        request = Request(
            f"http://127.0.0.1:{self.control_port}/{path}",
            data=None if data is None else json.dumps(data).encode(),
            method=method,
        )
        with urlopen(request, timeout=30) as response:
            answer: dict[str, Any] = json.load(response)
        return answer


def ask[T](home: Home, question: Callable[[HomeAssistantClient], Awaitable[T]]) -> T:
    """Ask Home Assistant beside the browser, whose event loop is in this thread."""

    async def look() -> T:
        async with ClientSession() as session:
            client = HomeAssistantClient(session, home.url)
            await client.log_in(home.password)
            return await question(client)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, look()).result()


async def logbook_of(
    client: HomeAssistantClient, since: datetime, name: str
) -> list[str]:
    """Return what the logbook has of a miner: entity ids, or "" for events in words."""
    async with client.websocket() as websocket:
        lines = await websocket.command(
            "logbook/get_events", start_time=since.isoformat()
        )
    slug = name.replace("-", "_")
    return [
        line.get("entity_id", "")
        for line in lines
        if slug in line.get("entity_id", "") or line.get("name") == name
    ]


def is_free(port: int) -> bool:
    """Return whether nobody listens at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def _free_ports(count: int) -> int:
    """Return the first of several free ports in a row."""
    while True:
        with ExitStack() as stack, socket.socket() as first:
            first.bind(("127.0.0.1", 0))
            port: int = first.getsockname()[1]
            try:
                for offset in range(1, count):
                    probe = stack.enter_context(socket.socket())
                    probe.bind(("127.0.0.1", port + offset))
            except OSError, OverflowError:
                continue
            return port
