"""What the analysis finds is what simulated miners really did."""

from datetime import timedelta
from statistics import fmean

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import async_import_statistics
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.analysis.metrics import UNITS, Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.results.queries import (
    async_get_configurations,
    async_get_summary,
)
from scripts.simulator import PRESETS, Clock, SimulatedMiner
from scripts.simulator.truth import PointTruth

from .life import Life


async def test_hours_of_a_real_life(
    hass: HomeAssistant, life: Life, freezer: FrozenDateTimeFactory
) -> None:
    """Polled, reported, recorded and compiled by Home Assistant itself."""
    truth = life.miner.truth.points
    await life.pass_windows(12)
    slow = truth.pop((525, 1150))
    life.miner.write({"frequency": 600, "coreVoltage": 1200})
    await life.pass_windows(2)
    truth.clear()
    await life.pass_windows(10)
    life.miner.restart()
    await life.pass_windows(12)
    fast = truth[600, 1200]

    coordinator = hass.config_entries.async_entries(DOMAIN)[-1].runtime_data
    span = Span.parse("12h", dt_util.utcnow())
    (result,) = await async_get_configurations(hass, [coordinator], span)

    found = {item.operating_point.frequency: item for item in result.configurations}
    assert set(found) == {525, 600}
    # One window settles at the beginning, two around the change, two at the restart.
    assert found[525].hours == pytest.approx(11 / 12)
    assert found[600].hours == pytest.approx(20 / 12)
    assert found[600].present
    for item, real in ((found[525], slow), (found[600], fast)):
        assert item.hashrate.value == pytest.approx(real.hashrate, rel=0.01)
        assert item.power == pytest.approx(real.power, rel=0.01)
        assert item.efficiency is not None
        assert item.efficiency.value == pytest.approx(real.efficiency, rel=0.01)
        temperature = real.temp_seconds / real.seconds
        assert item.asic_temperature == pytest.approx(temperature, abs=1.5)
        assert item.hashrate_min > 0
        assert item.expected_ratio == pytest.approx(100, abs=4)
        assert item.error_rate is not None
    assert set(result.missing) <= {Metric.CURRENT}

    summary = (await async_get_summary(hass, [coordinator], span)).miners[0]
    assert summary.restarts == 1
    assert summary.observed_hours == pytest.approx(3, abs=0.1)
    assert {item.window.name for item in summary.stability} >= {"1h"}


POINTS = ((525, 1150), (490, 1100), (575, 1150), (600, 1200))


# Two weeks of physics keep a core busy for 10 s, and a busy machine for minutes.
@pytest.mark.timeout(600)
async def test_weeks_of_hourly_statistics(hass: HomeAssistant, miner: Miner) -> None:
    """Long after the rows of 5 minutes are gone, of a summer with warm afternoons."""
    clock = Clock.manual(1_790_000_000 // 3600 * 3600)
    life = SimulatedMiner(PRESETS["gamma-2.12"], clock)
    hours: list[dict[Metric, list[float]]] = []
    truth: dict[tuple[float, int], PointTruth] = life.truth.points
    for hour in range(14 * 24):
        if hour % 50 == 37:
            frequency, voltage = POINTS[hour // 50 % len(POINTS)]
            clock.advance(1800)
            life.write({"frequency": frequency, "coreVoltage": voltage})
            clock.advance(-clock.now() % 3600)
        samples: dict[Metric, list[float]] = {metric: [] for metric in SAMPLED}
        for _ in range(30):
            clock.advance(120)
            info = life.info()
            for metric, key in SAMPLED.items():
                samples[metric].append(float(info[key]))
        hours.append(samples)
    start = clock.now() - len(hours) * 3600
    await import_hours(hass, miner, start, hours)
    span = Span.parse("all", dt_util.utc_from_timestamp(clock.now()))

    (result,) = await async_get_configurations(hass, [miner], span)

    assert {
        (item.operating_point.frequency, item.operating_point.core_voltage)
        for item in result.configurations
    } == set(POINTS)
    for item in result.configurations:
        point = item.operating_point
        real = truth[point.frequency, int(point.core_voltage)]
        assert item.hours == pytest.approx(real.seconds / 3600, rel=0.05)
        assert item.hashrate.value == pytest.approx(real.hashrate, rel=0.005)
        assert item.efficiency is not None
        assert item.efficiency.value == pytest.approx(real.efficiency, rel=0.005)
        assert item.efficiency.error is not None
        # It is no wider than what it must distinguish, and not too narrow either.
        assert item.efficiency.error < 0.01 * item.efficiency.value
        apart = abs(item.efficiency.value - real.efficiency)
        assert apart < 4 * item.efficiency.error + 0.002 * real.efficiency
        temperature = real.temp_seconds / real.seconds
        assert item.asic_temperature == pytest.approx(temperature, abs=0.5)
        assert item.variation_seconds == 3600


SAMPLED = {
    Metric.HASHRATE: "hashRate",
    Metric.POWER: "power",
    Metric.ASIC_TEMPERATURE: "temp",
    Metric.VR_TEMPERATURE: "vrTemp",
    Metric.FREQUENCY: "frequency",
    Metric.CORE_VOLTAGE: "coreVoltage",
}


async def import_hours(
    hass: HomeAssistant,
    miner: Miner,
    start: float,
    hours: list[dict[Metric, list[float]]],
) -> None:
    """Import hourly statistics, as a restored backup or a demo would."""
    registry = er.async_get(hass)
    for metric in SAMPLED:
        statistic_id = registry.async_get_or_create(
            "sensor", DOMAIN, f"{miner.identifier}_{metric}"
        ).entity_id
        async_import_statistics(
            hass,
            StatisticMetaData(
                statistic_id=statistic_id,
                source="recorder",
                name=None,
                unit_of_measurement=UNITS[metric],
                unit_class=None,
                has_sum=False,
                mean_type=StatisticMeanType.ARITHMETIC,
            ),
            [
                StatisticData(
                    start=dt_util.utc_from_timestamp(start) + timedelta(hours=index),
                    mean=fmean(samples[metric]),
                    min=min(samples[metric]),
                    max=max(samples[metric]),
                )
                for index, samples in enumerate(hours)
            ],
        )
    await async_wait_recording_done(hass)
