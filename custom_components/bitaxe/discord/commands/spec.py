"""What is known of each command: how it is offered, and what answers it."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from homeassistant.core import HomeAssistant

from ...formatting import Texts
from ...results.helpers import DEFAULT_SPAN
from ...swarm.coordinator import Swarm
from ...texts import async_get_texts
from ..channel.settings import EVERYONE, ChannelSettings
from ..messages.model import Mention, Message
from .actions import Order, Request
from .model import Caller, Parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A command that changes nothing, as it was given."""

    hass: HomeAssistant
    swarm: Swarm
    settings: ChannelSettings
    """Of the channel it was given in."""
    caller: Caller
    arguments: Mapping[str, str]

    @property
    def texts(self) -> Texts:
        """Texts in the language of Home Assistant."""
        return async_get_texts(self.hass)

    @property
    def span(self) -> str:
        """The span that is asked for, as it was written."""
        text = self.arguments.get("span", "").strip() or DEFAULT_SPAN
        # People write `report 12` and mean hours.
        return f"{text}h" if text.isdecimal() else text


type Answering = Callable[[Question], Awaitable[Message]]
type Ordering = Callable[[Request, Mapping[str, str]], Awaitable[Order]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A command: one of `answer` and `order` is there."""

    name: str
    description: str
    """Key of the text; in each language at most 100 characters."""
    parameters: tuple[Parameter, ...] = ()
    """Required ones come first."""
    answer: Answering | None = None
    """Answers a question."""
    order: Ordering | None = None
    """Makes an order of what is to be changed, which is for chosen people only."""

    @property
    def control(self) -> bool:
        """Whether it changes something."""
        return self.order is not None


def may_control(settings: ChannelSettings, caller: Caller) -> bool:
    """Return whether somebody may control miners from a channel."""
    return any(
        item == EVERYONE
        or item == Mention("user", caller.user_id)
        or (
            isinstance(item, Mention)
            and item.kind == "role"
            and item.id in caller.role_ids
        )
        for item in settings.control
    )
