"""Limits and shapes of application commands and of their completion; pure."""

from collections.abc import Iterator
import re
from typing import Any

from .limits import (
    Path,
    Problem,
    check_count,
    check_keys,
    check_text,
    required,
    wrong_type,
)

COMMANDS = 100
"""In one scope."""
OPTIONS = 25
CHOICES = 25
NAME = 32
DESCRIPTION = 100
CHOICE = 100
TOTAL = 8000
"""Characters of names, descriptions and values of a command and all its parts."""

CHAT_INPUT = 1
SUB_COMMAND = 1
SUB_COMMAND_GROUP = 2
STRING = 3
INTEGER = 4
NUMBER = 10

_KEYS = {
    *("id", "application_id", "guild_id", "version", "type", "name"),
    *("name_localizations", "description", "description_localizations", "options"),
    *("default_member_permissions", "dm_permission", "default_permission", "nsfw"),
    *("integration_types", "contexts", "handler"),
}
_OPTION_KEYS = {
    *("type", "name", "name_localizations", "description"),
    *("description_localizations", "required", "choices", "options"),
    *("channel_types", "min_value", "max_value", "min_length", "max_length"),
    "autocomplete",
}


def check_commands(commands: object) -> Iterator[Problem]:
    """Check a list that replaces all commands of a scope."""
    yield from check_count((), commands, COMMANDS)
    if not isinstance(commands, list):
        return
    seen: set[tuple[object, object]] = set()
    for index, command in enumerate(commands):
        if not isinstance(command, dict):
            yield wrong_type((index,), "an object")
            continue
        yield from check_command(command, (index,))
        key = (command.get("type", CHAT_INPUT), command.get("name"))
        if key in seen:
            yield Problem(
                (index, "name"),
                "APPLICATION_COMMANDS_DUPLICATE_NAME",
                "Application command names must be unique",
            )
        seen.add(key)


def check_command(command: dict[str, Any], path: Path = ()) -> Iterator[Problem]:
    """Check a command."""
    yield from check_keys(path, command, _KEYS)
    if command.get("type", CHAT_INPUT) == CHAT_INPUT:
        yield from _check_name((*path, "name"), command.get("name"))
        yield from check_text(
            (*path, "description"),
            command.get("description"),
            DESCRIPTION,
            needed=True,
        )
        yield from _check_options((*path, "options"), command.get("options"))
    else:
        yield from check_text((*path, "name"), command.get("name"), NAME, needed=True)
    total = _size(command)
    if total > TOTAL:
        yield Problem(
            path,
            "APPLICATION_COMMAND_TOO_LARGE",
            f"Command exceeds maximum size of {TOTAL}, and has {total}.",
        )
    permissions = command.get("default_member_permissions")
    if permissions is not None and not str(permissions).isdecimal():
        yield wrong_type((*path, "default_member_permissions"), "a number as text")


def _size(part: dict[str, Any]) -> int:
    size = sum(
        len(part[key])
        for key in ("name", "description")
        if isinstance(part.get(key), str)
    )
    size += sum(
        len(choice.get("name", "")) + len(str(choice.get("value", "")))
        for choice in part.get("choices") or []
    )
    return size + sum(_size(option) for option in part.get("options") or [])


def _check_name(path: Path, name: object) -> Iterator[Problem]:
    if name is None or name == "":
        yield required(path)
    elif not isinstance(name, str):
        yield wrong_type(path, "a text")
    elif not re.fullmatch(rf"[-_'\w]{{1,{NAME}}}", name) or name != name.lower():
        yield Problem(
            path,
            "APPLICATION_COMMAND_INVALID_NAME",
            f"Command name is invalid: {name!r}",
        )


def _check_options(path: Path, options: object) -> Iterator[Problem]:
    if options is None:
        return
    yield from check_count(path, options, OPTIONS)
    if not isinstance(options, list):
        return
    names: set[object] = set()
    optional = False
    for index, option in enumerate(options):
        place = (*path, index)
        yield from check_keys(place, option, _OPTION_KEYS)
        name = option.get("name")
        yield from _check_name((*place, "name"), name)
        yield from check_text(
            (*place, "description"), option.get("description"), DESCRIPTION, needed=True
        )
        if name in names:
            yield Problem(
                (*place, "name"),
                "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS",
                "Option names must be unique",
            )
        names.add(name)
        kind = option.get("type")
        if kind not in range(1, 12):
            yield Problem(
                (*place, "type"), "BASE_TYPE_CHOICES", "Must be one of 1 to 11."
            )
        if kind in (SUB_COMMAND, SUB_COMMAND_GROUP):
            yield from _check_options((*place, "options"), option.get("options"))
            continue
        if not option.get("required"):
            optional = True
        elif optional:
            yield Problem(
                place,
                "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID",
                "Required options must be placed before non-required options",
            )
        yield from _check_choices(place, option)


def _check_choices(path: Path, option: dict[str, Any]) -> Iterator[Problem]:
    choices = option.get("choices")
    if not choices:
        return
    if option.get("autocomplete"):
        yield Problem(
            (*path, "autocomplete"),
            "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES",
            "An option has choices or completes, not both.",
        )
    yield from check_choices((*path, "choices"), choices, option.get("type"))


def check_choices(path: Path, choices: object, kind: object) -> Iterator[Problem]:
    """Check choices of an option of a kind, fixed ones or those of a completion."""
    yield from check_count(path, choices, CHOICES)
    if not isinstance(choices, list):
        return
    for index, choice in enumerate(choices):
        place = (*path, index)
        yield from check_keys(place, choice, {"name", "name_localizations", "value"})
        yield from check_text((*place, "name"), choice.get("name"), CHOICE, needed=True)
        value = choice.get("value")
        if kind == STRING:
            yield from check_text((*place, "value"), value, CHOICE, needed=True)
        elif not isinstance(value, int | float):
            yield wrong_type((*place, "value"), "a number")
