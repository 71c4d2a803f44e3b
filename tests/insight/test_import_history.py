"""The history of the logger that people come from becomes statistics."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from random import Random
import sqlite3
from typing import Any
from zoneinfo import ZoneInfo

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import ServiceValidationError, Unauthorized
import pytest
from pytest_homeassistant_custom_component.common import MockUser
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.history.old_logger import NotALoggerError, read_history

from ..analysis.history.recording import LONG, START
from ..loop import calls_noted
from ..mutations import numbers
from .conftest import AddRecordedMiner, RecordedMiner, device_id, swarm_entry
from .statistics import hourly, record_energy

ZONE = ZoneInfo("Europe/Berlin")
FIRST = START - 48 * LONG
"""When the logger began, two days before our own history."""
STEP = 10


def write_logger(path: Path, **devices: tuple[float, int]) -> None:
    """Write what the logger would have: by device, watts and hours from FIRST on."""
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(
            """
            CREATE TABLE devices (id TEXT PRIMARY KEY, ip_address TEXT NOT NULL,
                hostname TEXT, model TEXT, added_at TIMESTAMP);
            CREATE TABLE clock_configs (id INTEGER PRIMARY KEY AUTOINCREMENT,
                frequency INTEGER NOT NULL, core_voltage INTEGER NOT NULL);
            CREATE TABLE performance_metrics (id INTEGER PRIMARY KEY AUTOINCREMENT,
                device_id TEXT, timestamp TIMESTAMP, config_id INTEGER, hashrate REAL,
                power REAL, voltage REAL, current REAL, asic_temp REAL, vreg_temp REAL,
                fan_speed INTEGER, fan_rpm INTEGER, shares_accepted INTEGER,
                shares_rejected INTEGER, uptime INTEGER);
            INSERT INTO clock_configs VALUES (1, 500, 1100);
            """
        )
        for name, (watts, hours) in devices.items():
            database.execute(
                "INSERT INTO devices (id, ip_address, hostname) VALUES (?, ?, ?)",
                (name, "192.0.2.1", f"host-{name}"),
            )
            rows = []
            for step in range(hours * LONG // STEP):
                moment = datetime.fromtimestamp(FIRST + step * STEP, ZONE)
                text = moment.replace(tzinfo=None).isoformat(" ")
                # The miner restarts in the middle, and its counter with it.
                shares = step % (hours * LONG // STEP // 2)
                rows.append((name, text, watts, shares))
            database.executemany(
                "INSERT INTO performance_metrics (device_id, timestamp, config_id,"
                " hashrate, power, voltage, asic_temp, vreg_temp, fan_speed, fan_rpm,"
                " shares_accepted, shares_rejected, uptime)"
                " VALUES (?, ?, 1, 1000, ?, 5.1, 55, 50, 40, 3000, ?, 0, 1)",
                rows,
            )


@pytest.fixture
async def recorded(
    hass: HomeAssistant, add_recorded_miner: AddRecordedMiner
) -> RecordedMiner:
    """Return a miner with hourly statistics of its own."""
    found = await add_recorded_miner()
    hass.config.allowlist_external_dirs = {hass.config.config_dir}
    return found


async def run(
    hass: HomeAssistant, recorded: RecordedMiner, **data: Any
) -> dict[str, Any]:
    """Import, and return what is said of the first device."""
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "import_history",
        {
            "path": "metrics.db",
            "miners": {"old": recorded.device_id},
            "time_zone": "Europe/Berlin",
            **data,
        },
        blocking=True,
        return_response=True,
    )
    await async_wait_recording_done(hass)
    first: dict[str, Any] = answer["miners"][0]
    return first


async def add_hours(
    hass: HomeAssistant, recorded: RecordedMiner, start: float, sums: list[float]
) -> None:
    """Record hours of the energy, one after the other."""
    await record_energy(
        hass,
        recorded.entry,
        {start + index * LONG: total for index, total in enumerate(sums)},
    )


async def test_sensors_are_handed_over_one_at_a_time(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Home Assistant looks at each row: fifteen sensors of years would stop it."""
    write_logger(Path(hass.config.path("metrics.db")), old=(15.0, 10))
    with calls_noted() as in_loop:
        assert (await run(hass, recorded, dry_run=False))["hours"] == 10
    assert "_plan" not in in_loop
    handed = [
        name for name in in_loop if name in ("async_import_statistics", "_run_once")
    ]
    # The integration's and the recorder's have the same name.
    assert handed.count("async_import_statistics") > 10
    pairs = "".join("i" if name != "_run_once" else " " for name in handed).split()
    assert set(pairs) == {"ii"}


