"""The integration on the system information page."""

import asyncio
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import get_system_health_info

from custom_components.bitaxe.const import DOMAIN

from .conftest import AddMiner, PassTime, Simulate, miner_entry

pytestmark = pytest.mark.usefixtures("swarm_entry")


async def health(hass: HomeAssistant) -> dict[str, Any]:
    """Return what the page shows."""
    assert await async_setup_component(hass, "system_health", {})
    await hass.async_block_till_done()
    info: dict[str, Any] = await get_system_health_info(hass, DOMAIN)
    return {
        key: await value if asyncio.iscoroutine(value) else value
        for key, value in info.items()
    }


async def test_all_is_well(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Miners, and their firmware by how common it is."""
    for name in ("gamma-2.15", "gamma-2.12", "hex-2.12"):
        await add_miner(await simulate(name))
    assert await health(hass) == {
        "miners": 3,
        "miners_online": 3,
        "firmware": "Bitaxe v2.12.2 (2), Bitaxe v2.15.0 (1)",
        "failures": "",
    }


async def test_system_health_says_why_miners_are_not_read(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Why miners are not read, also those that never were."""
    silent, refusing = await simulate("gamma-2.12"), await simulate("nerdqaxepp-1.0.36")
    await add_miner(silent)
    await add_miner(refusing)
    never = await simulate("gamma-2.15")
    never.miner.faults.offline = True
    entry = miner_entry(never)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    silent.miner.faults.offline = True
    await pass_time(10)
    assert (await health(hass))["failures"] == (
        "The miner could not be reached (1), a poll without an answer (1)"
    )
    refusing.miner.faults.refuse_network = True
    await pass_time(40)
    shown = await health(hass)
    assert shown["miners"] == 3
    assert shown["miners_online"] == 0
    assert shown["failures"] == (
        "The miner could not be reached (2), The miner refuses requests from Home Assistant, "
        "because it only answers addresses of private networks (1)"
    )
    assert "NerdAxe v1.0.36 (1)" in shown["firmware"]
