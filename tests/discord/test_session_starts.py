"""How often a bot begins a session: Discord resets the token of one that overdoes it."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
import pytest

from custom_components.bitaxe.discord import bot as bot_module, session_starts
from custom_components.bitaxe.discord.session_starts import SessionStarts
from scripts.fake_discord import Channel, FakeDiscord, gateway

from .homes import bot_channel, connected, hub_of, until

DAY = 86_400


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect at once."""
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(bot_module, "LONGEST_DELAY", 0.02)


@pytest.mark.parametrize("lasts", [0, 30, 61, 90, 300])
def test_a_day_of_short_sessions(freezer: FrozenDateTimeFactory, lasts: float) -> None:
    """However long each of them lasts, Discord's thousand a day are far away."""
    starts = SessionStarts()
    passed = 0.0
    begun = 0
    while passed < DAY:
        starts.async_note()
        begun += 1
        freezer.tick(lasts)
        wait = starts.wait_seconds
        assert lasts + wait >= session_starts.LEAST_SECONDS
        freezer.tick(wait)
        passed += lasts + wait
    assert begun < 400


def test_the_first_session_waits_for_nothing(freezer: FrozenDateTimeFactory) -> None:
    """Nor does one after some hours."""
    starts = SessionStarts()
    assert starts.wait_seconds == 0
    starts.async_note()
    freezer.tick(2 * 3600)
    assert starts.wait_seconds == 0


async def test_a_reload_waits_for_its_turn(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The stand-in finds fault with a session that comes too soon after another."""
    monkeypatch.setattr(session_starts, "LEAST_SECONDS", 0.3)
    discord.limit_sessions(interval=0.25)
    entry, _ = await connected(hass, bot_channel(discord, channel))
    assert await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    assert discord.gateway.identified == 2


async def test_no_sessions_are_left(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Another one would cost the token; the bot waits until there are some again."""
    discord.limit_sessions(total=1, interval=0)
    await connected(hass, bot_channel(discord, channel))
    await discord.invalidate_session(resumable=False)
    await until(lambda: "no new session for" in caplog.text, "the bot to notice")
    assert discord.gateway.identified == 1
    assert discord.application.token


async def test_heartbeat_that_is_asked_for(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Discord hangs up if none comes."""
    await connected(hass, bot_channel(discord, channel))
    before = discord.gateway.heartbeats
    await discord.ask_for_heartbeats()
    await until(lambda: discord.gateway.heartbeats > before, "a heartbeat")


@pytest.mark.parametrize(
    ("code", "sessions"), [(4000, 1), (4008, 1), (4007, 2), (4009, 2)]
)
async def test_close_codes(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    code: int,
    sessions: int,
) -> None:
    """Some end the session as well, and the bot comes back either way."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    (bot,) = hub_of(entry).bots
    await discord.close_gateway(code)
    await until(
        lambda: discord.gateway.identified + discord.gateway.resumed == 2,
        "another connection",
    )
    await until(lambda: posting.available, "the channel")
    assert discord.gateway.identified == sessions
    assert not bot.rejected


async def test_session_that_is_too_old_to_resume(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Discord keeps none for ever; the next one begins anew."""
    monkeypatch.setattr(gateway, "_RESUMABLE_SECONDS", -1.0)
    entry, _ = await connected(hass, bot_channel(discord, channel))
    await discord.drop_connections()
    (bot,) = hub_of(entry).bots
    await until(lambda: bot.connections == 2, "another session")
    assert discord.gateway.resumed == 0
