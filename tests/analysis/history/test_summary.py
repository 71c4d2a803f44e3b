"""What a miner did over a span, its time series, and its report."""

import csv
from dataclasses import replace
from datetime import timedelta
import io

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

from custom_components.bitaxe.analysis.export import (
    CONFIGURATION_COLUMNS,
    SAMPLE_COLUMNS,
)
from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.prices import Prices
from custom_components.bitaxe.analysis.rows import Reported, Row
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.analysis.summary import MinerSummary
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.results.queries import (
    async_export_configurations,
    async_export_samples,
    async_get_advice,
    async_get_prices,
    async_get_report,
    async_get_series,
    async_get_summary,
)
from custom_components.bitaxe.texts import async_load_texts

from .recording import LONG, START, Recording


def span_of(recording: Recording, name: str = "all") -> Span:
    """Return the span that ends where the history does."""
    return Span.parse(name, dt_util.utc_from_timestamp(recording.now))


async def summarize(
    recording: Recording, name: str = "all", prices: Prices | None = None
) -> MinerSummary:
    """Write the history and sum it up."""
    await recording.async_write()
    swarm = await async_get_summary(
        recording.hass,
        [recording.miner],
        span_of(recording, name),
        prices or Prices(),
    )
    return swarm.miners[0]


async def test_the_last_seconds_are_no_whole_ones(recording: Recording) -> None:
    """What was just read is summed up however long it lasted."""
    recording.pass_windows(12)
    await recording.async_write()
    end = recording.now + 29.7
    steady = {
        metric: Reported(value, value, value)
        for metric, value in ((Metric.HASHRATE, 1000.0), (Metric.POWER, 15.0))
    }
    miner = replace(
        recording.miner, recent=(Row(start=recording.now, end=end, values=steady),)
    )

    span = Span.between(*map(dt_util.utc_from_timestamp, (START, end)))
    swarm = await async_get_summary(recording.hass, [miner], span, Prices())

    assert swarm.miners[0].observed_hours == pytest.approx(1 + 30 / 3600, abs=0.001)


async def test_a_day_at_one_setting(recording: Recording) -> None:
    """All sums are those of the day."""
    recording.pass_windows(1)
    recording.pass_windows(287, shares=(57, 3))

    found = await summarize(recording, prices=Prices(0.3))

    assert found.observed_hours == 24
    assert found.hashing_hours == 24
    assert found.availability == 100
    assert found.restarts == 0
    assert found.energy == pytest.approx(0.018 * 24, rel=0.005)
    assert found.cost == pytest.approx(0.018 * 24 * 0.3, rel=0.005)
    assert found.work == pytest.approx(86400)
    assert found.hashrate == pytest.approx(1000)
    assert found.power == pytest.approx(18)
    assert found.efficiency == pytest.approx(18)
    assert found.asic_temperature == pytest.approx(60)
    assert found.vr_temperature_max == 55
    assert found.shares_rejected == 287 * 3
    assert found.reject_rate == pytest.approx(5, rel=0.01)


async def test_a_pause_costs_work_and_energy_but_no_hashrate(
    recording: Recording,
) -> None:
    """The mean while hashing has no zeros in it; the efficiency has the idle power."""
    recording.pass_windows(12)
    recording.restart()
    recording.pass_windows(12, hashrate=0, power=3)
    recording.pass_windows(12, hashrate=1000, power=18)

    found = await summarize(recording)

    assert found.observed_hours == 3
    assert found.hashing_hours == 2
    assert found.availability == pytest.approx(200 / 3)
    assert found.restarts == 1
    assert found.hashrate == pytest.approx(1000)
    assert found.work == pytest.approx(7200)
    assert found.efficiency == pytest.approx(39 / 2)


