"""What is needed around nextcord: our messages as its own, its errors as ours.

Importing nextcord reads many files and takes a third of a second on a fast computer, so
this module and those that import nextcord are themselves imported in the executor, when
a channel first needs them.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
import logging
import re
import threading
from typing import Any, Final, override
from weakref import WeakSet

import aiohttp
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_create_clientsession
import nextcord
from nextcord.gateway import DiscordClientWebSocketResponse, KeepAliveHandler
from nextcord.http import HTTPClient, RateLimit

from ..errors import DiscordError, NoAnswerError, UnreachableError, error_of_answer
from ..messages.model import Embed, Message

CONNECTION_ERRORS: Final = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    nextcord.ConnectionClosed,
    nextcord.GatewayNotFound,
    nextcord.DiscordServerError,
)
"""The errors that mean that Discord is away."""

_LOGGER = logging.getLogger(__package__)
_JOIN_SECONDS: Final = 5.0
_GOODBYE_SECONDS: Final = 1.0
_SESSION_CLOSED: Final = "Session is closed"
"""What aiohttp says of a request after a client was closed."""
_SECRETS: Final = (
    # Addresses that hold the token of a webhook or of an interaction
    re.compile(r"(?<=/webhooks/)(\d+)/[\w-]+"),
    re.compile(r"(?<=/interactions/)(\d+)/[\w-]+"),
    # What the gateway sends and is sent
    re.compile(r"(?<=\"token\":)()\s*\"[^\"]*\""),
    re.compile(r"(?<='token': )()'[^']*'"),
    # The beginning of the token that nextcord names in its own messages
    re.compile(r"(Bot )[\w.-]+"),
)


def redact(text: str) -> str:
    """Return a text without secrets."""
    for secret in _SECRETS:
        text = secret.sub(r"\1**REDACTED**", text)
    return text


class _Redaction(logging.Filter):
    """Takes secrets out of what nextcord logs, at any level."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = redact(record.getMessage()), ()
        return True


def _redact_logs() -> None:
    """Filter the loggers that see secrets; a filter of their parent would not do."""
    for name in ("gateway", "http", "state", "webhook.async_", "client"):
        logging.getLogger(f"nextcord.{name}").addFilter(_REDACTION)


_REDACTION: Final = _Redaction()
_redact_logs()
# It would warn about a library for speech, which nothing here needs.
nextcord.VoiceClient.warn_nacl = False


def as_arguments(page: Message) -> dict[str, Any]:
    """Return what nextcord's `send` needs to send a page of a message."""
    arguments: dict[str, Any] = {
        "allowed_mentions": nextcord.AllowedMentions(
            everyone=False,
            replied_user=False,
            roles=_objects(page, "role"),
            users=_objects(page, "user"),
        )
    }
    if page.content:
        arguments["content"] = page.content
    if page.embeds:
        arguments["embeds"] = [_embed(embed) for embed in page.embeds]
    if page.attachments:
        arguments["files"] = [
            nextcord.File(
                BytesIO(file.content),
                filename=file.name,
                description=file.description or None,
            )
            for file in page.attachments
        ]
    return arguments


def _objects(page: Message, kind: str) -> list[Any]:
    return [
        nextcord.Object(id=mention.id)
        for mention in page.mention
        if mention.kind == kind
    ]


def _embed(embed: Embed) -> nextcord.Embed:
    made = nextcord.Embed(
        title=embed.title or None,
        description=embed.description or None,
        color=embed.color,
        url=embed.url,
        timestamp=embed.timestamp,
    )
    for field in embed.fields:
        made.add_field(name=field.name, value=field.value, inline=field.inline)
    if embed.footer:
        made.set_footer(text=embed.footer)
    if embed.image is not None:
        made.set_image(url=f"attachment://{embed.image}")
    return made


