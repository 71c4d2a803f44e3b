"""Webhooks, of a Discord on this machine."""

import logging
import traceback

from aiohttp import web
from aiohttp.test_utils import TestServer
from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from nextcord.http import Route
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.bitaxe.discord.channel.settings import Webhook as WebhookAddress
from custom_components.bitaxe.discord.channel.webhook import CHECK_INTERVAL
from custom_components.bitaxe.discord.errors import (
    ChannelGoneError,
    NoAnswerError,
    UnreachableError,
)
from custom_components.bitaxe.discord.messages.model import (
    Attachment,
    Embed,
    Mention,
    Message,
)
from scripts.fake_discord import FakeDiscord, Webhook

from .homes import discord_issues, hub_of, swarm_with, until, webhook_channel

ID = "123456789012345678"
TOKEN = "aB-_" * 17


@pytest.fixture
def webhook(discord: FakeDiscord) -> Webhook:
    """Return a webhook of a channel."""
    return discord.add_webhook(discord.add_channel(discord.add_guild(bot=False)))


def checks(discord: FakeDiscord) -> int:
    """Return how often a webhook was looked at."""
    return sum(
        request.method == "GET" and "/webhooks/" in request.path
        for request in discord.requests
    )


@pytest.mark.parametrize(
    "address",
    [
        f"https://discord.com/api/webhooks/{ID}/{TOKEN}",
        f"https://discordapp.com/api/webhooks/{ID}/{TOKEN}",
        f"https://ptb.discord.com/api/webhooks/{ID}/{TOKEN}",
        f"https://canary.discord.com/api/v10/webhooks/{ID}/{TOKEN}/",
        f"  https://discord.com/api/webhooks/{ID}/{TOKEN}\n",
    ],
)
def test_addresses(address: str) -> None:
    """Whatever of Discord's clients it was copied from, it is the same."""
    webhook = WebhookAddress.parse(address)
    assert (str(webhook.id), webhook.token) == (ID, TOKEN)
    assert webhook.url == f"https://discord.com/api/webhooks/{ID}/{TOKEN}"


@pytest.mark.parametrize(
    "address",
    [
        "",
        f"http://discord.com/api/webhooks/{ID}/{TOKEN}",
        f"https://discord.com.evil.example/api/webhooks/{ID}/{TOKEN}",
        f"https://evil.example/?https://discord.com/api/webhooks/{ID}/{TOKEN}",
        f"https://discord.com/api/webhooks/{ID}",
        f"https://discord.com/api/webhooks/{ID}/{TOKEN}/slack",
        f"https://discord.com/api/webhooks/../../{ID}/{TOKEN}",
    ],
)
def test_other_addresses(address: str) -> None:
    """Nothing else is posted to."""
    with pytest.raises(ValueError, match="webhook"):
        WebhookAddress.parse(address)


