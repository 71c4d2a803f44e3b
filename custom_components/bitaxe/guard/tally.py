"""Counts what was done within a day, whichever way the clock is set. Pure."""

from typing import Final

_DAY: Final = 86_400.0
# Times that are kept; nothing is done more often within a day.
_MOST: Final = 200


class Tally:
    """Counts what is done so often a day at most, or after pauses that grow.

    Unix time outlives a restart of Home Assistant but may be set; the other clock is
    set by nobody but begins anew. Whichever says more counts.
    """

    def __init__(self, stored: object = None) -> None:
        """Continue from what `as_list` returned before a restart."""
        self._times = [
            float(time)
            for time in (stored[-_MOST:] if isinstance(stored, list) else [])
            if isinstance(time, int | float)
        ]
        self._clocks: list[float] = []
        """The same moments by the clock that nobody sets, as far as they are of this
        start of Home Assistant."""

    def as_list(self) -> list[float]:
        """Return the Unix times, for storage."""
        return list(self._times)

    def note(self, time: float, clock: float) -> None:
        """Count what is done now: Unix time, and s of the clock that nobody sets."""
        self._times = [*self._recent(time), time]
        self._clocks = [*self._recent_clocks(clock), clock]

    def take_back(self) -> None:
        """Do not count what was noted last: it was not done."""
        del self._times[-1:], self._clocks[-1:]

    def look(self, time: float) -> None:
        """Have what lies in the future count from now on.

        A clock that was years ahead would otherwise have it count until then.
        """
        self._times = self._recent(time)

    def count(self, time: float, clock: float) -> int:
        """Return how often it was done within a day."""
        return max(len(self._recent(time)), len(self._recent_clocks(clock)))

    def rested(self, time: float, clock: float) -> float:
        """Return the s since it was done last, by the clock that says less."""
        since = [time - max(self._recent(time), default=time - _DAY)]
        if self._clocks:
            since.append(clock - self._clocks[-1])
        return min(since)

    def _recent_clocks(self, clock: float) -> list[float]:
        return [at for at in self._clocks if clock - at < _DAY]

    def _recent(self, time: float) -> list[float]:
        """Return the moments of a day; one in the future is as good as now."""
        return [min(at, time) for at in self._times if time - at < _DAY]
