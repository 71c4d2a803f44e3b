"""Alerts. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from .kinds import KINDS, AlertKind, Severity
from .observation import Rule

__all__ = ["Alert", "AlertKind", "AlertPhase", "Rule", "Severity", "unit_of"]


class AlertPhase(StrEnum):
    """Where an alert is in its life."""

    RAISED = "raised"
    CLEARED = "cleared"
    HAPPENED = "happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """What is reported of one miner."""

    kind: AlertKind
    phase: AlertPhase
    value: float | None = None
    """What was measured, in the kind's unit; `None` where there is none. Of an alert
    that is raised it is the present value."""
    limit: float | None = None
    """What it passed, in the same unit."""
    since: float
    """Unix time at which the condition began, or it happened."""
    unread_since: float | None = None
    """Unix time of the last reading that could judge a raised alert; `None` while
    every reading does."""
    data: Mapping[str, object] = field(default_factory=dict)
    """More about it: `reason`, `description`, `previous`, `blocks_found`, …; `seconds`
    that it lasted, once cleared, and `unmeasured` or `removed` if it ended only because
    nothing could be measured any more, or what it was about was removed."""


def unit_of(alert: Alert) -> str | None:
    """Return the unit of an alert's value and limit; `None` for plain figures."""
    unit = alert.data.get("unit")
    return unit if isinstance(unit, str) else KINDS[alert.kind].unit
