"""What can be asked, and how."""

from collections.abc import Iterable, Iterator
from typing import Final

from ..message import Embed, EmbedField, Message
from ..palette import NEUTRAL
from .model import CommandSpec

_HINT: Final = (
    "A part of a miner's name is enough, if no other has it. Spans: `1h`, `24h`, `7d`, "
    "`14d` and the like."
)
_PREFIXED: Final = "Each also works as a message, such as `!status`."
_NO_CONTROL: Final = "Only chosen people may control miners."


def help_message(
    commands: Iterable[CommandSpec], *, control: bool, prefix: bool
) -> Message:
    """Return the commands, those that control only for who may use them."""
    commands = list(commands)
    fields = [
        EmbedField(
            "Ask", "\n".join(_lines(item for item in commands if not item.control))
        )
    ]
    if control:
        fields.append(
            EmbedField(
                "Control", "\n".join(_lines(item for item in commands if item.control))
            )
        )
    notes = [
        _HINT,
        *([_PREFIXED] if prefix else []),
        *([] if control else [_NO_CONTROL]),
    ]
    return Message(
        embeds=(
            Embed(
                title="Commands",
                description="\n".join(notes),
                color=NEUTRAL,
                fields=tuple(fields),
            ),
        )
    )


def usage(spec: CommandSpec) -> str:
    """Return how a command is written, such as `/clock <miner> <frequency>`."""
    parts = [
        f"<{parameter.name}>" if parameter.required else f"[{parameter.name}]"
        for parameter in spec.parameters
    ]
    return " ".join([f"/{spec.name}", *parts])


def _lines(commands: Iterable[CommandSpec]) -> Iterator[str]:
    for spec in commands:
        yield f"`{usage(spec)}` {spec.description}"
