"""Commands that come in, and answers that go out. Imported in the executor only.

Discord shows an error to the caller of a slash command that is not answered within
three seconds. What takes longer is announced, and the answer follows.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
import logging
from secrets import token_urlsafe
from time import monotonic
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
import nextcord
from nextcord import InteractionType

from ...formatting import Texts
from ...texts import async_get_texts
from .. import commands
from ..channel.channel import DiscordChannel
from ..commands import Answer, Caller, Confirmation, find_command
from ..messages.model import Message, paginate
from .nextcord_adapter import as_arguments, discord_errors

if TYPE_CHECKING:
    from ...swarm.coordinator import Swarm

_LOGGER = logging.getLogger(__package__)

PREFIX: Final = "!"
AT_ONCE_SECONDS: Final = 1.0
"""Seconds an answer may take to be given at once; Discord wants something within 3
s."""
_MOST_CHOICES: Final = 25
_MOST_PENDING: Final = 100
"""Questions that wait for an answer at a time; the oldest are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    """A command that waits for its caller to agree."""

    confirmation: Confirmation
    user_id: int
    channel_id: int
    expires: float


class Speaker(Protocol):
    """A bot, as far as a conversation needs it."""

    @property
    def channels(self) -> Mapping[int, DiscordChannel]:
        """Where it answers, by the id of the channel."""

    async def async_send(
        self,
        channel: DiscordChannel,
        page: Message,
        view: nextcord.ui.View | None = None,
    ) -> None:
        """Write one page, perhaps with buttons."""


