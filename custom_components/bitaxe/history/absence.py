"""When nobody watched a miner, as far as the recorder knows.

Home Assistant did not run between two runs of its recorder, which it keeps as long as
states, 10 days by default. It starts with the recorder, and looks at a miner seconds
later. And a miner was not there before it was added.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

from homeassistant.components.recorder.db_schema import RecorderRuns, States, StatesMeta
from homeassistant.components.recorder.models import process_timestamp
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from homeassistant.util import dt as dt_util
from sqlalchemy import select
from sqlalchemy.orm import Session

from ..analysis.blocks import LONG_ROW, SHORT_ROW
from ..analysis.metrics import Metric
from ..analysis.miner import Miner
from ..analysis.periods import Period
from ..analysis.span import Span
from . import statements
from .jobs import async_run_jobs, reading_session
from .sources import LONG_TABLE, SHORT_TABLE, async_find_sources, find_stored

# Runs that are looked at; of a home that starts all the time, the newest.
_MOST_RUNS: Final = 500
# s in which a miner that answers is read after the recorder has begun, also on a small
# computer. What is silent for longer was watched in vain.
_LONGEST_START: Final = 120.0


async def async_find_unwatched(
    hass: HomeAssistant, miner: Miner, span: Span
) -> tuple[Period, ...]:
    """Return when within a span nobody watched a miner, in Unix time.

    Raises:
        AnalysisError: the history of the miner is not kept; see `async_find_sources`.

    """
    start, end = span.start.timestamp(), span.end.timestamp()
    # Nothing is asked for if it is not kept.
    sources = async_find_sources(hass, miner, [Metric.HASHRATE], [Metric.HASHRATE])
    entity_id = sources.statistic_ids[Metric.HASHRATE]

    def read() -> tuple[Period, ...]:
        return tuple(down_periods(hass, start, end, entity_id))

    (down,) = await async_run_jobs(hass, [read])
    added = await _async_before_added(hass, miner, start, end)
    return down if added is None else (*down, added)


def down_periods(
    hass: HomeAssistant, start: float, end: float, entity_id: str | None = None
) -> list[Period]:
    """Return when between two Unix times Home Assistant did not run. Blocking.

    With an entity, each lasts until it was read again, if that was soon.
    """
    with reading_session(hass) as session:
        return [
            (
                max(gone, start),
                min(_first_reading(session, entity_id, back), end),
            )
            for gone, back in _periods(hass, session, start)
            if max(gone, start) < min(back, end)
        ]


def _first_reading(session: Session, entity_id: str | None, since: float) -> float:
    """Return the Unix time of the first known state soon after another, or that."""
    if entity_id is None:
        return since
    first: float | None = session.execute(
        select(States.last_updated_ts)
        .join(StatesMeta, States.metadata_id == StatesMeta.metadata_id)
        .where(
            StatesMeta.entity_id == entity_id,
            States.last_updated_ts >= since,
            States.last_updated_ts < since + _LONGEST_START,
            States.state.not_in((STATE_UNAVAILABLE, STATE_UNKNOWN)),
        )
        .order_by(States.last_updated_ts)
        .limit(1)
    ).scalar()
    return since if first is None else first


def _periods(hass: HomeAssistant, session: Session, start: float) -> Iterator[Period]:
    """Yield what is between runs, from the last that began before a Unix time on.

    A run of which the end is unknown ended with what it recorded last. One that seems
    to end before it began was started with another clock, and does not say when.
    """
    now = dt_util.utcnow().timestamp()
    present = get_instance(hass).recorder_runs_manager.recording_start.timestamp()
    runs: list[tuple[float, float, bool]] = [(present, now, False)]
    for run in session.execute(
        select(RecorderRuns.start, RecorderRuns.end, RecorderRuns.closed_incorrect)
        .where(RecorderRuns.end.is_not(None))
        .order_by(RecorderRuns.run_id.desc())
        .limit(_MOST_RUNS)
    ):
        began = process_timestamp(run.start).timestamp()
        ended = process_timestamp(run.end).timestamp()
        runs.append((began, ended, run.closed_incorrect))
        if ended < start:
            break
    for (back, until, _), (began, ended, was_killed) in pairwise(runs):
        if back > until or ended > back:
            continue
        if was_killed:
            ended = _last_trace(session, began if began < back else start, back)
        yield ended, back


def _last_trace(session: Session, since: float, until: float) -> float:
    """Return the Unix time of the last state between two others."""
    # Home Assistant may have run for days in between: only the index is quick enough.
    last: float | None = session.execute(
        select(States.last_updated_ts)
        .where(States.last_updated_ts > since, States.last_updated_ts < until)
        .order_by(States.last_updated_ts.desc())
        .limit(1)
    ).scalar()
    return since if last is None else last


async def _async_before_added(
    hass: HomeAssistant, miner: Miner, start: float, end: float
) -> Period | None:
    """Return when a miner was not there that was added between two Unix times.

    Where something is recorded up to that moment, another integration watched it.
    """
    added = miner.added
    if added is None or not start < added < end:
        return None
    sources = async_find_sources(hass, miner, [Metric.HASHRATE], [Metric.HASHRATE])

    def read() -> Period | None:
        stored = find_stored(hass, sources)
        if Metric.HASHRATE not in stored.ids:
            return start, added
        number = stored.ids[Metric.HASHRATE]
        with reading_session(hass) as session:
            for table, length in ((SHORT_TABLE, SHORT_ROW), (LONG_TABLE, LONG_ROW)):
                last: float | None = session.execute(
                    statements.last_row(table, number, added - length)
                ).scalar()
                if last is not None:
                    gone = last + length
                    return (gone, added) if gone + length <= added else None
        return start, added

    (absence,) = await async_run_jobs(hass, [read])
    return absence
