"""Judges one operating point.

A trial settles until the temperature is flat, and measures until the standard error of
the hashrate is small enough to decide. A limit, a dark hash domain or a regulator that
gave up ends it at once. The hashrate over the expected one and the domains are looked
at first: missing hashes are not reported as errors.
"""

from collections import deque
from dataclasses import asdict, dataclass
from enum import StrEnum
import math
from statistics import fmean
from typing import Any, Final, Self

from ..axeos import OperatingPoint, bounds
from ..storage.stored_object import stored_point
from ..storage.typed import bounded, checked
from .goals import Targets
from .limits import SWARM_POWER, TrialWatch
from .machine import STORED_C, Machine
from .regulator import RegulatorWatch
from .sample import Sample

# Settings show within a second to two; longer is a write that was not taken.
READ_BACK_SECONDS: Final = 60.0
# The clock ramps by 62 MHz a second, the chips need a moment.
RAMP_SECONDS: Final = 15.0
# Without a hash for so long a setting does not work, whatever it reads back as.
DEAD_SECONDS: Final = 120.0
# Heat goes slowly, after a step down from beyond a limit.
RELIEF_SECONDS: Final = 180.0
# s after which a temperature falls, if it falls at all, and °C that it may have fallen
# without a coarse sensor showing it.
_RELIEF_SHOWS: Final = 45.0
_UNSEEN_FALL: Final = 0.5
# Between two steps of a way the fan has to follow.
PASSING_SECONDS: Final = 45.0
# Silence after which nothing is known of how the temperature went on.
GAP_SECONDS: Final = 60.0
MAXIMUM_SETTLING: Final = 420.0
MINIMUM_MEASURING: Final = 110.0
MAXIMUM_MEASURING: Final = 480.0
BLOCK_SECONDS: Final = 60.0
SHARE_ERROR: Final = 0.009
"""Standard error of the share of expected hashes at which a trial is decided."""

# °C and % of the fan that may change from one half minute to the next: to begin with
# measuring, and to believe the temperature.
_CALM: Final = 2.5
_FLAT: Final = 0.7
_FLAT_VR: Final = 1.4
_FLAT_FAN: Final = 5.0
_HALF: Final = 3
DARK_DOMAIN: Final = 0.35
"""A domain is dark below this part of its share."""
_DARK_READINGS: Final = 2
# Firmware shows no hashrate now and then although the miner hashes: in so large a part
# of the last so many readings at most.
_MOST_EMPTY: Final = 0.5
_EMPTY_OF: Final = 18
_SIGMAS: Final = 2.5
# Standard error at which a trial is decided, as a share of the noise of one minute.
_NOISE_SHARE: Final = 0.45
# Of the expected hashrate: more is stored of no trial.
_SHARE: Final = bounds.Bounds(0, 10)
_SHARE_OF_ONE: Final = bounds.Bounds(0, 1000)
_DOMAINS: Final = bounds.Bounds(0, 1000)
# How many readings the assumed noise counts for.
_NOISE_WEIGHT: Final = 4.0


