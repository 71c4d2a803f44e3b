"""What all parts of the fake share: what exists, and the record of what was sent."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .clock import now
from .entities import Attachment, Channel, Entities, Message
from .errors import EMPTY_MESSAGE, ApiError, InvalidForm
from .faults import Buckets, Faults
from .interactions import Interaction
from .limits import Problem
from .mentions import Called, allowed, called
from .messages import SUPPRESS_EMBEDS, Upload, check_message, is_empty
from .payloads import message_payload
from .permissions import Permission
from .session_limits import SessionLimits

type Dispatch = Callable[..., None]
type Flush = Callable[[], Awaitable[None]]


@dataclass(kw_only=True)
class Request:
    """A request as it came, and how it was answered."""

    method: str
    path: str
    headers: dict[str, str]
    payload: Any = None
    """Decoded JSON of the body, or of the part `payload_json`."""
    files: dict[int, Upload] = field(default_factory=dict)
    status: int = 0


class Service:
    """All entities, interactions, requests and violations."""

    def __init__(self) -> None:
        """Begin with an empty world."""
        self.world = Entities()
        self.url = ""
        self.faults = Faults()
        self.buckets = Buckets()
        self.session_limits = SessionLimits()
        self.requests: list[Request] = []
        self.violations: list[str] = []
        self.interactions: dict[str, Interaction] = {}
        """By token."""
        self.dispatch: Dispatch = lambda *_, **__: None
        """Sends a gateway event to those who may know; set by the gateway."""
        self.dispatch_to: Dispatch = lambda *_: None
        """Sends one to the sessions of an application."""
        self.flush: Flush = _nothing
        """Sends what was dispatched."""

    def violated(self, where: str, problems: Iterable[Problem | str]) -> None:
        """Note what should not have been sent."""
        self.violations += [f"{where}: {problem}" for problem in problems]

    def examine(self, request: Request, problems: Iterable[Problem]) -> None:
        """Note problems of a request.

        Raises:
            InvalidForm: at least one is refused.

        """
        found = list(problems)
        self.violated(f"{request.method} {request.path}", found)
        if refused := [problem for problem in found if problem.refused]:
            raise InvalidForm(refused)

    def compose(
        self,
        request: Request,
        way: str,
        message: Message,
        payload: dict[str, Any],
        granted: Permission,
    ) -> None:
        """Give a message the content of a request, be it new or edited.

        Raises:
            ApiError: it breaks limits, or nothing would be left to show.

        """
        kept = {attachment.id: attachment.name for attachment in message.attachments}
        self.examine(request, check_message(way, payload, request.files, kept))
        edited = {
            key: payload[key]
            for key in ("content", "embeds", "components", "attachments")
            if key in payload
        }
        shown: dict[str, Any] = {
            "content": message.content,
            "embeds": message.embeds,
            "components": message.components,
            "attachments": message.attachments,
        } | edited
        if is_empty(shown, request.files):
            self.violated(f"{request.method} {request.path}", ["empty message"])
            raise ApiError(EMPTY_MESSAGE)
        message.content = (shown["content"] or "").strip()
        message.embeds = shown["embeds"] or []
        if Permission.EMBED_LINKS not in granted:
            message.embeds = []
        message.components = shown["components"] or []
        message.attachments = self._attachments(
            message.attachments, payload.get("attachments"), request.files
        )
        flags = payload.get("flags")
        if flags is not None:
            message.flags = (message.flags & ~SUPPRESS_EMBEDS) | flags
        message.pinged = self.pinged(message, payload.get("allowed_mentions"), granted)
        message.thinking = False

    def pinged(
        self, message: Message, rules: dict[str, Any] | None, granted: Permission
    ) -> Called:
        """Return whom a message notifies."""
        guild = message.channel.guild
        found = allowed(called(message.content), rules)
        mass = Permission.MENTION_EVERYONE in granted
        users = {user_id for user_id in found.users if user_id in guild.members}
        replied = next(
            (
                other.author.id
                for other in message.channel.messages
                if other.id == message.reply_to
            ),
            None,
        )
        if replied is not None and (rules is None or rules.get("replied_user")):
            users.add(replied)
        return Called(
            found.everyone and mass,
            frozenset(
                role_id
                for role_id in found.roles
                if role_id in guild.roles and (mass or guild.roles[role_id].mentionable)
            ),
            frozenset(users),
        )

    def _attachments(
        self,
        present: list[Attachment],
        listed: list[dict[str, Any]] | None,
        files: Mapping[int, Upload],
    ) -> list[Attachment]:
        """Return the attachments of a message, those that stay and those that came."""
        if listed is None:
            return present + [
                self.world.attach(upload, upload.name, None)
                for upload in files.values()
            ]
        kept = {attachment.id: attachment for attachment in present}
        found = []
        for part in listed:
            number = int(part["id"])
            if number in files:
                upload = files[number]
                found.append(
                    self.world.attach(
                        upload,
                        part.get("filename") or upload.name,
                        part.get("description"),
                    )
                )
            elif number in kept:
                found.append(kept[number])
        listed_numbers = {int(part["id"]) for part in listed}
        found += [
            self.world.attach(upload, upload.name, None)
            for number, upload in files.items()
            if number not in listed_numbers
        ]
        return found

    def publish(self, message: Message) -> None:
        """Add a new message to its channel, and notify those who may read it."""
        message.channel.messages.append(message)
        self._announce("MESSAGE_CREATE", message)

    def republish(self, message: Message) -> None:
        """Report that a message was edited."""
        message.edited = now()
        message.edits += 1
        self._announce("MESSAGE_UPDATE", message)

    def _announce(self, event: str, message: Message) -> None:
        if message.ephemeral or message.thinking:
            return
        self.dispatch(
            event,
            lambda content: (
                message_payload(message, self.world, self.url, content=content)
                | {"guild_id": str(message.channel.guild.id)}
                | self._author(message)
            ),
            channel=message.channel,
            message=message,
        )

    def _author(self, message: Message) -> dict[str, Any]:
        """Return what the guild knows of the author, unless it is a webhook."""
        member = message.channel.guild.members.get(message.author.id)
        if member is None:
            return {}
        return {
            "member": {
                "roles": [str(role.id) for role in member.roles],
                "joined_at": None,
                "deaf": False,
                "mute": False,
                "flags": 0,
            }
        }

    def withdraw(self, message: Message) -> None:
        """Delete a message."""
        message.channel.messages.remove(message)
        if not message.ephemeral:
            self.dispatch(
                "MESSAGE_DELETE",
                lambda _: {
                    "id": str(message.id),
                    "channel_id": str(message.channel.id),
                    "guild_id": str(message.channel.guild.id),
                },
                channel=message.channel,
            )

    def find_message(self, channel: Channel, message_id: int) -> Message | None:
        """Return a message of a channel that all may see."""
        return next(
            (
                message
                for message in channel.messages
                if message.id == message_id and not message.ephemeral
            ),
            None,
        )


async def _nothing() -> None:
    """Send nothing: there is no gateway yet."""
