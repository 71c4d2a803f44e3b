"""Leaves out what no pixel could show. Pure."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from .canvas import Position


def runs(places: Iterable[Position | None]) -> Iterator[list[Position]]:
    """Split into runs without gaps."""
    for known, group in groupby(places, key=lambda place: place is not None):
        if known:
            yield [place for place in group if place is not None]


def thin_line(points: list[Position]) -> list[Position]:
    """Keep first, lowest, highest and last of each column of pixels, in their order."""
    result: list[Position] = []
    for _, group in groupby(points, key=lambda point: round(point[0])):
        column = list(group)
        if len(column) <= 4:
            result += column
            continue
        heights = [height for _, height in column]
        kept = {
            0,
            heights.index(min(heights)),
            heights.index(max(heights)),
            len(column) - 1,
        }
        result += [column[index] for index in sorted(kept)]
    return result


def thin_dots(points: Iterable[Position]) -> list[Position]:
    """Keep one dot per pixel."""
    return list({(round(x), round(y)): (x, y) for x, y in points}.values())
