"""What counts for an operating point, and what it adds up to."""

from datetime import timedelta
import os

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from custom_components.bitaxe.analysis.configurations import Configuration
from custom_components.bitaxe.analysis.errors import (
    EntityDisabledError,
    EntityMissingError,
    EntityNotRecordedError,
    HistoryUnreadableError,
)
from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.results.queries import async_get_configurations

from .recording import LONG, SHORT, START, Recording


async def analyse(recording: Recording, name: str = "all") -> tuple[Configuration, ...]:
    """Write the history, and return what it says of each configuration."""
    await recording.async_write()
    span = Span.parse(name, dt_util.utc_from_timestamp(recording.now))
    (result,) = await async_get_configurations(recording.hass, [recording.miner], span)
    return result.configurations


async def test_sums_are_those_of_the_time_measured(recording: Recording) -> None:
    """Every figure of a day at one setting."""
    recording.pass_windows(1, shares=(0, 0))
    recording.pass_windows(144, hashrate=1010, power=18)
    recording.pass_windows(144, hashrate=990, power=17, shares=(57, 3))

    (found,) = await analyse(recording)

    assert found.operating_point == recording.miner.present
    assert found.present
    assert found.hours == 24
    assert found.hashrate.value == pytest.approx(1000)
    assert found.hashrate_min == 990
    assert found.hashrate_max == 1010
    assert found.power == pytest.approx(17.5)
    assert found.power_max == 18
    assert found.efficiency is not None
    assert found.efficiency.value == pytest.approx(17.5)
    assert found.hashrate_per_watt is not None
    assert found.hashrate_per_watt.value == pytest.approx(1000 / 17.5)
    assert found.expected_hashrate == 1071
    assert found.expected_ratio == pytest.approx(1000 / 1071 * 100)
    assert found.asic_temperature == pytest.approx(60)
    assert found.vr_temperature_max == 55
    assert found.input_voltage_min == pytest.approx(5.1)
    assert found.fan_speed == pytest.approx(50)
    assert found.error_rate == pytest.approx(0.5)
    assert found.shares_accepted == 144 * 60 + 144 * 57
    assert found.reject_rate == pytest.approx(144 * 3 / (288 * 60) * 100)
    assert found.variation == pytest.approx(1.0, rel=0.01)
    assert found.variation_seconds == 300
    assert found.bucket_variance == pytest.approx(2.0)
    assert found.first_seen == START + 300
    assert found.last_seen == recording.now


async def test_each_setting_at_the_wall(recording: Recording) -> None:
    """Of the rows that count for it, and in which the plug is known."""
    plug = recording.with_plug(since=START + 300)
    for count, wall, values in (
        (1, 90, {"hashrate": 1000, "power": 15}),
        (2, 20, {}),
        # A stop, and the row after it.
        (1, 12, {"hashrate": 0, "power": 9}),
        (1, 60, {"hashrate": 1000, "power": 15}),
        # A change, the row after it, and a plug that is not known.
        (1, 21, {"frequency": 600, "hashrate": 1200, "power": 18}),
        (1, 24, {}),
        (1, 26, {}),
        (1, None, {}),
    ):
        recording.pass_windows(count, **values)
        if wall is None:
            plug.skip(count * SHORT)
        else:
            plug.pass_windows(count, power=wall)
    await plug.async_write()
    fast, slow = await analyse(recording)
    assert (fast.hours, slow.hours) == pytest.approx((3 * 300 / 3600, 2 * 300 / 3600))
    assert fast.wall is not None and slow.wall is not None
    assert fast.wall.hours == pytest.approx(2 * 300 / 3600)
    assert (fast.wall.power, fast.wall.efficiency) == pytest.approx((25, 25 / 1.2))
    assert slow.wall.hours == pytest.approx(2 * 300 / 3600)
    assert (slow.wall.power, slow.wall.efficiency) == pytest.approx((20, 20))


async def test_efficiency_is_energy_over_work(recording: Recording) -> None:
    """A mean of the two ratios would be 15 J/TH, counting little work for much."""
    recording.pass_windows(1)
    recording.pass_windows(12, hashrate=1000, power=10)
    recording.pass_windows(12, hashrate=100, power=2)

    (found,) = await analyse(recording)

    assert found.efficiency is not None
    assert found.efficiency.value == pytest.approx(12 / 1.1)


async def test_idle_time_is_no_part_of_a_setting(recording: Recording) -> None:
    """Zeros in the means make a setting look worse than it is."""
    recording.pass_windows(13)
    recording.pass_windows(1, hashrate=500, low={Metric.HASHRATE: 0})
    recording.pass_windows(12, hashrate=0, power=3)
    recording.pass_windows(1, hashrate=400, power=10, low={Metric.HASHRATE: 0})
    recording.pass_windows(1, hashrate=900, power=17)
    recording.pass_windows(12, hashrate=1000, power=18)

    (found,) = await analyse(recording)

    assert found.hours == 2
    assert found.hashrate_min == 1000
    assert found.efficiency is not None
    assert found.efficiency.value == pytest.approx(18)


