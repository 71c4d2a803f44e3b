"""What the recorder has of a miner's last minutes before Home Assistant was started.

Statistics of them are compiled minutes later, and what was read is no longer in memory.
States are written every few seconds, so that they outlive a killed process, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from homeassistant.components.recorder.history import get_significant_states
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import HomeAssistant, State
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.util import dt as dt_util

from ..analysis.errors import HistoryUnreadableError
from ..analysis.metrics import COUNTERS, Metric
from ..analysis.periods import Period
from ..analysis.recent import KEEP_SECONDS
from ..analysis.rows import Reported, Row, join_rows
from ..const import JOULES_PER_KWH
from .absence import down_periods
from .jobs import async_read
from .last_energy import last_trace_before
from .sources import async_entity_ids, scale_of

_MINUTE: Final = 60.0

type _Changes = Sequence[tuple[float, float | None]]
"""Unix time and value of each change, in the order of time."""


@dataclass(frozen=True, slots=True)
class LastMinutes:
    """What was recorded of a miner before Home Assistant ended."""

    rows: Sequence[Row] = ()
    """Of a minute each, in the order of time."""
    until: float | None = None
    """Unix time up to which somebody looked; `None` if nobody knows."""


async def async_read_last_minutes(
    hass: HomeAssistant,
    identifier: str,
    seen: float | None,
    added: float,
    unwatched: Sequence[Period],
) -> LastMinutes:
    """Return what was recorded of a miner that this process has not read yet.

    It was seen last at a Unix time, and `added` to Home Assistant at another. If that
    was before Home Assistant was started, it was watched, if in vain, for as long as
    that ran, but for the periods that are known to be `unwatched`.
    """
    if DATA_INSTANCE not in hass.data or seen is None:
        return LastMinutes(until=seen)
    entity_ids = async_entity_ids(hass, identifier, Metric)
    try:
        return await async_read(hass, _read, hass, entity_ids, seen, added, unwatched)
    except HistoryUnreadableError, HomeAssistantError, OSError:
        return LastMinutes(until=seen)


def _read(
    hass: HomeAssistant,
    entity_ids: Mapping[Metric, str],
    seen: float,
    added: float,
    unwatched: Sequence[Period],
) -> LastMinutes:
    now = dt_util.utcnow().timestamp()
    started = get_instance(hass).recorder_runs_manager.recording_start.timestamp()
    until = min(seen, now)
    if until < started and added < started:
        until = last_trace_before(hass, until, min(started, now))
    start = max(seen, now) - KEEP_SECONDS
    if not entity_ids or until <= start:
        return LastMinutes(until=until)
    found = get_significant_states(
        hass,
        dt_util.utc_from_timestamp(start),
        dt_util.utc_from_timestamp(until),
        list(entity_ids.values()),
        significant_changes_only=False,
    )
    changes = {
        metric: [
            (max(state.last_updated.timestamp(), start), _value(metric, state))
            for state in found.get(entity_id, ())
            if isinstance(state, State)
        ]
        for metric, entity_id in entity_ids.items()
    }
    down = [*down_periods(hass, start, until), *unwatched]
    return LastMinutes(rows=_rows(changes, start, min(seen, until), down), until=until)


def _value(metric: Metric, state: State) -> float | None:
    try:
        number = float(state.state)
    except ValueError:
        return None
    return scale_of(metric, state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)).value(
        number
    )


def _rows(
    changes: Mapping[Metric, _Changes],
    start: float,
    until: float,
    down: Sequence[Period],
) -> list[Row]:
    """Return rows of a minute of the time in which the hashrate is known.

    What was so when Home Assistant went `down`, or nobody looked for another reason,
    did not go on until it was back.
    """
    borders = {start, until}
    borders.update(
        moment
        for moments in (
            *([moment for moment, _ in found] for found in changes.values()),
            *down,
        )
        for moment in moments
        if start < moment < until
    )
    minute = start // _MINUTE * _MINUTE
    while (minute := minute + _MINUTE) < until:
        borders.add(minute)
    places = dict.fromkeys(changes, 0)
    present: dict[Metric, float | None] = {}
    reached: dict[Metric, float] = {}
    grown: dict[Metric, float] = {}
    minutes: dict[float, list[Row]] = {}
    for begin, end in pairwise(sorted(borders)):
        for metric, found in changes.items():
            while places[metric] < len(found) and found[places[metric]][0] <= begin:
                value = found[places[metric]][1]
                places[metric] += 1
                present[metric] = value
                if metric in COUNTERS and value is not None:
                    if (before := reached.get(metric)) is not None:
                        # A counter that starts again has counted what it shows.
                        growth = value - before if value >= before else value
                        grown[metric] = grown.get(metric, 0.0) + growth
                    reached[metric] = value
        if present.get(Metric.HASHRATE) is None or any(
            gone <= begin < back for gone, back in down
        ):
            continue
        counts = {
            metric: grown.pop(metric, 0.0)
            for metric in COUNTERS
            if present.get(metric) is not None
        }
        power = present.get(Metric.POWER)
        if Metric.ENERGY in counts and power is not None:
            # The meter is written once a minute, and in whole Wh.
            counts[Metric.ENERGY] = power * (end - begin) / JOULES_PER_KWH
        values = {
            metric: Reported(value, value, value)
            for metric, value in present.items()
            if metric not in COUNTERS and value is not None
        }
        minutes.setdefault(begin // _MINUTE, []).append(
            Row(start=begin, end=end, values=values, counts=counts)
        )
    return [join_rows(parts) for parts in minutes.values()]
