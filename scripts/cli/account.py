"""The account of a long-lived token.

A token is never an argument: everybody on a machine can read those of all programs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from getpass import getpass
import os
from pathlib import Path
import stat
import sys
from typing import Final

from aiohttp import ClientSession

from .errors import CommandError
from .texts import ENGLISH

TOKEN_VARIABLE: Final = "BITAXE_TOKEN"
URL_VARIABLE: Final = "BITAXE_URL"
DEFAULT_URL: Final = "http://localhost:8123"
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO

type GetToken = Callable[[ClientSession], Awaitable[str]]
"""Returns a token that is good for a new connection."""


@dataclass(frozen=True, slots=True)
class Account:
    """A Home Assistant, and a way in."""

    url: str
    get_token: GetToken


def token_file() -> Path:
    """Return where a token is looked for unless another file is named."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    path, former = home / "bitaxe" / "token", home / "bitaxe-top" / "token"
    return former if former.exists() and not path.exists() else path


def unsafe_token_file(named: Path | None) -> Path | None:
    """Return the file of the token, if everybody on this machine can read it."""
    if named is None and os.environ.get(TOKEN_VARIABLE):
        return None
    path = named or token_file()
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return path if stat.S_ISREG(mode) and mode & _OTHERS else None


def account_by_token(url: str, file: Path | None) -> Account:
    """Return the account of a token: of the file, the environment, or typed in.

    Raises:
        CommandError: there is none.

    """
    token = _find_token(file)

    async def get_token(session: ClientSession) -> str:
        return token

    return Account(url.rstrip("/"), get_token)


def _find_token(file: Path | None) -> str:
    if file is None and (token := os.environ.get(TOKEN_VARIABLE)):
        return token.strip()
    path = file or token_file()
    try:
        token = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        token = ""
        if file is not None:
            raise CommandError("terminal.no_file", path=str(file)) from None
    except OSError as err:
        raise CommandError(
            "terminal.unreadable_file", path=str(path), reason=str(err.strerror)
        ) from err
    if not token and sys.stdin.isatty():
        token = getpass(f"{ENGLISH('terminal.token')}: ").strip()
    if not token:
        raise CommandError("terminal.no_token", path=str(path), variable=TOKEN_VARIABLE)
    return token
