"""Reads the recorder: the only module of the analysis that does.

Five-minute statistics are used as long as Home Assistant keeps them, hourly ones for
what lies before, and never both for the same moment. What lies after both is taken from
what was read of the miner lately. A row that reaches beyond the span counts in part.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from math import ceil
import sqlite3
from time import monotonic
from typing import Any, Final, NamedTuple

from homeassistant.components.recorder.db_schema import Statistics, StatisticsShortTerm
from homeassistant.components.recorder.entity_options import is_entity_recorded
from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import Platform, UnitOfEnergy
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance, session_scope
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from sqlalchemy import FromClause, RowMapping, Select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ..analysis.blocks import LONG_ROW, SHORT_ROW, Block, Bucket, Tally
from ..analysis.errors import (
    AnalysisError,
    EntityDisabledError,
    EntityMissingError,
    EntityNotRecordedError,
    HistoryUnreadableError,
    RecorderMissingError,
)
from ..analysis.metrics import COUNTERS, REQUIRED, UNITS, Metric
from ..analysis.miner import Miner
from ..analysis.recent import add_recent, recent_rows
from ..analysis.rows import Row
from ..analysis.span import Span
from ..const import DOMAIN
from . import statements
from .block_cache import BlockKeeper
from .decoding import Scale, as_block, as_bucket, take_row

_LONG: Final = Statistics.__table__
_SHORT: Final = StatisticsShortTerm.__table__
_BLOCK_METRICS: Final = (
    *REQUIRED,
    *statements.TALLIED,
    Metric.ENERGY,
    Metric.ERROR_RATE,
    *statements.COUNTED,
)
# Enough blocks for a standard error, and few enough to handle in Python.
_MOST_BLOCKS: Final = 400
_BLOCK_HOURS: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168)
# The recorder has four threads for all who ask, and small machines two cores.
_THREADS: Final = 2
# Rows are handed over piece by piece, so that the event loop gets its turn.
_PAGE_ROWS: Final = 1000
_KEEPER: Final[HassKey[BlockKeeper]] = HassKey(f"{DOMAIN}_block_keeper")
_PIECE: Final = timedelta(days=14)
_JOULES_PER_KWH: Final = 3_600_000


@dataclass(slots=True)
class Sources:
    """Where the history of a miner is kept."""

    statistic_ids: dict[Metric, str] = field(default_factory=dict)
    missing: dict[Metric, AnalysisError] = field(default_factory=dict)
    """Metrics there is no history of, and why."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """What the database calls the metrics of a miner."""

    ids: dict[Metric, int]
    scales: dict[Metric, Scale]

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Return all of this as a key."""
        return (*sorted(self.ids.items()), *sorted(self.scales.items(), key=str))

    def has(self, metrics: Iterable[Metric]) -> bool:
        return all(metric in self.ids for metric in metrics)


class _Part(NamedTuple):
    """A part of a span, and the table that holds it."""

    table: FromClause
    row_seconds: float
    start: float
    """Unix time."""
    end: float
    """Unix time."""

    @property
    def first_row(self) -> float:
        """Return where the first row begins, which may be before the part does."""
        return self.start // self.row_seconds * self.row_seconds

    @property
    def last_border(self) -> float:
        """Return the last moment at which a row begins."""
        return self.end // self.row_seconds * self.row_seconds

    def whole_rows(self) -> tuple[float, float]:
        """Return begin and end of the rows that lie in the part altogether."""
        return ceil(self.start / self.row_seconds) * self.row_seconds, self.last_border

    def cut_rows(self) -> Iterator[float]:
        """Yield the begin of each row of which only some lies in the part."""
        if self.first_row < self.start:
            yield self.first_row
        if self.start <= self.last_border < self.end:
            yield self.last_border


