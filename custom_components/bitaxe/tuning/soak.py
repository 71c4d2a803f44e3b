"""A soak test, step by step: does a profile stay well for hours?

A trial of a run takes minutes. What shows only later (a warm afternoon, dust, a hash
domain that goes dark now and then, a regulator at its end) is found by running a
profile for 6 to 48 hours of hashing. Driven like `run.TuningRun`: readings go in, steps
come out, and the whole state is plain data.

What endangers the miner (a limit, overheating, a regulator that gives up) ends the test
at once, and the miner goes back to the setting from before. What only makes the profile
a bad one is reported; the miner stays on it, as somebody chose it, until they decide.
"""

from dataclasses import asdict, dataclass
import math
from typing import Any, Final, Self

from ..axeos import OperatingPoint
from ..axeos.bounds import Bounds
from ..miner.thresholds import ERROR_RATE
from ..storage.stored_object import ANY_COUNT, stored_number, stored_point
from ..storage.typed import bounded, checked, stored_text
from .cliff import DARK, HEALTHY
from .goals import Targets
from .limits import SoakWatch
from .machine import Machine
from .regulator import RegulatorWatch
from .run import Phase, Step, StepKind, TuningResult
from .sample import Sample
from .search import MOST_VOLTAGE_AT_ONCE
from .trial import (
    DARK_DOMAIN,
    DEAD_SECONDS,
    GAP_SECONDS,
    PASSING_SECONDS,
    RAMP_SECONDS,
    READ_BACK_SECONDS,
    Outcome,
    TrialResult,
)

SHORTEST_HOURS: Final = 6
LONGEST_HOURS: Final = 48

_HOURS: Final = Bounds(SHORTEST_HOURS, LONGEST_HOURS)
SOAK_PASSED: Final = "soak_passed"
_HOUR: Final = 3600.0
# s after a write or a silence in which nothing is judged.
_SETTLING: Final = 120.0
# s for which a domain may be dark in all.
_MOST_DARK_SECONDS: Final = 600.0
_MOST_WRITES: Final = 3
_UNSAFE: Final = frozenset({"soak_limit", "soak_overheated", "soak_latched", "refused"})


@dataclass(slots=True, kw_only=True)
class _Figures:
    """What was seen so far; sums over seconds of hashing."""

    seconds: float = 0.0
    hashes: float = 0.0
    """GH."""
    joules: float = 0.0
    asic_heat: float = 0.0
    """°C s."""
    fan: float = 0.0
    """% s."""
    hottest: float | None = None
    """°C of the ASIC."""
    hottest_vr: float | None = None
    dark_seconds: float = 0.0
    errors: float = 0.0
    """Failed hashes in units of 2^32."""
    hour_seconds: float = 0.0
    hour_hashes: float = 0.0
    """Of the present hour of hashing."""


