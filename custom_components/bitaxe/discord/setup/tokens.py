"""The bots that are known, and their tokens."""

from dataclasses import dataclass
import re
from types import ModuleType
from typing import Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import HomeAssistant, callback

from ...const import CONF_BOT_ID
from ..channel.settings import CONF_BOT_NAME, CONF_TOKEN
from ..errors import TokenRejectedError
from ..loader import INSTALL_SECONDS, async_load_module

_TOKEN: Final = re.compile(r"[\w.-]{1,200}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBot:
    """A bot that has a channel already."""

    name: str
    token: str


async def async_probe(hass: HomeAssistant) -> ModuleType:
    """Return the module that asks Discord for a person who waits for the answer.

    Raises:
        DiscordLibraryError: nextcord is not there, or not yet.

    """
    return await async_load_module(hass, "probe", at_once=True, seconds=INSTALL_SECONDS)


def read_token(text: str) -> str:
    """Return the token of a bot as somebody has pasted it.

    Raises:
        TokenRejectedError: it cannot be one, and could not even be sent.

    """
    token = text.strip()
    if not _TOKEN.fullmatch(token):
        raise TokenRejectedError("Discord")
    return token


@callback
def known_bots(entry: ConfigEntry) -> dict[str, KnownBot]:
    """Return the bots of all channels, by the ids of their users."""
    return {
        subentry.data[CONF_BOT_ID]: KnownBot(
            name=subentry.data[CONF_BOT_NAME], token=subentry.data[CONF_TOKEN]
        )
        for subentry in entry.subentries.values()
        if CONF_TOKEN in subentry.data
    }


@callback
def async_replace_token(
    hass: HomeAssistant, entry: ConfigEntry, bot_id: str, name: str, token: str
) -> None:
    """Give all channels of a bot its present token, which Discord has just accepted."""
    for subentry in list(entry.subentries.values()):
        if subentry.data.get(CONF_BOT_ID) == bot_id:
            hass.config_entries.async_update_subentry(
                entry,
                subentry,
                data={**subentry.data, CONF_BOT_NAME: name, CONF_TOKEN: token},
            )
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.discord.async_token_accepted(token)
