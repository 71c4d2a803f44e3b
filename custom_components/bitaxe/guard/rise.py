"""How fast a miner heats up, as far as that says anything. Pure.

After a start, and after more load was put on a miner, it heats up fast and comes to
rest: then a rise says nothing of where it ends.
"""

from typing import Final

from ..axeos import MiningState, Snapshot

# s between two readings, at least and at most, of which the second says how it goes on.
_BETWEEN: Final = (3.0, 30.0)
# s after a start, or after more load, in which a rise says nothing: the ASIC itself is
# warm within some 10 s, its heat sink takes a minute or two.
_WARMING: Final = 30.0


class Rise:
    """What a temperature will have risen by at the next reading."""

    def __init__(self) -> None:
        """Begin without a reading."""
        self.asic: float | None = None
        """K of the hottest ASIC; `None` where nothing can be said."""
        self.vr: float | None = None
        """K of the voltage regulator."""
        self._last: tuple[float, float | None, float | None] | None = None
        self._load: float | None = None
        self._warming_until: float | None = None

    def see(self, snapshot: Snapshot, clock: float) -> None:
        """Take in a reading, at s of a clock that nobody sets."""
        point = snapshot.operating_point
        if snapshot.state is not MiningState.MINING or point is None:
            self._last = self.asic = self.vr = None
            self._load = 0.0
            return
        load = point.frequency * point.core_voltage**2
        if self._load is None or load > self._load:
            uptime = snapshot.system.uptime
            # It may have been there for long before anybody looked.
            began = self._load is not None or uptime is None or uptime < _WARMING
            self._warming_until = clock + _WARMING if began else None
        self._load = load
        asic, vr = (
            snapshot.cooling.hottest_asic_temperature,
            snapshot.cooling.vr_temperature,
        )
        if self._last is None:
            self._last = clock, asic, vr
            return
        seconds = clock - self._last[0]
        if seconds < _BETWEEN[0]:
            return
        says = seconds <= _BETWEEN[1] and (
            self._warming_until is None or clock >= self._warming_until
        )
        self.asic = _difference(self._last[1], asic) if says else None
        self.vr = _difference(self._last[2], vr) if says else None
        self._last = clock, asic, vr


def _difference(before: float | None, now: float | None) -> float | None:
    return None if before is None or now is None else now - before
