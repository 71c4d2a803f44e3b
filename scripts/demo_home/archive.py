"""Puts a history where Home Assistant looks for it: its recorder and its stores.

Home Assistant imports hourly statistics only. The 5-minute ones go into the database
while it does not run, and the hourly ones with them, which its interface would take a
minute for. It still says itself how each statistic is described. Formats: Home
Assistant 2026.11.0.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
import json
from pathlib import Path
import sqlite3
import time
from typing import Any

from homeassistant.components.recorder.db_schema import EventData

from custom_components.bitaxe.const import (
    DOMAIN,
    EVENT_ACTIVITY,
    EVENT_ALERT,
    SWARM_UNIQUE_ID,
)
from custom_components.bitaxe.miner.activity import event_data
from custom_components.bitaxe.miner.events import Occurrence

from .client import Websocket
from .errors import DemoError
from .history import HOUR, SUPPLY, History, Row, Series
from .settings import Settings
from .waiting import eventually

_DATABASE = "home-assistant_v2.db"
_CARRIED_ON = ("_energy", "_restarts")
"""Counters of the integration, which go on from the past; others are the firmware's."""


@dataclass(frozen=True)
class Sensor:
    """Where the past of a sensor belongs."""

    entity_id: str
    entry_id: str
    """Id of the config entry."""
    device_id: str
    state: float | None
    """The last value it showed."""


async def name_supply(websocket: Websocket, history: History) -> History:
    """Give the series of the power supply the unique ids that its sensors have."""

    async def find() -> str | None:
        return next(
            (
                str(entity["unique_id"]).removesuffix("_energy")
                for entity in await websocket.command("config/entity_registry/list")
                if entity["platform"] == DOMAIN
                and entity["unique_id"].startswith(f"{SUPPLY}_")
                and entity["unique_id"].endswith("_energy")
            ),
            None,
        )

    name = await eventually("the sensors of the power supply", find)
    series = {
        name + key.removeprefix(SUPPLY) if key.startswith(f"{SUPPLY}_") else key: found
        for key, found in history.series.items()
    }
    return replace(history, series=series)


async def register(
    websocket: Websocket, unique_ids: Iterable[str]
) -> dict[str, Sensor]:
    """Have Home Assistant describe the statistics of sensors, before they have any."""
    wanted = set(unique_ids)

    async def find() -> dict[str, dict[str, Any]] | None:
        listed = {
            description["statistic_id"]: description
            for description in await websocket.command("recorder/list_statistic_ids")
        }
        entities = {
            entity["unique_id"]: entity
            for entity in await websocket.command("config/entity_registry/list")
            if entity["platform"] == DOMAIN and entity["entity_id"] in listed
        }
        if not wanted <= entities.keys():
            return None
        for unique_id in wanted:
            description = listed[entities[unique_id]["entity_id"]]
            await websocket.command(
                "recorder/import_statistics",
                metadata={
                    "mean_type": description["mean_type"],
                    "has_sum": description["has_sum"],
                    "name": None,
                    "source": "recorder",
                    "statistic_id": description["statistic_id"],
                    "unit_class": description["unit_class"],
                    "unit_of_measurement": description[
                        "statistics_unit_of_measurement"
                    ],
                },
                stats=[],
            )
        return {unique_id: entities[unique_id] for unique_id in wanted}

    found = await eventually("the sensors of the miners", find)
    states = {
        state["entity_id"]: state["state"]
        for state in await websocket.command("get_states")
    }
    return {
        unique_id: Sensor(
            entity["entity_id"],
            entity["config_entry_id"],
            entity["device_id"],
            _number(states.get(entity["entity_id"])),
        )
        for unique_id, entity in found.items()
    }


def write(settings: Settings, sensors: Mapping[str, Sensor], history: History) -> None:
    """Write the history; Home Assistant must not run.

    Raises:
        DemoError: Home Assistant has not taken in the descriptions.

    """
    with (
        closing(sqlite3.connect(settings.config / _DATABASE)) as connection,
        connection,
    ):
        _write_rows(connection, sensors, history.series)
        # What is raised now is raised once more, as the store of the alerts goes too.
        connection.execute(
            "DELETE FROM events WHERE event_type_id IN"
            " (SELECT event_type_id FROM event_types WHERE event_type = ?)",
            (EVENT_ALERT,),
        )
        for unique_id, occurrences in history.occurrences.items():
            device_id = _sensor_of(sensors, unique_id).device_id
            _write_events(connection, device_id, occurrences)
    entries = {
        unique_id: _sensor_of(sensors, unique_id).entry_id
        for unique_id in (SWARM_UNIQUE_ID, *history.figures)
    }
    _add_to_stored(settings.config / ".storage", entries, history)


def _sensor_of(sensors: Mapping[str, Sensor], unique_id: str) -> Sensor:
    """Return any sensor of a miner or of the swarm."""
    return next(
        sensor for key, sensor in sensors.items() if key.startswith(f"{unique_id}_")
    )


def _write_rows(
    connection: sqlite3.Connection,
    sensors: Mapping[str, Sensor],
    series: Mapping[str, Series],
) -> None:
    now = time.time()
    ids = dict(
        connection.execute("SELECT statistic_id, id FROM statistics_meta").fetchall()
    )
    for unique_id, found in series.items():
        sensor = sensors[unique_id]
        if (number := ids.get(sensor.entity_id)) is None:
            raise DemoError(f"the recorder does not know {sensor.entity_id}")
        present = sensor.state
        carried_on = unique_id.endswith(_CARRIED_ON)
        if carried_on:
            present = None
        if carried_on or not found.is_total:
            _forget_states(connection, sensor.entity_id)
        joined = join(found, present)
        for table, rows in (
            ("statistics", joined.hours),
            ("statistics_short_term", joined.short),
        ):
            # What the first minutes left would begin its sums at 0 again.
            connection.execute(
                f"DELETE FROM {table} WHERE metadata_id = ?",  # noqa: S608
                (number,),
            )
            connection.executemany(
                f"INSERT INTO {table} (metadata_id, created_ts, start_ts,"  # noqa: S608
                " mean, min, max, state, sum) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                ((number, now, *row) for row in rows),
            )


