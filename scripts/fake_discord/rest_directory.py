"""Routes for who and what there is."""

from typing import Any

from aiohttp import web

from .entities import Application, Channel, Guild
from .errors import (
    MISSING_ACCESS,
    UNKNOWN_CHANNEL,
    UNKNOWN_GUILD,
    UNKNOWN_MEMBER,
    UNKNOWN_USER,
    ApiError,
)
from .payloads import (
    application_payload,
    channel_payload,
    guild_payload,
    member_payload,
    role_payload,
    user_payload,
)
from .permissions import Permission
from .rest import Rest, number
from .service import Request


class Directory:
    """Users, applications, guilds, channels, and where the gateway is."""

    def __init__(self, rest: Rest) -> None:
        """Serve the routes."""
        self._rest = rest
        self._world = rest.service.world
        rest.add("GET", "/gateway", self._gateway)
        rest.add("GET", "/gateway/bot", self._bot_gateway)
        rest.add("GET", "/users/@me", self._me)
        rest.add("GET", "/users/@me/guilds", self._my_guilds)
        rest.add("GET", "/users/{user_id}", self._user)
        rest.add("GET", "/applications/@me", self._application)
        rest.add("GET", "/oauth2/applications/@me", self._application)
        rest.add("GET", "/guilds/{guild_id}", self._guild)
        rest.add("GET", "/guilds/{guild_id}/channels", self._channels)
        rest.add("GET", "/guilds/{guild_id}/roles", self._roles)
        rest.add("GET", "/guilds/{guild_id}/members/{user_id}", self._member)
        rest.add("GET", "/channels/{channel_id}", self._channel)

    async def _gateway(self, request: Request, http: web.Request) -> Any:
        return {"url": self._rest.service.url.replace("http", "ws", 1)}

    async def _bot_gateway(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        limits = self._rest.service.session_limits
        return await self._gateway(request, http) | {
            "shards": 1,
            "session_start_limit": limits.describe(application.id),
        }

    async def _me(self, request: Request, http: web.Request) -> Any:
        return user_payload(self._rest.bot(request).bot) | {
            "verified": True,
            "mfa_enabled": False,
            "locale": "en-US",
        }

    async def _my_guilds(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        return [
            {
                "id": str(guild.id),
                "name": guild.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": str(int(_granted(guild, application))),
                "features": [],
            }
            for guild in self._world.guilds.values()
            if application.bot.id in guild.members
        ]

    async def _user(self, request: Request, http: web.Request) -> Any:
        self._rest.bot(request)
        user = self._world.users.get(number(http, "user_id", UNKNOWN_USER))
        if user is None:
            raise ApiError(UNKNOWN_USER)
        return user_payload(user)

    async def _application(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        guilds = sum(
            application.bot.id in guild.members for guild in self._world.guilds.values()
        )
        return application_payload(application, guilds)

    async def _guild(self, request: Request, http: web.Request) -> Any:
        return guild_payload(self._find_guild(request, http))

    async def _channels(self, request: Request, http: web.Request) -> Any:
        guild = self._find_guild(request, http)
        return [channel_payload(channel) for channel in guild.channels.values()]

    async def _roles(self, request: Request, http: web.Request) -> Any:
        guild = self._find_guild(request, http)
        return [role_payload(role) for role in guild.roles.values()]

    async def _member(self, request: Request, http: web.Request) -> Any:
        guild = self._find_guild(request, http)
        member = guild.members.get(number(http, "user_id", UNKNOWN_USER))
        if member is None:
            raise ApiError(UNKNOWN_MEMBER)
        return member_payload(member)

    async def _channel(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        return channel_payload(find_channel(self._rest, application, http)[0])

    def _find_guild(self, request: Request, http: web.Request) -> Guild:
        application = self._rest.bot(request)
        guild = self._world.guilds.get(number(http, "guild_id", UNKNOWN_GUILD))
        if guild is None:
            raise ApiError(UNKNOWN_GUILD)
        if application.bot.id not in guild.members:
            raise ApiError(MISSING_ACCESS)
        return guild


def _granted(guild: Guild, application: Application) -> Permission:
    """Return what roles grant a bot, before any channel has a say."""
    granted = guild.roles[guild.id].permissions
    for role in guild.members[application.bot.id].roles:
        granted |= role.permissions
    return granted


def find_channel(
    rest: Rest, application: Application, http: web.Request
) -> tuple[Channel, Permission]:
    """Return the channel of a path, and what the bot may there.

    Raises:
        ApiError: there is none, or the bot does not see it.

    """
    channel = rest.service.world.channel(number(http, "channel_id", UNKNOWN_CHANNEL))
    if channel is None:
        raise ApiError(UNKNOWN_CHANNEL)
    granted = channel.guild.permissions(application.bot, channel)
    if Permission.VIEW_CHANNEL not in granted:
        raise ApiError(MISSING_ACCESS)
    return channel, granted
