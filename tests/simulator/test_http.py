"""The web server of a miner, byte by byte."""

import asyncio
from contextlib import suppress
import itertools
from typing import Any

import pytest

from scripts.simulator import PRESETS, Clock, MinerServer, SimulatedMiner

from .conftest import Make, Serve
from .wire import ask, connect, info

INFO = "/api/system/info"


@pytest.mark.parametrize("preset", ["ultra-2.4", "supra-2.8", "nerdqaxepp-1.0.36"])
@pytest.mark.parametrize("path", ["/api/system/nothing", "/nothing"])
async def test_unknown_page_of_old(serve: Serve, preset: str, path: str) -> None:
    """Up to v2.8, and with NerdOS, an unknown page leads to the start page."""
    reply = await ask(await serve(preset), "GET", path)
    assert reply.status == 302
    assert reply.reason == "Temporary Redirect"
    assert reply.headers["location"] == "/"


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
async def test_unknown_route(serve: Serve, method: str) -> None:
    """From v2.9 on an unknown route is a 404 in JSON, whatever the method."""
    reply = await ask(await serve("supra-2.9"), method, "/api/system/nothing")
    assert reply.status == 404
    assert reply.headers["content-type"] == "application/json"
    assert reply.json == {"error": "unknown route"}


async def test_unknown_page_of_today(serve: Serve) -> None:
    """Outside of the interface an unknown page still leads to the start page."""
    assert (await ask(await serve("gamma-2.15"), "GET", "/nothing")).status == 302


@pytest.mark.parametrize("preset", ["ultra-2.4", "supra-2.8"])
async def test_wrong_method_of_old(serve: Serve, preset: str) -> None:
    """Up to v2.8 a method nobody handles is refused."""
    assert (await ask(await serve(preset), "POST", INFO)).status == 405


@pytest.mark.parametrize(
    ("preset", "method", "path"),
    [
        ("ultra-2.4", "GET", "/api/system/asic"),
        ("nerdaxegamma-1.0.29", "GET", "/api/system/asic"),
        ("nerdaxegamma-1.0.29", "POST", "/api/system/shutdown"),
        ("nerdqaxepp-1.0.36", "POST", "/api/system/identify"),
        ("nerdqaxepp-1.0.36", "POST", "/api/system/pause"),
    ],
)
async def test_route_not_there_yet(
    serve: Serve, preset: str, method: str, path: str
) -> None:
    """Routes are missing in firmware that is older than they are."""
    assert (await ask(await serve(preset), method, path)).status == 302


@pytest.mark.parametrize(
    ("preset", "path"),
    [
        ("gamma-2.11", "/api/system/identify"),
        ("gammaduo-2.13", "/api/system/pause"),
        ("gammaduo-2.13", "/api/system/resume"),
        ("gamma-2.12", "/api/system/blockFound/dismiss"),
    ],
)
async def test_action_not_there_yet(serve: Serve, preset: str, path: str) -> None:
    """Actions are missing in firmware that is older than they are."""
    assert (await ask(await serve(preset), "POST", path)).status == 404


async def test_start_page(serve: Serve) -> None:
    """There is a page for people, and nothing of the interface in it."""
    reply = await ask(await serve(), "GET", "/")
    assert reply.status == 200
    assert reply.headers["content-type"] == "text/html"
    assert "access-control-allow-origin" not in reply.headers


async def test_cross_origin(serve: Serve) -> None:
    """Pages of other origins may ask."""
    server = await serve()
    reply = await ask(server, "OPTIONS", INFO)
    assert (reply.status, reply.body) == (200, b"")
    assert reply.headers["access-control-allow-origin"] == "*"
    assert "PATCH" in reply.headers["access-control-allow-methods"]


async def test_keep_alive(serve: Serve) -> None:
    """AxeOS answers request after request over one connection."""
    async with connect(await serve("gamma-2.12")) as connection:
        first = await connection.ask("GET", INFO)
        second = await connection.ask("GET", INFO)
    assert first.status == second.status == 200
    assert "connection" not in first.headers


@pytest.mark.parametrize("value", ["close", "Close"])
async def test_close_on_demand(serve: Serve, value: str) -> None:
    """It closes for who asks for it."""
    async with connect(await serve("gamma-2.12")) as connection:
        reply = await connection.ask("GET", INFO, headers={"Connection": value})
        assert reply.headers["connection"] == "close"
        assert await connection.ended()


async def test_nerd_closes(serve: Serve) -> None:
    """NerdOS sends chunks of 2 KB and closes after every reply."""
    async with connect(await serve("nerdqaxepp-1.1.0")) as connection:
        reply = await connection.ask("GET", INFO)
        assert reply.headers["transfer-encoding"] == "chunked"
        assert "content-length" not in reply.headers
        assert len(reply.body) > 2048
        assert reply.json["deviceModel"] == "NerdQAxe++"
        assert await connection.ended()


