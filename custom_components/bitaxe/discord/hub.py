"""Everything of Discord that belongs to the swarm: its channels and its bots.

Channels are subentries of the swarm's entry. They come, change and go while the entry
stays loaded: neither the totals of the swarm nor the other channels notice.
"""

import asyncio
from collections.abc import Coroutine, Mapping
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.const import EVENT_CORE_CONFIG_UPDATE
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.event import async_call_later

from ..const import CONF_BOT_ID, DOMAIN
from ..following import async_follow_subentries
from ..requirements import (
    NEXTCORD,
    LibraryMissingError,
    LibraryState,
    async_get_library,
)
from ..texts import async_get_texts
from .bot import Bot
from .channel.backlog import Backlogs
from .channel.channel import ChannelListener, DiscordChannel
from .channel.jobs import Routine
from .channel.schedule import PostedReports
from .channel.settings import CONF_BOT_NAME, ChannelKind, ChannelSettings, ReportPlan
from .channel.webhook import WebhookWriter
from .messages.model import Message
from .messages.report import async_make_report

if TYPE_CHECKING:
    from ..swarm.coordinator import Swarm

SUBENTRY_TYPE: Final = "discord"


class DiscordHub:
    """All channels and bots of the swarm."""

    def __init__(self, hass: HomeAssistant, swarm: Swarm) -> None:
        """Prepare; `async_start` connects."""
        self._hass = hass
        self._swarm = swarm
        self._entry: ConfigEntry = swarm.config_entry
        self._posted = PostedReports(hass, self._entry.entry_id)
        self._backlogs = Backlogs(hass, self._entry.entry_id)
        self._routines: dict[str, Routine] = {}
        self._bots: dict[str, Bot] = {}
        self._webhooks: dict[str, WebhookWriter] = {}
        self._listeners: set[ChannelListener] = set()
        self._running = False
        self._library = async_get_library(hass, NEXTCORD)
        self._cancel_retry: CALLBACK_TYPE | None = None

    @property
    def channels(self) -> list[DiscordChannel]:
        """All channels."""
        return [routine.channel for routine in self._routines.values()]

    @property
    def bots(self) -> list[Bot]:
        """All bots, each with its connection."""
        return list(self._bots.values())

    async def async_start(self) -> None:
        """Begin, and end with the entry; nothing here waits for Discord."""
        await self._backlogs.async_load()
        entry = self._entry
        entry.async_on_unload(self._async_stop)
        # Home Assistant does not unload entries when it stops. Before it says so, it
        # cancels all that goes on in the background, such as connections of bots.
        entry.async_on_unload(
            self._hass.async_add_shutdown_job(
                HassJob(self._async_stop, "stop Discord of the swarm")
            )
        )
        entry.async_on_unload(
            self._hass.bus.async_listen(
                EVENT_CORE_CONFIG_UPDATE, self._language_changed, _changes_language
            )
        )
        entry.async_on_unload(self._library.async_add_listener(self._library_changed))
        self._running = True
        entry.async_on_unload(
            async_follow_subentries(self._hass, entry, SUBENTRY_TYPE, self._apply)
        )

    @callback
    def async_token_accepted(self, token: str) -> None:
        """Note that Discord accepts a token, perhaps one that it had rejected."""
        if (accepted := self._bots.get(token)) is not None:
            self._in_background(accepted.async_accept_token())
        # One is asked for at a time.
        for bot in self._bots.values():
            if bot.rejected:
                bot.async_ask_for_token()

    @callback
    def async_add_channel_listener(self, listener: ChannelListener) -> CALLBACK_TYPE:
        """Call `listener` with every channel there is, and with those to come."""
        self._listeners.add(listener)
        for channel in self.channels:
            listener(channel)
        return lambda: self._listeners.discard(listener)

    async def _async_stop(self) -> None:
        self._running = False
        self._stop_retry()
        for channel in self.channels:
            channel.async_retire()
        # First of all, because what is left is still posted.
        await asyncio.gather(
            *(routine.async_stop() for routine in self._routines.values())
        )
        for webhook in self._webhooks.values():
            webhook.async_stop()
        await asyncio.gather(*(bot.async_stop() for bot in self._bots.values()))
        self._webhooks.clear()
        self._routines.clear()
        self._bots.clear()
        await self._backlogs.async_save()

    @callback
    def _language_changed(self, event: Event) -> None:
        """Have the commands described in the other language."""
        for bot in self._bots.values():
            bot.async_channels_changed()

    @callback
    def _apply(self, wanted: Mapping[str, ConfigSubentry]) -> None:
        """Make the channels those that are set up."""
        if not self._running:
            return
        changed = [
            subentry_id
            for subentry_id, routine in self._routines.items()
            if not routine.shows(wanted.get(subentry_id))
        ]
        prefixes = {token: bot.wants_prefix for token, bot in self._bots.items()}
        for subentry_id in changed:
            self._remove(subentry_id)
        added = [
            self._add(subentry)
            for subentry_id, subentry in wanted.items()
            if subentry_id not in self._routines
        ]
        if not changed and not added:
            return
        self._update_bots(prefixes)
        if self._routines:
            # It may have failed before this was started.
            self._library_changed()
        for routine in added:
            routine.async_start()
            for listener in list(self._listeners):
                listener(routine.channel)
        names = {
            name
            for routine in self._routines.values()
            for name in routine.schedule_names
        }
        self._in_background(self._posted.async_keep(names))
        self._backlogs.async_keep(
            subentry_id
            for subentry_id, routine in self._routines.items()
            if routine.channel.settings.alerts
        )

    @callback
    def _library_changed(self) -> None:
        """Try again to install nextcord, for as long as there is a channel."""
        self._stop_retry()
        if self._library.state is LibraryState.MISSING and self._routines:

            @callback
            def retry(now: datetime) -> None:
                self._cancel_retry = None
                self._entry.async_create_background_task(
                    self._hass, self._async_load_library(), "Discord library"
                )

            self._cancel_retry = async_call_later(
                self._hass,
                self._library.retry_seconds,
                HassJob(retry, cancel_on_shutdown=True),
            )

    async def _async_load_library(self) -> None:
        with suppress(LibraryMissingError):
            await self._library.async_load()

    def _stop_retry(self) -> None:
        if self._cancel_retry is not None:
            self._cancel_retry()
            self._cancel_retry = None

    def _add(self, subentry: ConfigSubentry) -> Routine:
        hass = self._hass
        settings = ChannelSettings.from_data(subentry.data)
        if settings.kind is ChannelKind.WEBHOOK:
            assert settings.webhook is not None
            webhook = WebhookWriter(hass, settings.webhook)
            channel = DiscordChannel(hass, subentry, webhook)
            webhook.async_start(self._entry, channel)
            self._webhooks[subentry.subentry_id] = webhook
        else:
            assert settings.token is not None
            assert settings.channel_id is not None
            if (bot := self._bots.get(settings.token)) is None:
                bot = Bot(
                    hass,
                    self._swarm,
                    settings.token,
                    subentry.data[CONF_BOT_ID],
                    subentry.data[CONF_BOT_NAME],
                )
                self._bots[settings.token] = bot
            channel = DiscordChannel(hass, subentry, bot)
            bot.channels[settings.channel_id] = channel
        routine = Routine(
            hass,
            self._entry,
            self._swarm.alerts,
            subentry,
            channel,
            self._posted,
            self._backlogs.of(subentry.subentry_id),
            self._make_report,
        )
        self._routines[subentry.subentry_id] = routine
        dr.async_get(hass).async_get_or_create(
            config_entry_id=self._entry.entry_id,
            config_subentry_id=subentry.subentry_id,
            **device_info(channel),
        )
        return routine

    def _remove(self, subentry_id: str) -> None:
        routine = self._routines.pop(subentry_id)
        routine.channel.async_retire()
        for bot in self._bots.values():
            bot.async_remove_channel(routine.channel)
        if (webhook := self._webhooks.pop(subentry_id, None)) is not None:
            webhook.async_stop()
        self._in_background(routine.async_stop())

    def _update_bots(self, prefixes: dict[str, bool]) -> None:
        """End bots without a channel, begin new ones, and update the others.

        Args:
            prefixes: Of the bots that run: whether they read messages.

        """
        for token, bot in list(self._bots.items()):
            if not bot.channels:
                del self._bots[token]
                bot.async_stop_asking()
                # With another token it is still the same, and wants its commands.
                stays = any(other.id == bot.id for other in self._bots.values())
                self._in_background(bot.async_stop() if stays else bot.async_leave())
        for token, bot in self._bots.items():
            if token not in prefixes:
                bot.async_start()
            elif bot.wants_prefix != prefixes[token]:
                self._in_background(bot.async_restart())
            else:
                bot.async_channels_changed()

    async def _make_report(self, plan: ReportPlan) -> Message:
        return await async_make_report(
            self._hass, self._swarm.miners, plan.span, charts=plan.charts
        )

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        self._entry.async_create_task(self._hass, work)


@callback
def _changes_language(data: Mapping[str, Any]) -> bool:
    return "language" in data


def device_info(channel: DiscordChannel) -> DeviceInfo:
    """Describe the device of a channel."""
    return DeviceInfo(
        identifiers={(DOMAIN, f"discord_{channel.subentry_id}")},
        name=channel.name,
        manufacturer="Discord",
        model=async_get_texts(channel.hass)(
            "device_model.webhook"
            if channel.settings.kind is ChannelKind.WEBHOOK
            else "device_model.bot_channel"
        ),
        entry_type=DeviceEntryType.SERVICE,
    )
