"""What the tuner of a miner stores: what goes on, what was found, and profiles."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Any, Final

from ..axeos import Hardware
from ..storage.stored_object import StoredObject
from .profiles import Profiles
from .report import Limits, RunReport, what_limited
from .run import TuningResult, TuningRun
from .soak import SOAK_PASSED, SoakTest
from .task import TuningTask

_MOST_RESULTS: Final = 5

type Run = TuningRun | SoakTest
"""What goes on, driven reading by reading."""


def run_from_dict(stored: dict[str, Any], *, now: float) -> Run:
    """Restore what `as_dict` of either returned."""
    if stored.get("soak") is True:
        return SoakTest.from_dict(stored, now=now)
    return TuningRun.from_dict(stored, now=now)


class TunerState(StrEnum):
    """What the tuner is doing, or did last."""

    IDLE = "idle"
    WAITING = "waiting"
    SETTLING = "settling"
    MEASURING = "measuring"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What a run that is over found."""

    time: float
    """Unix time at which it ended."""
    result: TuningResult
    profiles: Profiles
    """Those from before, with what was found."""

    @classmethod
    def of(
        cls, run: Run, profiles: Profiles, now: float, hardware: Hardware
    ) -> Findings:
        """Work it out, which may take some 100 ms."""
        learnt = Profiles(profiles)
        if isinstance(run, TuningRun):
            learnt.learn(run.machine, run.targets, run.trials, now, hardware)
        elif run.reason == SOAK_PASSED:
            learnt.note_soak_test(run.profile, run.point, run.hours)
        return cls(time=now, result=run.result, profiles=learnt)


@dataclass(slots=True)
class TunerRecord:
    """All that outlives a restart of Home Assistant."""

    state: TunerState = TunerState.IDLE
    reason: str | None = None
    """Why it waits, or why the last run ended: a translation key."""
    profiles: Profiles = field(default_factory=Profiles)
    results: list[RunReport] = field(default_factory=list)
    """What the last runs found, the newest last."""
    task: TuningTask | None = None
    """What goes on: a run, or the way back to a setting after one."""
    run: Run | None = None
    """The run that goes on."""

    def end_run(
        self,
        run: Run,
        state: TunerState,
        reason: str,
        findings: Findings,
        hardware: Hardware,
    ) -> RunReport:
        """Store what a run found instead of the run, and return it."""
        result = findings.result
        self.state, self.reason, self.run = state, reason, None
        self.profiles = findings.profiles
        report = RunReport(
            time=findings.time,
            state=state.value,
            reason=reason,
            targets=run.targets,
            limits=Limits.of(run.machine, run.targets),
            original=run.original,
            room_temperature=run.machine.room_temperature,
            seconds=result.seconds,
            gain=result.gain,
            error=result.error,
            best=result.best,
            trials=tuple(run.trials),
            expected_per_mhz=run.machine.expected_hashrate(1.0),
            limiting=what_limited(
                run.machine, run.targets, run.trials, result.best, reason
            )
            if isinstance(run, TuningRun)
            else None,
            soak_test=None
            if isinstance(run, TuningRun)
            else {
                "profile": run.profile,
                "hours": run.hours,
                "limit": run.limit,
                "point": asdict(run.point),
            },
            hardware=hardware,
        )
        self.results = [*self.results, report][-_MOST_RESULTS:]
        return report

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {
            "state": self.state.value,
            "reason": self.reason,
            "profiles": self.profiles.as_dict(),
            "results": {"runs": [report.as_dict() for report in self.results]},
            "task": self.task.as_dict() if self.task else None,
            "run": self.run.as_dict() if self.run else None,
        }

    def restore(self, stored: StoredObject) -> None:
        """Take in what `as_dict` returned, as far as it can be understood."""
        self.profiles = Profiles.from_dict(stored.child("profiles"))
        state = stored.text("state") or TunerState.IDLE
        self.state = TunerState(state) if state in set(TunerState) else TunerState.IDLE
        self.reason = stored.text("reason")
        results = stored.plain("results")
        runs = results.get("runs", [])
        kept = runs[-_MOST_RESULTS:] if isinstance(runs, list) else []
        found = map(_as_report, kept)
        self.results = [report for report in found if report is not None]
        if not isinstance(runs, list) or len(self.results) < len(runs):
            stored.lose("results")
        task, run = stored.plain("task"), stored.plain("run")
        if not task:
            return
        self.task = TuningTask.from_dict(task)
        if self.task is None:
            stored.lose("task")
            return
        if run:
            try:
                self.run = run_from_dict(run, now=monotonic())
            except AttributeError, KeyError, TypeError, ValueError:
                stored.lose("run")
        if self.run is None and self.task.home is None:
            self.task.home = self.task.chosen.operating_point
            self.state, self.reason = TunerState.STOPPED, "home_assistant_restarted"


def _as_report(stored: object) -> RunReport | None:
    """Restore what a run found, if it is of this version."""
    if not isinstance(stored, dict):
        return None
    try:
        return RunReport.from_dict(stored)
    except AttributeError, KeyError, TypeError, ValueError:
        return None
