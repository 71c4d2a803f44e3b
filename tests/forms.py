"""What the frontend makes of a form before anybody has touched it."""

from typing import Any

from homeassistant.config_entries import ConfigFlowResult
from homeassistant.helpers.data_entry_flow import FlowManagerIndexView


def filled_in(result: ConfigFlowResult) -> dict[str, Any]:
    """Return what the browser fills a form in with, and sends if nobody changes it.

    What a field suggests comes first, then its default; only a section without either
    is filled in field by field.
    """
    return _filled_in(_fields(result))


def left_empty(result: ConfigFlowResult) -> set[str]:
    """Return the fields that keep the browser from sending a form as it is."""
    return _left_empty(_fields(result), filled_in(result))


def _fields(result: ConfigFlowResult) -> Any:
    """Return the fields as Home Assistant sends them, in every version of it."""
    view: FlowManagerIndexView[Any] = FlowManagerIndexView(None)
    return view._prepare_result_json(result)["data_schema"]  # noqa: SLF001


def _filled_in(fields: Any) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        name = field["name"]
        suggested = (field.get("description") or {}).get("suggested_value")
        if suggested is not None:
            values[name] = suggested
        elif "default" in field:
            values[name] = field["default"]
        elif field.get("type") == "expandable":
            inner = _filled_in(field["schema"])
            if field.get("required") or inner:
                values[name] = inner
        elif field.get("required") and "boolean" in field.get("selector", {}):
            values[name] = False
    return values


def _left_empty(fields: Any, values: dict[str, Any]) -> set[str]:
    empty: set[str] = set()
    for field in fields:
        name = field["name"]
        if field.get("type") == "expandable":
            if field.get("required") or name in values:
                empty |= _left_empty(field["schema"], values.get(name, {}))
        elif field.get("required") and values.get(name) in (None, ""):
            empty.add(name)
    return empty
