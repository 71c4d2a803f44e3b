"""The bot's connection to Discord, by nextcord. Imported in the executor only."""

import asyncio
from collections.abc import Callable
from functools import partial
import logging
from time import monotonic
from typing import Any, Final, NoReturn, Protocol, override

from homeassistant.core import HomeAssistant
import nextcord
from nextcord.gateway import DiscordWebSocket, ReconnectWebSocket
from nextcord.http import Route
from nextcord.utils import MISSING

from ...formatting import Texts
from ..commands import COMMANDS
from ..commands.registration import all_ours, commands_payload, same_commands
from ..messages.model import Message
from .nextcord_adapter import (
    NOT_UNDERSTOOD,
    Remains,
    as_arguments,
    discord_errors,
    enforce_nonces,
    open_session,
    redact,
    refuse_other_answers,
)

_LOGGER = logging.getLogger(__package__)

NEEDED_PERMISSIONS: Final = (
    "view_channel",
    "send_messages",
    "embed_links",
    "attach_files",
)
"""What the bot needs in a channel, as nextcord names it."""
MOST_RESUMES: Final = 5
"""Connections in a row that break off soon, until the session is given up."""
_LASTING_SECONDS: Final = 60.0
"""Seconds after which a connection counts as lasting."""
_CONNECT_SECONDS: Final = 60.0
_LONGEST_LIMIT_SECONDS: Final = 24 * 3600.0
"""Seconds to wait at most; Discord's limit is per day."""
_LIMIT_SLACK_SECONDS: Final = 5.0
"""Seconds more than Discord says until it allows a session again."""


class BotListener(Protocol):
    """What the client reports, in the event loop."""

    def on_connected(self) -> None:
        """Note that the gateway is connected, in a new or a resumed session."""

    def on_disconnected(self) -> None:
        """Note that the gateway is gone, perhaps only for a moment."""

    def on_access_changed(self) -> None:
        """Look at channels, roles and permissions, which may have changed."""

    def on_interaction(self, interaction: nextcord.Interaction[Any]) -> None:
        """Answer a slash command, its completion, or a button."""

    def on_message(self, message: nextcord.Message) -> None:
        """Read what somebody wrote; called only if prefix commands are wanted."""


class SessionLostError(ConnectionError):
    """The session does not go on; the next one is begun with a delay."""


class _WebSocket(DiscordWebSocket):
    """A connection that goes on after an event which nextcord cannot read.

    A new session would be sent the same event again, for example a server described in
    a way that nextcord does not know.
    """

    _was_odd = False

    @override
    async def received_message(self, msg: str | bytes, /) -> None:
        """Take an event, and leave out one that cannot be read."""
        try:
            await super().received_message(msg)
        except NOT_UNDERSTOOD as err:
            if not self._was_odd:
                self._was_odd = True
                _LOGGER.warning(
                    "Discord sent what nextcord cannot read: %s: %s",
                    type(err).__name__,
                    redact(str(err)),
                )


