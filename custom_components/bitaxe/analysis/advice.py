"""Which setting is best, and what a change would bring."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from ..axeos.snapshot import OperatingPoint
from .bottlenecks import find_bottlenecks
from .configurations import Configuration, MinerConfigurations
from .estimate import differ

HOURS_PER_MONTH: Final = 365.25 / 12 * 24


class Goal(StrEnum):
    """What a setting can be best at."""

    EFFICIENCY = "efficiency"
    """Lowest J/TH."""
    HASHRATE = "hashrate"
    """Highest hashrate."""
    BALANCED = "balanced"
    """Highest hashrate / (J/TH): giving up 1 % of hashrate must save more than 1 % of
    the energy per hash."""


class Verdict(StrEnum):
    """What can be said about a goal."""

    CHANGE = "change"
    """Another setting is better, and that is more than chance."""
    KEEP = "keep"
    """The present setting is the best that was measured."""
    UNCERTAIN = "uncertain"
    """Another setting looks better, but that may be chance: measure longer."""
    PRESENT_UNKNOWN = "present_unknown"
    """The present setting was not measured long enough to compare with."""
    NOTHING_MEASURED = "nothing_measured"
    """No sound setting was measured long enough."""
    WAIT = "wait"
    """Another setting is better, but makes more heat than the miner bears just now."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change from the present setting would bring; negative is less."""

    hashrate: float
    """GH/s."""
    hashrate_percent: float
    power: float
    """W."""
    efficiency: float
    """J/TH."""
    efficiency_percent: float
    energy_per_month: float
    """kWh."""
    cost_per_month: float | None
    """In the currency of Home Assistant; `None` without a price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """The best setting for a goal."""

    goal: Goal
    verdict: Verdict
    best: Configuration | None
    """The best that was measured, the present one included."""
    change: Change | None
    """What it would bring, where the present setting is known and another one."""
    hotter: bool = False
    """Whether it makes more heat than the miner makes now; in doubt it does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What the measurements say."""

    recommendations: tuple[Recommendation, ...]
    """One for each goal."""
    pareto: tuple[Configuration, ...]
    """Sound settings no other one beats in both hashrate and J/TH, slowest first."""

    def __getitem__(self, goal: Goal) -> Recommendation:
        """Return the recommendation for a goal."""
        return next(item for item in self.recommendations if item.goal is goal)

    @property
    def merged(self) -> tuple[tuple[tuple[Goal, ...], Recommendation], ...]:
        """The recommendations, each once, with all goals that come to the same."""
        goals: dict[tuple[Verdict, int], list[Goal]] = {}
        first: dict[tuple[Verdict, int], Recommendation] = {}
        for item in self.recommendations:
            key = (item.verdict, id(item.best))
            goals.setdefault(key, []).append(item.goal)
            first.setdefault(key, item)
        return tuple((tuple(goals[key]), item) for key, item in first.items())

    def restrained(self) -> Advice:
        """Return the advice for a miner whose heat, power or hardware is in trouble.

        Whatever would run hotter has to wait.
        """
        return replace(
            self,
            recommendations=tuple(
                replace(item, verdict=Verdict.WAIT) if item.hotter else item
                for item in self.recommendations
            ),
        )


def advise(result: MinerConfigurations, price: float | None = None) -> Advice:
    """Compare the settings of a miner.

    Only those count that were measured long enough, with power, and that no critical
    bottleneck speaks against. `price` is per kWh.
    """
    sound = [
        item
        for item in result.configurations
        if item.measured_enough
        and item.efficiency is not None
        and not any(found.critical for found in find_bottlenecks(item, result.miner))
    ]
    present = result.present
    return Advice(
        recommendations=tuple(
            _with_heat(_recommend(goal, sound, present, price), result.miner.present)
            for goal in Goal
        ),
        pareto=pareto_front(sound),
    )


def pareto_front(
    configurations: Sequence[Configuration],
) -> tuple[Configuration, ...]:
    """Return those no other one beats in both hashrate and J/TH, slowest first."""
    front: list[Configuration] = []
    for item in sorted(
        configurations, key=lambda item: (-item.hashrate.value, _joules(item))
    ):
        if not front or _joules(item) < _joules(front[-1]):
            front.append(item)
    return tuple(reversed(front))


def _joules(item: Configuration) -> float:
    assert item.efficiency is not None
    return item.efficiency.value


_SCORES: Final[dict[Goal, Callable[[Configuration], float]]] = {
    Goal.EFFICIENCY: lambda item: -_joules(item),
    Goal.HASHRATE: lambda item: item.hashrate.value,
    Goal.BALANCED: lambda item: item.hashrate.value / _joules(item),
}


def _recommend(
    goal: Goal,
    sound: Sequence[Configuration],
    present: Configuration | None,
    price: float | None,
) -> Recommendation:
    if not sound:
        return Recommendation(
            goal=goal, verdict=Verdict.NOTHING_MEASURED, best=None, change=None
        )
    best = max(sound, key=_SCORES[goal])
    if best is present:
        return Recommendation(goal=goal, verdict=Verdict.KEEP, best=best, change=None)
    if present is None or present.efficiency is None or not present.measured_enough:
        return Recommendation(
            goal=goal, verdict=Verdict.PRESENT_UNKNOWN, best=best, change=None
        )
    certain = _is_certain(goal, best, present)
    # A present setting that is not sound is left, however well it does.
    unsound = present not in sound
    return Recommendation(
        goal=goal,
        verdict=Verdict.CHANGE if certain or unsound else Verdict.UNCERTAIN,
        best=best,
        change=change_between(present, best, price),
    )


def _with_heat(item: Recommendation, now: OperatingPoint | None) -> Recommendation:
    """Note whether a recommended setting makes more heat than the present one.

    Where the power of either is unknown it is taken to grow with f · V², as that of
    CMOS logic does.
    """
    if item.best is None or item.verdict is Verdict.KEEP:
        return item
    if item.change is not None:
        return replace(item, hotter=item.change.power > 0)
    best = item.best.operating_point
    return replace(
        item,
        hotter=now is None
        or best.frequency * best.core_voltage**2 > now.frequency * now.core_voltage**2,
    )


def _is_certain(goal: Goal, best: Configuration, present: Configuration) -> bool:
    assert best.efficiency is not None
    assert present.efficiency is not None
    thriftier = differ(best.efficiency, present.efficiency)
    faster = differ(best.hashrate, present.hashrate)
    match goal:
        case Goal.EFFICIENCY:
            return thriftier
        case Goal.HASHRATE:
            return faster
        case Goal.BALANCED:
            return thriftier or faster


def change_between(
    present: Configuration, other: Configuration, price: float | None
) -> Change:
    """Return what a change would bring; both settings have an efficiency."""
    hashrate = other.hashrate.value - present.hashrate.value
    efficiency = _joules(other) - _joules(present)
    # Of work and efficiency: both are estimated better than the power alone.
    power = (
        other.hashrate.value * _joules(other)
        - present.hashrate.value * _joules(present)
    ) / 1000
    energy = power * HOURS_PER_MONTH / 1000
    return Change(
        hashrate=hashrate,
        hashrate_percent=hashrate / present.hashrate.value * 100,
        power=power,
        efficiency=efficiency,
        efficiency_percent=efficiency / _joules(present) * 100,
        energy_per_month=energy,
        cost_per_month=None if price is None else energy * price,
    )
