"""How often a bot begins a session: Discord resets tokens of those that overdo it."""

from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from nextcord.http import HTTPClient, Route
import pytest

from custom_components.bitaxe.discord import bot as bot_module, session_starts
from custom_components.bitaxe.discord.errors import NoAnswerError
from custom_components.bitaxe.discord.gateway.client import BotClient
from custom_components.bitaxe.discord.messages.model import Message
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


ODD_EVENTS = [
    ("BRAND_NEW_EVENT", {"id": "1"}),
    ("GUILD_CREATE", {"id": "77", "unavailable": False}),
    ("GUILD_CREATE", {"channels": [{"type": 99}], "roles": None}),
    ("GUILD_UPDATE", {}),
    ("GUILD_UPDATE", []),
    ("GUILD_DELETE", None),
    ("GUILD_ROLE_UPDATE", {"guild_id": "x"}),
    ("GUILD_MEMBER_UPDATE", {"guild_id": None, "user": 5}),
    ("CHANNEL_CREATE", {"type": 99, "id": "x"}),
    ("CHANNEL_UPDATE", {"id": "0", "guild_id": "0"}),
    ("CHANNEL_DELETE", "gone"),
    ("THREAD_CREATE", {"id": "5"}),
    ("INTERACTION_CREATE", {"type": 77, "id": "5"}),
    ("INTERACTION_CREATE", {"type": 2, "id": "5", "token": "t", "data": None}),
    ("MESSAGE_CREATE", {"content": 5}),
    ("RESUMED", None),
]
"""What Discord does not send today; a later version of it, or an outage, may."""


async def test_events_of_which_nothing_can_be_made(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They cost no session: a new one would be sent them again."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    (session,) = discord.gateway.sessions.values()
    connection = session.connection
    for event, data in ODD_EVENTS:
        await session.send(event, data)
    assert connection is not None
    await connection.send({"op": 42})
    await connection.send({"op": "hello", "d": {}, "s": "x"})
    before = discord.gateway.heartbeats
    await discord.ask_for_heartbeats()
    await until(lambda: discord.gateway.heartbeats > before, "a heartbeat")
    assert session.connection is connection
    assert discord.gateway.identified == 1
    assert posting.available
    await posting.async_post(Message(content="Hello"))
    assert "Traceback" not in caplog.text
    assert caplog.text.count("cannot read") == 1


@pytest.mark.parametrize(
    "answer",
    [
        "<html>Log in to our Wi-Fi</html>",
        {"message": "ok"},
        [],
        {"id": "x", "session_start_limit": {"remaining": None}},
    ],
)
async def test_something_else_answers_in_place_of_discord(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    answer: object,
) -> None:
    """It is reported once, without a traceback; the bot comes back with Discord."""
    request = HTTPClient.request
    asked = 0

    async def answered(self: HTTPClient, route: Route, **options: Any) -> Any:
        nonlocal asked
        if asked < 5:
            asked += 1
            return answer
        return await request(self, route, **options)

    monkeypatch.setattr(HTTPClient, "request", answered)
    await connected(hass, bot_channel(discord, channel))
    assert asked == 5
    assert "Traceback" not in caplog.text
    assert caplog.text.count("tries to reconnect") == 1


async def test_a_page_answers_a_message(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It has to be tried again, as after no answer at all."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    discord.fail(1, status=200, path="/messages")
    with pytest.raises(NoAnswerError):
        await posting.async_post(Message(content="Hello"))
    await posting.async_post(Message(content="Hello"))
    assert [message.content for message in discord.messages] == ["Hello"]
    assert "Traceback" not in caplog.text


async def test_a_wait_for_sessions_is_no_longer_than_a_day(
    hass: HomeAssistant, discord: FakeDiscord
) -> None:
    """Whatever Discord says."""
    client = BotClient(hass, prefix=False)

    async def request(route: Route) -> Any:
        return {"session_start_limit": {"remaining": 0, "reset_after": 1e300}}

    client.http.request = request  # type: ignore[method-assign,assignment]
    assert await client.async_limit_seconds() <= DAY + 60
    await client.async_close()
