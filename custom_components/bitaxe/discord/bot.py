"""A bot: one connection per token, however many channels it writes to.

Keeps the connection for as long as the swarm is set up, and begins anew when it is
lost. Whether Discord is there changes nothing but whether something can be posted.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from datetime import datetime
import logging
from random import uniform
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HassJob, HomeAssistant, callback
from homeassistant.helpers.event import async_call_later

from ..const import CONF_BOT_ID
from ..requirements import NEXTCORD, async_get_library
from ..texts import async_get_texts, async_load_texts
from .channel.channel import DiscordChannel, Writer
from .channel.issues import (
    NO_COMMANDS,
    NO_MESSAGE_CONTENT,
    async_update_bot,
    name_permissions,
)
from .channel.settings import CONF_BOT_NAME
from .errors import (
    ChannelGoneError,
    DiscordError,
    DiscordLibraryError,
    NotPermittedError,
    TokenRejectedError,
    UnreachableError,
)
from .loader import async_load_module
from .messages.model import Message
from .session_starts import async_session_starts

if TYPE_CHECKING:
    import nextcord

    from ..swarm.coordinator import Swarm
    from .gateway.client import BotClient
    from .gateway.interactions import Conversation

_LOGGER = logging.getLogger(__package__)

FIRST_DELAY: Final = 5.0
"""Seconds before the first new attempt to reach Discord; sessions have their own
limits."""
LONGEST_DELAY: Final = 300.0
"""Seconds between two attempts at most."""
PATIENCE: Final = 30.0
"""Seconds a connection may be gone before it is reported: Discord often asks to
reconnect."""
LEAVE_SECONDS: Final = 5.0
"""Seconds a bot that is not used any more may take to withdraw its commands."""


class Bot(Writer):
    """A bot's token, its channels, and the connection they share."""

    def __init__(
        self, hass: HomeAssistant, swarm: Swarm, token: str, bot_id: str, name: str
    ) -> None:
        """Prepare; nothing is connected yet.

        Args:
            hass: Home Assistant.
            swarm: Whose miners are asked about.
            token: What the bot proves itself with.
            bot_id: The bot's user in Discord.
            name: What it is called there.

        """
        self.id = bot_id
        self.name = name
        self._hass = hass
        self._swarm = swarm
        self._entry: ConfigEntry = swarm.config_entry
        self._token = token
        self.channels: dict[int, DiscordChannel] = {}
        """Its channels by Discord's id."""
        self.rejected = False
        """Whether Discord does not accept the token any more."""
        self.connections = 0
        """How often a session has begun."""
        self._connected = False
        self._reported_away = False
        self._away: CALLBACK_TYPE | None = None
        self._refused_content = False
        self._registered: set[int] = set()
        self._library = async_get_library(hass, NEXTCORD)
        self._client: BotClient | None = None
        self._conversation: Conversation | None = None
        self._task: asyncio.Task[None] | None = None
        self._turning = asyncio.Lock()
        """Held while it is stopped or restarted: one after the other."""
        self._closing: asyncio.Task[None] | None = None
        self._registering = asyncio.Lock()
        """Held while commands are offered, lest those that were wanted before win."""

    @property
    @override
    def connected(self) -> bool:
        """Whether the bot is online."""
        return self._connected

    @property
    def wants_prefix(self) -> bool:
        """Whether messages must be read for any of its channels."""
        return any(channel.settings.prefix for channel in self.channels.values())

    @callback
    def async_start(self) -> None:
        """Connect, in the background."""
        # No task of the entry, which would end it before the last posts are out.
        self._task = self._hass.async_create_background_task(
            self._run(), f"Discord bot {self.id}"
        )

    async def async_stop(self) -> None:
        """Disconnect, and leave nothing behind."""
        async with self._turning:
            await self._async_disconnect()

    async def async_leave(self) -> None:
        """Offer no commands any more, if that can be done soon, and disconnect."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._register_commands()
        await self.async_stop()

    async def async_restart(self) -> None:
        """Connect anew, because something else is wanted of the connection.

        A bot that was stopped meanwhile stays so.
        """
        async with self._turning:
            if self._task is not None:
                await self._async_disconnect()
                self._refused_content = False
                self.async_start()

    async def _async_disconnect(self) -> None:
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})
        if self._closing is not None:
            await asyncio.wait({self._closing})
        self._cancel_away()
        self._connected = False

    @callback
    def async_remove_channel(self, channel: DiscordChannel) -> None:
        """Forget a channel, if it is one of this bot."""
        channel_id = channel.settings.channel_id
        if channel_id is not None and self.channels.get(channel_id) is channel:
            del self.channels[channel_id]

    @callback
    def async_channels_changed(self) -> None:
        """Look at the channels, and have commands offered where they are wanted."""
        if self.rejected:
            self.async_ask_for_token()
        if self._connected:
            self._check_access()
            self._spawn(self._register_commands(), "register")

    async def async_accept_token(self) -> None:
        """Begin anew, since Discord accepts the token after all."""
        if self.rejected:
            self.rejected = False
            self.async_stop_asking()
            await self.async_restart()

    @override
    async def async_write(self, channel: DiscordChannel, page: Message) -> None:
        """Write one page; that takes no connection, just a token that is valid."""
        await self.async_send(channel, page)

    async def async_send(
        self,
        channel: DiscordChannel,
        page: Message,
        view: nextcord.ui.View | None = None,
    ) -> None:
        """Write one page, perhaps with buttons.

        Raises:
            DiscordError: it was not written.

        """
        client = self._client
        if client is None or client.user is None:
            if self._library.reason:
                raise DiscordLibraryError(NEXTCORD.name, self._library.reason)
            raise (TokenRejectedError if self.rejected else UnreachableError)(
                channel.name
            )
        channel_id = channel.settings.channel_id
        assert channel_id is not None
        try:
            await client.async_send(channel_id, channel.name, page, view)
        except TokenRejectedError:
            self._reject()
            raise
        except ChannelGoneError, NotPermittedError:
            self._check_access()
            raise

    async def _run(self) -> None:
        """Connect, again and again, until it is cancelled."""
        delay = FIRST_DELAY
        while not self.rejected:
            connections = self.connections
            try:
                await self._connect()
            except DiscordLibraryError as err:
                self._report_away(str(err))
                if not self._library.is_ready:
                    # The hub tries again to install it.
                    await self._library.async_wait_until_ready()
                    continue
            except Exception:
                _LOGGER.exception("The connection of the bot %s failed", self.name)
            finally:
                self._set_disconnected()
            if self.connections > connections:
                delay = FIRST_DELAY
            await asyncio.sleep(uniform(1.0, 1.2) * delay)
            delay = min(2 * delay, LONGEST_DELAY)

    async def _connect(self) -> None:
        """Connect, and stay connected until that ends for whatever reason."""
        library = await async_load_module(self._hass, "session")
        prefix = self.wants_prefix and not self._refused_content
        client: BotClient = library.BotClient(self._hass, self, prefix=prefix)
        self._conversation = library.Conversation(self._hass, self._swarm, self)
        self._client = client
        try:
            reason: str = await library.async_stay_connected(
                client, self._token, async_session_starts(self._hass, self.id)
            )
        finally:
            self._client = None
            self._registered.clear()
            # Goes on even if this task is cancelled a second time.
            self._closing = self._hass.async_create_task(
                client.async_close(), f"close Discord bot {self.id}"
            )
            await asyncio.shield(self._closing)
        match reason:
            case library.Ending.REJECTED:
                self._reject()
            case library.Ending.NO_MESSAGE_CONTENT:
                self._refuse_content()
            case _:
                self._report_away(reason)

    def _reject(self) -> None:
        """Ask for a new token, once."""
        if self.rejected:
            return
        self.rejected = True
        _LOGGER.warning("Discord does not accept the token of the bot %s", self.name)
        self._set_disconnected()
        self.async_ask_for_token()

    @callback
    def async_ask_for_token(self) -> None:
        """Ask for another token, unless somebody is being asked already."""
        self._entry.async_start_reauth(
            self._hass, data={CONF_BOT_ID: self.id, CONF_BOT_NAME: self.name}
        )

    def async_stop_asking(self) -> None:
        """Ask for no token any more: there is one, or nobody needs it."""
        flows = self._hass.config_entries.flow
        for flow in flows.async_progress_by_init_data_type(
            dict, lambda data: data.get(CONF_BOT_ID) == self.id
        ):
            flows.async_abort(flow["flow_id"])

    def _refuse_content(self) -> None:
        """Go on without prefix commands."""
        self._refused_content = True
        _LOGGER.warning("The bot %s may not read messages", self.name)
        async_update_bot(self._hass, NO_MESSAGE_CONTENT, self.id, self.name, there=True)

    def _report_away(self, reason: str) -> None:
        if not self._reported_away:
            self._reported_away = True
            _LOGGER.warning(
                "The bot %s lost Discord (%s) and tries to reconnect", self.name, reason
            )

    # What the client reports

    @callback
    def on_connected(self) -> None:
        """Become available."""
        self._cancel_away()
        if self._reported_away:
            self._reported_away = False
            _LOGGER.info("The bot %s has Discord back", self.name)
        if not self._connected:
            self._connected = True
            self.connections += 1
            self._update_channels()
        if not (self.wants_prefix and self._refused_content):
            async_update_bot(
                self._hass, NO_MESSAGE_CONTENT, self.id, self.name, there=False
            )
        self._check_access()
        self._spawn(self._register_commands(), "register")

    @callback
    def on_disconnected(self) -> None:
        """Become unavailable, unless the connection is back soon."""
        if not self._connected or self._away is not None:
            return

        @callback
        def gone(now: datetime) -> None:
            self._away = None
            self._set_disconnected()

        self._away = async_call_later(
            self._hass, PATIENCE, HassJob(gone, cancel_on_shutdown=True)
        )

    @callback
    def on_access_changed(self) -> None:
        """Look whether the channels can be written to."""
        self._check_access()

    @callback
    def on_interaction(self, interaction: nextcord.Interaction[Any]) -> None:
        """Have it answered, in the background."""
        assert self._conversation is not None
        self._spawn(self._conversation.async_interact(interaction), "interaction")

    @callback
    def on_message(self, message: nextcord.Message) -> None:
        """Have it answered if it is a command, in the background."""
        assert self._conversation is not None
        self._spawn(self._conversation.async_read(message), "message")

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        self._entry.async_create_background_task(
            self._hass, work, f"Discord bot {self.id} {name}"
        )

    def _set_disconnected(self) -> None:
        self._cancel_away()
        if self._connected:
            self._connected = False
            self._update_channels()

    def _cancel_away(self) -> None:
        if self._away is not None:
            self._away()
            self._away = None

    def _update_channels(self) -> None:
        for channel in self.channels.values():
            channel.async_changed()

    def _check_access(self) -> None:
        """Note in each channel what is missing there."""
        if self._client is None or not self._connected:
            return
        for channel in self.channels.values():
            settings = channel.settings
            assert settings.guild_id is not None
            assert settings.channel_id is not None
            if self._client.has_outage(settings.guild_id):
                continue
            missing = self._client.missing_permissions(
                settings.guild_id, settings.channel_id
            )
            if missing is None:
                channel.async_set_problem(ChannelGoneError(channel.name))
            elif missing:
                channel.async_set_problem(
                    NotPermittedError(
                        channel.name,
                        name_permissions(missing, async_get_texts(self._hass)),
                    )
                )
            else:
                channel.async_set_problem(None)

    async def _register_commands(self) -> None:
        """Have commands offered in the servers where a channel honours them."""
        async with self._registering:
            if self._client is not None:
                await self._register_commands_with(self._client)

    async def _register_commands_with(self, client: BotClient) -> None:
        wanted = {
            channel.settings.guild_id
            for channel in self.channels.values()
            if channel.settings.commands and channel.settings.guild_id is not None
        }
        others = {
            channel.settings.guild_id
            for channel in self.channels.values()
            if channel.settings.guild_id is not None
        } - wanted
        texts = await async_load_texts(self._hass)
        refused = failed = False
        for guild_id in wanted | others | self._registered:
            try:
                await client.async_register_commands(
                    guild_id, texts, wanted=guild_id in wanted
                )
            except DiscordError as err:
                _LOGGER.debug("Commands of server %s: %s", guild_id, err.reason)
                if guild_id in wanted:
                    refused |= isinstance(err, NotPermittedError)
                    failed = True
                continue
            if guild_id in wanted:
                self._registered.add(guild_id)
            else:
                self._registered.discard(guild_id)
        # What failed for another reason says nothing.
        if refused or not failed:
            async_update_bot(self._hass, NO_COMMANDS, self.id, self.name, there=refused)
