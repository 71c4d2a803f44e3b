"""The security page: every statement names tests, and they exist."""

import ast
import re

import pytest

from .package import ROOT

PAGE = ROOT / "docs" / "security.md"
TEST = re.compile(r"`([\w/]+\.py)::(test_\w+)`")


def statements() -> list[str]:
    """Return the items of all lists of the page, each in one line."""
    found: list[str] = []
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("- "):
            found.append(line)
        elif line.startswith("  ") and found:
            found[-1] += line
    return found


def test_there_are_statements() -> None:
    """The page is read as it is meant."""
    assert len(statements()) > 30


@pytest.mark.parametrize("statement", statements())
def test_a_statement_names_tests_that_exist(statement: str) -> None:
    """One that nothing proves is a wish."""
    named = TEST.findall(statement)
    assert named, "no test is named"
    for file, name in named:
        path = ROOT / "tests" / file
        assert path.is_file(), file
        functions = {
            node.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert name in functions, f"{file}::{name}"
