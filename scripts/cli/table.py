"""Tables that have as many columns as there is room for. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table
from rich.text import Text

from . import levels
from .texts import Texts

_LONGEST_NAME: Final = 24
"""Characters of a column of names."""

type Cell[Row] = Callable[[Row, Texts], Text]
"""Shows one thing of a row."""


@dataclass(frozen=True, slots=True)
class Column[Row]:
    """A column of a table."""

    title: str
    """A text, or a unit that is the same in every language."""
    width: int
    """Characters; what is longer is cut off."""
    cell: Cell[Row]
    left: bool = False


def shorten(name: str, width: int) -> str:
    """Return a name in at most so many characters, without its middle if need be.

    Names of miners often begin alike, and are counted at their end.
    """
    if len(name) <= width:
        return name
    end = max(0, width - 1) // 2
    return f"{name[: max(0, width - 1 - end)]}…{name[len(name) - end :]}"


def name_column(
    rows: Sequence[dict[str, Any]], width: int | None
) -> Column[dict[str, Any]]:
    """Return the column of the names of miners; with unlimited `width`, in full."""
    longest = max((len(str(row["name"])) for row in rows), default=0)
    room = longest if width is None else min(longest, _LONGEST_NAME, width)
    return Column(
        "terminal.column_miner",
        room,
        lambda row, _: Text(shorten(str(row["name"]), room)),
        left=True,
    )


def columns_for[Row](
    columns: Sequence[Column[Row]], width: int | None
) -> list[Column[Row]]:
    """Return the columns that a width has room for; the first ones are there first."""
    chosen = list(columns[:1])
    room = None if width is None else width - columns[0].width
    for column in columns[1:]:
        if room is not None:
            room -= column.width + 1
            if room < 0:
                break
        chosen.append(column)
    return chosen


def make_table[Row](
    columns: Sequence[Column[Row]],
    rows: Iterable[Row],
    width: int | None,
    texts: Texts,
) -> Table:
    """Return a table of rows; with unlimited `width` everything is in it in full."""
    shown = columns_for(columns, width)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in shown:
        table.add_column(
            texts.find(column.title) or column.title,
            justify="left" if column.left else "right",
            width=None if width is None else min(column.width, width),
            no_wrap=True,
            header_style=levels.DIM,
        )
    for row in rows:
        table.add_row(*(column.cell(row, texts) for column in shown))
    return table
