"""Tells what the owner of miners wants to hear without asking: once each, to everybody.

Conditions and rules are in `watch/`. This part shows them every miner of the swarm,
remembers what was told, and passes on what comes of it: to the bus, to the event entity
of the miner, and to whoever listens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from time import monotonic
from typing import Final, TypedDict

from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import (
    async_dispatcher_connect,
    async_dispatcher_send,
)
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.helpers.storage import Store
from homeassistant.util import dt as dt_util

from .alert_texts import describe
from .const import CONF_ALERTS, CONF_KIND, DOMAIN, EVENT_ALERT, KIND_MINER, SIGNAL_ALERT
from .coordinator import MinerConfigEntry, MinerCoordinator
from .names import device_of, miner_name
from .watch.alerts import UNITS, Alert
from .watch.conditions import Observation
from .watch.rules import rules_from
from .watch.watcher import StoredWatch, Watcher

_VERSION: Final = 1
_SAVE_DELAY: Final = 5.0
# A miner that does not answer calls nobody; somebody must look at the clock.
_LOOK_INTERVAL: Final = timedelta(seconds=10)


class StoredAlerts(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    miners: dict[str, StoredWatch]
    """By the id of the miner's config entry."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerAlert:
    """An alert, and whose it is."""

    miner_id: str
    """Id of the miner's config entry."""
    name: str
    device_id: str | None
    alert: Alert


def alert_store(hass: HomeAssistant, entry_id: str) -> Store[StoredAlerts]:
    """Return the file of the alerts of a swarm."""
    return Store[StoredAlerts](hass, _VERSION, f"{DOMAIN}.{entry_id}.alerts")


