"""What the recorder knows of energy that no stored file has seen.

Files are written every 15 minutes, the recorder's database every few seconds. After a
power cut or a killed process the database therefore knows more.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from homeassistant.components.recorder.db_schema import (
    StateAttributes,
    States,
    StatesMeta,
)
from homeassistant.components.recorder.history import state_changes_during_period
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    Platform,
    UnitOfEnergy,
    UnitOfPower,
)
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads_object
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    EnergyConverter,
    PowerConverter,
)
from sqlalchemy import ColumnElement, func, select

from ..analysis.errors import HistoryUnreadableError
from ..axeos.bounds import POWER, Bounds
from ..const import DOMAIN
from ..storage.stored_object import ENERGY
from .jobs import async_read, reading_session

_OLDEST: Final = timedelta(days=30)
# Of the newest states most may be "unavailable": one for each restart in a row.
_MOST_STATES: Final = 50
# s; a file that could not be written for longer means a disk that needs care.
_LONGEST_UNSAVED: Final = 86_400.0
# s; something is recorded as often while Home Assistant runs, see `HEARTBEAT`.
_LONGEST_STEP: Final = 30.0
# Forty miners write a thousand states a minute, and each its energy within a few.
_MOST_ROWS: Final = 10_000
# kWh; the energy is shown in whole Wh.
_ROUNDING: Final = 0.000_49
_KWH: Final = UnitOfEnergy.KILO_WATT_HOUR
_W: Final = UnitOfPower.WATT


@dataclass(frozen=True, slots=True)
class LastEnergy:
    """The last of a miner's energy that was recorded."""

    energy: float | None
    """kWh, as last recorded, which is rounded; `None` if it never was."""
    energy_time: float | None
    """Unix time of that energy."""
    powers: Sequence[tuple[float, float | None]]
    """Unix time and W of each change of the power, in the order of time."""
    seen_time: float
    """Unix time up to which it surely was so."""
    in_order: bool = False
    """Whether the times are in the order in which it was written, and no clock's: what
    lies between them was that long, and only `seen_time` is a moment."""

    @property
    def power(self) -> float:
        """W at the end, 0 if unknown."""
        return (self.powers[-1][1] if self.powers else None) or 0.0

    def is_news(self, energy: float, time: float | None) -> bool:
        """Return whether more was recorded than a file of those kWh and that Unix time.

        Energy never falls: where a clock was set, more of it is newer.
        """
        if self.in_order and time is not None:
            return self._at_end - _ROUNDING > energy
        return time is None or self.seen_time > time

    def after(
        self, energy: float, time: float | None, passed: float | None = None
    ) -> float:
        """Return kWh at `seen_time`, if `energy` was what was known at `time`.

        That is never less than what was known or shown. `passed` is how many s ago that
        was by a clock that nobody sets, where there is one.
        """
        if not self.is_news(energy, time):
            return energy
        if self.in_order:
            rounding = 0.0 if time is None else _ROUNDING
            return max(energy, self._at_end - rounding)
        shown = max((self.energy or 0.0) - _ROUNDING, 0.0)
        if time is not None:
            start = time if passed is None else max(time, self.seen_time - passed)
            guess = energy + self._drawn(start)
            if self.energy is not None and (self.energy_time or 0.0) >= time:
                # Where a clock was set back, the file has seen what seems later.
                guess = min(
                    guess,
                    self.energy + _ROUNDING + self._drawn(self.energy_time or 0.0),
                )
            return max(shown, energy, guess)
        return max(energy, self._at_end)

    @property
    def _at_end(self) -> float:
        """Return kWh at `seen_time`, of what was recorded alone."""
        if self.energy is None or self.energy_time is None:
            return 0.0
        return self.energy + self._drawn(self.energy_time)

    def _drawn(self, start: float) -> float:
        """Return kWh drawn from `start` until the end, for a day at the most."""
        start = max(start, self.seen_time - _LONGEST_UNSAVED)
        ends = [time for time, _ in self.powers[1:]] + [self.seen_time]
        return (
            sum(
                (power or 0.0) * max(min(end, self.seen_time) - max(begin, start), 0.0)
                for (begin, power), end in zip(self.powers, ends, strict=False)
            )
            / 3_600_000
        )


