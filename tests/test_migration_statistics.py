"""Statistics that another integration recorded go on under ours."""

from datetime import datetime, timedelta
import logging

from homeassistant import loader
from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.db_schema import StatisticsShortTerm
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.components.recorder.tasks import StatisticsTask
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import session_scope
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    mock_restore_cache,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.results.queries import (
    async_get_configurations,
    async_get_summary,
)

from .conftest import PassTime, Simulate
from .test_migration import (
    INCREASING,
    MEASUREMENT,
    old_device,
    old_entity,
    old_entry,
    set_up,
)


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


TOTAL = {"state_class": "total"}
SENSORS = [
    ("hashRate", "GH/s", None, MEASUREMENT),
    ("power", "W", "power", MEASUREMENT),
    ("maxPower", "W", "power", MEASUREMENT),
    ("voltage", "mV", "voltage", MEASUREMENT),
    ("current", "mA", "current", MEASUREMENT),
    ("coreVoltage", "mV", "voltage", MEASUREMENT),
    ("temp", "°C", "temperature", MEASUREMENT),
    ("vrTemp", "°C", "temperature", MEASUREMENT),
    ("frequency", "MHz", "frequency", MEASUREMENT),
    ("errorPercentage", "%", None, MEASUREMENT),
    ("efficiency", "J/TH", None, MEASUREMENT),
    ("fanspeed", "%", None, MEASUREMENT),
    ("fanrpm", "RPM", None, MEASUREMENT),
    ("sharesAccepted", None, None, INCREASING),
    ("sharesRejected", None, None, INCREASING),
    ("bestDiff", None, None, TOTAL),
    ("bestSessionDiff", None, None, MEASUREMENT),
    ("poolDifficulty", None, None, MEASUREMENT),
    ("networkDifficulty", None, None, MEASUREMENT),
    ("blockHeight", None, None, TOTAL),
    ("foundBlocks", None, None, INCREASING),
    ("responseTime", "ms", "duration", MEASUREMENT),
    ("wifiRSSI", "dBm", "signal_strength", MEASUREMENT),
    ("freeHeap", "B", "data_size", MEASUREMENT),
    ("asic1_errors", None, None, INCREASING),
    ("energy", "kWh", "energy", INCREASING),
]
"""Sensors of other integrations: key, unit, device class and kind of statistics."""


def compile_window(hass: HomeAssistant, start: datetime) -> None:
    """Have the statistics of five minutes compiled."""
    get_instance(hass).queue_task(StatisticsTask(start, False))


