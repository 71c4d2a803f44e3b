"""The pages of Home Assistant, as a person uses them."""

import re
from typing import Any, Literal

from playwright.sync_api import Browser, Locator, Page, expect

from .home import ROOT, Home

SCREENSHOTS = ROOT / "results" / "screenshots"
# A miner is asked every 10 s, and must miss three polls to be unavailable.
PATIENCE_MS = 90_000

type Row = Literal["sensor", "number", "toggle", "button", "event", "simple"]

# Text as it is on the screen lies in shadow roots, which `innerText` does not enter.
_ALL_TEXTS = """() => {
    const texts = [];
    const walk = (node) => {
        if (node.nodeType === Node.TEXT_NODE) {
            const text = node.textContent.trim();
            if (text) texts.push(text);
        } else if (!["STYLE", "SCRIPT", "TITLE"].includes(node.tagName)) {
            if (node.shadowRoot) node.shadowRoot.childNodes.forEach(walk);
            node.childNodes.forEach(walk);
        }
    };
    walk(document.body);
    return texts;
}"""
# What shows instead of a text that is missing from the translations
_KEY = re.compile(r"[a-z0-9]+(_[a-z0-9]+)+|\w*(component|ui)\.\w+\.[\w.]+")


def log_in(browser: Browser, home: Home) -> Any:
    """Log in with the form; return what the browser keeps of it."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    page = context.new_page()
    page.goto(home.url)
    page.locator("input[name=username]").fill("demo")
    page.locator("input[name=password]").fill(home.password)
    page.get_by_role("button", name="Log in").click()
    page.locator("ha-sidebar").wait_for()
    state = context.storage_state()
    context.close()
    return state


class Frontend:
    """One browser window, logged in."""

    def __init__(self, page: Page, home: Home) -> None:
        """Look at a home through a page."""
        self.page = page
        self._home = home

    def open(self, path: str) -> None:
        """Open a page by its path."""
        self.page.goto(self._home.url + path)

    def open_integration(self) -> None:
        """Open the page of the integration."""
        self.open("/config/integrations/integration/bitaxe")
        expect(self.page.get_by_role("button", name="Add device")).to_be_visible()

    def open_device(self, name: str) -> None:
        """Open the page of a miner, or of the swarm."""
        self.open("/config/devices/dashboard?domain=bitaxe")
        table = self.page.locator("ha-config-devices-dashboard")
        table.get_by_text(name, exact=True).first.click()
        self.page.wait_for_url("**/config/devices/device/*")
        expect(self.page.get_by_role("heading", name="Sensors")).to_be_visible()

    def row(self, kind: Row, name: str) -> Locator:
        """Return the row of an entity on a device page."""
        return self.page.locator(f"hui-{kind}-entity-row").filter(
            has=self.page.get_by_text(name, exact=True)
        )

    def card(self, heading: str) -> Locator:
        """Return a group of entities on a device page."""
        return self.page.locator("ha-device-entities-card").filter(
            has=self.page.get_by_role("heading", name=heading)
        )

    def start_adding(self, way: str) -> None:
        """Walk from the overview to one of the ways to add a miner."""
        self.open("/")
        page = self.page
        page.get_by_text("Settings", exact=True).click()
        page.get_by_text("Devices & services").first.click()
        page.get_by_role("button", name="Add integration").click()
        page.get_by_placeholder("Search for a brand name").fill("Bitaxe")
        page.locator("ha-integration-list-item").filter(has_text="Bitaxe").click()
        page.get_by_text(way).click()

    def fill_and_submit(self, text: str) -> None:
        """Fill the only field of a form, and submit it."""
        self.page.locator("ha-form input").fill(text)
        self.submit()

    def submit(self) -> None:
        """Submit a form."""
        self.page.get_by_role("button", name="Submit").click()

    def texts(self) -> list[str]:
        """Return all texts of the page."""
        texts: list[str] = self.page.evaluate(_ALL_TEXTS)
        return texts

    def untranslated(self) -> list[str]:
        """Return the texts that look like keys."""
        return [text for text in self.texts() if _KEY.fullmatch(text)]

    def keep(self, name: str) -> None:
        """Keep a picture for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")

    def keep_part(self, part: Locator, name: str) -> None:
        """Keep a picture of a part of the page for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        part.screenshot(path=SCREENSHOTS / f"{name}.png")
