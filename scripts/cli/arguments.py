"""The arguments of the command line."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
import os
from pathlib import Path
from typing import Final

from .account import DEFAULT_URL, TOKEN_VARIABLE, URL_VARIABLE, token_file
from .commands import AILING

_SHORTEST, _LONGEST = 0.1, 3600
"""Seconds between two updates that Home Assistant agrees to."""
_SPANS: Final = {"stats": "all", "compare": "all", "export": "7d"}
_USUAL_SPAN: Final = "24h"
_NOW: Final = frozenset({"health", "income"})
"""What is asked of this moment."""

type _AddParser = Callable[..., argparse.ArgumentParser]


@dataclass(frozen=True, slots=True)
class DemoFolder:
    """Where the demo of a checkout lies; an installed program has none."""

    path: Path


def parse_arguments(
    arguments: Sequence[str] | None, demo: DemoFolder | None
) -> argparse.Namespace:
    """Return what somebody typed; ends the program if it makes no sense."""
    parser = argparse.ArgumentParser(
        prog="bitaxe" if demo is None else "scripts/bitaxe",
        description="Bitaxe miners in the terminal, from Home Assistant.",
        epilog=f"The token is that of {TOKEN_VARIABLE}, or of the file, or asked for;"
        " NO_COLOR=1 turns colours off. Exit status: 0 all is well, 1 there is"
        f" no answer, 2 wrong arguments, {AILING} health found something.",
    )
    _add_account(parser, demo, late=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _add_account(_top(commands.add_parser), demo, late=True)
    for name, command in _add_commands(commands.add_parser).items():
        _add_account(command, demo, late=True)
        if name != "income":
            command.add_argument(
                "miners",
                nargs="*",
                metavar="MINER",
                help="its name, a part of it, or its address; default: all",
            )
        if name not in _NOW:
            _add_span(command, _SPANS.get(name, _USUAL_SPAN))
        if name == "export":
            _add_export(command)
        else:
            command.add_argument(
                "--json", action="store_true", help="Home Assistant's own answer"
            )
    return parser.parse_args(arguments)


def _add_account(
    parser: argparse.ArgumentParser, demo: DemoFolder | None, *, late: bool
) -> None:
    """Accept the options of the account, also `late`: behind a command."""

    def default[T](value: T) -> T | str:
        return argparse.SUPPRESS if late else value

    parser.add_argument(
        "--url",
        default=default(os.environ.get(URL_VARIABLE, DEFAULT_URL)),
        help=f"of Home Assistant; default: {URL_VARIABLE}, or {DEFAULT_URL}",
    )
    parser.add_argument(
        "--token-file",
        type=Path,
        default=default(None),
        help=f"holds a long-lived token; default: {token_file()}",
    )
    if demo is not None:
        parser.add_argument(
            "--demo",
            type=Path,
            nargs="?",
            const=demo.path,
            default=default(None),
            metavar="FOLDER",
            help="look at the running scripts/demo, without a token",
        )


def _add_commands(add_parser: _AddParser) -> dict[str, argparse.ArgumentParser]:
    """Add the commands that ask once, and return them by name."""
    return {
        "stats": add_parser(
            "stats",
            help="each setting of each miner: hashrate, J/TH, power, temperatures",
        ),
        "compare": add_parser(
            "compare", help="the same, setting beside setting, with all figures"
        ),
        "summary": add_parser(
            "summary",
            help="what the miners did: hashrate, energy, cost, time hashed, shares",
        ),
        "report": add_parser("report", help="a report in words, Markdown in a pipe"),
        "health": add_parser(
            "health",
            help="what is wrong with which miner; the exit status says it, too",
        ),
        "income": add_parser(
            "income", help="what mining is expected to bring, and what it costs"
        ),
        "export": add_parser("export", help="samples or settings as CSV"),
    }


def _top(add_parser: _AddParser) -> argparse.ArgumentParser:
    parser = add_parser(
        "top",
        help="miners and swarm live",
        epilog="Keys: q quit, s sort, l full or lite, arrows and page keys scroll.",
    )
    views = parser.add_mutually_exclusive_group()
    views.add_argument(
        "--lite",
        action="store_const",
        const=True,
        help="a row for each miner; default where not all panels have room",
    )
    views.add_argument(
        "--full",
        action="store_const",
        const=False,
        dest="lite",
        help="a panel for each miner",
    )
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
    return parser


def _add_span(parser: argparse.ArgumentParser, default: str) -> None:
    parser.add_argument(
        "--span",
        default=default,
        help="90m, 24h, 7d, 2w, 1y or all; default: %(default)s",
    )
    parser.add_argument(
        "--start", metavar="TIME", help="such as '2026-11-01 12:00', in local time"
    )
    parser.add_argument("--end", metavar="TIME", help="default: now")


def _add_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--content",
        choices=("samples", "configurations"),
        help="each 5 minutes or hour, or each setting; default: samples",
    )
    parser.add_argument(
        "--style",
        choices=("plain", "spreadsheet"),
        help="for programs, or rounded with local times; default: plain",
    )
    parser.add_argument("--separator", choices=("comma", "semicolon", "tab"))
    parser.add_argument("--decimal-mark", choices=("point", "comma"))
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="default: the terminal"
    )


def _interval(text: str) -> float:
    seconds = float(text)
    if not _SHORTEST <= seconds <= _LONGEST:
        raise argparse.ArgumentTypeError(f"must be from {_SHORTEST} to {_LONGEST}")
    return seconds
