"""The interface that every renderer implements."""

from collections.abc import Sequence
from typing import Literal, Protocol

type Position = tuple[float, float]
"""Pixels from the left and from the top."""
type Anchor = Literal["left", "middle", "right"]


class Canvas(Protocol):
    """A picture under construction. Colours are #rrggbb or #rrggbbaa."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height in pixels."""

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return the width of a line of text in pixels."""

    def text(
        self,
        position: Position,
        text: str,
        *,
        size: float,
        colour: str,
        anchor: Anchor = "left",
        bold: bool = False,
    ) -> None:
        """Write a line of text on this baseline."""

    def line(
        self,
        points: Sequence[Position],
        *,
        colour: str,
        width: float,
        dash: tuple[float, float] | None = None,
    ) -> None:
        """Draw a line through at least two points; `dash` is px drawn and left out."""

    def polygon(self, points: Sequence[Position], *, colour: str) -> None:
        """Fill an area."""

    def dots(self, points: Sequence[Position], *, radius: float, colour: str) -> None:
        """Draw a disc at each point."""

    def disc(
        self, centre: Position, *, radius: float, fill: str, outline: str, width: float
    ) -> None:
        """Draw a disc with an outline."""

    def png(self) -> bytes:
        """Return the picture."""


def left_of(
    canvas: Canvas, x: float, text: str, size: float, *, anchor: Anchor, bold: bool
) -> float:
    """Return where a line of text begins that is anchored at `x`, in pixels."""
    if anchor == "left":
        return x
    width = canvas.text_width(text, size, bold=bold)
    return x - (width / 2 if anchor == "middle" else width)
