"""What CONTRIBUTING.md says of each worked example is all there is to it."""

import re

import pytest

from .package import CLI, PACKAGE, ROOT, strings, tracked_files

CARDS = ROOT / "frontend" / "src"

# Texts, which are named beside the files; what the build makes of them; the command
# line, whose commands have the same names; and tests of what is subtle about an
# example. Those that every example needs are among its files.
NOT_COUNTED = re.compile(
    r"translations/|bitaxe/strings\.json$|bitaxe/frontend/.*\.js$"
    r"|^frontend/(test|dev)/|^scripts/(bench|cli)/|^CONTRIBUTING\.md$"
    r"|^tests/(?!troubles\.py$|__snapshots__/test_entities\.ambr$)"
)
LANGUAGES = sorted(path.stem for path in (PACKAGE / "translations").glob("*.json"))
CODE = re.compile(rf"""["'](?:{"|".join(LANGUAGES)})["']""")
# Where a code of a language is that of a format of numbers, or of the reserve.
CODES = {
    "frontend/src/lib/format.ts": "numbers as people choose them in their profile",
    "frontend/src/lib/i18n.ts": "English, which is always there",
    "custom_components/bitaxe/results/services.py": "spreadsheets of languages without texts",
}


def section(heading: str) -> str:
    """Return the text of an example."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    return text.partition(f"### {heading}\n")[2].partition("\n### ")[0]


def example(heading: str) -> set[str]:
    """Return the files that an example lists."""
    return set(re.findall(r"^\d+\. `([^`]+)`", section(heading), re.MULTILINE))


def naming(pattern: str) -> set[str]:
    """Return the files that name something, or are named by it."""
    wanted = re.compile(pattern)
    found = set()
    for path in tracked_files():
        name = path.relative_to(ROOT).as_posix()
        if NOT_COUNTED.search(name):
            continue
        try:
            content = path.read_text("utf-8")
        except UnicodeDecodeError:
            continue
        if wanted.search(content) or wanted.search(name):
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("heading", "pattern", "most"),
    [
        ("A sensor", r"\bhashrate_ratio\b|Share of expected hashrate", 4),
        ("An alert kind", r"(?i)\blow_input_voltage\b", 6),
        ("A Discord command", r"\"stats\"|`/stats\b|messages[./]stats\b", 3),
    ],
)
def test_the_files_of_an_example_are_all(heading: str, pattern: str, most: int) -> None:
    """Anyone who follows it has forgotten nothing, and does nothing in vain."""
    listed = example(heading)
    assert listed == naming(pattern)
    assert len(listed) <= most


def unindented(code: str) -> str:
    """Return code without the spaces before and behind each line."""
    return "\n".join(line.strip() for line in code.splitlines())


@pytest.mark.parametrize("heading", ["A sensor", "An alert kind"])
def test_the_code_of_an_example_is_that_of_its_file(heading: str) -> None:
    """What is shown may be copied as it is."""
    found = re.findall(
        r"^\d+\. `([^`]+)`(?:(?!^\d+\. ).)*?```python\n(.*?)```",
        section(heading),
        re.MULTILINE | re.DOTALL,
    )
    assert found
    for name, code in found:
        content = (ROOT / name).read_text("utf-8")
        assert unindented(code).strip() in unindented(content)


def test_the_groups_of_texts_of_an_alert_are_all() -> None:
    """Who adds a kind finds every group that needs a text for it."""
    needed = {
        group
        for group, selector in strings()["selector"].items()
        if any("low_input_voltage" in key for key in selector.get("options", {}))
    }
    assert "discord_alert" in needed
    assert {name for name in needed if name not in section("An alert kind")} == set()


def test_a_language_is_json_alone() -> None:
    """No source names the languages there are."""
    named = {
        path.relative_to(ROOT).as_posix()
        for path in tracked_files()
        if path.suffix in (".py", ".ts", ".mjs")
        and any(path.is_relative_to(folder) for folder in (PACKAGE, CARDS, CLI))
        and CODE.search(path.read_text("utf-8"))
    }
    assert named <= CODES.keys()
