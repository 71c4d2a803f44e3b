"""Sensors of the swarm: what all miners do altogether."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from .const import SWARM_UNIQUE_ID
from .odds import DAYS_PER_YEAR, Odds
from .reporting import Counter, Measurement, Reporter
from .swarm import Swarm, SwarmConfigEntry
from .totals import SwarmTotals

# The odds follow the hashrate; nobody needs to know them to the minute.
_ODDS_POLICY: Final = Measurement(
    resolution=0.01, step=0.25, relative=True, interval=1800
)


@dataclass(frozen=True, kw_only=True)
class SwarmSensorDescription(SensorEntityDescription):
    """Describes a sensor of the swarm."""

    value_fn: Callable[[SwarmTotals], StateType]
    policy: Measurement | Counter | None = None
    """When a number is written; `None` writes every change."""
    in_currency: bool = False
    """Whether the unit is Home Assistant's currency per day."""


def _odds(totals: SwarmTotals, figure: Callable[[Odds], float]) -> float | None:
    return None if totals.odds is None else figure(totals.odds)


SENSORS: Final = (
    SwarmSensorDescription(
        key="hashrate",
        translation_key="swarm_hashrate",
        native_unit_of_measurement="GH/s",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda totals: totals.hashrate,
        policy=Measurement(resolution=0.002, step=0.25, relative=True),
    ),
    SwarmSensorDescription(
        key="expected_hashrate",
        translation_key="swarm_expected_hashrate",
        native_unit_of_measurement="GH/s",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: totals.expected_hashrate,
    ),
    SwarmSensorDescription(
        key="power",
        translation_key="swarm_power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda totals: totals.power,
        policy=Measurement(resolution=0.002, step=0.1, relative=True),
    ),
    SwarmSensorDescription(
        key="efficiency",
        translation_key="swarm_efficiency",
        native_unit_of_measurement="J/TH",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda totals: totals.efficiency,
        policy=Measurement(resolution=0.005, step=0.25, relative=True, interval=300),
    ),
    SwarmSensorDescription(
        key="energy",
        translation_key="swarm_energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        value_fn=lambda totals: totals.energy,
        policy=Counter(),
    ),
    SwarmSensorDescription(
        key="cost_per_day",
        translation_key="swarm_cost_per_day",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        in_currency=True,
        value_fn=lambda totals: totals.cost_per_day,
        policy=Measurement(resolution=0.005, step=0.1, relative=True, interval=300),
    ),
    SwarmSensorDescription(
        key="miners",
        translation_key="swarm_miners",
        state_class=SensorStateClass.MEASUREMENT,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda totals: totals.miners,
    ),
    SwarmSensorDescription(
        key="miners_online",
        translation_key="swarm_miners_online",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda totals: totals.miners_online,
    ),
    SwarmSensorDescription(
        key="miners_mining",
        translation_key="swarm_miners_mining",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda totals: totals.miners_mining,
    ),
    SwarmSensorDescription(
        key="best_difficulty",
        translation_key="swarm_best_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda totals: totals.best_difficulty,
    ),
    SwarmSensorDescription(
        key="best_miner",
        translation_key="swarm_best_miner",
        value_fn=lambda totals: totals.best_miner,
    ),
    SwarmSensorDescription(
        key="network_difficulty",
        translation_key="swarm_network_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: totals.network_difficulty,
    ),
    SwarmSensorDescription(
        key="time_to_block",
        translation_key="swarm_time_to_block",
        # No duration: those have no years, and a swarm at home thinks in centuries.
        native_unit_of_measurement=UnitOfTime.YEARS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda totals: _odds(totals, lambda odds: odds.years_to_block),
        policy=_ODDS_POLICY,
    ),
    SwarmSensorDescription(
        key="chance_per_day",
        translation_key="swarm_chance_per_day",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=6,
        value_fn=lambda totals: _odds(totals, lambda odds: odds.chance(1)),
        policy=_ODDS_POLICY,
    ),
    SwarmSensorDescription(
        key="chance_per_year",
        translation_key="swarm_chance_per_year",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=4,
        value_fn=lambda totals: _odds(totals, lambda odds: odds.chance(DAYS_PER_YEAR)),
        policy=_ODDS_POLICY,
    ),
)


@callback
def async_setup_swarm_sensors(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of the swarm."""
    async_add_entities(
        SwarmSensor(hass, entry.runtime_data, description) for description in SENSORS
    )


class SwarmSensor(SensorEntity):
    """A sensor of the swarm; known or unknown, but never unavailable."""

    entity_description: SwarmSensorDescription
    _attr_has_entity_name = True
    _attr_should_poll = False

    def __init__(
        self, hass: HomeAssistant, swarm: Swarm, description: SwarmSensorDescription
    ) -> None:
        """Attach the sensor to the swarm's device, and take its present value."""
        self.entity_description = description
        self._swarm = swarm
        self._generation: object = None
        self._reporter: Reporter | None = (
            description.policy.reporter() if description.policy else None
        )
        self._attr_unique_id = f"{SWARM_UNIQUE_ID}_{description.key}"
        self._attr_device_info = swarm.device_info
        if description.in_currency:
            self._attr_native_unit_of_measurement = f"{hass.config.currency}/d"
        self._take()

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the swarm."""
        self.async_on_remove(self._swarm.async_add_listener(self._swarm_changed))

    @callback
    def _swarm_changed(self) -> None:
        if self._take():
            self.async_write_ha_state()

    def _take(self) -> bool:
        """Take in the present value; return whether there is something to write."""
        value = self.entity_description.value_fn(self._swarm.totals)
        if self._reporter is None:
            changed = value != self._attr_native_value
            self._attr_native_value = value
            return changed
        assert value is None or isinstance(value, int | float)
        at_once = self._generation != self._swarm.generation
        self._generation = self._swarm.generation
        due = self._reporter.take(value, dt_util.utcnow().timestamp(), at_once=at_once)
        self._attr_native_value = self._reporter.value
        return due