class AlertMonitor:
    """Watches every miner of the swarm."""

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
        entries: Callable[[], list[MinerConfigEntry]],
    ) -> None:
        """Prepare; `async_start` recalls what was told and begins to watch.

        `entries` returns the entries of all miners that are not disabled.
        """
        self.hass = hass
        self.config_entry = config_entry
        self.rules = rules_from(config_entry.options.get(CONF_ALERTS, {}))
        self._entries = entries
        self._store = alert_store(hass, config_entry.entry_id)
        self._watchers: dict[str, Watcher] = {}
        self._followed: dict[MinerCoordinator, CALLBACK_TYPE] = {}
        self._listeners: set[Callable[[MinerAlert], None]] = set()

    @property
    def active(self) -> Mapping[str, tuple[Alert, ...]]:
        """What is raised and not yet cleared, by the id of the miner's entry."""
        return {
            entry_id: watcher.active
            for entry_id, watcher in self._watchers.items()
            if watcher.active
        }

    @callback
    def async_add_listener(
        self, listener: Callable[[MinerAlert], None]
    ) -> CALLBACK_TYPE:
        """Call `listener` with every alert."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    async def async_start(self) -> None:
        """Recall what was told, and watch until the swarm's entry is unloaded.

        That begins once Home Assistant has started: before, the automations that should
        hear of it are not there yet.
        """
        stored = await self._store.async_load()
        if stored is not None:
            self._watchers = {
                entry_id: Watcher(self.rules, watch)
                for entry_id, watch in stored["miners"].items()
            }
        self.config_entry.async_on_unload(self._async_stop)
        self.config_entry.async_on_unload(async_at_started(self.hass, self._begin))

    @callback
    def _begin(self, hass: HomeAssistant) -> None:
        """Begin to watch."""
        entry = self.config_entry
        entry.async_on_unload(
            async_dispatcher_connect(
                hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
            )
        )
        entry.async_on_unload(
            async_track_time_interval(
                hass,
                self._look_at_silent_miners,
                _LOOK_INTERVAL,
                name="bitaxe silent miners",
                cancel_on_shutdown=True,
            )
        )
        self._follow_miners()
        for miner_entry in self._entries():
            self._look(miner_entry)

    async def _async_stop(self) -> None:
        for stop_following in self._followed.values():
            stop_following()
        self._followed.clear()
        await self._store.async_save(self._stored())

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Notice miners that are added, set up, unloaded, disabled or removed."""
        if entry.domain == DOMAIN and entry.data.get(CONF_KIND) == KIND_MINER:
            self._follow_miners()
            if entry in self._entries():
                self._look(entry)

    def _follow_miners(self) -> None:
        entries = self._entries()
        loaded = {
            entry.runtime_data: entry
            for entry in entries
            if entry.state is ConfigEntryState.LOADED
        }
        for miner in self._followed.keys() - loaded.keys():
            self._followed.pop(miner)()
        for miner, entry in loaded.items():
            if miner not in self._followed:
                self._followed[miner] = miner.async_add_listener(
                    partial(self._look, entry)
                )
        gone = self._watchers.keys() - {entry.entry_id for entry in entries}
        for entry_id in gone:
            del self._watchers[entry_id]
        if gone:
            self._schedule_save()

    @callback
    def _look_at_silent_miners(self, now: datetime) -> None:
        for entry in self._entries():
            if not _is_online(entry):
                self._look(entry)

    @callback
    def _look(self, entry: MinerConfigEntry) -> None:
        """Let a miner be judged, unless its entry is about to become something else."""
        if entry.state not in (ConfigEntryState.LOADED, ConfigEntryState.SETUP_RETRY):
            return
        watcher = self._watchers.get(entry.entry_id)
        if watcher is None:
            watcher = self._watchers[entry.entry_id] = Watcher(self.rules)
        known = watcher.known
        alerts = watcher.update(self._observe(entry))
        if alerts or watcher.known != known:
            self._schedule_save()
        for alert in alerts:
            self._tell(entry, alert)

    def _observe(self, entry: MinerConfigEntry) -> Observation:
        now = dt_util.utcnow().timestamp()
        if entry.state is not ConfigEntryState.LOADED:
            # It has not answered since Home Assistant started, or was reloaded.
            return Observation(time=now, clock=monotonic(), online=False, reading=None)
        miner = entry.runtime_data
        answered = miner.last_update_success and not miner.missed_polls
        return Observation(
            time=now,
            clock=monotonic(),
            online=miner.last_update_success,
            reading=miner.data if answered else None,
            intended=miner.intended,
            restarting=miner.is_restarting,
            asked_restart=miner.asked_restart,
            swarm_best_difficulty=max(
                (
                    watcher.known.best_difficulty
                    for watcher in self._watchers.values()
                    if watcher.known.best_difficulty is not None
                ),
                default=None,
            ),
        )

    def _tell(self, entry: MinerConfigEntry, alert: Alert) -> None:
        device = device_of(self.hass, entry)
        told = MinerAlert(
            miner_id=entry.entry_id,
            name=miner_name(self.hass, entry),
            device_id=device.id if device else None,
            alert=alert,
        )
        self.hass.bus.async_fire(
            EVENT_ALERT,
            {
                **alert.data,
                "device_id": told.device_id,
                "name": told.name,
                "kind": alert.kind.value,
                "phase": alert.phase.value,
                "value": alert.value,
                "unit": UNITS.get(alert.kind),
                "limit": alert.limit,
                "since": alert.since,
                "message": describe(self.hass, alert),
            },
        )
        async_dispatcher_send(self.hass, SIGNAL_ALERT.format(entry.entry_id), alert)
        for listener in list(self._listeners):
            listener(told)

    def _schedule_save(self) -> None:
        self._store.async_delay_save(self._stored, _SAVE_DELAY)

    def _stored(self) -> StoredAlerts:
        return {
            "miners": {
                entry_id: watcher.as_dict()
                for entry_id, watcher in self._watchers.items()
            }
        }


def _is_online(entry: MinerConfigEntry) -> bool:
    return (
        entry.state is ConfigEntryState.LOADED
        and entry.runtime_data.last_update_success
    )
