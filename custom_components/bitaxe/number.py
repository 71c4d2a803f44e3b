"""Numbers of a miner: its settings, confirmed by the miner itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.const import (
    EntityCategory,
    Platform,
    UnitOfElectricPotential,
    UnitOfFrequency,
    UnitOfRatio,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import Limits, Settings, Snapshot
from .coordinator import MinerConfigEntry
from .entity import MinerEntity, MinerEntityDescription, async_add_described
from .metering import Reading

PARALLEL_UPDATES: Final = 1


@dataclass(frozen=True, kw_only=True)
class MinerNumberDescription(MinerEntityDescription, NumberEntityDescription):
    """Describes a setting of a miner that is a number."""

    value_fn: Callable[[Snapshot], float | None]
    settings_fn: Callable[[float], Settings]
    limits_fn: Callable[[Limits], tuple[float, float]] | None = None
    """Lowest and highest value, where the board decides."""


def _accepts(setting: str) -> Callable[[Reading], bool]:
    """Return whether a miner's firmware has a setting."""
    return lambda reading: setting in reading.snapshot.capabilities.settings


NUMBERS: Final[tuple[MinerNumberDescription, ...]] = (
    MinerNumberDescription(
        key="frequency",
        device_class=NumberDeviceClass.FREQUENCY,
        native_unit_of_measurement=UnitOfFrequency.MEGAHERTZ,
        # The lists of some boards hold values between; the firmware takes them as well.
        native_step=0.25,
        mode=NumberMode.BOX,
        has_fn=_accepts("frequency"),
        limits_fn=lambda limits: limits.frequency,
        value_fn=lambda snapshot: snapshot.frequency,
        settings_fn=lambda value: Settings(frequency=value),
    ),
    MinerNumberDescription(
        key="core_voltage",
        device_class=NumberDeviceClass.VOLTAGE,
        native_unit_of_measurement=UnitOfElectricPotential.MILLIVOLT,
        native_step=1,
        mode=NumberMode.BOX,
        has_fn=_accepts("core_voltage"),
        limits_fn=lambda limits: limits.core_voltage,
        value_fn=lambda snapshot: snapshot.core_voltage,
        settings_fn=lambda value: Settings(core_voltage=value),
    ),
    MinerNumberDescription(
        key="fan_speed",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=0,
        native_max_value=100,
        native_step=1,
        mode=NumberMode.SLIDER,
        has_fn=_accepts("fan_speed"),
        value_fn=lambda snapshot: snapshot.cooling.fan_speed_setting,
        # Whoever sets a speed wants the fan to run at it.
        settings_fn=lambda value: Settings(auto_fan=False, fan_speed=round(value)),
    ),
    MinerNumberDescription(
        key="target_temperature",
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=35,
        native_max_value=66,
        native_step=1,
        mode=NumberMode.BOX,
        has_fn=_accepts("target_temperature"),
        value_fn=lambda snapshot: snapshot.cooling.target_temperature,
        settings_fn=lambda value: Settings(target_temperature=round(value)),
    ),
    MinerNumberDescription(
        key="minimum_fan_speed",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=0,
        native_max_value=99,
        native_step=1,
        mode=NumberMode.BOX,
        has_fn=_accepts("minimum_fan_speed"),
        value_fn=lambda snapshot: snapshot.cooling.minimum_fan_speed,
        settings_fn=lambda value: Settings(minimum_fan_speed=round(value)),
    ),
    MinerNumberDescription(
        key="overheat_temperature",
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=50,
        native_max_value=90,
        native_step=1,
        mode=NumberMode.BOX,
        has_fn=_accepts("overheat_temperature"),
        value_fn=lambda snapshot: snapshot.cooling.overheat_temperature,
        settings_fn=lambda value: Settings(overheat_temperature=round(value)),
    ),
    MinerNumberDescription(
        key="display_timeout",
        device_class=NumberDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.MINUTES,
        native_min_value=-1,
        native_max_value=65535,
        native_step=1,
        mode=NumberMode.BOX,
        entity_registry_enabled_default=False,
        has_fn=_accepts("display_timeout"),
        value_fn=lambda snapshot: snapshot.system.display_timeout,
        settings_fn=lambda value: Settings(display_timeout=round(value)),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a miner."""
    coordinator = entry.runtime_data

    def describe(_: Reading) -> list[MinerNumberDescription]:
        # What a board of unknown limits bears nobody can say.
        known = coordinator.limits is not None
        return [
            description
            for description in NUMBERS
            if known or description.limits_fn is None
        ]

    async_add_described(
        entry, async_add_entities, describe, MinerNumber, Platform.NUMBER
    )


class MinerNumber(MinerEntity, NumberEntity):
    """A setting of a miner that is a number."""

    _attr_entity_category = EntityCategory.CONFIG
    entity_description: MinerNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """The value the miner reports, also if it is outside the limits."""
        value = self.entity_description.value_fn(self.coordinator.snapshot)
        return int(value) if value is not None and value == int(value) else value

    @property
    @override
    def native_min_value(self) -> float:
        """The lowest value that may be set."""
        limits = self._limits
        return super().native_min_value if limits is None else limits[0]

    @property
    @override
    def native_max_value(self) -> float:
        """The highest value that may be set."""
        limits = self._limits
        return super().native_max_value if limits is None else limits[1]

    @property
    @override
    def shown(self) -> object:
        """Value and limits; firmware updates may change these."""
        return (self.native_value, self._limits)

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it, and return once the miner confirms."""
        await self.coordinator.async_apply(
            self.entity_description.settings_fn(value), context=self._context
        )

    @property
    def _limits(self) -> tuple[float, float] | None:
        if (limits_fn := self.entity_description.limits_fn) is None:
            return None
        limits = self.coordinator.limits
        return None if limits is None else limits_fn(limits)
