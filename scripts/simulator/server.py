"""A simulated miner's web server, down to the socket.

Written on bare streams because miners do what web frameworks prevent: resets, stalls,
bodies that break off, ports that refuse connections while the controller boots.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
import socket
import struct
from typing import Final, Self

from .clock import Timer
from .http import REASONS, Request, Response, text
from .miner import SimulatedMiner

_BACKLOG: Final = 5
_LONGEST_HEADER: Final = 16 * 1024
_LONGEST_BODY: Final = 8 * 1024 * 1024
_RESET: Final = struct.pack("ii", 1, 0)
_CORS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, POST, PUT, PATCH, DELETE, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type",
}


class MinerServer:
    """Serves one miner, one request at a time."""

    def __init__(
        self, miner: SimulatedMiner, host: str = "127.0.0.1", port: int = 0
    ) -> None:
        """Prepare; port 0 takes a free one at the start."""
        self.miner = miner
        self.host = host
        self.port = port
        self._server: asyncio.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._socket: socket.socket | None = None
        self._one_at_a_time = asyncio.Lock()
        self._waiting = 0
        self._count = 0
        self._writers: list[asyncio.StreamWriter] = []
        self._handlers: set[asyncio.Task[None]] = set()
        self._timer: Timer | None = None
        self._running = False
        self._end_observing: Callable[[], None] | None = None
        miner.address = host

    @property
    def url(self) -> str:
        """Where the miner's page is."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def connections(self) -> int:
        """How many connections are open."""
        return len(self._writers)

    async def start(self) -> None:
        """Listen, unless the miner is off."""
        self._running = True
        if self._end_observing is None:
            self._end_observing = self.miner.observe(self._look)
        if self.port == 0:
            with self._bound() as probe:
                self.port = probe.getsockname()[1]
        self._look()
        if self._serving is not None:
            await self._serving

    async def stop(self) -> None:
        """Close everything."""
        self._running = False
        if self._end_observing is not None:
            self._end_observing()
            self._end_observing = None
        if self._timer is not None:
            self._timer.cancel()
        if self._serving is not None:
            await self._serving
        self._refuse()
        for handler in list(self._handlers):
            handler.cancel()
        await asyncio.gather(*self._handlers, return_exceptions=True)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    def _look(self) -> None:
        """Open or close the port as the miner's state demands."""
        if not self._running:
            return
        if self.miner.reachable and self._socket is None:
            self._listen()
        elif not self.miner.reachable and self._socket is not None:
            self._refuse()
        self._watch_next_event()

    def _watch_next_event(self) -> None:
        """Step the miner when its firmware does something by itself.

        Nobody else would: a miner that refuses connections is not asked.
        """
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        due = self.miner.next_event
        if due is not None:
            self._timer = self.miner.clock.call_at(due, self._step)

    def _step(self) -> None:
        self._timer = None
        self.miner.step()
        self._look()

    def _bound(self) -> socket.socket:
        family = socket.AF_INET6 if ":" in self.host else socket.AF_INET
        bound = socket.socket(family, socket.SOCK_STREAM)
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((self.host, self.port))
        return bound

    def _listen(self) -> None:
        """Accept connections at once; the loop takes them up when it gets to it."""
        self._socket = self._bound()
        self._socket.setblocking(False)
        self._socket.listen(_BACKLOG)
        self._serving = asyncio.get_running_loop().create_task(
            self._serve(self._socket)
        )

    async def _serve(self, listening: socket.socket) -> None:
        if self._socket is not listening:
            return
        # Without serving yet nothing can happen in between.
        self._server = await asyncio.start_server(
            self._accept, sock=listening, limit=_LONGEST_HEADER, start_serving=False
        )
        await self._server.start_serving()

    def _refuse(self) -> None:
        """Refuse new connections and reset the open ones."""
        if self._server is not None:
            self._server.close()
            self._server = None
        elif self._socket is not None:
            self._socket.close()
        self._socket = None
        for writer in list(self._writers):
            _reset(writer)

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        if not self._running:
            # It was accepted in the moment in which the miner went away.
            _reset(writer)
            return
        self._handlers.add(task)
        self._writers.append(writer)
        if len(self._writers) > self.miner.dialect.socket_limit:
            # The oldest connection makes room.
            _reset(self._writers[0])
        try:
            while await self._handle(reader, writer):
                pass
        except OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError:
            pass
        finally:
            self._writers.remove(writer)
            self._handlers.discard(task)
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()

    async def _handle(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        """Answer one request; return whether the connection stays open."""
        head = await reader.readuntil(b"\r\n\r\n")
        self._waiting += 1
        self.miner.peak_requests = max(self.miner.peak_requests, self._waiting)
        try:
            async with self._one_at_a_time:
                return await self._answer(head, reader, writer)
        finally:
            self._waiting -= 1

    async def _answer(
        self, head: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> bool:
        miner = self.miner
        miner.step()
        faults = miner.faults
        limit = miner.dialect.header_limit
        if limit and len(head) > limit:
            await _send(writer, text(431, "Header fields are too long"), keep=False)
            return False
        request = await self._read(head, reader)
        if request is None:
            return False
        miner.requests.append(request)
        self._count += 1
        if faults.reset_every and self._count % faults.reset_every == 0:
            _reset(writer)
            return False
        if faults.stall_seconds:
            await asyncio.sleep(faults.stall_seconds)
        if miner.spec.latency:
            await asyncio.sleep(miner.spec.latency)
        is_api = request.path.startswith("/api/")
        if faults.refuse_network and is_api and miner.dialect.has_network_gate:
            reply = text(401, "Unauthorized")
        elif faults.answer_status and is_api:
            page = "<!DOCTYPE html><title>Sorry</title><p>Come back later."
            reply = text(faults.answer_status, page)
        else:
            reply = miner.dialect.respond(miner, request)
        if is_api:
            reply.headers = {**_CORS, **reply.headers}
        if faults.wrong_content_type:
            reply.content_type = "text/plain"
        if faults.truncate_body and len(reply.body) > 1:
            await _send_half(writer, reply)
            return False
        closing = request.headers.get("connection", "").lower() == "close"
        keep = not (reply.close or closing)
        await _send(writer, reply, keep=keep)
        if reply.sent is not None:
            reply.sent()
        self._watch_next_event()
        return keep

    async def _read(self, head: bytes, reader: asyncio.StreamReader) -> Request | None:
        lines = head.decode("latin-1").split("\r\n")
        try:
            method, target, _ = lines[0].split(" ")
        except ValueError:
            return None
        headers = {
            name.strip().lower(): value.strip()
            for name, separator, value in (line.partition(":") for line in lines[1:])
            if separator
        }
        length = headers.get("content-length", "0")
        size = int(length) if length.isdecimal() else 0
        body = await reader.readexactly(min(size, _LONGEST_BODY))
        path, _, query = target.partition("?")
        return Request(
            method=method,
            path=path,
            query=query,
            headers=headers,
            body=body,
            at=self.miner.now,
        )


def _head(reply: Response, *, keep: bool) -> bytes:
    lines = [
        f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, 'Other')}",
        f"Content-Type: {reply.content_type}",
        "Transfer-Encoding: chunked"
        if reply.chunk_size
        else f"Content-Length: {len(reply.body)}",
        *(f"{name}: {value}" for name, value in reply.headers.items()),
    ]
    if not keep:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode()


async def _send(writer: asyncio.StreamWriter, reply: Response, *, keep: bool) -> None:
    writer.write(_head(reply, keep=keep))
    if reply.chunk_size:
        for start in range(0, len(reply.body), reply.chunk_size):
            chunk = reply.body[start : start + reply.chunk_size]
            writer.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")
        writer.write(b"0\r\n\r\n")
    else:
        writer.write(reply.body)
    await writer.drain()


async def _send_half(writer: asyncio.StreamWriter, reply: Response) -> None:
    """Break off in the middle of the body, as a cut send does."""
    reply.chunk_size = 0
    writer.write(_head(reply, keep=False) + reply.body[: len(reply.body) // 2])
    await writer.drain()


def _reset(writer: asyncio.StreamWriter) -> None:
    """Close with a TCP reset instead of an orderly end."""
    opened = writer.get_extra_info("socket")
    if opened is not None and opened.fileno() >= 0:
        with suppress(OSError):
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    transport = writer.transport
    transport.abort()
