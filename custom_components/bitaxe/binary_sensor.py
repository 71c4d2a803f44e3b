"""Binary sensors of a miner: what is wrong, and what is connected."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .alerts.model import Alert, AlertKind
from .alerts.texts import describe
from .axeos import Family
from .const import CONF_KIND, KIND_SWARM, SIGNAL_RAISED, SWARM_UNIQUE_ID
from .coordinator import MinerCoordinator
from .entity import MinerEntity, MinerEntityDescription, async_add_described
from .miner.meter import Reading
from .miner.names import miner_name
from .swarm.coordinator import Swarm, async_find_swarm

PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class MinerBinarySensorDescription(
    MinerEntityDescription, BinarySensorEntityDescription
):
    """Describes a binary sensor of a miner."""

    is_on_fn: Callable[[MinerCoordinator], bool | None]
    attributes_fn: Callable[[Reading], dict[str, Any]] | None = None


PROBLEM: Final = MinerBinarySensorDescription(
    key="problem",
    device_class=BinarySensorDeviceClass.PROBLEM,
    is_on_fn=lambda miner: None,
)
SWARM_PROBLEM: Final = BinarySensorEntityDescription(
    key="problem",
    translation_key="swarm_problem",
    device_class=BinarySensorDeviceClass.PROBLEM,
)
_CAUSES: Final[Mapping[AlertKind, str]] = {
    AlertKind.OVERHEATING: "overheated",
    AlertKind.FROZEN_HASHRATE: "flatlined",
}
"""Names that automations know from before there were alerts."""

BINARY_SENSORS: Final[tuple[MinerBinarySensorDescription, ...]] = (
    MinerBinarySensorDescription(
        key="overheated",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.faults.overheated is not None,
        is_on_fn=lambda miner: miner.snapshot.faults.overheated,
    ),
    MinerBinarySensorDescription(
        key="power_fault",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.faults.reports_power,
        is_on_fn=lambda miner: miner.snapshot.faults.power is not None,
        attributes_fn=lambda reading: {"description": reading.snapshot.faults.power},
    ),
    MinerBinarySensorDescription(
        key="hardware_fault",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.faults.reports_hardware,
        is_on_fn=lambda miner: miner.snapshot.faults.hardware is not None,
        attributes_fn=lambda reading: {"description": reading.snapshot.faults.hardware},
    ),
    MinerBinarySensorDescription(
        key="flatlined",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        is_on_fn=lambda miner: miner.data.figures.flatlined,
    ),
    MinerBinarySensorDescription(
        key="detuned",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        # Only AxeOS lowers its own settings.
        has_fn=lambda reading: reading.snapshot.identity.family is Family.AXEOS,
        is_on_fn=lambda miner: miner.is_detuned,
    ),
    MinerBinarySensorDescription(
        key="pool_connected",
        entity_registry_enabled_default=False,
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.pools.connected is not None,
        is_on_fn=lambda miner: miner.snapshot.pools.connected,
    ),
    MinerBinarySensorDescription(
        key="using_fallback_pool",
        entity_registry_enabled_default=False,
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
        entity_registry_enabled_default=False,
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
        entity_registry_enabled_default=False,
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
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the binary sensors of a miner, or that of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        async_add_entities([SwarmProblem(entry.runtime_data.swarm)])
        return
    async_add_entities([MinerProblem(entry.runtime_data, PROBLEM)])
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


class MinerProblem(MinerEntity, BinarySensorEntity):
    """Whether a miner needs attention: whether any alert about it is raised.

    It is as silent as the rules of alerts, and is on also for a miner that is offline.
    """

    entity_description: MinerBinarySensorDescription
    _unrecorded_attributes = frozenset({"reasons"})
    _alerts: tuple[Alert, ...] = ()

    @property
    @override
    def available(self) -> bool:
        """Always: a miner that is offline is a problem."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Whether anything is raised."""
        return bool(self._alerts)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What is raised, by name and in words, with the figures it was raised for."""
        return {
            "causes": [_CAUSES.get(alert.kind, alert.kind) for alert in self._alerts],
            "reasons": [describe(self.hass, alert) for alert in self._alerts],
        }

    @property
    @override
    def shown(self) -> object:
        """Nothing that a reading changes."""
        return None

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the alerts of the swarm, whichever is set up now or later."""
        await super().async_added_to_hass()
        if (swarm := async_find_swarm(self.hass)) is not None:
            self._take(swarm.alerts.active)
        self.async_on_remove(
            async_dispatcher_connect(self.hass, SIGNAL_RAISED, self._raised_changed)
        )

    @callback
    def _raised_changed(self, active: Mapping[str, tuple[Alert, ...]]) -> None:
        if self._take(active):
            self.async_write_ha_state()

    def _take(self, active: Mapping[str, tuple[Alert, ...]]) -> bool:
        """Take in what is raised; return whether it is something else."""
        before = _identities(self._alerts)
        entry_id = self.coordinator.config_entry.entry_id
        self._alerts = active.get(entry_id, ())
        return _identities(self._alerts) != before


class SwarmProblem(BinarySensorEntity):
    """Whether any miner of the swarm needs attention."""

    entity_description = SWARM_PROBLEM
    _attr_has_entity_name = True
    _attr_should_poll = False
    _unrecorded_attributes = frozenset({"reasons"})

    def __init__(self, swarm: Swarm) -> None:
        """Attach the sensor to the swarm's device."""
        self._swarm = swarm
        self._attr_unique_id = f"{SWARM_UNIQUE_ID}_{SWARM_PROBLEM.key}"
        self._attr_device_info = swarm.device_info
        self._alerts: dict[str, tuple[Alert, ...]] = {}

    @property
    @override
    def is_on(self) -> bool:
        """Whether anything is raised."""
        return bool(self._alerts)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Which miners, and what is raised in words."""
        return {"miners": list(self._alerts), "reasons": self._reasons}

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the alerts."""
        self._take(self._swarm.alerts.active)
        self.async_on_remove(
            async_dispatcher_connect(self.hass, SIGNAL_RAISED, self._raised_changed)
        )

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""

    @property
    def _reasons(self) -> list[str]:
        return [
            f"{name} {describe(self.hass, alert)}"
            for name, alerts in self._alerts.items()
            for alert in alerts
        ]

    @callback
    def _raised_changed(self, active: Mapping[str, tuple[Alert, ...]]) -> None:
        if self._take(active):
            self.async_write_ha_state()

    def _take(self, active: Mapping[str, tuple[Alert, ...]]) -> bool:
        """Take in what is raised; return whether it is something else."""
        alerts = {
            miner_name(self.hass, entry): active[entry.entry_id]
            for entry in self._swarm.entries
            if entry.entry_id in active
        }
        changed = _by_name(alerts) != _by_name(self._alerts)
        self._alerts = alerts
        return changed


def _identities(alerts: Iterable[Alert]) -> list[tuple[AlertKind, float]]:
    """Return what makes raised alerts the same, whatever is measured meanwhile."""
    return [(alert.kind, alert.since) for alert in alerts]


def _by_name(
    alerts: Mapping[str, Iterable[Alert]],
) -> dict[str, list[tuple[AlertKind, float]]]:
    return {name: _identities(raised) for name, raised in alerts.items()}