class BotClient(nextcord.Client):
    """One connection, with as little of Discord's data as possible.

    Slash commands are registered and answered here rather than by nextcord, which
    would also delete those it does not know.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        listener: BotListener | None = None,
        *,
        prefix: bool,
    ) -> None:
        """Prepare a connection.

        Args:
            hass: Home Assistant, whose connections it uses.
            listener: What is called; nothing if the client only asks.
            prefix: Whether messages are read. Discord allows that only to bots for
                which it is switched on.

        """
        intents = nextcord.Intents.none()
        intents.guilds = True
        intents.guild_messages = prefix
        intents.message_content = prefix
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=nextcord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=0,
            allowed_mentions=nextcord.AllowedMentions.none(),
            lazy_load_commands=False,
        )
        self._listener = listener
        self._on_identify: Callable[[], None] | None = None
        self._remains = Remains(self, partial(open_session, hass))
        enforce_nonces(self.http)
        refuse_other_answers(self.http)

    async def async_close(self) -> None:
        """Close the connection, and leave nothing behind."""
        await self._remains.async_close()

    async def async_limit_seconds(self) -> float:
        """Ask Discord for how many s the bot must wait before it may begin a session.

        Raises:
            nextcord.HTTPException: Discord did not answer as it should.
            AttributeError, TypeError, ValueError: something else answered.

        """
        answer: Any = await self.http.request(Route("GET", "/gateway/bot"))
        limit = answer.get("session_start_limit", {})
        if limit.get("remaining", 1) > 0:
            return 0.0
        _LOGGER.warning(
            "Discord allows the bot no new session for %.0f min",
            limit.get("reset_after", 0) / 60_000,
        )
        seconds = float(limit.get("reset_after", 0)) / 1000
        return min(seconds, _LONGEST_LIMIT_SECONDS) + _LIMIT_SLACK_SECONDS

    @override
    async def before_identify_hook(
        self, shard_id: int | None, *, initial: bool = False
    ) -> None:
        """Report that a session begins, for which the connection waits."""
        if self._on_identify is not None:
            self._on_identify()

    async def async_stay_connected(self, on_identify: Callable[[], None]) -> NoReturn:
        """Connect to the gateway, and resume the session for as long as that goes.

        It takes the place of nextcord's own loop, which fails over its own variables if
        the first connection breaks off, resumes without a pause however often that
        fails, and begins further sessions without growing delays.

        Args:
            on_identify: Called as a session begins, which Discord counts.

        Raises:
            SessionLostError: only another session would help.
            nextcord.ConnectionClosed: Discord closed it for a reason that stays.
            OSError, aiohttp.ClientError, TimeoutError: Discord cannot be reached.

        """
        self._on_identify = on_identify
        options: dict[str, Any] = {"initial": True}
        hurried = 0
        while True:
            began = monotonic()
            try:
                self.ws = await asyncio.wait_for(
                    _WebSocket.from_client(self, format_gateway=True, **options),
                    _CONNECT_SECONDS,
                )
                while True:
                    await self.ws.poll_event()
            except ReconnectWebSocket as err:
                self.dispatch("disconnect")
                # None yet if the very first connection breaks off
                socket: DiscordWebSocket | None = self.ws
                hurried = hurried + 1 if monotonic() - began < _LASTING_SECONDS else 0
                if (
                    not err.resume
                    or socket is None
                    or socket.session_id is None
                    or hurried > MOST_RESUMES
                ):
                    raise SessionLostError("Discord ended the session") from None
                options = {
                    "gateway": socket.resume_url,
                    "sequence": socket.sequence,
                    "session": socket.session_id,
                    "resume": True,
                }

    async def async_send(
        self,
        channel_id: int,
        name: str,
        page: Message,
        view: nextcord.ui.View | None = None,
    ) -> None:
        """Post a page of a message.

        Raises:
            DiscordError: it was not posted.

        """
        with discord_errors(name):
            await self.get_partial_messageable(channel_id).send(
                **as_arguments(page),
                nonce=page.nonce,
                view=MISSING if view is None else view,
            )

    async def async_register_commands(
        self, guild_id: int, texts: Texts, *, wanted: bool
    ) -> None:
        """Have Discord offer our commands in a server, or not any more.

        Asks first, because commands that are there already need not be sent, and
        Discord limits how often they may be. Where none are wanted, those of another
        program that uses the same bot are left alone.

        Raises:
            DiscordError: Discord does not allow it, or was not reached.

        """
        application_id = self.application_id
        assert application_id is not None
        payload: Any = commands_payload(COMMANDS, texts) if wanted else []
        with discord_errors(str(guild_id)):
            present: Any = await self.http.get_guild_commands(application_id, guild_id)
            if same_commands(payload, present) or not (wanted or all_ours(present)):
                return
            await self.http.bulk_upsert_guild_commands(
                application_id, guild_id, payload
            )

    def has_outage(self, guild_id: int) -> bool:
        """Return whether nothing can be said of a server's channels.

        So it is in the first moments of a session, and while Discord has trouble.
        """
        guild = self.get_guild(guild_id)
        return guild is not None and guild.unavailable

    def missing_permissions(
        self, guild_id: int, channel_id: int
    ) -> tuple[str, ...] | None:
        """Return what the bot may not do in a channel, as nextcord names it.

        Returns:
            `None` if the channel is not there any more, or the bot not in its server.

        """
        guild = self.get_guild(guild_id)
        if guild is None:
            return None
        channel = guild.get_channel_or_thread(channel_id)
        if channel is None:
            return None
        return missing_of(channel.permissions_for(guild.me))

    # nextcord names its events; it calls what has their names.

    @override
    async def on_connect(self) -> None:
        """Report that a session has begun."""
        if self._listener is not None:
            self._listener.on_connected()

    async def on_resumed(self) -> None:
        """Report that a session goes on."""
        if self._listener is not None:
            self._listener.on_connected()

    async def on_disconnect(self) -> None:
        """Report that the connection is gone."""
        if self._listener is not None:
            self._listener.on_disconnected()

    @override
    async def on_guild_available(self, guild: nextcord.Guild) -> None:
        """Look at the channels of a server that turned up."""
        self._access_changed()

    async def on_guild_join(self, guild: nextcord.Guild) -> None:
        """Look at the channels of a server the bot was invited to."""
        self._access_changed()

    async def on_guild_remove(self, guild: nextcord.Guild) -> None:
        """Notice that the bot was put out."""
        self._access_changed()

    async def on_guild_update(
        self, before: nextcord.Guild, after: nextcord.Guild
    ) -> None:
        """Notice that a server has another owner."""
        self._access_changed()

    async def on_guild_channel_create(self, channel: nextcord.abc.GuildChannel) -> None:
        """Notice a channel that is new, or can be seen now."""
        self._access_changed()

    async def on_guild_channel_update(
        self, before: nextcord.abc.GuildChannel, after: nextcord.abc.GuildChannel
    ) -> None:
        """Notice other permissions of a channel."""
        self._access_changed()

    async def on_guild_channel_delete(self, channel: nextcord.abc.GuildChannel) -> None:
        """Notice that a channel is gone."""
        self._access_changed()

    async def on_guild_role_update(
        self, before: nextcord.Role, after: nextcord.Role
    ) -> None:
        """Notice other permissions of a role."""
        self._access_changed()

    async def on_guild_role_delete(self, role: nextcord.Role) -> None:
        """Notice that a role is gone, and what it allowed."""
        self._access_changed()

    async def on_member_update(
        self, before: nextcord.Member, after: nextcord.Member
    ) -> None:
        """Notice that the bot has other roles; of others Discord sends nothing."""
        self._access_changed()

    @override
    async def on_interaction(self, interaction: nextcord.Interaction[Any]) -> None:
        """Hand over what somebody did."""
        if self._listener is not None:
            self._listener.on_interaction(interaction)

    async def on_message(self, message: nextcord.Message) -> None:
        """Hand over what a person wrote."""
        if self._listener is not None and not message.author.bot:
            self._listener.on_message(message)

    def _access_changed(self) -> None:
        if self._listener is not None:
            self._listener.on_access_changed()


def missing_of(permissions: nextcord.Permissions) -> tuple[str, ...]:
    """Return which of the permissions the bot needs are not there."""
    return tuple(name for name in NEEDED_PERMISSIONS if not getattr(permissions, name))
