"""Draws with matplotlib's Agg renderer: no pyplot, no figure, no shared state.

Import it only when needed, and not in the event loop: the first time, matplotlib looks
through all fonts of the machine.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from typing import Any, Final, override

from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.colors import to_rgba
from matplotlib.font_manager import FontProperties, findfont, fontManager, get_font
from matplotlib.ft2font import FT2Font
from matplotlib.path import Path
from matplotlib.transforms import Affine2D
from PIL import Image

from .canvas import Anchor, Canvas, Position, left_of

# At this resolution matplotlib's points are pixels.
_DPI: Final = 72.0
_FAMILIES: Final = (
    "DejaVu Sans",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "PingFang SC",
    "Microsoft YaHei",
)
"""The first is part of matplotlib; the others have what it lacks, where installed."""
_UNKNOWN: Final = "□"


@cache
def _families() -> tuple[str, ...]:
    installed = set(fontManager.get_font_names())
    return tuple(family for family in _FAMILIES if family in installed)


class MatplotlibCanvas(Canvas):
    """A picture drawn by matplotlib."""

    def __init__(self, size: tuple[int, int]) -> None:
        """Begin a picture of this width and height."""
        self._size = size
        self._agg: Any = RendererAgg(*size, _DPI)  # type: ignore[no-untyped-call]
        self._renderer: RendererBase = self._agg
        self._pixels = Affine2D().scale(1, -1).translate(0, size[1])
        self._fonts: list[FT2Font] = [
            get_font(findfont(FontProperties(family=family))) for family in _families()
        ]

    @property
    @override
    def size(self) -> tuple[int, int]:
        return self._size

    @override
    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        width, _, _ = self._renderer.get_text_width_height_descent(
            self._writable(text), _properties(size, bold=bold), ismath=False
        )
        return float(width)

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
        context = self._renderer.new_gc()
        context.set_foreground(colour)
        self._renderer.draw_text(
            context,
            x,
            y,
            self._writable(text),
            _properties(size, bold=bold),
            0,
            ismath=False,
        )

    @override
    def line(
        self,
        points: Sequence[Position],
        *,
        colour: str,
        width: float,
        dash: tuple[float, float] | None = None,
    ) -> None:
        context = self._renderer.new_gc()
        context.set_foreground(colour)
        context.set_linewidth(width)
        context.set_joinstyle("round")
        context.set_capstyle("butt")
        if dash is not None:
            context.set_dashes(0, list(dash))
        self._renderer.draw_path(context, Path(points), self._pixels)

    @override
    def polygon(self, points: Sequence[Position], *, colour: str) -> None:
        context = self._renderer.new_gc()
        context.set_linewidth(0)
        path = Path([*points, points[0]], closed=True)
        self._renderer.draw_path(context, path, self._pixels, to_rgba(colour))

    @override
    def dots(self, points: Sequence[Position], *, radius: float, colour: str) -> None:
        context = self._renderer.new_gc()
        context.set_linewidth(0)
        self._renderer.draw_markers(
            context,
            Path.unit_circle(),
            Affine2D().scale(radius),
            Path(points),
            self._pixels,
            to_rgba(colour),
        )

    @override
    def disc(
        self, centre: Position, *, radius: float, fill: str, outline: str, width: float
    ) -> None:
        context = self._renderer.new_gc()
        context.set_foreground(outline)
        context.set_linewidth(width)
        self._renderer.draw_path(
            context,
            Path.unit_circle(),
            Affine2D().scale(radius).translate(*centre) + self._pixels,
            to_rgba(fill),
        )

    @override
    def png(self) -> bytes:
        pixels = bytes(self._agg.buffer_rgba())
        picture = Image.frombytes("RGBA", self._size, pixels).convert("RGB")
        file = BytesIO()
        picture.save(file, "PNG")
        return file.getvalue()

    def _writable(self, text: str) -> str:
        """Replace what no font has: matplotlib would warn of each such character."""
        return "".join(
            character
            if any(font.get_char_index(ord(character)) for font in self._fonts)
            else _UNKNOWN
            for character in text
        )


def _properties(size: float, *, bold: bool) -> FontProperties:
    return FontProperties(
        family=list(_families()), size=size, weight="bold" if bold else "normal"
    )
