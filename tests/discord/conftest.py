"""A Discord on this machine, which finds fault with what it is sent."""

from collections.abc import AsyncIterator

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from nextcord.http import Route
import pytest

from custom_components.bitaxe.const import DOMAIN
from scripts.fake_discord import FakeDiscord


@pytest.fixture
async def discord(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[FakeDiscord]:
    """Return a Discord that the integration talks to.

    At the end, whoever is connected leaves, and nothing must have been sent that breaks
    what Discord documents, or asked without an answer.
    """
    async with FakeDiscord() as discord:
        monkeypatch.setattr(Route, "BASE", discord.base)
        yield discord
        for entry in hass.config_entries.async_entries(DOMAIN):
            if entry.state is ConfigEntryState.LOADED:
                await hass.config_entries.async_unload(entry.entry_id)
    assert discord.violations == []
    assert discord.unanswered() == []
