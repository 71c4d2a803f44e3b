"""quality_scale.yaml covers Home Assistant's Integration Quality Scale."""

from collections.abc import Iterator
from typing import Any

from homeassistant.util.yaml import load_yaml_dict

from .package import HOME_ASSISTANT, PACKAGE, ROOT, manifest, services

# Any built-in integration that declares the scale lists all of its rules.
REFERENCE = HOME_ASSISTANT / "components" / "peblar" / "quality_scale.yaml"


def rules() -> dict[str, Any]:
    """Return our rules."""
    parsed = load_yaml_dict(str(PACKAGE / "quality_scale.yaml"))
    assert list(parsed) == ["rules"]
    return dict(parsed["rules"])


def test_all_rules_are_answered() -> None:
    """The 54 rules of Home Assistant 2026.11, in its order."""
    reference = load_yaml_dict(str(REFERENCE))["rules"]
    assert len(reference) == 54
    assert list(rules()) == list(reference)


def test_nothing_is_left_to_do() -> None:
    """Every rule is done, or exempt for a reason."""
    for name, answer in rules().items():
        if isinstance(answer, dict):
            assert answer["status"] in {"done", "exempt"}, name
            assert answer["comment"].strip(), name
            assert set(answer) == {"status", "comment"}, name
        else:
            assert answer == "done", name


def test_the_manifest_declares_what_is_reached() -> None:
    """No rule is left."""
    assert manifest()["quality_scale"] == "platinum"


def test_documentation_names_every_action_and_field() -> None:
    """The rule `docs-actions`: on the pages of actions and of the analysis."""
    pages = "".join(
        (ROOT / "docs" / name).read_text(encoding="utf-8")
        for name in ("actions.md", "analysis.md")
    )
    missing = {
        name
        for action, described in services().items()
        for name in [f"bitaxe.{action}", *_fields(described.get("fields", {}))]
        if f"`{name}`" not in pages
    }
    assert not missing


def _fields(described: dict[str, Any]) -> Iterator[str]:
    for name, field in described.items():
        if field and "fields" in field:
            yield from _fields(field["fields"])
        else:
            yield name
