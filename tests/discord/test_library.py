"""Discord without its library, in a home without internet."""

from collections.abc import Iterator
from datetime import timedelta

from freezegun.api import FrozenDateTimeFactory
from homeassistant.config_entries import SOURCE_REAUTH, SOURCE_USER, ConfigEntryState
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import async_fire_time_changed

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.errors import DiscordLibraryInstallingError
from custom_components.bitaxe.discord.hub import SUBENTRY_TYPE
from custom_components.bitaxe.discord.messages.model import Message
from custom_components.bitaxe.requirements import FIRST_RETRY_SECONDS
from scripts.fake_discord import Channel, FakeDiscord

from ..conftest import AddMiner, Settle, Simulate
from ..package_index import PackageIndex
from ..test_system_health import health
from .homes import (
    bot_channel,
    channel_entity,
    discord_issues,
    hub_of,
    swarm_with,
    until,
    webhook_channel,
)

MISSING = "discord_library_missing"


@pytest.fixture
def index(
    hass: HomeAssistant, monkeypatch: pytest.MonkeyPatch
) -> Iterator[PackageIndex]:
    """Yield a package index that cannot be reached; nextcord is not installed."""
    index = PackageIndex(hass, monkeypatch, "nextcord")
    yield index
    index.released.set()


async def try_again(
    hass: HomeAssistant, freezer: FrozenDateTimeFactory, seconds: float
) -> None:
    """Let time pass until Home Assistant tries again."""
    freezer.tick(timedelta(seconds=seconds))
    async_fire_time_changed(hass)
    await hass.async_block_till_done()


async def test_miners_and_totals_go_on(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    index: PackageIndex,
    simulate: Simulate,
    add_miner: AddMiner,
    settle: Settle,
) -> None:
    """Only the channel is unavailable, and a repair says why."""
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    miner = await add_miner(await simulate())
    await until(lambda: MISSING in discord_issues(hass), "the repair")
    assert swarm.state is ConfigEntryState.LOADED
    assert miner.state is ConfigEntryState.LOADED
    assert channel_entity(hass, swarm, "Home › #miners").state == STATE_UNAVAILABLE
    placeholders = discord_issues(hass)[MISSING].translation_placeholders
    assert placeholders is not None
    assert placeholders["library"] == "nextcord"
    assert "nextcord" in placeholders["reason"]
    assert (await health(hass))["library_nextcord"].startswith("missing (")


