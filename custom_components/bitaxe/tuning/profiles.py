"""Operating points of a miner with a name. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from ..axeos import Hardware, OperatingPoint, bounds
from ..miner.hardware import read_hardware
from ..storage.stored_object import SOAK_HOURS, TIME, StoredObject
from .goals import Goal, Targets
from .machine import ROOM_C, Machine
from .search import Search
from .trial import TrialResult

ECO: Final = "eco"
BALANCED: Final = "balanced"
MAX: Final = "max"
STOCK: Final = "stock"
GOALS: Final = {
    ECO: Goal.EFFICIENCY,
    BALANCED: Goal.BALANCED,
    MAX: Goal.HASHRATE,
}
"""Profiles that runs find, by what they are best at."""
OWN_NAMES_NOT: Final = frozenset({*GOALS, STOCK, "no_profile"})
"""Names that a person cannot give."""
MOST_PROFILES: Final = 30
"""Of a person's own; those that runs find come on top."""
LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """An operating point with a name, and what was measured; `None` is unknown."""

    name: str
    point: OperatingPoint
    hashrate: float | None = None
    """GH/s."""
    power: float | None = None
    """W."""
    room_temperature: float | None = None
    """°C, while it was measured."""
    time: float | None = None
    """Unix time at which it was measured or saved."""
    proven_hours: float | None = None
    """Hours of the longest soak test that it passed."""
    hardware: Hardware | None = None
    """The board it was measured or saved on."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    @classmethod
    def from_dict(cls, name: str, stored: StoredObject) -> Self | None:
        """Restore what `as_dict` returned, if it says which operating point it is."""
        stored.text("name")
        values = stored.child("point")
        frequency = values.number("frequency", bounds.FREQUENCY)
        core_voltage = values.number("core_voltage", bounds.CORE_VOLTAGE)
        values.finish()
        found = {
            "hashrate": stored.number("hashrate", bounds.HASHRATE),
            "power": stored.number("power", bounds.POWER),
            "room_temperature": stored.number("room_temperature", ROOM_C),
            "time": stored.number("time", TIME),
            "proven_hours": stored.number("proven_hours", SOAK_HOURS),
        }
        hardware = stored.child("hardware")
        board = read_hardware(hardware) if hardware else None
        hardware.finish()
        stored.finish()
        if frequency is None or core_voltage is None:
            stored.lose("point")
            return None
        point = OperatingPoint(frequency=frequency, core_voltage=core_voltage)
        return cls(name=name, point=point, hardware=board, **found)

    def is_for(self, hardware: Hardware) -> bool:
        """Return whether it may have been made on this board."""
        return self.hardware is None or not hardware.differs_from(self.hardware)

    def score(self, goal: Goal) -> float:
        """Return how good it was measured to be; 0 if it was not."""
        return goal.score(self.hashrate or 0.0, self.power or 0.0)


class Profiles:
    """The profiles of one miner."""

    def __init__(self, profiles: Iterable[Profile] = ()) -> None:
        """Begin with these."""
        self._by_name = {profile.name: profile for profile in profiles}
        self._in_order: tuple[Profile, ...] | None = None

    @classmethod
    def from_dict(cls, stored: StoredObject) -> Self:
        """Restore what `as_dict` returned, as far as it can be read."""
        found = [Profile.from_dict(name, item) for name, item in stored.children()]
        known = [profile for profile in found if profile is not None]
        own = [profile for profile in known if profile.name not in GOALS]
        for profile in own[MOST_PROFILES:]:
            known.remove(profile)
            stored.lose(profile.name)
        return cls(known)

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {name: profile.as_dict() for name, profile in self._by_name.items()}

    @property
    def in_order(self) -> tuple[Profile, ...]:
        """Those that runs found, then a person's own; another tuple on a change."""
        if self._in_order is None:
            found = [name for name in GOALS if name in self._by_name]
            own = sorted(self._by_name.keys() - GOALS.keys(), key=str.casefold)
            self._in_order = tuple([self._by_name[name] for name in (*found, *own)])
        return self._in_order

    def __iter__(self) -> Iterator[Profile]:
        """Iterate over them in that order."""
        return iter(self.in_order)

    def __contains__(self, name: str) -> bool:
        """Return whether there is a profile of this name."""
        return name in self._by_name

    def save(self, profile: Profile) -> None:
        """Keep a profile, in the place of the one with the same name."""
        self._by_name[profile.name] = profile
        self._in_order = None

    def delete(self, name: str) -> None:
        """Forget a profile."""
        self._by_name.pop(name, None)
        self._in_order = None

    def note_soak_test(self, name: str, point: OperatingPoint, hours: float) -> None:
        """Note that a profile passed a soak test, if it is still the one tested."""
        known = self._by_name.get(name)
        if known is not None and known.point == point:
            proven = max(hours, known.proven_hours or 0.0)
            self.save(replace(known, proven_hours=proven))

    @property
    def is_full(self) -> bool:
        """Whether a person has as many of their own as are kept."""
        return len(self._by_name.keys() - GOALS.keys()) >= MOST_PROFILES

    def learn(
        self,
        machine: Machine,
        targets: Targets,
        trials: Sequence[TrialResult],
        time: float,
        hardware: Hardware,
    ) -> None:
        """Take the best that a run measured for each goal.

        A run for a goal decides about its profile; another may only better it. What was
        found on another board than this is replaced.
        """
        for name, goal in GOALS.items():
            best = Search(
                machine, Targets(**(targets.as_dict() | {"goal": goal})), trials
            ).best()
            if best is None:
                continue
            trial = best.trial
            profile = Profile(
                name=name,
                point=trial.point,
                hashrate=trial.hashrate,
                power=trial.power,
                room_temperature=machine.room_temperature,
                time=time,
                hardware=hardware,
            )
            known = self._by_name.get(name)
            if known is not None and not known.is_for(hardware):
                known = None
            if known is not None and known.point == profile.point:
                profile = replace(profile, proven_hours=known.proven_hours)
            if (
                known is None
                or goal is targets.goal
                or profile.score(goal) > known.score(goal)
            ):
                self.save(profile)
