"""Which point several miners are to run at, for the most hashrate within a power. Pure.

That is a knapsack with one choice per miner. A greedy solution along the convex hull of
each miner's points is as good as optimal for many miners, as at most the last step of
one of them does not fit. For few miners it is not, and all that could still be better
is tried: combinations that another one dominates, or that cannot reach the best known
even if power could be divided at will, are left out.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, combinations, pairwise
from typing import Final, NamedTuple

# Combinations that are kept after each miner; with more the greedy solution stands.
_MOST_COMBINATIONS: Final = 1000
_EXACT_MINERS: Final = 12
_TINY: Final = 1e-9


class Option(NamedTuple):
    """Something a miner may do."""

    power: float
    """W."""
    hashrate: float
    """GH/s."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen."""

    indices: tuple[int, ...]
    """Of the option of each miner."""
    power: float
    """W of all."""
    hashrate: float
    """GH/s of all."""
    fits: bool
    """Whether the power is within the target; otherwise each miner takes its least."""


class _Step(NamedTuple):
    """From one option of a miner on its convex hull to the next."""

    slope: float
    """GH/s per W."""
    miner: int
    to: int
    power: float
    hashrate: float


def choose(
    miners: Sequence[Sequence[Option]], target: float, *, tolerance: float = 0.0
) -> Choice:
    """Return the options with the most hashrate within `target` W.

    Each miner has at least one. `tolerance` is the share of the hashrate that may be
    missed for the sake of time; 0 is exact where the miners are few.
    """
    # Added once: a comparison with it never says less than what is left of it.
    limit = target + _TINY
    least = tuple(_least(options) for options in miners)
    if _power(miners, least) > limit:
        return _choice(miners, least, fits=False)
    hulls = [
        _hull(number, options, least[number]) for number, options in enumerate(miners)
    ]
    greedy = _greedy(miners, hulls, least, limit)
    if len(miners) <= _EXACT_MINERS:
        greedy = _with_others_held(miners, least, limit, greedy)
        better = _search(miners, hulls, limit, greedy, tolerance)
        if better is not None:
            return _choice(miners, better, fits=True)
    return _choice(miners, greedy, fits=True)


def _least(options: Sequence[Option]) -> int:
    return min(
        range(len(options)), key=lambda at: (options[at].power, -options[at].hashrate)
    )


def _power(miners: Sequence[Sequence[Option]], chosen: Sequence[int]) -> float:
    return sum(options[at].power for options, at in zip(miners, chosen, strict=True))


def _hashrate(miners: Sequence[Sequence[Option]], chosen: Sequence[int]) -> float:
    return sum(options[at].hashrate for options, at in zip(miners, chosen, strict=True))


def _choice(
    miners: Sequence[Sequence[Option]], chosen: tuple[int, ...], *, fits: bool
) -> Choice:
    return Choice(chosen, _power(miners, chosen), _hashrate(miners, chosen), fits)


def _hull(number: int, options: Sequence[Option], start: int) -> list[_Step]:
    """Return the steps along the upper convex hull from the least option on."""
    chain = [start]
    for to in sorted(range(len(options)), key=lambda at: options[at]):
        option = options[to]
        if (
            option.power - options[start].power <= _TINY
            or option.hashrate <= options[chain[-1]].hashrate
        ):
            continue
        while len(chain) > 1 and _slope(options, chain[-2], to) >= _slope(
            options, chain[-2], chain[-1]
        ):
            chain.pop()
        chain.append(to)
    return [
        _Step(
            _slope(options, at, to),
            number,
            to,
            options[to].power - options[at].power,
            options[to].hashrate - options[at].hashrate,
        )
        for at, to in pairwise(chain)
    ]


def _slope(options: Sequence[Option], at: int, to: int) -> float:
    rise = options[to].hashrate - options[at].hashrate
    return rise / max(options[to].power - options[at].power, _TINY)


def _greedy(
    miners: Sequence[Sequence[Option]],
    hulls: Sequence[Sequence[_Step]],
    least: Sequence[int],
    limit: float,
) -> tuple[int, ...]:
    """Climb the hulls, the steepest step first, and fill up what is left."""
    chosen = list(least)
    left = limit - _power(miners, least)
    stopped: set[int] = set()
    steps = [step for hull in hulls for step in hull]
    for step in sorted(steps, key=lambda step: -step.slope):
        if step.miner in stopped:
            continue
        if step.power <= left:
            chosen[step.miner] = step.to
            left -= step.power
        else:
            stopped.add(step.miner)
    for number in sorted(stopped) or range(len(miners)):
        options = miners[number]
        here = options[chosen[number]]
        best = max(
            (
                at
                for at, option in enumerate(options)
                if option.power - here.power <= left
            ),
            key=lambda at: (options[at].hashrate, -options[at].power),
        )
        left -= options[best].power - here.power
        chosen[number] = best
    return tuple(chosen)


