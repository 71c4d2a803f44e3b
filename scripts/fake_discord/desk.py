"""What people use instead of Discord's app: a page, and the same as JSON.

GET  /                       the page
GET  /people                 guilds, channels, people, and violations
GET  /people/messages        ?channel=<id>: what is there to read
GET  /people/view            ?channel=<id>: the same as HTML
GET  /people/page            ?channel=<id>: the same as a page that needs nothing else
POST /people/say             {"channel", "user", "text"}; a command if it begins with /
POST /people/press           {"message", "label", "user"}
POST /people/suggest         {"channel", "user", "text"}: what Discord's app would offer
POST /people/break           {"rate_limit": 3}, {"fail": 3}, {"drop": true} or
                             {"revoke": true}
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from aiohttp import web

from . import typed
from .entities import Attachment, Channel, Message, User
from .interactions import Interaction
from .render import STYLE, page, render
from .server import Server
from .user_actions import NotOfferedError

_PAGE = (Path(__file__).parent / "page.html").read_text(encoding="utf-8")


class Desk:
    """Serves people, where a program would be served by the API."""

    def __init__(self, discord: Server, router: web.UrlDispatcher) -> None:
        """Serve the routes."""
        self._discord = discord
        router.add_get("/", self._root)
        router.add_get("/people", self._overview)
        router.add_get("/people/messages", self._messages)
        router.add_get("/people/view", self._view)
        router.add_get("/people/page", self._page)
        for name, handler in (
            ("say", self._say),
            ("press", self._press),
            ("suggest", self._suggest),
            ("break", self._break),
        ):
            router.add_post(f"/people/{name}", _answering(handler))

    async def _root(self, http: web.Request) -> web.StreamResponse:
        """Serve the page; the gateway has the same address."""
        if http.headers.get("Upgrade", "").lower() == "websocket":
            return await self._discord.gateway.serve(http)
        return web.Response(
            text=_PAGE.replace("/* style */", STYLE), content_type="text/html"
        )

    async def _overview(self, _: web.Request) -> web.Response:
        discord = self._discord
        return web.json_response(
            {
                "guilds": [
                    {
                        "id": str(guild.id),
                        "name": guild.name,
                        "channels": [
                            {"id": str(channel.id), "name": channel.name}
                            for channel in guild.channels.values()
                        ],
                        "people": [
                            {
                                "id": str(member.user.id),
                                "name": member.user.name,
                                "roles": [role.name for role in member.roles],
                            }
                            for member in guild.members.values()
                            if not member.user.bot
                        ],
                    }
                    for guild in discord.world.guilds.values()
                ],
                "connected": sum(
                    session.connection is not None
                    for session in discord.gateway.sessions.values()
                ),
                "violations": discord.violations,
                "unanswered": len(discord.unanswered()),
            }
        )

    async def _messages(self, http: web.Request) -> web.Response:
        channel = self._channel(http.query.get("channel", ""))
        return web.json_response([_described(message) for message in channel.messages])

    async def _view(self, http: web.Request) -> web.Response:
        channel = self._channel(http.query.get("channel", ""))
        return web.Response(
            text=render(channel, channel.messages, _address), content_type="text/html"
        )

    async def _page(self, http: web.Request) -> web.Response:
        channel = self._channel(http.query.get("channel", ""))
        return web.Response(text=page(channel), content_type="text/html")

    async def _say(self, data: dict[str, Any]) -> Any:
        channel, user = self._channel(data["channel"]), self._user(data["user"])
        text = str(data["text"])
        if not text.startswith("/"):
            message = await self._discord.say(channel, user, text)
            return {"message": str(message.id)}
        name, rest = typed.split(text)
        command = self._discord.find_command(
            self._discord.application, channel, user, name
        )
        interaction = await self._discord.use(
            channel, user, name, typed.options(command, rest)
        )
        return _outcome(interaction)

    async def _press(self, data: dict[str, Any]) -> Any:
        for message in self._discord.world.messages():
            if str(message.id) == data["message"]:
                return _outcome(
                    await self._discord.press(
                        message, data["label"], self._user(data["user"])
                    )
                )
        raise NotOfferedError("the message is gone")

    async def _suggest(self, data: dict[str, Any]) -> Any:
        channel, user = self._channel(data["channel"]), self._user(data["user"])
        text = str(data["text"])
        if not text.startswith("/"):
            return []
        name, rest = typed.split(text)
        commands = {
            command["name"]: command
            for scope in (None, channel.guild.id)
            for command in self._discord.application.commands.get(scope, [])
        }
        if name not in commands or not text.startswith(f"/{name} "):
            return [
                {
                    "text": f"/{command['name']} ",
                    "label": f"/{command['name']}",
                    "note": command["description"],
                }
                for command in commands.values()
                if command["name"].startswith(name)
            ]
        command = commands[name]
        current = typed.being_typed(command, rest)
        if current is None:
            return []
        option = next(part for part in command["options"] if part["name"] == current[0])
        if option.get("autocomplete"):
            names = await self._discord.autocomplete(channel, user, name, *current)
        else:
            names = [choice["name"] for choice in option.get("choices") or []]
        start = text[: len(text) - len(current[1])].rstrip()
        if not start.endswith(":"):
            start = f"{start} {current[0]}:"
        offered = [
            {"text": f"{start}{value} ", "label": value, "note": option["description"]}
            for value in names
        ]
        offered += [
            {
                "text": f"{text.rstrip()} {other['name']}:",
                "label": f"{other['name']}:",
                "note": other["description"],
            }
            for other in command["options"]
            if f"{other['name']}:" not in text and other is not option
        ]
        return offered

    async def _break(self, data: dict[str, Any]) -> Any:
        if count := data.get("rate_limit"):
            self._discord.rate_limit(int(count), retry_after=1.0)
        if count := data.get("fail"):
            self._discord.fail(int(count))
        if data.get("drop"):
            await self._discord.drop_connections()
        if data.get("revoke"):
            await self._discord.revoke()
        return {}

    def _channel(self, channel_id: str) -> Channel:
        """Return a channel by its id."""
        channel = (
            self._discord.world.channel(int(channel_id))
            if channel_id.isdecimal()
            else None
        )
        if channel is None:
            raise web.HTTPNotFound
        return channel

    def _user(self, name: str) -> User:
        """Return a person by id or by name."""
        for user in self._discord.world.users.values():
            if not user.bot and name in (user.name, str(user.id)):
                return user
        raise web.HTTPNotFound


def _answering(
    handler: Callable[[dict[str, Any]], Awaitable[Any]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return a handler that takes and gives JSON, also when it refuses."""

    async def handle(http: web.Request) -> web.Response:
        try:
            return web.json_response(await handler(await http.json()))
        except (NotOfferedError, TimeoutError, ValueError) as err:
            return web.json_response({"error": str(err)}, status=400)

    return handle


def _outcome(interaction: Interaction) -> dict[str, Any]:
    return {
        "delay": interaction.delay,
        "messages": [_described(message) for message in interaction.messages],
    }


def _described(message: Message) -> dict[str, Any]:
    return {
        "id": str(message.id),
        "author": message.author.name,
        "bot": message.author.bot,
        "sent": message.sent,
        "content": message.content,
        "text": message.text,
        "embeds": message.embeds,
        "attachments": [
            {
                "name": attachment.name,
                "size": len(attachment.content),
                "description": attachment.description,
                "url": _address(message, attachment),
            }
            for attachment in message.attachments
        ],
        "buttons": [
            button.get("label")
            for button in message.buttons
            if not button.get("disabled")
        ],
        "ephemeral": message.ephemeral,
        "thinking": message.thinking,
        "pinged": bool(message.pinged),
        "edits": message.edits,
    }


def _address(message: Message, attachment: Attachment) -> str:
    return f"/attachments/{message.channel.id}/{message.id}/{attachment.name}"
