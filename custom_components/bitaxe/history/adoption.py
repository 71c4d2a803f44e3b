"""Carries over what another integration's sensors left in the recorder."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from functools import partial
import logging
from math import isfinite
from typing import Final

from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.components.recorder.models import (
    StatisticMeanType,
    StatisticMetaData,
)
from homeassistant.components.recorder.statistics import (
    STATISTIC_UNIT_TO_UNIT_CONVERTER,
    async_import_statistics,
    get_last_statistics,
    get_metadata,
)
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import restore_state
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.util import dt as dt_util

from ..analysis.errors import HistoryClosedError, HistoryUnreadableError
from .jobs import async_read

_LOGGER = logging.getLogger(__package__)

# Beyond what any home keeps of states; older ones are in the statistics.
_LONGEST: Final = timedelta(days=3650)
# A sensor is unavailable between two numbers once or twice at each start.
_STATES: Final = 100


def is_convertible(unit: str | None, other: str | None) -> bool:
    """Return whether Home Assistant converts statistics of one unit into the other."""
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER.get(unit)
    return unit == other or (
        None not in (unit, other)
        and converter is not None
        and other in converter.VALID_UNITS
    )


async def async_last_value(
    hass: HomeAssistant, entity_id: str, unit: str
) -> float | None:
    """Return the last number a sensor showed, in `unit`; `None` if there is none.

    That is the latest of what Home Assistant keeps of entities that restore their
    state, and of the states in the recorder; else that of the last hour in the
    statistics.

    Raises:
        HistoryClosedError: Home Assistant stops.

    """
    stored = restore_state.async_get(hass).async_get_stored_states()
    states = [item.state for item in stored if item.state.entity_id == entity_id]
    values = list(_values(states, unit))
    statistic = None
    if DATA_INSTANCE in hass.data:
        try:
            recorded, statistic = await async_read(
                hass, _read_last, hass, entity_id, unit
            )
            values += recorded
        except HistoryClosedError:
            raise
        except HistoryUnreadableError as err:
            _LOGGER.warning(
                "%s goes on from what Home Assistant restored: %s", entity_id, err
            )
    if values:
        return max(values)[1]
    return statistic


def _read_last(
    hass: HomeAssistant, entity_id: str, unit: str
) -> tuple[list[tuple[datetime, float]], float | None]:
    states = state_changes_during_period(
        hass,
        dt_util.utcnow() - _LONGEST,
        entity_id=entity_id,
        descending=True,
        limit=_STATES,
        include_start_time_state=False,
    ).get(entity_id, [])
    rows = get_last_statistics(hass, 1, entity_id, False, {"state"})
    metadata = get_metadata(hass, statistic_ids={entity_id})
    value = next((row.get("state") for row in rows.get(entity_id, [])), None)
    if value is not None and entity_id in metadata:
        value = _convert(value, metadata[entity_id][1]["unit_of_measurement"], unit)
    return list(_values(states, unit)), value


def _values(states: Iterable[State], unit: str) -> Iterator[tuple[datetime, float]]:
    """Yield when a state was written, and its number in `unit`."""
    for state in states:
        try:
            value = float(state.state)
        except ValueError:
            continue
        found = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, unit)
        converted = _convert(value, found, unit)
        if converted is not None and isfinite(converted):
            yield state.last_updated, converted


def _convert(value: float, unit: str | None, wanted: str) -> float | None:
    if unit == wanted:
        return value
    if not is_convertible(unit, wanted):
        return None
    converter = STATISTIC_UNIT_TO_UNIT_CONVERTER[wanted]
    return converter.convert(value, unit, wanted)


async def async_with_statistics(
    hass: HomeAssistant, entity_ids: Collection[str]
) -> set[str]:
    """Return which of some entities have long-term statistics.

    Raises:
        HistoryUnreadableError: the database does not answer, or Home Assistant stops.

    """
    if DATA_INSTANCE not in hass.data:
        return set()
    metadata = await async_read(
        hass, partial(get_metadata, hass, statistic_ids=set(entity_ids))
    )
    return set(metadata)


async def async_carry_statistics_over(
    hass: HomeAssistant,
    entity_id: str,
    *,
    total: bool,
    units: Mapping[str, str | None],
) -> None:
    """Let the long-term statistics of an old sensor go on under ours.

    Home Assistant raises a repair where there were sums and now are means, or the
    reverse, and where the unit is another. Only their description changes, never a
    value: `units` names units that were wrong, and what the values are in.

    Raises:
        HistoryUnreadableError: the database does not answer, or Home Assistant stops.

    """
    if DATA_INSTANCE not in hass.data:
        return
    metadata = await async_read(
        hass, partial(get_metadata, hass, statistic_ids={entity_id})
    )
    if entity_id not in metadata:
        return
    old = metadata[entity_id][1]
    mean_type = StatisticMeanType.NONE if total else StatisticMeanType.ARITHMETIC
    unit = units.get(old["unit_of_measurement"] or "", old["unit_of_measurement"])
    if (old["has_sum"], old["mean_type"], old["unit_of_measurement"]) == (
        total,
        mean_type,
        unit,
    ):
        return
    # Without rows it changes the description alone, before the next are compiled.
    async_import_statistics(
        hass,
        StatisticMetaData(
            mean_type=mean_type,
            has_sum=total,
            name=old["name"],
            source=old["source"],
            statistic_id=entity_id,
            unit_class=old["unit_class"],
            unit_of_measurement=unit,
        ),
        [],
    )
