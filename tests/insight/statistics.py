"""Hourly statistics of a miner's sensors: reading them, and recording some."""

from datetime import UTC, datetime
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.models import (
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    statistics_during_period,
)
from homeassistant.components.recorder.util import end_incomplete_runs, session_scope
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.const import DOMAIN


def statistic_id(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> str:
    """Return the entity id of a sensor, under which its statistics are kept."""
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{entry.unique_id}_{key}"
    )
    assert entity_id is not None
    return entity_id


async def hourly(
    hass: HomeAssistant, entry: MockConfigEntry, key: str
) -> list[dict[str, Any]]:
    """Return all hourly rows of a sensor."""
    entity_id = statistic_id(hass, entry, key)
    found = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        datetime.fromtimestamp(0, UTC),
        None,
        {entity_id},
        "hour",
        None,
        {"mean", "min", "max", "sum"},
    )
    rows: list[Any] = found.get(entity_id, [])
    return rows


async def record_energy(
    hass: HomeAssistant, entry: MockConfigEntry, sums: dict[float, float]
) -> None:
    """Record hours of the energy by their start, as the recorder would have."""
    async_import_statistics(
        hass,
        StatisticMetaData(
            has_sum=True,
            mean_type=StatisticMeanType.NONE,
            name=None,
            source="recorder",
            statistic_id=statistic_id(hass, entry, "energy"),
            unit_class="energy",
            unit_of_measurement="kWh",
        ),
        [
            {"start": datetime.fromtimestamp(start, UTC), "sum": total}
            for start, total in sums.items()
        ],
    )
    await async_wait_recording_done(hass)


async def end_run(hass: HomeAssistant) -> None:
    """Have the recorder note that it ends, as when Home Assistant does."""
    recorder = get_instance(hass)

    def end() -> None:
        with session_scope(hass=hass) as session:
            recorder.recorder_runs_manager.end(session)

    await recorder.async_add_executor_job(end)


async def begin_run(hass: HomeAssistant) -> None:
    """Have the recorder note that it begins, after whatever ended before."""
    recorder = get_instance(hass)
    runs = recorder.recorder_runs_manager

    def begin() -> None:
        with session_scope(hass=hass) as session:
            runs.reset()
            end_incomplete_runs(session, runs.recording_start)
            runs.start(session)

    await recorder.async_add_executor_job(begin)