async def work_on(recording: Recording, begin: float, end: float, until: float) -> None:
    """Record maintenance from one Unix time to another, announced until a third."""
    hass = recording.hass
    entity_id = (
        er.async_get(hass)
        .async_get_or_create(
            "switch", DOMAIN, f"{recording.miner.identifier}_maintenance"
        )
        .entity_id
    )
    announced = {"until": dt_util.utc_from_timestamp(until)}
    hass.states.async_set(entity_id, "off", timestamp=begin - 60)
    hass.states.async_set(entity_id, "on", announced, timestamp=begin)
    hass.states.async_set(entity_id, "off", timestamp=end)
    await async_wait_recording_done(hass)


@pytest.mark.parametrize(
    ("ended", "until", "availability"),
    [
        # Half an hour of the pause was work on it, the other half was not.
        (1800, 7200, 2 / 2.5 * 100),
        # The switch went off later than it said: Home Assistant was down.
        (3600, 1800, 2 / 2.5 * 100),
        # Time in which it hashed all the same is not taken away.
        (7200, 7200, 100),
    ],
)
async def test_maintenance_is_no_downtime(
    recording: Recording, ended: float, until: float, availability: float
) -> None:
    """As far as the states of its switch say."""
    recording.pass_windows(12)
    recording.pass_windows(12, hashrate=0, power=3)
    recording.pass_windows(12, hashrate=1000, power=18)
    paused = START + 3600
    await work_on(recording, paused, paused + ended, paused + until)

    found = await summarize(recording)

    assert found.observed_hours == 3
    assert found.availability == pytest.approx(availability)


async def test_time_nobody_watched_says_nothing_of_the_miner(
    recording: Recording,
) -> None:
    """It is neither work nor downtime."""
    recording.pass_windows(120)
    recording.pass_windows(120, watched=0)
    recording.pass_windows(120)

    found = await summarize(recording)

    assert found.availability == pytest.approx(100)
    assert found.observed_hours == pytest.approx(20, rel=0.05)
    assert found.hashing_hours == pytest.approx(20, rel=0.05)
    assert found.energy == pytest.approx(0.018 * 20, rel=0.01)


async def test_a_meter_that_is_read_seldom_lags_no_more_than_it_may(
    recording: Recording,
) -> None:
    """The energy of an hour of five polls may be that of four; two are a gap."""
    recording.miner = replace(recording.miner, meter_lag=370)
    recording.pass_windows(5, LONG)
    recording.pass_windows(1, LONG, watched=11 / 12)
    recording.pass_windows(5, LONG)

    assert (await summarize(recording)).observed_hours == pytest.approx(11)

    recording.pass_windows(1, LONG, watched=0.5)
    assert (await summarize(recording)).observed_hours == pytest.approx(11.66, abs=0.01)


async def test_a_year_of_hours(recording: Recording) -> None:
    """Hours and 5 minutes make one sum; the seam is counted once."""
    recording.pass_windows(300 * 24, LONG)
    recording.pass_windows(24 * 12)

    found = await summarize(recording)

    assert found.observed_hours == 301 * 24
    assert found.energy == pytest.approx(0.018 * 301 * 24, rel=0.001)
    assert found.efficiency == pytest.approx(18)


async def test_cost_follows_the_price(recording: Recording) -> None:
    """Each hour at its own price."""
    recording.pass_windows(12)
    recording.pass_windows(12, power=36)
    prices = Prices(None, [(START, 0.5), (START + 3600, 0.1)])

    found = await summarize(recording, prices=prices)

    assert found.energy is not None
    assert found.cost == pytest.approx(0.018 * 0.5 + 0.036 * 0.1, rel=0.1)
    assert (await summarize_again(recording, Prices())).cost is None


async def summarize_again(recording: Recording, prices: Prices) -> MinerSummary:
    """Sum up what is written already."""
    swarm = await async_get_summary(
        recording.hass, [recording.miner], span_of(recording), prices
    )
    return swarm.miners[0]


