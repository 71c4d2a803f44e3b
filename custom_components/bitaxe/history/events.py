"""Reads what event entities recorded."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
import sqlite3
from typing import cast

from homeassistant.components.recorder.history import get_significant_states
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.util import dt as dt_util
from sqlalchemy.exc import SQLAlchemyError

from ..analysis.errors import HistoryUnreadableError
from ..analysis.span import Span
from ..analysis.timeline import Record

_NO_EVENT = frozenset({STATE_UNAVAILABLE, STATE_UNKNOWN})


async def async_read_events(
    hass: HomeAssistant, entity_ids: Collection[str], span: Span
) -> Mapping[str, list[Record]]:
    """Read the events of event entities, by their ids; the oldest first.

    Reaches back as far as the recorder keeps states, 10 days by default. What it has not
    written yet, and all there is without a recorder, are the last events.

    Raises:
        HistoryUnreadableError: the database does not answer.

    """
    present = {entity_id: hass.states.get(entity_id) for entity_id in entity_ids}
    if DATA_INSTANCE not in hass.data or not present:
        return {
            entity_id: list(_records([state], span))
            for entity_id, state in present.items()
        }
    try:
        return await get_instance(hass).async_add_executor_job(
            _read, hass, present, span
        )
    # A connection that is closed meanwhile is reported by its driver.
    except (SQLAlchemyError, sqlite3.Error) as err:
        raise HistoryUnreadableError(str(err).partition("\n")[0]) from err


def _read(
    hass: HomeAssistant, present: Mapping[str, State | None], span: Span
) -> dict[str, list[Record]]:
    """Read what is recorded, and add the present states. Blocking.

    What the recorder returns is decoded only here, when it is looked at.
    """
    found = cast(
        "Mapping[str, Sequence[State]]",
        get_significant_states(
            hass,
            span.start,
            span.end,
            list(present),
            include_start_time_state=False,
            significant_changes_only=False,
        ),
    )
    return {
        entity_id: list(_records([*found.get(entity_id, ()), state], span))
        for entity_id, state in present.items()
    }


def _records(states: Iterable[State | None], span: Span) -> Iterable[Record]:
    """Yield each event once: Home Assistant writes the last one again at every start."""
    seen: set[tuple[object, ...]] = set()
    for state in states:
        if state is None or state.state in _NO_EVENT:
            continue
        moment = dt_util.parse_datetime(state.state)
        kind = state.attributes.get("event_type")
        if moment is None or kind is None or not span.start <= moment <= span.end:
            continue
        same = (state.state, kind, state.attributes.get("phase"))
        if same in seen:
            continue
        seen.add(same)
        data = {**state.attributes, "since": _timestamp(state.attributes.get("since"))}
        yield Record(time=moment.timestamp(), kind=str(kind), data=data)


def _timestamp(value: object) -> float | None:
    """Return the Unix time of a moment, which the recorder keeps as text."""
    if isinstance(value, str):
        value = dt_util.parse_datetime(value)
    return value.timestamp() if isinstance(value, datetime) else None
