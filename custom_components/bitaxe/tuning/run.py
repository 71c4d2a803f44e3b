"""A tuning run, step by step: readings go in, what to do comes out.

The driver of a run feeds every reading and does what the step says:

- `WAIT`: nothing
- `APPLY`: write the operating point, live, without a restart
- `RESTART`: write the operating point and restart the miner: it no longer hashes
- `FINISH`: the run is over; the miner is at `point`, unless somebody else changed it

The whole state is plain data (`as_dict`), to be stored after every step that is not
`WAIT`, before it is carried out. Restored, a run begins the present trial anew.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
import math
from typing import Any, Final, Self

from ..axeos import OperatingPoint, bounds
from ..storage.stored_object import ANY_COUNT, MEASURED, stored_number, stored_point
from ..storage.typed import stored_text
from .goals import Targets
from .heat import hop_ratio
from .limits import SWARM_POWER, limit_reached
from .machine import MOST_BROKEN, Machine
from .sample import Sample
from .search import MOST_TRIALS, Search
from .trial import (
    DEAD_SECONDS,
    GAP_SECONDS,
    RAMP_SECONDS,
    READ_BACK_SECONDS,
    Outcome,
    Trial,
    TrialResult,
)

MOST_RESTARTS: Final = 2
MOST_STORED_TRIALS: Final = 100
"""What is read of a run; those that are made are a few more than `MOST_TRIALS`."""

# A miner needs a minute or two to boot and hash again.
_RESTART_SECONDS: Final = 300.0
_BOOT_SECONDS: Final = 120.0
_MOST_WRITES_OF_ONE: Final = 3
_MOST_LATCHES: Final = 2
# s to wait for others to leave enough of the power of all, before another trial is
# chosen.
_POWER_PATIENCE: Final = 900.0
# How often a miner may overheat before a run gives up, and s that it is left to cool
# down after the first time, doubled with each: what the firmware lowers would be heated
# again.
_MOST_HEATS: Final = 3
_COOLING_SECONDS: Final = 120.0
# °C below its limit that a chip has to be before the next trial.
_COOLED: Final = 2.0


class Phase(StrEnum):
    """What a run is doing."""

    WAITING = "waiting"
    SETTLING = "settling"
    MEASURING = "measuring"
    FINISHED = "finished"
    FAILED = "failed"
    STOPPED = "stopped"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self in (Phase.FINISHED, Phase.FAILED, Phase.STOPPED)


class StepKind(StrEnum):
    """What is to be done with the miner."""

    WAIT = "wait"
    APPLY = "apply"
    RESTART = "restart"
    FINISH = "finish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What is to be done now."""

    kind: StepKind
    point: OperatingPoint | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TuningResult:
    """What a run found."""

    best: TrialResult | None
    """The trial the miner is left at; `None` is the original setting."""
    gain: float | None
    """Score of the best over that of the original setting, less 1; unknown if that was
    not measured."""
    error: float | None
    """Relative standard error of the best score."""
    left: float
    """Gain that one more trial was expected to bring."""
    trials: int
    seconds: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {**asdict(self), "best": self.best.as_dict() if self.best else None}