@callback
def async_find_sources(
    hass: HomeAssistant,
    miner: Miner,
    metrics: Iterable[Metric],
    required: Iterable[Metric] = REQUIRED,
) -> Sources:
    """Find the statistics of a miner by the unique ids of its sensors.

    Raises:
        RecorderMissingError: Home Assistant keeps no history.
        EntityMissingError: a required sensor does not exist.
        EntityDisabledError: a required sensor is disabled.
        EntityNotRecordedError: a required sensor is excluded from the recorder.

    """
    if DATA_INSTANCE not in hass.data:
        raise RecorderMissingError
    registry = er.async_get(hass)
    sources = Sources()
    for metric in metrics:
        entity_id = registry.async_get_entity_id(
            Platform.SENSOR, DOMAIN, f"{miner.identifier}_{metric}"
        )
        error: AnalysisError | None = None
        if entity_id is None:
            error = EntityMissingError(miner.name, metric)
        elif registry.entities[entity_id].disabled:
            error = EntityDisabledError(entity_id)
        elif not is_entity_recorded(hass, entity_id):
            error = EntityNotRecordedError(entity_id)
        else:
            sources.statistic_ids[metric] = entity_id
        if error is not None:
            if metric in required:
                raise error
            sources.missing[metric] = error
    return sources


async def async_read_blocks(
    hass: HomeAssistant, miners: Sequence[Miner], span: Span
) -> list[tuple[list[Block], Sources]]:
    """Read what each miner did at each of its operating points.

    Raises:
        AnalysisError: the history of a miner is not kept; see `async_find_sources`.

    """
    found = [async_find_sources(hass, miner, _BLOCK_METRICS) for miner in miners]
    blocks = await _async_run(
        hass, [_block_reader(hass, sources, span) for sources in found]
    )
    return list(zip(blocks, found, strict=True))


async def async_read_buckets(
    hass: HomeAssistant,
    miners: Sequence[Miner],
    span: Span,
    metrics: Sequence[Metric],
    seconds: float,
    required: Sequence[Metric] = (Metric.HASHRATE,),
) -> list[dict[Metric, list[Bucket]]]:
    """Read metrics of each miner in stretches of `seconds`, in the order of time.

    Of a counter, the bucket before the span comes first where there is one, so that
    differences can be taken. It has no rows.

    Raises:
        AnalysisError: the history of a miner is not kept; see `async_find_sources`.

    """
    found = [async_find_sources(hass, miner, metrics, required) for miner in miners]
    return await _async_run(
        hass,
        [
            _bucket_reader(hass, miner, sources, span, seconds)
            for miner, sources in zip(miners, found, strict=True)
        ],
    )


async def async_find_oldest(hass: HomeAssistant, miners: Sequence[Miner]) -> float:
    """Return the Unix time at which the history of the first of some miners begins.

    Now if there is none.

    Raises:
        AnalysisError: the history of a miner is not kept; see `async_find_sources`.

    """
    ids = [
        async_find_sources(
            hass, miner, [Metric.HASHRATE], [Metric.HASHRATE]
        ).statistic_ids[Metric.HASHRATE]
        for miner in miners
    ]
    return await get_instance(hass).async_add_executor_job(_find_oldest, hass, ids)


async def async_read_rows(
    hass: HomeAssistant, miner: Miner, span: Span, metrics: Sequence[Metric]
) -> list[Row]:
    """Read every statistics row of a miner, in the order of time.

    What is newer than the last comes in rows of at most 5 minutes. Counters that were
    seen for the first time are not known to have grown.

    Raises:
        AnalysisError: the history of the miner is not kept; see `async_find_sources`.

    """
    sources = async_find_sources(hass, miner, metrics, (Metric.HASHRATE,))
    oldest = await async_find_oldest(hass, [miner])
    rows: list[Row] = []
    sums: dict[Metric, float] = {}
    start = max(span.start, dt_util.utc_from_timestamp(oldest))
    while start < span.end:
        # At full hours no row is cut in two.
        border = (start + _PIECE).replace(minute=0, second=0, microsecond=0)
        piece = Span.between(start, min(span.end, border))
        rows += await get_instance(hass).async_add_executor_job(
            _read_rows, hass, sources, piece, sums
        )
        start = piece.end
    since = rows[-1].end if rows else span.start.timestamp()
    for row in recent_rows(miner.recent, since, span.end.timestamp()):
        values = {
            metric: value
            for metric, value in row.values.items()
            if metric in sources.statistic_ids
        }
        counts = {
            metric: count
            for metric, count in row.counts.items()
            if metric in sources.statistic_ids
        }
        rows.append(replace(row, values=values, counts=counts))
    return rows


