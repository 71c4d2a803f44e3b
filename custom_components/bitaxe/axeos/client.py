"""One miner over HTTP: read it, change its settings, tell it to do something.

The web server of a miner is a single task on a small controller. It is asked one thing
at a time, every connection is closed after the reply, and nothing is sent it does not
need.
"""

import asyncio
from contextlib import suppress
from typing import Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    hdrs,
)
from yarl import URL

from .boards import BOARD_KEYS, Board, Limits
from .closing import close_after_reply
from .dialects import Command, Dialect, Request, detect_dialect
from .errors import (
    BadReplyError,
    CannotConnectError,
    ConnectionLostError,
    MinerError,
    NetworkRefusedError,
    NotAMinerError,
    NotConfirmedError,
    OtpRequiredError,
    SettingRejectedError,
    TimedOutError,
    UnsupportedSettingError,
)
from .fields import Fields, decode_object
from .settings import Settings
from .snapshot import Snapshot

DEFAULT_PORT: Final = 80
REQUEST_TIMEOUT: Final = 10.0
"""Seconds. The slowest known miners need several (Lucky LV08)."""

# The largest real reply is below 10 kB; a log dump at the wrong address may be any size.
_LARGEST_BODY: Final = 256 * 1024
_LARGEST_ERROR_TEXT: Final = 200
_HEADERS: Final = {
    hdrs.ACCEPT_ENCODING: "identity",
    hdrs.CONNECTION: "close",
    hdrs.USER_AGENT: "bitaxe",
}
_INFO: Final = Request("GET", "/api/system/info")
_ASIC: Final = Request("GET", "/api/system/asic")
# Firmware from v2.11 on stores a change asynchronously; older loops run every 1.8 s.
CONFIRM_SECONDS: Final = 5.0
CONFIRM_INTERVAL: Final = 1.0
# A miner whose reply about its board keeps getting lost is not asked for ever.
_ASIC_ATTEMPTS: Final = 3
_RESTART_PATH: Final = "/api/system/restart"
# Asking twice would switch it off again.
_TOGGLES: Final = frozenset({Command.IDENTIFY})


