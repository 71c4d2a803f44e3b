"""icons.json as hassfest wants it, with icons that exist."""

import json
from pathlib import Path
from typing import Any

import hass_frontend
import pytest
import voluptuous as vol

from .package import PACKAGE, automations, read_json, services, strings

ICONS = read_json(PACKAGE / "icons.json") if (PACKAGE / "icons.json").exists() else {}


def icon(value: Any) -> str:
    """Accept the name of a Material Design icon."""
    if not isinstance(value, str) or not value.startswith("mdi:"):
        raise vol.Invalid(f"{value} is no mdi: icon")
    return value


def ascending(value: dict[str, str]) -> dict[str, str]:
    """Accept ranges whose bounds are numbers in ascending order."""
    bounds = [float(bound) for bound in value]
    if bounds != sorted(bounds):
        raise vol.Invalid("bounds of a range must ascend")
    return value


def not_the_default(value: dict[str, Any]) -> dict[str, Any]:
    """Accept icons of states that differ from the default one: it serves all others."""
    if value.get("default") in value.get("state", {}).values():
        raise vol.Invalid("the icon of a state is the default one")
    return value


ENTITY_PARTS = {
    vol.Optional("default"): icon,
    vol.Optional("state"): {str: icon},
    vol.Optional("range"): vol.All({str: icon}, ascending),
}
ATTRIBUTE = vol.All(ENTITY_PARTS, not_the_default)
ENTITY = vol.All(
    {**ENTITY_PARTS, vol.Optional("state_attributes"): {str: ATTRIBUTE}},
    not_the_default,
)
FLOW = {"step": {str: {"sections": {str: icon}}}}
SERVICE = {vol.Required("service"): icon, vol.Optional("sections"): {str: icon}}
SCHEMA = vol.Schema(
    {
        vol.Optional("config"): FLOW,
        vol.Optional("options"): FLOW,
        vol.Optional("conditions"): {str: {vol.Required("condition"): icon}},
        vol.Optional("entity"): {str: {str: ENTITY}},
        vol.Optional("services"): {str: SERVICE},
        vol.Optional("triggers"): {str: {vol.Required("trigger"): icon}},
    }
)


def names(node: Any) -> set[str]:
    """Return every icon below a node."""
    if isinstance(node, dict):
        return {name for child in node.values() for name in names(child)}
    return {node}


def test_schema() -> None:
    """Hassfest refuses unknown keys and icons of other collections."""
    SCHEMA(ICONS)


def test_icons_exist() -> None:
    """An unknown icon is an empty space in the interface."""
    listing = Path(hass_frontend.where()) / "static" / "mdi" / "iconList.json"
    known = {f"mdi:{entry['name']}" for entry in json.loads(listing.read_bytes())}
    assert names(ICONS) <= known


@pytest.mark.parametrize("platform", sorted(ICONS.get("entity", {})))
def test_entities_exist(platform: str) -> None:
    """An icon without an entity is dead weight."""
    known = set(strings().get("entity", {}).get(platform, {}))
    assert set(ICONS["entity"][platform]) <= known


@pytest.mark.parametrize("platform", sorted(ICONS.get("entity", {})))
def test_states_exist(platform: str) -> None:
    """So is one for a state that the entity never has."""
    for name, icons in ICONS["entity"][platform].items():
        texts = strings()["entity"][platform].get(name, {})
        if named := texts.get("state"):
            assert set(icons.get("state", {})) <= set(named), name


def test_every_action_has_an_icon() -> None:
    """The quality scale asks for one."""
    assert set(ICONS.get("services", {})) == set(services())


@pytest.mark.parametrize("kind", ["triggers", "conditions"])
def test_every_trigger_and_condition_has_an_icon(kind: str) -> None:
    """So does the automation editor, where they are beside those with one."""
    assert set(ICONS[kind]) == set(automations()[kind])
