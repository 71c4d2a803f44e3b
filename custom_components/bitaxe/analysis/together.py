"""The course of several miners together."""

from collections.abc import Sequence

from .course import Course


def sum_hashrates(courses: Sequence[Course]) -> list[tuple[float, float]]:
    """Return GH/s of all miners by the Unix time from which on it held.

    A miner adds nothing while nothing is known of it. Times in which nothing is known of
    any miner are left out.
    """
    steps: dict[float, tuple[int, float]] = {}
    for course in courses:
        for point in course.points:
            if point.hashrate is not None:
                _add(steps, point.start, 1, point.hashrate)
                _add(steps, point.end, -1, -point.hashrate)
    sums = []
    known, total = 0, 0.0
    for moment in sorted(steps):
        count, change = steps[moment]
        known += count
        # What was added and taken away again may leave a trace of rounding.
        total = total + change if known else 0.0
        if known:
            sums.append((moment, max(total, 0.0)))
    return sums


def _add(
    steps: dict[float, tuple[int, float]], moment: float, count: int, change: float
) -> None:
    known, total = steps.get(moment, (0, 0.0))
    steps[moment] = (known + count, total + change)
