"""Sensors of the swarm: what all miners do altogether."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    PERCENTAGE,
    EntityCategory,
    Platform,
    UnitOfEnergy,
    UnitOfPower,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, OPTION_NATIVE_UNIT, SWARM_UNIQUE_ID
from ..formatting import currency_decimals, difficulty
from ..results.costs import Costs, Period
from ..runtime import SwarmConfigEntry
from ..swarm.block_odds import DAYS_PER_YEAR, Odds
from ..swarm.coordinator import Swarm
from ..swarm.money import Earnings
from ..swarm.totals import SwarmTotals
from .reporting import HEARTBEAT, Counter, Measurement, Reporter

# The odds follow the hashrate; nobody needs to know them to the minute.
_ODDS_POLICY: Final = Measurement(
    resolution=0.01, step=0.25, relative=True, interval=1800
)


# Hashrate, power and prices move all the time; money is looked at by the day.
_MONEY_POLICY: Final = Measurement(
    resolution=0.005, step=0.1, relative=True, interval=300
)
_PER_DAY: Final = "{currency}/d"
_HASHRATE: Final = "TH/s"
_EARLIER_HASHRATE: Final = "GH/s"
_GH_PER_TH: Final = 1000


@dataclass(frozen=True, kw_only=True)
class SwarmSensorDescription(SensorEntityDescription):
    """Describes a sensor of the swarm."""

    value_fn: Callable[[SwarmTotals], StateType]
    policy: Measurement | Counter | None = None
    """When a number is written; `None` writes every change."""
    attributes_fn: Callable[[Swarm], dict[str, Any]] | None = None
    unit_of_money: str | None = None
    """A unit with `{currency}`, which is that of Home Assistant."""


def _terahashes(hashrate: float | None) -> float | None:
    """Turn GH/s into TH/s."""
    return None if hashrate is None else hashrate / _GH_PER_TH


def _odds(totals: SwarmTotals, figure: Callable[[Odds], float]) -> float | None:
    return None if totals.odds is None else figure(totals.odds)


def _earnings(
    totals: SwarmTotals, figure: Callable[[Earnings], float | None]
) -> float | None:
    return None if totals.earnings is None else figure(totals.earnings)


def _readable(value: float | None) -> dict[str, Any]:
    """Write a difficulty as miners do: 18.6 G."""
    return {} if value is None else {"readable": difficulty(value, " ")}


def _best_shares(swarm: Swarm) -> dict[str, Any]:
    """Return the best shares of all times; the time of the oldest is unknown."""
    return {
        **_readable(swarm.totals.best_difficulty),
        "best_shares": [
            {
                "difficulty": share.difficulty,
                **_readable(share.difficulty),
                "miner": share.name,
                "time": None
                if share.time is None
                else dt_util.utc_from_timestamp(share.time).isoformat(),
            }
            for share in swarm.best_shares
        ],
    }


SENSORS: Final = (
    SwarmSensorDescription(
        key="hashrate",
        translation_key="swarm_hashrate",
        native_unit_of_measurement=_HASHRATE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda totals: _terahashes(totals.hashrate),
        policy=Measurement(resolution=0.002, step=0.25, relative=True),
    ),
    SwarmSensorDescription(
        key="expected_hashrate",
        translation_key="swarm_expected_hashrate",
        native_unit_of_measurement=_HASHRATE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: _terahashes(totals.expected_hashrate),
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
        policy=Counter(interval=HEARTBEAT),
    ),
    SwarmSensorDescription(
        key="cost_per_day",
        translation_key="swarm_cost_per_day",
        state_class=SensorStateClass.MEASUREMENT,
        unit_of_money=_PER_DAY,
        value_fn=lambda totals: totals.cost_per_day,
        policy=_MONEY_POLICY,
    ),
    SwarmSensorDescription(
        key="income_sats",
        translation_key="swarm_income_sats",
        native_unit_of_measurement="sat/d",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda totals: _earnings(totals, lambda item: item.sats_per_day),
        policy=_MONEY_POLICY,
    ),
    SwarmSensorDescription(
        key="income",
        translation_key="swarm_income",
        state_class=SensorStateClass.MEASUREMENT,
        unit_of_money=_PER_DAY,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: _earnings(totals, lambda item: item.income_per_day),
        policy=_MONEY_POLICY,
    ),
    SwarmSensorDescription(
        key="margin",
        translation_key="swarm_margin",
        state_class=SensorStateClass.MEASUREMENT,
        unit_of_money=_PER_DAY,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: _earnings(totals, lambda item: item.margin_per_day),
        policy=_MONEY_POLICY,
    ),
    SwarmSensorDescription(
        key="break_even_price",
        translation_key="swarm_break_even_price",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=3,
        unit_of_money="{currency}/kWh",
        entity_registry_enabled_default=False,
        value_fn=lambda totals: _earnings(totals, lambda item: item.break_even_price),
        policy=_MONEY_POLICY,
    ),
    SwarmSensorDescription(
        key="sats_per_kwh",
        translation_key="swarm_sats_per_kwh",
        native_unit_of_measurement="sat/kWh",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: _earnings(totals, lambda item: item.sats_per_kwh),
        policy=_MONEY_POLICY,
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
        attributes_fn=_best_shares,
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
        attributes_fn=lambda swarm: _readable(swarm.totals.network_difficulty),
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: totals.network_difficulty,
    ),
    SwarmSensorDescription(
        key="block_height",
        translation_key="swarm_block_height",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda totals: totals.block_height,
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
    swarm = entry.runtime_data.swarm
    costs = Costs(hass, swarm)
    async_add_entities(
        [
            *(SwarmSensor(hass, swarm, description) for description in SENSORS),
            *(CostSensor(costs, period) for period in Period),
        ]
    )


@callback
def _hashrate_unit(hass: HomeAssistant, unique_id: str) -> str:
    """Return the unit that the statistics of a hashrate were begun in.

    Home Assistant knows no units of hashrate, so it cannot convert them, and raises a
    repair where one changes. Version 0.1 began in GH/s, and what it began stays so,
    also when the swarm is removed and added again.
    """
    registry = er.async_get(hass)
    entity_id = registry.async_get_entity_id(Platform.SENSOR, DOMAIN, unique_id)
    known = (
        registry.deleted_entities.get((Platform.SENSOR, DOMAIN, unique_id))
        if entity_id is None
        else registry.async_get(entity_id)
    )
    if known is None:
        return _HASHRATE
    options = known.options
    kept: Mapping[str, Any] = (
        options.get(DOMAIN, {}) if isinstance(options, Mapping) else {}
    )
    unit: str = kept.get(OPTION_NATIVE_UNIT, _EARLIER_HASHRATE)
    return unit


class SwarmSensor(CoordinatorEntity[Swarm], SensorEntity):
    """A sensor of the swarm; known or unknown, but never unavailable."""

    entity_description: SwarmSensorDescription
    _attr_has_entity_name = True
    _unrecorded_attributes = frozenset({"best_shares", "readable"})

    def __init__(
        self, hass: HomeAssistant, swarm: Swarm, description: SwarmSensorDescription
    ) -> None:
        """Attach the sensor to the swarm's device, and take its present value."""
        super().__init__(swarm)
        self.entity_description = description
        self._generation: object = None
        self._reporter: Reporter | None = (
            description.policy.reporter() if description.policy else None
        )
        self._attr_unique_id = f"{SWARM_UNIQUE_ID}_{description.key}"
        self._attr_device_info = swarm.device_info
        if (unit := description.unit_of_money) is not None:
            self._attr_native_unit_of_measurement = unit.format(
                currency=hass.config.currency
            )
            if unit == _PER_DAY:
                self._attr_suggested_display_precision = currency_decimals(
                    hass.config.currency
                )
        self._scale = 1
        if description.native_unit_of_measurement == _HASHRATE:
            unit = _hashrate_unit(hass, self._attr_unique_id)
            self._attr_native_unit_of_measurement = unit
            if unit == _EARLIER_HASHRATE:
                self._scale = _GH_PER_TH
                self._attr_suggested_display_precision = 0
        self._take()

    @override
    def get_initial_entity_options(self) -> er.EntityOptionsType | None:
        """Keep in which unit the statistics of a hashrate begin."""
        options = super().get_initial_entity_options()
        if self.entity_description.native_unit_of_measurement != _HASHRATE:
            return options
        unit = self._attr_native_unit_of_measurement
        return {**(options or {}), DOMAIN: {OPTION_NATIVE_UNIT: unit}}

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any] | None:
        """What makes a large figure readable, and where it came from."""
        attributes_fn = self.entity_description.attributes_fn
        return attributes_fn(self.coordinator) if attributes_fn else None

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if there is something new to show."""
        if self._take():
            self.async_write_ha_state()

    def _take(self) -> bool:
        """Take in the present value; return whether there is something to write."""
        value = self.entity_description.value_fn(self.coordinator.totals)
        if self._scale != 1 and isinstance(value, float | int):
            value *= self._scale
        if self._reporter is None:
            changed = value != self._attr_native_value
            self._attr_native_value = value
            return changed
        assert value is None or isinstance(value, int | float)
        at_once = self._generation != self.coordinator.generation
        self._generation = self.coordinator.generation
        due = self._reporter.take(value, monotonic(), at_once=at_once)
        self._attr_native_value = self._reporter.value
        return due


_COST_TEXTS: Final = {
    Period.MONTH: "swarm_cost_month",
    Period.YEAR: "swarm_cost_year",
}


class CostSensor(CoordinatorEntity[Costs], SensorEntity):
    """What the electricity of a month or year cost so far."""

    _attr_has_entity_name = True
    _attr_device_class = SensorDeviceClass.MONETARY
    _attr_state_class = SensorStateClass.TOTAL

    def __init__(self, costs: Costs, period: Period) -> None:
        """Attach the sensor to the swarm's device."""
        super().__init__(costs)
        self._period = period
        self._attr_translation_key = _COST_TEXTS[period]
        self._attr_unique_id = f"{SWARM_UNIQUE_ID}_cost_{period}"
        self._attr_device_info = costs.swarm.device_info
        currency = costs.hass.config.currency
        self._attr_native_unit_of_measurement = currency
        self._attr_suggested_display_precision = currency_decimals(currency)
        self._attr_entity_registry_enabled_default = period is Period.MONTH
        self._take()

    @override
    async def async_added_to_hass(self) -> None:
        """Have the cost worked out soon after Home Assistant has started."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_want())

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._take()
        super()._handle_coordinator_update()

    def _take(self) -> None:
        cost = self.coordinator.data.get(self._period)
        self._attr_native_value = None if cost is None else cost.amount
        self._attr_last_reset = None if cost is None else cost.since
