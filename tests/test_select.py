"""Selects: how the display is turned."""

from dataclasses import replace

from homeassistant.components.select import (
    ATTR_OPTION,
    DOMAIN as SELECT_DOMAIN,
    SERVICE_SELECT_OPTION,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import HomeAssistant
import pytest

from scripts.simulator import PRESETS

from .conftest import AddMiner, Simulate
from .entities import entity_id, has_entity, state_of

pytestmark = pytest.mark.usefixtures("swarm_entry", "every_entity")


async def test_the_display_can_be_rotated(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """In quarter turns."""
    server = await simulate(replace(PRESETS["gamma-2.12"], write_delay=0.0))
    entry = await add_miner(server)
    for degrees in ("180", "0"):
        await hass.services.async_call(
            SELECT_DOMAIN,
            SERVICE_SELECT_OPTION,
            {
                ATTR_ENTITY_ID: entity_id(
                    hass, entry, SELECT_DOMAIN, "display_rotation"
                ),
                ATTR_OPTION: degrees,
            },
            blocking=True,
        )
        assert server.miner.info()["rotation"] == int(degrees)
        shown = state_of(hass, entry, SELECT_DOMAIN, "display_rotation")
        assert shown.state == degrees


async def test_not_every_firmware_rotates(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """NerdOS flips its display only."""
    entry = await add_miner(await simulate("nerdqaxepp-1.0.36"))
    assert not has_entity(hass, entry, SELECT_DOMAIN, "display_rotation")
