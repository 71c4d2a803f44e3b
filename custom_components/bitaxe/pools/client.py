"""Asks a pool over HTTP: politely, and trusting nothing that it answers."""

from dataclasses import replace
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, hdrs
from yarl import URL

from .errors import (
    PoolBusyError,
    PoolRedirectError,
    PoolRefusedError,
    PoolReplyTooLargeError,
    PoolUnreachableError,
    UnknownAccountError,
)
from .model import TIME, Account, PoolKind
from .parsing import decode, parse
from .settings import AccountSettings, shortened

_TIMEOUT: Final = ClientTimeout(total=30, connect=10)
_LARGEST_REPLY: Final = 2 * 2**20
"""Bytes; an account of a thousand workers has a tenth of it."""
_LONGEST_REASON: Final = 200
_BUSY: Final = frozenset({HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE})
_USER: Final = "{user}"

_PATHS: Final[dict[PoolKind, tuple[str, ...]]] = {
    PoolKind.PUBLIC_POOL: ("/api/client/{user}",),
    PoolKind.CKPOOL: ("/users/{user}",),
    PoolKind.OCEAN: ("/v1/user_hashrate_full/{user}", "/v1/statsnap/{user}"),
    PoolKind.JSON: ("",),
}


class PoolClient:
    """One account at one pool."""

    def __init__(self, session: ClientSession, settings: AccountSettings) -> None:
        """Prepare; nothing is asked yet."""
        self._session = session
        self._settings = settings

    async def async_read(self, now: float) -> Account:
        """Ask the pool; `now` is Unix time.

        Raises:
            PoolError: it does not answer as it should.

        """
        settings = self._settings
        replies = []
        times = []
        for path in _PATHS[settings.kind]:
            body, time = await self._async_get(path, now)
            replies.append(decode(body))
            times.append(time)
        account = parse(settings.kind, replies, settings.user, settings.paths)
        return replace(account, time=times[0])

    async def _async_get(self, path: str, now: float) -> tuple[bytes, float | None]:
        """Return a body, and the Unix time at which the pool says that it answered."""
        user = quote(self._settings.user, safe="")
        base = self._settings.url.rstrip("/") if path else self._settings.url
        url = URL((base + path).replace(_USER, user), encoded=True)
        try:
            async with self._session.get(
                url,
                # A pool knows its own address. Elsewhere the account is nobody's
                # business.
                allow_redirects=False,
                headers={
                    hdrs.ACCEPT: "application/json",
                    hdrs.ACCEPT_ENCODING: "identity",
                },
                timeout=_TIMEOUT,
            ) as response:
                _check(response, now)
                return await _read(response), _date(response.headers.get(hdrs.DATE, ""))
        except (ClientError, TimeoutError, ValueError) as err:
            raise PoolUnreachableError(self._reason(err)) from err

    def _reason(self, err: Exception) -> str:
        """Return what went wrong, without the account: it gets into logs.

        Some errors of aiohttp name the whole URL.
        """
        text = str(err) or type(err).__name__
        user = self._settings.user
        for written in (quote(user, safe=""), user):
            text = text.replace(written, shortened(user))
        return text[:_LONGEST_REASON]


def _check(response: ClientResponse, now: float) -> None:
    """Refuse every answer but a good one."""
    status = response.status
    if status == HTTPStatus.OK:
        return
    if status in _BUSY:
        raise PoolBusyError(str(status), retry_after=_retry_after(response, now))
    if 300 <= status < 400:
        raise PoolRedirectError(str(status))
    if status == HTTPStatus.NOT_FOUND:
        raise UnknownAccountError(str(status))
    raise PoolRefusedError(str(status))


async def _read(response: ClientResponse) -> bytes:
    """Return the body, as long as it ends."""
    body = bytearray()
    async for chunk in response.content.iter_chunked(65_536):
        body += chunk
        if len(body) > _LARGEST_REPLY:
            raise PoolReplyTooLargeError(str(_LARGEST_REPLY))
    return bytes(body)


def _retry_after(response: ClientResponse, now: float) -> float | None:
    """Return the s of a `Retry-After`, a number or a date (RFC 9110, 10.2.3)."""
    text = response.headers.get(hdrs.RETRY_AFTER, "").strip()
    if text.isascii() and text.isdigit():
        return float(text[:10])
    date = _date(text)
    return None if date is None else max(date - now, 0.0)


def _date(text: str) -> float | None:
    """Return the Unix time of a date in a header (RFC 9110, 5.6.7)."""
    try:
        time = parsedate_to_datetime(text).timestamp()
    except ValueError, OverflowError:
        return None
    return time if TIME.low <= time <= TIME.high else None
