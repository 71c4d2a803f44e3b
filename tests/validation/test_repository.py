"""The repository as the HACS validator and the Marketplace want it, and tidy."""

import json
import re
import stat

from awesomeversion import AwesomeVersion
from PIL import Image
import pytest
import voluptuous as vol

from .package import DOMAIN, PACKAGE, ROOT, manifest, read_json, tracked_files

HACS = vol.Schema(
    {
        vol.Required("name"): str,
        vol.Optional("content_in_root"): bool,
        vol.Optional("country"): vol.Any(str, [str]),
        vol.Optional("filename"): str,
        vol.Optional("hacs"): str,
        vol.Optional("hide_default_branch"): bool,
        vol.Optional("homeassistant"): str,
        vol.Optional("persistent_directory"): str,
        vol.Optional("render_readme"): bool,
        vol.Optional("zip_release"): bool,
    }
)

# What no file in the repository may hold: addresses of package registries and their
# mirrors, and folders of the machine that a file was written on.
UNWANTED = {
    "registry": re.compile(
        r"(pypi\.org|pythonhosted\.org|deb\.debian\.org|registry\.npmjs\.org"
        r"|artifactory|-docker\.pkg\.dev|-python\.pkg\.dev)"
    ),
    "index option": re.compile(r"--(extra-)?index-url[= ]+\S*://"),
    "machine folder": re.compile(
        r"(?<![\w./~-])/(root|work|opt|Users|home/(?!assistant)\w+)/"
    ),
    "temporary folder": re.compile(r"(?<![\w./~-])/tmp/\w"),
}
# Files that state these very patterns
EXCUSED = {"tests/validation/test_repository.py"}


def test_there_is_one_integration() -> None:
    """HACS and the Marketplace install the only folder below custom_components."""
    folders = {
        path.relative_to(ROOT).parts[1]
        for path in tracked_files()
        if path.is_relative_to(ROOT / "custom_components")
        and len(path.relative_to(ROOT).parts) > 2
    }
    assert folders == {DOMAIN}


def test_hacs_json() -> None:
    """HACS refuses keys it does not know."""
    hacs = read_json(ROOT / "hacs.json")
    HACS(hacs)
    assert hacs["name"] == manifest()["name"]
    assert AwesomeVersion(hacs["homeassistant"]) >= AwesomeVersion("2026.10.0")


def test_manifest_has_what_hacs_needs() -> None:
    """HACS reads these and refuses a repository that lacks one."""
    required = ["codeowners", "documentation", "domain", "issue_tracker", "name"]
    assert all(manifest().get(key) for key in [*required, "version"])


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md", "LICENSE"])
def test_documents_exist(name: str) -> None:
    """HACS shows the first; the others are for people who build on it."""
    assert (ROOT / name).stat().st_size > 500


def test_license_is_recognised() -> None:
    """HACS wants an OSI-approved one: this is the MIT license, unaltered."""
    text = " ".join((ROOT / "LICENSE").read_text(encoding="utf-8").split())
    assert text.startswith("MIT License Copyright (c) ")
    for sentence in (
        "Permission is hereby granted, free of charge, to any person obtaining a copy",
        "The above copyright notice and this permission notice shall be included in",
        'THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR',
    ):
        assert sentence in text


def test_the_changelog_has_this_version() -> None:
    """Every version that people install says what is new in it."""
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"\n## [{manifest()['version']}]" in changelog


@pytest.mark.parametrize(
    ("name", "sizes"),
    [
        ("icon.png", {(256, 256)}),
        ("icon@2x.png", {(512, 512)}),
        ("dark_icon.png", {(256, 256)}),
        ("dark_icon@2x.png", {(512, 512)}),
    ],
)
def test_brand_icons(name: str, sizes: set[tuple[int, int]]) -> None:
    """Home Assistant's brand rules: square, 256 pixels, twice that for @2x."""
    with Image.open(PACKAGE / "brand" / name) as image:
        assert image.format == "PNG"
        assert image.size in sizes
        assert image.mode == "RGBA"


@pytest.mark.parametrize(
    ("name", "shortest"),
    [
        ("logo.png", range(128, 257)),
        ("logo@2x.png", range(256, 513)),
        ("dark_logo.png", range(128, 257)),
        ("dark_logo@2x.png", range(256, 513)),
    ],
)
def test_brand_logos(name: str, shortest: range) -> None:
    """Landscape, the shortest side within bounds."""
    with Image.open(PACKAGE / "brand" / name) as image:
        assert image.format == "PNG"
        assert min(image.size) in shortest
        assert image.width > image.height


@pytest.mark.parametrize("what", sorted(UNWANTED))
def test_no_file_names_this_machine(what: str) -> None:
    """A clone works anywhere, and gives nothing away."""
    found = []
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        content = path.read_bytes()
        if name in EXCUSED or b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            if UNWANTED[what].search(line):
                found.append(f"{name}:{number}: {line.strip()}")
    assert not found


def test_json_files_parse() -> None:
    """Home Assistant reports a broken one only when it is used."""
    for path in tracked_files():
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name", ["pyproject.toml", "tests/e2e/pytest.ini", "tests/validation/pytest.ini"]
)
def test_no_test_can_hang(name: str) -> None:
    """Each has a time limit, also one that somebody runs alone."""
    configuration = (ROOT / name).read_text(encoding="utf-8")
    assert re.search(r"^timeout = [1-9]\d*$", configuration, re.MULTILINE)


def test_programs_are_executable() -> None:
    """What starts with #! can be started."""
    for path in tracked_files():
        with path.open("rb") as file:
            is_program = file.read(2) == b"#!"
        if is_program:
            assert path.stat().st_mode & stat.S_IXUSR, path.relative_to(ROOT)


def test_only_environments_there_are_get_prepared() -> None:
    """A dev container or workflow that asks `scripts/setup` for another one fails."""
    setup = (ROOT / "scripts" / "setup").read_text("utf-8")
    (cases,) = re.findall(r"case \$part in\n(.*?)\n    \*\)", setup, re.DOTALL)
    known = {
        name
        for names in re.findall(r"^    ([a-z |]+)\)", cases, re.MULTILINE)
        for name in names.split(" | ")
    }
    asked = {
        name
        for path in tracked_files()
        if path.is_relative_to(ROOT / ".devcontainer")
        or path.is_relative_to(ROOT / ".github")
        or path.parent == ROOT / "scripts"
        for line in path.read_text("utf-8").splitlines()
        if not re.match(r"\s*(?:#|raise )", line)
        for names in re.findall(r'scripts/setup"? ((?:[a-z]+ ?)+)', line)
        for name in names.split()
    }
    assert "cli" in known
    assert "frontend" in asked
    assert asked <= known, asked - known


def test_hooks_run_programs_there_are() -> None:
    """What `.pre-commit-config.yaml` and the dev container name exists."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    named = set(re.findall(r"(?<=-c )\S+\.ini|(?<= )tests/\w+|(?<=cd )\w+", hooks))
    assert named
    assert {name for name in named if not (ROOT / name).exists()} == set()
    scripts = read_json(ROOT / "frontend" / "package.json")["scripts"]
    assert set(re.findall(r"npm run --silent (\w+)", hooks)) <= scripts.keys()
    container = read_json(ROOT / ".devcontainer" / "devcontainer.json")
    command = ROOT / container["postCreateCommand"]
    assert command.stat().st_mode & stat.S_IXUSR
