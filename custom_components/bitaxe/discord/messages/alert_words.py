"""Figures and alerts in words."""

from collections.abc import Iterable
from dataclasses import dataclass
import re
from typing import Final

from ...alerts.kinds import KINDS
from ...alerts.model import Alert, AlertKind, AlertPhase, Severity, unit_of
from ...formatting import UNKNOWN, Texts
from .colors import Condition

_BEFORE_UNIT: Final = re.compile(
    r"(?<=[\d–]) (?=(?:[GT]H/s|J/TH|k?Wh?|°C|V|%|MHz|mV)(?![\w/]))"
)
_SHORT_COLUMNS: Final = 6
_SHORT_STEPS: Final = (
    (86_400, "number_format.days_short"),
    (3600, "number_format.hours_short"),
    (60, "number_format.minutes_short"),
    (1, "number_format.seconds_short"),
)


@dataclass(frozen=True, slots=True)
class Who:
    """Whom an alert is about: one miner, or several."""

    count: int
    one: str
    """Name of the only one, escaped."""

    def name(self, texts: Texts) -> str:
        """Return what stands in a sentence for them."""
        if self.count == 1:
            return self.one
        return texts("discord_message.miners", count=self.count)


def short_duration(seconds: float | None, texts: Texts) -> str:
    """Write a time in at most six columns, with its two largest units if they fit."""
    if seconds is None:
        return UNKNOWN
    rest = round(seconds)
    text = ""
    for size, unit in _SHORT_STEPS:
        count, rest = divmod(rest, size)
        longer = text + texts(unit, count=count) if count else text
        if text:
            return longer if len(longer) <= _SHORT_COLUMNS else text
        text = longer
    return text or texts("number_format.seconds_short", count=0)


def joined(parts: Iterable[str | None]) -> str:
    """Return what there is to say in one line, which breaks beside no unit."""
    return _BEFORE_UNIT.sub("\u00a0", " · ".join(part for part in parts if part))


def ago(time: float) -> str:
    """Write how long a Unix time is ago, as Discord shows it."""
    return f"<t:{round(time)}:R>"


_CONDITIONS: Final = {
    Severity.CRITICAL: Condition.BAD,
    Severity.WARNING: Condition.NOTICE,
    Severity.INFO: Condition.GOOD,
}


def cause(alert: Alert, texts: Texts) -> str | None:
    """Return the reason, or action, of an alert that makes it another one in words."""
    reason = alert.data.get("action", alert.data.get("reason"))
    if reason is None or not _has_words(alert.kind, str(reason), texts):
        return None
    return str(reason)


def alert_condition(kind: AlertKind) -> Condition:
    """Return how bad a kind of alert is."""
    return _CONDITIONS[KINDS[kind].severity]


def alert_title(
    kind: AlertKind, phase: AlertPhase, reason: str | None, who: Who, texts: Texts
) -> str:
    """Return what is to be said of one miner or several, in a sentence."""
    name = phase.value
    if phase is not AlertPhase.CLEARED and _has_words(kind, reason, texts):
        name = f"{reason}_{name}"
    return texts(
        f"discord_alert.{kind.value}_{name}", who=who.name(texts), count=who.count
    )


def alert_state(kind: AlertKind, texts: Texts, reason: str | None = None) -> str:
    """Return what a miner is like, such as "offline"."""
    if _has_words(kind, reason, texts):
        return texts(f"discord_alert.{kind.value}_{reason}_state")
    return texts(f"discord_alert.{kind.value}_state")


def remedy(kind: AlertKind, texts: Texts, reason: str | None = None) -> str:
    """Return what to do about it, in a sentence; empty if there is nothing to do."""
    if _has_words(kind, reason, texts):
        return texts.find(f"discord_alert.{kind.value}_{reason}_remedy") or ""
    return texts.find(f"discord_alert.{kind.value}_remedy") or ""


def _has_words(kind: AlertKind, reason: str | None, texts: Texts) -> bool:
    """Return whether a reason makes an alert another one in words."""
    return texts.find(f"discord_alert.{kind.value}_{reason}_state") is not None


def measured(alert: Alert, texts: Texts) -> str:
    """Return what was measured, with its limit; empty where nothing is."""
    value = _measured(alert, texts)
    if alert.unread_since is None:
        return value
    when = ago(alert.unread_since)
    if not value:
        return texts("discord_alert.unread", when=when)
    return texts("discord_alert.unread_value", value=value, when=when)


def _measured(alert: Alert, texts: Texts) -> str:
    if alert.value is None or (unit := unit_of(alert)) is None:
        return ""
    digits = 2 if unit == "V" else 1
    value = texts.number(alert.value, digits, unit)
    if alert.limit is None:
        return value
    limit = texts.number(alert.limit, digits, unit)
    return texts("discord_alert.limit", value=value, limit=limit)
