"""Reports in Discord, of miners that have a history."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.auth.models import User
from homeassistant.components.recorder import Recorder
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_KIND, DOMAIN, KIND_SWARM
from custom_components.bitaxe.discord.hub import SUBENTRY_TYPE
from scripts.fake_discord import FakeDiscord
from scripts.fake_discord.clock import until

from ..conftest import PassTime
from ..discord.conftest import discord as discord_fixture
from ..discord.homes import webhook_channel
from .conftest import AddRecordedMiner, RecordedMiner
from .live import limited_user

discord = discord_fixture


@pytest.fixture
async def recorded(
    recorder_mock: Recorder, add_recorded_miner: AddRecordedMiner
) -> RecordedMiner:
    """Return a miner with a history."""
    return await add_recorded_miner()


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
    hass: HomeAssistant, discord: FakeDiscord, recorded: RecordedMiner
) -> None:
    """Of one miner or of all, with charts or without."""
    subentry_id = add_channel(hass, discord)
    await hass.async_block_till_done()
    for data, pictures in (
        ({"span": "12h", "charts": False}, 0),
        ({"span": "12h", "miners": recorded.device_id}, 1),
    ):
        seen = len(discord.messages)
        await hass.services.async_call(
            DOMAIN,
            "post_report",
            {"entity_id": entity_of(hass, subentry_id), **data},
            blocking=True,
        )
        posted = discord.messages[seen:]
        assert recorded.entry.title in " ".join(message.text for message in posted)
        assert (
            sum(len(message.attachments) for message in posted) >= pictures
        ) and bool(pictures) == any(message.attachments for message in posted)


@dataclass(frozen=True, slots=True)
class House:
    """Two miners with a history, and a channel."""

    discord: FakeDiscord
    first: RecordedMiner
    second: RecordedMiner
    entity_id: str
    channel_device: str

    def posted(self) -> str:
        """Return everything that was posted."""
        return " ".join(message.text for message in self.discord.messages)


@pytest.fixture
async def house(
    hass: HomeAssistant,
    discord: FakeDiscord,
    recorded: RecordedMiner,
    add_recorded_miner: AddRecordedMiner,
) -> House:
    """Return a home with several miners."""
    second = await add_recorded_miner("supra-2.9")
    subentry_id = add_channel(hass, discord)
    await hass.async_block_till_done()
    entity_id = entity_of(hass, subentry_id)
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    assert entity.device_id is not None
    return House(discord, recorded, second, entity_id, entity.device_id)


async def test_report_of_an_area(hass: HomeAssistant, house: House) -> None:
    """Areas are fields: as a target they would name channels."""
    area = ar.async_get(hass).async_create("Cellar").id
    dr.async_get(hass).async_update_device(house.second.device_id, area_id=area)
    await post_report(hass, entity_id=house.entity_id, areas=area)
    assert house.second.entry.title in house.posted()
    assert house.first.entry.title not in house.posted()


async def post_report(
    hass: HomeAssistant, user: User | None = None, **data: Any
) -> None:
    """Post a report without charts, as somebody or as an automation."""
    await hass.services.async_call(
        DOMAIN,
        "post_report",
        {"span": "12h", "charts": False, **data},
        blocking=True,
        context=Context(user_id=user.id if user else None),
    )


@pytest.mark.parametrize(
    "call",
    [
        lambda house: {"entity_id": house.entity_id, "miners": house.first.device_id},
        lambda house: {
            "device_id": house.channel_device,
            "miners": [house.first.device_id],
        },
        # As it was written before there was the field.
        lambda house: {
            "entity_id": house.entity_id,
            "device_id": house.first.device_id,
        },
        lambda house: {
            "device_id": [house.channel_device, house.first.device_id],
        },
    ],
)
async def test_report_of_one_of_several_miners(
    hass: HomeAssistant, house: House, call: Callable[[House], dict[str, Any]]
) -> None:
    """The others are not in it."""
    await post_report(hass, **call(house))
    assert house.first.entry.title in house.posted()
    assert house.second.entry.title not in house.posted()


@pytest.mark.parametrize("target", ["entity_id", "device_id"])
async def test_report_of_all_miners(
    hass: HomeAssistant, house: House, target: str
) -> None:
    """Where none is named, whichever way the channel is."""
    channel = {"entity_id": house.entity_id, "device_id": house.channel_device}
    await post_report(hass, **{target: channel[target]})
    for recorded in (house.first, house.second):
        assert recorded.entry.title in house.posted()


@pytest.mark.parametrize("field", ["miners", "device_id"])
@pytest.mark.parametrize("others", [False, True])
async def test_report_of_an_unknown_device(
    hass: HomeAssistant, house: House, field: str, others: bool
) -> None:
    """Nothing is posted, least of all the whole swarm."""
    devices = ["gone", *([house.first.device_id] if others else [])]
    with pytest.raises(ServiceValidationError) as caught:
        await post_report(hass, entity_id=house.entity_id, **{field: devices})
    assert caught.value.translation_key is not None
    assert house.discord.messages == []


@pytest.mark.parametrize(
    ("miners", "key"), [([], "no_miner_set_up"), (["channel"], "not_miners")]
)
async def test_report_of_no_miner(
    hass: HomeAssistant, house: House, miners: list[str], key: str
) -> None:
    """A list that a template made empty is not all of them; nor is a channel one."""
    miners = [house.channel_device for _ in miners]
    with pytest.raises(ServiceValidationError) as caught:
        await post_report(hass, entity_id=house.entity_id, miners=miners)
    assert caught.value.translation_key == key
    assert house.discord.messages == []


@pytest.mark.usefixtures("hass_admin_user")
async def test_report_is_for_those_who_may_read(
    hass: HomeAssistant, house: House
) -> None:
    """Anyone who may write to the channel has not the miners' figures posted there."""
    user, _ = await limited_user(
        hass,
        {
            "entity_ids": {house.entity_id: {"control": True}},
            "device_ids": {house.first.device_id: {"read": True}},
        },
    )
    for data in (
        {"miners": house.second.device_id},
        {"device_id": house.second.device_id},
        {"miners": [house.first.device_id, house.second.device_id]},
        {},
    ):
        with pytest.raises(Unauthorized):
            await post_report(hass, user, entity_id=house.entity_id, **data)
    assert house.discord.messages == []
    await post_report(
        hass, user, entity_id=house.entity_id, miners=house.first.device_id
    )
    assert house.first.entry.title in house.posted()


