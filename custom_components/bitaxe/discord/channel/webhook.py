"""Writes to a webhook: an address that needs no bot, and no lasting connection."""

from datetime import datetime, timedelta
import logging
from types import ModuleType
from typing import Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval

from ...pools.web_session import async_get_web_session
from ...requirements import NEXTCORD, LibraryState, async_get_library
from ..errors import (
    ChannelGoneError,
    DiscordError,
    DiscordLibraryError,
    TokenRejectedError,
)
from ..loader import INSTALL_SECONDS, async_load_module
from ..messages.model import Message
from .channel import DiscordChannel, Writer
from .settings import Webhook

_LOGGER = logging.getLogger(__name__)

CHECK_INTERVAL: Final = timedelta(minutes=15)
"""How often a webhook that is gone, or was never reached, is checked."""


async def async_webhook_client(
    hass: HomeAssistant, *, at_once: bool = False
) -> ModuleType:
    """Return the module that posts to webhooks with nextcord.

    Raises:
        DiscordLibraryError: nextcord is not there, or not yet.

    """
    return await async_load_module(
        hass, "webhook", at_once=at_once, seconds=INSTALL_SECONDS
    )


class WebhookWriter(Writer):
    """Writes to the webhook of one channel, and watches whether it is there."""

    def __init__(self, hass: HomeAssistant, webhook: Webhook) -> None:
        """Prepare; nothing is asked yet."""
        self._hass = hass
        self._webhook = webhook
        self._stop_checking: CALLBACK_TYPE | None = None
        self._stop_listening: CALLBACK_TYPE | None = None
        self._library = async_get_library(hass, NEXTCORD)
        self._unchecked = False
        """Whether it could not be checked, because nextcord was not installed."""

    @property
    @override
    def connected(self) -> bool:
        """Whether nextcord is there, as far as is known; there is no connection."""
        return self._library.state is not LibraryState.MISSING

    @callback
    def async_start(self, entry: ConfigEntry, channel: DiscordChannel) -> None:
        """See whether the webhook is there, and look again while it is not."""

        @callback
        def check(_: datetime | None = None) -> None:
            entry.async_create_background_task(
                self._hass, self._async_check(channel), "check a Discord webhook"
            )

        @callback
        def check_again(now: datetime) -> None:
            if channel.problem is not None or not channel.checked:
                check()

        @callback
        def library_changed() -> None:
            if self._library.is_ready and self._unchecked:
                check()
            channel.async_changed()

        self._stop_checking = async_track_time_interval(
            self._hass, check_again, CHECK_INTERVAL, cancel_on_shutdown=True
        )
        check()
        self._stop_listening = self._library.async_add_listener(library_changed)

    @callback
    def async_stop(self) -> None:
        """Look no more."""
        if self._stop_checking is not None:
            self._stop_checking()
            self._stop_checking = None
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    @override
    async def async_write(self, channel: DiscordChannel, page: Message) -> None:
        """Write one page."""
        client = await async_webhook_client(self._hass)
        try:
            await client.async_send(
                async_get_web_session(self._hass), self._webhook, channel.name, page
            )
        except DiscordError as err:
            raise self._note(channel, err) from err
        channel.async_set_problem(None)

    async def _async_check(self, channel: DiscordChannel) -> None:
        try:
            client = await async_webhook_client(self._hass)
            await client.async_read(
                async_get_web_session(self._hass), self._webhook, channel.name
            )
        except DiscordError as err:
            _LOGGER.debug("The webhook of %s: %s", channel.name, err)
            self._unchecked = isinstance(err, DiscordLibraryError)
            self._note(channel, err)
        else:
            channel.async_set_problem(None)

    def _note(self, channel: DiscordChannel, err: DiscordError) -> DiscordError:
        """Note that the webhook is gone; its token is as much of it as its id."""
        if isinstance(err, TokenRejectedError):
            err = ChannelGoneError(channel.name)
        if isinstance(err, ChannelGoneError):
            channel.async_set_problem(err)
        return err
