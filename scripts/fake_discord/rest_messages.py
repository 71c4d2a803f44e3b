"""Routes for messages of bots."""

from typing import Any

from aiohttp import web

from .entities import Channel, Message
from .errors import (
    MISSING_PERMISSIONS,
    NOT_A_TEXT_CHANNEL,
    NOT_THE_AUTHOR,
    UNKNOWN_MESSAGE,
    ApiError,
    InvalidForm,
)
from .limits import wrong_type
from .payloads import message_payload
from .permissions import Permission
from .rest import Rest, number
from .rest_directory import find_channel
from .service import Request


class Messages:
    """Posting, editing, deleting and reading as a bot."""

    def __init__(self, rest: Rest) -> None:
        """Serve the routes."""
        self._rest = rest
        self._service = rest.service
        messages = "/channels/{channel_id}/messages"
        rest.add("POST", "/channels/{channel_id}/typing", self._typing)
        rest.add("POST", messages, self._post)
        rest.add("GET", messages, self._list)
        rest.add("GET", messages + "/{message_id}", self._get)
        rest.add("PATCH", messages + "/{message_id}", self._edit)
        rest.add("DELETE", messages + "/{message_id}", self._delete)

    async def _typing(self, request: Request, http: web.Request) -> Any:
        _, granted = find_channel(self._rest, self._rest.bot(request), http)
        _need(granted, Permission.SEND_MESSAGES)

    async def _post(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        channel, granted = find_channel(self._rest, application, http)
        _need(granted, Permission.SEND_MESSAGES)
        if not channel.takes_messages:
            raise ApiError(NOT_A_TEXT_CHANNEL)
        if request.files:
            _need(granted, Permission.ATTACH_FILES)
        payload = body(request)
        if payload.get("enforce_nonce") and (nonce := payload.get("nonce")) is not None:
            for posted in channel.messages:
                if posted.nonce == nonce and posted.author is application.bot:
                    return self._payload(posted)
        message = Message(
            id=self._service.world.snowflakes.next(),
            channel=channel,
            author=application.bot,
            application=application,
            nonce=payload.get("nonce"),
        )
        if reference := payload.get("message_reference"):
            _need(granted, Permission.READ_MESSAGE_HISTORY)
            message.reply_to = int(reference["message_id"])
            known = self._service.find_message(channel, message.reply_to)
            if known is None and reference.get("fail_if_not_exists", True):
                raise ApiError(UNKNOWN_MESSAGE)
        self._service.compose(request, "channel", message, payload, granted)
        self._service.publish(message)
        return self._payload(message)

    async def _list(self, request: Request, http: web.Request) -> Any:
        channel, granted = find_channel(self._rest, self._rest.bot(request), http)
        if Permission.READ_MESSAGE_HISTORY not in granted:
            return []
        limit = int(http.query.get("limit", "50"))
        shown = [message for message in channel.messages if not message.ephemeral]
        return [self._payload(message) for message in reversed(shown[-limit:])]

    async def _get(self, request: Request, http: web.Request) -> Any:
        channel, granted = find_channel(self._rest, self._rest.bot(request), http)
        _need(granted, Permission.READ_MESSAGE_HISTORY)
        return self._payload(self._find(channel, http))

    async def _edit(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        channel, granted = find_channel(self._rest, application, http)
        message = self._find(channel, http)
        if message.author is not application.bot:
            raise ApiError(NOT_THE_AUTHOR)
        self._service.compose(request, "channel", message, body(request), granted)
        self._service.republish(message)
        return self._payload(message)

    async def _delete(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        channel, granted = find_channel(self._rest, application, http)
        message = self._find(channel, http)
        if message.author is not application.bot:
            _need(granted, Permission.MANAGE_MESSAGES)
        self._service.withdraw(message)

    def _find(self, channel: Channel, http: web.Request) -> Message:
        message = self._service.find_message(
            channel, number(http, "message_id", UNKNOWN_MESSAGE)
        )
        if message is None:
            raise ApiError(UNKNOWN_MESSAGE)
        return message

    def _payload(self, message: Message) -> dict[str, Any]:
        return message_payload(message, self._service.world, self._service.url)


def body(request: Request) -> dict[str, Any]:
    """Return the object that came with a request.

    Raises:
        InvalidForm: it is something else.

    """
    payload = {} if request.payload is None else request.payload
    if not isinstance(payload, dict):
        raise InvalidForm([wrong_type((), "an object")])
    return payload


def _need(granted: Permission, needed: Permission) -> None:
    if needed not in granted:
        raise ApiError(MISSING_PERMISSIONS)
