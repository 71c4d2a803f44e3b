"""Early warnings from months in a real recorder."""

from types import MappingProxyType
from typing import Any

from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import area_registry as ar, device_registry as dr
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import async_capture_events
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.analysis.metrics import UNITS, Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.const import EVENT_ALERT
from custom_components.bitaxe.following import swarm_entry
from custom_components.bitaxe.miner.names import device_of
from scripts.simulator import Clock

from ..analysis.history.recording import LONG, Recording
from ..conftest import AddMiner, PassTime, Simulate

MINUTE = 60
DAY = 24
DAYS = 75


@pytest.mark.parametrize("worn", [False, True], ids=["healthy", "worn"])
async def test_wear_over_months(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    clock: Clock,
    every_entity: None,
    worn: bool,
) -> None:
    """Reported once, with what gets worse; a healthy miner is left alone.

    The revolutions of the fan are known where somebody has enabled their sensor.
    """
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    coordinator = entry.runtime_data
    present = coordinator.snapshot.operating_point
    recording = Recording(
        hass, Miner(identifier=coordinator.identifier, name=entry.title)
    )
    hours = DAYS * DAY
    gaps = hours // (7 * DAY) + 1
    recording.now = int(clock.now()) // LONG * LONG - (hours + 3 * gaps) * LONG
    setting = {"frequency": present.frequency, "core_voltage": present.core_voltage}
    healthy = hours - 5 * DAY
    for hour in range(hours):
        fresh = hour < healthy or not worn
        # A bearing that goes.
        recording.pass_windows(
            1,
            LONG,
            **setting,
            power=18.0,
            fan_speed=(45.0 if hour % 24 < 12 else 50.0) if fresh else 48.0,
            fan_rpm=(45.0 if hour % 24 < 12 else 50.0) * 60 if fresh else 48.0 * 45,
        )
        # A gap each week, and a restart.
        if hour % (7 * DAY) == 100:
            recording.restart()
            recording.skip(3 * LONG)
    await recording.async_write(leave_out={Metric.CURRENT})
    await pass_time(15 * MINUTE)
    reported: list[dict[str, Any]] = [
        dict(event.data) for event in alerts if event.data["kind"] == "early_warning"
    ]
    if not worn:
        assert reported == []
        return
    (alert,) = reported
    assert (alert["phase"], alert["reason"]) == ("raised", "fan")
    assert alert["value"] == pytest.approx(33.3, abs=0.5)
    assert alert["message"].startswith("has a fan that turns slower than it used to")


@pytest.mark.parametrize("moved", [False, True], ids=["stays", "moved"])
async def test_months_and_a_move(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    clock: Clock,
    every_entity: None,
    moved: bool,
) -> None:
    """A fan that has more to do is a sign, unless the miner stands in another room."""
    alerts = async_capture_events(hass, EVENT_ALERT)
    entry = await add_miner(await simulate("gamma-2.12"))
    coordinator = entry.runtime_data
    areas, devices = ar.async_get(hass), dr.async_get(hass)
    device = device_of(hass, entry)
    assert device is not None
    devices.async_update_device(device.id, area_id=areas.async_create("Cellar").id)
    await pass_time(15 * MINUTE)
    present = coordinator.snapshot.operating_point
    recording = Recording(
        hass, Miner(identifier=coordinator.identifier, name=entry.title)
    )
    hours = DAYS * DAY
    recording.now = int(clock.now()) // LONG * LONG - hours * LONG
    setting = {"frequency": present.frequency, "core_voltage": present.core_voltage}
    for days, fan in ((DAYS - 5, 30.0), (5, 85.0)):
        recording.pass_windows(
            days * DAY,
            LONG,
            **setting,
            power=18.0,
            fan_speed=fan,
            asic_temperature=60.0,
        )
    await recording.async_write(leave_out={Metric.CURRENT})
    if moved:
        devices.async_update_device(device.id, area_id=areas.async_create("Attic").id)
    await pass_time(6.2 * 60 * MINUTE, 10 * MINUTE)
    reported = [
        (event.data["phase"], event.data["reason"])
        for event in alerts
        if event.data["kind"] == "early_warning"
    ]
    assert reported == ([] if moved else [("raised", "cooling")])
    # Nor is it once Home Assistant has started again.
    swarm = swarm_entry(hass)
    assert swarm is not None
    await hass.config_entries.async_reload(swarm.entry_id)
    await pass_time(15 * MINUTE)
    assert len([e for e in alerts if e.data["kind"] == "early_warning"]) == len(
        reported
    )


