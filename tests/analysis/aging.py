"""Miners that live for months, and what statistics would say of them, hour by hour."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
import math
from random import Random

from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.rows import Reported, Row

HOUR = 3600.0
DAY = 24 * HOUR
NOW = 1_790_000_000 // 3600 * HOUR
TARGET = 60.0

type OverTime = Callable[[float], float]
"""A figure by the days before now."""


@dataclass(kw_only=True)
class Aging:
    """A miner with an automatic fan; what ages is given by the days before now."""

    seed: int = 1
    resistance: OverTime = lambda days: 1.25
    """K/W at full fan."""
    rpm_per_percent: OverTime = lambda days: 60.0
    joules_per_terahash: OverTime = lambda days: 17.0
    rejects: OverTime = lambda days: 0.2
    """% of shares."""
    errors: OverTime = lambda days: 0.2
    """% of hashes."""
    setting: Callable[[float], tuple[float, float]] = lambda days: (525.0, 1150.0)
    flow_exponent: float = 0.6
    """Of real heatsinks; the analysis assumes one."""
    season: float = 6.0
    """°C by which summer is warmer than the mean of the year."""
    summer_days_ago: float = 0.0
    room_mean: float = 22.0
    gaps: Callable[[float], bool] = lambda days: False
    """Whether Home Assistant was off."""
    rooms: list[tuple[float, float]] = field(default_factory=list)
    """What a sensor in the room said, as Unix time and °C."""

    def rows(self, days: float, *, now: float = NOW) -> Iterator[Row]:
        """Yield hourly rows, the oldest first."""
        rng = Random(self.seed)
        start = now - days * DAY
        for hour in range(round(days * 24)):
            at = start + hour * HOUR
            ago = (now - at) / DAY
            if not self.gaps(ago):
                yield self._row(at, ago, rng)

    def _row(self, at: float, ago: float, rng: Random) -> Row:
        room = (
            self.room_mean
            + self.season * math.cos((ago - self.summer_days_ago) / 365 * math.tau)
            + 2.0 * math.sin(at / DAY * math.tau)
            + rng.gauss(0, 0.4)
        )
        self.rooms.append((at, room))
        frequency, voltage = self.setting(ago)
        hashrate = 2.04 * frequency * (1 + rng.gauss(0, 0.004))
        # Chips leak a little more when it is warm.
        leak = 1 + 0.0015 * (room - self.room_mean)
        load = frequency * voltage**2 / (525.0 * 1150.0**2)
        power = self.joules_per_terahash(ago) * 2.04 * 525.0 / 1000 * leak * load
        resistance = self.resistance(ago) * (1 + rng.gauss(0, 0.01))
        flow = resistance * power / (TARGET - room)
        fan = min(100.0, max(20.0, 100 * flow ** (1 / self.flow_exponent)))
        asic = room + power * resistance / (fan / 100) ** self.flow_exponent
        rpm = self.rpm_per_percent(ago) * fan * (1 + rng.gauss(0, 0.01))
        shares = 60.0 * 12
        rejected = shares * self.rejects(ago) / 100
        values = {
            Metric.FREQUENCY: frequency,
            Metric.CORE_VOLTAGE: voltage,
            Metric.HASHRATE: hashrate,
            Metric.POWER: power,
            Metric.ASIC_TEMPERATURE: asic,
            Metric.FAN_SPEED: fan,
            Metric.FAN_RPM: rpm,
            Metric.ERROR_RATE: self.errors(ago) * (1 + rng.gauss(0, 0.1)),
        }
        return Row(
            start=at,
            end=at + HOUR,
            values={key: Reported(v, v, v) for key, v in values.items()},
            counts={
                Metric.SHARES_ACCEPTED: shares - rejected,
                Metric.SHARES_REJECTED: rejected,
            },
        )
