"""From what people wrote to miners and numbers; what is wrong is said in words."""

from collections.abc import Mapping, Sequence
import re
from typing import Final

from homeassistant.core import callback

from ...coordinator import MinerCoordinator
from ...swarm import Swarm
from ..roster import Member, members_of
from ..text import clip, escape
from .naming import find_names, similar_names
from .problem import Problem

_NUMBER: Final = re.compile(
    r"([-+]?\d{1,9}(?:[.,]\d{1,3})?)\s*(%|mhz|mv)?", re.IGNORECASE
)
_MOST_NAMED: Final = 10
_QUOTED: Final = 60


@callback
def find_member(swarm: Swarm, text: str | None) -> Member:
    """Return the miner that is meant.

    Raises:
        Problem: none is meant, or it is not clear which.

    """
    members = members_of(swarm)
    names = [member.name for member in members]
    if not names:
        raise Problem("There is no miner yet: add one in Home Assistant.")
    if text is None or not text.strip():
        raise Problem(f"Which miner? There is {_list(names)}.")
    found = find_names(text, names)
    if len(found) > 1:
        raise Problem(
            f"**{quote(text)}** could be {_list(found)}. Write more of the name."
        )
    if not found:
        similar = similar_names(text, names)
        hint = (
            f"Did you mean {_list(similar, last='or')}?"
            if similar
            else f"There is {_list(names)}."
        )
        raise Problem(f"There is no miner called **{quote(text)}**. {hint}")
    return next(member for member in members if member.name == found[0])


def require_online(member: Member) -> MinerCoordinator:
    """Insist on a miner that answers.

    Raises:
        Problem: it is offline.

    """
    if member.miner is None or member.reading is None:
        raise Problem(
            f"**{escape(member.name)}** is offline. Check its power supply and Wi-Fi."
        )
    return member.miner


def read_number(arguments: Mapping[str, str], name: str, unit: str) -> float:
    """Return an argument as a number.

    Raises:
        Problem: it is missing, or no number.

    """
    text = arguments.get(name, "").strip()
    if not text:
        raise Problem(f"How many {unit}? Give a number, such as `{_EXAMPLES[unit]}`.")
    match = _NUMBER.fullmatch(text)
    if match is None or (match[2] or unit).casefold() != unit.casefold():
        raise Problem(
            f"**{quote(text)}** is no number of {unit}. "
            f"Give one such as `{_EXAMPLES[unit]}`."
        )
    return float(match[1].replace(",", "."))


def require_within(
    value: float, limits: tuple[float, float], unit: str, member: Member
) -> None:
    """Insist on a value that the board is allowed.

    Raises:
        Problem: it is outside; the text names the limits.

    """
    low, high = limits
    if not low <= value <= high:
        raise Problem(
            f"{value:g} {unit} is outside what **{escape(member.name)}** is allowed: "
            f"{low:g} to {high:g} {unit}."
        )


def quote(text: str) -> str:
    """Return what somebody wrote, safe and short."""
    return escape(clip(text, _QUOTED))


_EXAMPLES: Final = {"MHz": "525", "mV": "1150", "%": "60"}


def _list(names: Sequence[str], *, last: str = "and") -> str:
    shown = [f"**{escape(name)}**" for name in names[:_MOST_NAMED]]
    if more := len(names) - len(shown):
        shown.append(f"{more} more")
    if len(shown) == 1:
        return shown[0]
    return f"{', '.join(shown[:-1])} {last} {shown[-1]}"
