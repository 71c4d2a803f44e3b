"""Searching networks for miners."""

import asyncio
from contextlib import AsyncExitStack

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import pytest

from custom_components.bitaxe.miner import scan as scan_module
from custom_components.bitaxe.miner.address import Address
from custom_components.bitaxe.miner.scan import (
    NetworkTooLargeError,
    ScanResult,
    parse_network,
    scan,
)
from scripts.simulator import PRESETS

from .conftest import Simulate
from .other_devices import (
    CUT_OFF,
    EMPTY,
    LOGIN_PAGE,
    LOGIN_REQUIRED,
    NETWORK_REFUSED,
    NMAXE,
    OTHER_JSON,
    REDIRECT,
    device,
    wait_in_vain,
)


async def search(hass: HomeAssistant, *ports: int) -> ScanResult:
    """Search some ports of this machine."""
    return await scan(
        async_get_clientsession(hass),
        [Address("127.0.0.1", port) for port in ports],
        lambda part: None,
    )


@pytest.mark.parametrize(
    ("text", "count", "first", "last"),
    [
        ("192.168.1.0/24", 254, "192.168.1.1", "192.168.1.254"),
        (" 192.168.1.77/24 ", 254, "192.168.1.1", "192.168.1.254"),
        ("10.0.0.0/22", 1022, "10.0.0.1", "10.0.3.254"),
        ("192.168.1.20", 1, "192.168.1.20", "192.168.1.20"),
        ("192.168.1.20/31", 2, "192.168.1.20", "192.168.1.21"),
        ("192.168.1.20:8080", 1, "192.168.1.20:8080", "192.168.1.20:8080"),
        ("127.0.0.0/29:8001-8010", 60, "127.0.0.1:8001", "127.0.0.6:8010"),
        ("127.0.0.1:80,8001-8003,80", 4, "127.0.0.1", "127.0.0.1:8003"),
    ],
)
def test_parse_networks(text: str, count: int, first: str, last: str) -> None:
    """Networks, single addresses and ports are understood."""
    addresses = parse_network(text)
    assert len(addresses) == len(set(addresses)) == count
    assert str(addresses[0]) == first
    assert str(addresses[-1]) == last


@pytest.mark.parametrize(
    "text",
    [
        "",
        "bitaxe.local",
        "192.168.1.0/33",
        "192.168.1.300",
        "192.168.1.0-20",
        "192.168.1.1:",
        "192.168.1.1:0",
        "192.168.1.1:90-80",
        "192.168.1.1:65536",
        "192.168.1.1:http",
        "fe80::/120",
    ],
)
def test_parse_refuses(text: str) -> None:
    """What is no network is refused."""
    with pytest.raises(ValueError) as refused:
        parse_network(text)
    assert not isinstance(refused.value, NetworkTooLargeError)


@pytest.mark.parametrize("text", ["10.0.0.0/21", "0.0.0.0/0", "10.0.0.0/24:80-84"])
def test_network_too_large(text: str) -> None:
    """A network beyond the limit is refused, before it is listed."""
    with pytest.raises(NetworkTooLargeError):
        parse_network(text)


async def test_finds_every_family(hass: HomeAssistant, simulate: Simulate) -> None:
    """Every supported preset is found; only miners are asked for their board."""
    servers = [
        await simulate(name)
        for name, spec in PRESETS.items()
        if spec.dialect != "nmaxe"
    ]
    result = await search(hass, *(server.port for server in servers))
    assert [found.address.port for found in result.miners] == [
        server.port for server in servers
    ]
    assert {found.snapshot.identity.family for found in result.miners} == {
        "axeos",
        "nerdos",
        "forge_os",
    }
    for server in servers:
        assert [request.path for request in server.miner.requests] == [
            "/api/system/info",
            "/api/system/asic",
        ]


