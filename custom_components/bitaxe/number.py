"""Numbers: settings of a miner, confirmed by itself, and the power that is kept to."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.number import (
    NumberDeviceClass,
    NumberEntity,
    NumberEntityDescription,
    NumberMode,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import (
    EntityCategory,
    Platform,
    UnitOfElectricPotential,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import Limits, Settings, Snapshot
from .const import CONF_KIND, KIND_SWARM
from .entity import MinerEntityDescription, MinerSetting, async_add_described
from .miner.meter import Reading
from .miner.write_log import person
from .power.entities import (
    MinerPowerEntity,
    SwarmPowerEntity,
    miner_attributes,
    outcome_attributes,
)
from .power.model import MOST_POWER_OF_MINER, MOST_POWER_OF_SWARM
from .power.session import MinerPower
from .power.swarm import SwarmPower, async_get_power, power_of, swarm_power_of
from .targets.inputs import require_number

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
        # A person who sets a speed wants the fan to run at it.
        settings_fn=lambda value: Settings(auto_fan=False, fan_speed=round(value)),
    ),
    MinerNumberDescription(
        key="target_temperature",
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=35,
        native_max_value=66,
        native_step=1,
        mode=NumberMode.SLIDER,
        has_fn=_accepts("target_temperature"),
        value_fn=lambda snapshot: snapshot.cooling.target_temperature,
        settings_fn=lambda value: Settings(target_temperature=round(value)),
    ),
    MinerNumberDescription(
        key="minimum_fan_speed",
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        native_min_value=0,
        native_max_value=99,
        native_step=1,
        mode=NumberMode.SLIDER,
        has_fn=_accepts("minimum_fan_speed"),
        value_fn=lambda snapshot: snapshot.cooling.minimum_fan_speed,
        settings_fn=lambda value: Settings(minimum_fan_speed=round(value)),
    ),
    MinerNumberDescription(
        key="overheat_temperature",
        entity_registry_enabled_default=False,
        device_class=NumberDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        native_min_value=50,
        native_max_value=90,
        native_step=1,
        mode=NumberMode.SLIDER,
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


@dataclass(frozen=True, kw_only=True)
class PowerTargetDescription(MinerEntityDescription, NumberEntityDescription):
    """Describes the power that miners keep to."""


POWER_TARGET: Final = PowerTargetDescription(
    key="power_target",
    device_class=NumberDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    native_min_value=0,
    native_max_value=MOST_POWER_OF_MINER,
    native_step=1,
    mode=NumberMode.BOX,
)
SWARM_POWER_TARGET: Final = NumberEntityDescription(
    key="power_target",
    translation_key="power_target",
    device_class=NumberDeviceClass.POWER,
    native_unit_of_measurement=UnitOfPower.WATT,
    native_min_value=0,
    native_max_value=MOST_POWER_OF_SWARM,
    native_step=1,
    mode=NumberMode.BOX,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the numbers of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        power = swarm_power_of(hass)
        assert power is not None
        async_add_entities([SwarmPowerTarget(power)])
        return
    coordinator = entry.runtime_data

    without_limits = tuple(item for item in NUMBERS if item.limits_fn is None)

    def describe(_: Reading) -> tuple[MinerNumberDescription, ...]:
        # What a board of unknown limits bears nobody can say.
        return NUMBERS if coordinator.limits is not None else without_limits

    async_add_described(
        entry, async_add_entities, describe, MinerNumber, Platform.NUMBER
    )
    miner_power = power_of(hass, entry.entry_id)
    if miner_power is not None and not coordinator.snapshot.is_foreign:
        async_add_entities([PowerTarget(miner_power)])


class _Number(NumberEntity):
    """A number that is one: NaN is beyond no limit, so Home Assistant lets it pass."""

    @override
    async def async_set_native_value(self, value: float) -> None:
        """Set it, unless it is none.

        Raises:
            ServiceValidationError: it is none.

        """
        require_number(value)
        await self._async_set(value)

    @abstractmethod
    async def _async_set(self, value: float) -> None:
        """Set a number."""


class MinerNumber(MinerSetting, _Number):
    """A setting of a miner that is a number."""

    _attr_entity_category = EntityCategory.CONFIG
    entity_description: MinerNumberDescription

    @property
    @override
    def native_value(self) -> float | None:
        """The value the miner reports, also if it is outside the limits."""
        value = self.entity_description.value_fn(self.coordinator.data.snapshot)
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
    def extra_state_attributes(self) -> dict[str, str] | None:
        """What may be set, where the board decides: a box does not show it."""
        if (limits := self._limits) is None:
            return None
        low, high = limits
        return {"range": f"{low:g} – {high:g} {self.native_unit_of_measurement}"}

    @property
    @override
    def shown(self) -> object:
        """Value and limits; firmware updates may change these."""
        return (self.native_value, self._limits)

    @override
    async def _async_set(self, value: float) -> None:
        """Set it, and return once the miner confirms."""
        await self.coordinator.async_apply(
            self.entity_description.settings_fn(value), origin=person(self._context)
        )

    @property
    def _limits(self) -> tuple[float, float] | None:
        if (limits_fn := self.entity_description.limits_fn) is None:
            return None
        limits = self.coordinator.limits
        return None if limits is None else limits_fn(limits)


class PowerTarget(MinerPowerEntity, _Number):
    """The power that a miner keeps to, where it follows its own target."""

    entity_description: PowerTargetDescription

    def __init__(self, power: MinerPower) -> None:
        """Attach the number to the miner's device."""
        super().__init__(power, POWER_TARGET)

    @property
    @override
    def native_value(self) -> float | None:
        """What was chosen."""
        return self._power.target

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What is reached, and why it is not another power."""
        return miner_attributes(self._power)

    @property
    @override
    def shown(self) -> object:
        """The state and its attributes."""
        return (self.native_value, self.extra_state_attributes)

    @override
    async def _async_set(self, value: float) -> None:
        """Choose another one."""
        await self._power.async_set_target(value)
        async_get_power(self.hass).async_target_changed()
        self._power.store.check_kept()


class SwarmPowerTarget(SwarmPowerEntity, _Number):
    """The power that all miners together keep to."""

    entity_description: NumberEntityDescription
    _unrecorded_attributes = frozenset({"reached"})

    def __init__(self, power: SwarmPower) -> None:
        """Attach the number to the swarm's device."""
        super().__init__(power, SWARM_POWER_TARGET)

    @property
    @override
    def native_value(self) -> float | None:
        """What was chosen."""
        return self._power.target

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What is kept to now, what is reached, and why it is not another power."""
        return outcome_attributes(self.hass, None)

    @property
    @override
    def shown(self) -> object:
        """The state and its attributes."""
        return (self.native_value, self.extra_state_attributes)

    @override
    async def _async_set(self, value: float) -> None:
        """Choose another one."""
        await self._power.async_set_target(value)
        self._power.store.check_kept()
