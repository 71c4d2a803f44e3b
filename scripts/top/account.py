"""Who looks: a long-lived token, or the owner of a demo.

A token is never an argument: everybody on a machine can read those of all programs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from getpass import getpass
import json
import os
from pathlib import Path
import sys
from typing import Final

from aiohttp import ClientError, ClientSession

from scripts.demo_home.client import HomeAssistantClient
from scripts.demo_home.errors import DemoError

from .errors import NotReadyError, TopError

TOKEN_VARIABLE: Final = "BITAXE_TOKEN"
URL_VARIABLE: Final = "BITAXE_URL"
DEFAULT_URL: Final = "http://localhost:8123"

type GetToken = Callable[[ClientSession], Awaitable[str]]
"""Returns a token that is good for a new connection."""


@dataclass(frozen=True, slots=True)
class Account:
    """A Home Assistant, and a way in."""

    url: str
    get_token: GetToken


def token_file() -> Path:
    """Return where a token is looked for unless another file is named."""
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "bitaxe-top" / "token"


def account_by_token(url: str, file: Path | None) -> Account:
    """Return the account of a token: of the file, the environment, or typed in.

    Raises:
        TopError: there is none.

    """
    token = _find_token(file)

    async def get_token(session: ClientSession) -> str:
        return token

    return Account(url.rstrip("/"), get_token)


def account_of_demo(config: Path) -> Account:
    """Return the account of the owner of a demo, by its folder.

    Raises:
        TopError: no demo was ever started there.

    """
    try:
        state = json.loads((config / "demo.json").read_text(encoding="utf-8"))
        http = json.loads((config / ".storage" / "http").read_text(encoding="utf-8"))
        url = f"http://127.0.0.1:{http['data']['stable']['server_port']}"
        password = state["password"]
    except (OSError, ValueError, KeyError) as err:
        raise TopError(f"{config} is no folder of a demo: {err}") from err

    async def get_token(session: ClientSession) -> str:
        client = HomeAssistantClient(session, url)
        try:
            await client.log_in(password)
        except DemoError as err:
            raise TopError(str(err)) from err
        except ClientError as err:
            raise NotReadyError("the demo does not answer: scripts/demo") from err
        return client.token

    return Account(url, get_token)


def _find_token(file: Path | None) -> str:
    if file is None and (token := os.environ.get(TOKEN_VARIABLE)):
        return token.strip()
    path = file or token_file()
    try:
        token = path.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        token = ""
        if file is not None:
            raise TopError(f"{file} does not exist") from None
    except OSError as err:
        raise TopError(f"{path} cannot be read: {err.strerror}") from err
    if not token and sys.stdin.isatty():
        token = getpass("Long-lived token of Home Assistant: ").strip()
    if not token:
        raise TopError(
            "a long-lived token is needed: create one in Home Assistant (your profile >"
            f" Security), and write it to {path} or into {TOKEN_VARIABLE}"
        )
    return token
