"""The way into a running demo, which needs no token: only in a checkout."""

import json
from pathlib import Path

from aiohttp import ClientError, ClientSession

from scripts.demo_home.client import HomeAssistantClient
from scripts.demo_home.errors import DemoError

from .account import Account
from .errors import CommandError, NotReadyError

FOLDER = Path(__file__).parents[2] / ".demo"
"""The folder of a demo unless another one was chosen."""


def account_of_demo(config: Path) -> Account:
    """Return the account of the owner of a demo, by its folder.

    Raises:
        CommandError: no demo was ever started there.

    """
    try:
        state = json.loads((config / "demo.json").read_text(encoding="utf-8"))
        http = json.loads((config / ".storage" / "http").read_text(encoding="utf-8"))
        url = f"http://127.0.0.1:{http['data']['stable']['server_port']}"
        password = state["password"]
    except (OSError, ValueError, KeyError) as err:
        raise CommandError(
            "terminal.no_demo", path=str(config), reason=str(err)
        ) from err

    async def get_token(session: ClientSession) -> str:
        client = HomeAssistantClient(session, url)
        try:
            await client.log_in(password)
        except DemoError as err:
            raise CommandError("terminal.refused", reason=str(err)) from err
        except ClientError as err:
            raise NotReadyError("terminal.demo_away", command="scripts/demo") from err
        return client.token

    return Account(url, get_token)
