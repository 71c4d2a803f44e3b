"""Reads the history of any entity: prices, room temperatures, energy, states."""

from collections.abc import Mapping
from functools import partial

from homeassistant.components.recorder.entity_options import is_entity_recorded
from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.components.recorder.statistics import (
    get_metadata,
    statistics_during_period,
)
from homeassistant.const import UnitOfEnergy
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.util import dt as dt_util

from ..analysis.span import Span
from .jobs import async_read, async_run_jobs


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
        for moment, price in await async_read_entity_states(hass, entity_id, span)
        if price is not None
    ]
    until = dt_util.utc_from_timestamp(states[0][0]) if states else span.end
    if until <= span.start:
        return states
    result = await async_read(
        hass,
        partial(
            statistics_during_period,
            hass,
            span.start,
            until,
            {entity_id},
            "hour",
            None,
            {"mean"},
        ),
    )
    means = [
        (row["start"], mean)
        for row in result.get(entity_id, [])
        if (mean := row.get("mean")) is not None
    ]
    return means + states


async def async_read_unit(hass: HomeAssistant, entity_id: str) -> str | None:
    """Return the unit in which statistics of an entity are kept; `None` without any."""
    if DATA_INSTANCE not in hass.data:
        return None
    known = await async_read(
        hass, partial(get_metadata, hass, statistic_ids={entity_id})
    )
    return known[entity_id][1]["unit_of_measurement"] if entity_id in known else None


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

    (means,) = await async_run_jobs(hass, [read])
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
        (result,) = await async_run_jobs(
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


async def async_read_entity_states(
    hass: HomeAssistant, entity_id: str, span: Span
) -> list[tuple[float, float | None]]:
    """Read when an entity showed which number; the first may be of before the span."""

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

    return await async_read(hass, read)


def _number(state: State) -> float | None:
    try:
        return float(state.state)
    except ValueError:
        return None
