"""Tables that have as many columns as there is room for. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from rich.table import Table
from rich.text import Text

from . import levels
from .texts import Texts

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


def name_width(names: Iterable[str], width: int | None, most: int = 24) -> int:
    """Return the width of a column of names, at most so many unless there is room."""
    longest = max(map(len, names), default=0)
    return longest if width is None else min(longest, most, width)


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
