"""Draws what lies within the axes of one panel."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import hypot, sqrt
from typing import Final

from ...formatting import Texts
from .canvas import Position
from .description import Line, Mark, Panel, Point, Role, Style, is_drawable
from .pen import Pen
from .placing import Box, Room
from .scale import Scale
from .thinning import runs, thin_dots, thin_line
from .ticks import Tick

_LABEL: Final = 17.0
_DASH: Final = (7.0, 5.0)
_LARGEST: Final = 25.0
_LARGEST_OF_MANY: Final = 15.0
_MANY: Final = 30
_SMALLEST: Final = 5.0
_CAP: Final = 4.0
_DISC_FILL: Final = "70"
_BAND_FILL: Final = "18"
"""Opacity, so that what lies beneath shows."""
_FEW: Final = 100
_FEW_DOTS_LARGER: Final = 2.2
_NOTABLE: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A panel with its place and axes."""

    panel: Panel
    box: Box
    x: Scale
    y: Scale | None
    """`None` if there are no values."""
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]


def draw_panel(frame: Frame, pen: Pen, marks: Sequence[Mark], texts: Texts) -> None:
    """Draw the background, the grid, and all that is in it."""
    box, theme = frame.box, pen.theme
    pen.rectangle(box.left, box.top, box.right, box.bottom, theme.plot)
    for tick in frame.x_ticks:
        x = frame.x.pixel(tick.value)
        width = 1.8 if tick.strong else 1.0
        pen.line((x, box.top), (x, box.bottom), colour=theme.grid, width=width)
    if frame.y is None:
        middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
        pen.write(
            middle, texts("chart_text.no_data"), 18, colour=theme.muted, anchor="middle"
        )
        return
    for tick in frame.y_ticks:
        y = frame.y.pixel(tick.value)
        pen.line((box.left, y), (box.right, y), colour=theme.grid)
    _draw_bands(frame, frame.y, pen)
    for mark in marks:
        x = frame.x.pixel(mark.time)
        pen.line(
            (x, box.top),
            (x, box.bottom),
            colour=theme.colour(Role.CHANGE),
            width=1.3,
            dash=(5, 5),
        )
    for reference in frame.panel.references:
        if is_drawable(reference.value):
            y = frame.y.pixel(reference.value)
            colour = theme.colour(reference.role)
            ends = (box.left, y), (box.right, y)
            pen.line(*ends, colour=colour, width=1.8, dash=_DASH)
    for line in frame.panel.lines:
        _draw_line(line, frame, frame.y, pen)
    _draw_points(frame, frame.y, pen)


def _draw_bands(frame: Frame, y: Scale, pen: Pen) -> None:
    for band in frame.panel.bands:
        edges = [
            (frame.x.pixel(x), y.pixel(low), y.pixel(high))
            for x, low, high in band.edges
            if frame.x.holds(x) and is_drawable(low) and is_drawable(high)
        ]
        if len(edges) > 1:
            outline = [(x, low) for x, low, _ in edges]
            outline += [(x, high) for x, _, high in reversed(edges)]
            pen.canvas.polygon(outline, colour=pen.theme.colour(band.role) + _BAND_FILL)


def _draw_line(line: Line, frame: Frame, y: Scale, pen: Pen) -> None:
    colour = pen.theme.colour(line.role)
    places: list[Position | None] = [
        (frame.x.pixel(x), y.pixel(value)) if is_drawable(value) else None
        for x, value in line.samples
        if frame.x.holds(x)
    ]
    if line.style is Style.DOTS:
        dots = thin_dots(place for place in places if place is not None)
        if dots:
            larger = _FEW_DOTS_LARGER if len(dots) <= _FEW else 1.0
            radius = line.width / 2 * larger * pen.unit
            pen.canvas.dots(dots, radius=radius, colour=colour)
        return
    dash = _DASH if line.style is Style.DASHED else None
    alone = []
    for run in runs(places):
        points = thin_line(run)
        if len(points) > 1:
            pen.line(*points, colour=colour, width=line.width, dash=dash)
        else:
            alone += points
    if alone:
        pen.canvas.dots(
            thin_dots(alone), radius=max(line.width, 2.5) * pen.unit, colour=colour
        )


def _draw_points(frame: Frame, y: Scale, pen: Pen) -> None:
    points = frame.panel.drawable_points()
    if not points:
        return
    heaviest = max(point.weight for point in points) or 1.0
    largest = _LARGEST if len(points) <= _MANY else _LARGEST_OF_MANY
    discs: list[tuple[Point, Position, float]] = []
    # Small discs on top of large ones.
    for point in sorted(points, key=lambda it: -it.weight):
        radius = max(largest * sqrt(max(point.weight, 0.0) / heaviest), _SMALLEST)
        centre = (frame.x.pixel(point.x), y.pixel(point.y))
        discs.append((point, centre, radius * pen.unit))
    room = Room(frame.box)
    for point, centre, radius in discs:
        notable = point.role is not Role.CONFIGURATION
        colour = pen.theme.colour(point.role)
        for ends in _error_bars(point, frame, y, _CAP * pen.unit):
            pen.line(*ends, colour=colour, width=1.6)
            room.taken.append(
                Box(ends[0][0] - 2, ends[0][1] - 2, ends[1][0] + 2, ends[1][1] + 2)
            )
        pen.canvas.disc(
            centre,
            radius=radius,
            fill=colour + _DISC_FILL,
            outline=colour,
            width=(3.0 if notable else 1.6) * pen.unit,
        )
        room.taken.append(Box.around(centre, radius))
    for line in frame.panel.lines:
        room.taken += _boxes_along(line, frame, y)
    for point, centre, radius in sorted(discs, key=lambda it: -it[0].importance):
        if point.label:
            _draw_label(point, centre, radius, room, pen)


def _error_bars(
    point: Point, frame: Frame, y: Scale, cap: float
) -> list[tuple[Position, Position]]:
    bars = []
    if point.y_error:
        x = frame.x.pixel(point.x)
        high, low = (y.pixel(point.y + sign * point.y_error) for sign in (1, -1))
        bars += [((x, high), (x, low)), ((x - cap, high), (x + cap, high))]
        bars.append(((x - cap, low), (x + cap, low)))
    if point.x_error:
        height = y.pixel(point.y)
        left, right = (
            frame.x.pixel(point.x + sign * point.x_error) for sign in (-1, 1)
        )
        bars += [((left, height), (right, height))]
        bars += [((x, height - cap), (x, height + cap)) for x in (left, right)]
    return bars


def _boxes_along(line: Line, frame: Frame, y: Scale) -> list[Box]:
    boxes = []
    places = [
        (frame.x.pixel(x), y.pixel(value))
        for x, value in line.samples
        if is_drawable(value)
    ]
    for (x1, y1), (x2, y2) in pairwise(places):
        count = int(hypot(x2 - x1, y2 - y1) // 6) + 1
        for index in range(count):
            share = index / count
            place = (x1 + (x2 - x1) * share, y1 + (y2 - y1) * share)
            boxes.append(Box.around(place, 3.0))
    return boxes


def _draw_label(
    point: Point, centre: Position, radius: float, room: Room, pen: Pen
) -> None:
    bold = point.importance >= _NOTABLE
    label = pen.fit(point.label or "", _LABEL, 240 * pen.unit, bold=bold)
    size = (pen.width(label, _LABEL, bold=bold), _LABEL * 1.15 * pen.unit)
    box = room.place(centre, radius, size)
    if box is not None:
        place = (box.left, (box.top + box.bottom) / 2)
        pen.write(place, label, _LABEL, bold=bold)
