"""Reports what the owner of miners wants to know without asking: once each.

`conditions` and `rules` say when to alert, `evaluator` applies them to one miner. This
module hands it the readings of every miner of the swarm, stores what was reported, and
passes alerts on: to the bus, to the event entity of the miner, and to listeners.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final, Protocol, TypedDict

from homeassistant.config_entries import ConfigEntry, ConfigEntryState
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.helpers.event import async_track_time_interval
from homeassistant.helpers.start import async_at_started
from homeassistant.util import dt as dt_util

from ..const import CONF_ALERTS, EVENT_ALERT, SIGNAL_ALERT, SIGNAL_RAISED
from ..containment import Containment
from ..coordinator import MinerConfigEntry
from ..following import async_follow_miners, miner_entries
from ..miner.claims import LONGEST_MAINTENANCE, Claimant
from ..miner.names import device_of, miner_name
from ..pools.accounts import async_get_pools
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import StoredObject
from .early_warning import SharedPlug, WearReader
from .evaluator import StoredWatch, Watcher
from .model import Alert, AlertKind, unit_of
from .observation import Observation
from .rules import rules_from
from .texts import describe

# A miner that does not answer causes no update, so its silence is looked for by the
# clock.
_LOOK_INTERVAL: Final = timedelta(seconds=10)


# Keys of errors where something answers, each with the reason that is reported. A power
# cycle, which is the advice for a miner that does not answer, helps none of them.
_ANSWERED: Final = {
    "bad_reply": "bad_reply",
    "different_miner": "different_miner",
    "network_refused": "network_refused",
    "not_a_miner": "not_a_miner",
    "not_http": "not_a_miner",
    "read_refused": "read_refused",
    "redirected": "not_a_miner",
    "unsupported_firmware": "unsupported_firmware",
    "web_page": "not_a_miner",
}


class StoredAlerts(TypedDict):
    """Format of the file; see docs/architecture.md before changing it."""

    miners: dict[str, StoredWatch]
    """By the id of the miner's config entry."""
    places: dict[str, dict[str, Any]]
    """Where each miner stands, likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerAlert:
    """An alert, and whose it is."""

    miner_id: str
    """Id of the miner's config entry."""
    name: str
    device_id: str | None
    alert: Alert


class Supplies(Protocol):
    """What plugs measure of the power supplies of miners."""

    def has(self, entry: MinerConfigEntry) -> bool:
        """Return whether a miner has one at all."""

    def load_of(self, entry: MinerConfigEntry) -> float | None:
        """Return the % of what the supply of a miner is made for."""

    def plug_of(self, entry: MinerConfigEntry) -> SharedPlug | None:
        """Return what measures the supply that a miner is judged for."""


