"""Reads the database in the recorder's threads: the only way to it.

Home Assistant closes the database without waiting for who reads it, and logs what fails
then. So nothing is begun once Home Assistant stops, and what goes on ends at the next
page before that.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
import sqlite3
from typing import Any, Final

from homeassistant.core import CoreState, HassJob, HomeAssistant, callback
from homeassistant.helpers.recorder import get_instance, session_scope
from homeassistant.util.hass_dict import HassKey
from sqlalchemy import Executable, RowMapping
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from ..analysis.errors import HistoryClosedError, HistoryUnreadableError
from ..const import DOMAIN

# The recorder has four threads for all who ask, and small machines two cores.
_THREADS: Final = 2
# Rows are handed over piece by piece, so that the event loop gets its turn.
_PAGE_ROWS: Final = 1000
# Home Assistant gives all who have something to end 20 s.
_LONGEST_WAIT: Final = 15.0
_OF_SESSION: Final = "bitaxe_reads"


class _Reads:
    """What is being read, and whether anything still may be."""

    def __init__(self, hass: HomeAssistant) -> None:
        self.over = hass.is_stopping or hass.state is CoreState.stopped
        """Whether Home Assistant stops; looked at from any thread."""
        self.running: set[asyncio.Future[Any]] = set()
        hass.async_add_shutdown_job(HassJob(self._async_end, "bitaxe history"))

    async def _async_end(self) -> None:
        """Have what goes on end, before the recorder does."""
        self.over = True
        if self.running:
            await asyncio.wait(self.running, timeout=_LONGEST_WAIT)

    def run[T](self, job: Callable[[], T]) -> T:
        """Run a job whose turn has come. Blocking.

        Raises:
            HistoryClosedError: Home Assistant stops, so there is no result or half
                of one.

        """
        if self.over:
            raise HistoryClosedError
        result = job()
        if self.over:
            raise HistoryClosedError
        return result


_READS: Final[HassKey[_Reads]] = HassKey(f"{DOMAIN}_reads")


async def async_read[T, *Args](
    hass: HomeAssistant, job: Callable[[*Args], T], *args: *Args
) -> T:
    """Run a job that reads the database in a thread of the recorder.

    Raises:
        HistoryClosedError: Home Assistant stops.
        HistoryUnreadableError: the database does not answer.

    """
    reads = _async_get_reads(hass)
    if reads.over:
        raise HistoryClosedError
    running = get_instance(hass).async_add_executor_job(reads.run, partial(job, *args))
    reads.running.add(running)
    running.add_done_callback(reads.running.discard)
    try:
        result: T = await running
    # A connection that is closed meanwhile is reported by its driver.
    except (SQLAlchemyError, sqlite3.Error) as err:
        raise HistoryUnreadableError(str(err).partition("\n")[0]) from err
    return result


async def async_run_jobs[T](
    hass: HomeAssistant, jobs: list[Callable[[], T]]
) -> list[T]:
    """Run jobs that read the database, few at a time.

    Raises:
        HistoryUnreadableError: the database does not answer, or Home Assistant stops.

    """
    turn = asyncio.Semaphore(_THREADS)

    async def run(job: Callable[[], T]) -> T:
        async with turn:
            return await async_read(hass, job)

    return list(await asyncio.gather(*(run(job) for job in jobs)))


@contextmanager
def reading_session(hass: HomeAssistant) -> Iterator[Session]:
    """Open a session that only reads, in a job of `async_read`. Blocking."""
    with session_scope(hass=hass, read_only=True) as session:
        session.info[_OF_SESSION] = hass.data[_READS]
        yield session


def read_pages(
    session: Session,
    statement: Executable,
    parameters: Mapping[str, Any] | None = None,
) -> Iterator[RowMapping]:
    """Yield rows until there are no more, or Home Assistant stops. Blocking.

    The job then has no result, whatever it makes of them: raising an error in the
    middle of a session would write it to the log.
    """
    reads: _Reads = session.info[_OF_SESSION]
    result = session.execute(statement, parameters)
    for page in result.mappings().partitions(_PAGE_ROWS):
        if reads.over:
            return
        yield from page


@callback
def _async_get_reads(hass: HomeAssistant) -> _Reads:
    if (reads := hass.data.get(_READS)) is None:
        reads = hass.data[_READS] = _Reads(hass)
    return reads