async def test_counters_begin_before_the_span(recording: Recording) -> None:
    """What was counted earlier is not counted again, nor is the first hour lost."""
    recording.pass_windows(10 * 24, LONG)
    recording.pass_windows(24 * 12)

    found = await summarize(recording, "12h")

    assert found.energy == pytest.approx(0.018 * 12)
    assert found.shares_accepted == 12 * 12 * 60


async def test_first_hour_is_not_compared_with_its_own_end(
    recording: Recording,
) -> None:
    """Its hourly row begins before the first 5-minute row, and ends after it."""
    recording.skip(1500)
    recording.pass_windows(7)
    first_hour = recording.take_sums()
    recording.pass_windows(24)
    recording.add_hour(START, first_hour)

    found = await summarize(recording)

    assert found.observed_hours == pytest.approx(31 / 12)
    # What the meter added in the first row is unknown; power times time is not.
    assert found.energy == pytest.approx(0.018 * 31 / 12)


async def test_stability_of_the_windows(recording: Recording) -> None:
    """Buckets of 5-minute rows; the hour needs states, of which there are none."""
    recording.pass_windows(12 * 70, hashrate=1000)
    recording.pass_windows(12, hashrate=1100)
    recording.pass_windows(12, hashrate=1000)

    found = {item.window.name: item for item in (await summarize(recording)).stability}

    assert set(found) == {"4h", "8h", "24h", "3d"}
    assert found["4h"].mean == pytest.approx(1025)
    assert found["24h"].bucket_variance == pytest.approx(100 / (1000 + 100 / 24) * 100)
    # Two-hour buckets: half of one is faster.
    assert found["3d"].bucket_variance == pytest.approx(50 / (1000 + 50 / 36) * 100)
    assert found["24h"].median == 1000
    assert found["24h"].robust_variation == 0


async def test_a_time_series_marks_where_the_setting_changed(
    recording: Recording,
) -> None:
    """With means, moving averages and the moment."""
    recording.pass_windows(12 * 30)
    changed_at = recording.now
    recording.pass_windows(1, frequency=560, hashrate=1100, low={Metric.FREQUENCY: 525})
    recording.pass_windows(23, frequency=600, hashrate=1200, power=24)
    await recording.async_write()

    (series,) = await async_get_series(
        recording.hass, [recording.miner], span_of(recording, "6h")
    )

    assert len(series.points) == 72
    (change,) = series.changes
    assert change.at == changed_at
    assert change.before.frequency == 525
    assert change.after.frequency == 600
    last = series.points[-1]
    assert last.hashrate == 1200
    assert last.hashrate_short == pytest.approx(1200)
    assert last.hashrate_long == pytest.approx((264 * 1000 + 1100 + 23 * 1200) / 288)
    assert last.efficiency == pytest.approx(20)
    assert last.asic_temperature == 60
    assert series.mean_hashrate == pytest.approx((48 * 1000 + 1100 + 23 * 1200) / 72)


async def test_long_time_series_have_few_points(recording: Recording) -> None:
    """A year is drawn in half days."""
    recording.pass_windows(360 * 24, LONG)
    await recording.async_write()

    (series,) = await async_get_series(
        recording.hass, [recording.miner], span_of(recording)
    )

    assert 300 < len(series.points) <= 1200
    assert series.points[-1].hashrate_short is None
    assert series.points[-1].hashrate_long == pytest.approx(1000)


async def test_samples_as_csv(recording: Recording) -> None:
    """One line for each row, hourly and then every 5 minutes."""
    recording.pass_windows(2, LONG)
    recording.pass_windows(12, shares=(59, 1))
    await recording.async_write()

    text = await async_export_samples(
        recording.hass, [recording.miner], span_of(recording), Prices(0.5)
    )

    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == SAMPLE_COLUMNS
    assert [row["seconds"] for row in rows] == ["3600"] * 2 + ["300"] * 12
    last = rows[-1]
    assert last["time"] == dt_util.utc_from_timestamp(recording.now - 300).isoformat()
    assert last["miner"] == "Kitchen"
    assert last["frequency_mhz"] == "525"
    assert last["efficiency_j_th"] == "18"
    assert last["shares_rejected"] == "1"
    assert float(last["energy_kwh"]) == pytest.approx(0.0015)
    assert float(last["cost"]) == pytest.approx(0.00075)
    assert last["fan_rpm"] == ""


