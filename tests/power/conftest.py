"""The swarm, and a house with three miners."""

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from ..conftest import AddMiner, PassTime, Settle, Simulate
from .house import House, make_house


@pytest.fixture
async def house(
    hass: HomeAssistant,
    swarm: MockConfigEntry,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
) -> House:
    """Return three miners of which some points were measured."""
    found = await make_house(hass, simulate, add_miner, 3)
    await settle()
    await pass_time(60)
    return found
