"""Reports in Discord, of miners that have a history."""

from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_KIND, DOMAIN, KIND_SWARM
from custom_components.bitaxe.discord.hub import SUBENTRY_TYPE
from scripts.fake_discord import FakeDiscord
from scripts.fake_discord.clock import until

from ..conftest import PassTime
from ..discord.conftest import discord as discord_fixture
from ..discord.homes import webhook_channel
from .conftest import AddPast, Past

discord = discord_fixture


@pytest.fixture
async def past(recorder_mock: Recorder, add_past: AddPast) -> Past:
    """Return a miner with a history."""
    return await add_past()


def add_channel(
    hass: HomeAssistant, discord: FakeDiscord, **options: dict[str, Any]
) -> str:
    """Add a webhook to the swarm that came with the miner; return its entity."""
    webhook = discord.add_webhook(discord.add_channel(discord.add_guild(bot=False)))
    data = webhook_channel(discord, webhook, **options)
    (swarm,) = (
        entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_SWARM
    )
    subentry = ConfigSubentry(
        data=MappingProxyType(data["data"]),
        subentry_type=SUBENTRY_TYPE,
        title=data["title"],
        unique_id=data["unique_id"],
    )
    hass.config_entries.async_add_subentry(swarm, subentry)
    return subentry.subentry_id


def entity_of(hass: HomeAssistant, subentry_id: str) -> str:
    """Return the entity of a channel."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "notify", DOMAIN, f"discord_{subentry_id}"
    )
    assert entity_id is not None
    return entity_id


async def test_post_report(
    hass: HomeAssistant, discord: FakeDiscord, past: Past
) -> None:
    """Of one miner or of all, with charts or without."""
    subentry_id = add_channel(hass, discord)
    await hass.async_block_till_done()
    for data, pictures in (
        ({"span": "12h", "charts": False}, 0),
        ({"span": "12h", "device_id": past.device_id}, 1),
    ):
        seen = len(discord.messages)
        await hass.services.async_call(
            DOMAIN,
            "post_report",
            {"entity_id": entity_of(hass, subentry_id), **data},
            blocking=True,
        )
        posted = discord.messages[seen:]
        assert past.entry.title in " ".join(message.text for message in posted)
        assert (
            sum(len(message.attachments) for message in posted) >= pictures
        ) and bool(pictures) == any(message.attachments for message in posted)


async def test_picture_of_an_entity(
    hass: HomeAssistant, discord: FakeDiscord, past: Past
) -> None:
    """The chart of the swarm, as its image entity shows it."""
    subentry_id = add_channel(hass, discord)
    await hass.async_block_till_done()
    image = er.async_get(hass).async_get_entity_id(
        "image", DOMAIN, "swarm_swarm_hashrate"
    )
    await hass.services.async_call(
        DOMAIN,
        "post_message",
        {
            "entity_id": entity_of(hass, subentry_id),
            "message": "Look",
            "title": "Chart",
            "image_entity": image,
        },
        blocking=True,
    )
    (message,) = discord.messages
    assert message.attachments[0].content.startswith(b"\x89PNG")
    assert message.embeds[0]["title"] == "Chart"


async def test_report_by_the_clock(
    hass: HomeAssistant,
    discord: FakeDiscord,
    past: Past,
    pass_time: PassTime,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Each hour one, and after a restart not the same again."""
    add_channel(
        hass,
        discord,
        report={"enabled": True, "cron": "0 * * * *", "span": "12h", "charts": False},
    )
    await hass.async_block_till_done()
    await pass_time(3600, poll=300)
    await until(lambda: bool(discord.messages), "a report")
    posted = len(discord.messages)
    entry: MockConfigEntry
    for entry in hass.config_entries.async_entries(DOMAIN):  # type: ignore[assignment]
        await hass.config_entries.async_reload(entry.entry_id)
    await pass_time(600, poll=300)
    assert len(discord.messages) == posted
    await pass_time(3000, poll=300)
    await until(lambda: len(discord.messages) == 2 * posted, "the next report")
