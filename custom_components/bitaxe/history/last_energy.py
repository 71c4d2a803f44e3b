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
from homeassistant.helpers.recorder import DATA_INSTANCE, get_instance, session_scope
from homeassistant.util import dt as dt_util
from homeassistant.util.json import json_loads_object
from homeassistant.util.unit_conversion import (
    BaseUnitConverter,
    EnergyConverter,
    PowerConverter,
)
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.exc import SQLAlchemyError

from ..axeos.bounds import POWER, Bounds
from ..const import DOMAIN
from ..storage.stored_object import ENERGY

_OLDEST: Final = timedelta(days=30)
# Of the newest states most may be "unavailable": one for each restart in a row.
_MOST_STATES: Final = 50
# s; a file that could not be written for longer means a disk that needs care.
_LONGEST_UNSAVED: Final = 86_400.0
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

    @property
    def power(self) -> float:
        """W at the end, 0 if unknown."""
        return (self.powers[-1][1] if self.powers else None) or 0.0

    def is_news(self, time: float | None) -> bool:
        """Whether more was recorded than a file of that Unix time can know."""
        return time is None or self.seen_time > time

    def after(
        self, energy: float, time: float | None, passed: float | None = None
    ) -> float:
        """Return kWh at `seen_time`, if `energy` was what was known at `time`.

        That is never less than what was known or shown. `passed` is how many s ago that
        was by a clock that nobody sets, where there is one.
        """
        if not self.is_news(time):
            return energy
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
        if self.energy is None or self.energy_time is None:
            return energy
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
        return await get_instance(hass).async_add_executor_job(
            _read, hass, energy_id, power_id, others, since
        )
    except HomeAssistantError, SQLAlchemyError, OSError:
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
    energy, energy_time = _last_energy(hass, energy_id, oldest, now)
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
        seen = _last_trace(
            hass,
            seen,
            States.last_updated_ts < min(started, now.timestamp()),
        )
    return LastEnergy(
        energy=energy,
        energy_time=energy_time,
        powers=[(time, power) for time, power in powers if time <= seen],
        seen_time=seen,
    )


def _last_energy(
    hass: HomeAssistant, entity_id: str, oldest: datetime, now: datetime
) -> tuple[float | None, float | None]:
    """Return the last energy in kWh and its Unix time.

    The last is the one that was written last. By its time it need not be the newest:
    while a clock was set ahead, states lay in the future, and outdated for as long all
    that came after; while one was set back, they seemed to be earlier. Where that was
    so, the time is `now`: nobody knows since when the energy is that.
    """
    with session_scope(hass=hass, read_only=True) as session:
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
            select(States.state, States.last_updated_ts, StateAttributes.shared_attrs)
            .outerjoin(
                StateAttributes, States.attributes_id == StateAttributes.attributes_id
            )
            .where(States.state_id.in_(newest))
        ).all()
    energies = [
        (energy, time)
        for state, time, attributes in rows
        if (
            energy := _number(
                state, _attributes(attributes), EnergyConverter, _KWH, ENERGY
            )
        )
        is not None
    ]
    if not energies:
        return None, None
    energy, time = max(energies)
    until = now.timestamp()
    past = [time for _, time in energies if time <= until]
    return energy, time if past and time == max(past) else until


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
    with session_scope(hass=hass, read_only=True) as session:
        newest = session.execute(
            select(func.max(States.last_updated_ts))
            .join(StatesMeta, States.metadata_id == StatesMeta.metadata_id)
            .where(States.last_updated_ts > since, *conditions)
        ).scalar()
    return max(since, newest or 0.0)


def _went_away(
    hass: HomeAssistant, entity_ids: Collection[str], since: float, until: float
) -> bool:
    """Whether the miner was no longer read before Home Assistant ended."""
    return (
        _last_trace(
            hass,
            since,
            StatesMeta.entity_id.in_(entity_ids),
            States.last_updated_ts < until,
        )
        > since
    )
