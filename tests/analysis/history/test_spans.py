"""Figures over a span are figures over that span, to its very borders."""

from copy import deepcopy
import csv
from datetime import datetime, timedelta
import io
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
    do_adhoc_statistics,
)

from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.prices import Prices
from custom_components.bitaxe.analysis.recent import counted_by, measured_by
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.analysis.summary import MinerSummary, SwarmSummary
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.results.queries import (
    async_export_samples,
    async_get_series,
    async_get_summary,
)
from custom_components.bitaxe.sensor.readings import SENSORS
from scripts.simulator import Clock

from ...conftest import AddMiner, PassTime, SetWallClock, Simulate
from ...insight.statistics import begin_run, end_run
from .life import POLL, WINDOW, Life
from .recording import LONG, SHORT, START, Recording

PRICES = Prices(0.5)


def between(start: float, end: float) -> Span:
    """Return the span between two Unix times."""
    return Span.between(
        dt_util.utc_from_timestamp(start), dt_util.utc_from_timestamp(end)
    )


async def summarize(
    hass: HomeAssistant, span: Span, *recordings: Recording
) -> SwarmSummary:
    """Sum up what is written."""
    miners = [recording.miner for recording in recordings]
    return await async_get_summary(hass, miners, span, PRICES)


def check_sums(swarm: SwarmSummary) -> None:
    """Check that totals are work and energy of the miners, by the time."""
    hours = swarm.observed_hours
    assert swarm.work == pytest.approx(sum(item.work for item in swarm.miners))
    assert swarm.energy == pytest.approx(sum(item.energy or 0 for item in swarm.miners))
    assert swarm.hashrate == pytest.approx(swarm.work / hours / 3.6)
    assert swarm.power == pytest.approx((swarm.energy or 0) * 1000 / hours)


async def export(hass: HomeAssistant, span: Span, miner: Miner) -> list[dict[str, str]]:
    """Return the samples of a span."""
    text = await async_export_samples(hass, [miner], span, PRICES)
    return list(csv.DictReader(io.StringIO(text)))


def check_samples(rows: list[dict[str, str]], summary: MinerSummary) -> None:
    """Check that samples add up to a summary."""

    def total(column: str) -> float:
        return sum(float(row[column] or 0) for row in rows)

    work = sum(
        float(row["hashrate_ghs"] or 0) * float(row["seconds"]) / 1000 for row in rows
    )
    assert total("seconds") / 3600 == pytest.approx(
        summary.answered_hours, rel=0.01, abs=0.003
    )
    assert work == pytest.approx(summary.work, rel=0.01)
    assert total("energy_kwh") == pytest.approx(summary.energy, rel=0.01, abs=0.0002)
    assert total("cost") == pytest.approx(summary.cost, rel=0.01, abs=0.0002)
    assert total("shares_accepted") == pytest.approx(
        summary.shares_accepted or 0, rel=0.01
    )


def another(hass: HomeAssistant, number: int) -> Recording:
    """Return the history of one more miner."""
    return Recording(
        hass, Miner(identifier=f"aa:bb:cc:dd:ee:0{number}", name=f"Miner {number}")
    )


@pytest.fixture
async def home(hass: HomeAssistant, recording: Recording) -> list[Recording]:
    """Write a day of four miners: steady, mostly paused, added late, gone early."""
    recording.pass_windows(288, hashrate=1000, power=20)
    paused = another(hass, 1)
    paused.pass_windows(29, hashrate=2000, power=30)
    paused.pass_windows(259, hashrate=0, power=4, shares=(0, 0))
    late = another(hass, 2)
    late.skip(285 * SHORT)
    late.pass_windows(3, hashrate=5000, power=90)
    early = another(hass, 3)
    early.pass_windows(144, hashrate=500, power=10)
    recordings = [recording, paused, late, early]
    for item in recordings:
        await item.async_write()
    return recordings


async def test_totals_are_work_and_energy_by_time(
    hass: HomeAssistant, home: list[Recording]
) -> None:
    """What hashed for a quarter of an hour counts for a quarter of an hour."""
    swarm = await summarize(hass, between(START, START + 86_400), *home)

    check_sums(swarm)
    assert swarm.observed_hours == pytest.approx(24)
    expected = 1000 + 2000 * 29 / 288 + 5000 * 3 / 288 + 500 / 2
    assert swarm.hashrate == pytest.approx(expected)
    watts = 20 + (30 * 29 + 4 * 259) / 288 + 90 * 3 / 288 + 10 / 2
    assert swarm.power == pytest.approx(watts, rel=0.001)