async def test_configurations_as_csv(recording: Recording) -> None:
    """One line for each operating point."""
    recording.pass_windows(40)
    recording.pass_windows(40, frequency=600)
    await recording.async_write()

    text = await async_export_configurations(
        recording.hass, [recording.miner], span_of(recording)
    )

    rows = list(csv.DictReader(io.StringIO(text)))
    assert tuple(rows[0]) == CONFIGURATION_COLUMNS
    assert [(row["frequency_mhz"], row["present"]) for row in rows] == [
        ("600", "0"),
        ("525", "1"),
    ]
    assert float(rows[1]["hours"]) == pytest.approx(39 / 12)


async def test_reports(recording: Recording) -> None:
    """Of one miner and of the swarm; both say what to change."""
    recording.pass_windows(49, hashrate=1060, power=18)
    recording.pass_windows(49, frequency=450, hashrate=910, power=13)
    await recording.async_write()
    await async_load_texts(recording.hass)
    span = span_of(recording, "24h")

    text = await async_get_report(
        recording.hass, [recording.miner], span, Prices(0.3), swarm=False
    )
    swarm = await async_get_report(
        recording.hass, [recording.miner], span, Prices(0.3), swarm=True
    )

    assert text.startswith("## Kitchen · ")
    assert "| 525 | 1150 | 4.0 | 1.06 TH/s |" in text
    assert (
        "Best efficiency · Best balance: "
        "**450 MHz / 1150 mV (910 GH/s, 14.29 J/TH, 4 h)**"
    ) in text
    assert "kWh a month" in text
    assert "EUR" in text
    assert "## Swarm" in swarm
    assert "| Kitchen (since 8 h 10 min) |" in swarm
    assert "450 MHz" in swarm


async def test_reports_of_nothing(recording: Recording) -> None:
    """A new miner has a report too."""
    await recording.async_write()
    await async_load_texts(recording.hass)

    text = await async_get_report(
        recording.hass, [recording.miner], span_of(recording), swarm=False
    )

    assert "No setting has been measured yet." in text


async def test_advice_comes_with_the_configurations(recording: Recording) -> None:
    """For cards and Discord."""
    recording.pass_windows(49)
    await recording.async_write()

    ((result, advice),) = await async_get_advice(
        recording.hass, [recording.miner], span_of(recording)
    )

    assert result.present is not None
    assert advice.pareto == result.configurations


async def test_prices_of_an_entity(hass: HomeAssistant) -> None:
    """Hourly means where they are kept, in the entity's unit."""
    start = dt_util.utc_from_timestamp(START)
    hass.states.async_set("sensor.price", "25", {"unit_of_measurement": "ct/kWh"})
    async_import_statistics(
        hass,
        StatisticMetaData(
            statistic_id="sensor.price",
            source="recorder",
            name=None,
            unit_of_measurement="ct/kWh",
            unit_class=None,
            has_sum=False,
            mean_type=StatisticMeanType.ARITHMETIC,
        ),
        [
            StatisticData(start=start + timedelta(hours=n), mean=20 + n)
            for n in range(3)
        ],
    )
    await async_wait_recording_done(hass)
    span = Span.between(start, dt_util.utcnow() + timedelta(hours=1))

    prices = await async_get_prices(hass, span, 0.5, "sensor.price")

    assert prices.mean(START - 3600, START) == 0.5
    assert prices.mean(START, START + 7200) == pytest.approx(0.205)
    assert prices.present == pytest.approx(0.25)
    assert (await async_get_prices(hass, span, 0.5, None)).present == 0.5
