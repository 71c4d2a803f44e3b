"""Keeps a miner below its critical levels by lowering its clock, or pausing it. Pure.

Time comes in from outside; state goes out as plain values for storage.

A level counts once two readings in a row have passed it, or one that is about to make
the firmware stop: because it is that hot, or because it will be by the next reading if
it goes on to rise as it did since the last. Acting then is still before the firmware,
which persists lower settings when it trips (ESP-Miner
main/tasks/power_management_task.c) and never restores them. A reading that is unknown
neither counts nor forgets.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from ..axeos import ROUNDING, Limits, MiningState, OperatingPoint, Snapshot
from ..miner.thresholds import Threshold
from .model import Cause, Decision, GuardOptions, HeatAction, Hold, Step
from .rise import Rise
from .tally import Tally

# K below the firmware's own trip that no critical level goes above.
_MARGIN: Final = 2.0
# K below the trip from where on one reading is enough.
_URGENT: Final = 1.0
# K below a critical level from where on it counts how fast a temperature rises.
_NEAR: Final = 5.0
# Share of the clock that is kept by a step, and by one in a hurry.
_STEP: Final = 0.9
_URGENT_STEP: Final = 0.75
# Share of a power limit to aim for.
_POWER_AIM: Final = 0.97
# % above the least input voltage at which a supply counts as recovered.
_VOLTAGE_RECOVERY: Final = 1.0
# s in which a step shows in the temperature, before the next one.
_SETTLE: Final = 45.0
# Seconds for which a reading that passed a level counts.
_MEMORY: Final = 90.0
# s of being cool before the setting is restored, doubled with each return of a day.
_COOL: Final = 600.0
_LONGEST_COOL: Final = 6 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A miner at one moment, as far as the guard needs it."""

    time: float
    """Unix time."""
    clock: float
    """Seconds of a clock that nobody sets."""
    snapshot: Snapshot
    limits: Limits | None
    """`None` where frequency and voltage must not be written."""
    frequencies: Sequence[float] = ()
    """MHz that the firmware offers, ascending."""
    chosen: OperatingPoint | None = None
    """The setting somebody chose for this board; `None` if it was replaced."""
    options: GuardOptions


@dataclass(frozen=True, slots=True)
class _Level:
    """One thing that is measured, against its levels."""

    cause: Cause
    value: float | None
    limit: float
    exceeded: bool
    urgent: bool
    recovered: bool | None
    """`None` if unknown."""

    @property
    def is_heat(self) -> bool:
        """Whether it is a temperature, about which the chosen action is taken."""
        return self.cause in (Cause.ASIC_HEAT, Cause.VR_HEAT)


