"""Means over real time, whatever the rows they are made of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

# Share of its time that a mean must know; below, it would be the mean of a shorter
# time.
_LEAST_COVERAGE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A value that held, or was the mean, for some time."""

    start: float
    """Unix time."""
    end: float
    """Unix time."""
    value: float


def pieces_of_states(
    states: Sequence[tuple[float, float | None]], start: float, end: float
) -> list[Piece]:
    """Return what a state was from one change to the next, between two moments."""
    if not states:
        return []
    ends = [*(moment for moment, _ in states[1:]), end]
    return [
        Piece(max(moment, start), min(until, end), value)
        for (moment, value), until in zip(states, ends, strict=True)
        if value is not None and min(until, end) > max(moment, start)
    ]


def bucket_means(
    pieces: Sequence[Piece], start: float, end: float, seconds: float
) -> list[float]:
    """Return the means of consecutive buckets that are known at least by half."""
    count = round((end - start) / seconds)
    areas = [0.0] * count
    covered = [0.0] * count
    for piece in pieces:
        first = max(int((piece.start - start) // seconds), 0)
        last = min(int((piece.end - start) // seconds), count - 1)
        for index in range(first, last + 1):
            low = start + index * seconds
            overlap = min(piece.end, low + seconds) - max(piece.start, low)
            if overlap > 0:
                areas[index] += piece.value * overlap
                covered[index] += overlap
    return [
        area / time
        for area, time in zip(areas, covered, strict=True)
        if time >= seconds * _LEAST_COVERAGE
    ]


def moving_average(pieces: Sequence[Piece], seconds: float) -> Iterator[float | None]:
    """Yield, for the end of each piece, the mean of the time before it.

    `None` where less than half of that time is known, and where a piece is longer than
    it: then nothing as short is known any more. The pieces are in the order of time.
    """
    area = covered = 0.0
    oldest = 0
    for piece in pieces:
        area += piece.value * (piece.end - piece.start)
        covered += piece.end - piece.start
        since = piece.end - seconds
        while pieces[oldest].end <= since:
            gone = pieces[oldest]
            area -= gone.value * (gone.end - gone.start)
            covered -= gone.end - gone.start
            oldest += 1
        # The oldest piece may reach out of the window by a part.
        outside = max(since - pieces[oldest].start, 0.0)
        time = covered - outside
        if piece.end - piece.start > seconds or time < seconds * _LEAST_COVERAGE:
            yield None
        else:
            yield (area - pieces[oldest].value * outside) / time