async def test_posts(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """A message with a picture gets there, and there is no bot for it."""
    entry = await swarm_with(hass, webhook_channel(discord, webhook))
    (posting,) = hub_of(entry).channels
    await posting.async_post(
        Message(
            embeds=(Embed(title="Chart", image="a.png"),),
            attachments=(Attachment(name="a.png", content=b"\x89PNG"),),
        )
    )
    (message,) = discord.messages
    assert message.channel is webhook.channel
    assert message.attachments[0].content == b"\x89PNG"
    assert hub_of(entry).bots == []
    assert discord.gateway.sessions == {}


async def test_pings_only_whom_it_shall(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """A text that would ping everybody pings nobody; who is chosen is pinged."""
    alice = discord.add_user(webhook.channel.guild, "alice")
    entry = await swarm_with(hass, webhook_channel(discord, webhook))
    (posting,) = hub_of(entry).channels
    await posting.async_post(Message(content=f"@everyone <@{alice.id}>"))
    assert not discord.messages[0].pinged
    await posting.async_post(
        Message(content="@here", mention=(Mention("user", alice.id),))
    )
    assert discord.messages[1].pinged.users == {alice.id}
    assert not discord.messages[1].pinged.everyone


async def test_honours_rate_limits(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """What was too much is sent when it may be; nothing is lost or doubled."""
    entry = await swarm_with(hass, webhook_channel(discord, webhook))
    (posting,) = hub_of(entry).channels
    await until(lambda: checks(discord) == 1, "the first look")
    discord.rate_limit(2, retry_after=0.05)
    for number in range(3):
        await posting.async_post(Message(content=str(number)))
    assert [message.content for message in discord.messages] == ["0", "1", "2"]


async def test_unreachable(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """A post fails; the webhook is as good as before, and there is no issue."""
    entry = await swarm_with(hass, webhook_channel(discord, webhook))
    (posting,) = hub_of(entry).channels
    await until(lambda: checks(discord) == 1, "the first look")
    await discord.go_away()
    with pytest.raises(UnreachableError):
        await posting.async_post(Message(content="nobody hears it"))
    assert posting.available
    assert discord_issues(hass) == {}
    await discord.come_back()
    await posting.async_post(Message(content="Back"))


async def test_deleted(
    hass: HomeAssistant,
    discord: FakeDiscord,
    webhook: Webhook,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A repair names it, and goes when it is there again."""
    entry = await swarm_with(hass, webhook_channel(discord, webhook))
    (posting,) = hub_of(entry).channels
    await until(lambda: checks(discord) == 1, "the first look")
    discord.delete_webhook(webhook)
    with pytest.raises(ChannelGoneError):
        await posting.async_post(Message(content="Hello"))
    assert not posting.available
    (issue,) = discord_issues(hass).values()
    assert issue.translation_key == "discord_channel_gone"
    assert issue.translation_placeholders is not None
    assert issue.translation_placeholders["channel"] == webhook.name

    discord.world.webhooks[webhook.id] = webhook
    freezer.tick(CHECK_INTERVAL)
    async_fire_time_changed(hass)
    await until(lambda: posting.available, "the return")
    assert discord_issues(hass) == {}
    # Nothing is asked any more while all is well.
    looks = checks(discord)
    freezer.tick(CHECK_INTERVAL)
    async_fire_time_changed(hass)
    await hass.async_block_till_done()
    assert checks(discord) == looks


async def test_deleted_while_away(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """What happened while Home Assistant was off is noticed at the start."""
    stored = webhook_channel(discord, webhook)
    discord.delete_webhook(webhook)
    entry = await swarm_with(hass, stored)
    await until(lambda: bool(discord_issues(hass)), "the issue")
    hass.config_entries.async_remove_subentry(entry, next(iter(entry.subentries)))
    await hass.async_block_till_done()
    assert discord_issues(hass) == {}


async def test_token_that_is_void(
    hass: HomeAssistant, discord: FakeDiscord, webhook: Webhook
) -> None:
    """Nobody is asked for a token: the address as a whole is void."""
    stored = webhook_channel(discord, webhook)
    webhook.token = "x" * 68
    entry = await swarm_with(hass, stored)
    (posting,) = hub_of(entry).channels
    with pytest.raises(ChannelGoneError):
        await posting.async_post(Message(content="Hello"))


async def test_nothing_secret_in_the_log(
    hass: HomeAssistant,
    discord: FakeDiscord,
    webhook: Webhook,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The address is a secret, also at debug level and when something goes wrong."""
    for name in ("nextcord", "custom_components.bitaxe", "aiohttp.client", "asyncio"):
        caplog.set_level(logging.DEBUG, name)
    entry = await swarm_with(hass, webhook_channel(discord, webhook))
    (posting,) = hub_of(entry).channels
    await posting.async_post(Message(content="Hello"))
    await discord.go_away()
    with pytest.raises(UnreachableError) as caught:
        await posting.async_post(Message(content="Hello"))
    assert "Webhook ID" in caplog.text
    assert webhook.token not in caplog.text
    assert webhook.token not in str(caught.value)


async def test_nothing_secret_in_errors(
    hass: HomeAssistant,
    discord: FakeDiscord,
    webhook: Webhook,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A network that leads astray makes errors with the address in them."""

    async def astray(request: web.Request) -> web.Response:
        raise web.HTTPTemporaryRedirect(request.path)

    # The network's own log is none of ours.
    caplog.set_level(logging.WARNING, "aiohttp.access")
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", astray)
    async with TestServer(app) as network:
        monkeypatch.setattr(Route, "BASE", str(network.make_url("/api")))
        entry = await swarm_with(hass, webhook_channel(discord, webhook))
        (posting,) = hub_of(entry).channels
        with pytest.raises(UnreachableError) as caught:
            await posting.async_post(Message(content="Hello"))
        await hass.async_block_till_done(wait_background_tasks=True)
    shown = "".join(traceback.format_exception(caught.value))
    assert "REDACTED" in str(caught.value)
    assert webhook.token not in shown
    assert webhook.token not in caplog.text


async def test_something_else_answers_in_place_of_discord(
    hass: HomeAssistant,
    discord: FakeDiscord,
    webhook: Webhook,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A page that asks for a login is no answer: the message has to be tried again."""
    entry = await swarm_with(hass, webhook_channel(discord, webhook))
    (posting,) = hub_of(entry).channels
    await until(lambda: checks(discord) == 1, "the first look")
    discord.fail(1, status=200)
    with pytest.raises(NoAnswerError):
        await posting.async_post(Message(content="Hello"))
    await posting.async_post(Message(content="Hello"))
    assert [message.content for message in discord.messages] == ["Hello"]
    assert "Traceback" not in caplog.text
