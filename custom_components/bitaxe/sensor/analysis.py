"""Sensors of a miner that the analysis of its history feeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import MATCH_ALL, EntityCategory, UnitOfRatio
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from ..analysis.advice import Goal, Recommendation
from ..analysis.summary import MinerSummary
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..entity import device_info
from ..results.coordinator import MinerResults, Results, async_get_results
from ..results.payload import recommendation_as_json, stability_as_json
from .readings import UNIT_EFFICIENCY

# A change of less is noise, and a database row.
_DIGITS: Final = 2

type Attributes = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class AnalysisSensorDescription(SensorEntityDescription):
    """Describes a sensor that shows a result of the analysis."""

    value_fn: Callable[[MinerResults], StateType]
    attributes_fn: Callable[[MinerResults], Attributes | None] | None = None


def _efficiency(summary: MinerSummary | None) -> float | None:
    if summary is None or summary.efficiency is None:
        return None
    return round(summary.efficiency, _DIGITS)


def _variation(results: MinerResults) -> float | None:
    stability = results.day_stability
    return None if stability is None else round(stability.variation, _DIGITS)


def _stability_attributes(results: MinerResults) -> Attributes | None:
    stability = results.day_stability
    return None if stability is None else stability_as_json(stability)


def _recommendation(results: MinerResults) -> Recommendation | None:
    return None if results.advice is None else results.advice[Goal.EFFICIENCY]


def _best_configuration(results: MinerResults) -> str | None:
    recommendation = _recommendation(results)
    if recommendation is None or recommendation.best is None:
        return None
    return str(recommendation.best.operating_point)


def _best_configuration_attributes(results: MinerResults) -> Attributes | None:
    """Return what the claim rests on, and what the change would bring."""
    if (recommendation := _recommendation(results)) is None:
        return None
    shown = recommendation_as_json(recommendation)
    best, change = shown["best"], shown["change"]
    attributes: dict[str, Any] = {"verdict": shown["verdict"]}
    if isinstance(best, dict):
        attributes |= best
    if isinstance(change, dict):
        attributes |= {f"change_{name}": value for name, value in change.items()}
    return attributes


ANALYSIS: Final[tuple[AnalysisSensorDescription, ...]] = (
    AnalysisSensorDescription(
        key="efficiency_1h",
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UNIT_EFFICIENCY,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda results: _efficiency(results.hour),
    ),
    AnalysisSensorDescription(
        key="efficiency_24h",
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UNIT_EFFICIENCY,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda results: _efficiency(results.day),
    ),
    AnalysisSensorDescription(
        key="stability",
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_variation,
        attributes_fn=_stability_attributes,
    ),
    AnalysisSensorDescription(
        key="best_configuration",
        entity_registry_visible_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_best_configuration,
        attributes_fn=_best_configuration_attributes,
    ),
)


@callback
def async_setup_analysis_sensors(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of a miner that its history feeds."""
    results = async_get_results(hass)
    async_add_entities(
        AnalysisSensor(results, entry.runtime_data, description)
        for description in ANALYSIS
    )


class AnalysisSensor(CoordinatorEntity[Results], SensorEntity):
    """A result of the analysis; there also while the miner is offline."""

    entity_description: AnalysisSensorDescription
    _attr_has_entity_name = True
    _unrecorded_attributes = frozenset({MATCH_ALL})

    def __init__(
        self,
        results: Results,
        miner: MinerCoordinator,
        description: AnalysisSensorDescription,
    ) -> None:
        """Attach the sensor to the miner's device."""
        super().__init__(results)
        self.entity_description = description
        self._miner = miner
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{miner.identifier}_{description.key}"
        self._attr_device_info = device_info(miner)
        self._attr_extra_state_attributes = {}
        self._take()

    @override
    async def async_added_to_hass(self) -> None:
        """Ask for results, unless others already have."""
        await super().async_added_to_hass()
        if self._miner.identifier not in self.coordinator.data:
            self.async_on_remove(self.coordinator.async_want())

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state if there is something new to show."""
        if self._take():
            self.async_write_ha_state()

    def _take(self) -> bool:
        """Take in the results; return whether there is something new."""
        results = self.coordinator.data.get(self._miner.identifier, MinerResults())
        description = self.entity_description
        value = description.value_fn(results)
        attributes: dict[str, Any] = {}
        if description.attributes_fn is not None:
            attributes |= description.attributes_fn(results) or {}
        if (value, attributes) == (
            self._attr_native_value,
            self._attr_extra_state_attributes,
        ):
            return False
        self._attr_native_value = value
        self._attr_extra_state_attributes = attributes
        return True
