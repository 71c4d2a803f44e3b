"""Statistics that another integration recorded go on under ours."""

from homeassistant import loader
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from .conftest import Simulate
from .test_migration import MEASUREMENT, old_entity, old_entry, set_up


@pytest.fixture
def enable_custom_integrations(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    """Start the recorder before anything else, and load this integration."""
    hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)


async def test_statistics_go_on(hass: HomeAssistant, simulate: Simulate) -> None:
    """Long-term statistics stay with the entity id, under which the sensor goes on."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "ip_address")
    entry.add_to_hass(hass)
    entity_id = old_entity(
        hass, entry, server, "hashRate", "GH/s", capabilities=MEASUREMENT
    )
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    async_import_statistics(
        hass,
        {
            "mean_type": StatisticMeanType.ARITHMETIC,
            "has_sum": False,
            "name": None,
            "source": "recorder",
            "statistic_id": entity_id,
            "unit_class": None,
            "unit_of_measurement": "GH/s",
        },
        [{"start": hour, "mean": 1000.0, "min": 900.0, "max": 1100.0}],
    )
    await async_wait_recording_done(hass)
    await set_up(hass, entry)
    await async_wait_recording_done(hass)
    statistics = await get_instance(hass).async_add_executor_job(
        statistics_during_period, hass, hour, None, {entity_id}, "hour", None, {"mean"}
    )
    assert [row["mean"] for row in statistics[entity_id]] == [1000.0]
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "GH/s"
    assert state.attributes["state_class"] == "measurement"
    assert float(state.state) > 0
