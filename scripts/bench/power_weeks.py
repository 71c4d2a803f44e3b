"""A power target over simulated weeks: what it costs, keeps and makes.

Compared with perfect knowledge (the best choice among the same measured points at every
moment, without a limit of writes: `perfect.py`), with switching all miners by a
hysteresis (on after 15 minutes of enough sun, off after 7 of too little), and with
nothing. With `--few-writes` also with what could be made by as few writes
(`few_writes.py`), which takes some minutes for a week.
"""

import argparse
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
import math
import os
from random import Random
from typing import Final

from custom_components.bitaxe.axeos import Limits, OperatingPoint
from custom_components.bitaxe.power.budget import Budget
from custom_components.bitaxe.power.choose import Option
from custom_components.bitaxe.power.controller import REST, Kind, MinerNow, Move
from custom_components.bitaxe.power.feeds import PriceGate, SurplusFeed
from custom_components.bitaxe.power.points import (
    Bounds,
    PowerPoint,
    is_same,
    usable,
    with_neighbours,
)
from scripts.simulator import PRESETS, Clock
from scripts.simulator.faults import Faults
from scripts.simulator.physics import IDLE_FLOW, Physics

from .few_writes import FewWrites
from .house import DAY, House
from .losses import Cause, Losses, WatchedController
from .perfect import PerfectKnowledge

POLL: Final = 10.0
WRITES_PER_HOUR: Final = 4
LONGEST_ABOVE: Final = 2
SHARE: Final = 0.95
_FAN_TARGET_C: Final = 60.0
# s from when a miner is resumed until it hashes.
_START: Final = 30.0
_ON_SECONDS: Final = 15 * 60.0
_OFF_SECONDS: Final = 7 * 60.0
# Below the power of the lowest points nothing can be kept; chips that are still warm
# from before draw more there.
_LOWEST: Final = 1.03
# How far a reading may exceed the target: what is shown has one digit less.
_OVER: Final = 1.001
# s that miners have to come from their default to the first target, which does not
# count.
_BEGIN: Final = 1800.0
_BOARDS: Final = (
    ("gamma-2.15", 1),
    ("gamma-2.15", 2),
    ("gamma-2.14", 3),
    ("gt-2.15", 4),
    ("suprahex-2.14", 5),
)