@pytest.mark.parametrize(
    ("preset", "limit"), [("supra-2.9", 512), ("gamma-2.10", 1024)]
)
async def test_header_limit(serve: Serve, preset: str, limit: int) -> None:
    """Long headers are refused."""
    server = await serve(preset)
    small = await ask(server, "GET", INFO, headers={"X": "x" * (limit - 200)})
    assert small.status == 200
    large = await ask(server, "GET", INFO, headers={"X": "x" * limit})
    assert large.status == 431


@pytest.mark.parametrize(("preset", "limit"), [("supra-2.9", 10), ("gamma-2.10", 20)])
async def test_socket_limit(serve: Serve, preset: str, limit: int) -> None:
    """One connection too many costs the oldest one."""
    server = await serve(preset)
    streams = []
    for _ in range(limit + 1):
        streams.append(await asyncio.open_connection(server.host, server.port))
        # The server takes it up.
        while server.connections < min(limit, len(streams)):
            await asyncio.sleep(0)
    oldest, *others = streams
    with pytest.raises(ConnectionResetError):
        await oldest[0].read(1)
    others[0][1].write(b"GET / HTTP/1.1\r\n\r\n")
    assert (await others[0][0].readline()).startswith(b"HTTP/1.1 200")
    for _, writer in streams:
        writer.close()


async def test_one_at_a_time(serve: Serve) -> None:
    """Requests wait for each other, and the miner notices who does not."""
    server = await serve(latency=0.01)
    assert server.miner.peak_requests == 0
    await info(server)
    assert server.miner.peak_requests == 1
    async with connect(server) as one, connect(server) as other:
        await one.send("GET", INFO)
        await other.send("GET", INFO)
        first, second = await asyncio.gather(one.receive(), other.receive())
    assert first.status == second.status == 200
    assert server.miner.peak_requests == 2


async def test_others_wait(serve: Serve) -> None:
    """While one request is answered, the next one is not even looked at."""
    server = await serve()
    server.miner.faults.stall_seconds = 600
    async with connect(server) as one, connect(server) as other:
        await one.send("GET", INFO)
        await other.send("GET", INFO)
        while server.miner.peak_requests < 2:
            await asyncio.sleep(0)
        for _ in range(10):
            await asyncio.sleep(0)
        assert len(server.miner.requests) == 1


async def test_requests_are_kept(serve: Serve, clock: Clock) -> None:
    """The miner logs what it was asked, and when."""
    server = await serve()
    clock.advance(5)
    await ask(server, "PATCH", "/api/system?x=1", {"frequency": 500}, {"X-Test": "yes"})
    (request,) = server.miner.requests
    assert (request.method, request.path, request.query) == (
        "PATCH",
        "/api/system",
        "x=1",
    )
    assert request.headers["x-test"] == "yes"
    assert request.json == {"frequency": 500}
    assert request.at == clock.now()


async def test_network_gate(serve: Serve) -> None:
    """A foreign network is refused by the interface, not by the page."""
    server = await serve("gamma-2.12")
    server.miner.faults.refuse_network = True
    reply = await ask(server, "GET", INFO)
    assert (reply.status, reply.text) == (401, "Unauthorized")
    assert reply.headers["content-type"] == "text/html"
    assert (await ask(server, "PATCH", "/api/system", {})).status == 401
    assert (await ask(server, "GET", "/")).status == 200


async def test_no_network_gate(serve: Serve) -> None:
    """Before v2.5 everybody was let in."""
    server = await serve("ultra-2.4")
    server.miner.faults.refuse_network = True
    assert (await ask(server, "GET", INFO)).status == 200


async def test_reset(serve: Serve) -> None:
    """Every so many requests the connection is reset."""
    server = await serve()
    server.miner.faults.reset_every = 3
    outcomes = []
    for _ in range(6):
        try:
            outcomes.append((await ask(server, "GET", INFO)).status)
        except ConnectionResetError:
            outcomes.append(0)
    assert outcomes == [200, 200, 0, 200, 200, 0]


async def test_stall(serve: Serve) -> None:
    """A stalling miner answers late, and everybody waits."""
    server = await serve()
    server.miner.faults.stall_seconds = 600
    async with connect(server) as connection:
        await connection.send("GET", INFO)
        waiting = asyncio.ensure_future(connection.receive())
        while not server.miner.requests:
            await asyncio.sleep(0)
        assert not waiting.done()
        await server.stop()
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await waiting


