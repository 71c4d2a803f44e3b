"""What the parts of a picture are drawn with."""

from dataclasses import dataclass
from typing import Final

from .canvas import Anchor, Canvas, Position
from .theme import Theme

REFERENCE_SIZE: Final = (1200, 675)
"""The size at which lengths in this package are pixels."""
# Smaller writing than this nobody can read.
_SMALLEST: Final = 0.4
_ELLIPSIS: Final = "…"


@dataclass(frozen=True, slots=True)
class Pen:
    """A canvas, colours, and the scale of both lengths and writing."""

    canvas: Canvas
    theme: Theme
    unit: float
    """Pixels per pixel of a picture of the reference size."""

    @classmethod
    def on(cls, canvas: Canvas, theme: Theme) -> Pen:
        """Return the pen that fits the canvas."""
        ratios = zip(canvas.size, REFERENCE_SIZE, strict=True)
        return cls(
            canvas, theme, max(min(here / there for here, there in ratios), _SMALLEST)
        )

    def width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a text in pixels."""
        return self.canvas.text_width(text, size * self.unit, bold=bold)

    def write(
        self,
        position: Position,
        text: str,
        size: float,
        *,
        colour: str | None = None,
        anchor: Anchor = "left",
        bold: bool = False,
    ) -> None:
        """Write a line of text, with its middle at the height of the position."""
        x, y = position
        # Half the height of a capital letter of any common font.
        baseline = y + 0.36 * size * self.unit
        self.canvas.text(
            (x, baseline),
            text,
            size=size * self.unit,
            colour=colour or self.theme.text,
            anchor=anchor,
            bold=bold,
        )

    def fit(self, text: str, size: float, room: float, *, bold: bool = False) -> str:
        """Return the text, shortened to as many pixels."""
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        if self.width(text, size, bold=bold) <= room:
            return text
        fits, too_long = 0, len(text)
        while too_long - fits > 1:
            middle = (fits + too_long) // 2
            if self.width(text[:middle] + _ELLIPSIS, size, bold=bold) <= room:
                fits = middle
            else:
                too_long = middle
        return text[:fits].rstrip() + _ELLIPSIS

    def line(
        self,
        *points: Position,
        colour: str,
        width: float = 1.0,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Join points."""
        self.canvas.line(
            points,
            colour=colour,
            width=width * self.unit,
            dash=(dash[0] * self.unit, dash[1] * self.unit) if dash else None,
        )

    def diamond(self, centre: Position, radius: float, colour: str) -> None:
        """Draw what marks a change."""
        (x, y), away = centre, radius * self.unit
        self.canvas.polygon(
            [(x, y - away), (x + away, y), (x, y + away), (x - away, y)], colour=colour
        )

    def rectangle(
        self, left: float, top: float, right: float, bottom: float, colour: str
    ) -> None:
        """Fill a rectangle."""
        self.canvas.polygon(
            [(left, top), (right, top), (right, bottom), (left, bottom)], colour=colour
        )
