"""Decides when a miner is to prefer its fallback pool or its primary. Pure.

Only for firmware that reports which one it prefers (AxeOS from v2.15 on), because a
write that nobody can read back is none. A change takes a restart, so the caller spends
it from the budget of the watchdog. Time comes in from outside; state goes out as plain
values.
"""

from dataclasses import dataclass
from typing import Any, Final

from .model import Cause, Decision, GuardOptions, Step
from .tally import Tally

_MINUTE: Final = 60.0
# s after trouble before the primary pool is tried again, doubled with each time of a
# day.
_PAUSE: Final = 60 * _MINUTE
_MOST_TROUBLES: Final = 3
"""Changes because of trouble within a day."""

FOR_SECONDS: Final = {Cause.POOL_REJECTS: 15 * _MINUTE, Cause.POOL_BLIND: 15 * _MINUTE}
"""Seconds for which each must last."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolMoment:
    """Which pool a miner prefers at one moment, and how it fares; `None` is unknown."""

    time: float
    """Unix time."""
    clock: float
    """Seconds of a clock that nobody sets."""
    minute: int
    """Of the day, where people live."""
    prefers_fallback: bool
    troubles: dict[Cause, bool | None]
    """How the miner fares at its primary pool; empty while it is not there."""
    primary_answers: bool | None


class PoolChoice:
    """Which pool one miner is to prefer."""

    def __init__(self, stored: dict[str, Any] | None = None) -> None:
        """Continue from what `as_dict` returned before a restart."""
        stored = stored or {}
        cause = stored.get("cause")
        self._cause = (
            Cause(cause) if isinstance(cause, str) and cause in Cause else None
        )
        """Why it prefers the fallback pool, if that is our doing."""
        self._troubles = Tally(stored.get("troubles"))
        self._declined = stored.get("declined") is True
        """Whether somebody undid the change of a schedule that is still in force."""
        self._declined_trouble = stored.get("declined_trouble") is True
        """Whether somebody undid that of trouble which has not been over since."""
        self._calm_since: float | None = None
        """By the clock that nobody sets."""
        self._lasting: dict[Cause, float] = {}
        self._former: Cause | None = None
        """The cause before what was done last."""
        self._lost = _lost_decision(stored.get("lost"))
        """What was decided last, if the restart that it takes is still to come."""
        self._under_way: Decision | None = None
        """What is being done."""

    @property
    def awaits_primary(self) -> bool:
        """Whether the miner was sent to its fallback pool, and is to come back."""
        return self._cause is not None and self._cause is not Cause.SCHEDULE

    @property
    def whose(self) -> tuple[Cause | None, bool, bool]:
        """Whose doing the present preference is, and what somebody has undone."""
        return self._cause, self._declined, self._declined_trouble

    def as_dict(self) -> dict[str, Any]:
        """Return everything that must outlive a restart of Home Assistant.

        What is being done may end with it between the setting and the restart that it
        takes, and is stored as lost.
        """
        cause, troubles, lost = self._cause, self._troubles.as_list(), self._lost
        if self._under_way is not None:
            cause, lost = self._former, self._under_way
            if _is_of_trouble(lost):
                troubles = troubles[:-1]
        return {
            "cause": None if cause is None else cause.value,
            "troubles": troubles,
            "declined": self._declined,
            "declined_trouble": self._declined_trouble,
            "lost": None
            if lost is None
            else {"step": lost.step.value, "cause": lost.cause.value},
        }

    def update(self, now: PoolMoment, options: GuardOptions) -> Decision | None:
        """Take in how it is, and return what is to be done."""
        lost, self._lost = self._lost, None
        if lost is not None and now.prefers_fallback is (lost.step is Step.TO_FALLBACK):
            # The miner took it: all that is left is to restart it.
            return lost
        if self._cause is not None and not now.prefers_fallback:
            # Somebody went back by hand.
            self._declined = True
            self._declined_trouble |= self._cause is not Cause.SCHEDULE
            self._cause = None
        scheduled = in_window(now.minute, options)
        due = self._due(now, options, scheduled=scheduled)
        if self._cause is None:
            if due is None or now.prefers_fallback:
                return None
            return Decision(step=Step.TO_FALLBACK, cause=due)
        over = not scheduled
        if self._cause is not Cause.SCHEDULE:
            over &= bool(now.primary_answers) and self._rested(now)
        return Decision(step=Step.TO_PRIMARY, cause=self._cause) if over else None

    def done(self, decision: Decision, time: float, clock: float) -> None:
        """Note what is about to be done: Unix time, and s of a clock nobody sets."""
        self._lasting.clear()
        self._former, self._lost, self._under_way = self._cause, None, decision
        if decision.step is Step.TO_PRIMARY:
            self._cause = None
            return
        self._cause = decision.cause
        if _is_of_trouble(decision):
            self._troubles.note(time, clock)

    def finished(self) -> None:
        """Note that what was about to be done has been."""
        self._under_way = None

    def undone(self, decision: Decision) -> None:
        """Note that nothing of a decision was sent."""
        if _is_of_trouble(decision):
            self._troubles.take_back()
        self._cause, self._under_way = self._former, None

    def lost(self, decision: Decision) -> None:
        """Note that the miner may prefer what was decided, but was not restarted."""
        self.undone(decision)
        self._lost = decision

    def _due(
        self, now: PoolMoment, options: GuardOptions, *, scheduled: bool
    ) -> Cause | None:
        """Return why the fallback pool is to be preferred, if anything does.

        What a person has undone does not, as long as it goes on.
        """
        self._see_troubles(now)
        if scheduled:
            return None if self._declined else Cause.SCHEDULE
        self._declined = False
        self._troubles.look(now.time)
        spent = self._troubles.count(now.time, now.clock)
        if (
            not options.fallback_on_trouble
            or self._declined_trouble
            or spent >= _MOST_TROUBLES
        ):
            return None
        return next(
            (
                cause
                for cause, since in self._lasting.items()
                if now.clock - since >= FOR_SECONDS[cause]
            ),
            None,
        )

    def _see_troubles(self, now: PoolMoment) -> None:
        """Note since when troubles have lasted, and whether all of them are over."""
        for cause in FOR_SECONDS:
            holds = now.troubles.get(cause, False)
            if holds:
                self._lasting.setdefault(cause, now.clock)
            elif holds is False:
                self._lasting.pop(cause, None)
        if self._lasting or not now.troubles:
            self._calm_since = None
        elif False in now.troubles.values():
            # A miner that has just come to a pool is well at first.
            if self._calm_since is None:
                self._calm_since = now.clock
            if now.clock - self._calm_since >= max(FOR_SECONDS.values()):
                self._declined_trouble = False

    def _rested(self, now: PoolMoment) -> bool:
        times = max(self._troubles.count(now.time, now.clock), 1)
        pause: float = _PAUSE * 2 ** (times - 1)
        return self._troubles.rested(now.time, now.clock) >= pause


def _is_of_trouble(decision: Decision) -> bool:
    """Return whether it counts as one of the few changes because of trouble."""
    return decision.step is Step.TO_FALLBACK and decision.cause is not Cause.SCHEDULE


def _lost_decision(stored: object) -> Decision | None:
    """Restore a decision that was stored; `None` for anything else."""
    try:
        values: dict[str, Any] = dict(stored)  # type: ignore[call-overload]
        step, cause = Step(values["step"]), Cause(values["cause"])
    except TypeError, ValueError, KeyError:
        return None
    if step not in (Step.TO_FALLBACK, Step.TO_PRIMARY):
        return None
    return Decision(step=step, cause=cause)


def in_window(minute: int, options: GuardOptions) -> bool:
    """Return whether the fallback pool is chosen for a minute of the day."""
    start, end = _minute(options.fallback_from), _minute(options.fallback_until)
    if start is None or end is None or start == end:
        return False
    if start < end:
        return start <= minute < end
    return minute >= start or minute < end


def _minute(text: str | None) -> int | None:
    """Return the minute of the day of a time such as 22:30:00."""
    if text is None:
        return None
    hours, minutes = text.split(":")[:2]
    return int(hours) * 60 + int(minutes)
