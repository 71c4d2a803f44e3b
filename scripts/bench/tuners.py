"""The tuner, and the plain hill-climb it is measured against, on one specimen."""

from dataclasses import dataclass
from statistics import fmean
from typing import Final

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.tuning import (
    Goal,
    Outcome,
    Phase,
    Sample,
    StepKind,
    Targets,
    TuningRun,
)

from .specimens import Specimen

# The plain hill-climb: 25 MHz up while 94 % of the expected hashrate are made, else 20
# mV up and 25 MHz down; each point after a restart, 90 s of waiting, and 10 minutes
# long.
_CLIMB_MHZ: Final = 25.0
_CLIMB_MV: Final = 20.0
_CLIMB_SHARE: Final = 0.94
_CLIMB_WAIT: Final = 90.0
_CLIMB_SECONDS: Final = 600.0
_CLIMB_POLL: Final = 15.0
_MOST_SECONDS: Final = 24 * 3600.0


@dataclass(frozen=True)
class Outturn:
    """What a tuner came to on one specimen."""

    point: OperatingPoint
    trials: int
    hours: float
    writes: int
    restarts: int
    latches: int
    seconds_beyond: float
    phase: str = ""


def tune(specimen: Specimen, goal: Goal) -> Outturn:
    """Run the tuner, polling like the integration."""
    start = specimen.now
    run = TuningRun(
        specimen.machine, Targets(goal=goal), specimen.original, started=start
    )
    while not run.phase.is_over and specimen.now - start < _MOST_SECONDS:
        sample = specimen.wait()
        if sample is None:
            continue
        step = run.feed(sample)
        if step.kind in (StepKind.APPLY, StepKind.RESTART):
            assert step.point is not None
            specimen.apply(step.point)
        if step.kind is StepKind.RESTART:
            specimen.restart()
    outcomes = [trial.outcome for trial in run.trials]
    return Outturn(
        point=run.wanted,
        trials=len(run.trials),
        hours=(specimen.now - start) / 3600,
        writes=specimen.writes,
        restarts=specimen.restarts,
        latches=outcomes.count(Outcome.LATCHED),
        seconds_beyond=specimen.seconds_beyond,
        phase=run.phase if run.phase is not Phase.FINISHED else "",
    )


def climb(specimen: Specimen, goal: Goal) -> Outturn:
    """Run the plain hill-climb; the best of its points by the goal wins."""
    start = specimen.now
    high = specimen.machine.frequency[1]
    high_mv = specimen.machine.core_voltage[1]
    point = specimen.original
    found: list[tuple[float, OperatingPoint]] = []
    trials = 0
    while True:
        trials += 1
        mean = _climb_trial(specimen, point)
        if mean is None:
            break
        hashrate, power = mean
        found.append((goal.score(hashrate, power), point))
        expected = specimen.machine.expected_hashrate(point.frequency)
        if hashrate >= _CLIMB_SHARE * expected:
            if point.frequency + _CLIMB_MHZ > high:
                break
            point = OperatingPoint(
                frequency=point.frequency + _CLIMB_MHZ, core_voltage=point.core_voltage
            )
        else:
            if point.core_voltage + _CLIMB_MV > high_mv:
                break
            point = OperatingPoint(
                frequency=point.frequency - _CLIMB_MHZ,
                core_voltage=point.core_voltage + _CLIMB_MV,
            )
    best = max(found, key=lambda item: item[0])[1] if found else specimen.original
    specimen.apply(best)
    specimen.restart()
    return Outturn(
        point=best,
        trials=trials,
        hours=(specimen.now - start) / 3600,
        writes=specimen.writes,
        restarts=specimen.restarts,
        latches=0,
        seconds_beyond=specimen.seconds_beyond,
    )


def _climb_trial(
    specimen: Specimen, point: OperatingPoint
) -> tuple[float, float] | None:
    """Return mean GH/s and W of a point; nothing when a limit was reached."""
    specimen.apply(point)
    specimen.restart()
    specimen.wait(_CLIMB_WAIT)
    samples: list[Sample] = []
    for _ in range(int(_CLIMB_SECONDS / _CLIMB_POLL)):
        sample = specimen.wait(_CLIMB_POLL)
        if sample is None:
            continue
        if _beyond(specimen, sample):
            return None
        samples.append(sample)
    rates = [s.hashrate for s in samples if s.hashrate is not None]
    powers = [s.power for s in samples if s.power is not None]
    return fmean(rates), fmean(powers)


def _beyond(specimen: Specimen, sample: Sample) -> bool:
    machine = specimen.machine
    return (
        (sample.temperature or 0) > machine.maximum_temperature
        or (sample.vr_temperature or 0) > machine.maximum_vr_temperature
        or (sample.power or 0) > (machine.maximum_power or float("inf"))
        or sample.overheated
    )