async def test_a_dry_run_writes_nothing(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """It says what would be written, and compares with the logger's own figures."""
    write_logger(Path(hass.config.path("metrics.db")), old=(15.0, 10))
    before = await hourly(hass, recorded.entry, "energy")
    answer = await run(hass, recorded)
    assert answer["name"] == recorded.entry.title
    assert answer["samples"] == 3600
    assert answer["hours"] == 10
    assert answer["hashrate"] == answer["logger"]["hashrate"] == 1000
    assert answer["power"] == answer["logger"]["power"] == 15
    assert answer["efficiency"] == 15
    assert answer["from"] == datetime.fromtimestamp(FIRST, UTC).isoformat()
    assert await hourly(hass, recorded.entry, "energy") == before


async def test_import(hass: HomeAssistant, recorded: RecordedMiner) -> None:
    """Means are weighted, sums grow and join those of now, a second run is none."""
    write_logger(Path(hass.config.path("metrics.db")), old=(15.0, 10))
    await add_hours(hass, recorded, START, [0.018, 0.036])
    answer = await run(hass, recorded, dry_run=False)
    assert answer["energy"] == pytest.approx(0.15, rel=1e-3)
    power = (await hourly(hass, recorded.entry, "power"))[:10]
    assert [row["start"] for row in power] == [FIRST + n * LONG for n in range(10)]
    assert all(row["mean"] == row["min"] == row["max"] == 15 for row in power)
    energy = await hourly(hass, recorded.entry, "energy")
    sums = [row["sum"] for row in energy]
    assert sums == sorted(sums)
    assert sums[-2:] == [0.018, 0.036]
    assert sums[9] == pytest.approx(0, abs=1e-9)
    assert sums[9] - sums[0] == pytest.approx(0.135, rel=1e-3)
    frequency = (await hourly(hass, recorded.entry, "frequency"))[0]
    assert frequency["min"] == frequency["max"] == 500
    shares = [
        row["sum"] for row in await hourly(hass, recorded.entry, "shares_accepted")
    ]
    assert shares == sorted(shares)
    assert shares[9] - shares[0] == pytest.approx(3240, abs=3)

    again = await run(hass, recorded, dry_run=False)
    assert (again["hours"], again["existing_hours"]) == (0, 10)
    assert await hourly(hass, recorded.entry, "energy") == energy


async def test_a_gap_between_recorded_hours(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """What is recorded later is shifted, so nothing falls or counts twice."""
    write_logger(Path(hass.config.path("metrics.db")), old=(15.0, 6))
    await add_hours(hass, recorded, FIRST, [1.0, 1.02])
    await add_hours(hass, recorded, FIRST + 5 * LONG, [1.05, 1.07])
    await run(hass, recorded, dry_run=False)
    sums = [row["sum"] for row in await hourly(hass, recorded.entry, "energy")][:7]
    assert sums == pytest.approx([1.0, 1.02, 1.035, 1.05, 1.065, 1.095, 1.115])


async def test_recorded_rows_stay(hass: HomeAssistant, recorded: RecordedMiner) -> None:
    """Hours that are recorded are left as they are."""
    write_logger(Path(hass.config.path("metrics.db")), old=(15.0, 10))
    await run(hass, recorded, dry_run=False)
    before = await hourly(hass, recorded.entry, "hashrate")
    Path(hass.config.path("metrics.db")).unlink()
    write_logger(Path(hass.config.path("metrics.db")), old=(99.0, 10))
    answer = await run(hass, recorded, dry_run=False)
    assert answer["rows"] == 0
    assert await hourly(hass, recorded.entry, "hashrate") == before


@pytest.mark.parametrize("named", ["", "old"])
async def test_found_by_host_name(
    hass: HomeAssistant, recorded: RecordedMiner, named: str
) -> None:
    """Devices that nobody names are found, and others are left out.

    A miner that somebody names for one device is not found for another, such as a board
    that was sold and had its name or address before.
    """
    write_logger(Path(hass.config.path("metrics.db")), new=(15.0, 2), old=(12.0, 2))
    recorded.server.miner.stored["hostname"] = "host-new"
    await hass.config_entries.async_reload(recorded.entry.entry_id)
    await hass.async_block_till_done()
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "import_history",
        {
            "path": "metrics.db",
            "time_zone": "Europe/Berlin",
            "miners": {named: recorded.device_id} if named else {},
        },
        blocking=True,
        return_response=True,
    )
    found = {item["old_name"]: item["name"] for item in answer["miners"]}
    assert found == {"new": None, "old": None} | {named or "new": recorded.entry.title}


async def test_a_device_that_is_listed_twice(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """As in a file that was merged by hand: it is one, and is not added up."""
    path = Path(hass.config.path("metrics.db"))
    write_logger(path, old=(15.0, 10))
    with closing(sqlite3.connect(path)) as database, database:
        database.executescript(
            """
            CREATE TABLE merged AS SELECT * FROM devices;
            INSERT INTO merged SELECT * FROM devices;
            DROP TABLE devices;
            ALTER TABLE merged RENAME TO devices;
            """
        )
    answer: Any = await hass.services.async_call(
        DOMAIN,
        "import_history",
        {"path": "metrics.db", "miners": {"old": recorded.device_id}},
        blocking=True,
        return_response=True,
    )
    assert [item["old_name"] for item in answer["miners"]] == ["old"]


async def test_a_file_that_is_still_written(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """What was written last counts, and nothing of the logger's files is touched."""
    path = Path(hass.config.path("metrics.db"))
    write_logger(path, old=(15.0, 1))
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode = WAL")
        with database:
            database.execute("DELETE FROM performance_metrics WHERE id > 300")
        files = {
            name: Path(f"{path}{name}").read_bytes() for name in ("", "-wal", "-shm")
        }
        answer = await run(hass, recorded)
        assert answer["samples"] == 300
        for name, content in files.items():
            assert Path(f"{path}{name}").read_bytes() == content


@pytest.mark.parametrize(
    "moment", ["0001-01-01 00:00:00", "1970-01-01 00:00:09", "9999-12-31 23:59:59"]
)
async def test_a_clock_that_was_wrong(
    hass: HomeAssistant, recorded: RecordedMiner, moment: str
) -> None:
    """A sample of a time that cannot be costs itself, and none that came after it."""
    path = Path(hass.config.path("metrics.db"))
    write_logger(path, old=(15.0, 10))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "UPDATE performance_metrics SET timestamp = ? WHERE id IN (1, 500)",
            (moment,),
        )
    answer = await run(hass, recorded, dry_run=False)
    assert answer["samples"] == 3598
    assert answer["hours"] == 10
    assert answer["from"] == datetime.fromtimestamp(FIRST + STEP, UTC).isoformat()
    power = await hourly(hass, recorded.entry, "power")
    assert [row["start"] for row in power][:10] == [FIRST + n * LONG for n in range(10)]


@pytest.mark.parametrize(
    "content", [b"", b"no database", b"SQLite format 3\0" + b"x" * 500]
)
async def test_what_is_no_logger(
    hass: HomeAssistant, recorded: RecordedMiner, content: bytes
) -> None:
    """Any other file is refused."""
    Path(hass.config.path("metrics.db")).write_bytes(content)
    with pytest.raises(ServiceValidationError) as err:
        await run(hass, recorded)
    assert err.value.translation_key == "not_a_logger"


def test_files_with_faults(tmp_path: Path) -> None:
    """A file that is cut or damaged anywhere is read, or refused in words."""
    path = tmp_path / "metrics.db"
    write_logger(path, old=(15.0, 1))
    whole = path.read_bytes()
    read = 0
    for number in numbers(60):
        rng = Random(number)
        damaged = bytearray(whole)
        if number % 5:
            for _ in range(rng.randint(1, 10)):
                damaged[rng.randrange(len(damaged))] = rng.randrange(256)
        else:
            del damaged[rng.randrange(len(damaged)) :]
        path.write_bytes(damaged)
        try:
            read += len(read_history(path, ZONE, FIRST + LONG))
        except NotALoggerError:
            continue
        except Exception as err:
            err.add_note(f"file {number}")
            raise
    assert read


async def test_paths_and_people(
    hass: HomeAssistant, recorded: RecordedMiner, tmp_path: Path
) -> None:
    """Links, other folders, and people who do not administrate are refused."""
    outside = tmp_path / "outside.db"
    write_logger(outside, old=(15.0, 1))
    Path(hass.config.path("metrics.db")).symlink_to(outside)
    for path, key in (
        ("metrics.db", "path_is_link"),
        ("/etc/passwd", "path_not_allowed_to_read"),
        ("missing.db", "no_such_file"),
    ):
        with pytest.raises(ServiceValidationError) as err:
            await run(hass, recorded, path=path)
        assert err.value.translation_key == key
    user = MockUser(is_owner=False)
    user.add_to_hass(hass)
    with pytest.raises(Unauthorized):
        await hass.services.async_call(
            DOMAIN,
            "import_history",
            {"path": "metrics.db"},
            blocking=True,
            context=Context(user_id=user.id),
        )


async def test_the_swarm_is_not_one_of_its_miners(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Also where there is but one that it could stand for."""
    write_logger(Path(hass.config.path("metrics.db")), old=(15.0, 2))
    swarm = device_id(hass, swarm_entry(hass))
    with pytest.raises(ServiceValidationError) as err:
        await run(hass, recorded, miners={"old": swarm})
    assert err.value.translation_key == "one_miner"


@pytest.mark.parametrize(
    "view",
    [
        "SELECT 1 AS id, 'old' AS device_id, '2026-01-01' AS timestamp",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS id,"
        " 'old' AS device_id FROM n",
    ],
)
async def test_what_a_file_defines_does_not_run(
    hass: HomeAssistant, recorded: RecordedMiner, view: str
) -> None:
    """A view in place of a table may compute for ever."""
    path = Path(hass.config.path("metrics.db"))
    write_logger(path, old=(15.0, 1))
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE performance_metrics")
        database.execute(f"CREATE VIEW performance_metrics AS {view}")
    with pytest.raises(ServiceValidationError) as caught:
        await run(hass, recorded)
    assert caught.value.translation_key == "not_a_logger"


async def test_times_of_no_miner_are_left_out(
    hass: HomeAssistant, recorded: RecordedMiner
) -> None:
    """Nor do they keep the others from being taken over."""
    path = Path(hass.config.path("metrics.db"))
    write_logger(path, old=(15.0, 10))
    with closing(sqlite3.connect(path)) as database, database:
        for year in ("0001", "0002", "1601", "1970", "9999"):
            for minute in range(59):
                database.execute(
                    "INSERT INTO performance_metrics (device_id, timestamp, config_id,"
                    " hashrate, power) VALUES ('old', ?, 1, 1000, 15)",
                    (f"{year}-01-01 00:{minute:02}:00",),
                )
    assert (await run(hass, recorded, dry_run=False))["hours"] == 10