class HeatGuard:
    """Watches heat, power and supply of one miner."""

    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        """Continue from what `as_dict` returned before a restart."""
        stored = stored or {}
        self.hold = Hold.from_dict(stored.get("hold"))
        """What the guard put in place of the chosen setting, while it does."""
        self.is_unsure = self.hold is not None and stored.get("is_unsure") is True
        """Whether no reading has shown the hold yet: the write may have been lost."""
        self._former = Hold.from_dict(stored.get("former")) if self.is_unsure else None
        """What was held before, for as long."""
        self._lost: Decision | None = None
        """What was decided last, if nobody knows whether it was done."""
        self._undo: tuple[Hold | None, Hold | None, bool, Decision | None] = (
            self.hold,
            self._former,
            self.is_unsure,
            None,
        )
        """All four before what was done last."""
        self._lost_at = 0.0
        """When that was, in s of the monotonic clock."""
        self.found_done: Decision | None = None
        """What the last reading showed to be done of that."""
        self._returns = Tally(stored.get("returns"))
        self._passed: dict[Cause, float] = {}
        self._draws_too_much = False
        """Whether the last reading was beyond the power limit for certain."""
        self._recovered_since: float | None = None
        self._known_at: float | None = None
        """When what the hold is for was known last."""
        self._acted_at: float | None = None
        self._rise = Rise()

    def as_dict(self) -> dict[str, Any]:
        """Return everything that must outlive a restart of Home Assistant."""
        return {
            "hold": self.hold.as_dict() if self.hold else None,
            "is_unsure": self.is_unsure,
            "former": self._former.as_dict() if self._former else None,
            "returns": self._returns.as_list(),
        }

    def update(self, now: Moment) -> Decision | None:
        """Take in a reading, and return what is to be done.

        What is about to be done is reported back by `done` (a way back, once it is),
        what may not have been by `lost`, and what was not by `undone`.
        """
        self.found_done = None
        self._notice_others(now)
        self._rise.see(now.snapshot, now.clock)
        levels = list(_levels(now, self._rise))
        worst = self._worst(levels, now)
        if worst is not None:
            self._recovered_since = None
            return self._act(worst, now)
        return self._recover(levels, now)

    def done(self, decision: Decision, now: Moment) -> None:
        """Note that a decision is carried out."""
        undo = (self.hold, self._former, self.is_unsure, self._lost)
        self._acted_at = now.clock
        self._lost = None
        self._passed.clear()
        self._recovered_since = None
        if decision.step is Step.RETURN:
            self._hold_only(_without_pause(self.hold))
            self._returns.note(now.time, now.clock)
        elif decision.step in (Step.LOWER, Step.PAUSE):
            self._undo = undo
            before = self.hold.before if self.hold else decision.before
            point = decision.point or decision.before
            if before is not None and point is not None:
                # Of two in a row that were lost, the former is what a reading showed.
                self._former = self._former if self.is_unsure else self.hold
                self.is_unsure = True
                self.hold = Hold(
                    before=before,
                    point=point,
                    cause=decision.cause,
                    since=self.hold.since if self.hold else now.time,
                    paused=decision.step is Step.PAUSE,
                    for_power=self._draws_too_much
                    or (self.hold is not None and self.hold.for_power),
                )

    def taken(self, point: OperatingPoint | None) -> None:
        """Note what the firmware made of the setting that is held."""
        if self.hold is not None and point is not None:
            self.hold = replace(self.hold, point=point)

    def lost(self, decision: Decision, clock: float) -> None:
        """Note that nobody knows whether a decision was done: readings will show it."""
        self._acted_at = None
        self._lost, self._lost_at = decision, clock

    def undone(self, decision: Decision) -> None:
        """Note that nothing of a decision was sent."""
        self._acted_at = None
        if decision.step is not Step.RETURN:
            self.hold, self._former, self.is_unsure, self._lost = self._undo

    def release(self) -> None:
        """Forget what the guard put in place: somebody else decides now."""
        self._hold_only(None)

    def leave_paused(self) -> None:
        """Leave a pause to the person who wants it, too: it is not ended by itself."""
        self._hold_only(_without_pause(self.hold))

    def _hold_only(self, hold: Hold | None) -> None:
        self.hold, self._former, self.is_unsure = hold, None, False
        self._undo = (hold, None, False, None)
        self._recovered_since = None

    def forget(self) -> None:
        """Begin all waiting times anew, because for a while nobody looked."""
        self._passed.clear()
        self._recovered_since = None
        self._rise = Rise()

    def cool_seconds(self, now: Moment) -> float:
        """Return how long all must be well before the guard goes back, in s."""
        returns = self._returns.count(now.time, now.clock)
        return min(_COOL * 2.0**returns, _LONGEST_COOL)

    def _notice_others(self, now: Moment) -> None:
        """Give way to a person who changed the setting, or resumed mining."""
        if self.hold is None:
            return
        if now.chosen is None:
            # What was chosen for another board is not gone back to on this one.
            self.release()
            return
        lost, shown = self._lost, _shows(now.snapshot, self.hold)
        if self.is_unsure and shown:
            self._former, self.is_unsure = None, False
            if lost is not None and lost.step is not Step.RETURN:
                self._lost, self.found_done = None, lost
        if self._acted_at is not None and now.clock - self._acted_at < _SETTLE:
            return
        if self.is_unsure:
            if shown is None or self._may_show_yet(now.clock):
                return
            self._hold_only(self._former)
        if lost is not None and lost.step is Step.RETURN and _shows_end(now, self.hold):
            self.done(lost, now)
            self.found_done = lost
        self._lost = None
        self._give_way(now.snapshot)

    def _may_show_yet(self, clock: float) -> bool:
        return self._lost is not None and clock - self._lost_at < _SETTLE

    def _give_way(self, snapshot: Snapshot) -> None:
        """Let go of what a reading shows to be otherwise."""
        if self.hold is not None and self.hold.paused:
            if snapshot.state is not MiningState.MINING:
                return
            # Resumed by a person or a restart: only the pause is over.
            self.leave_paused()
        point = snapshot.operating_point
        if self.hold and point is not None and not self.hold.point.reads_as(point):
            self.release()

    def _worst(self, levels: Sequence[_Level], now: Moment) -> _Level | None:
        """Return the level to act on that has been passed for certain.

        The most urgent one first.
        """
        clock = now.clock
        certain: list[_Level] = []
        for level in levels:
            if level.exceeded:
                first = self._passed.setdefault(level.cause, clock)
                if level.urgent or clock > first:
                    certain.append(level)
            elif level.value is not None:
                self._passed.pop(level.cause, None)
            elif clock - self._passed.get(level.cause, clock) > _MEMORY:
                del self._passed[level.cause]
        self._draws_too_much = any(level.cause is Cause.POWER for level in certain)
        only_reported = now.options.heat_action is HeatAction.NOTIFY
        return max(
            (level for level in certain if not (only_reported and level.is_heat)),
            key=lambda level: level.urgent,
            default=None,
        )

    def _act(self, level: _Level, now: Moment) -> Decision | None:
        options, snapshot = now.options, now.snapshot
        if snapshot.state not in (MiningState.MINING, MiningState.STARTING):
            # It is stopped already, by a person, the firmware or a fault.
            return None
        if (
            self._acted_at is not None
            and now.clock - self._acted_at < _SETTLE
            and not level.urgent
        ):
            return None
        point = snapshot.operating_point
        # Firmware that cannot pause can be slowed down.
        pauses = snapshot.capabilities.can_stop_mining
        if level.is_heat and options.heat_action is HeatAction.PAUSE and pauses:
            return Decision(
                step=Step.PAUSE,
                cause=level.cause,
                value=level.value,
                limit=level.limit,
                before=point,
            )
        lower = _lower(level, now)
        if lower is None:
            return None
        return Decision(
            step=Step.LOWER,
            cause=level.cause,
            value=level.value,
            limit=level.limit,
            point=lower,
            before=point,
        )

    def _recover(self, levels: Sequence[_Level], now: Moment) -> Decision | None:
        """Go back to the chosen setting once all has been well for long enough."""
        hold = self.hold
        if hold is None or not now.options.return_when_cool:
            self._recovered_since = None
            return None
        if not hold.paused and _is_outside(now.limits, hold):
            # The range was narrowed meanwhile: nobody can go back there.
            self.release()
            return None
        if not hold.paused and not _works(now.snapshot):
            # Paused by a person, or without work: nothing is proven by being cool.
            self._recovered_since = None
            return None
        if hold.for_power and not hold.paused and not _may_return_to_power(hold, now):
            return None
        # A paused miner may report no temperature: what is known must be cool, and of
        # chips without power the time alone is enough.
        known = {
            level.cause: level.recovered
            for level in levels
            if level.recovered is not None
        }
        if not all(known.values()):
            self._recovered_since = None
            return None
        if hold.cause not in {level.cause for level in levels} - known.keys():
            self._known_at = now.clock
        elif not hold.paused:
            if self._known_at is None or now.clock - self._known_at > _MEMORY:
                self._recovered_since = None
            return None
        if self._recovered_since is None:
            self._recovered_since = now.clock
        self._returns.look(now.time)
        if now.clock - self._recovered_since < self.cool_seconds(now):
            return None
        return Decision(
            step=Step.RETURN,
            cause=Cause.COOL_AGAIN,
            point=None if hold.paused else hold.before,
            before=now.snapshot.operating_point,
        )


