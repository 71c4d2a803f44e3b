"""Takes a picture of the page in this folder, and prints what its console says.

Usage: .venvs/demo/bin/python frontend/dev/look.py FILE.png QUERY [WIDTH [HEIGHT]]

Starts a server of its own for as long as it takes. QUERY is described in page.ts; the
theme of it is also that of the browser. Without a height the picture is as high as
the page.
"""

from pathlib import Path
import socket
import subprocess
import sys
import time
from urllib.parse import parse_qs

from playwright.sync_api import ConsoleMessage, sync_playwright

FRONTEND = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """Return a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    """Return once somebody listens at a port."""
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("look: the server did not start")


def report(message: ConsoleMessage) -> None:
    """Print what the console says, but for what the server says of itself."""
    if "[vite]" not in message.text and "Lit is in dev mode" not in message.text:
        print(f"{message.type}: {message.text}")


def look(path: str, query: str, width: int = 1200, height: int | None = None) -> None:
    """Take the picture."""
    port = free_port()
    command = ["node_modules/.bin/vite", "--config", "dev/vite.config.ts"]
    server = subprocess.Popen(
        [*command, "--port", str(port), "--strictPort"],
        cwd=FRONTEND,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_for(port)
        browser_path = (FRONTEND.parent / ".venvs" / "browser").read_text().strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=browser_path, args=["--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page(
                viewport={"width": width, "height": height or 800},
                color_scheme=(
                    "dark" if parse_qs(query).get("theme") == ["dark"] else "light"
                ),
            )
            page.on("console", report)
            page.on("pageerror", lambda error: print(f"error: {error}"))
            page.goto(f"http://127.0.0.1:{port}/?{query}")
            page.locator("main").wait_for()
            page.wait_for_load_state("networkidle")
            page.wait_for_timeout(1500)
            page.screenshot(path=path, full_page=height is None)
            browser.close()
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    look(sys.argv[1], sys.argv[2], *map(int, sys.argv[3:5]))
