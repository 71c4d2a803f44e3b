"""Why a message did not get to its channel, in words for people."""

from typing import Final

from homeassistant.exceptions import HomeAssistantError

from ..const import DOMAIN


class DiscordError(HomeAssistantError):
    """A message could not be posted."""

    key: str = "discord_failed"

    def __init__(self, channel: str, reason: str = "") -> None:
        """Name the channel, and what Discord says."""
        super().__init__(
            translation_domain=DOMAIN,
            translation_key=self.key,
            translation_placeholders={"channel": channel, "reason": reason},
        )
        self.channel = channel
        self.reason = reason


class UnreachableError(DiscordError):
    """Discord cannot be reached, or is out of order; it mends itself."""

    key = "discord_unreachable"


class NoAnswerError(UnreachableError):
    """It was sent, and no answer came: Discord may have it or not."""


class DiscordLibraryError(UnreachableError):
    """The library that talks to Discord is not installed; that is tried again."""

    key = "discord_library_missing"


class DiscordLibraryInstallingError(DiscordLibraryError):
    """The library that talks to Discord is still being installed."""

    key = "discord_library_installing"


class RejectedError(DiscordError):
    """Discord does not take this message; another one may well do."""

    key = "discord_rejected"


class ChannelGoneError(DiscordError):
    """The channel or webhook was deleted, or the bot was put out of the server."""

    key = "discord_channel_gone"


class NotPermittedError(DiscordError):
    """The bot may not do this in the channel."""

    key = "discord_not_permitted"


class TokenRejectedError(DiscordError):
    """The token of the bot is not valid any more."""

    key = "discord_token_rejected"


# Discord's own error codes
_UNKNOWN_CHANNEL: Final = 10003
_UNKNOWN_GUILD: Final = 10004
_UNKNOWN_WEBHOOK: Final = 10015
_INVALID_WEBHOOK_TOKEN: Final = 50027
_GONE: Final = frozenset(
    {_UNKNOWN_CHANNEL, _UNKNOWN_GUILD, _UNKNOWN_WEBHOOK, _INVALID_WEBHOOK_TOKEN}
)


def error_of_answer(status: int, code: int, channel: str, reason: str) -> DiscordError:
    """Return the error that an answer of Discord means.

    Args:
        status: HTTP status.
        code: Discord's error code; 0 where it gives none.
        channel: Name of the channel, for people.
        reason: What Discord says.

    """
    if code in _GONE:
        return ChannelGoneError(channel)
    match status:
        case 401:
            return TokenRejectedError(channel)
        case 403:
            return NotPermittedError(channel, reason)
        case 404:
            return ChannelGoneError(channel)
        case 429:
            return UnreachableError(channel, reason)
        case _ if status >= 500:
            # A server in front of Discord may have given up waiting for it.
            return NoAnswerError(channel, reason)
    return RejectedError(channel, reason)


def flow_error(err: DiscordError, gone: str) -> str:
    """Return the text of the set-up for an error.

    Args:
        err: What went wrong.
        gone: What to say if there is no such channel, webhook or bot.

    """
    match err:
        case DiscordLibraryError():
            return err.key
        case UnreachableError():
            return "discord_unreachable"
        case TokenRejectedError():
            return "invalid_auth"
        case NotPermittedError():
            return "not_permitted"
        case ChannelGoneError():
            return gone
        case _:
            return "discord_rejected"
