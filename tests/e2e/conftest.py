"""A demo, and a headless browser that looks at it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
import pytest

from .frontend import PATIENCE_MS, Frontend, log_in
from .home import ROOT, Home

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
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Yield the browser that scripts/setup found or installed, with a new profile."""
    path = (ROOT / ".venvs" / "browser").read_text(encoding="utf-8").strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Yield a demo with Home Assistant and miners of its own."""
    home = Home(tmp_path_factory.mktemp("demo") / "config")
    home.start()
    yield home
    home.stop()


@pytest.fixture
def provoked() -> list[str]:
    """Return a list for what a test makes the integration log, once each."""
    return []


@pytest.fixture(autouse=True)
def _quiet_log(home: Home, provoked: list[str]) -> Iterator[None]:
    """Have every test leave nothing of ours in the log but what it provoked."""
    yield
    problems = home.new_problems()
    assert len(problems) == len(provoked), problems
    for problem, text in zip(problems, provoked, strict=True):
        assert text in problem


@pytest.fixture(scope="session")
def login(browser: Browser, home: Home) -> Any:
    """Return what the browser keeps of having logged in with the form."""
    return log_in(browser, home)


@pytest.fixture
def view(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Return size and colors of the window; tests choose others by parameters."""
    options: dict[str, Any] = getattr(request, "param", {})
    return {"viewport": {"width": 1400, "height": 1000}} | options


@pytest.fixture
def frontend(
    browser: Browser, home: Home, login: Any, view: dict[str, Any], tmp_path: Path
) -> Iterator[Frontend]:
    """Yield a window of the frontend that reaches nothing but the demo."""
    foreign: list[str] = []

    def refuse(route: Route) -> None:
        foreign.append(route.request.url)
        route.abort()

    context = browser.new_context(storage_state=login, **view)
    context.set_default_timeout(PATIENCE_MS)
    context.route(lambda url: not url.startswith((home.url, "data:", "blob:")), refuse)
    page: Page = context.new_page()
    yield Frontend(page, home)
    context.close()
    assert foreign == []
