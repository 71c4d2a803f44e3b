"""What to draw: a description any renderer can turn into a picture. Pure.

Values are in the unit the panel names, times are Unix times. Unknown is `None`, and
is left out of the picture: a gap stays a gap.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import tzinfo
from enum import Enum, StrEnum, auto
from math import isfinite
from typing import Final, TypeGuard

from ...formatting import Texts

type Samples = Sequence[tuple[float, float | None]]
"""Values in the order of their places on the x axis."""

# Beyond this a value is a defect of its source, and would hide all others.
_ABSURD: Final = 1e30


def is_drawable(value: float | None) -> TypeGuard[float]:
    """Return whether a value has a place on an axis."""
    return value is not None and isfinite(value) and abs(value) < _ABSURD


class Role(StrEnum):
    """What a mark stands for; the theme gives it a colour."""

    HASHRATE = auto()
    SAMPLES = auto()
    SHORT_AVERAGE = auto()
    LONG_AVERAGE = auto()
    MEAN = auto()
    EXPECTED = auto()
    ASIC_TEMPERATURE = auto()
    VR_TEMPERATURE = auto()
    POWER = auto()
    PLUG = auto()
    EFFICIENCY = auto()
    CHANGE = auto()
    CONFIGURATION = auto()
    PRESENT = auto()
    BEST = auto()
    WALL = auto()
    FRONT = auto()


class Style(Enum):
    """How a line is drawn."""

    SOLID = auto()
    DASHED = auto()
    DOTS = auto()
    """No line, but a dot at each value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Values joined by a line."""

    samples: Samples
    role: Role | int
    """A number picks one of the colours for miners."""
    label: str | None = None
    """Its entry in the legend, if any."""
    value: str = ""
    """Written after the label, and never shortened."""
    style: Style = Style.SOLID
    width: float = 2.0
    """Pixels on a picture of 1200 x 675."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """The area between two lines."""

    edges: Sequence[tuple[float, float, float]]
    """Place on the x axis, lower and upper value."""
    role: Role | int
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """A horizontal line at one value."""

    value: float
    role: Role
    label: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A spot on a map."""

    x: float
    y: float
    role: Role
    weight: float = 1.0
    """What its area is proportional to."""
    x_error: float | None = None
    y_error: float | None = None
    """Standard error."""
    label: str | None = None
    """Written next to it if there is room."""
    importance: int = 0
    """Labels of the more important points find room first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """An entry of the legend that stands for no line."""

    role: Role
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One plot."""

    title: str
    unit: str = ""
    lines: Sequence[Line] = ()
    bands: Sequence[Band] = ()
    references: Sequence[Reference] = ()
    points: Sequence[Point] = ()
    keys: Sequence[Key] = ()
    most: float | None = None
    """The y axis ends here, whatever lies above."""

    def values(self) -> Iterator[float]:
        """Yield all that must find a place on the y axis."""
        for line in self.lines:
            for _, value in line.samples:
                if is_drawable(value):
                    yield value
        for band in self.bands:
            for _, low, high in band.edges:
                if is_drawable(low) and is_drawable(high):
                    yield from (low, high)
        for reference in self.references:
            if is_drawable(reference.value):
                yield reference.value
        for point in self.drawable_points():
            error = point.y_error or 0.0
            yield from (point.y - error, point.y + error)

    def drawable_points(self) -> list[Point]:
        """Return the points that have a place."""
        return [
            point
            for point in self.points
            if is_drawable(point.x) and is_drawable(point.y)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """From `start` to `end`, with ticks at round times of the time zone."""

    start: float
    end: float
    tz: tzinfo


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberAxis:
    """As far as the points reach."""

    title: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment at which something changed, in all panels."""

    time: float
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture of one or more panels with one x axis."""

    title: str
    texts: Texts
    """The language of what is written besides: ticks, and that there is no data."""
    subtitle: str = ""
    x_axis: TimeAxis | NumberAxis
    panels: Sequence[Panel] = field(default=())
    marks: Sequence[Mark] = ()
    columns: int = 1
    """Panels side by side. With several, all have the same y axis."""
