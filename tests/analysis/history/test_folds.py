"""What is kept of the whole history, over changes of it and over restarts."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import astuple
from datetime import timedelta
from pathlib import Path
import random
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import Statistics, StatisticsShortTerm
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    async_change_statistics_unit,
    async_import_statistics,
    get_metadata,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import session_scope
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
)
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from sqlalchemy import Delete, Executable, Update, delete, update

from custom_components.bitaxe.analysis.configurations import Configuration
from custom_components.bitaxe.analysis.metrics import REQUIRED, Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.span import BEGINNING, Span
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.history import folds
from custom_components.bitaxe.results.queries import async_get_configurations
from custom_components.bitaxe.storage import async_remove_files
from custom_components.bitaxe.storage.cache_file import LARGEST, CachedKind, CacheFile

from .recording import LONG, SHORT, START, Recording

POINTS = [(525, 1150), (600, 1200), (485, 1100)]


@pytest.fixture
def entry(hass: HomeAssistant, miner: Miner) -> MockConfigEntry:
    """Return the entry of the miner, with which its file goes."""
    entry = MockConfigEntry(domain=DOMAIN, unique_id=miner.identifier, version=2)
    entry.add_to_hass(hass)
    return entry


@pytest.fixture
async def filled(recording: Recording, entry: MockConfigEntry) -> Recording:
    """Return a history of two weeks of hours, and two days of minutes."""
    for turn in range(14):
        choose_point(recording, turn)
        for _ in range(12):
            recording.pass_windows(2, LONG, hashrate=1000 + turn, power=18 + turn / 7)
    for turn in range(4):
        choose_point(recording, turn)
        add_hours(recording, 12)
    plug = recording.with_plug(since=START + 100 * LONG)
    plug.now = START + 50 * LONG
    plug.pass_windows(286, LONG)
    plug.pass_windows(2 * 24 * 12)
    await plug.async_write()
    await recording.async_write()
    return recording


def choose_point(recording: Recording, turn: int) -> None:
    """Run at another point."""
    frequency, core_voltage = POINTS[turn % len(POINTS)]
    recording.values |= {
        Metric.FREQUENCY: frequency,
        Metric.CORE_VOLTAGE: core_voltage,
    }


def add_hours(recording: Recording, count: int) -> None:
    """Pass hours as the recorder writes them: twelve short rows and a long one."""
    for _ in range(count):
        start = recording.now
        recording.pass_windows(12, shares=(60, 1))
        recording.add_hour(start, recording.take_sums())


def figures(configurations: tuple[Configuration, ...]) -> list[Any]:
    """Return everything that is said, without nesting."""

    def flatten(item: Any) -> Iterator[Any]:
        if isinstance(item, tuple | list):
            for part in item:
                yield from flatten(part)
        else:
            yield item

    return list(flatten([astuple(item) for item in configurations]))


async def ask(recording: Recording) -> list[Any]:
    """Return what is said of all time."""
    span = Span.parse("all", dt_util.utc_from_timestamp(recording.now))
    (found,) = await async_get_configurations(recording.hass, [recording.miner], span)
    return figures(found.configurations)


async def ask_from_scratch(recording: Recording) -> list[Any]:
    """Return what is said of the same time, of which nothing is kept."""
    span = Span.between(BEGINNING, dt_util.utc_from_timestamp(recording.now))
    (found,) = await async_get_configurations(recording.hass, [recording.miner], span)
    return figures(found.configurations)


async def restart(hass: HomeAssistant) -> None:
    """Have everything written, and start with what the file says."""
    kept = folds.async_get_folds(hass)
    await kept.async_write()
    hass.data.pop("bitaxe_folds")


async def take_turn(recording: Recording, freezer: FrozenDateTimeFactory) -> None:
    """Let the background have its turn."""
    freezer.tick(timedelta(minutes=1, seconds=1))
    async_fire_time_changed(recording.hass)
    await recording.hass.async_block_till_done(wait_background_tasks=True)
    await get_instance(recording.hass).async_add_executor_job(lambda: None)


def statistic_id(recording: Recording, metric: Metric) -> str:
    """Return the statistic of a metric."""
    found = er.async_get(recording.hass).async_get_entity_id(
        "sensor", DOMAIN, f"{recording.miner.identifier}_{metric}"
    )
    assert found is not None
    return found


async def execute(
    recording: Recording, metric: Metric, make: Callable[[int], Executable]
) -> None:
    """Change the database by hand."""
    hass, name = recording.hass, statistic_id(recording, metric)

    def work() -> None:
        found = get_metadata(hass, statistic_ids={name})
        # Its statistics may have been cleared.
        if name in found:
            with session_scope(hass=hass) as session:
                session.execute(make(found[name][0]))

    await async_wait_recording_done(hass)
    await get_instance(hass).async_add_executor_job(work)


async def purge(recording: Recording, dice: random.Random) -> None:
    """Have the recorder's purge take the oldest short rows."""
    before = recording.now - dice.randrange(6 * SHORT, 40 * LONG, SHORT)
    for metric in recording.units:
        await execute(
            recording,
            metric,
            lambda number: delete(StatisticsShortTerm).where(
                StatisticsShortTerm.metadata_id == number,
                StatisticsShortTerm.start_ts < before,
            ),
        )


