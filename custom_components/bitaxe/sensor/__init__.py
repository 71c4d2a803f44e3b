"""Sensors of a miner, and the swarm's."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from ..const import CONF_KIND, DOMAIN, KIND_SWARM, OPTION_NATIVE_UNIT
from ..coordinator import MinerCoordinator
from ..entity import MinerEntity, async_add_described
from ..miner.meter import Reading
from ..tuning.session import tuner_of
from .analysis import async_setup_analysis_sensors
from .diagnostics import DIAGNOSTICS, AsicLayout, asic_layout, describe_asics
from .heating import async_setup_heating_sensors
from .pools import async_setup_account_sensors, async_setup_sighting_sensors
from .readings import SENSORS, UNIT_SHARES, MinerSensorDescription
from .reporting import Reporter
from .supplies import async_setup_supply_sensors
from .swarm import async_setup_swarm_sensors
from .tuning import TuningSensor

PARALLEL_UPDATES: Final = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        async_setup_swarm_sensors(hass, entry, async_add_entities)
        async_setup_account_sensors(hass, entry, async_add_entities)
        async_setup_heating_sensors(hass, entry, async_add_entities)
        async_setup_supply_sensors(hass, entry, async_add_entities)
        return
    async_add_described(
        entry, async_add_entities, _describe, MinerSensor, Platform.SENSOR
    )
    async_setup_analysis_sensors(hass, entry, async_add_entities)
    async_setup_sighting_sensors(hass, entry, async_add_entities)
    if (tuner := tuner_of(hass, entry.entry_id)) is not None:
        async_add_entities([TuningSensor(tuner)])


def _describe(reading: Reading) -> tuple[MinerSensorDescription, ...]:
    return _descriptions(asic_layout(reading))


@lru_cache(maxsize=64)
def _descriptions(layout: AsicLayout) -> tuple[MinerSensorDescription, ...]:
    return (*SENSORS, *DIAGNOSTICS, *describe_asics(layout))


@callback
def _earlier_unit(
    coordinator: MinerCoordinator, description: MinerSensorDescription
) -> str | None:
    """Return the unit that the statistics of a sensor were begun in.

    Home Assistant raises a repair where it changes. Adopted sensors keep the unit that
    they had. Version 0.1 translated that of shares, so that a German home has "Shares".
    """
    unit = description.native_unit_of_measurement
    registry = er.async_get(coordinator.hass)
    entity_id = registry.async_get_entity_id(
        Platform.SENSOR, DOMAIN, f"{coordinator.identifier}_{description.key}"
    )
    entity = registry.async_get(entity_id) if entity_id is not None else None
    if entity is None:
        return unit
    adopted: Mapping[str, Any] = entity.options.get(DOMAIN, {})
    if OPTION_NATIVE_UNIT in adopted:
        kept: str | None = adopted[OPTION_NATIVE_UNIT]
        return kept
    before = entity.unit_of_measurement
    is_translated = (
        unit == UNIT_SHARES and before is not None and before.casefold() == unit
    )
    return before if is_translated else unit


class MinerSensor(MinerEntity, SensorEntity):
    """A sensor that reports what is worth a database row."""

    entity_description: MinerSensorDescription
    _unrecorded_attributes = frozenset({"readable", "reasons"})

    def __init__(
        self, coordinator: MinerCoordinator, description: MinerSensorDescription
    ) -> None:
        """Start with the present reading."""
        super().__init__(coordinator, description)
        self._attr_native_unit_of_measurement = _earlier_unit(coordinator, description)
        self._generation = coordinator.generation
        self._present: StateType = None
        """What was last read, where there is no reporter."""
        self._reporter: Reporter | None = None
        if description.policy is not None:
            self._reporter = description.policy.reporter()
            self._take(self._reporter)

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """The value that was last reported; without a reporter, the present one."""
        description = self.entity_description
        if self._reporter is None:
            present = description.value_fn(self.coordinator.data)
            if isinstance(present, float) and present.is_integer():
                return int(present)
            return present
        value = self._reporter.value
        if value is None:
            return None
        if description.device_class is SensorDeviceClass.UPTIME:
            return dt_util.utc_from_timestamp(value)
        # A digit more than is displayed; the rest is noise that costs storage.
        return round(value, (description.suggested_display_precision or 0) + 1)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """What explains the state."""
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator.data) if attributes_fn else None

    @property
    @override
    def shown(self) -> object:
        """The state itself."""
        return self.native_value

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if there is something new, or worth to be reported.

        Most readings end here: nothing is rounded or compared that was not new before.
        """
        available = self.available
        is_new = False
        if not available:
            pass
        elif self._reporter is not None:
            is_new = self._take(self._reporter)
        else:
            present = self.entity_description.value_fn(self.coordinator.data)
            is_new = present != self._present
            self._present = present
        if is_new or self._shown is None or self._shown[0] is not available:
            super()._handle_coordinator_update()

    def _take(self, reporter: Reporter) -> bool:
        """Give the reporter the polled value; return whether it reports a new one."""
        description, reading = self.entity_description, self.coordinator.data
        value = description.value_fn(reading)
        if TYPE_CHECKING:
            assert value is None or isinstance(value, int | float)
        weight = description.weight_fn(reading) if description.weight_fn else 1.0
        reported = reporter.take(
            value,
            self.coordinator.read_at,
            at_once=self._generation != self.coordinator.generation,
            weight=weight or 0.0,
        )
        self._generation = self.coordinator.generation
        return reported
