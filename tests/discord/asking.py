"""Asks the bot's commands as a person would, and reads what it says."""

from dataclasses import dataclass
from typing import Any

from homeassistant.core import HomeAssistant

from custom_components.bitaxe.discord.channel.settings import (
    ChannelKind,
    ChannelSettings,
)
from custom_components.bitaxe.discord.commands import (
    Answer,
    Caller,
    async_run,
    parse_prefix,
)
from custom_components.bitaxe.discord.messages.model import Mention, Message, paginate
from custom_components.bitaxe.swarm.coordinator import Swarm, async_find_swarm

USER = 123456789012345678
ROLE = 223456789012345678


SETTINGS = ChannelSettings(
    kind=ChannelKind.BOT, commands=True, prefix=True, control=(Mention("user", USER),)
)
CALLER = Caller(user_id=USER, user_name="satoshi")


@dataclass(slots=True)
class Talk:
    """A conversation in a channel."""

    hass: HomeAssistant
    settings: ChannelSettings = SETTINGS
    caller: Caller = CALLER
    last: Answer | None = None

    @property
    def swarm(self) -> Swarm:
        """The swarm that is talked about."""
        swarm = async_find_swarm(self.hass)
        assert swarm is not None
        return swarm

    async def ask(self, name: str, **arguments: str) -> str:
        """Give a command, and return all of the answer as text."""
        self.last = await async_run(
            self.hass,
            self.swarm,
            self.settings,
            "#miners",
            self.caller,
            name,
            arguments,
        )
        return read(*self.last.messages)

    async def write(self, text: str) -> str:
        """Give a command as a message."""
        parsed = parse_prefix(text)
        assert parsed is not None
        name, arguments = parsed
        return await self.ask(name, **arguments)

    async def agree(self) -> str:
        """Press the button that says yes."""
        assert self.last is not None
        assert self.last.confirmation is not None
        self.last = await self.last.confirmation.proceed()
        return read(*self.last.messages)

    @property
    def refused(self) -> bool:
        """Whether the last answer is for the caller alone and leads nowhere."""
        assert self.last is not None
        return self.last.private and self.last.confirmation is None

    @property
    def asks_back(self) -> bool:
        """Whether the last answer is a question."""
        assert self.last is not None
        return self.last.confirmation is not None


def read(*messages: Message) -> str:
    """Return everything that can be read in messages, as Discord would get them.

    A space that keeps a figure and its unit in one line is a space.
    """
    lines: list[str] = []
    for message in messages:
        for page in paginate(message):
            lines.append(page.content)
            for embed in page.embeds:
                lines += [embed.title, embed.description]
                for field in embed.fields:
                    lines += [field.name, field.value]
                lines.append(embed.footer)
    return "\n".join(line for line in lines if line).replace("\u00a0", " ")


def pictures(message: Message) -> list[Any]:
    """Return the names of the pictures that are shown, in their order."""
    return [embed.image for embed in message.embeds if embed.image is not None]
