"""Take the pictures of the documentation anew, or pictures of every view to look at."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import io
import json
from pathlib import Path
import sys

from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from scripts.demo_home.client import USERNAME
from scripts.demo_home.onboarding import DASHBOARD

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "docs" / "images"
_FLAGS = ["--disable-gpu", "--no-sandbox"]
_PATIENCE_MS = 120_000
_MINER = "bitaxe-office"
_DESKTOP = (1400, 1000)
_PHONE = (390, 844)
_MOST_HEIGHT = 6000
_COLORS = 256
"""Of a picture; interfaces need no more, and each clone of the repository has them."""

# Home Assistant's elements lie in shadow roots of each other.
_HEIGHT = """() => {
    const find = (root) => {
        for (const node of root.querySelectorAll("*")) {
            if (node.localName === "hui-sections-view") return node;
            const found = node.shadowRoot && find(node.shadowRoot);
            if (found) return found;
        }
    };
    return find(document).scrollHeight + 80;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture of a view, or of one card of it."""

    name: str
    view: str
    """`overview`, `analysis` or `miner`."""
    size: tuple[int, int] = _DESKTOP
    """px of the window."""
    dark: bool = False
    language: str = "en"
    card: str | None = None
    """Only the first card of this type."""
    whole: bool = True
    """Whether what is below the edge of the window is in the picture."""
    most: int = _MOST_HEIGHT
    """px of its height at most."""


DOCUMENTED = (
    Picture(name="dashboard-swarm", view="overview", most=1520),
    Picture(name="dashboard-swarm-dark", view="overview", dark=True, most=1520),
    Picture(name="dashboard-analysis", view="analysis", dark=True, most=1520),
    Picture(name="dashboard-miner", view="miner", dark=True, most=1520),
    Picture(name="dashboard-phone", view="overview", size=_PHONE, whole=False),
    Picture(
        name="card-miner", view="miner", size=(760, 1000), card="bitaxe-miner-card"
    ),
    Picture(
        name="card-efficiency",
        view="miner",
        size=(760, 1000),
        card="bitaxe-efficiency-card",
    ),
    Picture(
        name="card-swarm-lite",
        view="overview",
        size=(440, 1000),
        card="bitaxe-swarm-card",
    ),
)
LOOKED_AT = tuple(
    Picture(
        name=f"{view}-{where}-{'dark' if dark else 'light'}-{language}",
        view=view,
        size=size,
        dark=dark,
        language=language,
    )
    for view in ("overview", "analysis", "miner")
    for where, size in (
        ("wall", (1920, 1080)),
        ("desktop", (1280, 900)),
        ("tablet", (820, 1180)),
        ("phone", _PHONE),
        ("small-phone", (320, 640)),
    )
    for dark in (False, True)
    for language in ("en", "de")
)


def main() -> int:
    """Take them; return the exit status."""
    parser = argparse.ArgumentParser(prog="scripts/pictures", description=__doc__)
    parser.add_argument(
        "--demo", type=Path, default=ROOT / ".demo", help="folder of the running demo"
    )
    parser.add_argument(
        "--look-at",
        type=Path,
        metavar="FOLDER",
        help="leave the documentation alone: every view on walls, desktops, tablets and phones,"
        " light and dark, in English and German",
    )
    parser.add_argument("--only", default="", help="those whose name has this in it")
    arguments = parser.parse_args()
    try:
        state = json.loads((arguments.demo / "demo.json").read_text("utf-8"))
        http = json.loads((arguments.demo / ".storage" / "http").read_text("utf-8"))
    except OSError as err:
        print(f"pictures: start scripts/demo first ({err})", file=sys.stderr)
        return 1
    url = f"http://127.0.0.1:{http['data']['stable']['server_port']}"
    folder: Path = arguments.look_at or IMAGES
    folder.mkdir(parents=True, exist_ok=True)
    wanted = LOOKED_AT if arguments.look_at else DOCUMENTED
    path = (ROOT / ".venvs" / "browser").read_text("utf-8").strip()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        with _logged_in(browser, url, state["password"]) as login:
            for picture in wanted:
                if arguments.only in picture.name:
                    _take(browser, url, login, picture, folder)
                    print(folder / f"{picture.name}.png", flush=True)
        browser.close()
    return 0


@contextmanager
def _logged_in(browser: Browser, url: str, password: str) -> Iterator[Path]:
    """Log in with the form; yield a file with what the browser keeps of that."""
    kept = IMAGES / "login.json"
    context = browser.new_context()
    context.set_default_timeout(_PATIENCE_MS)
    page = context.new_page()
    page.goto(url)
    page.locator("input[name=username]").fill(USERNAME)
    page.locator("input[name=password]").fill(password)
    page.get_by_role("button", name="Log in").click()
    page.locator("ha-sidebar").wait_for()
    context.storage_state(path=kept)
    context.close()
    try:
        yield kept
    finally:
        kept.unlink()


def _take(
    browser: Browser, url: str, login: Path, picture: Picture, folder: Path
) -> None:
    width, height = picture.size
    context = browser.new_context(
        storage_state=login,
        viewport={"width": width, "height": height},
        color_scheme="dark" if picture.dark else "light",
        is_mobile=width <= _PHONE[0],
        has_touch=width <= _PHONE[0],
    )
    context.set_default_timeout(_PATIENCE_MS)
    language = json.dumps(json.dumps(picture.language))
    context.add_init_script(f"localStorage.setItem('selectedLanguage', {language})")
    page = context.new_page()
    _open(page, url, picture.view)
    if picture.whole:
        wanted = min(page.evaluate(_HEIGHT), _MOST_HEIGHT)
        page.set_viewport_size({"width": width, "height": wanted})
        _wait_until_drawn(page)
        if picture.card is None and wanted > picture.most:
            page.set_viewport_size({"width": width, "height": picture.most})
            _wait_until_drawn(page)
    if picture.card is None:
        content = page.screenshot()
    else:
        content = page.locator(picture.card).first.screenshot()
    # An adaptive palette keeps the file small, and the eye sees no difference.
    image = Image.open(io.BytesIO(content)).convert("RGB").quantize(_COLORS)
    image.save(folder / f"{picture.name}.png", optimize=True)
    context.close()


def _open(page: Page, url: str, view: str) -> None:
    page.goto(f"{url}/{DASHBOARD}/{'overview' if view == 'miner' else view}")
    expect(page.locator("hui-sections-view")).to_be_visible(timeout=_PATIENCE_MS)
    if view == "miner":
        row = page.locator("bitaxe-swarm-card bitaxe-swarm-row").filter(
            has=page.get_by_role("button", name=_MINER)
        )
        row.get_by_role("button", name=_MINER).click()
        page.wait_for_url(f"**/{DASHBOARD}/miner-*")
        expect(page.locator("bitaxe-miner-card")).to_be_visible(timeout=_PATIENCE_MS)
    _wait_until_drawn(page)


def _wait_until_drawn(page: Page) -> None:
    """Return once no card waits for its data any more, and nothing moves."""
    for card in ("bitaxe-miner-card", "bitaxe-efficiency-card"):
        for drawn in page.locator(card).all():
            expect(drawn.locator("svg").first).to_be_visible(timeout=_PATIENCE_MS)
    for graph in page.locator("hui-statistics-graph-card").all():
        expect(graph.locator("canvas").first).to_be_visible(timeout=_PATIENCE_MS)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(2000)


if __name__ == "__main__":
    sys.exit(main())
