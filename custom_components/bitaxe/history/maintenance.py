"""Reads when somebody worked on a miner."""

from collections.abc import Iterable, Mapping, Sequence

from homeassistant.components.recorder.history import get_significant_states
from homeassistant.const import STATE_OFF, STATE_ON, Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.util import dt as dt_util

from ..analysis.miner import Miner
from ..analysis.span import Span
from ..const import DOMAIN
from .jobs import async_read

type Period = tuple[float, float]
"""From one Unix time to another."""


async def async_read_maintenance(
    hass: HomeAssistant, miners: Sequence[Miner], span: Span
) -> list[list[Period]]:
    """Read when each miner was in maintenance, in the order of time.

    Reaches back as far as the recorder keeps states, 10 days by default.

    Raises:
        HistoryUnreadableError: the database does not answer.

    """
    registry = er.async_get(hass)
    entities = [
        registry.async_get_entity_id(
            Platform.SWITCH, DOMAIN, f"{miner.identifier}_maintenance"
        )
        for miner in miners
    ]
    wanted = [entity_id for entity_id in entities if entity_id is not None]
    if not wanted or DATA_INSTANCE not in hass.data:
        return [[] for _ in miners]
    found = await async_read(hass, _read, hass, wanted, span)
    return [found.get(item or "", []) for item in entities]


def _read(
    hass: HomeAssistant, entity_ids: list[str], span: Span
) -> dict[str, list[Period]]:
    """Read the periods of each switch. Blocking.

    What the recorder returns is decoded only here, when it is looked at.
    """
    found: Mapping[str, Sequence[object]] = get_significant_states(
        hass,
        span.start,
        span.end,
        entity_ids,
        include_start_time_state=True,
        significant_changes_only=False,
    )
    return {
        entity_id: list(_periods(states, span)) for entity_id, states in found.items()
    }


def _periods(states: Iterable[object], span: Span) -> Iterable[Period]:
    """Yield each period; while the switch is unavailable, it goes on as announced."""
    begin = end = None
    last = span.end.timestamp()
    for state in states:
        if not isinstance(state, State):
            continue
        moment = state.last_updated_timestamp
        if state.state == STATE_ON:
            begin = moment if begin is None else begin
            end = _until(state, last)
        elif state.state == STATE_OFF and begin is not None:
            yield begin, min(moment, end or last)
            begin = end = None
    if begin is not None:
        yield begin, min(end or last, last)


def _until(state: State, last: float) -> float:
    """Return when the maintenance is to end, as its switch says."""
    until = state.attributes.get("until")
    if isinstance(until, str):
        until = dt_util.parse_datetime(until)
    return last if until is None else float(until.timestamp())