class Outcome(StrEnum):
    """How a trial ended."""

    MEASURED = "measured"
    """To the end."""
    WORSE = "worse"
    """Early, because it could not become the best any more."""
    DARK = "dark"
    """A hash domain, or a large part of the hashrate, is missing."""
    LIMIT = "limit"
    """A limit was reached."""
    OVERHEATED = "overheated"
    """The firmware stopped the chips, or lowered its own settings."""
    LATCHED = "latched"
    """The regulator gave up, or nothing is hashed any more."""
    CRASHED = "crashed"
    """The miner restarted by itself."""
    REFUSED = "refused"
    """The miner never reported the setting."""
    PASSED = "passed"
    """Nothing happened on the way to another point; this is no trial."""

    @property
    def has_hashrate(self) -> bool:
        """Whether the hashrate of such a trial means something."""
        return self in (Outcome.MEASURED, Outcome.WORSE, Outcome.DARK)

    @property
    def is_harmless(self) -> bool:
        """Whether the miner hashed there, all of it, and kept to its limits."""
        return self in (Outcome.MEASURED, Outcome.WORSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialResult:
    """What a trial found; `None` was not measured."""

    point: OperatingPoint
    came_from: OperatingPoint | None
    """The operating point before."""
    outcome: Outcome
    limit: str | None = None
    """Which limit was reached: a field of `Targets` without its `maximum_`, or
    `SWARM_POWER`."""
    started: float
    seconds: float
    share: float | None = None
    """Hashrate over the expected one."""
    share_error: float | None = None
    minute_noise: float | None = None
    """Relative scatter of one-minute means."""
    hashrate: float | None = None
    """GH/s."""
    power: float | None = None
    """W."""
    temperature: float | None = None
    vr_temperature: float | None = None
    fan_speed: float | None = None
    error_rate: float | None = None
    """% of hashes that failed, by the counter."""
    weakest_domain: float | None = None
    """Share of its expected hashes that the weakest hash domain made."""
    dark_domains: int = 0
    """How many made next to none at the end."""
    from_history: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        """Restore what `as_dict` returned."""
        came_from = stored["came_from"]
        result = checked(
            cls(
                **{
                    **stored,
                    "point": stored_point(stored["point"]),
                    "came_from": None if came_from is None else stored_point(came_from),
                    "outcome": Outcome(stored["outcome"]),
                }
            )
        )
        return bounded(
            result,
            share=_SHARE,
            share_error=_SHARE,
            minute_noise=_SHARE,
            hashrate=bounds.HASHRATE,
            power=bounds.POWER,
            temperature=STORED_C,
            vr_temperature=STORED_C,
            fan_speed=bounds.PERCENT,
            weakest_domain=_SHARE_OF_ONE,
            dark_domains=_DOMAINS,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """What a trial that goes on has measured so far; `None` is nothing yet."""

    seconds: float
    """Since the setting was written."""
    share: float | None
    """Hashrate over the expected one."""
    share_error: float | None
    """Standard error of it."""
    power: float | None
    """W, mean of the last minute."""


@dataclass(frozen=True, slots=True)
class _Flat:
    """Means of half a minute."""

    temperature: float | None
    vr_temperature: float | None
    fan_speed: float | None


class Trial:
    """The trial of one operating point, fed with readings."""

    def __init__(
        self,
        machine: Machine,
        targets: Targets,
        point: OperatingPoint,
        *,
        came_from: OperatingPoint | None,
        started: float,
        rival: float = 0.0,
        noise: float | None = None,
        usual_power: float | None = None,
        passing: bool = False,
        relieving: bool = False,
        uptime: float | None = None,
    ) -> None:
        """Begin at the moment the setting was written.

        `rival` is the score to beat, `noise` the relative scatter of one-minute means
        seen so far, `usual_power` the W at least, to recognise a regulator that gave
        up. A point that is only passed on the way to another is watched, but not
        measured. One that relieves a miner beyond a limit has some time to show it.
        `uptime` is that of the last reading before: a miner may die of the write
        itself.
        """
        self.point = point
        """What was written; once it is confirmed, what the miner made of that."""
        self.measuring = False
        self.passing = passing
        self._relieving = relieving
        self._watch = TrialWatch(machine, targets)
        self._regulator = RegulatorWatch()
        self._machine = machine
        self._targets = targets
        self.came_from = came_from
        self.started = started
        self._rival = rival
        self._noise = machine.minute_noise if noise is None else noise
        self._usual_power = usual_power
        self._confirmed: float | None = None
        self._shown: OperatingPoint | None = None
        """What the last reading before that showed."""
        self._uptime = uptime
        self._highest: tuple[str, float, float] | None = None
        """The limit that is to be come below, °C that were highest, and when."""
        self._last: float | None = None
        self._restart(started)

    def _restart(self, now: float) -> None:
        """Begin settling anew."""
        self.measuring = False
        self._watch.forget()
        self._regulator.forget()
        self._settling_since = now
        self._measuring_since = now
        self._recent: deque[Sample] = deque(maxlen=2 * _HALF)
        self._instant: list[float] = []
        self._block: list[float] = []
        self._block_since = now
        self._blocks: list[float] = []
        self._dark = 0
        self._weakest: list[float] = []
        self._hashed_at = now
        self._errors: tuple[float, int] | None = None

    @property
    def confirmed(self) -> bool:
        """Whether the miner reported the setting."""
        return self._confirmed is not None

    @property
    def expected(self) -> float:
        """GH/s that the frequency promises."""
        return self._machine.expected_hashrate(self.point.frequency)

    @property
    def interim(self) -> Interim:
        """What was measured so far."""
        share = self._share()
        return Interim(
            seconds=(self._last or self.started) - self.started,
            share=share[0] if share else None,
            share_error=share[1] if share else None,
            power=self._mean("power"),
        )

    def feed(self, sample: Sample) -> TrialResult | None:
        """Take a reading; return the result once there is one."""
        ended = self._interrupted(sample)
        if ended is not None:
            return self._result(sample, ended)
        if self._confirmed is None:
            late = sample.time - self.started > READ_BACK_SECONDS
            if not self._is_taken(sample, late=late):
                return self._result(sample, Outcome.REFUSED) if late else None
            self._confirmed = sample.time
            self._restart(sample.time)
        limit = self._limit_reached(sample)
        self._recent.append(sample)
        if limit is not None:
            return self._result(sample, Outcome.LIMIT, limit)
        if self._is_latched(sample):
            return self._result(sample, Outcome.LATCHED)
        if sample.time - self._settling_since < RAMP_SECONDS:
            return None
        self._count(sample)
        if self._is_dark(sample):
            return self._result(sample, Outcome.DARK)
        waited = sample.time - self._settling_since
        if self.passing:
            passed = waited >= PASSING_SECONDS and bool(sample.hashrate)
            return self._result(sample, Outcome.PASSED) if passed else None
        if not self.measuring:
            self.measuring = self._is_calm or waited > MAXIMUM_SETTLING
            self._begin_measuring(sample)
            return None
        self._measure(sample)
        return self._decide(sample)

    def _limit_reached(self, sample: Sample) -> str | None:
        if sample.time - self._settling_since < RAMP_SECONDS:
            # Readings of another clock are no part of a mean.
            self._watch.forget()
        limit = self._watch.feed(sample)
        if limit is None and self.came_from is not None and _is_too_much(sample):
            return SWARM_POWER
        if limit is None:
            self._relieving = False
        elif self._relieving:
            patience = RELIEF_SECONDS if limit != "power" else 2 * RAMP_SECONDS
            left = self.started + patience - sample.time
            if left > 0 and self._may_be_relieved(limit, sample, left):
                self._watch.forget()
                return None
        return limit

    def _may_be_relieved(self, limit: str, sample: Sample, left: float) -> bool:
        """Return whether a temperature falls fast enough to be below a limit in time.

        `left` is in s. Of what goes on to rise, no second more is waited for.
        """
        if limit not in ("temperature", "vr_temperature"):
            return True
        value: float = getattr(sample, limit)
        highest = self._highest
        if highest is None or highest[0] != limit or value >= highest[1]:
            highest = self._highest = limit, value, sample.time
        if sample.time - self.started < _RELIEF_SHOWS:
            return True
        falling_for = sample.time - highest[2]
        if not falling_for:
            return False
        fallen = highest[1] - value + _UNSEEN_FALL
        return value - fallen / falling_for * left < self._watch.limit(limit)

    def _interrupted(self, sample: Sample) -> Outcome | None:
        """Return why a trial cannot go on, if so; begin anew after a silence."""
        before, self._last = self._last, sample.time
        uptime, self._uptime = self._uptime, sample.uptime
        if sample.overheated:
            return Outcome.OVERHEATED
        if None not in (uptime, sample.uptime) and (sample.uptime or 0) < (uptime or 0):
            return Outcome.CRASHED
        if before is not None and sample.time - before > GAP_SECONDS:
            self._restart(sample.time)
        return None

    def _is_taken(self, sample: Sample, *, late: bool) -> bool:
        """Return whether the miner has the setting, or what its firmware makes of it.

        The latter is what is judged then. It shows in two readings, or in none if it is
        what the miner had before.
        """
        shown, self._shown = self._shown, sample.point
        if self.point.reads_as(sample.point):
            return True
        if sample.point is None or (
            self._machine.rounding(self.point, sample.point) is None
        ):
            return False
        had = self.came_from is None or self.came_from.reads_as(sample.point)
        if not late and (had or shown != sample.point):
            return False
        self.point = sample.point
        return True

    def _is_latched(self, sample: Sample) -> bool:
        """Return whether the regulator gave up, or nothing is hashed for long."""
        if sample.hashrate:
            self._hashed_at = sample.time
        if sample.time - self._settling_since <= RAMP_SECONDS:
            return False
        gave_up = self._regulator.feed(
            sample, self.point.core_voltage, self._usual_power
        )
        return gave_up or sample.time - self._hashed_at > DEAD_SECONDS

    def _is_dark(self, sample: Sample) -> bool:
        if self._is_mostly_empty:
            return True
        domains = self._working(sample)
        if domains:
            # With all of them dark it is something else.
            dark = min(domains) < DARK_DOMAIN < max(domains)
            self._dark = self._dark + 1 if dark else 0
            return self._dark >= _DARK_READINGS
        recent = self._recent_rates
        if len(recent) < 2 * _HALF:
            return False
        return fmean(recent) / self.expected + _SIGMAS * self._noise < 0.9

    @property
    def _is_mostly_empty(self) -> bool:
        """Whether too many of the last readings show no hashrate for gaps of it."""
        recent = self._instant[-_EMPTY_OF:]
        return recent.count(0.0) > _MOST_EMPTY * _EMPTY_OF

    @property
    def _recent_rates(self) -> list[float]:
        """GH/s of the last readings that show a hashrate, a minute of them."""
        return [rate for rate in self._instant[-_EMPTY_OF:] if rate][-2 * _HALF :]

    def _working(self, sample: Sample) -> tuple[float, ...]:
        """Return the share of its hashes that each domain makes, but broken ones."""
        domains = sorted(sample.domains)[self._machine.broken_domains :]
        return tuple(rate * len(domains) / self.expected for rate in domains)

    def _count(self, sample: Sample) -> None:
        if sample.hashrate and (shares := self._working(sample)):
            self._weakest.append(min(shares))
        if sample.hashrate is not None:
            self._instant.append(sample.hashrate)
        if self._errors is None and sample.error_count is not None:
            self._errors = sample.time, sample.error_count

    def _halves(self) -> tuple[_Flat, _Flat] | None:
        if len(self._recent) < 2 * _HALF:
            return None
        samples = list(self._recent)
        return _flat(samples[:_HALF]), _flat(samples[_HALF:])

    @property
    def _is_calm(self) -> bool:
        halves = self._halves()
        return halves is not None and _within(
            halves[0].temperature, halves[1].temperature, _CALM
        )

    @property
    def _is_flat(self) -> bool:
        halves = self._halves()
        if halves is None:
            return False
        first, second = halves
        return (
            _within(first.temperature, second.temperature, _FLAT)
            and _within(first.vr_temperature, second.vr_temperature, _FLAT_VR)
            and _within(first.fan_speed, second.fan_speed, _FLAT_FAN)
        )

    def _begin_measuring(self, sample: Sample) -> None:
        self._measuring_since = self._block_since = sample.time

    def _measure(self, sample: Sample) -> None:
        if sample.hashrate is not None:
            self._block.append(sample.hashrate)
        made = [rate for rate in self._block if rate]
        if (
            sample.time - self._block_since < BLOCK_SECONDS - 0.5
            or not made
            or len(made) < (1 - _MOST_EMPTY) * len(self._block)
        ):
            return
        # The firmware's own mean of a minute has seen all of it, readings only samples:
        # also whether a gap was one of hashes.
        mean, sampled = sample.hashrate_1m or 0.0, fmean(made)
        counted = len(made) < len(self._block) and 0 < mean < sampled
        plausible = counted or abs(mean - sampled) < 0.25 * mean
        self._blocks.append(mean if plausible else sampled)
        self._block = []
        self._block_since = sample.time

    def _share(self) -> tuple[float, float, float] | None:
        """Return share, its standard error, and the noise of one minute."""
        if self._blocks and not self._is_mostly_empty:
            values = [block / self.expected for block in self._blocks]
            mean = fmean(values)
            squares = sum((value - mean) ** 2 for value in values)
            assumed = (self._noise * max(mean, 0.1)) ** 2
            noise = math.sqrt(
                (_NOISE_WEIGHT * assumed + squares) / (_NOISE_WEIGHT + len(values) - 1)
            )
            error = self._machine.drift * noise / math.sqrt(len(values))
            return mean, error, noise
        # Ended within a minute, or hardly a reading shows a hashrate.
        recent = self._recent_rates
        if self._is_mostly_empty:
            recent = self._instant[-_EMPTY_OF:]
        if recent:
            error = max(0.03, 3 * self._noise / math.sqrt(len(recent)))
            return fmean(recent) / self.expected, error, self._noise
        return None

    def _decide(self, sample: Sample) -> TrialResult | None:
        measured = sample.time - self._measuring_since
        share = self._share()
        if share is None or not self._blocks:
            return None
        mean, error, _ = share
        if self._is_worse(mean + _SIGMAS * error, sample):
            return self._result(sample, Outcome.WORSE)
        if measured < MINIMUM_MEASURING:
            return None
        settled = self._is_flat or measured > MAXIMUM_SETTLING
        # Where a minute says little, several points together say more than one for
        # long.
        enough = max(SHARE_ERROR, _NOISE_SHARE * self._noise * self._machine.drift)
        decided = error <= enough or measured >= MAXIMUM_MEASURING
        if settled and decided:
            return self._result(sample, Outcome.MEASURED)
        return None

    def _is_worse(self, share: float, sample: Sample) -> bool:
        power = self._mean("power")
        if power is None or self._rival <= 0:
            return False
        best = self._targets.goal.score(share * self.expected, power)
        return best < self._rival and share < 1.0

    def _mean(self, name: str) -> float | None:
        values = [getattr(sample, name) for sample in self._recent]
        known = [value for value in values if value is not None]
        return fmean(known) if known else None

    def _result(
        self, sample: Sample, outcome: Outcome, limit: str | None = None
    ) -> TrialResult:
        share = self._share() if outcome.has_hashrate else None
        at_limit = outcome is Outcome.LIMIT
        lost = outcome in (Outcome.LATCHED, Outcome.REFUSED, Outcome.CRASHED)

        def figure(name: str) -> float | None:
            if lost:
                return None
            if limit == name == "power":
                return self._watch.power
            value: float | None = getattr(sample, name)
            return value if at_limit else self._mean(name)

        return TrialResult(
            point=self.point,
            came_from=self.came_from,
            outcome=outcome,
            limit=limit,
            started=self.started,
            seconds=sample.time - self.started,
            share=share[0] if share else None,
            share_error=share[1] if share else None,
            minute_noise=share[2] if share and len(self._blocks) > 1 else None,
            hashrate=share[0] * self.expected if share else None,
            power=figure("power"),
            temperature=figure("temperature"),
            vr_temperature=figure("vr_temperature"),
            fan_speed=figure("fan_speed"),
            error_rate=self._error_rate(sample),
            weakest_domain=fmean(self._weakest) if share and self._weakest else None,
            dark_domains=sum(made < DARK_DOMAIN for made in self._working(sample))
            if outcome is Outcome.DARK
            else 0,
        )

    def _error_rate(self, sample: Sample) -> float | None:
        if self._errors is None or sample.error_count is None:
            return None
        since, count = self._errors
        seconds, errors = sample.time - since, sample.error_count - count
        if seconds < BLOCK_SECONDS or errors < 0 or not self._instant:
            return None
        return errors * 2**32 / (fmean(self._instant) * 1e9 * seconds + 1) * 100


def _is_too_much(sample: Sample) -> bool:
    """Return whether a miner draws more than all the others leave it."""
    allowance, power = sample.power_allowance, sample.power
    return allowance is not None and power is not None and power > allowance


def _within(first: float | None, second: float | None, distance: float) -> bool:
    if first is None or second is None:
        return True
    return abs(first - second) <= distance


def _flat(samples: list[Sample]) -> _Flat:
    def mean(name: str) -> float | None:
        values = [getattr(sample, name) for sample in samples]
        known = [value for value in values if value is not None]
        return fmean(known) if known else None

    return _Flat(mean("temperature"), mean("vr_temperature"), mean("fan_speed"))
