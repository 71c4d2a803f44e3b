"""The headless browser that the end-to-end tests look through."""

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright
import pytest

ROOT = Path(__file__).parents[2]

# Nothing but the pages under test: no updates, no synchronisation, no first-run pages.
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Return the browser that scripts/setup found or installed, with a new profile."""
    path = (ROOT / ".venvs" / "browser").read_text(encoding="utf-8").strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