def critical_asic_level(snapshot: Snapshot, options: GuardOptions) -> float:
    """Return the °C of an ASIC at which the guard acts, below the firmware's trip."""
    return _below_trip(options.asic_critical, snapshot.asic_limit)


def critical_vr_level(snapshot: Snapshot, options: GuardOptions) -> float:
    """Return the °C of the regulator at which the guard acts, below the trip."""
    return _below_trip(options.vr_critical, snapshot.vr_limit)


def heat_thresholds(
    snapshot: Snapshot, options: GuardOptions
) -> tuple[Threshold, Threshold]:
    """Return from how many °C on an ASIC, and the regulator, are warm and too hot."""
    asic = critical_asic_level(snapshot, options)
    vr = critical_vr_level(snapshot, options)
    return (
        Threshold(min(options.asic_warning, asic), asic),
        Threshold(min(options.vr_warning, vr), vr),
    )


def cool_levels(snapshot: Snapshot, options: GuardOptions) -> tuple[float, float]:
    """Return the °C up to which an ASIC, and the regulator, count as cool again.

    Levels of the swarm and of the miner, or a firmware that stops early, may contradict
    each other: what is nearly critical is never cool.
    """
    asic = critical_asic_level(snapshot, options) - _MARGIN
    vr = critical_vr_level(snapshot, options) - _MARGIN
    return min(options.asic_warning, asic), min(options.vr_warning, vr)


def _below_trip(level: float, trip: float | None) -> float:
    return level if trip is None else min(level, trip - _MARGIN)