class MinerClient:
    """A miner at an address.

    Not bound to a kind of miner: every reading says anew what it is, because firmware
    is updated and addresses change hands. All methods raise `MinerError` and nothing
    else.
    """

    def __init__(
        self,
        session: ClientSession,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        timeout: float = REQUEST_TIMEOUT,
        confirm_interval: float | None = None,
        confirm_limit: float | None = None,
    ) -> None:
        """Keep the address; nothing is sent yet.

        All times are in s: `timeout` of each request, `confirm_interval` between
        readings that look for a change (1), `confirm_limit` until it counts as
        ignored (5).
        """
        self.host = host
        self.port = port
        self._session = session
        self._timeout = ClientTimeout(total=timeout)
        self._confirm_interval = (
            CONFIRM_INTERVAL if confirm_interval is None else confirm_interval
        )
        self._confirm_limit = (
            CONFIRM_SECONDS if confirm_limit is None else confirm_limit
        )
        self._lock = asyncio.Lock()
        self._dialect: Dialect | None = None
        self._board: Board | None = None
        self._board_source: tuple[object, ...] | None = None
        self._asic: Fields | None = None
        self._asic_of: tuple[str | None, ...] | None = None
        self._asic_attempts = 0
        self._snapshot: Snapshot | None = None

    @property
    def url(self) -> URL:
        """Address of the miner's own web interface."""
        return URL.build(
            scheme="http",
            host=self.host,
            port=None if self.port == DEFAULT_PORT else self.port,
        )

    @property
    def board(self) -> Board | None:
        """What is known of the hardware, once the miner has been read."""
        return self._board

    @classmethod
    async def probe(
        cls,
        session: ClientSession,
        host: str,
        port: int = DEFAULT_PORT,
        *,
        timeout: float = REQUEST_TIMEOUT,
        connect_timeout: float | None = None,
    ) -> Snapshot:
        """Find out what is at an address, with exactly one request.

        What only `/api/system/asic` would tell about the board comes from the tables.
        `connect_timeout` in s lets a search pass over unused addresses sooner.
        """
        client = cls(session, host, port, timeout=timeout)
        client._timeout = ClientTimeout(total=timeout, sock_connect=connect_timeout)
        info, dialect = _decode(await client._send(_INFO))
        return dialect.snapshot(info, dialect.board(info, None))

    async def read(self, *, retry: bool = True) -> Snapshot:
        """Read the miner with one request.

        A broken connection is tried once more: miners drop idle and excess sockets.
        Once per firmware version and start of the miner, a second request asks for the
        board's lists of settings.
        """
        async with self._lock:
            return await self._read(retry=retry)

    async def apply(self, settings: Settings, limits: Limits | None) -> Snapshot:
        """Change settings and return the first reading that confirms them.

        Only what differs from the last reading is sent. Frequency and core voltage
        travel together.

        Raises:
            UnsupportedSettingError, OutOfRangeError: nothing was sent.
            OtpRequiredError: the miner wants a one-time password; nothing was changed.
            SettingRejectedError: the firmware refused. It takes each request as a
                whole or not at all; of several (pools in slots) those before it stay.
            CannotConnectError: the miner could not be told, or not be read afterwards.
            NotConfirmedError: the miner does not report the change within 5 s.

        """
        async with self._lock:
            snapshot = await self._read(retry=True)
            settings = settings.rounded_for(snapshot)
            settings.check(snapshot, limits)
            changes = settings.changes_against(snapshot)
            if not changes.names:
                return snapshot
            if snapshot.capabilities.otp:
                raise OtpRequiredError("Changes need a one-time password")
            assert self._dialect is not None
            broken: CannotConnectError | None = None
            for request in self._dialect.requests(changes, snapshot):
                try:
                    await self._send_again_if_lost(request)
                except CannotConnectError as err:
                    # It may have been accepted before the connection broke: what the
                    # miner reports decides.
                    broken = err
            try:
                return await self._confirm(changes)
            except (CannotConnectError, NotConfirmedError) as err:
                raise broken or err from err

    async def execute(self, command: Command) -> None:
        """Tell the miner to do something.

        Raises:
            UnsupportedSettingError: the firmware has no such command.
            OtpRequiredError: the miner wants a one-time password.
            SettingRejectedError: the firmware refused.
            CannotConnectError: the miner could not be told.

        """
        async with self._lock:
            snapshot = self._snapshot or await self._read(retry=True)
            assert self._dialect is not None
            request = self._dialect.command(command, snapshot)
            if request is None:
                raise UnsupportedSettingError(command.value.replace("_", " "))
            if request.path == _RESTART_PATH:
                # A restart often resets the connection instead of answering
                # (ESP-Miner issue 481).
                with suppress(ConnectionLostError):
                    await self._send(request)
            elif command in _TOGGLES:
                await self._send(request)
            else:
                await self._send_again_if_lost(request)

    async def _read(self, *, retry: bool) -> Snapshot:
        try:
            info, dialect = _decode(await self._send(_INFO))
        except CannotConnectError:
            if not retry:
                raise
            info, dialect = _decode(await self._send(_INFO))
        await self._learn_board(dialect, info)
        self._dialect = dialect
        board = self._board_of(dialect, info)
        self._snapshot = dialect.snapshot(info, board)
        return self._snapshot

    def _board_of(self, dialect: Dialect, info: Fields) -> Board:
        """Work out the board, if it may have changed."""
        source = (dialect, self._asic, info.scalars(BOARD_KEYS))
        if self._board is None or source != self._board_source:
            self._board = dialect.board(info, self._asic)
            self._board_source = source
        return self._board

    async def _learn_board(self, dialect: Dialect, info: Fields) -> None:
        """Ask for the board's lists once per start of the miner and firmware."""
        uptime = info.integer("uptimeSeconds", low=0) or 0
        last_uptime = self._snapshot.system.uptime if self._snapshot else None
        firmware = (
            dialect.family,
            info.mac("macAddr"),
            info.text("version"),
            info.text("boardVersion"),
        )
        if self._asic_of != firmware:
            self._asic = None
            self._asic_attempts = 0
        elif last_uptime is not None and uptime < last_uptime:
            self._asic_attempts = 0
        self._asic_of = firmware
        if self._asic_attempts >= _ASIC_ATTEMPTS:
            return
        try:
            self._asic = decode_object(await self._send(_ASIC))
        except NetworkRefusedError:
            raise
        except CannotConnectError:
            # Read on with what is known already, and ask again next time.
            self._asic_attempts += 1
            return
        except MinerError:
            # Firmware without the route answers with a redirect or 404.
            self._asic = None
        self._asic_attempts = _ASIC_ATTEMPTS

    async def _confirm(self, changes: Settings) -> Snapshot:
        """Read back until the miner reports the changes."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._confirm_limit
        while True:
            await asyncio.sleep(self._confirm_interval)
            snapshot = await self._read(retry=True)
            late = loop.time() >= deadline
            if not (pending := changes.unconfirmed(snapshot, rounding=late)):
                return snapshot
            if late:
                raise NotConfirmedError(pending)

    async def _send_again_if_lost(self, request: Request) -> None:
        """Send a request that may arrive twice."""
        try:
            await self._send(request)
        except ConnectionLostError:
            await self._send(request)

    async def _send(self, request: Request) -> bytes:
        """Send one request and return the body of a 200 or 204 reply."""
        try:
            async with self._session.request(
                request.method,
                self.url.with_path(request.path),
                json=request.json,
                headers=_HEADERS,
                allow_redirects=False,
                # Nothing is asked to be compressed, and what is would have to be
                # inflated before its size could be checked.
                auto_decompress=False,
                middlewares=(close_after_reply,),
                timeout=self._timeout,
            ) as response:
                body = await _read_body(response)
                _raise_for_status(request, response, body)
                return body
        except TimeoutError as err:
            raise TimedOutError("The miner did not answer in time") from err
        except (ClientConnectorError, ValueError) as err:
            raise CannotConnectError(str(err)) from err
        except (ClientError, OSError) as err:
            raise ConnectionLostError(str(err) or type(err).__name__) from err


async def _read_body(response: ClientResponse) -> bytes:
    """Read a body of a size a miner can mean."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > _LARGEST_BODY:
            response.close()
            if _is_page(body):
                raise NotAMinerError("The reply is a page, not a miner's data")
            raise BadReplyError("The reply is too large for a miner")
    return bytes(body)


