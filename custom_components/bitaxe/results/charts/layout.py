"""Lays a chart out on a canvas: the same way for every renderer."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import ceil, inf
from typing import Final

from ...formatting import Texts
from .canvas import Canvas
from .description import Chart, Mark, NumberAxis, Panel, Role, TimeAxis, is_drawable
from .legend import Legend
from .panel import Frame, draw_panel
from .pen import Pen
from .placing import Box
from .scale import Scale, bounds
from .theme import Theme
from .ticks import Tick, number_ticks, time_ticks

_PADDING: Final = 26.0
_MARK: Final = 16.0
_TITLE: Final = 32.0
_SUBTITLE: Final = 20.0
_TICK: Final = 17.0
_SMALL: Final = 15.0
_X_TICK_ROOM: Final = 104.0
_Y_TICK_ROOM: Final = 34.0
_MOST_Y_TICKS: Final = 8
_AXIS: Final = 29.0
_LANE: Final = 24.0
_MAP_MARGIN: Final = 0.14
_NOWHERE: Final = (0.0, 1.0)
"""The bounds of a map without points."""
_SEPARATOR: Final = " · "
_MOST_SUBTITLES: Final = 2


def draw(chart: Chart, canvas: Canvas, theme: Theme) -> None:
    """Draw the whole picture."""
    pen = Pen.on(canvas, theme)
    width, height = canvas.size
    pen.rectangle(0, 0, width, height, theme.background)
    padding = _PADDING * pen.unit
    top = _draw_heading(chart, pen, padding)
    area = Box(padding, top, width - padding, height - padding * 0.6)
    if not chart.panels:
        middle = ((area.left + area.right) / 2, (area.top + area.bottom) / 2)
        pen.write(
            middle,
            chart.texts("chart_text.no_data"),
            24,
            colour=theme.muted,
            anchor="middle",
        )
    elif chart.columns > 1:
        _draw_grid(chart, pen, area)
    else:
        _draw_column(chart, pen, area)


def _draw_heading(chart: Chart, pen: Pen, padding: float) -> float:
    """Draw title and subtitle, and return where the rest begins."""
    room = pen.canvas.size[0] - 2 * padding
    y = padding * 0.8 + _TITLE * pen.unit / 2
    title = pen.fit(chart.title, _TITLE, room, bold=True)
    pen.write((padding, y), title, _TITLE, bold=True)
    y += _TITLE * 0.55 * pen.unit
    for row in _wrap(chart.subtitle, pen, room):
        y += _SUBTITLE * 0.75 * pen.unit
        pen.write((padding, y), row, _SUBTITLE, colour=pen.theme.muted)
        y += _SUBTITLE * 0.65 * pen.unit
    return y + 6 * pen.unit


def _wrap(text: str, pen: Pen, room: float) -> list[str]:
    """Break a text between its parts."""
    rows: list[str] = []
    for part in text.split(_SEPARATOR) if text else ():
        longer = f"{rows[-1]}{_SEPARATOR}{part}" if rows else part
        if rows and (
            len(rows) == _MOST_SUBTITLES or pen.width(longer, _SUBTITLE) <= room
        ):
            rows[-1] = longer
        else:
            rows.append(part)
    return [pen.fit(row, _SUBTITLE, room) for row in rows]


@dataclass(frozen=True, slots=True)
class _Axis:
    """The x axis of all panels."""

    chart: Chart

    def bounds(self) -> tuple[float, float]:
        axis = self.chart.x_axis
        if isinstance(axis, TimeAxis):
            if axis.end > axis.start:
                return axis.start, axis.end
            return axis.start - 1800, axis.start + 1800
        return bounds(self._numbers(), margin=_MAP_MARGIN) or _NOWHERE

    def _numbers(self) -> Iterator[float]:
        for panel in self.chart.panels:
            for point in panel.drawable_points():
                error = point.x_error or 0.0
                yield from (point.x - error, point.x + error)
            for line in panel.lines:
                yield from (x for x, value in line.samples if is_drawable(value))

    def ticks(self, width: float, pen: Pen) -> list[Tick]:
        low, high = self.bounds()
        count = max(int(width / (_X_TICK_ROOM * pen.unit)), 2)
        axis = self.chart.x_axis
        if isinstance(axis, TimeAxis):
            return time_ticks(low, high, axis.tz, count, self.chart.texts)
        if (low, high) == _NOWHERE:
            return []
        return number_ticks(low, high, count, self.chart.texts)

    def scale(self, left: float, right: float) -> Scale:
        return Scale(*self.bounds(), left, right)

    def marks(self) -> list[Mark]:
        if not isinstance(self.chart.x_axis, TimeAxis):
            return []
        low, high = self.bounds()
        inside = [mark for mark in self.chart.marks if low <= mark.time <= high]
        return sorted(inside, key=lambda mark: mark.time)


def _y_scale(panel: Panel, top: float, bottom: float) -> Scale | None:
    margin = _MAP_MARGIN if panel.points else 0.07
    ends = bounds(panel.values(), margin=margin, most=panel.most)
    return Scale(*ends, bottom, top) if ends else None


def _y_ticks(scale: Scale | None, pen: Pen, texts: Texts) -> list[Tick]:
    if scale is None:
        return []
    height = abs(scale.from_pixel - scale.to_pixel)
    count = min(max(int(height / (_Y_TICK_ROOM * pen.unit)), 2), _MOST_Y_TICKS)
    return number_ticks(scale.low, scale.high, count, texts)


def _gutter(ticks: Iterator[Tick], pen: Pen) -> float:
    """Return the room the labels of y axes need."""
    widest = max((pen.width(tick.label, _TICK) for tick in ticks), default=0.0)
    return widest + 10 * pen.unit


def _draw_column(chart: Chart, pen: Pen, area: Box) -> None:
    """Draw panels one below the other."""
    axis = _Axis(chart)
    marks = axis.marks()
    legends = [
        Legend.arrange(
            panel,
            pen,
            area.right - area.left,
            chart.texts("chart_text.setting_changed") if marks and not index else "",
        )
        for index, panel in enumerate(chart.panels)
    ]
    titled = isinstance(chart.x_axis, NumberAxis)
    lane = _LANE * pen.unit if marks else 0.0
    gap = 9 * pen.unit
    used = lane + _AXIS * pen.unit * (2 if titled else 1)
    used += sum(legend.height(pen) + gap for legend in legends)
    height = max((area.bottom - area.top - used) / len(legends), 4.0)

    places = []
    y = area.top
    for index, legend in enumerate(legends):
        y += legend.height(pen) + (lane if not index else 0.0)
        places.append((y, y + height))
        y += height + gap
    scales = [
        _y_scale(panel, *place)
        for panel, place in zip(chart.panels, places, strict=True)
    ]
    ticks = [_y_ticks(scale, pen, chart.texts) for scale in scales]
    left = area.left + _gutter(chain.from_iterable(ticks), pen)
    right = max(area.right, left + 4)
    x_ticks = axis.ticks(right - left, pen)
    frames = [
        Frame(
            panel=panel,
            box=Box(left, top, right, bottom),
            x=axis.scale(left, right),
            y=scale,
            x_ticks=x_ticks,
            y_ticks=y_ticks,
        )
        for panel, (top, bottom), scale, y_ticks in zip(
            chart.panels, places, scales, ticks, strict=True
        )
    ]
    for index, (frame, legend) in enumerate(zip(frames, legends, strict=True)):
        above = legend.height(pen) + (lane if not index else 0.0)
        legend.draw(pen, area.left, frame.box.top - above)
        draw_panel(frame, pen, marks, chart.texts)
        _write_y_ticks(frame, pen)
    if marks:
        _draw_lane(frames[0], pen, marks)
    _write_x_ticks(frames[-1], pen, _TICK)
    if isinstance(chart.x_axis, NumberAxis):
        middle = ((left + right) / 2, frames[-1].box.bottom + _AXIS * 1.45 * pen.unit)
        title = f"{chart.x_axis.title} {chart.x_axis.unit}".rstrip()
        pen.write(middle, title, _TICK, colour=pen.theme.muted, anchor="middle")


def _draw_grid(chart: Chart, pen: Pen, area: Box) -> None:
    """Draw small panels side by side, all with the same axes."""
    axis = _Axis(chart)
    marks = axis.marks()
    columns = min(chart.columns, len(chart.panels))
    rows = ceil(len(chart.panels) / columns)
    header = 21 * pen.unit
    gap = 14 * pen.unit
    bottom = area.bottom - _AXIS * pen.unit
    height = max((bottom - area.top) / rows - header, 4.0)
    ends = bounds(chain.from_iterable(panel.values() for panel in chart.panels))
    y_ticks = _y_ticks(Scale(*ends, height, 0) if ends else None, pen, chart.texts)
    left = area.left + _gutter(iter(y_ticks), pen)
    width = max((area.right - left + gap) / columns - gap, 4.0)
    x_ticks = axis.ticks(width, pen)
    for index, panel in enumerate(chart.panels):
        row, column = divmod(index, columns)
        x = left + column * (width + gap)
        y = area.top + row * (height + header) + header
        box = Box(x, y, x + width, y + height)
        known = any(True for _ in panel.values())
        frame = Frame(
            panel=panel,
            box=box,
            x=axis.scale(box.left, box.right),
            y=Scale(*ends, box.bottom, box.top) if ends and known else None,
            x_ticks=x_ticks,
            y_ticks=y_ticks,
        )
        _draw_small_header(frame, pen, y - header / 2)
        draw_panel(frame, pen, marks, chart.texts)
        if not column:
            _write_y_ticks(frame, pen)
        if index + columns >= len(chart.panels):
            _write_x_ticks(frame, pen, _SMALL)


def _draw_small_header(frame: Frame, pen: Pen, y: float) -> None:
    box = frame.box
    value = next((line.value for line in frame.panel.lines if line.value), "")
    taken = pen.width(value, _SMALL) + 8 * pen.unit
    name = pen.fit(
        frame.panel.title, _SMALL, max(box.right - box.left - taken, 0.0), bold=True
    )
    pen.write((box.left, y), name, _SMALL, bold=True)
    pen.write((box.right, y), value, _SMALL, colour=pen.theme.muted, anchor="right")


def _write_y_ticks(frame: Frame, pen: Pen) -> None:
    if frame.y is None:
        return
    lowest_free = inf
    for tick in frame.y_ticks:
        y = frame.y.pixel(tick.value)
        if y > lowest_free:
            continue
        lowest_free = y - _TICK * pen.unit
        place = (frame.box.left - 8 * pen.unit, y)
        pen.write(place, tick.label, _TICK, colour=pen.theme.muted, anchor="right")


def _write_x_ticks(frame: Frame, pen: Pen, size: float) -> None:
    """Write the labels that have room; those of greater things first."""
    y = frame.box.bottom + _AXIS * 0.55 * pen.unit
    taken: list[tuple[float, float]] = []
    space = 8 * pen.unit
    edge = pen.canvas.size[0] - 4 * pen.unit
    for tick in sorted(frame.x_ticks, key=lambda tick: not tick.strong):
        half = pen.width(tick.label, size, bold=tick.strong) / 2
        middle = min(max(frame.x.pixel(tick.value), half), edge - half)
        ends = (middle - half - space, middle + half + space)
        if any(ends[0] < right and left < ends[1] for left, right in taken):
            continue
        taken.append((middle - half, middle + half))
        pen.write(
            (middle, y),
            tick.label,
            size,
            colour=pen.theme.text if tick.strong else pen.theme.muted,
            anchor="middle",
            bold=tick.strong,
        )


def _draw_lane(frame: Frame, pen: Pen, marks: Sequence[Mark]) -> None:
    """Draw the diamonds, and the labels that have room; the latest first."""
    y = frame.box.top - _LANE / 2 * pen.unit
    colour = pen.theme.colour(Role.CHANGE)
    radius = 5.5
    limit = pen.canvas.size[0] - 6 * pen.unit
    for mark in reversed(marks):
        x = frame.x.pixel(mark.time)
        pen.diamond((x, y), radius, colour)
        start = x + (radius + 5) * pen.unit
        label = pen.fit(mark.label, _MARK, 200 * pen.unit)
        if label and start + pen.width(label, _MARK) <= limit:
            pen.write((start, y), label, _MARK)
        limit = x - (radius + 6) * pen.unit
