"""Slash commands as Discord's API wants them. Pure.

They are commands of a server, not of the application: those appear at once, and only
where a channel is that honours them.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ...formatting import Texts
from . import CommandSpec, Parameter, find_command

_CHAT_INPUT: Final = 1
_OPTION_STRING: Final = 3
_OPTION_NUMBER: Final = 10


def commands_payload(
    commands: Iterable[CommandSpec], texts: Texts
) -> list[dict[str, Any]]:
    """Return the commands as Discord is to register them."""
    return [
        {
            "type": _CHAT_INPUT,
            "name": command.name,
            "description": texts(command.description),
            "options": [_option(parameter, texts) for parameter in command.parameters],
        }
        for command in commands
    ]


def _option(parameter: Parameter, texts: Texts) -> dict[str, Any]:
    option: dict[str, Any] = {
        "name": parameter.name,
        "description": texts(parameter.description),
        "required": parameter.required,
    }
    if parameter.kind == "number":
        return {**option, "type": _OPTION_NUMBER}
    return {**option, "type": _OPTION_STRING, "autocomplete": True}


def same_commands(
    wanted: Sequence[Mapping[str, Any]], present: Sequence[Mapping[str, Any]]
) -> bool:
    """Return whether Discord has exactly the commands that are wanted, in any order."""
    return _comparable(wanted) == _comparable(present)


def all_ours(present: Iterable[Mapping[str, Any]]) -> bool:
    """Return whether all commands Discord has bear names of ours."""
    return all(find_command(command["name"]) is not None for command in present)


def _comparable(commands: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what matters of commands; Discord adds a lot, and omits what is false."""
    return {
        command["name"]: (
            command.get("type", _CHAT_INPUT),
            command["description"],
            [
                (
                    option["type"],
                    option["name"],
                    option["description"],
                    bool(option.get("required")),
                    bool(option.get("autocomplete")),
                )
                for option in command.get("options") or ()
            ],
        )
        for command in commands
    }
