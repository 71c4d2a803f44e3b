"""Switches: mining itself, the automatic fan, the display."""

from dataclasses import replace

from homeassistant.components.switch import DOMAIN as SWITCH_DOMAIN
from homeassistant.const import (
    ATTR_ENTITY_ID,
    SERVICE_TURN_OFF,
    SERVICE_TURN_ON,
    STATE_OFF,
    STATE_ON,
)
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from scripts.simulator import PRESETS

from .conftest import AddMiner, PassTime, Simulate
from .entities import entity_id, has_entity, state_of

pytestmark = pytest.mark.usefixtures("swarm_entry")


async def switch(
    hass: HomeAssistant, entry: MockConfigEntry, key: str, service: str
) -> None:
    """Turn a switch the way a person does."""
    await hass.services.async_call(
        SWITCH_DOMAIN,
        service,
        {ATTR_ENTITY_ID: entity_id(hass, entry, SWITCH_DOMAIN, key)},
        blocking=True,
    )


def shown(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str:
    """Return what a switch shows."""
    return state_of(hass, entry, SWITCH_DOMAIN, key).state


async def test_mining_can_be_paused(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Back and forth, and the switch shows it without waiting for a poll."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    assert shown(hass, entry, "mining") == STATE_ON
    for service, paused, state in (
        (SERVICE_TURN_OFF, True, STATE_OFF),
        (SERVICE_TURN_ON, False, STATE_ON),
        (SERVICE_TURN_OFF, True, STATE_OFF),
    ):
        await switch(hass, entry, "mining", service)
        assert server.miner.paused is paused
        assert shown(hass, entry, "mining") == state
    assert state_of(hass, entry, "sensor", "state").state == "paused"


async def test_a_nerdqaxe_mines_again_after_a_restart(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Its firmware knows no other way out of a shutdown."""
    server = await simulate("nerdqaxepp-1.0.36")
    entry = await add_miner(server)
    await switch(hass, entry, "mining", SERVICE_TURN_OFF)
    assert server.miner.stopped
    assert shown(hass, entry, "mining") == STATE_OFF
    await switch(hass, entry, "mining", SERVICE_TURN_ON)
    await pass_time(180)
    assert not server.miner.stopped
    assert shown(hass, entry, "mining") == STATE_ON


async def test_a_hot_miner_is_still_meant_to_mine(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Only who paused it can have switched it off."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    server.miner.faults.ambient_offset = 60.0
    for _ in range(30):
        await pass_time(10)
        assert shown(hass, entry, "mining") == STATE_ON
    assert server.miner.truth.overheats


@pytest.mark.parametrize("preset", ["gamma-2.12", "ultra-2.4"])
async def test_old_firmware_cannot_pause(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, preset: str
) -> None:
    """And so has no switch for it."""
    entry = await add_miner(await simulate(preset))
    assert not has_entity(hass, entry, SWITCH_DOMAIN, "mining")


@pytest.mark.parametrize(
    "preset", ["gamma-2.12", "ultra-2.4", "nerdqaxepp-1.0.36", "forge-nano"]
)
async def test_the_automatic_fan_can_be_switched(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, preset: str
) -> None:
    """In the types each firmware wants."""
    server = await simulate(replace(PRESETS[preset], write_delay=0.0))
    entry = await add_miner(server)
    assert shown(hass, entry, "auto_fan") == STATE_ON
    await switch(hass, entry, "auto_fan", SERVICE_TURN_OFF)
    assert shown(hass, entry, "auto_fan") == STATE_OFF
    assert not server.miner.info()["autofanspeed"]
    await switch(hass, entry, "auto_fan", SERVICE_TURN_ON)
    assert shown(hass, entry, "auto_fan") == STATE_ON
    assert server.miner.info()["autofanspeed"]


@pytest.mark.usefixtures("every_entity")
@pytest.mark.parametrize(
    ("preset", "key", "setting"),
    [
        ("gamma-2.12", "display_inverted", "invertscreen"),
        ("ultra-2.4", "display_flipped", "flipscreen"),
        ("nerdqaxepp-1.0.36", "display_inverted", "invertscreen"),
    ],
)
async def test_the_display_can_be_turned(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    preset: str,
    key: str,
    setting: str,
) -> None:
    """Where the firmware lets one."""
    server = await simulate(replace(PRESETS[preset], write_delay=0.0))
    entry = await add_miner(server)
    before = bool(server.miner.info()[setting])
    service = SERVICE_TURN_OFF if before else SERVICE_TURN_ON
    await switch(hass, entry, key, service)
    assert bool(server.miner.info()[setting]) is not before
    assert shown(hass, entry, key) == (STATE_OFF if before else STATE_ON)


async def test_prefer_fallback_pool(
    hass: HomeAssistant,
    every_entity: None,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """It is written and confirmed; the firmware follows it from its next start on."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    switch = entity_id(hass, entry, "switch", "prefer_fallback_pool")
    await hass.services.async_call(
        "switch", "turn_on", {"entity_id": switch}, blocking=True
    )
    state = hass.states.get(switch)
    assert state is not None
    assert state.state == "on"
    assert server.miner.stored["useFallbackStratum"]
    assert entry.runtime_data.snapshot.pools.using_fallback is False
    server.miner.boot()
    await pass_time(120)
    assert entry.runtime_data.snapshot.pools.using_fallback is True


async def test_no_preference_that_could_not_be_confirmed(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Older firmware takes the setting, and never says what it is."""
    entry = await add_miner(await simulate("gamma-2.14"))
    assert "prefer_fallback" not in (entry.runtime_data.snapshot.capabilities.settings)
