"""Where the hashrate goes that a power target leaves to perfect knowledge.

At each poll, the most that the target allows is taken apart: step by step a limit of
the controller is added, and what it costs is a cause. They add up to all that is
missing; what is made above the target, while power falls, counts against the last two.
"""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final, override

from custom_components.bitaxe.power.choose import Option, choose
from custom_components.bitaxe.power.controller import (
    VOLTAGE_STEP,
    MinerNow,
    PowerController,
    Reason,
)
from custom_components.bitaxe.power.points import PowerPoint, is_same, reachable

_TOLERANCE: Final = 5e-4


class Cause(StrEnum):
    """Why less is made than the target allows."""

    MARGIN = "kept free for the scatter of readings"
    AHEAD = "kept free while the target falls"
    START = "starts"
    REST = "rest after a pause"
    WRITES = "writes of the hour"
    STEPS = "steps of the voltage"
    WAIT = "guard time"
    OTHER = "not worth a write, and not yet lowered"


class WatchedController(PowerController):
    """A controller of which the W that it keeps free can be seen."""

    margin: float = 0.0
    ahead: float = 0.0

    @override
    def _margin(self, free: Iterable[MinerNow], target: float) -> float:
        self.margin = super()._margin(free, target)
        return self.margin

    @override
    def _ahead(self, free: Sequence[MinerNow], target: float, now: float) -> float:
        self.ahead = super()._ahead(free, target, now)
        return self.ahead


class Losses:
    """What each cause costs, in GH/s x s."""

    def __init__(self, *, may_pause: bool) -> None:
        """Begin with nothing."""
        self.lost = dict.fromkeys(Cause, 0.0)
        self._may_pause = may_pause
        self._known: dict[int, float] = {}
        self._most_limited: dict[tuple[object, ...], dict[Cause, float]] = {}

    def see(
        self,
        miners: Sequence[MinerNow],
        controller: WatchedController,
        target: float,
        made: float,
        seconds: float,
    ) -> None:
        """Take in the miners after a decision, the W to keep to, and the GH/s made.

        One that is not free is starting.
        """
        best = self._most(miners, int(target))
        within = target - controller.margin
        steps = [(Cause.MARGIN, self._most(miners, int(within)))]
        within = int(within - controller.ahead)
        steps.append((Cause.AHEAD, self._most(miners, within)))
        steps += self._most_under_limits(miners, within).items()
        waits = controller.reason is Reason.GUARD_TIME
        steps.append((Cause.WAIT if waits else Cause.OTHER, made))
        for cause, left in steps:
            self.lost[cause] += (best - left) * seconds
            best = left

    def _most(self, miners: Sequence[MinerNow], watts: int) -> float:
        """Return the GH/s of a target, were nothing else in the way."""
        if watts not in self._known:
            options = [
                [*self._idle(miner), *_hashing(miner.points)] for miner in miners
            ]
            self._known[watts] = choose(options, watts, tolerance=_TOLERANCE).hashrate
        return self._known[watts]

    def _most_under_limits(
        self, miners: Sequence[MinerNow], watts: int
    ) -> Mapping[Cause, float]:
        """Return the GH/s of a target, under more and more limits."""
        key = (
            watts,
            *(
                (
                    miner.point,
                    miner.free,
                    miner.paused,
                    miner.paused_for < miner.rest,
                    min(miner.left, 2),
                )
                for miner in miners
            ),
        )
        if key not in self._most_limited:
            self._most_limited[key] = {
                cause: choose(options, watts, tolerance=_TOLERANCE).hashrate
                for cause, options in self._limited(miners).items()
            }
        return self._most_limited[key]

    def _limited(
        self, miners: Sequence[MinerNow]
    ) -> Mapping[Cause, Sequence[Sequence[Option]]]:
        """Return what the miners may do, under more and more limits."""
        found: dict[Cause, list[list[Option]]] = {
            cause: [] for cause in (Cause.START, Cause.REST, Cause.WRITES, Cause.STEPS)
        }
        for miner in miners:
            idle = self._idle(miner)
            present = _present(miner)
            starts = [Option(present.power, 0.0)] if not miner.free else None
            rests = idle if miner.paused and miner.paused_for < miner.rest else None
            every = [*idle, *_hashing(miner.points)]
            found[Cause.START].append(starts or every)
            found[Cause.REST].append(starts or rests or every)
            near = reachable(miner.points, miner.point, VOLTAGE_STEP)
            for cause, points in (
                (Cause.WRITES, miner.points),
                (Cause.STEPS, near),
            ):
                # The last write is for the way down.
                within = [
                    item
                    for item in points
                    if miner.left > 1 or (miner.left and item.power < present.power)
                ]
                found[cause].append(
                    starts or rests or [*idle, *_hashing(within), present]
                )
        return found

    def _idle(self, miner: MinerNow) -> list[Option]:
        return [Option(miner.idle_power, 0.0)] if self._may_pause else []


def _hashing(points: Iterable[PowerPoint]) -> list[Option]:
    return [Option(item.power, item.hashrate) for item in points]


def _present(miner: MinerNow) -> Option:
    """Return what a miner does where it is set to, hashing."""
    assert miner.point is not None
    frequency, voltage = miner.point.frequency, miner.point.core_voltage
    nearest = min(
        miner.points,
        key=lambda item: (
            not is_same(item.point, miner.point),
            abs(item.point.frequency - frequency),
        ),
    )
    clock = frequency / nearest.point.frequency
    return Option(
        nearest.power * clock * (voltage / nearest.point.core_voltage) ** 2,
        nearest.hashrate * clock,
    )
