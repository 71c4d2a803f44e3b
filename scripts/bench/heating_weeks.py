"""Heating a room by miners over simulated weeks: how near to its target it stays.

Compared with switching the same miners by a hysteresis, as a thermostat with a plug
does.
"""

import argparse
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
import math
import os
from random import Random
from typing import Final

from custom_components.bitaxe.power.controller import Kind, Move, PowerController
from custom_components.bitaxe.power.room import RoomController, RoomNow
from scripts.simulator import Clock

from .power_weeks import POLL, WRITES_PER_HOUR, Miner
from .room import DAY, Building, Room

NEAR: Final = 0.3
"""K that the room may be off its target where power allows."""
SHARE: Final = 0.96
"""Of that time."""
_SENSOR_SECONDS: Final = 60.0
_HYSTERESIS: Final = 0.2
_MINIMUM: Final = 900.0
# s in which the room comes to its target at first, which do not count.
_BEGIN: Final = 1.0 * DAY
# s after a change of the target, or after power did not suffice, that do not count.
_SETTLES: Final = 6 * 3600.0


@dataclass(frozen=True)
class Scene:
    """A room, its miners, and what is wanted of them."""

    name: str
    boards: tuple[tuple[str, int], ...]
    building: Building = field(default_factory=Building)
    outside: float = -1.0
    pauses: bool = True
    target: float = 21.0
    night: float | None = None
    """°C from 23 to 6 o'clock, if another."""
    resolution: float = 0.1
    """K of the sensor."""

    def target_at(self, now: float) -> float:
        """Return the °C wanted."""
        hour = now % DAY / 3600
        if self.night is not None and not 6 <= hour < 23:
            return self.night
        return self.target


_OCTAXES: Final = (
    ("suprahex-2.14", 1),
    ("suprahex-2.14", 2),
    ("suprahex-2.14", 3),
    ("gt-2.15", 4),
    ("gt-2.15", 5),
)

SCENES: Final = (
    Scene("study", _OCTAXES),
    Scene("mild weather", _OCTAXES, outside=6.0),
    Scene("lowest point, no pause", _OCTAXES, pauses=False),
    Scene("light room", _OCTAXES, Building(air=250e3, walls=1.2e6, to_walls=60.0)),
    Scene("cool nights", _OCTAXES, night=20.0, outside=1.0),
    Scene("coarse sensor", _OCTAXES, resolution=0.5),
)


@dataclass
class Outturn:
    """What came of some weeks."""

    days: float = 0.0
    counted: float = 0.0
    """Seconds in which power allowed the target."""
    near: float = 0.0
    """Seconds of these within the bound."""
    squares: float = 0.0
    worst: float = 0.0
    """K."""
    heat: float = 0.0
    """kWh given to the room."""
    work: float = 0.0
    """GH/s x s."""
    pauses: int = 0
    writes: int = 0
    most_writes: int = 0
    """Of one miner within an hour."""
    _settles_until: float = field(default=_BEGIN, repr=False)
    _target: float | None = field(default=None, repr=False)

    @property
    def share(self) -> float:
        """Share of the time in which the room was near its target."""
        return self.near / self.counted if self.counted else math.nan

    @property
    def deviation(self) -> float:
        """K, root of the mean square."""
        return math.sqrt(self.squares / self.counted) if self.counted else math.nan

    def reached(self) -> bool:
        """Return whether all that is wanted was kept."""
        return self.share >= SHARE and self.most_writes <= WRITES_PER_HOUR

    def see(
        self,
        now: float,
        miners: Sequence[Miner],
        room: Room,
        target: float,
        *,
        at_end: bool,
    ) -> None:
        """Take in a poll; `at_end` says that there is no more power, or no less."""
        heat = sum(miner.power for miner in miners)
        self.days += POLL / DAY
        self.heat += heat * POLL / 3.6e6
        self.work += sum(miner.hashrate for miner in miners) * POLL
        if target != self._target:
            self._settles_until = max(self._settles_until, now + _SETTLES)
            self._target = target
        if at_end and abs(room.air - target) > NEAR:
            self._settles_until = max(self._settles_until, now + _SETTLES / 3)
        if now < self._settles_until:
            return
        off = abs(room.air - target)
        self.counted += POLL
        self.near += POLL if off <= NEAR else 0.0
        self.squares += POLL * off**2
        self.worst = max(self.worst, off)

    def close(self, miners: Sequence[Miner]) -> None:
        """Count the writes and pauses."""
        for miner in miners:
            self.writes += len(miner.writes)
            self.pauses += miner.pauses
            for at in miner.writes:
                within = sum(at <= other < at + 3600 for other in miner.writes)
                self.most_writes = max(self.most_writes, within)


class _Sensor:
    """The sensor of the room, which is coarse, noisy and seldom asked."""

    def __init__(self, room: Room, scene: Scene, seed: int) -> None:
        self._room = room
        self._resolution = scene.resolution
        self._random = Random(f"{seed}/sensor")
        self._read_at = -math.inf
        self.value = room.air

    def read(self, now: float) -> float:
        if now - self._read_at >= _SENSOR_SECONDS:
            self._read_at = now
            exact = self._room.air + self._random.gauss(0, 0.02)
            self.value = round(exact / self._resolution) * self._resolution
        return self.value


