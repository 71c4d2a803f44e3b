"""What perfect knowledge would make of a power target: the yardstick of a controller.

It knows each miner exactly and all that is to come, changes everything at once, and has
no limit of writes. What physics takes from anybody it pays as well: a miner that goes
on after a pause makes nothing while it starts, and is not started before its power
fits.
"""

from collections.abc import Iterable, Sequence
import math
from typing import Final

from custom_components.bitaxe.power.choose import Option, choose

_TOLERANCE: Final = 5e-4


class PerfectKnowledge:
    """Some miners, and the best that can be made of them."""

    def __init__(
        self,
        miners: Sequence[Sequence[Option]],
        idle: Sequence[float] | None,
        start: float,
    ) -> None:
        """Take the options of miners that hash.

        `idle` is the W of each while it is paused, or `None` if none may be; `start`
        the s from when one is resumed until it hashes.
        """
        self._miners = miners
        self._idle = idle
        self._start = start
        self._all = (1 << len(miners)) - 1
        self._known: dict[tuple[int, int], float] = {}

    def made(self, hashing: int, watts: int) -> float:
        """Return the GH/s of a set of miners, by bits; -inf if they do not fit."""
        key = (hashing, watts)
        if key not in self._known:
            self._known[key] = self._made(hashing, watts)
        return self._known[key]

    def _made(self, hashing: int, watts: int) -> float:
        if self._idle is None:
            return choose(self._miners, watts, tolerance=_TOLERANCE).hashrate
        found = choose(
            [
                options if hashing >> number & 1 else [Option(idle, 0.0)]
                for number, (options, idle) in enumerate(
                    zip(self._miners, self._idle, strict=True)
                )
            ],
            watts,
            tolerance=_TOLERANCE,
        )
        return found.hashrate if found.fits or not hashing else -math.inf

    def work(self, targets: Iterable[tuple[int, float]]) -> float:
        """Return the GH/s x s under targets in W, each with the s for which it lasts.

        All miners hash at first.
        """
        if self._idle is None:
            return sum(self.made(self._all, watts) * lasts for watts, lasts in targets)
        # The most that was made so far, by the miners that hash now.
        best = {self._all: 0.0}
        for watts, lasts in targets:
            rates = {
                hashing: rate
                for hashing in range(self._all + 1)
                if (rate := self.made(hashing, watts)) > -math.inf
            }
            best = {
                hashing: rate * lasts
                + max(
                    done - self._lost(before & hashing, hashing, rates)
                    for before, done in best.items()
                )
                for hashing, rate in rates.items()
            }
        return max(best.values())

    def _lost(self, kept: int, hashing: int, rates: dict[int, float]) -> float:
        """Return the GH/s x s that are lost until those that were resumed hash."""
        if kept == hashing:
            return 0.0
        return self._start * (rates[hashing] - rates.get(kept, 0.0))
