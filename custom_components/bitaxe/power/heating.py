"""Rooms that miners heat: what is wanted, and whether it may be acted on.

How many W a room needs lies in `room`, which miners take how many of them in
`controller`. Here is what Home Assistant knows of the room: its temperature, its
windows, and what a person wants.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from math import isfinite, nan
from time import monotonic
from typing import Any, Final, override

from homeassistant.components.climate.const import PRESET_NONE
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_ON,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfTemperature,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    State,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers.event import async_call_later, async_track_state_change_event
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import TemperatureConverter

from ..axeos import MiningState
from ..axeos.bounds import Bounds as Range
from ..containment import Containment
from ..coordinator import MinerCoordinator
from ..miner.write_log import ByHand
from ..storage import StoredFile
from ..storage.stored_object import StoredObject
from ..swarm.coordinator import Swarm
from ..swarm.energy import SwarmEnergy
from ..swarm.miners_part import MinersPart, StoredParts
from ..tuning.session import tuner_of
from .controller import MinerNow
from .heating_options import HeatingOptions, WhenIdle, WhenLost
from .measured import clock_of, highest_clock
from .points import Bounds, PowerPoint
from .room import PATIENCE, Demand, RoomController, RoomNow, RoomSensor
from .session import MinerPower
from .swarm import async_get_power

SUBENTRY_TYPE: Final = "heating"
COLDEST_TARGET: Final = 5.0
WARMEST_TARGET: Final = 30.0
_FIRST_TARGET: Final = 20.0
_TARGET: Final = Range(COLDEST_TARGET, WARMEST_TARGET)
_SHARE: Final = Range(0, 1)
# s for which a window must be open, or closed, before that counts.
_WINDOW_SECONDS: Final = 60.0
_SILENT: Final = (STATE_UNKNOWN, STATE_UNAVAILABLE)
# Share by which what is asked for exceeds what is to be kept.
_HELD: Final = 1.05


class Heating(MinersPart):
    """One room that miners heat."""

    kind = SUBENTRY_TYPE

    def __init__(
        self,
        hass: HomeAssistant,
        subentry: ConfigSubentry,
        save: Callable[[bool], None],
    ) -> None:
        """Prepare; `save` has all rooms written, soon if it is called with true."""
        super().__init__(hass, subentry, save)
        self.options = HeatingOptions.from_data(subentry.data)
        self.heats: bool | None = None
        """Whether the room is to be heated; `None` until somebody says so."""
        self.target = _FIRST_TARGET
        """°C."""
        self.preset: str = PRESET_NONE
        """Name of the profile that is not exceeded now."""
        self.temperature: float | None = None
        """°C that are acted on."""
        self.problem: str | None = None
        """Why the room is not heated by its temperature now: a translation key."""
        self._energy = SwarmEnergy()
        self._integral: float | None = None
        self._resting = False
        self._controller = self._make_controller()
        self._sensor = RoomSensor(self.options.longest_silence)
        self._reported: tuple[datetime, float] | None = None
        """When the sensor reported last, by the clock on the wall and by that which
        nobody sets."""
        self._window_open = False
        self._window_since: float | None = None
        self._windows_awaited_since: float | None = None
        self._windows_were_known = False
        self._demand = Demand(0.0, may_pause=False)
        self._lowest = 0.0
        self._removed = False
        self._stop_listening: CALLBACK_TYPE | None = None
        self._cancel_look: CALLBACK_TYPE | None = None

    def _make_controller(self) -> RoomController:
        options = self.options
        return RoomController(
            hysteresis=options.hysteresis,
            pauses=options.when_idle is WhenIdle.PAUSE,
            minimum_run=options.minimum_run,
            minimum_rest=options.minimum_rest,
            integral=self._integral,
            resting=self._resting,
        )

    # From start to stop

    @override
    def restore(self, stored: StoredObject) -> None:
        """Recall what `as_dict` returned, as far as it can be read."""
        self.heats = stored.flag("heats")
        self.target = stored.number("target", _TARGET) or _FIRST_TARGET
        self.preset = stored.text("preset") or PRESET_NONE
        self._integral = stored.number("integral", _SHARE)
        self._resting = stored.flag("resting") is True
        self._energy = SwarmEnergy.from_dict(stored.child("energy"))
        self._controller = self._make_controller()
        stored.finish()

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {
            "heats": self.heats,
            "target": self.target,
            "preset": self.preset,
            "integral": self._controller.integral,
            "resting": self._controller.is_resting,
            "energy": self._energy.as_dict(),
        }

    @callback
    @override
    def async_start(self) -> None:
        """Follow the room, and have its miners heat it."""
        self._listen()
        async_get_power(self.hass).async_add_heater(self)
        self.async_look()

    @callback
    @override
    def async_stop(self) -> None:
        """Leave the miners as they are: it comes back."""
        self._unlisten()
        async_get_power(self.hass).async_remove_heater(self)

    @override
    def _hold_energy(self, energy: float) -> None:
        self._energy.hold(energy)

    @callback
    @override
    def async_configure(self, subentry: ConfigSubentry) -> None:
        """Go by what the subentry says now."""
        self.name = subentry.title
        self.options = HeatingOptions.from_data(subentry.data)
        self._integral = self._controller.integral
        self._resting = self._controller.is_resting
        self._controller = self._make_controller()
        self._sensor = RoomSensor(self.options.longest_silence)
        self._reported = None
        self._unlisten()
        self._listen()
        self._changed(rejoin=False)

    @callback
    @override
    def async_removed(self) -> None:
        """Give the miners back to what was chosen for them."""
        self._removed = True
        self._unlisten()
        manager = async_get_power(self.hass)

        async def give_back() -> None:
            await manager.async_heater_changed(self, rejoin=False)
            manager.async_remove_heater(self)

        self.hass.async_create_task(give_back(), "bitaxe heating removed")
        self._save(True)

    def _listen(self) -> None:
        self._stop_listening = async_track_state_change_event(
            self.hass, [self.options.sensor, *self.options.windows], self._state_changed
        )

    def _unlisten(self) -> None:
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None
        if self._cancel_look is not None:
            self._cancel_look()
            self._cancel_look = None

    # What others see

    @property
    @override
    def miners(self) -> frozenset[str]:
        """Unique ids of the entries of its miners."""
        return self.options.miners

    @property
    def presets(self) -> list[str]:
        """The profiles that one of its miners has."""
        found: dict[str, None] = {PRESET_NONE: None}
        for entry in self.entries:
            if (tuner := tuner_of(self.hass, entry.entry_id)) is not None:
                found |= dict.fromkeys(tuner.offered)
        return list(found)

    @property
    def power(self) -> float | None:
        """W that its miners give to the room; unknown if none of them says."""
        known = [
            power
            for entry in self.entries
            if entry.state is ConfigEntryState.LOADED
            and entry.runtime_data.last_update_success
            and (power := entry.runtime_data.snapshot.electrical.power) is not None
        ]
        return sum(known) if known else None

    @property
    def energy(self) -> float:
        """Energy that they gave to it in kWh, which never falls."""
        return self._energy.energy

    @property
    def wanted(self) -> float | None:
        """W that the room needs; unknown while no miner could give them."""
        if not self.heats or self.problem is not None or not self.entries:
            return None
        return self._controller.wanted

    @property
    def window_open(self) -> bool:
        """Whether a window has been open for long enough to count."""
        return self._window_open

    @property
    def is_hashing(self) -> bool:
        """Whether any of its miners gives heat by hashing."""
        return any(
            entry.state is ConfigEntryState.LOADED
            and entry.runtime_data.last_update_success
            and entry.runtime_data.snapshot.state is MiningState.MINING
            for entry in self.entries
        )

    @property
    def is_heating(self) -> bool:
        """Whether its miners heat because the room needs it."""
        if not self.heats or self.problem is not None or not self.is_hashing:
            return False
        if self.options.when_idle is WhenIdle.PAUSE:
            return True
        return self._controller.wanted > self._lowest + 1

    @property
    def left_by(self) -> list[str]:
        """Names of the miners that somebody changed by hand, which do not heat now."""
        return [power.miner.display_name for power in self._left]

    @property
    def _left(self) -> list[MinerPower]:
        return [
            power
            for power in async_get_power(self.hass).miners.values()
            if power.heater is self and power.left_heating
        ]

    @property
    def reason(self) -> str | None:
        """Why the room gets the heat that it gets: a translation key."""
        if self.heats is None:
            return "not_begun"
        if not self.heats:
            return "switched_off"
        if self.problem is not None:
            return self.problem
        left = self._left
        if self.entries and len(left) == len(self.entries):
            reasons = {power.ended for power in left}
            return reasons.pop() if len(reasons) == 1 else ByHand.CHANGED
        outcome = async_get_power(self.hass).outcomes.get(self.key)
        return None if outcome is None else outcome.reason

    # What people ask for

    @callback
    # Each returns whether that is another choice: automations repeat theirs, which must
    # neither hurry the controller nor be stored each time.

    @callback
    def async_set_heating(self, heats: bool) -> bool:
        """Heat the room, or do not; miners that left take part again."""
        if heats is self.heats:
            if self._left:
                self._changed(rejoin=True)
            return False
        self.heats = heats
        self._controller.forget()
        self._changed(rejoin=True)
        return True

    @callback
    def async_set_target(self, target: float) -> bool:
        """Choose the °C to keep."""
        before, self.target = (
            self.target,
            min(max(target, COLDEST_TARGET), WARMEST_TARGET),
        )
        if self.target == before:
            return False
        self._controller.hurry()
        self._changed(rejoin=False)
        return True

    @callback
    def async_set_preset(self, preset: str) -> bool:
        """Choose the profile that is not exceeded."""
        before, self.preset = self.preset, preset
        if preset == before:
            return False
        self._controller.hurry()
        self._changed(rejoin=False)
        return True

    @callback
    def _changed(self, *, rejoin: bool) -> None:
        self._save(True)
        manager = async_get_power(self.hass)
        self.hass.async_create_task(
            manager.async_heater_changed(self, rejoin=rejoin), "bitaxe heating"
        )
        self.async_look()

    # What the miners ask

    @property
    def may_pause(self) -> bool:
        """Whether they may be paused now."""
        return self._demand.may_pause

    @property
    def minimum_run(self) -> float:
        """Seconds that a miner hashes at least; 0 where the room is not heated."""
        if not self.heats or self.problem is not None:
            return 0.0
        return self.options.minimum_run

    @property
    def minimum_rest(self) -> float:
        """Seconds that a paused miner rests at least."""
        return self.options.minimum_rest

    def takes(self, miner: MinerCoordinator) -> bool:
        """Return whether it heats by a miner, once somebody has switched it."""
        return (
            not self._removed
            and self.heats is not None
            and miner.config_entry.unique_id in self.options.miners
        )

    def choose_from(
        self, miner: MinerCoordinator, points: tuple[PowerPoint, ...]
    ) -> tuple[PowerPoint, ...]:
        """Return the points within its profiles; at least one of those given."""
        options = self.options
        highest = highest_clock(miner, options.highest), clock_of(miner, self.preset)
        bounds = Bounds(
            low=clock_of(miner, options.lowest),
            high=min((mhz for mhz in highest if mhz is not None), default=None),
        )
        found = tuple(item for item in points if bounds.allow(item.point))
        return found or points[:1]

    def target_now(self, miners: Sequence[MinerNow]) -> float:
        """Return the W that its miners are to draw together, at most."""
        self._look()
        known = [miner for miner in miners if miner.points]
        self._lowest = sum(miner.points[0].power for miner in known)
        self._demand = self._decide(
            lowest=self._lowest,
            highest=sum(miner.points[-1].power for miner in known),
            drawn=sum(miner.power for miner in known),
            paused=any(miner.paused for miner in known),
        )
        self._save(False)
        return self._demand.power

    def _decide(
        self, *, lowest: float, highest: float, drawn: float, paused: bool
    ) -> Demand:
        # Those that are paused have to hash again for it.
        low = Demand(lowest * _HELD if paused else 0.0, may_pause=False)
        idle = (
            Demand(0.0, may_pause=True)
            if self.options.when_idle is WhenIdle.PAUSE
            else low
        )
        if self.heats and self.problem is None:
            assert self.temperature is not None
            return self._controller.update(
                RoomNow(
                    temperature=self.temperature,
                    target=self.target,
                    lowest=lowest,
                    highest=highest,
                    drawn=drawn,
                ),
                monotonic(),
            )
        self._controller.forget()
        if not self.heats or self.problem == "window_open":
            return idle
        if self.problem == "sensor_awaited":
            return Demand(drawn * _HELD, may_pause=False)
        if self.options.when_lost is WhenLost.LOWEST:
            return low
        return idle

    # What is known of the room

    @callback
    def _state_changed(self, event: Event[EventStateChangedData]) -> None:
        self.async_look()

    @callback
    def async_look(self) -> None:
        """Take in the state of the room, and call all listeners."""
        self._look()
        self._notify()

    @callback
    def _look_again(self, _: object) -> None:
        self._cancel_look = None
        self.async_look()
        async_get_power(self.hass).async_target_changed()

    def _look(self) -> None:
        now = monotonic()
        self._look_at_windows(now)
        before = self.problem
        self.temperature = self._sensor.read(*self._read_sensor(now), now)
        if self._window_open:
            self.problem = "window_open"
        elif self._await_windows(now):
            self.problem = "sensor_awaited"
        elif self.temperature is not None:
            self.problem = None
        elif self._sensor.waits(now):
            self.problem = "sensor_awaited"
        else:
            self.problem = self._sensor.problem
        if self.problem != before and self.heats:
            self._report(before)

    def _report(self, before: str | None) -> None:
        """Have it noted with each miner, beside all else that happens to it."""
        if "sensor_awaited" in (self.problem, before):
            return
        manager = async_get_power(self.hass)
        for power in manager.miners_of(self):
            if self.problem is None:
                power.report("heating_resumed", before, room=self.name)
            else:
                power.report("heating_held", self.problem, room=self.name)

    def _await_windows(self, now: float) -> bool:
        """Return whether a silent window may still report after a start."""
        if self._windows_were_known:
            return False
        if self._windows_awaited_since is None:
            self._windows_awaited_since = now
        states = (self.hass.states.get(entity_id) for entity_id in self.options.windows)
        self._windows_were_known = (
            not any(state is not None and state.state in _SILENT for state in states)
            or now - self._windows_awaited_since >= PATIENCE
        )
        return not self._windows_were_known

    def _look_at_windows(self, now: float) -> None:
        """Believe windows that have been open, or closed, for a minute.

        A window that is open at the first look, as after a start, counts at once.
        """
        states = (self.hass.states.get(entity_id) for entity_id in self.options.windows)
        is_open = any(state is not None and state.state == STATE_ON for state in states)
        if is_open and not self._windows_were_known:
            self._window_open = self._windows_were_known = True
        if is_open is self._window_open:
            self._window_since = None
            return
        if self._window_since is None:
            self._window_since = now
            if self._cancel_look is not None:
                self._cancel_look()
            self._cancel_look = async_call_later(
                self.hass, _WINDOW_SECONDS + 1, self._look_again
            )
        if now - self._window_since >= _WINDOW_SECONDS:
            self._window_open, self._window_since = is_open, None

    def _read_sensor(self, now: float) -> tuple[float | None, float]:
        """Return the °C that the sensor shows, and s since it reported last."""
        state = self.hass.states.get(self.options.sensor)
        if state is None or state.state in _SILENT:
            return None, 0.0
        silent_for = self._silent_for(state, now)
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT, UnitOfTemperature.CELSIUS)
        try:
            value = TemperatureConverter.convert(
                float(state.state), unit, UnitOfTemperature.CELSIUS
            )
        except ValueError, HomeAssistantError:
            return nan, silent_for
        return value if isfinite(value) else nan, silent_for

    def _silent_for(self, state: State, now: float) -> float:
        """Return s since a sensor reported last.

        By the clock on the wall only at first: it may be set while the sensor is
        silent.
        """
        if self._reported is None:
            silent = (dt_util.utcnow() - state.last_reported).total_seconds()
            self._reported = (state.last_reported, now - max(silent, 0.0))
        elif self._reported[0] != state.last_reported:
            self._reported = (state.last_reported, now)
        return now - self._reported[1]

    @callback
    def async_count(self) -> None:
        """Count what its miners used since."""
        new = False
        for entry in self.entries:
            if entry.state is ConfigEntryState.LOADED:
                energy = entry.runtime_data.data.figures.energy
                new |= self._energy.update(entry.entry_id, energy, None)
        self._energy.forget_all_but({entry.entry_id for entry in self.entries})
        self._save(new)
        self._notify()


class Heatings(StoredParts[Heating]):
    """All rooms that miners heat."""

    def __init__(self, hass: HomeAssistant, swarm: Swarm, entry: ConfigEntry) -> None:
        """Prepare; `async_load` begins."""
        super().__init__(hass, entry, StoredFile.HEATING, Heating, SUBENTRY_TYPE)
        self._swarm = swarm
        self._containment = Containment()

    @override
    async def async_load(self) -> None:
        """Recall what was, and heat until the entry is unloaded."""
        await super().async_load()
        self._entry.async_on_unload(self._swarm.async_add_listener(self._count))
        self._count()

    @callback
    def _count(self) -> None:
        for room in self.all:
            with self._containment.of(f"Heating of {room.name}"):
                room.async_count()
