"""The form in which people choose which alerts they get, and when."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from homeassistant.data_entry_flow import section
from homeassistant.helpers.selector import (
    BooleanSelector,
    DurationSelectorConfig,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..targets.inputs import FiniteNumberSelector, ShortDurationSelector, time_span
from .kinds import KINDS
from .model import AlertKind, Rule
from .rules import DEFAULT_RULES

_ENABLED: Final = "enabled"
_THRESHOLD: Final = "threshold"
_FOR: Final = "for"
_RESET: Final = "reset"


def alerts_schema(rules: Mapping[AlertKind, Rule]) -> vol.Schema:
    """Return the form, filled with the present rules: what is on comes first."""
    enabled = SelectSelectorConfig(
        options=[kind.value for kind in rules],
        multiple=True,
        mode=SelectSelectorMode.LIST,
        translation_key="alert_kind",
    )
    fields: dict[vol.Marker, Any] = {
        vol.Optional(
            _ENABLED,
            default=[kind.value for kind, rule in rules.items() if rule.enabled],
        ): SelectSelector(enabled)
    }
    for kind, rule in rules.items():
        if details := _kind_fields(kind, rule):
            # Without a default: the browser would take it for what the fields are
            # filled with.
            fields[vol.Optional(kind.value)] = section(
                vol.Schema(details), {"collapsed": True}
            )
    fields[vol.Optional(_RESET, default=False)] = BooleanSelector()
    return vol.Schema(fields)


def rules_of_form(
    values: Mapping[str, Any], present: Mapping[AlertKind, Rule]
) -> dict[AlertKind, Rule]:
    """Return the rules as they were chosen; how they are cleared is not asked.

    A kind whose section was not sent stays as it is at `present`.
    """
    if values[_RESET]:
        return dict(DEFAULT_RULES)
    return {
        kind: _rule(rule, kind.value in values[_ENABLED], values.get(kind.value))
        for kind, rule in present.items()
    }


def _rule(rule: Rule, enabled: bool, entered: Mapping[str, Any] | None) -> Rule:
    if entered is None:
        return replace(rule, enabled=enabled)
    return Rule(
        enabled=enabled,
        threshold=entered.get(_THRESHOLD),
        for_seconds=_seconds(entered.get(_FOR)),
    )


def _kind_fields(kind: AlertKind, rule: Rule) -> dict[vol.Marker, Any]:
    fields: dict[vol.Marker, Any] = {}
    if (choice := KINDS[kind].choice) is not None:
        fields[vol.Required(_THRESHOLD, default=rule.threshold)] = FiniteNumberSelector(
            NumberSelectorConfig(
                min=choice.low,
                max=choice.high,
                step=choice.step,
                unit_of_measurement=choice.unit,
                mode=NumberSelectorMode.BOX,
            )
        )
    if KINDS[kind].condition is not None:
        fields[vol.Required(_FOR, default=_duration(rule.for_seconds))] = (
            ShortDurationSelector(DurationSelectorConfig(enable_day=False))
        )
    return fields


def _seconds(entered: dict[str, Any] | None) -> float:
    """Return a time as it was entered, of which each part may be a text."""
    return time_span(entered).total_seconds() if entered else 0.0


def _duration(seconds: float) -> dict[str, int]:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return {"hours": hours, "minutes": minutes, "seconds": rest}
