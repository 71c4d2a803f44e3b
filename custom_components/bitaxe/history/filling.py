"""Writes hours that Home Assistant has not seen into the statistics of a miner.

Only where there is nothing: no row is ever changed but, for sums, shifted by what was
filled in before it.
"""

import asyncio
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from homeassistant.components.recorder.models import (
    StatisticData,
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    async_import_statistics,
    get_metadata,
    statistics_during_period,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance

from ..analysis.hours import HOUR, Hour
from ..analysis.metrics import COUNTERS, UNITS, Metric
from .decoding import Scale
from .jobs import async_read
from .sources import async_entity_ids, scale_of

_SOURCE: Final = "recorder"
_HALF: Final = HOUR / 2
"""Seconds of an hour that must be known for it to count."""

type _Sums = dict[float, float]
"""Sum at the end of each recorded hour, by its start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What was filled in, or would be."""

    hours: int
    """With at least one row."""
    rows: int
    energy: float
    """kWh."""
    existing: int
    """Hours that were left alone, as they are recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """The rows of one sensor."""

    metadata: StatisticMetaData
    rows: list[StatisticData]
    shifts: list[tuple[float, float]]
    """From which recorded hour on sums are shifted, and by how much."""


async def async_fill(
    hass: HomeAssistant,
    identifier: str,
    hours: Sequence[Hour],
    *,
    before: float,
    write: bool,
) -> Filled:
    """Write hours that end by a Unix time into the statistics of a miner's sensors.

    Sums go on from the recorded hour before them, and what is recorded later is shifted
    by what they add. Before everything that is recorded they end at zero, where
    recorded sums begin. Hours of which less than half is known are left out, and sums
    after the last recorded hour: the recorder goes on from its own.

    Raises:
        HistoryUnreadableError: the database does not answer, or Home Assistant stops.

    """
    known = [
        hour for hour in hours if hour.covered >= _HALF and hour.start + HOUR <= before
    ]
    ids = async_entity_ids(hass, identifier, Metric)
    if not known or not ids:
        return Filled(hours=0, rows=0, energy=0.0, existing=0)
    plans, result = await async_read(hass, _plan, hass, ids, known)
    if write:
        for plan in plans.values():
            # Home Assistant looks at each row before it hands them to the recorder.
            # Rows of a sensor and their shifts stay together, whatever comes between.
            await asyncio.sleep(0)
            # First the shifts: if Home Assistant is killed then, no sum steps back.
            for start, amount in plan.shifts:
                get_instance(hass).async_adjust_statistics(
                    plan.metadata["statistic_id"],
                    _moment(start),
                    amount,
                    plan.metadata["unit_of_measurement"] or "",
                )
            async_import_statistics(hass, plan.metadata, plan.rows)
    return result


def _plan(
    hass: HomeAssistant, ids: Mapping[Metric, str], hours: Sequence[Hour]
) -> tuple[dict[Metric, _Plan], Filled]:
    """Return the rows of each sensor, and what they are altogether. Blocking."""
    metadata = get_metadata(hass, statistic_ids=set(ids.values()))
    sums_of = {ids[metric] for metric in COUNTERS & ids.keys()}
    # Of sums it takes all that there is, to know where they begin.
    recorded = {
        **statistics_during_period(
            hass,
            _moment(hours[0].start),
            _moment(hours[-1].start + HOUR),
            set(ids.values()) - sums_of,
            "hour",
            None,
            {"mean"},
        ),
        **statistics_during_period(
            hass, _moment(0), None, sums_of, "hour", None, {"sum"}
        ),
    }
    plans: dict[Metric, _Plan] = {}
    existing: set[float] = set()
    for metric, entity_id in ids.items():
        sums: _Sums = {
            row["start"]: row.get("sum") or 0.0 for row in recorded.get(entity_id, ())
        }
        existing |= sums.keys() & {hour.start for hour in hours}
        found = metadata.get(entity_id)
        description = found[1] if found else _description(metric, entity_id)
        scale = scale_of(metric, description["unit_of_measurement"])
        missing = [hour for hour in hours if hour.start not in sums]
        if metric in COUNTERS:
            rows, shifts = _sum_rows(metric, missing, sums, scale)
        else:
            rows, shifts = _mean_rows(metric, missing, scale), []
        if rows:
            plans[metric] = _Plan(metadata=description, rows=rows, shifts=shifts)
    energy = plans.get(Metric.ENERGY)
    filled = set() if energy is None else {row["start"] for row in energy.rows}
    return plans, Filled(
        hours=len({row["start"] for plan in plans.values() for row in plan.rows}),
        rows=sum(len(plan.rows) for plan in plans.values()),
        energy=sum(
            hour.sums.get(Metric.ENERGY, 0.0)
            for hour in hours
            if _moment(hour.start) in filled
        ),
        existing=len(existing),
    )


def _mean_rows(
    metric: Metric, hours: Sequence[Hour], scale: Scale
) -> list[StatisticData]:
    return [
        {
            "start": _moment(hour.start),
            "mean": _stored(mean.value, scale),
            "min": _stored(mean.low, scale),
            "max": _stored(mean.high, scale),
        }
        for hour in hours
        if (mean := hour.means.get(metric)) is not None and mean.seconds >= _HALF
    ]


def _sum_rows(
    metric: Metric, hours: Sequence[Hour], sums: _Sums, scale: Scale
) -> tuple[list[StatisticData], list[tuple[float, float]]]:
    """Return rows whose sums only grow, and how recorded ones are shifted."""
    starts = sorted(sums)
    gaps: dict[float | None, list[tuple[float, float]]] = {}
    for hour in hours:
        if metric in hour.sums:
            place = bisect_right(starts, hour.start)
            after = starts[place] if place < len(starts) else None
            grown = hour.sums[metric] / scale.factor
            gaps.setdefault(after, []).append((hour.start, grown))
    rows: list[StatisticData] = []
    shifts: list[tuple[float, float]] = []
    shifted = 0.0
    for after in sorted(gaps, key=lambda start: start or float("inf")):
        filled = gaps[after]
        total = sum(grown for _, grown in filled)
        if starts and after is None:
            # The recorder goes on from the last sum it knows, and would fall back to
            # it.
            continue
        if not starts or filled[0][0] < starts[0]:
            reached = -total
        else:
            last = starts[bisect_left(starts, filled[0][0]) - 1]
            reached = sums[last] + shifted
            assert after is not None
            shifts.append((after, total))
            shifted += total
        for start, grown in filled:
            reached += grown
            rows.append({"start": _moment(start), "sum": reached})
    return rows, shifts


def _description(metric: Metric, entity_id: str) -> StatisticMetaData:
    """Describe statistics of a sensor of which none were recorded yet."""
    unit = UNITS[metric]
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(unit)
    total = metric in COUNTERS
    return StatisticMetaData(
        has_sum=total,
        mean_type=StatisticMeanType.NONE if total else StatisticMeanType.ARITHMETIC,
        name=None,
        source=_SOURCE,
        statistic_id=entity_id,
        unit_class=converter.UNIT_CLASS if converter else None,
        unit_of_measurement=unit,
    )


def _stored(value: float, scale: Scale) -> float:
    """Convert from the unit of the analysis to that of the database."""
    return (value - scale.offset) / scale.factor


def _moment(time: float) -> datetime:
    return datetime.fromtimestamp(time, UTC)