@pytest.mark.usefixtures("hass_admin_user")
async def test_picture_is_for_those_who_may_see_it(
    hass: HomeAssistant, discord: FakeDiscord, recorded: RecordedMiner, tmp_path: Path
) -> None:
    """An image entity as it may be read, and a path for administrators."""
    subentry_id = add_channel(hass, discord)
    await hass.async_block_till_done()
    entity_id = entity_of(hass, subentry_id)
    image = er.async_get(hass).async_get_entity_id(
        "image", DOMAIN, "swarm_swarm_hashrate"
    )
    assert image is not None
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    path = tmp_path / "picture.png"
    path.write_bytes(b"\x89PNG")

    async def post(user: User, **data: Any) -> None:
        await hass.services.async_call(
            DOMAIN,
            "post_message",
            {"entity_id": entity_id, "message": "Look", **data},
            blocking=True,
            context=Context(user_id=user.id),
        )

    channel = {entity_id: {"control": True}}
    blind, _ = await limited_user(hass, {"entity_ids": channel})
    for data in (
        {"image_entity": image},
        {"image_entity": "image.gone"},
        {"image": str(path)},
    ):
        with pytest.raises(Unauthorized):
            await post(blind, **data)
    assert discord.messages == []
    await post(blind)
    seeing, _ = await limited_user(
        hass, {"entity_ids": {**channel, image: {"read": True}}}
    )
    await post(seeing, image_entity=image)
    assert len(discord.messages) == 2


async def test_picture_of_an_entity(
    hass: HomeAssistant, discord: FakeDiscord, recorded: RecordedMiner
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
    recorded: RecordedMiner,
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