async def delete_hour(recording: Recording, dice: random.Random) -> None:
    """Delete an hour of one metric that blocks cannot do without."""
    metric = dice.choice(REQUIRED)
    moment = START + dice.randrange(336) * LONG
    await execute(
        recording,
        metric,
        lambda number: delete(Statistics).where(
            Statistics.metadata_id == number, Statistics.start_ts == moment
        ),
    )


async def adjust(recording: Recording, dice: random.Random) -> None:
    """Correct a sum, as people do in the developer tools."""
    get_instance(recording.hass).async_adjust_statistics(
        statistic_id(recording, Metric.SHARES_ACCEPTED),
        dt_util.utc_from_timestamp(START + dice.randrange(330) * LONG),
        float(dice.randrange(1, 100)),
        "shares",
    )
    await async_wait_recording_done(recording.hass)


async def import_before(recording: Recording, dice: random.Random) -> None:
    """Import what was before, or over what is there: a day or more of it."""
    hours = dice.randrange(24, 48)
    first = START + (dice.randrange(-20, 300)) * LONG
    for metric, mean in recording.values.items():
        async_import_statistics(
            recording.hass,
            {
                "statistic_id": statistic_id(recording, metric),
                "source": "recorder",
                "name": None,
                "unit_of_measurement": recording.units[metric],
                "unit_class": None,
                "has_sum": False,
                "mean_type": StatisticMeanType.ARITHMETIC,
            },
            [
                {
                    "start": dt_util.utc_from_timestamp(first + hour * LONG),
                    "mean": mean * 1.01,
                    "min": mean * 1.01,
                    "max": mean * 1.01,
                }
                for hour in range(hours)
            ],
        )
    await async_wait_recording_done(recording.hass)


async def change_unit(recording: Recording, dice: random.Random) -> None:
    """Have the heat in °F, or in °C again."""
    before = recording.units[Metric.ASIC_TEMPERATURE]
    after = "°F" if before == "°C" else "°C"
    recording.units = {**recording.units, Metric.ASIC_TEMPERATURE: after}
    await async_change_statistics_unit(
        recording.hass,
        statistic_id(recording, Metric.ASIC_TEMPERATURE),
        new_unit_of_measurement=after,
        old_unit_of_measurement=before,
    )
    await async_wait_recording_done(recording.hass)


async def let_time_pass(recording: Recording, dice: random.Random) -> None:
    """Go on for some hours, and some minutes."""
    choose_point(recording, dice.randrange(3))
    add_hours(recording, dice.randrange(30))
    recording.pass_windows(dice.randrange(12))
    # A whole hour again, or the next ones would not be those of the recorder.
    await recording.async_write()
    recording.skip(-recording.now % LONG)


async def clear(recording: Recording, dice: random.Random) -> None:
    """Clear the statistics of a sensor that is not needed."""
    get_instance(recording.hass).async_clear_statistics(
        [statistic_id(recording, Metric.FAN_SPEED)]
    )
    await async_wait_recording_done(recording.hass)


CHANGES: list[Callable[[Recording, random.Random], Awaitable[None]]] = [
    purge,
    delete_hour,
    adjust,
    import_before,
    change_unit,
    let_time_pass,
    clear,
]


@pytest.mark.parametrize("seed", range(6))
async def test_the_answer_is_that_from_scratch(
    filled: Recording, hass: HomeAssistant, seed: int
) -> None:
    """Whatever happens to the history, and whenever Home Assistant restarts."""
    dice = random.Random(seed)
    assert await ask(filled) == pytest.approx(await ask_from_scratch(filled))
    for _ in range(8):
        change = dice.choice(CHANGES)
        await change(filled, dice)
        if dice.random() < 0.6:
            await restart(hass)
        expected = await ask_from_scratch(filled)
        assert await ask(filled) == pytest.approx(expected, rel=1e-9), change.__name__


