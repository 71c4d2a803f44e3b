"""Alerts in words, in the language of this Home Assistant."""

from collections.abc import Iterator, Mapping
import math
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ..formatting import Texts
from ..texts import async_get_texts
from .model import Alert, AlertKind, AlertPhase, unit_of


@callback
def describe(hass: HomeAssistant, alert: Alert) -> str:
    """Return an alert as the rest of a sentence that begins with the miner's name."""
    texts = async_get_texts(hass)
    for unproven in ("unmeasured", "removed"):
        if alert.data.get(unproven):
            return _unproven(unproven, alert, texts)
    reason = _variant(alert, texts)
    text = _text(alert.kind, alert.phase, reason, texts)
    details = ", ".join(_details(alert, texts))
    return f"{text} ({details})" if details else text


def _variant(alert: Alert, texts: Texts) -> str | None:
    """Return the reason, or action, of an alert that has a text of its own."""
    reason = alert.data.get("action", alert.data.get("reason"))
    if alert.phase is AlertPhase.CLEARED or not isinstance(reason, str):
        return None
    known = texts.find(f"alert_message.{alert.kind.value}_{reason}")
    return None if known is None else reason


def _text(kind: AlertKind, phase: AlertPhase, reason: str | None, texts: Texts) -> str:
    return texts(f"alert_message.{kind.value}_{reason or phase.value}")


def _unproven(why: str, alert: Alert, texts: Texts) -> str:
    """Say that an alert has ended without anybody knowing whether it is over."""
    data: Mapping[str, Any] = alert.data
    raised = _text(alert.kind, AlertPhase.RAISED, None, texts)
    text = texts(f"alert_message.{why}")
    details = ", ".join([raised, *_lasted(data, texts)])
    return f"{text} ({details})"


def _details(alert: Alert, texts: Texts) -> list[str]:
    details: list[str] = []
    data: Mapping[str, Any] = alert.data
    unit = unit_of(alert)
    if alert.kind is AlertKind.TUNING:
        profile = profile_name(alert, texts)
        return [*([profile] if profile else []), *tuning_details(alert, texts)]
    if alert.value is not None:
        details.append(
            texts.difficulty(alert.value)
            if unit is None
            else _number(alert.value, unit, texts)
        )
    if alert.limit is not None and unit is not None:
        limit = _number(alert.limit, unit, texts)
        details.append(f"{texts('alert_message.limit')} {limit}")
    if alert.kind is AlertKind.DETUNED and alert.phase is AlertPhase.RAISED:
        before, now = (_setting(data, texts, prefix) for prefix in ("intended_", ""))
        if before and now:
            details.append(f"{before} → {now}")
    if change := point_change(alert, texts):
        details.append(change)
    if alert.phase is AlertPhase.CLEARED:
        return [*details, *_lasted(data, texts)]
    if data.get("stopped"):
        details.append(texts("alert_message.stopped"))
    if room := room_name(alert, texts):
        details.append(room)
    details += [
        texts.find(f"alert_message.reason_{text}") or str(text)
        for text in (data.get("reason"), data.get("description"))
        if text and text != _variant(alert, texts)
    ]
    return details


def profile_name(alert: Alert, texts: Texts) -> str:
    """Return which profile a soak test is of; empty for anything else."""
    name = alert.data.get("profile")
    return texts("alert_message.profile", name=name) if isinstance(name, str) else ""


def room_name(alert: Alert, texts: Texts) -> str:
    """Return which room a miner heats, or does not; empty for anything else."""
    name = alert.data.get("room")
    return texts("alert_message.room", name=name) if isinstance(name, str) else ""


def tuning_details(alert: Alert, texts: Texts) -> Iterator[str]:
    """Yield what a search for the best setting is for, or found, piece by piece."""
    data: Mapping[str, Any] = alert.data
    if (goal := texts.find(f"alert_message.goal_{data.get('goal')}")) is not None:
        yield goal
    if (gain := _number_of(data, "gain")) is not None and gain > 0:
        yield texts("alert_message.gain", gain=texts.number(gain, 1, "%"))
    if data.get("to") is not None and data["to"] != data.get("from"):
        change = point_change(alert, texts)
    else:
        change = point_name(data.get("from"), texts) or ""
    if change:
        yield change
    if reason := data.get("reason"):
        yield texts.find(f"alert_message.reason_{reason}") or str(reason)


def point_name(point: object, texts: Texts) -> str | None:
    """Return a setting in words: 525 MHz / 1150 mV; `None` if it is none."""
    return _setting(point, texts) if isinstance(point, Mapping) else None


def point_change(alert: Alert, texts: Texts) -> str:
    """Return from which setting to which the guard or the tuner went; empty if none."""
    if alert.kind not in (AlertKind.GUARD, AlertKind.TUNING):
        return ""
    points = (point_name(alert.data.get(key), texts) for key in ("from", "to"))
    return " → ".join(filter(None, points))


# What is stored with an alert may be of another version, or damaged: whatever is not
# what it should be is left out of the sentence.


def _setting(data: Mapping[str, Any], texts: Texts, prefix: str = "") -> str | None:
    frequency = _number_of(data, f"{prefix}frequency")
    voltage = _number_of(data, f"{prefix}core_voltage")
    if frequency is None or voltage is None:
        return None
    return f"{texts.general(frequency)} MHz / {texts.general(voltage)} mV"


def _lasted(data: Mapping[str, Any], texts: Texts) -> list[str]:
    seconds = _number_of(data, "seconds")
    return [] if seconds is None else [texts.duration(seconds)]


def _number_of(data: Mapping[str, Any], key: str) -> float | None:
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _number(value: float, unit: str, texts: Texts) -> str:
    """Write a figure as fine as its limit needs: 0.01 V show a supply that sags."""
    return f"{texts.general(round(value, 2 if unit == 'V' else 1))} {unit}"