@contextmanager
def discord_errors(channel: str) -> Iterator[None]:
    """Turn what nextcord raises into our errors.

    Raises:
        DiscordError: Discord was not reached, or does not want it.

    """
    try:
        yield
    except nextcord.HTTPException as err:
        raise _error_of(err, channel) from err
    except aiohttp.ClientConnectorError as err:
        raise UnreachableError(channel, str(err)) from err
    except RuntimeError as err:
        # Another client takes the place of this one.
        if str(err) != _SESSION_CLOSED:
            raise
        raise UnreachableError(channel, str(err)) from err
    except CONNECTION_ERRORS as err:
        reason = redact(str(err))
        # Some name the address that was asked; then not even a traceback may show them.
        cause = err if reason == str(err) else None
        raise NoAnswerError(channel, reason or type(err).__name__) from cause


def _error_of(err: nextcord.HTTPException, channel: str) -> DiscordError:
    reason = err.text or str(err.response.reason or err.status)
    return error_of_answer(err.status, err.code, channel, reason)


class NotDiscordError(aiohttp.ClientError):
    """Something else answered, such as the login page of an internet provider."""

    def __init__(self) -> None:
        """Say so, for the log."""
        super().__init__("something else than Discord answered")


NOT_UNDERSTOOD: Final = (
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
)
"""What nextcord raises when an answer is not as it expects."""


@contextmanager
def other_answers() -> Iterator[None]:
    """Take what nextcord cannot read for no answer of Discord.

    Raises:
        NotDiscordError: something else answered.

    """
    try:
        yield
    except NOT_UNDERSTOOD as err:
        raise NotDiscordError from err


def refuse_other_answers(http: HTTPClient) -> None:
    """Take a text for no answer of Discord, which answers in JSON or with nothing.

    Nor is it one if nextcord cannot read what comes with it, such as its rate limits.
    """
    request = http.request

    async def request_json(*args: Any, **kwargs: Any) -> Any:
        with other_answers():
            answer = await request(*args, **kwargs)
        if isinstance(answer, str) and answer:
            raise NotDiscordError
        return answer

    http.request = request_json  # type: ignore[method-assign]


def enforce_nonces(http: HTTPClient) -> None:
    """Have Discord return the message it has of a nonce, rather than post another.

    nextcord sends nonces, but not the flag `enforce_nonce` that makes them count.
    """
    make = http.get_message_payload

    def make_and_enforce(*args: Any, **kwargs: Any) -> dict[str, Any]:
        payload = make(*args, **kwargs)
        if "nonce" in payload:
            payload["enforce_nonce"] = True
        return payload

    http.get_message_payload = make_and_enforce  # type: ignore[method-assign]


def _forget(request: asyncio.Future[aiohttp.ClientResponse]) -> None:
    if not request.cancelled() and request.exception() is None:
        request.result().close()


def open_session(hass: HomeAssistant) -> aiohttp.ClientSession:
    """Return a session on the connections that all of Home Assistant shares.

    nextcord closes its session when it closes. The connections belong to others as
    well, so closing this session only gives up the requests that are on their way.
    """
    requests: set[asyncio.Future[aiohttp.ClientResponse]] = set()

    async def send(
        request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
    ) -> aiohttp.ClientResponse:
        if aiohttp.hdrs.UPGRADE in request.headers:
            # The gateway may hang up in the moment in which it is reached; who waits
            # for it ends before the client does.
            return await handler(request)
        sending = asyncio.ensure_future(handler(request))
        requests.add(sending)
        try:
            await asyncio.wait({sending})
        finally:
            requests.discard(sending)
            if sending.cancel():
                # It may end otherwise all the same, and nobody asks how any more.
                sending.add_done_callback(_forget)
        if sending.cancelled():
            raise aiohttp.ClientConnectionError(_SESSION_CLOSED)
        return sending.result()

    async def leave() -> None:
        if given_up := set(requests):
            for sending in given_up:
                sending.cancel()
            await asyncio.wait(given_up)
        session.detach()

    session = async_create_clientsession(
        hass,
        auto_cleanup=False,
        ws_response_class=DiscordClientWebSocketResponse,
        middlewares=(send,),
    )

    session.close = leave  # type: ignore[method-assign]
    return session