async def async_find_last_energy(
    hass: HomeAssistant, identifier: str, since: float | None = None
) -> LastEnergy | None:
    """Return what was recorded of a miner's, or the swarm's, energy.

    `since` is the Unix time up to which it is known from elsewhere. `None` where
    nothing was recorded, or the recorder cannot be read.
    """
    if DATA_INSTANCE not in hass.data:
        return None
    registry = er.async_get(hass)
    energy_id = registry.async_get_entity_id(
        Platform.SENSOR, DOMAIN, f"{identifier}_energy"
    )
    if energy_id is None or (entry := registry.async_get(energy_id)) is None:
        return None
    power_id = registry.async_get_entity_id(
        Platform.SENSOR, DOMAIN, f"{identifier}_power"
    )
    others = [
        item.entity_id
        for item in er.async_entries_for_config_entry(
            registry, entry.config_entry_id or ""
        )
        if item.domain == Platform.SENSOR
    ]
    try:
        return await async_read(hass, _read, hass, energy_id, power_id, others, since)
    except HistoryUnreadableError, HomeAssistantError, OSError:
        return None


def _read(
    hass: HomeAssistant,
    energy_id: str,
    power_id: str | None,
    others: Collection[str],
    since: float | None,
) -> LastEnergy | None:
    # What was recorded while a clock went ahead lies in the future, and proves nothing.
    now = dt_util.utcnow()
    oldest = now - _OLDEST
    last = _last_energy(hass, energy_id, oldest)
    if last is not None and (since is None or last.is_out_of_order(now.timestamp())):
        return _read_in_order(hass, last, power_id, now.timestamp())
    energy = last.energy if last is not None else None
    energy_time = last.time if last is not None else None
    start = since if since is not None else energy_time
    if start is None:
        return None
    powers = (
        [
            (
                state.last_updated.timestamp(),
                _number(state.state, state.attributes, PowerConverter, _W, POWER),
            )
            for state in state_changes_during_period(
                hass,
                min(max(dt_util.utc_from_timestamp(start), oldest), now),
                now,
                entity_id=power_id,
                include_start_time_state=True,
            ).get(power_id, [])
        ]
        if power_id is not None
        else []
    )
    seen = _last_trace(
        hass,
        max(start, energy_time or 0.0),
        States.last_updated_ts <= now.timestamp(),
        StatesMeta.entity_id.in_(others),
        States.state.not_in([STATE_UNAVAILABLE, STATE_UNKNOWN]),
    )
    started = get_instance(hass).recorder_runs_manager.recording_start.timestamp()
    if seen < started and not _went_away(hass, others, seen, started):
        # While anything at all was recorded, the miner was being read.
        seen = last_trace_before(hass, seen, min(started, now.timestamp()))
    return LastEnergy(
        energy=energy,
        energy_time=energy_time,
        powers=[(time, power) for time, power in powers if time <= seen],
        seen_time=seen,
    )


@dataclass(frozen=True, slots=True)
class _LastRow:
    """The energy that was written last."""

    energy: float
    """kWh."""
    time: float
    """Unix time."""
    number: int
    """Of the row; later ones have larger ones."""
    newest_time: float
    """Unix time of the energy whose clock was furthest."""

    def is_out_of_order(self, now: float) -> bool:
        """Return whether a clock that was set makes others look later."""
        return self.newest_time > min(self.time, now)


def _last_energy(
    hass: HomeAssistant, entity_id: str, oldest: datetime
) -> _LastRow | None:
    """Return the last energy.

    The last is the largest of those that were written last, as energy never falls. By
    its time it need not be the newest: while a clock was set ahead, states lay in the
    future; while one was set back, they seemed to be earlier.
    """
    with reading_session(hass) as session:
        # In two steps: MySQL takes no limit in a subquery.
        newest = session.scalars(
            select(States.state_id)
            .join(StatesMeta, States.metadata_id == StatesMeta.metadata_id)
            .where(
                StatesMeta.entity_id == entity_id,
                States.last_updated_ts >= oldest.timestamp(),
            )
            .order_by(States.state_id.desc())
            .limit(_MOST_STATES)
        ).all()
        rows = session.execute(
            select(
                States.state,
                States.state_id,
                States.last_updated_ts,
                StateAttributes.shared_attrs,
            )
            .outerjoin(
                StateAttributes, States.attributes_id == StateAttributes.attributes_id
            )
            .where(States.state_id.in_(newest))
        ).all()
    energies = [
        (energy, number, time)
        for state, number, time, attributes in rows
        if (
            energy := _number(
                state, _attributes(attributes), EnergyConverter, _KWH, ENERGY
            )
        )
        is not None
    ]
    if not energies:
        return None
    energy, number, time = max(energies)
    return _LastRow(
        energy=energy,
        time=time,
        number=number,
        newest_time=max(time for _, _, time in energies),
    )


