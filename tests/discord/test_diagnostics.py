"""Diagnostics of a swarm with channels."""

import json

from homeassistant.core import HomeAssistant

from custom_components.bitaxe.diagnostics import async_get_config_entry_diagnostics
from custom_components.bitaxe.discord.errors import ChannelGoneError
from scripts.fake_discord import FakeDiscord

from .homes import bot_channel, hub_of, swarm_with, until, webhook_channel


async def test_nothing_secret(hass: HomeAssistant, discord: FakeDiscord) -> None:
    """What is posted where helps; tokens, addresses, ids and names do not."""
    guild = discord.add_guild("Secret guild")
    channel = discord.add_channel(guild, "secret-channel")
    webhook = discord.add_webhook(channel, "Secret webhook")
    control = {"enabled": True, "control": ["user:223456789012345678"]}
    entry = await swarm_with(
        hass,
        bot_channel(discord, channel, commands=control),
        webhook_channel(
            discord,
            webhook,
            report={"enabled": True, "cron": "15 * * * *", "span": "24h"},
        ),
    )
    posting, hook = hub_of(entry).channels
    await until(lambda: posting.available, "the channel")
    hook.async_set_problem(ChannelGoneError(hook.name))
    diagnostics = await async_get_config_entry_diagnostics(hass, entry)
    assert diagnostics["discord"]["bots"] == [
        {"connected": True, "connections": 1, "rejected": False, "channels": 1}
    ]
    first, second = diagnostics["discord"]["channels"]
    assert (first["available"], first["problem"]) == (True, None)
    assert (second["available"], second["problem"]) == (False, "discord_channel_gone")
    assert diagnostics["entry"]["subentries"][1]["data"]["report"]["cron"] == (
        "15 * * * *"
    )
    text = json.dumps(diagnostics, default=str)
    for secret in (
        discord.token,
        webhook.token,
        str(webhook.id),
        str(channel.id),
        str(guild.id),
        str(discord.bot.id),
        discord.bot.name,
        "Secret guild",
        "secret-channel",
        "Secret webhook",
        "223456789012345678",
    ):
        assert secret not in text, secret
