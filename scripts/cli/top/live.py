"""Keeps the screen up to date until somebody quits."""

import asyncio
import signal
import time

from rich.console import Console
from rich.live import Live

from ..account import Account
from ..store import Store
from .keyboard import keys
from .screen import ViewOptions, draw
from .updates import follow


async def show_live(
    account: Account, store: Store, view: ViewOptions, console: Console, interval: float
) -> None:
    """Draw whenever something changed, and each second for what counts seconds.

    Raises:
        CommandError: waiting will not mend what keeps figures from coming.

    """
    store.problem = store.texts("terminal.connecting", url=account.url)
    changed = asyncio.Event()
    quitting = False

    def press(key: str) -> None:
        nonlocal quitting
        page = max(console.height // 3, 1)
        match key:
            case "q":
                quitting = True
            case "s":
                view.sort = view.sort.following
            case "l":
                view.lite = not view.shown_lite
                view.first = 0
            case "up" | "down":
                view.scroll(1 if key == "down" else -1)
            case "page up" | "page down":
                view.scroll(page if key == "page down" else -page)
        changed.set()

    # Somebody who ends it so finds the terminal as it was, too.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, press, "q")
    updates = asyncio.create_task(follow(account, store, interval, changed.set))
    updates.add_done_callback(lambda _: changed.set())
    with (
        Live(console=console, screen=True, auto_refresh=False) as live,
        keys(press),
    ):
        while not quitting and not updates.done():
            width, height = console.size
            live.update(draw(store, view, width, height, time.time()), refresh=True)
            try:
                async with asyncio.timeout(1):
                    await changed.wait()
            except TimeoutError:
                continue
            changed.clear()
    if updates.done():
        await updates
    updates.cancel()
