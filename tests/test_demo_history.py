"""The weeks a demo begins with: like life, and in one piece with what follows."""

from contextlib import closing
from dataclasses import replace
import itertools
import json
from pathlib import Path
import sqlite3

from homeassistant.components.recorder.db_schema import Base
import pytest
from sqlalchemy import create_engine

from custom_components.bitaxe.const import EVENT_ACTIVITY, EVENT_ALERT
from custom_components.bitaxe.miner.events import OccurrenceType
from custom_components.bitaxe.miner.meter import Meter
from custom_components.bitaxe.swarm.energy import SwarmEnergy
from scripts.demo_home.archive import Sensor, join, write
from scripts.demo_home.history import (
    HOUR,
    SHORT,
    SUPPLY,
    History,
    Row,
    Series,
    make_history,
)
from scripts.demo_home.miners import DEMO_MINERS, DemoMiner
from scripts.demo_home.plug import EFFICIENCY, IDLE, MINER
from scripts.demo_home.settings import Settings
from scripts.demo_home.settings_history import (
    DAYS,
    SETTINGS_HISTORIES,
    Heat,
    Outage,
    Pause,
    Restart,
    Setting,
)
from scripts.simulator import MinerSpec

ADDED = [miner for miner in DEMO_MINERS if miner.added]
SPEC = MinerSpec(name="one", mac="02:00:00:00:00:01", seed=7, uptime=5 * HOUR)
ONE = "02:00:00:00:00:01"
TWO = "02:00:00:00:00:02"
END = 1_790_000_100.0 // SHORT * SHORT


@pytest.fixture(scope="module")
def history() -> History:
    """Return three days of two miners; the second is paused at the end."""
    first = (
        Setting(96, 550, 1150),
        Heat(60),
        Setting(50, 500, 1100),
        Outage(40, 6),
        Setting(20, 525, 1150),
    )
    second = (Setting(72, 525, 1150), Pause(12))
    paused = MinerSpec(
        name="two", mac=TWO, firmware="v2.14.2", board="601", uptime=DAYS * 86400.0
    )
    return make_history([(SPEC, first), (paused, second)], end=END, days=3, price=0.3)


def points(series: Series) -> list[float]:
    """Return what a set-point was, one after the other."""
    return [low for low, _ in itertools.groupby(row.low for row in series.short) if low]


def at(rows: list[Row], hours: float) -> Row | None:
    """Return the row that covers a moment so many hours before the end."""
    moment = END - hours * HOUR
    return next((row for row in rows if row.start <= moment < row.start + SHORT), None)


def test_it_catches_up_with_the_minutes_it_takes() -> None:
    """No gap is left before what Home Assistant records next."""
    late = END + 3 * SHORT + 10
    events = (Setting(24, 525, 1150),)
    history = make_history(
        [(SPEC, events)], end=END, days=0.1, price=0.3, present=lambda: late
    )
    for series in history.series.values():
        starts = [row.start for row in series.short]
        assert starts[-1] == END + 2 * SHORT
        assert set(starts) >= {END - SHORT, END, END + SHORT}


@pytest.mark.parametrize("miner", ADDED, ids=lambda miner: miner.spec.name)
def test_a_settings_history_leads_to_the_present(miner: DemoMiner) -> None:
    """A miner tried six settings or more, and kept the one it has now."""
    events = SETTINGS_HISTORIES[miner.spec.name]
    settings = [event for event in events if isinstance(event, Setting)]
    last = settings[-1]

    assert [event.hours for event in events] == sorted(
        (event.hours for event in events), reverse=True
    )
    assert settings[0].hours >= DAYS * 24
    assert len({(item.frequency, item.core_voltage) for item in settings}) >= 6
    assert (last.frequency, last.core_voltage) == miner.spec.start_point
    assert any(isinstance(event, Pause) for event in events) == miner.spec.paused


@pytest.mark.parametrize("miner", ADDED, ids=lambda miner: miner.spec.name)
def test_nothing_breaks_into_the_present_run(miner: DemoMiner) -> None:
    """What restarts a miner happened before its present run began."""
    for event in SETTINGS_HISTORIES[miner.spec.name]:
        match event:
            case Outage(hours, duration):
                assert (hours - duration) * HOUR > miner.spec.uptime
            case Restart(hours):
                assert hours * HOUR > miner.spec.uptime


def test_settings_follow_each_other(history: History) -> None:
    """Each setting shows, and what the firmware does when it gets too hot."""
    assert points(history.series[f"{ONE}_frequency"]) == [550, 450, 500, 525]
    assert points(history.series[f"{ONE}_core_voltage"]) == [1150, 1050, 1100, 1150]


