"""What all entities of a miner have in common."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import inf
from typing import ClassVar, Final, Protocol, override

from homeassistant.core import CALLBACK_TYPE, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import MinerConfigEntry, MinerCoordinator
from .miner.meter import Reading

_SILENT: Final = frozenset({"cannot_connect", "timed_out"})
"""Keys of the errors of a miner that does not answer."""
# s between two looks for entities of a miner that goes on as before.
_LOOK_SECONDS: Final = 60.0


@dataclass(frozen=True, kw_only=True)
class MinerEntityDescription(EntityDescription):
    """Describes an entity that exists only where the miner has what it shows."""

    has_fn: Callable[[Reading], bool] | None = None

    def exists(self, reading: Reading) -> bool:
        """Return whether the miner has it.

        Asked again and again until true, because a paused or overheated miner does not
        report everything it has.
        """
        return self.has_fn is None or self.has_fn(reading)


class QuietEntity(Entity):
    """An entity that listens to what it shows, and writes only changes."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _shown: object = None

    @property
    @abstractmethod
    def shown(self) -> object:
        """What the state is made of; the state is written when this changes."""

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""

    @callback
    def _update(self) -> None:
        shown = self.shown
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()


class MinerEntity(CoordinatorEntity[MinerCoordinator]):
    """An entity of a miner; writes its state only when that changes."""

    _attr_has_entity_name = True
    entity_description: MinerEntityDescription

    def __init__(
        self, coordinator: MinerCoordinator, description: MinerEntityDescription
    ) -> None:
        """Attach the entity to the miner's device."""
        super().__init__(coordinator)
        self.entity_description = description
        self._attr_translation_key = description.translation_key or description.key
        self._attr_unique_id = f"{coordinator.identifier}_{description.key}"
        self._attr_device_info = device_info(coordinator)
        self._shown: tuple[bool, object] | None = None

    @property
    @abstractmethod
    def shown(self) -> object:
        """What the state is made of; the state is written when this changes."""

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if there is something new to show."""
        available = self.available
        shown = (available, self.shown if available else None)
        if shown != self._shown:
            self._shown = shown
            self.async_write_ha_state()

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""


class MinerSetting(MinerEntity):
    """A setting of a miner, which a miner that is silent for a while has not lost."""

    @property
    @override
    def available(self) -> bool:
        """Whether the setting can be relied on: it was read, and the miner is the same.

        A change that a silent miner cannot take fails with the reason. Settings that
        come and go with every gap would fill the logbook, each with two lines.
        """
        return super().available or self.coordinator.trouble in _SILENT


class Companion(Protocol):
    """What acts on one miner beside its coordinator: its guard, its tuner."""

    @property
    def miner(self) -> MinerCoordinator:
        """The miner."""

    @callback
    def async_add_listener(self, listener: Callable[[], None]) -> CALLBACK_TYPE:
        """Call `listener` when anything about it may have changed."""


class CompanionEntity[C: Companion](MinerEntity):
    """An entity of a miner's guard or tuner, which also changes between readings."""

    _always_available: ClassVar[bool] = True
    """Whether it is there also while the miner is not."""

    def __init__(self, companion: C, description: MinerEntityDescription) -> None:
        """Attach the entity to the miner's device."""
        super().__init__(companion.miner, description)
        self._companion = companion

    @override
    async def async_added_to_hass(self) -> None:
        """Show what is done between two readings as well."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self._companion.async_add_listener(self._handle_coordinator_update)
        )

    @property
    @override
    def available(self) -> bool:
        """Whether there is something to show."""
        return self._always_available or super().available


@callback
def async_add_described[D: MinerEntityDescription](
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
    describe: Callable[[Reading], Iterable[D]],
    create: Callable[[MinerCoordinator, D], Entity],
    platform: str,
) -> None:
    """Add the entities a miner has now, and later those that turn up.

    What the miner had before a restart of Home Assistant is added at once, whatever
    state the miner is in. What turns up is looked for when the miner begins to do
    something else, and otherwise once a minute; only what `describe` returns anew is
    looked through as a whole.
    """
    coordinator = entry.runtime_data
    registry = er.async_get(coordinator.hass)
    prefix = f"{coordinator.identifier}_"
    known = {
        item.unique_id.removeprefix(prefix)
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
        if item.domain == platform
    }
    added: set[str] = set()
    described: Iterable[D] | None = None
    missing: list[D] = []
    looked_at, generation = -inf, coordinator.generation

    @callback
    def add_new() -> None:
        nonlocal described, missing, looked_at, generation
        if (
            coordinator.generation == generation
            and coordinator.read_at - looked_at < _LOOK_SECONDS
        ):
            return
        looked_at, generation = coordinator.read_at, coordinator.generation
        reading = coordinator.data
        present = describe(reading)
        if present is not described:
            described = present
            missing = [item for item in present if item.key not in added]
        new = [item for item in missing if item.key in known or item.exists(reading)]
        if new:
            added.update(item.key for item in new)
            missing = [item for item in missing if item.key not in added]
            async_add_entities(create(coordinator, item) for item in new)

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(add_new))


def device_info(coordinator: MinerCoordinator) -> DeviceInfo:
    """Describe the device all entities of a miner belong to."""
    identity = coordinator.snapshot.identity
    return DeviceInfo(
        identifiers={(DOMAIN, coordinator.identifier)},
        connections={(CONNECTION_NETWORK_MAC, identity.mac)} if identity.mac else set(),
        name=coordinator.display_name,
        manufacturer=identity.manufacturer,
        model=identity.model,
        model_id=identity.asic_model,
        hw_version=identity.board_version,
        sw_version=identity.firmware_version,
        configuration_url=str(coordinator.client.url),
    )
