"""Commands written as messages, such as `!clock office 525`. Pure.

Names of miners may have several words, so what stands behind them is recognised by its
look; quotation marks help where that goes wrong. Anything can be named, too:
`power=20`.
"""

from collections.abc import Mapping
import re
from typing import Final

from .catalogue import find_command
from .model import ALL, AUTO, BEST, Parameter
from .spec import CommandSpec

PREFIX: Final = "!"

_WORD: Final = re.compile(r'"([^"]*)"|(\S+)')
_NAMED: Final = re.compile(r"([a-z]+)=(\S+)", re.IGNORECASE)
_LOOSE_UNIT: Final = re.compile(r"(\d)\s+(%|mhz\b|mv\b)", re.IGNORECASE)
_LOOKS: Final[Mapping[str, re.Pattern[str]]] = {
    "span": re.compile(rf"\d+\s*[mhdwy]|{ALL}", re.IGNORECASE),
    "number": re.compile(r"[-+]?\d+(?:[.,]\d+)?\s*(?:mhz|mv)?", re.IGNORECASE),
    "text": re.compile(
        rf"[-+]?\d+(?:[.,]\d+)?\s*(?:%|mhz)?|{AUTO}|{BEST}", re.IGNORECASE
    ),
}


def parse_prefix(text: str) -> tuple[str, dict[str, str]] | None:
    """Return name and arguments of a command; `None` if a message is none of ours.

    Other bots use the same prefix, so an unknown command is nobody's mistake.
    """
    name, _, rest = text.strip().partition(" ")
    if not name.startswith(PREFIX):
        return None
    spec = find_command(name.removeprefix(PREFIX))
    if spec is None:
        return None
    rest = _LOOSE_UNIT.sub(r"\1\2", rest)
    words = [quoted or bare for quoted, bare in _WORD.findall(rest)]
    return spec.name, _arguments(spec, words)


def _arguments(spec: CommandSpec, words: list[str]) -> dict[str, str]:
    """Give each parameter its value; what follows the miner's name, the last words."""
    named, words = _take_named(spec, words)
    return _placed(spec, words) | named


def _take_named(
    spec: CommandSpec, words: list[str]
) -> tuple[dict[str, str], list[str]]:
    """Return what is named, such as `power=20`, and the other words."""
    names = {parameter.name for parameter in spec.parameters}
    named: dict[str, str] = {}
    others: list[str] = []
    for word in words:
        match = _NAMED.fullmatch(word)
        if match is not None and match[1].lower() in names:
            named[match[1].lower()] = match[2]
        else:
            others.append(word)
    return named, others


def _placed(spec: CommandSpec, words: list[str]) -> dict[str, str]:
    """Return what is recognised by its place and look."""
    arguments: dict[str, str] = {}
    first, *others = spec.parameters or (None,)
    if first is None:
        return arguments
    if first.kind != "miner":
        return {first.name: " ".join(words)} if words else {}
    count = _count(others, words[1:])
    split = len(words) - count
    arguments = {
        parameter.name: word
        for parameter, word in zip(others, words[split:], strict=False)
    }
    if name := " ".join(words[:split]):
        arguments[first.name] = name
    return arguments


def _count(parameters: list[Parameter], words: list[str]) -> int:
    """Return how many of the last words are values of the parameters."""
    for count in range(min(len(parameters), len(words)), 0, -1):
        last = words[len(words) - count :]
        if all(
            _fits(parameter, word)
            for parameter, word in zip(parameters, last, strict=False)
        ):
            return count
    return 0


def _fits(parameter: Parameter, word: str) -> bool:
    if parameter.kind == "choice":
        return word.casefold() in parameter.choices
    return _LOOKS[parameter.kind].fullmatch(word) is not None
