"""Simulated miners in this process, which also say what was never real."""

from collections import deque
from dataclasses import replace
from typing import Any, Final, override

from scripts.bench.miners import INFO_PATH, Address
from scripts.simulator import PRESETS, Clock, MinerServer, MinerSpec, SimulatedMiner
from scripts.simulator.http import Request

_PRESETS: Final = (
    "gamma-2.12",
    "gamma-2.15",
    "nerdqaxepp-1.1.0",
    "supra-2.9",
    "gt-2.15",
    "max-2.6",
    "hex-2.12",
    "gamma-2.14",
    "nerdoctaxe-1.1.0",
    "gammaduo-2.13",
)
_READS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class _Requests(deque[Request]):
    """Keeps the requests that wanted a change, and counts readings, for months."""

    def __init__(self) -> None:
        super().__init__(maxlen=100)
        self.readings = 0
        self.writes: list[Request] = []

    @override
    def append(self, request: Request, /) -> None:
        super().append(request)
        self.readings += request.path == INFO_PATH
        if request.method not in _READS:
            # Without what nobody asks for: headers are most of it, over months.
            self.writes.append(replace(request, headers={}))


class OddMiner(SimulatedMiner):
    """A miner whose next replies contain what it is made to claim."""

    def __init__(self, spec: MinerSpec, clock: Clock) -> None:
        """Begin without claims."""
        super().__init__(spec, clock)
        self.heard = _Requests()
        self.requests = self.heard
        self._claims: list[dict[str, Any]] = []

    def claim(self, values: dict[str, Any], replies: int = 1) -> None:
        """Claim something in so many replies."""
        self._claims += [values] * replies

    def be_honest(self) -> None:
        """Claim nothing any more."""
        self._claims.clear()

    @override
    def info(self) -> dict[str, Any]:
        """Return the payload with the claims in it."""
        info = super().info()
        if not self._claims:
            return info
        claims = self._claims.pop(0)
        return info | {key: value for key, value in claims.items() if key in info}


class Fleet:
    """All miners, each at its address."""

    def __init__(self, count: int) -> None:
        """Build so many miners of many models."""
        clock = Clock()
        self.miners = [
            OddMiner(
                replace(
                    preset,
                    name=f"{preset.name} {index + 1}",
                    hostname=f"miner-{index + 1}",
                    seed=index + 1,
                    mac=None,
                ),
                clock,
            )
            for index in range(count)
            for preset in (PRESETS[_PRESETS[index % len(_PRESETS)]],)
        ]
        self._servers = [MinerServer(miner) for miner in self.miners]
        self.writes_to_swapped: list[str] = []
        """Requests that would have changed a miner which is another than was meant."""

    @property
    def addresses(self) -> list[Address]:
        """Where the miners are, in their order."""
        return [
            Address(
                name=miner.spec.name,
                mac=miner.spec.mac_address,
                host=server.host,
                port=server.port,
            )
            for miner, server in zip(self.miners, self._servers, strict=True)
        ]

    @property
    def listening(self) -> int:
        """How many miners accept connections."""
        return sum(miner.reachable for miner in self.miners)

    @property
    def readings(self) -> int:
        """How many readings were given."""
        return sum(miner.heard.readings for miner in self.miners)

    async def start(self) -> None:
        """Have all miners listen."""
        for server in self._servers:
            await server.start()

    async def stop(self) -> None:
        """Have all miners end."""
        for server in self._servers:
            await server.stop()

    async def swap(self, one: int, other: int) -> None:
        """Give two miners each other's address."""
        ports = {one: self._servers[other].port, other: self._servers[one].port}
        for index in ports:
            await self._servers[index].stop()
        for index, port in ports.items():
            self._servers[index] = MinerServer(self.miners[index], port=port)
            await self._servers[index].start()

    def writes(self, index: int, since: int = 0) -> list[str]:
        """Return what asked a miner to change, after its first `since` of these."""
        return [
            f"{self.miners[index].spec.name}: {request.method} {request.path}"
            f" {request.body.decode(errors='replace')}"
            for request in self.miners[index].heard.writes[since:]
        ]

    def writes_beyond_limits(self) -> list[str]:
        """Return what asked a miner for more or less than its firmware offers."""
        return [
            write
            for index, miner in enumerate(self.miners)
            for request, write in zip(
                miner.heard.writes, self.writes(index), strict=True
            )
            if isinstance(request.json, dict)
            for key, offered in (
                ("frequency", miner.board.frequencies),
                ("coreVoltage", miner.board.voltages),
            )
            if key in request.json
            and not min(offered) <= request.json[key] <= max(offered)
        ]
