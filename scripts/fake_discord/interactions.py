"""What people ask of an application with `/`, buttons and while they type."""

from dataclasses import dataclass, field
from typing import Any, Literal

from .clock import now
from .entities import Application, Channel, Message, User

DEADLINE = 3.0
"""Seconds until the first answer is due."""
LIFETIME = 15 * 60.0
"""Seconds for which the token of an interaction serves."""

TYPES = {"command": 2, "button": 3, "completion": 4}

PONG = 1
MESSAGE = 4
DEFERRED_MESSAGE = 5
DEFERRED_UPDATE = 6
UPDATE = 7
CHOICES = 8
ANSWERS = {
    "command": {MESSAGE, DEFERRED_MESSAGE},
    "button": {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE},
    "completion": {CHOICES},
}
"""Kinds of first answers by the kind of the interaction."""


@dataclass(eq=False, kw_only=True)
class Interaction:
    """One thing somebody asked, and what came of it."""

    id: int
    token: str
    kind: Literal["command", "button", "completion"]
    application: Application
    channel: Channel
    user: User
    data: dict[str, Any]
    source: Message | None = None
    """Message of the button."""
    completes: int | None = None
    """Kind of the option that is being typed."""
    asked: float = field(default_factory=now)
    answered: float | None = None
    """When the first answer came."""
    first: int | None = None
    """Kind of the first answer."""
    original: Message | None = None
    """The message that `@original` names."""
    messages: list[Message] = field(default_factory=list)
    """All messages that answer it; the first may stand for one still to come."""
    choices: list[dict[str, Any]] = field(default_factory=list)
    """What a completion offers."""

    @property
    def delay(self) -> float | None:
        """Seconds until the first answer, None as long as there is none."""
        return None if self.answered is None else self.answered - self.asked

    @property
    def deferred(self) -> bool:
        """Whether the first answer only said that another follows."""
        return self.first in (DEFERRED_MESSAGE, DEFERRED_UPDATE)

    @property
    def finished(self) -> bool:
        """Whether the person sees an answer."""
        if self.first == DEFERRED_UPDATE:
            return any(message is not None for message in self.messages)
        return self.first is not None and not (
            self.original is not None and self.original.thinking
        )

    @property
    def answer(self) -> Message:
        """The first message of the answer."""
        assert self.messages, "the answer is no message"
        return self.messages[0]

    @property
    def private(self) -> bool:
        """Whether only the person who asked sees the answer."""
        return self.answer.ephemeral

    @property
    def text(self) -> str:
        """All that can be read in the answer."""
        return "\n".join(message.text for message in self.messages)
