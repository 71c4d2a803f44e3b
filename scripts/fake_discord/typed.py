"""Slash commands as people type them: `/miner name:office span:24h`; pure."""

from collections.abc import Iterator
import re
from typing import Any

from .commands import INTEGER, NUMBER

_OPTION = re.compile(r"(?:^|\s)([-\w]+):")


def split(text: str) -> tuple[str, str]:
    """Return the name of a command, and what follows it."""
    name, _, rest = text.removeprefix("/").strip().partition(" ")
    return name, rest.strip()


def options(command: dict[str, Any], text: str) -> dict[str, object]:
    """Return the options that are typed; a value without a name is the first one's.

    Raises:
        ValueError: a number is none.

    """
    described = {option["name"]: option for option in command["options"]}
    found: dict[str, object] = {}
    for name, value in _pairs(text, described):
        kind = described[name]["type"]
        if kind == INTEGER:
            found[name] = int(value)
        elif kind == NUMBER:
            found[name] = float(value)
        else:
            found[name] = value
    return found


def being_typed(command: dict[str, Any], text: str) -> tuple[str, str] | None:
    """Return the option that is typed last, and its text so far."""
    described = {option["name"]: option for option in command["options"]}
    pairs = list(_pairs(text, described, empty=True))
    if pairs:
        return pairs[-1]
    return (next(iter(described)), "") if described else None


def _pairs(
    text: str, described: dict[str, Any], *, empty: bool = False
) -> Iterator[tuple[str, str]]:
    marks = [mark for mark in _OPTION.finditer(text) if mark[1] in described]
    head = text[: marks[0].start()] if marks else text
    if head.strip() and described:
        yield next(iter(described)), head.strip()
    for index, mark in enumerate(marks):
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        value = text[mark.end() : end].strip()
        if value or empty:
            yield mark[1], value
