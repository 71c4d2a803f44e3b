"""Charts as images, fetched the way a browser does."""

from datetime import timedelta
from http import HTTPStatus
import io

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from PIL import Image
import pytest
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.const import DOMAIN

from ..conftest import PassTime
from ..entities import state_of
from .conftest import AddRecordedMiner, swarm_entry

SWARM_IMAGE = "image.bitaxe_swarm_hashrate_chart"


def state(hass: HomeAssistant) -> str:
    """Return when the image of the swarm was drawn."""
    found = hass.states.get(SWARM_IMAGE)
    assert found is not None
    return found.state


async def fetch(
    hass: HomeAssistant, client: ClientSessionGenerator, entity_id: str
) -> bytes:
    """Return an image, which must be a PNG."""
    browser = await client()
    response = await browser.get(f"/api/image_proxy/{entity_id}")
    assert response.status == HTTPStatus.OK
    assert response.content_type == "image/png"
    content = await response.read()
    with Image.open(io.BytesIO(content)) as picture:
        assert picture.size == (1200, 675)
    return content


@pytest.mark.usefixtures("every_entity")
async def test_images_of_a_miner(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """Its detail and its configurations are two pictures."""
    recorded = await add_recorded_miner()
    pictures = {
        await fetch(
            hass, hass_client, state_of(hass, recorded.entry, "image", key).entity_id
        )
        for key in ("miner_detail", "efficiency_map")
    }
    assert len(pictures) == 2


async def test_images_of_a_miner_are_disabled_at_first(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner
) -> None:
    """Home Assistant writes to the database for each of them all the time."""
    recorded = await add_recorded_miner()
    items = er.async_entries_for_config_entry(
        er.async_get(hass), recorded.entry.entry_id
    )
    images = [item for item in items if item.domain == "image"]
    assert len(images) == 3
    assert all(item.disabled_by for item in images)


async def test_image_of_the_swarm(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """Drawn for the present, not stored."""
    await add_recorded_miner()
    assert await fetch(hass, hass_client, SWARM_IMAGE)


async def test_picture_is_kept_for_a_while(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_client: ClientSessionGenerator,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Then it is drawn anew, and the state shows that."""
    await add_recorded_miner()
    first = await fetch(hass, hass_client, SWARM_IMAGE)
    drawn = state(hass)
    freezer.tick(timedelta(minutes=14))
    assert await fetch(hass, hass_client, SWARM_IMAGE) == first
    assert state(hass) == drawn
    freezer.tick(timedelta(minutes=2))
    assert await fetch(hass, hass_client, SWARM_IMAGE) != first
    assert state(hass) > drawn


async def test_nobody_looks(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """Then nothing is drawn: the state stays as it was."""
    await add_recorded_miner()
    before = state(hass)
    await pass_time(3600, poll=300)
    assert state(hass) == before


async def test_swarm_without_miners_has_a_picture(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """An empty one."""
    recorded = await add_recorded_miner()
    await hass.config_entries.async_unload(recorded.entry.entry_id)
    assert await fetch(hass, hass_client, SWARM_IMAGE)


async def test_image_without_history(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """Is an error, and a picture again once the sensor is back."""
    recorded = await add_recorded_miner()
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{recorded.entry.unique_id}_hashrate"
    )
    assert entity_id is not None
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    browser = await hass_client()
    response = await browser.get(f"/api/image_proxy/{SWARM_IMAGE}")
    assert response.status == HTTPStatus.INTERNAL_SERVER_ERROR
    registry.async_update_entity(entity_id, disabled_by=None)
    assert await fetch(hass, hass_client, SWARM_IMAGE)


async def test_colors_of_the_images(
    hass: HomeAssistant,
    add_recorded_miner: AddRecordedMiner,
    hass_client: ClientSessionGenerator,
) -> None:
    """Are chosen in the swarm's options, and show at once."""
    await add_recorded_miner()

    def background(content: bytes) -> int:
        with Image.open(io.BytesIO(content)) as picture:
            red, green, blue = picture.convert("RGB").getpixel((2, 2))
        return red + green + blue

    assert background(await fetch(hass, hass_client, SWARM_IMAGE)) < 200
    flow = await hass.config_entries.options.async_init(swarm_entry(hass).entry_id)
    flow = await hass.config_entries.options.async_configure(
        flow["flow_id"], {"next_step_id": "charts"}
    )
    assert flow["data_schema"]({}) == {"theme": "dark"}
    await hass.config_entries.options.async_configure(
        flow["flow_id"], {"theme": "light"}
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert background(await fetch(hass, hass_client, SWARM_IMAGE)) > 600
