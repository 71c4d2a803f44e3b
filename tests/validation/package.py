"""The files of the integration, as the tests in this folder look at them."""

import ast
from collections.abc import Iterator
from functools import cache
import importlib
import json
from pathlib import Path
import subprocess
from types import ModuleType
from typing import Any

import homeassistant
from homeassistant.const import Platform
from homeassistant.util.yaml import load_yaml_dict

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "custom_components" / "bitaxe"
CLI = ROOT / "scripts" / "cli"
DOMAIN = PACKAGE.name
HOME_ASSISTANT = Path(homeassistant.__file__).parent


def read_json(path: Path) -> dict[str, Any]:
    """Return a JSON object, refusing duplicate keys, which parsers drop silently."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        keys = [key for key, _ in pairs]
        duplicates = {key for key in keys if keys.count(key) > 1}
        assert not duplicates, f"{path.name}: duplicate keys {duplicates}"
        return dict(pairs)

    parsed = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=unique)
    assert isinstance(parsed, dict)
    return parsed


@cache
def manifest() -> dict[str, Any]:
    """Return manifest.json."""
    return read_json(PACKAGE / "manifest.json")


@cache
def strings() -> dict[str, Any]:
    """Return strings.json."""
    return read_json(PACKAGE / "strings.json")


@cache
def services() -> dict[str, Any]:
    """Return services.yaml, or nothing if the integration has no actions."""
    path = PACKAGE / "services.yaml"
    return load_yaml_dict(str(path)) if path.exists() else {}


@cache
def automations() -> dict[str, Any]:
    """Return triggers.yaml and conditions.yaml."""
    paths = [PACKAGE / "triggers.yaml", PACKAGE / "conditions.yaml"]
    return {path.stem: load_yaml_dict(str(path)) for path in paths}


def languages() -> list[Path]:
    """Return the translation files but the English one."""
    return sorted(
        path
        for path in (PACKAGE / "translations").glob("*.json")
        if path.name != "en.json"
    )


def sources(folder: Path = PACKAGE) -> list[Path]:
    """Return the Python files below a folder, or the file itself."""
    return [folder] if folder.is_file() else sorted(folder.rglob("*.py"))


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Yield every call in the package."""
    for path in sources():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                yield path, node


def constants(call: ast.Call) -> dict[str, str]:
    """Return the keyword arguments of a call that are string constants."""
    return {
        keyword.arg: keyword.value.value
        for keyword in call.keywords
        if keyword.arg is not None
        and isinstance(keyword.value, ast.Constant)
        and isinstance(keyword.value.value, str)
    }


def called_name(call: ast.Call) -> str:
    """Return the last part of the name that is called."""
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def selector_texts(node: Any) -> Iterator[str]:
    """Yield every translation key below a node of a description."""
    if isinstance(node, list):
        for child in node:
            yield from selector_texts(child)
    elif isinstance(node, dict):
        for name, child in node.items():
            if name == "translation_key":
                yield child
            yield from selector_texts(child)


@cache
def words() -> frozenset[str]:
    """Return every string constant and method name of package and command line.

    Also the texts that the selectors of actions, triggers and conditions refer to.
    """
    found = {*selector_texts(services()), *selector_texts(automations())}
    for path in [*sources(), *sources(CLI)]:
        for node in ast.walk(tree(path)):
            match node:
                case ast.Constant(value=str(text)):
                    found.add(text)
                case ast.AsyncFunctionDef(name=name) | ast.FunctionDef(name=name):
                    found.add(name)
    return frozenset(found)


def platforms() -> dict[str, ModuleType]:
    """Return the entity platforms of the integration, imported."""
    names = {platform.value for platform in Platform}
    return {
        path.stem: importlib.import_module(f"custom_components.{DOMAIN}.{path.stem}")
        for path in sorted(PACKAGE.iterdir())
        if path.stem in names
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    }


def tracked_files() -> list[Path]:
    """Return the files that are in the repository, or about to be."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    paths = [ROOT / name for name in listing.stdout.split("\0") if name]
    return [path for path in paths if path.is_file()]
