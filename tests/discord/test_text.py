"""Texts for Discord: names that cannot break out, tables that align, parts that fit."""

import re
import unicodedata

from hypothesis import HealthCheck, given, settings, strategies as st
import pytest

from custom_components.bitaxe.discord.markdown import (
    FENCE,
    block,
    clip,
    code,
    escape,
    fit,
    length,
    plain,
    split,
    table,
    width,
)

QUICK = settings(
    max_examples=200,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
NAMES = st.text(max_size=40) | st.text(
    alphabet="ab`*_~|<>[]()#@&!:/\\\n\t\u200b\u202e\u0301 -+1.", max_size=40
)
TEXTS = st.lists(
    st.text(max_size=60) | st.just("```") | st.text("a`\n ", max_size=12), max_size=40
).map("\n".join)


def shown(markdown: str) -> str:
    """Return escaped text as Discord shows it: a backslash lets a sign be a sign."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markdown)


def unescaped(markdown: str) -> str:
    """Return what of a text Discord may take for Markdown."""
    return re.sub(r"\\[^0-9A-Za-z\s]", "", markdown)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("office", "office"),
        ("bitaxe-601.local", "bitaxe-601.local"),
        ("my_miner*", "my\\_miner\\*"),
        ("@everyone", "\\@everyone"),
        ("<@&123> <#5>", "\\<\\@&123\\> \\<\\#5\\>"),
        ("a\nb\r\n# c", "a b \\# c"),
        ("- a", "\\- a"),
        ("1. a", "1\\. a"),
        ("`x` ```y", "\\`x\\` \\`\\`\\`y"),
        ("[free](https://evil.example)", "\\[free\\](https\\://evil.example)"),
        ("\u202eecivres\u200b", "ecivres"),
        ("||spoiler||", "\\|\\|spoiler\\|\\|"),
        ("\u200b \u3164", "?"),
        ("\ud800x", "x"),
    ],
)
def test_names(name: str, said: str) -> None:
    """A name reads as it was given, and does nothing."""
    assert escape(name) == said


@QUICK
@given(NAMES)
def test_any_name_is_harmless(name: str) -> None:
    """Whatever a miner calls itself, nothing of it is read as Markdown or a mention."""
    said = escape(name)

    assert shown(said) == plain(name)
    assert not set(unescaped(said)) & set("`*_~|<>[]#@")
    assert not re.match(r"\d*[-+.]|>", unescaped(said)) or re.match(r"\d*\\", said)
    assert "://" not in unescaped(said).replace("\\", "")
    assert said.splitlines() == [said]
    assert said.strip() == said != ""
    said.encode()


@QUICK
@given(NAMES)
def test_any_name_stays_within_code(name: str) -> None:
    """A name can neither end the code nor the line it stands in."""
    said = code(name)

    assert "`" not in said
    assert said.splitlines() == [said]
    assert not {unicodedata.category(character) for character in said} & {
        *("Cc", "Cf", "Cs")
    }


@QUICK
@given(NAMES, st.integers(1, 30), st.booleans())
def test_columns(name: str, columns: int, right: bool) -> None:
    """Each cell is as wide as its column, for wide and combining characters too."""
    assert width(fit(code(name), columns, right=right)) == columns


def test_wide_characters_align() -> None:
    """Characters of two columns count as two."""
    rows = [("采矿机", "1.0"), ("a", "12.0"), ("a very long name of a miner", "3.0")]

    lines = table(("Miner", "TH/s"), rows).splitlines()

    assert {width(line) for line in lines[1:-1]} == {12 + 1 + 4}
    assert lines[4].startswith("a very long… ")
    assert (lines[0], lines[-1]) == (FENCE, FENCE)


@QUICK
@given(st.text(max_size=50), st.integers(1, 40))
def test_clip(text: str, limit: int) -> None:
    """What is clipped fits, and shows that it is clipped."""
    clipped = clip(text, limit)

    assert length(clipped) <= limit
    assert clipped == text or clipped.endswith("…")
    assert length(text) > limit or clipped == text


@QUICK
@given(TEXTS, st.integers(12, 200))
def test_split_into_parts(text: str, limit: int) -> None:
    """Parts fit, are not blank, and together say everything in its order."""
    parts = split(text, limit)

    assert all(length(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)
    assert _essence("".join(parts)) == _essence(text)


@QUICK
@given(st.lists(st.text("abc ", min_size=1, max_size=30), min_size=1, max_size=60))
def test_code_stays_code(lines: list[str]) -> None:
    """Each part of a table that is cut is a table of its own."""
    parts = split("before\n" + block(lines) + "\nafter", 60)

    assert all(part.count(FENCE) % 2 == 0 for part in parts)
    inside = [line for part in parts for line in part.split(FENCE)[1::2]]
    assert _essence("".join(inside)) == _essence("".join(lines))


def test_lines_stay_whole() -> None:
    """Texts are cut between lines, and long lines between words."""
    assert split("one two\nthree four\nfive", 20) == ["one two\nthree four", "five"]
    assert split("alpha beta gamma delta", 20) == ["alpha beta", "gamma delta"]


def _essence(text: str) -> str:
    """Return what must not get lost."""
    return "".join(text.replace("`", "").split())
