"""How long single steps of each action hold Home Assistant's event loop."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
import logging
from pathlib import Path
import random
import sqlite3
import sys
import tempfile
import time
from typing import Any, Final, override

from homeassistant.components.recorder.core import Recorder
from homeassistant.components.recorder.tasks import CommitTask, RecorderTask
from homeassistant.components.websocket_api.messages import (
    message_to_json_bytes,
    result_message,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType

from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.coordinator import MinerCoordinator
from custom_components.bitaxe.discord.messages.report import async_make_report
from custom_components.bitaxe.following import loaded_miners, miner_entries
from custom_components.bitaxe.miner.backups import MOST_BACKUPS, BackupReason
from custom_components.bitaxe.results.drawing import ChartKind
from custom_components.bitaxe.results.helpers import make_span
from custom_components.bitaxe.results.responses import (
    async_answer_configurations,
    async_answer_series,
    async_answer_summary,
    async_answer_uptime,
)
from custom_components.bitaxe.results.timeline import async_answer_timeline
from custom_components.bitaxe.targets import async_device_id
from custom_components.bitaxe.texts import async_load_texts

from .analysing import MINERS, fill
from .instance import add_miners, home_assistant
from .miners import Miners
from .steps import TARGET, Steps

_PRESETS: Final = ["gamma-2.12"]
_DAYS: Final = 10
"""Days of states, as the recorder keeps them by default."""
_EVENTS_PER_DAY: Final = 60
"""Alerts raised and cleared, and activities, of a miner on a bad network."""
_LOGGED_HOURS: Final = 30 * 24
_LOGGED_STEP: Final = 60
_COMMITTED: Final = 200

type Action = Callable[[], Awaitable[object]]


def write_states(hass: HomeAssistant, miners: list[MinerCoordinator]) -> int:
    """Write events and hashrates as the recorder would have; return how many."""
    registry = er.async_get(hass)
    rng = random.Random(1)
    now = time.time()
    count = 0

    def write(entity_id: str, state: str, data: Mapping[str, Any], when: float) -> None:
        nonlocal count
        hass.states.async_set(entity_id, state, data, timestamp=when)
        count += 1
        if count % _COMMITTED == 0:
            # SQLAlchemy sorts what is new, with the square of what each entity has.
            get_instance(hass).queue_task(CommitTask())

    for miner in miners:
        for key, kinds in (
            ("alert", ("overheating", "low_hashrate", "offline")),
            ("activity", ("restarted", "settings_changed", "offline", "online")),
        ):
            entity_id = registry.async_get_entity_id(
                Platform.EVENT, DOMAIN, f"{miner.identifier}_{key}"
            )
            assert entity_id is not None
            for index in range(_DAYS * _EVENTS_PER_DAY):
                moment = now - (_DAYS - index / _EVENTS_PER_DAY) * 86_400 + 60
                stamp = dt_util.utc_from_timestamp(moment).isoformat(
                    "T", "milliseconds"
                )
                data = {
                    "event_type": rng.choice(kinds),
                    "phase": ("raised", "cleared")[index % 2],
                    "since": stamp,
                    "value": rng.uniform(60, 80),
                    "limit": 70.0,
                    "unit": "°C",
                    "description": f"Something happened for the {index}th time",
                    "from": {"frequency": 525.0, "core_voltage": 1150.0},
                    "to": {"frequency": 500.0, "core_voltage": 1100.0},
                }
                write(entity_id, stamp, data, moment)
        entity_id = registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, f"{miner.identifier}_hashrate"
        )
        assert entity_id is not None
        present = hass.states.get(entity_id)
        assert present is not None
        for minute in range(24 * 60, 1, -1):
            write(
                entity_id,
                str(rng.gauss(1000, 30)),
                present.attributes,
                now - minute * 60,
            )
    return count


def keep_backups(miners: list[MinerCoordinator]) -> None:
    """Keep as many backups of each miner as there may be."""
    now = time.time()
    for miner in miners:
        for number in range(MOST_BACKUPS):
            miner.backups.async_keep(
                replace(miner.snapshot, frequency=400.0 + number),
                now - (MOST_BACKUPS - number) * 3600,
                BackupReason.CHANGE,
            )


def write_logger(path: Path, names: list[str]) -> int:
    """Write the file of another logger; return the number of samples."""
    first = dt_util.utcnow() - timedelta(days=60)
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
        count = _LOGGED_HOURS * 3600 // _LOGGED_STEP
        for name in names:
            database.execute(
                "INSERT INTO devices (id, ip_address, hostname) VALUES (?, ?, ?)",
                (name, "192.0.2.1", f"host-{name}"),
            )
            database.executemany(
                "INSERT INTO performance_metrics (device_id, timestamp, config_id,"
                " hashrate, power, voltage, asic_temp, vreg_temp, fan_speed, fan_rpm,"
                " shares_accepted, shares_rejected, uptime)"
                " VALUES (?, ?, 1, 1000, 15, 5.1, 55, 50, 40, 3000, ?, 0, 1)",
                [
                    (
                        name,
                        (first + timedelta(seconds=step * _LOGGED_STEP))
                        .replace(tzinfo=None)
                        .isoformat(" "),
                        step,
                    )
                    for step in range(count)
                ],
            )
    return count * len(names)


@dataclass
class _Fill(RecorderTask):
    """Fills the database in the recorder's own thread, as SQLite has one writer."""

    name_of: Callable[[int, str], str]
    hours: int
    rows: int = 0

    @override
    def run(self, instance: Recorder) -> None:
        assert instance.engine is not None
        self.rows = fill(instance.engine, self.name_of, self.hours)


