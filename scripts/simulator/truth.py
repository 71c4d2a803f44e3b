"""What a miner really did, to compare measurements and analyses with."""

from dataclasses import asdict, dataclass, field
from typing import Any

HASHES_PER_ERROR = 2**32
"""Hashes which one count of `errorCount` stands for."""


@dataclass
class PointTruth:
    """Sums over the time spent hashing at one operating point.

    Temperatures are time integrals in °C·s; divide by `seconds` for the mean.
    """

    seconds: float = 0.0
    energy_wh: float = 0.0
    hashes: float = 0.0
    error_hashes: float = 0.0
    temp_seconds: float = 0.0
    vr_temp_seconds: float = 0.0

    @property
    def efficiency(self) -> float:
        """Efficiency in J/TH."""
        return self.energy_wh * 3600 / (self.hashes / 1e12)

    @property
    def hashrate(self) -> float:
        """Mean hashrate in GH/s."""
        return self.hashes / self.seconds / 1e9

    @property
    def power(self) -> float:
        """Mean power in W."""
        return self.energy_wh * 3600 / self.seconds


@dataclass
class Truth:
    """Exact accumulators since the last reset.

    `energy_wh` integrates the power which the firmware would report without the
    noise of its sensors: on boards with a TPS546 its output plus a fixed offset.
    `seconds` is powered time with the network up or not, `hashing_seconds` the part in
    which the miner hashed. `points` is keyed by the stored (MHz, mV) and holds hashing
    time only.
    """

    seconds: float = 0.0
    hashing_seconds: float = 0.0
    energy_wh: float = 0.0
    hashes: float = 0.0
    error_hashes: float = 0.0
    shares_accepted: int = 0
    shares_rejected: int = 0
    restarts: int = 0
    overheats: int = 0
    points: dict[tuple[float, int], PointTruth] = field(default_factory=dict)

    def add(
        self,
        point: tuple[float, int],
        seconds: float,
        *,
        power_w: float,
        hashrate_ghs: float,
        error_hashes: float,
        temp: float,
        vr_temp: float,
    ) -> None:
        """Count a span of constant conditions."""
        energy = power_w * seconds / 3600
        hashes = hashrate_ghs * 1e9 * seconds
        self.seconds += seconds
        self.energy_wh += energy
        if hashrate_ghs <= 0:
            return
        self.hashing_seconds += seconds
        self.hashes += hashes
        self.error_hashes += error_hashes
        entry = self.points.get(point)
        if entry is None:
            entry = self.points[point] = PointTruth()
        entry.seconds += seconds
        entry.energy_wh += energy
        entry.hashes += hashes
        entry.error_hashes += error_hashes
        entry.temp_seconds += temp * seconds
        entry.vr_temp_seconds += vr_temp * seconds

    def as_dict(self) -> dict[str, Any]:
        """Return a JSON-ready copy; points become a list."""
        result = asdict(self)
        result["points"] = [
            {"frequency": frequency, "core_voltage": voltage, **asdict(entry)}
            for (frequency, voltage), entry in self.points.items()
        ]
        return result
