"""The form of a room that miners heat: adding one, and changing it."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import CONF_NAME
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..following import miner_entries
from ..targets.inputs import FiniteNumberSelector, choice_field, number_field
from ..tuning.session import tuner_of
from .heating import SUBENTRY_TYPE
from .heating_options import (
    CONF_HIGHEST,
    CONF_HYSTERESIS,
    CONF_LONGEST_SILENCE,
    CONF_LOWEST,
    CONF_MINERS,
    CONF_MINIMUM_REST,
    CONF_MINIMUM_RUN,
    CONF_SENSOR,
    CONF_WHEN_IDLE,
    CONF_WHEN_LOST,
    CONF_WINDOWS,
    DEFAULT_HYSTERESIS,
    DEFAULT_MINIMUM,
    DEFAULT_SILENCE,
    WhenIdle,
    WhenLost,
)
from .miners_flow import MinersFlow, miner_selector
from .options_form import NO_BOUND, profile


class HeatingFlow(MinersFlow):
    """Adds a room to the swarm, or changes one."""

    subentry_type = SUBENTRY_TYPE
    placeholder = "room"

    @override
    def _schema(self, values: Mapping[str, Any]) -> vol.Schema:
        return heating_schema(self.hass, values)

    @override
    def _data(self, user_input: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: value
            for key, value in super()._data(user_input).items()
            if not (key in (CONF_LOWEST, CONF_HIGHEST) and value == NO_BOUND)
        }


@callback
def heating_schema(hass: HomeAssistant, values: Mapping[str, Any]) -> vol.Schema:
    """Return the form, which offers the miners there are and their profiles."""
    profiles: dict[str, None] = {}
    for entry in miner_entries(hass):
        if (tuner := tuner_of(hass, entry.entry_id)) is not None:
            profiles |= dict.fromkeys(tuner.offered)
    return vol.Schema(
        {
            vol.Required(CONF_NAME): TextSelector(),
            vol.Required(CONF_SENSOR): EntitySelector(
                EntitySelectorConfig(
                    filter=[
                        EntityWithDeviceFilterSelectorConfig(
                            domain=["sensor", "number"],
                            device_class=SensorDeviceClass.TEMPERATURE,
                        ),
                        EntityWithDeviceFilterSelectorConfig(domain="input_number"),
                    ]
                )
            ),
            # Without a default the form would begin with the first miner ticked.
            vol.Required(CONF_MINERS, default=[]): miner_selector(
                hass, values.get(CONF_MINERS, ())
            ),
            vol.Optional(CONF_WINDOWS, default=[]): EntitySelector(
                EntitySelectorConfig(domain="binary_sensor", multiple=True)
            ),
            vol.Required(
                CONF_HYSTERESIS, default=DEFAULT_HYSTERESIS
            ): FiniteNumberSelector(
                NumberSelectorConfig(
                    min=0.1,
                    max=2,
                    step=0.1,
                    unit_of_measurement="K",
                    mode=NumberSelectorMode.BOX,
                )
            ),
            vol.Required(CONF_MINIMUM_RUN, default=DEFAULT_MINIMUM): number_field(
                0, 240, unit="min"
            ),
            vol.Required(CONF_MINIMUM_REST, default=DEFAULT_MINIMUM): number_field(
                5, 240, unit="min"
            ),
            vol.Required(CONF_WHEN_IDLE, default=WhenIdle.PAUSE.value): choice_field(
                "heating_when_idle", WhenIdle
            ),
            vol.Required(CONF_WHEN_LOST, default=WhenLost.OFF.value): choice_field(
                "heating_when_lost", WhenLost
            ),
            vol.Required(CONF_LONGEST_SILENCE, default=DEFAULT_SILENCE): number_field(
                0, 48, unit="h"
            ),
            vol.Required(CONF_LOWEST, default=NO_BOUND): profile(
                list(profiles), values.get(CONF_LOWEST)
            ),
            vol.Required(CONF_HIGHEST, default=NO_BOUND): profile(
                list(profiles), values.get(CONF_HIGHEST)
            ),
        }
    )
