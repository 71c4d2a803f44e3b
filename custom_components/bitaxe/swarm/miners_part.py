"""A subentry of the swarm with several miners: a device that counts energy."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo

from ..const import DOMAIN
from ..coordinator import MinerConfigEntry
from ..following import miner_entries
from ..history.last_energy import async_find_last_energy
from ..storage import EntryStore, StoredFile
from ..storage.stored_object import StoredObject
from ..texts import async_get_texts
from .subentries import Parts


class MinersPart(ABC):
    """The object of one subentry that names miners."""

    kind: ClassVar[str]
    """The type of the subentry, and the translation key of the device's model."""

    def __init__(
        self,
        hass: HomeAssistant,
        subentry: ConfigSubentry,
        save: Callable[[bool], None],
    ) -> None:
        """Prepare; `restore` recalls what was, and `async_start` begins.

        `save` has all parts of the kind written, soon if it is called with true.
        """
        self.hass = hass
        self.key = subentry.subentry_id
        self.name = subentry.title
        self._save = save
        self._listeners: set[CALLBACK_TYPE] = set()

    @property
    @abstractmethod
    def miners(self) -> frozenset[str]:
        """Unique ids of the entries of its miners."""

    @abstractmethod
    def restore(self, stored: StoredObject) -> None:
        """Recall what `as_dict` returned, as far as it can be read."""

    @abstractmethod
    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""

    @callback
    @abstractmethod
    def async_start(self) -> None:
        """Begin to follow what it depends on."""

    @callback
    @abstractmethod
    def async_stop(self) -> None:
        """Follow it no more."""

    @callback
    @abstractmethod
    def async_configure(self, subentry: ConfigSubentry) -> None:
        """Go by what the subentry says now."""

    @callback
    @abstractmethod
    def async_removed(self) -> None:
        """End what was begun: somebody removed it."""

    @abstractmethod
    def _hold_energy(self, energy: float) -> None:
        """Let the energy, in kWh, be no less than what was recorded."""

    async def async_recall_energy(self) -> None:
        """Go on from what was recorded, where that is more than the file knows."""
        recorded = await async_find_last_energy(self.hass, self.identifier)
        if recorded is not None and recorded.energy is not None:
            self._hold_energy(recorded.energy)

    @property
    def identifier(self) -> str:
        """What its device and entities are known by."""
        return f"{self.kind}_{self.key}"

    @property
    def device_info(self) -> DeviceInfo:
        """Describe its device."""
        return DeviceInfo(
            identifiers={(DOMAIN, self.identifier)},
            name=self.name,
            model=async_get_texts(self.hass)(f"device_model.{self.kind}"),
            entry_type=DeviceEntryType.SERVICE,
        )

    @property
    def entries(self) -> list[MinerConfigEntry]:
        """The entries of its miners that there are."""
        return [
            entry
            for entry in miner_entries(self.hass)
            if entry.unique_id in self.miners
        ]

    @callback
    def async_add_listener(self, listener: CALLBACK_TYPE) -> CALLBACK_TYPE:
        """Call `listener` when anything of it may differ."""
        self._listeners.add(listener)
        return lambda: self._listeners.discard(listener)

    @callback
    def _notify(self) -> None:
        for listener in list(self._listeners):
            listener()


class StoredParts[P: MinersPart](Parts[P]):
    """All of one kind, with the file that keeps them."""

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        file: StoredFile,
        part: Callable[[HomeAssistant, ConfigSubentry, Callable[[bool], None]], P],
        kind: str,
    ) -> None:
        """Prepare; `async_load` recalls and begins."""
        super().__init__(hass, entry, kind, self._make)
        self._part = part
        self._known: dict[str, StoredObject] = {}
        self._store = EntryStore[dict[str, Any]](hass, entry.entry_id, file)

    async def async_load(self) -> None:
        """Recall what was, and follow until the entry is unloaded."""
        await self._store.async_load(self._restore)
        self.async_start()
        for part in self.all:
            await part.async_recall_energy()
        self._entry.async_on_unload(self._async_stop)

    def _restore(self, stored: StoredObject) -> None:
        self._known = dict(stored.children())

    def _make(self, subentry: ConfigSubentry) -> P:
        part = self._part(self._hass, subentry, self._save)
        if (stored := self._known.pop(part.key, None)) is not None:
            part.restore(stored)
        part.async_start()
        return part

    async def async_save_for_person(self) -> None:
        """Write now what a person chose.

        Raises:
            HomeAssistantError: it could not be written, and is forgotten at a restart.

        """
        await self._store.async_save_for_person(self._stored())

    @callback
    def _save(self, soon: bool) -> None:
        self._store.async_schedule_save(self._stored, soon=soon)

    def _stored(self) -> dict[str, Any]:
        return {part.key: part.as_dict() for part in self.all}

    async def _async_stop(self) -> None:
        for part in self.all:
            part.async_stop()
        await self._store.async_save(self._stored())