class Remains:
    """Cleans up what nextcord leaves behind.

    The timers of its rate limits go on after the client was closed, and a request that
    comes too late opens another session, which nobody closes. Closing that was
    cancelled counts as closed. A websocket that ended is not closed before the next one
    begins. The thread that keeps a connection alive goes on if that connection breaks
    off while it is being made.
    """

    def __init__(
        self, client: nextcord.Client, open_session: Callable[[], aiohttp.ClientSession]
    ) -> None:
        """Take note of everything from now on.

        `open_session` makes the session that the client has instead of one of its own,
        when it first needs it.
        """
        self._client = client
        self._limits = WeakSet[RateLimit]()
        self._socket: aiohttp.ClientWebSocketResponse | None = None
        http = client.http
        http._make_url_rate_limit = self._noted(  # type: ignore[method-assign]  # noqa: SLF001
            http._make_url_rate_limit  # noqa: SLF001
        )
        http._make_global_rate_limit = self._noted(  # type: ignore[method-assign]  # noqa: SLF001
            http._make_global_rate_limit  # noqa: SLF001
        )
        connect = http.ws_connect

        async def ws_connect(url: str, **options: Any) -> Any:
            await self._close_socket()
            self._socket = await connect(url, **options)
            return self._socket

        http.ws_connect = ws_connect  # type: ignore[method-assign]

        async def recreate() -> None:
            session = http._HTTPClient__session  # type: ignore[attr-defined]  # noqa: SLF001
            if client.is_closed() or (session and session.closed):
                raise RuntimeError(_SESSION_CLOSED)
            if not session:
                http._HTTPClient__session = open_session()  # type: ignore[attr-defined]  # noqa: SLF001
                await http._start_ratelimit_shedding_loop()  # noqa: SLF001

        http.recreate = recreate  # type: ignore[method-assign]

    def _noted[**P, L: RateLimit](self, make: Callable[P, L]) -> Callable[P, L]:
        def make_and_note(*args: P.args, **kwargs: P.kwargs) -> L:
            limit = make(*args, **kwargs)
            self._limits.add(limit)
            return limit

        return make_and_note

    async def async_close(self) -> None:
        """Close the client, and end whatever else there is."""
        for close in (self._client.close, self._client.http.close):
            # In a task of its own, because it may end as if it had been cancelled.
            closing = asyncio.ensure_future(close())
            await asyncio.wait({closing})
            if not closing.cancelled() and (err := closing.exception()) is not None:
                _LOGGER.debug("Closing ended with %r", err)
        await self._close_socket()
        await self._cancel_timers()
        await self._end_threads()

    async def _close_socket(self) -> None:
        if self._socket is not None:
            with suppress(*CONNECTION_ERRORS):
                # Where a network is dead, nobody answers the goodbye.
                async with asyncio.timeout(_GOODBYE_SECONDS):
                    await self._socket.close()
            self._socket = None

    async def _cancel_timers(self) -> None:
        timers = {
            timer
            for limit in self._limits
            if (timer := limit._reset_remaining_task) is not None  # noqa: SLF001
        }
        for timer in timers:
            timer.cancel()
        if timers:
            await asyncio.wait(timers)

    async def _end_threads(self) -> None:
        threads = [
            thread
            for thread in threading.enumerate()
            if isinstance(thread, KeepAliveHandler)
            and thread.ws._connection is self._client._connection  # noqa: SLF001
        ]
        for thread in threads:
            thread.stop()
        loop = asyncio.get_running_loop()
        for thread in threads:
            await loop.run_in_executor(None, thread.join, _JOIN_SECONDS)