class Miner:
    """The physics of a simulated miner, what was measured of it, and what it is set to.

    Its firmware is left out: weeks would take hours. What is set shows with the next
    poll, and a miner that resumes hashes after half a minute.
    """

    def __init__(self, preset: str, seed: int, clock: Clock) -> None:
        """Build the miner; a tuner has measured some of its operating points."""
        self.key = f"{preset}/{seed}"
        spec = replace(PRESETS[preset], seed=seed, ambient=22)
        self.board = spec.hardware
        self.physics = Physics(spec, Faults(), Random(f"{seed}/{preset}/silicon"))
        self._noise = Random(f"{seed}/{preset}/noise")
        self.clock = clock
        frequency, voltage = self.board.defaults
        self.limits = Limits(
            frequency=(0.6 * frequency, 1.3 * frequency),
            core_voltage=(voltage - 200, voltage + 200),
        )
        self.point = self.default = OperatingPoint(
            frequency=float(frequency), core_voltage=float(voltage)
        )
        self.paused = False
        self.pauses = 0
        self._hashes_at = self._paused_at = 0.0
        self._resumed_at = -math.inf
        self.points = with_neighbours(usable(self._measure(), self.limits, Bounds()))
        self.budget = Budget((), 0.0, 0.0)
        self.writes: list[float] = []
        self._shares: dict[tuple[float, float, int], float] = {}
        self.power = self.hashrate = self._last_power = 0.0
        for _ in range(200):
            self.live()

    def _measure(self) -> list[PowerPoint]:
        """Return what a tuner and some days would know: points near the edge."""
        found = []
        frequency, _ = self.board.defaults
        for part in (0.72, 0.85, 1.0, 1.12):
            clock = float(round(frequency * part))
            need = 1000 * self.physics.silicon.need_v(clock, _FAN_TARGET_C) + 25
            voltage = max(math.ceil(need / 5) * 5.0, self.limits.core_voltage[0])
            steady = self.physics.steady(0.0, clock, voltage, _FAN_TARGET_C)
            found.append(
                PowerPoint(
                    point=OperatingPoint(frequency=clock, core_voltage=voltage),
                    power=steady.power_w,
                    hashrate=self._made(clock, voltage, steady.chip),
                )
            )
        return found

    def _made(self, frequency: float, voltage: float, temp: float) -> float:
        core_v = self.physics.core_v(frequency, voltage)
        share = self.physics.silicon.hashing_share(frequency, core_v, temp)
        cores = self.board.chip.small_cores * self.board.chips
        return share * frequency * cores / 1000

    @property
    def starting(self) -> bool:
        """Whether it has resumed and does not hash yet."""
        return not self.paused and self.clock.now() < self._hashes_at

    @property
    def assumed_power(self) -> float:
        """W that it counts for while it starts: as `power/counted.py` has it."""
        known = (item.power for item in self.points if is_same(item.point, self.point))
        return next(known, self._last_power)

    @property
    def idle_power(self) -> float:
        """W while it is paused."""
        return self.physics.electrics(0.0, 0.0).power_w

    def live(self) -> None:
        """Let a poll pass, and read the miner."""
        physics, point = self.physics, self.point
        off = self.paused or self.starting
        setting = (0.0, 0.0) if off else (point.frequency, point.core_voltage)
        electrics = physics.electrics(*setting)
        physics.advance(self.clock.now(), POLL, electrics)
        physics.fan = min(
            max(physics.fan + 0.02 * (physics.chip - _FAN_TARGET_C), IDLE_FLOW), 1.0
        )
        noise = self._noise.gauss(0, 0.004) * electrics.chips_w
        self.power = electrics.power_w + noise
        if not off:
            self._last_power = self.power
        key = (*setting, round(physics.chip))
        if key not in self._shares:
            self._shares[key] = 0.0 if off else self._made(*setting, physics.chip)
        self.hashrate = self._shares[key]

    def do(self, move: Move) -> None:
        """Carry a move out."""
        now = self.clock.now()
        if move.point is not None:
            self.point = move.point
            self.budget.note(now)
            self.writes.append(now)
        if move.kind is Kind.PAUSE:
            self.paused, self._paused_at = True, now
            self.pauses += 1
        elif move.kind is Kind.RESUME:
            self.resume()

    def resume(self) -> None:
        """Hash again, soon."""
        self.paused = False
        self._resumed_at = self.clock.now()
        self._hashes_at = self.clock.now() + _START

    def now(self, *, may_pause: bool, run: float = 0.0, rest: float = REST) -> MinerNow:
        """Describe it to the controller; it hashes and rests for so many s at least."""
        now = self.clock.now()
        return MinerNow(
            key=self.key,
            power=self.assumed_power if self.starting else self.power,
            point=self.point,
            points=self.points,
            free=not self.starting,
            believed=not self.starting,
            paused=self.paused,
            may_pause=may_pause and now - self._resumed_at >= run,
            idle_power=self.idle_power,
            left=self.budget.left(now, WRITES_PER_HOUR),
            last_write=self.budget.age(now),
            paused_for=now - self._paused_at,
            rest=rest,
        )


@dataclass(frozen=True)
class Scene:
    """A house, its miners, and where the target comes from."""

    name: str
    boards: tuple[tuple[str, int], ...] = _BOARDS
    may_pause: bool = False
    peak: float = 1800.0
    base: float = 260.0
    feed: str = "surplus"
    judged: bool = True
    """Whether the share of perfect knowledge counts, more changes than writes or
    not."""


