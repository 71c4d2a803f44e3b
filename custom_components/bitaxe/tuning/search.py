"""Chooses the next operating point of a tuning run, and says which is best so far.

Deterministic: the same trials give the same proposal. A proposal is the point with the
largest expected gain over the best so far (expected improvement, over all hypotheses
about the voltage that is needed), among those that are expected to stay within every
limit and are not likely to lose a hash domain: from the stable side downwards in
voltage. Where a limit, a latched regulator or a crash was met, there is a wall, and the
search goes along it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
import math
from statistics import median
from typing import Final

from ..axeos import OperatingPoint
from .cliff import DARK, CliffBelief, Outlook, ShareSeen
from .consumption import Consumption, PowerSeen, load
from .goals import Goal, Targets
from .heat import Heat, HeatSeen
from .limits import POWER_MARGIN, SWARM_POWER
from .machine import KnownPoint, Machine
from .trial import Outcome, TrialResult

GAIN_WORTH_A_TRIAL: Final = 0.0035
"""Expected gain of the score below which a run has found what it looks for, at
first."""
MOST_TRIALS: Final = 14
# After so many trials a gain has to be greater to be worth one more.
_PATIENT_TRIALS: Final = 8

# The greatest probability of losing a domain that a trial may have, and before anything
# good was measured.
_DARK_RISK: Final = 0.35
_DARK_RISK_AT_FIRST: Final = 0.05
# Scores nearer than this are equal; then less power decides.
_EQUAL: Final = 0.002
_FREQUENCIES: Final = 23
_FINE: Final = 13
_SIGMAS: Final = 1.3
_EDGE_SIGMAS: Final = 3.0
_EDGE_REACH: Final = 60.0
# Beside what a trial keeps itself: the mean of a minute scatters by half of it.
_POWER_KEPT: Final = POWER_MARGIN + 0.0015
_DEGREES_KEPT: Final = 0.45
_FAN_KEPT: Final = 1.5
# A limit was met at a trial: how much less load is tried beside it, and before anything
# was seen to keep to all limits: whatever is set, the miner is not to stay beyond them.
_BESIDE_LIMIT: Final = 0.985
_WELL_BELOW_LIMIT: Final = 0.92
# How often a miner may crash from more load before it is given no more. With one of
# these crashes left, the search goes from the load that held towards the one that did
# not in steps of this share: each costs a few minutes, and what the last misses is lost
# for good.
_MOST_CRASHES: Final = 2
_STEP_TO_CRASH: Final = 1 / 3
_FAN_FULL: Final = 95.0
# W; less is no reading of a miner that hashes.
_LEAST_POWER: Final = 0.1
# mV.
MOST_VOLTAGE_AT_ONCE: Final = 50.0
# Relative error of the power that changes nothing.
_SURE: Final = 0.004
_HISTORY_ERROR: Final = 0.01


@dataclass(frozen=True, slots=True)
class Proposal:
    """An operating point worth a trial, and what is expected of it."""

    point: OperatingPoint
    gain: float
    """Expected gain over the best so far, as a share of its score; 1 if there is
    none."""
    power: float
    """W."""
    share: float
    """Hashrate over the expected one."""
    dark_risk: float
    """Probability that a domain is missing."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best trial so far."""

    trial: TrialResult
    score: float
    error: float
    """Relative standard error of the score."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    frequency: float
    core_voltage: float
    gain: float
    power: float
    share: float
    dark: float


class Search:
    """What the trials so far teach about a miner, and where to look next."""

    def __init__(
        self,
        machine: Machine,
        targets: Targets,
        trials: Sequence[TrialResult],
        *,
        power_cap: float | None = None,
    ) -> None:
        """Learn from all trials; history counts as far as it goes.

        `power_cap` is W that must not be drawn for now, without being a limit of the
        miner.
        """
        self._power_cap = power_cap
        self._machine = machine
        self._targets = targets
        self._goal: Goal = targets.goal
        history = list(_from_history(machine))
        self._trials = [*history, *trials]
        self._own = len(trials)
        self._belief = CliffBelief(machine, _shares_seen(self._trials))
        seen = [
            PowerSeen(t.point.frequency, t.point.core_voltage, t.power)
            for t in self._trials
            if t.power is not None and t.power > _LEAST_POWER
        ]
        self._consumption = Consumption(seen) if seen else None
        self._heat = Heat(
            [
                HeatSeen(t.power, t.temperature, t.vr_temperature, t.fan_speed)
                for t in self._trials
                # At a limit nothing was settled yet, but for where the miner ran
                # before.
                if t.power is not None
                and t.power > _LEAST_POWER
                and (t.outcome is not Outcome.LIMIT or t.came_from is None)
            ],
            room=machine.room_temperature,
            target=machine.target_temperature,
        )
        self._outlooks: dict[float, Outlook] = {}
        self._load_cap = self._lowest_load_at_limit()

    @property
    def noise(self) -> float | None:
        """Relative scatter of one-minute means in the trials so far."""
        seen = [t.minute_noise for t in self._trials if t.minute_noise is not None]
        return median(seen) if seen else None

    def usual_power(self, point: OperatingPoint) -> float | None:
        """Return the W at a point by the last trial that was measured.

        In proportion to the load: less than there is where the point has less of it.
        """
        there = load(point.frequency, point.core_voltage)
        for trial in reversed(self._trials):
            if trial.power is not None and trial.outcome.has_hashrate:
                at = trial.point
                return trial.power * there / load(at.frequency, at.core_voltage)
        return None

    def hop(
        self, origin: OperatingPoint, target: OperatingPoint, ratio: float
    ) -> OperatingPoint:
        """Return how far to go at once from one point towards another.

        The power rises by no more than `ratio`, and the voltage changes little:
        regulators have latched off at a large step. A point between two that hash
        hashes too: what is needed is linear.
        """
        if self._consumption is None:
            return target
        now, _ = self._consumption.at(origin.frequency, origin.core_voltage)
        then, _ = self._consumption.at(target.frequency, target.core_voltage)
        part = 1.0
        if then > now * ratio:
            part = now * (ratio - 1) / (then - now)
        change = abs(target.core_voltage - origin.core_voltage)
        if change > MOST_VOLTAGE_AT_ONCE:
            part = min(part, MOST_VOLTAGE_AT_ONCE / change)
        if part >= 1:
            return target
        step = self._machine.core_voltage_step
        steps = part * (target.core_voltage - origin.core_voltage) / step
        hop = OperatingPoint(
            frequency=self._possible(
                origin.frequency + part * (target.frequency - origin.frequency)
            ),
            core_voltage=origin.core_voltage + step * math.ceil(steps),
        )
        return target if hop == origin else hop

    def power_at(self, point: OperatingPoint) -> float | None:
        """Return the W to reckon with at a point; `None` before any was measured."""
        if self._consumption is None:
            return None
        power, error = self._consumption.at(point.frequency, point.core_voltage)
        return power + _SIGMAS * error

    def allows(self, point: OperatingPoint) -> bool:
        """Return whether a point is in range, and expected to keep every limit."""
        if not self._machine.may_be(point):
            return False
        where = point.frequency, point.core_voltage
        if self._consumption is None:
            return not self._is_beyond_trials(*where)
        return self._is_allowed(*where, *self._consumption.at(*where))

    def best(self) -> Best | None:
        """Return the best trial that was measured to its end, within all limits."""
        found = [
            self._judged(trial)
            for trial in self._trials
            if trial.outcome is Outcome.MEASURED and not trial.from_history
        ]
        if self._power_cap is not None:
            found = [
                item for item in found if (item.trial.power or 0.0) <= self._power_cap
            ]
        found = [
            item
            for item in found
            if self._is_good_enough(item.trial)
            and self._machine.may_be(item.trial.point)
        ]
        if not found:
            return None
        top = max(item.score for item in found)
        equal = [item for item in found if item.score >= top * (1 - _EQUAL)]
        return min(equal, key=lambda item: (item.trial.power or 0.0, -item.score))

    def propose(self) -> Proposal | None:
        """Return the next point to try; nothing if no trial is worth its time."""
        if self._own >= MOST_TRIALS or self._consumption is None:
            return None
        best = self.best()
        score = best.score if best else 0.0
        chosen = self._choose(self._coarse_frequencies(), score)
        if chosen is None:
            return None
        for reach in self._finer:
            fine = self._choose(self._around(chosen.frequency, reach), score)
            if fine is not None and fine.gain >= chosen.gain:
                chosen = fine
        gain = chosen.gain / score if score else 1.0
        if gain < GAIN_WORTH_A_TRIAL * max(1.0, self._own / _PATIENT_TRIALS):
            return None
        return Proposal(
            OperatingPoint(
                frequency=chosen.frequency, core_voltage=chosen.core_voltage
            ),
            gain,
            chosen.power,
            chosen.share,
            chosen.dark,
        )

    def _choose(self, frequencies: list[float], best: float) -> _Candidate | None:
        candidates = [
            candidate
            for frequency in frequencies
            for candidate in self._candidates(frequency, best)
        ]
        if not candidates:
            return None
        top = max(candidate.gain for candidate in candidates)
        near = top - _EQUAL * (best or top)
        equal = [candidate for candidate in candidates if candidate.gain >= near]
        if top <= 0:
            return None
        return min(
            (candidate for candidate in equal if candidate.gain > 0),
            key=lambda c: (c.power, -c.gain, c.frequency, c.core_voltage),
        )

    def _candidates(self, frequency: float, best: float) -> Iterator[_Candidate]:
        outlook = self._outlook(frequency)
        risk = _DARK_RISK if best else _DARK_RISK_AT_FIRST
        expected = self._machine.expected_hashrate(frequency) * outlook.gain
        least = self._targets.minimum_hashrate
        assert self._consumption is not None
        for voltage in self._voltages(outlook):
            power, error = self._consumption.at(frequency, voltage)
            if self._is_tried(frequency, voltage) or not self._is_allowed(
                frequency, voltage, power, error
            ):
                continue
            shares = outlook.shares(voltage)
            dark = sum([weight for weight, value in shares if value < DARK])
            if dark > risk:
                continue
            share = sum([weight * value for weight, value in shares])
            if least is not None and expected * share < least:
                continue
            gain = self._gain(expected, shares, (power, error), best)
            yield _Candidate(frequency, voltage, gain, power, share, dark)

    def _gain(
        self,
        expected: float,
        shares: list[tuple[float, float]],
        consumed: tuple[float, float],
        best: float,
    ) -> float:
        """Return the expected improvement over the best score."""
        power, error = consumed
        whole = self._goal.score(expected, power)
        if self._goal.power_of_hashrate == 1:
            made = shares
        else:
            made = [(weight, value * value) for weight, value in shares]
        if self._goal is Goal.HASHRATE or error < _SURE * power:
            return sum([w * (whole * v - best) for w, v in made if whole * v > best])
        gain = 0.0
        for watts in (max(0.5 * power, power - error), power + error):
            whole = self._goal.score(expected, watts)
            gain += sum([w * (whole * v - best) for w, v in made if whole * v > best])
        return gain / 2

    def _is_allowed(
        self, frequency: float, voltage: float, power: float, error: float
    ) -> bool:
        machine, targets = self._machine, self._targets
        if self._is_beyond_trials(frequency, voltage):
            return False
        upper = power + _SIGMAS * error
        for limit in (targets.maximum_power, machine.maximum_power, self._power_cap):
            if limit is not None and upper > limit * (1 - _POWER_KEPT):
                return False
        climate = self._heat.at(upper)
        return not (
            _above(
                climate.temperature,
                _DEGREES_KEPT,
                targets.maximum_temperature,
                machine.maximum_temperature,
            )
            or _above(
                climate.vr_temperature,
                _DEGREES_KEPT,
                targets.maximum_vr_temperature,
                machine.maximum_vr_temperature,
            )
            or _above(climate.fan_speed, _FAN_KEPT, targets.maximum_fan_speed)
        )

    def _is_beyond_trials(self, frequency: float, voltage: float) -> bool:
        """Return whether a trial met a limit or a wall there, or on the way there."""
        return load(frequency, voltage) > self._load_cap or self._is_behind_wall(
            frequency, voltage
        )

    def _lowest_load_at_limit(self) -> float:
        """Return the load that may not be reached again, in MHz · V²."""
        at_limits = min(
            (
                self._load_allowed(trial)
                for trial in self._trials
                if trial.outcome in (Outcome.LIMIT, Outcome.OVERHEATED)
                and trial.limit != SWARM_POWER
            ),
            default=math.inf,
        )
        return min(at_limits, self._load_below_crashes())

    def _load_below_crashes(self) -> float:
        """Return the load that is allowed after miners gave up under more of it.

        The supply may not deliver it: they crash, or the regulator switches off. Each
        time costs a restart, so what was borne is soon not exceeded any more; after a
        regulator switched off, at once: a second time would end the run.
        """
        died = [
            trial
            for trial in self._trials
            if trial.outcome in (Outcome.CRASHED, Outcome.LATCHED)
            and _has_more_load(trial)
        ]
        if not died:
            return math.inf
        latched = any(trial.outcome is Outcome.LATCHED for trial in died)
        there = min(load(t.point.frequency, t.point.core_voltage) for t in died)
        # Where a trial came from was borne as well, if only in passing.
        points = [t.point for t in self._trials if t.outcome.is_harmless]
        points += [t.came_from for t in self._trials if t.came_from is not None]
        loads = [load(point.frequency, point.core_voltage) for point in points]
        borne = max(
            (seen for seen in loads if seen < there), default=there * _BESIDE_LIMIT
        )
        if latched or len(died) >= _MOST_CRASHES:
            return borne
        return borne * math.pow(there / borne, _STEP_TO_CRASH)

    def _load_allowed(self, met: TrialResult) -> float:
        """Return the load that is allowed after a limit was met."""
        there = load(met.point.frequency, met.point.core_voltage)
        origin = met.came_from
        passing = (
            met.limit == "temperature"
            and origin is not None
            and self._machine.target_temperature is not None
            and (met.fan_speed or _FAN_FULL) < _FAN_FULL
        )
        if not passing or origin is None:
            if self._has_borne_anything:
                return there * _BESIDE_LIMIT
            # What was too little once is not repeated: the heat lasts meanwhile.
            met_so_far = sum(t.outcome is Outcome.LIMIT for t in self._trials)
            return there * math.pow(_WELL_BELOW_LIMIT, max(1, met_so_far))
        # The fan had not caught up: it may be possible in smaller steps. Once one of
        # them was measured, this limit says nothing any more.
        halfway = math.sqrt(load(origin.frequency, origin.core_voltage) * there)
        reached = any(
            trial.outcome.has_hashrate
            and trial.started > met.started
            and load(trial.point.frequency, trial.point.core_voltage) > halfway * 0.9
            for trial in self._trials
        )
        return math.inf if reached else halfway

    @property
    def _has_borne_anything(self) -> bool:
        """Whether the miner was seen to hash within all limits in this run."""
        return any(t.outcome.is_harmless and not t.from_history for t in self._trials)

    def _is_behind_wall(self, frequency: float, voltage: float) -> bool:
        """Return whether a point lies no nearer than one where the miner gave up."""
        for trial in self._trials:
            if trial.outcome not in (
                Outcome.LATCHED,
                Outcome.CRASHED,
                Outcome.REFUSED,
            ):
                continue
            if trial.outcome is Outcome.CRASHED and _has_more_load(trial):
                # That is a matter of the load alone, at whichever frequency.
                continue
            wall, origin = trial.point, trial.came_from
            if origin is None:
                # The miner gave up where it ran all the time: no step led there.
                continue
            up_mhz = (wall.frequency - origin.frequency) / 2
            up_mv = (wall.core_voltage - origin.core_voltage) / 2
            # What did not work at all is not worth a second try near by.
            if (frequency - origin.frequency - up_mhz) * up_mhz >= 0 and (
                voltage - origin.core_voltage - up_mv
            ) * up_mv >= 0:
                return True
        return False

    def _is_tried(self, frequency: float, voltage: float) -> bool:
        return any(
            t.point.frequency == frequency
            and t.point.core_voltage == voltage
            and not t.from_history
            for t in self._trials
        )

    def _judged(self, trial: TrialResult) -> Best:
        """Return the score of a trial, its noise smoothed by all others."""
        outlook = self._outlook(trial.point.frequency)
        pairs = outlook.shares(trial.point.core_voltage)
        mean = sum(weight * share for weight, share in pairs)
        spread = sum(weight * (share - mean) ** 2 for weight, share in pairs)
        expected = self._machine.expected_hashrate(trial.point.frequency)
        exponent = self._goal.power_of_hashrate
        score = self._goal.score(expected * outlook.gain * mean, trial.power or 0.0)
        error = exponent * math.sqrt(spread) / max(mean, 0.01)
        return Best(trial, score, error)

    def _is_good_enough(self, trial: TrialResult) -> bool:
        least = self._targets.minimum_hashrate
        return least is None or (trial.hashrate or 0.0) >= least * 0.99

    def _outlook(self, frequency: float) -> Outlook:
        found = self._outlooks.get(frequency)
        if found is None:
            found = self._outlooks[frequency] = self._belief.at(frequency)
        return found

    def _voltages(self, outlook: Outlook) -> list[float]:
        low, high = self._machine.core_voltage
        edge, sigma = outlook.edges
        reach = _EDGE_SIGMAS * sigma + _EDGE_REACH
        first = max(low, edge - reach)
        last = min(high, edge + reach)
        if first > last:
            return [low] if edge + reach < low else []
        step = self._machine.core_voltage_step
        steps = range(math.ceil(first / step), math.floor(last / step) + 1)
        grid = [step * number for number in steps]
        return grid or [first]

    def _coarse_frequencies(self) -> list[float]:
        low, high = self._machine.frequency
        step = (high - low) / (_FREQUENCIES - 1)
        grid = {self._possible(low + step * i) for i in range(_FREQUENCIES)}
        tried = {t.point.frequency for t in self._trials}
        return sorted(f for f in grid | tried if low <= f <= high)

    @property
    def _finer(self) -> Iterator[float]:
        """Yield ever smaller steps in MHz around the chosen frequency."""
        low, high = self._machine.frequency
        reach = (high - low) / (_FREQUENCIES - 1)
        while reach >= 1:
            yield reach
            if self._goal is not Goal.HASHRATE:
                # The others are flat where they are best: a MHz more or less is
                # nothing.
                return
            reach /= (_FINE - 1) / 2

    def _around(self, frequency: float, reach: float) -> list[float]:
        low, high = self._machine.frequency
        first, last = max(low, frequency - reach), min(high, frequency + reach)
        step = (last - first) / (_FINE - 1)
        grid = {self._possible(first + step * i) for i in range(_FINE)}
        return sorted(f for f in grid if low <= f <= high)

    def _possible(self, frequency: float) -> float:
        """Return the nearest MHz that the firmware stores."""
        step = self._machine.frequency_step
        return step * round(frequency / step)


def _has_more_load(trial: TrialResult) -> bool:
    """Return whether a trial put more load on the miner than where it came from."""
    origin, point = trial.came_from, trial.point
    return origin is not None and load(point.frequency, point.core_voltage) > load(
        origin.frequency, origin.core_voltage
    )


def _above(value: float | None, kept: float, *limits: float | None) -> bool:
    if value is None:
        return False
    return any(limit is not None and value > limit - kept for limit in limits)


def _shares_seen(trials: Sequence[TrialResult]) -> Iterator[ShareSeen]:
    for trial in trials:
        if (
            trial.outcome.has_hashrate
            and trial.share is not None
            and trial.share_error is not None
        ):
            point = trial.point
            yield ShareSeen(
                point.frequency,
                point.core_voltage,
                trial.share,
                trial.share_error,
                # That one went dark leaves it open how the others would give up.
                None if trial.outcome is Outcome.DARK else trial.weakest_domain,
            )


def _from_history(machine: Machine) -> Iterator[TrialResult]:
    """Take what is known of before as trials, less certain than those of today."""
    for known in machine.known:
        yield _as_trial(machine, known)


def _as_trial(machine: Machine, known: KnownPoint) -> TrialResult:
    expected = machine.expected_hashrate(known.point.frequency)
    noise = machine.minute_noise / math.sqrt(max(1.0, known.hours * 60))
    return TrialResult(
        point=known.point,
        came_from=None,
        outcome=Outcome.MEASURED,
        started=0.0,
        seconds=known.hours * 3600,
        share=known.hashrate / expected if expected else None,
        share_error=math.hypot(noise, _HISTORY_ERROR),
        hashrate=known.hashrate,
        power=known.power,
        temperature=known.temperature,
        vr_temperature=known.vr_temperature,
        fan_speed=known.fan_speed,
        from_history=True,
    )
