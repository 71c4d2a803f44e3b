"""One miner over HTTP: read it, change its settings, send it commands.

The web server of a miner is a single task on a small controller. It is asked one thing
at a time, every connection is closed after the reply, and nothing is sent it does not
need.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientResponse,
    ClientResponseError,
    ClientSession,
    ClientTimeout,
    hdrs,
)
from yarl import URL

from . import bounds
from .boards import BOARD_KEYS, HARDWARE_KEYS, Board
from .dialects import Command, Dialect, Request, detect_dialect
from .errors import (
    BadReplyError,
    CannotConnectError,
    ConnectionLostError,
    MinerError,
    NetworkRefusedError,
    NotAMinerError,
    NotConfirmedError,
    NotControlledError,
    NotHttpError,
    OtpRequiredError,
    ReadRefusedError,
    RedirectedError,
    SettingRejectedError,
    TimedOutError,
    UnsupportedSettingError,
    WebPageError,
)
from .fields import Fields, Parts, decode_object
from .image import ImageKind
from .memory import COLUMNS, KeptSample, read_samples
from .middleware import close_after_reply
from .settings import Settings
from .snapshot import Snapshot

DEFAULT_PORT: Final = 80
REQUEST_TIMEOUT: Final = 10.0
"""Seconds. The slowest known miners need several (Lucky LV08)."""

# The largest real reply is below 10 kB; a log dump at the wrong address may be any
# size.
_LARGEST_BODY: Final = 256 * 1024
_LARGEST_ERROR_TEXT: Final = 200
_LONGEST_TARGET: Final = 80
# Request timeout, too early, too many requests: what answers so is to be asked again.
_LATER: Final = (408, 425, 429)
# Not found, no such method, gone: there is no interface of a miner.
_UNKNOWN: Final = (404, 405, 410)
# What a captive portal answers to those it does not know.
_NETWORK_LOGIN: Final = 511
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
_STATISTICS: Final = Request("GET", "/api/system/statistics")
_LOGS: Final = Request("GET", "/api/system/logs")
# The firmware keeps 512 kB.
_LARGEST_LOG: Final = 1024 * 1024
_RESTART_PATH: Final = "/api/system/restart"
# Asking twice would switch it off again.
_TOGGLES: Final = frozenset({Command.IDENTIFY})

# Old firmware erases its flash memory in between; the web server does nothing else
# then.
_UPLOAD_TIMEOUT: Final = 300.0
_UPLOAD_PIECE: Final = 16 * 1024
_UPLOADS: Final = {
    ImageKind.FIRMWARE: Request("POST", "/api/system/OTA"),
    ImageKind.WEB: Request("POST", "/api/system/OTAWWW"),
}

type Check = Callable[[Snapshot], None]
"""Refuses a reading by raising a `MinerError`."""


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
        check: Check | None = None,
    ) -> None:
        """Keep the address; nothing is sent yet.

        `check` sees every reading before anything else is made of it, and refuses those
        of another miner: polls, the reading before each write, and the one that
        confirms it.

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
        self._check = check
        self._lock = asyncio.Lock()
        self._may_have_arrived = False
        """Whether the miner may have carried out any of the present write."""
        self._dialect: Dialect | None = None
        self._board: Board | None = None
        self._board_source: tuple[object, ...] | None = None
        self._asic: Fields | None = None
        self._asic_of: tuple[object, ...] | None = None
        self._asic_attempts = 0
        self._snapshot: Snapshot | None = None
        self._parts = Parts()

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
        """Find out what is at an address, with one request.

        Of a miner it takes a second one: only `/api/system/asic` distinguishes some
        boards. `connect_timeout` in s lets a search pass over unused addresses sooner.
        """
        client = cls(session, host, port, timeout=timeout)
        client._timeout = ClientTimeout(total=timeout, sock_connect=connect_timeout)
        return await client.read(retry=False)

    async def read(self, *, retry: bool = True) -> Snapshot:
        """Read the miner with one request.

        A broken connection is tried once more: miners drop idle and excess sockets.
        Once per firmware version and start of the miner, a second request asks for the
        board's lists of settings.
        """
        async with self._lock:
            return await self._read(retry=retry)

    async def apply(
        self,
        settings: Settings | Callable[[Snapshot], Settings],
        *,
        extended: bool = False,
        steps: bool = False,
        check: Check | None = None,
    ) -> Snapshot:
        """Change settings and return the first reading that confirms them.

        A reading taken for it comes first, while nobody else can write: the limits are
        those of its board, with `extended` the wider ones; `check` may refuse it; what
        depends on the miner is worked out from it, if `settings` is a function. Only
        what differs is sent. Frequency and core voltage travel together. With `steps`,
        what firmware with coarser steps of them makes of the values will do.

        Raises:
            UnsupportedSettingError, OutOfRangeError, NotControlledError: nothing was
                sent.
            OtpRequiredError: the miner wants a one-time password; nothing was changed.
            SettingRejectedError: the firmware refused. It takes each request as a
                whole or not at all; of several (pools in slots) those before it stay.
            CannotConnectError: the miner could not be reached, or not be read
                afterwards.
            NotConfirmedError: the miner does not report the change within 5 s.
            MinerError: whatever a check raises.

        """
        async with self._write():
            snapshot = await self._read_for_write(check)
            if not isinstance(settings, Settings):
                settings = settings(snapshot)
            settings = settings.rounded_for(snapshot)
            assert self._board is not None
            settings.check(snapshot, self._board.limits(extended=extended))
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
                return await self._confirm(changes, snapshot if steps else None)
            except (CannotConnectError, NotConfirmedError) as err:
                raise broken or err from err

    async def execute(self, command: Command, *, check: Check | None = None) -> None:
        """Send the miner a command, after a reading that `check` may refuse.

        Raises:
            UnsupportedSettingError: the firmware has no such command.
            NotControlledError: what the device reports cannot be true.
            OtpRequiredError: the miner wants a one-time password.
            SettingRejectedError: the firmware refused.
            CannotConnectError: the miner could not be reached.
            MinerError: whatever a check raises.

        """
        async with self._write():
            snapshot = await self._read_for_write(check)
            assert self._dialect is not None
            request = self._dialect.command(command, snapshot)
            if request is None:
                raise UnsupportedSettingError(command.value.replace("_", " "))
            if request.path == _RESTART_PATH:
                # A restart often resets the connection instead of answering
                # (ESP-Miner issue 481).
                with suppress(ConnectionLostError):
                    await self._send_change(request)
            elif command in _TOGGLES:
                await self._send_change(request)
            else:
                await self._send_again_if_lost(request)

    async def upload(
        self,
        kind: ImageKind,
        image: bytes,
        *,
        check: Check | None = None,
        progress: Callable[[float], None] | None = None,
    ) -> None:
        """Send the miner an image to install, after a reading that `check` may refuse.

        `progress` is called with the share that was sent, 0 to 1. A miner restarts by
        itself after firmware was sent. A connection that breaks when all was sent says
        nothing: what the miner reports afterwards decides.

        Raises:
            NotControlledError: what the device reports cannot be true.
            OtpRequiredError: the miner wants a one-time password; nothing was sent.
            SettingRejectedError: the firmware refused, and runs on as before.
            CannotConnectError: the miner could not be reached, or the connection broke.
            MinerError: whatever a check raises.

        """
        sent = 0

        async def pieces() -> AsyncIterator[bytes]:
            nonlocal sent
            while sent < len(image):
                piece = image[sent : sent + _UPLOAD_PIECE]
                yield piece
                sent += len(piece)
                if progress is not None:
                    progress(sent / len(image))

        async with self._lock:
            snapshot = await self._read_for_write(check)
            if snapshot.capabilities.otp:
                raise OtpRequiredError("Changes need a one-time password")
            try:
                await self._send(
                    _UPLOADS[kind],
                    body=pieces(),
                    # The firmware knows no chunks: it asks how long the body is.
                    headers={
                        hdrs.CONTENT_LENGTH: str(len(image)),
                        hdrs.CONTENT_TYPE: "application/octet-stream",
                    },
                    timeout=ClientTimeout(total=_UPLOAD_TIMEOUT),
                )
            except ConnectionLostError:
                if sent < len(image):
                    raise

    async def read_kept_samples(self) -> list[KeptSample]:
        """Return what the miner has kept of the last hours, the oldest first.

        Raises:
            NotAMinerError: the firmware has no such route.
            CannotConnectError: the miner could not be reached.
            MinerError: another one answers.

        """
        async with self._lock:
            await self._read(retry=True)
            return read_samples(
                await self._send(_STATISTICS, query={"columns": ",".join(COLUMNS)})
            )

    async def read_log(self) -> str:
        """Return what the miner has logged since it started (AxeOS v2.14).

        Raises:
            NotAMinerError: the firmware has no such route.
            CannotConnectError: the miner could not be reached.
            MinerError: another one answers.

        """
        async with self._lock:
            await self._read(retry=True)
            body = await self._send(_LOGS, largest=_LARGEST_LOG)
        return body.decode("utf-8", errors="replace")

    @asynccontextmanager
    async def _write(self) -> AsyncGenerator[None]:
        """Keep others from the miner, and say what of a failed write arrived."""
        async with self._lock:
            self._may_have_arrived = False
            try:
                yield
            except MinerError as err:
                err.may_have_arrived = self._may_have_arrived
                raise

    async def _read_for_write(self, check: Check | None) -> Snapshot:
        """Read what a write is decided by."""
        snapshot = await self._read(retry=True)
        if check is not None:
            check(snapshot)
        if snapshot.doubt is not None and snapshot.doubt.foreign:
            raise NotControlledError(snapshot.doubt)
        return snapshot

    async def _read(self, *, retry: bool) -> Snapshot:
        try:
            info, dialect = self._decode(await self._send(_INFO))
        except CannotConnectError:
            if not retry:
                raise
            info, dialect = self._decode(await self._send(_INFO))
        # Before anything else is asked or stored: this may be another miner.
        snapshot, board, source = self._understand(dialect, info)
        if await self._learn_board(dialect, info):
            snapshot, board, source = self._understand(dialect, info)
        self._dialect = dialect
        self._board, self._board_source = board, source
        self._snapshot = snapshot
        return snapshot

    def _decode(self, body: bytes) -> tuple[Fields, Dialect]:
        """Decode the reply to `/api/system/info`."""
        try:
            info = decode_object(body, self._parts)
        except BadReplyError as err:
            _raise_if_foreign(body, err)
            raise
        return info, info.part("dialect", detect_dialect)

    def _understand(
        self, dialect: Dialect, info: Fields
    ) -> tuple[Snapshot, Board, tuple[object, ...]]:
        """Return snapshot and board, and what the board is worked out from.

        Nothing is stored yet. Raises what the check raises.
        """
        source = (dialect, self._asic, info.part("board", _board_source))
        board = self._board
        if board is None or source != self._board_source:
            board = dialect.board(info, self._asic)
        snapshot = dialect.snapshot(info, board)
        if self._check is not None:
            self._check(snapshot)
        return snapshot, board, source

    async def _learn_board(self, dialect: Dialect, info: Fields) -> bool:
        """Ask for the board's lists once per start of the miner and firmware.

        Returns whether what is known of them may have changed.
        """
        uptime = info.integer("uptimeSeconds", within=bounds.UPTIME) or 0
        last_uptime = self._snapshot.system.uptime if self._snapshot else None
        firmware = (dialect.family, *info.part("firmware", _firmware))
        changed = self._asic_of != firmware
        if changed:
            self._asic = None
            self._asic_attempts = 0
        elif last_uptime is not None and uptime < last_uptime:
            self._asic_attempts = 0
        self._asic_of = firmware
        if self._asic_attempts >= _ASIC_ATTEMPTS:
            return changed
        try:
            asic = decode_object(await self._send(_ASIC))
        except NetworkRefusedError:
            raise
        except CannotConnectError:
            # Read on with what is known already, and ask again next time.
            self._asic_attempts += 1
            return changed
        except MinerError:
            # Firmware without the route answers with a redirect or 404.
            self._asic = None
        else:
            if not _is_of_one_device(info, asic):
                # Two devices answer in turns, or the lease changed in between. What is
                # known stays, and of one that never agrees with itself that is the
                # tables.
                self._asic_attempts += 1
                return changed
            self._asic = asic
        self._asic_attempts = _ASIC_ATTEMPTS
        return True

    async def _confirm(self, changes: Settings, before: Snapshot | None) -> Snapshot:
        """Read back until the miner reports the changes.

        With a reading from `before`, what firmware makes of them by its steps will do.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._confirm_limit
        while True:
            await asyncio.sleep(self._confirm_interval)
            snapshot = await self._read(retry=True)
            late = loop.time() >= deadline
            pending = changes.unconfirmed(
                snapshot, rounding=late, before=before if late else None
            )
            if not pending:
                return snapshot
            if late:
                raise NotConfirmedError(pending)

    async def _send_again_if_lost(self, request: Request) -> None:
        """Send a request that may arrive twice, if still the same miner answers."""
        try:
            await self._send_change(request)
        except ConnectionLostError:
            await self._read(retry=True)
            await self._send_change(request)

    async def _send_change(self, request: Request) -> None:
        """Send a request that changes the miner; note whether it may have arrived."""
        try:
            await self._send(request)
        except BadReplyError, ConnectionLostError, TimedOutError:
            self._may_have_arrived = True
            raise
        self._may_have_arrived = True

    async def _send(
        self,
        request: Request,
        *,
        query: Mapping[str, str] | None = None,
        body: AsyncIterator[bytes] | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: ClientTimeout | None = None,
        largest: int = _LARGEST_BODY,
    ) -> bytes:
        """Send one request and return the body of a 200 or 204 reply.

        `body` is sent instead of JSON. A reply of more than `largest` bytes is refused.
        """
        try:
            url = self.url.with_path(request.path)
            async with self._session.request(
                request.method,
                url if query is None else url.with_query(query),
                json=request.json,
                data=body,
                headers=_HEADERS if headers is None else _HEADERS | dict(headers),
                allow_redirects=False,
                # Nothing is asked to be compressed, and what is would have to be
                # inflated before its size could be checked.
                auto_decompress=False,
                middlewares=(close_after_reply,),
                timeout=timeout or self._timeout,
            ) as response:
                reply = await _read_body(response, largest)
                _raise_for_status(request, response, reply)
                return reply
        except TimeoutError as err:
            raise TimedOutError("The miner did not answer in time") from err
        except (ClientConnectorError, ValueError) as err:
            raise CannotConnectError(str(err)) from err
        except ClientResponseError as err:
            raise NotHttpError(err.message or type(err).__name__) from err
        except (ClientError, OSError) as err:
            raise ConnectionLostError(str(err) or type(err).__name__) from err


async def _read_body(response: ClientResponse, largest: int) -> bytes:
    """Read a body of a size a miner can mean."""
    body = bytearray()
    while chunk := await response.content.readany():
        body += chunk
        if len(body) > largest:
            response.close()
            _raise_if_foreign(body)
            raise BadReplyError("The reply is too large for a miner")
    return bytes(body)


def _board_source(info: Fields) -> dict[str, object]:
    return info.scalars(BOARD_KEYS)


def _firmware(info: Fields) -> tuple[object, ...]:
    return (info.mac("macAddr"), info.text("version"), info.scalars(HARDWARE_KEYS))


def _is_of_one_device(info: Fields, asic: Fields) -> bool:
    """Return whether what is said of the board can be of the miner that was read.

    `/api/system/asic` has no MAC address, but the lists of one ASIC destroy another.
    """
    # The newest driver writes "BM1372/BM1373".
    names, others = (
        set((fields.text("ASICModel") or "").split("/")) for fields in (info, asic)
    )
    counts = {
        fields.integer("asicCount", within=bounds.ASICS) for fields in (info, asic)
    }
    return ("" in names | others or not names.isdisjoint(others)) and (
        None in counts or len(counts) == 1
    )


def _raise_if_foreign(body: bytes | bytearray, cause: Exception | None = None) -> None:
    """Refuse a body of something else; broken JSON is a miner's bad day."""
    match body.lstrip()[:1]:
        case b"{" | b"":
            return
        case b"<":
            raise WebPageError("The reply is a web page") from cause
    raise NotAMinerError("The reply is not a miner's data") from cause


