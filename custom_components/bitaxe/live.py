"""Miners and swarm as they are now, for everybody who is looking.

Nothing is done while nobody looks. Each reading is presented once, and what changed goes
to all. The recorder is not involved.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
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
)
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.util.hass_dict import HassKey
from homeassistant.util.json import JsonObjectType

from .alerts import MinerAlert
from .const import DOMAIN
from .coordinator import MinerCoordinator
from .live_faces import Face, face_of, swarm_entry, view_of
from .live_feed import Changes, Feed, Send, View
from .live_presentation import miner_as_json, swarm_as_json
from .results import MinerResults, async_get_results
from .swarm import Swarm, miner_entries
from .targets import async_find_swarm
from .watch.alerts import Alert

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

    face: Face
    miner: MinerCoordinator | None
    unfollow: CALLBACK_TYPE


class Live:
    """What is shown of miners and swarm, and who is looking."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Prepare; nothing happens before somebody looks."""
        self._hass = hass
        self._results = async_get_results(hass)
        self._subscriptions: set[_Subscription] = set()
        self._feeds: dict[tuple[View, float], Feed] = {}
        self._stop_listening: list[CALLBACK_TYPE] = []
        self._followed: dict[str, _Followed] = {}
        self._swarm: Swarm | None = None
        self._swarm_face: Face | None = None
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
        if not self._subscriptions:
            self._start()
        self._bring_up_to_date()
        subscription = _Subscription(user, interval, send)
        self._subscriptions.add(subscription)
        self._join(subscription)

        @callback
        def unsubscribe() -> None:
            self._leave(subscription)
            self._subscriptions.discard(subscription)
            if not self._subscriptions:
                self._stop()

        return unsubscribe

    def _start(self) -> None:
        hass = self._hass
        self._stop_listening = [
            async_dispatcher_connect(
                hass, SIGNAL_CONFIG_ENTRY_CHANGED, self._entry_changed
            ),
            *(
                hass.bus.async_listen(event, self._registries_changed)
                for event in (
                    er.EVENT_ENTITY_REGISTRY_UPDATED,
                    dr.EVENT_DEVICE_REGISTRY_UPDATED,
                    ar.EVENT_AREA_REGISTRY_UPDATED,
                    EVENT_USER_UPDATED,
                )
            ),
            self._results.async_add_listener(self._results_changed),
        ]
        self._stale_registries = True

    def _stop(self) -> None:
        """Listen to nothing, and forget everything."""
        for followed in self._followed.values():
            followed.unfollow()
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
        """Let somebody take part in the feed of what they may see, and tell it all."""
        place = (self._view(subscription.user), subscription.interval)
        if (feed := self._feeds.get(place)) is None:
            feed = self._feeds[place] = Feed(self._hass, *place, self._bring_up_to_date)
        feed.receivers.add(subscription.send)
        subscription.feed = feed
        feed.send_everything(subscription.send, self._shown, self._shown_swarm)

    def _leave(self, subscription: _Subscription) -> None:
        feed = subscription.feed
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
    def _miner_changed(self, entry_id: str) -> None:
        self._stale.add(entry_id)
        self._schedule()

    @callback
    def _alerted(self, alert: MinerAlert) -> None:
        if alert.miner_id in self._followed:
            self._miner_changed(alert.miner_id)

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
        looked_around = self._stale_registries
        if looked_around:
            self._look_around(changes)
        alerts = {} if self._swarm is None else self._swarm.alerts.active
        while self._stale:
            entry_id = self._stale.pop()
            self._present(entry_id, alerts.get(entry_id, ()), changes)
        if self._stale_swarm:
            self._present_swarm(changes)
        if changes:
            for feed in self._feeds.values():
                feed.take(changes)
        if looked_around:
            self._update_views()

    def _look_around(self, changes: Changes) -> None:
        """Follow the miners there are now, and learn their names and entities."""
        self._stale_registries = False
        entries = {entry.entry_id: entry for entry in miner_entries(self._hass)}
        for entry_id in self._followed.keys() - entries.keys():
            self._forget(entry_id, changes)
        for entry_id, entry in entries.items():
            face = face_of(self._hass, entry)
            known = self._followed.get(entry_id)
            if known is not None and known.face.key != face.key:
                self._forget(entry_id, changes)
                known = None
            miner = entry.runtime_data if _is_set_up(entry) else None
            if known is None or known.miner is not miner:
                if known is not None:
                    known.unfollow()
                self._followed[entry_id] = self._follow(entry_id, face, miner)
            else:
                known.face = face
        self._stale.update(entries)
        self._follow_swarm()

    def _follow(
        self, entry_id: str, face: Face, miner: MinerCoordinator | None
    ) -> _Followed:
        if miner is None:
            return _Followed(face, None, _nothing)
        if miner.identifier not in self._results.data:
            self._want_results()
        changed = partial(self._miner_changed, entry_id)
        return _Followed(face, miner, miner.async_add_listener(changed))

    def _forget(self, entry_id: str, changes: Changes) -> None:
        followed = self._followed.pop(entry_id)
        followed.unfollow()
        self._stale.discard(entry_id)
        if self._shown.pop(followed.face.key, None) is not None:
            changes.miners[followed.face.key] = None

    def _follow_swarm(self) -> None:
        self._stale_swarm = True
        entry = swarm_entry(self._hass)
        self._swarm_face = None if entry is None else face_of(self._hass, entry)
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
        key, miner = followed.face.key, followed.miner
        results = MinerResults()
        if miner is not None:
            results = self._results.data.get(miner.identifier, results)
        before = self._shown.get(key)
        now = miner_as_json(followed.face, miner, results, alerts, before)
        self._shown[key] = now
        if before is None:
            changes.miners[key] = now
            changes.new.add(key)
        elif changed := _difference(before, now):
            changes.miners[key] = changed

    def _present_swarm(self, changes: Changes) -> None:
        self._stale_swarm = False
        now = swarm_as_json(
            self._swarm_face,
            None if self._swarm is None else self._swarm.totals,
            self._hass.config.currency,
        )
        changes.swarm = _difference(self._shown_swarm, now)
        self._shown_swarm = now

    def _update_views(self) -> None:
        """Tell everything to those who may see or control something else now."""
        for subscription in self._subscriptions:
            feed = subscription.feed
            if feed is not None and self._view(subscription.user) != feed.view:
                self._leave(subscription)
                self._join(subscription)

    def _view(self, user: User) -> View:
        return view_of(
            self._hass,
            user,
            {
                entry_id: followed.face.key
                for entry_id, followed in self._followed.items()
            },
        )


def _is_set_up(entry: ConfigEntry) -> bool:
    return entry.state is ConfigEntryState.LOADED


def _nothing() -> None:
    """Stop following what was not followed."""


def _difference(before: JsonObjectType, now: JsonObjectType) -> JsonObjectType:
    """Return what of `now` is not the same as before."""
    return {
        key: value
        for key, value in now.items()
        if key not in before or before[key] != value
    }
