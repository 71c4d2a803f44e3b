"""A Discord for programs and for people."""

from typing import override

from aiohttp import web

from .desk import Desk
from .server import Server


class FakeDiscord(Server):
    """A Discord on this machine: what tests and the demo talk to, and direct."""

    @override
    def _add_routes(self, router: web.UrlDispatcher) -> None:
        super()._add_routes(router)
        Desk(self, router)
