"""What a run that is over found, as it is kept and shown. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Final, Self

from ..axeos import Hardware, OperatingPoint
from ..miner.hardware import read_hardware
from ..storage.stored_object import (
    SOAK_HOURS,
    TIME,
    as_stored,
    stored_number,
    stored_point,
)
from ..storage.typed import checked, stored_text
from .consumption import load
from .goals import Goal, Targets
from .machine import Machine
from .run import MOST_STORED_TRIALS
from .soak import SOAK_PASSED
from .trial import Outcome, TrialResult

# Share of a limit, or distance to it, at which a setting counts as limited by it.
_NEAR_POWER: Final = 0.97
_NEAR_C: Final = 2.0
_NEAR_FAN: Final = 4.0
_NEAR_HASHRATE: Final = 1.01
# MHz and mV from the end of the range that count as its end.
_NEAR_MHZ: Final = 1.0
_NEAR_MV: Final = 5.0
# Of those, the state of the run says all.
_PLAIN_REASONS: Final = frozenset({"found", "stopped", SOAK_PASSED})


class Limiting(StrEnum):
    """What kept a run from finding an even better setting."""

    POWER = "power"
    TEMPERATURE = "temperature"
    VR_TEMPERATURE = "vr_temperature"
    FAN_SPEED = "fan_speed"
    MINIMUM_HASHRATE = "minimum_hashrate"
    FREQUENCY_RANGE = "frequency_range"
    """The end of the range of frequencies."""
    VOLTAGE_RANGE = "voltage_range"
    """The end of the range of core voltages."""
    CHIP = "chip"
    """With less voltage, or a higher clock, the chip does not hash any more."""
    TIME = "time"
    NOTHING = "nothing"
    """Both more and less were worse."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits that applied to a run; `None` is none."""

    power: float | None = None
    """W."""
    temperature: float | None = None
    """°C of the hottest ASIC."""
    vr_temperature: float | None = None
    """°C of the regulator."""
    fan_speed: float | None = None
    """%."""
    hashrate: float | None = None
    """GH/s, at least."""

    @classmethod
    def of(cls, machine: Machine, targets: Targets) -> Self:
        """Join what was asked for with what the hardware bears; the lower applies."""
        return cls(
            power=_least(targets.maximum_power, machine.maximum_power),
            temperature=_least(
                targets.maximum_temperature, machine.maximum_temperature
            ),
            vr_temperature=_least(
                targets.maximum_vr_temperature, machine.maximum_vr_temperature
            ),
            fan_speed=targets.maximum_fan_speed,
            hashrate=targets.minimum_hashrate,
        )

    def near(self, trial: TrialResult) -> Iterable[Limiting]:
        """Yield the limits that a setting comes near to."""
        if _reaches(trial.power, self.power and self.power * _NEAR_POWER):
            yield Limiting.POWER
        if _reaches(trial.temperature, self.temperature and self.temperature - _NEAR_C):
            yield Limiting.TEMPERATURE
        if _reaches(
            trial.vr_temperature,
            self.vr_temperature and self.vr_temperature - _NEAR_C,
        ):
            yield Limiting.VR_TEMPERATURE
        if _reaches(trial.fan_speed, self.fan_speed and self.fan_speed - _NEAR_FAN):
            yield Limiting.FAN_SPEED
        if self.hashrate is not None and trial.hashrate is not None:
            if trial.hashrate <= self.hashrate * _NEAR_HASHRATE:
                yield Limiting.MINIMUM_HASHRATE


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """What a run that is over found."""

    time: float
    """Unix time of its end."""
    state: str
    reason: str
    targets: Targets
    limits: Limits
    original: OperatingPoint
    room_temperature: float | None
    """°C."""
    seconds: float
    """How long it took."""
    gain: float | None
    """Score of the best over that of the original setting, less 1."""
    error: float | None
    """Relative standard error of the score of the best."""
    best: TrialResult | None
    trials: tuple[TrialResult, ...]
    expected_per_mhz: float
    """GH/s that the board makes for each MHz if no hash is lost."""
    soak_test: dict[str, Any] | None = None
    """Of the test of a profile: `profile`, `hours`, `point`, and the `limit`
    reached."""
    limiting: Limiting | None
    """`None` if nothing was found."""
    hardware: Hardware | None = None
    """The board it was found on; `None` if nobody knows."""

    def is_for(self, hardware: Hardware) -> bool:
        """Return whether it may have been found on this board."""
        return self.hardware is None or not hardware.differs_from(self.hardware)

    @property
    def before(self) -> TrialResult | None:
        """What was measured at the original setting."""
        return next(
            (
                trial
                for trial in self.trials
                if trial.point == self.original and trial.hashrate is not None
            ),
            None,
        )

    def announced(self, home: OperatingPoint | None) -> dict[str, Any]:
        """Return what an event says of it; `home` is where the miner is brought.

        `None` stands for a miner that stays as somebody else has set it.
        """
        if self.soak_test is not None:
            return self._announced_soak_test(self.soak_test, home)
        best = self.best.point if self.best is not None else None
        better = home is not None and home == best and home != self.original
        return {
            "action": self.state,
            "goal": self.targets.goal.value,
            "reason": None if self.reason in _PLAIN_REASONS else self.reason,
            "from": self._figures(self.original),
            "to": None if home is None else self._figures(home),
            "gain": round(100 * self.gain, 1)
            if better and self.gain is not None
            else None,
            "seconds": round(self.seconds),
            "trials": len(self.trials),
        }

    def _announced_soak_test(
        self, test: dict[str, Any], home: OperatingPoint | None
    ) -> dict[str, Any]:
        verdict = "passed" if self.state == "finished" else self.state
        return {
            "action": f"soak_{verdict}",
            "profile": test["profile"],
            "hours": test["hours"],
            "reason": None if self.reason in _PLAIN_REASONS else self.reason,
            "from": asdict(self.original),
            "to": None if home is None else self._figures(home),
            "seconds": round(self.seconds),
        }

    def _figures(self, point: OperatingPoint) -> dict[str, float]:
        """Return a setting, and what was measured there."""
        figures = asdict(point)
        measured = [
            trial
            for trial in self.trials
            if trial.point == point and trial.outcome is Outcome.MEASURED
        ]
        if measured and measured[-1].hashrate and measured[-1].power:
            hashrate, power = measured[-1].hashrate, measured[-1].power
            figures |= {
                "hashrate": round(hashrate, 1),
                "power": round(power, 1),
                "efficiency": round(1000 * power / hashrate, 2),
            }
            if measured[-1].temperature is not None:
                figures["temperature"] = round(measured[-1].temperature, 1)
        return figures

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {
            **asdict(self),
            "targets": self.targets.as_dict(),
            "best": None if self.best is None else self.best.as_dict(),
            "trials": [trial.as_dict() for trial in self.trials],
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Restore what `as_dict` returned.

        Raises:
            AttributeError, KeyError, TypeError, ValueError: it is of another version.

        """
        best, limiting = stored["best"], stored.get("limiting")
        hardware = stored.get("hardware")
        if len(stored["trials"]) > MOST_STORED_TRIALS:
            raise ValueError("more trials than any run makes")
        trials = tuple(map(TrialResult.from_dict, stored["trials"]))
        soak_test = stored.get("soak_test")
        if soak_test is not None:
            # Those of before 0.2.0 do not say which setting it was.
            if (point := soak_test.get("point")) is not None:
                stored_point(point)
            if (limit := soak_test.get("limit")) is not None:
                stored_text(limit)
            stored_text(soak_test["profile"])
            stored_number(soak_test["hours"], SOAK_HOURS)
        return checked(
            cls(
                time=stored_number(stored["time"], TIME),
                state=stored["state"],
                reason=stored["reason"],
                targets=Targets.from_dict(stored["targets"]),
                limits=checked(Limits(**stored.get("limits", {}))),
                original=stored_point(stored["original"]),
                room_temperature=stored.get("room_temperature"),
                seconds=stored["seconds"],
                gain=stored.get("gain"),
                error=stored.get("error"),
                best=None if best is None else TrialResult.from_dict(best),
                trials=trials,
                expected_per_mhz=stored.get("expected_per_mhz") or _per_mhz(trials),
                soak_test=soak_test,
                limiting=None if limiting is None else Limiting(limiting),
                hardware=None
                if hardware is None
                else read_hardware(as_stored(hardware)),
            )
        )


def what_limited(
    machine: Machine,
    targets: Targets,
    trials: Sequence[TrialResult],
    best: TrialResult | None,
    reason: str,
) -> Limiting | None:
    """Return what kept a run from something better; `None` if it found nothing.

    A limit counts if the best setting comes near to it, or if a trial beyond the best
    one met it. For efficiency it is the voltage that counts, so what a trial with less
    voltage met.
    """
    if best is None:
        return None
    if reason == "time_limit":
        return Limiting.TIME
    if (near := next(iter(Limits.of(machine, targets).near(best)), None)) is not None:
        return near
    point = best.point
    if point.frequency >= machine.frequency[1] - _NEAR_MHZ:
        return Limiting.FREQUENCY_RANGE
    if point.core_voltage <= machine.core_voltage[0] + _NEAR_MV:
        return Limiting.VOLTAGE_RANGE
    there = load(point.frequency, point.core_voltage)
    met = {
        trial.limit
        for trial in trials
        if trial.outcome is Outcome.LIMIT
        and load(trial.point.frequency, trial.point.core_voltage) > there
    }
    for limit in Limiting:
        if limit.value in met and targets.goal is not Goal.EFFICIENCY:
            return limit
    if any(_is_wall(trial, best) for trial in trials):
        return Limiting.CHIP
    return Limiting.NOTHING


def _per_mhz(trials: Iterable[TrialResult]) -> float:
    """Work it out from what was measured, where it was not kept."""
    for trial in trials:
        if trial.hashrate and trial.share:
            return trial.hashrate / trial.share / trial.point.frequency
    return 0.0


def _is_wall(trial: TrialResult, best: TrialResult) -> bool:
    """Return whether the chip did not bear a setting for too little voltage."""
    return (
        trial.outcome in (Outcome.DARK, Outcome.LATCHED, Outcome.CRASHED, Outcome.WORSE)
        and trial.point.core_voltage / trial.point.frequency
        < best.point.core_voltage / best.point.frequency
    )


def _reaches(value: float | None, limit: float | None) -> bool:
    return value is not None and limit is not None and value >= limit


def _least(*limits: float | None) -> float | None:
    return min((limit for limit in limits if limit is not None), default=None)
