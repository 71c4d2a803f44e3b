"""The swarm, and a house with three miners."""

from dataclasses import replace

from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from scripts.simulator import PRESETS

from ..conftest import AddMiner, PassTime, Settle, Simulate
from .house import House, measure


@pytest.fixture
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


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
    found: House = []
    for seed in (1, 2, 3):
        server = await simulate(
            replace(PRESETS["gamma-2.15"], name=f"gamma-{seed}", seed=seed, mac=None)
        )
        entry = await add_miner(server)
        await measure(hass, entry, server)
        found.append((server, entry))
    await settle()
    await pass_time(60)
    return found
