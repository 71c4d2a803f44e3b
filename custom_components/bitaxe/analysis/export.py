"""Results as CSV: numbers plain, times in UTC, unknown empty."""

from collections.abc import Iterable, Iterator, Sequence
import csv
from datetime import UTC, datetime
import io
from typing import Final

from .configurations import Configuration, MinerConfigurations
from .metrics import Metric
from .miner import Miner
from .prices import Prices
from .rows import Row

type Cell = str | float | int | None

SAMPLE_COLUMNS: Final = (
    "time",
    "miner",
    "seconds",
    "frequency_mhz",
    "core_voltage_mv",
    "setting_changed",
    "hashrate_ghs",
    "hashrate_min_ghs",
    "hashrate_max_ghs",
    "expected_hashrate_ghs",
    "power_w",
    "power_max_w",
    "efficiency_j_th",
    "efficiency_gh_w",
    "input_voltage_v",
    "current_a",
    "core_voltage_actual_mv",
    "asic_temperature_c",
    "asic_temperature_max_c",
    "vr_temperature_c",
    "vr_temperature_max_c",
    "fan_speed_percent",
    "fan_rpm",
    "error_rate_percent",
    "shares_accepted",
    "shares_rejected",
    "restarts",
    "energy_kwh",
    "cost",
)
"""Columns of samples, one row for each 5 minutes or hour."""

CONFIGURATION_COLUMNS: Final = (
    "miner",
    "frequency_mhz",
    "core_voltage_mv",
    "present",
    "hours",
    "first_seen",
    "last_seen",
    "hashrate_ghs",
    "hashrate_error_ghs",
    "hashrate_min_ghs",
    "hashrate_max_ghs",
    "expected_hashrate_ghs",
    "expected_ratio_percent",
    "power_w",
    "power_max_w",
    "efficiency_j_th",
    "efficiency_error_j_th",
    "efficiency_gh_w",
    "efficiency_error_gh_w",
    "asic_temperature_c",
    "asic_temperature_max_c",
    "vr_temperature_c",
    "vr_temperature_max_c",
    "input_voltage_v",
    "input_voltage_min_v",
    "fan_speed_percent",
    "error_rate_percent",
    "shares_accepted",
    "shares_rejected",
    "reject_rate_percent",
    "variation_percent",
    "variation_seconds",
    "bucket_variance_percent",
)
"""Columns of results, one row for each miner and operating point."""

EXPORTED: Final = tuple(Metric)
"""Metrics that samples need."""


def write_csv(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return rows with a header line as CSV (RFC 4180)."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(columns)
    writer.writerows([_text(cell) for cell in row] for row in rows)
    return file.getvalue()


def sample_rows(
    miner: Miner, rows: Iterable[Row], prices: Prices
) -> Iterator[list[Cell]]:
    """Yield what `SAMPLE_COLUMNS` names for each statistics row."""
    for row in rows:
        hashrate, power = row.mean(Metric.HASHRATE), row.mean(Metric.POWER)
        both = hashrate is not None and power is not None and hashrate > 0
        energy = row.counts.get(Metric.ENERGY)
        price = prices.mean(row.start, row.end)
        values = row.values
        yield [
            _time(row.start),
            miner.name,
            round(row.end - row.start),
            row.mean(Metric.FREQUENCY),
            row.mean(Metric.CORE_VOLTAGE),
            int(row.is_mixed),
            hashrate,
            values[Metric.HASHRATE].low if Metric.HASHRATE in values else None,
            values[Metric.HASHRATE].high if Metric.HASHRATE in values else None,
            row.mean(Metric.EXPECTED_HASHRATE),
            power,
            values[Metric.POWER].high if Metric.POWER in values else None,
            power / hashrate * 1000 if both and power and hashrate else None,
            hashrate / power if both and power and hashrate else None,
            row.mean(Metric.INPUT_VOLTAGE),
            row.mean(Metric.CURRENT),
            row.mean(Metric.CORE_VOLTAGE_ACTUAL),
            row.mean(Metric.ASIC_TEMPERATURE),
            values[Metric.ASIC_TEMPERATURE].high
            if Metric.ASIC_TEMPERATURE in values
            else None,
            row.mean(Metric.VR_TEMPERATURE),
            values[Metric.VR_TEMPERATURE].high
            if Metric.VR_TEMPERATURE in values
            else None,
            row.mean(Metric.FAN_SPEED),
            row.mean(Metric.FAN_RPM),
            row.mean(Metric.ERROR_RATE),
            row.counts.get(Metric.SHARES_ACCEPTED),
            row.counts.get(Metric.SHARES_REJECTED),
            row.counts.get(Metric.RESTARTS),
            energy,
            energy * price if energy is not None and price is not None else None,
        ]


def configuration_rows(
    results: Iterable[MinerConfigurations],
) -> Iterator[list[Cell]]:
    """Yield what `CONFIGURATION_COLUMNS` names for each operating point."""
    for result in results:
        for item in result.configurations:
            yield [result.miner.name, *_configuration(item)]


def _configuration(item: Configuration) -> list[Cell]:
    joules, work = item.efficiency, item.hashrate_per_watt
    return [
        item.operating_point.frequency,
        item.operating_point.core_voltage,
        int(item.present),
        item.hours,
        _time(item.first_seen),
        _time(item.last_seen),
        item.hashrate.value,
        item.hashrate.error,
        item.hashrate_min,
        item.hashrate_max,
        item.expected_hashrate,
        item.expected_ratio,
        item.power,
        item.power_max,
        joules.value if joules else None,
        joules.error if joules else None,
        work.value if work else None,
        work.error if work else None,
        item.asic_temperature,
        item.asic_temperature_max,
        item.vr_temperature,
        item.vr_temperature_max,
        item.input_voltage,
        item.input_voltage_min,
        item.fan_speed,
        item.error_rate,
        item.shares_accepted,
        item.shares_rejected,
        item.reject_rate,
        item.variation,
        item.variation_seconds,
        item.bucket_variance,
    ]


def _time(moment: float) -> str:
    return datetime.fromtimestamp(moment, UTC).isoformat()


def _text(cell: Cell) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.10g}"
    # A name that begins like a formula must not become one in a spreadsheet.
    if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")):
        return f"'{cell}"
    return cell
