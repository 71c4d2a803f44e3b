"""What people can get wrong, and what they are told. Pure."""

from ..message import Embed, Message
from ..palette import LOOKS, Condition
from .model import Answer


class Problem(Exception):
    """A command that cannot be done as it was given; the text says why, in Markdown."""


def refusal(text: str) -> Answer:
    """Return what is told to the caller alone."""
    return Answer(
        messages=(
            Message(
                embeds=(Embed(description=text, color=LOOKS[Condition.NOTICE].color),)
            ),
        ),
        private=True,
    )
