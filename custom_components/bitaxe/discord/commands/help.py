"""What can be asked, and how."""

from collections.abc import Iterable, Iterator

from ...formatting import Texts
from ..messages.colors import NEUTRAL
from ..messages.model import Embed, EmbedField, Message
from .spec import CommandSpec


def help_message(
    commands: Iterable[CommandSpec], texts: Texts, *, control: bool, prefix: bool
) -> Message:
    """Return the commands, those that control only for who may use them."""
    commands = list(commands)
    fields = [
        EmbedField(
            texts("discord_command.ask"),
            "\n".join(_lines((it for it in commands if not it.control), texts)),
        )
    ]
    if control:
        fields.append(
            EmbedField(
                texts("discord_command.control"),
                "\n".join(_lines((it for it in commands if it.control), texts)),
            )
        )
    notes = [
        texts("discord_command.hint"),
        *([texts("discord_command.as_message")] if prefix else []),
        *([] if control else [texts("discord_command.no_control")]),
    ]
    return Message(
        embeds=(
            Embed(
                title=texts("discord_command.commands"),
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


def _lines(commands: Iterable[CommandSpec], texts: Texts) -> Iterator[str]:
    for spec in commands:
        yield f"`{usage(spec)}` {texts(spec.description)}"
