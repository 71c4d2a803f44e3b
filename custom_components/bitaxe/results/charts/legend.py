"""The row above a panel: its title, and what its lines mean."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from .description import Panel, Role, Style, is_drawable
from .pen import Pen

_TITLE: Final = 18.0
_ENTRY: Final = 17.0
_SWATCH: Final = 24.0
_SPACE: Final = 22.0
_ROW: Final = 27.0
_BELOW: Final = 4.0
_LONGEST: Final = 280.0
_MOST_ROWS: Final = 6


class _Symbol(Enum):
    LINE = auto()
    DASHED = auto()
    DOTS = auto()
    AREA = auto()
    DISC = auto()
    DIAMOND = auto()


_SYMBOLS: Final = {
    Style.SOLID: _Symbol.LINE,
    Style.DASHED: _Symbol.DASHED,
    Style.DOTS: _Symbol.DOTS,
}


@dataclass(frozen=True, slots=True)
class _Entry:
    symbol: _Symbol
    role: Role | int
    label: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    entry: _Entry
    x: float
    row: int


@dataclass(frozen=True, slots=True)
class Legend:
    """A legend with its places."""

    title: str
    unit: str
    placed: tuple[_Placed, ...]
    rows: int

    @classmethod
    def arrange(cls, panel: Panel, pen: Pen, width: float, changes: str) -> Legend:
        """Place as many entries as fit into a few rows of this width.

        `changes` is the entry of changed settings; empty if the panel shows none.
        """
        entries = list(_entries(panel))
        if changes:
            entries.append(_Entry(_Symbol.DIAMOND, Role.CHANGE, changes))
        title = pen.fit(panel.title, _TITLE, width / 2, bold=True)
        x = _after(title, pen) + pen.width(panel.unit, _TITLE) + _SPACE * pen.unit
        half = (width - _SPACE * pen.unit) / 2 - _SWATCH * pen.unit
        row = 0
        placed = []
        for entry in entries:
            label = _written(entry, pen, min(_LONGEST * pen.unit, half))
            size = _SWATCH * pen.unit + pen.width(label, _ENTRY)
            if x + size > width and x > 0:
                x, row = 0.0, row + 1
            if row >= _MOST_ROWS:
                break
            placed.append(_Placed(_Entry(entry.symbol, entry.role, label), x, row))
            x += size + _SPACE * pen.unit
        rows = 1 + max((it.row for it in placed), default=0)
        return cls(title, panel.unit, tuple(placed), rows)

    def height(self, pen: Pen) -> float:
        """Return its height in pixels."""
        return (self.rows * _ROW + _BELOW) * pen.unit

    def draw(self, pen: Pen, left: float, top: float) -> None:
        """Draw title and entries."""
        middle = top + _ROW * pen.unit / 2
        pen.write((left, middle), self.title, _TITLE, bold=True)
        if self.unit:
            x = left + _after(self.title, pen)
            pen.write((x, middle), self.unit, _TITLE, colour=pen.theme.muted)
        for placed in self.placed:
            x, y = left + placed.x, middle + placed.row * _ROW * pen.unit
            _draw_symbol(pen, placed.entry, x, y)
            pen.write((x + _SWATCH * pen.unit, y), placed.entry.label, _ENTRY)


def _after(title: str, pen: Pen) -> float:
    return pen.width(f"{title} ", _TITLE, bold=True)


def _written(entry: _Entry, pen: Pen, room: float) -> str:
    if not entry.value:
        return pen.fit(entry.label, _ENTRY, room)
    taken = pen.width(f" {entry.value}", _ENTRY)
    return f"{pen.fit(entry.label, _ENTRY, room - taken)} {entry.value}"


def _entries(panel: Panel) -> Iterator[_Entry]:
    for line in panel.lines:
        known = any(is_drawable(value) for _, value in line.samples)
        if line.label and known:
            yield _Entry(_SYMBOLS[line.style], line.role, line.label, line.value)
    for band in panel.bands:
        if band.label:
            yield _Entry(_Symbol.AREA, band.role, band.label)
    for reference in panel.references:
        if reference.label:
            yield _Entry(_Symbol.DASHED, reference.role, reference.label)
    for key in panel.keys:
        yield _Entry(_Symbol.DISC, key.role, key.label)


def _draw_symbol(pen: Pen, entry: _Entry, x: float, y: float) -> None:
    colour = pen.theme.colour(entry.role)
    length = (_SWATCH - 7) * pen.unit
    centre = (x + length / 2, y)
    match entry.symbol:
        case _Symbol.LINE:
            pen.line((x, y), (x + length, y), colour=colour, width=3.5)
        case _Symbol.DASHED:
            pen.line((x, y), (x + length, y), colour=colour, width=2.0, dash=(7, 3))
        case _Symbol.DOTS:
            pen.canvas.dots(
                [(x + length * share, y) for share in (0.15, 0.5, 0.85)],
                radius=2.2 * pen.unit,
                colour=colour,
            )
        case _Symbol.AREA:
            half = 5 * pen.unit
            pen.rectangle(x, y - half, x + length, y + half, f"{colour}38")
        case _Symbol.DISC:
            pen.canvas.disc(
                centre,
                radius=6 * pen.unit,
                fill=f"{colour}70",
                outline=colour,
                width=1.8 * pen.unit,
            )
        case _Symbol.DIAMOND:
            pen.diamond(centre, 5.5, colour)
