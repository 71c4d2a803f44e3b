"""The pages for people: links that lead somewhere, and one version everywhere."""

from collections.abc import Callable
import json
from pathlib import Path
import re
import subprocess
import sys
from typing import Any
import zipfile

import pytest

from .package import PACKAGE, ROOT, manifest, strings, tracked_files

PAGES = [
    ROOT / name
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
    if (ROOT / name).exists()
] + sorted((ROOT / "docs").glob("*.md"))
LINK = re.compile(r"(?:\]\(|(?:src|srcset|href)=\")([^)\"\s]+)[)\"]")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"```.*?```", re.DOTALL)


def text(page: Path) -> str:
    """Return a page without its blocks of code."""
    return CODE.sub("", page.read_text(encoding="utf-8"))


def anchors(page: Path) -> set[str]:
    """Return what links to parts of a page may name, by GitHub's rule."""
    found = set()
    for heading in HEADING.findall(text(page)):
        words = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower()
        found.add(re.sub(r"[^\w\- ]", "", words).replace(" ", "-"))
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Files and headings that move take their links along."""
    dead = []
    for link in LINK.findall(text(page)):
        if link.startswith(("http://", "https://")):
            continue
        name, _, anchor = link.partition("#")
        target = (page.parent / name).resolve() if name else page
        if not target.exists() or (
            anchor and target.suffix == ".md" and anchor not in anchors(target)
        ):
            dead.append(link)
    assert not dead


def test_every_page_is_found_from_the_readme() -> None:
    """A page that nothing leads to is read by nobody."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = {path.relative_to(ROOT).as_posix() for path in PAGES[1:]}
    assert {page for page in pages if f"({page})" not in readme} == set()


def plain(name: str) -> str:
    """Return a page as running text in lower case, without marks of its own."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    return " ".join(page.replace("*", "").lower().split())


def test_every_entity_is_described() -> None:
    """By the name that it has in English; those of an ASIC by those of the first."""
    page = plain("entities.md")
    missing = [
        name
        for entities in strings()["entity"].values()
        for entity in entities.values()
        if "name" in entity
        and (name := re.sub(r"{\w+}", "1", entity["name"])).lower() not in page
    ]
    assert not missing


@pytest.mark.parametrize(
    ("name", "of"),
    [
        ("actions.md", lambda texts: [f"bitaxe.{key}" for key in texts["services"]]),
        (
            "automations.md",
            lambda texts: [
                f"bitaxe.{key}" for key in (*texts["triggers"], *texts["conditions"])
            ],
        ),
        (
            "alerts.md",
            lambda texts: [
                f"`{key}`" for key in texts["selector"]["alert_kind"]["options"]
            ],
        ),
    ],
)
def test_every_list_is_whole(
    name: str, of: Callable[[dict[str, Any]], list[str]]
) -> None:
    """Actions, triggers, conditions and alert kinds, by the names that people write."""
    page = plain(name)
    assert [item for item in of(strings()) if item not in page] == []


def test_every_option_is_on_the_page_of_options() -> None:
    """Each option of a miner, each form of the swarm, and all that can be added."""
    page = plain("installation.md")
    miner = strings()["options"]["step"]["init"]
    names = [
        *miner["data"].values(),
        *(section["name"] for section in miner["sections"].values()),
        *strings()["options"]["step"]["swarm"]["menu_options"].values(),
        *(
            added["initiate_flow"]["user"]
            for added in strings()["config_subentries"].values()
        ),
    ]
    assert [name for name in names if f"| {name.lower()} |" not in page] == []


def test_every_field_of_an_action_is_described() -> None:
    """What an action takes is on the page of actions, or on that of its subject."""
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    common = {"device_id", "area_id", "label_id"}
    missing = [
        f"{action}.{field}"
        for action, service in strings()["services"].items()
        for field in {*service.get("fields", {})} - common
        if f"`{field}`" not in pages and f"{field}:" not in pages
    ]
    assert not missing


def test_there_is_one_version() -> None:
    """`scripts/release version` writes all of them."""
    version = manifest()["version"]
    package = json.loads((ROOT / "frontend/package.json").read_text(encoding="utf-8"))
    found = {"frontend/package.json": package["version"]}
    for name in ("pyproject.toml", "scripts/cli/pyproject.toml"):
        match = re.search(
            r'(?m)^version = "(.+)"$', (ROOT / name).read_text(encoding="utf-8")
        )
        assert match is not None
        found[name] = match[1]
    for name in ("README.md", "docs/command-line.md"):
        match = re.search(r"/v([^/]+)/bitaxe_cli-", (ROOT / name).read_text("utf-8"))
        assert match is not None
        found[name] = match[1]
    assert set(found.values()) == {version}, found


def release(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run `scripts/release`."""
    command = [sys.executable, str(ROOT / "scripts" / "release"), *arguments]
    return subprocess.run(command, check=False, capture_output=True, text=True)


def test_a_release_holds_the_integration(tmp_path: Path) -> None:
    """What is unpacked into custom_components/bitaxe is what is in the repository."""
    outcome = release("build", "--output", str(tmp_path))
    assert outcome.returncode == 0, outcome.stderr
    with zipfile.ZipFile(tmp_path / "bitaxe.zip") as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}
    assert packed == {
        path.relative_to(PACKAGE).as_posix(): path.read_bytes()
        for path in tracked_files()
        if path.is_relative_to(PACKAGE)
    }
    notes = (tmp_path / "release-notes.md").read_text(encoding="utf-8")
    assert notes.strip()
    assert "\n## " not in notes


def test_the_command_line_is_installed_by_its_wheel(tmp_path: Path) -> None:
    """It needs nothing of the repository, and offers no demo."""
    outcome = release("build", "--output", str(tmp_path))
    assert outcome.returncode == 0, outcome.stderr
    [wheel] = tmp_path.glob("*.whl")
    assert wheel.name in (ROOT / "README.md").read_text(encoding="utf-8")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
        [points] = [name for name in archive.namelist() if "entry_points" in name]
        commands = archive.read(points).decode()
    assert "bitaxe = bitaxe_cli.program:main" in commands
    assert "bitaxe-top = bitaxe_cli.program:top" in commands
    for path in (tmp_path / "installed").rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        assert "import scripts" not in source
        assert "from scripts" not in source


def test_a_tag_must_be_the_version() -> None:
    """Nothing is released under the name of something else."""
    outcome = release("check", "v99.0.0")
    assert outcome.returncode == 1
    assert manifest()["version"] in outcome.stderr