def test_an_outage_leaves_a_gap(history: History) -> None:
    """Nothing is known while the power is cut, and nothing counted."""
    hashrate = history.series[f"{ONE}_hashrate"].short
    energy = history.series[f"{ONE}_energy"].short
    before, after = at(energy, 40.1), at(energy, 33.7)

    assert at(hashrate, 37) is None
    assert before is not None
    assert after is not None
    assert before.sum is not None
    assert after.sum is not None
    assert after.sum - before.sum < 0.01
    assert at(history.series[f"{TWO}_hashrate"].short, 37) is not None


def test_rows_are_complete_and_end_in_time(history: History) -> None:
    """Rows of hours and of 5 minutes do not reach beyond the end."""
    series = history.series[f"{TWO}_hashrate"]

    assert series.short[-1].start == END - SHORT
    assert series.hours[-1].start == END // HOUR * HOUR - HOUR
    for rows, seconds in ((series.short, SHORT), (series.hours, HOUR)):
        for row, following in itertools.pairwise(rows):
            assert following.start - row.start == seconds


def test_hours_agree_with_their_five_minutes(history: History) -> None:
    """Both tables say the same."""
    for key in ("hashrate", "power", "energy"):
        series = history.series[f"{TWO}_{key}"]
        hour = series.hours[-5]
        short = [row for row in series.short if row.start // HOUR == hour.start // HOUR]
        means = [row.mean for row in short if row.mean is not None]

        assert len(short) == 12
        assert hour.sum == short[-1].sum
        assert hour.mean == (pytest.approx(sum(means) / len(means)) if means else None)


def test_energy_is_the_integral_of_power(history: History) -> None:
    """The counter grows by what the power says."""
    energy = history.series[f"{TWO}_energy"].hours
    power = [row.mean or 0 for row in history.series[f"{TWO}_power"].hours]
    first, last = energy[0].sum, energy[-1].sum

    assert first is not None
    assert last is not None
    assert last - first == pytest.approx(sum(power[1:]) / 1000, rel=0.01)
    assert history.figures[TWO].energy == pytest.approx(last, rel=0.01)


def test_counters_never_fall(history: History) -> None:
    """Sums go on where a restart sets the state back."""
    shares = history.series[f"{ONE}_shares_accepted"].short

    assert any(
        row.state is not None
        and following.state is not None
        and following.state < row.state
        for row, following in itertools.pairwise(shares)
    )
    for series in history.series.values():
        for rows in (series.hours, series.short):
            sums = [row.sum for row in rows if row.sum is not None]
            assert len(sums) == (len(rows) if series.is_total else 0)
            assert sums == sorted(sums)


def test_restarts_are_counted(history: History) -> None:
    """The outage ended in one, and the present run began with one."""
    assert history.figures[ONE].restarts == 2


def test_the_present_run_is_as_old_as_the_miner_says(history: History) -> None:
    """The last boot lies where the running miner's uptime begins."""
    assert history.figures[ONE].boot_time == pytest.approx(END - SPEC.uptime, abs=60)


def test_the_timeline_begins_with_a_past(history: History) -> None:
    """What the miners went through is there, with the time at which it was seen."""
    found = {
        (item.type, item.data.get("by")): (END - (item.time or 0)) / HOUR
        for item in history.occurrences[ONE]
    }
    assert found[OccurrenceType.OVERHEATED, None] == pytest.approx(60, abs=0.5)
    assert (OccurrenceType.RESTARTED, None) in found
    # The firmware changed settings when it got hot, the owner did so last.
    assert (OccurrenceType.SETTINGS_CHANGED, "other") in found
    asked = found[OccurrenceType.SETTINGS_CHANGED, "home_assistant"]
    assert asked == pytest.approx(20, abs=0.1)


def test_a_pause_lasts_to_the_end(history: History) -> None:
    """A paused miner hashes nothing, but answers."""
    row = history.series[f"{TWO}_hashrate"].short[-1]

    assert row.mean == 0
    assert (at(history.series[f"{TWO}_hashrate"].short, 13) or row).mean != 0


def test_the_swarm_is_the_sum_of_its_miners(history: History) -> None:
    """Also while one of them is gone."""
    for hours in (2, 37):
        parts = [
            row.mean
            for unique_id in (ONE, TWO)
            if (row := at(history.series[f"{unique_id}_power"].short, hours))
            and row.mean is not None
        ]
        whole = at(history.series["swarm_power"].short, hours)

        assert whole is not None
        assert whole.mean == pytest.approx(sum(parts))


def counter(*states: float) -> list[Row]:
    """Return the rows of a counter."""
    return [Row(n * SHORT, None, None, None, x, x) for n, x in enumerate(states)]


@pytest.mark.parametrize(
    ("states", "present", "expected"),
    [
        ((90, 1, 5, 8), 6.0, [90, 0, 3, 6]),
        ((90, 1, 5, 8), 3.0, [90, 0, 0, 3]),
        ((90, 1, 5, 8), 29_421.0, [90, 29_414, 29_418, 29_421]),
        ((1, 5, 8), 10.0, [3, 7, 10]),
        ((90, 1, 5, 8), 8.0, [90, 1, 5, 8]),
        ((90, 1, 5, 8), None, [90, 1, 5, 8]),
        ((), 8.0, []),
    ],
)
def test_a_counter_joins_the_present(
    states: tuple[float, ...], present: float | None, expected: list[float]
) -> None:
    """Home Assistant must see neither a leap, nor a fall, nor a restart; sums stay."""
    joined = join(Series(is_total=True, short=counter(*states)), present)

    assert [row.state for row in joined.short] == expected
    assert [row.sum for row in joined.short] == [*states]


def test_hours_before_the_last_start_stay_as_they_are() -> None:
    """A miner that started minutes ago has had no full hour with this counter."""
    hour = Row(0, None, None, None, 5000, 5000)
    short = [
        Row(HOUR - SHORT, None, None, None, 5000, 5000),
        Row(HOUR, None, None, None, 2, 5002),
        Row(HOUR + SHORT, None, None, None, 7, 5007),
    ]
    joined = join(Series(is_total=True, hours=[hour], short=short), 40.0)

    assert joined.hours == [hour]
    assert [row.state for row in joined.short] == [5000, 35, 40]


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Return a demo whose Home Assistant has been stopped after some minutes."""
    engine = create_engine(f"sqlite:///{tmp_path}/home-assistant_v2.db")
    Base.metadata.create_all(engine)
    engine.dispose()
    meter = Meter()
    swarm_energy = SwarmEnergy()
    swarm_energy.note_share("entry_one", "one", 5.0, END)
    swarm_energy.update("entry_one", 0.0, None)
    swarm_energy.update("entry_one", 0.25, 5.0)
    stored = {"meter": meter.as_dict(), "intended": None}
    stored["meter"]["figures"]["energy"] = 0.25
    (tmp_path / ".storage").mkdir()
    (tmp_path / ".storage" / "bitaxe.entry_swarm.alerts").touch()
    for entry_id, data in (("one", stored), ("swarm", swarm_energy.as_dict())):
        path = tmp_path / ".storage" / f"bitaxe.entry_{entry_id}"
        path.write_text(json.dumps({"version": 1, "data": data}), encoding="utf-8")
    return Settings(
        config=tmp_path, port=1, miner_port=2, control_port=3, speed=1.0, days=3
    )


def describe(settings: Settings, *statistic_ids: str) -> None:
    """Have the recorder know an alert, statistics, and a row it has compiled itself."""
    path = settings.config / "home-assistant_v2.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(
            "INSERT INTO event_types (event_type) VALUES (?)", (EVENT_ALERT,)
        )
        connection.execute("INSERT INTO events (event_type_id) VALUES (1)")
        for statistic_id in statistic_ids:
            number = connection.execute(
                "INSERT INTO statistics_meta (statistic_id, source, has_sum, mean_type)"
                " VALUES (?, 'recorder', 0, 1)",
                (statistic_id,),
            ).lastrowid
            connection.execute(
                "INSERT INTO statistics_short_term (metadata_id, start_ts, state, sum)"
                " VALUES (?, ?, 0.25, 0)",
                (number, END),
            )
            metadata_id = connection.execute(
                "INSERT INTO states_meta (entity_id) VALUES (?)", (statistic_id,)
            ).lastrowid
            state_id = connection.execute(
                "INSERT INTO states (metadata_id, state) VALUES (?, '0.0')",
                (metadata_id,),
            ).lastrowid
            connection.execute(
                "INSERT INTO states (metadata_id, state, old_state_id)"
                " VALUES (?, '0.25', ?)",
                (metadata_id, state_id),
            )


def read(settings: Settings, table: str, statistic_id: str) -> list[Row]:
    """Read rows back."""
    path = settings.config / "home-assistant_v2.db"
    with closing(sqlite3.connect(path)) as connection:
        return [
            Row(*row)
            for row in connection.execute(
                f"SELECT start_ts, mean, min, max, state, sum FROM {table} JOIN"  # noqa: S608
                " statistics_meta ON metadata_id = statistics_meta.id"
                " WHERE statistic_id = ? ORDER BY start_ts",
                (statistic_id,),
            )
        ]


def test_a_history_is_found_where_home_assistant_looks(
    settings: Settings, history: History
) -> None:
    """Rows of both tables, energy that goes on, and nothing of what came between."""
    keys = {
        f"{ONE}_energy": "sensor.energy",
        f"{ONE}_shares_accepted": "sensor.shares",
        f"{ONE}_hashrate": "sensor.hashrate",
        "swarm_energy": "sensor.swarm_energy",
    }
    sensors = {
        key: Sensor(
            entity_id,
            "entry_swarm" if key.startswith("swarm") else "entry_one",
            "device_one",
            0.25,
        )
        for key, entity_id in keys.items()
    }
    chosen = History(
        series={key: history.series[key] for key in keys},
        figures={ONE: history.figures[ONE]},
        records={ONE: history.records[ONE]},
        occurrences={ONE: history.occurrences[ONE]},
    )
    describe(settings, *keys.values())

    write(settings, sensors, chosen)

    for key in (f"{ONE}_energy", f"{ONE}_hashrate"):
        found = history.series[key]
        assert read(settings, "statistics", keys[key]) == found.hours
        assert read(settings, "statistics_short_term", keys[key]) == found.short
    shares = read(settings, "statistics_short_term", "sensor.shares")
    assert shares[-1].state == 0.25
    assert shares[-1].sum == history.series[f"{ONE}_shares_accepted"].short[-1].sum

    path = settings.config / "home-assistant_v2.db"
    with closing(sqlite3.connect(path)) as connection:
        shown = connection.execute(
            "SELECT states_meta.entity_id FROM states JOIN states_meta"
            " USING (metadata_id) GROUP BY states_meta.entity_id"
        ).fetchall()
        (count,) = connection.execute("SELECT COUNT(*) FROM events").fetchone()
        events = connection.execute(
            "SELECT time_fired_ts, shared_data FROM events JOIN event_data"
            " USING (data_id) JOIN event_types USING (event_type_id)"
            " WHERE event_types.event_type = ? ORDER BY event_id",
            (EVENT_ACTIVITY,),
        ).fetchall()
    assert shown == [("sensor.shares",)]
    assert count == len(events)
    assert [(moment, json.loads(text)) for moment, text in events] == [
        (
            item.time,
            {**item.data, "device_id": "device_one", "event_type": item.type.value},
        )
        for item in history.occurrences[ONE]
    ]

    past = history.figures[ONE]
    storage = settings.config / ".storage"
    stored = json.loads((storage / "bitaxe.entry_one").read_text(encoding="utf-8"))
    figures = Meter(stored["data"]["meter"]).figures
    assert figures.energy == pytest.approx(past.energy + 0.25)
    assert figures.restarts == past.restarts
    assert figures.best_difficulty == past.best_difficulty
    assert not (storage / "bitaxe.entry_swarm.alerts").exists()
    stored = json.loads((storage / "bitaxe.entry_swarm").read_text(encoding="utf-8"))
    swarm_energy = SwarmEnergy.from_dict(stored["data"])
    assert swarm_energy.energy == pytest.approx(past.energy + 0.25)
    (share,) = swarm_energy.best_shares
    assert share.difficulty == figures.best_difficulty
    assert share.time == history.records[ONE]
    assert END - 3 * 24 * HOUR - HOUR <= history.records[ONE] <= END
    swarm_energy.update("entry_one", figures.energy, figures.best_difficulty)
    assert swarm_energy.energy == pytest.approx(past.energy + 0.25)


def test_the_plug_has_counted_what_it_showed() -> None:
    """From the first hour on, in one piece with what the integration goes on from."""
    office = replace(SPEC, name=MINER)
    events = (Setting(30, 550, 1150), Outage(12, 4))
    past = make_history([(office, events)], end=END, days=1, price=0.3)
    energy = past.series[f"{SUPPLY}_energy"].hours
    power = past.series[f"{SUPPLY}_power"].hours
    of_miner = past.series[f"{ONE}_power"].hours

    assert len(energy) >= 23
    assert past.wall_energy == past.series[f"{SUPPLY}_energy"].short[-1].state
    counted = past.series[f"{SUPPLY}_energy"].short[-1].sum
    shown = [row.mean or 0 for row in past.series[f"{SUPPLY}_power"].short]
    assert counted == pytest.approx(sum(shown) * SHORT / 3_600_000, rel=0.02)
    assert all(
        before.sum is not None and after.sum is not None and before.sum <= after.sum
        for before, after in itertools.pairwise(energy)
    )
    assert len(power) == len(of_miner)
    assert all(
        wall.mean == pytest.approx(IDLE + (own.mean or 0) / EFFICIENCY, abs=0.1)
        for wall, own in zip(power, of_miner, strict=True)
    )
