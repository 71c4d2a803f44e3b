"""What happened to miners, as cards get it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..alerts.kinds import KINDS, AlertKind
from ..analysis.span import Span
from ..analysis.timeline import Phase, Record, TimelineItem, items_of
from ..containment import Containment
from ..coordinator import MinerConfigEntry
from ..history.events import Reports, async_read_events, async_read_reports
from ..miner.names import device_of, miner_name
from ..miner.notes import notes_of
from ..swarm.coordinator import async_find_swarm
from .payload import rounded, span_as_json

_CONTAINMENT: Final = Containment()

NOTE: Final = "note"
"""Kind of a note that somebody wrote, beside the kinds of alerts and activities."""

MOST_ITEMS: Final = 500
"""Items that are returned at most, the latest ones."""
_KEYS: Final = ("alert", "activity")
_SAME_SECONDS: Final = 1.0
"""Seconds between an event and the change of the event entity that says the same."""
_FIGURES: Final = ("value", "limit", "difficulty", "previous", "seconds")
_PLAIN: Final = (
    "unit",
    "action",
    "reason",
    "description",
    "by",
    "origin",
    "asked_for",
    "blocks_found",
    "block_height",
    "swarm_record",
    "unmeasured",
    "note_id",
)


async def async_answer_timeline(
    hass: HomeAssistant,
    entries: Sequence[MinerConfigEntry],
    span: Span,
    *,
    kinds: Collection[str] | None = None,
    limit: int = MOST_ITEMS,
) -> JsonObjectType:
    """Return what happened to miners, the latest first; only of some kinds if named.

    They are given by their entries, as much can happen to one that is not set up. Times
    are Unix times, figures are in the unit of their alert.

    Raises:
        HistoryUnreadableError: the database does not answer.

    """
    entities = {entry.entry_id: _event_entities(hass, entry) for entry in entries}
    wanted = [entity for found in entities.values() for entity in found.values()]
    events = await async_read_events(hass, wanted, span)
    devices = {
        entry.entry_id: device.id
        for entry in entries
        if (device := device_of(hass, entry)) is not None
    }
    reports = await async_read_reports(hass, list(devices.values()), span)
    swarm = async_find_swarm(hass)
    raised = {} if swarm is None else swarm.alerts.active
    histories = [
        _History(
            entry=entry,
            alerts=events.get(entities[entry.entry_id].get("alert", ""), []),
            activities=events.get(entities[entry.entry_id].get("activity", ""), []),
            reports=reports.get(devices.get(entry.entry_id, ""), Reports()),
            active={
                alert.kind.value: alert.since
                for alert in raised.get(entry.entry_id, ())
            },
            notes=_notes(hass, entry, span),
        )
        for entry in entries
    ]
    # A month of forty miners on a bad network are thousands.
    items = await hass.async_add_executor_job(_joined, histories, kinds)
    users = await _async_user_names(hass, [item for _, item in items[:limit]])
    miners = {entry.entry_id: _Shown.of(hass, entry) for entry in entries}
    return {
        "span": span_as_json(span),
        "items": [
            shown
            for entry, item in items[:limit]
            if (shown := _shown(miners[entry.entry_id], item, users)) is not None
        ],
        "truncated": len(items) > limit,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _History:
    """What was read of a miner."""

    entry: MinerConfigEntry
    alerts: Sequence[Record]
    """What the event entities recorded."""
    activities: Sequence[Record]
    reports: Reports
    active: Mapping[str, float]
    """Kinds of alerts that are raised, and since when."""
    notes: Sequence[TimelineItem]


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a miner is called."""

    device_id: str | None
    name: str

    @classmethod
    def of(cls, hass: HomeAssistant, entry: MinerConfigEntry) -> _Shown:
        """Look it up once for all that happened to it."""
        device = device_of(hass, entry)
        return cls(None if device is None else device.id, miner_name(hass, entry))


