"""A Discord on this machine: what tests and the demo talk to, and direct."""

import asyncio
from collections.abc import Iterable
from mimetypes import guess_type
from typing import Any, Self

from aiohttp import web
from aiohttp.typedefs import Handler

from .clock import until
from .desk import Desk
from .faults import Buckets
from .gateway import Gateway
from .interactions import Interaction
from .messages import REQUEST_BYTES
from .payloads import channel_payload, joined_guild_payload, role_payload
from .people import People
from .permissions import REPORTING, Overwrite, Permission
from .rest import BASE, Rest
from .rest_commands import Commands
from .rest_directory import Directory
from .rest_interactions import Interactions
from .rest_messages import Messages
from .rest_webhooks import Webhooks
from .service import Request, Service
from .world import (
    Application,
    Channel,
    Guild,
    Member,
    Message,
    Role,
    User,
    Webhook,
    World,
    new_webhook_token,
)


class FakeDiscord(People):
    """REST interface and gateway on one port of loopback, and what happens there.

    There is one application with a bot, `application`, from the start. It is in no
    guild until it is invited: `add_guild` invites it unless told otherwise.
    """

    def __init__(self, port: int = 0, host: str = "127.0.0.1") -> None:
        """Prepare; port 0 takes a free one at the start."""
        super().__init__(Service())
        self.host = host
        self.port = port
        self.gateway = Gateway(self.service)
        self.service.dispatch = self.gateway.dispatch
        self.service.dispatch_to = self.gateway.dispatch_to
        self.service.flush = self.gateway.flush
        self.application = self.world.application("Bitaxe bot")
        self._runner: web.AppRunner | None = None

    @property
    def world(self) -> World:
        """All that exists."""
        return self.service.world

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
    def bot(self) -> User:
        """The bot."""
        return self.application.bot

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
        rest = Rest(self.service, app.router)
        Directory(rest)
        Messages(rest)
        Webhooks(rest)
        Commands(rest)
        Interactions(rest)
        rest.add_the_rest()
        app.router.add_get(
            "/attachments/{channel_id}/{message_id}/{name}", self._attachment
        )
        Desk(self, app.router)
        app.middlewares.append(self._flush)
        self._runner = web.AppRunner(app, shutdown_timeout=0, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self.host, self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.service.url = self.url

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
        """Tell the gateway's bots what a request brought about."""
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

    # What there is

    def add_guild(
        self,
        name: str = "Home",
        *,
        bot: bool = True,
        permissions: Permission = REPORTING,
    ) -> Guild:
        """Add a guild; with `bot`, invite the bot with these permissions."""
        guild = self.world.guild(name)
        if bot:
            self.invite(guild, permissions=permissions)
        return guild

    def invite(
        self,
        guild: Guild,
        application: Application | None = None,
        *,
        permissions: Permission = REPORTING,
        commands: bool = True,
    ) -> None:
        """Invite a bot, with permissions and the scope `applications.commands`."""
        application = application or self.application
        role = self.add_role(guild, application.name, permissions=permissions)
        role.managed_by = application.bot.id
        guild.members[application.bot.id] = Member(user=application.bot, roles=[role])
        if commands:
            guild.command_scopes.add(application.id)
        self.gateway.dispatch_to(
            application,
            "GUILD_CREATE",
            joined_guild_payload(guild, application.bot),
        )

    def expel(self, guild: Guild) -> None:
        """Remove the bot from a guild."""
        del guild.members[self.bot.id]
        guild.command_scopes.discard(self.application.id)
        self.gateway.dispatch_to(
            self.application, "GUILD_DELETE", {"id": str(guild.id)}
        )

    def add_application(self, name: str) -> Application:
        """Add another application with a bot."""
        return self.world.application(name)

    def add_channel(
        self, guild: Guild, name: str = "miners", *, kind: int = 0
    ) -> Channel:
        """Add a channel to a guild."""
        channel = Channel(
            id=self.world.snowflakes.next(),
            guild=guild,
            name=name,
            position=len(guild.channels),
            kind=kind,
        )
        guild.channels[channel.id] = channel
        self.gateway.dispatch(
            "CHANNEL_CREATE", lambda _: channel_payload(channel), channel=channel
        )
        return channel

    def delete_channel(self, channel: Channel) -> None:
        """Delete a channel, and its webhooks with it."""
        self.gateway.dispatch(
            "CHANNEL_DELETE", lambda _: channel_payload(channel), channel=channel
        )
        del channel.guild.channels[channel.id]
        for webhook in list(self.world.webhooks.values()):
            if webhook.channel is channel:
                del self.world.webhooks[webhook.id]

    def overwrite(
        self,
        channel: Channel,
        target: Role | User | None = None,
        *,
        allow: Permission = Permission(0),
        deny: Permission = Permission(0),
    ) -> None:
        """Allow or deny something in a channel; nobody named means the bot."""
        target = target or self.bot
        channel.overwrites.append(
            Overwrite(
                target_id=target.id,
                kind="role" if isinstance(target, Role) else "member",
                allow=allow,
                deny=deny,
            )
        )
        self.gateway.dispatch(
            "CHANNEL_UPDATE", lambda _: channel_payload(channel), channel=channel
        )

    def add_role(
        self,
        guild: Guild,
        name: str,
        *,
        permissions: Permission = Permission(0),
        mentionable: bool = False,
    ) -> Role:
        """Add a role to a guild."""
        role = Role(
            id=self.world.snowflakes.next(),
            name=name,
            permissions=permissions,
            position=len(guild.roles),
            mentionable=mentionable,
        )
        guild.roles[role.id] = role
        self.gateway.dispatch(
            "GUILD_ROLE_CREATE",
            lambda _: {"guild_id": str(guild.id), "role": role_payload(role)},
            guild=guild,
        )
        return role

    def add_user(
        self, guild: Guild, name: str = "alice", roles: Iterable[Role] = ()
    ) -> User:
        """Add a person to a guild."""
        user = self.world.user(name)
        guild.members[user.id] = Member(user=user, roles=list(roles))
        return user

    def add_webhook(self, channel: Channel, name: str = "Bitaxe") -> Webhook:
        """Add a webhook to a channel."""
        webhook = Webhook(
            id=self.world.snowflakes.next(),
            token=new_webhook_token(),
            channel=channel,
            name=name,
        )
        self.world.webhooks[webhook.id] = webhook
        return webhook

    def delete_webhook(self, webhook: Webhook) -> None:
        """Delete a webhook."""
        del self.world.webhooks[webhook.id]

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

    def fail(self, next: int = 1, status: int = 503, path: str = "") -> None:
        """Answer the next requests, or those of a path, with a server's error."""
        faults = self.service.faults
        faults.failing = next
        faults.status = status
        faults.path = path

    def limit_requests(self, posts: int = 5, window: float = 5.0) -> None:
        """Allow only so many messages per channel and window, as Discord does."""
        self.service.buckets = Buckets(posts, window)

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
        """Cut the websockets without a word."""
        self._cut()
        await until(lambda: not self.gateway.connections, "the end of connections")

    def _cut(self) -> None:
        for connection in self.gateway.connections:
            connection.cut()

    async def close_gateway(self, code: int = 4000) -> None:
        """Close the websockets with a code."""
        await self.gateway.close(code)

    async def reconnect(self) -> None:
        """Ask bots to connect anew."""
        await self.gateway.ask_to_reconnect()

    async def invalidate_session(self, *, resumable: bool = False) -> None:
        """Tell bots that their session is not valid."""
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
