"""What all entities of a miner have in common."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import override

from homeassistant.core import callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import CONNECTION_NETWORK_MAC, DeviceInfo
from homeassistant.helpers.entity import Entity, EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import DOMAIN
from .coordinator import MinerConfigEntry, MinerCoordinator
from .metering import Reading


@dataclass(frozen=True, kw_only=True)
class MinerEntityDescription(EntityDescription):
    """Describes an entity that exists only where the miner has what it shows."""

    has_fn: Callable[[Reading], bool] | None = None

    def exists(self, reading: Reading) -> bool:
        """Whether the miner has it.

        Asked with every reading until true, because a paused or overheated miner does
        not report everything it has.
        """
        return self.has_fn is None or self.has_fn(reading)


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
        self._shown: object = None

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
    state the miner is in.
    """
    coordinator = entry.runtime_data
    registry = er.async_get(coordinator.hass)
    known = {
        item.unique_id
        for item in er.async_entries_for_config_entry(registry, entry.entry_id)
        if item.domain == platform
    }
    added: set[str] = set()

    @callback
    def add_new() -> None:
        reading = coordinator.data
        new = [
            description
            for description in describe(reading)
            if description.key not in added
            and (
                description.exists(reading)
                or f"{coordinator.identifier}_{description.key}" in known
            )
        ]
        if new:
            added.update(description.key for description in new)
            async_add_entities(create(coordinator, item) for item in new)

    add_new()
    entry.async_on_unload(coordinator.async_add_listener(add_new))


def device_info(coordinator: MinerCoordinator) -> DeviceInfo:
    """Describe the device all entities of a miner belong to."""
    identity = coordinator.snapshot.identity
    return DeviceInfo(
        identifiers={(DOMAIN, coordinator.identifier)},
        connections={(CONNECTION_NETWORK_MAC, identity.mac)} if identity.mac else set(),
        name=coordinator.config_entry.title,
        manufacturer=identity.manufacturer,
        model=identity.model,
        model_id=identity.asic_model,
        hw_version=identity.board_version,
        sw_version=identity.firmware_version,
        configuration_url=str(coordinator.client.url),
    )
