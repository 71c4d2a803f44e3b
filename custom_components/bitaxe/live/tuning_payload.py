"""The tuner of a miner as flat JSON for cards. Unknown is `None`."""

from collections.abc import Sequence
from typing import Final

from homeassistant.core import callback
from homeassistant.util.json import JsonObjectType

from ..axeos import OperatingPoint
from ..results.payload import operating_point_as_json, rounded
from ..tuning import Targets, TrialResult, TuningRun
from ..tuning.report import Limits, RunReport
from ..tuning.session import MinerTuner
from ..tuning.soak import SoakTest

# What is only a guess, and changes with every reading, need not be finer.
_SECONDS_STEP: Final = 30
_SOAK_STEP: Final = 300


@callback
def tuner_as_json(tuner: MinerTuner) -> JsonObjectType:
    """Present the tuner of a miner."""
    run = tuner.run
    return {
        "state": tuner.state.value,
        "reason": tuner.reason,
        "obstacle": tuner.obstacle,
        "soak_test": _soak_test(tuner, run) if isinstance(run, SoakTest) else None,
        "soak_report": _soak_report(tuner.results),
        "run": _running(tuner, run) if isinstance(run, TuningRun) else None,
        "reports": [
            _report(report)
            for report in reversed(tuner.results)
            if report.soak_test is None
        ],
        "profiles": [
            {"name": name, **operating_point_as_json(point)}
            for name, point in tuner.offered.items()
        ],
    }


def _running(tuner: MinerTuner, run: TuningRun) -> JsonObjectType:
    found = tuner.found
    best = found.best if found is not None else None
    left = tuner.seconds_left or 0.0
    return {
        "goal": run.targets.goal.value,
        "limits": _limits(Limits.of(run.machine, run.targets), run.targets),
        "original": operating_point_as_json(run.original),
        "started": round(tuner.started or 0.0),
        "progress_percent": round(100 * run.progress),
        "seconds_left": _SECONDS_STEP * round(left / _SECONDS_STEP),
        "trials": [_trial(trial, _per_mhz(run)) for trial in run.trials],
        "now": _now(run),
        "best": None if best is None else _trial(best, _per_mhz(run)),
        "gain_percent": _percent(found.gain if found is not None else None),
        "gain_error_percent": _percent(found.error if found is not None else None),
        "room_temperature_c": run.machine.room_temperature,
    }


def _soak_test(tuner: MinerTuner, test: SoakTest) -> JsonObjectType:
    return {
        **operating_point_as_json(test.point),
        "profile": test.profile,
        "hours": test.hours,
        "started": round(tuner.started or 0.0),
        "progress_percent": round(100 * test.progress),
        "seconds_left": _SOAK_STEP * round(test.seconds_left / _SOAK_STEP),
        "original": operating_point_as_json(test.original),
        "hashrate_share_percent": _rough(test.share, 100.0),
        "power_w": _rough(test.expected_power, 1.0),
        "error_rate_percent": _rough(test.error_rate, 1.0),
    }


def _rough(value: float | None, factor: float) -> float | None:
    """Return a mean over hours, rounded so that few readings change it."""
    return None if value is None else round(factor * value, 1)


def _soak_report(reports: Sequence[RunReport]) -> JsonObjectType | None:
    for report in reversed(reports):
        test = report.soak_test
        if test is not None:
            # Reports of before 0.2.0 do not say which setting it was.
            point = test.get("point")
            tested = OperatingPoint(**point) if point is not None else report.original
            return {
                **operating_point_as_json(tested),
                "profile": test["profile"],
                "hours": test["hours"],
                "state": report.state,
                "reason": report.reason,
                "original": operating_point_as_json(report.original),
                "ended": round(report.time),
                "seconds": round(report.seconds),
            }
    return None


def _per_mhz(run: TuningRun) -> float:
    return run.machine.expected_hashrate(1.0)


def _now(run: TuningRun) -> JsonObjectType | None:
    """Present the trial that goes on; none on the way back to a good setting."""
    trial = run.present
    if trial is None:
        return None
    interim = trial.interim
    return {
        **operating_point_as_json(trial.point),
        "seconds": _SECONDS_STEP * int(interim.seconds / _SECONDS_STEP),
        "passing": trial.passing,
        **_measured(
            interim.share * trial.expected if interim.share is not None else None,
            _relative(interim.share, interim.share_error),
            interim.power,
        ),
    }


def _report(report: RunReport) -> JsonObjectType:
    per_mhz = report.expected_per_mhz

    def trial(item: TrialResult | None) -> JsonObjectType | None:
        return None if item is None else _trial(item, per_mhz)

    return {
        "state": report.state,
        "reason": report.reason,
        "goal": report.targets.goal.value,
        "limits": _limits(report.limits, report.targets),
        "original": operating_point_as_json(report.original),
        "ended": round(report.time),
        "seconds": round(report.seconds),
        "room_temperature_c": report.room_temperature,
        "trials": [_trial(item, per_mhz) for item in report.trials],
        "before": trial(report.before),
        "best": trial(report.best),
        "gain_percent": _percent(report.gain),
        "gain_error_percent": _percent(report.error),
        "limiting": None if report.limiting is None else report.limiting.value,
    }


def _trial(trial: TrialResult, per_mhz: float) -> JsonObjectType:
    return {
        **operating_point_as_json(trial.point),
        "outcome": trial.outcome.value,
        "limit": trial.limit,
        "seconds": round(trial.seconds),
        "expected_hashrate_ghs": rounded(per_mhz * trial.point.frequency),
        **_measured(
            trial.hashrate, _relative(trial.share, trial.share_error), trial.power
        ),
        "asic_temperature_c": rounded(trial.temperature),
        "vr_temperature_c": rounded(trial.vr_temperature),
        "fan_speed_percent": rounded(trial.fan_speed),
        "error_rate_percent": rounded(trial.error_rate),
    }


def _measured(
    hashrate: float | None, relative_error: float | None, power: float | None
) -> JsonObjectType:
    """Present hashrate in GH/s and power in W, and what comes of both."""
    efficiency = 1000 * power / hashrate if hashrate and power else None

    def error(value: float | None) -> float | None:
        if value is None or relative_error is None:
            return None
        return value * relative_error

    return {
        "hashrate_ghs": rounded(hashrate),
        "hashrate_error_ghs": rounded(error(hashrate)),
        "power_w": rounded(power),
        "efficiency_j_th": rounded(efficiency),
        "efficiency_error_j_th": rounded(error(efficiency)),
    }


def _relative(value: float | None, error: float | None) -> float | None:
    return error / value if value and error is not None else None


def _limits(limits: Limits, targets: Targets) -> JsonObjectType:
    return {
        "power_w": rounded(limits.power),
        "asic_temperature_c": rounded(limits.temperature),
        "vr_temperature_c": rounded(limits.vr_temperature),
        "fan_speed_percent": rounded(limits.fan_speed),
        "hashrate_ghs": rounded(limits.hashrate),
        "seconds": targets.time_limit,
    }


def _percent(share: float | None) -> float | None:
    return None if share is None else round(100 * share, 2)
