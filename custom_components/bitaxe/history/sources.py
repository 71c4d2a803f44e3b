"""Where the recorder keeps the history of a miner: statistics, tables, units."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from math import ceil
from typing import Final, NamedTuple

from homeassistant.components.recorder.db_schema import Statistics, StatisticsShortTerm
from homeassistant.components.recorder.entity_options import is_entity_recorded
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    get_metadata,
)
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE
from sqlalchemy import FromClause, TableClause, column, table
from sqlalchemy.orm import Session

from ..analysis.blocks import LONG_ROW, SHORT_ROW
from ..analysis.errors import (
    AnalysisError,
    EntityDisabledError,
    EntityMissingError,
    EntityNotRecordedError,
    RecorderMissingError,
)
from ..analysis.metrics import REQUIRED, UNITS, Metric
from ..analysis.miner import Miner
from ..analysis.span import Span
from ..const import DOMAIN
from . import statements
from .decoding import Scale

_COLUMNS: Final = ("metadata_id", "start_ts", "mean", "min", "max", "sum")


def _table(of: type[Statistics | StatisticsShortTerm]) -> TableClause:
    """Return a table with the columns that are asked for.

    Blocks are made of twenty copies of it, each of which copies every column.
    """
    columns = of.__table__.c
    return table(
        of.__tablename__, *(column(name, columns[name].type) for name in _COLUMNS)
    )


LONG_TABLE: Final = _table(Statistics)
SHORT_TABLE: Final = _table(StatisticsShortTerm)


@dataclass(slots=True)
class Sources:
    """Where the history of a miner is kept."""

    statistic_ids: dict[Metric, str] = field(default_factory=dict)
    missing: dict[Metric, AnalysisError] = field(default_factory=dict)
    """Metrics there is no history of, and why."""
    plug: str | None = None
    """Of the power at the wall, where a plug measures it for the miner alone."""
    plug_since: float = 0.0
    """Unix time from which on it does."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database calls the metrics of a miner."""

    ids: dict[Metric, int]
    scales: dict[Metric, Scale]
    plug: tuple[int, float, float] | None = None
    """As `statements.blocks` takes it."""

    @property
    def fingerprint(self) -> tuple[object, ...]:
        """Return all of this as a key."""
        known = (*sorted(self.ids.items()), *sorted(self.scales.items(), key=str))
        return known if self.plug is None else (*known, self.plug)

    @property
    def all_ids(self) -> list[int]:
        """Return the numbers of everything that blocks are made of."""
        return sorted((*self.ids.values(), *(self.plug or ())[:1]))

    def has(self, metrics: Iterable[Metric]) -> bool:
        """Return whether all of these were ever recorded."""
        return all(metric in self.ids for metric in metrics)


class TablePart(NamedTuple):
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
def async_entity_ids(
    hass: HomeAssistant, identifier: str, metrics: Iterable[Metric]
) -> dict[Metric, str]:
    """Return the ids of a miner's sensors of metrics, as far as there are any."""
    registry = er.async_get(hass)
    return {
        metric: entity_id
        for metric in metrics
        if (
            entity_id := registry.async_get_entity_id(
                Platform.SENSOR, DOMAIN, f"{identifier}_{metric.value}"
            )
        )
    }


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


@callback
def async_find_plug(hass: HomeAssistant, miner: Miner, sources: Sources) -> None:
    """Add the statistics of the plug of a miner, if one measures it alone."""
    if miner.plug is None:
        return
    # Its sensors have the keys of a miner's, so that its history is read like one's.
    plug = Miner(identifier=miner.plug.identifier, name=miner.name)
    found = async_find_sources(hass, plug, [Metric.POWER], ())
    sources.plug = found.statistic_ids.get(Metric.POWER)
    sources.plug_since = miner.plug.since


def find_stored(hass: HomeAssistant, sources: Sources) -> Stored:
    """Find what the database calls the metrics; those never recorded are left out."""
    statistic_ids = {*sources.statistic_ids.values(), *filter(None, [sources.plug])}
    metadata = get_metadata(hass, statistic_ids=statistic_ids)
    ids, scales = {}, {}
    for metric, statistic_id in sources.statistic_ids.items():
        if (found := metadata.get(statistic_id)) is not None:
            ids[metric] = found[0]
            scales[metric] = scale_of(metric, found[1]["unit_of_measurement"])
    plug = None
    if sources.plug is not None and (found := metadata.get(sources.plug)) is not None:
        scale = scale_of(Metric.POWER, found[1]["unit_of_measurement"])
        plug = (found[0], scale.factor, sources.plug_since)
    return Stored(ids, scales, plug)


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


def table_parts(session: Session, metadata_id: int, span: Span) -> Iterable[TablePart]:
    """Yield which table holds what part of the span.

    Where two do, the border between them is that of an hour.
    """
    start, end = span.start.timestamp(), span.end.timestamp()
    oldest, seam = (
        session.execute(statements.oldest_row(table, metadata_id)).scalar()
        for table in (LONG_TABLE, SHORT_TABLE)
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
        yield TablePart(LONG_TABLE, LONG_ROW, start, until)
    if (since := max(start, seam)) < end:
        yield TablePart(SHORT_TABLE, SHORT_ROW, since, end)
