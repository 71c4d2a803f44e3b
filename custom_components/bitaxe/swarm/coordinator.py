"""All miners together: their totals, and the restart of all of them."""

from collections.abc import Sequence
from functools import partial
import logging
from math import isfinite
from typing import Any, Final

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.debounce import Debouncer
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.event import async_track_state_change_event
from homeassistant.helpers.update_coordinator import DataUpdateCoordinator
from homeassistant.util import dt as dt_util

from ..alerts.monitor import AlertMonitor
from ..analysis.prices import as_price, price_factor
from ..const import (
    CONF_BITCOIN_PRICE,
    CONF_BITCOIN_PRICE_ENTITY,
    CONF_BLOCK_FEES,
    CONF_POOL_FEE,
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    DOMAIN,
    SWARM_UNIQUE_ID,
)
from ..containment import Containment
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..following import async_follow_miners, loaded_miners, miner_entries, swarm_entry
from ..history.last_energy import async_find_last_energy
from ..miner.names import distinct_names
from ..miner.write_log import Origin
from ..storage import EntryStore, StoredFile
from ..texts import async_get_texts
from .energy import BestShare, StoredSwarmEnergy, SwarmEnergy
from .money import MOST_BITCOIN_PRICE, SATS_PER_BITCOIN, Market
from .rolling_restart import async_restart_in_turn
from .supply import Supplies
from .totals import Member, SwarmTotals, compute_totals

_LOGGER = logging.getLogger(__package__)

# s. Forty miners answer four times a second; nobody needs their sum that often.
_UPDATE_DELAY: Final = 1.0


