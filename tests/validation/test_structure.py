"""The rooms of the package: how many there are, and that no circle ties them."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from .package import PACKAGE, ROOT, sources, tree

MOST_FILES_AT_THE_ROOT = 35
MOST_FOLDERS_AT_THE_ROOT = 20
# From the device, which knows nothing of Home Assistant, to what people see.
ROOMS = (
    "axeos",
    "storage",
    "miner",
    "analysis",
    "history",
    "errors",
    "frontend",
    "targets",
    "pools",
    "alerts",
    "guard",
    "swarm",
    "charts",
    "results",
    "tuning",
    "power",
    "firmware",
    "live",
    "discord",
    "sensor",
)


def test_the_root_holds_only_what_everybody_shares() -> None:
    """All else lives in a room with the name of the thing."""
    files = list(PACKAGE.glob("*.py"))
    folders = [
        path
        for path in PACKAGE.iterdir()
        if path.is_dir() and next(path.rglob("*.py"), None) is not None
    ]
    assert len(files) <= MOST_FILES_AT_THE_ROOT
    assert len(folders) <= MOST_FOLDERS_AT_THE_ROOT


@pytest.mark.parametrize(
    "folder", [PACKAGE, ROOT / "scripts"], ids=lambda path: path.name
)
def test_no_circle_of_imports(folder: Path) -> None:
    """Files import each other in one direction only, for typing too."""
    arrows = {path: set(imported(path)) for path in sources(folder)}
    assert circles(arrows) == []


def test_rooms_import_only_from_those_below() -> None:
    """docs/architecture.md lists them in this order."""
    folders = [PACKAGE / room for room in ROOMS]
    assert {path.parent.name for path in PACKAGE.glob("*/__init__.py")} == set(ROOMS)
    wrong = {
        f"{room.name} imports {other.name}"
        for place, room in enumerate(folders)
        for path in sources(room)
        for target in imported(path)
        for other in folders[place + 1 :]
        if target.is_relative_to(other)
    }
    assert wrong == set()


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
