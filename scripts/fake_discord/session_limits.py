"""How many sessions with the gateway a bot may begin."""

from collections import defaultdict
from enum import StrEnum
from typing import Any

from .clock import now

_DAY = 86_400.0


class Verdict(StrEnum):
    """What Discord does with a bot that begins a session."""

    ALLOWED = "allowed"
    TOO_SOON = "too soon"
    """The session is not valid."""
    EXHAUSTED = "exhausted"
    """The token is reset."""


class SessionLimits:
    """Sessions begun within a day, per application."""

    def __init__(self, total: int = 1000, interval: float = 0.0) -> None:
        """Allow `total` sessions a day, and one within `interval` s."""
        self.total = total
        self.interval = interval
        self._begun: defaultdict[int, list[float]] = defaultdict(list)

    def begin(self, application_id: int) -> Verdict:
        """Count a session, and return what comes of it."""
        begun = self._of_today(application_id)
        # Tests may set the clock back.
        soon = bool(begun) and 0 <= now() - begun[-1] < self.interval
        if len(begun) >= self.total:
            return Verdict.EXHAUSTED
        begun.append(now())
        return Verdict.TOO_SOON if soon else Verdict.ALLOWED

    def describe(self, application_id: int) -> dict[str, Any]:
        """Return them as `GET /gateway/bot` does."""
        begun = self._of_today(application_id)
        return {
            "total": self.total,
            "remaining": max(0, self.total - len(begun)),
            "reset_after": int((begun[0] + _DAY - now()) * 1000) if begun else 0,
            "max_concurrency": 1,
        }

    def _of_today(self, application_id: int) -> list[float]:
        begun = self._begun[application_id]
        begun[:] = [time for time in begun if time > now() - _DAY]
        return begun
