"""The gateway: sessions of bots, the events they get, and how connections break."""

import asyncio
from collections import deque
from collections.abc import Callable
from contextlib import suppress
import json
import secrets
from typing import Any
import zlib

from aiohttp import ClientConnectionResetError, WSMsgType, web

from .clock import now, pause, real
from .entities import MESSAGE_CONTENT, PRIVILEGED, Application, Channel, Guild, Message
from .payloads import joined_guild_payload, user_payload
from .permissions import Permission
from .service import Service
from .session_limits import Verdict

_GUILDS = 1 << 0
_MESSAGES = 1 << 9
_INTENTS = {
    "MESSAGE_CREATE": _MESSAGES,
    "MESSAGE_UPDATE": _MESSAGES,
    "MESSAGE_DELETE": _MESSAGES,
    "INTERACTION_CREATE": 0,
}
"""Intent an event needs; that of guilds unless it is named here."""
_EVENTS_A_MINUTE = 120
_LATENCY = 0.01
_RESUMABLE_SECONDS = 180.0
"""Seconds after the end of a connection; Discord documents no number, but that it
ends."""
_GRACE_SECONDS = 10.0
"""Seconds that a heartbeat may be late, at least."""
_ENDS_SESSION = {4004, 4007, 4009, *range(4010, 4015)}
"""Codes that Discord closes a connection with and forgets its session."""
_GOODBYES = {1000, 1001}
"""Codes that a client closes with that does not want to resume."""

DISPATCH = 0
HEARTBEAT = 1
IDENTIFY = 2
PRESENCE = 3
VOICE_STATE = 4
RESUME = 6
RECONNECT = 7
INVALID_SESSION = 9
HELLO = 10
ACKNOWLEDGED = 11


class Session:
    """The events of a bot that identified, whether or not it is connected."""

    def __init__(self, application: Application, intents: int) -> None:
        """Begin."""
        self.id = secrets.token_hex(16)
        self.application = application
        self.intents = intents
        self.connection: Connection | None = None
        self.left: float | None = None
        """When its last connection ended."""
        self.sequence = 0
        self._events: list[dict[str, Any]] = []

    async def send(self, event: str, data: Any) -> None:
        """Send an event now, or when the bot resumes."""
        self.sequence += 1
        packet = {"op": DISPATCH, "t": event, "s": self.sequence, "d": data}
        self._events.append(packet)
        if self.connection is not None:
            await self.connection.send(packet)

    def missed(self, sequence: int) -> list[dict[str, Any]]:
        """Return the events after a number."""
        return [packet for packet in self._events if packet["s"] > sequence]


class Connection:
    """One websocket."""

    def __init__(
        self, http: web.Request, socket: web.WebSocketResponse, *, compressed: bool
    ) -> None:
        """Send in a stream of zlib, or as text."""
        self._http = http
        self.socket = socket
        self.heard = asyncio.Event()
        """Set by each heartbeat."""
        self._zlib = zlib.compressobj() if compressed else None

    async def send(self, packet: dict[str, Any]) -> None:
        """Send a packet, unless the connection is gone."""
        text = json.dumps({"t": None, "s": None, "d": None} | packet)
        with suppress(ClientConnectionResetError, ConnectionError):
            if self._zlib is None:
                await self.socket.send_str(text)
            else:
                data = self._zlib.compress(text.encode())
                data += self._zlib.flush(zlib.Z_SYNC_FLUSH)
                await self.socket.send_bytes(data)

    async def close(self, code: int, why: str = "") -> None:
        """Say goodbye and hang up, as Discord does; clients may not answer it."""
        writer = self.socket._writer  # noqa: SLF001
        if writer is not None:
            with suppress(ClientConnectionResetError, ConnectionError):
                await writer.close(code, why.encode())
        if self._http.transport is not None:
            self._http.transport.close()

    def go_deaf(self) -> None:
        """Hear nothing more, not even a goodbye, as where a network is dead."""
        transport = self._http.transport
        if isinstance(transport, asyncio.ReadTransport):
            transport.pause_reading()

    def cut(self) -> None:
        """Break off without a word."""
        if self._http.transport is not None:
            self._http.transport.abort()


