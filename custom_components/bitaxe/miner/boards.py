"""Which boards a miner has had, and when. Pure.

A board that is replaced keeps its module, with its MAC address, and so the entry, the
entities and all history. What was measured of one says nothing of another.
"""

from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any, Final

from ..axeos import Hardware, bounds
from ..storage.stored_object import StoredObject
from .hardware import read_hardware

_TIME: Final = bounds.Bounds(0, 4e9)
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class _Period:
    """A time with one board."""

    since: float
    """Unix time of the first reading; 0 for the first board that is known."""
    hardware: Hardware


class BoardHistory:
    """The boards of one miner, the present one last."""

    def __init__(self) -> None:
        """Begin without any."""
        self._periods: list[_Period] = []
        self.others: tuple[tuple[float, float], ...] = ()
        """Begin and end in Unix time of the periods in which it had another board."""

    def restore(self, stored: StoredObject, hardware: Hardware | None) -> None:
        """Continue from what `as_list` returned.

        `hardware` is the last board where only that was stored.
        """
        periods: list[_Period] = []
        for item in stored.objects("boards"):
            since, board = item.number("since", _TIME), item.child("hardware")
            if since is not None:
                periods.append(_Period(since, read_hardware(board)))
            board.finish()
            item.finish()
        if not periods and hardware is not None:
            periods.append(_Period(0.0, hardware))
        self._periods = periods
        self._update()

    def as_list(self) -> list[dict[str, Any]]:
        """Return plain values for storage."""
        return [
            {"since": item.since, "hardware": asdict(item.hardware)}
            for item in self._periods
        ]

    def note(self, hardware: Hardware, now: float) -> bool:
        """Note the board of a reading at a Unix time; return whether it is another."""
        if not self._periods:
            self._periods = [_Period(0.0, hardware)]
            return False
        last = self._periods[-1]
        if hardware is last.hardware:
            return False
        if not hardware.differs_from(last.hardware):
            completed = hardware.completed_by(last.hardware)
            self._periods[-1] = _Period(last.since, completed)
            return False
        self._periods = [*self._periods, _Period(now, hardware)][-_MOST:]
        self._update()
        return True

    def _update(self) -> None:
        if not self._periods:
            return
        present = self._periods[-1].hardware
        others = [
            (item.since, after.since)
            for item, after in pairwise(self._periods)
            if item.hardware.differs_from(present)
        ]
        if (first := self._periods[0].since) > 0:
            # So many boards were there that those before are not known any more.
            others.insert(0, (0.0, first))
        self.others = tuple(others)