def _raise_for_status(request: Request, response: ClientResponse, body: bytes) -> None:
    """Turn every status but success into the error that names the remedy."""
    status = response.status
    if status in (200, 204):
        return
    text = body.decode("utf-8", errors="replace").strip()[:_LARGEST_ERROR_TEXT]
    if text.startswith("<"):
        # A page says nothing that fits into a sentence.
        text = ""
    if status == 401:
        if "OTP" in text or "blocked" in text:
            raise OtpRequiredError(text)
        if hdrs.WWW_AUTHENTICATE not in response.headers:
            raise NetworkRefusedError(text or "Unauthorized")
    if request.method == "GET":
        _raise_for_unread(request, response, text)
    if status in (302, 404, 405):
        raise UnsupportedSettingError(f"interface {request.path}")
    raise SettingRejectedError(text or f"HTTP {status}")


def _raise_for_unread(request: Request, response: ClientResponse, text: str) -> None:
    """Say what answers instead of what was asked for."""
    status = response.status
    if status == _NETWORK_LOGIN:
        raise ReadRefusedError(status)
    if status >= 500 or status in _LATER:
        raise BadReplyError(f"HTTP {status} {text}".strip())
    if 300 <= status < 400:
        target = response.headers.get(hdrs.LOCATION, "?")
        printable = "".join(filter(str.isprintable, target))
        raise RedirectedError(printable[:_LONGEST_TARGET] or "?")
    if status >= 400 and status not in _UNKNOWN:
        raise ReadRefusedError(status)
    raise NotAMinerError(f"HTTP {status} for {request.path}")
