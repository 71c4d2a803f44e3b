"""Discord channels as something Home Assistant can notify."""

from collections.abc import Sequence
from typing import Final, override

from homeassistant.components.notify import NotifyEntity
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import MinerCoordinator
from .discord.channel.channel import DiscordChannel
from .discord.hub import device_info
from .discord.messages.model import Embed, Message
from .discord.messages.report import async_make_report
from .discord.pictures import async_read_picture
from .runtime import SwarmConfigEntry

PARALLEL_UPDATES: Final = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add an entity for each channel there is, and for each to come."""
    entities: dict[str, DiscordNotify] = {}

    @callback
    def show(channel: DiscordChannel) -> None:
        entity = entities.get(channel.subentry_id)
        if entity is not None and not entity.removed:
            entity.async_show(channel)
            return
        entity = entities[channel.subentry_id] = DiscordNotify(channel)
        async_add_entities([entity], config_subentry_id=channel.subentry_id)

    entry.async_on_unload(entry.runtime_data.discord.async_add_channel_listener(show))


class DiscordNotify(NotifyEntity):
    """A channel that can be written to."""

    _attr_has_entity_name = True
    _attr_name = None
    _attr_supported_features = NotifyEntityFeature.TITLE

    def __init__(self, channel: DiscordChannel) -> None:
        """Attach the entity to the channel's device."""
        self._channel = channel
        self._attr_unique_id = f"discord_{channel.subentry_id}"
        self._attr_device_info = device_info(channel)
        self._stop_listening: CALLBACK_TYPE | None = None
        self.removed = False

    @property
    @override
    def available(self) -> bool:
        """Whether a message would get there."""
        return self._channel.available

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the channel."""
        await super().async_added_to_hass()
        self._stop_listening = self._channel.async_add_listener(
            self.async_write_ha_state
        )

    @override
    async def async_will_remove_from_hass(self) -> None:
        """Follow it no more."""
        self.removed = True
        if self._stop_listening is not None:
            self._stop_listening()

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""

    @callback
    def async_show(self, channel: DiscordChannel) -> None:
        """Follow the channel as it is set up now."""
        self._channel = channel
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = channel.async_add_listener(self.async_write_ha_state)
            self.async_write_ha_state()

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Post a text; nobody is pinged, whatever it says."""
        await self.async_post_message(message, title)

    async def async_post_message(
        self,
        message: str,
        title: str | None = None,
        image: str | None = None,
        image_entity: str | None = None,
    ) -> None:
        """Post a text, perhaps with a picture.

        Raises:
            ServiceValidationError: there is no such picture, or it may not be read.
            DiscordError: it was not posted.

        """
        picture = await async_read_picture(self.hass, image, image_entity)
        if title is None and picture is None:
            await self._channel.async_post(Message(content=message))
            return
        embed = Embed(
            title=title or "",
            description=message,
            image=picture.name if picture is not None else None,
        )
        await self._channel.async_post(
            Message(
                embeds=(embed,), attachments=(picture,) if picture is not None else ()
            )
        )

    async def async_post_report(
        self,
        miners: Sequence[MinerCoordinator],
        span: str,
        *,
        charts: bool,
        chart_span: str | None = None,
    ) -> None:
        """Post what miners did; charts may show another span than the text is about.

        Raises:
            ServiceValidationError: the span is none.
            DiscordError: it was not posted.

        """
        report = await async_make_report(
            self.hass, miners, span, charts=charts, chart_span=chart_span
        )
        await self._channel.async_post(report)
