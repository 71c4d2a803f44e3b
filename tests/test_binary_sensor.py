"""Binary sensors: what is wrong with a miner, and what is connected."""

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_ALERTS

from .conftest import AddMiner, PassTime, Simulate
from .entities import has_entity, state_of

pytestmark = pytest.mark.usefixtures("swarm_entry", "every_entity")


async def test_a_healthy_miner_has_no_problem(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Nothing is on but the pool."""
    entry = await add_miner(await simulate("gamma-2.15"))
    for key in (
        "problem",
        "overheated",
        "power_fault",
        "hardware_fault",
        "flatlined",
        "detuned",
        "using_fallback_pool",
        "block_notice",
    ):
        assert state_of(hass, entry, "binary_sensor", key).state == STATE_OFF, key
    pool = state_of(hass, entry, "binary_sensor", "pool_connected")
    assert pool.state == STATE_ON


@pytest.mark.parametrize(
    ("preset", "missing"),
    [
        ("ultra-2.4", ["power_fault", "hardware_fault", "block_notice"]),
        ("gamma-2.12", ["hardware_fault", "pool_connected", "block_notice"]),
        ("nerdqaxepp-1.1.0", ["power_fault", "hardware_fault", "detuned"]),
    ],
)
async def test_what_a_firmware_does_not_report_is_not_there(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    preset: str,
    missing: list[str],
) -> None:
    """A sensor that is always off would be a promise nobody keeps."""
    entry = await add_miner(await simulate(preset))
    assert not [key for key in missing if has_entity(hass, entry, "binary_sensor", key)]


async def test_faults_are_reported_in_the_firmwares_words(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """They name the problem's cause, and end with it."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    server.miner.faults.power_fault = True
    await pass_time(10)
    fault = state_of(hass, entry, "binary_sensor", "power_fault")
    assert fault.state == STATE_ON
    assert fault.attributes["description"] == server.miner.info()["power_fault"]
    problem = state_of(hass, entry, "binary_sensor", "problem")
    assert problem.state == STATE_ON
    assert problem.attributes["causes"] == ["power_fault"]
    (reason,) = problem.attributes["reasons"]
    assert reason.startswith("has stopped with a power fault")

    server.miner.faults.power_fault = False
    server.miner.power_cycle()
    await pass_time(120)
    fault = state_of(hass, entry, "binary_sensor", "power_fault")
    assert fault.state == STATE_OFF
    assert fault.attributes["description"] is None
    assert state_of(hass, entry, "binary_sensor", "problem").state == STATE_OFF


async def test_a_miner_that_does_not_answer_is_a_problem(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """Of the miner and of the swarm, with the reason, until it answers again."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(60)
    assert state_of(hass, entry, "binary_sensor", "problem").state == STATE_OFF
    await pass_time(180)
    for owner in (entry, swarm_entry):
        problem = state_of(hass, owner, "binary_sensor", "problem")
        assert problem.state == STATE_ON
        (reason,) = problem.attributes["reasons"]
        assert "does not answer" in reason
    assert problem.attributes["miners"] == [entry.title]

    await hass.config_entries.async_reload(swarm_entry.entry_id)
    await hass.async_block_till_done()
    for owner in (entry, swarm_entry):
        assert state_of(hass, owner, "binary_sensor", "problem").state == STATE_ON

    server.miner.faults.offline = False
    await pass_time(20)
    for owner in (entry, swarm_entry):
        assert state_of(hass, owner, "binary_sensor", "problem").state == STATE_OFF


async def test_a_swarm_without_a_miner_has_no_problem(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """A miner that is removed takes its alerts along."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(240)
    assert state_of(hass, swarm_entry, "binary_sensor", "problem").state == STATE_ON
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert state_of(hass, swarm_entry, "binary_sensor", "problem").state == STATE_OFF


async def test_what_nobody_wants_to_know_is_no_problem(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    swarm_entry: MockConfigEntry,
) -> None:
    """The rules of alerts decide, also afterwards."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.offline = True
    await pass_time(240)
    assert state_of(hass, entry, "binary_sensor", "problem").state == STATE_ON
    hass.config_entries.async_update_entry(
        swarm_entry, options={CONF_ALERTS: {"offline": {"enabled": False}}}
    )
    await hass.config_entries.async_reload(swarm_entry.entry_id)
    await pass_time(20)
    for owner in (entry, swarm_entry):
        assert state_of(hass, owner, "binary_sensor", "problem").state == STATE_OFF


async def test_one_entity_of_a_miner_is_of_the_class_problem(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """Home Assistant's maintenance page shows each of that class."""
    await add_miner(await simulate("gamma-2.15"))
    assert [
        state.entity_id
        for state in hass.states.async_all("binary_sensor")
        if state.attributes.get("device_class") == "problem"
        and not state.entity_id.startswith("binary_sensor.bitaxe_swarm")
    ] == ["binary_sensor.gamma_2_15_problem"]


async def test_hardware_fault(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """A fault of the hardware stops mining, and says why."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    server.miner.faults.hardware_fault = "ASIC not found"
    await pass_time(10)
    fault = state_of(hass, entry, "binary_sensor", "hardware_fault")
    assert fault.state == STATE_ON
    assert fault.attributes["description"] == "ASIC not found"
    assert state_of(hass, entry, "sensor", "state").state == "fault"


async def test_overheating_and_what_it_leaves_behind(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The miner stays available while it is hot, and slower afterwards."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.ambient_offset = 60.0
    seen: set[str] = set()
    for _ in range(30):
        await pass_time(10)
        seen.add(state_of(hass, entry, "binary_sensor", "overheated").state)
        if server.miner.truth.overheats:
            server.miner.faults.ambient_offset = 0.0
    assert seen == {STATE_OFF, STATE_ON}
    assert server.miner.truth.overheats
    assert state_of(hass, entry, "binary_sensor", "detuned").state == STATE_ON


async def test_the_fallback_pool_is_reported(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """And so is the pool that is in use."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    server.miner.faults.pool_down = True
    await pass_time(120)
    fallback = state_of(hass, entry, "binary_sensor", "using_fallback_pool")
    assert fallback.state == STATE_ON
    pool = state_of(hass, entry, "sensor", "pool").state
    assert pool == server.miner.info()["fallbackStratumURL"]


async def test_a_found_block_is_noticed(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Until somebody dismisses the miner's notice."""
    server = await simulate("gamma-2.15")
    entry = await add_miner(server)
    server.miner.find_block()
    await pass_time(10)
    notice = state_of(hass, entry, "binary_sensor", "block_notice")
    assert notice.state == STATE_ON
    assert state_of(hass, entry, "sensor", "blocks_found").state == "1"


@pytest.mark.usefixtures("every_entity")
@pytest.mark.parametrize(
    ("preset", "state"),
    [("nerdqaxepp-otp", STATE_ON), ("nerdqaxepp-1.0.36", STATE_OFF)],
)
async def test_a_one_time_password_is_reported(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    preset: str,
    state: str,
) -> None:
    """Where the firmware knows such a thing."""
    entry = await add_miner(await simulate(preset))
    assert state_of(hass, entry, "binary_sensor", "otp").state == state
