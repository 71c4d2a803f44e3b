"""What the analysis costs over a year of ten miners, with a plug each and without."""

import argparse
import asyncio
from collections.abc import Callable, Iterable, Iterator
from itertools import batched
import math
import random
import resource
import sys
import tempfile
from time import perf_counter, process_time, time
import tracemalloc
from types import MappingProxyType
from typing import Any

from homeassistant import bootstrap, loader
from homeassistant.components.recorder.db_schema import (
    Statistics,
    StatisticsMeta,
    StatisticsShortTerm,
)
from homeassistant.config_entries import SOURCE_USER, ConfigEntries, ConfigEntry
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er, recorder as recorder_helper
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
from sqlalchemy import Engine, insert

from custom_components.bitaxe.analysis.metrics import COUNTERS, UNITS, Metric
from custom_components.bitaxe.analysis.miner import Miner, Plug
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.axeos.boards import find_board
from custom_components.bitaxe.const import DOMAIN
from custom_components.bitaxe.results.queries import async_get_configurations

from .steps import TARGET, Steps

MINERS = 10
POINTS = [(400 + 25 * (n % 4), 1100 + 50 * (n // 4)) for n in range(12)]
HOURS_PER_POINT = 30
OTHERS = ("hashrate_ratio", "efficiency", "reject_rate")
"""Statistics of a miner the analysis does not read, but which lie in its way."""
PLUG = "wall_power"
"""Statistics of a plug that measures what a miner takes at the wall."""
LONG_HOURS = 365 * 24
SHORT_HOURS = 10 * 24
TARGET_SECONDS = 1.0


def statistic_id(miner: int, key: str) -> str:
    """Return the statistic of a miner's sensor."""
    return f"sensor.miner_{miner}_{key}"


def add_metadata(
    engine: Engine, name_of: Callable[[int, str], str]
) -> dict[tuple[int, str], int]:
    """Create the metadata of the sensors with these names, and return their numbers."""
    keys = [*UNITS, *OTHERS, PLUG]
    numbers = {
        (miner, str(key)): index + 1
        for index, (miner, key) in enumerate(
            (miner, key) for miner in range(MINERS) for key in keys
        )
    }
    rows = [
        {
            "id": number,
            "statistic_id": name_of(miner, key),
            "source": "recorder",
            "unit_of_measurement": "W"
            if key == PLUG
            else UNITS.get(Metric(key))
            if key in UNITS
            else "x",
            "has_sum": key in COUNTERS,
            "mean_type": 0 if key in COUNTERS else 1,
        }
        for (miner, key), number in numbers.items()
    ]
    with engine.begin() as connection:
        connection.execute(insert(StatisticsMeta), rows)
    return numbers


def miner_rows(
    numbers: dict[tuple[int, str], int],
    moment: float,
    seconds: float,
    sums: dict[tuple[int, str], float],
) -> Iterator[dict[str, Any]]:
    """Yield the rows of all miners for one window."""
    for miner in range(MINERS):
        turn = int(moment // (3600 * HOURS_PER_POINT))
        frequency, voltage = POINTS[(turn * 7 + miner) % len(POINTS)]
        day = math.sin(moment / 86400 * math.tau)
        hashrate = frequency * 2.04 * random.gauss(0.99, 0.02)
        power = frequency * voltage**2 * 2.6e-8 * random.gauss(1 + 0.01 * day, 0.005)
        grown = {
            Metric.ENERGY: power * seconds / 3_600_000,
            Metric.SHARES_ACCEPTED: round(seconds / 5),
            Metric.SHARES_REJECTED: float(random.random() < 0.05),
            Metric.RESTARTS: 0.0,
        }
        means = {
            Metric.FREQUENCY: frequency,
            Metric.CORE_VOLTAGE: voltage,
            Metric.HASHRATE: hashrate,
            Metric.EXPECTED_HASHRATE: frequency * 2.04,
            Metric.POWER: power,
            Metric.ASIC_TEMPERATURE: 60 + 3 * day,
            Metric.VR_TEMPERATURE: 55 + 3 * day,
            Metric.INPUT_VOLTAGE: 5.1,
            Metric.CURRENT: 3.0,
            Metric.CORE_VOLTAGE_ACTUAL: voltage - 10,
            Metric.FAN_SPEED: 50 + 5 * day,
            Metric.FAN_RPM: 4000,
            Metric.ERROR_RATE: 0.4,
            **dict.fromkeys(OTHERS, 1.0),
            PLUG: power / 0.9,
        }
        settings = (Metric.FREQUENCY, Metric.CORE_VOLTAGE, Metric.EXPECTED_HASHRATE)
        for key, mean in means.items():
            swing = 0.0 if key in settings else 0.05 * mean
            yield {
                "metadata_id": numbers[miner, str(key)],
                "created_ts": moment,
                "start_ts": moment,
                "mean": mean,
                "min": mean - swing,
                "max": mean + swing,
                "state": None,
                "sum": None,
            }
        for key, amount in grown.items():
            total = sums[miner, key] = sums.get((miner, key), 0.0) + amount
            yield {
                "metadata_id": numbers[miner, str(key)],
                "created_ts": moment,
                "start_ts": moment,
                "mean": None,
                "min": None,
                "max": None,
                "state": total,
                "sum": total,
            }


def fill(
    engine: Engine,
    name_of: Callable[[int, str], str] = statistic_id,
    long_hours: int = LONG_HOURS,
) -> int:
    """Fill the database up to now, and return the number of rows."""
    random.seed(1)
    numbers = add_metadata(engine, name_of)
    now = time() // 3600 * 3600
    seam = now - SHORT_HOURS * 3600
    sums: dict[tuple[int, str], float] = {}
    at_seam: dict[tuple[int, str], float] = {}
    count = 0

    def write(
        table: type[Statistics | StatisticsShortTerm], rows: list[dict[str, Any]]
    ) -> None:
        # Piece by piece: the recorder itself waits for half a minute to write at most.
        with engine.begin() as connection:
            connection.execute(insert(table), rows)

    for hours in batched(range(long_hours), 100, strict=False):
        rows: list[dict[str, Any]] = []
        for hour in hours:
            moment = now - (long_hours - hour) * 3600
            if moment == seam:
                at_seam = dict(sums)
            rows += miner_rows(numbers, moment, 3600, sums)
        write(Statistics, rows)
        count += len(rows)
    for windows in batched(range(SHORT_HOURS * 12), 100, strict=False):
        rows = []
        for window in windows:
            rows += miner_rows(numbers, seam + window * 300, 300, at_seam)
        write(StatisticsShortTerm, rows)
        count += len(rows)
    return count


def make_miners(hass: HomeAssistant, *, plugs: bool) -> list[Miner]:
    """Register the miners' entries, which are not set up, and their sensors."""
    registry = er.async_get(hass)
    miners = []
    for miner in range(MINERS):
        entry = ConfigEntry(
            data={},
            discovery_keys=MappingProxyType({}),
            domain=DOMAIN,
            entry_id=f"entry{miner}",
            minor_version=1,
            options={},
            source=SOURCE_USER,
            subentries_data=(),
            title=f"Miner {miner}",
            unique_id=f"miner{miner}",
            version=2,
        )
        # Adding it otherwise would set it up.
        hass.config_entries._entries[entry.entry_id] = entry  # noqa: SLF001
        for metric in Metric:
            registry.async_get_or_create(
                "sensor",
                DOMAIN,
                f"miner{miner}_{metric}",
                suggested_object_id=f"miner_{miner}_{metric}",
            )
        registry.async_get_or_create(
            "sensor",
            DOMAIN,
            f"supply{miner}_power",
            suggested_object_id=f"miner_{miner}_{PLUG}",
        )
        frequency, voltage = POINTS[miner]
        miners.append(
            Miner(
                identifier=f"miner{miner}",
                name=f"Miner {miner}",
                board=find_board(
                    device_model=None, board_version="602", asic_model="BM1370"
                ),
                present=OperatingPoint(frequency=frequency, core_voltage=voltage),
                plug=Plug(identifier=f"supply{miner}", since=0.0) if plugs else None,
            )
        )
    return miners


async def start_recorder(folder: str, url: str) -> HomeAssistant:
    """Start what a recorder needs of Home Assistant."""
    hass = HomeAssistant(folder)
    hass.config.skip_pip = True
    hass.config_entries = ConfigEntries(hass, {})
    loader.async_setup(hass)
    recorder_helper.async_initialize_recorder(hass)
    await bootstrap.async_load_base_functionality(hass)
    config = {"recorder": {"db_url": url, "purge_keep_days": 3650}}
    if not await async_setup_component(hass, "recorder", config):
        raise SystemExit("the recorder does not start")
    await hass.async_start()
    await recorder_helper.get_instance(hass).async_recorder_ready.wait()
    return hass


async def measure(
    hass: HomeAssistant, miners: list[Miner], name: str, label: str
) -> bool:
    """Print what one span takes; return whether it is within the targets."""
    span = Span.parse(name, dt_util.utcnow())
    await asyncio.sleep(0.5)
    steps = Steps()
    with steps.noted():
        # A task of its own, of which every step is noted.
        asked = asyncio.create_task(async_get_configurations(hass, miners, span))
        started, started_cpu = perf_counter(), process_time()
        results = await asked
        seconds, cpu = perf_counter() - started, process_time() - started_cpu
    longest = max(seconds for seconds, _ in steps.longest)
    tracemalloc.start()
    await async_get_configurations(hass, miners, span)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    found = sum(len(result.configurations) for result in results)
    hours = sum(item.hours for result in results for item in result.configurations)
    print(
        f"{label:>9}: {seconds:6.3f} s ({cpu:.2f} s CPU), "
        f"longest step of the event loop {longest * 1000:4.1f} ms, "
        f"peak {peak / 1e6:5.1f} MB of Python objects, "
        f"{found} configurations over {hours:.0f} h"
    )
    return seconds < TARGET_SECONDS and longest < TARGET


async def measure_each(
    hass: HomeAssistant, spans: Iterable[tuple[str, str]], *, plugs: bool
) -> bool:
    """Print what each span takes; return whether all are within the targets."""
    miners = make_miners(hass, plugs=plugs)
    return all([await measure(hass, miners, name, label) for name, label in spans])


async def run(url: str | None, *, plugs: bool) -> bool:
    """Fill, measure, report."""
    with tempfile.TemporaryDirectory() as folder:
        hass = await start_recorder(folder, url or f"sqlite:///{folder}/bench.db")
        try:
            instance = recorder_helper.get_instance(hass)
            assert instance.engine is not None
            started = perf_counter()
            count = await instance.async_add_executor_job(fill, instance.engine)
            print(
                f"{instance.dialect_name}: {count} rows of {MINERS} miners "
                f"{'with' if plugs else 'without'} plugs, "
                f"filled in {perf_counter() - started:.0f} s"
            )
            passed = await measure_each(
                hass,
                (("all", "all"), ("all", "all again"), ("7d", "7d"), ("1y", "1y")),
                plugs=plugs,
            )
        finally:
            await hass.async_stop(force=True)
        # What was kept of all time is in files now.
        hass = await start_recorder(folder, url or f"sqlite:///{folder}/bench.db")
        try:
            passed &= await measure_each(
                hass, (("all", "restarted"), ("all", "again")), plugs=plugs
            )
        finally:
            await hass.async_stop(force=True)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak of the process {memory:.0f} MB; targets: 1 s, {TARGET * 1000:.0f} ms")
    return passed


def main() -> int:
    """Run as a program."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--database", help="URL of an empty database")
    parser.add_argument(
        "--plugs", action="store_true", help="have a plug measure each miner"
    )
    arguments = parser.parse_args()
    return 0 if asyncio.run(run(arguments.database, plugs=arguments.plugs)) else 1


if __name__ == "__main__":
    sys.exit(main())
