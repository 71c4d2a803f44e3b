"""Actions by Home Assistant's schema; texts of actions, triggers and conditions."""

import ast
from collections.abc import Iterator
from typing import Any

from homeassistant.helpers.service import _SERVICES_SCHEMA
import pytest

from .package import automations, calls, selector_texts, services, strings

ACTIONS = sorted(services())
AUTOMATIONS = [(kind, name) for kind, parts in automations().items() for name in parts]
REGISTERING = {
    "async_register_admin_service",
    "async_register_batched_platform_entity_service",
    "async_register_entity_service",
    "async_register_platform_entity_service",
}


def fields(action: str) -> Iterator[tuple[str | None, str, dict[str, Any]]]:
    """Yield section, name and definition of every field of an action."""
    for name, field in ((services()[action] or {}).get("fields") or {}).items():
        if "fields" in field:
            for inner, definition in field["fields"].items():
                yield name, inner, definition
        else:
            yield None, name, field


def texts(action: str) -> dict[str, Any]:
    """Return the translations of an action."""
    return strings().get("services", {}).get(action, {})


def test_schema() -> None:
    """Home Assistant drops the whole file if one action in it is wrong."""
    _SERVICES_SCHEMA(services())


def test_no_hidden_keys() -> None:
    """Hassfest's schema for custom integrations knows no keys that start with a dot."""
    assert not [key for key in services() if key.startswith(".")]


def test_registered_actions_are_described() -> None:
    """Without services.yaml an action has no form in the interface."""
    registers = any(
        (
            isinstance(call.func, ast.Attribute)
            and (
                ast.unparse(call.func).endswith("services.async_register")
                or call.func.attr in REGISTERING
            )
        )
        or (isinstance(call.func, ast.Name) and call.func.id in REGISTERING)
        for _, call in calls()
    )
    assert registers == bool(services())


def test_texts_match_actions() -> None:
    """Neither an action without texts nor texts without an action."""
    assert set(strings().get("services", {})) == set(services())


@pytest.mark.parametrize("action", ACTIONS)
def test_action_has_name_and_description(action: str) -> None:
    """Both are shown in the action picker."""
    assert texts(action)["name"]
    assert texts(action)["description"]


@pytest.mark.parametrize("action", ACTIONS)
def test_fields_match_texts(action: str) -> None:
    """Every field has a name and a description, and no text is left over."""
    described = texts(action).get("fields", {})
    assert {name for _, name, _ in fields(action)} == set(described)
    for name, text in described.items():
        assert text["name"], name
        assert text["description"], name


@pytest.mark.parametrize("action", ACTIONS)
def test_sections_match_texts(action: str) -> None:
    """Every collapsible section has a name."""
    sections = {section for section, _, _ in fields(action) if section}
    assert sections == set(texts(action).get("sections", {}))


@pytest.mark.parametrize("action", ACTIONS)
def test_fields_have_selectors(action: str) -> None:
    """Without one a field is a bare YAML editor."""
    assert not [name for _, name, field in fields(action) if "selector" not in field]


@pytest.mark.parametrize(("kind", "name"), AUTOMATIONS)
def test_triggers_and_conditions_have_texts(kind: str, name: str) -> None:
    """Each has a name, a description, and a text for every field."""
    described = strings()[kind][name]
    assert described["name"]
    assert described["description"]
    fields = (automations()[kind][name] or {}).get("fields", {})
    assert set(fields) == set(described.get("fields", {}))
    assert all(
        {"name", "description"} <= set(text) for text in described["fields"].values()
    )


@pytest.mark.parametrize("kind", ["triggers", "conditions"])
def test_no_text_is_left_over(kind: str) -> None:
    """A text without a trigger or condition is never shown."""
    assert set(strings()[kind]) == set(automations()[kind])


def test_the_options_of_selectors_have_texts() -> None:
    """A list whose key has no texts shows its values as they are stored."""
    named = {*selector_texts(services()), *selector_texts(automations())}
    assert named <= set(strings()["selector"])
