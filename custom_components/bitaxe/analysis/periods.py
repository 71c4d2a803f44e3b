"""Periods of time: pairs of Unix times, begin before end."""

from collections.abc import Iterable, Iterator

type Period = tuple[float, float]


def common_periods(
    periods: Iterable[Period], start: float, end: float
) -> Iterator[Period]:
    """Yield what of some periods is between two moments."""
    for begin, finish in periods:
        if max(begin, start) < min(finish, end):
            yield max(begin, start), min(finish, end)


def without_periods(
    start: float, end: float, periods: Iterable[Period]
) -> list[Period]:
    """Return what is between two moments but for periods, which are in order."""
    left = []
    for begin, finish in common_periods(periods, start, end):
        if start < begin:
            left.append((start, begin))
        start = finish
    if start < end:
        left.append((start, end))
    return left


def join_periods(periods: Iterable[Period]) -> list[Period]:
    """Return periods in the order of time, those that touch as one."""
    joined: list[Period] = []
    for begin, end in sorted(periods):
        if joined and begin <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((begin, end))
    return joined


def seconds_of(periods: Iterable[Period]) -> float:
    """Return how long periods last together."""
    return sum(end - begin for begin, end in periods)
