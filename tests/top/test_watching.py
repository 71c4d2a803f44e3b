"""The terminal view against a real websocket of Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from scripts.simulator import Clock
from scripts.top.account import Account, account_by_token, account_of_demo
from scripts.top.board import Board
from scripts.top.errors import NotReadyError, TopError
from scripts.top.watching import watch, watch_once

from ..conftest import AddMiner, PassTime, Simulate


@pytest.fixture
async def account(
    clock: Clock,
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_access_token: str,
) -> AsyncIterator[Account]:
    """Return an administrator's account at a Home Assistant with a real port.

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


async def test_once(account: Account, simulate: Simulate, add_miner: AddMiner) -> None:
    """All miners; without a recorder there is no history, and that is all."""
    entry = await add_miner(await simulate("gamma-2.12"))
    board = Board()
    await watch_once(account, board)
    (miner,) = board.miners.values()
    assert miner["name"] == entry.title
    assert miner["state"] == "mining"
    assert board.past == {}


async def test_comes_back(
    account: Account, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """As soon as the integration is loaded, or the connection is there again."""
    board = Board()
    problems: list[str | None] = []
    watching = asyncio.create_task(
        watch(account, board, 0.1, lambda: problems.append(board.problem))
    )
    while not problems:
        await asyncio.sleep(0)
    assert problems == ["the Bitaxe integration is not loaded; trying again"]
    await add_miner(await simulate("gamma-2.12"))
    for _ in range(100):
        if board.miners:
            break
        await pass_time(1, 1)
    (miner,) = board.miners.values()
    assert miner["state"] == "mining"
    assert board.problem is None
    watching.cancel()
    await asyncio.wait([watching])


# Home Assistant looks up the name of whoever had no right to come, and takes its time.
@pytest.mark.parametrize("expected_lingering_timers", [True])
async def test_wrong_token(account: Account) -> None:
    """Is told at once, and not tried again."""

    with pytest.raises(TopError, match="does not accept the token: create a new one"):
        await watch(_anybody(account.url), Board(), 1, lambda: None)


async def test_nobody_there(unused_tcp_port: int) -> None:
    """Says which address does not answer."""

    nobody = _anybody(f"http://127.0.0.1:{unused_tcp_port}")
    with pytest.raises(NotReadyError, match=f"{unused_tcp_port} does not answer"):
        await watch_once(nobody, Board())


async def test_not_loaded(account: Account) -> None:
    """Whoever wants to look once is told why there is nothing to see."""
    with pytest.raises(NotReadyError, match="^the Bitaxe integration is not loaded$"):
        await watch_once(account, Board())


@pytest.mark.parametrize(
    ("status", "error", "text"),
    [
        (403, TopError, "refuses this machine: Home Assistant may have banned"),
        (404, TopError, r"is not Home Assistant \(HTTP 404\)"),
        (200, TopError, r"is not Home Assistant \(HTTP 200\)"),
        (502, NotReadyError, r"is not ready \(HTTP 502\)"),
    ],
)
@pytest.mark.usefixtures("socket_enabled")
async def test_somebody_else_there(
    status: int, error: type[TopError], text: str
) -> None:
    """Only what passes by itself is waited for."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(status=status)

    app = web.Application()
    app.router.add_get("/api/websocket", answer)
    async with TestServer(app) as server:
        with pytest.raises(TopError, match=text) as info:
            await watch_once(_anybody(str(server.make_url(""))), Board())
    assert type(info.value) is error


@pytest.mark.parametrize("url", ["ha.local:8123", "ha.local", "ftp://ha.local"])
async def test_no_address(url: str) -> None:
    """Waiting does not mend a wrong address."""
    with pytest.raises(TopError, match="no address: it must begin with http") as info:
        await watch_once(_anybody(url), Board())
    assert type(info.value) is TopError


@pytest.mark.usefixtures("socket_enabled")
async def test_not_encrypted() -> None:
    """Whoever asks for https where there is none need not wait."""
    async with TestServer(web.Application()) as server:
        url = f"https://127.0.0.1:{server.port}"
        with pytest.raises(TopError, match=f"to {url} cannot be secured") as info:
            await watch_once(_anybody(url), Board())
    assert type(info.value) is TopError


async def test_token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the named file, else of the environment, else of the file in the home."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("BITAXE_TOKEN", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    with pytest.raises(TopError, match="a long-lived token is needed"):
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
    with pytest.raises(TopError, match="does not exist"):
        account_by_token("http://ha", tmp_path / "missing")


def test_no_demo(tmp_path: Path) -> None:
    """A folder without a demo says so."""
    with pytest.raises(TopError, match="no folder of a demo"):
        account_of_demo(tmp_path)