class TuningRun:
    """One run: from the original setting to the best that was found."""

    def __init__(
        self,
        machine: Machine,
        targets: Targets,
        original: OperatingPoint,
        *,
        started: float,
        restarts: int = MOST_RESTARTS,
    ) -> None:
        """Begin with the setting the miner has, which is measured first.

        `restarts` is how many may be spent on a regulator that latched off.
        """
        self.machine = machine
        self.targets = targets
        self.original = original
        self.started = started
        self.trials: list[TrialResult] = []
        self.phase = Phase.SETTLING
        self.reason: str | None = None
        """Why the run ended, or what it waits for: a translation key."""
        self.wanted = original
        """The operating point the miner is to have now."""
        self.expected_gain: float | None = None
        """Of the present trial, as a share of the best score."""
        self._restarts_left = restarts
        self._now = started
        self._uptime: float | None = None
        self._idle_since = started
        """Since when it hashes nothing, though nothing known keeps it from that."""
        self._left = 0.0
        self._ending: Phase | None = None
        self._returning_since: float | None = None
        self._target = original
        """Where the present way leads; `wanted` is the next stop on it."""
        self._restarted_at: float | None = None
        self._heats = 0
        """How often the miner overheated."""
        self._hot = False
        self._cool_from = -math.inf
        """When it may be written to again."""
        self._foreign = 0
        self._writes = 0
        self._waiting_for_power: float | None = None
        """Since when, by the clock of the readings in s; `None` if it does not wait."""
        self._power_cap: float | None = None
        """W from which on the other miners left too little, for long."""
        self._searched: Search | None = None
        self._trial: Trial | None = self._begin_trial(original, came_from=None)

    # What a run knows

    @property
    def good(self) -> OperatingPoint:
        """The setting to go back to: the best measured, else the original one."""
        best = self._search().best()
        return best.trial.point if best else self.original

    @property
    def present(self) -> Trial | None:
        """The trial that goes on; `None` on the way back to a good setting."""
        return self._trial

    @property
    def progress(self) -> float:
        """How much of the run is done, 0 to 1; a guess."""
        if self.phase.is_over:
            return 1.0
        typical = 7
        share = min(0.95, len(self.trials) / typical)
        limit = self.targets.time_limit
        if limit:
            share = max(share, min(0.95, (self._now - self.started) / limit))
        return share

    @property
    def result(self) -> TuningResult:
        """What was found so far."""
        best = self._search().best()
        first = next((t for t in self.trials if t.point == self.original), None)
        gain = None
        if best and first and first.hashrate and first.power:
            goal = self.targets.goal
            before = goal.score(first.hashrate, first.power)
            gain = best.score / before - 1 if before else None
        return TuningResult(
            best=best.trial if best else None,
            gain=gain,
            error=best.error if best else None,
            left=self._left,
            trials=len(self.trials),
            seconds=self._now - self.started,
        )

    @property
    def expected_power(self) -> float | None:
        """W to reckon with where the run goes now; `None` if that is not known."""
        return self._search().power_at(self._target)

    def _search(self) -> Search:
        if self._searched is None:
            self._searched = Search(
                self.machine, self.targets, self.trials, power_cap=self._power_cap
            )
        return self._searched

    # What happens

    def feed(self, sample: Sample) -> Step:
        """Take a reading; return what to do."""
        self._watch_hashes(sample)
        self._now, self._uptime = sample.time, sample.uptime
        if self.phase.is_over:
            return Step(kind=StepKind.FINISH, point=self.wanted)
        self._watch_heat(sample)
        if self._is_foreign(sample):
            return self._finish(Phase.STOPPED, "changed_by_hand", keep=sample.point)
        if not sample.overheated:
            # What stopped it for heat counts, not that it stands still since.
            if sample.pool_lost:
                return self._wait("no_pool", sample)
            if sample.paused and self._restarted_at is None:
                return self._wait("paused", sample)
        if self._returning_since is not None:
            if sample.time < self._cool_from:
                self._returning_since, self._writes = sample.time, 0
                if self._heats >= _MOST_HEATS:
                    return self._finish(Phase.FAILED, "nothing_works", keep=self.wanted)
                return Step(kind=StepKind.WAIT)
            return self._return(sample)
        if self._waiting_for_power is not None:
            return self._next(sample)
        assert self._trial is not None
        result = self._trial.feed(sample)
        if self._trial.point != self.wanted:
            self._learn_steps(self._trial)
            if result is None and self._has_measured(self._trial):
                return self._next(sample)
        self.phase = Phase.MEASURING if self._trial.measuring else Phase.SETTLING
        if result is None:
            if self._is_out_of_time(sample):
                return self._end(Phase.FINISHED, "time_limit", sample)
            return self._repeat_write(sample)
        if result.outcome is Outcome.PASSED:
            return self._go_on(sample)
        if self._is_broken(result):
            return self._give_domains_up(result)
        self.trials.append(result)
        self._searched = None
        return self._after(result, sample)

    def _learn_steps(self, trial: Trial) -> None:
        """Go on with what the firmware made of a setting, and with steps like that."""
        self.machine = self.machine.rounding(self.wanted, trial.point) or self.machine
        if self._target == self.wanted:
            self._target = trial.point
        self.wanted = trial.point
        self._searched = None

    def _has_measured(self, trial: Trial) -> bool:
        """Return whether a setting was measured before, so that it is no trial."""
        return not trial.passing and any(
            known.point == trial.point and known.outcome.is_harmless
            for known in self.trials
        )

    def _is_broken(self, result: TrialResult) -> bool:
        """Return whether domains are dark that no setting brings back."""
        machine = self.machine
        return (
            0 < result.dark_domains <= MOST_BROKEN * machine.all_domains
            and not machine.broken_domains
            and machine.is_gentle(result.point)
            and not any(trial.outcome.is_harmless for trial in self.trials)
        )

    def _give_domains_up(self, result: TrialResult) -> Step:
        """Begin the trial anew, and expect nothing of what is broken."""
        self.machine = self.machine.without_domains(result.dark_domains)
        # How much was missing of what is expected now, those that were dark do not say.
        self.trials = [t for t in self.trials if t.outcome is not Outcome.DARK]
        self._searched = None
        self._trial = self._begin_trial(result.point, came_from=result.came_from)
        return Step(kind=StepKind.WAIT)

    def _watch_hashes(self, sample: Sample) -> None:
        """Note since when a miner could hash, and does not."""
        booting = sample.uptime is not None and sample.uptime < _BOOT_SECONDS
        unseen = sample.time - self._now > GAP_SECONDS
        if sample.hashrate or sample.paused or sample.pool_lost or booting or unseen:
            self._idle_since = sample.time

    def _watch_heat(self, sample: Sample) -> None:
        """Leave a miner that overheated alone until it had time to cool down."""
        if sample.overheated and not self._hot:
            self._heats += 1
        self._hot = sample.overheated
        if sample.overheated:
            pause = _COOLING_SECONDS * 2 ** (min(self._heats, _MOST_HEATS) - 1)
            self._cool_from = sample.time + pause

    def stop(self, *, keep_best: bool) -> Step:
        """End the run because somebody wants it; return the last write, if any."""
        point = self.good if keep_best else self.original
        moved = point != self.wanted
        self.wanted = point
        self.phase = Phase.STOPPED
        self.reason = "stopped"
        return Step(kind=StepKind.APPLY if moved else StepKind.FINISH, point=point)

    def _wait(self, reason: str, sample: Sample) -> Step:
        if self._is_out_of_time(sample):
            # The best is known without another hash.
            return self._finish(
                Phase.FINISHED, "time_limit", keep=self.good, write=True
            )
        self.phase = Phase.WAITING
        if self._ending is None:
            self.reason = reason
        # What was measured before says nothing of after.
        if self._trial is not None:
            self._trial = self._begin_trial(
                self._trial.point, came_from=self._trial.came_from
            )
        return Step(kind=StepKind.WAIT)

    def _repeat_write(self, sample: Sample) -> Step:
        """Write once more what a miner lost, by a restart of its own for example."""
        assert self._trial is not None
        late = sample.time - self._trial.started > READ_BACK_SECONDS / 2
        if self._trial.confirmed or not late or self._writes >= 2:
            return Step(kind=StepKind.WAIT)
        return self._write(self.wanted)

    def _after(self, result: TrialResult, sample: Sample) -> Step:
        """Go on after a trial."""
        if self._is_out_of_time(sample):
            return self._end(Phase.FINISHED, "time_limit", sample)
        match result.outcome:
            case Outcome.MEASURED | Outcome.WORSE:
                return self._next(sample)
            case Outcome.LATCHED:
                return self._revive(sample)
            case _:
                return self._step_back(result, sample)

    def _step_back(self, result: TrialResult, sample: Sample) -> Step:
        back = self._safe_point()
        if back is None and result.outcome in (Outcome.LIMIT, Outcome.DARK):
            # It hashes: what is gentler is a trial of its own.
            return self._next(sample)
        back = back or self.original
        self._target = back
        self._returning_since = sample.time
        self._trial = None
        self.phase, self.reason = Phase.WAITING, "stepping_back"
        if result.outcome is Outcome.OVERHEATED and self._heats >= _MOST_HEATS:
            return self._finish(Phase.FAILED, "nothing_works", keep=back)
        if back == self.wanted and back.reads_as(sample.point):
            return Step(kind=StepKind.WAIT)
        self._writes = 0
        return self._write(back)

    def _safe_point(self) -> OperatingPoint | None:
        """Return a setting at which nothing happened; `None` if none is known.

        Only one that was measured, in this run or before, the original one, or the
        default of the board: of all others nobody knows whether they hash.
        """
        search = self._search()
        best = search.best()
        if best:
            return best.trial.point
        failed = {trial.point for trial in self.trials if not trial.outcome.is_harmless}
        if self.original not in failed:
            return self.original
        known = sorted(self.machine.known, key=lambda item: -item.hours)
        measured = [trial.point for trial in self.trials if trial.outcome.is_harmless]
        for point in (
            *measured,
            *(item.point for item in known),
            self.machine.default,
        ):
            if point not in failed and search.allows(point):
                return point
        return None

    def _revive(self, sample: Sample) -> Step:
        latches = sum(trial.outcome is Outcome.LATCHED for trial in self.trials)
        back = self._safe_point() or self.original
        self.wanted = self._target = back
        self._trial = None
        if self._restarts_left <= 0:
            return self._finish(Phase.FAILED, "latched", keep=back, write=True)
        if latches >= _MOST_LATCHES:
            self._ending = Phase.FAILED
            self.reason = "latched"
        return self._restart(sample)

    def _restart(self, sample: Sample) -> Step:
        self._restarts_left -= 1
        self._returning_since = self._restarted_at = sample.time
        self.phase = Phase.WAITING
        self._writes = 0
        return Step(kind=StepKind.RESTART, point=self.wanted)

    def _return(self, sample: Sample) -> Step:
        """Wait until the miner is back at a good setting, hashing and cool."""
        assert self._returning_since is not None
        waited = sample.time - self._returning_since
        patience = _RESTART_SECONDS if self._restarted_at else READ_BACK_SECONDS
        if not self.wanted.reads_as(sample.point):
            if waited > patience * (self._writes + 1):
                if self._writes >= _MOST_WRITES_OF_ONE:
                    return self._finish(Phase.FAILED, "refused", keep=sample.point)
                return self._write(self.wanted)
            return Step(kind=StepKind.WAIT)
        settled = waited >= RAMP_SECONDS and bool(sample.hashrate)
        if not settled:
            idle = sample.time - max(self._idle_since, self._returning_since)
            revivable = self._restarted_at is None and self._restarts_left > 0
            if idle > DEAD_SECONDS and revivable:
                return self._restart(sample)
            if idle > _RESTART_SECONDS + patience:
                return self._finish(Phase.FAILED, "no_hashrate", keep=self.wanted)
            return Step(kind=StepKind.WAIT)
        if not self._is_cool(sample) and waited < _RESTART_SECONDS:
            return Step(kind=StepKind.WAIT)
        self._returning_since = self._restarted_at = None
        if self._ending is not None:
            return self._finish(self._ending, self.reason or "", keep=self.wanted)
        return self._next(sample)

    def _go(self, target: OperatingPoint, sample: Sample) -> Step:
        """Set out for a point, in several steps where the power rises much."""
        self._target = target
        return self._go_on(sample)

    def _go_on(self, sample: Sample) -> Step:
        origin = self.wanted
        self._writes = 0
        ratio = hop_ratio(
            sample.temperature or 0.0,
            _least_limit(self.machine, self.targets),
            self.machine.room_temperature,
        )
        stop = self._search().hop(origin, self._target, ratio)
        step = self._write(stop)
        if stop == self._target and self._ending is not None:
            self._trial = None
            self._returning_since = sample.time
        else:
            self._trial = self._begin_trial(
                stop,
                came_from=origin,
                relieving=limit_reached(self.machine, self.targets, sample) is not None,
            )
        return step

    def _is_cool(self, sample: Sample) -> bool:
        limit = _least_limit(self.machine, self.targets)
        return sample.temperature is None or sample.temperature < limit - _COOLED

    def _next(self, sample: Sample) -> Step:
        """Begin the next trial, or end with the best."""
        proposal = self._search().propose()
        if proposal is None:
            best = self._search().best()
            if best is None:
                return self._end(Phase.FAILED, "nothing_works", sample)
            full = len(self.trials) >= MOST_TRIALS
            return self._end(Phase.FINISHED, "trials" if full else "found", sample)
        if not self._has_power_for(proposal.point, sample):
            return self._wait_for_power(sample)
        self.reason = None
        self._waiting_for_power = None
        self.expected_gain = self._left = proposal.gain
        self.phase = Phase.SETTLING
        return self._go(proposal.point, sample)

    def _has_power_for(self, point: OperatingPoint, sample: Sample) -> bool:
        """Return whether the other miners leave enough of what all of them may draw."""
        allowance, expected = sample.power_allowance, self._search().power_at(point)
        return allowance is None or expected is None or expected <= allowance

    def _wait_for_power(self, sample: Sample) -> Step:
        """Wait where the miner is; in the end, do with what there is."""
        since = self._waiting_for_power
        if since is None:
            since = self._waiting_for_power = sample.time
        self.phase, self.reason, self._trial = Phase.WAITING, SWARM_POWER, None
        if self._is_out_of_time(sample):
            return self._end(Phase.FINISHED, "time_limit", sample)
        if sample.time - since < _POWER_PATIENCE:
            return Step(kind=StepKind.WAIT)
        self._waiting_for_power = None
        self._cap_power(sample)
        return self._next(sample)

    def _cap_power(self, sample: Sample) -> None:
        self._power_cap = sample.power_allowance
        self._searched = None

    def _begin_trial(
        self,
        point: OperatingPoint,
        *,
        came_from: OperatingPoint | None,
        relieving: bool = False,
    ) -> Trial:
        search = self._search()
        best = search.best()
        return Trial(
            self.machine,
            self.targets,
            point,
            came_from=came_from,
            started=self._now,
            rival=best.score if best else 0.0,
            noise=search.noise,
            usual_power=search.usual_power(point),
            passing=point != self._target,
            relieving=relieving,
            uptime=self._uptime,
        )

    def _end(self, phase: Phase, reason: str, sample: Sample) -> Step:
        """Go to the best setting, and finish once the miner hashes there."""
        self._waiting_for_power = None
        if phase is Phase.FINISHED and not self._has_power_for(self.good, sample):
            # Others draw what the best needs: the best that fits, then.
            self._cap_power(sample)
        if reason == "found":
            self._left = 0.0
        self.reason = reason
        safe = self.good if phase is Phase.FINISHED else self._safe_point()
        target = safe or self.original
        self._trial = None
        if target == self.wanted:
            return self._finish(phase, reason, keep=target)
        self._ending = phase
        self.phase = Phase.WAITING
        return self._go(target, sample)

    def _finish(
        self,
        phase: Phase,
        reason: str,
        *,
        keep: OperatingPoint | None,
        write: bool = False,
    ) -> Step:
        self.phase, self.reason = phase, reason
        self._trial = None
        if keep is not None:
            self.wanted = keep
        kind = StepKind.APPLY if write else StepKind.FINISH
        return Step(kind=kind, point=self.wanted)

    def _write(self, point: OperatingPoint) -> Step:
        self.wanted = point
        self._writes += 1
        return Step(kind=StepKind.APPLY, point=point)

    def _is_out_of_time(self, sample: Sample) -> bool:
        limit = self.targets.time_limit
        return limit is not None and sample.time - self.started >= limit

    def _is_foreign(self, sample: Sample) -> bool:
        """Return whether somebody else changed the setting, as two readings show."""
        stood = (self._trial is not None and self._trial.confirmed) or (
            self._trial is None and self._returning_since is None
        )
        differs = (
            stood
            and sample.point is not None
            and not self.wanted.reads_as(sample.point)
            and not sample.overheated
            and not self._looks_detuned(sample.point)
        )
        self._foreign = self._foreign + 1 if differs else 0
        return self._foreign >= 2

    def _looks_detuned(self, point: OperatingPoint) -> bool:
        """Return whether the firmware lowered the setting after overheating."""
        latched = point.frequency == 50 and point.core_voltage in (990, 1000)
        lowered = (
            self.wanted.frequency - point.frequency,
            self.wanted.core_voltage - point.core_voltage,
        )
        # Once for each time it overheated.
        steps = lowered[0] / 100
        return latched or (steps in range(1, 9) and 0 < lowered[1] <= 100 * steps)

    # Storage

    def as_dict(self) -> dict[str, Any]:
        """Return the whole state as plain values."""
        return {
            "machine": self.machine.as_dict(),
            "targets": self.targets.as_dict(),
            "original": asdict(self.original),
            "started": self.started,
            "now": self._now,
            "trials": [trial.as_dict() for trial in self.trials],
            "phase": self.phase,
            "reason": self.reason,
            "wanted": asdict(self.wanted),
            "restarts_left": self._restarts_left,
            "heats": self._heats,
            "left": self._left,
            "ending": self._ending,
            "target": asdict(self._target),
            "power_cap": self._power_cap,
            "trial": None
            if self._trial is None
            else {
                "point": asdict(self._trial.point),
                "came_from": None
                if self._trial.came_from is None
                else asdict(self._trial.came_from),
            },
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any], *, now: float) -> Self:
        """Restore what `as_dict` returned, at a moment of the clock of today.

        Time that passed in between does not count.
        """
        run = cls(
            Machine.from_dict(stored["machine"]),
            Targets.from_dict(stored["targets"]),
            stored_point(stored["original"]),
            started=now - stored_number(stored["now"] - stored["started"], ANY_COUNT),
            restarts=min(
                MOST_RESTARTS, round(stored_number(stored["restarts_left"], ANY_COUNT))
            ),
        )
        run._resume(stored, now)
        return run

    def _resume(self, stored: dict[str, Any], now: float) -> None:
        self._now = self._idle_since = now
        heats = stored_number(stored.get("heats", 0), ANY_COUNT)
        self._heats = min(_MOST_HEATS, round(heats))
        trials = stored["trials"]
        if len(trials) > MOST_STORED_TRIALS:
            raise ValueError("more trials than any run makes")
        self.trials = [TrialResult.from_dict(trial) for trial in trials]
        cap, reason = stored.get("power_cap"), stored["reason"]
        self._power_cap = None if cap is None else stored_number(cap, bounds.POWER)
        self._searched = None
        self.phase = Phase(stored["phase"])
        self.reason = None if reason is None else stored_text(reason)
        self.wanted = stored_point(stored["wanted"])
        self._target = stored_point(stored["target"])
        self._left = stored_number(stored["left"], MEASURED)
        self._ending = Phase(stored["ending"]) if stored["ending"] else None
        trial = stored["trial"]
        if self.phase.is_over:
            self._trial = None
        elif not all(map(self.machine.may_be, (self.wanted, self._target))):
            # The range was narrowed meanwhile.
            self.wanted = self._target = self.good
            self._trial = self._ending = None
            self._returning_since = now
        elif trial is None:
            self._trial = None
            self._returning_since = now
        else:
            came_from = trial["came_from"]
            self._trial = self._begin_trial(
                stored_point(trial["point"]),
                came_from=stored_point(came_from) if came_from else None,
            )


def _least_limit(machine: Machine, targets: Targets) -> float:
    """Return the lowest temperature limit of the ASIC in °C."""
    return min(targets.maximum_temperature or math.inf, machine.maximum_temperature)
