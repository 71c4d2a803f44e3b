"""A swarm with channels of a Discord, for tests."""

from typing import Any

from homeassistant.config_entries import ConfigSubentryData
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import (
    CONF_KIND,
    DOMAIN,
    KIND_SWARM,
    SWARM_UNIQUE_ID,
)
from custom_components.bitaxe.discord.channel.channel import DiscordChannel
from custom_components.bitaxe.discord.channel.settings import ChannelKind
from custom_components.bitaxe.discord.hub import SUBENTRY_TYPE, DiscordHub
from scripts.fake_discord import Application, Channel, FakeDiscord, Webhook
from scripts.fake_discord.clock import until

__all__ = [
    "bot_channel",
    "channel_entity",
    "connected",
    "discord_issues",
    "hub_of",
    "swarm_with",
    "until",
    "webhook_channel",
]


def bot_channel(
    discord: FakeDiscord,
    channel: Channel,
    application: Application | None = None,
    **options: dict[str, Any],
) -> ConfigSubentryData:
    """Return a channel of a bot, as the set-up stores it."""
    application = application or discord.application
    return ConfigSubentryData(
        data={
            "kind": ChannelKind.BOT,
            "token": application.token,
            "bot_id": str(application.bot.id),
            "bot_name": application.bot.name,
            "guild_id": str(channel.guild.id),
            "channel_id": str(channel.id),
            **options,
        },
        subentry_type=SUBENTRY_TYPE,
        title=f"{channel.guild.name} › #{channel.name}",
        unique_id=str(channel.id),
    )


def webhook_channel(
    discord: FakeDiscord, webhook: Webhook, **options: dict[str, Any]
) -> ConfigSubentryData:
    """Return a webhook, as the set-up stores it."""
    return ConfigSubentryData(
        data={
            "kind": ChannelKind.WEBHOOK,
            "webhook_url": discord.webhook_url(webhook),
            **options,
        },
        subentry_type=SUBENTRY_TYPE,
        title=webhook.name,
        unique_id=str(webhook.id),
    )


async def swarm_with(
    hass: HomeAssistant, *channels: ConfigSubentryData
) -> MockConfigEntry:
    """Set up a swarm with channels; Discord need not have answered yet."""
    entry = MockConfigEntry(
        domain=DOMAIN,
        version=2,
        title="Bitaxe swarm",
        unique_id=SWARM_UNIQUE_ID,
        data={CONF_KIND: KIND_SWARM},
        subentries_data=channels,
    )
    for other in hass.config_entries.async_entries(DOMAIN):
        if other.data[CONF_KIND] == KIND_SWARM:
            # A miner brought it along; there is one swarm in a home.
            await hass.config_entries.async_remove(other.entry_id)
    entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    return entry


async def connected(
    hass: HomeAssistant, *channels: ConfigSubentryData
) -> tuple[MockConfigEntry, list[DiscordChannel]]:
    """Set up a swarm whose channels are available, and return these."""
    entry = await swarm_with(hass, *channels)
    hub = hub_of(entry)
    await until(lambda: all(item.available for item in hub.channels), "the channels")
    return entry, hub.channels


def hub_of(entry: MockConfigEntry) -> DiscordHub:
    """Return what holds the channels of a swarm."""
    hub: DiscordHub = entry.runtime_data.discord
    return hub


def channel_entity(hass: HomeAssistant, entry: MockConfigEntry, title: str) -> State:
    """Return the state of a channel's entity."""
    subentry_id = next(
        subentry.subentry_id
        for subentry in entry.subentries.values()
        if subentry.title == title
    )
    entity_id = er.async_get(hass).async_get_entity_id(
        "notify", DOMAIN, f"discord_{subentry_id}"
    )
    assert entity_id is not None
    state = hass.states.get(entity_id)
    assert state is not None
    return state


def discord_issues(hass: HomeAssistant) -> dict[str, ir.IssueEntry]:
    """Return the open issues of ours, by their ids."""
    return {
        issue.issue_id: issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    }