def _with_others_held(
    miners: Sequence[Sequence[Option]],
    least: Sequence[int],
    limit: float,
    known: tuple[int, ...],
) -> tuple[int, ...]:
    """Return a better choice with other miners held at their least option, if there is.

    From a pause to the first point that is worth it is far: the greedy solution gives
    up on a large miner that would fit at a lower point. Here one miner after the other,
    or two in exchange, are held or made to run, as long as that is better.
    """
    higher = [
        _least_above(options, options[at])
        for options, at in zip(miners, least, strict=True)
    ]
    hulls = [
        [] if at is None else _hull(number, options, at)
        for number, (options, at) in enumerate(zip(miners, higher, strict=True))
    ]
    best, most = known, _hashrate(miners, known)
    held = tuple(at == lowest for at, lowest in zip(known, least, strict=True))
    better = True
    while better:
        better = False
        for other in _exchanged(held):
            starts = [
                lowest if is_held or at is None else at
                for is_held, lowest, at in zip(other, least, higher, strict=True)
            ]
            if _power(miners, starts) > limit:
                continue
            steps = [
                [] if is_held else hull
                for is_held, hull in zip(other, hulls, strict=True)
            ]
            found = _greedy(miners, steps, starts, limit)
            if (hashrate := _hashrate(miners, found)) > most + _TINY:
                best, most, held, better = found, hashrate, other, True
    return best


def _least_above(options: Sequence[Option], lowest: Option) -> int | None:
    """Return the option with the least power above the least one."""
    return min(
        (
            at
            for at, option in enumerate(options)
            if option.power > lowest.power + _TINY
        ),
        key=lambda at: (options[at].power, -options[at].hashrate),
        default=None,
    )


def _exchanged(held: tuple[bool, ...]) -> Iterator[tuple[bool, ...]]:
    """Yield what differs from it by one miner, or by two in exchange."""
    numbers = range(len(held))
    for changed in (
        *((number,) for number in numbers),
        *(
            (one, two)
            for one, two in combinations(numbers, 2)
            if held[one] != held[two]
        ),
    ):
        yield tuple(
            is_held is not (number in changed) for number, is_held in enumerate(held)
        )


class _Promise:
    """The most hashrate that some miners could make of a power, were it divisible."""

    def __init__(
        self,
        miners: Sequence[Sequence[Option]],
        hulls: Sequence[Sequence[_Step]],
    ) -> None:
        least = [_least(options) for options in miners]
        steps = sorted(
            (step for hull in hulls for step in hull), key=lambda step: -step.slope
        )
        self.power = _power(miners, least)
        self._hashrate = _hashrate(miners, least)
        self._steps = steps
        self._powers = list(accumulate((step.power for step in steps), initial=0.0))
        self._hashrates = list(
            accumulate((step.hashrate for step in steps), initial=0.0)
        )

    def of(self, power: float) -> float:
        """Return the bound for a power of at least the least one."""
        spare = power - self.power
        at = bisect_right(self._powers, spare) - 1
        found = self._hashrate + self._hashrates[at]
        if at < len(self._steps):
            found += (spare - self._powers[at]) * self._steps[at].slope
        return found


def _search(
    miners: Sequence[Sequence[Option]],
    hulls: Sequence[Sequence[_Step]],
    limit: float,
    known: tuple[int, ...],
    tolerance: float,
) -> tuple[int, ...] | None:
    """Return the best combination; `None` if there are too many that could be."""
    best, best_hashrate = known, _hashrate(miners, known)
    enough = best_hashrate * (1 + tolerance) + _TINY
    # The combinations so far: W, GH/s, and the options taken.
    states: list[tuple[float, float, tuple[int, ...]]] = [(0.0, 0.0, ())]
    for number, options in enumerate(miners):
        promise = _Promise(miners[number + 1 :], hulls[number + 1 :])
        grown = [
            (power + option.power, hashrate + option.hashrate, (*taken, at))
            for power, hashrate, taken in states
            for at, option in enumerate(options)
            if power + option.power + promise.power <= limit
            and hashrate
            + option.hashrate
            + promise.of(max(limit - power - option.power, promise.power))
            > enough
        ]
        grown.sort(key=lambda state: (state[0], -state[1]))
        states = []
        most = -1.0
        for state in grown:
            if state[1] > most:
                states.append(state)
                most = state[1]
        if len(states) > _MOST_COMBINATIONS:
            return None
    if states:
        _, hashrate, taken = states[-1]
        if hashrate > best_hashrate:
            best = taken
    return best
