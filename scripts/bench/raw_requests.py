"""The raw floor: what asking miners costs without Home Assistant."""

from collections.abc import Sequence
import json
import time
from typing import Final

from aiohttp import ClientSession, TCPConnector

from .miners import INFO_PATH, Address

_HEADERS: Final = {"Connection": "close", "Accept-Encoding": "identity"}


async def raw_floor(addresses: Sequence[Address], rounds: int) -> float:
    """Return the CPU time in s of one request by aiohttp and `json.loads`."""
    # A connection for each request, as the firmware likes it.
    connector = TCPConnector(force_close=True)
    async with ClientSession(connector=connector) as session:

        async def ask(address: Address) -> None:
            url = f"http://{address.host}:{address.port}{INFO_PATH}"
            async with session.get(url, headers=_HEADERS) as response:
                json.loads(await response.read())

        # One after another, as polls that are spread over the interval meet as well.
        for address in addresses:
            await ask(address)
        started = time.process_time()
        for _ in range(rounds):
            for address in addresses:
                await ask(address)
        used = time.process_time() - started
    return used / rounds / len(addresses)