@pytest.mark.parametrize("change", CHANGES)
async def test_each_change_shows_at_once(
    filled: Recording,
    hass: HomeAssistant,
    change: Callable[[Recording, random.Random], Awaitable[None]],
) -> None:
    """With what is in memory, and with what is in the file."""
    for seed in range(2):
        await ask(filled)
        if seed:
            await restart(hass)
        await change(filled, random.Random(seed))
        expected = await ask_from_scratch(filled)
        assert await ask(filled) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize(
    "change",
    [update(Statistics).values(mean=90, max=95), delete(Statistics)],
    ids=["changed", "deleted"],
)
async def test_the_file_answers_after_a_restart_and_is_checked_soon(
    filled: Recording,
    hass: HomeAssistant,
    freezer: FrozenDateTimeFactory,
    change: Update | Delete,
) -> None:
    """A row that nobody would look at was changed: that shows a minute later."""
    freezer.move_to(dt_util.utc_from_timestamp(filled.now))
    before = await ask(filled)
    await restart(hass)
    await execute(
        filled,
        Metric.POWER,
        lambda number: change.where(
            Statistics.metadata_id == number, Statistics.start_ts == START + 50 * LONG
        ),
    )
    assert await ask(filled) == before
    assert await ask_from_scratch(filled) != before

    await take_turn(filled, freezer)
    assert await ask(filled) == pytest.approx(await ask_from_scratch(filled))
    await restart(hass)
    assert await ask(filled) == pytest.approx(await ask_from_scratch(filled))


async def test_a_file_is_written_while_home_assistant_runs(
    filled: Recording,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Not only at its end, which may be a power cut."""
    freezer.move_to(dt_util.utc_from_timestamp(filled.now))
    path = fold_path(hass, entry)
    await ask(filled)
    assert not path.exists()
    await take_turn(filled, freezer)
    assert path.stat().st_size > 1000

    written = path.read_bytes()
    await take_turn(filled, freezer)
    assert path.read_bytes() == written


async def test_what_nobody_asks_for_is_forgotten(
    filled: Recording, hass: HomeAssistant, freezer: FrozenDateTimeFactory
) -> None:
    """After a day; the file of it answers when somebody asks again."""
    freezer.move_to(dt_util.utc_from_timestamp(filled.now))
    before = await ask(filled)
    await take_turn(filled, freezer)
    freezer.tick(timedelta(days=1))
    await take_turn(filled, freezer)
    assert await ask(filled) == before


def fold_path(hass: HomeAssistant, entry: MockConfigEntry) -> Path:
    """Return where the file of a miner is."""
    return Path(hass.config.cache_path(DOMAIN, f"{entry.entry_id}.fold"))


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[:-100],
        lambda content: content[:40],
        lambda content: content[:500] + b"9" + content[501:],
        lambda content: b"\0" * len(content),
        lambda content: content + b" " * LARGEST,
        lambda content: b"[]",
    ],
    ids=["empty", "truncated", "short", "one byte", "zeros", "huge", "other"],
)
async def test_a_damaged_file_is_none(
    filled: Recording,
    hass: HomeAssistant,
    entry: MockConfigEntry,
    caplog: pytest.LogCaptureFixture,
    damage: Callable[[bytes], bytes],
) -> None:
    """Nobody has to hear of it: everything in it can be worked out."""
    before = await ask(filled)
    await restart(hass)
    path = fold_path(hass, entry)
    path.write_bytes(damage(path.read_bytes()))
    caplog.clear()

    assert await ask(filled) == before
    assert "custom_components" not in caplog.text
    await restart(hass)
    assert path.stat().st_size > 1000


async def test_a_file_of_another_version_is_none(
    filled: Recording,
    hass: HomeAssistant,
    entry: MockConfigEntry,
) -> None:
    """An older or newer one may have worked out the same figures otherwise."""
    before = await ask(filled)
    await restart(hass)
    file = CacheFile(hass, entry.entry_id, CachedKind.FOLD)
    await hass.async_add_executor_job(file.write, "another", [b"{}"])

    assert await ask(filled) == before


async def test_without_a_place_for_the_file_all_is_worked_out(
    filled: Recording, hass: HomeAssistant
) -> None:
    """As on a full disk, or where the folder is none."""
    Path(hass.config.cache_path()).write_text("no folder")
    before = await ask(filled)
    await restart(hass)
    assert await ask(filled) == before


async def test_the_file_goes_with_the_miner(
    filled: Recording, hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    """And does not come back when Home Assistant stops."""
    await ask(filled)
    await folds.async_get_folds(hass).async_write()
    path = fold_path(hass, entry)
    assert path.exists()
    await hass.config_entries.async_remove(entry.entry_id)
    await async_remove_files(hass, entry.entry_id)
    await folds.async_get_folds(hass).async_write()
    assert not path.exists()
