"""Draws with Pillow alone, which every Home Assistant has."""

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise
from math import hypot
from typing import Final, override

from PIL import Image, ImageDraw

from .canvas import Anchor, Canvas, Position, left_of
from .fonts import Writing, font_files

# Pillow draws hard edges: what is drawn this much larger has soft ones when reduced.
_OVERSAMPLING: Final = 3
# Large pictures would need too much memory, and show edges less.
_OVERSAMPLING_LARGE: Final = 2
_LARGE_PIXELS: Final = 1600 * 900


class PillowCanvas(Canvas):
    """A picture drawn by Pillow: shapes first, all writing on top."""

    def __init__(self, size: tuple[int, int]) -> None:
        """Begin a picture of this width and height."""
        self._size = size
        width, height = size
        self._factor = (
            _OVERSAMPLING if width * height <= _LARGE_PIXELS else _OVERSAMPLING_LARGE
        )
        self._large = Image.new("RGB", (width * self._factor, height * self._factor))
        self._draw = ImageDraw.Draw(self._large, "RGBA")
        self._texts: list[tuple[Position, str, float, str, bool]] = []
        self._writings: dict[tuple[float, bool], Writing] = {}

    @property
    @override
    def size(self) -> tuple[int, int]:
        return self._size

    @override
    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        pieces = self._writing(size, bold=bold).pieces(text)
        return sum(font.getlength(piece) for piece, font in pieces)

    @override
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
        x, y = position
        x = left_of(self, x, text, size, anchor=anchor, bold=bold)
        self._texts.append(((x, y), text, size, colour, bold))

    @override
    def line(
        self,
        points: Sequence[Position],
        *,
        colour: str,
        width: float,
        dash: tuple[float, float] | None = None,
    ) -> None:
        thickness = max(round(width * self._factor), 1)
        for part in [points] if dash is None else _dashes(points, dash):
            self._draw.line(
                self._enlarged(part), fill=colour, width=thickness, joint="curve"
            )

    @override
    def polygon(self, points: Sequence[Position], *, colour: str) -> None:
        self._draw.polygon(self._enlarged(points), fill=colour)

    @override
    def dots(self, points: Sequence[Position], *, radius: float, colour: str) -> None:
        for point in self._enlarged(points):
            self._draw.circle(point, radius * self._factor, fill=colour)

    @override
    def disc(
        self, centre: Position, *, radius: float, fill: str, outline: str, width: float
    ) -> None:
        # Pillow puts the outline inside of the edge, and others half of it outside.
        self._draw.circle(
            self._enlarged([centre])[0],
            (radius + width / 2) * self._factor,
            fill=fill,
            outline=outline,
            width=max(round(width * self._factor), 1),
        )

    @override
    def png(self) -> bytes:
        picture = self._large.reduce(self._factor)
        draw = ImageDraw.Draw(picture)
        for (x, y), text, size, colour, bold in self._texts:
            for piece, font in self._writing(size, bold=bold).pieces(text):
                draw.text((x, y), piece, fill=colour, font=font, anchor="ls")
                x += font.getlength(piece)
        file = BytesIO()
        picture.save(file, "PNG")
        return file.getvalue()

    def _enlarged(self, points: Sequence[Position]) -> list[Position]:
        return [(x * self._factor, y * self._factor) for x, y in points]

    def _writing(self, size: float, *, bold: bool) -> Writing:
        if (size, bold) not in self._writings:
            self._writings[size, bold] = Writing(size, font_files(bold))
        return self._writings[size, bold]


def _dashes(
    points: Sequence[Position], dash: tuple[float, float]
) -> list[list[Position]]:
    """Cut a line into dashes, which go around its corners."""
    drawn, left_out = dash
    dashes: list[list[Position]] = []
    current: list[Position] = [points[0]]
    drawing, rest = True, drawn
    for (x1, y1), (x2, y2) in pairwise(points):
        length = hypot(x2 - x1, y2 - y1)
        done = 0.0
        while length - done > rest:
            done += rest
            place = (
                x1 + (x2 - x1) * done / length,
                y1 + (y2 - y1) * done / length,
            )
            if drawing:
                dashes.append([*current, place])
            current = [place]
            drawing = not drawing
            rest = drawn if drawing else left_out
        rest -= length - done
        if drawing:
            current.append((x2, y2))
    if drawing and len(current) > 1:
        dashes.append(current)
    return dashes
