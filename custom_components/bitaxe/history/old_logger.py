"""Reads the SQLite file of the logger that people come from. Blocking.

Its schema, from bitaxe-monitor `src/database.py`: `devices(id, ip_address, hostname,
…)`, `clock_configs(id, frequency, core_voltage)` and `performance_metrics(device_id,
timestamp, config_id, hashrate, power, voltage, …)`. Times are those of the logger's own
clock, without a time zone, as `datetime.now()` gives them.
"""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
import math
from pathlib import Path
import sqlite3
from typing import Final

from ..analysis.hours import Hour, Sample, hours_of
from ..analysis.metrics import Metric
from ..axeos.bounds import Bounds

LONGEST: Final = 60.0
"""Seconds for which a sample holds: six polls of the logger."""
_ANY: Final = Bounds(0, 1e12)
_COLUMNS: Final[dict[str, tuple[Metric, Bounds]]] = {
    "c.frequency": (Metric.FREQUENCY, Bounds(1, 5000)),
    "c.core_voltage": (Metric.CORE_VOLTAGE, Bounds(1, 5000)),
    "m.hashrate": (Metric.HASHRATE, Bounds(0, 1e6)),
    "m.power": (Metric.POWER, Bounds(0, 5000)),
    "m.voltage": (Metric.INPUT_VOLTAGE, Bounds(0.1, 100)),
    "m.asic_temp": (Metric.ASIC_TEMPERATURE, Bounds(0.1, 125)),
    "m.vreg_temp": (Metric.VR_TEMPERATURE, Bounds(0.1, 200)),
    "m.fan_speed": (Metric.FAN_SPEED, Bounds(0, 100)),
    "m.fan_rpm": (Metric.FAN_RPM, Bounds(0, 50_000)),
    "m.shares_accepted": (Metric.SHARES_ACCEPTED, _ANY),
    "m.shares_rejected": (Metric.SHARES_REJECTED, _ANY),
}
_OPTIONAL: Final = {
    "m.core_voltage_actual": (Metric.CORE_VOLTAGE_ACTUAL, Bounds(1, 5000)),
}
"""Columns that later versions of the logger added."""
_MOST_DEVICES: Final = 1000
_TABLES: Final = {"clock_configs", "devices", "performance_metrics"}
_OLDEST: Final = datetime(2022, 1, 1, tzinfo=UTC).timestamp()
"""Unix time; before any Bitaxe was made, a clock was wrong."""


class NotALoggerError(Exception):
    """The file is no database of that logger."""


@dataclass(frozen=True, slots=True)
class OldDevice:
    """A miner as the logger knew it."""

    id: str
    """The name it had in the logger's configuration."""
    address: str | None
    hostname: str | None


@dataclass(slots=True)
class OldHistory:
    """What the file says of one miner."""

    device: OldDevice
    hours: list[Hour]
    samples: int
    first: float | None = None
    """Unix time."""
    last: float | None = None
    seconds: float = 0.0
    """For which its samples hold."""
    work: float = 0.0
    """GH."""
    energy: float = 0.0
    """J."""
    mean_hashrate: float | None = None
    """GH/s, as its own figures have it: the mean of its samples."""
    mean_power: float | None = None
    """W, the same way."""


def read_history(path: Path, zone: tzinfo, now: float) -> list[OldHistory]:
    """Return the hours of every miner in a file, until the Unix time `now`.

    Samples of a time that cannot be are left out: a computer without a battery does not
    know the time when it starts.

    Raises:
        NotALoggerError: it is none of that logger, or damaged.

    """
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as database:
            # The file may be anybody's: nothing that it defines is to run.
            database.execute("PRAGMA trusted_schema = OFF")
            database.execute("PRAGMA query_only = ON")
            _check_tables(database)
            return [
                _read_device(database, device, zone, now)
                for device in _devices(database)
            ]
    except (sqlite3.Error, UnicodeError) as err:
        raise NotALoggerError(str(err)) from err


def _check_tables(database: sqlite3.Connection) -> None:
    """Refuse what only looks like a table: a view may go on for ever.

    Raises:
        NotALoggerError: one of the tables is none, or not there.

    """
    rows = database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
        " AND sql NOT LIKE 'CREATE VIRTUAL%'"
    )
    missing = _TABLES - {name for (name,) in rows}
    if missing:
        raise NotALoggerError(f"no table {', '.join(sorted(missing))}")


def _devices(database: sqlite3.Connection) -> list[OldDevice]:
    rows = database.execute(
        # Its own schema lists each once; a file that was merged by hand may not.
        "SELECT id, ip_address, hostname FROM devices GROUP BY id ORDER BY id LIMIT ?",
        (_MOST_DEVICES,),
    )
    return [
        OldDevice(id_, _text(address), _text(name))
        for id_, address, name in rows
        if isinstance(id_, str)
    ]


def _read_device(
    database: sqlite3.Connection, device: OldDevice, zone: tzinfo, now: float
) -> OldHistory:
    there = {
        f"m.{row[1]}"
        for row in database.execute("PRAGMA table_info(performance_metrics)")
    }
    columns = _COLUMNS | {
        name: column for name, column in _OPTIONAL.items() if name in there
    }
    rows = database.execute(
        # The columns are ours.
        f"SELECT m.timestamp, {', '.join(columns)} FROM performance_metrics m"  # noqa: S608
        " LEFT JOIN clock_configs c ON c.id = m.config_id"
        " WHERE m.device_id = ? ORDER BY m.id",
        (device.id,),
    )
    history = OldHistory(device=device, hours=[], samples=0)
    means = database.execute(
        "SELECT AVG(hashrate), AVG(power) FROM performance_metrics WHERE device_id = ?",
        (device.id,),
    ).fetchone()
    history.mean_hashrate, history.mean_power = map(_number, means)

    def samples() -> Iterator[Sample]:
        before: Sample | None = None
        moment: datetime | None = None
        for timestamp, *values in rows:
            found = _moment(timestamp, zone, moment)
            if found is None or not _OLDEST <= found.timestamp() <= now:
                continue
            moment = found
            sample = Sample(
                moment.timestamp(),
                {
                    metric: number
                    for (metric, within), value in zip(
                        columns.values(), values, strict=True
                    )
                    if (number := _number(value)) is not None
                    and within.low <= number <= within.high
                },
            )
            _count(history, before, sample)
            if before is None or sample.time > before.time:
                before = sample
            yield sample

    history.hours = list(hours_of(samples(), LONGEST))
    return history


def _count(history: OldHistory, before: Sample | None, sample: Sample) -> None:
    """Add up time, work and energy by the samples themselves."""
    history.samples += 1
    history.first = sample.time if history.first is None else history.first
    history.last = sample.time
    if before is None or sample.time <= before.time:
        return
    seconds = min(sample.time - before.time, LONGEST)
    history.seconds += seconds
    history.work += before.values.get(Metric.HASHRATE, 0.0) * seconds
    history.energy += before.values.get(Metric.POWER, 0.0) * seconds


def _moment(text: object, zone: tzinfo, before: datetime | None) -> datetime | None:
    """Return a local time as a moment; an hour that comes twice by order of rows."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    if found.tzinfo is not None:
        return found
    found = found.replace(tzinfo=zone)
    if before is not None and found.timestamp() < before.timestamp() - 1:
        again = found.replace(fold=1)
        if again.timestamp() > found.timestamp():
            return again
    return found


def _number(value: object) -> float | None:
    if isinstance(value, int | float) and math.isfinite(value):
        return float(value)
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
