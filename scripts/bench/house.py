"""A house with a small solar plant, appliances and a tariff, in simulated time."""

from bisect import bisect_right
from dataclasses import dataclass
import math
from random import Random
from typing import Final

DAY: Final = 86_400.0
HOUR: Final = 3600.0
_SUNRISE: Final = 6.5 * HOUR
_SUNSET: Final = 18.0 * HOUR
# s that a cloud edge takes to cross the plant.
_EDGE: Final = 25.0
_FRIDGE_W: Final = 85.0
_FRIDGE_SECONDS: Final = 45 * 60.0
_FRIDGE_ON: Final = 0.28


@dataclass(frozen=True)
class _Appliance:
    """Something that draws W for a while."""

    begin: float
    end: float
    power: float


class House:
    """Sun, load and price of some days; the same for the same seed."""

    def __init__(self, seed: int, days: float, *, peak: float, base: float) -> None:
        """Draw clouds, cooking and washing.

        `peak` is what the plant gives at noon of a clear day, `base` what the house
        always draws, in W.
        """
        rng = Random(f"{seed}/house")
        self._peak, self._base = peak, base
        self._clouds = _clouds(rng, days)
        self._cloud_times = [at for at, _ in self._clouds]
        self._appliances = _appliances(rng, days)
        self._prices = [
            [
                round(0.30 - 0.08 * math.cos((hour - 17) / 12 * math.pi + 0.4), 3)
                + rng.uniform(-0.03, 0.03)
                for hour in range(24)
            ]
            for _ in range(math.ceil(days) + 1)
        ]

    def sun(self, now: float) -> float:
        """Return the W of the plant."""
        day = now % DAY
        if not _SUNRISE < day < _SUNSET:
            return 0.0
        height = math.sin(math.pi * (day - _SUNRISE) / (_SUNSET - _SUNRISE))
        at = max(bisect_right(self._cloud_times, now) - 1, 0)
        begin, clear = self._clouds[at]
        before = self._clouds[at - 1][1] if at else clear
        part = min(1.0, (now - begin) / _EDGE)
        return self._peak * float(height**1.2) * (before + (clear - before) * part)

    def load(self, now: float) -> float:
        """Return the W that the house draws without miners."""
        fridge = (
            _FRIDGE_W if now % _FRIDGE_SECONDS < _FRIDGE_ON * _FRIDGE_SECONDS else 0
        )
        others = sum(
            item.power for item in self._appliances if item.begin <= now < item.end
        )
        return self._base + fridge + others

    def price(self, now: float) -> float:
        """Return the price per kWh."""
        return self._prices[int(now // DAY)][int(now % DAY // HOUR)]


def _clouds(rng: Random, days: float) -> list[tuple[float, float]]:
    """Return from when on which share of the sun comes through."""
    found: list[tuple[float, float]] = []
    at = 0.0
    while at < days * DAY:
        # A clear, a changing and a dull day, in turns.
        mood = int(at // DAY) % 3
        if mood == 0:
            clear, seconds = rng.uniform(0.9, 1.0), rng.uniform(1, 3) * HOUR
        elif mood == 1:
            clear = rng.choice([0.25, 0.4, 0.95, 1.0])
            seconds = rng.expovariate(1 / 540) + 90
        else:
            clear, seconds = rng.uniform(0.2, 0.6), rng.expovariate(1 / 1800) + 300
        found.append((at, clear))
        at += seconds
    return found


def _appliances(rng: Random, days: float) -> list[_Appliance]:
    found = []
    for day in range(math.ceil(days)):
        for hour, power, minutes in ((7.0, 900, 6), (12.3, 1400, 25), (18.6, 1600, 35)):
            begin = day * DAY + (hour + rng.uniform(-0.5, 0.5)) * HOUR
            found.append(_Appliance(begin, begin + minutes * 60, power))
        if rng.random() < 0.5:
            begin = day * DAY + rng.uniform(9, 16) * HOUR
            found.append(_Appliance(begin, begin + 20 * 60, 2000))
            found.append(_Appliance(begin, begin + 75 * 60, 150))
    return found
