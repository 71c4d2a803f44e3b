"""Binary sensors of a miner: what is wrong, and what is connected."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import Family
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerEntity, MinerEntityDescription, async_add_described
from .metering import Reading

PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class MinerBinarySensorDescription(
    MinerEntityDescription, BinarySensorEntityDescription
):
    """Describes a binary sensor of a miner."""

    is_on_fn: Callable[[MinerCoordinator], bool | None]
    attributes_fn: Callable[[Reading], dict[str, Any]] | None = None


def _causes(reading: Reading) -> list[str]:
    """Name everything that is wrong, by the keys of the other binary sensors."""
    faults = reading.snapshot.faults
    found = {
        "overheated": faults.overheated is True,
        "power_fault": faults.power is not None,
        "hardware_fault": faults.hardware is not None,
        "flatlined": reading.figures.flatlined,
    }
    return [cause for cause, there in found.items() if there]


BINARY_SENSORS: Final[tuple[MinerBinarySensorDescription, ...]] = (
    MinerBinarySensorDescription(
        key="problem",
        device_class=BinarySensorDeviceClass.PROBLEM,
        is_on_fn=lambda miner: bool(_causes(miner.data)),
        attributes_fn=lambda reading: {"causes": _causes(reading)},
    ),
    MinerBinarySensorDescription(
        key="overheated",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.faults.overheated is not None,
        is_on_fn=lambda miner: miner.snapshot.faults.overheated,
    ),
    MinerBinarySensorDescription(
        key="power_fault",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.faults.reports_power,
        is_on_fn=lambda miner: miner.snapshot.faults.power is not None,
        attributes_fn=lambda reading: {"description": reading.snapshot.faults.power},
    ),
    MinerBinarySensorDescription(
        key="hardware_fault",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.faults.reports_hardware,
        is_on_fn=lambda miner: miner.snapshot.faults.hardware is not None,
        attributes_fn=lambda reading: {"description": reading.snapshot.faults.hardware},
    ),
    MinerBinarySensorDescription(
        key="flatlined",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda miner: miner.data.figures.flatlined,
    ),
    MinerBinarySensorDescription(
        key="detuned",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        # Only AxeOS lowers its own settings.
        has_fn=lambda reading: reading.snapshot.identity.family is Family.AXEOS,
        is_on_fn=lambda miner: miner.is_detuned,
    ),
    MinerBinarySensorDescription(
        key="pool_connected",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.pools.connected is not None,
        is_on_fn=lambda miner: miner.snapshot.pools.connected,
    ),
    MinerBinarySensorDescription(
        key="using_fallback_pool",
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.pools.using_fallback is not None,
        is_on_fn=lambda miner: miner.snapshot.pools.using_fallback,
    ),
    MinerBinarySensorDescription(
        key="prefer_fallback_pool",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        has_fn=lambda reading: reading.snapshot.pools.prefer_fallback is not None,
        is_on_fn=lambda miner: miner.snapshot.pools.prefer_fallback,
    ),
    MinerBinarySensorDescription(
        key="dual_pool",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        has_fn=lambda reading: reading.snapshot.pools.dual is not None,
        is_on_fn=lambda miner: miner.snapshot.pools.dual,
    ),
    MinerBinarySensorDescription(
        key="block_notice",
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.pools.block_notice is not None,
        is_on_fn=lambda miner: miner.snapshot.pools.block_notice,
    ),
    MinerBinarySensorDescription(
        key="otp",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        has_fn=lambda reading: reading.snapshot.identity.family is Family.NERDOS,
        is_on_fn=lambda miner: miner.snapshot.capabilities.otp,
    ),
    MinerBinarySensorDescription(
        key="ethernet",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.system.ethernet is not None,
        is_on_fn=lambda miner: miner.snapshot.system.ethernet,
    ),
    MinerBinarySensorDescription(
        key="access_point",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        has_fn=lambda reading: reading.snapshot.system.access_point is not None,
        is_on_fn=lambda miner: miner.snapshot.system.access_point,
    ),
    MinerBinarySensorDescription(
        key="overclock_enabled",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        has_fn=lambda reading: reading.snapshot.system.overclock_enabled is not None,
        is_on_fn=lambda miner: miner.snapshot.system.overclock_enabled,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of a miner."""
    async_add_described(
        entry,
        async_add_entities,
        lambda _: BINARY_SENSORS,
        MinerBinarySensor,
        Platform.BINARY_SENSOR,
    )


class MinerBinarySensor(MinerEntity, BinarySensorEntity):
    """Something about a miner that is so or not."""

    entity_description: MinerBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether it is so; unknown if the miner does not say."""
        return self.entity_description.is_on_fn(self.coordinator)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """What explains the state."""
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator.data) if attributes_fn else None

    @property
    @override
    def shown(self) -> object:
        """State and explanation."""
        return (self.is_on, self.extra_state_attributes)
