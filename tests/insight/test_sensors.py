"""Sensors that show results of the analysis."""

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import STATE_UNKNOWN
from homeassistant.core import CoreState, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.miner.write_log import person
from custom_components.bitaxe.results.coordinator import async_get_results

from ..conftest import AddMiner, PassTime, Simulate
from ..entities import state_of
from .conftest import AddRecordedMiner, swarm_entry

pytestmark = pytest.mark.usefixtures("every_entity")

SOON = 30
"""Seconds after which results are there."""


async def test_results(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """Efficiency over an hour and a day, how even it was, and what is best."""
    recorded = await add_recorded_miner()
    await pass_time(SOON)

    # The rows end 13 minutes ago, with the present setting.
    hour = state_of(hass, recorded.entry, "sensor", "efficiency_1h")
    assert float(hour.state) == pytest.approx(18, abs=0.01)
    assert hour.attributes["unit_of_measurement"] == "J/TH"
    day = state_of(hass, recorded.entry, "sensor", "efficiency_24h")
    assert float(day.state) == pytest.approx((18 + 13.5) / 1.9, abs=0.01)
    stability = state_of(hass, recorded.entry, "sensor", "stability")
    assert 4 < float(stability.state) < 7
    assert stability.attributes["label"] == "excellent"
    best = state_of(hass, recorded.entry, "sensor", "best_configuration")
    assert best.state == "490 MHz / 1100 mV"
    assert best.attributes["efficiency_j_th"] == pytest.approx(15)
    assert best.attributes["hours"] == pytest.approx(6, abs=0.2)
    assert best.attributes["change_efficiency_j_th"] == pytest.approx(-3, abs=0.01)
    assert best.attributes["change_energy_kwh_per_month"] < -3


async def test_present_setting_is_followed(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """A changed setting is compared anew with the next results."""
    recorded = await add_recorded_miner()
    await pass_time(SOON)
    await recorded.coordinator.async_apply(
        Settings(frequency=490, core_voltage=1100), origin=person(None)
    )
    await pass_time(15 * 60, poll=60)
    best = state_of(hass, recorded.entry, "sensor", "best_configuration")
    assert best.attributes["verdict"] == "keep"
    assert "change_efficiency_j_th" not in best.attributes


async def test_nothing_hotter_is_advised_while_an_alert_is_raised(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """By sensors and actions alike, from the alert on and until it is over."""
    recorded = await add_recorded_miner()
    await recorded.coordinator.async_apply(
        Settings(frequency=400, core_voltage=1000), origin=person(None)
    )
    await pass_time(SOON)

    async def verdicts() -> list[str]:
        answer = await hass.services.async_call(
            DOMAIN,
            "get_configurations",
            {"device_id": recorded.device_id},
            blocking=True,
            return_response=True,
        )
        assert answer is not None
        (miner,) = answer["miners"]
        return [
            state_of(hass, recorded.entry, "sensor", "best_configuration").attributes[
                "verdict"
            ],
            *(item["verdict"] for item in miner["recommendations"].values()),
        ]

    assert await verdicts() == ["present_unknown"] * 4
    recorded.server.miner.faults.sagging_supply = 0.6
    await pass_time(180)
    assert await verdicts() == ["wait"] * 4
    recorded.server.miner.faults.sagging_supply = 0.0
    await pass_time(180)
    assert await verdicts() == ["present_unknown"] * 4


async def test_new_miner_has_no_results(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Unknown, not zero; but what was read so far has an efficiency."""
    entry = await add_miner(await simulate())
    await pass_time(SOON)
    await pass_time(900, poll=30)
    snapshot = entry.runtime_data.snapshot
    shown = float(state_of(hass, entry, "sensor", "efficiency_1h").state)
    assert shown == pytest.approx(snapshot.efficiency, rel=0.1)
    for key in ("stability", "best_configuration"):
        assert state_of(hass, entry, "sensor", key).state == STATE_UNKNOWN


async def test_one_miner_without_history_does_not_hinder_another(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """Its own sensors know nothing, those of the other one do."""
    recorded = await add_recorded_miner()
    poor = await add_recorded_miner("supra-2.9")
    registry = er.async_get(hass)
    frequency = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{poor.entry.unique_id}_{Metric.FREQUENCY}"
    )
    assert frequency is not None
    registry.async_update_entity(frequency, disabled_by=er.RegistryEntryDisabler.USER)
    await pass_time(SOON)
    best = state_of(hass, poor.entry, "sensor", "best_configuration")
    assert best.state == STATE_UNKNOWN
    assert state_of(hass, poor.entry, "sensor", "efficiency_24h").state != STATE_UNKNOWN
    best = state_of(hass, recorded.entry, "sensor", "best_configuration")
    assert best.state == "490 MHz / 1100 mV"


async def test_miner_that_is_added_later(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """Need not wait for the others' next results."""
    await add_recorded_miner()
    await pass_time(SOON)
    later = await add_recorded_miner("supra-2.9")
    await pass_time(SOON)
    best = state_of(hass, later.entry, "sensor", "best_configuration")
    assert best.state == "490 MHz / 1100 mV"


async def test_results_stay_while_the_miner_is_offline(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """They are about time before."""
    recorded = await add_recorded_miner()
    await pass_time(SOON)
    recorded.server.miner.faults.offline = True
    await pass_time(60)
    best = state_of(hass, recorded.entry, "sensor", "best_configuration")
    assert best.state == "490 MHz / 1100 mV"
    assert state_of(hass, recorded.entry, "sensor", "hashrate").state == "unavailable"


async def test_nothing_is_read_while_home_assistant_starts(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """Results can wait; everything else cannot."""
    hass.set_state(CoreState.starting)
    recorded = await add_recorded_miner()
    await pass_time(SOON)
    best = state_of(hass, recorded.entry, "sensor", "best_configuration")
    assert best.state == STATE_UNKNOWN
    hass.set_state(CoreState.running)
    hass.bus.async_fire("homeassistant_started")
    await pass_time(SOON)
    best = state_of(hass, recorded.entry, "sensor", "best_configuration")
    assert best.state == "490 MHz / 1100 mV"


async def test_attributes_cost_no_storage(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """They explain the present state; nobody charts them."""
    recorded = await add_recorded_miner()
    await pass_time(SOON)
    await async_wait_recording_done(hass)
    entity_id = state_of(hass, recorded.entry, "sensor", "best_configuration").entity_id
    start = dt_util.utc_from_timestamp(0)
    states = await get_instance(hass).async_add_executor_job(
        get_significant_states, hass, start, None, [entity_id]
    )
    last = states[entity_id][-1]
    assert last.state == "490 MHz / 1100 mV"
    assert "verdict" not in last.attributes


async def test_results_without_miners(hass: HomeAssistant) -> None:
    """There are none, and that is no error."""
    results = async_get_results(hass)
    await results.async_refresh()
    assert results.last_update_success
    assert results.data == {}


async def test_results_end_with_the_last_miner(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner, pass_time: PassTime
) -> None:
    """Removing a miner leaves nothing behind that could fail."""
    recorded = await add_recorded_miner()
    await pass_time(SOON)
    await hass.config_entries.async_remove(recorded.entry.entry_id)
    await pass_time(3600, poll=300)
    assert swarm_entry(hass).state is ConfigEntryState.LOADED