async def async_read_idle_energy(
    hass: HomeAssistant, miner: Miner, span: Span, ranges: Sequence[tuple[float, float]]
) -> float:
    """Return the kWh that a miner used in statistics rows in which it hashed nothing.

    `ranges` are the Unix times between which there are such rows; nothing is read
    outside of them.
    """
    sources = async_find_sources(
        hass, miner, [Metric.HASHRATE, Metric.POWER], [Metric.HASHRATE]
    )

    def read() -> float:
        stored = _find_stored(hass, sources)
        if not stored.has((Metric.HASHRATE, Metric.POWER)):
            return 0.0
        joules = 0.0
        with session_scope(hass=hass, read_only=True) as session:
            for part in _tables(session, stored.ids[Metric.HASHRATE], span):
                for start, end in ranges:
                    for row in session.execute(
                        statements.idle_rows(
                            part.table,
                            stored.ids[Metric.HASHRATE],
                            stored.ids[Metric.POWER],
                            start=max(
                                start // part.row_seconds * part.row_seconds,
                                part.first_row,
                            ),
                            end=min(end, part.end),
                        )
                    ):
                        lasted = min(row.start_ts + part.row_seconds, part.end) - max(
                            row.start_ts, part.start
                        )
                        joules += stored.scales[Metric.POWER].value(row.mean) * lasted
        return joules / _JOULES_PER_KWH

    (energy,) = await _async_run(hass, [read])
    return energy


async def async_read_states(
    hass: HomeAssistant, miner: Miner, span: Span, metric: Metric
) -> list[tuple[float, float | None]]:
    """Read when a metric took which value; the first may be from before the span.

    Reaches back as far as the recorder keeps states, 10 days by default.

    Raises:
        AnalysisError: the history of the miner is not kept; see `async_find_sources`.

    """
    sources = async_find_sources(hass, miner, [metric], [metric])
    return await _async_read_states(hass, sources.statistic_ids[metric], span)


async def async_read_prices(
    hass: HomeAssistant, entity_id: str, span: Span
) -> list[tuple[float, float]]:
    """Read from when on an entity showed which number: hourly means, then states.

    Empty if nothing is kept of it.
    """
    if DATA_INSTANCE not in hass.data or not is_entity_recorded(hass, entity_id):
        return []
    states = [
        (moment, price)
        for moment, price in await _async_read_states(hass, entity_id, span)
        if price is not None
    ]
    until = dt_util.utc_from_timestamp(states[0][0]) if states else span.end
    if until <= span.start:
        return states
    result = await get_instance(hass).async_add_executor_job(
        statistics_during_period,
        hass,
        span.start,
        until,
        {entity_id},
        "hour",
        None,
        {"mean"},
    )
    means = [
        (row["start"], mean)
        for row in result.get(entity_id, [])
        if (mean := row.get("mean")) is not None
    ]
    return means + states


async def async_read_means(
    hass: HomeAssistant, entity_id: str, span: Span, units: Mapping[str, str]
) -> list[tuple[float, float]]:
    """Read hourly means of any entity; empty if nothing is kept of it.

    `units` are the units to convert to, by what Home Assistant calls the kind of unit.
    """
    if DATA_INSTANCE not in hass.data or not is_entity_recorded(hass, entity_id):
        return []

    def read() -> list[tuple[float, float]]:
        result = statistics_during_period(
            hass, span.start, span.end, {entity_id}, "hour", dict(units), {"mean"}
        )
        return [
            (row["start"], mean)
            for row in result.get(entity_id, [])
            if (mean := row.get("mean")) is not None
        ]

    (means,) = await _async_run(hass, [read])
    return means


async def async_read_energy(
    hass: HomeAssistant, entity_id: str, span: Span
) -> list[tuple[float, float, float]]:
    """Read begin, end and kWh of each hour in which an energy sensor was recorded.

    The last hour is made of the five-minute statistics that there are of it. Empty if
    nothing is kept.

    Raises:
        HistoryUnreadableError: the database cannot be read.

    """
    if DATA_INSTANCE not in hass.data or not is_entity_recorded(hass, entity_id):
        return []
    found: list[tuple[float, float, float]] = []
    since = span.start
    for period in ("hour", "5minute"):
        (result,) = await _async_run(
            hass,
            [
                partial(
                    statistics_during_period,
                    hass,
                    since,
                    span.end,
                    {entity_id},
                    period,
                    {"energy": UnitOfEnergy.KILO_WATT_HOUR},
                    {"change"},
                )
            ],
        )
        found += [
            (row["start"], row["end"], change)
            for row in result.get(entity_id, [])
            if (change := row.get("change")) is not None
        ]
        if found:
            since = dt_util.utc_from_timestamp(found[-1][1])
    return found


