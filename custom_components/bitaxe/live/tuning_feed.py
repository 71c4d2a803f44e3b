"""The tuners of miners as they are now, for everybody who is looking."""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, Final

from homeassistant.auth import EVENT_USER_UPDATED
from homeassistant.auth.models import User
from homeassistant.config_entries import (
    SIGNAL_CONFIG_ENTRY_CHANGED,
    ConfigEntry,
    ConfigEntryChange,
)
from homeassistant.core import CALLBACK_TYPE, Event, HassJob, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.event import async_call_later
from homeassistant.util.json import JsonObjectType

from ..const import DOMAIN
from ..containment import Containment
from ..following import miner_entries
from ..miner.names import device_of
from ..permissions import may_control, may_read
from ..swarm.coordinator import async_find_swarm
from ..tuning.services import RANGES
from ..tuning.session import MinerTuner, tuner_of
from .tuning_payload import tuner_as_json

# A reading, and what the tuner makes of it, are two changes in a moment.
_GATHER_SECONDS: Final = 0.25

type SendEvent = Callable[[JsonObjectType], None]


class TuningFeed:
    """What one connection is sent of the tuners of some miners, or of all.

    First everything, then what changed of each miner. Of one that is unloaded, removed,
    or may not be seen any more, `None` is sent; it comes back with all there is.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        user: User,
        device_ids: Collection[str] | None,
        send: SendEvent,
    ) -> None:
        """Prepare; `device_ids` of `None`, or the swarm's among them, mean all."""
        self._hass = hass
        self._user = user
        self._device_ids = device_ids
        self._send = send
        self._containment = Containment()
        self._shown: dict[str, JsonObjectType] = {}
        self._followed: dict[str, tuple[MinerTuner, list[CALLBACK_TYPE]]] = {}
        self._stop_listening: list[CALLBACK_TYPE] = []
        self._cancel: CALLBACK_TYPE | None = None

    @callback
    def async_start(self) -> CALLBACK_TYPE:
        """Send everything now, and what changes until what is returned is called."""
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
                    EVENT_USER_UPDATED,
                )
            ),
        ]
        self._send(
            {
                "type": "full",
                "ranges": {
                    name: {"low": low, "high": high}
                    for name, (low, high) in RANGES.items()
                },
                "miners": self._changes(),
            }
        )
        return self._stop

    @callback
    def _stop(self) -> None:
        for stop in self._stop_listening:
            stop()
        for _, unfollow in self._followed.values():
            for stop in unfollow:
                stop()
        self._followed.clear()
        if self._cancel is not None:
            self._cancel()
            self._cancel = None

    @callback
    def _entry_changed(self, change: ConfigEntryChange, entry: ConfigEntry) -> None:
        if entry.domain == DOMAIN:
            self._schedule()

    @callback
    def _registries_changed(self, event: Event[Any]) -> None:
        self._schedule()

    @callback
    def _schedule(self) -> None:
        if self._cancel is None:
            self._cancel = async_call_later(
                self._hass,
                _GATHER_SECONDS,
                HassJob(self._send_changes, cancel_on_shutdown=True),
            )

    @callback
    def _send_changes(self, now: datetime) -> None:
        self._cancel = None
        if changes := self._changes():
            self._send({"type": "diff", "miners": changes})

    def _changes(self) -> JsonObjectType:
        """Return what is different from the last time, by the id of the device."""
        tuners = self._tuners()
        self._follow(tuners.values())
        changes: JsonObjectType = {}
        for key in self._shown.keys() - tuners.keys():
            del self._shown[key]
            changes[key] = None
        for key, tuner in tuners.items():
            with self._containment.of(f"{key} in tuning"):
                before = self._shown.get(key, {})
                now = tuner_as_json(tuner) | {
                    "can_control": may_control(
                        self._hass, self._user, tuner.miner.config_entry
                    )
                }
                self._shown[key] = now
                changed: JsonObjectType = {
                    name: value
                    for name, value in now.items()
                    if name not in before or before[name] != value
                }
                if changed:
                    changes[key] = changed
        return changes

    def _tuners(self) -> dict[str, MinerTuner]:
        """Return the tuners that are wanted, set up, and may be seen."""
        hass, wanted = self._hass, self._device_ids
        swarm = async_find_swarm(hass)
        if wanted is not None and swarm is not None:
            device = device_of(hass, swarm.config_entry)
            if device is not None and device.id in wanted:
                wanted = None
        found: dict[str, MinerTuner] = {}
        for entry in miner_entries(hass):
            with self._containment.of(f"{entry.title} in tuning"):
                device = device_of(hass, entry)
                tuner = tuner_of(hass, entry.entry_id)
                if (
                    device is not None
                    and tuner is not None
                    and not tuner.miner.snapshot.is_foreign
                    and (wanted is None or device.id in wanted)
                    and may_read(hass, self._user, entry)
                ):
                    found[device.id] = tuner
        return found

    def _follow(self, tuners: Collection[MinerTuner]) -> None:
        """Listen to these tuners and their miners, and to no others."""
        wanted = {tuner.miner.config_entry.entry_id: tuner for tuner in tuners}
        for entry_id, (tuner, unfollow) in list(self._followed.items()):
            if wanted.get(entry_id) is not tuner:
                del self._followed[entry_id]
                for stop in unfollow:
                    stop()
        for entry_id, tuner in wanted.items():
            if entry_id not in self._followed:
                self._followed[entry_id] = (
                    tuner,
                    [
                        tuner.async_add_listener(self._schedule),
                        # What keeps a run from beginning changes with the readings.
                        tuner.miner.async_add_listener(self._schedule),
                    ],
                )
