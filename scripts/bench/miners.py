"""The process of the simulated miners, so that their CPU time is not counted.

Started by the benchmark with a shared time. Says on its standard output where the
miners are, then the number of readings taken so far for every line on its standard
input, and ends with it.
"""

import argparse
import asyncio
from dataclasses import asdict, dataclass, replace
import json
from pathlib import Path
import subprocess
import sys
from typing import Final, Self, override

from scripts.simulator import PRESETS, Clock, MinerServer, SimulatedMiner

from .time_warp import SharedOffset

INFO_PATH: Final = "/api/system/info"


@dataclass(frozen=True, kw_only=True)
class Address:
    """Where a miner is, and who it is."""

    name: str
    mac: str
    host: str
    port: int


class Miners:
    """Simulated miners in a process of their own."""

    def __init__(self, presets: list[str], count: int, shared: Path) -> None:
        """Start `count` miners, taking turns through the presets."""
        self._process = subprocess.Popen(
            [
                *(sys.executable, "-m", __name__),
                *("--shared", str(shared), "--count", str(count)),
                *presets,
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.addresses = [Address(**item) for item in json.loads(self._answer())]

    def __enter__(self) -> Self:
        """Return the started miners."""
        return self

    def __exit__(self, *_: object) -> None:
        """Have the process end."""
        self._process.communicate()

    def readings(self) -> int:
        """Return how many readings the miners gave so far."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        if line := self._process.stdout.readline():
            return line
        raise RuntimeError("The simulated miners ended")


class SharedClock(Clock):
    """A manual clock that follows the benchmark's."""

    shared: SharedOffset | None = None

    @override
    def now(self) -> float:
        now = super().now()
        ahead = self.shared.now() - now if self.shared is not None else 0.0
        if ahead > 0:
            self.advance(ahead)
        return super().now()


async def _serve(presets: list[str], count: int, shared: SharedOffset) -> None:
    clock = SharedClock.manual(shared.now())
    assert isinstance(clock, SharedClock)
    clock.shared = shared
    readings = 0
    servers: list[MinerServer] = []
    for index in range(count):
        preset = PRESETS[presets[index % len(presets)]]
        spec = replace(
            preset, name=f"{preset.name} {index + 1}", seed=index + 1, mac=None
        )
        server = MinerServer(SimulatedMiner(spec, clock))
        await server.start()
        servers.append(server)
    addresses = [
        Address(
            name=server.miner.spec.name,
            mac=server.miner.spec.mac_address,
            host=server.host,
            port=server.port,
        )
        for server in servers
    ]
    print(json.dumps([asdict(address) for address in addresses]), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        for server in servers:
            requests = server.miner.requests
            readings += sum(request.path == INFO_PATH for request in requests)
            requests.clear()
        print(readings, flush=True)
    for server in servers:
        await server.stop()


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("presets", nargs="+")
    options = parser.parse_args()
    asyncio.run(_serve(options.presets, options.count, SharedOffset(options.shared)))


if __name__ == "__main__":
    _main()
