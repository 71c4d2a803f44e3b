"""The entity of a channel, and the actions on it."""

import os
from pathlib import Path
from typing import Any

from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import entity_registry as er
import pytest
import voluptuous as vol

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.discord.pictures import LARGEST
from scripts.fake_discord import Channel, FakeDiscord

from .homes import bot_channel, channel_entity, hub_of, swarm_with, until


@pytest.fixture
def channel(discord: FakeDiscord) -> Channel:
    """Return a channel the bot may write to."""
    return discord.add_channel(discord.add_guild("Home"), "miners")


@pytest.fixture
async def entity_id(hass: HomeAssistant, discord: FakeDiscord, channel: Channel) -> str:
    """Return the entity of a channel that is available."""
    entry = await swarm_with(hass, bot_channel(discord, channel))
    await until(lambda: hub_of(entry).channels[0].available, "the channel")
    return channel_entity(hass, entry, "Home › #miners").entity_id


async def call(hass: HomeAssistant, entity_id: str, action: str, **data: Any) -> None:
    """Call an action of ours on a channel."""
    await hass.services.async_call(
        DOMAIN, action, {"entity_id": entity_id, **data}, blocking=True
    )


async def test_send_message(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str
) -> None:
    """What any automation uses; the state is when that was last."""
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state == STATE_UNKNOWN
    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": entity_id, "message": "**Hello** @everyone"},
        blocking=True,
    )
    assert discord.messages[0].content == "**Hello** @everyone"
    assert not discord.messages[0].pinged
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.state != STATE_UNKNOWN


async def test_send_message_with_title(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str
) -> None:
    """The title stands above the text."""
    await hass.services.async_call(
        "notify",
        "send_message",
        {"entity_id": entity_id, "message": "Text", "title": "Title"},
        blocking=True,
    )
    (embed,) = discord.messages[0].embeds
    assert (embed["title"], embed["description"]) == ("Title", "Text")


async def test_text_of_any_length(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str
) -> None:
    """Discord takes 2000 characters at a time."""
    await call(hass, entity_id, "post_message", message="word " * 1000)
    assert len(discord.messages) == 3


async def test_error_says_why(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str
) -> None:
    """In the language of Home Assistant, with the name of the channel."""
    discord.fail(1, 503, path="/messages")
    with pytest.raises(HomeAssistantError) as caught:
        await call(hass, entity_id, "post_message", message="Hello")
    assert caught.value.translation_domain == DOMAIN
    assert caught.value.translation_key == "discord_unreachable"
    assert "Home › #miners" in str(caught.value)


async def test_picture_from_a_file(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str, tmp_path: Path
) -> None:
    """It is shown below the text."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    path = tmp_path / "Große Küche.png"
    path.write_bytes(b"\x89PNG")
    await call(hass, entity_id, "post_message", message="Look", image=str(path))
    (message,) = discord.messages
    (attachment,) = message.attachments
    assert attachment.content == b"\x89PNG"
    assert attachment.name == "grosse_kuche.png"
    assert message.embeds[0]["description"] == "Look"


@pytest.mark.parametrize("name", ["secrets.yaml", "../../etc/passwd", "/etc/passwd"])
async def test_file_that_may_not_be_read(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str, name: str
) -> None:
    """Nothing outside of the folders that are allowed leaves the house."""
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, entity_id, "post_message", message="Look", image=name)
    assert caught.value.translation_key == "path_not_allowed_to_read"
    assert discord.messages == []


async def test_file_that_is_not_there(
    hass: HomeAssistant, entity_id: str, tmp_path: Path
) -> None:
    """The error names it."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    (tmp_path / "folder").mkdir()
    for path, key in (
        (tmp_path / "none.png", "no_such_file"),
        (tmp_path / "folder", "read_failed"),
    ):
        with pytest.raises(HomeAssistantError) as caught:
            await call(hass, entity_id, "post_message", message="Look", image=str(path))
        assert caught.value.translation_key == key


async def test_file_that_is_too_large(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str, tmp_path: Path
) -> None:
    """Discord would refuse it after all of it was sent."""
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    path = tmp_path / "large.png"
    path.write_bytes(b"\0" * (LARGEST + 1))
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, entity_id, "post_message", message="Look", image=str(path))
    assert caught.value.translation_key == "picture_too_large"
    assert discord.messages == []


async def test_one_picture_at_a_time(hass: HomeAssistant, entity_id: str) -> None:
    """A file or an entity."""
    with pytest.raises(vol.Invalid):
        await call(
            hass,
            entity_id,
            "post_message",
            message="Look",
            image="a.png",
            image_entity="image.chart",
        )


async def test_post_report_without_miners(hass: HomeAssistant, entity_id: str) -> None:
    """There is nothing to report."""
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, entity_id, "post_report")
    assert caught.value.translation_key == "no_miner_set_up"


async def test_unknown_miner(hass: HomeAssistant, entity_id: str) -> None:
    """The error is that of Home Assistant."""
    with pytest.raises(ServiceValidationError) as caught:
        await call(hass, entity_id, "post_report", miners="gone")
    assert caught.value.translation_key != "no_miner_set_up"


async def test_link_to_a_file(
    hass: HomeAssistant, discord: FakeDiscord, entity_id: str, tmp_path: Path
) -> None:
    """It is not followed, wherever it leads; nor is a pipe waited for."""
    folder = tmp_path / "www"
    folder.mkdir()
    hass.config.allowlist_external_dirs = {str(folder)}
    (tmp_path / "secrets.png").write_bytes(b"secret")
    (folder / "link.png").symlink_to(tmp_path / "secrets.png")
    (folder / "folder").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(folder / "pipe.png")
    for name in ("link.png", "folder/secrets.png", "pipe.png", "a\0.png"):
        with pytest.raises(HomeAssistantError) as caught:
            await call(
                hass,
                entity_id,
                "post_message",
                message="Look",
                image=f"{folder}/{name}",
            )
        assert caught.value.translation_domain == DOMAIN
    assert discord.messages == []


@pytest.mark.parametrize(
    ("action", "data"),
    [
        ("apply_configuration", {"frequency": 500}),
        ("get_summary", {}),
    ],
)
async def test_channel_is_not_the_swarm(
    hass: HomeAssistant, entity_id: str, action: str, data: dict[str, Any]
) -> None:
    """Anyone who chooses its device by mistake changes no miner."""
    entity = er.async_get(hass).async_get(entity_id)
    assert entity is not None
    with pytest.raises(ServiceValidationError) as caught:
        await hass.services.async_call(
            DOMAIN,
            action,
            {"device_id": entity.device_id, **data},
            blocking=True,
            return_response=action.startswith("get_"),
        )
    assert caught.value.translation_key == "not_miners"
