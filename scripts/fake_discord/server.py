"""A Discord on this machine: what tests and the demo talk to, and direct."""

import asyncio
from mimetypes import guess_type
from typing import Any, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from .builder import Builder
from .clock import until
from .entities import Application, Message, Webhook
from .faults import Buckets
from .interactions import Interaction
from .messages import REQUEST_BYTES
from .rest import BASE, Rest
from .rest_commands import Commands
from .rest_directory import Directory
from .rest_interactions import Interactions
from .rest_messages import Messages
from .rest_webhooks import Webhooks
from .service import Request, Service
from .session_limits import SessionLimits


class Server(Builder):
    """REST interface and gateway on one port of loopback, and what happens there.

    There is one application with a bot, `application`, from the start. It is in no
    guild until it is invited: `add_guild` invites it unless asked not to.
    """

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Prepare; port 0 takes a free one at the start."""
        super().__init__(Service())
        self.host = host
        self.port = port
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{self.host}:{self.port}"

    @property
    def base(self) -> str:
        """What stands for `https://discord.com/api/v10`."""
        return self.url + BASE

    @property
    def token(self) -> str:
        """Token of the bot."""
        return self.application.token

    @property
    def requests(self) -> list[Request]:
        """All requests so far."""
        return self.service.requests

    @property
    def violations(self) -> list[str]:
        """What it was sent that breaks what Discord documents."""
        return self.service.violations

    @property
    def messages(self) -> list[Message]:
        """What people see that bots and webhooks wrote, oldest first."""
        return sorted(
            (
                message
                for message in self.world.messages()
                if message.author.bot and not message.thinking
            ),
            key=lambda message: message.id,
        )

    def webhook_url(self, webhook: Webhook) -> str:
        """Return the address of a webhook, as Discord shows it to people."""
        return f"https://discord.com/api/webhooks/{webhook.id}/{webhook.token}"

    async def start(self) -> None:
        """Listen."""
        app = web.Application(client_max_size=2 * REQUEST_BYTES)
        self._add_routes(app.router)
        app.middlewares.append(self._flush)
        self._runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.service.url = self.url

    def _add_routes(self, router: web.UrlDispatcher) -> None:
        """Serve what programs ask for."""
        rest = Rest(self.service, router)
        Directory(rest)
        Messages(rest)
        Webhooks(rest)
        Commands(rest)
        Interactions(rest)
        rest.add_the_rest()
        router.add_get(
            "/attachments/{channel_id}/{message_id}/{name}", self._attachment
        )

    async def stop(self) -> None:
        """Close."""
        self.service.faults.released.set()
        if self._runner is not None:
            await self._close_door()
            self._cut()
            await self._runner.cleanup()
            self._runner = None

    async def _close_door(self) -> None:
        """Let nobody in any more, before those inside are put out and come again."""
        assert self._runner is not None
        loop = asyncio.get_running_loop()
        for site in list(self._runner.sites):
            server: Any = site._server  # noqa: SLF001
            for socket in server.sockets:
                loop.remove_reader(socket)
            # asyncio fails over a server that is closed while it lets somebody in.
            for _ in range(3):
                await asyncio.sleep(0)
            await site.stop()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    @web.middleware
    async def _flush(
        self, request: web.Request, handler: Handler
    ) -> web.StreamResponse:
        """Notify the gateway's bots of what a request brought about."""
        try:
            return await handler(request)
        finally:
            await self.gateway.flush()

    async def _attachment(self, http: web.Request) -> web.Response:
        for message in self.world.messages():
            if str(message.id) == http.match_info["message_id"]:
                for attachment in message.attachments:
                    if attachment.name == http.match_info["name"]:
                        kind = guess_type(attachment.name)[0]
                        return web.Response(
                            body=attachment.content,
                            content_type=kind or "application/octet-stream",
                        )
        raise web.HTTPNotFound

    # What goes wrong

    def rate_limit(
        self,
        next: int = 1,
        retry_after: float = 0.1,
        *,
        everywhere: bool = False,
        path: str = "",
    ) -> None:
        """Answer the next requests, or those of a path, with 429."""
        faults = self.service.faults
        faults.rate_limited = next
        faults.retry_after = retry_after
        faults.everywhere = everywhere
        faults.path = path

    def fail(
        self,
        next: int = 1,
        status: int = 503,
        path: str = "",
        *,
        spare: int = 0,
        text: str = "upstream connect error",
        headers: dict[str, str] | None = None,
    ) -> None:
        """Answer the next requests, or those of a path, with a server's error.

        The first `spare` of them are answered as ever. What the error says, and more
        headers of it, may be anything.
        """
        faults = self.service.faults
        faults.failing = next
        faults.status = status
        faults.text = text
        faults.headers = headers or {}
        faults.path = path
        faults.spared = spare

    def lose_answers(self, next: int = 1, path: str = "") -> None:
        """Do what the next requests want, or those of a path, and cut their lines."""
        faults = self.service.faults
        faults.unheard = next
        faults.path = path

    def limit_requests(self, posts: int = 5, window: float = 5.0) -> None:
        """Allow only so many messages per channel and window, as Discord does."""
        self.service.buckets = Buckets(posts, window)

    def limit_sessions(self, total: int = 1000, interval: float = 5.0) -> None:
        """Allow bots so many sessions a day, and one within `interval` s."""
        self.service.session_limits = SessionLimits(total, interval)

    def hold(self) -> None:
        """Answer no request until `release`."""
        self.service.faults.released.clear()

    def release(self) -> None:
        """Answer again, also what was held back."""
        self.service.faults.released.set()

    async def go_away(self) -> None:
        """Be unreachable."""
        await self.stop()

    async def come_back(self) -> None:
        """Be reachable again, at the same address; sessions can be resumed."""
        await self.start()

    async def drop_connections(self) -> None:
        """Cut the websockets without a word; those that follow are others."""
        cut = set(self.gateway.connections)
        self._cut()
        await until(
            lambda: not cut & self.gateway.connections, "the end of connections"
        )

    def _cut(self) -> None:
        for connection in self.gateway.connections:
            connection.cut()

    async def close_gateway(self, code: int = 4000) -> None:
        """Close the websockets with a code."""
        await self.gateway.close(code)

    async def ask_for_heartbeats(self) -> None:
        """Ask all bots for a heartbeat at once."""
        await self.gateway.ask_for_heartbeats()

    async def reconnect(self) -> None:
        """Ask bots to connect anew."""
        await self.gateway.ask_to_reconnect()

    async def invalidate_session(self, *, resumable: bool = False) -> None:
        """Notify bots that their session is not valid."""
        await self.gateway.invalidate(resumable=resumable)

    async def revoke(self, application: Application | None = None) -> None:
        """Make a token worthless, and close the connections it was used for."""
        application = application or self.application
        application.token = ""
        await self.gateway.close(4004, application)

    @property
    def no_acks(self) -> bool:
        """Whether heartbeats stay without an answer."""
        return not self.gateway.acknowledges

    @no_acks.setter
    def no_acks(self, value: bool) -> None:
        self.gateway.acknowledges = not value

    # What is asked at the end

    async def ready(self, sessions: int = 1) -> None:
        """Wait until bots are connected."""
        await until(
            lambda: (
                sum(
                    session.connection is not None
                    for session in self.gateway.sessions.values()
                )
                >= sessions
            ),
            "a bot that connects",
        )

    async def wait_for_messages(self, count: int) -> list[Message]:
        """Wait until bots and webhooks have written so many messages in all."""
        await until(lambda: len(self.messages) >= count, f"{count} messages")
        return self.messages

    def unanswered(self) -> list[Interaction]:
        """Return what people asked without ever seeing an answer."""
        return [
            interaction
            for interaction in self.service.interactions.values()
            if not interaction.finished
        ]