class Conversation:
    """Answers the commands of one bot."""

    def __init__(self, hass: HomeAssistant, swarm: Swarm, bot: Speaker) -> None:
        """Begin without a question."""
        self._hass = hass
        self._swarm = swarm
        self._bot = bot
        self._questions: dict[str, _Question] = {}

    async def async_interact(self, interaction: nextcord.Interaction[Any]) -> None:
        """Answer a slash command, a completion or a button."""
        try:
            with discord_errors(self._name_of(interaction.channel_id)):
                match interaction.type:
                    case InteractionType.application_command:
                        await self._command(interaction)
                    case InteractionType.application_command_autocomplete:
                        await self._complete(interaction)
                    case InteractionType.component:
                        await self._press(interaction)
        except HomeAssistantError as err:
            _LOGGER.warning("A command could not be answered: %s", err)

    async def async_read(self, message: nextcord.Message) -> None:
        """Answer a message, if it is a command in a channel that wants them."""
        channel = self._bot.channels.get(message.channel.id)
        if (
            channel is None
            or not channel.settings.prefix
            or not message.content.startswith(PREFIX)
            or (parsed := commands.parse_prefix(message.content)) is None
        ):
            return
        name, arguments = parsed
        caller = _caller(message.author, message.guild)
        try:
            answer = await self._run(channel, caller, name, arguments)
            await self._reply(channel, caller, answer)
        except HomeAssistantError as err:
            _LOGGER.warning("A command could not be answered: %s", err)

    async def _command(self, interaction: nextcord.Interaction[Any]) -> None:
        data: Mapping[str, Any] = cast(Mapping[str, Any], interaction.data)
        channel = self._channel_of(interaction)
        if channel is None:
            await self._refuse(interaction, "discord_command.elsewhere")
            return
        if find_command(data["name"]) is None:
            await self._refuse(interaction, "discord_command.unknown")
            return
        assert interaction.user is not None
        caller = _caller(interaction.user, interaction.guild)
        arguments = {
            option["name"]: _text(option["value"]) for option in data.get("options", ())
        }
        await self._answer_in_time(
            interaction,
            channel,
            caller,
            self._run(channel, caller, data["name"], arguments),
        )

    async def _answer_in_time(
        self,
        interaction: nextcord.Interaction[Any],
        channel: DiscordChannel,
        caller: Caller,
        work: Awaitable[Answer],
    ) -> None:
        """Answer at once if possible, or announce an answer and give it later."""
        running = asyncio.ensure_future(work)
        try:
            await asyncio.wait({running}, timeout=AT_ONCE_SECONDS)
            deferred = not running.done() or _is_heavy(running.result())
            if deferred:
                await interaction.response.defer()
            answer = await running
        finally:
            running.cancel()
        if deferred and answer.private:
            # What was announced to all cannot be given to one.
            await interaction.delete_original_message()
        await self._send_answer(
            channel,
            caller,
            answer,
            lambda page, view: _send(interaction, page, view, private=answer.private),
        )

    async def _complete(self, interaction: nextcord.Interaction[Any]) -> None:
        data: Mapping[str, Any] = cast(Mapping[str, Any], interaction.data)
        spec = find_command(data["name"])
        choices: list[str] = []
        if self._channel_of(interaction) is not None and spec is not None:
            for option in data.get("options", ()):
                if option.get("focused"):
                    choices = commands.complete(
                        self._swarm, spec, option["name"], str(option["value"])
                    )
        await interaction.response.send_autocomplete(choices[:_MOST_CHOICES])

    async def _press(self, interaction: nextcord.Interaction[Any]) -> None:
        data: Mapping[str, Any] = cast(Mapping[str, Any], interaction.data)
        key, _, choice = str(data["custom_id"]).partition(":")
        question = self._questions.get(key)
        channel = self._channel_of(interaction)
        if question is None or channel is None or monotonic() > question.expires:
            self._questions.pop(key, None)
            await self._refuse(interaction, "discord_command.expired")
            return
        assert interaction.user is not None
        if (
            interaction.user.id != question.user_id
            or interaction.channel_id != question.channel_id
        ):
            await self._refuse(interaction, "discord_command.not_yours")
            return
        del self._questions[key]
        # Also lets Discord know that the button was noticed.
        await interaction.response.edit_message(view=None)
        caller = _caller(interaction.user, interaction.guild)
        if choice != "yes":
            answer = Answer(
                messages=(Message(content=self._texts("discord_command.cancelled")),)
            )
        elif commands.may_control(channel.settings, caller):
            answer = await self._guarded(question.confirmation.proceed())
        else:
            answer = self._private("discord_command.no_longer")
        await self._send_answer(
            channel,
            caller,
            answer,
            lambda page, view: _send(interaction, page, view, private=answer.private),
        )

    async def _run(
        self,
        channel: DiscordChannel,
        caller: Caller,
        name: str,
        arguments: Mapping[str, str],
    ) -> Answer:
        return await self._guarded(
            commands.async_run(
                self._hass,
                self._swarm,
                channel.settings,
                channel.name,
                caller,
                name,
                arguments,
            )
        )

    async def _reply(
        self, channel: DiscordChannel, caller: Caller, answer: Answer
    ) -> None:
        """Answer in the channel itself, where nothing can be private."""
        await self._send_answer(
            channel,
            caller,
            answer,
            lambda page, view: self._bot.async_send(channel, page, view),
        )

    async def _send_answer(
        self,
        channel: DiscordChannel,
        caller: Caller,
        answer: Answer,
        send: Callable[[Message, nextcord.ui.View | None], Awaitable[None]],
    ) -> None:
        """Send all pages; the last one has the buttons."""
        pages = [page for message in answer.messages for page in paginate(message)]
        for page in pages[:-1]:
            await send(page, None)
        if pages:
            await send(pages[-1], self._buttons(channel, caller, answer.confirmation))

    def _buttons(
        self,
        channel: DiscordChannel,
        caller: Caller,
        confirmation: Confirmation | None,
    ) -> nextcord.ui.View | None:
        """Return buttons with ids that nobody else can guess."""
        if confirmation is None:
            return None
        channel_id = channel.settings.channel_id
        assert channel_id is not None
        key = token_urlsafe(24)
        while len(self._questions) >= _MOST_PENDING:
            del self._questions[next(iter(self._questions))]
        self._questions[key] = _Question(
            confirmation=confirmation,
            user_id=caller.user_id,
            channel_id=channel_id,
            expires=monotonic() + confirmation.expires_seconds,
        )
        view = nextcord.ui.View(timeout=None, auto_defer=False)
        view.add_item(
            nextcord.ui.Button[nextcord.ui.View](
                style=nextcord.ButtonStyle.danger,
                label=self._texts("discord_command.confirm"),
                custom_id=f"{key}:yes",
            )
        )
        view.add_item(
            nextcord.ui.Button[nextcord.ui.View](
                style=nextcord.ButtonStyle.secondary,
                label=self._texts("discord_command.cancel"),
                custom_id=f"{key}:no",
            )
        )
        # The buttons are answered here, so nextcord need not store them.
        view.stop()
        return view

    @property
    def _texts(self) -> Texts:
        return async_get_texts(self._hass)

    async def _refuse(self, interaction: nextcord.Interaction[Any], key: str) -> None:
        """Show the caller alone why there is no answer."""
        await interaction.response.send_message(self._texts(key), ephemeral=True)

    def _private(self, key: str) -> Answer:
        return Answer(messages=(Message(content=self._texts(key)),), private=True)

    async def _guarded(self, work: Awaitable[Answer]) -> Answer:
        """Return the answer, also if there is a bug in making it."""
        try:
            return await work
        except Exception:
            _LOGGER.exception("A command failed")
            return self._private("discord_command.failed")

    def _channel_of(
        self, interaction: nextcord.Interaction[Any]
    ) -> DiscordChannel | None:
        """Return the channel of an interaction, if commands are honoured there."""
        channel = self._bot.channels.get(interaction.channel_id or 0)
        if (
            channel is None
            or not channel.settings.commands
            or channel.settings.guild_id != interaction.guild_id
        ):
            return None
        return channel

    def _name_of(self, channel_id: int | None) -> str:
        channel = self._bot.channels.get(channel_id or 0)
        return channel.name if channel is not None else str(channel_id)


async def _send(
    interaction: nextcord.Interaction[Any],
    page: Message,
    view: nextcord.ui.View | None,
    *,
    private: bool,
) -> None:
    """Send a page as the answer to an interaction, or as what follows that."""
    arguments = as_arguments(page)
    if view is not None:
        arguments["view"] = view
    await interaction.send(**arguments, ephemeral=private)


def _is_heavy(answer: Answer) -> bool:
    """Return whether an answer has files, which may take too long for Discord."""
    return any(message.attachments for message in answer.messages)


def _caller(
    user: nextcord.User | nextcord.Member | Any, guild: nextcord.Guild | None
) -> Caller:
    roles = (
        user.roles if guild is not None and isinstance(user, nextcord.Member) else []
    )
    return Caller(
        user_id=user.id,
        user_name=user.display_name,
        role_ids=frozenset(role.id for role in roles),
    )


def _text(value: object) -> str:
    """Return the value of an option as it would be typed."""
    return f"{value:g}" if isinstance(value, float) else str(value)
