"""Looks into running miners and breaks them, over HTTP.

GET   /miners                    all miners: name, address and true state
GET   /miners/<name>             one miner
PATCH /miners/<name>/faults      {"offline": true, …}; see Faults
POST  /miners/<name>/<trigger>   find_block, new_best {"difficulty": 1e9}, crash,
brownout, power_cycle, clear
POST  /advance                   {"seconds": 60}; manual clocks only
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
import json
from typing import Any, Self
from urllib.parse import unquote

from .server import MinerServer
from .swarm import Swarm


class _Refused(Exception):
    """What was asked is not possible; the text says why."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


class ControlServer:
    """Serves the control interface of a swarm on loopback."""

    def __init__(self, swarm: Swarm, port: int = 0, host: str = "127.0.0.1") -> None:
        """Prepare; port 0 takes a free one at the start."""
        self._swarm = swarm
        self.host = host
        self.port = port
        self._server: asyncio.Server | None = None

    @property
    def url(self) -> str:
        """Where the control interface is."""
        return f"http://{self.host}:{self.port}"

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self._accept, self.host, self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close."""
        if self._server is not None:
            self._server.close()
            # A client that connected and asks nothing would hold the server open.
            self._server.abort_clients()
            await self._server.wait_closed()

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop."""
        await self.stop()

    async def _accept(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            length = 0
            for line in head.lower().split("\r\n"):
                if line.startswith("content-length:"):
                    size = line.partition(":")[2].strip()
                    length = int(size) if size.isdecimal() else 0
            body = await reader.readexactly(length)
            method, _, target = head.partition("\r\n")[0].partition(" ")
            target = unquote(target.partition(" ")[0])
            status, answer = self._answer(method, target, body)
            text = json.dumps(answer, indent=1).encode()
            writer.write(
                f"HTTP/1.1 {status} {'OK' if status == 200 else 'Refused'}\r\n"
                "Content-Type: application/json\r\nConnection: close\r\n"
                f"Content-Length: {len(text)}\r\n\r\n".encode()
                + text
            )
            await writer.drain()
        writer.close()

    def _answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        try:
            path = target.strip("/").split("/")
            return 200, self._do(method, path, _payload(body))
        except _Refused as err:
            return err.status, {"error": str(err)}
        except (TypeError, ValueError) as err:
            return 400, {"error": str(err)}

    def _do(self, method: str, path: list[str], payload: dict[str, Any]) -> Any:
        match method, path:
            case "GET", ["miners"]:
                return [_describe(server) for server in self._swarm]
            case "POST", ["advance"]:
                return self._advance(float(payload.get("seconds", 0)))
            case "GET", ["miners", name]:
                return _describe(self._find(name))
            case "PATCH", ["miners", name, "faults"]:
                server = self._find(name)
                server.miner.faults.set(**payload)
                return _describe(server)
            case "POST", ["miners", name, trigger]:
                server = self._find(name)
                self._pull(server, trigger, payload)
                return _describe(server)
        raise _Refused(404, "no such address")

    def _find(self, name: str) -> MinerServer:
        try:
            return self._swarm[name]
        except KeyError:
            raise _Refused(404, f"no miner is named {name}") from None

    def _advance(self, seconds: float) -> dict[str, float]:
        clocks = {id(s.miner.clock): s.miner.clock for s in self._swarm}
        if not all(clock.is_manual for clock in clocks.values()):
            raise _Refused(400, "the clock runs by itself")
        for clock in clocks.values():
            clock.advance(seconds)
        return {"seconds": seconds}

    def _pull(self, server: MinerServer, trigger: str, payload: dict[str, Any]) -> None:
        miner = server.miner
        triggers: dict[str, Callable[[], None]] = {
            "find_block": miner.find_block,
            "new_best": lambda: miner.new_best(float(payload["difficulty"])),
            "crash": miner.crash,
            "brownout": miner.brownout,
            "power_cycle": miner.power_cycle,
            "clear": miner.faults.clear,
        }
        if trigger not in triggers:
            raise _Refused(404, f"no such trigger: choose from {', '.join(triggers)}")
        if trigger == "new_best" and "difficulty" not in payload:
            raise _Refused(400, "new_best needs a difficulty")
        triggers[trigger]()


def _payload(body: bytes) -> dict[str, Any]:
    payload = json.loads(body) if body else {}
    if not isinstance(payload, dict):
        raise _Refused(400, "the body must be a JSON object")
    return payload


def _describe(server: MinerServer) -> dict[str, Any]:
    return {"url": server.url, **server.miner.describe()}