class SoakTest:
    """The test of one operating point on one miner."""

    def __init__(
        self,
        machine: Machine,
        targets: Targets,
        original: OperatingPoint,
        *,
        point: OperatingPoint,
        profile: str,
        hours: float,
        started: float,
    ) -> None:
        """Begin: the first reading has the profile written, if it is not there yet."""
        self.machine = machine
        self.targets = targets
        self.original = original
        self.point = point
        self.profile = profile
        self.hours = hours
        self.started = started
        self.trials: list[TrialResult] = []
        self.phase = Phase.SETTLING
        self.reason: str | None = None
        self.limit: str | None = None
        """Which limit was reached: a field of `Targets` without its `maximum_`."""
        self.wanted = point
        self._now = started
        self._figures = _Figures()
        self._last: Sample | None = None
        self._judged_from = started + _SETTLING
        self._written_at: float | None = None
        self._stop: OperatingPoint | None = None
        """What was written last, on the way to the profile."""
        self._writes = 0
        self._confirmed = False
        self._foreign = 0
        self._watch = SoakWatch(machine, targets)
        self._regulator = RegulatorWatch()

    @property
    def good(self) -> OperatingPoint:
        """The setting to go back to."""
        return self.original

    @property
    def progress(self) -> float:
        """How much of the test is done, 0 to 1."""
        if self.phase.is_over:
            return 1.0
        return min(1.0, self._figures.seconds / (self.hours * _HOUR))

    @property
    def seconds_left(self) -> float:
        """How many s of hashing are left."""
        return max(0.0, self.hours * _HOUR - self._figures.seconds)

    @property
    def seconds(self) -> float:
        """How many s of hashing there were."""
        return self._figures.seconds

    @property
    def expected_power(self) -> float | None:
        """W that the profile drew so far; `None` before it was measured."""
        figures = self._figures
        return figures.joules / figures.seconds if figures.seconds else None

    @property
    def share(self) -> float | None:
        """Hashrate over the expected one, so far."""
        figures = self._figures
        if not figures.seconds:
            return None
        return figures.hashes / figures.seconds / self._expected

    @property
    def error_rate(self) -> float | None:
        """% of hashes that failed, so far."""
        if not self._figures.hashes:
            return None
        return self._figures.errors * 2**32 / (self._figures.hashes * 1e9) * 100

    @property
    def result(self) -> TuningResult:
        """What was found so far."""
        return TuningResult(
            best=self._as_trial() if self._figures.seconds else None,
            gain=None,
            error=None,
            left=0.0,
            trials=len(self.trials),
            seconds=self._now - self.started,
        )

    @property
    def is_safe_to_stay(self) -> bool:
        """Whether nothing was found that endangers the miner."""
        return self.reason not in _UNSAFE

    @property
    def _expected(self) -> float:
        return self.machine.expected_hashrate(self.point.frequency)

    def feed(self, sample: Sample) -> Step:
        """Take a reading; return what to do."""
        self._now = sample.time
        if self.phase.is_over:
            return Step(kind=StepKind.FINISH, point=self.wanted)
        if self._is_foreign(sample):
            return self._finish(Phase.STOPPED, "changed_by_hand", sample.point)
        before, self._last = self._last, sample
        if sample.guarded:
            return self._abort("soak_limit")
        if sample.overheated:
            return self._abort("soak_overheated")
        if sample.paused or sample.pool_lost:
            self._judged_from = sample.time + _SETTLING
            self.phase = Phase.WAITING
            self.reason = "no_pool" if sample.pool_lost else "paused"
            return Step(kind=StepKind.WAIT)
        if self._has_crashed(before, sample):
            return self._finish(Phase.FAILED, "soak_restarted", self.point)
        if not self.point.reads_as(sample.point):
            return self._write(sample)
        if not self._confirmed:
            self._confirmed = True
            self._judged_from = sample.time + _SETTLING
        self._writes = 0
        limit = self._limit_reached(sample)
        if limit is not None:
            self.limit = limit
            return self._abort("soak_limit")
        if self._is_latched(sample):
            return self._abort("soak_latched")
        if sample.time < self._judged_from:
            self.phase, self.reason = Phase.SETTLING, None
            return Step(kind=StepKind.WAIT)
        if before is not None:
            self._count(before, sample)
        self.phase, self.reason = Phase.MEASURING, None
        return self._judge()

    def stop(self, *, keep_best: bool) -> Step:
        """End the test because somebody wants it; return the last write, if any."""
        point = self.point if keep_best and self._confirmed else self.original
        moved = point != self.wanted
        self.wanted = point
        self.phase, self.reason = Phase.STOPPED, "stopped"
        return Step(kind=StepKind.APPLY if moved else StepKind.FINISH, point=point)

    def _is_foreign(self, sample: Sample) -> bool:
        differs = (
            self._confirmed
            and sample.point is not None
            and not self.point.reads_as(sample.point)
            and not sample.overheated
            and not _looks_detuned(self.point, sample.point)
        )
        self._foreign = self._foreign + 1 if differs else 0
        return self._foreign >= 2

    def _has_crashed(self, before: Sample | None, sample: Sample) -> bool:
        if before is None or before.uptime is None or sample.uptime is None:
            return False
        return sample.uptime < before.uptime

    def _write(self, sample: Sample) -> Step:
        """Write the next stop on the way, once more if it was not taken."""
        if self._foreign:
            return Step(kind=StepKind.WAIT)
        waited = sample.time - (self._written_at or -math.inf)
        if self._stop is None or self._stop.reads_as(sample.point):
            if waited < PASSING_SECONDS:
                return Step(kind=StepKind.WAIT)
            self._stop = self._next_stop(sample.point or self.original)
            self._writes = 0
        elif waited <= READ_BACK_SECONDS:
            return Step(kind=StepKind.WAIT)
        elif self._writes >= _MOST_WRITES:
            return self._finish(Phase.FAILED, "refused", self.original)
        self._writes += 1
        self._written_at = sample.time
        return Step(kind=StepKind.APPLY, point=self._stop)

    def _next_stop(self, origin: OperatingPoint) -> OperatingPoint:
        """Return how far to go at once: regulators have latched off at large steps."""
        change = self.point.core_voltage - origin.core_voltage
        if abs(change) <= MOST_VOLTAGE_AT_ONCE:
            return self.point
        part = MOST_VOLTAGE_AT_ONCE / abs(change)
        return OperatingPoint(
            frequency=float(
                round(
                    origin.frequency + part * (self.point.frequency - origin.frequency)
                )
            ),
            core_voltage=origin.core_voltage
            + math.copysign(MOST_VOLTAGE_AT_ONCE, change),
        )

    def _limit_reached(self, sample: Sample) -> str | None:
        if sample.time < self._judged_from - _SETTLING + RAMP_SECONDS:
            self._watch.forget()
            return None
        return self._watch.feed(sample)

    def _is_latched(self, sample: Sample) -> bool:
        gave_up = self._regulator.feed(
            sample, self.point.core_voltage, self.expected_power
        )
        return gave_up and sample.time >= self._judged_from - _SETTLING + DEAD_SECONDS

    def _count(self, before: Sample, sample: Sample) -> None:
        """Add the time since the last reading, if it was spent hashing."""
        seconds = sample.time - before.time
        if seconds > GAP_SECONDS:
            self._judged_from = sample.time + _SETTLING
            return
        if not sample.hashrate:
            # Without work from a pool no miner can show what it can do.
            return
        figures = self._figures
        figures.seconds += seconds
        figures.hashes += sample.hashrate * seconds
        figures.hour_seconds += seconds
        figures.hour_hashes += sample.hashrate * seconds
        figures.joules += (sample.power or 0.0) * seconds
        figures.asic_heat += (sample.temperature or 0.0) * seconds
        figures.fan += (sample.fan_speed or 0.0) * seconds
        figures.hottest = _highest(figures.hottest, sample.temperature)
        figures.hottest_vr = _highest(figures.hottest_vr, sample.vr_temperature)
        if before.error_count is not None and sample.error_count is not None:
            figures.errors += max(0, sample.error_count - before.error_count)
        domains = sample.domains
        if domains:
            each = self._expected / len(domains)
            if min(domains) < DARK_DOMAIN * each < max(domains):
                figures.dark_seconds += seconds

    def _judge(self) -> Step:
        figures = self._figures
        if figures.dark_seconds > _MOST_DARK_SECONDS:
            return self._finish(Phase.FAILED, "soak_dark", self.point)
        if figures.hour_seconds >= _HOUR:
            share = figures.hour_hashes / figures.hour_seconds / self._expected
            figures.hour_seconds = figures.hour_hashes = 0.0
            if share < DARK:
                return self._finish(Phase.FAILED, "soak_hashrate", self.point)
        if figures.seconds < self.hours * _HOUR:
            return Step(kind=StepKind.WAIT)
        # What a miner reports at best differs by about 1.5 % from the expected.
        if (self.share or 0.0) < HEALTHY - 0.015:
            return self._finish(Phase.FAILED, "soak_hashrate", self.point)
        if (self.error_rate or 0.0) > ERROR_RATE.critical:
            return self._finish(Phase.FAILED, "soak_errors", self.point)
        return self._finish(Phase.FINISHED, SOAK_PASSED, self.point)

    def _abort(self, reason: str) -> Step:
        return self._finish(Phase.FAILED, reason, self.original)

    def _finish(self, phase: Phase, reason: str, point: OperatingPoint | None) -> Step:
        self.phase, self.reason = phase, reason
        if self._figures.seconds and phase is not Phase.STOPPED:
            self.trials = [self._as_trial()]
        moved = point is not None and point != self.wanted
        if point is not None:
            self.wanted = point
        kind = StepKind.APPLY if moved else StepKind.FINISH
        return Step(kind=kind, point=self.wanted)

    def _as_trial(self) -> TrialResult:
        figures = self._figures
        passed = self.phase is Phase.FINISHED
        return TrialResult(
            point=self.point,
            came_from=self.original,
            outcome=Outcome.MEASURED if passed else Outcome.WORSE,
            limit=self.limit,
            started=self.started,
            seconds=figures.seconds,
            share=self.share,
            hashrate=figures.hashes / figures.seconds,
            power=figures.joules / figures.seconds,
            temperature=figures.asic_heat / figures.seconds,
            vr_temperature=figures.hottest_vr,
            fan_speed=figures.fan / figures.seconds,
            error_rate=self.error_rate,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the whole state as plain values."""
        return {
            "soak": True,
            "machine": self.machine.as_dict(),
            "targets": self.targets.as_dict(),
            "original": asdict(self.original),
            "point": asdict(self.point),
            "wanted": asdict(self.wanted),
            "profile": self.profile,
            "hours": self.hours,
            "started": self.started,
            "now": self._now,
            "figures": asdict(self._figures),
            "phase": self.phase,
            "reason": self.reason,
        }

    @classmethod
    def from_dict(cls, stored: dict[str, Any], *, now: float) -> Self:
        """Restore what `as_dict` returned; the time in between does not count."""
        test = cls(
            Machine.from_dict(stored["machine"]),
            Targets.from_dict(stored["targets"]),
            stored_point(stored["original"]),
            point=stored_point(stored["point"]),
            profile=stored_text(stored["profile"]),
            hours=stored_number(stored["hours"], _HOURS),
            started=now - stored_number(stored["now"] - stored["started"], ANY_COUNT),
        )
        # Not before 0.2.0.
        test.wanted = stored_point(stored.get("wanted", stored["point"]))
        test._now = now
        test._judged_from = now + _SETTLING
        figures = checked(_Figures(**stored["figures"]))
        test._figures = bounded(figures, **dict.fromkeys(stored["figures"], ANY_COUNT))
        test.phase = Phase(stored["phase"])
        reason = stored["reason"]
        test.reason = None if reason is None else stored_text(reason)
        return test


def _highest(known: float | None, value: float | None) -> float | None:
    if known is None or value is None:
        return value if known is None else known
    return max(known, value)


def _looks_detuned(chosen: OperatingPoint, point: OperatingPoint) -> bool:
    """Return whether the firmware lowered the setting by itself after overheating."""
    latched = point.frequency == 50 and point.core_voltage in (990, 1000)
    lowered = (
        chosen.frequency - point.frequency,
        chosen.core_voltage - point.core_voltage,
    )
    return latched or (lowered[0] == 100 and 0 < lowered[1] <= 100)
