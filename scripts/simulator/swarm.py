"""Several simulated miners, started and stopped together."""

from collections.abc import Iterable, Iterator
from typing import Self

from .miner import SimulatedMiner
from .server import MinerServer


class Swarm:
    """The servers of several miners, by the miners' names."""

    def __init__(
        self,
        miners: Iterable[SimulatedMiner],
        host: str = "127.0.0.1",
        first_port: int = 0,
    ) -> None:
        """Give each miner a port of its own, counted up from `first_port`.

        Raises:
            ValueError: two miners have the same name.

        """
        self._servers: dict[str, MinerServer] = {}
        for index, miner in enumerate(miners):
            if miner.spec.name in self._servers:
                raise ValueError(f"two miners are named {miner.spec.name}")
            port = first_port + index if first_port else 0
            self._servers[miner.spec.name] = MinerServer(miner, host, port)

    def __iter__(self) -> Iterator[MinerServer]:
        """Yield the servers in the order they were given."""
        return iter(self._servers.values())

    def __getitem__(self, name: str) -> MinerServer:
        """Return the server of a miner; KeyError if there is none."""
        return self._servers[name]

    def __len__(self) -> int:
        """Return the number of miners."""
        return len(self._servers)

    async def start(self) -> None:
        """Start all servers, or none."""
        try:
            for server in self:
                await server.start()
        except OSError:
            await self.stop()
            raise

    async def stop(self) -> None:
        """Stop all servers."""
        for server in self:
            await server.stop()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()
