"""What the cards weigh, and what they cost a browser with forty miners.

The page of `frontend/dev` is built as the cards are shipped, and shown by a headless
browser. Its miners are made up, which costs about 0.1 ms of each update.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
import gzip
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
import json
from pathlib import Path
from statistics import median
import subprocess
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any, Final, override

from playwright.sync_api import CDPSession, Page, sync_playwright

ROOT: Final = Path(__file__).parents[2]
BUNDLE: Final = ROOT / "custom_components" / "bitaxe" / "frontend"
FIRST: Final = "bitaxe-cards.js"
"""The module that every page of Home Assistant loads; the others wait to be needed."""

SIZE_TARGET: Final = 45_000
"""Bytes of the first module, compressed by gzip."""
UPDATE_TARGET_MS: Final = 4.0
GROWTH_TARGET: Final = 0.05
"""Of the memory in use, in an hour."""
WARM_UP: Final = 1000
"""Updates until the browser has compiled and optimised all it will."""

SWARM: Final = {"type": "custom:bitaxe-swarm-card"}
LITE: Final = {"type": "custom:bitaxe-swarm-card", "layout": "lite"}
EVERYTHING: Final = (
    SWARM,
    {"type": "custom:bitaxe-miner-card", "device_id": "$0"},
    {"type": "custom:bitaxe-efficiency-card", "device_id": "$0"},
    {"type": "custom:bitaxe-summary-card"},
)

_ROWS: Final = """count => {
    const rows = document.querySelector("bitaxe-swarm-card")
        ?.shadowRoot?.querySelectorAll("bitaxe-swarm-row") ?? [];
    return rows.length === count && rows[count - 1].childElementCount > 0
        ? performance.now() : false;
}"""
_UPDATE: Final = """async count => {
    const card = document.querySelector("bitaxe-swarm-card");
    const rows = [...card.shadowRoot.querySelectorAll("bitaxe-swarm-row")];
    const times = [];
    for (let done = 0; done < count; done++) {
        const begin = performance.now();
        home.live(10, 1);
        await card.updateComplete;
        await Promise.all(rows.map((row) => row.updateComplete));
        times.push(performance.now() - begin);
        await new Promise(requestAnimationFrame);
        await new Promise((resolve) => setTimeout(resolve));
    }
    return times;
}"""
"""Changes all miners, and returns the ms until the swarm's card has written all of
it."""


class _Handler(SimpleHTTPRequestHandler):
    @override
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def served_page() -> Iterator[str]:
    """Build the page as it would be shipped, and serve it on this machine."""
    with TemporaryDirectory() as folder:
        subprocess.run(
            [
                "node_modules/.bin/vite",
                *("build", "--config", "dev/vite.config.ts"),
                *("--outDir", folder, "--logLevel", "error"),
            ],
            cwd=ROOT / "frontend",
            check=True,
        )
        handler = partial(_Handler, directory=folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            yield f"http://127.0.0.1:{server.server_port}/"
            server.shutdown()


class Window:
    """A page of a browser, and what it counts."""

    def __init__(self, page: Page, url: str) -> None:
        """Show pages at a URL."""
        self._page = page
        self._url = url
        self._session: CDPSession = page.context.new_cdp_session(page)
        self._session.send("Performance.enable")

    def show(self, *cards: dict[str, str], miners: int) -> float:
        """Show cards, one of them the swarm's, and return ms until that was drawn."""
        query = "&".join(f"config={json.dumps(card)}" for card in cards)
        self._page.goto(f"{self._url}?{query}&miners={miners}&interval=0")
        drawn = self._page.wait_for_function(_ROWS, arg=miners, polling="raf")
        return float(drawn.json_value())

    def update(self, count: int) -> list[float]:
        """Change all miners so many times, and return ms of script of each time."""
        times: list[float] = self._page.evaluate(_UPDATE, count)
        return times

    def metrics(self) -> dict[str, float]:
        """Return what the browser counted so far; durations are in s."""
        self._session.send("HeapProfiler.collectGarbage")
        answer = self._session.send("Performance.getMetrics")
        return {item["name"]: item["value"] for item in answer["metrics"]}


def cost_per_update(
    window: Window, card: dict[str, str], miners: int, updates: int
) -> tuple[float, float]:
    """Return ms of script, and of style and layout, that one update costs."""
    window.show(card, miners=miners)
    window.update(WARM_UP // 10)
    before = window.metrics()
    times = window.update(updates)
    after = window.metrics()
    layout = sum(
        after[name] - before[name] for name in ("LayoutDuration", "RecalcStyleDuration")
    )
    return median(times), layout * 1000 / updates


def show_sizes() -> bool:
    """Print the sizes of the modules, and return whether the target is met."""
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 9, mtime=0))
        for path in sorted(BUNDLE.glob("*.js"))
    }
    for name, size in sizes.items():
        when = "with every page" if name == FIRST else "when needed"
        print(f"{name:24} {size / 1000:7.1f} kB gzip  {when}")
    return verdict("first module", sizes[FIRST] / 1000, SIZE_TARGET / 1000, "kB")


def verdict(what: str, value: float, target: float, unit: str) -> bool:
    """Print a figure beside its target, and return whether it is met."""
    met = value <= target
    print(f"{what}: {value:.1f} {unit}, target {target:g} {unit}: ", end="")
    print("met" if met else "MISSED")
    return met


def main() -> int:
    """Measure, and return whether the targets are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--miners", type=int, default=40)
    parser.add_argument("--updates", type=int, default=200)
    parser.add_argument(
        "--hour",
        type=int,
        default=360,
        help="updates in the hour that memory is watched for: one per poll of 10 s",
    )
    options = parser.parse_args()
    miners = options.miners

    met = show_sizes()
    browser_path = (ROOT / ".venvs" / "browser").read_text(encoding="utf-8").strip()
    with served_page() as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1400, "height": 1000})
        window = Window(page, url)

        for name, card in (("full", SWARM), ("lite", LITE)):
            first = min(window.show(card, miners=miners) for _ in range(5))
            print(f"first drawing, {name}, {miners} miners: {first:.0f} ms")

        for name, card in (("full", SWARM), ("lite", LITE)):
            script, layout = cost_per_update(window, card, miners, options.updates)
            what = f"script of an update, {name}, all of {miners} miners"
            met = verdict(what, script, UPDATE_TARGET_MS, "ms") and met
            print(f"  and style and layout: {layout:.1f} ms")

        window.show(*EVERYTHING, miners=miners)
        page.wait_for_timeout(2000)
        window.update(WARM_UP)
        before = window.metrics()
        window.update(options.hour)
        after = window.metrics()
        for name in ("Nodes", "JSEventListeners"):
            print(f"{name}: {before[name]:.0f}, after the hour {after[name]:.0f}")
        used = before["JSHeapUsedSize"], after["JSHeapUsedSize"]
        print(f"memory: {used[0] / 1e6:.2f} MB, after the hour {used[1] / 1e6:.2f} MB")
        growth = (used[1] / used[0] - 1) * 100
        met = verdict("growth", growth, GROWTH_TARGET * 100, "%") and met
        browser.close()
    return 0 if met else 1


if __name__ == "__main__":
    raise SystemExit(main())