def _levels(now: Moment, rise: Rise) -> Iterator[_Level]:
    snapshot, options = now.snapshot, now.options
    cooling, electrical = snapshot.cooling, snapshot.electrical
    cool_asic, cool_vr = cool_levels(snapshot, options)
    for cause, value, soon, limit, cool, trip in (
        (
            Cause.ASIC_HEAT,
            cooling.hottest_asic_temperature,
            rise.asic,
            critical_asic_level(snapshot, options),
            cool_asic,
            snapshot.asic_limit,
        ),
        (
            Cause.VR_HEAT,
            cooling.vr_temperature,
            rise.vr,
            critical_vr_level(snapshot, options),
            cool_vr,
            snapshot.vr_limit,
        ),
    ):
        urgent = (
            value is not None
            and trip is not None
            and (
                value >= trip - _URGENT
                or (
                    soon is not None
                    and value >= limit - _NEAR
                    and value + soon >= trip - _URGENT
                )
            )
        )
        yield _Level(
            cause,
            value,
            limit,
            exceeded=urgent or (value is not None and value >= limit),
            urgent=urgent,
            recovered=None if value is None else value <= cool,
        )
    if options.maximum_power is not None:
        power = electrical.power
        yield _Level(
            Cause.POWER,
            power,
            options.maximum_power,
            exceeded=power is not None and power > options.maximum_power,
            urgent=False,
            recovered=None if power is None else power <= options.maximum_power,
        )
    nominal, voltage = electrical.nominal_voltage, electrical.input_voltage
    if options.minimum_input_voltage is not None and nominal is not None:
        limit = nominal * options.minimum_input_voltage / 100
        well = nominal * (options.minimum_input_voltage + _VOLTAGE_RECOVERY) / 100
        yield _Level(
            Cause.INPUT_VOLTAGE,
            voltage,
            limit,
            exceeded=voltage is not None and voltage < limit,
            urgent=False,
            recovered=None if voltage is None else voltage >= well,
        )


def _lower(level: _Level, now: Moment) -> OperatingPoint | None:
    """Return the next lower clock within the board's limits; `None` if there is none.

    The core voltage stays, whatever it is: what is enough for a clock is enough for a
    lower one. A clock that the firmware offers is taken where one is near, because some
    forks accept no other.
    """
    point, limits = now.snapshot.operating_point, now.limits
    if point is None or limits is None:
        return None
    factor = _URGENT_STEP if level.urgent else _STEP
    if level.cause is Cause.POWER and level.value:
        factor = min(level.limit / level.value * _POWER_AIM, 1.0)
    lowest, highest = limits.frequency
    # Somebody may have gone beyond the limits in the web interface.
    wanted = min(max(float(int(point.frequency * factor)), lowest), highest)
    offered = [
        frequency
        for frequency in now.frequencies
        if lowest <= frequency <= wanted and frequency >= wanted * _STEP
    ]
    frequency = max(offered, default=wanted)
    if frequency > point.frequency - ROUNDING:
        return None
    return OperatingPoint(frequency=frequency, core_voltage=point.core_voltage)


def _works(snapshot: Snapshot) -> bool:
    """Return whether a miner heats and draws what its setting makes it."""
    return snapshot.state is MiningState.MINING and snapshot.hashing.hashrate != 0


def _shows(snapshot: Snapshot, hold: Hold) -> bool | None:
    """Return whether a reading shows what is held; `None` if it says neither."""
    if hold.paused:
        mines = snapshot.state is MiningState.MINING
        return (
            None
            if not mines and snapshot.state is not MiningState.PAUSED
            else not mines
        )
    point = snapshot.operating_point
    return None if point is None else hold.point.reads_as(point)


def _shows_end(now: Moment, hold: Hold | None) -> bool:
    """Return whether a reading shows that the guard went back."""
    if hold is None:
        return False
    if hold.paused:
        return now.snapshot.state is MiningState.MINING
    point = now.snapshot.operating_point
    return hold.before.reads_as(point)


def _without_pause(hold: Hold | None) -> Hold | None:
    """Return what is left of a hold when its setting is taken back or its pause over.

    A miner that was slowed down before it was paused mines on slowly.
    """
    if hold is None or not hold.paused or hold.point.reads_as(hold.before):
        return None
    return replace(hold, paused=False)


def _may_return_to_power(hold: Hold, now: Moment) -> bool:
    """Return whether the setting before a hold would keep to the present power limit.

    Power grows at least in proportion to the clock (`P = c + k · MHz · V²`).
    """
    limit, power = now.options.maximum_power, now.snapshot.electrical.power
    if limit is None:
        return True
    if power is None or not hold.point.frequency:
        return False
    return power * hold.before.frequency / hold.point.frequency <= limit * _POWER_AIM


def _is_outside(limits: Limits | None, hold: Hold) -> bool:
    """Return whether going back would take a write that the board's limits refuse.

    The core voltage is written only where it differs, and the guard never changes it.
    """
    if limits is None:
        return False
    before, voltage = hold.before, hold.point.core_voltage
    (low, high), (low_mv, high_mv) = limits.frequency, limits.core_voltage
    return not (
        low <= before.frequency <= high
        and (before.core_voltage == voltage or low_mv <= before.core_voltage <= high_mv)
    )