@pytest.mark.parametrize(
    ("loss", "shared", "joins"),
    [
        (1.16, False, False),
        (1.25, False, False),
        (1.16, True, False),
        (1.25, True, False),
        (1.16, True, True),
    ],
    ids=["healthy", "worn", "healthy for two", "worn for two", "joined by another"],
)
async def test_months_of_a_plug(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    pass_time: PassTime,
    clock: Clock,
    every_entity: None,
    loss: float,
    shared: bool,
    joins: bool,
) -> None:
    """A power supply that loses more than in the months before is reported, once.

    One that feeds another miner than before is no such supply.
    """
    alerts = async_capture_events(hass, EVENT_ALERT)
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    fed = [entry]
    if shared:
        fed.append(await add_miner(await simulate("supra-2.9")))
    await hass.async_block_till_done()
    swarm = swarm_entry(hass)
    assert swarm is not None
    plug = "sensor.plug_power"
    attributes = {"unit_of_measurement": "W", "device_class": "power"}
    hass.states.async_set(plug, "21", attributes)
    hass.config_entries.async_add_subentry(
        swarm,
        ConfigSubentry(
            data=MappingProxyType(
                {
                    "power_sensor": plug,
                    "miners": [item.unique_id for item in (fed[:1] if joins else fed)],
                }
            ),
            subentry_type="supply",
            title="Plug",
            unique_id=None,
        ),
    )
    if joins:
        await hass.async_block_till_done()
        (subentry,) = swarm.subentries.values()
        hass.config_entries.async_update_subentry(
            swarm,
            subentry,
            data={**subentry.data, "miners": [item.unique_id for item in fed]},
        )
        await hass.async_block_till_done()
    coordinator = entry.runtime_data
    present = coordinator.snapshot.operating_point
    recording = Recording(
        hass, Miner(identifier=coordinator.identifier, name=entry.title)
    )
    hours = DAYS * DAY
    begin = int(clock.now()) // LONG * LONG - hours * LONG
    recording.now = begin
    recording.pass_windows(
        hours,
        LONG,
        frequency=present.frequency,
        core_voltage=present.core_voltage,
        power=18.0,
    )
    await recording.async_write(leave_out={Metric.CURRENT})
    for item in fed[1:]:
        other = Recording(
            hass, Miner(identifier=item.runtime_data.identifier, name=item.title)
        )
        other.now = begin
        other.pass_windows(hours, LONG, power=12.0)
        await other.async_write(leave_out=set(UNITS) - {Metric.POWER})
    drawn = 30.0 if shared else 18.0
    async_import_statistics(
        hass,
        {
            "source": "recorder",
            "statistic_id": plug,
            "name": None,
            "unit_of_measurement": "W",
            "unit_class": "power",
            "has_sum": False,
            "mean_type": StatisticMeanType.ARITHMETIC,
        },
        [
            {
                "start": dt_util.utc_from_timestamp(begin + hour * LONG),
                "mean": (18.0 if joins else drawn) * 1.15
                if hour < hours - 5 * DAY
                else drawn * loss,
            }
            for hour in range(hours)
        ],
    )
    await async_wait_recording_done(hass)
    await pass_time(15 * MINUTE)
    reported = [
        (event.data["phase"], event.data["reason"])
        for event in alerts
        if event.data["kind"] == "early_warning"
    ]
    assert reported == ([("raised", "supply")] if loss > 1.2 else [])
