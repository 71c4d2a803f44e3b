"""Results of the analysis as JSON: for actions, cards and assistants.

Keys carry the unit. Configurations have the keys of the CSV export, so that a figure
has one name everywhere. Unknown is `None`, moments are ISO 8601 in UTC.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from math import isfinite
from operator import attrgetter
from typing import Final

from homeassistant.util.json import JsonObjectType, JsonValueType

from ..analysis.advice import Advice, Change, Recommendation
from ..analysis.bottlenecks import Bottleneck, find_bottlenecks
from ..analysis.configurations import Configuration, MinerConfigurations
from ..analysis.export import CONFIGURATION_COLUMNS, Cell, configuration_rows
from ..analysis.report import describe_bottleneck, describe_recommendation, wall_lines
from ..analysis.span import Span
from ..analysis.stability import Stability
from ..analysis.summary import MinerSummary, SwarmSummary
from ..analysis.time_series import TimeSeries
from ..analysis.uptime import DayUptime
from ..analysis.wall import WallSummary
from ..axeos import OperatingPoint
from ..formatting import Texts

_DIGITS: Final = 6
"""Significant digits; nothing is measured better."""
_LARGEST_WHOLE: Final = 2**53

SERIES_COLUMNS: Final = {
    "hashrate_ghs": "hashrate",
    "hashrate_15min_ghs": "hashrate_short",
    "hashrate_24h_ghs": "hashrate_long",
    "expected_hashrate_ghs": "expected_hashrate",
    "power_w": "power",
    "efficiency_j_th": "efficiency",
    "asic_temperature_c": "asic_temperature",
    "vr_temperature_c": "vr_temperature",
    "fan_speed_percent": "fan_speed",
}
"""What a time series is shown by, and what the analysis calls it."""


def span_as_json(span: Span) -> JsonObjectType:
    """Present a span; one of everything has no beginning."""
    return {
        "name": span.name,
        "start": None if span.is_all else _moment(span.start.timestamp()),
        "end": _moment(span.end.timestamp()),
    }


def operating_point_as_json(point: OperatingPoint) -> JsonObjectType:
    """Present frequency and core voltage."""
    return {
        "frequency_mhz": rounded(point.frequency),
        "core_voltage_mv": rounded(point.core_voltage),
    }


def configurations_as_json(
    result: MinerConfigurations, advice: Advice, texts: Texts, currency: str
) -> JsonObjectType:
    """Present the configurations of a miner, and what they advise, also in words."""
    miner = result.miner
    return {
        "name": miner.name,
        "present": (
            None if miner.present is None else operating_point_as_json(miner.present)
        ),
        "configurations": [
            {
                **configuration_as_json(result, item),
                "bottlenecks": [
                    bottleneck_as_json(found, texts)
                    for found in find_bottlenecks(item, miner)
                ],
            }
            for item in result.configurations
        ],
        "recommendations": {
            item.goal.value: {
                **recommendation_as_json(item),
                "text": describe_recommendation(item, texts, currency, bold=""),
            }
            for item in advice.recommendations
        },
        "pareto_front": [
            operating_point_as_json(item.operating_point) for item in advice.pareto
        ],
        "missing": [
            texts.error(error.translation_key, error.placeholders)
            for error in result.missing.values()
        ],
        "missing_figures": [
            {"figure": metric.value, "reason": error.translation_key}
            for metric, error in result.missing.items()
        ],
    }


def configuration_as_json(
    result: MinerConfigurations, item: Configuration
) -> JsonObjectType:
    """Present one operating point under the names of the CSV export."""
    only = MinerConfigurations(
        miner=result.miner, span=result.span, configurations=(item,)
    )
    row = next(iter(configuration_rows([only])))
    cells: JsonObjectType = {
        name: _plain(cell)
        for name, cell in zip(CONFIGURATION_COLUMNS, row, strict=True)
        if name != "miner"
    }
    return {
        **cells,
        "present": item.present,
        "measured_enough": item.measured_enough,
    }


def uptime_as_json(day: DayUptime) -> JsonObjectType:
    """Present a day of a miner; the hours add up to it as far as it has come."""
    return {
        "start": day.start,
        "hashing_hours": rounded(day.hashing / 3600),
        "stopped_hours": rounded(day.stopped / 3600),
        "offline_hours": rounded(day.offline / 3600),
        "unknown_hours": rounded(day.unknown / 3600),
    }


def recommendation_as_json(item: Recommendation) -> JsonObjectType:
    """Present the best setting for a goal; details are among the configurations."""
    best = item.best
    return {
        "verdict": item.verdict.value,
        "best": (
            None
            if best is None
            else {
                **operating_point_as_json(best.operating_point),
                "hashrate_ghs": rounded(best.hashrate.value),
                "efficiency_j_th": rounded(
                    None if best.efficiency is None else best.efficiency.value
                ),
                "hours": rounded(best.hours),
            }
        ),
        "change": None if item.change is None else change_as_json(item.change),
    }


def change_as_json(change: Change) -> JsonObjectType:
    """Present what a change of setting would bring; negative is less."""
    return {
        "hashrate_ghs": rounded(change.hashrate),
        "hashrate_percent": rounded(change.hashrate_percent),
        "power_w": rounded(change.power),
        "efficiency_j_th": rounded(change.efficiency),
        "efficiency_percent": rounded(change.efficiency_percent),
        "energy_kwh_per_month": rounded(change.energy_per_month),
        "cost_per_month": rounded(change.cost_per_month),
    }


def bottleneck_as_json(item: Bottleneck, texts: Texts) -> JsonObjectType:
    """Present what stands in the way."""
    return {
        "kind": item.kind.value,
        "critical": item.critical,
        "value": rounded(item.value),
        "limit": rounded(item.limit),
        "text": describe_bottleneck(item, texts),
    }


def swarm_summary_as_json(
    summary: SwarmSummary, texts: Texts, currency: str
) -> JsonObjectType:
    """Present what all miners did together; power supplies also in words."""
    lines = wall_lines(summary.wall, summary.observed_hours, texts, currency, quote=str)
    return {
        "miners": len(summary.miners),
        "observed_hours": rounded(summary.observed_hours),
        "watched_seconds": rounded(summary.watched_seconds),
        "hashrate_ghs": rounded(summary.hashrate),
        "power_w": rounded(summary.power),
        "efficiency_j_th": rounded(summary.efficiency),
        "work_th": rounded(summary.work),
        "energy_kwh": rounded(summary.energy),
        "idle_energy_kwh": rounded(summary.idle_energy),
        "cost": rounded(summary.cost),
        "wall": [
            {**wall_as_json(item, summary.observed_hours), "text": line}
            for item, line in zip(summary.wall, lines, strict=True)
        ],
    }


def wall_as_json(item: WallSummary, observed_hours: float) -> JsonObjectType:
    """Present what a power supply took from the wall.

    `observed_hours` is the time in which miners were watched.
    """
    return {
        "name": item.name,
        "miners": [miner.name for miner in item.miners],
        "observed_hours": rounded(item.hours),
        "is_part": item.is_part_of(observed_hours),
        "power_w": rounded(item.power),
        "efficiency_j_th": rounded(item.efficiency),
        "energy_kwh": rounded(item.energy),
        "cost": rounded(item.cost),
        "loss_w": rounded(item.loss),
        "loss_percent": rounded(item.loss_share),
    }


def miner_summary_as_json(item: MinerSummary) -> JsonObjectType:
    """Present what a miner did."""
    return {
        "name": item.miner.name,
        "hashrate_ghs": rounded(item.hashrate),
        "mean_hashrate_ghs": rounded(item.mean_hashrate),
        "hashrate_min_ghs": rounded(item.hashrate_min),
        "hashrate_max_ghs": rounded(item.hashrate_max),
        "power_w": rounded(item.power),
        "power_max_w": rounded(item.power_max),
        "efficiency_j_th": rounded(item.efficiency),
        "work_th": rounded(item.work),
        "energy_kwh": rounded(item.energy),
        "idle_energy_kwh": rounded(item.idle_energy),
        "cost": rounded(item.cost),
        "observed_hours": rounded(item.observed_hours),
        "watched_seconds": rounded(item.watched_seconds),
        "hashing_hours": rounded(item.hashing_hours),
        "availability_percent": rounded(item.availability),
        "restarts": rounded(item.restarts),
        "total_uptime_hours": rounded(
            item.answered_hours if item.observed_hours else None
        ),
        "lifetime_uptime_hours": rounded(
            None if item.miner.total_uptime is None else item.miner.total_uptime / 3600
        ),
        "asic_temperature_c": rounded(item.asic_temperature),
        "asic_temperature_max_c": rounded(item.asic_temperature_max),
        "vr_temperature_c": rounded(item.vr_temperature),
        "vr_temperature_max_c": rounded(item.vr_temperature_max),
        "shares_accepted": rounded(item.shares_accepted),
        "shares_rejected": rounded(item.shares_rejected),
        "reject_rate_percent": rounded(item.reject_rate),
        "stability": {
            window.window.name: stability_as_json(window) for window in item.stability
        },
    }


def stability_as_json(item: Stability) -> JsonObjectType:
    """Present how evenly a miner hashed within a window."""
    return {
        "coverage_percent": rounded(item.coverage),
        "mean_ghs": rounded(item.mean),
        "median_ghs": rounded(item.median),
        "bucket_variance_percent": rounded(item.bucket_variance),
        "label": item.label.value,
        "variation_percent": rounded(item.variation),
        "robust_variation_percent": rounded(item.robust_variation),
        "skewed": item.skewed,
    }


def time_series_as_json(
    series: TimeSeries, shown: Iterable[str] = tuple(SERIES_COLUMNS)
) -> JsonObjectType:
    """Present a time series column by column, which is short and quick to draw.

    `time` is the begin and `seconds` the length of each step, Unix time; `shown` are
    the other columns.
    """
    columns: JsonObjectType = {
        "time": [round(point.start) for point in series.points],
        "seconds": [round(point.end - point.start) for point in series.points],
    }
    for name in shown:
        figure = attrgetter(SERIES_COLUMNS[name])
        columns[name] = _numbers(map(figure, series.points))
    return {
        "name": series.miner.name,
        "mean_hashrate_ghs": rounded(series.mean_hashrate),
        "columns": columns,
        "changes": [
            {
                "time": round(change.at),
                "before": operating_point_as_json(change.before),
                "after": operating_point_as_json(change.after),
            }
            for change in series.changes
        ],
    }


def _numbers(values: Iterable[float | None]) -> list[JsonValueType]:
    return [rounded(value) for value in values]


def _plain(cell: Cell) -> JsonValueType:
    if isinstance(cell, datetime):
        return cell.isoformat()
    return rounded(cell) if isinstance(cell, float) else cell


def rounded(value: float | None) -> float | int | None:
    """Leave out digits nobody measured; whole numbers are written as such."""
    if value is None or not isfinite(value):
        return None
    if abs(value) >= _LARGEST_WHOLE:
        # JSON has no limit for whole numbers, but who reads it does.
        return float(value)
    if abs(value) >= 10**_DIGITS:
        return round(value)
    short = float(f"{value:.{_DIGITS}g}")
    return int(short) if short.is_integer() else short


def _moment(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat()
