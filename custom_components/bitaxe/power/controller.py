"""When miners are changed to keep their power at or below a target. Pure.

Fast down, slow up: power above the target ends with the next reading, room below it is
used once it has lasted. Every change costs one of few writes an hour, which has to be
worth it: the more, the fewer of them are left and the less has been steady. The last
one is kept for the way down where no pause will do, and while the target falls, some
room is left for where it will be at the next change.
"""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import pairwise
import math
from typing import Final

from ..axeos import OperatingPoint
from ..tuning.consumption import load
from .choose import Choice, Option, choose
from .points import PowerPoint, is_same, reachable, slope_of

VOLTAGE_STEP: Final = 50.0
"""mV that one write moves the voltage at most."""
# s after a change from when on a reading is one of the new setting, and from when on it
# shows what the setting draws.
_SHOWS: Final = 8.0
_SETTLED: Final = 30.0
# s after a change of any miner, and for which there must be room, before power is
# raised.
_GUARD: Final = 60.0
_ROOM_LASTS: Final = 15.0
REST: Final = 300.0
"""Seconds that a miner stays paused at least: a cold start is worth waiting for."""
# Share of the target that is kept free at least, and by how much a reading may exceed
# it before it counts; the rest is worked out from the scatter of the readings.
_MARGIN: Final = 0.006
_MOST_MARGIN: Final = 0.03
_SIGMAS: Final = 3.0
_TOLERANCE: Final = 0.001
_FAR: Final = 0.02
# Share of a miner's highest hashrate that must be gained for a write to be worth it,
# were it the last one of the hour, and with one more left each time half of that; and
# what a start must gain.
_LAST_WRITE: Final = 0.4
_START: Final = 0.02
# s since power was lowered after which half of that is enough to raise it: what has
# been so for long will be so for longer.
_HALVES: Final = 600.0
# Share of the target below which room is none, and from when on it is much.
_ROOM: Final = 0.01
_MUCH_ROOM: Final = 0.05
# How fast the estimates follow, per reading.
_FOLLOWS: Final = 0.15
# s over which the fall of a target is measured, and for which it is anticipated at
# most.
_HISTORY: Final = 900.0
_AHEAD: Final = 900.0
# s over which a sudden fall goes on, and for which a target has just fallen.
_LATELY: Final = 20.0
_MOST_AHEAD: Final = 0.15
# Power that was lowered within so many s and is too much again falls short of where the
# target goes: share of the target by which each time goes deeper than the last.
_AGAIN: Final = 60.0
_DEEPER: Final = 0.015
_DEEPEST: Final = 0.06
# Share of the power saved that warm chips still draw two readings later: leakage.
_WARM: Final = 0.02
_CHOOSE_TOLERANCE: Final = 2e-3
# GH/s below which no gain is one.
_TINY_GAIN: Final = 1.0


class Reason(StrEnum):
    """Why a group draws what it draws."""

    ON_TARGET = "on_target"
    AT_HIGHEST = "at_highest"
    """Nothing that was measured draws more."""
    AT_LOWEST = "at_lowest"
    """Nothing that may be set draws less."""
    NOTHING_FREE = "nothing_free"
    """No miner may be changed now."""
    GUARD_TIME = "guard_time"
    """There is room, and it is not yet time to use it."""
    WRITES_USED_UP = "writes_used_up"
    LOWERING = "lowering"
    """It is above the target at the moment, and about to be below."""


