"""Caches blocks of hours that cannot change any more.

All of history is asked for again within the hour, and most of it is the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import floor
from typing import Final

from ..analysis.blocks import Block

KEEP_SECONDS: Final = 6 * 3600.0
"""After so long everything is read anew: people correct and clear statistics."""

type ReadBlocks = Callable[[float, float], list[Block]]


@dataclass(frozen=True, slots=True)
class _Kept:
    read_at: float
    until: float
    blocks: tuple[Block, ...]


class BlockKeeper:
    """The blocks of each history that was asked for, up to a moment."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._kept: dict[object, _Kept] = {}

    def read(
        self,
        history: object,
        *,
        start: float,
        end: float,
        stretch: float,
        now: float,
        read: ReadBlocks,
    ) -> list[Block]:
        """Return the blocks from `start` to `end`, reading only what is not kept.

        `history` distinguishes histories, with everything their blocks depend on but the
        end. `read` reads the blocks between two moments; at multiples of `stretch` no
        block is cut in two. `now` is a time in s that only goes forward.
        """
        kept = self._kept.get(history)
        if kept is None or now - kept.read_at >= KEEP_SECONDS or kept.until > end:
            kept = _Kept(now, start, ())
        whole = floor(end / stretch) * stretch
        if whole > kept.until:
            more = read(kept.until, whole)
            kept = _Kept(kept.read_at, whole, (*kept.blocks, *more))
            self._forget_old(now)
            self._kept[history] = kept
        return [*kept.blocks, *(read(kept.until, end) if kept.until < end else ())]

    def _forget_old(self, now: float) -> None:
        self._kept = {
            history: kept
            for history, kept in self._kept.items()
            if now - kept.read_at < KEEP_SECONDS
        }
