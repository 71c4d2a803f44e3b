"""The bot's connection, to a Discord on this machine."""

import asyncio
from contextlib import suppress
import gc
import logging
import socket
import threading
from typing import Any

import aiohttp
from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.aiohttp_client import async_get_clientsession
import nextcord
from nextcord import gateway
from nextcord.http import HTTPClient, Route
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord import bot as bot_module
from custom_components.bitaxe.discord.errors import (
    ChannelGoneError,
    NotPermittedError,
    RejectedError,
    TokenRejectedError,
    UnreachableError,
)
from custom_components.bitaxe.discord.gateway.client import MOST_RESUMES
from custom_components.bitaxe.discord.messages.model import (
    Attachment,
    Embed,
    EmbedField,
    Mention,
    Message,
)
from scripts.fake_discord import REPORTING, Channel, FakeDiscord, Permission
from scripts.fake_discord.entities import MESSAGE_CONTENT
from scripts.fake_discord.gateway import Connection, Gateway
from scripts.fake_discord.rest import BASE

from .homes import (
    bot_channel,
    channel_entity,
    connected,
    discord_issues,
    hub_of,
    swarm_with,
    until,
)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reconnect at once."""
    monkeypatch.setattr(bot_module, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(bot_module, "LONGEST_DELAY", 0.02)


def keep_alive_threads() -> list[gateway.KeepAliveHandler]:
    """Return the threads that keep connections alive."""
    return [
        thread
        for thread in threading.enumerate()
        if isinstance(thread, gateway.KeepAliveHandler)
    ]


async def registered() -> None:
    """Wait until no bot is about to offer commands, or to withdraw them."""
    await until(
        lambda: (
            not any(
                task.get_name().endswith(" register") for task in asyncio.all_tasks()
            )
        ),
        "the commands",
    )


async def test_posts(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """All parts of a message get to the channel."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    assert channel_entity(hass, entry, "Home › #miners").state == STATE_UNKNOWN
    picture = Attachment(name="chart.png", content=b"\x89PNG", description="A chart")
    await posting.async_post(
        Message(
            content="Hello",
            embeds=(
                Embed(
                    title="Title",
                    description="Text",
                    color=0x123456,
                    fields=(EmbedField("Name", "Value", inline=True),),
                    footer="Foot",
                    image="chart.png",
                ),
            ),
            attachments=(picture,),
        )
    )
    (message,) = discord.messages
    assert message.channel is channel
    assert message.content == "Hello"
    (embed,) = message.embeds
    assert embed["title"] == "Title"
    assert embed["description"] == "Text"
    assert embed["color"] == 0x123456
    assert embed["fields"][0]["name"] == "Name"
    assert embed["footer"]["text"] == "Foot"
    assert message.attachments[0].content == b"\x89PNG"


