"""What a tuning run is to achieve, and what must not happen on the way."""

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

from ..axeos import bounds
from ..storage.typed import bounded, checked

_TIME_LIMIT: Final = bounds.Bounds(0, 30 * 86_400)


class Goal(StrEnum):
    """What makes one operating point better than another."""

    EFFICIENCY = "efficiency"
    """Least J/TH."""
    HASHRATE = "hashrate"
    """Most GH/s."""
    BALANCED = "balanced"
    """Most GH/s per J/TH, as in the analysis."""

    def score(self, hashrate: float, power: float) -> float:
        """Return how good GH/s for W are; 2 % more is 2 % better."""
        if hashrate <= 0 or power <= 0:
            return 0.0
        match self:
            case Goal.EFFICIENCY:
                return hashrate / power
            case Goal.HASHRATE:
                return hashrate
            case Goal.BALANCED:
                return hashrate * hashrate / power

    @property
    def power_of_hashrate(self) -> int:
        """The exponent with which the hashrate goes into the score."""
        return 2 if self is Goal.BALANCED else 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """A goal, and its limits; a limit of `None` does not apply.

    The temperature limits apply beside those that come with the machine.
    """

    goal: Goal
    maximum_power: float | None = None
    """W."""
    maximum_temperature: float | None = None
    """°C of the hottest ASIC."""
    maximum_vr_temperature: float | None = None
    """°C of the regulator."""
    maximum_fan_speed: float | None = None
    """%, of noise."""
    minimum_hashrate: float | None = None
    """GH/s."""
    time_limit: float | None = None
    """Seconds the run may take."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Restore what `as_dict` returned."""
        targets = checked(cls(**{**stored, "goal": Goal(stored["goal"])}))
        return bounded(
            targets,
            maximum_power=bounds.POWER_LIMIT,
            maximum_temperature=bounds.TEMPERATURE_LIMIT,
            maximum_vr_temperature=bounds.TEMPERATURE_LIMIT,
            maximum_fan_speed=bounds.PERCENT,
            minimum_hashrate=bounds.HASHRATE,
            time_limit=_TIME_LIMIT,
        )
