"""Reads what the recorder has of miners.

Five-minute statistics are used as long as Home Assistant keeps them, hourly ones for
what lies before, and never both for the same moment. What lies after both is taken from
what was read of the miner lately. A row that reaches beyond the span counts in part.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final

from homeassistant.components.recorder.statistics import get_metadata
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
from sqlalchemy.orm import Session

from ..analysis.blocks import LONG_ROW, SHORT_ROW, Bucket, Tally
from ..analysis.metrics import COUNTERS, Metric
from ..analysis.miner import Miner
from ..analysis.recent import add_recent, recent_rows
from ..analysis.rows import Row
from ..analysis.span import Span
from ..const import JOULES_PER_KWH
from . import statements
from .decoding import as_bucket, take_row
from .entities import async_read_entity_states
from .jobs import async_read, async_run_jobs, read_pages, reading_session
from .sources import (
    LONG_TABLE,
    SHORT_TABLE,
    Sources,
    Stored,
    TablePart,
    async_find_sources,
    find_stored,
    table_parts,
)

_PIECE: Final = timedelta(days=14)


async def async_read_buckets(
    hass: HomeAssistant,
    miners: Sequence[Miner],
    span: Span,
    metrics: Sequence[Metric],
    seconds: float,
    required: Sequence[Metric] = (Metric.HASHRATE,),
) -> list[dict[Metric, list[Bucket]]]:
    """Read metrics of each miner in stretches of `seconds`, in the order of time.

    The first of the `required` metrics says which tables hold what part of the span.
    What has statistics under a miner's keys, as a power supply has, can be read like
    one.

    Of a counter, the bucket before the span comes first where there is one, so that
    differences can be taken. It has no rows.

    Raises:
        AnalysisError: the history of a miner is not kept; see `async_find_sources`.

    """
    found = [async_find_sources(hass, miner, metrics, required) for miner in miners]
    return await async_run_jobs(
        hass,
        [
            _bucket_reader(hass, miner, sources, span, seconds, required[0])
            for miner, sources in zip(miners, found, strict=True)
        ],
    )


async def async_find_oldest(
    hass: HomeAssistant, miners: Sequence[Miner], metric: Metric = Metric.HASHRATE
) -> float:
    """Return the Unix time at which the history of the first of some miners begins.

    Now if there is none.

    Raises:
        AnalysisError: the history of a miner is not kept; see `async_find_sources`.

    """
    ids = [
        async_find_sources(hass, miner, [metric], [metric]).statistic_ids[metric]
        for miner in miners
    ]
    return await async_read(hass, _find_oldest, hass, ids)


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
        rows += await async_read(hass, _read_rows, hass, sources, piece, sums)
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
        stored = find_stored(hass, sources)
        if not stored.has((Metric.HASHRATE, Metric.POWER)):
            return 0.0
        joules = 0.0
        with reading_session(hass) as session:
            for part in table_parts(session, stored.ids[Metric.HASHRATE], span):
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
        return joules / JOULES_PER_KWH

    (energy,) = await async_run_jobs(hass, [read])
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
    return await async_read_entity_states(hass, sources.statistic_ids[metric], span)


def _bucket_reader(
    hass: HomeAssistant,
    miner: Miner,
    sources: Sources,
    span: Span,
    seconds: float,
    leading: Metric,
) -> Callable[[], dict[Metric, list[Bucket]]]:
    def read() -> dict[Metric, list[Bucket]]:
        stored = find_stored(hass, sources)
        buckets: dict[Metric, list[Bucket]] = {
            metric: [] for metric in sources.statistic_ids
        }
        if leading in stored.ids:
            with reading_session(hass) as session:
                parts = list(table_parts(session, stored.ids[leading], span))
                if parts:
                    _read_sums_before(session, stored, parts[0], buckets)
                for part in parts:
                    _read_part(session, stored, part, seconds, buckets)
        last = buckets[leading]
        add_recent(
            buckets,
            miner.recent,
            start=max(last[-1].end if last else 0.0, span.start.timestamp()),
            end=span.end.timestamp(),
            seconds=max(seconds, SHORT_ROW),
        )
        return buckets

    return read


def _read_sums_before(
    session: Session,
    stored: Stored,
    part: TablePart,
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
    stored: Stored,
    part: TablePart,
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
        for row in read_pages(session, statement):
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
    stored: Stored,
    part: TablePart,
    row_start: float,
    buckets: Mapping[Metric, list[Bucket]],
) -> None:
    """Add the share of a row that lies in a part; counters are taken to grow evenly."""
    names = {number: metric for metric, number in stored.ids.items()}
    row_end = row_start + part.row_seconds
    start, end = max(row_start, part.start), min(row_end, part.end)
    statement = statements.rows(part.table, list(names), start=row_start, end=row_end)
    for row in read_pages(session, statement):
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


def _find_oldest(hass: HomeAssistant, statistic_ids: list[str]) -> float:
    metadata = get_metadata(hass, statistic_ids=set(statistic_ids))
    with reading_session(hass) as session:
        moments = [
            session.execute(statements.oldest_row(table, number)).scalar()
            for number, _ in metadata.values()
            for table in (LONG_TABLE, SHORT_TABLE)
        ]
    now = dt_util.utcnow().timestamp()
    return min((moment for moment in moments if moment is not None), default=now)


def _sum_before(
    session: Session, stored: Stored, metric: Metric, part: TablePart
) -> float | None:
    """Return what a counter showed when the first row of a part began."""
    # The last hour may have begun before the span and ended in it.
    for table, length in ((SHORT_TABLE, SHORT_ROW), (LONG_TABLE, LONG_ROW)):
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
    """Read the rows of a span; `sums`, where the counters stand, is updated."""
    stored = find_stored(hass, sources)
    if Metric.HASHRATE not in stored.ids:
        return []
    names = {number: metric for metric, number in stored.ids.items()}
    rows: dict[float, Row] = {}
    with reading_session(hass) as session:
        parts = list(table_parts(session, stored.ids[Metric.HASHRATE], span))
        if parts:
            for metric in (COUNTERS & stored.ids.keys()) - sums.keys():
                before = _sum_before(session, stored, metric, parts[0])
                if before is not None:
                    sums[metric] = before
        for part in parts:
            statement = statements.rows(
                part.table, list(names), start=part.first_row, end=part.end
            )
            for item in read_pages(session, statement):
                metric = names[item["metadata_id"]]
                moment = item["start_ts"]
                row = rows.setdefault(
                    moment, Row(start=moment, end=moment + part.row_seconds)
                )
                take_row(row, metric, item, stored.scales[metric], sums)
    start, end = span.start.timestamp(), span.end.timestamp()
    clipped = (rows[moment].clip(start, end) for moment in sorted(rows))
    return [row for row in clipped if row is not None]
