"""What a miner's firmware is going to do by itself."""

from collections.abc import Callable
import heapq
from itertools import count


class Scheduler:
    """Actions at simulated times; those of the same time keep their order."""

    def __init__(self) -> None:
        """Start with nothing to do."""
        self._entries: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()

    @property
    def next(self) -> float | None:
        """Simulated time of the next action."""
        return self._entries[0][0] if self._entries else None

    def at(self, when: float, action: Callable[[], None]) -> None:
        """Do something at a simulated time."""
        heapq.heappush(self._entries, (when, next(self._order), action))

    def due(self, now: float) -> bool:
        """Return whether something is to be done by now."""
        return bool(self._entries) and self._entries[0][0] <= now

    def take(self) -> Callable[[], None]:
        """Remove the next action and return it."""
        return heapq.heappop(self._entries)[2]

    def clear(self) -> None:
        """Forget everything, as a boot does."""
        self._entries.clear()
