"""JSON schema and TypeScript types of live data, from their definition in Python."""

import json
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter

from custom_components.bitaxe.live.model import LiveFull
from custom_components.bitaxe.live.tuning_model import TuningFull

_LIB: Final = Path(__file__).parents[2] / "frontend" / "src" / "lib"
SCHEMA_FILE: Final = _LIB / "live.schema.json"
TUNING_SCHEMA_FILE: Final = _LIB / "tuning.schema.json"
TYPES_FILE: Final = _LIB / "live-types.ts"

_NOTE: Final = "/** Made by `python -m scripts.live_types`; do not edit. */\n"
_PLAIN: Final = {
    "string": "string",
    "number": "number",
    "integer": "number",
    "boolean": "boolean",
    "null": "null",
}


def schema() -> dict[str, Any]:
    """Return the JSON schema of the event with all live data."""
    return TypeAdapter(LiveFull).json_schema()


def tuning_schema() -> dict[str, Any]:
    """Return the JSON schema of the first event about tuning."""
    return TypeAdapter(TuningFull).json_schema()


def written() -> dict[Path, str]:
    """Return the content of every file."""
    return {
        SCHEMA_FILE: _as_text(schema()),
        TUNING_SCHEMA_FILE: _as_text(tuning_schema()),
        TYPES_FILE: types_text(),
    }


def _as_text(content: dict[str, Any]) -> str:
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def types_text() -> str:
    """Return the content of the file with the TypeScript types."""
    definitions: dict[str, dict[str, Any]] = (
        schema()["$defs"] | tuning_schema()["$defs"]
    )
    types = "".join(
        f"\n/** {_first_line(item)} */\n{_declared(name, item)}"
        for name, item in sorted(definitions.items())
    )
    return _NOTE + types


def _first_line(item: dict[str, Any]) -> str:
    return str(item["description"]).partition("\n")[0]


def _declared(name: str, item: dict[str, Any]) -> str:
    if "properties" not in item:
        return f"export type {name} = {_type(item)};\n"
    fields = "".join(
        f"  {key}: {_type(value)};\n" for key, value in item["properties"].items()
    )
    return f"export interface {name} {{\n{fields}}}\n"


def _type(item: dict[str, Any]) -> str:
    """Return a schema as a TypeScript type."""
    match item:
        case {"$ref": str(reference)}:
            return reference.rpartition("/")[2]
        case {"anyOf": list(choices)}:
            return " | ".join(map(_type, choices))
        case {"const": value}:
            return json.dumps(value)
        case {"enum": list(values)}:
            return " | ".join(map(json.dumps, values))
        case {"type": "array", "items": dict(items)}:
            return f"{_type(items)}[]"
        case {"type": "object", "additionalProperties": dict(values)}:
            keys = item.get("propertyNames", {"type": "string"})
            return f"Partial<Record<{_type(keys)}, {_type(values)}>>"
    return _PLAIN[item["type"]]
