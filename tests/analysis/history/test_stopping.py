"""Home Assistant stops while the history is read."""

import asyncio
import logging
import threading
from typing import Any

from homeassistant.components.recorder import get_instance
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from sqlalchemy import event

from custom_components.bitaxe.analysis.errors import HistoryClosedError
from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.history.folds import async_read_sums
from custom_components.bitaxe.history.last_energy import async_find_last_energy
from custom_components.bitaxe.history.reader import (
    async_find_oldest,
    async_read_buckets,
    async_read_rows,
)

from .recording import LONG, START, Recording

DAYS = 60
SPAN = Span.between(
    dt_util.utc_from_timestamp(START),
    dt_util.utc_from_timestamp(START + DAYS * 86_400),
)
READERS = {
    "rows": lambda hass, miner: async_read_rows(
        hass, miner, SPAN, [Metric.HASHRATE, Metric.POWER]
    ),
    "buckets": lambda hass, miner: async_read_buckets(
        hass, [miner], SPAN, [Metric.HASHRATE], 3600
    ),
    "sums": lambda hass, miner: async_read_sums(hass, [miner], SPAN),
    "oldest": lambda hass, miner: async_find_oldest(hass, [miner]),
}


@pytest.mark.parametrize("reader", READERS)
async def test_what_is_read_ends_before_the_database_is_closed(
    hass: HomeAssistant,
    recording: Recording,
    caplog: pytest.LogCaptureFixture,
    reader: str,
) -> None:
    """No error is written to the log, and no half of a history is taken for all."""
    recording.pass_windows(DAYS * 24, LONG)
    await recording.async_write()
    recorder = get_instance(hass)
    reading, go_on = threading.Event(), threading.Event()
    statements: list[str] = []

    def hold(_: Any, __: Any, statement: str, *___: Any) -> None:
        if threading.current_thread().name.startswith("DbWorker"):
            statements.append(statement)
            if "statistics.start_ts" in statement and not reading.is_set():
                reading.set()
                go_on.wait(20)

    event.listen(recorder.engine, "before_cursor_execute", hold)
    read = asyncio.create_task(READERS[reader](hass, recording.miner))
    await hass.async_add_executor_job(reading.wait, 10)
    before = len(statements)
    caplog.clear()
    stop = asyncio.create_task(hass.async_stop(force=True))
    # Nobody who waits for the reader is kept for ever, and nobody else gets this far.
    await asyncio.wait([stop], timeout=0.5)
    go_on.set()
    await stop
    with pytest.raises(HistoryClosedError):
        await read
    assert len(statements) - before <= 3
    assert not [
        record.getMessage()
        for record in caplog.records
        if record.levelno >= logging.WARNING
    ]


async def test_nothing_is_begun_when_home_assistant_stops(
    hass: HomeAssistant, miner: Miner, recording: Recording
) -> None:
    """The reason is given at once."""
    recording.pass_windows(24, LONG)
    await recording.async_write()
    await hass.async_stop(force=True)
    for read in READERS.values():
        with pytest.raises(HistoryClosedError):
            await read(hass, miner)
    assert await async_find_last_energy(hass, miner.identifier) is None
