"""Charts: what to draw, and two renderers that draw it. No Home Assistant import.

`swarm`, `miner` and `efficiency` describe charts; `render` makes a picture of one.
"""

from importlib.util import find_spec
from typing import Final, Literal

from .canvas import Canvas
from .description import Chart
from .layout import draw
from .theme import THEMES, ThemeName

SMALLEST: Final = (320, 180)
"""Less than this many pixels have no room for the writing."""
LARGEST: Final = (3840, 2160)
"""More than this many pixels would take too much memory."""
type RendererName = Literal["matplotlib", "pillow"]


def default_renderer() -> RendererName:
    """Return matplotlib where it is installed: there is none for some machines."""
    return "matplotlib" if find_spec("matplotlib") else "pillow"


def render(
    chart: Chart,
    *,
    theme: ThemeName = "dark",
    size: tuple[int, int] = (1200, 675),
    renderer: RendererName | None = None,
) -> bytes:
    """Return the chart as a PNG of this width and height in pixels.

    The same input makes the same bytes. It takes some tenths of a second and reads
    files: call it in the executor, not in the event loop.

    Raises:
        ValueError: the size lies outside of `SMALLEST` to `LARGEST`.
        ImportError: the named renderer is not installed.

    """
    for side, least, most in zip(size, SMALLEST, LARGEST, strict=True):
        if not least <= side <= most:
            raise ValueError(f"a side of {side} px is not within {least} to {most} px")
    canvas = _canvas(renderer or default_renderer(), size)
    draw(chart, canvas, THEMES[theme])
    return canvas.png()


def _canvas(renderer: RendererName, size: tuple[int, int]) -> Canvas:
    # Either takes a while to import, and only one of them is needed.
    if renderer == "matplotlib":
        from .matplotlib_renderer import MatplotlibCanvas  # noqa: PLC0415

        return MatplotlibCanvas(size)
    from .pillow_renderer import PillowCanvas  # noqa: PLC0415

    return PillowCanvas(size)