async def test_a_window_with_two_settings_counts_for_neither(
    recording: Recording,
) -> None:
    """Nor does the one after it, in which the miner settles."""
    recording.pass_windows(13)
    recording.pass_windows(1, frequency=540, hashrate=1100, low={Metric.FREQUENCY: 525})
    recording.pass_windows(1, frequency=600, hashrate=1050)
    recording.pass_windows(12, hashrate=1200, power=24)

    after, before = await analyse(recording)

    assert (after.operating_point.frequency, after.hours) == (600, 1)
    assert after.hashrate_min == 1200
    assert not after.present
    assert (before.operating_point.frequency, before.hours) == (525, 1)


async def test_a_change_between_two_windows_settles_too(recording: Recording) -> None:
    """No window saw both settings, but the first after the change is not settled."""
    recording.pass_windows(13)
    recording.pass_windows(1, core_voltage=1200, hashrate=800)
    recording.pass_windows(6, hashrate=1000)

    changed, before = await analyse(recording)

    assert changed.operating_point.core_voltage == 1200
    assert changed.hours == 0.5
    assert changed.hashrate_min == 1000
    assert before.hours == 1


async def test_time_is_that_spent_not_the_calendar(recording: Recording) -> None:
    """From first to last seen are ten days, of which the miner ran two hours."""
    recording.pass_windows(13)
    recording.skip(10 * 86400)
    recording.pass_windows(13)

    (found,) = await analyse(recording)

    assert found.hours == 2
    assert found.last_seen - found.first_seen > 10 * 86400


async def test_the_seam_is_counted_once(recording: Recording) -> None:
    """Hourly rows before the oldest 5-minute row, and 5-minute rows from there on."""
    start = recording.now
    recording.pass_windows(5, LONG, hashrate=1000)
    recording.pass_windows(4, LONG, hashrate=2000)
    recording.now = start + 5 * LONG
    recording.pass_windows(4 * 12, hashrate=2000)
    recording.forget_short_term(start + 5 * LONG + 1200)

    (found,) = await analyse(recording)

    # The 5-minute rows are whole from the sixth hour on; the first hour settles.
    assert found.hours == 8
    assert found.hashrate.value == pytest.approx(1500)


async def test_hours_count_if_the_setting_did_not_move(recording: Recording) -> None:
    """Long after the 5-minute rows were purged."""
    recording.pass_windows(4, LONG)
    recording.pass_windows(
        1, LONG, frequency=560, hashrate=1100, low={Metric.FREQUENCY: 525}
    )
    recording.pass_windows(4, LONG, frequency=600, hashrate=1200)

    after, before = await analyse(recording)

    assert after.hours == 3
    assert after.hashrate.value == pytest.approx(1200)
    assert after.variation is None
    assert before.hours == 3


async def test_what_home_assistant_did_not_see_does_not_count(
    recording: Recording,
) -> None:
    """It fills its downtime with its last state; energy shows it did not run."""
    recording.pass_windows(25)
    recording.pass_windows(24, watched=0)
    recording.pass_windows(24, hashrate=1100)

    (found,) = await analyse(recording)

    # The meter is read once a minute, so the first frozen window may pass.
    assert found.hours == pytest.approx(4, abs=1 / 11)


@pytest.mark.parametrize(("share", "hours"), [(0.5, 8), (0.75, 8), (0.95, 9)])
async def test_hours_seen_in_part_do_not_count(
    recording: Recording, share: float, hours: float
) -> None:
    """The hourly mean of a half frozen hour is half an invention."""
    recording.pass_windows(5, LONG)
    recording.pass_windows(1, LONG, watched=share)
    recording.pass_windows(4, LONG)

    (found,) = await analyse(recording)

    assert found.hours == hours


async def test_span_limits_what_is_read(recording: Recording) -> None:
    """Only what lies in the span counts."""
    recording.pass_windows(48, hashrate=500)
    recording.pass_windows(24, hashrate=1000)

    (found,) = await analyse(recording, "2h")

    assert found.hours == 2
    assert found.hashrate.value == pytest.approx(1000)


async def test_units_people_chose_do_not_matter(recording: Recording) -> None:
    """The recorder keeps statistics in the unit an entity showed first."""
    recording.units |= {
        Metric.FREQUENCY: "GHz",
        Metric.CORE_VOLTAGE: "V",
        Metric.POWER: "kW",
        Metric.ASIC_TEMPERATURE: "°F",
        Metric.ENERGY: "Wh",
    }
    recording.pass_windows(
        13, frequency=0.525, core_voltage=1.15, power=0.018, asic_temperature=140
    )

    (found,) = await analyse(recording)

    assert found.operating_point == recording.miner.present
    assert found.present
    assert found.power == pytest.approx(18)
    assert found.efficiency is not None
    assert found.efficiency.value == pytest.approx(18)
    assert found.asic_temperature == pytest.approx(60)