async def _async_run[T](hass: HomeAssistant, jobs: list[Callable[[], T]]) -> list[T]:
    """Run jobs in the recorder's threads, few at a time."""
    instance = get_instance(hass)
    turn = asyncio.Semaphore(_THREADS)

    async def run(job: Callable[[], T]) -> T:
        async with turn:
            try:
                return await instance.async_add_executor_job(job)
            # A connection that is closed meanwhile is reported by its driver.
            except (SQLAlchemyError, sqlite3.Error) as err:
                raise HistoryUnreadableError(str(err).partition("\n")[0]) from err

    return list(await asyncio.gather(*(run(job) for job in jobs)))


def _block_reader(
    hass: HomeAssistant, sources: Sources, span: Span
) -> Callable[[], list[Block]]:
    def read() -> list[Block]:
        stored = _find_stored(hass, sources)
        if not stored.has(REQUIRED):
            return []
        blocks: list[Block] = []
        with session_scope(hass=hass, read_only=True) as session:
            for table, row_seconds, start, end in _tables(
                session, stored.ids[Metric.FREQUENCY], span
            ):
                stretch = _stretch(start, end)
                part = partial(
                    _read_blocks, session, stored, table, row_seconds, stretch
                )
                if table is _LONG and span.is_all:
                    blocks += hass.data[_KEEPER].read(
                        (start, stretch, stored.fingerprint),
                        start=start,
                        end=end,
                        stretch=stretch,
                        now=monotonic(),
                        read=part,
                    )
                else:
                    blocks += part(start, end)
        return blocks

    hass.data.setdefault(_KEEPER, BlockKeeper())
    return read


def _read_blocks(
    session: Session,
    stored: _Stored,
    table: FromClause,
    row_seconds: float,
    stretch: float,
    start: float,
    end: float,
) -> list[Block]:
    statement = statements.blocks(
        table,
        stored.ids,
        start=start,
        end=end,
        row_seconds=row_seconds,
        stretch=stretch,
        energy_factor=_scale(stored, Metric.ENERGY).factor,
        power_factor=_scale(stored, Metric.POWER).factor,
    )
    return [
        as_block(row, row_seconds, stored.scales) for row in _pages(session, statement)
    ]


def _bucket_reader(
    hass: HomeAssistant, miner: Miner, sources: Sources, span: Span, seconds: float
) -> Callable[[], dict[Metric, list[Bucket]]]:
    def read() -> dict[Metric, list[Bucket]]:
        stored = _find_stored(hass, sources)
        buckets: dict[Metric, list[Bucket]] = {
            metric: [] for metric in sources.statistic_ids
        }
        if Metric.HASHRATE in stored.ids:
            with session_scope(hass=hass, read_only=True) as session:
                parts = list(_tables(session, stored.ids[Metric.HASHRATE], span))
                if parts:
                    _read_sums_before(session, stored, parts[0], buckets)
                for part in parts:
                    _read_part(session, stored, part, seconds, buckets)
        hashing = buckets[Metric.HASHRATE]
        add_recent(
            buckets,
            miner.recent,
            start=max(hashing[-1].end if hashing else 0.0, span.start.timestamp()),
            end=span.end.timestamp(),
            seconds=max(seconds, SHORT_ROW),
        )
        return buckets

    return read


def _read_sums_before(
    session: Session,
    stored: _Stored,
    part: _Part,
    buckets: Mapping[Metric, list[Bucket]],
) -> None:
    """Add a bucket without rows for what each counter showed when the span began."""
    for metric in COUNTERS & stored.ids.keys():
        value = _sum_before(session, stored, metric, part)
        if value is not None:
            buckets[metric].append(
                Bucket(
                    start=part.first_row - part.row_seconds,
                    end=part.start,
                    row_seconds=part.row_seconds,
                    rows=0,
                    tally=None,
                    last=value,
                )
            )


