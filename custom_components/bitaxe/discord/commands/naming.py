"""Which miner people mean. Pure."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches
from typing import Final

from ..text import plain

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
