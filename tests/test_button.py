"""Buttons: what a miner can be asked to do."""

from dataclasses import replace

from homeassistant.components.button import DOMAIN as BUTTON_DOMAIN, SERVICE_PRESS
from homeassistant.const import ATTR_ENTITY_ID, EVENT_STATE_CHANGED, STATE_UNAVAILABLE
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from scripts.simulator import PRESETS

from .conftest import AddMiner, PassTime, Simulate
from .entities import entity_id, has_entity, state_of

pytestmark = pytest.mark.usefixtures("swarm_entry")


async def press(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> None:
    """Press a button the way a person does."""
    await hass.services.async_call(
        BUTTON_DOMAIN,
        SERVICE_PRESS,
        {ATTR_ENTITY_ID: entity_id(hass, entry, BUTTON_DOMAIN, key)},
        blocking=True,
    )


@pytest.mark.parametrize(
    "preset", ["gamma-2.15", "gamma-2.12", "ultra-2.4", "nerdqaxepp-1.0.36"]
)
async def test_restart(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    preset: str,
) -> None:
    """The miner restarts and comes back, and the restart is counted."""
    server = await simulate(preset)
    entry = await add_miner(server)
    booted = server.miner.booted_at
    await press(hass, entry, "restart")
    await pass_time(180)
    assert server.miner.booted_at > booted
    assert state_of(hass, entry, "sensor", "state").state == "mining"
    assert state_of(hass, entry, "sensor", "restarts").state == "1"


async def test_a_restart_that_does_not_arrive_is_reported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Instead of waiting for a restart that never comes."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, entry, "restart")
    assert caught.value.translation_key == "cannot_connect"


async def test_what_is_controlled_says_nothing_of_a_silence(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Each that comes and goes with the miner would be two lines of the logbook."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    # The swarm counts a new miner with its next figures.
    await pass_time(30)
    changed: list[str] = []

    @callback
    def hear(event: Event[EventStateChangedData]) -> None:
        changed.append(event.data["entity_id"])

    hass.bus.async_listen(EVENT_STATE_CHANGED, hear)
    for offline in (True, False):
        server.miner.faults.offline = offline
        await pass_time(60)
    domains = {entity_id.partition(".")[0] for entity_id in changed}
    assert "sensor" in domains
    assert not domains & {"button", "number", "select", "switch"}


@pytest.mark.usefixtures("every_entity")
async def test_identify(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The miner shows itself."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await press(hass, entry, "identify")
    assert server.miner.identify_until > server.miner.now


async def test_old_firmware_cannot_show_itself(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """And so has no button for it."""
    entry = await add_miner(await simulate("ultra-2.4"))
    assert not has_entity(hass, entry, BUTTON_DOMAIN, "identify")


@pytest.mark.usefixtures("every_entity")
async def test_a_block_notice_can_be_dismissed(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """While there is one."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    button = state_of(hass, entry, BUTTON_DOMAIN, "dismiss_block")
    assert button.state == STATE_UNAVAILABLE
    server.miner.find_block()
    await pass_time(10)
    button = state_of(hass, entry, BUTTON_DOMAIN, "dismiss_block")
    assert button.state != STATE_UNAVAILABLE
    await press(hass, entry, "dismiss_block")
    assert not server.miner.show_new_block
    await pass_time(10)
    assert state_of(hass, entry, "binary_sensor", "block_notice").state == "off"


async def test_a_latched_overheat_state_can_be_cleared(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """And the settings of before be restored, as one press each."""
    server = await simulate(replace(PRESETS["gamma-2.10"], write_delay=0.0))
    entry = await add_miner(server)
    for key in ("clear_overheat", "restore_settings"):
        assert state_of(hass, entry, BUTTON_DOMAIN, key).state == STATE_UNAVAILABLE

    server.miner.faults.ambient_offset = 60.0
    for _ in range(60):
        await pass_time(10)
        if server.miner.truth.overheats:
            server.miner.faults.ambient_offset = 0.0
    assert server.miner.info()["overheat_mode"] == 1
    for key in ("clear_overheat", "restore_settings"):
        assert state_of(hass, entry, BUTTON_DOMAIN, key).state != STATE_UNAVAILABLE

    await press(hass, entry, "clear_overheat")
    assert server.miner.info()["overheat_mode"] == 0
    await press(hass, entry, "restore_settings")
    assert server.miner.info()["frequency"] == 525
    assert server.miner.info()["coreVoltage"] == 1150
    button = state_of(hass, entry, BUTTON_DOMAIN, "restore_settings")
    assert button.state == STATE_UNAVAILABLE
    assert state_of(hass, entry, "number", "frequency").state == "525"


async def test_settings_lowered_by_new_firmware_can_be_restored(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Which comes back by itself, but slower and with its fan at full speed."""
    server = await simulate(replace(PRESETS["gamma-2.12"], write_delay=0.0))
    entry = await add_miner(server)
    server.miner.faults.ambient_offset = 60.0
    for _ in range(60):
        await pass_time(10)
        if server.miner.truth.overheats:
            server.miner.faults.ambient_offset = 0.0
    assert server.miner.info()["frequency"] < 525
    await press(hass, entry, "restore_settings")
    info = server.miner.info()
    assert (info["frequency"], info["coreVoltage"]) == (525, 1150)
    assert info["autofanspeed"] == 1
