"""What a bot needs of nextcord, in one import. Imported in the executor only."""

from typing import Final

import nextcord

from .client import BotClient
from .conversation import Conversation
from .library import CONNECTION_ERRORS

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


async def async_stay_connected(client: BotClient, token: str) -> str:
    """Connect and stay connected; return why that ended: an `Ending`, or a text."""
    try:
        await client.login(token)
        await client.async_stay_connected()
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
