"""Pools that answer as they should not."""

import asyncio
from collections.abc import AsyncIterator
import gzip

from aiohttp import ClientSession
import pytest

from custom_components.bitaxe.pools import client as client_module
from custom_components.bitaxe.pools.client import PoolClient
from custom_components.bitaxe.pools.errors import (
    BadPoolReplyError,
    PoolBusyError,
    PoolError,
    PoolRedirectError,
    PoolRefusedError,
    PoolReplyTooLargeError,
    PoolUnreachableError,
    UnknownAccountError,
)
from custom_components.bitaxe.pools.model import JsonPaths, PoolKind
from custom_components.bitaxe.pools.settings import (
    AccountSettings,
    check_url,
    check_user,
)
from scripts.fake_pool import FakePool, FakeWorker

NOW = 1_795_953_600.0


@pytest.fixture
async def session() -> AsyncIterator[ClientSession]:
    """Yield a session of its own."""
    async with ClientSession() as session:
        yield session


@pytest.fixture
async def pool() -> AsyncIterator[FakePool]:
    """Yield a pool."""
    async with FakePool("bc1q/a b?") as pool:
        yield pool


def client_of(
    session: ClientSession, pool: FakePool, kind: PoolKind = PoolKind.PUBLIC_POOL
) -> PoolClient:
    """Return a client of the only account of a pool."""
    path = "/stats/{user}" if kind is PoolKind.JSON else ""
    return PoolClient(
        session,
        AccountSettings(
            kind=kind,
            url=pool.url + path,
            user=pool.account,
            paths=JsonPaths(
                workers="data.miners", name="id", hashrate="rate", hashrate_unit="TH/s"
            ),
        ),
    )


@pytest.mark.parametrize("kind", list(PoolKind))
async def test_every_kind(
    session: ClientSession, pool: FakePool, kind: PoolKind
) -> None:
    """Each is asked in its own language, for an account and with nothing else."""
    pool.see(FakeWorker("attic", 1180.0, NOW - 60, 1e6))
    account = await client_of(session, pool, kind).async_read(NOW)
    (worker,) = account.workers
    assert worker.name == "attic"
    assert worker.hashrate == pytest.approx(1180)
    assert account.hashrate == pytest.approx(1180)
    # It is one part of a path, whatever is in it.
    assert pool.requests
    assert all(path.endswith(f"/{pool.account}") for path in pool.requests)
    assert pool.request_headers <= {"Host", "Accept", "Accept-Encoding", "User-Agent"}


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, PoolRefusedError),
        (404, UnknownAccountError),
        (500, PoolRefusedError),
        (429, PoolBusyError),
        (503, PoolBusyError),
        (204, PoolRefusedError),
    ],
)
async def test_each_error_is_distinguished(
    session: ClientSession, pool: FakePool, status: int, error: type[PoolError]
) -> None:
    """Each error is distinguished."""
    pool.status = status
    with pytest.raises(error):
        await client_of(session, pool).async_read(NOW)


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("120", 120),
        ("Sun, 29 Nov 2026 12:05:00 GMT", 300),
        ("Sun, 29 Nov 2020 12:05:00 GMT", 0),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 9_999_999_999),
    ],
)
async def test_retry_after(
    session: ClientSession, pool: FakePool, header: str, seconds: float | None
) -> None:
    """What a busy pool wants is understood in both forms, or not at all."""
    pool.status = 429
    pool.headers = {"Retry-After": header}
    with pytest.raises(PoolBusyError) as caught:
        await client_of(session, pool).async_read(NOW)
    assert caught.value.retry_after == seconds


async def test_redirect(session: ClientSession, pool: FakePool) -> None:
    """Another host does not learn the account, nor has the same one a second try."""
    async with FakePool(pool.account) as other:
        for target in (other.url, "/elsewhere"):
            pool.status = 302
            pool.headers = {"Location": target}
            with pytest.raises(PoolRedirectError):
                await client_of(session, pool).async_read(NOW)
        assert other.requests == []
    assert len(pool.requests) == 2


@pytest.mark.parametrize("packed", [False, True])
async def test_endless_body(
    session: ClientSession, pool: FakePool, packed: bool
) -> None:
    """It is broken off, also one that was sent small though nobody asked for that."""
    pool.body = b" " * (30 * 2**20)
    if packed:
        pool.body = gzip.compress(pool.body, 1)
        pool.headers = {"Content-Encoding": "gzip"}
    with pytest.raises(PoolReplyTooLargeError):
        await client_of(session, pool).async_read(NOW)


async def test_a_web_page_is_no_answer(session: ClientSession, pool: FakePool) -> None:
    """A page for people is no answer."""
    pool.body = b"<!doctype html><title>Pool</title>"
    with pytest.raises(BadPoolReplyError):
        await client_of(session, pool).async_read(NOW)


async def test_nobody_there(session: ClientSession, pool: FakePool) -> None:
    """A pool that is off is no fault of ours."""
    client = client_of(session, pool)
    await pool.stop()
    with pytest.raises(PoolUnreachableError):
        await client.async_read(NOW)


async def test_a_silent_pool_times_out(
    session: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pool that accepts and never answers is left after a while."""
    monkeypatch.setattr(
        client_module, "_TIMEOUT", client_module.ClientTimeout(total=0.01)
    )
    server = await asyncio.start_server(lambda *_: None, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings = AccountSettings(
        kind=PoolKind.CKPOOL, url=f"http://127.0.0.1:{port}", user="a"
    )
    with pytest.raises(PoolUnreachableError):
        await PoolClient(session, settings).async_read(NOW)
    server.close()


async def test_untrusted_certificate(session: ClientSession, pool: FakePool) -> None:
    """A pool that speaks no TLS is not asked in the clear instead."""
    settings = AccountSettings(
        kind=PoolKind.CKPOOL,
        url=pool.url.replace("http:", "https:"),
        user=pool.account,
    )
    with pytest.raises(PoolUnreachableError):
        await PoolClient(session, settings).async_read(NOW)
    assert pool.requests == []


@pytest.mark.parametrize(
    "url",
    [
        "https://public-pool.io:40557",
        "http://192.168.1.5:3334",
        "http://umbrel.local:2019/path/{user}?a=b",
        "http://[fd00::1]:80",
    ],
)
def test_local_addresses(url: str) -> None:
    """Pools of one's own network are welcome."""
    assert check_url(f" {url} ") == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "public-pool.io",
        "ftp://pool",
        "file:///etc/passwd",
        "http://",
        "http://user:secret@pool",
        "http://pool:99999",
        "http://pool/a b",
        "http://pool/#x",
        f"http://pool/{'x' * 1000}",
    ],
)
def test_wrong_addresses_refused(url: str) -> None:
    """What is none is refused before anything is asked."""
    with pytest.raises(ValueError):
        check_url(url)


@pytest.mark.parametrize("user", ["", "  ", "a b", "a\nb", "x" * 256])
def test_wrong_accounts_refused(user: str) -> None:
    """Neither is an account."""
    with pytest.raises(ValueError):
        check_user(user)


async def test_an_error_does_not_name_the_account(session: ClientSession) -> None:
    """What is no HTTP comes with the whole URL, of which the account is shortened."""
    user = "bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq"

    async def answer(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"220 mail at your service\r\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        settings = AccountSettings(
            kind=PoolKind.CKPOOL, url=f"http://127.0.0.1:{port}", user=user
        )
        with pytest.raises(PoolUnreachableError) as caught:
            await PoolClient(session, settings).async_read(NOW)
    assert "/users/bc1q" in caught.value.reason
    assert user not in caught.value.reason
