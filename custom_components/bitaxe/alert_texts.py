"""Alerts in words, in the language of this Home Assistant."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.translation import async_get_cached_translations

from .analysis.report import difficulty, duration
from .const import DOMAIN
from .watch.alerts import UNITS, Alert, AlertKind, AlertPhase

_TEXTS: Final = "alert_message"


@callback
def describe(hass: HomeAssistant, alert: Alert) -> str:
    """Return an alert as the rest of a sentence that begins with the miner's name."""
    texts = async_texts(hass)
    name = f"{alert.kind.value}_{alert.phase.value}"
    text = texts.get(name, name.replace("_", " "))
    details = ", ".join(_details(alert, texts))
    return f"{text} ({details})" if details else text


@callback
def async_texts(hass: HomeAssistant) -> dict[str, str]:
    """Return what alerts are made of, by name.

    Home Assistant translates neither events nor the logbook. Texts of a selector are the
    ones it hands to the backend.
    """
    prefix = f"component.{DOMAIN}.selector.{_TEXTS}.options."
    found = async_get_cached_translations(
        hass, hass.config.language, "selector", DOMAIN
    )
    return {
        key.removeprefix(prefix): text
        for key, text in found.items()
        if key.startswith(prefix)
    }


def _details(alert: Alert, texts: Mapping[str, str]) -> list[str]:
    details: list[str] = []
    data: Mapping[str, Any] = alert.data
    unit = UNITS.get(alert.kind)
    if alert.value is not None:
        details.append(
            difficulty(alert.value) if unit is None else _number(alert.value, unit)
        )
    if alert.limit is not None and unit is not None:
        details.append(f"{texts.get('limit', 'limit')} {_number(alert.limit, unit)}")
    if alert.kind is AlertKind.DETUNED and alert.phase is AlertPhase.RAISED:
        details.append(
            f"{data['intended_frequency']:g} MHz / {data['intended_core_voltage']:g} mV"
            f" → {data['frequency']:g} MHz / {data['core_voltage']:g} mV"
        )
    if alert.phase is AlertPhase.CLEARED:
        details.append(duration(data["seconds"]))
        return details
    if data.get("stopped"):
        details.append(texts.get("stopped", "stopped"))
    details += [
        texts.get(f"reason_{text}", str(text))
        for text in (data.get("reason"), data.get("description"))
        if text
    ]
    return details


def _number(value: float, unit: str) -> str:
    """Write a figure as fine as its limit needs: 0.01 V tell a supply that sags."""
    return f"{round(value, 2 if unit == 'V' else 1):g} {unit}"