def _read_part(
    session: Session,
    stored: _Stored,
    part: _Part,
    seconds: float,
    buckets: Mapping[Metric, list[Bucket]],
) -> None:
    """Add the buckets of a part, whose first and last row may reach beyond it."""
    cut = list(part.cut_rows())
    for row_start in cut:
        if row_start < part.start:
            _read_cut_row(session, stored, part, row_start, buckets)
    names = {number: metric for metric, number in stored.ids.items()}
    start, end = part.whole_rows()
    if start < end:
        statement = statements.buckets(
            part.table,
            list(names),
            start=start,
            end=end,
            stretch=max(seconds, part.row_seconds),
        )
        for row in _pages(session, statement):
            metric = names[row["metadata_id"]]
            buckets[metric].append(
                as_bucket(row, metric, part.row_seconds, stored.scales[metric])
            )
        for found in buckets.values():
            found.sort(key=lambda bucket: bucket.start)
    for row_start in cut:
        if row_start >= part.start:
            _read_cut_row(session, stored, part, row_start, buckets)


def _read_cut_row(
    session: Session,
    stored: _Stored,
    part: _Part,
    row_start: float,
    buckets: Mapping[Metric, list[Bucket]],
) -> None:
    """Add the share of a row that lies in a part; counters are taken to grow evenly."""
    names = {number: metric for metric, number in stored.ids.items()}
    row_end = row_start + part.row_seconds
    start, end = max(row_start, part.start), min(row_end, part.end)
    statement = statements.rows(part.table, list(names), start=row_start, end=row_end)
    for row in _pages(session, statement):
        metric = names[row["metadata_id"]]
        scale, found = stored.scales[metric], buckets[metric]
        if metric in COUNTERS:
            if row["sum"] is None:
                continue
            last = row["sum"] * scale.factor
            before = found[-1].last if found else None
            if before is not None:
                rate = (last - before) / part.row_seconds
                if start > row_start:
                    found[-1] = replace(
                        found[-1], last=before + rate * (start - row_start)
                    )
                last = before + rate * (end - row_start)
            found.append(
                Bucket(
                    start=start,
                    end=end,
                    row_seconds=end - start,
                    rows=1,
                    tally=None,
                    first=last,
                    last=last,
                )
            )
        elif row["mean"] is not None:
            tally = Tally(
                rows=1,
                total=scale.value(row["mean"]),
                low=scale.value(row["min"]),
                high=scale.value(row["max"]),
            )
            found.append(
                Bucket(
                    start=start,
                    end=end,
                    row_seconds=end - start,
                    rows=1,
                    tally=tally,
                    active=tally if row["min"] > 0 else None,
                    active_rows=int(row["mean"] > 0),
                )
            )


def _find_stored(hass: HomeAssistant, sources: Sources) -> _Stored:
    """Find what the database calls the metrics; those never recorded are left out."""
    metadata = get_metadata(hass, statistic_ids=set(sources.statistic_ids.values()))
    ids, scales = {}, {}
    for metric, statistic_id in sources.statistic_ids.items():
        if (found := metadata.get(statistic_id)) is not None:
            ids[metric] = found[0]
            scales[metric] = scale_of(metric, found[1]["unit_of_measurement"])
    return _Stored(ids, scales)


def scale_of(metric: Metric, stored_unit: str | None) -> Scale:
    """Return what turns a value in a stored unit into the analysis's."""
    wanted = UNITS[metric]
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(wanted)
    if (
        stored_unit == wanted
        or converter is None
        or stored_unit not in converter.VALID_UNITS
    ):
        return Scale()
    offset = converter.convert(0.0, stored_unit, wanted)
    return Scale(converter.convert(1.0, stored_unit, wanted) - offset, offset)


def _scale(stored: _Stored, metric: Metric) -> Scale:
    return stored.scales.get(metric, Scale())


