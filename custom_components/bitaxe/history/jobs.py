"""Runs what reads the database in the recorder's threads."""

import asyncio
from collections.abc import Callable
import sqlite3
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.helpers.recorder import get_instance
from sqlalchemy.exc import SQLAlchemyError

from ..analysis.errors import HistoryUnreadableError

# The recorder has four threads for all who ask, and small machines two cores.
_THREADS: Final = 2


async def async_run_jobs[T](
    hass: HomeAssistant, jobs: list[Callable[[], T]]
) -> list[T]:
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
