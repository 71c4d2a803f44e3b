"""Channels that come, change and go while the swarm is set up."""

from types import MappingProxyType

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryData,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    get_system_health_info,
)

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.messages.model import Message
from scripts.fake_discord import Channel, FakeDiscord

from .homes import (
    bot_channel,
    channel_entity,
    connected,
    hub_of,
    swarm_with,
    until,
    webhook_channel,
)


def add(
    hass: HomeAssistant, entry: MockConfigEntry, data: ConfigSubentryData
) -> ConfigSubentry:
    """Add a channel, as the set-up does."""
    subentry = ConfigSubentry(
        data=MappingProxyType(data["data"]),
        subentry_type=data["subentry_type"],
        title=data["title"],
        unique_id=data["unique_id"],
    )
    hass.config_entries.async_add_subentry(entry, subentry)
    return subentry


async def test_swarm_without_channels(hass: HomeAssistant) -> None:
    """Anyone who wants no Discord has none."""
    entry = await swarm_with(hass)
    assert hub_of(entry).channels == []
    assert hub_of(entry).bots == []


async def test_adding_a_channel_harms_nothing(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The swarm stays as it is, and the bot keeps its connection."""
    entry = await swarm_with(hass, bot_channel(discord, channel))
    swarm = entry.runtime_data
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    second = discord.add_channel(channel.guild, "second")
    await discord.gateway.flush()
    add(hass, entry, bot_channel(discord, second))
    await hass.async_block_till_done()
    assert entry.runtime_data is swarm
    assert entry.state is ConfigEntryState.LOADED
    await until(
        lambda: all(item.available for item in hub_of(entry).channels), "both channels"
    )
    assert len(discord.gateway.sessions) == 1
    assert channel_entity(hass, entry, "Home › #second") is not None
    await hub_of(entry).channels[1].async_post(Message(content="Hello"))
    assert discord.messages[0].channel is second


async def test_first_channel_is_added_later(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The usual way: the swarm was there before."""
    entry = await swarm_with(hass)
    add(hass, entry, bot_channel(discord, channel))
    await hass.async_block_till_done()
    await until(lambda: hub_of(entry).channels[0].available, "the channel")


async def test_each_channel_is_a_service_of_the_swarm(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Device and entity belong to the subentry, and bear the name of the channel."""
    entry = await swarm_with(hass, bot_channel(discord, channel))
    (subentry_id,) = entry.subentries
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"discord_{subentry_id}"), entry.entry_id
    )
    assert device is not None
    assert device.name == "Home › #miners"
    assert device.entry_type is DeviceEntryType.SERVICE
    assert device.config_subentry_id == subentry_id
    entity = er.async_get(hass).async_get(
        channel_entity(hass, entry, "Home › #miners").entity_id
    )
    assert entity is not None
    assert entity.config_subentry_id == subentry_id
    assert entity.device_id == device.id


async def test_removing_a_channel(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Its entity goes; the other channel of the bot stays connected."""
    second = discord.add_channel(channel.guild, "second")
    entry, _ = await connected(
        hass, bot_channel(discord, channel), bot_channel(discord, second)
    )
    entity_id = channel_entity(hass, entry, "Home › #miners").entity_id
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await hass.async_block_till_done()
    assert hass.states.get(entity_id) is None
    assert [item.name for item in hub_of(entry).channels] == ["Home › #second"]
    assert len(discord.gateway.connections) == 1
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    assert {device.config_subentry_id for device in devices} == {
        None,
        *entry.subentries,
    }


async def test_removing_the_last_channel_ends_the_connection(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A bot that has nothing to do is offline."""
    entry, _ = await connected(hass, bot_channel(discord, channel))
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await hass.async_block_till_done()
    await until(lambda: not discord.gateway.connections, "the end of the connection")
    assert hub_of(entry).bots == []


async def test_changing_a_channel_keeps_its_entity(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Another channel is written to under the same entity id, by its new name."""
    second = discord.add_channel(channel.guild, "second")
    entry, _ = await connected(hass, bot_channel(discord, channel))
    entity_id = channel_entity(hass, entry, "Home › #miners").entity_id
    changed = bot_channel(discord, second)
    (subentry,) = entry.subentries.values()
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data=changed["data"],
        title=changed["title"],
        unique_id=changed["unique_id"],
    )
    await hass.async_block_till_done()
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": entity_id, "message": "Hello"},
        blocking=True,
    )
    assert discord.messages[0].channel is second
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"discord_{subentry.subentry_id}"), entry.entry_id
    )
    assert device is not None
    assert device.name == "Home › #second"
    assert len(discord.gateway.sessions) == 1


async def test_new_token_for_all_channels_is_one_connection(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Though channels are changed one by one."""
    second = discord.add_channel(channel.guild, "second")
    entry, _ = await connected(
        hass, bot_channel(discord, channel), bot_channel(discord, second)
    )
    discord.application.token = token = "another.token.of-the-bot"
    for subentry in list(entry.subentries.values()):
        hass.config_entries.async_update_subentry(
            entry, subentry, data={**subentry.data, "token": token}
        )
    await hass.async_block_till_done()
    await until(
        lambda: all(item.available for item in hub_of(entry).channels), "both channels"
    )
    assert len(hub_of(entry).bots) == 1
    await until(lambda: len(discord.gateway.connections) == 1, "one connection")


async def test_system_health(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """How many channels there are, and how many can be posted to."""
    assert await _health(hass, await swarm_with(hass)) == (None, None)
    entry = hass.config_entries.async_entries(DOMAIN)[0]
    webhook = discord.add_webhook(channel)
    add(hass, entry, webhook_channel(discord, webhook))
    discord.hold()
    add(hass, entry, bot_channel(discord, channel))
    await hass.async_block_till_done()
    assert await _health(hass, entry) == (2, 1)
    discord.release()


async def _health(hass: HomeAssistant, entry: MockConfigEntry) -> tuple[object, object]:
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info = await get_system_health_info(hass, DOMAIN)
    return info.get("discord_channels"), info.get("discord_channels_available")
