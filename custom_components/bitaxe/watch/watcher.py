"""Watches one miner: what is told, once each. Pure.

Time comes in from outside, state goes out as plain values for storage.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Final, TypedDict

from .alerts import Alert, AlertKind, AlertPhase, Rule
from .conditions import CONDITIONS, Observation, Verdict
from .happenings import HAPPENING, Known

_DAY: Final = 86_400.0
# More often in a day than this it does not matter how often.
_MOST_COUNTED: Final = 100


class StoredWatch(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    raised: dict[str, dict[str, Any]]
    raised_at: dict[str, list[float]]
    known: dict[str, Any]


@dataclass(slots=True)
class _Pending:
    """A condition that holds, but not long enough yet."""

    since: float
    """Unix time."""
    lasted: float = 0.0
    """s for which it was seen to hold; while it is unknown, they do not pass."""
    seen_at: float | None = None
    """When it was last seen to hold, by the clock that nobody sets."""


class Watcher:
    """Turns the observations of one miner into alerts."""

    def __init__(
        self, rules: Mapping[AlertKind, Rule], stored: StoredWatch | None = None
    ) -> None:
        """Continue from what `as_dict` returned before a restart.

        What was raised by a rule that is switched off by now is forgotten untold.
        """
        self._rules = rules
        self._pending: dict[AlertKind, _Pending] = {}
        self._raised: dict[AlertKind, Alert] = {}
        self._raised_at: dict[AlertKind, list[float]] = {}
        self.known = Known()
        """The counters of the miner as they were last seen."""
        if stored is not None:
            self._restore(stored)

    @property
    def active(self) -> tuple[Alert, ...]:
        """What is raised and not yet cleared."""
        return tuple(self._raised.values())

    def as_dict(self) -> StoredWatch:
        """Return everything that must outlive a restart of Home Assistant."""
        return {
            "raised": {
                kind.value: {
                    "value": alert.value,
                    "limit": alert.limit,
                    "since": alert.since,
                    "data": dict(alert.data),
                }
                for kind, alert in self._raised.items()
            },
            "raised_at": {
                kind.value: list(times) for kind, times in self._raised_at.items()
            },
            "known": asdict(self.known),
        }

    def update(self, seen: Observation) -> list[Alert]:
        """Take in an observation, and return what there is to tell."""
        alerts: list[Alert] = []
        for kind, condition in CONDITIONS.items():
            rule = self._rules[kind]
            if rule.enabled:
                raised = kind in self._raised
                verdict = condition(seen, rule, raised)
                alert = (
                    self._clear(kind, verdict, seen.time)
                    if raised
                    else self._wait(kind, verdict, rule, seen)
                )
                if alert is not None:
                    alerts.append(alert)
        for kind, happening in HAPPENING.items():
            if self._rules[kind].enabled:
                happened = happening(seen, self.known)
                if happened is not None:
                    alerts.append(happened)
        self.known = self.known.after(seen)
        return alerts

    def _restore(self, stored: StoredWatch) -> None:
        for name, values in stored["raised"].items():
            kind = _kind(name)
            if kind is not None and self._rules[kind].enabled:
                self._raised[kind] = Alert(kind=kind, phase=AlertPhase.RAISED, **values)
        for name, times in stored["raised_at"].items():
            kind = _kind(name)
            if kind is not None:
                self._raised_at[kind] = list(times)
        self.known = Known(**stored["known"])

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
                pending.seen_at = None
            return None
        if pending is None:
            pending = self._pending[kind] = _Pending(seen.time)
        elif pending.seen_at is not None:
            pending.lasted += seen.clock - pending.seen_at
        pending.seen_at = seen.clock
        if pending.lasted < rule.for_seconds and not verdict.at_once:
            return None
        del self._pending[kind]
        alert = Alert(
            kind=kind,
            phase=AlertPhase.RAISED,
            value=verdict.value,
            limit=verdict.limit,
            since=pending.since,
            data={**verdict.data, "count_24h": self._count(kind, seen.time)},
        )
        self._raised[kind] = alert
        return alert

    def _clear(self, kind: AlertKind, verdict: Verdict, now: float) -> Alert | None:
        """Clear what is over."""
        if verdict.holds is not False:
            return None
        alert = self._raised.pop(kind)
        return replace(
            alert,
            phase=AlertPhase.CLEARED,
            value=verdict.value,
            limit=verdict.limit,
            data={**alert.data, "seconds": round(max(now - alert.since, 0.0))},
        )

    def _count(self, kind: AlertKind, now: float) -> int:
        """Return how often a kind was raised within a day, this time included."""
        times = [
            time for time in self._raised_at.get(kind, []) if 0 <= now - time < _DAY
        ]
        self._raised_at[kind] = [*times, now][-_MOST_COUNTED:]
        return len(self._raised_at[kind])


def _kind(name: str) -> AlertKind | None:
    """Return the kind that is raised and cleared under this name, if there is one."""
    return next((kind for kind in CONDITIONS if kind.value == name), None)
