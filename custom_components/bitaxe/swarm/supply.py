"""Power supplies of miners: what a plug measures of them, in Home Assistant."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from time import monotonic
from typing import Any, Final, Self, override

from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.const import (
    ATTR_UNIT_OF_MEASUREMENT,
    STATE_UNAVAILABLE,
    STATE_UNKNOWN,
    UnitOfPower,
)
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.util import dt as dt_util
from homeassistant.util.unit_conversion import PowerConverter

from ..alerts.early_warning import SharedPlug
from ..const import DOMAIN
from ..coordinator import MinerConfigEntry
from ..following import miner_entries
from ..issues import async_create
from ..storage import StoredFile
from ..storage.stored_object import ENERGY, TIME, StoredObject
from .miners_part import MinersPart, StoredParts
from .supply_meter import MOST_POWER, SupplyMeter

SUBENTRY_TYPE: Final = "supply"
CONF_SENSOR: Final = "power_sensor"
CONF_MINERS: Final = "miners"
CONF_RATED: Final = "rated_power"
CONF_COUNTS: Final = "counts"
BELOW_MINERS: Final = "supply_below_miners"
# W that a plug may show below zero without meaning that somebody feeds in.
_NEGATIVE: Final = -5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyOptions:
    """What was chosen for one power supply."""

    sensor: str
    """Entity id of the power at the wall."""
    miners: frozenset[str]
    """Unique ids of the entries of its miners."""
    rated: float | None = None
    """W that it is made for."""
    counts: bool = True
    """Whether energy and cost of the swarm follow the wall."""

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """Return what the data of a subentry say."""
        return cls(
            sensor=data[CONF_SENSOR],
            miners=frozenset(data[CONF_MINERS]),
            rated=data.get(CONF_RATED),
            counts=data.get(CONF_COUNTS, True),
        )


class Supply(MinersPart):
    """One power supply, which feeds one or several miners."""

    kind = SUBENTRY_TYPE

    def __init__(
        self,
        hass: HomeAssistant,
        subentry: ConfigSubentry,
        save: Callable[[bool], None],
    ) -> None:
        """Prepare; `save` has all supplies written, soon if it is called with true."""
        super().__init__(hass, subentry, save)
        self.options = SupplyOptions.from_data(subentry.data)
        self.wall: float | None = None
        """W that the plug shows; unknown is never 0."""
        self.problem: str | None = None
        """Why something is not known: a translation key."""
        self.since = 0.0
        """Unix time since when it feeds those that it feeds now; 0 is always."""
        self._fed: frozenset[str] | None = None
        """Unique ids of the entries of these, as of the last look."""
        self._meter = SupplyMeter()
        self._least = 0.0
        self._stop_listening: CALLBACK_TYPE | None = None

    # From start to stop

    @override
    def restore(self, stored: StoredObject) -> None:
        """Recall what `as_dict` returned."""
        self._meter.energy = stored.number("energy", ENERGY) or 0.0
        self.since = stored.number("since", TIME) or 0.0
        if fed := stored.child("fed"):
            self._fed = frozenset(identifier for identifier, _ in fed.children())
        stored.finish()

    @override
    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        stored: dict[str, Any] = {"energy": self.energy}
        if self.since:
            stored["since"] = self.since
        if self._fed:
            stored["fed"] = {identifier: {} for identifier in sorted(self._fed)}
        return stored

    @override
    def _hold_energy(self, energy: float) -> None:
        self._least = energy
        self._meter.energy = max(self._meter.energy, energy)

    @callback
    @override
    def async_start(self) -> None:
        """Follow the plug."""
        self._look_at_miners()
        # One of before, or of another plug, is over.
        self._update_issue()
        self._stop_listening = async_track_state_change_event(
            self.hass, self.options.sensor, self._plug_changed
        )

    @callback
    @override
    def async_stop(self) -> None:
        """Follow it no more."""
        if self._stop_listening is not None:
            self._stop_listening()
            self._stop_listening = None

    @callback
    @override
    def async_configure(self, subentry: ConfigSubentry) -> None:
        """Go by what the subentry says now."""
        self.name = subentry.title
        self.options = SupplyOptions.from_data(subentry.data)
        self._meter = SupplyMeter(energy=self._meter.energy)
        self.async_stop()
        self.async_start()
        self.async_look()

    @callback
    @override
    def async_removed(self) -> None:
        """End what was begun."""
        self.async_stop()
        self._save(True)

    # What others see

    @property
    @override
    def miners(self) -> frozenset[str]:
        """Unique ids of the entries of its miners."""
        return self.options.miners

    @property
    def miners_power(self) -> float | None:
        """W of all its miners; unknown if one of them does not say."""
        return self._sum(lambda entry: entry.runtime_data.snapshot.electrical.power)

    @property
    def energy(self) -> float:
        """Energy taken from the wall in kWh, which never falls."""
        return max(self._meter.energy, self._least)

    @property
    def believed(self) -> float | None:
        """W at the wall; `None` if the plug cannot be that of these miners."""
        return None if self._meter.below else self.wall

    @property
    def loss(self) -> float | None:
        """W lost in it."""
        return None if self.problem is not None else self._meter.loss

    @property
    def loss_share(self) -> float | None:
        """% of what it takes that is lost."""
        return None if self.problem is not None else self._meter.loss_share

    @property
    def efficiency(self) -> float | None:
        """J/TH at the wall."""
        hashrate = self._sum(lambda entry: entry.runtime_data.snapshot.hashing.hashrate)
        if self.believed is None or not hashrate:
            return None
        return self.believed / hashrate * 1000

    @property
    def load(self) -> float | None:
        """% of what it is made for."""
        if self.believed is None or not self.options.rated:
            return None
        return 100 * self.believed / self.options.rated

    def _sum(self, figure: Callable[[MinerConfigEntry], float | None]) -> float | None:
        total = 0.0
        # One that is disabled goes on drawing from the same plug.
        entries = [
            entry
            for entry in miner_entries(self.hass, disabled=True)
            if entry.unique_id in self.miners
        ]
        for entry in entries:
            if (
                entry.state is not ConfigEntryState.LOADED
                or not entry.runtime_data.last_update_success
                or (value := figure(entry)) is None
            ):
                return None
            total += value
        return total if entries else None

    # What is measured

    @callback
    def _plug_changed(self, event: Event[EventStateChangedData]) -> None:
        self.async_look()

    @callback
    def async_look(self) -> None:
        """Take in what plug and miners show, and call all listeners."""
        self._look_at_miners()
        self.wall, problem = self._read()
        below = self._meter.below
        self._meter.take(self.wall, self.miners_power, monotonic())
        if self._meter.below is not below:
            self._update_issue()
        if problem is None and self._meter.below:
            problem = "below_miners"
        self.problem = problem
        self._save(False)
        self._notify()

    def _look_at_miners(self) -> None:
        """Notice that it feeds others than before: its history is of those."""
        fed = frozenset(
            identifier
            for entry in self.entries
            if (identifier := entry.unique_id) is not None
        )
        if fed == self._fed:
            return
        if self._fed is not None:
            self.since = dt_util.utcnow().timestamp()
        self._fed = fed
        self._save(True)

    def _update_issue(self) -> None:
        if not self._meter.below:
            name = f"{BELOW_MINERS}_{self.key}"
            ir.async_delete_issue(self.hass, DOMAIN, name)
            return
        placeholders = {"name": self.name, "sensor": self.options.sensor}
        async_create(self.hass, BELOW_MINERS, self.key, placeholders=placeholders)

    def _read(self) -> tuple[float | None, str | None]:
        """Return the W that the plug shows, and why they are unknown."""
        state = self.hass.states.get(self.options.sensor)
        if state is None or state.state in (STATE_UNKNOWN, STATE_UNAVAILABLE):
            return None, "sensor_lost"
        unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        try:
            power = PowerConverter.convert(float(state.state), unit, UnitOfPower.WATT)
        except ValueError:
            return None, "sensor_absurd"
        except HomeAssistantError:
            return None, "wrong_unit"
        if not isfinite(power) or not _NEGATIVE <= power <= MOST_POWER:
            return None, "sensor_absurd"
        return max(power, 0.0), None


class Supplies(StoredParts[Supply]):
    """All power supplies with a plug that measures."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare; `async_load` begins."""
        super().__init__(hass, entry, StoredFile.SUPPLIES, Supply, SUBENTRY_TYPE)

    @property
    def counting(self) -> list[Supply]:
        """Those that energy and cost of the swarm follow."""
        return [supply for supply in self.all if supply.options.counts]

    def of(self, entry: MinerConfigEntry) -> Supply | None:
        """Return the supply of a miner."""
        return next(
            (supply for supply in self.all if entry.unique_id in supply.options.miners),
            None,
        )

    def has(self, entry: MinerConfigEntry) -> bool:
        """Return whether a miner has a supply whose load could be known."""
        supply = self.of(entry)
        return supply is not None and bool(supply.options.rated)

    def load_of(self, entry: MinerConfigEntry) -> float | None:
        """Return the % of what the supply of a miner is made for."""
        supply = self.of(entry)
        return None if supply is None else supply.load

    def plug_of(self, entry: MinerConfigEntry) -> SharedPlug | None:
        """Return the plug of the supply that a miner is judged for.

        A supply that loses more is one alert, not one for each miner, so it is judged
        for the first that is set up.
        """
        supply = self.of(entry)
        if supply is None or supply.problem:
            return None
        entries = supply.entries
        first = next(
            (fed for fed in entries if fed.state is ConfigEntryState.LOADED), None
        )
        if first is not entry:
            return None
        others = [fed for fed in entries if fed is not entry]
        return SharedPlug(
            sensor=supply.options.sensor, others=others, since=supply.since
        )
