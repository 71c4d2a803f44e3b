"""The rooms of the package: how many there are, and that no circle ties them."""

import ast
from collections.abc import Iterator
from pathlib import Path
import re

import pytest

from .package import PACKAGE, ROOT, sources, tracked_files, tree

PROGRAMS = [PACKAGE, ROOT / "scripts"]

MOST_FILES_AT_THE_ROOT = 35
MOST_FOLDERS_AT_THE_ROOT = 14
# What a home with a miner can do without: docs/architecture.md says why each is a room.
OPTIONAL_ROOMS = {"guard", "tuning", "power", "pools"}
# Files that Home Assistant looks for in them; no Python.
DATA = {"blueprints", "brand", "translations"}
# Of the program whose history `history/old_logger.py` reads.
FILES_OF_OTHERS = {"src/database.py"}
# Everything at the root, each importing only from those before it: from the device,
# which knows nothing of Home Assistant, to what people see.
ORDER = (
    "const.py",
    "formatting.py",
    "requirements.py",
    "containment.py",
    "axeos",
    "storage",
    "miner",
    "analysis",
    "history",
    "texts.py",
    "errors.py",
    "issues.py",
    "coordinator.py",
    "entity.py",
    "following.py",
    "permissions.py",
    "targets",
    "pools",
    "alerts",
    "guard",
    "swarm",
    "results",
    "tuning",
    "power",
    "firmware",
    "live",
    "discord",
    "frontend",
    "runtime.py",
    "sensor",
    "binary_sensor.py",
    "button.py",
    "calendar.py",
    "climate.py",
    "event.py",
    "image.py",
    "notify.py",
    "number.py",
    "select.py",
    "switch.py",
    "update.py",
    "condition.py",
    "trigger.py",
    "diagnostics.py",
    "llm.py",
    "logbook.py",
    "repairs.py",
    "services.py",
    "system_health.py",
    "websocket_api.py",
    "options_flow.py",
    "config_flow.py",
    "__init__.py",
)


def test_the_root_holds_only_what_everybody_shares() -> None:
    """All else lives in a room with the name of the thing."""
    files = {path.name for path in PACKAGE.glob("*.py")}
    folders = {
        path.name
        for path in PACKAGE.iterdir()
        if path.is_dir() and next(path.rglob("*.py"), None) is not None
    }
    assert files | folders == set(ORDER)
    assert len(files) <= MOST_FILES_AT_THE_ROOT
    assert len(folders - OPTIONAL_ROOMS) <= MOST_FOLDERS_AT_THE_ROOT


def test_every_folder_at_the_root_is_known() -> None:
    """Beside those with Python, there are those that Home Assistant looks into."""
    tracked = {
        parts[0]
        for path in tracked_files()
        if path.is_relative_to(PACKAGE)
        and len(parts := path.relative_to(PACKAGE).parts) > 1
    }
    assert tracked - set(ORDER) == DATA


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda path: path.name)
def test_no_circle_of_imports(folder: Path) -> None:
    """Files import each other in one direction only, for typing too."""
    arrows = {path: set(imported(path)) for path in sources(folder)}
    assert any(arrows.values())
    assert circles(arrows) == []


@pytest.mark.parametrize("folder", PROGRAMS, ids=lambda path: path.name)
def test_no_circle_of_folders(folder: Path) -> None:
    """So do the folders and files that lie beside each other, wherever they are."""
    arrows: dict[Path, set[Path]] = {}
    for path in sources(folder):
        arrows.setdefault(path, set())
        for target in imported(path):
            if target.is_relative_to(folder) and path != target:
                here, there = siblings(path, target)
                arrows.setdefault(here, set()).add(there)
                arrows.setdefault(there, set())
    assert circles(arrows) == []


def test_arrows_lead_down() -> None:
    """A room or file at the root imports only from those before it in the order."""

    def place(path: Path) -> int:
        return ORDER.index(path.relative_to(PACKAGE).parts[0])

    wrong = {
        f"{path.relative_to(PACKAGE)} imports {target.relative_to(PACKAGE)}"
        for path in sources()
        for target in imported(path)
        if target.is_relative_to(PACKAGE) and place(target) > place(path)
    }
    assert wrong == set()


def test_files_that_are_named_exist() -> None:
    """A docstring or comment that sends a reader to a file finds it there."""
    files = [path.relative_to(ROOT).as_posix() for path in tracked_files()]
    missing = {
        f"{path.relative_to(ROOT)}: {name}"
        for folder in (*PROGRAMS, ROOT / "tests")
        for path in sources(folder)
        for name in re.findall(r"`([\w/]+\.py)`", path.read_text("utf-8"))
        if not any(f"/{file}".endswith(f"/{name}") for file in files)
    }
    assert {entry.partition(": ")[2] for entry in missing} <= FILES_OF_OTHERS, missing


def test_the_rooms_are_described_in_this_order() -> None:
    """docs/architecture.md has a row for each."""
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.partition("| Room |")[2].partition("\n\n")[0]
    rows = [
        name
        for row in table.splitlines()
        for name in re.findall(r"`(\w+)/`", row.split("|")[1] if "|" in row else "")
    ]
    assert rows == [name for name in ORDER if not name.endswith(".py")]


def imported(path: Path) -> Iterator[Path]:
    """Yield the files of the repository that a file imports, for typing too."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(tree(path)):
        match node:
            case ast.Import(names=names):
                for alias in names:
                    yield from located(alias.name.split("."))
            case ast.ImportFrom(module=module, names=names, level=level):
                parts = [
                    *(package[: len(package) - level + 1] if level else ()),
                    *(module.split(".") if module else ()),
                ]
                for alias in names:
                    found = list(located([*parts, alias.name]))
                    yield from found or located(parts)


def located(parts: list[str]) -> Iterator[Path]:
    """Yield the file of a module, if it is one of the repository."""
    place = ROOT.joinpath(*parts)
    for path in (place.with_suffix(".py"), place / "__init__.py"):
        if path.is_file():
            yield path


def siblings(path: Path, other: Path) -> tuple[Path, Path]:
    """Return what holds each of two files right below the folder that holds both."""
    pairs = zip(path.parts, other.parts, strict=False)
    common = next(place for place, (here, there) in enumerate(pairs) if here != there)
    return Path(*path.parts[: common + 1]), Path(*other.parts[: common + 1])


def circles(arrows: dict[Path, set[Path]]) -> list[list[str]]:
    """Return the files that reach themselves, a list for each circle."""

    def reachable(start: Path) -> set[Path]:
        found: set[Path] = set()
        pending = list(arrows[start])
        while pending:
            path = pending.pop()
            if path not in found:
                found.add(path)
                pending.extend(arrows.get(path, ()))
        return found

    reach = {path: reachable(path) for path in arrows}
    groups = {
        frozenset(other for other in reach[path] if path in reach.get(other, ()))
        for path in arrows
        if path in reach[path]
    }
    return [
        sorted(path.relative_to(ROOT).as_posix() for path in group) for group in groups
    ]