async def test_posts_all_pages_in_order(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """What is too long for one message comes as several; two posts do not mix."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    long = "\n".join(f"line {number}" for number in range(600))
    await asyncio.gather(
        posting.async_post(Message(content=long)),
        posting.async_post(Message(content="short")),
    )
    texts = [message.content for message in discord.messages]
    assert "\n".join(texts[:-1]) == long
    assert texts[-1] == "short"


async def test_pings_only_whom_it_shall(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A text that would ping everybody pings nobody; who is chosen is pinged."""
    guild = channel.guild
    role = discord.add_role(guild, "Operators", mentionable=True)
    alice = discord.add_user(guild, "alice")
    bob = discord.add_user(guild, "bob")
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    await posting.async_post(
        Message(content=f"@everyone @here <@{alice.id}> <@&{role.id}>")
    )
    assert not discord.messages[0].pinged
    await posting.async_post(
        Message(
            content=f"@everyone <@{alice.id}>",
            mention=(Mention("role", role.id), Mention("user", bob.id)),
        )
    )
    pinged = discord.messages[1].pinged
    assert not pinged.everyone
    assert pinged.roles == {role.id}
    assert pinged.users == {bob.id}


async def test_asks_for_as_little_as_possible(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Servers only; messages just where prefix commands are wanted."""
    discord.application.message_content = True
    entry, _ = await connected(hass, bot_channel(discord, channel))
    (session,) = discord.gateway.sessions.values()
    assert session.intents == 1 << 0
    subentry = next(iter(entry.subentries.values()))
    hass.config_entries.async_update_subentry(
        entry,
        subentry,
        data={**subentry.data, "commands": {"enabled": True, "prefix": True}},
    )
    wanted = 1 << 0 | 1 << 9 | 1 << 15
    await until(
        lambda: wanted in {item.intents for item in discord.gateway.sessions.values()},
        "another session",
    )


async def test_channels_of_a_bot_share_its_connection(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Three channels in two servers, one session."""
    second = discord.add_channel(channel.guild, "second")
    third = discord.add_channel(discord.add_guild("Work"), "third")
    entry, postings = await connected(
        hass,
        *(bot_channel(discord, item) for item in (channel, second, third)),
    )
    for posting in postings:
        await posting.async_post(Message(content=posting.name))
    assert [message.channel for message in discord.messages] == [
        channel,
        second,
        third,
    ]
    assert len(discord.gateway.sessions) == 1
    assert len(hub_of(entry).bots) == 1


async def test_each_token_has_its_own_connection(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Two bots are two sessions, and one that is revoked does not harm the other."""
    other = discord.add_application("Other bot")
    discord.invite(channel.guild, other)
    second = discord.add_channel(channel.guild, "second")
    entry, postings = await connected(
        hass,
        bot_channel(discord, channel),
        bot_channel(discord, second, other),
    )
    assert len(discord.gateway.sessions) == 2
    await discord.revoke(other)
    await until(lambda: not postings[1].available, "the end of the other bot")
    await postings[0].async_post(Message(content="still here"))
    assert [bot.rejected for bot in hub_of(entry).bots] == [False, True]


async def test_start_does_not_wait_for_discord(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A Discord that does not answer holds nothing up."""
    discord.hold()
    entry = await swarm_with(hass, bot_channel(discord, channel))
    assert entry.runtime_data.swarm.totals is not None
    assert channel_entity(hass, entry, "Home › #miners").state == STATE_UNAVAILABLE
    with pytest.raises(UnreachableError):
        await hub_of(entry).channels[0].async_post(Message(content="too early"))
    discord.release()
    await until(lambda: hub_of(entry).channels[0].available, "the channel")


async def test_unloading_while_connecting_leaves_nothing(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Neither thread nor task, wherever the connection was on its way."""
    discord.hold()
    entry = await swarm_with(hass, bot_channel(discord, channel))
    await until(lambda: bool(discord.requests), "a request")
    await hass.config_entries.async_unload(entry.entry_id)
    discord.release()
    assert keep_alive_threads() == []
    assert discord.gateway.sessions == {}


async def test_unloading_leaves_nothing(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The connection is closed as it should be, and its thread has ended."""
    entry, _ = await connected(hass, bot_channel(discord, channel))
    hub = hub_of(entry)
    assert keep_alive_threads() != []
    await hass.config_entries.async_unload(entry.entry_id)
    await until(lambda: not discord.gateway.connections, "the end of the connection")
    assert keep_alive_threads() == []
    assert hub.bots == []


async def test_unloading_while_the_connection_closes(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What had begun to be closed is closed."""
    entry, _ = await connected(hass, bot_channel(discord, channel))
    close = HTTPClient.close
    begun, released = asyncio.Event(), asyncio.Event()

    async def close_later(client: HTTPClient) -> None:
        begun.set()
        await released.wait()
        await close(client)

    monkeypatch.setattr(HTTPClient, "close", close_later)
    await discord.close_gateway(4004)
    await begun.wait()
    unloading = asyncio.ensure_future(hass.config_entries.async_unload(entry.entry_id))
    await asyncio.sleep(0)
    released.set()
    await unloading


async def test_restarting_while_commands_are_offered(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """What was still to be asked is not asked over a connection that was closed."""
    elsewhere = discord.add_channel(discord.add_guild("Elsewhere"), "miners")
    entry, _ = await connected(
        hass, bot_channel(discord, channel), bot_channel(discord, elsewhere)
    )
    (bot,) = hub_of(entry).bots
    discord.hold()
    asked = len(discord.requests)
    bot.async_channels_changed()
    await until(lambda: len(discord.requests) > asked, "the first question")
    await bot.async_restart()
    discord.release()
    await until(lambda: bot.connections == 2, "another session")
    await hass.config_entries.async_unload(entry.entry_id)


async def test_stopped_while_it_restarts(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Anyone who removes a channel right after changing it has no bot left behind."""
    entry, _ = await connected(hass, bot_channel(discord, channel))
    (bot,) = hub_of(entry).bots
    await asyncio.gather(bot.async_restart(), bot.async_restart(), bot.async_stop())
    await until(lambda: not discord.gateway.connections, "the end of the connection")
    assert keep_alive_threads() == []
    await bot.async_restart()
    assert keep_alive_threads() == []
    assert not bot.connected


async def test_leaves_when_home_assistant_stops(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Entries are not unloaded then."""
    await connected(hass, bot_channel(discord, channel))
    await hass.async_stop()
    await until(lambda: not discord.gateway.connections, "the end of the connection")
    assert keep_alive_threads() == []


async def test_is_imported_beside_the_event_loop(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Home Assistant finds no blocking call."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    await posting.async_post(Message(content="Hello"))
    assert "blocking call" not in caplog.text
    assert "Detected" not in caplog.text


async def test_resumes_when_discord_asks_to_reconnect(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Discord does so every few hours; nobody sees it."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    seen = []
    posting.async_add_listener(lambda: seen.append(posting.available))
    (session,) = discord.gateway.sessions.values()
    before = session.connection
    await discord.reconnect()
    await until(
        lambda: session.connection not in (None, before), "a connection that resumes"
    )
    assert len(discord.gateway.sessions) == 1
    assert seen == []
    await posting.async_post(Message(content="Hello"))
    assert len(hub_of(entry).bots) == 1


async def test_resumes_when_the_connection_is_cut(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A router that restarts costs no new session."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    (session,) = discord.gateway.sessions.values()
    await discord.drop_connections()
    await until(lambda: session.connection is not None, "a connection that resumes")
    assert len(discord.gateway.sessions) == 1
    assert posting.available


async def test_begins_anew_when_the_session_is_invalid(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A new session, by a new client, without the thread of the old one."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    await discord.invalidate_session(resumable=False)
    await until(lambda: hub_of(entry).bots[0].connections == 2, "another session")
    await until(lambda: posting.available, "the channel")
    await posting.async_post(Message(content="Hello"))
    assert len(discord.messages) == 1
    assert len(keep_alive_threads()) == 1


@pytest.mark.parametrize("code", [1000, 1001, *range(4000, 4004), *range(4005, 4014)])
@pytest.mark.parametrize("step", ["_talk", "_identify"])
async def test_closed_before_it_began(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    step: str,
    code: int,
) -> None:
    """Discord hangs up before there is a session: that is no bug, and may pass."""
    go_on = getattr(Gateway, step)
    closed = 0

    async def close_first(self: Gateway, connection: Connection, *args: Any) -> Any:
        nonlocal closed
        if closed == 2:
            return await go_on(self, connection, *args)
        closed += 1
        return await connection.close(code)

    monkeypatch.setattr(Gateway, step, close_first)
    await connected(hass, bot_channel(discord, channel))
    await until(lambda: closed == 2, "two attempts")
    assert "Traceback" not in caplog.text
    assert discord.gateway.resumed == 0


async def test_session_that_cannot_be_resumed(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It is not tried without end, but begun anew, which takes its time."""
    entry, _ = await connected(hass, bot_channel(discord, channel))
    resumes = 0

    async def refuse(self: Gateway, connection: Connection, data: Any) -> bool:
        nonlocal resumes
        resumes += 1
        await connection.close(4000)
        return False

    monkeypatch.setattr(Gateway, "_resume", refuse)
    await discord.drop_connections()
    (bot,) = hub_of(entry).bots
    await until(lambda: bot.connections == 2, "another session")
    assert resumes == MOST_RESUMES


@pytest.mark.parametrize("network", [True, False])
async def test_notices_a_connection_that_is_dead(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    network: bool,
) -> None:
    """No answer to heartbeats: the connection is given up, and the session resumed.

    Without a network in between, nothing is answered at all.
    """
    monkeypatch.setattr(discord.gateway, "heartbeat_interval", 0.02)
    await connected(hass, bot_channel(discord, channel))
    (session,) = discord.gateway.sessions.values()
    before = session.connection
    (thread,) = keep_alive_threads()
    thread.heartbeat_timeout = 0.05
    discord.no_acks = True
    assert before is not None
    if not network:
        before.go_deaf()
    await until(
        lambda: session.connection not in (None, before), "a connection that resumes"
    )
    discord.no_acks = False
    before.cut()


async def test_comes_back_after_hours(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The log says once that Discord is gone, and once that it is back.

    No person need do anything, so there is no issue.
    """
    for name in ("nextcord", "custom_components.bitaxe"):
        caplog.set_level(logging.INFO, name)
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    await discord.go_away()
    await until(lambda: caplog.text.count("logging in") >= 5, "some attempts")
    assert not posting.available
    assert channel_entity(hass, entry, "Home › #miners").state == STATE_UNAVAILABLE
    with pytest.raises(UnreachableError):
        await posting.async_post(Message(content="nobody hears it"))
    assert discord_issues(hass) == {}
    await discord.come_back()
    await until(lambda: posting.available, "the channel")
    await posting.async_post(Message(content="Back"))
    assert discord.messages[-1].content == "Back"
    assert caplog.text.count("lost Discord") == 1
    assert caplog.text.count("has Discord back") == 1


async def test_first_connection_may_fail(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Home Assistant often starts before the internet is there."""
    await discord.go_away()
    entry = await swarm_with(hass, bot_channel(discord, channel))
    assert channel_entity(hass, entry, "Home › #miners").state == STATE_UNAVAILABLE
    await discord.come_back()
    await until(lambda: hub_of(entry).channels[0].available, "the channel")


async def test_name_that_cannot_be_resolved(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without a name server there is no Discord, until there is one again."""

    async def fail(host: str, *args: Any, **kwargs: Any) -> Any:
        raise OSError(socket.EAI_NONAME, "Name or service not known")

    connector: Any = async_get_clientsession(hass).connector
    monkeypatch.setattr(connector._resolver, "resolve", fail)  # noqa: SLF001
    monkeypatch.setattr(Route, "BASE", "http://discord.invalid:1" + BASE)
    entry = await swarm_with(hass, bot_channel(discord, channel))
    await until(lambda: "lost Discord" in caplog.text, "the first failure")
    assert not hub_of(entry).bots[0].rejected
    monkeypatch.setattr(Route, "BASE", discord.base)
    await until(lambda: hub_of(entry).channels[0].available, "the channel")


async def test_honours_rate_limits(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """What was too much is sent when it may be; nothing is lost or doubled."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    discord.rate_limit(2, retry_after=0.05, path="/messages")
    for number in range(3):
        await posting.async_post(Message(content=str(number)))
    assert [message.content for message in discord.messages] == ["0", "1", "2"]
    answers = [
        request.status for request in discord.requests if "/messages" in request.path
    ]
    assert answers.count(429) == 2


async def test_keeps_within_rate_limits(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Discord's headers are heeded, so that it need not refuse anything."""
    discord.limit_requests(2, 0.3)
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    for number in range(5):
        await posting.async_post(Message(content=str(number)))
    assert len(discord.messages) == 5
    assert [
        request.path
        for request in discord.requests
        if request.status == 429 and "/messages" in request.path
    ] == []


async def test_server_error(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Discord is out of order: the error says so, and it is no fault of ours."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    discord.fail(1, 503, path="/messages")
    with pytest.raises(UnreachableError):
        await posting.async_post(Message(content="Hello"))
    assert posting.available


async def test_message_that_is_refused(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The error has Discord's reason; the channel is as good as before."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    with pytest.raises(RejectedError):
        await posting.async_post(
            Message(embeds=(Embed(title="t", url="not an address"),))
        )
    discord.violations.clear()
    assert posting.available


async def test_token_that_is_revoked(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Home Assistant asks for another one, and nothing is tried with the old one."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    await discord.revoke()
    await until(lambda: hub_of(entry).bots[0].rejected, "the end of the token")
    await hass.async_block_till_done()
    assert not posting.available
    with pytest.raises(TokenRejectedError):
        await posting.async_post(Message(content="Hello"))
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    assert flow["step_id"] == "reauth_confirm"
    assert flow["context"]["entry_id"] == entry.entry_id
    requests = len(discord.requests)
    await asyncio.sleep(0.1)
    assert len(discord.requests) == requests
    assert caplog.text.count("does not accept the token") == 1


async def test_token_that_was_never_valid(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A token revoked while Home Assistant was off is noticed at the start."""
    stored = bot_channel(discord, channel)
    discord.application.token = "renewed.behind.our-back"
    entry = await swarm_with(hass, stored)
    await until(lambda: hub_of(entry).bots[0].rejected, "the end of the token")
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_channel_that_is_deleted(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A repair names the channel; it goes with the channel."""
    second = discord.add_channel(channel.guild, "second")
    entry, postings = await connected(
        hass, bot_channel(discord, channel), bot_channel(discord, second)
    )
    discord.delete_channel(channel)
    await discord.gateway.flush()
    await until(lambda: not postings[0].available, "the end of the channel")
    assert postings[1].available
    (issue,) = discord_issues(hass).values()
    assert issue.translation_key == "discord_channel_gone"
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["channel"] == "Home › #miners"
    assert isinstance(postings[0].problem, ChannelGoneError)
    with pytest.raises(ChannelGoneError):
        await postings[0].async_post(Message(content="Hello"))
    hass.config_entries.async_remove_subentry(entry, postings[0].subentry_id)
    await hass.async_block_till_done()
    assert discord_issues(hass) == {}


async def test_permission_that_is_taken_away(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """The repair says which one, and goes when it is given back."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    discord.overwrite(channel, deny=Permission.ATTACH_FILES)
    await discord.gateway.flush()
    await until(lambda: not posting.available, "the loss")
    (issue,) = discord_issues(hass).values()
    assert issue.translation_key == "discord_not_permitted"
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["reason"] == "Attach Files"
    assert isinstance(posting.problem, NotPermittedError)
    channel.overwrites.clear()
    discord.overwrite(channel, allow=REPORTING)
    await discord.gateway.flush()
    await until(lambda: posting.available, "the return")
    assert discord_issues(hass) == {}


async def test_bot_that_is_put_out(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Out of the server the channel is gone; invited again it is back."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    discord.expel(channel.guild)
    await discord.gateway.flush()
    await until(lambda: not posting.available, "the end")
    discord.invite(channel.guild)
    await discord.gateway.flush()
    await until(lambda: posting.available, "the return")
    assert discord_issues(hass) == {}


async def test_channel_deleted_while_away(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """What happened while Home Assistant was off is noticed at the start."""
    stored = bot_channel(discord, channel)
    discord.delete_channel(channel)
    entry = await swarm_with(hass, stored)
    await until(lambda: bool(discord_issues(hass)), "the issue")
    assert channel_entity(hass, entry, "Home › #miners").state == STATE_UNAVAILABLE


async def test_messages_that_may_not_be_read(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """All else works, and a repair says what to switch on."""
    entry, (posting,) = await connected(
        hass,
        bot_channel(discord, channel, commands={"enabled": True, "prefix": True}),
    )
    (issue,) = discord_issues(hass).values()
    assert issue.translation_key == "discord_no_message_content"
    await posting.async_post(Message(content="Hello"))
    discord.application.message_content = True
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: not discord_issues(hass), "the end of the issue")


async def test_changing_ones_mind_about_reading(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Who does without commands in messages is bothered no more, and may try again."""
    entry, _ = await connected(
        hass,
        bot_channel(discord, channel, commands={"enabled": True, "prefix": True}),
    )
    assert discord_issues(hass)
    subentry = next(iter(entry.subentries.values()))

    def want(prefix: bool) -> None:
        hass.config_entries.async_update_subentry(
            entry,
            subentry,
            data={**subentry.data, "commands": {"enabled": True, "prefix": prefix}},
        )

    want(False)
    await until(lambda: not discord_issues(hass), "the end of the issue")
    discord.application.message_content = True
    want(True)
    await until(
        lambda: any(
            session.intents & MESSAGE_CONTENT
            for session in discord.gateway.sessions.values()
        ),
        "a session that reads messages",
    )
    assert discord_issues(hass) == {}


async def test_bot_invited_without_commands(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A repair says that it must be invited again."""
    channel.guild.command_scopes.clear()
    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": True})
    )
    await until(lambda: bool(discord_issues(hass)), "the issue")
    (issue,) = discord_issues(hass).values()
    assert issue.translation_key == "discord_no_commands"
    # That Discord has trouble for a while mends nothing.
    discord.fail(1, 503, path="/commands")
    hub_of(entry).bots[0].async_channels_changed()
    await registered()
    assert discord_issues(hass)
    for subentry_id in list(entry.subentries):
        hass.config_entries.async_remove_subentry(entry, subentry_id)
    await hass.async_block_till_done()
    assert discord_issues(hass) == {}


async def test_nothing_secret_in_the_log(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    hass_storage: dict[str, Any],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Not even at debug level, and not in what nextcord logs."""
    for name in ("nextcord", "custom_components.bitaxe", "aiohttp", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    alice = discord.add_user(channel.guild, "alice")
    entry, (posting,) = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": True})
    )
    await until(lambda: bool(discord.application.commands), "the commands")
    await posting.async_post(Message(content="Hello"))
    interaction = await discord.slash(channel, alice, "help")
    token = discord.token
    await discord.revoke()
    await until(lambda: hub_of(entry).bots[0].rejected, "the end of the token")
    assert "nextcord" in caplog.text
    assert token not in caplog.text
    assert token[:12] not in caplog.text
    assert interaction.token not in caplog.text
    shown = repr(
        (
            entry.title,
            [subentry.title for subentry in entry.subentries.values()],
            discord_issues(hass),
            hass.config_entries.flow.async_progress(),
        )
    )
    assert "reauth" in shown
    assert token[:12] not in shown
    for other in hass.config_entries.async_entries(DOMAIN):
        await hass.config_entries.async_unload(other.entry_id)
    assert not any(
        token in str(content)
        for name, content in hass_storage.items()
        if name.startswith(f"{DOMAIN}.")
    )


async def test_commands_are_registered_once(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """They are sent if they differ from what Discord has, and not at each start."""

    def sent() -> int:
        return sum(request.method == "PUT" for request in discord.requests)

    def asked() -> int:
        return sum(
            request.method == "GET" and request.path.endswith("/commands")
            for request in discord.requests
        )

    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": True})
    )
    await until(lambda: sent() == 1, "the commands")
    names = {
        command["name"] for command in discord.application.commands[channel.guild.id]
    }
    assert {"status", "report", "clock"} <= names
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: asked() == 2, "a look at the commands")
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    discord.application.commands[channel.guild.id].pop()
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: sent() == 2, "the commands again")


async def test_commands_go_with_the_wish_for_them(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """A server without a channel that honours them offers none."""
    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": True})
    )
    commands = discord.application.commands
    await until(lambda: bool(commands.get(channel.guild.id)), "the commands")
    subentry = next(iter(entry.subentries.values()))
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "commands": {"enabled": False}}
    )
    await until(lambda: not commands.get(channel.guild.id), "their end")


async def test_commands_go_with_the_last_channel(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Nobody is offered what nobody would answer."""
    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": True})
    )
    commands = discord.application.commands
    await until(lambda: bool(commands.get(channel.guild.id)), "the commands")
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await until(lambda: not commands.get(channel.guild.id), "their end")
    await until(lambda: not discord.gateway.connections, "the end of the connection")


async def test_bot_leaves_although_discord_does_not_answer(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its commands may stay; it does not."""
    monkeypatch.setattr(bot_module, "LEAVE_SECONDS", 0.05)
    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": True})
    )
    await until(lambda: bool(discord.application.commands), "the commands")
    discord.hold()
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await until(lambda: not discord.gateway.connections, "the end of the connection")
    discord.release()


async def test_changing_ones_mind_about_commands(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was chosen last counts, however long Discord takes to answer."""
    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": False})
    )
    await registered()
    subentry = next(iter(entry.subentries.values()))
    ask = HTTPClient.get_guild_commands
    asked, overtaken = asyncio.Event(), asyncio.Event()

    async def answer_late(self: HTTPClient, *args: Any) -> Any:
        present = await ask(self, *args)
        if asked.is_set():
            overtaken.set()
            return present
        asked.set()
        # The second question may overtake the first, if it is asked at all by then.
        with suppress(TimeoutError):
            async with asyncio.timeout(0.2):
                await overtaken.wait()
        return present

    monkeypatch.setattr(HTTPClient, "get_guild_commands", answer_late)
    for enabled in (True, False):
        hass.config_entries.async_update_subentry(
            entry, subentry, data={**subentry.data, "commands": {"enabled": enabled}}
        )
        await asked.wait()
    await hass.async_block_till_done()
    await registered()
    assert not discord.application.commands.get(channel.guild.id)


async def test_commands_of_another_program_are_left_alone(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Whose bot is used here just for reports."""
    entry, _ = await connected(
        hass, bot_channel(discord, channel, commands={"enabled": True})
    )
    commands = discord.application.commands
    await until(lambda: bool(commands.get(channel.guild.id)), "the commands")
    commands[channel.guild.id][0]["name"] = "play"
    await hass.config_entries.async_unload(entry.entry_id)
    subentry = next(iter(entry.subentries.values()))
    hass.config_entries.async_update_subentry(
        entry, subentry, data={**subentry.data, "commands": {"enabled": False}}
    )
    discord.requests.clear()
    await hass.config_entries.async_setup(entry.entry_id)
    await until(
        lambda: any(
            request.path.endswith("/commands") and request.status
            for request in discord.requests
        ),
        "a look at the commands",
    )
    await hass.config_entries.async_unload(entry.entry_id)
    assert [request for request in discord.requests if request.method == "PUT"] == []


async def test_is_patient_with_a_connection(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A moment without Discord is not reported; half a minute is, and so is its end."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    (bot,) = hub_of(entry).bots
    for seconds, available in ((bot_module.PATIENCE - 1, True), (2, False)):
        bot.on_disconnected()
        freezer.tick(seconds)
        async_fire_time_changed(hass)
        assert posting.available is available
    bot.on_connected()
    assert posting.available
    bot.on_disconnected()
    bot.on_connected()
    freezer.tick(2 * bot_module.PATIENCE)
    async_fire_time_changed(hass)
    assert posting.available


async def test_bug_of_the_library(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """It is logged, and the next attempt is made all the same."""
    login = nextcord.Client.login
    attempts = 0

    async def fail_once(self: nextcord.Client, token: str) -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 1:
            raise RuntimeError("a bug")
        await login(self, token)

    monkeypatch.setattr(nextcord.Client, "login", fail_once)
    await connected(hass, bot_channel(discord, channel))
    assert "RuntimeError: a bug" in caplog.text
    assert attempts == 2


async def test_token_found_void_while_posting(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Before the gateway says so: nothing is tried with that token any more."""
    entry, (posting,) = await connected(hass, bot_channel(discord, channel))
    discord.application.token = "renewed.behind.our-back"
    with pytest.raises(TokenRejectedError):
        await posting.async_post(Message(content="Hello"))
    assert hub_of(entry).bots[0].rejected
    await hass.async_block_till_done()
    assert hass.config_entries.flow.async_progress_by_handler(DOMAIN)


async def test_removing_the_swarm_takes_its_issues_along(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Nobody could mend them any more."""
    stored = bot_channel(discord, channel)
    discord.delete_channel(channel)
    entry = await swarm_with(hass, stored)
    await until(lambda: bool(discord_issues(hass)), "the issue")
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert discord_issues(hass) == {}


async def test_has_home_assistants_connections(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """None of its own; those of others stay open when it leaves."""
    swarm, _ = await connected(hass, bot_channel(discord, channel))
    connector = async_get_clientsession(hass).connector
    assert connector is not None
    in_use = connector._acquired  # noqa: SLF001
    await until(lambda: len(in_use) == 1, "all but the connection to be done")
    ours = [
        item
        for item in gc.get_objects()
        if isinstance(item, aiohttp.TCPConnector) and not item.closed
    ]
    assert ours == [connector]
    await hass.config_entries.async_unload(swarm.entry_id)
    assert not in_use
    assert not connector.closed
