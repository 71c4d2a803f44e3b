"""What a command is, who calls it, and how it is answered. Pure."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from ..messages.colors import LOOKS, Condition
from ..messages.model import Embed, Message

CONFIRM_SECONDS: Final = 60.0
"""Seconds in which a dangerous command can be confirmed."""
ALL: Final = "all"
"""Stands for every miner, where that is possible."""
AUTO: Final = "auto"
BEST: Final = "best"
ORIGINAL: Final = "original"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who calls a command."""

    user_id: int
    user_name: str
    role_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """Something a command needs to know. Its value is always a text."""

    name: str
    description: str
    """Key of the text; in each language at most 100 characters."""
    kind: Literal["miner", "span", "number", "text", "choice"]
    required: bool = True
    choices: tuple[str, ...] = ()
    """What is suggested; other values are possible, except of a choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation:
    """What happens once the caller, and nobody else, agrees.

    The messages of the answer it comes with ask the question. A refusal needs no more
    than taking the buttons away.
    """

    proceed: Callable[[], Awaitable[Answer]]
    """Do it; like every answer, that of a failure says so and raises nothing."""
    expires_seconds: float = CONFIRM_SECONDS


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said to the caller."""

    messages: tuple[Message, ...]
    """Of any size; `paginate` makes them fit."""
    confirmation: Confirmation | None = None
    private: bool = False
    """Whether only the caller should see it, where that is possible: refusals."""


class Problem(Exception):
    """A command that cannot be done as it was given; the text says why, in Markdown."""


def refusal(text: str) -> Answer:
    """Return what is shown to the caller alone."""
    return Answer(
        messages=(
            Message(
                embeds=(Embed(description=text, color=LOOKS[Condition.NOTICE].color),)
            ),
        ),
        private=True,
    )
