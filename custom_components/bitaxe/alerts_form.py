"""The form in which people choose what they are told, and when."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelector,
    DurationSelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .watch.alerts import HAPPENINGS, AlertKind, Rule

_ENABLED: Final = "enabled"
_THRESHOLD: Final = "threshold"
_FOR: Final = "for"

# Lowest and highest threshold, step, and unit; the form refuses what makes no sense.
_THRESHOLDS: Final[Mapping[AlertKind, tuple[float, float, float, str]]] = {
    AlertKind.OVERHEATING: (40, 100, 0.5, "°C"),
    AlertKind.VR_HEAT: (40, 120, 0.5, "°C"),
    AlertKind.LOW_HASHRATE: (5, 95, 0.5, "%"),
    AlertKind.ERROR_RATE: (1.1, 50, 0.1, "%"),
    AlertKind.REJECT_RATE: (1.1, 50, 0.1, "%"),
    AlertKind.LOW_INPUT_VOLTAGE: (80, 99, 0.1, "%"),
}


def alerts_schema(rules: Mapping[AlertKind, Rule]) -> vol.Schema:
    """Return the form, filled with the present rules."""
    return vol.Schema(
        {
            vol.Required(kind.value): section(
                _kind_schema(kind, rule), {"collapsed": True}
            )
            for kind, rule in rules.items()
        }
    )


def rules_of_form(values: Mapping[str, Mapping[str, Any]]) -> dict[AlertKind, Rule]:
    """Return the rules as they were chosen; how they are cleared is not asked."""
    return {
        AlertKind(name): Rule(
            enabled=chosen[_ENABLED],
            threshold=chosen.get(_THRESHOLD),
            for_seconds=timedelta(**chosen.get(_FOR, {})).total_seconds(),
        )
        for name, chosen in values.items()
    }


def _kind_schema(kind: AlertKind, rule: Rule) -> vol.Schema:
    fields: dict[vol.Marker, Any] = {
        vol.Required(_ENABLED, default=rule.enabled): BooleanSelector()
    }
    if kind in _THRESHOLDS:
        low, high, step, unit = _THRESHOLDS[kind]
        fields[vol.Required(_THRESHOLD, default=rule.threshold)] = NumberSelector(
            NumberSelectorConfig(
                min=low,
                max=high,
                step=step,
                unit_of_measurement=unit,
                mode=NumberSelectorMode.BOX,
            )
        )
    if kind not in HAPPENINGS:
        fields[vol.Required(_FOR, default=_duration(rule.for_seconds))] = (
            DurationSelector(DurationSelectorConfig(enable_day=False))
        )
    return vol.Schema(fields)


def _duration(seconds: float) -> dict[str, int]:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return {"hours": hours, "minutes": minutes, "seconds": rest}
