"""Finds room for the labels of points. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from .canvas import Position

_GAP: Final = 4.0
_DISTANCES: Final = (0.0, 10.0, 24.0)


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in pixels."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box) -> bool:
        """Return whether they have pixels in common."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )

    def within(self, other: Box) -> bool:
        """Return whether it lies inside."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )

    @classmethod
    def around(cls, centre: Position, radius: float) -> Box:
        """Return the square around a disc."""
        x, y = centre
        return cls(x - radius, y - radius, x + radius, y + radius)


@dataclass(slots=True)
class Room:
    """What is free of an area."""

    area: Box
    taken: list[Box] = field(default_factory=list)

    def place(
        self, centre: Position, radius: float, size: tuple[float, float]
    ) -> Box | None:
        """Take and return the best free place next to a disc; `None` if all is full."""
        for box in _candidates(centre, radius, size):
            if box.within(self.area) and not any(box.meets(it) for it in self.taken):
                self.taken.append(box)
                return box
        return None


def _candidates(
    centre: Position, radius: float, size: tuple[float, float]
) -> Iterator[Box]:
    x, y = centre
    width, height = size
    for distance in _DISTANCES:
        away = radius + _GAP + distance
        near = away * 0.72
        corners: Sequence[Position] = (
            (x + away, y - height / 2),
            (x + near, y - near - height),
            (x + near, y + near),
            (x - width / 2, y - away - height),
            (x - width / 2, y + away),
            (x - away - width, y - height / 2),
            (x - near - width, y - near - height),
            (x - near - width, y + near),
        )
        for left, top in corners:
            yield Box(left, top, left + width, top + height)
