"""The terminal view against a real websocket of Home Assistant."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from aiohttp import ClientSession
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

    async def get_token(session: ClientSession) -> str:
        return "wrong"

    refused = Account(account.url, get_token)
    with pytest.raises(TopError, match="does not accept the token"):
        await watch(refused, Board(), 1, lambda: None)


async def test_nobody_there(unused_tcp_port: int) -> None:
    """Says which address does not answer."""

    async def get_token(session: ClientSession) -> str:
        return "any"

    nobody = Account(f"http://127.0.0.1:{unused_tcp_port}", get_token)
    with pytest.raises(NotReadyError, match=f"{unused_tcp_port} does not answer"):
        await watch_once(nobody, Board())


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
