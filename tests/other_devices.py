"""Things on a network that are no miners, and miners as they fail: raw HTTP servers."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
import re
from typing import Any

from freezegun.api import FrozenDateTimeFactory


def reply(
    body: str,
    status: str = "200 OK",
    content_type: str = "text/html",
    headers: str = "",
) -> bytes:
    """Return an HTTP reply."""
    return (
        f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{headers}"
        f"Content-Length: {len(body.encode())}\r\nConnection: close\r\n\r\n{body}"
    ).encode()


LOGIN_PAGE = reply("<!doctype html><title>Router</title><form>password</form>")
LOGIN_REQUIRED = reply(
    "<h1>Who are you?</h1>",
    status="401 Unauthorized",
    headers='WWW-Authenticate: Basic realm="router"\r\n',
)
REDIRECT = reply("", status="302 Found", headers="Location: /login\r\n")
FORBIDDEN = reply("<h1>Forbidden</h1>", status="403 Forbidden")
PORTAL = reply(
    "<p>Log in to this network</p>",
    status="307 Temporary Redirect",
    headers="Location: http://login.example.net/?from=miner\r\n",
)
TLS_ONLY = b"\x15\x03\x01\x00\x02\x02\x46"
"""What a server for TLS says to one that speaks without."""
OTHER_JSON = reply('{"temperature": 21}', content_type="application/json")
NETWORK_REFUSED = reply("Unauthorized", status="401 Unauthorized")
NMAXE = reply('{"identity": {}, "miner": {}}', content_type="application/json")
CUT_OFF = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"
    b'{"ASICModel": "BM1370", "hashR'
)
EMPTY = b""
MARKUP = (
    "![a](http://evil.example/1)",
    "<img src=http://evil.example/2>",
    "[log in](http://evil.example/3)",
    "[a]: http://evil.example/4",
    "![a][b] evil.example </p>",
)
MEANT = re.compile(r"!\[|\][(:\[]|<[A-Za-z/!?]")
"""What makes a picture, a link or a tag of Markdown."""


@dataclass
class Device:
    """A device that answers everything with the same bytes."""

    port: int
    requests: list[str] = field(default_factory=list)
    asked: asyncio.Event = field(default_factory=asyncio.Event)


@asynccontextmanager
async def device(
    answer: bytes | None, host: str = "127.0.0.1"
) -> AsyncIterator[Device]:
    """Run a device; without an answer it accepts connections and stays silent."""
    released = asyncio.Event()

    async def handle(
        reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        request = await reader.readuntil(b"\r\n\r\n")
        this.requests.append(request.decode().splitlines()[0])
        this.asked.set()
        if answer is None:
            await released.wait()
        else:
            writer.write(answer)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(handle, host, 0)
    this = Device(server.sockets[0].getsockname()[1])
    try:
        yield this
    finally:
        released.set()
        server.close()
        await server.wait_closed()


async def wait_in_vain[T](
    freezer: FrozenDateTimeFactory, silent: Device, asking: Coroutine[Any, Any, T]
) -> T:
    """Let half a minute pass once a silent device was asked."""
    task = asyncio.ensure_future(asking)
    await silent.asked.wait()
    freezer.tick(timedelta(seconds=30))
    return await task