async def _sent(answer: Awaitable[JsonObjectType]) -> None:
    """Make a message of an answer, as a connection does."""
    message_to_json_bytes(result_message(1, await answer))


async def _done(action: Action) -> None:
    await action()


def _actions(hass: HomeAssistant) -> dict[str, Action]:
    miners = loaded_miners(hass)
    devices = [async_device_id(hass, miner) for miner in miners]
    newest = next(iter(miners[0].backups))
    month, year, everything = make_span("30d"), make_span("1y"), make_span("all")

    def call(action: str, **data: Any) -> Action:
        async def run() -> object:
            return await hass.services.async_call(
                DOMAIN, action, data, blocking=True, return_response=True
            )

        return run

    return {
        "timeline": lambda: _sent(
            async_answer_timeline(hass, miner_entries(hass), month)
        ),
        "uptime": lambda: _sent(async_answer_uptime(hass, miners, year)),
        "series": lambda: _sent(async_answer_series(hass, miners, month)),
        "summary": lambda: _sent(async_answer_summary(hass, miners, month)),
        "configurations": lambda: _sent(
            async_answer_configurations(hass, miners, everything)
        ),
        "get_report": call("get_report", span="30d", device_id=devices),
        "report for Discord": lambda: async_make_report(
            hass, miners, "30d", charts=True
        ),
        "export_csv": call("export_csv", span="30d", device_id=devices),
        **{
            f"render_chart {kind}": call(
                "render_chart",
                chart=kind.value,
                span="30d",
                device_id=devices[:1] if kind.of_one_miner else devices,
            )
            for kind in ChartKind
        },
        "get_backups": call("get_backups", device_id=devices),
        "import_backup": call(
            "import_backup", device_id=devices, backup=newest.as_dict()
        ),
        "restore_backup": call(
            "restore_backup",
            device_id=devices[:1],
            backup_id=newest.id,
            preview=True,
        ),
        "import_history": call(
            "import_history",
            path="metrics.db",
            miners={f"old{n}": device for n, device in enumerate(devices)},
            time_zone="Europe/Berlin",
            dry_run=False,
        ),
    }


async def run(miners: Miners, folder: Path, days: int, only: str | None) -> bool:
    """Fill, do everything once, and print what each did to the event loop."""
    async with home_assistant(folder) as hass:
        await add_miners(hass, miners.addresses, 10)
        await async_load_texts(hass)
        found = loaded_miners(hass)
        registry = er.async_get(hass)
        names = {
            (index, item.unique_id.removeprefix(f"{miner.identifier}_")): item.entity_id
            for index, miner in enumerate(found)
            for item in er.async_entries_for_config_entry(
                registry, miner.config_entry.entry_id
            )
            if item.domain == Platform.SENSOR
        }
        instance = get_instance(hass)
        states = write_states(hass, found)
        filling = _Fill(
            lambda miner, key: names.get((miner, key), f"sensor.none_{miner}_{key}"),
            days * 24,
        )
        instance.queue_task(filling)
        await instance.async_block_till_done()
        keep_backups(found)
        path = Path(hass.config.path("metrics.db"))
        samples = await hass.async_add_executor_job(
            write_logger, path, [f"old{n}" for n in range(len(found))]
        )
        hass.config.allowlist_external_dirs = {hass.config.config_dir}
        hass.config.media_dirs = {"local": hass.config.path("media")}
        print(
            f"{len(found)} miners, {filling.rows} rows of statistics, {states} states, "
            f"{samples} samples of another logger; the longest steps of the event loop:"
        )
        passed = True
        for label, action in _actions(hass).items():
            if only is not None and only not in label:
                continue
            steps = Steps()
            with steps.noted():
                try:
                    # A task of its own, of which every step is noted.
                    await asyncio.create_task(_done(action))
                except Exception:
                    logging.getLogger(__name__).exception("%s", label)
            passed &= steps.report(label)
        return passed


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", help="only actions with this in their name")
    parser.add_argument(
        "--days", type=int, default=365, help="days of hourly statistics (365)"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        shared = Path(folder, "offset")
        with Miners(_PRESETS, MINERS, shared) as miners:
            passed = asyncio.run(
                run(miners, Path(folder), arguments.days, arguments.only)
            )
    print(f"target: {TARGET * 1000:.0f} ms")
    return 0 if passed else 1


if __name__ == "__main__":
    sys.exit(main())
