"""Messages get to their channel once, whatever happens on the way."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.discord import bot
from custom_components.bitaxe.discord.channel.channel import Parcel
from custom_components.bitaxe.discord.channel.settings import ChannelKind
from custom_components.bitaxe.discord.errors import NoAnswerError, UnreachableError
from custom_components.bitaxe.discord.messages.model import Message
from scripts.fake_discord import Channel, FakeDiscord
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Simulate
from .homes import bot_channel, connected, hub_of, swarm_with, until, webhook_channel

BLOCK = "🎉 gamma-2.15 found a block!"
ALERTS = {"kinds": ["block_found"], "mention": [], "cooldown": 300}
LONG = "\n".join(f"line {number}" for number in range(10_000))


@pytest.fixture(params=["webhook", "bot"])
async def entry(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    request: pytest.FixtureRequest,
) -> MockConfigEntry:
    """Set up a channel that posts blocks, of either kind."""
    data = (
        webhook_channel(discord, discord.add_webhook(channel), alerts=ALERTS)
        if request.param == "webhook"
        else bot_channel(discord, channel, alerts=ALERTS)
    )
    entry, _ = await connected(hass, data)
    return entry


@pytest.fixture
async def miner(simulate: Simulate, add_miner: AddMiner) -> MinerServer:
    """Set up a miner that can find blocks."""
    server = await simulate("gamma-2.15")
    await add_miner(server)
    return server


def titles(discord: FakeDiscord) -> list[str]:
    """Return what was posted."""
    return [embed["title"] for message in discord.messages for embed in message.embeds]


async def test_goes_on_with_the_page_that_failed(
    discord: FakeDiscord, entry: MockConfigEntry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Discord goes away between two pages, and no page comes twice."""
    monkeypatch.setattr(bot, "FIRST_DELAY", 0.01)
    monkeypatch.setattr(bot, "LONGEST_DELAY", 0.02)
    (posting,) = hub_of(entry).channels
    parcel = Parcel(Message(content=LONG))
    assert len(parcel.pages) >= 50
    delivering = asyncio.create_task(posting.async_deliver(parcel))
    await until(lambda: bool(discord.messages), "the first page")
    discord.hold()
    answered = len(discord.requests)
    await until(lambda: len(discord.requests) > answered, "the next page")
    await discord.go_away()
    discord.release()
    with pytest.raises(UnreachableError):
        await delivering
    assert parcel.begun
    await discord.come_back()
    await until(
        lambda: all(item.connections == 2 for item in hub_of(entry).bots), "the bot"
    )
    await posting.async_deliver(parcel)
    assert "\n".join(message.content for message in discord.messages) == LONG


async def test_an_answer_that_is_lost(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Discord informs a bot that it has the message already."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    parcel = Parcel(Message(content=LONG))
    discord.lose_answers(path="/messages")
    with pytest.raises(NoAnswerError):
        await posting.async_deliver(parcel)
    await posting.async_deliver(parcel)
    assert "\n".join(message.content for message in discord.messages) == LONG


JSON = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("text", "headers"),
    [
        pytest.param('{"message": "", "global": false}', JSON, id="no time"),
        pytest.param('{"retry_after": 1e9, "global": true}', JSON, id="30 years"),
        pytest.param('{"retry_after": "soon"}', JSON, id="no number"),
        pytest.param("[]", JSON, id="a list"),
        pytest.param("", {}, id="nothing"),
        pytest.param(
            "<html>Error 1015</html>", {"Content-Type": "text/html"}, id="page"
        ),
        pytest.param(
            '{"retry_after": 0.1, "global": false}',
            {**JSON, "X-RateLimit-Limit": "many", "X-RateLimit-Bucket": "x"},
            id="limits that are none",
        ),
    ],
)
async def test_limits_that_nobody_understands(
    discord: FakeDiscord, entry: MockConfigEntry, text: str, headers: dict[str, str]
) -> None:
    """The post fails as if Discord was not there, and the next one arrives."""
    (posting,) = hub_of(entry).channels
    await until(lambda: posting.checked, "the first look")
    webhook = posting.settings.kind is ChannelKind.WEBHOOK
    path = "webhooks" if webhook else "messages"
    discord.fail(status=429, path=path, text=text, headers=headers)
    with pytest.raises((NoAnswerError, UnreachableError)):
        await posting.async_post(Message(content="too much"))
    assert posting.available
    await posting.async_post(Message(content="later"))
    assert [message.content for message in discord.messages] == ["later"]