def _joined(
    histories: Sequence[_History], kinds: Collection[str] | None
) -> list[tuple[MinerConfigEntry, TimelineItem]]:
    """Return what happened to all miners, what lasts first, then the latest first."""
    items: list[tuple[MinerConfigEntry, TimelineItem]] = []
    for history in histories:
        with _CONTAINMENT.of(f"{history.entry.title} in the timeline"):
            story = items_of(
                _with_older(history.reports.alerts, history.alerts),
                _with_older(history.reports.activities, history.activities),
                history.active,
            )
            items += [
                (history.entry, item)
                for item in (*story, *history.notes)
                if kinds is None or item.kind in kinds
            ]
    # What lasts is what people look for first.
    items.sort(
        key=lambda pair: (pair[1].phase is Phase.ONGOING, pair[1].latest), reverse=True
    )
    return items


def _with_older(
    reported: Sequence[Record], recorded: Sequence[Record]
) -> Sequence[Record]:
    """Return events, and before the first of them what the event entity recorded."""
    if not reported:
        return recorded
    first = reported[0].time - _SAME_SECONDS
    return [*(record for record in recorded if record.time < first), *reported]


def _notes(
    hass: HomeAssistant, entry: MinerConfigEntry, span: Span
) -> list[TimelineItem]:
    """Return what people wrote about a miner, also of time the recorder forgot."""
    return [
        TimelineItem(
            kind=NOTE,
            phase=Phase.ONCE,
            start=note.time,
            data={
                "description": note.text,
                "note_id": note.id,
                "user_id": note.user_id,
            },
        )
        for note in notes_of(hass, entry.entry_id) or ()
        if (span.start is None or span.start.timestamp() <= note.time)
        and note.time <= span.end.timestamp()
    ]


@callback
def _event_entities(hass: HomeAssistant, entry: MinerConfigEntry) -> dict[str, str]:
    """Return the event entities of a miner by their keys."""
    return {
        key: item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        for key in _KEYS
        if item.domain == Platform.EVENT and item.unique_id.endswith(f"_{key}")
    }


async def _async_user_names(
    hass: HomeAssistant, items: Sequence[TimelineItem]
) -> dict[str, str | None]:
    ids = {user for item in items if isinstance(user := item.data.get("user_id"), str)}
    names: dict[str, str | None] = {}
    for user_id in ids:
        user = await hass.auth.async_get_user(user_id)
        names[user_id] = None if user is None else user.name
    return names


def _shown(
    miner: _Shown, item: TimelineItem, users: dict[str, str | None]
) -> JsonObjectType | None:
    """Present what happened, or nothing where that has a fault."""
    return _CONTAINMENT.value_of(
        f"{miner.name} in the timeline",
        lambda: _as_json(miner, item, users),
        None,
    )


def _as_json(
    miner: _Shown, item: TimelineItem, users: dict[str, str | None]
) -> JsonObjectType:
    data = item.data
    shown: JsonObjectType = {
        "device_id": miner.device_id,
        "name": miner.name,
        "kind": item.kind,
        "phase": item.phase.value,
        "start": round(item.start),
        "end": None if item.end is None else round(item.end),
        # Home Assistant does not know people of Discord, who name themselves.
        "user": users.get(str(data.get("user_id"))) or data.get("user"),
        "changes": _changes(data),
        "alert": _alert_look(item.kind),
    }
    for key in _FIGURES:
        value = data.get(key)
        shown[key] = rounded(value) if isinstance(value, (int, float)) else None
    for key in _PLAIN:
        value = data.get(key)
        shown[key] = value if isinstance(value, (str, int, bool)) else None
    # Which profile a soak test is of
    shown["profile"] = (
        profile if isinstance(profile := data.get("profile"), str) else None
    )
    return shown


def _alert_look(kind: str) -> JsonObjectType | None:
    """Return how a kind of alert is shown; `None` for what is no alert."""
    if kind not in AlertKind:
        return None
    specification = KINDS[AlertKind(kind)]
    return {
        "icon": specification.icon,
        "severity": specification.severity.value,
        "unit": specification.unit,
        "precision": specification.precision,
    }


def _changes(data: Any) -> dict[str, JsonValueType]:
    """Return what settings were, and what they are, by their names."""
    before, after = data.get("from"), data.get("to")
    if not isinstance(before, dict) or not isinstance(after, dict):
        return {}
    return {
        name: [before.get(name), value]
        for name, value in after.items()
        if isinstance(name, str)
    }