class Swarm(DataUpdateCoordinator[SwarmTotals]):
    """Every miner of this Home Assistant; its data are at most a second old."""

    config_entry: ConfigEntry

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Prepare; `async_start` loads what is stored and begins to listen."""
        super().__init__(hass, _LOGGER, config_entry=entry, name=entry.title)
        self.device_info = DeviceInfo(
            identifiers={(DOMAIN, SWARM_UNIQUE_ID)},
            name=entry.title,
            manufacturer="Bitaxe",
            model=async_get_texts(hass)("device_model.swarm"),
            entry_type=DeviceEntryType.SERVICE,
        )
        self.alerts = AlertMonitor(hass, entry)
        """Watches all miners, and raises alerts."""
        self.supplies = Supplies(hass, entry)
        """What plugs measure at the wall."""
        self.alerts.async_set_supplies(self.supplies)
        self._store = EntryStore[StoredSwarmEnergy](
            hass, entry.entry_id, StoredFile.FIGURES
        )
        self._energy = SwarmEnergy()
        self._containment = Containment()
        self._debouncer = Debouncer(
            hass,
            _LOGGER,
            cooldown=_UPDATE_DELAY,
            immediate=False,
            function=self._update,
        )
        self._restarting = False
        self.generation: object = None
        """Differs when it is no longer the same miners that do the same: a reported
        mean starts anew then."""

    @property
    def totals(self) -> SwarmTotals:
        """What all miners do altogether."""
        return self.data

    @property
    def entries(self) -> list[MinerConfigEntry]:
        """The entries of all miners, set up or not."""
        return miner_entries(self.hass)

    @property
    def miners(self) -> list[MinerCoordinator]:
        """All miners that are set up."""
        return loaded_miners(self.hass)

    @property
    def price(self) -> float | None:
        """Electricity price per kWh, from the entity if it has one, else as set."""
        options = self.config_entry.options
        if (entity_id := options.get(CONF_PRICE_ENTITY)) is not None:
            price = _price_of(self.hass, entity_id)
            if price is not None:
                return price
        return as_price(options.get(CONF_PRICE))

    @property
    def market(self) -> Market:
        """What a bitcoin is worth, and what the options say of fees."""
        options = self.config_entry.options
        price = None
        if (entity_id := options.get(CONF_BITCOIN_PRICE_ENTITY)) is not None:
            price = _number_of(self.hass, entity_id)
        if price is None or price < 0:
            price = options.get(CONF_BITCOIN_PRICE)
        return Market(
            bitcoin_price=as_price(price, MOST_BITCOIN_PRICE),
            block_fees=options.get(CONF_BLOCK_FEES, 0) * SATS_PER_BITCOIN,
            pool_fee=options.get(CONF_POOL_FEE, 0),
        )

    async def async_start(self) -> None:
        """Load what is stored, and follow the miners until the entry is unloaded."""
        self._energy = await self._store.async_load(SwarmEnergy.from_dict)
        recorded = await async_find_last_energy(self.hass, SWARM_UNIQUE_ID)
        if recorded is not None and recorded.energy is not None:
            self._energy.hold(recorded.energy)
        await self.supplies.async_load()
        entry = self.config_entry
        entry.async_on_unload(self._async_stop)
        entry.async_on_unload(self._debouncer.async_shutdown)
        entry.async_on_unload(
            async_follow_miners(self.hass, self._schedule_update, self._schedule_update)
        )
        prices = [
            entity_id
            for name in (CONF_PRICE_ENTITY, CONF_BITCOIN_PRICE_ENTITY)
            if (entity_id := entry.options.get(name)) is not None
        ]
        if prices:
            entry.async_on_unload(
                async_track_state_change_event(self.hass, prices, self._price_changed)
            )
        self._update()

    @callback
    def best_difficulty(self, entry: MinerConfigEntry) -> float | None:
        """Return the best share ever seen of a miner, also of one that is offline."""
        return self._energy.best_difficulty(entry.entry_id)

    @property
    def best_shares(self) -> tuple[BestShare, ...]:
        """The best shares of all times, best first, also of miners that are gone."""
        return self._energy.best_shares

    @callback
    def async_restart_all(self, origin: Origin) -> None:
        """Begin to restart every miner that is online, one after another.

        Raises:
            ServiceValidationError: it is already going on, or no miner is online.

        """
        if self._restarting:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="restart_in_progress"
            )
        miners = [miner for miner in self.miners if miner.last_update_success]
        if not miners:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="no_miner_online"
            )
        self._restarting = True
        self.config_entry.async_create_background_task(
            self.hass, self._restart(miners, origin), "restart all miners in turn"
        )

    async def _restart(self, miners: list[MinerCoordinator], origin: Origin) -> None:
        try:
            for name, err in (await async_restart_in_turn(miners, origin)).items():
                _LOGGER.warning("%s could not be restarted: %s", name, err)
        finally:
            self._restarting = False

    async def _async_stop(self) -> None:
        await self._store.async_save(self._energy.as_dict())

    @callback
    def _price_changed(self, event: Event[EventStateChangedData]) -> None:
        self._debouncer.async_schedule_call()

    @callback
    def _schedule_update(self, entry: MinerConfigEntry) -> None:
        self._debouncer.async_schedule_call()

    @callback
    def _update(self) -> None:
        """Add up what there is now, and show it."""
        self.async_set_updated_data(self._add_up())

    def _add_up(self) -> SwarmTotals:
        entries = self.entries
        names = distinct_names(self.hass, entries)
        members = []
        regimes = []
        has_new = self._count_at_wall()
        at_wall = {
            unique_id
            for supply in self.supplies.counting
            for unique_id in supply.options.miners
        }
        for entry in entries:
            snapshot = None
            with self._containment.of(f"{entry.title} in totals"):
                if entry.state is ConfigEntryState.LOADED:
                    miner = entry.runtime_data
                    figures = miner.data.figures
                    self._energy.note_share(
                        entry.entry_id,
                        names[entry.entry_id],
                        figures.best_difficulty,
                        dt_util.utcnow().timestamp(),
                    )
                    has_new |= self._energy.update(
                        entry.entry_id,
                        figures.energy,
                        figures.best_difficulty,
                        counts=entry.unique_id not in at_wall,
                    )
                    if miner.last_update_success:
                        snapshot = miner.snapshot
                        regimes.append((entry.entry_id, miner.generation))
            members.append(
                Member(
                    name=names[entry.entry_id],
                    snapshot=snapshot,
                    best_difficulty=self._energy.best_difficulty(entry.entry_id),
                )
            )
        self._forget_removed_miners()
        self.generation = regimes
        # Written within 15 minutes, and when Home Assistant stops. What a miner begins
        # with is written soon: nobody could say later what it has added.
        self._store.async_schedule_save(self._energy.as_dict, soon=has_new)
        return self._sum_up(members)

    def _count_at_wall(self) -> bool:
        """Count what supplies took; return whether one was seen for the first time."""
        new = False
        for supply in self.supplies.all:
            with self._containment.of(f"Power supply {supply.name}"):
                supply.async_look()
                if supply.options.counts:
                    new |= self._energy.update(supply.identifier, supply.energy, None)
        return new

    @property
    def _lost(self) -> float:
        """W that supplies lose, where energy and cost follow the wall."""
        return sum(
            max(supply.believed - supply.miners_power, 0.0)
            for supply in self.supplies.counting
            if supply.believed is not None and supply.miners_power is not None
        )

    def _sum_up(self, members: Sequence[Member]) -> SwarmTotals:
        """Return the totals; a miner that cannot be added up is only counted."""
        compute = partial(
            compute_totals,
            energy=self._energy.energy,
            price=self.price,
            market=self.market,
            lost=self._lost,
        )
        with self._containment.of("A sum of all miners"):
            return compute(members)
        known = [
            Member(name=member.name, snapshot=None, best_difficulty=None)
            for member in members
        ]
        for index, member in enumerate(members):
            with self._containment.of(f"{member.name} in totals"):
                compute([member])
                known[index] = member
        return compute(known)

    def _forget_removed_miners(self) -> None:
        self._energy.forget_all_but(
            {
                *(
                    entry.entry_id
                    for entry in self.hass.config_entries.async_entries(DOMAIN)
                ),
                *(supply.identifier for supply in self.supplies.counting),
            }
        )


@callback
def async_find_swarm(hass: HomeAssistant) -> Swarm | None:
    """Return the swarm, if it is set up."""
    entry = swarm_entry(hass)
    if entry is None or entry.state is not ConfigEntryState.LOADED:
        return None
    runtime_data: Any = entry.runtime_data
    swarm: Swarm = runtime_data.swarm
    return swarm


def _price_of(hass: HomeAssistant, entity_id: str) -> float | None:
    """Return the price per kWh an entity shows, whatever unit it is in."""
    price, state = _number_of(hass, entity_id), hass.states.get(entity_id)
    if price is None or state is None:
        return None
    unit = state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
    return as_price(price * price_factor(unit, hass.config.currency))


def _number_of(hass: HomeAssistant, entity_id: str) -> float | None:
    """Return the number that an entity shows, or `None`."""
    if (state := hass.states.get(entity_id)) is None:
        return None
    try:
        number = float(state.state)
    except ValueError:
        return None
    return number if isfinite(number) else None