def _write_events(
    connection: sqlite3.Connection, device_id: str, occurrences: Iterable[Occurrence]
) -> None:
    """Have the recorder know what happened to a miner, as events of the bus."""
    connection.execute(
        "INSERT OR IGNORE INTO event_types (event_type) VALUES (?)", (EVENT_ACTIVITY,)
    )
    for occurrence in occurrences:
        data = event_data(occurrence, device_id)
        text = json.dumps(data, separators=(",", ":"))
        data_id = connection.execute(
            "INSERT INTO event_data (hash, shared_data) VALUES (?, ?)",
            (EventData.hash_shared_data_bytes(text.encode()), text),
        ).lastrowid
        connection.execute(
            "INSERT INTO events (event_type_id, data_id, time_fired_ts, origin_idx)"
            " SELECT event_type_id, ?, ?, 0 FROM event_types WHERE event_type = ?",
            (data_id, occurrence.time, EVENT_ACTIVITY),
        )


def _forget_states(connection: sqlite3.Connection, entity_id: str) -> None:
    """Remove what a sensor showed before it had a past.

    Home Assistant compiles it with the states that follow within the same 5 minutes. A
    counter that goes on from 0 has restarted, and miners that rest hash while the demo
    is set up.
    """
    known = (
        "(SELECT state_id FROM states JOIN states_meta USING (metadata_id)"
        " WHERE states_meta.entity_id = ?)"
    )
    for statement in (
        f"UPDATE states SET old_state_id = NULL WHERE old_state_id IN {known}",  # noqa: S608
        f"DELETE FROM states WHERE state_id IN {known}",  # noqa: S608
    ):
        connection.execute(statement, (entity_id,))


def join(series: Series, present: float | None) -> Series:
    """Have a counter end with what it shows now, as if it had always been the same one.

    The simulated past and the miner that runs have counted their own shares since the
    last start. Home Assistant would take the difference for what was counted in its
    first minutes, or for a start anew. Sums stay, and so does what was before the last
    start. Measurements have no states.
    """
    if present is None or not series.short or (last := series.short[-1].state) is None:
        return series
    offset = present - last
    start = _last_start(series.short)
    hours = series.hours
    if not hours or hours[-1].start + HOUR > series.short[start].start:
        hours = _shifted(hours, _last_start(hours), offset)
    return replace(series, hours=hours, short=_shifted(series.short, start, offset))


def _last_start(rows: Sequence[Row]) -> int:
    """Return the index of the first row since a counter began at 0."""
    states = [row.state or 0 for row in rows]
    return next(
        (
            index
            for index in range(len(rows) - 1, 0, -1)
            if states[index] < states[index - 1]
        ),
        0,
    )


def _shifted(rows: Sequence[Row], start: int, offset: float) -> list[Row]:
    """Add to the states from a row on; none falls below 0."""
    return [
        *rows[:start],
        *(
            row._replace(state=max(0, (row.state or 0) + offset))
            for row in rows[start:]
        ),
    ]


def _add_to_stored(folder: Path, entries: Mapping[str, str], history: History) -> None:
    """Add the history to what the integration stores, so that its counters go on."""
    swarm_id = entries[SWARM_UNIQUE_ID]
    # Alerts would report the restarts and records of before as if they were new.
    (folder / f"{DOMAIN}.{swarm_id}.alerts").unlink(missing_ok=True)
    swarm = _Store(folder / f"{DOMAIN}.{swarm_id}")
    for unique_id, simulated in history.figures.items():
        entry_id = entries[unique_id]
        miner = _Store(folder / f"{DOMAIN}.{entry_id}")
        known = miner.data["meter"]["figures"]
        known["energy"] += simulated.energy
        known["restarts"] += simulated.restarts
        known["best_difficulty"] = max(
            known["best_difficulty"] or 0, simulated.best_difficulty or 0
        )
        miner.save()
        account = swarm.data["miners"][entry_id]
        account["energy"] = known["energy"]
        account["best_difficulty"] = known["best_difficulty"]
        swarm.data["energy"] += simulated.energy
        for share in swarm.data["best_shares"]:
            if share["miner"] == entry_id:
                share["difficulty"] = known["best_difficulty"]
                share["time"] = history.records.get(unique_id)
    swarm.data["best_shares"].sort(key=lambda share: -share["difficulty"])
    swarm.save()
    path = folder / f"{DOMAIN}.{swarm_id}.supplies"
    if path.exists():
        supplies = _Store(path)
        for supply in supplies.data.values():
            supply["energy"] += history.wall_energy
        supplies.save()


class _Store:
    """A file of Home Assistant's storage."""

    def __init__(self, path: Path) -> None:
        """Read it."""
        self._path = path
        self._document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))

    @property
    def data(self) -> Any:
        """What the integration wrote."""
        return self._document["data"]

    def save(self) -> None:
        """Write it."""
        self._path.write_text(json.dumps(self._document), encoding="utf-8")


def _number(state: str | None) -> float | None:
    try:
        return float(state or "")
    except ValueError:
        return None
