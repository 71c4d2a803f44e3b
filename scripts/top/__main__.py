"""Shows miners and swarm live in the terminal."""

import argparse
import asyncio
from collections.abc import Sequence
import os
from pathlib import Path
import signal
import sys
import time

from rich.console import Console
from rich.live import Live

from .account import (
    DEFAULT_URL,
    TOKEN_VARIABLE,
    URL_VARIABLE,
    Account,
    account_by_token,
    account_of_demo,
    token_file,
)
from .board import Board
from .errors import TopError
from .keyboard import keys
from .screen import Look, draw
from .watching import watch, watch_once

_DEMO = Path(__file__).parents[2] / ".demo"
_SHORTEST, _LONGEST = 0.1, 3600
"""s between two updates that Home Assistant agrees to."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until somebody quits; return the exit status."""
    options = _parse_arguments(arguments)
    try:
        account = _account(options)
        board, look = Board(), Look(lite=options.lite)
        console = Console(highlight=False)
        if options.once or not (sys.stdin.isatty() and sys.stdout.isatty()):
            asyncio.run(watch_once(account, board))
            console.print(draw(board, look, console.width, None, time.time()))
        else:
            asyncio.run(_show(account, board, look, console, options.interval))
    except TopError as err:
        print(f"bitaxe-top: {err}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _parse_arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/bitaxe-top",
        description="Miners and swarm live in the terminal, from Home Assistant.",
        epilog="Keys: q quit, s sort, l full or lite, arrows and page keys scroll."
        f" The token is that of {TOKEN_VARIABLE}, or of the file, or asked for;"
        " NO_COLOR=1 turns colours off.",
    )
    parser.add_argument(
        "--url",
        default=os.environ.get(URL_VARIABLE, DEFAULT_URL),
        help=f"of Home Assistant; default: {URL_VARIABLE}, or {DEFAULT_URL}",
    )
    parser.add_argument(
        "--token-file",
        type=Path,
        help=f"holds a long-lived token; default: {token_file()}",
    )
    parser.add_argument("--lite", action="store_true", help="a row for each miner")
    parser.add_argument(
        "--once", action="store_true", help="print all once, as into a pipe"
    )
    parser.add_argument(
        "--interval",
        type=_interval,
        default=1.0,
        metavar="SECONDS",
        help="between two updates at least; default: %(default)s",
    )
    parser.add_argument(
        "--demo",
        type=Path,
        nargs="?",
        const=_DEMO,
        metavar="FOLDER",
        help="look at the running scripts/demo, without a token",
    )
    return parser.parse_args(arguments)


def _interval(text: str) -> float:
    seconds = float(text)
    if not _SHORTEST <= seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"must be from {_SHORTEST} to {_LONGEST}")
    return seconds


def _account(options: argparse.Namespace) -> Account:
    if options.demo is not None:
        return account_of_demo(options.demo)
    return account_by_token(options.url, options.token_file)


async def _show(
    account: Account, board: Board, look: Look, console: Console, interval: float
) -> None:
    """Draw whenever something changed, and each second for what counts seconds."""
    board.problem = f"connecting to {account.url}"
    changed = asyncio.Event()
    quitting = False

    def press(key: str) -> None:
        nonlocal quitting
        page = max(console.height // 3, 1)
        match key:
            case "q":
                quitting = True
            case "s":
                look.sort = look.sort.following
            case "l":
                look.lite = not look.lite
                look.first = 0
            case "up" | "down":
                look.scroll(1 if key == "down" else -1)
            case "page up" | "page down":
                look.scroll(page if key == "page down" else -page)
        changed.set()

    # Whoever ends it so finds the terminal as it was, too.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, press, "q")
    watching = asyncio.create_task(watch(account, board, interval, changed.set))
    watching.add_done_callback(lambda _: changed.set())
    with (
        Live(console=console, screen=True, auto_refresh=False) as live,
        keys(press),
    ):
        while not quitting and not watching.done():
            width, height = console.size
            live.update(draw(board, look, width, height, time.time()), refresh=True)
            try:
                async with asyncio.timeout(1):
                    await changed.wait()
            except TimeoutError:
                continue
            changed.clear()
    if watching.done():
        await watching
    watching.cancel()


if __name__ == "__main__":
    sys.exit(main())
