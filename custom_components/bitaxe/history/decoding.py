"""Turns rows of the database into figures in the analysis's units."""

from dataclasses import dataclass

from sqlalchemy import RowMapping

from ..analysis.blocks import FREQUENCY_DIGITS, VOLTAGE_DIGITS, Block, Bucket, Tally
from ..analysis.metrics import COUNTERS, Metric
from ..analysis.rows import Reported, Row
from ..axeos import OperatingPoint
from . import statements


@dataclass(frozen=True, slots=True)
class Scale:
    """Turns a stored value into the analysis's unit."""

    factor: float = 1.0
    offset: float = 0.0

    def value(self, stored: float) -> float:
        """Convert one value."""
        return stored * self.factor + self.offset

    def total(self, stored: float, rows: int) -> float:
        """Convert a sum of values."""
        return stored * self.factor + rows * self.offset


def as_block(row: RowMapping, row_seconds: float, scales: dict[Metric, Scale]) -> Block:
    """Return what a row of `statements.blocks` says."""
    hashing, powering = scales[Metric.HASHRATE], scales.get(Metric.POWER, Scale())
    power_factor = powering.factor
    tallies = {
        metric: as_tally(row, f"{metric}_", scales[metric])
        if f"{metric}_count" in row
        else None
        for metric in (Metric.HASHRATE, *statements.TALLIED)
    }
    hashrate = tallies[Metric.HASHRATE]
    assert hashrate is not None
    errors = scales.get(Metric.ERROR_RATE, Scale()).factor
    return Block(
        operating_point=OperatingPoint(
            frequency=round(
                scales[Metric.FREQUENCY].value(row["frequency"]), FREQUENCY_DIGITS
            ),
            core_voltage=round(
                scales[Metric.CORE_VOLTAGE].value(row["core_voltage"]), VOLTAGE_DIGITS
            ),
        ),
        start=row["first"],
        end=row["last"] + row_seconds,
        row_seconds=row_seconds,
        hashrate=hashrate,
        hashrate_squares=row["hashrate_squares"],
        hashrate_lowest_mean=hashing.value(row["hashrate_lowest_mean"]),
        hashrate_highest_mean=hashing.value(row["hashrate_highest_mean"]),
        power=tallies[Metric.POWER],
        power_squares=(row.get("power_squares") or 0.0) * power_factor**2,
        power_hashrate=(row.get("power_hashrate") or 0.0) * power_factor,
        powered_hashrate=row.get("powered_hashrate") or 0.0,
        powered_hashrate_squares=row.get("powered_hashrate_squares") or 0.0,
        asic_temperature=tallies[Metric.ASIC_TEMPERATURE],
        vr_temperature=tallies[Metric.VR_TEMPERATURE],
        input_voltage=tallies[Metric.INPUT_VOLTAGE],
        fan_speed=tallies[Metric.FAN_SPEED],
        errors=(row.get("errors") or 0.0) * errors,
        errors_hashrate=row.get("errors_hashrate") or 0.0,
        accepted=row.get(Metric.SHARES_ACCEPTED),
        rejected=row.get(Metric.SHARES_REJECTED),
        wall_rows=row.get("wall_rows") or 0,
        wall=row.get("wall") or 0.0,
        wall_power=(row.get("wall_power") or 0.0) * power_factor,
        wall_hashrate=row.get("wall_hashrate") or 0.0,
    )


def as_tally(row: RowMapping, prefix: str, scale: Scale) -> Tally | None:
    """Return the tally in the columns that begin with `prefix`."""
    rows: int = row[f"{prefix}count"]
    if not rows:
        return None
    return Tally(
        rows=rows,
        total=scale.total(row[f"{prefix}total"], rows),
        low=scale.value(row[f"{prefix}low"]),
        high=scale.value(row[f"{prefix}high"]),
    )


def as_bucket(
    row: RowMapping, metric: Metric, row_seconds: float, scale: Scale
) -> Bucket:
    """Return what a row of `statements.buckets` says."""
    counter = metric in COUNTERS
    first, last = row["first_sum"], row["last_sum"]
    return Bucket(
        start=row["first"],
        end=row["last"] + row_seconds,
        row_seconds=row_seconds,
        rows=row["rows"],
        tally=None if counter else as_tally(row, "", scale),
        active=None
        if counter or not row["active_rows"]
        else Tally(
            rows=row["active_rows"],
            total=scale.total(row["active_total"], row["active_rows"]),
            low=scale.value(row["active_low"]),
            high=scale.value(row["active_high"]),
        ),
        active_rows=row["positive_rows"],
        first=None if first is None else first * scale.factor,
        last=None if last is None else last * scale.factor,
    )


def take_row(
    row: Row,
    metric: Metric,
    item: RowMapping,
    scale: Scale,
    sums: dict[Metric, float],
) -> None:
    """Add a row of `statements.rows`; `sums` holds where the counters stand."""
    if metric not in COUNTERS:
        if item["mean"] is not None:
            row.values[metric] = Reported(
                *(scale.value(item[name]) for name in ("mean", "min", "max"))
            )
    elif item["sum"] is not None:
        total = item["sum"] * scale.factor
        if metric in sums:
            row.counts[metric] = total - sums[metric]
        sums[metric] = total
