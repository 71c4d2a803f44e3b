"""One miner over HTTP: read it, change its settings, tell it to do something.

The web server of a miner is a single task on a small controller. It is asked one thing
at a time, every connection is closed after the reply, and nothing is sent it does not
need (DEVICE-API.md, sections 0, 1.1 and 8).
"""

import asyncio
from typing import Final

from aiohttp import (
    ClientError,
    ClientResponse,
    ClientSession,
    ClientTimeout,
    ServerTimeoutError,
)
from yarl import URL

from .boards import Board, Limits
from .dialects import Command, Dialect, Request, detect_dialect
from .errors import (
    BadReplyError,
    CannotConnectError,
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
_INFO: Final = Request("GET", "/api/system/info")
_ASIC: Final = Request("GET", "/api/system/asic")
# Firmware from v2.11 on stores a change asynchronously; older loops run every 1.8 s.
_CONFIRM_SECONDS: Final = 5.0
_CONFIRM_INTERVAL: Final = 1.0


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
    ) -> None:
        """Keep the address; nothing is sent yet. `timeout` is in s per request."""
        self.host = host
        self.port = port
        self._session = session
        self._timeout = ClientTimeout(total=timeout)
        self._lock = asyncio.Lock()
        self._dialect: Dialect | None = None
        self._board: Board | None = None
        self._asic: Fields | None = None
        self._asic_of: tuple[str | None, ...] | None = None
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
            SettingRejectedError: the firmware refused; nothing was changed.
            NotConfirmedError: the miner does not report the change within 5 s.

        """
        async with self._lock:
            snapshot = await self._read(retry=True)
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
                    await self._send(request)
                except CannotConnectError as err:
                    # It may have been accepted before the connection broke: what the
                    # miner reports decides.
                    broken = err
            try:
                return await self._confirm(changes)
            except CannotConnectError as err:
                raise broken or err from err

    async def execute(self, command: Command) -> None:
        """Tell the miner to do something.

        Raises:
            UnsupportedSettingError: the firmware has no such command.
            OtpRequiredError: the miner wants a one-time password.

        """
        async with self._lock:
            snapshot = self._snapshot or await self._read(retry=True)
            assert self._dialect is not None
            request = self._dialect.command(command, snapshot)
            if request is None:
                raise UnsupportedSettingError(command.value.replace("_", " "))
            try:
                await self._send(request)
            except CannotConnectError:
                # A restart often resets the connection instead of answering
                # (ESP-Miner issue 481). Refused connections mean it never got there.
                if request.path != "/api/system/restart":
                    raise

    async def _read(self, *, retry: bool) -> Snapshot:
        body = await self._get_info(retry=retry)
        try:
            info = decode_object(body)
        except BadReplyError as err:
            # A web page is somebody else's; a broken JSON object is a miner's bad day.
            if body.lstrip().startswith((b"{", b"[")) or not body:
                raise
            raise NotAMinerError("The reply is a page, not a miner's data") from err
        dialect = detect_dialect(info)
        await self._learn_board(dialect, info)
        assert self._board is not None
        self._snapshot = dialect.snapshot(info, self._board)
        return self._snapshot

    async def _get_info(self, *, retry: bool) -> bytes:
        try:
            return await self._send(_INFO)
        except CannotConnectError:
            if not retry:
                raise
            return await self._send(_INFO)

    async def _learn_board(self, dialect: Dialect, info: Fields) -> None:
        """Ask for the board's lists once per start of the miner and firmware."""
        uptime = info.integer("uptimeSeconds", low=0) or 0
        last_uptime = self._snapshot.system.uptime if self._snapshot else None
        firmware = (info.text("version"), info.text("boardVersion"))
        started_again = last_uptime is not None and uptime < last_uptime
        if self._asic_of != firmware or started_again:
            try:
                self._asic = decode_object(await self._send(_ASIC))
            except NetworkRefusedError:
                raise
            except TimedOutError:
                # The miner is busy: read on with the tables, ask again next time.
                self._asic = None
                firmware = ()
            except MinerError:
                # Firmware without the route answers with a redirect or 404.
                self._asic = None
            self._asic_of = firmware
        self._dialect = dialect
        self._board = dialect.board(info, self._asic)

    async def _confirm(self, changes: Settings) -> Snapshot:
        """Read back until the miner reports the changes."""
        pending: dict[str, tuple[object, object]] = {}
        loop = asyncio.get_running_loop()
        deadline = loop.time() + _CONFIRM_SECONDS
        while True:
            await asyncio.sleep(_CONFIRM_INTERVAL)
            snapshot = await self._read(retry=True)
            if not (pending := changes.unconfirmed(snapshot)):
                return snapshot
            if loop.time() >= deadline:
                raise NotConfirmedError(pending)

    async def _send(self, request: Request) -> bytes:
        """Send one request and return the body of a 200 or 204 reply."""
        try:
            async with self._session.request(
                request.method,
                self.url.with_path(request.path),
                json=request.json,
                headers={"Connection": "close", "User-Agent": "bitaxe"},
                allow_redirects=False,
                timeout=self._timeout,
            ) as response:
                body = await _read_body(response)
                _raise_for_status(request, response.status, body)
                return body
        except (TimeoutError, ServerTimeoutError) as err:
            raise TimedOutError("The miner did not answer in time") from err
        except (ClientError, OSError, ValueError) as err:
            raise CannotConnectError(str(err) or type(err).__name__) from err


async def _read_body(response: ClientResponse) -> bytes:
    """Read a body of a size a miner can mean."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(16 * 1024):
        body += chunk
        if len(body) > _LARGEST_BODY:
            response.close()
            raise BadReplyError("The reply is too large for a miner")
    return bytes(body)


def _raise_for_status(request: Request, status: int, body: bytes) -> None:
    """Turn every status but success into the error that tells the remedy."""
    if status in (200, 204):
        return
    text = body.decode("utf-8", errors="replace").strip()[:_LARGEST_ERROR_TEXT]
    if status == 401:
        if "OTP" in text or "blocked" in text:
            raise OtpRequiredError(text)
        raise NetworkRefusedError(text or "Unauthorized")
    if status >= 500 and request.method == "GET":
        raise BadReplyError(f"HTTP {status} {text}".strip())
    if request.method == "GET":
        raise NotAMinerError(f"HTTP {status} for {request.path}")
    if status in (302, 404, 405):
        raise UnsupportedSettingError(f"interface {request.path}")
    raise SettingRejectedError(text or f"HTTP {status}")
