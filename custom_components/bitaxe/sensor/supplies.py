"""Sensors of power supplies: what they take from the wall, and what they lose."""

from typing import Any, Final, override

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import PERCENTAGE, UnitOfEnergy, UnitOfPower
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..runtime import SwarmConfigEntry
from ..swarm.supply import Supply
from .parts import PartSensor, PartSensorDescription
from .reporting import HEARTBEAT, Counter, Measurement

_POWER: Final = Measurement(resolution=0.002, step=0.1, relative=True)
_RATIO: Final = Measurement(resolution=0.01, step=0.25, relative=True, interval=300)

# The keys of power and energy are those under which energy is recovered after a power
# cut.
SENSORS: Final = (
    PartSensorDescription[Supply](
        key="power",
        translation_key="supply_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda supply: supply.wall,
        policy=_POWER,
    ),
    PartSensorDescription[Supply](
        key="energy",
        translation_key="supply_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value_fn=lambda supply: supply.energy,
        policy=Counter(interval=HEARTBEAT),
    ),
    PartSensorDescription[Supply](
        key="efficiency",
        translation_key="supply_efficiency",
        native_unit_of_measurement="J/TH",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda supply: supply.efficiency,
        policy=_RATIO,
    ),
    PartSensorDescription[Supply](
        key="loss",
        translation_key="supply_loss",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda supply: supply.loss,
        policy=_RATIO,
    ),
    PartSensorDescription[Supply](
        key="loss_share",
        translation_key="supply_loss_share",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda supply: supply.loss_share,
        policy=_RATIO,
    ),
    PartSensorDescription[Supply](
        key="load",
        translation_key="supply_load",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        has_fn=lambda supply: supply.options.rated is not None,
        value_fn=lambda supply: supply.load,
        policy=_RATIO,
    ),
)


@callback
def async_setup_supply_sensors(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each supply there is, and of each to come."""

    @callback
    def add(subentry_id: str, supply: Supply) -> None:
        added: set[str] = set()

        @callback
        def add_new() -> None:
            new = [
                item
                for item in SENSORS
                if item.key not in added and item.has_fn(supply)
            ]
            if new:
                added.update(item.key for item in new)
                async_add_entities(
                    [SupplySensor(supply, item) for item in new],
                    config_subentry_id=subentry_id,
                )

        add_new()
        entry.async_on_unload(supply.async_add_listener(add_new))

    supplies = entry.runtime_data.swarm.supplies
    entry.async_on_unload(supplies.async_add_listener(add))


class SupplySensor(PartSensor[Supply]):
    """A sensor of a power supply."""

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """Why it is not known."""
        if self.entity_description.key != "power":
            return None
        return {"reason": self._part.problem}
