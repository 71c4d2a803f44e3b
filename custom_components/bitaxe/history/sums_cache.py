"""Keeps the sums of hours that cannot change any more. Pure.

All of history is asked for again within the hour, and most of it is the same. What is
kept is compared with *marks* of the rows it was made of (see `Marks`), which show
nearly all that people do to statistics. What they do not show is found when everything
is read anew.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from functools import lru_cache
from math import floor, isfinite
from typing import Any, Final, Protocol

import orjson

from ..analysis.blocks import Block, Contributions, PointSums, Tally, add_up, join_sums
from ..axeos import OperatingPoint

KEEP_SECONDS: Final = 6 * 3600.0
"""After so long everything is read anew: people correct and clear statistics."""

type Marks = list[float | None]
"""How many rows there are, and the sums of what is in some of them."""

_POINT_AT: Final = Block._fields.index("operating_point")
_TALLIES_AT: Final = [
    Block._fields.index(name)
    for name in (
        "hashrate",
        "power",
        "asic_temperature",
        "vr_temperature",
        "input_voltage",
        "fan_speed",
    )
]

type _Packed = list[Any]
"""The figures of a block, with those of its operating point and of each tally as lists,
and then what each block adds, a list for each figure."""


class History(Protocol):
    """What one table of the recorder has of a miner."""

    def blocks(self, start: float, end: float) -> list[Block]:
        """Return the blocks between two moments."""

    def marks(self, start: float, end: float) -> Marks:
        """Return the marks of all rows that blocks between two moments are made of."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The sums of one history up to a moment."""

    shape: str
    """All that blocks depend on besides rows: where they begin, length, numbers,
    units."""
    until: float
    """Unix time."""
    packed: bytes
    """A JSON list of sums: a third of the memory, and ready to be written."""
    marks: Marks
    read_at: float
    """When the first of it was read."""

    def sums(self) -> list[PointSums] | None:
        """Return the sums; `None` if they are none, as a file may hold anything."""
        try:
            return [_unpack(item) for item in orjson.loads(self.packed)]
        except LookupError, TypeError, ValueError:
            return None


class SumsKeeper:
    """The sums of each history that was asked for, up to a moment."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: dict[Hashable, Kept] = {}

    def read(
        self,
        name: Hashable,
        history: History,
        *,
        shape: str,
        start: float,
        end: float,
        closed: float,
        stretch: float,
        now: float,
        anew: bool = False,
    ) -> list[PointSums]:
        """Return the sums from `start` to `end`, reading only what is not kept.

        `name` distinguishes histories, `shape` is everything blocks depend on besides
        rows and the end. At multiples of `stretch` no block is cut in two; up to
        `closed` no rows are to be expected any more. `now` is a time in s that only
        goes forward. `anew` reads all of it again.
        """
        whole = max(floor(min(end, closed) / stretch) * stretch, start)
        # Those of more are made before those of less: what somebody changes meanwhile
        # differs from one of them.
        marks = history.marks(start, whole)
        kept = None if anew else self._kept.get(name)
        found: list[PointSums] | None = None
        if (
            kept is not None
            and kept.shape == shape
            and kept.until <= end
            and now - kept.read_at < KEEP_SECONDS
            and kept.marks
            == (marks if kept.until == whole else history.marks(start, kept.until))
        ):
            found = kept.sums()
        if kept is None or found is None:
            kept, found = Kept(shape, start, b"[]", [], now), []
        if whole > kept.until:
            found = join_sums(found, add_up(history.blocks(kept.until, whole)))
            rows = [_pack(sums) for sums in found]
            kept = Kept(shape, whole, orjson.dumps(rows), marks, kept.read_at)
            if all(map(_is_finite, rows)):
                self._kept[name] = kept
            else:
                self.forget(name)
        if kept.until < end:
            found = join_sums(found, add_up(history.blocks(kept.until, end)))
        return found

    def get(self, name: Hashable) -> Kept | None:
        """Return what is kept of a history."""
        return self._kept.get(name)

    def put(self, name: Hashable, kept: Kept) -> None:
        """Keep what a file says."""
        self._kept[name] = kept

    def forget(self, name: Hashable) -> None:
        """Keep nothing of a history."""
        self._kept.pop(name, None)


def _pack(sums: PointSums) -> _Packed:
    """Return all figures of sums."""
    point = sums.whole.operating_point
    packed: _Packed = list(sums.whole)
    packed[_POINT_AT] = point.frequency, point.core_voltage
    # JSON knows no named tuples.
    for at in _TALLIES_AT:
        packed[at] = None if packed[at] is None else tuple(packed[at])
    return packed + list(sums.contributions)


def _is_finite(packed: _Packed) -> bool:
    """Return whether no figure is without an end, which JSON has not."""
    return all(
        isfinite(figure or 0)
        for item in packed
        for figure in (item if isinstance(item, tuple | list) else (item,))
    )


def _unpack(packed: _Packed) -> PointSums:
    """Return the sums with these figures."""
    packed[_POINT_AT] = _point(*packed[_POINT_AT])
    for at in _TALLIES_AT:
        if packed[at] is not None:
            packed[at] = Tally._make(packed[at])
    whole = Block._make(packed[: len(Block._fields)])
    return PointSums(whole, Contributions._make(packed[len(Block._fields) :]))


@lru_cache(maxsize=1024)
def _point(frequency: float, core_voltage: float) -> OperatingPoint:
    """Return an operating point, of which there are few."""
    return OperatingPoint(frequency=frequency, core_voltage=core_voltage)
