"""The form of the guard: for all miners, and what one of them does otherwise."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.helpers.selector import BooleanSelector, NumberSelector, TimeSelector
import voluptuous as vol

from ..targets.inputs import choice_field, number_field
from .model import RANGES, GuardOptions, HeatAction

AS_SWARM: Final = "as_swarm"
"""Choice of a miner's form for an option that is as for all miners."""
_ON: Final = "on"
_OFF: Final = "off"

_NUMBERS: Final[Mapping[str, tuple[float, str | None]]] = {
    "asic_warning": (0.5, "°C"),
    "asic_critical": (0.5, "°C"),
    "vr_warning": (0.5, "°C"),
    "vr_critical": (0.5, "°C"),
    "maximum_power": (0.5, "W"),
    "minimum_input_voltage": (0.5, "%"),
    "restarts_per_day": (1, None),
}
"""Step and unit."""
_OPTIONAL: Final = ("maximum_power", "minimum_input_voltage")
_SWITCHES: Final = (
    "return_when_cool",
    "restore_detuned",
    "watchdog",
    "return_to_primary",
    "fallback_on_trouble",
)
_TIMES: Final = ("fallback_from", "fallback_until")
_ORDER: Final = (
    "heat_action",
    "asic_warning",
    "asic_critical",
    "vr_warning",
    "vr_critical",
    "return_when_cool",
    "maximum_power",
    "minimum_input_voltage",
    "restore_detuned",
    "watchdog",
    "return_to_primary",
    "fallback_on_trouble",
    "fallback_from",
    "fallback_until",
    "restarts_per_day",
)


def swarm_schema(options: GuardOptions) -> vol.Schema:
    """Return the form for all miners, filled with what holds now."""
    fields: dict[vol.Marker, Any] = {}
    for name in _ORDER:
        value = getattr(options, name)
        if name == "heat_action":
            fields[vol.Required(name, default=value.value)] = choice_field(
                name, list(HeatAction)
            )
        elif name in _SWITCHES:
            fields[vol.Required(name, default=value)] = BooleanSelector()
        elif name in _TIMES:
            suggested = {"suggested_value": value}
            fields[vol.Optional(name, description=suggested)] = TimeSelector()
        elif name in _OPTIONAL:
            suggested = {"suggested_value": value}
            fields[vol.Optional(name, description=suggested)] = _number(name)
        else:
            fields[vol.Required(name, default=value)] = _number(name)
    return vol.Schema(fields)


def miner_schema(chosen: Mapping[str, Any]) -> vol.Schema:
    """Return the form for one miner: what is left empty is as for all others."""
    fields: dict[vol.Marker, Any] = {}
    for name in _ORDER:
        value = chosen.get(name)
        if name == "heat_action":
            fields[vol.Required(name, default=value or AS_SWARM)] = choice_field(
                name, [AS_SWARM, *HeatAction]
            )
        elif name in _SWITCHES:
            present = AS_SWARM if value is None else _ON if value else _OFF
            fields[vol.Required(name, default=present)] = choice_field(
                "guard_switch", [AS_SWARM, _ON, _OFF]
            )
        elif name in _TIMES:
            suggested = {"suggested_value": value}
            fields[vol.Optional(name, description=suggested)] = TimeSelector()
        else:
            suggested = {"suggested_value": value}
            fields[vol.Optional(name, description=suggested)] = _number(name)
    return vol.Schema(fields)


def chosen_by_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was chosen in either form, without what is as for all others."""
    chosen: dict[str, Any] = {}
    for name, value in values.items():
        if value == AS_SWARM:
            continue
        if name in _SWITCHES:
            chosen[name] = value is True or value == _ON
        elif name == "restarts_per_day":
            chosen[name] = int(value)
        else:
            chosen[name] = value
    return chosen


def contradiction(options: GuardOptions) -> str | None:
    """Return the key of what does not fit together, if anything."""
    if options.asic_warning >= options.asic_critical:
        return "guard_asic_levels"
    if options.vr_warning >= options.vr_critical:
        return "guard_vr_levels"
    return None


def _number(name: str) -> NumberSelector:
    (low, high), (step, unit) = RANGES[name], _NUMBERS[name]
    return number_field(low, high, step, unit)
