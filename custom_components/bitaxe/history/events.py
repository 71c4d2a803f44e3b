"""Reads what happened to miners: events of the bus, and what event entities recorded.

The event entities of a miner say the same as the events. They are disabled at first, as
Home Assistant's logbook has a line for each of their changes; of the time before the
events were fired, they are what there is.
"""

from collections import deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, cast

from homeassistant.components.recorder.db_schema import EventData, Events, EventTypes
from homeassistant.components.recorder.history import get_significant_states
from homeassistant.const import ATTR_DEVICE_ID, STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import Event, HomeAssistant, State, callback
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.util import dt as dt_util
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import json_loads_object
from sqlalchemy import select

from ..analysis.span import Span
from ..analysis.timeline import Record
from ..const import EVENT_ACTIVITY, EVENT_ALERT
from .jobs import async_read, reading_session

_NO_EVENT = frozenset({STATE_UNAVAILABLE, STATE_UNKNOWN})
_KIND_KEYS: Final = {EVENT_ALERT: "kind", EVENT_ACTIVITY: "event_type"}
"""What in the data of an event says what kind it is."""
_MOST_KEPT: Final = 500
"""Events that are kept; the recorder writes every few seconds."""
_RECENT: HassKey[deque[_Fired]] = HassKey("bitaxe_recent_events")


@dataclass(frozen=True, slots=True)
class _Fired:
    """An event of ours."""

    event_type: str
    time: float
    """Unix time."""
    data: Mapping[str, Any]


@dataclass(slots=True)
class Reports:
    """What was reported of a miner, the oldest first."""

    alerts: list[Record] = field(default_factory=list)
    activities: list[Record] = field(default_factory=list)


@callback
def async_keep_recent_events(hass: HomeAssistant) -> None:
    """Keep the last events, which the recorder may not have written yet."""
    recent = hass.data[_RECENT] = deque[_Fired](maxlen=_MOST_KEPT)

    @callback
    def keep(event: Event[dict[str, Any]]) -> None:
        fired = _Fired(
            str(event.event_type), event.time_fired.timestamp(), dict(event.data)
        )
        recent.append(fired)

    for event_type in _KIND_KEYS:
        hass.bus.async_listen(event_type, keep)


async def async_read_reports(
    hass: HomeAssistant, device_ids: Collection[str], span: Span
) -> Mapping[str, Reports]:
    """Read the events of miners, by the ids of their devices.

    Reaches back as far as the recorder keeps events, 10 days by default.

    Raises:
        HistoryUnreadableError: the database does not answer.

    """
    wanted = frozenset(device_ids)
    kept: deque[_Fired] = hass.data[_RECENT]
    recent = tuple(kept)
    if DATA_INSTANCE not in hass.data or not wanted:
        return _reports_of(recent, wanted, span)
    return await async_read(
        hass,
        lambda: _reports_of((*_read_fired(hass, wanted, span), *recent), wanted, span),
    )


def _reports_of(
    events: Iterable[_Fired], device_ids: frozenset[str], span: Span
) -> Mapping[str, Reports]:
    """Sort events by device, each once: the last ones may be written already."""
    start, end = span.start.timestamp(), span.end.timestamp()
    reports = {device_id: Reports() for device_id in device_ids}
    seen: set[tuple[object, ...]] = set()
    for fired in events:
        device_id = fired.data.get(ATTR_DEVICE_ID)
        kind = fired.data.get(_KIND_KEYS[fired.event_type])
        if (
            device_id not in device_ids
            or not isinstance(kind, str)
            or not start <= fired.time <= end
        ):
            continue
        same = (
            fired.event_type,
            round(fired.time, 3),
            device_id,
            kind,
            fired.data.get("phase"),
        )
        if same in seen:
            continue
        seen.add(same)
        report = reports[device_id]
        record = Record(time=fired.time, kind=kind, data=fired.data)
        if fired.event_type == EVENT_ALERT:
            report.alerts.append(record)
        else:
            report.activities.append(record)
    return reports


def _read_fired(
    hass: HomeAssistant, device_ids: frozenset[str], span: Span
) -> list[_Fired]:
    types = select(EventTypes.event_type_id).where(
        EventTypes.event_type.in_([*_KIND_KEYS])
    )
    statement = (
        select(EventTypes.event_type, Events.time_fired_ts, EventData.shared_data)
        .select_from(Events)
        .join(EventTypes, Events.event_type_id == EventTypes.event_type_id)
        .join(EventData, Events.data_id == EventData.data_id)
        .where(
            Events.event_type_id.in_(types),
            Events.time_fired_ts >= span.start.timestamp(),
            Events.time_fired_ts <= span.end.timestamp(),
        )
        .order_by(Events.time_fired_ts)
    )
    with reading_session(hass) as session:
        return list(_fired_of(session.execute(statement), device_ids))


def _fired_of(
    rows: Iterable[Sequence[Any]], device_ids: frozenset[str]
) -> Iterator[_Fired]:
    """Yield what is about some devices; what cannot be read is left out."""
    for event_type, time, text in rows:
        try:
            data = json_loads_object(text)
        except ValueError:
            continue
        if data.get(ATTR_DEVICE_ID) in device_ids:
            yield _Fired(event_type, time, data)


async def async_read_events(
    hass: HomeAssistant, entity_ids: Collection[str], span: Span
) -> Mapping[str, list[Record]]:
    """Read the events of event entities, by their ids; the oldest first.

    Reaches back as far as the recorder keeps states, 10 days by default. What it has
    not written yet, and all there is without a recorder, are the last events.

    Raises:
        HistoryUnreadableError: the database does not answer.

    """
    present = {entity_id: hass.states.get(entity_id) for entity_id in entity_ids}
    if DATA_INSTANCE not in hass.data or not present:
        return {
            entity_id: list(_records([state], span))
            for entity_id, state in present.items()
        }
    return await async_read(hass, _read, hass, present, span)


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
    """Yield each event once: Home Assistant repeats the last one at every start."""
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
