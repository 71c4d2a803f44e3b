"""A server that says exactly what a test asks it to, down to the byte."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
import json
import struct
from types import TracebackType
from typing import Self

type Reply = bytes | Callable[[Received], bytes]

RESET = b"reset"
"""Instead of a reply: break the connection with a TCP reset."""
HANG_UP = b"hang up"
"""Instead of a reply: close the connection."""
SILENCE = b"silence"
"""Instead of a reply: say nothing and keep the connection open."""


@dataclass(frozen=True)
class Received:
    """One request, as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    connection: int
    """Number of the connection it came by."""

    @property
    def json(self) -> object:
        """The body, decoded."""
        return json.loads(self.body)


def http(
    body: bytes = b"",
    status: str = "200 OK",
    content_type: str = "application/json",
    **headers: str,
) -> bytes:
    """Return the bytes of a reply."""
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def json_reply(payload: object, **headers: str) -> bytes:
    """Return the bytes of a successful JSON reply."""
    return http(json.dumps(payload).encode(), **headers)


NOT_FOUND = http(b'{"error":"unknown route"}', "404 Not Found")
REDIRECT = http(
    b"Redirect to the captive portal", "302 Temporary Redirect", Location="/"
)


class ScriptedDevice:
    """Replies by route; a list of replies is used up one by one, the last one stays."""

    def __init__(self) -> None:
        """Reply 404 to everything."""
        self.requests: list[Received] = []
        self.most_at_once = 0
        self.keep_open = False
        self._routes: dict[tuple[str, str], list[Reply]] = {}
        self._at_once = 0
        self._connections = 0
        self._open: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.delay = 0.0

    def on(self, method: str, path: str, *replies: Reply) -> None:
        """Set the replies of a route."""
        self._routes[method, path] = list(replies)

    def info(self, *replies: Reply | dict[str, object]) -> None:
        """Set the replies to `GET /api/system/info`; a dict goes out as JSON."""
        self.on(
            "GET",
            "/api/system/info",
            *(json_reply(r) if isinstance(r, dict) else r for r in replies),
        )

    @property
    def port(self) -> int:
        """Port on 127.0.0.1."""
        assert self._server is not None
        port: int = self._server.sockets[0].getsockname()[1]
        return port

    @property
    def seen(self) -> list[str]:
        """Method and path of every request."""
        return [f"{request.method} {request.path}" for request in self.requests]

    async def __aenter__(self) -> Self:
        """Listen."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close every connection."""
        assert self._server is not None
        self._server.close()
        for writer in self._open:
            writer.transport.abort()
        await self._server.wait_closed()

    async def _serve(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._connections += 1
        number = self._connections
        self._open.add(writer)
        try:
            while (request := await _receive(reader, number)) is not None:
                self.requests.append(request)
                self._at_once += 1
                self.most_at_once = max(self.most_at_once, self._at_once)
                await asyncio.sleep(self.delay)
                self._at_once -= 1
                if not await self._reply(request, reader, writer):
                    return
        except OSError, asyncio.IncompleteReadError:
            return
        finally:
            self._open.discard(writer)
            writer.close()

    async def _reply(
        self,
        request: Received,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> bool:
        """Reply; return whether the connection stays open."""
        replies = self._routes.get((request.method, request.path), [NOT_FOUND])
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if callable(reply):
            reply = reply(request)
        if reply == SILENCE:
            await reader.read()
            return False
        if reply == RESET:
            # SO_LINGER of 0 s makes close() send RST.
            writer.get_extra_info("socket").setsockopt(1, 13, struct.pack("ii", 1, 0))
            writer.transport.abort()
            return False
        if reply != HANG_UP:
            writer.write(reply)
            await writer.drain()
        return self.keep_open and reply != HANG_UP


async def _receive(reader: asyncio.StreamReader, connection: int) -> Received | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode().rstrip().split("\r\n")
    method, path, _ = first.split(" ")
    headers = {
        name.lower(): value for name, value in (line.split(": ", 1) for line in lines)
    }
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    return Received(method, path, headers, body, connection)
