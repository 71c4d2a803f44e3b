"""Routes for webhooks, and for the answers that follow a first one."""

from typing import Any

from aiohttp import web

from .clock import now
from .entities import Message, User, Webhook
from .errors import (
    FORUM_NEEDS_THREAD,
    INVALID_WEBHOOK_TOKEN,
    MISSING_PERMISSIONS,
    UNKNOWN_MESSAGE,
    UNKNOWN_WEBHOOK,
    ApiError,
)
from .interactions import DEFERRED_UPDATE, LIFETIME, Interaction
from .payloads import message_payload, webhook_payload
from .permissions import ALL, Permission
from .rest import Rest, number
from .rest_messages import body
from .service import Request

_ORIGINAL = "@original"


class Webhooks:
    """Posting with an address instead of a bot."""

    def __init__(self, rest: Rest) -> None:
        """Serve the routes."""
        self._rest = rest
        self._service = rest.service
        hook = "/webhooks/{webhook_id}"
        secret = hook + "/{webhook_token}"
        message = secret + "/messages/{message_id}"
        rest.add("GET", hook, self._get_as_bot)
        rest.add("GET", secret, self._get)
        rest.add("POST", secret, self._post)
        rest.add("GET", message, self._get_message)
        rest.add("PATCH", message, self._edit)
        rest.add("DELETE", message, self._delete)

    async def _get_as_bot(self, request: Request, http: web.Request) -> Any:
        application = self._rest.bot(request)
        webhook = self._service.world.webhooks.get(
            number(http, "webhook_id", UNKNOWN_WEBHOOK)
        )
        if webhook is None:
            raise ApiError(UNKNOWN_WEBHOOK)
        granted = webhook.channel.guild.permissions(application.bot, webhook.channel)
        if Permission.MANAGE_WEBHOOKS not in granted:
            raise ApiError(MISSING_PERMISSIONS)
        return webhook_payload(webhook)

    async def _get(self, request: Request, http: web.Request) -> Any:
        return webhook_payload(self._find(http))

    async def _post(self, request: Request, http: web.Request) -> Any:
        if interaction := self._interaction(http):
            message = self.follow_up(request, interaction)
            return self._payload(message)
        webhook = self._find(http)
        payload = body(request)
        if webhook.channel.has_threads_only and not (
            payload.get("thread_name") or http.query.get("thread_id")
        ):
            raise ApiError(FORUM_NEEDS_THREAD)
        message = Message(
            id=self._service.world.snowflakes.next(),
            channel=webhook.channel,
            author=User(
                id=webhook.id, name=payload.get("username") or webhook.name, bot=True
            ),
            webhook_id=webhook.id,
        )
        self._service.compose(request, "webhook", message, payload, ALL)
        message.components = []
        self._service.publish(message)
        if http.query.get("wait") not in {"true", "1", "True"}:
            return None
        return self._payload(message)

    def follow_up(self, request: Request, interaction: Interaction) -> Message:
        """Post another answer; the first after a promise takes its place."""
        original = interaction.original
        if original is not None and original.thinking:
            self._answer(request, interaction, original)
            return original
        message = Message(
            id=self._service.world.snowflakes.next(),
            channel=interaction.channel,
            author=interaction.application.bot,
            application=interaction.application,
            webhook_id=interaction.application.id,
        )
        self._answer(request, interaction, message)
        if message.ephemeral:
            message.only_for = interaction.user
        interaction.messages.append(message)
        self._service.publish(message)
        return message

    def _answer(
        self, request: Request, interaction: Interaction, message: Message
    ) -> None:
        granted = interaction.channel.guild.permissions(
            interaction.user, interaction.channel
        )
        self._service.compose(
            request,
            "interaction",
            message,
            body(request),
            granted | Permission.EMBED_LINKS,
        )

    async def _get_message(self, request: Request, http: web.Request) -> Any:
        return self._payload(self._find_message(http))

    async def _edit(self, request: Request, http: web.Request) -> Any:
        message = self._find_message(http)
        thinking = message.thinking
        if interaction := self._interaction(http):
            self._answer(request, interaction, message)
            if (
                interaction.first == DEFERRED_UPDATE
                and message not in interaction.messages
            ):
                interaction.messages.insert(0, message)
        else:
            self._service.compose(request, "webhook", message, body(request), ALL)
        if not thinking:
            self._service.republish(message)
        return self._payload(message)

    async def _delete(self, request: Request, http: web.Request) -> Any:
        message = self._find_message(http)
        interaction = self._interaction(http)
        if interaction is not None and interaction.original is message:
            # What follows now is a message of its own.
            interaction.original = None
        self._service.withdraw(message)

    def _find_message(self, http: web.Request) -> Message:
        interaction = self._interaction(http)
        wanted = http.match_info["message_id"]
        messages: list[Message] = []
        if interaction is not None:
            if wanted == _ORIGINAL and interaction.original is not None:
                return interaction.original
            messages = interaction.messages
        else:
            webhook = self._find(http)
            messages = [
                message
                for message in webhook.channel.messages
                if message.webhook_id == webhook.id
            ]
        for message in messages:
            if str(message.id) == wanted:
                return message
        raise ApiError(UNKNOWN_MESSAGE)

    def _interaction(self, http: web.Request) -> Interaction | None:
        """Return the interaction whose token this is, if it belongs to one."""
        owner = number(http, "webhook_id", UNKNOWN_WEBHOOK)
        if owner not in self._service.world.applications:
            return None
        interaction = self._service.interactions.get(http.match_info["webhook_token"])
        if (
            interaction is None
            or interaction.application.id != owner
            or interaction.first is None
        ):
            raise ApiError(UNKNOWN_WEBHOOK)
        if now() - interaction.asked > LIFETIME:
            self._service.violated(
                f"answer to {interaction.data.get('name', interaction.kind)}",
                [f"later than {LIFETIME / 60:.0f} min"],
            )
            raise ApiError(INVALID_WEBHOOK_TOKEN)
        return interaction

    def _find(self, http: web.Request) -> Webhook:
        webhook = self._service.world.webhooks.get(
            number(http, "webhook_id", UNKNOWN_WEBHOOK)
        )
        if webhook is None:
            raise ApiError(UNKNOWN_WEBHOOK)
        if webhook.token != http.match_info["webhook_token"]:
            raise ApiError(INVALID_WEBHOOK_TOKEN)
        return webhook

    def _payload(self, message: Message) -> dict[str, Any]:
        return message_payload(message, self._service.world, self._service.url)
