"""Two things at once that a guard has to bear."""

from unittest.mock import patch

from homeassistant.core import HomeAssistant
from homeassistant.helpers.storage import Store
from homeassistant.util.file import WriteError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_GUARD

from ..conftest import AddMiner, PassTime, Simulate
from .test_guard import frequency, guard_events, guarded, heat_up, the_guard

MINUTE = 60


@pytest.fixture(autouse=True)
async def swarm(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> MockConfigEntry:
    """Set up the swarm, as the first miner does for a person."""
    await hass.config_entries.async_setup(swarm_entry.entry_id)
    await hass.async_block_till_done()
    return swarm_entry


async def test_heat_and_a_disk_that_is_full(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """What is held cannot be stored; the miner is lowered and comes back even so."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    with patch.object(Store, "_async_write_data", side_effect=WriteError("full")):
        await heat_up(server, pass_time, 5 * MINUTE)
        assert frequency(server) < chosen
        assert the_guard(hass, entry).holds
        server.miner.faults.set(ambient_offset=-5)
        await pass_time(15 * MINUTE)
    assert frequency(server) == chosen
    assert events[-1]["action"] == "return"


async def test_heat_and_too_much_power(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Acted on is the heat; once it is over, the power limit still stands."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, guarded(heat_action="step_down"))
    events = guard_events(entry.runtime_data)
    await pass_time(5 * MINUTE)
    chosen = frequency(server)
    power = entry.runtime_data.snapshot.electrical.power
    temperature = entry.runtime_data.snapshot.cooling.hottest_asic_temperature
    limits = {
        "heat_action": "step_down",
        "maximum_power": power * 0.97,
        "asic_warning": temperature - 8,
        "asic_critical": temperature - 4,
    }

    def choose(**options: object) -> None:
        hass.config_entries.async_update_entry(
            entry, options={**entry.options, CONF_GUARD: options}
        )

    choose(**limits)
    await pass_time(30)
    assert events[0]["cause"] == "asic_heat"
    choose(heat_action="step_down", maximum_power=power * 0.97)
    await pass_time(60 * MINUTE, 20)
    assert [event["action"] for event in events] == ["lower"]
    assert the_guard(hass, entry).holds
    assert frequency(server) < chosen
    choose(heat_action="step_down")
    await pass_time(15 * MINUTE, 20)
    assert frequency(server) == chosen
