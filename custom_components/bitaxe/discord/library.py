"""What is needed around nextcord: our messages as its own, its errors as ours.

Importing nextcord takes most of a second and reads files, so this module and those that
import nextcord are themselves imported in the executor, when a channel first needs them.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
import logging
import re
import threading
from typing import Any, Final, override

import aiohttp
import nextcord
from nextcord.gateway import KeepAliveHandler
from nextcord.http import HTTPClient

from .errors import DiscordError, UnreachableError, error_of_answer
from .message import Embed, Message

CONNECTION_ERRORS: Final = (
    OSError,
    TimeoutError,
    aiohttp.ClientError,
    nextcord.ConnectionClosed,
    nextcord.GatewayNotFound,
    nextcord.DiscordServerError,
)
"""What Discord being away looks like."""

_JOIN_SECONDS: Final = 5.0
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


class _Redaction(logging.Filter):
    """Takes secrets out of what nextcord logs, at any level."""

    @override
    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        for secret in _SECRETS:
            text = secret.sub(r"\1**REDACTED**", text)
        record.msg, record.args = text, ()
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
    except CONNECTION_ERRORS as err:
        raise UnreachableError(channel, str(err) or type(err).__name__) from err


def _error_of(err: nextcord.HTTPException, channel: str) -> DiscordError:
    reason = err.text or str(err.response.reason or err.status)
    return error_of_answer(err.status, err.code, channel, reason)


async def async_close(client: nextcord.Client) -> None:
    """Close a client, and end whatever it leaves behind.

    It forgets the timers of its rate limits, and the thread that keeps a connection
    alive if that connection broke off while it was being made.
    """
    timers = _rate_limit_timers(client.http)
    # In a task of its own, because closing may end as if it had been cancelled.
    closing = asyncio.ensure_future(client.close())
    await asyncio.wait({closing})
    if not closing.cancelled() and (err := closing.exception()) is not None:
        logging.getLogger(__package__).debug("Closing ended with %r", err)
    for timer in timers | _rate_limit_timers(client.http):
        timer.cancel()
    if timers:
        await asyncio.wait(timers)
    await _async_end_threads(client)


def _rate_limit_timers(http: HTTPClient) -> set[asyncio.Task[None]]:
    limits = {
        *http._buckets.values(),  # noqa: SLF001
        *http._url_rate_limits.values(),  # noqa: SLF001
        *http._global_rate_limits.values(),  # noqa: SLF001
    }
    timers = {limit._reset_remaining_task for limit in limits}  # noqa: SLF001
    return {timer for timer in timers if timer is not None}


async def _async_end_threads(client: nextcord.Client) -> None:
    threads = [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, KeepAliveHandler)
        and thread.ws._connection is client._connection  # noqa: SLF001
    ]
    for thread in threads:
        thread.stop()
    loop = asyncio.get_running_loop()
    for thread in threads:
        await loop.run_in_executor(None, thread.join, _JOIN_SECONDS)
