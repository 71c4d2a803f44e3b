"""Bitaxe miners in the terminal: one command line."""

from argparse import Namespace
import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from io import TextIOWrapper
import json
import os
from pathlib import Path
import signal
import sys
import time

from rich.console import Console

from .account import Account, account_by_token, unsafe_token_file
from .arguments import DemoFolder, parse_arguments
from .commands import Outcome, execute
from .connection import run
from .errors import CommandError
from .store import Store
from .top.live import show_live
from .top.screen import ViewOptions, draw
from .top.updates import fetch_once

_FAILED = 1
_INTERRUPTED = 130
_ENDLESS = 10_000
"""Characters of a line that no terminal limits."""


@dataclass(frozen=True, slots=True)
class Demo:
    """The demo of a checkout, which an installed program does not have."""

    folder: Path
    """Where it lies unless another folder is named."""
    account: Callable[[Path], Account]


def main(arguments: Sequence[str] | None = None, demo: Demo | None = None) -> int:
    """Carry out a command; return the exit status."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # Not every terminal has bars and arrows, nor every locale.
            stream.reconfigure(errors="replace")
    folder = None if demo is None else DemoFolder(demo.folder)
    options = parse_arguments(arguments, folder)
    store = Store()
    try:
        if demo is not None and options.demo is not None:
            account = demo.account(options.demo)
        else:
            account = account_by_token(options.url, options.token_file)
            if (path := unsafe_token_file(options.token_file)) is not None:
                _complain(store.texts("terminal.open_file", path=str(path)))
        if options.command == "top":
            return _top(account, store, options)
        return _ask(account, store, options)
    except CommandError as err:
        _complain(err.described(store.texts))
        return _FAILED
    except BrokenPipeError:
        # As into `head`. Python would complain when it closes the pipe by itself.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _FAILED
    except KeyboardInterrupt:
        return _INTERRUPTED


def top() -> int:
    """Start the live view, as the command `bitaxe-top`."""
    return main(["top", *sys.argv[1:]])


def _complain(text: str) -> None:
    print(f"bitaxe: {text}", file=sys.stderr)


def _top(account: Account, store: Store, options: Namespace) -> int:
    view = ViewOptions(lite=options.lite)
    console = Console(highlight=False)
    if options.once or not (sys.stdin.isatty() and sys.stdout.isatty()):
        asyncio.run(fetch_once(account, store))
        console.print(draw(store, view, console.width, None, time.time()))
        return 0
    # A shell starts programs in the background with it ignored. Nobody could
    # end this one then, as long as Home Assistant does not answer.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    asyncio.run(show_live(account, store, view, console, options.interval))
    return 0


def _ask(account: Account, store: Store, options: Namespace) -> int:
    outcome: Outcome = asyncio.run(
        run(account, partial(execute, store=store, options=options))
    )
    if getattr(options, "json", False):
        escaped = not sys.stdout.encoding.lower().startswith("utf")
        print(json.dumps(outcome.answer, indent=2, ensure_ascii=escaped))
    elif outcome.plain is not None and not sys.stdout.isatty():
        sys.stdout.write(outcome.plain)
    else:
        # A pipe has no width, unless somebody says so.
        endless = not sys.stdout.isatty() and "COLUMNS" not in os.environ
        console = Console(highlight=False, width=_ENDLESS if endless else None)
        console.print(outcome.show(None if endless else console.width))
    sys.stdout.flush()
    return outcome.status
