"""What a bot needs of nextcord, in one import. Imported in the executor only."""

import asyncio
import logging
from typing import Final

import nextcord

from ..session_starts import SessionStarts
from .client import BotClient
from .interactions import Conversation
from .nextcord_adapter import CONNECTION_ERRORS, other_answers

_LOGGER = logging.getLogger(__package__)

__all__ = ["BotClient", "Conversation", "Ending", "async_stay_connected"]


class Ending:
    """Why a connection ended, other than for a reason that may pass."""

    REJECTED: Final = "rejected"
    """The token is not valid, or not any more."""
    NO_MESSAGE_CONTENT: Final = "no_message_content"
    """Messages were asked for, which the bot may not read."""


class Closing:
    """Codes the gateway closes a connection with."""

    AUTHENTICATION_FAILED: Final = 4004
    DISALLOWED_INTENTS: Final = 4014


async def async_stay_connected(
    client: BotClient, token: str, starts: SessionStarts
) -> str:
    """Connect and stay connected; return why that ended: an `Ending`, or a text.

    Args:
        client: The connection.
        token: What the bot proves itself with.
        starts: The sessions that were begun before; the next one waits for its turn.

    """
    try:
        with other_answers():
            await client.login(token)
            limit_seconds = await client.async_limit_seconds()
        wait_seconds = max(starts.wait_seconds, limit_seconds)
        if wait_seconds:
            _LOGGER.debug("The next session begins in %.0f s", wait_seconds)
            await asyncio.sleep(wait_seconds)
        await client.async_stay_connected(starts.async_note)
    except nextcord.LoginFailure:
        return Ending.REJECTED
    except nextcord.ConnectionClosed as err:
        match err.code:
            case Closing.AUTHENTICATION_FAILED:
                return Ending.REJECTED
            case Closing.DISALLOWED_INTENTS:
                return Ending.NO_MESSAGE_CONTENT
        return str(err)
    except (*CONNECTION_ERRORS, nextcord.HTTPException) as err:
        return str(err) or type(err).__name__
