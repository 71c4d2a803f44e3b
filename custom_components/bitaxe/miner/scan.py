"""Search networks for miners: gently, one request for each address."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network
from typing import Final

from aiohttp import ClientSession

from ..axeos import (
    DEFAULT_PORT,
    MinerClient,
    MinerError,
    NetworkRefusedError,
    Snapshot,
    UnsupportedFirmwareError,
)
from .address import Address

LARGEST_NETWORK: Final = 1024
"""Most addresses (host and port) one network may have."""
_PARALLEL: Final = 48
"""Addresses asked at a time. Few enough for a home router's connection table."""
_CONNECT_TIMEOUT: Final = 1.5
"""s. An unused address costs this much; a miner on bad Wi-Fi retries a SYN in 1 s."""
_REPLY_TIMEOUT: Final = 10.0
"""Seconds for miners that accept the connection; the slowest known need several."""


class NetworkTooLargeError(ValueError):
    """The network has more than `LARGEST_NETWORK` addresses."""


@dataclass(frozen=True, slots=True)
class FoundMiner:
    """A miner and where it answered."""

    address: Address
    snapshot: Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """What a scan found, in the order of the addresses searched."""

    miners: tuple[FoundMiner, ...]
    """Each miner once, even if it answers at several addresses."""
    refused: tuple[Address, ...]
    """Miners that do not serve the network Home Assistant asks from."""
    unsupported: tuple[Address, ...]
    """Miners whose firmware is known but not supported."""


def parse_network(text: str) -> list[Address]:
    """List the addresses of a network in the form `192.168.1.0/24`.

    Ports may follow after a colon, as a list with ranges:
    `192.168.1.0/24:80,8001-8010`. A single IPv4 address is a network of one.

    Raises:
        NetworkTooLargeError: more than `LARGEST_NETWORK` addresses.
        ValueError: the text is no IPv4 network.

    """
    network_text, separator, ports_text = text.strip().partition(":")
    network = IPv4Network(network_text, strict=False)
    ports = _parse_ports(ports_text) if separator else [DEFAULT_PORT]
    if network.num_addresses * len(ports) > LARGEST_NETWORK:
        raise NetworkTooLargeError(text)
    return [Address(str(host), port) for host in network.hosts() for port in ports]


def _parse_ports(text: str) -> list[int]:
    """Read `80`, `80,8080` or `8001-8010`."""
    ports: dict[int, None] = {}
    for part in text.split(","):
        first, separator, last = part.partition("-")
        low = int(first)
        high = int(last) if separator else low
        if not 0 < low <= high <= 65535:
            raise ValueError(f"{part} is no range of ports")
        ports.update(dict.fromkeys(range(low, high + 1)))
    return list(ports)


async def scan(
    session: ClientSession,
    addresses: Iterable[Address],
    progress: Callable[[float], None],
) -> ScanResult:
    """Ask every address once whether a miner answers there.

    `progress` is called with the part that is done, from 0 to 1, at most a hundred
    times. Cancelling the scan closes its connections.
    """
    targets = list(dict.fromkeys(addresses))
    outcomes: dict[Address, Snapshot | MinerError] = {}
    waiting = iter(targets)

    async def work() -> None:
        for address in waiting:
            try:
                outcomes[address] = await MinerClient.probe(
                    session,
                    address.host,
                    address.port,
                    timeout=_REPLY_TIMEOUT,
                    connect_timeout=_CONNECT_TIMEOUT,
                )
            except MinerError as err:
                outcomes[address] = err
            percent, before = (
                done * 100 // len(targets)
                for done in (len(outcomes), len(outcomes) - 1)
            )
            if percent > before:
                progress(percent / 100)

    async with asyncio.TaskGroup() as workers:
        for _ in range(min(_PARALLEL, len(targets))):
            workers.create_task(work())

    return _sort([(address, outcomes[address]) for address in targets])


def _sort(outcomes: Sequence[tuple[Address, Snapshot | MinerError]]) -> ScanResult:
    """Sort the answers by kind; what is no miner is left out."""
    miners: dict[str, FoundMiner] = {}
    refused: list[Address] = []
    unsupported: list[Address] = []
    for address, outcome in outcomes:
        match outcome:
            case Snapshot():
                key = outcome.identity.mac or str(address)
                miners.setdefault(key, FoundMiner(address, outcome))
            # Login pages of other devices are 401 as well, with pages of their own.
            case NetworkRefusedError() if str(outcome) == "Unauthorized":
                refused.append(address)
            case UnsupportedFirmwareError():
                unsupported.append(address)
    return ScanResult(
        miners=tuple(miners.values()),
        refused=tuple(refused),
        unsupported=tuple(unsupported),
    )
