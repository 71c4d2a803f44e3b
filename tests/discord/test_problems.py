"""Repairs of channels: how long they last, and what they outlive."""

import asyncio
from typing import Any
from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import ConfigEntryDisabler, ConfigEntryState
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ConfigEntryNotReady
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord import bot as bot_module
from custom_components.bitaxe.discord.channel.channel import DiscordChannel
from custom_components.bitaxe.discord.channel.issues import (
    NO_COMMANDS,
    async_update_bot,
)
from custom_components.bitaxe.discord.channel.webhook import CHECK_INTERVAL
from custom_components.bitaxe.discord.errors import ChannelGoneError
from custom_components.bitaxe.discord.messages.model import Message
from custom_components.bitaxe.swarm.coordinator import Swarm
from scripts.fake_discord import REPORTING, Channel, FakeDiscord, Permission
from scripts.fake_discord.gateway import Session

from .homes import (
    bot_channel,
    connected,
    discord_issues,
    hub_of,
    swarm_with,
    until,
    webhook_channel,
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect at once."""
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.01)


async def test_another_channel(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Anyone who does what the repair says has it mended."""
    second = discord.add_channel(channel.guild, "second")
    entry, _ = await connected(hass, bot_channel(discord, channel))
    discord.delete_channel(channel)
    await discord.gateway.flush()
    await until(lambda: bool(discord_issues(hass)), "the issue")
    subentry = next(iter(entry.subentries.values()))
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "channel_id": str(second.id)}
    )
    await until(lambda: not discord_issues(hass), "its end")
    assert hub_of(entry).channels[0].available


async def test_mended_while_unloaded(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The repair goes when it turns out that all is well."""
    entry, _ = await connected(hass, bot_channel(discord, channel))
    discord.overwrite(channel, deny=Permission.ATTACH_FILES)
    await discord.gateway.flush()
    await until(lambda: bool(discord_issues(hass)), "the issue")
    await hass.config_entries.async_unload(entry.entry_id)
    channel.overwrites.clear()
    discord.overwrite(channel, allow=REPORTING)
    await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: not discord_issues(hass), "its end")


async def test_webhook_mended_while_unloaded(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Also if Discord was away when that was asked first."""
    webhook = discord.add_webhook(channel)
    stored = webhook_channel(discord, webhook)
    discord.delete_webhook(webhook)
    entry = await swarm_with(hass, stored)
    await until(lambda: bool(discord_issues(hass)), "the issue")
    await hass.config_entries.async_unload(entry.entry_id)
    discord.world.webhooks[webhook.id] = webhook
    discord.fail(1, 503)
    asked = len(discord.requests)
    await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: len(discord.requests) > asked, "a look in vain")
    assert discord_issues(hass)
    freezer.tick(CHECK_INTERVAL)
    async_fire_time_changed(hass)
    await until(lambda: not discord_issues(hass), "its end")


async def test_channel_removed_while_posting(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """What Discord says of a channel that nobody wants any more is no issue."""
    webhook = discord.add_webhook(channel)
    entry, (posting,) = await connected(hass, webhook_channel(discord, webhook))
    await until(lambda: posting.checked, "the first look")
    discord.delete_webhook(webhook)
    discord.hold()
    asked = len(discord.requests)
    post = asyncio.ensure_future(posting.async_post(Message(content="Hello")))
    await until(lambda: len(discord.requests) > asked, "the post")
    hass.config_entries.async_remove_subentry(entry, posting.subentry_id)
    await hass.async_block_till_done()
    discord.release()
    with pytest.raises(ChannelGoneError):
        await post
    assert discord_issues(hass) == {}


async def lose_permission(
    discord: FakeDiscord, channel: Channel, posting: DiscordChannel
) -> None:
    """Forbid the bot something in a channel, and wait until that is known."""
    discord.overwrite(channel, deny=Permission.ATTACH_FILES)
    await discord.gateway.flush()
    await until(lambda: not posting.available, "the loss")


def ignore_issue(hass: HomeAssistant) -> str:
    """Have somebody ignore the only issue, and return its id."""
    (issue_id,) = discord_issues(hass)
    ir.async_ignore_issue(hass, DOMAIN, issue_id, ignore=True)
    return issue_id


async def test_another_session(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What is ignored stays so, although servers are announced after the start."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    await lose_permission(discord, channel, posting)
    issue_id = ignore_issue(hass)
    send = Session.send
    (bot,) = hub_of(entry).bots

    async def send_later(session: Session, event: str, data: Any) -> None:
        if event == "GUILD_CREATE":
            await until(lambda: bot.connections == 2, "another session")
        await send(session, event, data)

    monkeypatch.setattr(Session, "send", send_later)
    changes: list[bool] = []
    posting.async_add_listener(lambda: changes.append(posting.problem is None))
    await discord.invalidate_session()
    await until(lambda: bot.connections == 2, "another session")
    assert True not in changes
    assert discord_issues(hass)[issue_id].dismissed_version is not None


@pytest.mark.parametrize("is_set_up", [True, False])
@pytest.mark.parametrize("gone", ["swarm disabled", "channel removed"])
async def test_nobody_posts_any_more(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    gone: str,
    is_set_up: bool,
) -> None:
    """Then nobody is asked for anything, whether or not the swarm could be set up."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    await lose_permission(discord, channel, posting)
    (bot,) = hub_of(entry).bots
    async_update_bot(hass, NO_COMMANDS, bot.id, "Miner", there=True)
    assert len(discord_issues(hass)) == 2
    if not is_set_up:
        monkeypatch.setattr(
            Swarm, "async_start", AsyncMock(side_effect=ConfigEntryNotReady)
        )
        await hass.config_entries.async_reload(entry.entry_id)
        assert entry.state is ConfigEntryState.SETUP_RETRY
        assert len(discord_issues(hass)) == 2
    if gone == "channel removed":
        hass.config_entries.async_remove_subentry(entry, posting.subentry_id)
    else:
        await hass.config_entries.async_set_disabled_by(
            entry.entry_id, ConfigEntryDisabler.USER
        )
    await hass.async_block_till_done()
    assert discord_issues(hass) == {}


async def test_outage_of_the_server(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """It mends nothing, whatever happens elsewhere meanwhile."""
    elsewhere = discord.add_channel(discord.add_guild("Elsewhere"), "miners")
    _, (posting, other) = await connected(
        hass, bot_channel(discord, channel), bot_channel(discord, elsewhere)
    )
    await lose_permission(discord, channel, posting)
    issue_id = ignore_issue(hass)
    discord.gateway.dispatch_to(
        discord.application,
        "GUILD_DELETE",
        {"id": str(channel.guild.id), "unavailable": True},
    )
    await lose_permission(discord, elsewhere, other)
    assert not posting.available
    assert discord_issues(hass)[issue_id].dismissed_version is not None
