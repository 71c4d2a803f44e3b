"""Writes results as CSV: for programs, or for the spreadsheet of a person.

For programs, numbers are plain and times are in UTC. In both, unknown values are empty.
"""

from collections.abc import Iterable, Iterator, Sequence
import csv
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
import io
from itertools import groupby
from typing import Final
from unicodedata import normalize

from ..const import JOULES_PER_KWH
from .blocks import LONG_ROW
from .configurations import Configuration, MinerConfigurations
from .metrics import Metric
from .miner import Miner
from .periods import Period, common_periods, join_periods, seconds_of
from .prices import Prices
from .rows import Row
from .watched import MeterShares

type Cell = str | float | int | datetime | None


@dataclass(frozen=True, slots=True)
class CsvStyle:
    """How a file is written; by default as programs read it (RFC 4180)."""

    separator: str = ","
    decimal_mark: str = "."
    zone: tzinfo | None = None
    """Time zone of a column beside each time in UTC; for spreadsheets, whose figures
    are rounded as well. `None` is for programs."""


PLAIN: Final = CsvStyle()

_DIGITS: Final = {
    "mhz": 2,
    "mv": 1,
    "ghs": 1,
    "w": 2,
    "th": 2,
    "v": 3,
    "a": 2,
    "c": 1,
    "rpm": 0,
    "kwh": 4,
    "cost": 4,
}
"""Digits that mean something, by the last part of a column's name."""
_FORMULA: Final = ("=", "+", "-", "@")
_USUAL_DIGITS: Final = 2

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

_TIMES: Final = ("time", "first_seen", "last_seen")

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
    "wall_hours",
    "wall_power_w",
    "wall_efficiency_j_th",
)
"""Columns of results, one row for each miner and operating point."""

EXPORTED: Final = tuple(Metric)
"""Metrics that samples need."""


def write_csv(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], style: CsvStyle = PLAIN
) -> str:
    """Return rows with a header line as CSV."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=style.separator)
    writer.writerow(_header(columns, style))
    writer.writerows(
        [
            text
            for name, cell in zip(columns, row, strict=True)
            for text in _texts(name, cell, style)
        ]
        for row in rows
    )
    return file.getvalue()


def _header(columns: Sequence[str], style: CsvStyle) -> Iterator[str]:
    for name in columns:
        if style.zone is not None and name in _TIMES:
            yield f"{name}_utc"
            yield f"{name}_local"
        else:
            yield name


def sample_rows(
    miner: Miner, rows: Iterable[Row], prices: Prices
) -> Iterator[list[Cell]]:
    """Yield what `SAMPLE_COLUMNS` names for each row.

    The seconds and the energy add up to what a summary says of the same span.
    """
    rows = list(rows)
    lasted = _watched_seconds(miner, rows)
    for row, seconds, energy in zip(rows, lasted, _energies(rows, lasted), strict=True):
        hashrate, power = row.mean(Metric.HASHRATE), row.mean(Metric.POWER)
        both = hashrate is not None and power is not None and hashrate > 0
        price = prices.mean(row.start, row.end)
        values = row.values
        yield [
            _time(row.start),
            miner.name,
            round(seconds),
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


def _watched_seconds(miner: Miner, rows: Sequence[Row]) -> list[float]:
    """Return how much of each row Home Assistant watched, in s.

    See `watched.py`; as in a summary, the meter is looked at by the hour.
    """
    periods = join_periods(miner.unwatched)
    watched: list[float] = []
    for _, group in groupby(rows, key=lambda row: row.start // LONG_ROW):
        hour = list(group)
        known = [row.seconds - _filled_seconds(row, periods) for row in hour]
        seconds = sum(row.seconds for row in hour)
        meter = _meter_shares(miner, hour, seconds)
        if meter is not None and not meter.allows(sum(known) / seconds):
            known = [row.seconds * meter.most for row in hour]
        watched += known
    return watched


def _filled_seconds(row: Row, periods: Sequence[Period]) -> float:
    """Return the s of a row in which nobody watched, though it has them."""
    away = seconds_of(common_periods(periods, row.start, row.end))
    return min(max(away - (row.end - row.start - row.seconds), 0.0), row.seconds)


def _meter_shares(
    miner: Miner, rows: Sequence[Row], seconds: float
) -> MeterShares | None:
    """Return how much of some rows the meter shows; `None` if it was not there."""
    joules = energy = 0.0
    for row in rows:
        watts, metered = row.mean(Metric.POWER), row.counts.get(Metric.ENERGY)
        if watts is None or metered is None:
            return None
        joules += watts * row.seconds
        energy += metered
    return MeterShares.of(joules, joules / seconds, energy, miner.meter_lag)


def _energies(rows: Sequence[Row], lasted: Sequence[float]) -> list[float | None]:
    """Return the energy of each row in kWh, as the meter says.

    Before and after there was one, it is power times the watched time, in s.
    """
    metered = [index for index, row in enumerate(rows) if Metric.ENERGY in row.counts]
    first, last = (metered[0], metered[-1]) if metered else (len(rows), -1)
    energies: list[float | None] = []
    for index, (row, seconds) in enumerate(zip(rows, lasted, strict=True)):
        energy, watts = row.counts.get(Metric.ENERGY), row.mean(Metric.POWER)
        if energy is None and watts is not None and not first <= index <= last:
            energy = watts * seconds / JOULES_PER_KWH
        energies.append(energy)
    return energies


def configuration_rows(
    results: Iterable[MinerConfigurations],
) -> Iterator[list[Cell]]:
    """Yield what `CONFIGURATION_COLUMNS` names for each operating point."""
    for result in results:
        for item in result.configurations:
            yield [result.miner.name, *_configuration(item)]


def _configuration(item: Configuration) -> list[Cell]:
    joules, work, wall = item.efficiency, item.hashrate_per_watt, item.wall
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
        wall.hours if wall else None,
        wall.power if wall else None,
        wall.efficiency if wall else None,
    ]


def _time(moment: float) -> datetime:
    return datetime.fromtimestamp(moment, UTC)


def _texts(name: str, cell: Cell, style: CsvStyle) -> Iterator[str | int]:
    """Yield what is written of a cell: of a time in a spreadsheet, two columns."""
    if not isinstance(cell, datetime):
        yield _text(name, cell, style)
    elif style.zone is None:
        yield cell.isoformat()
    else:
        # A time zone would make it a text that no spreadsheet can sort or draw.
        yield f"{cell:%Y-%m-%d %H:%M:%S}"
        yield f"{cell.astimezone(style.zone):%Y-%m-%d %H:%M:%S}"


def _text(name: str, cell: str | float | None, style: CsvStyle) -> str | int:
    if cell is None:
        return ""
    if isinstance(cell, float):
        text = f"{cell:.10g}"
        if style.zone is not None:
            digits = _DIGITS.get(name.rpartition("_")[2], _USUAL_DIGITS)
            text = f"{cell:.{digits}f}"
        return text.replace(".", style.decimal_mark)
    # A name that begins like a formula must not become one in a spreadsheet, which may
    # pass over blanks and take wide characters for the others.
    if isinstance(cell, str) and normalize("NFKC", cell).lstrip().startswith(_FORMULA):
        return f"'{cell}"
    return cell
