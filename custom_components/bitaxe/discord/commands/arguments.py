"""Reads miners and numbers from what people wrote, and says what is wrong with it."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
import re
from typing import Final

from homeassistant.core import callback

from ...coordinator import MinerCoordinator
from ...formatting import Texts
from ...swarm.coordinator import Swarm
from ...texts import async_get_texts
from ..markdown import clip, escape, plain
from ..miners import Member, members_of
from .model import Problem

type Arguments = Mapping[str, str]
"""What was written for each parameter of a command, by its name."""

_NUMBER: Final = re.compile(
    r"([-+]?\d{1,9}(?:[.,]\d{1,3})?)\s*(%|mhz|mv|w|°c|gh/s|h)?", re.IGNORECASE
)
_MOST_NAMED: Final = 10
_QUOTED: Final = 60
_MOST_SUGGESTED: Final = 3
_SIMILAR: Final = 0.5

_WAYS: Final[tuple[Callable[[str, str], bool], ...]] = (
    lambda name, text: name == text,
    lambda name, text: name.casefold() == text.casefold(),
    lambda name, text: name.casefold().startswith(text.casefold()),
    lambda name, text: text.casefold() in name.casefold(),
)
"""What counts as the name, the strictest first."""


def find_names(text: str, names: Sequence[str]) -> list[str]:
    """Return the names that are meant by a text: one, several if unclear, or none.

    Names are as `plain` writes them; the text may be as the owner wrote it.
    """
    if not text.strip():
        return []
    text = plain(text)
    for matches in _WAYS:
        if found := [name for name in names if matches(name, text)]:
            return found
    return []


def similar_names(text: str, names: Sequence[str]) -> list[str]:
    """Return the few names that are most like a text, or the first few there are."""
    by_key = {name.casefold(): name for name in names}
    close = get_close_matches(
        text.casefold(), list(by_key), n=_MOST_SUGGESTED, cutoff=_SIMILAR
    )
    return [by_key[key] for key in close]


@callback
def find_member(swarm: Swarm, text: str | None) -> Member:
    """Return the miner that is meant.

    Raises:
        Problem: none is meant, or it is not clear which.

    """
    texts = async_get_texts(swarm.hass)
    members = members_of(swarm)
    names = [member.name for member in members]
    if not names:
        raise Problem(texts("discord_message.no_miner"))
    if text is None or not text.strip():
        raise Problem(texts("discord_command.which_miner", names=_list(names, texts)))
    found = find_names(text, names)
    if len(found) > 1:
        raise Problem(
            texts(
                "discord_command.several_meant",
                text=f"**{quote(text)}**",
                names=_list(found, texts),
            )
        )
    if not found:
        similar = similar_names(text, names)
        hint = (
            texts(
                "discord_command.did_you_mean",
                names=_list(similar, texts, last="number_format.or"),
            )
            if similar
            else texts("discord_command.there_is", names=_list(names, texts))
        )
        raise Problem(
            texts("discord_command.no_such_miner", text=f"**{quote(text)}**", hint=hint)
        )
    return next(member for member in members if member.name == found[0])


def require_online(member: Member, texts: Texts) -> MinerCoordinator:
    """Insist on a miner that answers.

    Raises:
        Problem: it is offline.

    """
    if member.miner is None or member.reading is None:
        raise Problem(texts("discord_command.offline", miner=bold(member)))
    return member.miner


def read_number(
    arguments: Mapping[str, str], name: str, unit: str, texts: Texts
) -> float:
    """Return an argument as a number.

    Raises:
        Problem: it is missing, or no number.

    """
    text = arguments.get(name, "").strip()
    if not text:
        raise Problem(
            texts("discord_command.number_missing", unit=unit, example=_EXAMPLES[unit])
        )
    match = _NUMBER.fullmatch(text)
    if match is None or (match[2] or unit).casefold() != unit.casefold():
        raise Problem(
            texts(
                "discord_command.no_number",
                text=f"**{quote(text)}**",
                unit=unit,
                example=_EXAMPLES[unit],
            )
        )
    return float(match[1].replace(",", "."))


def read_choice(
    arguments: Mapping[str, str], name: str, choices: Sequence[str], texts: Texts
) -> str:
    """Return an argument that is one of a few words; the first if it is left out.

    Raises:
        Problem: it is another word.

    """
    text = arguments.get(name, "").strip().casefold()
    if not text:
        return choices[0]
    if text not in choices:
        known = texts.joined([f"`{choice}`" for choice in choices])
        raise Problem(
            texts("discord_command.no_choice", text=f"**{quote(text)}**", choices=known)
        )
    return text


def require_within(
    value: float,
    limits: tuple[float, float],
    unit: str,
    member: Member,
    texts: Texts,
) -> None:
    """Insist on a value that the board is allowed.

    Raises:
        Problem: it is outside; the text names the limits.

    """
    low, high = limits
    if not low <= value <= high:
        raise Problem(
            texts(
                "discord_command.outside",
                value=texts.general(value),
                unit=unit,
                miner=bold(member),
                low=texts.general(low),
                high=texts.general(high),
            )
        )


def bold(member: Member) -> str:
    """Return the name of a miner, as it stands in a sentence."""
    return f"**{escape(member.name)}**"


def quote(text: str) -> str:
    """Return what somebody wrote, safe and short."""
    return escape(clip(text, _QUOTED))


_EXAMPLES: Final = {
    "MHz": "525",
    "mV": "1150",
    "%": "60",
    "W": "20",
    "°C": "62",
    "GH/s": "1100",
    "h": "3",
}


def _list(
    names: Sequence[str], texts: Texts, *, last: str = "number_format.and"
) -> str:
    shown = [f"**{escape(name)}**" for name in names[:_MOST_NAMED]]
    if more := len(names) - len(shown):
        shown.append(texts("discord_command.more", count=more))
    return texts.joined(shown, last=last)