class Kind(StrEnum):
    """What is done to a miner."""

    SET = "set"
    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """One change of one miner."""

    key: str
    kind: Kind
    point: OperatingPoint | None = None
    """What to set; before a miner resumes, if it is another than the present one."""
    power: float
    """W that are expected afterwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerNow:
    """One miner as of now."""

    key: str
    power: float
    """W that it counts for: as measured, or as must be assumed."""
    point: OperatingPoint | None
    """As it is set."""
    points: tuple[PowerPoint, ...] = ()
    """What may be chosen from, by power."""
    free: bool = True
    """Whether it may be changed now."""
    believed: bool = True
    """Whether `power` was measured just now."""
    age: float = 0.0
    """Seconds since it was measured."""
    expected: float | None = None
    """W that a change which is under way brings it to, while there is no doubt of
    it."""
    paused: bool = False
    may_pause: bool = False
    idle_power: float = 0.0
    """W that it draws while it is paused."""
    left: int = 4
    """Writes that are left of this hour."""
    last_write: float = math.inf
    """Seconds since the last one."""
    most: float = math.inf
    """W that it may draw by a target of its own."""
    paused_for: float = math.inf
    """Seconds since it was paused."""
    rest: float = REST
    """Seconds that it stays paused at least."""


@dataclass(slots=True)
class _Estimate:
    """What a miner draws at its setting, from its readings."""

    point: OperatingPoint | None
    paused: bool
    since: float
    factor: float = 1.0
    """Measured over known power."""
    variance: float = 0.0
    """Of a reading, in W²."""
    mean: float | None = None
    """W at this setting, once it has settled."""


@dataclass(frozen=True, slots=True)
class _Way:
    """Something that a miner may do next."""

    power: float
    hashrate: float
    kind: Kind | None = None
    """`None` is to stay."""
    point: OperatingPoint | None = None
    cost: float = 0.0
    """GH/s that it must gain to be worth its write, or its start."""


@dataclass(slots=True)
class _Plan:
    ways: list[_Way]
    power: float
    hashrate: float
    fits: bool


@dataclass
class PowerController:
    """Keeps one group of miners at or below one target."""

    reason: Reason = Reason.ON_TARGET
    _estimates: dict[str, _Estimate] = field(default_factory=dict)
    _targets: deque[tuple[float, float]] = field(default_factory=deque)
    _over: int = 0
    _room_since: float | None = None
    _changed_at: float = -math.inf
    _lowered_at: float = -math.inf
    _lowered_again: int = 0

    def update(
        self, miners: Sequence[MinerNow], target: float, now: float, *, new: bool = True
    ) -> list[Move]:
        """Return what is to be changed; what lowers power comes first.

        `now` is in s of a monotonic clock; `new` says that there are readings that were
        not seen before. Moves that raise power may only be made once those that lower
        it are confirmed.
        """
        self._note_target(target, now)
        self._forget(miners)
        for miner in miners:
            self._learn(miner, now, new=new)
        free = [miner for miner in miners if miner.free]
        fixed = sum(
            miner.power if miner.expected is None else miner.expected
            for miner in miners
            if not miner.free
        )
        measured = fixed + sum(
            miner.power if self._is_fresh(miner, now) else self._drawn(miner)
            for miner in free
        )
        drawn = fixed + sum(self._drawn(miner) for miner in free)
        if new:
            self._over = self._over + 1 if self._is_over(measured, target) else 0
        above = (
            drawn > target
            or self._over >= 2
            # What was just within the target is above it now: no scatter of a reading.
            or (self._over > 0 and self._has_fallen(now))
            or any(self._drawn(miner) > miner.most for miner in free)
        )
        if self._over and measured > target * (1 + _FAR) and self._all_show(free, now):
            above = True
        if above:
            self._room_since = None
            return self._lower(free, target - fixed, now, measured=measured - fixed)
        return self._raise(free, target - fixed, now)

    # What is known

    def _note_target(self, target: float, now: float) -> None:
        if not self._targets or self._targets[-1][1] != target:
            self._targets.append((now, target))
        while len(self._targets) > 1 and self._targets[1][0] <= now - _HISTORY:
            self._targets.popleft()

    def _ahead(self, free: Sequence[MinerNow], target: float, now: float) -> float:
        """Return the W by which the target will have fallen at the next change."""
        writes = sum(max(miner.left - 1, 0) for miner in free)
        seconds = min(_AHEAD, 3600.0 / (writes + 0.5))
        slow = min(self._fall(target, now, _HISTORY) * seconds, _MOST_AHEAD * target)
        return max(slow, min(self._fall(target, now, _LATELY) * _LATELY, target / 2))

    def _rise(self, now: float) -> float:
        """Return by how many W the target is above the lowest one of the last s."""
        lowest = present = self._targets[-1][1]
        for at, value in reversed(self._targets):
            lowest = min(lowest, value)
            if at <= now - _ROOM_LASTS:
                break
        return present - lowest

    def _has_fallen(self, now: float) -> bool:
        """Return whether the target fell within the last s."""
        return any(
            at > now - _LATELY and value < before
            for (_, before), (at, value) in pairwise(self._targets)
        )

    def _fall(self, target: float, now: float, seconds: float) -> float:
        """Return by how many W a second the target has been falling over the last s.

        The largest single step does not count: it is over.
        """
        before = self._targets[0][1]
        steps = [0.0]
        last = before
        for at, value in self._targets:
            if at <= now - seconds:
                before = value
            else:
                steps.append(last - value)
            last = value
        return max(before - target - max(steps), 0.0) / seconds

    def _forget(self, miners: Iterable[MinerNow]) -> None:
        keys = {miner.key for miner in miners}
        for key in self._estimates.keys() - keys:
            del self._estimates[key]

    def _learn(self, miner: MinerNow, now: float, *, new: bool) -> None:
        known = self._estimates.get(miner.key)
        if known is None:
            known = _Estimate(miner.point, miner.paused, now - _SHOWS)
            self._estimates[miner.key] = known
        if known.paused != miner.paused or not (
            is_same(known.point, miner.point) or known.point is miner.point
        ):
            known.point, known.paused = miner.point, miner.paused
            known.since, known.mean = now, None
        if not new or not self._is_fresh(miner, now):
            return
        if known.mean is None:
            if (
                now - miner.age - known.since < _SETTLED
                and self._known_power(miner) is not None
            ):
                return
            known.mean = miner.power
        difference = miner.power - known.mean
        known.mean += _FOLLOWS * difference
        known.variance += _FOLLOWS * (difference**2 - known.variance)
        expected = self._known_power(miner)
        if expected and not miner.paused:
            known.factor = min(max(known.mean / expected, 0.7), 1.5)

    def _is_fresh(self, miner: MinerNow, now: float) -> bool:
        """Return whether the power of a miner was measured at its present setting."""
        since = self._estimates[miner.key].since
        return miner.believed and now - miner.age - since >= _SHOWS

    def _known_power(self, miner: MinerNow) -> float | None:
        """Return the W that were measured earlier at the present setting."""
        point = miner.point
        if point is None or not miner.points:
            return None
        for item in miner.points:
            if is_same(item.point, point):
                return item.power
        nearest = min(
            miner.points,
            key=lambda item: abs(item.point.frequency - point.frequency),
        )
        if abs(nearest.point.frequency - point.frequency) > 1:
            return None
        more = load(point.frequency, point.core_voltage) - load(
            nearest.point.frequency, nearest.point.core_voltage
        )
        return nearest.power + more * slope_of(miner.points)

    def _drawn(self, miner: MinerNow) -> float:
        """Return the W that a free miner draws, without the scatter of one reading."""
        if miner.paused:
            return max(miner.idle_power, 0.0)
        known = self._estimates[miner.key]
        if known.mean is not None:
            return known.mean
        expected = self._known_power(miner)
        return miner.power if expected is None else expected * known.factor

    def _all_show(self, free: Iterable[MinerNow], now: float) -> bool:
        return all(now - self._estimates[item.key].since >= _SHOWS for item in free)

    @staticmethod
    def _is_over(measured: float, target: float) -> bool:
        return measured > target * (1 + _TOLERANCE)

    def _margin(self, free: Iterable[MinerNow], target: float) -> float:
        scatter = math.sqrt(sum(self._estimates[item.key].variance for item in free))
        return min(
            max(_SIGMAS * scatter, _MARGIN * target), max(_MOST_MARGIN * target, 0.0)
        )

    # What may be done

    def _stay(self, miner: MinerNow) -> _Way:
        if miner.paused:
            return _Way(self._drawn(miner), 0.0)
        return _Way(self._drawn(miner), self._hashrate(miner))

    def _hashrate(self, miner: MinerNow) -> float:
        """Return GH/s at the present setting; between known ones by the clock."""
        point = miner.point
        if point is None or not miner.points:
            return 0.0
        nearest = min(
            miner.points,
            key=lambda item: (
                abs(item.point.frequency - point.frequency),
                abs(item.point.core_voltage - point.core_voltage),
            ),
        )
        return nearest.hashrate * point.frequency / nearest.point.frequency

    def _ways(self, miner: MinerNow, share: float = 1.0) -> list[_Way]:
        """Return everything that one write can bring a running miner to.

        `share` is the part of the cost of a write that counts.
        """
        factor = self._estimates[miner.key].factor
        cost = share * _cost_of_write(miner)
        return [
            _Way(item.power * factor, item.hashrate, Kind.SET, item.point, cost)
            for item in reachable(miner.points, miner.point, VOLTAGE_STEP)
            if not is_same(item.point, miner.point)
        ]

    def _ways_down(self, miner: MinerNow) -> list[_Way]:
        """Return what lowers the power of a miner, and to stay as it is.

        A pause takes no write: it is a way where few are left.
        """
        stay = self._stay(miner)
        if miner.paused:
            return [stay]
        lower = [way for way in self._ways(miner) if way.power < stay.power]
        if not miner.left or miner.last_write < _SHOWS:
            # The regulator has to come to rest between two steps of its voltage.
            lower = []
        elif lower:
            # The writes left afterwards have to take it all the way down.
            lower = [
                way for way in lower if _writes_to_lowest(miner, way.point) < miner.left
            ] or [min(lower, key=lambda way: way.power)]
        ways = [stay, *lower]
        if stay.power > miner.most and lower:
            within = [way for way in lower if way.power <= miner.most * (1 - _MARGIN)]
            ways = within or [min(lower, key=lambda way: way.power)]
        if miner.may_pause:
            ways.append(_Way(min(miner.idle_power, stay.power), 0.0, Kind.PAUSE))
        return ways

    def _ways_up(self, miner: MinerNow, share: float) -> list[_Way]:
        """Return everything that a miner may do when there is room.

        `share` is the part of the cost of a write that counts.
        """
        stay = self._stay(miner)
        if miner.paused:
            if miner.paused_for < miner.rest or not miner.points:
                return [stay]
            return [stay, *self._ways_back(miner, share)]
        if miner.left <= _kept(miner):
            return [stay]
        return [
            stay,
            *(
                way
                for way in self._ways(miner, share)
                if way.power <= miner.most
                and miner.left - 1 >= _writes_to_lowest(miner, way.point)
            ),
        ]

    def _ways_back(self, miner: MinerNow, share: float) -> list[_Way]:
        """Return how a paused miner may go on: as it is set, or as one write sets it.

        A point that fits at once saves the write, and the wait, that follow the lowest.
        """
        factor = self._estimates[miner.key].factor
        start = _START * miner.points[-1].hashrate
        ways = []
        if miner.left > _kept(miner):
            near = reachable(miner.points, miner.point, VOLTAGE_STEP)
            cost = start + share * _cost_of_write(miner)
            ways = [
                _Way(item.power * factor, item.hashrate, Kind.RESUME, item.point, cost)
                for item in dict.fromkeys((miner.points[0], *near))
                if not is_same(item.point, miner.point)
            ]
        present = self._known_power(miner)
        if present is not None:
            hashrate = self._hashrate(miner)
            ways.append(
                _Way(present * factor, hashrate, Kind.RESUME, miner.point, start)
            )
        return ways

    # What is done

    def _lower(
        self, free: Sequence[MinerNow], target: float, now: float, *, measured: float
    ) -> list[Move]:
        if not free:
            self.reason = Reason.NOTHING_FREE
            return []
        drawn = sum(self._drawn(miner) for miner in free)
        if all(self._is_lowest(miner) for miner in free):
            self.reason = Reason.AT_LOWEST
            return []
        aim = target - self._margin(free, max(target, 0.0))
        aim -= self._ahead(free, max(target, 0.0), now)
        aim -= _WARM * max(0.0, drawn - max(target, 0.0))
        again = self._lowered_again + 1 if now - self._lowered_at < _AGAIN else 0
        aim -= min(again * _DEEPER, _DEEPEST) * max(target, 0.0)
        # Whatever the estimates say, what is measured has to go down.
        aim -= max(0.0, measured - drawn) if self._over >= 2 else 0.0
        plan = self._best(free, self._ways_down, aim)
        moves = self._moves(free, plan)
        if moves:
            self.reason = Reason.LOWERING
            self._changed(now)
            self._lowered_at, self._lowered_again = now, again
        elif drawn <= target:
            # Only single readings are above it.
            self.reason = Reason.ON_TARGET
        elif any(miner.last_write < _SHOWS for miner in free):
            self.reason = Reason.LOWERING
        elif all(miner.left == 0 for miner in free if not miner.paused):
            self.reason = Reason.WRITES_USED_UP
        else:
            self.reason = Reason.AT_LOWEST
        return moves

    def _raise(self, free: Sequence[MinerNow], target: float, now: float) -> list[Move]:
        if not free:
            self.reason = Reason.NOTHING_FREE
            return []
        aim = target - self._margin(free, max(target, 0.0))
        aim -= self._ahead(free, max(target, 0.0), now)
        drawn = sum(self._drawn(miner) for miner in free)
        least = drawn + _ROOM * max(target, 0.0)
        if aim <= least:
            self._room_since = None
            self.reason = Reason.ON_TARGET
            return []
        # Only the room that has lasted: a little of it says nothing of much.
        aim -= self._rise(now)
        if aim <= least:
            self.reason = Reason.GUARD_TIME
            return []
        if self._room_since is None:
            self._room_since = now
        if (
            now - self._room_since < _ROOM_LASTS
            or now - self._changed_at < _GUARD
            or not self._all_settled(free, now)
        ):
            self.reason = Reason.GUARD_TIME
            return []
        share = _HALVES / (_HALVES + max(now - self._lowered_at, 0.0))
        plan = self._best(free, lambda miner: self._ways_up(miner, share), aim)
        gain = plan.hashrate - sum(self._stay(miner).hashrate for miner in free)
        self._room_since = None
        if not plan.fits or gain < _TINY_GAIN:
            # Nothing will be found in the next readings either.
            self._room_since = now
            self.reason = self._why_no_more(free, aim)
            return []
        self._changed(now)
        self.reason = Reason.ON_TARGET
        return self._moves(free, plan)

    def _why_no_more(self, free: Sequence[MinerNow], aim: float) -> Reason:
        """Return why power is not raised."""
        if all(
            not item.paused and item.points and self._is_highest(item) for item in free
        ):
            return Reason.AT_HIGHEST
        drawn = sum(self._drawn(miner) for miner in free)
        if aim - drawn <= _MUCH_ROOM * max(aim, 0.0):
            return Reason.ON_TARGET
        if any(item.left <= _kept(item) for item in free):
            return Reason.WRITES_USED_UP
        return Reason.GUARD_TIME

    @staticmethod
    def _is_lowest(miner: MinerNow) -> bool:
        """Return whether nothing of a miner can be lowered."""
        if miner.paused:
            return True
        return not miner.may_pause and (
            not miner.points or is_same(miner.point, miner.points[0].point)
        )

    def _is_highest(self, miner: MinerNow) -> bool:
        return miner.point is not None and (
            miner.point.frequency >= miner.points[-1].point.frequency - 1
        )

    def _all_settled(self, free: Iterable[MinerNow], now: float) -> bool:
        return all(now - self._estimates[item.key].since >= _SETTLED for item in free)

    def _changed(self, now: float) -> None:
        self._changed_at = now
        self._over = 0

    def _best(
        self,
        free: Sequence[MinerNow],
        ways_of: Callable[[MinerNow], list[_Way]],
        aim: float,
    ) -> _Plan:
        """Return the plan that makes the most within some W, what it costs included."""
        ways = [ways_of(miner) for miner in free]
        found: Choice = choose(
            [
                [Option(way.power, way.hashrate - way.cost) for way in each]
                for each in ways
            ],
            aim,
            tolerance=_CHOOSE_TOLERANCE,
        )
        chosen = [each[at] for each, at in zip(ways, found.indices, strict=True)]
        hashrate = sum(way.hashrate for way in chosen)
        return _Plan(chosen, found.power, hashrate, found.fits)

    def _moves(self, free: Sequence[MinerNow], plan: _Plan) -> list[Move]:
        moves = [
            (way.power - self._drawn(miner), self._move(miner, way))
            for miner, way in zip(free, plan.ways, strict=True)
            if way.kind is not None
        ]
        return [move for _, move in sorted(moves, key=lambda pair: pair[0])]

    @staticmethod
    def _move(miner: MinerNow, way: _Way) -> Move:
        assert way.kind is not None
        point = way.point
        if way.kind is Kind.RESUME and is_same(point, miner.point):
            point = None
        return Move(key=miner.key, kind=way.kind, point=point, power=way.power)


def _cost_of_write(miner: MinerNow) -> float:
    """Return the GH/s that a write must gain: the more, the fewer are left."""
    if not miner.points:
        return 0.0
    return _LAST_WRITE * miner.points[-1].hashrate * 2.0 ** (1 - miner.left)


def _kept(miner: MinerNow) -> int:
    """Return how many writes are kept for the way down; a pause needs none."""
    return 0 if miner.may_pause else 1


def _writes_to_lowest(miner: MinerNow, point: OperatingPoint | None) -> int:
    """Return how many writes it takes from a point to the lowest one, step by step.

    One that may pause needs none of them.
    """
    if miner.may_pause:
        return 0
    if point is None or not miner.points:
        return 1
    if is_same(point, miner.points[0].point):
        return 0
    fall = point.core_voltage - miner.points[0].point.core_voltage
    return max(1, math.ceil(fall / VOLTAGE_STEP))