async def test_figures_of_missing_sensors_are_unknown(
    hass: HomeAssistant, recording: Recording, miner: Miner
) -> None:
    """And it is said which sensor is missing."""
    recording.pass_windows(13)
    await recording.async_write(
        leave_out={Metric.POWER, Metric.VR_TEMPERATURE, Metric.ERROR_RATE}
    )
    span = Span.parse("all", dt_util.utc_from_timestamp(recording.now))

    (result,) = await async_get_configurations(hass, [miner], span)

    (found,) = result.configurations
    assert found.hours == 1
    assert found.efficiency is None
    assert found.power is None
    assert found.vr_temperature is None
    assert sorted(str(error) for error in result.missing.values()) == [
        f"Kitchen has no sensor for the {words}: it appears once the miner reports it"
        for words in ("error_rate", "power", "vr_temperature")
    ]


async def test_renamed_entities_are_found(
    hass: HomeAssistant, recording: Recording, miner: Miner
) -> None:
    """Their unique id stays, and the recorder renames their statistics."""
    recording.pass_windows(13)
    await recording.async_write()
    registry = er.async_get(hass)
    for metric in (Metric.HASHRATE, Metric.FREQUENCY):
        entity_id = registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, f"{miner.identifier}_{metric}"
        )
        assert entity_id is not None
        registry.async_update_entity(entity_id, new_entity_id=f"sensor.my_{metric}")
    await hass.async_block_till_done()
    await get_instance(hass).async_block_till_done()
    span = Span.parse("all", dt_util.utc_from_timestamp(recording.now))

    (result,) = await async_get_configurations(hass, [miner], span)

    assert [item.hours for item in result.configurations] == [1]


async def test_disabled_sensor_is_named(
    hass: HomeAssistant, recording: Recording, miner: Miner
) -> None:
    """People must know what to enable."""
    recording.pass_windows(13)
    await recording.async_write()
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(
        Platform.SENSOR, DOMAIN, f"{miner.identifier}_{Metric.HASHRATE}"
    )
    assert entity_id is not None
    registry.async_update_entity(entity_id, disabled_by=er.RegistryEntryDisabler.USER)
    span = Span.parse("all", dt_util.utc_from_timestamp(recording.now))

    with pytest.raises(EntityDisabledError, match=entity_id) as info:
        await async_get_configurations(hass, [miner], span)
    assert info.value.placeholders == {"entity_id": entity_id}


async def test_missing_sensor_is_named(hass: HomeAssistant, miner: Miner) -> None:
    """A miner that never reported a hashrate has no such sensor."""
    span = Span.parse("all", dt_util.utcnow())

    with pytest.raises(EntityMissingError, match=r"Kitchen .* frequency") as info:
        await async_get_configurations(hass, [miner], span)
    assert info.value.placeholders == {"miner": "Kitchen"}


async def test_sensor_excluded_from_the_recorder_is_named(
    hass: HomeAssistant, recording: Recording, miner: Miner
) -> None:
    """Excluded in the recorder's configuration."""
    recording.pass_windows(13)
    await recording.async_write()
    recorder = get_instance(hass)
    recorder.entity_filter = lambda entity_id: "frequency" not in entity_id
    span = Span.parse("all", dt_util.utc_from_timestamp(recording.now))

    with pytest.raises(EntityNotRecordedError, match="frequency"):
        await async_get_configurations(hass, [miner], span)


async def test_a_database_that_cannot_be_read_is_said_so(
    hass: HomeAssistant,
    recording: Recording,
    miner: Miner,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """As while Home Assistant stops and closes it: nobody gets a stack of SQL."""
    recording.pass_windows(13)
    await recording.async_write()
    span = Span.parse("all", dt_util.utc_from_timestamp(recording.now))
    recorder = get_instance(hass)

    def closed() -> Session:
        raise OperationalError("SELECT 1", {}, Exception("the database is closed"))

    monkeypatch.setattr(recorder, "get_session", closed)
    with pytest.raises(HistoryUnreadableError, match="the database is closed"):
        await async_get_configurations(hass, [miner], span)
    monkeypatch.undo()


async def test_new_miner_has_no_configurations_yet(
    hass: HomeAssistant, recording: Recording, miner: Miner
) -> None:
    """Sensors without any statistics are no error."""
    await recording.async_write()
    span = Span.parse("24h", dt_util.utcnow() - timedelta(days=1))

    (result,) = await async_get_configurations(hass, [miner], span)

    assert result.configurations == ()


async def test_the_database_is_the_one_asked_for(hass: HomeAssistant) -> None:
    """Or a run on another server would prove nothing."""
    server = os.environ.get("BITAXE_TEST_DB_URL", "sqlite://")
    assert server.startswith(str(get_instance(hass).dialect_name))