type _Act = Callable[[float, float, float], bool]
"""Acts on s, the °C that the sensor shows and those wanted; says whether it is at an
end."""


def _modulate(scene: Scene, miners: Sequence[Miner]) -> _Act:
    """Return how our own controllers act."""
    heating = RoomController(
        hysteresis=_HYSTERESIS,
        pauses=scene.pauses,
        minimum_run=_MINIMUM,
        minimum_rest=_MINIMUM,
    )
    controller = PowerController()
    by_key = {miner.key: miner for miner in miners}
    lowest = sum(miner.points[0].power for miner in miners)
    highest = sum(miner.points[-1].power for miner in miners)

    def act(now: float, temperature: float, target: float) -> bool:
        drawn = sum(miner.power for miner in miners)
        demand = heating.update(
            RoomNow(
                temperature=temperature,
                target=target,
                lowest=lowest,
                highest=highest,
                drawn=drawn,
            ),
            now,
        )
        moves = controller.update(
            [
                miner.now(may_pause=demand.may_pause, run=_MINIMUM, rest=_MINIMUM)
                for miner in miners
            ],
            demand.power,
            now,
        )
        for move in moves:
            by_key[move.key].do(move)
        least = sum(m.idle_power for m in miners) if scene.pauses else lowest
        return drawn >= 0.96 * highest or drawn <= 1.03 * least

    return act


def _switch(scene: Scene, miners: Sequence[Miner]) -> _Act:
    """Return how a thermostat with a plug acts: all on, or all off."""
    on = True
    turned_at = 0.0

    def act(now: float, temperature: float, target: float) -> bool:
        nonlocal on, turned_at
        off_by = temperature - target
        if now - turned_at >= _MINIMUM and (
            off_by >= _HYSTERESIS if on else off_by <= -_HYSTERESIS
        ):
            on, turned_at = not on, now
            for miner in miners:
                kind = Kind.RESUME if on else Kind.PAUSE
                miner.do(Move(key=miner.key, kind=kind, power=0.0))
        # There is no more that it could do.
        return on == (off_by < 0)

    return act


def live(scene: Scene, seed: int, days: float, *, modulate: bool) -> Outturn:
    """Let a room and its miners live."""
    clock = Clock.manual(start=0.0)
    miners = [Miner(preset, each, clock) for preset, each in scene.boards]
    room = Room(scene.building, seed, outside=scene.outside)
    sensor = _Sensor(room, scene, seed)
    act = (_modulate if modulate else _switch)(scene, miners)
    outturn = Outturn()
    while clock.now() < days * DAY:
        now = clock.now()
        for miner in miners:
            miner.live()
        room.advance(now, POLL, sum(miner.power for miner in miners))
        target = scene.target_at(now)
        at_end = act(now, sensor.read(now), target)
        outturn.see(now, miners, room, target, at_end=at_end)
        clock.advance(POLL)
    outturn.close(miners)
    return outturn


def _run(job: tuple[Scene, int, float, bool]) -> Outturn:
    scene, seed, days, modulate = job
    return live(scene, seed, days, modulate=modulate)


def main() -> int:
    """Run all scenes, print a table, and return whether the bounds are kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--days", type=float, default=14.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--scene", help="a part of the name of the scenes to run")
    parser.add_argument("--alone", action="store_true", help="compare with nothing")
    options = parser.parse_args()
    scenes = [scene for scene in SCENES if (options.scene or "") in scene.name]
    ways = (True,) if options.alone else (True, False)
    jobs = [
        (scene, options.seed, options.days, way) for scene in scenes for way in ways
    ]
    print(
        f"{'':34}{'near':>8}{'rms K':>7}{'worst':>7}{'counted':>9}{'kWh':>8}"
        f"{'TH/s':>7}{'pauses/day':>11}{'writes/h':>9}{'most':>6}"
    )
    with ProcessPoolExecutor(options.processes) as pool:
        done = list(pool.map(_run, jobs))
    reached = True
    for (scene, _, _, modulate), found in zip(jobs, done, strict=True):
        miners = len(scene.boards)
        name = f"{scene.name}: {'modulated' if modulate else 'on/off'}"
        print(
            f"{name:34}{100 * found.share:6.1f} %{found.deviation:7.2f}"
            f"{found.worst:7.2f}{100 * found.counted / found.days / DAY:7.0f} %"
            f"{found.heat:8.1f}{found.work / found.days / DAY / 1000:7.2f}"
            f"{found.pauses / found.days / miners:11.1f}"
            f"{found.writes / found.days / 24 / miners:9.2f}{found.most_writes:6d}"
        )
        if modulate and scene.resolution <= NEAR:
            reached &= found.reached()
    print(
        f"near: within ±{NEAR} K of the target for at least {100 * SHARE:.0f} % of the "
        f"time in which power allowed it; pauses and writes of one miner; most: writes "
        f"within an hour, at most {WRITES_PER_HOUR}\n"
        f"bounds {'kept' if reached else 'MISSED'}"
    )
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())