class AlertMonitor:
    """Watches every miner of the swarm."""

    def __init__(
        self,
        hass: HomeAssistant,
        config_entry: ConfigEntry,
    ) -> None:
        """Prepare; `async_load` restores what was reported, `async_start` begins."""
        self.hass = hass
        self.config_entry = config_entry
        self.rules = rules_from(config_entry.options.get(CONF_ALERTS, {}))
        self._store = EntryStore[StoredAlerts](
            hass, config_entry.entry_id, StoredFile.ALERTS
        )
        self._wear = WearReader(hass, config_entry, self._schedule_save)
        self._supplies: Supplies | None = None
        self._containment = Containment()
        self._watchers: dict[str, Watcher] = {}
        self._best: float | None = None
        self._best_changed = True
        self._listeners: set[Callable[[MinerAlert], None]] = set()

    @callback
    def async_set_supplies(self, supplies: Supplies) -> None:
        """Judge power supplies as well, which are set up beside the miners."""
        self._supplies = supplies
        self._wear.async_set_plugs(supplies.plug_of)

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

    async def async_load(self) -> None:
        """Restore what was reported before Home Assistant restarted."""
        self._watchers = await self._store.async_load(self._read)
        self._best_changed = True

    def _read(self, stored: StoredObject) -> dict[str, Watcher]:
        self._wear.restore(stored.child("places"))
        return {
            entry_id: Watcher(self.rules, watch)
            for entry_id, watch in stored.child("miners").children()
        }

    @callback
    def async_start(self) -> None:
        """Watch until the swarm's entry is unloaded.

        That begins once Home Assistant has started: before, the automations that should
        hear of it are not there yet.
        """
        self.config_entry.async_on_unload(self._async_stop)
        self.config_entry.async_on_unload(async_at_started(self.hass, self._begin))

    @callback
    def _begin(self, hass: HomeAssistant) -> None:
        """Begin to watch."""
        entry = self.config_entry
        entry.async_on_unload(
            async_follow_miners(hass, self._look, self._entry_changed)
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
        self._wear.async_start()
        self._forget_removed_miners()
        for miner_entry in miner_entries(hass):
            self._look(miner_entry)
        # Also what was raised before, and what a kind that was switched off took along.
        async_dispatcher_send(hass, SIGNAL_RAISED, self.active)

    async def _async_stop(self) -> None:
        await self._store.async_save(self._stored())

    @callback
    def _entry_changed(self, entry: MinerConfigEntry) -> None:
        """Judge a miner that was added, set up, unloaded, disabled or removed."""
        self._forget_removed_miners()
        if entry in miner_entries(self.hass):
            self._look(entry)

    def _forget_removed_miners(self) -> None:
        present = {entry.entry_id for entry in miner_entries(self.hass)}
        gone = self._watchers.keys() - present
        for entry_id in gone:
            del self._watchers[entry_id]
            self._best_changed = True
        if gone:
            self._schedule_save()
            async_dispatcher_send(self.hass, SIGNAL_RAISED, self.active)

    @callback
    def _look_at_silent_miners(self, now: datetime) -> None:
        for entry in miner_entries(self.hass):
            if not _is_online(entry):
                self._look(entry)

    @callback
    def _look(self, entry: MinerConfigEntry) -> None:
        """Let a miner be judged; one that cannot be hinders no other."""
        with self._containment.of(f"{entry.title} in alerts"):
            self._judge(entry)

    def _judge(self, entry: MinerConfigEntry) -> None:
        """Judge a miner, unless its entry is about to become something else."""
        if entry.state not in (ConfigEntryState.LOADED, ConfigEntryState.SETUP_RETRY):
            return
        watcher = self._watchers.get(entry.entry_id)
        if watcher is None:
            watcher = self._watchers[entry.entry_id] = Watcher(self.rules)
        before = _noted(watcher)
        raised = _identities(watcher)
        seen = self._observe(entry)
        if entry.state is ConfigEntryState.LOADED:
            claims = entry.runtime_data.claims
            watcher.silent_until = claims.until(Claimant.MAINTENANCE)
            # The claim ends after the time it was made for, whatever the clock says.
            silent = claims.is_held_by(Claimant.MAINTENANCE)
        else:
            until = watcher.silent_until
            # Nor is anything silent for longer than maintenance lasts, if the clock was
            # set back since.
            longest = LONGEST_MAINTENANCE.total_seconds()
            silent = until is not None and seen.time < until <= seen.time + longest
        alerts: list[Alert] = []
        if silent:
            watcher.pass_over(seen)
        else:
            alerts = watcher.update(seen)
        if alerts or before != _noted(watcher):
            self._best_changed = True
            self._schedule_save()
        for alert in alerts:
            self._report(entry, alert)
        # Some alerts end without a report, for example in maintenance.
        if _identities(watcher) != raised:
            async_dispatcher_send(self.hass, SIGNAL_RAISED, self.active)

    def _observe(self, entry: MinerConfigEntry) -> Observation:
        now = dt_util.utcnow().timestamp()
        if entry.state is not ConfigEntryState.LOADED:
            # It has not answered since Home Assistant started, or was reloaded.
            return Observation(
                time=now,
                clock=monotonic(),
                online=False,
                reading=None,
                trouble=trouble_of(entry),
            )
        miner = entry.runtime_data
        answered = miner.last_update_success and not miner.missed_polls
        return Observation(
            time=now,
            clock=monotonic(),
            online=miner.last_update_success,
            reading=miner.data if answered else None,
            intended=miner.intended,
            heat_explains=miner.heat_explains(miner.snapshot),
            unproven_change=miner.verification.is_unproven,
            restarting=miner.is_restarting,
            occurrences=miner.async_take_occurrences(),
            longest_gap=miner.longest_gap,
            wear=self._wear.of(entry.entry_id),
            has_supply=self._supplies is None or self._supplies.has(entry),
            supply_load=self._supplies.load_of(entry) if self._supplies else None,
            accounts=async_get_pools(self.hass).names_for(miner),
            sighting=async_get_pools(self.hass).sighting_of(miner),
            tuning=miner.claims.includes_restarts,
            trouble=trouble_of(entry),
            swarm_best_difficulty=self._swarm_best_difficulty(),
        )

    def _swarm_best_difficulty(self) -> float | None:
        """Return the best share of all miners; each is asked only after a change."""
        if self._best_changed:
            self._best_changed = False
            known = [
                watcher.best_difficulty
                for watcher in self._watchers.values()
                if watcher.best_difficulty is not None
            ]
            self._best = max(known, default=None)
        return self._best

    def _report(self, entry: MinerConfigEntry, alert: Alert) -> None:
        device = device_of(self.hass, entry)
        miner_alert = MinerAlert(
            miner_id=entry.entry_id,
            name=miner_name(self.hass, entry),
            device_id=device.id if device else None,
            alert=alert,
        )
        self.hass.bus.async_fire(
            EVENT_ALERT,
            {
                **alert.data,
                "device_id": miner_alert.device_id,
                "name": miner_alert.name,
                "kind": alert.kind.value,
                "phase": alert.phase.value,
                "value": alert.value,
                "unit": unit_of(alert),
                "limit": alert.limit,
                "since": alert.since,
                "message": describe(self.hass, alert),
            },
        )
        async_dispatcher_send(self.hass, SIGNAL_ALERT.format(entry.entry_id), alert)
        for listener in list(self._listeners):
            with self._containment.of(f"A listener of alerts of {entry.title}"):
                listener(miner_alert)

    def _schedule_save(self) -> None:
        self._store.async_schedule_save(self._stored)

    def _stored(self) -> StoredAlerts:
        return {
            "miners": {
                entry_id: watcher.as_dict()
                for entry_id, watcher in self._watchers.items()
            },
            "places": self._wear.as_dict(),
        }


@callback
def trouble_of(entry: MinerConfigEntry) -> str | None:
    """Return what is said of a miner that answers, but cannot be read, as a key."""
    if entry.state is ConfigEntryState.LOADED:
        error = entry.runtime_data.trouble
    else:
        error = entry.error_reason_translation_key
    return None if error is None else _ANSWERED.get(error)


def _noted(watcher: Watcher) -> tuple[object, ...]:
    """Return the state whose change is a reason to write the file."""
    return watcher.best_difficulty, watcher.silent_until, watcher.unmeasured


def _identities(watcher: Watcher) -> list[tuple[AlertKind, float]]:
    """Return what makes raised alerts the same, whatever is measured meanwhile."""
    return [(alert.kind, alert.since) for alert in watcher.active]


def _is_online(entry: MinerConfigEntry) -> bool:
    return (
        entry.state is ConfigEntryState.LOADED
        and entry.runtime_data.last_update_success
    )