async def test_truncated(serve: Serve) -> None:
    """A body breaks off in its middle."""
    server = await serve()
    server.miner.faults.truncate_body = True
    async with connect(server) as connection:
        with pytest.raises(asyncio.IncompleteReadError) as caught:
            await connection.ask("GET", INFO)
    assert caught.value.expected is not None
    assert len(caught.value.partial) == caught.value.expected // 2


async def test_truncated_chunks(serve: Serve) -> None:
    """So does one that is sent in chunks otherwise."""
    server = await serve("nerdqaxepp-1.1.0")
    server.miner.faults.truncate_body = True
    with pytest.raises(asyncio.IncompleteReadError):
        await ask(server, "GET", INFO)


async def test_wrong_content_type(serve: Serve) -> None:
    """JSON comes under a false name."""
    server = await serve()
    server.miner.faults.wrong_content_type = True
    reply = await ask(server, "GET", INFO)
    assert reply.headers["content-type"] == "text/plain"
    assert reply.json["boardVersion"] == "602"


async def test_offline(serve: Serve) -> None:
    """A miner that is off refuses connections, and drops those it had."""
    server = await serve()
    async with connect(server) as connection:
        await connection.ask("GET", INFO)
        server.miner.faults.offline = True
        with pytest.raises(ConnectionResetError):
            await connection.ended()
    with pytest.raises(ConnectionRefusedError):
        await info(server)
    server.miner.faults.offline = False
    assert (await info(server))["boardVersion"] == "602"


@pytest.mark.parametrize("waits", itertools.product([0, 1, 2], repeat=3))
async def test_off_and_on_in_a_hurry(serve: Serve, waits: tuple[int, ...]) -> None:
    """The port follows the miner, however fast that changes."""
    server = await serve()
    for offline, turns in zip([True, False, True], waits, strict=True):
        server.miner.faults.offline = offline
        for _ in range(turns):
            await asyncio.sleep(0)
    with pytest.raises(ConnectionRefusedError):
        await info(server)
    server.miner.faults.offline = False
    assert (await info(server))["boardVersion"] == "602"


async def test_stop_in_a_hurry(make: Make) -> None:
    """A port that opened and closed before anybody noticed leaves nothing behind."""
    miner = make()
    miner.faults.offline = True
    async with MinerServer(miner) as server:
        miner.faults.offline = False
        miner.faults.offline = True
    with pytest.raises(ConnectionRefusedError):
        await info(server)


async def test_start_while_off(make: Make) -> None:
    """A miner may be off from the beginning; its address is known."""
    miner = make()
    miner.faults.offline = True
    async with MinerServer(miner) as server:
        assert server.port > 0
        with pytest.raises(ConnectionRefusedError):
            await info(server)
        miner.faults.offline = False
        assert (await info(server))["ipv4"] == "127.0.0.1"


async def test_stopped(make: Make) -> None:
    """After the end nothing listens, whatever the miner does."""
    async with MinerServer(make()) as server:
        await info(server)
    server.miner.faults.offline = True
    server.miner.faults.offline = False
    with pytest.raises(ConnectionRefusedError):
        await info(server)


@pytest.mark.parametrize(
    "garbage",
    [b"\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\r\n\r\n", b"x" * 40_000],
)
async def test_garbage(serve: Serve, garbage: bytes) -> None:
    """What is no HTTP is dropped, and does no harm."""
    server = await serve()
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(garbage)
    with suppress(ConnectionResetError):
        assert await reader.read() == b""
    writer.close()
    assert (await info(server))["boardVersion"] == "602"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b'{"frequency": NaN}', 400),
        (b"{}" + b" " * 10_240, 500),
    ],
)
async def test_bodies(serve: Serve, body: bytes, status: int) -> None:
    """A body that is no JSON object, or too long, is refused."""
    server = await serve("gamma-2.12")
    before = dict(server.miner.stored)
    assert (await ask(server, "PATCH", "/api/system", body)).status == status
    assert server.miner.stored == before


async def test_nmaxe(serve: Serve) -> None:
    """NMAxe has another interface, which says so."""
    server = await serve("nmaxe")
    payload: dict[str, Any] = await info(server)
    assert payload["identity"]["hwModel"] == "NMAxe"
    assert (await ask(server, "GET", "/api/system/asic")).status == 404


async def test_forge_unknown(serve: Serve) -> None:
    """Forge-OS has words of its own for an unknown route."""
    reply = await ask(await serve("forge-nano"), "GET", "/api/system/nothing")
    assert reply.status == 404
    assert reply.json["error"] == "Not Found"


async def test_a_miner_forgets_a_server_that_was_stopped() -> None:
    """In a soak test, miners move from one to the next for months."""
    miner = SimulatedMiner(PRESETS["gamma-2.12"], Clock())
    async with MinerServer(miner):
        assert len(miner._listeners) == 1  # noqa: SLF001
    assert not miner._listeners  # noqa: SLF001