def _decode(body: bytes) -> tuple[Fields, Dialect]:
    """Decode the reply to `/api/system/info`."""
    try:
        info = decode_object(body)
    except BadReplyError as err:
        if _is_page(body):
            raise NotAMinerError("The reply is a page, not a miner's data") from err
        raise
    return info, detect_dialect(info)


def _is_page(body: bytes | bytearray) -> bool:
    """Whether a body is somebody else's; a broken JSON object is a miner's bad day."""
    return body.lstrip()[:1] not in (b"{", b"")


def _raise_for_status(request: Request, response: ClientResponse, body: bytes) -> None:
    """Turn every status but success into the error that tells the remedy."""
    status = response.status
    if status in (200, 204):
        return
    text = body.decode("utf-8", errors="replace").strip()[:_LARGEST_ERROR_TEXT]
    if status == 401:
        if "OTP" in text or "blocked" in text:
            raise OtpRequiredError(text)
        if hdrs.WWW_AUTHENTICATE in response.headers:
            raise NotAMinerError("It asks for a password, which no known miner does")
        raise NetworkRefusedError(text or "Unauthorized")
    if status >= 500 and request.method == "GET":
        raise BadReplyError(f"HTTP {status} {text}".strip())
    if request.method == "GET":
        raise NotAMinerError(f"HTTP {status} for {request.path}")
    if status in (302, 404, 405):
        raise UnsupportedSettingError(f"interface {request.path}")
    raise SettingRejectedError(text or f"HTTP {status}")
