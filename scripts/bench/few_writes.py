"""What could be made of a power target with as few writes as the controller has.

It knows all that is to come, as `perfect.py` does, but changes each miner a few times
within a clock hour at most. One miner after the other gets the best schedule for what
the others leave: for one miner that is the optimum, for several it is something that
can be made, and that a still better plan might exceed.
"""

from collections.abc import Iterable, Sequence
from itertools import pairwise
import math
from typing import Final

import numpy as np
import numpy.typing as npt

from custom_components.bitaxe.power.choose import Option

HOUR: Final = 3600.0
_TINY: Final = 1e-9
# What is done at a poll: nothing, a write (of one that is paused: and a start), or a
# pause or a start.
_STAY, _WRITE, _TURN = range(3)

type _Watts = npt.NDArray[np.float64]
type _Values = npt.NDArray[np.float64]
type _Done = npt.NDArray[np.int8]
type _Points = npt.NDArray[np.int16]


class FewWrites:
    """Some miners, and what can be made of them by few writes."""

    def __init__(
        self,
        miners: Sequence[Sequence[Option]],
        idle: Sequence[float] | None,
        *,
        start: int,
        poll: float,
        writes: int,
    ) -> None:
        """Take the options of miners that hash.

        `idle` is the W of each while it is paused, or `None` if none may be; `start`
        the polls from when one is resumed until it hashes, `poll` the s of each, and
        `writes` how many of them a miner may have in an hour.
        """
        self._poll = poll
        self._plans = [
            _Plan(options, None if idle is None else idle[number], start, poll, writes)
            for number, options in enumerate(miners)
        ]

    def work(self, targets: Iterable[tuple[int, float]], *, rounds: int = 2) -> float:
        """Return the GH/s x s under targets in W, each with the s for which it lasts.

        What a W brings at a moment is at first a price that keeps miners from taking it
        from others who make more of it, and in the last rounds nothing.
        """
        found = list(targets)
        caps = np.repeat(
            np.array([float(watts) for watts, _ in found]),
            [round(lasts / self._poll) for _, lasts in found],
        )
        prices = self._prices(caps)
        drawn = [np.full(len(caps), plan.least) for plan in self._plans]
        made = [0.0] * len(self._plans)
        for share in (*(1 - number / rounds for number in range(rounds)), 0.0, 0.0):
            for number in self._in_order:
                others = sum(drawn) - drawn[number]
                made[number], drawn[number] = self._plans[number].best(
                    caps - others, share * prices
                )
        return sum(made)

    @property
    def _in_order(self) -> Iterable[int]:
        """The numbers of the miners, the largest first: it fits least easily."""
        return sorted(range(len(self._plans)), key=lambda at: -self._plans[at].most)

    def _prices(self, caps: _Watts) -> _Watts:
        """Return the GH/s that one more W would bring, could all be divided at will."""
        steps = sorted(
            (step for plan in self._plans for step in plan.hull), reverse=True
        )
        slopes = np.array([slope for slope, _ in steps] + [0.0])
        ends = np.cumsum([watts for _, watts in steps])
        least = sum(plan.least for plan in self._plans)
        found: _Watts = slopes[np.searchsorted(ends, caps - least, side="right")]
        return found


