"""The form of a power supply with a plug that measures: adding one, and changing it."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.sensor import SensorDeviceClass
from homeassistant.const import CONF_NAME, UnitOfPower
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    EntityWithDeviceFilterSelectorConfig,
    NumberSelectorConfig,
    NumberSelectorMode,
    TextSelector,
)
import voluptuous as vol

from ..swarm.supply import (
    CONF_COUNTS,
    CONF_MINERS,
    CONF_RATED,
    CONF_SENSOR,
    SUBENTRY_TYPE,
)
from ..swarm.supply_meter import MOST_POWER
from ..targets.inputs import FiniteNumberSelector
from .miners_flow import MinersFlow, miner_selector


class SupplyFlow(MinersFlow):
    """Adds a power supply to the swarm, or changes one."""

    subentry_type = SUBENTRY_TYPE
    placeholder = "supply"

    @override
    def _schema(self, values: Mapping[str, Any]) -> vol.Schema:
        return supply_schema(self.hass, values)


@callback
def supply_schema(hass: HomeAssistant, values: Mapping[str, Any]) -> vol.Schema:
    """Return the form, which offers the miners there are."""
    return vol.Schema(
        {
            vol.Required(CONF_NAME): TextSelector(),
            vol.Required(CONF_SENSOR): EntitySelector(
                EntitySelectorConfig(
                    filter=EntityWithDeviceFilterSelectorConfig(
                        domain="sensor", device_class=SensorDeviceClass.POWER
                    )
                )
            ),
            # Without a default the form would begin with the first miner ticked.
            vol.Required(CONF_MINERS, default=[]): miner_selector(
                hass, values.get(CONF_MINERS, ())
            ),
            vol.Optional(CONF_RATED): FiniteNumberSelector(
                NumberSelectorConfig(
                    min=1,
                    max=MOST_POWER,
                    step=1,
                    unit_of_measurement=UnitOfPower.WATT,
                    mode=NumberSelectorMode.BOX,
                )
            ),
            vol.Required(CONF_COUNTS, default=True): BooleanSelector(),
        }
    )
