"""The dashboard of the integration, as a person uses it."""

import re
from typing import Literal

from playwright.sync_api import ConsoleMessage, Locator, expect

from scripts.demo_home.onboarding import DASHBOARD

from .frontend import Frontend

PATH = f"/{DASHBOARD}"

type View = Literal["overview", "analysis"]


class Dashboard:
    """The dashboard in one window, and what the window's console complains about."""

    def __init__(self, frontend: Frontend) -> None:
        """Look at it through a window."""
        self.frontend = frontend
        self.page = frontend.page
        self.complaints: list[str] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def open(self, view: View) -> None:
        """Open one of the two views that are about all miners."""
        self.frontend.open(f"{PATH}/{view}")
        expect(self.page.locator("hui-sections-view")).to_be_visible()

    def open_miner(self, name: str) -> None:
        """Open the view of a miner by the row that it has in the swarm's card."""
        self.open("overview")
        self.row(name).get_by_role("button", name=name).click()
        self.page.wait_for_url(re.compile(f"{PATH}/miner-"))
        expect(self.miner.get_by_text(name, exact=True).first).to_be_visible()

    @property
    def swarm(self) -> Locator:
        """The card of the swarm."""
        return self.page.locator("bitaxe-swarm-card")

    def row(self, name: str) -> Locator:
        """The row of a miner in the card of the swarm."""
        return self.swarm.locator("bitaxe-swarm-row").filter(
            has=self.page.get_by_role("button", name=name)
        )

    @property
    def miner(self) -> Locator:
        """The card of a miner."""
        return self.page.locator("bitaxe-miner-card")

    def wait_until_drawn(self) -> None:
        """Return once no card of ours or of Home Assistant's is still at it."""
        for card in ("bitaxe-miner-card", "bitaxe-efficiency-card"):
            for drawn in self.page.locator(card).all():
                expect(drawn.locator("svg").first).to_be_visible()
        for graph in self.page.locator("hui-statistics-graph-card").all():
            expect(graph.locator("canvas").first).to_be_visible()
        expect(self.page.locator("hui-error-card")).to_have_count(0)
