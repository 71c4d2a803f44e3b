"""Repair issues of Discord: raised where a person must act, gone when it is mended."""

from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN
from ...formatting import Texts
from ...issues import async_create
from ..errors import ChannelGoneError, DiscordError, NotPermittedError

_CHANNEL_GONE: Final = "discord_channel_gone"
_NOT_PERMITTED: Final = "discord_not_permitted"
_OF_A_CHANNEL: Final = (_CHANNEL_GONE, _NOT_PERMITTED)

NO_MESSAGE_CONTENT: Final = "discord_no_message_content"
"""Prefix commands are wanted, and the bot may not read messages."""
NO_COMMANDS: Final = "discord_no_commands"
"""The bot was invited without slash commands."""


def name_permissions(missing: tuple[str, ...], texts: Texts) -> str:
    """Return permissions as Discord's settings call them."""
    return ", ".join(texts(f"discord_permission.{name}") for name in missing)


@callback
def async_update_channel(
    hass: HomeAssistant, subentry_id: str, problem: DiscordError | None
) -> None:
    """Say why nothing can be posted to a channel, or that it can again."""
    kind = None
    match problem:
        case ChannelGoneError():
            kind = _CHANNEL_GONE
        case NotPermittedError():
            kind = _NOT_PERMITTED
    for other in _OF_A_CHANNEL:
        if other != kind:
            ir.async_delete_issue(hass, DOMAIN, f"{other}_{subentry_id}")
    if problem is not None and kind is not None:
        placeholders = {"channel": problem.channel, "reason": problem.reason}
        async_create(hass, kind, subentry_id, placeholders=placeholders)


@callback
def async_update_bot(
    hass: HomeAssistant, kind: str, bot_id: str, name: str, *, there: bool
) -> None:
    """Say what a bot lacks, or that it lacks it no longer."""
    if there:
        placeholders = {"bot": name, "bot_id": bot_id}
        async_create(hass, kind, bot_id, placeholders=placeholders)
    else:
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{bot_id}")