async def test_channels_come_back(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    index: PackageIndex,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Home Assistant itself would not try again before it restarts."""
    webhook = discord.add_webhook(channel, "Captain")
    swarm = await swarm_with(
        hass, bot_channel(discord, channel), webhook_channel(discord, webhook)
    )
    await until(lambda: MISSING in discord_issues(hass), "the repair")
    assert channel_entity(hass, swarm, "Captain").state == STATE_UNAVAILABLE
    for posting in hub_of(swarm).channels:
        with pytest.raises(HomeAssistantError) as raised:
            await posting.async_post(Message(content="Hello"))
        assert raised.value.translation_key == MISSING
    await try_again(hass, freezer, FIRST_RETRY_SECONDS + 1)
    await until(lambda: index.attempts == ["nextcord"] * 2, "another attempt")
    index.is_reachable = True
    await try_again(hass, freezer, 2 * FIRST_RETRY_SECONDS + 1)
    await until(
        lambda: all(item.available for item in hub_of(swarm).channels), "the channels"
    )
    assert discord_issues(hass) == {}
    assert channel_entity(hass, swarm, "Home › #miners").state == STATE_UNKNOWN
    assert channel_entity(hass, swarm, "Captain").state == STATE_UNKNOWN
    for posting in hub_of(swarm).channels:
        await posting.async_post(Message(content="Hello"))
    assert len(discord.messages) == 2
    assert (await health(hass))["library_nextcord"] == "ready"


async def test_reloaded_while_it_is_missing(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    index: PackageIndex,
    freezer: FrozenDateTimeFactory,
) -> None:
    """A reload neither asks again at once nor forgets to ask later."""
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    await until(lambda: MISSING in discord_issues(hass), "the repair")
    assert await hass.config_entries.async_reload(swarm.entry_id)
    await hass.async_block_till_done()
    assert index.attempts == ["nextcord"]
    assert MISSING in discord_issues(hass)
    index.is_reachable = True
    await try_again(hass, freezer, FIRST_RETRY_SECONDS + 1)
    await until(lambda: hub_of(swarm).channels[0].available, "the channel")


@pytest.mark.parametrize("is_set_up", [True, False])
async def test_goes_with_the_last_channel(
    hass: HomeAssistant,
    discord: FakeDiscord,
    channel: Channel,
    index: PackageIndex,
    freezer: FrozenDateTimeFactory,
    is_set_up: bool,
) -> None:
    """Nobody needs the library any more: no repair, and no more attempts."""
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    await until(lambda: MISSING in discord_issues(hass), "the repair")
    if not is_set_up:
        await hass.config_entries.async_unload(swarm.entry_id)
    hass.config_entries.async_remove_subentry(swarm, next(iter(swarm.subentries)))
    await hass.async_block_till_done()
    assert discord_issues(hass) == {}
    await try_again(hass, freezer, FIRST_RETRY_SECONDS + 1)
    assert index.attempts == ["nextcord"]


async def test_set_up_says_so(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, index: PackageIndex
) -> None:
    """The form says why it cannot go on, and goes on once it can."""
    swarm = await swarm_with(hass)
    webhook = discord.add_webhook(channel, "Captain")
    for kind, entered in (
        ("webhook", {"webhook_url": discord.webhook_url(webhook)}),
        ("bot", {"token": discord.token}),
    ):
        index.is_reachable = False
        flows = hass.config_entries.subentries
        result = await flows.async_init(
            (swarm.entry_id, SUBENTRY_TYPE), context={"source": SOURCE_USER}
        )
        result = await flows.async_configure(result["flow_id"], {"next_step_id": kind})
        if kind == "webhook":
            result = await flows.async_configure(result["flow_id"], entered)
            assert result["errors"] == {"base": MISSING}
            placeholders = result["description_placeholders"]
            assert placeholders is not None
            assert "nextcord" in placeholders["reason"]
            # A person who tries again does not wait until it is time for that.
            index.is_reachable = True
        result = await flows.async_configure(result["flow_id"], entered)
        assert result["type"] is FlowResultType.FORM
        assert result["errors"] == {}


async def test_set_up_does_not_wait_for_ever(
    hass: HomeAssistant,
    discord: FakeDiscord,
    index: PackageIndex,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An installation that takes long goes on, and the form says so meanwhile."""
    monkeypatch.setattr(
        "custom_components.bitaxe.discord.setup.tokens.INSTALL_SECONDS", 0.01
    )
    index.released.clear()
    swarm = await swarm_with(hass)
    flows = hass.config_entries.subentries
    result = await flows.async_init(
        (swarm.entry_id, SUBENTRY_TYPE), context={"source": SOURCE_USER}
    )
    result = await flows.async_configure(result["flow_id"], {"next_step_id": "bot"})
    result = await flows.async_configure(result["flow_id"], {"token": discord.token})
    assert result["errors"] == {"base": DiscordLibraryInstallingError.key}
    assert (await health(hass))["library_nextcord"] == "installing"
    index.is_reachable = True
    index.released.set()
    result = await flows.async_configure(result["flow_id"], {"token": discord.token})
    monkeypatch.undo()
    await hass.async_block_till_done(wait_background_tasks=True)
    assert index.attempts == ["nextcord"]


async def test_new_token_says_so(
    hass: HomeAssistant, discord: FakeDiscord, channel: Channel, index: PackageIndex
) -> None:
    """So does the form that asks for another token."""
    swarm = await swarm_with(hass, bot_channel(discord, channel))
    result = await hass.config_entries.flow.async_init(
        DOMAIN,
        context={"source": SOURCE_REAUTH, "entry_id": swarm.entry_id},
        data={"bot_id": str(discord.bot.id), "bot_name": discord.bot.name},
    )
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {"token": discord.token}
    )
    assert result["errors"] == {"base": MISSING}
