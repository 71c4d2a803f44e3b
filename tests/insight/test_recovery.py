"""Energy after a power cut: what no file has seen, the recorder knows."""

from copy import deepcopy
import time
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import Recorder
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.history.last_energy import LastEnergy

from ..conftest import POLL_SECONDS, AddMiner, PassTime, Settle, Simulate
from .conftest import swarm_entry

WATT_SECONDS = 3_600_000


def shown(hass: HomeAssistant, unique_id: str) -> float:
    """Return the state of a sensor."""
    entity_id = er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)
    assert entity_id is not None
    state = hass.states.get(entity_id)
    assert state is not None
    return float(state.state)


@pytest.mark.parametrize("file", ["old", "lost"])
async def test_energy_after_a_power_cut(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    settle: Settle,
    file: str,
) -> None:
    """Neither miner nor swarm steps back, and at most one poll is lost."""
    entry = await add_miner(await simulate())
    swarm = swarm_entry(hass)
    await pass_time(1000)
    for each in (entry, swarm):
        await hass.config_entries.async_reload(each.entry_id)
    await settle()
    written = {
        key: deepcopy(value)
        for key, value in hass_storage.items()
        if key.startswith(DOMAIN)
    }
    await pass_time(350)
    await async_wait_recording_done(hass)
    miner = entry.runtime_data
    energy, power = miner.data.figures.energy, miner.snapshot.electrical.power
    before = {
        key: shown(hass, key) for key in (f"{entry.unique_id}_energy", "swarm_energy")
    }
    swarm_energy = swarm.runtime_data.swarm.totals.energy

    # What is stored is as it was when the process was killed.
    for each in (swarm, entry):
        await hass.config_entries.async_unload(each.entry_id)
    hass_storage.update(written)
    if file == "lost":
        del hass_storage[f"{DOMAIN}.{entry.entry_id}"]
    for each in (entry, swarm):
        await hass.config_entries.async_setup(each.entry_id)
    await settle()

    poll = power * POLL_SECONDS / WATT_SECONDS
    found = entry.runtime_data.data.figures.energy
    # What is recorded is in whole Wh.
    rounding = 0.0005 if file == "lost" else 0.0
    assert energy - poll - rounding <= found <= energy + poll + rounding
    assert swarm.runtime_data.swarm.totals.energy >= swarm_energy - poll - rounding
    for key, value in before.items():
        assert shown(hass, key) >= value
    await pass_time(100)
    for key, value in before.items():
        assert shown(hass, key) >= value
    assert entry.runtime_data.data.figures.energy < energy + rounding + 12 * poll


