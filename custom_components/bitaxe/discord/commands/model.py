"""What a command is, who calls it, and how it is answered. Pure."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

from ..message import Message

CONFIRM_SECONDS: Final = 60.0
"""s in which a dangerous command can be confirmed."""


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
    kind: Literal["miner", "span", "number", "text"]
    required: bool = True
    choices: tuple[str, ...] = ()
    """What is suggested; other values are possible."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandSpec:
    """A command, as it is offered."""

    name: str
    description: str
    """At most 100 characters."""
    parameters: tuple[Parameter, ...] = ()
    """Required ones come first."""
    control: bool = False
    """Whether it changes something, which is for chosen people only."""


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
