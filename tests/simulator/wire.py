"""HTTP without a library: what really goes over the wire."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
import json
from typing import Any

from scripts.simulator import ControlServer, MinerServer


@dataclass(frozen=True)
class Reply:
    """A reply as it was received; header names in lower case."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The decoded body."""
        return self.body.decode()

    @property
    def json(self) -> Any:
        """The parsed body."""
        return json.loads(self.body)


class Connection:
    """One TCP connection."""

    def __init__(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        """Talk over these streams."""
        self._reader = reader
        self._writer = writer

    async def send(
        self,
        method: str,
        path: str,
        payload: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a request; a payload that is no bytes is sent as JSON."""
        body = b"" if payload is None else payload
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: miner"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        if payload is not None:
            lines.append(f"Content-Length: {len(body)}")
        self._writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await self._writer.drain()

    async def receive(self) -> Reply:
        """Return the next reply."""
        head = (await self._reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.rstrip("\r\n").split("\r\n")
        _, status, reason = first.split(" ", 2)
        headers = {
            name.lower(): value
            for name, value in (line.split(": ", 1) for line in lines)
        }
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join([chunk async for chunk in self._chunks()])
        else:
            body = await self._reader.readexactly(int(headers["content-length"]))
        return Reply(int(status), reason, headers, body)

    async def _chunks(self) -> AsyncIterator[bytes]:
        while size := int(await self._reader.readline(), 16):
            yield await self._reader.readexactly(size)
            await self._reader.readexactly(2)
        await self._reader.readexactly(2)

    async def ask(
        self,
        method: str,
        path: str,
        payload: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send a request and return the reply."""
        await self.send(method, path, payload, headers)
        return await self.receive()

    async def ended(self) -> bool:
        """Whether the other side closes in order; raises if it resets."""
        return await self._reader.read(1) == b""

    async def close(self) -> None:
        """Close this side."""
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()


@asynccontextmanager
async def connect(server: MinerServer | ControlServer) -> AsyncIterator[Connection]:
    """Open a connection."""
    connection = Connection(*await asyncio.open_connection(server.host, server.port))
    try:
        yield connection
    finally:
        await connection.close()


async def ask(
    server: MinerServer | ControlServer,
    method: str,
    path: str,
    payload: Any = None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Send one request over a connection of its own."""
    async with connect(server) as connection:
        return await connection.ask(method, path, payload, headers)


async def info(server: MinerServer) -> dict[str, Any]:
    """Return what a miner reports of itself."""
    reply = await ask(server, "GET", "/api/system/info")
    assert reply.status == 200
    payload: dict[str, Any] = reply.json
    return payload
