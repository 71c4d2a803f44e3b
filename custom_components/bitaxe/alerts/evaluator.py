"""Watches one miner: what is reported, once each. Pure.

Time comes in from outside, state goes out as plain values for storage.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, NotRequired, TypedDict

from ..axeos import bounds
from ..miner.events import Occurrence, count_occurrences
from ..miner.meter import Figures
from ..storage.stored_object import ANY_COUNT, MEASURED, TIME, StoredObject, as_stored
from .kinds import KINDS, AlertKind
from .model import Alert, AlertPhase
from .observation import Observation, OneTime, Rule, Verdict

_DAY: Final = 86_400.0
# s after the last trial of the tuner in which means still hold what it tried.
_TRIALS_LINGER: Final = 600.0
# Times in a day up to which a kind of alert is counted; beyond, the number says no
# more.
_MOST_COUNTED: Final = 100
_COUNT: Final = "count_24h"
_OVER: Final[Mapping[str, object]] = {}
_ENDED: Final[Mapping[str, object]] = {"unmeasured": True}
_REMOVED: Final[Mapping[str, object]] = {"removed": True}
# Share of the time without a measurement after which an alert ends: so much of it is
# written to the file at once, and so little lost with a killed process.
_UNMEASURED_STEP: Final = 1 / 60


class StoredWatch(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    raised: dict[str, dict[str, Any]]
    raised_at: dict[str, list[float]]
    best_difficulty: float | None
    silent_until: NotRequired[float | None]
    """Unix time until which somebody works on the miner."""


@dataclass(slots=True)
class _Pending:
    """A condition that holds, but not long enough yet."""

    since: float
    """Unix time."""
    began: float
    """The same moment, by the clock that nobody sets."""
    seen_at: float
    """When it was last seen to hold, by the clock that nobody sets."""
    lasted: float = 0.0
    """Seconds for which it was seen to hold, with short gaps in which it was
    unknown."""
    unknown: bool = False
    """Whether it has been unknown since it was last seen to hold."""


@dataclass(slots=True)
class _Raised:
    """What is raised, as it is now."""

    alert: Alert
    judged_at: float
    """Unix time of the last reading that could judge it."""
    began: float | None = None
    """When it began, by the clock that nobody sets; `None` from before a restart of
    Home Assistant, when only Unix time is known."""
    unmeasured: float = 0.0
    """Seconds of readings since that could not."""
    looked_at: float | None = None
    """When one of those was taken in, by the clock that nobody sets."""


class Watcher:
    """Turns the observations of one miner into alerts."""

    def __init__(
        self,
        rules: Mapping[AlertKind, Rule],
        stored: StoredObject | StoredWatch | None = None,
    ) -> None:
        """Continue from what `as_dict` returned before a restart.

        What was raised by a rule that is switched off by now is forgotten unreported.
        """
        self._rules = rules
        self._enabled = [
            (kind, specification, rule)
            for kind, specification in KINDS.items()
            if (rule := rules[kind]).enabled
        ]
        self._pending: dict[AlertKind, _Pending] = {}
        self._raised: dict[AlertKind, _Raised] = {}
        self._raised_at: dict[AlertKind, list[float]] = {}
        self.best_difficulty: float | None = None
        """Best share of the miner; known also while it cannot be read."""
        self.silent_until: float | None = None
        """Unix time until which somebody works on the miner, also while it is not set
        up and cannot say so itself."""
        self._tuned_at: float | None = None
        """When the tuner was last seen to try settings, by the clock that nobody
        sets."""
        self._known: Figures | None = None
        """Counters that a version before 0.2 kept here, until they are compared."""
        self._restore(as_stored(stored))

    @property
    def active(self) -> tuple[Alert, ...]:
        """What is raised and not yet cleared, with its present value."""
        return tuple(raised.alert for raised in self._raised.values())

    @property
    def unmeasured(self) -> tuple[int, ...]:
        """How long each raised alert could not be judged, in the steps of the file."""
        return tuple(
            int(
                raised.unmeasured // (KINDS[kind].longest_unmeasured * _UNMEASURED_STEP)
            )
            for kind, raised in self._raised.items()
        )

    def as_dict(self) -> StoredWatch:
        """Return everything that must outlive a restart of Home Assistant."""
        return {
            "raised": {
                kind.value: {
                    "value": raised.alert.value,
                    "limit": raised.alert.limit,
                    "since": raised.alert.since,
                    "data": dict(raised.alert.data),
                    "told_at": raised.judged_at,
                    "unmeasured": raised.unmeasured,
                }
                for kind, raised in self._raised.items()
            },
            "raised_at": {
                kind.value: list(times) for kind, times in self._raised_at.items()
            },
            "best_difficulty": self.best_difficulty,
            "silent_until": self.silent_until,
        }

    def update(self, seen: Observation) -> list[Alert]:
        """Take in an observation, and return what there is to report."""
        alerts: list[Alert] = []
        happened = (*self._missed(seen), *seen.occurrences)
        trying = self._is_trying(seen)
        for kind, specification, rule in self._enabled:
            if specification.condition is not None:
                raised = kind in self._raised
                if trying and specification.caused_by_tuning and not raised:
                    self._pending.pop(kind, None)
                    continue
                verdict = specification.condition(seen, rule, raised)
                if raised:
                    alert = self._go_on(kind, verdict, seen)
                elif verdict.holds is False and not self._pending:
                    # The usual case, of nearly every kind at each reading.
                    continue
                else:
                    alert = self._wait(kind, verdict, rule, seen)
                if alert is not None:
                    alerts.append(alert)
            elif specification.one_time_condition is not None and happened:
                found = (
                    specification.one_time_condition(item, seen) for item in happened
                )
                alerts += [_happened(kind, item) for item in found if item is not None]
        self._note_best(seen)
        return alerts

    def _is_trying(self, seen: Observation) -> bool:
        """Return whether the tuner tries settings, or did so shortly before."""
        if seen.tuning:
            self._tuned_at = seen.clock
        return (
            self._tuned_at is not None and seen.clock - self._tuned_at <= _TRIALS_LINGER
        )

    def pass_over(self, seen: Observation) -> None:
        """Take in an observation of a miner that somebody works on, and report nothing.

        What happens meanwhile is never reported. What was raised before stays raised,
        and is judged again when the work is done; everything else must last anew.
        """
        self._pending.clear()
        self._known = None
        self._note_best(seen)

    def _note_best(self, seen: Observation) -> None:
        best = seen.reading.figures.best_difficulty if seen.reading else None
        if best is not None:
            self.best_difficulty = best

    def _missed(self, seen: Observation) -> list[Occurrence]:
        """Return what a version before 0.2 had not reported yet when it was stopped."""
        known, types = self._known, {item.type for item in seen.occurrences}
        if known is None or seen.reading is None:
            return []
        self._known = None
        return [
            item
            for item in count_occurrences(known, seen.reading)
            if item.type not in types
        ]

    def _restore(self, stored: StoredObject) -> None:
        """Take in what can be read; kinds of another version are left out."""
        raised = stored.child("raised")
        for name, values in raised.children():
            kind = _kind(name)
            since = values.number("since", TIME)
            judged_at = values.number("told_at", TIME)
            unmeasured = values.number("unmeasured", ANY_COUNT) or 0.0
            alert = None
            if kind is not None and since is not None:
                alert = Alert(
                    kind=kind,
                    phase=AlertPhase.RAISED,
                    value=values.number("value", MEASURED),
                    limit=values.number("limit", MEASURED),
                    since=since,
                    data=values.plain("data"),
                )
            values.finish()
            if alert is None:
                raised.lose(name)
            elif self._rules[alert.kind].enabled:
                self._raised[alert.kind] = _Raised(
                    alert,
                    alert.since if judged_at is None else judged_at,
                    unmeasured=unmeasured,
                )
        raised_at = stored.child("raised_at")
        for name in raised_at:
            times = raised_at.numbers(name, TIME)
            if (kind := _kind(name)) is None:
                raised_at.lose(name)
            elif times:
                self._raised_at[kind] = times[-_MOST_COUNTED:]
        self.best_difficulty = stored.number("best_difficulty", bounds.DIFFICULTY)
        self.silent_until = stored.number("silent_until", TIME)
        known = stored.child("known")
        restarts = known.integer("restarts", ANY_COUNT)
        if restarts is not None:
            self._known = Figures(
                restarts=restarts,
                best_difficulty=known.number("best_difficulty", bounds.DIFFICULTY),
                blocks_found=known.integer("blocks_found", bounds.BLOCKS),
            )
            self.best_difficulty = self._known.best_difficulty
        known.finish()
        stored.finish()

    def _wait(
        self, kind: AlertKind, verdict: Verdict, rule: Rule, seen: Observation
    ) -> Alert | None:
        """Raise what has lasted long enough."""
        if verdict.holds is False:
            self._pending.pop(kind, None)
            return None
        pending = self._pending.get(kind)
        if verdict.holds is None:
            if pending is not None:
                pending.unknown = True
            return None
        if pending is None:
            pending = self._pending[kind] = _Pending(seen.time, seen.clock, seen.clock)
        elapsed = seen.clock - pending.seen_at
        if not pending.unknown or elapsed <= seen.longest_gap:
            pending.lasted += elapsed
        pending.seen_at = seen.clock
        pending.unknown = False
        if pending.lasted < rule.for_seconds and not verdict.at_once:
            return None
        del self._pending[kind]
        alert = Alert(
            kind=kind,
            phase=AlertPhase.RAISED,
            value=verdict.value,
            limit=verdict.limit,
            since=pending.since,
            data={**verdict.data, _COUNT: self._count(kind, seen.time)},
        )
        self._raised[kind] = _Raised(alert, seen.time, pending.began)
        return alert

    def _go_on(
        self, kind: AlertKind, verdict: Verdict, seen: Observation
    ) -> Alert | None:
        """Keep what is raised up to date, and clear what is over."""
        raised = self._raised[kind]
        is_gone = KINDS[kind].is_gone
        if is_gone is not None and is_gone(raised.alert.data, seen):
            return self._clear(raised, seen, None, raised.alert.limit, _REMOVED)
        if verdict.holds is None:
            return self._miss(raised, seen)
        if verdict.holds:
            count = {
                name: value
                for name, value in raised.alert.data.items()
                if name == _COUNT
            }
            alert = replace(
                raised.alert,
                value=verdict.value,
                limit=verdict.limit,
                unread_since=None,
                data={**verdict.data, **count},
            )
            self._raised[kind] = _Raised(alert, seen.time, raised.began)
            return None
        return self._clear(raised, seen, verdict.value, verdict.limit)

    def _miss(self, raised: _Raised, seen: Observation) -> Alert | None:
        """Note that an alert cannot be judged, and end it when that lasts.

        Of a miner that is not read at all it is kept: nothing says that it is over.
        """
        # What seems to lie ahead was judged before the clock was set back.
        raised.judged_at = min(raised.judged_at, seen.time)
        raised.alert = replace(raised.alert, unread_since=raised.judged_at)
        if seen.reading is None:
            raised.looked_at = None
            return None
        if raised.looked_at is not None:
            raised.unmeasured += seen.clock - raised.looked_at
        raised.looked_at = seen.clock
        if raised.unmeasured < KINDS[raised.alert.kind].longest_unmeasured:
            return None
        return self._clear(raised, seen, None, raised.alert.limit, _ENDED)

    def _clear(
        self,
        raised: _Raised,
        seen: Observation,
        value: float | None,
        limit: float | None,
        data: Mapping[str, object] = _OVER,
    ) -> Alert:
        alert, began = raised.alert, raised.began
        seconds = seen.time - alert.since if began is None else seen.clock - began
        del self._raised[alert.kind]
        return replace(
            alert,
            phase=AlertPhase.CLEARED,
            value=value,
            limit=limit,
            unread_since=None,
            data={
                **alert.data,
                **data,
                "seconds": round(max(seconds, 0.0)),
            },
        )

    def _count(self, kind: AlertKind, now: float) -> int:
        """Return how often a kind was raised within a day, this time included."""
        # Those that lie ahead were noted before the clock was set back.
        times = [
            time for time in self._raised_at.get(kind, []) if abs(now - time) < _DAY
        ]
        self._raised_at[kind] = [*times, now][-_MOST_COUNTED:]
        return len(self._raised_at[kind])


def _happened(kind: AlertKind, item: OneTime) -> Alert:
    return Alert(
        kind=kind,
        phase=AlertPhase.HAPPENED,
        value=item.value,
        limit=item.limit,
        since=item.since,
        data=item.data,
    )


def _kind(name: str) -> AlertKind | None:
    """Return the kind that is raised and cleared under this name, if there is one."""
    return next(
        (
            kind
            for kind, specification in KINDS.items()
            if kind.value == name and specification.condition is not None
        ),
        None,
    )