class Gateway:
    """All sessions and connections."""

    def __init__(self, service: Service) -> None:
        """Report what happens in a service's world."""
        self._service = service
        self.sessions: dict[str, Session] = {}
        self.connections: set[Connection] = set()
        self.heartbeat_interval = 41.25
        """Seconds between the heartbeats that bots are asked to send."""
        self.grace_seconds = _GRACE_SECONDS
        """Seconds that a heartbeat may be late until the client counts as gone."""
        self.acknowledges = True
        """Whether heartbeats are acknowledged."""
        self.identified = 0
        """How often a bot began a session."""
        self.resumed = 0
        """How often a bot took one up again."""
        self.heartbeats = 0
        self._pending: deque[tuple[Session, str, Any]] = deque()

    def dispatch(
        self,
        event: str,
        data: Callable[[bool], dict[str, Any]],
        *,
        channel: Channel | None = None,
        guild: Guild | None = None,
        message: Message | None = None,
    ) -> None:
        """Send an event to all bots that may know of it.

        Args:
            event: its name.
            data: makes its data, given whether the bot may know what people write.
            channel: where it happened; only those who see it get it.
            guild: where it happened, if in no channel.
            message: what it is about.

        """
        place = channel.guild if channel is not None else guild
        for session in self.sessions.values():
            bot = session.application.bot
            if place is not None and bot.id not in place.members:
                continue
            needed = _INTENTS.get(event, _GUILDS)
            if session.intents & needed != needed:
                continue
            if (
                channel is not None
                and event.startswith("MESSAGE")
                and Permission.VIEW_CHANNEL
                not in channel.guild.permissions(bot, channel)
            ):
                continue
            readable = bool(session.intents & MESSAGE_CONTENT) or (
                message is not None
                and (
                    message.author is bot
                    or message.application is session.application
                    or bot.id in message.pinged.users
                )
            )
            self._pending.append((session, event, data(readable)))

    def dispatch_to(
        self, application: Application, event: str, data: dict[str, Any]
    ) -> None:
        """Send an event to the sessions of one application."""
        for session in self.sessions.values():
            if session.application is application:
                self._pending.append((session, event, data))

    async def flush(self) -> None:
        """Send what was dispatched."""
        while self._pending:
            session, event, data = self._pending.popleft()
            await session.send(event, data)

    async def serve(self, http: web.Request) -> web.StreamResponse:
        """Serve a connection to its end."""
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(http)
        if http.query.get("v") != "10" or http.query.get("encoding") != "json":
            self._service.violated("gateway", [f"asked for {http.query_string!r}"])
            await socket.close(code=4012)
            return socket
        if http.query.get("compress") not in (None, "zlib-stream"):
            self._service.violated("gateway", ["compression nobody offers"])
        connection = Connection(
            http, socket, compressed=http.query.get("compress") == "zlib-stream"
        )
        self.connections.add(connection)
        watching = asyncio.create_task(self._watch(connection))
        try:
            await self._talk(connection)
        finally:
            watching.cancel()
            self.connections.discard(connection)
            self._leave(connection)
        return socket

    def _leave(self, connection: Connection) -> None:
        """Keep the session for a resume, unless the bot said that it leaves."""
        left = connection.socket.close_code in _GOODBYES
        for session in list(self.sessions.values()):
            if session.connection is connection:
                session.connection = None
                session.left = now()
                if left:
                    del self.sessions[session.id]

    async def _watch(self, connection: Connection) -> None:
        """Hang up on a client that sends no heartbeats."""
        limit = self.heartbeat_interval
        limit += max(limit / 2, self.grace_seconds)
        heard_at = real()
        # The timers of the loop may be early, where a test moves the clock.
        while (left := heard_at + limit - real()) > 0:
            connection.heard.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await connection.heard.wait()
                heard_at = real()
        self._forget(connection)
        await connection.close(4009, "Session timed out.")

    async def _talk(self, connection: Connection) -> None:
        await connection.send(
            {
                "op": HELLO,
                "d": {"heartbeat_interval": int(self.heartbeat_interval * 1000)},
            }
        )
        received: deque[float] = deque(maxlen=_EVENTS_A_MINUTE)
        async for message in connection.socket:
            if message.type is not WSMsgType.TEXT:
                await self._refuse(connection, 4002, "only text is understood")
                return
            if len(message.data) > 4096:
                await self._refuse(connection, 4002, "more than 4096 bytes")
                return
            if len(received) == _EVENTS_A_MINUTE and received[0] > now() - 60:
                await self._refuse(connection, 4008, "more than 120 events a minute")
                return
            received.append(now())
            packet = json.loads(message.data)
            if not await self._hear(connection, packet.get("op"), packet.get("d")):
                return

    async def _hear(self, connection: Connection, op: object, data: Any) -> bool:
        """Act on a packet; return whether the connection goes on."""
        match op:
            case 1:
                self.heartbeats += 1
                connection.heard.set()
                if self.acknowledges:
                    # An answer that is there before the question is noted as sent, as
                    # on no network, makes the library measure nonsense.
                    await pause(_LATENCY)
                    await connection.send({"op": ACKNOWLEDGED})
                return True
            case 2:
                return await self._identify(connection, data)
            case 6:
                return await self._resume(connection, data)
            case 3 | 4:
                return True
        await self._refuse(connection, 4001, f"unknown opcode {op}")
        return False

    async def _refuse(self, connection: Connection, code: int, why: str) -> None:
        self._service.violated("gateway", [why])
        await connection.close(code)

    async def _identify(self, connection: Connection, data: dict[str, Any]) -> bool:
        application = self._application(data)
        if application is None:
            await connection.close(4004, "Authentication failed.")
            return False
        if any(session.connection is connection for session in self.sessions.values()):
            await self._refuse(connection, 4005, "identified twice")
            return False
        intents = data.get("intents")
        if not isinstance(intents, int) or not {"os", "browser", "device"} <= set(
            data.get("properties", ())
        ):
            await self._refuse(connection, 4002, f"identified with {sorted(data)}")
            return False
        if any(
            intents & intent and intent not in application.intents
            for intent in PRIVILEGED
        ):
            await connection.close(4014, "Disallowed intent(s).")
            return False
        match self._service.session_limits.begin(application.id):
            case Verdict.TOO_SOON:
                self._service.violated("gateway", ["a new session within 5 s"])
                await connection.send({"op": INVALID_SESSION, "d": False})
                return True
            case Verdict.EXHAUSTED:
                self._service.violated("gateway", ["more sessions than a day has"])
                application.token = ""
                await connection.close(4004, "Authentication failed.")
                return False
        self.identified += 1
        session = Session(application, intents)
        session.connection = connection
        self.sessions[session.id] = session
        guilds = [
            guild
            for guild in self._service.world.guilds.values()
            if application.bot.id in guild.members
        ]
        await session.send(
            "READY",
            {
                "v": 10,
                "user": user_payload(application.bot) | {"verified": True},
                "guilds": [
                    {"id": str(guild.id), "unavailable": True} for guild in guilds
                ],
                "session_id": session.id,
                "resume_gateway_url": self._service.url.replace("http", "ws", 1),
                "application": {
                    "id": str(application.id),
                    "flags": application.flags,
                },
                "_trace": ["fake"],
            },
        )
        if intents & _GUILDS:
            for guild in guilds:
                await session.send(
                    "GUILD_CREATE", joined_guild_payload(guild, application.bot)
                )
        return True

    async def _resume(self, connection: Connection, data: dict[str, Any]) -> bool:
        application = self._application(data)
        if application is None:
            await connection.close(4004, "Authentication failed.")
            return False
        session = self.sessions.get(data.get("session_id") or "")
        if (
            session is None
            or session.application is not application
            or (session.left is not None and now() - session.left > _RESUMABLE_SECONDS)
        ):
            await connection.send({"op": INVALID_SESSION, "d": False})
            return True
        sequence = data.get("seq")
        if not isinstance(sequence, int) or sequence > session.sequence:
            del self.sessions[session.id]
            await connection.close(4007, "Invalid seq.")
            return False
        self.resumed += 1
        session.connection = connection
        for packet in session.missed(sequence):
            await connection.send(packet)
        await session.send("RESUMED", {"_trace": ["fake"]})
        return True

    def _application(self, data: dict[str, Any]) -> Application | None:
        token = str(data.get("token", "")).removeprefix("Bot ")
        return self._service.world.by_token(token)

    async def ask_for_heartbeats(self) -> None:
        """Ask all bots for a heartbeat at once."""
        for connection in list(self.connections):
            await connection.send({"op": HEARTBEAT})

    async def ask_to_reconnect(self) -> None:
        """Ask all bots to connect anew."""
        for connection in list(self.connections):
            await connection.send({"op": RECONNECT})

    async def invalidate(self, *, resumable: bool) -> None:
        """Notify all bots that their session is no longer valid."""
        for connection in list(self.connections):
            if not resumable:
                self._forget(connection)
            await connection.send({"op": INVALID_SESSION, "d": resumable})

    def _forget(self, connection: Connection) -> None:
        for session in list(self.sessions.values()):
            if session.connection is connection:
                del self.sessions[session.id]

    async def close(self, code: int, application: Application | None = None) -> None:
        """Close all connections, or those of one application."""
        wanted = {
            session.connection
            for session in self.sessions.values()
            if application is None or session.application is application
        }
        for connection in list(self.connections):
            if application is None or connection in wanted:
                if code in _ENDS_SESSION:
                    self._forget(connection)
                await connection.close(code)
