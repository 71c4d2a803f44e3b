"""What the set-up asks Discord about a bot. Imported in the executor only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.core import HomeAssistant
import nextcord

from ..errors import ChannelGoneError, TokenRejectedError
from ..messages.model import Message
from .client import NEEDED_PERMISSIONS, BotClient, missing_of
from .nextcord_adapter import discord_errors

_MESSAGE_CONTENT: Final = (1 << 18) | (1 << 19)
"""Flags of an application that may read messages; the second is for up to 100
servers."""
_TEXT_CHANNELS: Final = frozenset(
    {nextcord.ChannelType.text.value, nextcord.ChannelType.news.value}
)
_MOST_SERVERS: Final = 50
"""Servers whose channels are listed; a channel of another one can be given by its
id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BotInfo:
    """A bot that Discord knows."""

    id: str
    name: str
    application_id: str
    reads_messages: bool
    """Whether the message content intent is switched on."""

    @property
    def invite(self) -> str:
        """The link that invites the bot, or gives it what it lacks."""
        permissions = nextcord.Permissions(**dict.fromkeys(NEEDED_PERMISSIONS, True))
        return (
            "https://discord.com/oauth2/authorize"
            f"?client_id={self.application_id}"
            f"&permissions={permissions.value}"
            "&scope=bot+applications.commands"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelInfo:
    """A channel, as the bot sees it."""

    id: str
    name: str
    guild_id: str
    guild_name: str
    missing: tuple[str, ...]
    """Permissions the bot needs and does not have there."""

    @property
    def title(self) -> str:
        """What distinguishes it from channels of other servers."""
        return f"{self.guild_name} › #{self.name}"


async def async_get_bot(hass: HomeAssistant, token: str) -> BotInfo:
    """Ask who a token belongs to.

    Raises:
        TokenRejectedError: to nobody.
        DiscordError: Discord was not reached.

    """
    async with _logged_in(hass, token) as client:
        application: Any = await client.http.application_info()
        assert client.user is not None
        return BotInfo(
            id=str(client.user.id),
            name=client.user.name,
            application_id=str(application["id"]),
            reads_messages=bool(int(application.get("flags") or 0) & _MESSAGE_CONTENT),
        )


async def async_list_channels(hass: HomeAssistant, token: str) -> list[ChannelInfo]:
    """Return the text channels of all servers the bot is in.

    Raises:
        DiscordError: Discord was not reached.

    """
    channels: list[ChannelInfo] = []
    failure: nextcord.HTTPException | None = None
    async with _logged_in(hass, token) as client:
        async for partial in client.fetch_guilds(limit=_MOST_SERVERS):
            try:
                guild = await client.fetch_guild(partial.id, with_counts=False)
                channels += await _channels_of(client, guild)
            except nextcord.HTTPException as err:
                # It has an outage, or has just put the bot out; others are as before.
                failure = err
        if not channels and failure is not None:
            raise failure
    return channels


async def async_get_channel(
    hass: HomeAssistant, token: str, channel_id: int
) -> ChannelInfo:
    """Return a channel by its id, and what the bot lacks there.

    Raises:
        ChannelGoneError: there is none, or it is no text channel of a server.
        NotPermittedError: the bot is not in its server, or may not see it.
        DiscordError: Discord was not reached.

    """
    async with _logged_in(hass, token) as client:
        try:
            found = await client.fetch_channel(channel_id)
        except nextcord.InvalidData as err:
            raise ChannelGoneError(str(channel_id)) from err
        if not isinstance(found, nextcord.TextChannel):
            raise ChannelGoneError(str(channel_id))
        guild = await client.fetch_guild(found.guild.id, with_counts=False)
        for channel in await _channels_of(client, guild):
            if channel.id == str(channel_id):
                return channel
    raise ChannelGoneError(str(channel_id))


async def async_list_roles(
    hass: HomeAssistant, token: str, guild_id: int
) -> dict[str, str]:
    """Return the names of the roles of a server by their ids, without `@everyone`.

    Raises:
        DiscordError: Discord was not reached.

    """
    async with _logged_in(hass, token) as client:
        guild = await client.fetch_guild(guild_id, with_counts=False)
        roles = sorted(guild.roles, key=lambda role: role.position, reverse=True)
        return {
            str(role.id): role.name
            for role in roles
            if not role.is_default() and not role.is_bot_managed()
        }


async def async_send(
    hass: HomeAssistant, token: str, channel_id: int, name: str, page: Message
) -> None:
    """Post a message without a connection to the gateway.

    Raises:
        DiscordError: it was not posted.

    """
    async with _logged_in(hass, token) as client:
        await client.async_send(channel_id, name, page)


async def _channels_of(client: BotClient, guild: nextcord.Guild) -> list[ChannelInfo]:
    assert client.user is not None
    me = await guild.fetch_member(client.user.id)
    channels = sorted(
        (
            nextcord.TextChannel(
                state=guild._state,  # noqa: SLF001
                guild=guild,
                data=data,
            )
            # The library's own list fails if it does not know one kind of channel.
            for data in await client.http.get_all_guild_channels(guild.id)
            if data["type"] in _TEXT_CHANNELS
        ),
        key=lambda channel: channel.position,
    )
    return [
        ChannelInfo(
            id=str(channel.id),
            name=channel.name,
            guild_id=str(guild.id),
            guild_name=guild.name,
            missing=missing_of(channel.permissions_for(me)),
        )
        for channel in channels
    ]


@asynccontextmanager
async def _logged_in(hass: HomeAssistant, token: str) -> AsyncIterator[BotClient]:
    """Log in without a connection to the gateway, and leave nothing behind."""
    client = BotClient(hass, prefix=False)
    try:
        with discord_errors("Discord"):
            try:
                await client.login(token)
            except nextcord.LoginFailure as err:
                raise TokenRejectedError("Discord") from err
            yield client
    finally:
        await client.async_close()
