"""The sensor that shows what the tuner is doing."""

from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)

from ..entity import CompanionEntity, MinerEntityDescription
from ..tuning import TrialResult
from ..tuning.record import Run, TunerState
from ..tuning.report import RunReport
from ..tuning.session import MinerTuner
from ..tuning.soak import SoakTest

# Every change is a row of the database: a guess need not be finer than that.
_PROGRESS_STEP: Final = 5
_SECONDS_STEP: Final = 300


@dataclass(frozen=True, kw_only=True)
class TuningSensorDescription(MinerEntityDescription, SensorEntityDescription):
    """Describes the sensor of the tuner."""


TUNING: Final = TuningSensorDescription(
    key="tuning",
    # The cards show it, and events announce it.
    entity_registry_visible_default=False,
    device_class=SensorDeviceClass.ENUM,
    options=[state.value for state in TunerState],
)


def best_of(trial: TrialResult | None) -> dict[str, float | None] | None:
    """Present the best operating point that was measured."""
    if trial is None:
        return None
    hashrate, power = trial.hashrate, trial.power
    return {
        "frequency": trial.point.frequency,
        "core_voltage": trial.point.core_voltage,
        "hashrate": None if hashrate is None else round(hashrate, 1),
        "power": None if power is None else round(power, 1),
        "efficiency": round(1000 * power / hashrate, 2) if power and hashrate else None,
    }


class TuningSensor(CompanionEntity[MinerTuner], SensorEntity):
    """What the tuner does with a miner, or did last."""

    entity_description: TuningSensorDescription
    _unrecorded_attributes = frozenset({"progress", "time_left", "best"})

    def __init__(self, tuner: MinerTuner) -> None:
        """Attach the sensor to the miner's device."""
        super().__init__(tuner, TUNING)

    @property
    @override
    def native_value(self) -> str:
        """What it is doing."""
        return self._companion.state.value

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """How far it is, and what it found."""
        tuner = self._companion
        run, found = tuner.run, tuner.found
        left = tuner.seconds_left
        progress = tuner.progress
        last = tuner.last
        best = best_of(found.best) if found is not None else None
        gain = found.gain if found is not None else None
        if run is None and found is None and last is not None:
            best, gain = best_of(last.best), last.gain
        return {
            "goal": run.targets.goal.value if run is not None else _last_goal(last),
            "soak_test": _soak_test(run, last),
            "reason": tuner.reason,
            "progress": None
            if progress is None
            else _PROGRESS_STEP * round(100 * progress / _PROGRESS_STEP),
            "time_left": None
            if left is None
            else _SECONDS_STEP * round(left / _SECONDS_STEP),
            "trials": len(run.trials) if run is not None else _last_trials(last),
            "best": best,
            "gain": None if gain is None else round(100 * gain, 1),
        }

    @property
    @override
    def shown(self) -> object:
        """The state and its attributes."""
        return (self.native_value, self.extra_state_attributes)


def _soak_test(run: Run | None, last: RunReport | None) -> dict[str, Any] | None:
    """Present the soak test that goes on, or was the last thing that did."""
    if isinstance(run, SoakTest):
        return {"profile": run.profile, "hours": run.hours}
    stored = last.soak_test if run is None and last is not None else None
    if stored is None:
        return None
    return {"profile": stored.get("profile"), "hours": stored.get("hours")}


def _last_goal(last: RunReport | None) -> str | None:
    return None if last is None else last.targets.goal.value


def _last_trials(last: RunReport | None) -> int:
    return 0 if last is None else len(last.trials)
