"""The page of `frontend/dev`: cards with made-up data, without Home Assistant."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
import json
import socket
import subprocess
import time
from typing import Any
from urllib.parse import urlencode

from playwright.sync_api import Page

from .frontend import SCREENSHOTS
from .home import is_free
from .looks import FRONTEND, Looks


class DevPage(Looks):
    """A window that shows cards of the page."""

    def __init__(self, page: Page, url: str) -> None:
        """Show the page at an address in a window."""
        super().__init__(page)
        self._url = url
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def show(self, *cards: dict[str, Any], **options: object) -> None:
        """Show cards by their configurations, and return once they are drawn.

        Options are those of the page's address: `miners`, `theme`, `language` …
        """
        query: Sequence[tuple[str, object]] = [
            *(("config", json.dumps(card)) for card in cards),
            *options.items(),
        ]
        self.page.goto(f"{self._url}/?{urlencode(query)}")
        self.page.wait_for_function("document.querySelector('main[data-ready]')")
        self.settle()

    def settle(self) -> None:
        """Return once nothing is loading, and what came is drawn."""
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(
            """async () => {
                await document.fonts.ready;
                for (let frame = 0; frame < 3; frame++)
                    await new Promise(requestAnimationFrame);
            }"""
        )

    def resize(self, width: int) -> None:
        """Make the window so many px wide, and return once the cards have noticed."""
        self.page.set_viewport_size({"width": width, "height": 900})
        self.settle()

    def wait_until_still(self) -> None:
        """Return once the height of what is shown has stood for a second."""
        self.page.evaluate(
            """async () => {
                const main = document.querySelector("main");
                for (let still = 0, before = 0; still < 10; ) {
                    await new Promise((resolve) => setTimeout(resolve, 100));
                    still = main.scrollHeight === before ? still + 1 : 0;
                    before = main.scrollHeight;
                }
            }"""
        )

    def keep(self, name: str) -> None:
        """Keep a picture for people to look at."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")


@contextmanager
def serve() -> Iterator[str]:
    """Serve the page, and yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [
            "node_modules/.bin/vite",
            *("--config", "dev/vite.config.ts"),
            *("--port", str(port), "--strictPort"),
        ],
        cwd=FRONTEND,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            if not is_free(port):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()
