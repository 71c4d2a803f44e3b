"""Numbers: settings of a miner, confirmed by the miner."""

from dataclasses import replace

from homeassistant.auth.models import User
from homeassistant.components.number import (
    ATTR_VALUE,
    DOMAIN as NUMBER_DOMAIN,
    SERVICE_SET_VALUE,
)
from homeassistant.const import ATTR_ENTITY_ID
from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.const import CONF_EXTENDED_RANGE
from custom_components.bitaxe.miner.detune import IntendedSettings
from scripts.simulator import PRESETS, MinerServer

from .conftest import AddMiner, PassTime, Simulate
from .entities import entity_id, has_entity, state_of

pytestmark = pytest.mark.usefixtures("swarm_entry", "every_entity")


async def set_number(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    key: str,
    value: float,
    context: Context | None = None,
) -> None:
    """Set a number the way a person does."""
    await hass.services.async_call(
        NUMBER_DOMAIN,
        SERVICE_SET_VALUE,
        {
            ATTR_ENTITY_ID: entity_id(hass, entry, NUMBER_DOMAIN, key),
            ATTR_VALUE: value,
        },
        blocking=True,
        context=context,
    )


def shown(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> float:
    """Return what a number shows."""
    return float(state_of(hass, entry, NUMBER_DOMAIN, key).state)


def patches(server: MinerServer) -> list[object]:
    """Return what was written to a miner."""
    return [item.body for item in server.miner.requests if item.method == "PATCH"]


@pytest.mark.parametrize(
    ("preset", "key", "value", "setting"),
    [
        ("gamma-2.12", "frequency", 550, "frequency"),
        ("gamma-2.12", "frequency", 606.25, "frequency"),
        ("gamma-2.12", "core_voltage", 1100, "coreVoltage"),
        ("gamma-2.12", "target_temperature", 55, "temptarget"),
        ("gamma-2.12", "minimum_fan_speed", 30, "minFanSpeed"),
        ("gamma-2.15", "frequency", 490, "frequency"),
        ("ultra-2.4", "frequency", 450, "frequency"),
        ("ultra-2.4", "core_voltage", 1250, "coreVoltage"),
        ("supra-2.9", "frequency", 525, "frequency"),
        ("nerdqaxepp-1.0.36", "frequency", 575, "frequency"),
        ("nerdqaxepp-1.0.36", "core_voltage", 1180, "coreVoltage"),
        ("nerdqaxepp-1.0.36", "target_temperature", 58, "pidTargetTemp"),
        ("nerdqaxepp-1.0.36", "overheat_temperature", 75, "overheat_temp"),
        ("forge-nano", "frequency", 500, "frequency"),
    ],
)
async def test_the_miner_does_what_is_set(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    preset: str,
    key: str,
    value: float,
    setting: str,
) -> None:
    """Nothing else is written, and the state shows it at once."""
    server = await simulate(replace(PRESETS[preset], write_delay=0.0))
    entry = await add_miner(server)
    await set_number(hass, entry, key, value)
    assert server.miner.info()[setting] == value
    assert shown(hass, entry, key) == value
    assert len(patches(server)) == 1


async def test_the_sensor_of_a_setting_follows_at_once(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """The analysis takes the operating point from there."""
    server = await simulate(replace(PRESETS["gamma-2.12"], write_delay=0.0))
    entry = await add_miner(server)
    await set_number(hass, entry, "frequency", 600)
    assert state_of(hass, entry, "sensor", "frequency").state == "600"


@pytest.mark.parametrize("preset", ["gamma-2.12", "nerdqaxepp-1.0.36"])
async def test_a_manual_fan_speed_turns_the_automatic_off(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, preset: str
) -> None:
    """In the same write, so that there is no moment without either."""
    server = await simulate(replace(PRESETS[preset], write_delay=0.0))
    entry = await add_miner(server)
    assert state_of(hass, entry, "switch", "auto_fan").state == "on"
    await set_number(hass, entry, "fan_speed", 77)
    assert shown(hass, entry, "fan_speed") == 77
    assert state_of(hass, entry, "switch", "auto_fan").state == "off"
    assert len(patches(server)) == 1


@pytest.mark.parametrize(
    ("key", "value"), [("frequency", 700), ("core_voltage", 900), ("fan_speed", 101)]
)
async def test_what_the_board_does_not_bear_is_not_sent(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, key: str, value: int
) -> None:
    """Anyone who asks for it gets the range."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    with pytest.raises(ServiceValidationError) as caught:
        await set_number(hass, entry, key, value)
    assert caught.value.translation_key == "out_of_range"
    assert not patches(server)


async def test_the_extended_range_is_for_those_who_ask_for_it(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Then the limits are those of the regulator."""
    server = await simulate(replace(PRESETS["gamma-2.12"], write_delay=0.0))
    entry = await add_miner(server, {CONF_EXTENDED_RANGE: True})
    await set_number(hass, entry, "frequency", 700)
    assert server.miner.info()["frequency"] == 700


async def test_a_value_outside_the_limits_is_shown(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Somebody set it at the miner; that is no reason to hide it."""
    spec = replace(PRESETS["gamma-2.12"], frequency=725.5)
    entry = await add_miner(await simulate(spec))
    state = state_of(hass, entry, NUMBER_DOMAIN, "frequency")
    assert float(state.state) == 725.5
    assert state.attributes["max"] == 625


async def test_a_refused_value_is_reported_in_the_firmwares_words(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """And the number goes on showing what the miner really does."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.reject_writes = True
    with pytest.raises(HomeAssistantError) as caught:
        await set_number(hass, entry, "frequency", 550)
    assert caught.value.translation_key == "rejected"
    assert shown(hass, entry, "frequency") == 525


async def test_a_change_the_miner_does_not_make_is_reported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Together with what it reports instead."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.ignore_writes = True
    with pytest.raises(HomeAssistantError) as caught:
        await set_number(hass, entry, "frequency", 550)
    assert caught.value.translation_key == "not_confirmed"
    assert "525" in str(caught.value.translation_placeholders)
    assert shown(hass, entry, "frequency") == 525


async def test_a_write_that_needs_a_password_is_reported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Nothing is changed."""
    server = await simulate("nerdqaxepp-otp")
    entry = await add_miner(server)
    before = server.miner.info()["frequency"]
    with pytest.raises(HomeAssistantError) as caught:
        await set_number(hass, entry, "frequency", 575)
    assert caught.value.translation_key == "otp_required"
    assert server.miner.info()["frequency"] == before


@pytest.mark.usefixtures("event_entities")
async def test_who_changed_a_setting_is_in_the_event(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    hass_admin_user: User,
) -> None:
    """The person's context goes all the way."""
    server = await simulate(replace(PRESETS["gamma-2.12"], write_delay=0.0))
    entry = await add_miner(server)
    await set_number(hass, entry, "frequency", 550, Context(user_id=hass_admin_user.id))
    event = state_of(hass, entry, "event", "activity")
    assert event.attributes["event_type"] == "settings_changed"
    assert event.attributes["from"] == {"frequency": 525}
    assert event.attributes["to"] == {"frequency": 550}
    assert event.attributes["by"] == "home_assistant"
    assert event.attributes["user_id"] == hass_admin_user.id


async def test_a_chosen_setting_is_the_intended_one(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """So that it can be restored after the miner lowered it."""
    server = await simulate(replace(PRESETS["gamma-2.12"], write_delay=0.0))
    entry = await add_miner(server)
    await set_number(hass, entry, "frequency", 550)
    await pass_time(30)
    intended: IntendedSettings = entry.runtime_data.intended
    assert intended.operating_point == OperatingPoint(frequency=550, core_voltage=1150)


@pytest.mark.parametrize(
    ("preset", "missing"),
    [
        ("ultra-2.4", ["target_temperature", "minimum_fan_speed"]),
        ("gamma-2.12", ["overheat_temperature"]),
        ("nerdqaxepp-1.0.36", ["minimum_fan_speed", "display_timeout"]),
    ],
)
async def test_only_what_the_firmware_has_can_be_set(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    preset: str,
    missing: list[str],
) -> None:
    """A control without effect is worse than none."""
    entry = await add_miner(await simulate(preset))
    assert not [key for key in missing if has_entity(hass, entry, "number", key)]