class _Plan:
    """One miner, and its best schedule within some W."""

    def __init__(
        self,
        options: Sequence[Option],
        idle: float | None,
        start: int,
        poll: float,
        writes: int,
    ) -> None:
        self._poll = poll
        self._power = np.array([option.power for option in options])
        self._rate = np.array([option.hashrate for option in options])
        self._pauses = idle is not None
        self._start = start
        self._writes = writes
        self._lowest = float(self._power.min()) if idle is None else 0.0
        self.least = self._lowest if idle is None else idle
        self.most = float(self._power.max())
        self.hull = _hull(options, idle)

    def best(self, caps: _Watts, prices: _Watts) -> tuple[float, _Watts]:
        """Return the GH/s x s that can be made, and the W that it takes at each poll.

        The lowest point, or a pause, may always be had.
        """
        polls, shape = len(caps), (self._writes + 1, len(self._power))
        hashing, paused = np.zeros(shape), np.zeros(shape)
        hour = round(HOUR / self._poll)
        what = np.zeros((polls, 2, *shape), dtype=np.int8)
        which = np.zeros((polls, 2, shape[0]), dtype=np.int16)
        lows, later = [math.inf] * self._start, [hashing] * self._start
        for poll in range(polls - 1, -1, -1):
            if (poll + 1) % hour == 0:
                # All writes are there again.
                hashing = np.broadcast_to(hashing[-1], shape)
                paused = np.broadcast_to(paused[-1], shape)
            cost = prices[poll] * self._power * self._poll
            fits = self._power <= max(caps[poll], self._lowest) + _TINY
            runs = hashing + np.where(fits, self._rate * self._poll - cost, -math.inf)
            rests = paused - prices[poll] * self.least * self._poll
            if not self._pauses:
                rests = np.full(shape, -math.inf)
            lows, later = [caps[poll], *lows[:-1]], [hashing, *later[:-1]]
            starts = later[-1] + np.where(
                self._power <= min(lows) + _TINY, -cost * self._start, -math.inf
            )
            hashing = _decide(runs, rests, runs, what[poll, 0], which[poll, 0])
            paused = _decide(rests, starts, starts, what[poll, 1], which[poll, 1])
        return self._follow(hashing, paused, what, which)

    def _follow(
        self, hashing: _Values, paused: _Values, what: _Done, which: _Points
    ) -> tuple[float, _Watts]:
        """Return the GH/s x s and the W of what was decided, from the best begin on."""
        polls, hour = len(what), round(HOUR / self._poll)
        drawn, work = np.empty(polls), 0.0
        left, rests = self._writes, int(paused[-1].max() > hashing[-1].max())
        at = int((paused if rests else hashing)[-1].argmax())
        poll = 0
        while poll < polls:
            done = what[poll, rests, left, at]
            if done == _WRITE:
                at, left = int(which[poll, rests, left]), left - 1
            starts = bool(rests) and done != _STAY
            if starts or done == _TURN:
                rests = 1 - rests
            lasts = self._start if starts else 1
            drawn[poll : poll + lasts] = self.least if rests else self._power[at]
            if not rests and not starts:
                work += self._rate[at] * self._poll
            if (poll + lasts) // hour > poll // hour:
                left = self._writes
            poll += lasts
        return work, drawn


def _decide(
    stays: _Values, turns: _Values, writes: _Values, what: _Done, which: _Points
) -> _Values:
    """Return the value of the best that may be done now, and note it."""
    best = np.maximum(stays, turns)
    what[...] = np.where(turns > stays, _TURN, _STAY)
    which[1:] = writes[:-1].argmax(axis=1)
    most = writes[:-1].max(axis=1)[:, None]
    what[1:][most > best[1:] + _TINY] = _WRITE
    best[1:] = np.maximum(best[1:], most)
    return best


def _hull(options: Sequence[Option], idle: float | None) -> list[tuple[float, float]]:
    """Return GH/s per W, and W, of each step of the upper convex hull."""
    points = sorted([(option.power, option.hashrate) for option in options])
    chain = [(idle, 0.0) if idle is not None else points[0]]
    for point in points:
        if point[1] <= chain[-1][1]:
            continue
        while len(chain) > 1 and _slope(chain[-2], point) >= _slope(*chain[-2:]):
            chain.pop()
        chain.append(point)
    return [(_slope(low, high), high[0] - low[0]) for low, high in pairwise(chain)]


def _slope(low: tuple[float, float], high: tuple[float, float]) -> float:
    return (high[1] - low[1]) / (high[0] - low[0])
