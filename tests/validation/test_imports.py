"""What the parts of the package may import."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re

from homeassistant.const import Platform
import pytest

from .package import PACKAGE, ROOT, manifest, sources, tree

# Integrations that hassfest allows to use without declaring them: they are always
# there, or only offer base classes and registration functions.
ALWAYS_ALLOWED = {platform.value for platform in Platform} | {
    "automation",
    "frontend",
    "homeassistant",
    "onboarding",
    "panel_custom",
    "persistent_notification",
    "system_health",
    "websocket_api",
}

# Folders and modules that must work, and be testable, without Home Assistant.
PURE = [
    "axeos",
    "analysis",
    "formatting.py",
    "alerts/conditions.py",
    "alerts/evaluator.py",
    "alerts/model.py",
    "alerts/one_time.py",
    "alerts/rules.py",
    "firmware/catalogue.py",
    "guard/heat.py",
    "guard/restoring.py",
    "guard/watchdog.py",
    "miner/detune.py",
    "miner/events.py",
    "miner/meter.py",
    "miner/polling.py",
    "miner/thresholds.py",
    "miner/verification.py",
    "pools/matching.py",
    "pools/parsing.py",
    "pools/scatter.py",
    "power/budget.py",
    "power/choose.py",
    "power/controller.py",
    "power/feeds.py",
    "power/points.py",
    "power/room.py",
    "results/charts",
]

# Modules of the package that nothing in such a folder may reach for.
INDEPENDENT = ["axeos"]


def imports(path: Path) -> Iterator[str]:
    """Yield the absolute names of the modules that a file imports at run time."""
    package = path.relative_to(ROOT).parent.parts
    pending: list[ast.AST] = [tree(path)]
    while pending:
        node = pending.pop()
        match node:
            case ast.If(test=ast.Name(id="TYPE_CHECKING"), orelse=orelse):
                pending.extend(orelse)
                continue
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=module, names=names, level=level):
                base = package[: len(package) - level + 1] if level else ()
                prefix = ".".join([*base, *([module] if module else [])])
                yield prefix
                yield from (f"{prefix}.{alias.name}" for alias in names)
        pending.extend(ast.iter_child_nodes(node))


def test_used_integrations_are_declared() -> None:
    """Home Assistant sets up, before ours, only what the manifest names."""
    prefix = "homeassistant.components."
    declared = {
        *manifest().get("dependencies", []),
        *manifest().get("after_dependencies", []),
    }
    own_platforms = {path.stem for path in PACKAGE.iterdir()}
    undeclared = {
        (path.relative_to(ROOT).as_posix(), domain)
        for path in sources()
        for name in imports(path)
        if name.startswith(prefix)
        and (domain := name.removeprefix(prefix).split(".")[0])
        not in declared | own_platforms | ALWAYS_ALLOWED
    }
    assert not undeclared


@pytest.mark.parametrize("place", PURE)
def test_pure_code_does_not_import_home_assistant(place: str) -> None:
    """Device, figures, charts, conditions and search stand on their own."""
    offenders = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources(PACKAGE / place)
        for name in imports(path)
        if name.split(".")[0] == "homeassistant"
    }
    assert not offenders


def test_the_tuner_is_pure_but_for_what_the_documentation_names() -> None:
    """Runs are tried by the thousand without Home Assistant."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    named = re.search(r"`tuning/` is pure but for (.*?)\n\n", text, re.DOTALL)
    assert named is not None
    needing = {
        path.stem
        for path in sources(PACKAGE / "tuning")
        if any(name.split(".")[0] == "homeassistant" for name in imports(path))
    }
    assert set(re.findall(r"`(\w+)`", named[1])) == needing


@pytest.mark.parametrize("folder", INDEPENDENT)
def test_the_device_client_imports_nothing_of_ours(folder: str) -> None:
    """Arrows point inward: it could be published as a library of its own."""
    own = f"custom_components.bitaxe.{folder}"
    offenders = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in sources(PACKAGE / folder)
        for name in imports(path)
        if name.startswith("custom_components") and not f"{name}.".startswith(f"{own}.")
    }
    assert not offenders


def test_platforms_do_not_import_each_other() -> None:
    """What two platforms share belongs into a module of its own."""
    names = {platform.value for platform in Platform}
    offenders = {
        (path.name, name)
        for path in sources()
        if (own := path.relative_to(PACKAGE).parts[0].removesuffix(".py")) in names
        for name in imports(path)
        if name.removeprefix("custom_components.bitaxe.").split(".")[0] in names - {own}
        and name.startswith("custom_components.bitaxe.")
    }
    assert not offenders


def test_the_package_imports_nothing_from_the_rest_of_the_repository() -> None:
    """Users install the package without tests and scripts."""
    offenders = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in sources()
        for name in imports(path)
        if name.split(".")[0] in {"tests", "scripts"}
    }
    assert not offenders


def test_libraries_are_imported_where_they_are_known_to_be_there() -> None:
    """They are installed when first needed, so nothing else may import them."""
    homes = {"nextcord": "discord/gateway/", "matplotlib": "results/charts/matplotlib_"}
    offenders = {
        (path.relative_to(PACKAGE).as_posix(), name)
        for path in sources()
        for name in imports(path)
        if (home := homes.get(name.split(".")[0]))
        and not path.relative_to(PACKAGE).as_posix().startswith(home)
    }
    assert not offenders


def test_the_database_is_read_in_one_way() -> None:
    """What is read otherwise is read on while Home Assistant closes the database."""
    reading = re.compile(
        r"session_scope|get_instance\(\w+(\.\w+)*\)\s*\.async_add_executor_job"
    )
    found = {
        path.relative_to(PACKAGE).as_posix()
        for path in sources(PACKAGE)
        if reading.search(path.read_text("utf-8"))
    }
    # The one way itself calls it by another name.
    assert found == {"history/jobs.py"}
