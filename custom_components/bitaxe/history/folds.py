"""Reads what miners did, and keeps the sums of hours that cannot change any more.

What is asked for of all time is kept in memory, and in a file per miner that a restart
finds: `sums_cache.py` says when it still holds. Once a minute the miner whose sums
were read longest ago is read anew in the background, so nobody waits for that, and what
a file says is soon checked.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
import logging
from math import inf
from pathlib import Path
from time import monotonic
from typing import Final

from homeassistant.const import EVENT_HOMEASSISTANT_FINAL_WRITE
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
import orjson
from sqlalchemy.orm import Session

from ..analysis.blocks import LONG_ROW, SHORT_ROW, Block, PointSums, add_up
from ..analysis.errors import HistoryUnreadableError
from ..analysis.metrics import REQUIRED, Metric
from ..analysis.miner import Miner
from ..analysis.periods import Period, common_periods
from ..analysis.span import ALL, Span
from ..const import DOMAIN
from ..storage.cache_file import CachedKind, CacheFile
from . import statements
from .decoding import Scale, as_block
from .jobs import async_read, async_run_jobs, read_pages, reading_session
from .sources import (
    Sources,
    Stored,
    TablePart,
    async_find_plug,
    async_find_sources,
    find_stored,
    table_parts,
)
from .sums_cache import KEEP_SECONDS, Kept, Marks, SumsKeeper

_LOGGER = logging.getLogger(__package__)

BLOCK_METRICS: Final = (
    *REQUIRED,
    *statements.TALLIED,
    Metric.ENERGY,
    Metric.ERROR_RATE,
    *statements.COUNTED,
)
# Enough blocks for a standard error, and few enough to handle in Python.
_MOST_BLOCKS: Final = 400
_BLOCK_HOURS: Final = (1, 2, 3, 6, 12, 24, 48, 96, 168)
# A block is made of its rows and of up to two before them.
_ROWS_BEFORE: Final = 2
_SAMPLES: Final = 24
"""Rows of each metric whose figures are compared, evenly spread over time."""
_MADE_BY: Final = (
    "analysis/blocks.py",
    "analysis/metrics.py",
    "history/decoding.py",
    "history/folds.py",
    "history/sources.py",
    "history/statements.py",
    "history/sums_cache.py",
)
"""The code by which rows become what is in a file."""
_PACKAGE: Final = Path(__file__).parents[1]

_TURN: Final = timedelta(minutes=1)
_DUE_SECONDS: Final = KEEP_SECONDS / 2
"""After so long sums are read anew in the background."""
_FORGET_SECONDS: Final = 24 * 3600.0
_WRITE_SECONDS: Final = 24 * 3600.0
"""How often a file is written while Home Assistant runs; an SD card lives on that."""

_NAMES: Final = {LONG_ROW: "long", SHORT_ROW: "short"}
"""What the tables with such rows are called in a file."""
_FOLDS: Final[HassKey[Folds]] = HassKey(f"{DOMAIN}_folds")


async def async_read_sums(
    hass: HomeAssistant, miners: Sequence[Miner], span: Span
) -> list[tuple[list[PointSums], Sources]]:
    """Read what each miner did at each of its operating points, with its present board.

    Raises:
        AnalysisError: the history of a miner is not kept; see `async_find_sources`.

    """
    found = [async_find_sources(hass, miner, BLOCK_METRICS) for miner in miners]
    for miner, sources in zip(miners, found, strict=True):
        async_find_plug(hass, miner, sources)
    jobs: list[Callable[[], list[PointSums]]]
    if span.is_all:
        folds = async_get_folds(hass)
        jobs = [
            folds.async_reader(miner, sources, span)
            for miner, sources in zip(miners, found, strict=True)
        ]
    else:
        jobs = [
            _reader(hass, miner, sources, span)
            for miner, sources in zip(miners, found, strict=True)
        ]
    sums = await async_run_jobs(hass, jobs)
    return list(zip(sums, found, strict=True))


@dataclass(frozen=True, slots=True)
class _TableHistory:
    """What one table has of a miner."""

    session: Session
    stored: Stored
    part: TablePart
    stretch: float
    """Length of a block in s."""
    meter_lag: float
    """That of `Miner`."""
    other_boards: tuple[Period, ...]
    """Those of `Miner`: what was measured of another says nothing of this."""

    @property
    def shape(self) -> str:
        """All that blocks depend on besides rows and the end."""
        return str(
            (
                self.part.start,
                self.stretch,
                self.meter_lag,
                self.other_boards,
                self.stored.fingerprint,
            )
        )

    def closed(self) -> float:
        """Return the Unix time up to which everything is compiled."""
        statement = statements.newest_row(
            self.part.table, self.stored.ids[Metric.FREQUENCY]
        )
        newest: float | None = self.session.execute(statement).scalar()
        return self.part.start if newest is None else newest + self.part.row_seconds

    def blocks(self, start: float, end: float) -> list[Block]:
        """Return the blocks between two moments."""
        statement, figures = statements.blocks(
            self.part.table,
            self.stored.ids,
            start=start,
            end=end,
            row_seconds=self.part.row_seconds,
            stretch=self.stretch,
            meter_lag=self.meter_lag,
            energy_factor=self._scale(Metric.ENERGY).factor,
            power_factor=self._scale(Metric.POWER).factor,
            plug=self.stored.plug,
        )
        found = (
            as_block(row, self.part.row_seconds, self.stored.scales)
            for row in read_pages(self.session, statement, figures)
        )
        return [
            block
            for block in found
            if not any(common_periods(self.other_boards, block.start, block.end))
        ]

    def marks(self, start: float, end: float) -> Marks:
        """Return how many rows there are, and what some of them say."""
        length = self.part.row_seconds
        ids = self.stored.all_ids
        first = start // length * length - _ROWS_BEFORE * length
        statement, figures = statements.counts(
            self.part.table,
            [self.stored.ids[metric] for metric in REQUIRED],
            start=first,
            end=end,
        )
        counts = self.session.execute(statement, figures).one()
        rows = int((end - first) // length)
        step = max(rows // _SAMPLES, 1)
        moments = [
            first + row * length for row in {*range(0, rows, step), max(rows - 1, 0)}
        ]
        samples = self.session.execute(
            statements.samples(self.part.table), {"ids": ids, "moments": moments}
        )
        return [
            None if figure is None else float(figure)
            for row in (counts, *samples)
            for figure in row
        ]

    def _scale(self, metric: Metric) -> Scale:
        return self.stored.scales.get(metric, Scale())


def _parts(
    session: Session, stored: Stored, span: Span, miner: Miner
) -> Iterable[_TableHistory]:
    if stored.has(REQUIRED):
        frequency = stored.ids[Metric.FREQUENCY]
        for part in table_parts(session, frequency, span):
            stretch = _stretch(part.start, part.end)
            yield _TableHistory(
                session, stored, part, stretch, miner.meter_lag, miner.other_boards
            )


def _reader(
    hass: HomeAssistant, miner: Miner, sources: Sources, span: Span
) -> Callable[[], list[PointSums]]:
    def read() -> list[PointSums]:
        stored = find_stored(hass, sources)
        with reading_session(hass) as session:
            return add_up(
                block
                for history in _parts(session, stored, span, miner)
                for block in history.blocks(history.part.start, history.part.end)
            )

    return read


def _stretch(start: float, end: float) -> float:
    """Return the length of a block in s, so that there are not too many."""
    hours = (end - start) / 3600
    return 3600.0 * next(
        (length for length in _BLOCK_HOURS if hours / length <= _MOST_BLOCKS),
        _BLOCK_HOURS[-1],
    )


@dataclass(frozen=True, slots=True)
class _Asked:
    """A miner whose whole history is asked for."""

    miner: Miner
    sources: Sources
    at: float
    """When it was asked for last, by the monotonic clock."""
    file: CacheFile | None
    """`None` where there is no entry that it could be removed with."""
    tried_at: float = -inf
    """When the background read it last."""


type _State = list[tuple[str, float, Marks]]
"""What is kept of a miner, without the sums."""


class Folds:
    """What all time adds up to for miners that are asked about; outlives restarts."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin with nothing."""
        self._hass = hass
        self._keeper = SumsKeeper()
        self._asked: dict[str, _Asked] = {}
        self._loaded: set[str] = set()
        self._written: dict[str, tuple[float, _State]] = {}
        async_track_time_interval(
            hass, self._async_take_turn, _TURN, cancel_on_shutdown=True
        )
        hass.bus.async_listen_once(EVENT_HOMEASSISTANT_FINAL_WRITE, self.async_write)

    @callback
    def async_reader(
        self, miner: Miner, sources: Sources, span: Span
    ) -> Callable[[], list[PointSums]]:
        """Return what reads the sums of a miner in a thread of the recorder."""
        now, identifier = monotonic(), miner.identifier
        before = self._asked.get(identifier)
        # What was read lately is not asked for, and would be kept for a day.
        asked = _Asked(
            replace(miner, recent=()), sources, now, self._async_file(identifier)
        )
        if before is not None:
            asked = replace(asked, tried_at=before.tried_at)
        self._asked[identifier] = asked
        return lambda: self._read(identifier, asked, span, now)

    @callback
    def _async_file(self, identifier: str) -> CacheFile | None:
        entry = self._hass.config_entries.async_entry_for_domain_unique_id(
            DOMAIN, identifier
        )
        if entry is None:
            return None
        return CacheFile(self._hass, entry.entry_id, CachedKind.FOLD)

    def _read(
        self,
        identifier: str,
        asked: _Asked,
        span: Span,
        now: float,
        *,
        anew: bool = False,
    ) -> list[PointSums]:
        """Read the sums of a miner. Blocking."""
        if identifier not in self._loaded and asked.file is not None:
            self._loaded.add(identifier)
            self._load(identifier, asked.file, now)
        stored = find_stored(self._hass, asked.sources)
        sums: list[PointSums] = []
        with reading_session(self._hass) as session:
            for history in _parts(session, stored, span, asked.miner):
                sums += self._keeper.read(
                    (identifier, _NAMES[history.part.row_seconds]),
                    history,
                    shape=history.shape,
                    start=history.part.start,
                    end=history.part.end,
                    closed=history.closed(),
                    stretch=history.stretch,
                    now=now,
                    anew=anew,
                )
        return sums

    async def _async_take_turn(self, now: datetime) -> None:
        """Read the miner anew whose sums are the oldest, and write its file."""
        moment = monotonic()
        for identifier, asked in list(self._asked.items()):
            if moment - asked.at >= _FORGET_SECONDS:
                self._forget(identifier)
        due = min(self._asked, key=self._due_since, default=None)
        if due is None:
            return
        renew = moment - self._due_since(due) >= _DUE_SECONDS
        if not renew:
            # Read from scratch when somebody asked, and in no file yet.
            due = next(
                (item for item in self._asked if item not in self._written), None
            )
            if due is None:
                return
        asked = self._asked[due]
        self._asked[due] = replace(asked, tried_at=moment)
        span = Span.parse(ALL, dt_util.utcnow())
        file = self._async_file(due)

        def work() -> None:
            if renew:
                self._read(due, asked, span, moment, anew=True)
            written_at, _ = self._written.get(due, _NEVER)
            if file is not None and moment - written_at >= _WRITE_SECONDS:
                self._write(due, file, moment)

        try:
            await async_read(self._hass, work)
        except HistoryUnreadableError as err:
            _LOGGER.debug("The history could not be read anew: %s", err)

    def _due_since(self, identifier: str) -> float:
        """Return when a miner was read or tried last, by the monotonic clock."""
        kept = [self._keeper.get((identifier, name)) for name in _NAMES.values()]
        read_at = [item.read_at for item in kept if item is not None]
        return max(self._asked[identifier].tried_at, min(read_at, default=-inf))

    def _forget(self, identifier: str) -> None:
        del self._asked[identifier]
        self._loaded.discard(identifier)
        for name in _NAMES.values():
            self._keeper.forget((identifier, name))

    async def async_write(self, event: Event | None = None) -> None:
        """Write what has changed since it was written."""
        now = monotonic()
        files = {identifier: self._async_file(identifier) for identifier in self._asked}

        def write() -> None:
            for identifier, file in files.items():
                _, state = self._written.get(identifier, _NEVER)
                if file is not None and state != self._state(identifier):
                    self._write(identifier, file, now)

        await self._hass.async_add_executor_job(write)

    def _kept(self, identifier: str) -> dict[str, Kept]:
        return {
            name: kept
            for name in _NAMES.values()
            if (kept := self._keeper.get((identifier, name))) is not None
        }

    def _state(self, identifier: str) -> _State:
        return [
            (kept.shape, kept.until, kept.marks)
            for kept in self._kept(identifier).values()
        ]

    def _write(self, identifier: str, file: CacheFile, now: float) -> None:
        """Write the file of a miner. Blocking."""
        self._written[identifier] = now, self._state(identifier)
        kept = self._kept(identifier)
        head = {
            name: {"shape": item.shape, "until": item.until, "marks": item.marks}
            for name, item in kept.items()
        }
        # Sums stay as they are, here and when they are read.
        packed = [item.packed for item in kept.values()]
        file.write(_version(), [orjson.dumps(head), *packed])

    def _load(self, identifier: str, file: CacheFile, now: float) -> None:
        """Keep what the file of a miner says. Blocking."""
        lines = file.read(_version())
        if lines is None:
            return
        head, *packed = lines
        for (name, item), sums in zip(orjson.loads(head).items(), packed, strict=True):
            kept = Kept(
                shape=item["shape"],
                until=item["until"],
                packed=sums,
                marks=item["marks"],
                # Due at once, and not to be relied on for long.
                read_at=now - _DUE_SECONDS,
            )
            self._keeper.put((identifier, name), kept)
        # As if written long ago, so that it is again once it has been checked.
        self._written[identifier] = -inf, self._state(identifier)


_NEVER: Final[tuple[float, _State]] = (-inf, [])


@callback
def async_get_folds(hass: HomeAssistant) -> Folds:
    """Return what all share."""
    if (folds := hass.data.get(_FOLDS)) is None:
        folds = hass.data[_FOLDS] = Folds(hass)
    return folds


@cache
def _version() -> str:
    """Return what stands for the way in which sums are made. Blocking.

    It is the code itself, so that no change of it is to be forgotten.
    """
    digest = sha256()
    for name in _MADE_BY:
        digest.update((_PACKAGE / name).read_bytes())
    return digest.hexdigest()
