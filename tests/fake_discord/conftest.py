"""The fake, and the library that the integration uses as its client."""

from collections.abc import AsyncIterator

from aiohttp import ClientSession
from nextcord.http import Route
import pytest

from scripts.fake_discord import Channel, FakeDiscord, Guild

AGENT = "DiscordBot (https://example.com, 1.0)"


@pytest.fixture
async def fake(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeDiscord]:
    """Yield a fake that runs."""
    async with FakeDiscord() as fake:
        monkeypatch.setattr(Route, "BASE", fake.base)
        yield fake


@pytest.fixture
def guild(fake: FakeDiscord) -> Guild:
    """Return a guild that the bot is in."""
    return fake.add_guild()


@pytest.fixture
def channel(fake: FakeDiscord, guild: Guild) -> Channel:
    """Return a channel of the guild."""
    return fake.add_channel(guild)


@pytest.fixture
async def session(fake: FakeDiscord) -> AsyncIterator[ClientSession]:
    """Yield a client without a library, which says that it is the bot."""
    headers = {"User-Agent": AGENT, "Authorization": f"Bot {fake.token}"}
    async with ClientSession(headers=headers) as session:
        yield session
