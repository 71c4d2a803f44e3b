"""The first message of a channel, before it is set up."""

from typing import Final

from homeassistant.core import HomeAssistant

from ...pools.web_session import async_get_web_session
from ...texts import async_get_texts
from ..channel.settings import ChannelSettings
from ..channel.webhook import async_webhook_client
from ..messages.model import Embed, Message
from .tokens import async_probe

_GREEN: Final = 0x43A047


async def async_send_trial(
    hass: HomeAssistant, settings: ChannelSettings, name: str
) -> None:
    """Post a test message.

    Raises:
        DiscordError: it was not posted.

    """
    texts = async_get_texts(hass)
    message = Message(
        embeds=(
            Embed(
                title=texts("discord_message.trial_title"),
                description=texts("discord_message.trial"),
                color=_GREEN,
            ),
        )
    )
    if settings.webhook is not None:
        webhook_client = await async_webhook_client(hass, at_once=True)
        await webhook_client.async_send(
            async_get_web_session(hass), settings.webhook, name, message
        )
        return
    assert settings.token is not None
    assert settings.channel_id is not None
    probe = await async_probe(hass)
    await probe.async_send(hass, settings.token, settings.channel_id, name, message)
