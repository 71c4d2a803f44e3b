"""Sensors of a miner, and the swarm's."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .const import CONF_KIND, KIND_SWARM
from .coordinator import MinerCoordinator
from .entity import MinerEntity, async_add_described
from .metering import Reading
from .reporting import Reporter
from .sensor_analysis import async_setup_analysis_sensors
from .sensor_descriptions import SENSORS, MinerSensorDescription
from .sensor_diagnostics import DIAGNOSTICS, describe_asics
from .swarm_sensor import async_setup_swarm_sensors

PARALLEL_UPDATES: Final = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        async_setup_swarm_sensors(hass, entry, async_add_entities)
        return
    async_add_described(
        entry, async_add_entities, _describe, MinerSensor, Platform.SENSOR
    )
    async_setup_analysis_sensors(hass, entry, async_add_entities)


def _describe(reading: Reading) -> Iterable[MinerSensorDescription]:
    yield from SENSORS
    yield from DIAGNOSTICS
    yield from describe_asics(reading)


class MinerSensor(MinerEntity, SensorEntity):
    """A sensor that reports what is worth a database row."""

    entity_description: MinerSensorDescription
    _unrecorded_attributes = frozenset({"reasons"})

    def __init__(
        self, coordinator: MinerCoordinator, description: MinerSensorDescription
    ) -> None:
        """Start with the present reading."""
        super().__init__(coordinator, description)
        self._generation = coordinator.generation
        self._reporter: Reporter | None = None
        if description.policy is not None:
            self._reporter = description.policy.reporter()
            self._take(self._reporter)

    @property
    @override
    def native_value(self) -> StateType | datetime:
        """What was last reported, or what is."""
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
        """Have the reporter decide whether there is something to write."""
        if self._reporter is not None and self.available:
            self._take(self._reporter)
        super()._handle_coordinator_update()

    def _take(self, reporter: Reporter) -> None:
        """Give the reporter the polled value."""
        description, reading = self.entity_description, self.coordinator.data
        value = description.value_fn(reading)
        assert value is None or isinstance(value, int | float)
        weight = description.weight_fn(reading) if description.weight_fn else 1.0
        reporter.take(
            value,
            dt_util.utcnow().timestamp(),
            at_once=self._generation != self.coordinator.generation,
            weight=weight or 0.0,
        )
        self._generation = self.coordinator.generation
