"""Writes a history into the recorder's statistics, window by window."""

from dataclasses import replace
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.components.recorder.db_schema import (
    Statistics,
    StatisticsMeta,
    StatisticsShortTerm,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import session_scope
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from sqlalchemy import insert, select

from custom_components.bitaxe.analysis.metrics import COUNTERS, UNITS, Metric
from custom_components.bitaxe.analysis.miner import Miner, Plug
from custom_components.bitaxe.const import DOMAIN

START = 1_790_000_000 // 3600 * 3600
"""An hour at which histories begin."""
SHORT, LONG = 300, 3600


class Recording:
    """The history of one miner, and where it stands."""

    def __init__(self, hass: HomeAssistant, miner: Miner) -> None:
        """Begin at START, with a miner that runs well."""
        self.hass = hass
        self.miner = miner
        self.now = START
        self.units = dict(UNITS)
        self.values: dict[Metric, float] = {
            Metric.FREQUENCY: 525,
            Metric.CORE_VOLTAGE: 1150,
            Metric.HASHRATE: 1000,
            Metric.EXPECTED_HASHRATE: 1071,
            Metric.POWER: 18,
            Metric.ASIC_TEMPERATURE: 60,
            Metric.VR_TEMPERATURE: 55,
            Metric.INPUT_VOLTAGE: 5.1,
            Metric.FAN_SPEED: 50,
            Metric.ERROR_RATE: 0.5,
        }
        self._sums = dict.fromkeys(COUNTERS, 0.0)
        self._rows: dict[type, list[tuple[Metric, dict[str, Any]]]] = {
            Statistics: [],
            StatisticsShortTerm: [],
        }

    def pass_windows(
        self,
        count: int,
        seconds: int = SHORT,
        *,
        low: dict[Metric, float] | None = None,
        high: dict[Metric, float] | None = None,
        watched: float = 1.0,
        shares: tuple[int, int] = (60, 0),
        **values: float,
    ) -> None:
        """Write windows; `values` stay as they are then.

        `low` and `high` are what a metric reached in them beyond its mean. `watched` is
        the share of each window in which Home Assistant ran; else it repeats itself.
        """
        self.values |= {Metric(name): value for name, value in values.items()}
        table = Statistics if seconds == LONG else StatisticsShortTerm
        for _ in range(count):
            for metric, mean in self.values.items():
                row = {
                    "mean": mean,
                    "min": (low or {}).get(metric, mean),
                    "max": (high or {}).get(metric, mean),
                }
                self._rows[table].append((metric, {"start_ts": self.now, **row}))
            power = self.values[Metric.POWER]
            self._sums[Metric.ENERGY] += power * seconds * watched / 3_600_000
            if watched:
                self._sums[Metric.SHARES_ACCEPTED] += shares[0]
                self._sums[Metric.SHARES_REJECTED] += shares[1]
            for metric in COUNTERS:
                total = self._sums[metric]
                row = {"start_ts": self.now, "state": total, "sum": total}
                self._rows[table].append((metric, row))
            self.now += seconds

    def with_plug(self, since: float = 0.0) -> Recording:
        """Return the history of a plug at the wall, which the miner has now."""
        plug = Recording(self.hass, Miner(identifier="supply", name="Supply"))
        plug.now, plug.values = self.now, {Metric.POWER: 20.0}
        plug.units = {Metric.POWER: "W"}
        self.miner = replace(self.miner, plug=Plug(identifier="supply", since=since))
        return plug

    def restart(self) -> None:
        """Count a restart."""
        self._sums[Metric.RESTARTS] += 1

    def skip(self, seconds: int) -> None:
        """Leave a gap."""
        self.now += seconds

    def take_sums(self) -> dict[Metric, float]:
        """Return where the counters stand."""
        return dict(self._sums)

    def add_hour(self, start: int, sums: dict[Metric, float]) -> None:
        """Add the hourly row of present values that ends with these sums."""
        rows = self._rows[Statistics]
        for metric, mean in self.values.items():
            row = {"start_ts": start, "mean": mean, "min": mean, "max": mean}
            rows.append((metric, row))
        for metric, total in sums.items():
            rows.append((metric, {"start_ts": start, "state": total, "sum": total}))

    def forget_short_term(self, before: float) -> None:
        """Purge 5-minute rows, as the recorder does."""
        self._rows[StatisticsShortTerm] = [
            item
            for item in self._rows[StatisticsShortTerm]
            if item[1]["start_ts"] >= before
        ]

    def forget_counters(self, before: float) -> None:
        """Leave out what counters showed before they were there."""
        for table, rows in self._rows.items():
            self._rows[table] = [
                item
                for item in rows
                if item[0] not in COUNTERS or item[1]["start_ts"] >= before
            ]

    async def async_write(self, *, leave_out: set[Metric] | None = None) -> None:
        """Register the sensors and write what is not yet in the database."""
        registry = er.async_get(self.hass)
        ids = {}
        for metric in self.units.keys() - (leave_out or set()):
            ids[metric] = registry.async_get_or_create(
                "sensor",
                DOMAIN,
                f"{self.miner.identifier}_{metric}",
                suggested_object_id=f"{self.miner.name}_{metric}",
            ).entity_id
        # The recorder writes the registry's events, and SQLite has one writer.
        await async_wait_recording_done(self.hass)
        await get_instance(self.hass).async_add_executor_job(self._write, ids)

    def _write(self, ids: dict[Metric, str]) -> None:
        with session_scope(hass=self.hass) as session:
            numbers: dict[Metric, int] = {}
            known = dict(
                session.execute(select(StatisticsMeta.statistic_id, StatisticsMeta.id))
                .tuples()
                .all()
            )
            for metric, statistic_id in ids.items():
                if statistic_id in known:
                    numbers[metric] = known[statistic_id]
                    continue
                item = StatisticsMeta(
                    statistic_id=statistic_id,
                    source="recorder",
                    unit_of_measurement=self.units[metric],
                    has_sum=metric in COUNTERS,
                    mean_type=0 if metric in COUNTERS else 1,
                )
                session.add(item)
                session.flush()
                numbers[metric] = item.id
            for table, rows in self._rows.items():
                for metric, number in numbers.items():
                    values = [
                        {"metadata_id": number, "created_ts": START, **row}
                        for name, row in rows
                        if name is metric
                    ]
                    if values:
                        session.execute(insert(table), values)
                rows.clear()