async def test_a_miner_says_for_how_long_it_was_watched(
    hass: HomeAssistant, home: list[Recording]
) -> None:
    """One that was paused was watched all the time, and what it used then is idle."""
    steady, paused, late, early = (
        await summarize(hass, between(START, START + 86_400), *home)
    ).miners

    assert (steady.watched_seconds, paused.watched_seconds) == (None, None)
    assert late.watched_seconds == 900
    assert late.mean_hashrate == pytest.approx(5000)
    assert paused.mean_hashrate == pytest.approx(2000 * 29 / 288)
    assert paused.hashrate == pytest.approx(2000)
    assert paused.availability == pytest.approx(29 / 288 * 100)
    assert paused.idle_energy == pytest.approx(4 * 259 / 12 / 1000)
    assert paused.power == pytest.approx((30 * 29 + 4 * 259) / 288, rel=0.001)
    assert steady.idle_energy == 0
    assert steady.power == pytest.approx(20)
    assert late.power == pytest.approx(90)
    assert early.power == pytest.approx(10)


@pytest.mark.parametrize("rows", [SHORT, LONG])
@pytest.mark.parametrize(
    ("begin", "seconds"),
    [
        (2 * LONG, 3 * LONG),
        (2 * LONG + 77, 3 * LONG),
        (2 * LONG + 77, 2 * LONG + 3),
        (2 * LONG + 77, 100),
        (2 * LONG + 290, 20),
        (0, 12 * LONG),
    ],
)
async def test_rows_beyond_the_borders_count_in_part(
    hass: HomeAssistant, recording: Recording, rows: int, begin: int, seconds: int
) -> None:
    """A span is as long as it is, whatever rows there are."""
    recording.pass_windows(LONG // rows, rows)
    recording.pass_windows(
        11 * LONG // rows, rows, hashrate=1200, power=24, shares=(rows // 10, 0)
    )
    await recording.async_write()
    span = between(START + begin, START + begin + seconds)

    swarm = await summarize(hass, span, recording)

    check_sums(swarm)
    (found,) = swarm.miners
    assert found.observed_hours == pytest.approx(seconds / 3600)
    assert found.watched_seconds is None
    if begin:
        assert found.work == pytest.approx(1.2 * seconds)
        assert found.energy == pytest.approx(24 * seconds / 3_600_000)
        assert found.shares_accepted == pytest.approx(seconds / 10)
    check_samples(await export(hass, span, recording.miner), found)


async def test_weeks_add_up_whatever_they_are_cut_into(
    hass: HomeAssistant, recording: Recording
) -> None:
    """Days of local time too, of which one has 25 hours."""
    zone = ZoneInfo("Europe/Berlin")
    begin = datetime(2026, 10, 19, tzinfo=zone)
    recording.now = int(begin.timestamp()) - LONG
    for hour in range(13 * 24):
        recording.pass_windows(1, LONG, hashrate=1000 + hour, power=15 + hour % 7)
    for hour in range(36):
        recording.pass_windows(12, hashrate=1100 + hour, power=20 + hour % 3)
    await recording.async_write()
    days = [begin + timedelta(days=day) for day in range(15)]
    spans = [
        Span.between(start.astimezone(dt_util.UTC), end.astimezone(dt_util.UTC))
        for start, end in pairwise(days)
    ]
    assert spans[6].seconds == 25 * 3600

    whole = await summarize(
        hass, between(spans[0].start.timestamp(), spans[-1].end.timestamp()), recording
    )
    parts = [await summarize(hass, span, recording) for span in spans]

    assert parts[6].observed_hours == 25
    for total in ("work", "energy", "cost", "observed_hours"):
        assert sum(getattr(part, total) for part in parts) == pytest.approx(
            getattr(whole, total)
        )
    for part in parts:
        check_sums(part)
    span = whole.span
    check_samples(await export(hass, span, recording.miner), whole.miners[0])


async def test_an_hour_of_which_little_was_watched(
    hass: HomeAssistant, recording: Recording
) -> None:
    """Samples have as many seconds, and as much energy, as the summary."""
    recording.pass_windows(10, LONG)
    recording.pass_windows(1, LONG, watched=0.25, shares=(10, 0))
    recording.pass_windows(10, LONG)
    await recording.async_write()
    span = between(START + LONG, START + 20 * LONG)

    swarm = await summarize(hass, span, recording)

    check_sums(swarm)
    assert swarm.observed_hours == pytest.approx(18.3, abs=0.05)
    rows = await export(hass, span, recording.miner)
    check_samples(rows, swarm.miners[0])
    assert float(rows[9]["seconds"]) < 1300


async def test_hours_before_the_energy_was_metered(
    hass: HomeAssistant, recording: Recording
) -> None:
    """As before an adoption: power times time, and never 0."""
    recording.pass_windows(24, LONG, power=20)
    recording.forget_counters(START + 10 * LONG)
    await recording.async_write()

    span = between(START, START + 24 * LONG)
    (found,) = (await summarize(hass, span, recording)).miners
    assert found.energy == pytest.approx(0.02 * 24)
    assert found.cost == pytest.approx(0.02 * 24 * 0.5)
    rows = await export(hass, span, recording.miner)
    check_samples(rows, found)
    assert all(float(row["energy_kwh"]) == pytest.approx(0.02) for row in rows)

    before = between(START, START + 5 * LONG)
    (found,) = (await summarize(hass, before, recording)).miners
    assert found.energy == pytest.approx(0.1)


@pytest.mark.parametrize("after", [0, 10, 200, 520])
async def test_an_hour_is_an_hour(
    hass: HomeAssistant, life: Life, pass_time: PassTime, clock: Clock, after: int
) -> None:
    """Up to this moment, though statistics are compiled minutes later."""
    await life.pass_windows(13)
    await pass_time(after, POLL)
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data
    span = Span.parse("1h", dt_util.utcnow())

    swarm = await async_get_summary(hass, [coordinator], span, PRICES)

    check_sums(swarm)
    assert swarm.observed_hours == pytest.approx(1, abs=0.01)
    (found,) = swarm.miners
    assert found.hashing_hours == pytest.approx(1, abs=0.01)
    assert found.energy == pytest.approx(0.0197, rel=0.1)
    check_samples(
        await export_of(hass, span, coordinator),
        found,
    )
    (series,) = await async_get_series(hass, [coordinator], span)
    assert sum(point.end - point.start for point in series.points) == pytest.approx(
        3600, abs=30
    )


@pytest.mark.parametrize("poll", [60, 300])
async def test_an_hour_is_an_hour_of_a_miner_that_is_asked_seldom(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    clock: Clock,
    pass_time: PassTime,
    swarm_entry: object,
    poll: int,
) -> None:
    """What was read last holds until the next time."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: poll})
    await pass_time(-clock.now() % WINDOW, POLL)
    await Life(hass, server, clock, pass_time).pass_windows(13)
    for late in (30, 170):
        await pass_time(late, POLL)
        for name, seconds in (("5m", 300), ("1h", 3600)):
            span = Span.parse(name, dt_util.utcnow())
            swarm = await async_get_summary(hass, [entry.runtime_data], span, PRICES)
            check_sums(swarm)
            assert swarm.observed_hours * 3600 == pytest.approx(seconds, abs=3)
            check_samples(
                await export_of(hass, span, entry.runtime_data), swarm.miners[0]
            )


@pytest.mark.parametrize("again", [False, True])
async def test_an_hour_is_an_hour_after_a_reload(
    hass: HomeAssistant, life: Life, pass_time: PassTime, again: bool
) -> None:
    """Options that were changed, or a new address, make no hole in it."""
    await life.pass_windows(13)
    await pass_time(200, POLL)
    (entry,) = (
        item
        for item in hass.config_entries.async_loaded_entries("bitaxe")
        if hasattr(item.runtime_data, "recent")
    )
    await hass.config_entries.async_reload(entry.entry_id)
    if again:
        await pass_time(POLL, POLL)
        await hass.config_entries.async_reload(entry.entry_id)
    await pass_time(30, POLL)
    span = Span.parse("1h", dt_util.utcnow())

    swarm = await async_get_summary(hass, [entry.runtime_data], span, PRICES)

    check_sums(swarm)
    assert swarm.observed_hours == pytest.approx(1, abs=0.015)
    (found,) = swarm.miners
    assert found.hashing_hours == pytest.approx(1, abs=0.015)
    assert found.energy == pytest.approx(0.0197, rel=0.1)


async def restart(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    entry: ConfigEntry[MinerCoordinator],
    pass_time: PassTime,
    down: float,
    *,
    killed: bool = False,
    starting: float = 0,
) -> None:
    """Have Home Assistant forget what is in memory, as a restart does.

    Nothing is recorded until it is back, and the recorder begins another run. Where it
    is `killed`, the file is as it was written before, and the run has no end of its
    own. The miner is set up `starting` s after the recorder.
    """
    await async_wait_recording_done(hass)
    recorder = get_instance(hass)
    written = deepcopy(hass_storage)
    if not killed:
        await end_run(hass)
    recorder.set_enable(False)
    await hass.config_entries.async_unload(entry.entry_id)
    if killed:
        hass_storage.update(written)
    hass.data.pop(f"{DOMAIN}_recent")
    await pass_time(down, POLL)
    await async_wait_recording_done(hass)
    recorder.set_enable(True)
    await begin_run(hass)
    await pass_time(starting, POLL)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("killed", "starting"), [(False, 0), (True, 0), (False, 50), (True, 50)]
)
@pytest.mark.parametrize("compiled", [False, True])
async def test_an_hour_is_an_hour_after_restarts_within_minutes(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    life: Life,
    pass_time: PassTime,
    *,
    killed: bool,
    starting: float,
    compiled: bool,
) -> None:
    """Each time nobody looked counts, whether statistics know of it or not."""
    await life.pass_windows(13)
    await pass_time(10, POLL)
    entry = hass.config_entries.async_loaded_entries("bitaxe")[-1]
    window = dt_util.utcnow().timestamp() - 10
    down = 90
    for _ in range(2):
        await restart(
            hass,
            hass_storage,
            entry,
            pass_time,
            down,
            killed=killed,
            starting=starting,
        )
        await pass_time(60, POLL)
    if compiled:
        await pass_time(WINDOW, POLL)
        await async_wait_recording_done(hass)
        for start in (window, window + WINDOW):
            do_adhoc_statistics(hass, start=dt_util.utc_from_timestamp(start))
        await async_wait_recording_done(hass)
    span = Span.parse("1h", dt_util.utcnow())

    swarm = await async_get_summary(hass, [entry.runtime_data], span, PRICES)

    check_sums(swarm)
    watched = 1 - 2 * (down + starting) / 3600
    late = 2 * 35 / 3600 if killed else 0.002
    assert watched - late <= swarm.observed_hours <= watched + 0.002
    (found,) = swarm.miners
    assert found.hashing_hours == pytest.approx(swarm.observed_hours, abs=0.005)
    assert found.availability == pytest.approx(100, abs=0.5)
    check_samples(await export_of(hass, span, entry.runtime_data), found)


@pytest.mark.parametrize("killed", [False, True])
async def test_an_hour_is_an_hour_after_a_restart_of_home_assistant(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    life: Life,
    pass_time: PassTime,
    killed: bool,
) -> None:
    """What no statistics show yet is known; but nobody looked in between."""
    await life.pass_windows(13)
    await pass_time(200, POLL)
    entry = hass.config_entries.async_loaded_entries("bitaxe")[-1]
    down = 90
    await restart(hass, hass_storage, entry, pass_time, down, killed=killed)
    await pass_time(60, POLL)
    coordinator = entry.runtime_data
    span = Span.parse("1h", dt_util.utcnow())

    swarm = await async_get_summary(hass, [coordinator], span, PRICES)

    check_sums(swarm)
    watched = 1 - down / 3600
    # The last trace before the end may be half a minute old.
    late = 35 / 3600
    assert watched - late <= swarm.observed_hours <= watched + 0.002
    (found,) = swarm.miners
    assert found.hashing_hours == pytest.approx(swarm.observed_hours, abs=0.005)
    assert found.availability == pytest.approx(100, abs=0.5)
    assert found.energy == pytest.approx(0.0197 * watched, rel=0.1)
    assert found.mean_hashrate == pytest.approx(found.hashrate, rel=0.01)
    check_samples(await export_of(hass, span, coordinator), found)


async def test_a_miner_that_was_silent_when_a_span_began_was_watched(
    hass: HomeAssistant, life: Life, pass_time: PassTime
) -> None:
    """Who looked at it before the span began knows."""
    await life.pass_windows(3)
    life.miner.faults.offline = True
    await life.pass_windows(3)
    life.miner.faults.offline = False
    await life.pass_windows(9)
    await pass_time(30, POLL)
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data
    silent_end = dt_util.utcnow().timestamp() - 9 * WINDOW - 30
    # The first row of the silence is of the readings before it was sure.
    for minutes in (4, 9):
        span = between(silent_end - minutes * 60, dt_util.utcnow().timestamp())

        (found,) = (await async_get_summary(hass, [coordinator], span)).miners

        assert found.observed_hours * 3600 == pytest.approx(span.seconds, abs=3)
        assert found.answered_hours * 3600 == pytest.approx(
            span.seconds - minutes * 60, abs=75
        )


async def test_a_miner_that_was_removed_was_not_watched_until_it_was_added_again(
    hass: HomeAssistant,
    simulate: Simulate,
    life: Life,
    add_miner: AddMiner,
    pass_time: PassTime,
    hass_storage: dict[str, Any],
) -> None:
    """Work and energy are divided by the time in which somebody looked."""
    other = await simulate("supra-2.9")
    gone = await add_miner(other, {CONF_SCAN_INTERVAL: POLL})
    await life.pass_windows(4)
    await hass.config_entries.async_remove(gone.entry_id)
    await life.pass_windows(4)
    added = await add_miner(other, {CONF_SCAN_INTERVAL: POLL})
    await life.pass_windows(4)
    for again in (False, True):
        if again:
            await restart(hass, hass_storage, added, pass_time, 30)
        span = between(
            dt_util.utcnow().timestamp() - 11 * WINDOW, dt_util.utcnow().timestamp()
        )

        swarm = await async_get_summary(hass, [added.runtime_data], span, PRICES)

        check_sums(swarm)
        (found,) = swarm.miners
        assert found.observed_hours * 3600 == pytest.approx(7 * WINDOW, abs=70)
        assert found.availability == pytest.approx(100, abs=1)
        assert found.mean_hashrate == pytest.approx(found.hashrate, rel=0.01)
        check_samples(await export_of(hass, span, added.runtime_data), found)


async def export_of(
    hass: HomeAssistant, span: Span, miner: object
) -> list[dict[str, str]]:
    """Return the samples of a miner that is set up."""
    text = await async_export_samples(hass, [miner], span, PRICES)  # type: ignore[list-item]
    return list(csv.DictReader(io.StringIO(text)))


async def test_a_restart_of_this_minute_counts(
    hass: HomeAssistant, life: Life, pass_time: PassTime
) -> None:
    """Before any statistics report it."""
    await life.pass_windows(3)
    life.miner.restart()
    await pass_time(240, POLL)
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data

    swarm = await async_get_summary(
        hass, [coordinator], Span.parse("15m", dt_util.utcnow())
    )

    assert swarm.restarts == 1
    assert swarm.observed_hours == pytest.approx(0.25, abs=0.01)


async def test_a_miner_that_was_just_added(
    hass: HomeAssistant, life: Life, pass_time: PassTime
) -> None:
    """It has figures before the first statistics, and says since when."""
    await pass_time(120, POLL)
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data

    (found,) = (
        await async_get_summary(
            hass, [coordinator], Span.parse("24h", dt_util.utcnow())
        )
    ).miners

    assert found.watched_seconds is not None
    assert 120 <= found.watched_seconds < 120 + WINDOW + POLL
    assert found.mean_hashrate == pytest.approx(
        coordinator.snapshot.hashing.hashrate, rel=0.1
    )


@pytest.mark.parametrize("leap", [-3600, 3600])
async def test_a_clock_that_is_set_counts_no_time_twice(
    hass: HomeAssistant,
    life: Life,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    leap: float,
) -> None:
    """What was read has the time at which it was read."""
    await pass_time(300, POLL)
    set_wall_clock(leap)
    await pass_time(300, POLL)
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data
    rows = coordinator.recent.rows
    assert all(before.end <= after.start + 1 for before, after in pairwise(rows))
    assert rows[-1].end == dt_util.utcnow().timestamp()
    assert sum(row.seconds for row in rows if row.end > rows[-1].end - 290) <= 300


async def test_a_miner_that_does_not_answer_was_watched(
    hass: HomeAssistant, life: Life, pass_time: PassTime
) -> None:
    """Time that it lacks at the end is no time in which nobody looked."""
    await life.pass_windows(6)
    life.miner.faults.offline = True
    await pass_time(1800, 60)
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data

    (found,) = (
        await async_get_summary(hass, [coordinator], Span.parse("1h", dt_util.utcnow()))
    ).miners

    assert found.observed_hours == pytest.approx(1, abs=0.02)
    assert found.availability == pytest.approx(50, abs=3)
    assert found.answered_hours == pytest.approx(0.5, abs=0.03)
    # What it draws while it does not answer is not known, and in no figure of energy.
    assert found.power == pytest.approx(19.6 / 2, rel=0.1)
    assert found.power == pytest.approx((found.energy or 0) * 1000, rel=0.03)


@pytest.mark.parametrize("seconds", [180, 600])
async def test_a_miner_that_just_fell_silent_was_watched(
    hass: HomeAssistant, life: Life, pass_time: PassTime, seconds: int
) -> None:
    """Its figures do not look better for as long as nobody is sure."""
    await life.pass_windows(6)
    life.miner.faults.offline = True
    await pass_time(seconds, POLL)
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data

    for name, length in (("15m", 900), ("1h", 1800 + seconds)):
        swarm = await async_get_summary(
            hass, [coordinator], Span.parse(name, dt_util.utcnow()), PRICES
        )

        check_sums(swarm)
        assert swarm.observed_hours * 3600 == pytest.approx(length, abs=40)
        (found,) = swarm.miners
        assert found.answered_hours * 3600 == pytest.approx(length - seconds, abs=40)


async def test_what_was_read_is_what_the_sensors_show(
    hass: HomeAssistant, life: Life
) -> None:
    """By the same names and in the same units."""
    coordinator = hass.config_entries.async_loaded_entries("bitaxe")[-1].runtime_data
    sensors = {description.key: description for description in SENSORS}
    figures = measured_by(coordinator.data) | counted_by(coordinator.data)
    for metric in Metric:
        shown = sensors[metric].value_fn(coordinator.data)
        expected = None if shown is None else pytest.approx(shown, rel=0.001, abs=0.001)
        assert figures.get(metric) == expected


@pytest.mark.parametrize("compiled", [False, True])
async def test_a_miner_was_not_watched_before_it_was_added(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    clock: Clock,
    pass_time: PassTime,
    swarm_entry: object,
    *,
    compiled: bool,
) -> None:
    """The first row of statistics has five minutes, whenever in them that was."""
    server = await simulate("gamma-2.12")
    other = await simulate("supra-2.9")
    await add_miner(other, {CONF_SCAN_INTERVAL: POLL})
    await pass_time(-clock.now() % WINDOW, POLL)
    await pass_time(200, POLL)
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: POLL})
    if compiled:
        await pass_time(100, POLL)
        await async_wait_recording_done(hass)
        start = dt_util.utcnow() - timedelta(seconds=WINDOW)
        do_adhoc_statistics(hass, start=start)
        await async_wait_recording_done(hass)
        await Life(hass, server, clock, pass_time).pass_windows(2)
        watched = 100 + 2 * WINDOW
    else:
        await pass_time(60, POLL)
        watched = 60
    span = Span.parse("1h", dt_util.utcnow())

    swarm = await async_get_summary(hass, [entry.runtime_data], span, PRICES)

    check_sums(swarm)
    (found,) = swarm.miners
    assert found.watched_seconds == pytest.approx(watched, abs=2)
    assert found.observed_hours * 3600 == pytest.approx(watched, abs=2)
    assert found.answered_hours * 3600 == pytest.approx(watched, abs=2)
    assert found.mean_hashrate == pytest.approx(found.hashrate, rel=0.01)
    # The meter shows whole Wh, and those of a minute ago.
    assert found.energy == pytest.approx(0.0197 * watched / 3600, abs=0.0014)
    check_samples(await export_of(hass, span, entry.runtime_data), found)
