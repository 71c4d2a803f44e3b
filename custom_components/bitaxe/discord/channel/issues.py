"""Repair issues of Discord: raised where a person must act, gone when it is mended."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ...const import DOMAIN
from ...formatting import Texts
from ..errors import ChannelGoneError, DiscordError, NotPermittedError
from .settings import CONF_BOT_ID

_CHANNEL_GONE: Final = "discord_channel_gone"
_NOT_PERMITTED: Final = "discord_not_permitted"
_OF_A_CHANNEL: Final = (_CHANNEL_GONE, _NOT_PERMITTED)

NO_MESSAGE_CONTENT: Final = "discord_no_message_content"
"""Prefix commands are wanted, and the bot may not read messages."""
NO_COMMANDS: Final = "discord_no_commands"
"""The bot was invited without slash commands."""
_OF_A_BOT: Final = (NO_MESSAGE_CONTENT, NO_COMMANDS)


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
        _raise(
            hass,
            kind,
            subentry_id,
            {"channel": problem.channel, "reason": problem.reason},
        )


@callback
def async_update_bot(
    hass: HomeAssistant, kind: str, bot_id: str, name: str, *, there: bool
) -> None:
    """Say what a bot lacks, or that it lacks it no longer."""
    if there:
        _raise(hass, kind, bot_id, {"bot": name, "bot_id": bot_id})
    else:
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{bot_id}")


@callback
def async_delete_bot(hass: HomeAssistant, bot_id: str) -> None:
    """Take back every issue of a bot that is not used any more."""
    for kind in _OF_A_BOT:
        ir.async_delete_issue(hass, DOMAIN, f"{kind}_{bot_id}")


@callback
def async_delete_all(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Take back every issue of all channels of an entry that is removed."""
    for subentry_id, subentry in entry.subentries.items():
        async_update_channel(hass, subentry_id, None)
        if (bot_id := subentry.data.get(CONF_BOT_ID)) is not None:
            async_delete_bot(hass, bot_id)


def _raise(
    hass: HomeAssistant, kind: str, owner: str, placeholders: dict[str, str]
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        f"{kind}_{owner}",
        is_fixable=False,
        severity=ir.IssueSeverity.WARNING,
        translation_key=kind,
        translation_placeholders=placeholders,
    )
