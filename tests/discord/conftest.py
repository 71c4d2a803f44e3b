"""A Discord on this machine, which finds fault with what it is sent."""

import asyncio
from collections.abc import AsyncIterator

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from nextcord.http import Route
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord import session_starts
from scripts.fake_discord import Channel, FakeDiscord, Guild, Role, User

from ..conftest import Settle
from .homes import bot_channel, hub_of, swarm_with, until


@pytest.fixture
async def discord(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FakeDiscord]:
    """Yield a Discord that the integration talks to.

    At the end, everybody who is connected leaves, and nothing must have been sent that
    breaks what Discord documents, or asked without an answer.
    """
    async with FakeDiscord() as discord:
        monkeypatch.setattr(Route, "BASE", discord.base)
        # Nobody waits for the turn of a session, unless that is what is tested.
        monkeypatch.setattr(session_starts, "LEAST_SECONDS", 0.0)
        yield discord
        for entry in hass.config_entries.async_entries(DOMAIN):
            if entry.state is ConfigEntryState.LOADED:
                await hass.config_entries.async_unload(entry.entry_id)
    assert discord.violations == []
    assert discord.unanswered() == []


@pytest.fixture
def settle(hass: HomeAssistant) -> Settle:
    """Wait for all that goes on, but for connections to Discord, which never end."""

    async def wait() -> None:
        await hass.async_block_till_done()
        while pending := [
            task
            for task in hass._background_tasks  # noqa: SLF001
            # What runs in a thread is a future without a name.
            if not isinstance(task, asyncio.Task)
            or not task.get_name().startswith("Discord")
        ]:
            await asyncio.wait(pending)
            await hass.async_block_till_done()

    return wait


@pytest.fixture
def guild(discord: FakeDiscord) -> Guild:
    """Return the guild of the channel that was set up."""
    return discord.add_guild("Home")


@pytest.fixture
def channel(discord: FakeDiscord, guild: Guild) -> Channel:
    """Return the channel that was set up."""
    return discord.add_channel(guild, "miners")


@pytest.fixture
def operators(discord: FakeDiscord, guild: Guild) -> Role:
    """Return the role that may control."""
    return discord.add_role(guild, "operators", mentionable=True)


@pytest.fixture
def alice(discord: FakeDiscord, guild: Guild, operators: Role) -> User:
    """Return somebody who may control."""
    return discord.add_user(guild, "alice", [operators])


@pytest.fixture
def mallory(discord: FakeDiscord, guild: Guild) -> User:
    """Return somebody who may not."""
    return discord.add_user(guild, "mallory", [discord.add_role(guild, "guests")])


@pytest.fixture
async def swarm(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, operators: Role
) -> MockConfigEntry:
    """Set up the channel, with commands of both kinds, and wait for the bot."""
    discord.application.message_content = True
    entry = await swarm_with(
        hass,
        bot_channel(
            discord,
            channel,
            commands={
                "enabled": True,
                "prefix": True,
                "control": [f"role:{operators.id}"],
                "everyone": False,
            },
        ),
    )
    await until(lambda: bool(discord.application.commands), "the commands")
    assert hub_of(entry).channels[0].available
    return entry