async def test_nothing_is_left_to_repair(
    hass: HomeAssistant,
    simulate: Simulate,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Statistics of all sensors go on in the very window of the switch."""
    assert await async_setup_component(hass, "sensor", {})
    server = await simulate("gamma-2.15")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    start = dt_util.utcnow().replace(second=0, microsecond=0)
    start -= timedelta(minutes=start.minute % 5)
    await pass_time((start + timedelta(minutes=5) - dt_util.utcnow()).total_seconds())
    start += timedelta(minutes=5)
    info = server.miner.info()
    states = {}
    for key, unit, device_class, capabilities in SENSORS:
        entity_id = old_entity(
            hass, entry, server, key, unit, capabilities=capabilities
        )
        states[entity_id] = (
            str(info.get(key, 1)),
            {
                **capabilities,
                **({"unit_of_measurement": unit} if unit else {}),
                **({"device_class": device_class} if device_class else {}),
            },
        )
    for entity_id, (state, attributes) in states.items():
        hass.states.async_set(entity_id, state, attributes)
    await async_wait_recording_done(hass)
    await pass_time(300)
    compile_window(hass, start)
    await async_wait_recording_done(hass)
    for entity_id, (state, attributes) in states.items():
        hass.states.async_set(entity_id, state, {**attributes, "again": True})
    await async_wait_recording_done(hass)
    await pass_time(30)
    # What Home Assistant shows of entities before their integration is loaded.
    for entity_id in states:
        hass.states.async_remove(entity_id)
    caplog.clear()
    await set_up(hass, entry)
    await pass_time(271)
    for window in (1, 2):
        compile_window(hass, start + timedelta(minutes=5 * window))
        await async_wait_recording_done(hass)
        await pass_time(300)
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "recorder/validate_statistics"})
    assert (await client.receive_json())["result"] == {}
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        start,
        None,
        set(states),
        "5minute",
        None,
        {"mean", "sum", "state"},
    )
    enabled = {
        entity_id
        for entity_id in states
        if (state := hass.states.get(entity_id)) is not None
        and state.state not in ("unavailable", "unknown")
    }
    assert {entity_id: len(rows[entity_id]) for entity_id in enabled} == (
        dict.fromkeys(enabled, 3)
    )
    assert len(enabled) > 20
    assert "suppressed" not in caplog.text
    assert not [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name.startswith(("homeassistant", "custom_components"))
    ]


MONTHS = [
    ("hashRate", "GH/s", None, MEASUREMENT, 1000.0),
    ("power", "W", "power", MEASUREMENT, 18.0),
    ("voltage", "mV", "voltage", MEASUREMENT, 5100.0),
    ("current", "mA", "current", MEASUREMENT, 3500.0),
    ("coreVoltageActual", "mV", "voltage", MEASUREMENT, 1140.0),
    ("frequency", "MHz", "frequency", MEASUREMENT, 525.0),
    ("temp", "°C", "temperature", MEASUREMENT, 60.0),
    ("fanrpm", "RPM", None, MEASUREMENT, 4000.0),
    ("sharesAccepted", None, None, INCREASING, 0.0),
]
"""What an integration with the MAC address as unique id records, and its mean."""


async def test_months_of_another_integration(
    hass: HomeAssistant,
    simulate: Simulate,
    pass_time: PassTime,
    hass_ws_client: WebSocketGenerator,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """They are in our answers, and go on without a gap, a repair or a warning."""
    assert await async_setup_component(hass, "sensor", {})
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "mac")
    entry.add_to_hass(hass)
    old_device(hass, entry, server)
    hours = 40 * 24
    now = dt_util.utcnow()
    last = now.replace(minute=0, second=0, microsecond=0)
    starts = [last - timedelta(hours=hours - number) for number in range(hours)]
    entity_ids = {}
    for key, unit, device_class, capabilities, mean in MONTHS:
        entity_id = old_entity(
            hass, entry, server, key, unit, capabilities=capabilities
        )
        entity_ids[key] = entity_id
        total = capabilities is INCREASING
        async_import_statistics(
            hass,
            {
                "mean_type": StatisticMeanType.NONE
                if total
                else StatisticMeanType.ARITHMETIC,
                "has_sum": total,
                "name": None,
                "source": "recorder",
                "statistic_id": entity_id,
                "unit_class": device_class
                if device_class in ("power", "voltage", "temperature")
                else {"current": "electric_current"}.get(device_class or ""),
                "unit_of_measurement": unit,
            },
            [
                {"start": start, "state": 700.0 * done, "sum": 700.0 * done}
                if total
                else {"start": start, "mean": mean, "min": mean, "max": mean}
                for done, start in enumerate(starts, 1)
            ],
        )
        state = str(700 * hours) if total else str(mean)
        attributes = {
            **capabilities,
            **({"unit_of_measurement": unit} if unit else {}),
            **({"device_class": device_class} if device_class else {}),
        }
        hass.states.async_set(entity_id, state, attributes)
    await async_wait_recording_done(hass)
    shares, counted = entity_ids["sharesAccepted"], 700.0 * hours

    def write_newest() -> None:
        """Write the last five minutes, from which Home Assistant counts on."""
        number, _ = get_metadata(hass, statistic_ids={shares})[shares]
        with session_scope(hass=hass) as session:
            session.add(
                StatisticsShortTerm(
                    metadata_id=number,
                    created_ts=last.timestamp(),
                    start_ts=last.timestamp(),
                    state=counted,
                    sum=counted,
                )
            )

    await get_instance(hass).async_add_executor_job(write_newest)
    for entity_id in entity_ids.values():
        hass.states.async_remove(entity_id)
    caplog.clear()
    await set_up(hass, entry)
    start = dt_util.utcnow().replace(second=0, microsecond=0)
    start += timedelta(minutes=5 - start.minute % 5)
    await pass_time((start - dt_util.utcnow()).total_seconds())
    for window in (0, 1):
        await pass_time(300)
        compile_window(hass, start + timedelta(minutes=5 * window))
        await async_wait_recording_done(hass)
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "recorder/validate_statistics"})
    assert (await client.receive_json())["result"] == {}
    assert not [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
        and record.name.startswith(("homeassistant", "custom_components"))
    ]
    span = Span.between(last - timedelta(days=30), last)

    (found,) = (await async_get_summary(hass, [entry.runtime_data], span)).miners

    assert found.observed_hours == pytest.approx(30 * 24)
    assert found.mean_hashrate == pytest.approx(1000)
    assert found.power == pytest.approx(18)
    assert found.shares_accepted == pytest.approx(700 * 30 * 24)
    (results,) = await async_get_configurations(
        hass, [entry.runtime_data], Span.parse("all", dt_util.utcnow())
    )
    assert results.missing == {}
    rows = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        start,
        None,
        {shares},
        "5minute",
        None,
        {"sum"},
    )
    sums = [row["sum"] or 0 for row in rows[shares]]
    assert counted <= sums[0] <= sums[-1] < counted + 10_000


@pytest.mark.usefixtures("every_entity")
async def test_statistics_of_what_is_gone_become_nobody_elses(
    hass: HomeAssistant, simulate: Simulate, hass_ws_client: WebSocketGenerator
) -> None:
    """Our uptime is a time, which has no statistics; the old one counted seconds."""
    assert await async_setup_component(hass, "sensor", {})
    server = await simulate("gamma-2.15")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    device = old_device(hass, entry, server)
    registry = er.async_get(hass)
    old = registry.async_get_or_create(
        "sensor",
        DOMAIN,
        f"{entry.entry_id}_uptimeSeconds",
        suggested_object_id="in_the_cellar_uptime",
        config_entry=entry,
        device_id=device.id,
        unit_of_measurement="s",
        capabilities=INCREASING,
    )
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    async_import_statistics(
        hass,
        {
            "mean_type": StatisticMeanType.NONE,
            "has_sum": True,
            "name": None,
            "source": "recorder",
            "statistic_id": old.entity_id,
            "unit_class": "duration",
            "unit_of_measurement": "s",
        },
        [{"start": hour, "state": 3600.0, "sum": 3600.0}],
    )
    await async_wait_recording_done(hass)
    await set_up(hass, entry)
    assert registry.async_get(old.entity_id) is None
    ours = registry.async_get_entity_id(
        "sensor", DOMAIN, f"{server.miner.spec.mac_address.lower()}_uptime"
    )
    assert ours == "sensor.in_the_cellar_uptime_2"
    assert hass.states.get(ours) is not None
    await async_wait_recording_done(hass)
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "recorder/validate_statistics"})
    found = (await client.receive_json())["result"]
    assert [issue["type"] for issue in found[old.entity_id]] == ["no_state"]
    assert list(found) == [old.entity_id]


async def record(
    hass: HomeAssistant,
    pass_time: PassTime,
    entity_id: str,
    *states: tuple[str, str | None],
) -> None:
    """Record states of an energy sensor, given with their unit."""
    for state, unit in states:
        await pass_time(10)
        attributes = {"unit_of_measurement": unit} if unit else {}
        hass.states.async_set(entity_id, state, {**INCREASING, **attributes})
        await async_wait_recording_done(hass)
    hass.states.async_remove(entity_id)
    await async_wait_recording_done(hass)


async def adopted_energy(
    hass: HomeAssistant, simulate: Simulate, pass_time: PassTime
) -> tuple[MockConfigEntry, str]:
    """Return an old entry with an energy sensor, about to be adopted."""
    server = await simulate("gamma-2.12")
    entry = old_entry(server, "host")
    entry.add_to_hass(hass)
    return entry, old_entity(
        hass, entry, server, "energy", "kWh", capabilities=INCREASING
    )


def energy_of(hass: HomeAssistant, entity_id: str) -> float:
    """Return what the energy sensor shows in kWh."""
    state = hass.states.get(entity_id)
    assert state is not None
    assert state.attributes["unit_of_measurement"] == "kWh"
    return float(state.state)


@pytest.mark.parametrize(
    ("states", "energy"),
    [
        ([("12.5", "kWh"), ("12.625", "kWh")], 12.625),
        ([("12625", "Wh")], 12.625),
        # Others show more digits than ours.
        ([("5.14", "Wh")], 0.00514),
        ([("12.62549", "kWh")], 12.62549),
        ([("12.625", "kWh"), ("unavailable", None), ("unknown", "kWh")], 12.625),
        # It was reset, and counted on from there.
        ([("90", "kWh"), ("2", "kWh")], 2),
        ([("nan", "kWh"), ("much", "kWh")], 0),
        ([], 0),
    ],
)
async def test_energy_goes_on_from_the_recorder(
    hass: HomeAssistant,
    simulate: Simulate,
    pass_time: PassTime,
    states: list[tuple[str, str | None]],
    energy: float,
) -> None:
    """From the last number, and upwards only."""
    entry, entity_id = await adopted_energy(hass, simulate, pass_time)
    await record(hass, pass_time, entity_id, *states)
    await set_up(hass, entry)
    assert energy <= energy_of(hass, entity_id) < energy + 0.001
    await pass_time(600)
    assert energy < energy_of(hass, entity_id) < energy + 0.01
    before = energy_of(hass, entity_id)
    assert await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert energy_of(hass, entity_id) >= before


@pytest.mark.parametrize(
    ("recorded", "restored", "energy"),
    [([], "7.25", 7.25), ([("7", "kWh")], "7.25", 7.25), ([], "unavailable", 0)],
)
async def test_energy_goes_on_from_what_was_restored(
    hass: HomeAssistant,
    simulate: Simulate,
    pass_time: PassTime,
    recorded: list[tuple[str, str | None]],
    restored: str,
    energy: float,
) -> None:
    """The sensor of others restored its state; what is newer counts."""
    entry, entity_id = await adopted_energy(hass, simulate, pass_time)
    await record(hass, pass_time, entity_id, *recorded)
    await pass_time(10)
    mock_restore_cache(
        hass, [State(entity_id, restored, {"unit_of_measurement": "kWh"})]
    )
    await set_up(hass, entry)
    assert energy_of(hass, entity_id) == pytest.approx(energy, abs=0.001)


async def test_energy_goes_on_from_the_statistics(
    hass: HomeAssistant, simulate: Simulate, pass_time: PassTime
) -> None:
    """They are left of a miner that was off for longer than states are kept."""
    entry, entity_id = await adopted_energy(hass, simulate, pass_time)
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    async_import_statistics(
        hass,
        {
            "mean_type": StatisticMeanType.NONE,
            "has_sum": True,
            "name": None,
            "source": "recorder",
            "statistic_id": entity_id,
            "unit_class": "energy",
            "unit_of_measurement": "Wh",
        },
        [{"start": hour - timedelta(days=40), "state": 42500.0, "sum": 40000.0}],
    )
    await async_wait_recording_done(hass)
    await set_up(hass, entry)
    assert energy_of(hass, entity_id) == pytest.approx(42.5, abs=0.001)