async def test_the_same_text_twice(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel
) -> None:
    """Is two messages, if somebody wants it so."""
    _, (posting,) = await connected(hass, bot_channel(discord, channel))
    for _ in range(2):
        await posting.async_post(Message(content="Hello"))
    assert len(discord.messages) == 2


@pytest.mark.parametrize("how", ["unload", "stop"])
async def test_posts_what_is_gathered_before_it_leaves(
    hass: HomeAssistant,
    discord: FakeDiscord,
    entry: MockConfigEntry,
    miner: MinerServer,
    pass_time: PassTime,
    how: str,
) -> None:
    """Also when Home Assistant stops, which ends connections of bots early."""
    miner.miner.find_block()
    await pass_time(10)
    assert discord.messages == []
    if how == "unload":
        await hass.config_entries.async_unload(entry.entry_id)
    else:
        await hass.async_stop()
    assert titles(discord) == [BLOCK]
    await until(lambda: not discord.gateway.connections, "the end of the connection")


async def test_waits_for_discord_through_a_restart(
    hass: HomeAssistant,
    discord: FakeDiscord,
    entry: MockConfigEntry,
    miner: MinerServer,
    pass_time: PassTime,
) -> None:
    """A block that was found while Discord was away is posted after the restart."""
    await discord.go_away()
    miner.miner.find_block()
    await pass_time(60)
    await hass.config_entries.async_unload(entry.entry_id)
    await discord.come_back()
    await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    await pass_time(60)
    assert titles(discord)[0] == BLOCK
    # The file with what waited was read in whole.
    assert not [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "stored_file"
    ]
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    await pass_time(60)
    assert titles(discord).count(BLOCK) == 1


async def test_waits_for_a_webhook_that_is_replaced(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    miner: MinerServer,
    pass_time: PassTime,
) -> None:
    """Somebody deleted it: what could not be posted comes by the new one."""
    first = discord.add_webhook(channel)
    entry = await swarm_with(hass, webhook_channel(discord, first, alerts=ALERTS))
    await pass_time(10)
    discord.delete_webhook(first)
    miner.miner.find_block()
    await pass_time(60)
    assert discord.messages == []
    (subentry,) = entry.subentries.values()
    second = webhook_channel(discord, discord.add_webhook(channel), alerts=ALERTS)
    hass.config_entries.async_update_subentry(entry, subentry, data=second["data"])
    await pass_time(60)
    assert titles(discord)[0] == BLOCK
    assert titles(discord).count(BLOCK) == 1


async def test_a_channel_that_is_removed_leaves_nothing(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    discord: FakeDiscord,
    channel: Channel,
    miner: MinerServer,
    pass_time: PassTime,
) -> None:
    """Neither what waited for it, nor the file when the swarm goes."""
    webhook = discord.add_webhook(channel)
    entry = await swarm_with(hass, webhook_channel(discord, webhook, alerts=ALERTS))
    await pass_time(10)
    await discord.go_away()
    miner.miner.find_block()
    await pass_time(60)
    key = f"bitaxe.{entry.entry_id}.backlog"
    assert list(hass_storage[key]["data"]) == list(entry.subentries)
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await pass_time(60)
    assert hass_storage[key]["data"] == {}
    await hass.config_entries.async_remove(entry.entry_id)
    assert key not in hass_storage