def _read_in_order(
    hass: HomeAssistant, last: _LastRow, power_id: str | None, now: float
) -> LastEnergy:
    """Return what was recorded since an energy, in the order in which it was written.

    Where nobody knows what the clock showed, time passed as far as it shows in steps
    that are no longer than there is always one.
    """
    columns = (
        States.state_id,
        States.last_updated_ts,
        StatesMeta.entity_id,
        States.state,
        StateAttributes.shared_attrs,
    )
    with reading_session(hass) as session:
        statement = (
            select(*columns)
            .join(StatesMeta, States.metadata_id == StatesMeta.metadata_id)
            .outerjoin(
                StateAttributes, States.attributes_id == StateAttributes.attributes_id
            )
            .limit(_MOST_ROWS)
        )
        rows = session.execute(
            statement.where(States.state_id >= last.number).order_by(States.state_id)
        ).all()
        before = session.execute(
            statement.where(
                StatesMeta.entity_id == power_id, States.state_id < last.number
            )
            .order_by(States.state_id.desc())
            .limit(1)
        ).all()
    passed, previous = 0.0, last.time
    seen, seen_passed = last.time, 0.0
    powers: list[tuple[float, float | None]] = []
    for number, time, entity_id, state, attributes in (*before, *rows):
        if number >= last.number:
            passed += min(max(time - previous, 0.0), _LONGEST_STEP)
            previous = time
            if not powers or powers[-1][1] is not None:
                seen, seen_passed = time, passed
        if entity_id == power_id:
            powers.append(
                (
                    passed,
                    _number(state, _attributes(attributes), PowerConverter, _W, POWER),
                )
            )
    while powers and powers[-1][1] is None:
        # Then it was read no more.
        powers.pop()
    seen = min(seen, now)
    start = seen - seen_passed
    return LastEnergy(
        energy=last.energy,
        energy_time=start,
        powers=[(start + passed, power) for passed, power in powers],
        seen_time=seen,
        in_order=True,
    )


def _attributes(shared: str | None) -> Mapping[str, Any]:
    return json_loads_object(shared) if shared else {}


def _number(
    state: str | None,
    attributes: Mapping[str, Any],
    converter: type[BaseUnitConverter],
    unit: str,
    within: Bounds,
) -> float | None:
    try:
        value = converter.convert(
            float(state or ""), attributes.get(ATTR_UNIT_OF_MEASUREMENT, unit), unit
        )
    except HomeAssistantError, ValueError:
        return None
    return value if within.low <= value <= within.high else None


def _last_trace(
    hass: HomeAssistant, since: float, *conditions: ColumnElement[bool]
) -> float:
    """Return the Unix time of the last state after `since` that is so."""
    with reading_session(hass) as session:
        newest = session.execute(
            select(func.max(States.last_updated_ts))
            .join(StatesMeta, States.metadata_id == StatesMeta.metadata_id)
            .where(States.last_updated_ts > since, *conditions)
        ).scalar()
    return max(since, newest or 0.0)


def last_trace_before(hass: HomeAssistant, since: float, until: float) -> float:
    """Return the Unix time of the last that was recorded at all before `until`.

    That is `since` if nothing was recorded after that. Blocking.
    """
    return _last_trace(hass, since, States.last_updated_ts < until)


def _went_away(
    hass: HomeAssistant, entity_ids: Collection[str], since: float, until: float
) -> bool:
    """Return whether the miner was no longer read before Home Assistant ended."""
    return (
        _last_trace(
            hass,
            since,
            StatesMeta.entity_id.in_(entity_ids),
            States.last_updated_ts < until,
        )
        > since
    )
