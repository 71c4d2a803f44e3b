"""The first message of a channel, before it is set up."""

from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession

from .channel import ChannelSettings
from .message import Embed, Message
from .tokens import async_probe
from .webhook import async_webhook_client

_GREEN: Final = 0x43A047
TRIAL: Final = Message(
    embeds=(
        Embed(
            title="Bitaxe swarm",
            description="Home Assistant can post here. This is a test message.",
            color=_GREEN,
        ),
    )
)


async def async_send_trial(
    hass: HomeAssistant, settings: ChannelSettings, name: str
) -> None:
    """Post a test message.

    Raises:
        DiscordError: it was not posted.

    """
    if settings.webhook is not None:
        webhook_client = await async_webhook_client(hass)
        await webhook_client.async_send(
            async_get_clientsession(hass), settings.webhook, name, TRIAL
        )
        return
    assert settings.token is not None
    assert settings.channel_id is not None
    probe = await async_probe(hass)
    await probe.async_send(settings.token, settings.channel_id, name, TRIAL)
