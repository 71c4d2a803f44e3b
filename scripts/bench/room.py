"""A room with walls, for heating by miners over simulated weeks.

Two heat capacities: air with furniture, and walls, which give the room its slow and its
fast side. Outside it is winter with days, nights and changes of weather; people, sun
and cooking come and go.
"""

from dataclasses import dataclass
import math
from random import Random
from typing import Final

DAY: Final = 86_400.0
_STEP: Final = 60.0
"""Seconds between two values of the weather."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """What a room is made of."""

    air: float = 600e3
    """J/K of air and furniture."""
    walls: float = 4.5e6
    """J/K of what lies behind the surface."""
    to_walls: float = 90.0
    """W/K between air and walls."""
    to_outside: float = 14.0
    """W/K from the walls outwards."""
    draught: float = 5.0
    """W/K from the air outwards, as through windows."""


class Room:
    """The temperature of a room, which what happens outside and inside moves."""

    def __init__(
        self,
        building: Building,
        seed: int,
        *,
        outside: float = 4.0,
        temperature: float = 19.0,
    ) -> None:
        """Begin at rest; `outside` is the mean of the °C there."""
        self.air = self.walls = temperature
        self._building = building
        self._outside = outside
        self._random = Random(f"{seed}/room")
        self._weather = 0.0
        self._gain = 0.0
        self._gain_until = 0.0
        self._cloud = 0.5
        self._changed_at = -_STEP
        self.window_open = False

    def outside(self, now: float) -> float:
        """Return °C outside."""
        daily = 4.0 * math.sin(2 * math.pi * (now / DAY - 0.375))
        return self._outside + daily + self._weather

    def advance(self, now: float, seconds: float, heat: float) -> None:
        """Let time pass while `heat` W are given to the room."""
        if now - self._changed_at >= _STEP:
            self._change(now)
        building = self._building
        draught = building.draught + (60.0 if self.window_open else 0.0)
        outside = self.outside(now)
        inwards = heat + self._gain + self._sun(now) - draught * (self.air - outside)
        between = building.to_walls * (self.air - self.walls)
        self.air += (inwards - between) * seconds / building.air
        loss = building.to_outside * (self.walls - outside)
        self.walls += (between - loss) * seconds / building.walls

    def _sun(self, now: float) -> float:
        """Return W of the sun through the window, at noon at most."""
        height = math.sin(2 * math.pi * (now / DAY - 0.25))
        return 120.0 * (1 - self._cloud) * max(height, 0.0)

    def _change(self, now: float) -> None:
        """Change the weather, and who is in the room."""
        self._changed_at = now
        random = self._random
        self._weather += random.gauss(0, 0.03) - 2e-4 * self._weather
        self._cloud = min(max(self._cloud + random.gauss(0, 0.02), 0.0), 1.0)
        if now >= self._gain_until:
            at_home = 7 * 3600 < now % DAY < 23 * 3600
            self._gain = 80.0 if at_home and random.random() < 0.5 else 0.0
            self._gain_until = now + random.uniform(0.5, 4) * 3600
