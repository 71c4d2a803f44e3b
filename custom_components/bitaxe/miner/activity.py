"""Reports what happens to one miner: to its listeners, on the bus, and to triggers."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_send
from homeassistant.util import dt as dt_util

from ..const import EVENT_ACTIVITY, SIGNAL_OCCURRENCE
from ..containment import Containment
from .events import EventDetector, Occurrence, OccurrenceType
from .names import device_of, miner_name
from .write_log import Origin

type OccurrenceListener = Callable[[Occurrence], None]


class Activity:
    """What happens to one miner, and who hears of it."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        """Begin without a listener."""
        self._hass = hass
        self._entry = entry
        self.detector = EventDetector()
        """What finds it; keeps it for the alerts, who begin long after the first
        reading."""
        self._listeners: set[OccurrenceListener] = set()
        self._unannounced: list[Occurrence] = []
        """What the first reading found, which is not on the bus yet."""
        self._containment = Containment()

    @callback
    def async_add_listener(self, listener: OccurrenceListener) -> CALLBACK_TYPE:
        """Call `listener` with all that happens, and what the first reading found."""
        self._listeners.add(listener)
        for occurrence in self._unannounced:
            self._inform(listener, occurrence)
        return lambda: self._listeners.discard(listener)

    @callback
    def async_end_setup(self) -> None:
        """Announce what the first reading found, now that the miner has a device."""
        unannounced, self._unannounced = self._unannounced, []
        for occurrence in unannounced:
            self._announce(occurrence)

    @callback
    def async_report(self, occurrence: Occurrence, *, is_first: bool) -> None:
        """Report that something has happened now.

        `is_first` is what the first reading finds: what happened while Home Assistant
        was down, when nobody could listen. It waits for `async_end_setup`.
        """
        occurrence = replace(occurrence, time=dt_util.utcnow().timestamp())
        self.detector.keep(occurrence)
        if is_first:
            self._unannounced.append(occurrence)
        else:
            self._announce(occurrence)
        async_dispatcher_send(self._hass, SIGNAL_OCCURRENCE, self._entry, occurrence)
        for listener in list(self._listeners):
            self._inform(listener, occurrence)

    def _announce(self, occurrence: Occurrence) -> None:
        """Put it on the bus."""
        device = device_of(self._hass, self._entry)
        self._hass.bus.async_fire(
            EVENT_ACTIVITY,
            event_data(occurrence, None if device is None else device.id),
        )

    def _inform(self, listener: OccurrenceListener, occurrence: Occurrence) -> None:
        name = miner_name(self._hass, self._entry)
        with self._containment.of(f"A listener of what happens to {name}"):
            listener(occurrence)


def event_data(occurrence: Occurrence, device_id: str | None) -> dict[str, object]:
    """Return the data of the event on the bus."""
    return {
        **occurrence.data,
        "device_id": device_id,
        "event_type": occurrence.type.value,
    }


def settings_changed(
    changes: Mapping[str, tuple[object, object]], origin: Origin | None
) -> Occurrence:
    """Return what says that settings have changed, and who changed them.

    `changes` are (before, now) by the name of the setting; `origin` is `None` if it was
    nobody through us.
    """
    return Occurrence(
        OccurrenceType.SETTINGS_CHANGED,
        {
            "settings": list(changes),
            "from": {name: before for name, (before, _) in changes.items()},
            "to": {name: now for name, (_, now) in changes.items()},
            "by": "home_assistant" if origin is not None else "other",
            "origin": origin.kind.value if origin is not None else None,
            "user_id": origin.user_id if origin is not None else None,
            "user": origin.name if origin is not None else None,
        },
    )
