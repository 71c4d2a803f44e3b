"""The terminal view against a real websocket of Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from io import StringIO
from pathlib import Path
import re

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from homeassistant.components import frontend, websocket_api
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from rich.console import Console

from scripts.cli.account import Account, account_by_token
from scripts.cli.demo import account_of_demo
from scripts.cli.errors import CommandError, NotReadyError
from scripts.cli.store import Store
from scripts.cli.top.screen import ViewOptions, draw
from scripts.cli.top.updates import fetch_once, follow
from scripts.simulator import Clock

from ..conftest import AddMiner, PassTime, Simulate


@pytest.fixture
async def account(
    clock: Clock,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_access_token: str,
) -> AsyncIterator[Account]:
    """Yield an administrator's account at a Home Assistant with a real port.

    The clock is set before there is a token, which is not good before its time.
    """
    assert await async_setup_component(hass, "websocket_api", {})
    client = await hass_client()

    async def get_token(session: ClientSession) -> str:
        return hass_access_token

    yield Account(str(client.server.make_url("")).rstrip("/"), get_token)
    await client.server.close()


def _anybody(url: str) -> Account:
    """Return an account that no Home Assistant has."""

    async def get_token(session: ClientSession) -> str:
        return "wrong"

    return Account(url.rstrip("/"), get_token)


async def test_once_fetches_all_miners(
    account: Account, simulate: Simulate, add_miner: AddMiner
) -> None:
    """All miners; without a recorder there is no history, and that is all."""
    entry = await add_miner(await simulate("gamma-2.12"))
    store = Store()
    await fetch_once(account, store)
    (miner,) = store.miners.values()
    assert miner["name"] == entry.title
    assert miner["state"] == "mining"
    assert store.history == {}


async def test_all_words_are_in_the_language_of_home_assistant(
    hass: HomeAssistant, account: Account, simulate: Simulate, add_miner: AddMiner
) -> None:
    """All words are those of Home Assistant's language, also of what went wrong."""
    hass.config.language = "de"
    websocket_api.async_register_command(hass, frontend.websocket_get_translations)
    store = Store()
    with pytest.raises(NotReadyError) as caught:
        await fetch_once(account, store)
    reported = caught.value.described(store.texts)
    assert reported == "die Integration Bitaxe ist nicht geladen"
    await add_miner(await simulate("gamma-2.12"))
    await fetch_once(account, store)
    console = Console(file=StringIO(), width=100)
    for lite, word in ((False, "schürft"), (True, "Abgel.")):
        with console.capture() as capture:
            console.print(draw(store, ViewOptions(lite=lite), 100, 50, 0))
        text = capture.get()
        assert word in text
        assert "Sortierung: Name" in text
        assert not re.search(r"\b(of|mining|Power|errors|quit)\b", text)


async def test_comes_back(
    account: Account, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """As soon as the integration is loaded, or the connection is there again."""
    store = Store()
    problems: list[str | None] = []
    updates = asyncio.create_task(
        follow(account, store, 0.1, lambda: problems.append(store.problem))
    )
    while not problems:
        await asyncio.sleep(0)
    assert problems == ["the Bitaxe integration is not loaded; trying again"]
    await add_miner(await simulate("gamma-2.12"))
    for _ in range(100):
        if store.miners:
            break
        await pass_time(1, 1)
    (miner,) = store.miners.values()
    assert miner["state"] == "mining"
    assert store.problem is None
    updates.cancel()
    await asyncio.wait([updates])


# Home Assistant looks up the name of anyone who had no right to come, and takes its
# time.
@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_wrong_token(account: Account) -> None:
    """Is reported at once, and not tried again."""

    with pytest.raises(
        CommandError, match="does not accept the token: create a new one"
    ):
        await follow(_anybody(account.url), Store(), 1, lambda: None)


async def test_nobody_there(unused_tcp_port: int) -> None:
    """Says which address does not answer."""

    nobody = _anybody(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(NotReadyError, match=f"{unused_tcp_port} does not answer"):
        await fetch_once(nobody, Store())


async def test_not_loaded(account: Account) -> None:
    """Anyone who wants to look once reads why there is nothing to see."""
    with pytest.raises(NotReadyError, match="^the Bitaxe integration is not loaded$"):
        await fetch_once(account, Store())


@pytest.mark.parametrize(
    ("status", "error", "text"),
    [
        (403, CommandError, "refuses this machine: Home Assistant may have banned"),
        (404, CommandError, r"is not Home Assistant \(HTTP 404\)"),
        (200, CommandError, r"is not Home Assistant \(HTTP 200\)"),
        (502, NotReadyError, r"is not ready \(HTTP 502\)"),
    ],
)
@pytest.mark.usefixtures("socket_enabled")
async def test_somebody_else_there(
    status: int, error: type[CommandError], text: str
) -> None:
    """Only what passes by itself is waited for."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/api/websocket", answer)
    async with TestServer(app) as server:
        with pytest.raises(CommandError, match=text) as info:
            await fetch_once(_anybody(str(server.make_url(""))), Store())
    assert type(info.value) is error


@pytest.mark.parametrize("url", ["ha.local:8123", "ha.local", "ftp://ha.local"])
async def test_no_address(url: str) -> None:
    """Waiting does not mend a wrong address."""
    with pytest.raises(
        CommandError, match="not an address: it must begin with http"
    ) as info:
        await fetch_once(_anybody(url), Store())
    assert type(info.value) is CommandError


@pytest.mark.usefixtures("socket_enabled")
async def test_not_encrypted() -> None:
    """Anyone who asks for https where there is none need not wait."""
    async with TestServer(web.Application()) as server:
        url = f"https://127.0.0.1:{server.port}"
        with pytest.raises(CommandError, match=f"to {url} cannot be secured") as info:
            await fetch_once(_anybody(url), Store())
    assert type(info.value) is CommandError


async def test_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the named file, else of the environment, else of the file in the home."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("BITAXE_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(CommandError, match="a long-lived token is needed"):
        account_by_token("http://ha", None)
    (tmp_path / "bitaxe-top").mkdir()
    (tmp_path / "bitaxe-top" / "token").write_text("at home\n")
    named = tmp_path / "named"
    named.write_text("named\n")

    async def token(file: Path | None) -> str:
        async with ClientSession() as session:
            return await account_by_token("http://ha/", file).get_token(session)

    assert await token(None) == "at home"
    monkeypatch.setenv("BITAXE_TOKEN", "of the environment")
    assert await token(None) == "of the environment"
    assert await token(named) == "named"
    with pytest.raises(CommandError, match="does not exist"):
        account_by_token("http://ha", tmp_path / "missing")


def test_no_demo(tmp_path: Path) -> None:
    """A folder without a demo says so."""
    with pytest.raises(CommandError, match="not the folder of a demo"):
        account_of_demo(tmp_path)
