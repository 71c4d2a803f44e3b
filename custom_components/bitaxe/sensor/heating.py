"""Sensors of rooms that miners heat: what is given to them."""

from typing import Final

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import UnitOfEnergy, UnitOfPower
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..power.heating import Heating
from ..power.heating_entities import HeatingEntity
from ..runtime import SwarmConfigEntry
from .parts import PartSensor, PartSensorDescription
from .reporting import HEARTBEAT, Counter, Measurement

# The keys are those under which energy is recovered after a power cut.
SENSORS: Final = (
    PartSensorDescription[Heating](
        key="power",
        translation_key="heating_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda room: room.power,
        policy=Measurement(resolution=0.002, step=0.1, relative=True),
    ),
    PartSensorDescription[Heating](
        key="energy",
        translation_key="heating_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value_fn=lambda room: room.energy,
        policy=Counter(interval=HEARTBEAT),
    ),
)


@callback
def async_setup_heating_sensors(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each room there is, and of each to come."""

    @callback
    def add(subentry_id: str, room: Heating) -> None:
        async_add_entities(
            [HeatingSensor(room, description) for description in SENSORS],
            config_subentry_id=subentry_id,
        )

    entry.async_on_unload(entry.runtime_data.heating.async_add_listener(add))


class HeatingSensor(PartSensor[Heating], HeatingEntity):
    """A sensor of a room."""