def _tables(session: Session, metadata_id: int, span: Span) -> Iterable[_Part]:
    """Yield which table holds what part of the span.

    Where two do, the border between them is that of an hour.
    """
    start, end = span.start.timestamp(), span.end.timestamp()
    oldest, seam = (
        session.execute(statements.oldest_row(table, metadata_id)).scalar()
        for table in (_LONG, _SHORT)
    )
    if seam is None:
        seam = end
    elif oldest is not None and oldest < seam // LONG_ROW * LONG_ROW:
        # The first hour is purged in part; its hourly row has all of it.
        seam = ceil(seam / LONG_ROW) * LONG_ROW
    else:
        oldest = seam
    start = max(start, min(end if oldest is None else oldest, seam))
    if start < (until := min(end, seam)):
        yield _Part(_LONG, LONG_ROW, start, until)
    if (since := max(start, seam)) < end:
        yield _Part(_SHORT, SHORT_ROW, since, end)


def _find_oldest(hass: HomeAssistant, statistic_ids: list[str]) -> float:
    metadata = get_metadata(hass, statistic_ids=set(statistic_ids))
    with session_scope(hass=hass, read_only=True) as session:
        moments = [
            session.execute(statements.oldest_row(table, number)).scalar()
            for number, _ in metadata.values()
            for table in (_LONG, _SHORT)
        ]
    now = dt_util.utcnow().timestamp()
    return min((moment for moment in moments if moment is not None), default=now)


def _stretch(start: float, end: float) -> float:
    """Return the length of a block in s, so that there are not too many."""
    hours = (end - start) / 3600
    return 3600.0 * next(
        (length for length in _BLOCK_HOURS if hours / length <= _MOST_BLOCKS),
        _BLOCK_HOURS[-1],
    )


def _pages(session: Session, statement: Select[Any]) -> Iterable[RowMapping]:
    result = session.execute(statement)
    for page in result.mappings().partitions(_PAGE_ROWS):
        yield from page


def _sum_before(
    session: Session, stored: _Stored, metric: Metric, part: _Part
) -> float | None:
    """Return what a counter showed when the first row of a part began."""
    # The last hour may have begun before the span and ended in it.
    for table, length in ((_SHORT, SHORT_ROW), (_LONG, LONG_ROW)):
        value = session.execute(
            statements.last_sum(table, stored.ids[metric], part.first_row - length)
        ).scalar()
        if value is not None:
            total: float = value * stored.scales[metric].factor
            return total
    return None


def _read_rows(
    hass: HomeAssistant, sources: Sources, span: Span, sums: dict[Metric, float]
) -> list[Row]:
    """Read the rows of a span; `sums` holds where the counters stand, and is updated."""
    stored = _find_stored(hass, sources)
    if Metric.HASHRATE not in stored.ids:
        return []
    names = {number: metric for metric, number in stored.ids.items()}
    rows: dict[float, Row] = {}
    with session_scope(hass=hass, read_only=True) as session:
        parts = list(_tables(session, stored.ids[Metric.HASHRATE], span))
        if parts:
            for metric in (COUNTERS & stored.ids.keys()) - sums.keys():
                before = _sum_before(session, stored, metric, parts[0])
                if before is not None:
                    sums[metric] = before
        for part in parts:
            statement = statements.rows(
                part.table, list(names), start=part.first_row, end=part.end
            )
            for item in _pages(session, statement):
                metric = names[item["metadata_id"]]
                moment = item["start_ts"]
                row = rows.setdefault(
                    moment, Row(start=moment, end=moment + part.row_seconds)
                )
                take_row(row, metric, item, stored.scales[metric], sums)
    start, end = span.start.timestamp(), span.end.timestamp()
    clipped = (rows[moment].clip(start, end) for moment in sorted(rows))
    return [row for row in clipped if row is not None]


async def _async_read_states(
    hass: HomeAssistant, entity_id: str, span: Span
) -> list[tuple[float, float | None]]:
    def read() -> list[tuple[float, float | None]]:
        states = state_changes_during_period(
            hass,
            span.start,
            span.end,
            entity_id,
            no_attributes=True,
            include_start_time_state=True,
        )
        return [
            (state.last_updated_timestamp, _number(state))
            for state in states.get(entity_id, [])
        ]

    return await get_instance(hass).async_add_executor_job(read)


def _number(state: State) -> float | None:
    try:
        return float(state.state)
    except ValueError:
        return None
