"""Thermostats of rooms that miners heat."""

from typing import Any, Final, override

from homeassistant.components.climate import ClimateEntity
from homeassistant.components.climate.const import (
    ATTR_HVAC_MODE,
    PRESET_NONE,
    ClimateEntityFeature,
    HVACAction,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, PRECISION_TENTHS, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .power.heating import COLDEST_TARGET, WARMEST_TARGET, Heating, Heatings
from .power.heating_entities import HeatingEntity
from .runtime import SwarmConfigEntry
from .targets.inputs import require_number

PARALLEL_UPDATES: Final = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add a thermostat for each room there is, and for each to come."""

    @callback
    def add(subentry_id: str, room: Heating) -> None:
        thermostat = RoomThermostat(room, heating)
        async_add_entities([thermostat], config_subentry_id=subentry_id)

    heating = entry.runtime_data.heating
    entry.async_on_unload(heating.async_add_listener(add))


class RoomThermostat(HeatingEntity, ClimateEntity):
    """Keeps a room at a temperature by the power of its miners."""

    _attr_name = None
    _attr_translation_key = "heating"
    _attr_precision = PRECISION_TENTHS
    _attr_target_temperature_step = 0.5
    _attr_min_temp = COLDEST_TARGET
    _attr_max_temp = WARMEST_TARGET
    _unrecorded_attributes = frozenset({"wanted_power"})

    def __init__(self, room: Heating, heating: Heatings) -> None:
        """Attach the thermostat to the device of the room; `heating` keeps all."""
        super().__init__(room, None)
        self._heating = heating
        self._attr_hvac_modes = [HVACMode.OFF, HVACMode.HEAT]

    @property
    @override
    def supported_features(self) -> ClimateEntityFeature:
        """What can be set: profiles only where there are any."""
        features = (
            ClimateEntityFeature.TARGET_TEMPERATURE
            | ClimateEntityFeature.TURN_ON
            | ClimateEntityFeature.TURN_OFF
        )
        if len(self._part.presets) > 1:
            features |= ClimateEntityFeature.PRESET_MODE
        return features

    @property
    @override
    def hvac_mode(self) -> HVACMode:
        """Whether the room is to be heated."""
        return HVACMode.HEAT if self._part.heats else HVACMode.OFF

    @property
    @override
    def hvac_action(self) -> HVACAction:
        """What is done about it."""
        if not self._part.heats:
            return HVACAction.OFF
        return HVACAction.HEATING if self._part.is_heating else HVACAction.IDLE

    @property
    def native_temperature_unit(self) -> str:
        """°C, whatever people see."""
        return UnitOfTemperature.CELSIUS

    @property
    def native_current_temperature(self) -> float | None:
        """°C of the room."""
        temperature = self._part.temperature
        return None if temperature is None else round(temperature, 1)

    @property
    def native_target_temperature(self) -> float:
        """°C that are wanted."""
        return self._part.target

    @property
    @override
    def preset_modes(self) -> list[str]:
        """The profiles that bound its miners."""
        return self._part.presets

    @property
    @override
    def preset_mode(self) -> str:
        """The profile that is not exceeded now."""
        preset = self._part.preset
        return preset if preset in self._part.presets else PRESET_NONE

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Why the room gets the heat that it gets."""
        wanted = self._part.wanted
        return {
            "reason": self._part.reason,
            "window_open": self._part.window_open,
            "wanted_power": None if wanted is None else round(wanted),
            "left_by": self._part.left_by,
        }

    @property
    @override
    def shown(self) -> object:
        """All of it."""
        return (
            self.hvac_mode,
            self.hvac_action,
            self.native_current_temperature,
            self.native_target_temperature,
            self.preset_mode,
            tuple(self.preset_modes),
            self.extra_state_attributes,
        )

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Heat the room, or do not."""
        if self._part.async_set_heating(hvac_mode is HVACMode.HEAT):
            await self._heating.async_save_for_person()

    @override
    async def async_turn_on(self) -> None:
        """Heat the room."""
        await self.async_set_hvac_mode(HVACMode.HEAT)

    @override
    async def async_turn_off(self) -> None:
        """Do not heat it."""
        await self.async_set_hvac_mode(HVACMode.OFF)

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Choose the temperature, and perhaps whether to heat."""
        changed = False
        if (temperature := kwargs.get(ATTR_TEMPERATURE)) is not None:
            require_number(temperature)
            changed = self._part.async_set_target(temperature)
        if (mode := kwargs.get(ATTR_HVAC_MODE)) is not None:
            changed |= self._part.async_set_heating(mode is HVACMode.HEAT)
        if changed:
            await self._heating.async_save_for_person()

    @override
    async def async_set_preset_mode(self, preset_mode: str) -> None:
        """Choose the profile that is not exceeded."""
        if self._part.async_set_preset(preset_mode):
            await self._heating.async_save_for_person()


if not hasattr(ClimateEntity, "native_current_temperature"):
    # Home Assistant asks by the names without `native` before 2026.11, and by none but
    # the others from 2027.11 on.
    for _name in ("temperature_unit", "current_temperature", "target_temperature"):
        setattr(RoomThermostat, _name, getattr(RoomThermostat, f"native_{_name}"))
