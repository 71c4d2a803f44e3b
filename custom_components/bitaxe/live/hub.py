"""Miners and swarm as they are now, for everybody who is looking.

Nothing is done while nobody looks. Each reading is presented once, and what changed
goes to all. The recorder is not involved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from homeassistant.auth import EVENT_USER_UPDATED
from homeassistant.auth.models import User
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
    ConfigEntryState,
)
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import JsonObjectType

from ..alerts.model import Alert
from ..alerts.monitor import MinerAlert
from ..const import DOMAIN
from ..containment import Containment
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..following import async_follow_miners, miner_entries, swarm_entry
from ..miner.names import distinct_names, entry_name
from ..power.swarm import async_get_power
from ..results.coordinator import MinerResults, async_get_results
from ..swarm.coordinator import Swarm, async_find_swarm
from .feed import Changes, Feed, Send, View
from .payload import miner_as_json, swarm_as_json, swarm_power_target_as_json
from .registry import RegistryInfo, registry_info, view_of

_LIVE: Final[HassKey[Live]] = HassKey(f"{DOMAIN}_live")


@callback
def async_get_live(hass: HomeAssistant) -> Live:
    """Return the live view all connections share."""
    if (live := hass.data.get(_LIVE)) is None:
        live = hass.data[_LIVE] = Live(hass)
    return live


@dataclass(eq=False, slots=True)
class _Subscription:
    """Somebody who is looking."""

    user: User
    interval: float
    send: Send
    feed: Feed | None = None


@dataclass(slots=True)
class _Followed:
    """A miner, or the place of one that is not set up."""

    info: RegistryInfo
    miner: MinerCoordinator | None


class Live:
    """What is shown of miners and swarm, and who is looking."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing happens before somebody looks."""
        self._hass = hass
        self._results = async_get_results(hass)
        self._containment = Containment()
        self._subscriptions: set[_Subscription] = set()
        self._feeds: dict[tuple[View, float], Feed] = {}
        self._stop_listening: list[CALLBACK_TYPE] = []
        self._followed: dict[str, _Followed] = {}
        self._swarm: Swarm | None = None
        self._swarm_info: RegistryInfo | None = None
        self._cancel_want: CALLBACK_TYPE = _nothing
        self._unfollow_swarm: list[CALLBACK_TYPE] = []
        self._shown: dict[str, JsonObjectType] = {}
        self._shown_swarm: JsonObjectType = {}
        self._stale: set[str] = set()
        self._stale_swarm = False
        self._stale_registries = False

    @callback
    def async_subscribe(self, user: User, interval: float, send: Send) -> CALLBACK_TYPE:
        """Send everything now, and then what changes.

        `interval` is the least time between two events in s. Everything is sent again
        when the user may see or control something else.
        """
        subscription = _Subscription(user, interval, send)

        @callback
        def unsubscribe() -> None:
            self._leave(subscription)
            self._subscriptions.discard(subscription)
            if not self._subscriptions:
                self._stop()

        if not self._subscriptions:
            self._start()
        self._subscriptions.add(subscription)
        try:
            self._bring_up_to_date()
            self._join(subscription)
        except BaseException:
            unsubscribe()
            raise
        return unsubscribe

    def _start(self) -> None:
        hass = self._hass
        self._stop_listening = [
            async_dispatcher_connect(
                hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
            ),
            async_follow_miners(hass, self._reading_changed),
            *(
                hass.bus.async_listen(event, self._registries_changed)
                for event in (
                    er.EVENT_ENTITY_REGISTRY_UPDATED,
                    dr.EVENT_DEVICE_REGISTRY_UPDATED,
                    ar.EVENT_AREA_REGISTRY_UPDATED,
                    lr.EVENT_LABEL_REGISTRY_UPDATED,
                    EVENT_USER_UPDATED,
                )
            ),
            self._results.async_add_listener(self._results_changed),
            async_get_power(hass).async_add_listener(self._power_changed),
        ]
        self._stale_registries = True

    def _stop(self) -> None:
        """Listen to nothing, and forget everything."""
        for stop in (*self._unfollow_swarm, *self._stop_listening):
            stop()
        self._stop_listening = []
        self._cancel_want()
        self._unfollow_swarm = []
        self._swarm = None
        self._followed.clear()
        self._shown.clear()
        self._shown_swarm = {}
        self._stale.clear()

    def _join(self, subscription: _Subscription) -> None:
        """Add somebody to the feed of what they may see, and send it all."""
        place = (self._view(subscription.user), subscription.interval)
        if (feed := self._feeds.get(place)) is None:
            feed = self._feeds[place] = Feed(self._hass, *place, self._bring_up_to_date)
        feed.receivers.add(subscription.send)
        subscription.feed = feed
        feed.send_everything(subscription.send, self._shown, self._shown_swarm)

    def _leave(self, subscription: _Subscription) -> None:
        feed, subscription.feed = subscription.feed, None
        if feed is None:
            return
        feed.receivers.discard(subscription.send)
        if not feed.receivers:
            feed.stop()
            del self._feeds[feed.view, feed.interval]

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        """Notice miners that are added, set up, renamed, unloaded or removed."""
        if entry.domain == DOMAIN:
            self._stale_registries = True
            self._schedule()

    @callback
    def _registries_changed(self, event: Event[Any]) -> None:
        """Notice names, areas, entities and permissions."""
        self._stale_registries = True
        self._schedule()

    @callback
    def _results_changed(self) -> None:
        self._stale.update(self._followed)
        self._schedule()

    @callback
    def _power_changed(self) -> None:
        """Notice targets, and what came of them."""
        self._stale.update(self._followed)
        self._swarm_changed()

    @callback
    def _reading_changed(self, entry: MinerConfigEntry) -> None:
        self._miner_changed(entry.entry_id)

    @callback
    def _alerted(self, alert: MinerAlert) -> None:
        self._miner_changed(alert.miner_id)

    def _miner_changed(self, entry_id: str) -> None:
        # One that is not shown yet is presented with the registries.
        if entry_id in self._followed:
            self._stale.add(entry_id)
            self._schedule()

    @callback
    def _swarm_changed(self) -> None:
        self._stale_swarm = True
        self._schedule()

    def _schedule(self) -> None:
        for feed in self._feeds.values():
            feed.schedule()

    @callback
    def _bring_up_to_date(self) -> None:
        """Present what is new once, for all feeds."""
        changes = Changes()
        registries_changed = self._stale_registries
        if registries_changed:
            self._follow_registries(changes)
        alerts = {} if self._swarm is None else self._swarm.alerts.active
        while self._stale:
            entry_id = self._stale.pop()
            with self._containment.of(f"{entry_id} in live data"):
                self._present(entry_id, alerts.get(entry_id, ()), changes)
        if self._stale_swarm:
            with self._containment.of("The swarm in live data"):
                self._present_swarm(changes)
        if changes:
            for feed in self._feeds.values():
                feed.take(changes)
        if registries_changed:
            self._update_views()

    def _follow_registries(self, changes: Changes) -> None:
        """Follow the miners there are now, and learn their names and entities."""
        self._stale_registries = False
        entries = {entry.entry_id: entry for entry in miner_entries(self._hass)}
        names = distinct_names(self._hass, entries.values())
        for entry_id in self._followed.keys() - entries.keys():
            self._forget(entry_id, changes)
        for entry_id, entry in entries.items():
            with self._containment.of(f"{entry_id} in live data"):
                self._follow_entry(entry, names[entry_id], changes)
        self._stale.update(self._followed)
        self._follow_swarm()

    def _follow_entry(
        self, entry: MinerConfigEntry, name: str, changes: Changes
    ) -> None:
        info = registry_info(self._hass, entry, name)
        known = self._followed.get(entry.entry_id)
        if known is not None and known.info.key != info.key:
            self._forget(entry.entry_id, changes)
            known = None
        miner = entry.runtime_data if _is_set_up(entry) else None
        if known is None or known.miner is not miner:
            self._followed[entry.entry_id] = _Followed(info, miner)
            if miner is not None and miner.identifier not in self._results.data:
                self._want_results()
        else:
            known.info = info

    def _forget(self, entry_id: str, changes: Changes) -> None:
        followed = self._followed.pop(entry_id)
        self._stale.discard(entry_id)
        if self._shown.pop(followed.info.key, None) is not None:
            changes.miners[followed.info.key] = None

    def _follow_swarm(self) -> None:
        self._stale_swarm = True
        entry = swarm_entry(self._hass)
        self._swarm_info = (
            None
            if entry is None
            else registry_info(self._hass, entry, entry_name(self._hass, entry))
        )
        swarm = async_find_swarm(self._hass)
        if swarm is self._swarm:
            return
        for unfollow in self._unfollow_swarm:
            unfollow()
        self._unfollow_swarm = []
        self._swarm = swarm
        if swarm is not None:
            self._unfollow_swarm = [
                swarm.async_add_listener(self._swarm_changed),
                swarm.alerts.async_add_listener(self._alerted),
            ]

    def _want_results(self) -> None:
        self._cancel_want()
        self._cancel_want = self._results.async_want()

    def _present(
        self, entry_id: str, alerts: Iterable[Alert], changes: Changes
    ) -> None:
        """Present a miner, and note what is different from the last time."""
        followed = self._followed[entry_id]
        key, miner = followed.info.key, followed.miner
        results = MinerResults()
        if miner is not None:
            results = self._results.data.get(miner.identifier, results)
        before = self._shown.get(key)
        now = miner_as_json(followed.info, miner, results, alerts, before)
        self._shown[key] = now
        if before is None:
            changes.miners[key] = now
            changes.new.add(key)
        elif changed := _difference(before, now):
            changes.miners[key] = changed

    def _present_swarm(self, changes: Changes) -> None:
        self._stale_swarm = False
        now = swarm_as_json(
            self._swarm_info,
            None if self._swarm is None else self._swarm.totals,
            None if self._swarm is None else self._swarm.config_entry.options,
            self._hass.config.currency,
            swarm_power_target_as_json(self._hass),
        )
        changes.swarm = _difference(self._shown_swarm, now)
        self._shown_swarm = now

    def _update_views(self) -> None:
        """Send everything to those who may see or control something else now."""
        for subscription in list(self._subscriptions):
            feed = subscription.feed
            # A connection that breaks costs no other its events.
            with self._containment.of("A connection"):
                if feed is not None and self._view(subscription.user) != feed.view:
                    self._leave(subscription)
                    self._join(subscription)

    def _view(self, user: User) -> View:
        return view_of(
            self._hass,
            user,
            {
                entry_id: followed.info.key
                for entry_id, followed in self._followed.items()
            },
        )


def _is_set_up(entry: ConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED


def _nothing() -> None:
    """Cancel what was not asked for."""


def _difference(before: JsonObjectType, now: JsonObjectType) -> JsonObjectType:
    """Return what of `now` is not the same as before."""
    return {
        key: value
        for key, value in now.items()
        if key not in before or before[key] != value
    }
