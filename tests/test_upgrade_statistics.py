"""Statistics that version 0.1 recorded go on in version 0.2, with nothing to repair."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant import loader
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.db_schema import Statistics, StatisticsShortTerm
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    get_metadata,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import StatisticsTask
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, issue_registry as ir
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from .conftest import PassTime, Settle, Simulate
from .test_upgrade import write_home

# By the unit they had in version 0.1, the sensors of each miner and of the swarm.
MEANS: Final = {
    "GH/s": "hashrate expected_hashrate hashrate_1m hashrate_10m hashrate_1h"
    " asic_1_domain_1_hashrate asic_1_domain_2_hashrate asic_1_domain_3_hashrate"
    " asic_1_domain_4_hashrate",
    "%": "hashrate_ratio error_percentage fan_speed reject_rate stability"
    " chance_per_day chance_per_year",
    "W": "power",
    "J/TH": "efficiency efficiency_1h efficiency_24h",
    "GH/W": "efficiency_gh_w",
    "MHz": "frequency",
    "mV": "core_voltage core_voltage_actual",
    "V": "input_voltage",
    "A": "core_current",
    "°C": "asic_temperature vr_temperature",
    "rpm": "fan_rpm",
    "ms": "response_time",
    "dBm": "wifi_rssi",
    "KiB": "free_heap free_heap_internal free_heap_external",
    "EUR/d": "cost_per_day",
    "y": "time_to_block",
    "": "best_difficulty best_session_difficulty block_height network_difficulty"
    " pool_difficulty suggested_difficulty miners miners_online miners_mining",
}
SUMS: Final = {
    "kWh": "energy",
    "h": "total_uptime",
    "": "restarts blocks_found asic_1_error_count",
}
SHARES: Final = "shares_accepted shares_rejected"
"""Had a unit in the language of Home Assistant."""
CONVERTED: Final = {"KiB": "B", "h": "s"}
"""Units that Home Assistant shows instead of those of the sensors."""
WINDOW: Final = timedelta(minutes=5)
OLD_SUM: Final = 1000.0


@pytest.fixture
def enable_custom_integrations(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    """Start the recorder before anything else, and load this integration."""
    hass.data.pop(loader.DATA_CUSTOM_COMPONENTS)


def units_of(table: dict[str, str]) -> dict[str, str]:
    """Return the unit of each sensor."""
    return {key: unit for unit, keys in table.items() for key in keys.split()}


def describe(entity_id: str, unit: str, *, total: bool) -> StatisticMetaData:
    """Return how version 0.1 had the statistics of a sensor described."""
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(unit or None)
    return {
        "mean_type": StatisticMeanType.NONE if total else StatisticMeanType.ARITHMETIC,
        "has_sum": total,
        "name": None,
        "source": "recorder",
        "statistic_id": entity_id,
        "unit_class": None if converter is None else converter.UNIT_CLASS,
        "unit_of_measurement": unit or None,
    }


def recorded(start: datetime, *, total: bool) -> StatisticData:
    """Return a row that version 0.1 left."""
    if total:
        return {"start": start, "state": 7.0, "sum": OLD_SUM}
    return {"start": start, "mean": 50.0, "min": 40.0, "max": 60.0}


async def record(
    hass: HomeAssistant, described: list[StatisticMetaData], window: datetime
) -> None:
    """Write long-term and short-term statistics up to a window."""
    hour = window.replace(minute=0) - timedelta(hours=1)
    for metadata in described:
        total = metadata["has_sum"]
        for table, start in (
            (Statistics, hour),
            (StatisticsShortTerm, window - WINDOW),
        ):
            get_instance(hass).async_import_statistics(
                metadata, [recorded(start, total=total)], table
            )
    await async_wait_recording_done(hass)


async def read(
    hass: HomeAssistant, ids: set[str], start: datetime, period: str
) -> dict[str, list[Any]]:
    """Return rows by statistic id."""
    rows: dict[str, list[Any]] = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        start,
        None,
        ids,
        period,
        None,
        {"mean", "sum"},
    )
    return rows


def numeric(hass: HomeAssistant, ids: set[str]) -> Iterator[str]:
    """Yield the sensors that show a number now."""
    for entity_id in ids:
        state = hass.states.get(entity_id)
        if state is not None and state.state not in ("unavailable", "unknown"):
            yield entity_id


@pytest.mark.parametrize(("language", "shares"), [("en", "shares"), ("de", "Shares")])
async def test_statistics_go_on(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    simulate: Simulate,
    settle: Settle,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
    language: str,
    shares: str,
) -> None:
    """Under the same ids, in the same units, and sums from where they were."""
    hass.config.language = language
    assert await async_setup_component(hass, "sensor", {})
    means, sums = units_of(MEANS), units_of(SUMS | {shares: SHARES})
    units = means | sums
    _, ids = await write_home(
        hass,
        hass_storage,
        simulate,
        {key: unit for key, unit in units.items() if unit},
    )
    registry = er.async_get(hass)
    described = []
    for entity_id in ids:
        if not entity_id.startswith("sensor."):
            continue
        key = entity_id.partition("_")[2]
        if key not in units:
            continue
        described.append(describe(entity_id, units[key], total=key in sums))
        if units[key] in CONVERTED:
            registry.async_update_entity_options(
                entity_id,
                "sensor.private",
                {"suggested_unit_of_measurement": units[key]},
            )
    window = dt_util.utcnow().replace(second=0, microsecond=0)
    window += WINDOW - timedelta(minutes=window.minute % 5)
    await pass_time((window - dt_util.utcnow()).total_seconds())
    await record(hass, described, window)
    caplog.clear()
    assert await async_setup_component(hass, "bitaxe", {})
    await settle()
    await pass_time((window + WINDOW - dt_util.utcnow()).total_seconds() + 1)
    for number in range(2):
        get_instance(hass).queue_task(StatisticsTask(window + number * WINDOW, False))
        await async_wait_recording_done(hass)
        await pass_time(WINDOW.total_seconds())

    statistic_ids = {item["statistic_id"] for item in described}
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "recorder/validate_statistics"})
    assert (await client.receive_json())["result"] == {}
    assert not [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == "sensor"
    ]
    metadata = await get_instance(hass).async_add_executor_job(
        lambda: get_metadata(hass, statistic_ids=statistic_ids)
    )
    for item in described:
        found = metadata[item["statistic_id"]][1]
        assert item.items() <= found.items(), item["statistic_id"]
    long = await read(hass, statistic_ids, window - timedelta(hours=2), "hour")
    short = await read(hass, statistic_ids, window - WINDOW, "5minute")
    going_on = set(numeric(hass, statistic_ids))
    assert len(going_on) > 50
    for item in described:
        entity_id = item["statistic_id"]
        if entity_id not in going_on:
            continue
        # The row of version 0.1, and two of this one.
        assert [row["start"] for row in short[entity_id]] == [
            (window + number * WINDOW).timestamp() for number in (-1, 0, 1)
        ], entity_id
        assert long[entity_id], entity_id
        if item["has_sum"]:
            totals = [row["sum"] for row in short[entity_id]]
            assert totals[0] == OLD_SUM
            assert totals == sorted(totals), entity_id
    assert "suppressed" not in caplog.text
