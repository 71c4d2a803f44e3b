"""Writes texts for Discord: names without effect, lines that align, parts that fit.

Pure. Names of miners come from anybody who can rename a miner or its host; nothing in
them may be read as a command, a mention or a piece of Markdown.
"""

from collections.abc import Iterable, Iterator, Sequence
import re
from typing import Final
import unicodedata

from ..formatting import escape as escape_markdown

FENCE: Final = "```"
ELLIPSIS: Final = "…"

# What makes a mention, a heading or a link, beyond what is Markdown everywhere.
_MEANINGFUL: Final = re.compile(r"[@#]|:(?=//)")
# What makes a list at the beginning of a line.
_BEGINNING: Final = re.compile(r"^(\d*)([-+.])")
# Code can be left with a backtick only; this one looks alike.
_BACKTICK: Final = "ˋ"
# Unicode categories of control characters, invisible ones and those that turn the
# writing direction, surrogates, and unassigned ones.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Blank although they count as letters or symbols, and marks that pile up.
_BLANKS: Final = frozenset("\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
_MOST_MARKS: Final = 2


def length(text: str) -> int:
    """Return the length of a text in UTF-16 units."""
    return len(text) + sum(character > "\uffff" for character in text)


def plain(text: str) -> str:
    """Return a name in one line, without what cannot be seen."""
    shown = []
    marks = 0
    for character in text:
        category = unicodedata.category(character)
        marks = marks + 1 if category.startswith("M") else 0
        if character.isspace() or character in _BLANKS:
            shown.append(" ")
        elif category not in _UNSEEN and marks <= _MOST_MARKS:
            shown.append(character)
    return " ".join("".join(shown).split()) or "?"


def escape(text: str) -> str:
    """Return a name that reads as it is written, outside of code."""
    text = _MEANINGFUL.sub(r"\\\g<0>", escape_markdown(plain(text)))
    return _BEGINNING.sub(r"\1\\\2", text)


def code(text: str) -> str:
    """Return a name that reads as it is written within code."""
    return plain(text).replace("`", _BACKTICK)


def clip(text: str, limit: int) -> str:
    """Return at most so many UTF-16 units of a text, and show that there was more."""
    if length(text) <= limit:
        return text
    kept = text[: max(limit - 1, 0)]
    while kept and length(kept) > limit - 1:
        kept = kept[:-1]
    return f"{kept.rstrip()}{ELLIPSIS}"


def width(text: str) -> int:
    """Return how many columns of a fixed-width font a text takes."""
    return sum(map(_columns, text))


def fit(text: str, columns: int, *, right: bool = False) -> str:
    """Return a text in exactly so many columns."""
    if width(text) > columns:
        kept = ""
        for character in text:
            if width(kept) + _columns(character) > columns - 1:
                break
            kept += character
        text = f"{kept}{ELLIPSIS}"
    padding = " " * (columns - width(text))
    return padding + text if right else text + padding


def block(lines: Iterable[str]) -> str:
    """Return lines in a fixed-width font."""
    return "\n".join([FENCE, *(line.rstrip() for line in lines), FENCE])


def table(
    header: Sequence[str], rows: Sequence[Sequence[str]], *, widest: int = 12
) -> str:
    """Return a table in a fixed-width font; the first column holds names.

    It is as narrow as its cells, because phones break lines of more than about
    35 columns. Names are cut after `widest` columns.
    """
    cells = [header, *rows]
    columns = [max(width(row[index]) for row in cells) for index in range(len(header))]
    columns[0] = min(columns[0], widest)
    return block(
        " ".join(
            fit(cell, size, right=index > 0)
            for index, (cell, size) in enumerate(zip(row, columns, strict=True))
        )
        for row in cells
    )


def split(text: str, limit: int) -> list[str]:
    """Return parts of at most so many UTF-16 units, cut between lines where possible.

    Code that is cut goes on as code. Blank parts are left out.
    """
    parts: list[str] = []
    part = ""
    fenced = False
    for line in _lines(text.strip("\n"), limit - 2 * (len(FENCE) + 1)):
        leaves_open = fenced != bool(line.count(FENCE) % 2)
        closing = len(FENCE) + 1 if leaves_open else 0
        longer = f"{part}\n{line}" if part else line
        if part and length(longer) + closing > limit:
            parts.append(f"{part}\n{FENCE}" if fenced else part)
            longer = f"{FENCE}\n{line}" if fenced else line
        part = longer
        fenced = leaves_open
    parts.append(part)
    return [part for part in parts if part.strip()]


def _lines(text: str, limit: int) -> Iterator[str]:
    """Yield the lines of a text, cut where they are longer than the limit."""
    for line in text.split("\n"):
        rest = line
        while length(rest) > limit:
            end = limit
            while length(rest[:end]) > limit:
                end -= 1
            space = rest.rfind(" ", 1, end)
            end = end if space < 0 else space
            yield rest[:end]
            rest = rest[end:].removeprefix(" ")
        yield rest


def _columns(character: str) -> int:
    if unicodedata.category(character).startswith("M"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
