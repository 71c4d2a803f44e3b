"""The route for the first answer to an interaction."""

from typing import Any

from aiohttp import web

from .clock import now
from .commands import check_choices
from .entities import Message
from .errors import ALREADY_ACKNOWLEDGED, UNKNOWN_INTERACTION, ApiError, InvalidForm
from .interactions import (
    ANSWERS,
    CHOICES,
    DEADLINE,
    DEFERRED_MESSAGE,
    MESSAGE,
    UPDATE,
    Interaction,
)
from .limits import Problem
from .messages import EPHEMERAL
from .permissions import Permission
from .rest import Rest
from .rest_messages import body
from .service import Request


class Interactions:
    """Takes first answers, within their three seconds."""

    def __init__(self, rest: Rest) -> None:
        """Serve the route."""
        self._service = rest.service
        rest.add(
            "POST",
            "/interactions/{interaction_id}/{interaction_token}/callback",
            self._callback,
        )

    async def _callback(self, request: Request, http: web.Request) -> Any:
        interaction = self._find(request, http)
        payload = body(request)
        kind = payload.get("type")
        if kind not in ANSWERS[interaction.kind]:
            self._service.examine(
                request,
                [
                    Problem(
                        ("type",),
                        "BASE_TYPE_CHOICES",
                        f"{kind} is no answer to a {interaction.kind}.",
                    )
                ],
            )
        data = payload.get("data") or {}
        if not isinstance(data, dict):
            raise InvalidForm([Problem(("data",), "BASE_TYPE_BAD_TYPE", "No object.")])
        if kind == CHOICES:
            self._service.examine(
                request,
                check_choices(
                    ("data", "choices"), data.get("choices"), interaction.completes
                ),
            )
            interaction.choices = data["choices"]
        elif kind in (MESSAGE, DEFERRED_MESSAGE):
            self._answer(request, interaction, data, promised=kind == DEFERRED_MESSAGE)
        else:
            interaction.original = interaction.source
            if kind == UPDATE:
                self._update(request, interaction, data)
        interaction.first = kind
        interaction.answered = now()

    def _find(self, request: Request, http: web.Request) -> Interaction:
        interaction = self._service.interactions.get(
            http.match_info["interaction_token"]
        )
        if (
            interaction is None
            or str(interaction.id) != http.match_info["interaction_id"]
        ):
            raise ApiError(UNKNOWN_INTERACTION)
        if interaction.first is not None:
            self._service.violated(
                f"{request.method} {request.path}", ["answered twice"]
            )
            raise ApiError(ALREADY_ACKNOWLEDGED)
        waited = now() - interaction.asked
        if waited > DEADLINE:
            self._service.violated(
                f"answer to {interaction.data.get('name', interaction.kind)}",
                [f"first answer after {waited:.1f} s, {DEADLINE:.0f} s at most"],
            )
            raise ApiError(UNKNOWN_INTERACTION)
        return interaction

    def _answer(
        self,
        request: Request,
        interaction: Interaction,
        data: dict[str, Any],
        *,
        promised: bool,
    ) -> None:
        message = Message(
            id=self._service.world.snowflakes.next(),
            channel=interaction.channel,
            author=interaction.application.bot,
            application=interaction.application,
            webhook_id=interaction.application.id,
            thinking=promised,
            flags=int(data.get("flags") or 0),
        )
        if not promised:
            self._compose(request, interaction, message, data)
        if message.flags & EPHEMERAL:
            message.only_for = interaction.user
        interaction.original = message
        interaction.messages.append(message)
        self._service.publish(message)

    def _update(
        self, request: Request, interaction: Interaction, data: dict[str, Any]
    ) -> None:
        source = interaction.source
        assert source is not None
        self._compose(request, interaction, source, data)
        interaction.messages.append(source)
        self._service.republish(source)

    def _compose(
        self,
        request: Request,
        interaction: Interaction,
        message: Message,
        data: dict[str, Any],
    ) -> None:
        granted = interaction.channel.guild.permissions(
            interaction.user, interaction.channel
        )
        self._service.compose(
            request, "interaction", message, data, granted | Permission.EMBED_LINKS
        )