async def test_shows_what_is_no_miner(hass: HomeAssistant) -> None:
    """Other devices are passed over; what a person can act on is reported."""
    async with AsyncExitStack() as stack:
        others = [
            await stack.enter_async_context(device(answer))
            for answer in (
                LOGIN_PAGE,
                LOGIN_REQUIRED,
                REDIRECT,
                OTHER_JSON,
                CUT_OFF,
                EMPTY,
            )
        ]
        refusing = await stack.enter_async_context(device(NETWORK_REFUSED))
        nmaxe = await stack.enter_async_context(device(NMAXE))
        result = await search(
            hass, refusing.port, *(other.port for other in others), nmaxe.port
        )
    assert result == ScanResult(
        miners=(),
        refused=(Address("127.0.0.1", refusing.port),),
        unsupported=(Address("127.0.0.1", nmaxe.port),),
    )
    for answering in (*others, refusing, nmaxe):
        assert answering.requests == ["GET /api/system/info HTTP/1.1"]


async def test_a_miner_at_two_addresses_is_one(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """A miner on cable and Wi-Fi counts once, at the first address searched."""
    first, second = await simulate(), await simulate()
    result = await search(hass, second.port, first.port)
    assert [found.address.port for found in result.miners] == [second.port]


async def test_miners_without_mac_are_distinguished(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Old firmware reports no MAC; each address is then a miner."""
    ports = [(await simulate("ultra-2.1")).port for _ in range(2)]
    result = await search(hass, *ports)
    assert [found.address.port for found in result.miners] == ports


async def test_same_address_is_asked_once(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """Networks that overlap do not double the requests."""
    server = await simulate()
    result = await search(hass, server.port, server.port)
    assert len(result.miners) == 1
    assert [request.path for request in server.miner.requests] == [
        "/api/system/info",
        "/api/system/asic",
    ]


async def test_progress_and_bounds(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Progress rises to 1 in steps; only a few addresses are asked at once."""
    connected = most = 0
    settled = asyncio.Event()

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        nonlocal connected, most
        connected += 1
        most = max(most, connected)
        if connected == 8:
            settled.set()
        await settled.wait()
        await asyncio.sleep(0)
        connected -= 1
        writer.close()

    monkeypatch.setattr(scan_module, "_PARALLEL", 8)
    seen: list[float] = []
    async with AsyncExitStack() as stack:
        servers = [
            await stack.enter_async_context(
                await asyncio.start_server(handle, "127.0.0.1", 0)
            )
            for _ in range(150)
        ]
        targets = [Address(*server.sockets[0].getsockname()) for server in servers]
        result = await scan(async_get_clientsession(hass), targets, seen.append)
    assert result == ScanResult(miners=(), refused=(), unsupported=())
    assert most == 8
    assert seen == sorted(set(seen))
    assert seen[-1] == 1
    assert len(seen) == 100


async def test_nothing_to_search(hass: HomeAssistant) -> None:
    """No address is no error."""
    assert await search(hass) == ScanResult(miners=(), refused=(), unsupported=())


async def test_silent_devices_are_given_up(
    hass: HomeAssistant, simulate: Simulate, freezer: FrozenDateTimeFactory
) -> None:
    """A device that accepts and never answers does not hold up the search."""
    server = await simulate()
    async with device(None) as silent:
        found = asyncio.Event()
        searching = asyncio.ensure_future(
            scan(
                async_get_clientsession(hass),
                [Address("127.0.0.1", port) for port in (silent.port, server.port)],
                lambda part: found.set(),
            )
        )
        await found.wait()
        result = await wait_in_vain(freezer, silent, asyncio.wait_for(searching, None))
    assert [found.address.port for found in result.miners] == [server.port]


async def test_cancelling_closes_connections(hass: HomeAssistant) -> None:
    """A search that is given up leaves nothing behind."""
    accepted, closed = asyncio.Event(), asyncio.Event()

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        await reader.readuntil(b"\r\n\r\n")
        accepted.set()
        await reader.read()
        closed.set()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        searching = hass.async_create_task(search(hass, port))
        await accepted.wait()
        searching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await searching
        await closed.wait()
