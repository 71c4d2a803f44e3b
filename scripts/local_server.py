"""A web server on this machine that stands in for one on the internet."""

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Self

from aiohttp import web

LOOPBACK = "127.0.0.1"


class LocalServer(ABC):
    """Answers from its start to its stop."""

    def __init__(self, host: str = LOOPBACK, port: int = 0) -> None:
        """Prepare; port 0 takes a free one at the start."""
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{self.host}:{self.port}"

    @abstractmethod
    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Return what is answered."""

    async def start(self) -> None:
        """Begin to answer."""
        app = web.Application()
        app.add_routes(self.routes())
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        if self.port == 0:
            self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """End, and break off whatever is going on."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        """Begin to answer."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """End."""
        await self.stop()
