"""How often one miner may be changed. Pure.

The firmware keeps every setting in flash memory, which wears. The times are stored Unix
times, because a restart of Home Assistant must not give the budget back; while it runs,
they are counted by a clock that nobody sets.
"""

from collections.abc import Iterable
import math
from typing import Final

HOUR: Final = 3600.0


class Budget:
    """The changes of one miner within the last hour."""

    def __init__(self, stored: Iterable[float], time: float, clock: float) -> None:
        """Continue from Unix times of changes; one in the future is as good as now.

        `time` is the present Unix time, `clock` the same moment by a monotonic clock in
        s.
        """
        self._at = sorted(
            clock - max(time - at, 0.0) for at in stored if time - at < HOUR
        )

    def as_list(self, time: float, clock: float) -> list[float]:
        """Return the Unix times of the changes of the last hour, for storage.

        Whole ones: what does not change is not stored again.
        """
        return [float(math.ceil(time - (clock - at))) for at in self._recent(clock)]

    def note(self, clock: float) -> None:
        """Count a change, whether or not it will be confirmed."""
        self._at = [*self._recent(clock), clock]

    def take_back(self) -> None:
        """Do not count the last change: nothing was sent."""
        del self._at[-1:]

    def left(self, clock: float, most: int) -> int:
        """Return how many of `most` changes an hour are left."""
        return max(most - len(self._recent(clock)), 0)

    def age(self, clock: float) -> float:
        """Return the s since the last change; an hour if there was none."""
        return min(clock - self._at[-1], HOUR) if self._at else HOUR

    def _recent(self, clock: float) -> list[float]:
        return [at for at in self._at if clock - at < HOUR]
