"""What exists on the fake Discord: guilds, channels, roles, users, messages."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass, field
import secrets
from typing import Any

from .clock import Snowflakes, now
from .mentions import Called
from .messages import EPHEMERAL, Upload
from .permissions import EVERYONE, Overwrite, Permission, in_channel

MESSAGE_CONTENT = 1 << 15
"""Intent to read what people write."""
PRIVILEGED = {1 << 1, 1 << 8, MESSAGE_CONTENT}
"""Intents that are switched on in the developer portal first."""
CATEGORY = 4
FORUM = 15
MEDIA = 16
"""Kinds of channels that nobody can write to as to others."""


@dataclass(eq=False, kw_only=True)
class User:
    """Somebody who writes: a person, a bot or a webhook."""

    id: int
    name: str
    bot: bool = False
    display_name: str = ""


@dataclass(eq=False, kw_only=True)
class Role:
    """A role of a guild."""

    id: int
    name: str
    permissions: Permission = field(default=Permission(0))
    position: int = 1
    mentionable: bool = False
    managed_by: int | None = None
    """The bot it was made for."""


@dataclass(eq=False, kw_only=True)
class Member:
    """A user in a guild."""

    user: User
    roles: list[Role]


@dataclass(eq=False, kw_only=True)
class Attachment:
    """A file of a message."""

    id: int
    name: str
    content: bytes
    description: str | None


@dataclass(eq=False, kw_only=True)
class Message:
    """A message as people see it."""

    id: int
    channel: Channel
    author: User
    content: str = ""
    embeds: list[dict[str, Any]] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    components: list[dict[str, Any]] = field(default_factory=list)
    pinged: Called = field(
        default_factory=lambda: Called(False, frozenset(), frozenset())
    )
    """Who was notified."""
    flags: int = 0
    sent: float = field(default_factory=now)
    edited: float | None = None
    edits: int = 0
    application: Application | None = None
    """Which gets to know when a button is pressed."""
    webhook_id: int | None = None
    reply_to: int | None = None
    nonce: object = None
    only_for: User | None = None
    """Who alone sees it, if it is an ephemeral answer."""
    thinking: bool = False
    """Whether it stands for an answer that is still to come."""

    @property
    def ephemeral(self) -> bool:
        """Return whether only the person who asked sees it."""
        return bool(self.flags & EPHEMERAL)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        """Buttons and menus in reading order."""
        return [part for row in self.components for part in row["components"]]

    @property
    def text(self) -> str:
        """All that can be read in it, for tests that look for a word."""
        texts = [self.content]
        for embed in self.embeds:
            texts += [embed.get("title", ""), embed.get("description", "")]
            for part in embed.get("fields") or []:
                texts += [part["name"], part["value"]]
            texts.append((embed.get("footer") or {}).get("text", ""))
        return "\n".join(text for text in texts if text)


@dataclass(eq=False, kw_only=True)
class Channel:
    """A text channel of a guild."""

    id: int
    guild: Guild
    name: str
    position: int
    kind: int = 0
    """0 text, 2 voice, 4 category, 5 announcements, 15 forum, 16 media."""
    overwrites: list[Overwrite] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def has_threads_only(self) -> bool:
        """Whether messages belong into threads there, as in a forum."""
        return self.kind in (FORUM, MEDIA)

    @property
    def takes_messages(self) -> bool:
        """Whether one can write there without a thread."""
        return self.kind != CATEGORY and not self.has_threads_only


@dataclass(eq=False, kw_only=True)
class Guild:
    """A guild, which people call a server."""

    id: int
    name: str
    owner: User
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)
    command_scopes: set[int] = field(default_factory=set)
    """Applications that were invited to offer commands."""

    def permissions(self, user: User, channel: Channel) -> Permission:
        """Return what a user may in a channel."""
        member = self.members.get(user.id)
        if member is None:
            return Permission(0)
        if user is self.owner:
            return Permission(sum(Permission))
        return in_channel(
            self.id,
            user.id,
            {role.id for role in member.roles},
            [self.roles[self.id].permissions]
            + [role.permissions for role in member.roles],
            channel.overwrites,
        )


@dataclass(eq=False, kw_only=True)
class Webhook:
    """An address that posts into one channel."""

    id: int
    token: str
    channel: Channel
    name: str


@dataclass(eq=False, kw_only=True)
class Application:
    """An application of the developer portal, with its bot."""

    id: int
    name: str
    bot: User
    owner: User
    """Who made it in the developer portal."""
    token: str
    intents: set[int] = field(default_factory=set)
    """Privileged intents that are switched on in the portal."""
    commands: dict[int | None, list[dict[str, Any]]] = field(default_factory=dict)
    """Registered commands by guild; None: everywhere."""

    @property
    def message_content(self) -> bool:
        """Whether it may ask for the content of messages."""
        return MESSAGE_CONTENT in self.intents

    @message_content.setter
    def message_content(self, value: bool) -> None:
        (self.intents.add if value else self.intents.discard)(MESSAGE_CONTENT)

    @property
    def flags(self) -> int:
        """What Discord says of its privileged intents."""
        return (1 << 19 if self.message_content else 0) | (
            1 << 15 if 1 << 1 in self.intents else 0
        )


class Entities:
    """All of it, by id."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.snowflakes = Snowflakes()
        self.guilds: dict[int, Guild] = {}
        self.users: dict[int, User] = {}
        self.webhooks: dict[int, Webhook] = {}
        self.applications: dict[int, Application] = {}

    def user(self, name: str, *, bot: bool = False) -> User:
        """Add a user, who is in no guild yet."""
        user = User(id=self.snowflakes.next(), name=name, bot=bot)
        self.users[user.id] = user
        return user

    def application(self, name: str) -> Application:
        """Add an application with a bot."""
        bot = self.user(name, bot=True)
        application = Application(
            id=bot.id,
            name=name,
            bot=bot,
            # No new id, which would shift those the demo has stored.
            owner=User(id=bot.id - 1, name=f"owner of {name}"),
            token=new_token(bot.id),
        )
        self.applications[application.id] = application
        return application

    def guild(self, name: str) -> Guild:
        """Add a guild, whose owner is its only member."""
        owner = self.user(f"owner of {name}")
        guild = Guild(id=self.snowflakes.next(), name=name, owner=owner)
        guild.roles[guild.id] = Role(
            id=guild.id, name="@everyone", permissions=EVERYONE, position=0
        )
        guild.members[owner.id] = Member(user=owner, roles=[])
        self.guilds[guild.id] = guild
        return guild

    def channel(self, channel_id: int) -> Channel | None:
        """Return a channel by its id."""
        return next(
            (
                guild.channels[channel_id]
                for guild in self.guilds.values()
                if channel_id in guild.channels
            ),
            None,
        )

    def messages(self) -> Iterator[Message]:
        """Yield all messages, oldest first in each channel."""
        for guild in self.guilds.values():
            for channel in guild.channels.values():
                yield from channel.messages

    def by_token(self, token: str) -> Application | None:
        """Return the application of a bot's token."""
        return next(
            (
                application
                for application in self.applications.values()
                if application.token and application.token == token
            ),
            None,
        )

    def attach(self, upload: Upload, name: str, description: str | None) -> Attachment:
        """Keep a file that came with a message."""
        return Attachment(
            id=self.snowflakes.next(),
            name=name,
            content=upload.content,
            description=description,
        )


def new_token(user_id: int) -> str:
    """Return a token that looks like those of bots."""
    owner = base64.urlsafe_b64encode(str(user_id).encode()).decode().rstrip("=")
    return f"{owner}.{secrets.token_urlsafe(5)[:6]}.{secrets.token_urlsafe(29)[:38]}"


def new_webhook_token() -> str:
    """Return a token that looks like those of webhooks."""
    return secrets.token_urlsafe(51)[:68]
