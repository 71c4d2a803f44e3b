"""Actions: changes to one or several miners at once."""

from datetime import timedelta
from typing import Final

from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .axeos import Settings
from .const import DOMAIN
from .coordinator import MinerCoordinator
from .discord.services import async_setup_discord_services
from .guard.guard import DEFAULT_MAINTENANCE, guard_of
from .miner.claims import LONGEST_MAINTENANCE
from .miner.write_log import person
from .power.services import async_setup_power_services
from .results.import_service import async_setup_import_service
from .results.services import async_setup_analysis_services
from .swarm.backup_services import async_setup_backup_services
from .swarm.note_services import async_setup_note_services
from .swarm.settings_services import async_setup_settings_services
from .targets import async_do_to_all, miners_schema
from .targets.inputs import number, time_span, whole
from .tuning.services import async_setup_tuning_services

SERVICE_APPLY_CONFIGURATION: Final = "apply_configuration"
SERVICE_SET_FAN: Final = "set_fan"
SERVICE_START_MAINTENANCE: Final = "start_maintenance"

ATTR_FREQUENCY: Final = "frequency"
ATTR_CORE_VOLTAGE: Final = "core_voltage"
ATTR_EXPECTED_FREQUENCY: Final = "expected_frequency"
ATTR_EXPECTED_CORE_VOLTAGE: Final = "expected_core_voltage"
ATTR_EXPECTED_MODE: Final = "expected_mode"
ATTR_EXPECTED_SPEED: Final = "expected_speed"
ATTR_MODE: Final = "mode"
MODE_AUTO: Final = "auto"
MODE_MANUAL: Final = "manual"
ATTR_SPEED: Final = "speed"
ATTR_TARGET_TEMPERATURE: Final = "target_temperature"
ATTR_MINIMUM_SPEED: Final = "minimum_speed"
ATTR_DURATION: Final = "duration"

_APPLY_CONFIGURATION_SCHEMA: Final = vol.All(
    miners_schema(
        {
            vol.Optional(ATTR_FREQUENCY): number,
            vol.Optional(ATTR_CORE_VOLTAGE): number,
            vol.Optional(ATTR_EXPECTED_FREQUENCY): number,
            vol.Optional(ATTR_EXPECTED_CORE_VOLTAGE): number,
        }
    ),
    cv.has_at_least_one_key(ATTR_FREQUENCY, ATTR_CORE_VOLTAGE),
)
_SET_FAN_SCHEMA: Final = miners_schema(
    {
        vol.Required(ATTR_MODE): vol.In([MODE_AUTO, MODE_MANUAL]),
        vol.Optional(ATTR_SPEED): whole,
        vol.Optional(ATTR_TARGET_TEMPERATURE): whole,
        vol.Optional(ATTR_MINIMUM_SPEED): whole,
        vol.Optional(ATTR_EXPECTED_MODE): vol.In([MODE_AUTO, MODE_MANUAL]),
        vol.Optional(ATTR_EXPECTED_SPEED): whole,
    }
)
_START_MAINTENANCE_SCHEMA: Final = miners_schema(
    {
        vol.Optional(ATTR_DURATION, default=DEFAULT_MAINTENANCE): vol.All(
            time_span,
            vol.Range(min=timedelta(minutes=1), max=LONGEST_MAINTENANCE),
        )
    }
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there is a miner yet."""
    for name, action, schema in (
        (
            SERVICE_APPLY_CONFIGURATION,
            _async_apply_configuration,
            _APPLY_CONFIGURATION_SCHEMA,
        ),
        (SERVICE_SET_FAN, _async_set_fan, _SET_FAN_SCHEMA),
        (
            SERVICE_START_MAINTENANCE,
            _async_start_maintenance,
            _START_MAINTENANCE_SCHEMA,
        ),
    ):
        hass.services.async_register(DOMAIN, name, action, schema)
    async_setup_analysis_services(hass)
    async_setup_backup_services(hass)
    async_setup_discord_services(hass)
    async_setup_import_service(hass)
    async_setup_note_services(hass)
    async_setup_settings_services(hass)
    async_setup_power_services(hass)
    async_setup_tuning_services(hass)


async def _async_apply_configuration(call: ServiceCall) -> None:
    """Set frequency and core voltage, in one write."""
    settings = Settings(
        frequency=call.data.get(ATTR_FREQUENCY),
        core_voltage=call.data.get(ATTR_CORE_VOLTAGE),
    )
    expected = Settings(
        frequency=call.data.get(ATTR_EXPECTED_FREQUENCY),
        core_voltage=call.data.get(ATTR_EXPECTED_CORE_VOLTAGE),
    )
    await _async_apply_to_all(call, settings, expected)


async def _async_set_fan(call: ServiceCall) -> None:
    """Choose between the firmware's regulation and a fixed speed, and set either."""
    auto = call.data[ATTR_MODE] == MODE_AUTO
    if auto and ATTR_SPEED in call.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="speed_of_automatic_fan"
        )
    settings = Settings(
        auto_fan=auto,
        fan_speed=call.data.get(ATTR_SPEED),
        target_temperature=call.data.get(ATTR_TARGET_TEMPERATURE),
        minimum_fan_speed=call.data.get(ATTR_MINIMUM_SPEED),
    )
    expected_mode = call.data.get(ATTR_EXPECTED_MODE)
    expected = Settings(
        auto_fan=None if expected_mode is None else expected_mode == MODE_AUTO,
        fan_speed=call.data.get(ATTR_EXPECTED_SPEED),
    )
    await _async_apply_to_all(call, settings, expected)


async def _async_start_maintenance(call: ServiceCall) -> None:
    """Leave miners to the person who works on them, for so long."""

    async def start(miner: MinerCoordinator) -> None:
        guard = guard_of(call.hass, miner.config_entry.entry_id)
        assert guard is not None
        await guard.async_begin_maintenance(call.data[ATTR_DURATION])

    await async_do_to_all(call, start)


async def _async_apply_to_all(
    call: ServiceCall, settings: Settings, expected: Settings
) -> None:
    async def apply(miner: MinerCoordinator) -> None:
        await miner.async_apply(
            settings, origin=person(call.context), expected=expected
        )

    await async_do_to_all(call, apply)
