"""All miners together: what they do altogether, and doing something to all of them."""

from datetime import datetime
import logging
from math import isfinite
from typing import TYPE_CHECKING, Final

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT
from homeassistant.core import (
    CALLBACK_TYPE,
    Event,
    EventStateChangedData,
    HassJob,
    HomeAssistant,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later, async_track_state_change_event
from homeassistant.helpers.storage import Store

from .alerts import AlertMonitor
from .analysis.prices import price_factor
from .const import (
    CONF_KIND,
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    DOMAIN,
    KIND_MINER,
    SWARM_UNIQUE_ID,
)
from .coordinator import MinerConfigEntry, MinerCoordinator
from .ledger import Ledger, StoredLedger
from .names import distinct_names
from .rolling_restart import async_restart_in_turn
from .totals import Member, SwarmTotals, compute_totals

if TYPE_CHECKING:
    from .discord.hub import DiscordHub

_LOGGER = logging.getLogger(__package__)

_VERSION: Final = 1
_SAVE_DELAY: Final = 15 * 60
# Forty miners answer four times a second; nobody needs their sum that often.
_UPDATE_DELAY: Final = 1.0

type SwarmConfigEntry = ConfigEntry[Swarm]


@callback
def miner_entries(hass: HomeAssistant) -> list[MinerConfigEntry]:
    """Return the entries of all miners that are not disabled, set up or not."""
    return [
        entry
        for entry in hass.config_entries.async_entries(
            DOMAIN, include_ignore=False, include_disabled=False
        )
        if entry.data.get(CONF_KIND) == KIND_MINER
    ]


@callback
def loaded_miners(hass: HomeAssistant) -> list[MinerCoordinator]:
    """Return all miners that are set up."""
    return [
        entry.runtime_data
        for entry in miner_entries(hass)
        if entry.state is ConfigEntryState.LOADED
    ]


class Swarm:
    """Every miner of this Home Assistant."""

    def __init__(self, hass: HomeAssistant, entry: SwarmConfigEntry) -> None:
        """Prepare; `async_start` recalls the past and begins to listen."""
        self.hass = hass
        self.config_entry = entry
        self.device_info = DeviceInfo(
            identifiers={(DOMAIN, SWARM_UNIQUE_ID)},
            name=entry.title,
            manufacturer="Bitaxe",
            model="Swarm",
            entry_type=DeviceEntryType.SERVICE,
        )
        self.alerts = AlertMonitor(hass, entry, lambda: self.entries)
        """Tells what must not go unnoticed."""
        self._store = Store[StoredLedger](hass, _VERSION, f"{DOMAIN}.{entry.entry_id}")
        self._ledger = Ledger()
        self._listeners: set[CALLBACK_TYPE] = set()
        self._followed: dict[MinerCoordinator, CALLBACK_TYPE] = {}
        self._cancel_update: CALLBACK_TYPE | None = None
        self._save_pending = False
        self._restarting = False
        self.totals: SwarmTotals
        """What all miners do altogether, at most a second old."""
        self.discord: DiscordHub
        """The channels that are told, and the bots that answer."""
        self.generation: object = None
        """Differs when it is no longer the same miners that do the same: whoever
        reports means starts a new one then."""

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
        fixed: float | None = options.get(CONF_PRICE)
        return fixed

    async def async_start(self) -> None:
        """Recall the past, and follow the miners until the entry is unloaded."""
        self._ledger = Ledger.from_dict(await self._store.async_load())
        entry = self.config_entry
        entry.async_on_unload(self._async_stop)
        entry.async_on_unload(
            async_dispatcher_connect(
                self.hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
            )
        )
        if (price_entity := entry.options.get(CONF_PRICE_ENTITY)) is not None:
            entry.async_on_unload(
                async_track_state_change_event(
                    self.hass, price_entity, self._price_changed
                )
            )
        self._follow_miners()
        self._update()

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when there are new totals."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def best_difficulty(self, entry: MinerConfigEntry) -> float | None:
        """Return the best share ever seen of a miner, also of one that is offline."""
        return self._ledger.best_difficulty(entry.entry_id)

    @callback
    def async_restart_all(self) -> None:
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
            self.hass, self._restart(miners), "restart all miners in turn"
        )

    async def _restart(self, miners: list[MinerCoordinator]) -> None:
        try:
            for name, err in (await async_restart_in_turn(miners)).items():
                _LOGGER.warning("%s could not be restarted: %s", name, err)
        finally:
            self._restarting = False

    async def _async_stop(self) -> None:
        if self._cancel_update is not None:
            self._cancel_update()
        for stop_following in self._followed.values():
            stop_following()
        self._followed.clear()
        await self._store.async_save(self._ledger.as_dict())

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Notice miners that are added, set up, renamed, unloaded or removed."""
        if entry.domain == DOMAIN and entry.data.get(CONF_KIND) == KIND_MINER:
            self._follow_miners()
            self._schedule_update()

    @callback
    def _price_changed(self, event: Event[EventStateChangedData]) -> None:
        self._schedule_update()

    @callback
    def _follow_miners(self) -> None:
        miners = self.miners
        for miner in self._followed.keys() - set(miners):
            self._followed.pop(miner)()
        for miner in miners:
            if miner not in self._followed:
                self._followed[miner] = miner.async_add_listener(self._schedule_update)

    @callback
    def _schedule_update(self) -> None:
        if self._cancel_update is None:
            self._cancel_update = async_call_later(
                self.hass,
                _UPDATE_DELAY,
                HassJob(self._update_later, cancel_on_shutdown=True),
            )

    @callback
    def _update_later(self, now: datetime) -> None:
        self._cancel_update = None
        self._update()
        for listener in list(self._listeners):
            listener()

    def _update(self) -> None:
        entries = self.entries
        names = distinct_names(self.hass, entries)
        members = []
        regimes = []
        for entry in entries:
            snapshot = None
            if entry.state is ConfigEntryState.LOADED:
                miner = entry.runtime_data
                figures = miner.data.figures
                self._ledger.book(
                    entry.entry_id, figures.energy, figures.best_difficulty
                )
                if miner.last_update_success:
                    snapshot = miner.snapshot
                    regimes.append((entry.entry_id, miner.generation))
            members.append(
                Member(
                    name=names[entry.entry_id],
                    snapshot=snapshot,
                    best_difficulty=self._ledger.best_difficulty(entry.entry_id),
                )
            )
        self._forget_removed_miners()
        self.totals = compute_totals(
            members, energy=self._ledger.energy, price=self.price
        )
        self.generation = regimes
        self._schedule_save()

    def _forget_removed_miners(self) -> None:
        self._ledger.forget_all_but(
            {entry.entry_id for entry in self.hass.config_entries.async_entries(DOMAIN)}
        )

    def _schedule_save(self) -> None:
        """Have the ledger written within 15 minutes, and when Home Assistant stops."""
        if self._save_pending:
            return
        self._save_pending = True

        def written() -> StoredLedger:
            self._save_pending = False
            return self._ledger.as_dict()

        self._store.async_delay_save(written, _SAVE_DELAY)


def _price_of(hass: HomeAssistant, entity_id: str) -> float | None:
    """Return the price per kWh an entity shows, whatever unit it is in."""
    if (state := hass.states.get(entity_id)) is None:
        return None
    try:
        price = float(state.state)
    except ValueError:
        return None
    if not isfinite(price):
        return None
    return price * price_factor(state.attributes.get(ATTR_UNIT_OF_MEASUREMENT))
