"""What people add to the swarm as subentries, each with a device."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceInfo

from ..following import async_follow_subentries


class Part(Protocol):
    """The object of one subentry."""

    @property
    def device_info(self) -> DeviceInfo:
        """Describe its device, as it is called now."""

    @callback
    def async_configure(self, subentry: ConfigSubentry) -> None:
        """Go by what the subentry says now."""

    @callback
    def async_removed(self) -> None:
        """End what was begun: somebody removed it."""


class Parts[P: Part]:
    """The objects of all subentries of one type."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        subentry_type: str,
        create: Callable[[ConfigSubentry], P],
    ) -> None:
        """Prepare; `async_start` begins to follow."""
        self._hass = hass
        self._entry = entry
        self._type = subentry_type
        self._create = create
        self._parts: dict[str, P] = {}
        self._shown: dict[str, tuple[object, ...]] = {}
        self._listeners: set[Callable[[str, P], None]] = set()

    @property
    def all(self) -> Iterable[P]:
        """All there are."""
        return list(self._parts.values())

    def get(self, subentry_id: str) -> P | None:
        """Return that of a subentry."""
        return self._parts.get(subentry_id)

    @callback
    def async_start(self) -> None:
        """Create the objects, and follow the subentries until the entry is unloaded."""
        self._entry.async_on_unload(
            async_follow_subentries(self._hass, self._entry, self._type, self._apply)
        )

    @callback
    def async_add_listener(self, listener: Callable[[str, P], None]) -> CALLBACK_TYPE:
        """Call `listener` with the id of each subentry there is, and to come."""
        self._listeners.add(listener)
        for subentry_id, part in self._parts.items():
            listener(subentry_id, part)
        return lambda: self._listeners.discard(listener)

    @callback
    def _apply(self, wanted: Mapping[str, ConfigSubentry]) -> None:
        for subentry_id in self._parts.keys() - wanted.keys():
            self._shown.pop(subentry_id)
            self._parts.pop(subentry_id).async_removed()
        for subentry_id, subentry in wanted.items():
            shown = (subentry.title, dict(subentry.data))
            if self._shown.get(subentry_id) == shown:
                continue
            self._shown[subentry_id] = shown
            part = self._parts.get(subentry_id)
            if part is None:
                part = self._parts[subentry_id] = self._create(subentry)
                self._describe(subentry_id, part)
                for listener in list(self._listeners):
                    listener(subentry_id, part)
            else:
                part.async_configure(subentry)
                self._describe(subentry_id, part)

    def _describe(self, subentry_id: str, part: P) -> None:
        dr.async_get(self._hass).async_get_or_create(
            config_entry_id=self._entry.entry_id,
            config_subentry_id=subentry_id,
            **part.device_info,
        )