async def test_a_clock_that_went_ahead_invents_no_energy(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """What was recorded meanwhile lies in the future, and was counted already."""
    entry = await add_miner(await simulate())
    await pass_time(300)
    for key in ("power", "energy"):
        entity_id = er.async_get(hass).async_get_entity_id(
            "sensor", DOMAIN, f"{entry.unique_id}_{key}"
        )
        assert entity_id is not None
        state = hass.states.get(entity_id)
        assert state is not None
        hass.states.async_set(
            entity_id,
            state.state,
            {**state.attributes, "late": True},
            timestamp=time.time() + 3600,
        )
    await async_wait_recording_done(hass)
    before = entry.runtime_data.data.figures.energy
    poll = entry.runtime_data.snapshot.electrical.power * POLL_SECONDS / WATT_SECONDS
    await hass.config_entries.async_reload(entry.entry_id)
    assert before <= entry.runtime_data.data.figures.energy <= before + poll


@pytest.mark.parametrize("shift", [-86_400.0, 86_400.0], ids=["back", "ahead"])
async def test_a_clock_that_was_set_hides_no_energy(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    shift: float,
) -> None:
    """The energy written last is the last, whatever its time says."""
    entry = await add_miner(await simulate())
    await pass_time(300)
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{entry.unique_id}_energy"
    )
    assert entity_id is not None
    state = hass.states.get(entity_id)
    assert state is not None
    # Written with a clock that was set, and more than once with the right one: first
    # so much that these alone would be all that is looked at.
    late, last = (2.0, 1.0) if shift < 0 else (1.0, 2.0)
    for number in range(200):
        hass.states.async_set(
            entity_id,
            f"{late - (200 - number) / 1000:.3f}",
            state.attributes,
            timestamp=time.time() + shift + number,
        )
    if shift > 0:
        hass.states.async_set(entity_id, str(last), state.attributes)
    await async_wait_recording_done(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    del hass_storage[f"{DOMAIN}.{entry.entry_id}"]
    await async_wait_recording_done(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.runtime_data.data.figures.energy == pytest.approx(2.0, abs=0.002)


@pytest.mark.parametrize(
    ("file", "shift"), [("old", -3600.0), ("lost", -3600.0), ("lost", 3600.0)]
)
async def test_energy_after_a_power_cut_while_a_clock_was_set(
    recorder_mock: Recorder,
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    freezer: FrozenDateTimeFactory,
    shift: float,
    file: str,
) -> None:
    """At most one poll is lost or invented, whatever times are recorded."""
    entry = await add_miner(await simulate())
    await pass_time(400)
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    written = deepcopy(hass_storage[f"{DOMAIN}.{entry.entry_id}"])
    await pass_time(100)
    # Of the clock on the wall alone: time goes on as before.
    freezer.tick(shift)
    for passed in (POLL_SECONDS, 290):
        await pass_time(passed)
        await async_wait_recording_done(hass)
        miner = entry.runtime_data
        energy, power = miner.data.figures.energy, miner.snapshot.electrical.power

        await hass.config_entries.async_unload(entry.entry_id)
        await async_wait_recording_done(hass)
        if file == "lost":
            del hass_storage[f"{DOMAIN}.{entry.entry_id}"]
        else:
            hass_storage[f"{DOMAIN}.{entry.entry_id}"] = deepcopy(written)
        await hass.config_entries.async_setup(entry.entry_id)
        await hass.async_block_till_done()

        poll = power * POLL_SECONDS / WATT_SECONDS
        # What is recorded is in whole Wh.
        allowed = poll + 0.0005
        assert entry.runtime_data.data.figures.energy == pytest.approx(
            energy, abs=allowed
        )


def test_a_clock_that_was_set_back_counts_nothing_twice() -> None:
    """The file has seen what its time says it cannot know."""
    recorded = LastEnergy(
        energy=5.0,
        energy_time=90_000.0,
        powers=[(1000.0, 20.0)],
        seen_time=90_010.0,
    )
    assert recorded.after(5.01, 3600.0) == 5.01
    assert recorded.after(4.9, 3600.0) == pytest.approx(5.0, abs=0.001)


def test_no_more_is_recovered_than_was_drawn_since() -> None:
    """A clock that went ahead between file and record made no hour pass."""
    recorded = LastEnergy(
        energy=None, energy_time=None, powers=[(1000.0, 20.0)], seen_time=4600.0
    )
    assert recorded.after(5.0, 1000.0, 10.0) == 5.0 + 200 / WATT_SECONDS
    assert recorded.after(5.0, 1000.0) == 5.0 + 20 * 3600 / WATT_SECONDS


async def test_restarts_are_not_counted_twice_after_a_power_cut(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
) -> None:
    """What happens seldom is written within seconds, without waiting for the rest."""
    server = await simulate()
    entry: MockConfigEntry = await add_miner(server)
    await pass_time(60)
    server.miner.restart()
    await pass_time(120)
    restarts = entry.runtime_data.data.figures.restarts
    assert restarts == 1
    stored = hass_storage[f"{DOMAIN}.{entry.entry_id}"]["data"]
    assert stored["meter"]["figures"]["restarts"] == restarts


def test_what_the_file_has_seen_is_not_added_again() -> None:
    """After an orderly end the file is newer than all that is recorded."""
    recorded = LastEnergy(
        energy=5.0,
        energy_time=900.0,
        powers=[(800.0, 20.0), (940.0, None), (960.0, 10.0)],
        seen_time=990.0,
    )
    assert recorded.after(5.0004, 1000.0) == 5.0004
    assert recorded.after(4.9, 500.0) == pytest.approx(5.0, abs=0.0005)
    assert recorded.after(5.2, 920.0) == pytest.approx(
        5.2 + (20 * 20 + 10 * 30) / WATT_SECONDS
    )
    assert recorded.after(0.0, None) == pytest.approx(
        5.0 + (20 * 40 + 10 * 30) / WATT_SECONDS
    )