SCENES: Final = (
    Scene("roof, pausing", may_pause=True),
    Scene("roof, lowest point"),
    Scene("one miner", boards=_BOARDS[:1], peak=300.0, base=120.0),
    Scene("price", feed="price"),
    Scene("changed by people", feed="steps"),
    # As large as the swarm itself: each cloud is a change from all to nothing.
    Scene("balcony, lowest point", peak=650.0, base=130.0, judged=False),
    Scene("balcony, pausing", may_pause=True, peak=650.0, base=130.0, judged=False),
)


@dataclass
class Outturn:
    """What came of some days."""

    days: float = 0.0
    bought: float = 0.0
    """kWh that miners took from the grid."""
    used: float = 0.0
    """kWh that they took in all."""
    work: float = 0.0
    """GH/s x s."""
    perfect: float = 0.0
    """GH/s x s that perfect knowledge would have made."""
    few_writes: float = 0.0
    """GH/s x s that could have been made with as few writes, if that was asked for."""
    above: float = 0.0
    """Minutes above the target."""
    longest_above: int = 0
    """Readings in a row, since the target fell last."""
    writes: int = 0
    most_writes: int = 0
    """Of one miner within an hour."""
    miners: int = 0
    lost: dict[Cause, float] = field(default_factory=dict)
    """GH/s x s less than the target allows, by cause."""
    _run: int = field(default=0, repr=False)
    _target: float = field(default=math.inf, repr=False)

    @property
    def share(self) -> float:
        """Share of the hashrate of perfect knowledge."""
        return self.work / self.perfect if self.perfect else math.nan

    @property
    def share_of_few_writes(self) -> float:
        """Share of the hashrate that could be made with as few writes."""
        return self.work / self.few_writes if self.few_writes else math.nan

    @property
    def writes_per_day(self) -> float:
        """Writes a day and miner."""
        return self.writes / self.days / self.miners

    def reached(self, scene: Scene) -> bool:
        """Return whether all that is wanted was kept."""
        return (
            self.longest_above <= LONGEST_ABOVE
            and (self.share >= SHARE or not scene.judged)
            and self.most_writes <= WRITES_PER_HOUR
        )

    def see(self, miners: Sequence[Miner], target: float, spare: float) -> None:
        """Take in a poll: the target in force, and the W that cost nothing."""
        power = sum(miner.power for miner in miners)
        self.days += POLL / DAY
        self.used += power * POLL / 3.6e6
        self.bought += max(0.0, power - max(spare, 0.0)) * POLL / 3.6e6
        self.work += sum(miner.hashrate for miner in miners) * POLL
        over = power > target * _OVER
        # One that is within the target of before is above a target that fell again.
        again = over and power <= self._target * _OVER
        self._run = 1 if again else self._run + 1 if over else 0
        self._target = target
        self.above += POLL / 60 if self._run else 0
        self.longest_above = max(self.longest_above, self._run)
        self.miners = len(miners)

    def close(self, miners: Iterable[Miner]) -> None:
        """Count the writes."""
        for miner in miners:
            self.writes += len(miner.writes)
            for at in miner.writes:
                within = sum(at <= other < at + 3600 for other in miner.writes)
                self.most_writes = max(self.most_writes, within)


def _build(scene: Scene) -> tuple[Clock, list[Miner]]:
    clock = Clock.manual(start=0.0)
    return clock, [Miner(preset, seed, clock) for preset, seed in scene.boards]


def _floor(miners: Sequence[Miner], scene: Scene) -> float:
    if scene.may_pause:
        return sum(miner.idle_power for miner in miners)
    return sum(miner.points[0].power for miner in miners)


def _options(miners: Sequence[Miner]) -> list[list[Option]]:
    """Return what each miner may do while it hashes."""
    return [
        [Option(item.power, item.hashrate) for item in miner.points] for miner in miners
    ]


def _idle(miners: Sequence[Miner], scene: Scene) -> list[float] | None:
    """Return the W of each miner while it is paused; `None` if none may be."""
    return [miner.idle_power for miner in miners] if scene.may_pause else None


def _targets(
    scene: Scene, house: House, miners: Sequence[Miner]
) -> Callable[[float], float]:
    """Return what gives the target of a moment."""
    most = sum(miner.points[-1].power for miner in miners) * 1.1
    if scene.feed == "price":
        gate = PriceGate(0.30)
        return lambda now: most if gate.update(house.price(now), now) else 0.0
    if scene.feed == "steps":
        levels = (0.9, 0.7, 1.0, 0.6, 0.8, 0.75)
        return lambda now: most * levels[int(now // 2400) % len(levels)]
    feed = SurplusFeed(window=300.0)

    def surplus(now: float) -> float:
        found = feed.update(house.sun(now) - house.load(now), now)
        assert found is not None
        return min(found, most)

    return surplus


def follow(
    scene: Scene,
    seed: int,
    days: float,
    *,
    causes: bool = False,
    few_writes: bool = False,
) -> Outturn:
    """Let the controller follow the target, and find the causes of what is missing.

    With `few_writes` also what could be made with as few writes as it has.
    """
    clock, miners = _build(scene)
    house = House(seed, days, peak=scene.peak, base=scene.base)
    targets = _targets(scene, house, miners)
    controller, outturn = WatchedController(), Outturn()
    losses = Losses(may_pause=scene.may_pause)
    by_key = {miner.key: miner for miner in miners}
    floor = _floor(miners, scene)
    followed: list[tuple[int, float]] = []
    while clock.now() < days * DAY:
        now = clock.now()
        for miner in miners:
            miner.live()
        target = targets(now)
        spare = house.sun(now) - house.load(now)
        described = [miner.now(may_pause=scene.may_pause) for miner in miners]
        made = sum(miner.hashrate for miner in miners)
        moves = controller.update(described, target, now)
        if now >= _BEGIN:
            outturn.see(miners, max(target, floor * _LOWEST), spare)
            _note(followed, int(target))
            if causes:
                losses.see(described, controller, target, made, POLL)
        for move in moves:
            by_key[move.key].do(move)
        clock.advance(POLL)
    options, idle = _options(miners), _idle(miners, scene)
    outturn.perfect = PerfectKnowledge(options, idle, _START).work(followed)
    if few_writes:
        planned = FewWrites(
            options,
            idle,
            start=round(_START / POLL),
            poll=POLL,
            writes=WRITES_PER_HOUR,
        )
        outturn.few_writes = planned.work(followed)
    outturn.lost = losses.lost
    outturn.close(miners)
    return outturn


def _note(followed: list[tuple[int, float]], watts: int) -> None:
    """Note that a target lasts for another poll."""
    if followed and followed[-1][0] == watts:
        followed[-1] = (watts, followed[-1][1] + POLL)
    else:
        followed.append((watts, POLL))


def switch(scene: Scene, seed: int, days: float) -> Outturn:
    """Switch all miners on after 15 min of enough power, off after 7 of too little."""
    clock, miners = _build(scene)
    house = House(seed, days, peak=scene.peak, base=scene.base)
    targets = _targets(scene, house, miners)
    outturn = Outturn()
    need = 0.0
    for miner in miners:
        need += miner.power
    since = 0.0
    on = True
    while clock.now() < days * DAY:
        now = clock.now()
        for miner in miners:
            miner.live()
        target = targets(now)
        if now >= _BEGIN:
            outturn.see(miners, target, house.sun(now) - house.load(now))
        enough = target >= need
        if enough == on:
            since = now
        elif now - since >= (_ON_SECONDS if enough else _OFF_SECONDS):
            on, since = enough, now
            for miner in miners:
                miner.do(
                    Move(key=miner.key, kind=Kind.RESUME if on else Kind.PAUSE, power=0)
                )
        clock.advance(POLL)
    outturn.close(miners)
    return outturn


def leave(scene: Scene, seed: int, days: float) -> Outturn:
    """Do nothing: all miners at their default."""
    clock, miners = _build(scene)
    house = House(seed, days, peak=scene.peak, base=scene.base)
    targets = _targets(scene, house, miners)
    outturn = Outturn()
    while clock.now() < days * DAY:
        now = clock.now()
        for miner in miners:
            miner.live()
        if now >= _BEGIN:
            outturn.see(miners, targets(now), house.sun(now) - house.load(now))
        clock.advance(POLL)
    return outturn


def _run(job: tuple[Scene, int, float, str]) -> Outturn:
    scene, seed, days, how = job
    if how in ("causes", "few writes"):
        return follow(
            scene, seed, days, causes=how == "causes", few_writes=how == "few writes"
        )
    found = {"target": follow, "on/off": switch, "nothing": leave}[how]
    return found(scene, seed, days)


def _print_causes(found: Outturn) -> None:
    """Say what each cause costs, in % of perfect knowledge, which pays for starts."""
    missing = found.perfect - found.work
    for cause, lost in found.lost.items():
        print(f"    {cause:42}{100 * lost / found.perfect:7.2f} %")
    same = missing - sum(found.lost.values())
    print(
        f"    {'starts that perfect knowledge pays, too':42}"
        f"{100 * same / found.perfect:7.2f} %"
    )


def main() -> int:
    """Run all scenes, print a table, and return whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=14.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--scene", help="a part of the name of the scenes to run")
    parser.add_argument("--alone", action="store_true", help="compare with nothing")
    more = parser.add_mutually_exclusive_group()
    more.add_argument(
        "--causes",
        dest="target",
        action="store_const",
        const="causes",
        default="target",
        help="say where hashrate is lost (slow)",
    )
    more.add_argument(
        "--few-writes",
        dest="target",
        action="store_const",
        const="few writes",
        help="compare with what could be made with as few writes (slow)",
    )
    options = parser.parse_args()
    scenes = [scene for scene in SCENES if (options.scene or "") in scene.name]
    target = options.target
    ways = (target,) if options.alone else (target, "on/off", "nothing")
    jobs = [
        (scene, options.seed, options.days, way) for scene in scenes for way in ways
    ]
    print(
        f"{'':32}{'bought':>8}{'used':>8}{'TH/s':>7}{'of perfect':>11}"
        f"{'min above':>10}{'longest':>8}{'writes/day':>11}{'/hour':>6}"
    )
    with ProcessPoolExecutor(options.processes) as pool:
        done = list(pool.map(_run, jobs))
    reached = True
    for (scene, _, _, way), found in zip(jobs, done, strict=True):
        share = f"{100 * found.share:.1f} %" if found.perfect else ""
        print(
            f"{scene.name + ': ' + way:32}{found.bought:8.2f}{found.used:8.2f}"
            f"{found.work / found.days / DAY / 1000:7.2f}{share:>11}"
            f"{found.above:10.1f}{found.longest_above:8d}"
            f"{found.writes_per_day if found.writes else 0:11.1f}"
            f"{found.most_writes:6d}"
        )
        if way == "causes":
            _print_causes(found)
        if way == "few writes":
            print(
                f"    of what could be made with as few writes, all that is to come "
                f"known: {100 * found.share_of_few_writes:.1f} %"
            )
        if way == target:
            reached &= found.reached(scene)
    print(
        f"kWh in {options.days:g} days; readings above the target in a row: at most "
        f"{LONGEST_ABOVE}; hashrate: at least {100 * SHARE:.0f} % of perfect knowledge; "
        f"writes an hour and miner: at most {WRITES_PER_HOUR}\n"
        f"targets {'met' if reached else 'MISSED'}"
    )
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
