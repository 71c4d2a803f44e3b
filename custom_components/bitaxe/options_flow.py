"""What people may change about a miner and about the swarm."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
)
import voluptuous as vol

from .alerts_form import alerts_schema, rules_of_form
from .const import (
    CONF_ALERTS,
    CONF_EXTENDED_RANGE,
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    DEFAULT_SCAN_INTERVAL,
    MAX_SCAN_INTERVAL,
    MIN_SCAN_INTERVAL,
)
from .watch.rules import differing, rules_from

_MINER_OPTIONS_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_SCAN_INTERVAL): vol.All(
            NumberSelector(
                NumberSelectorConfig(
                    min=MIN_SCAN_INTERVAL,
                    max=MAX_SCAN_INTERVAL,
                    step=1,
                    unit_of_measurement="s",
                    mode=NumberSelectorMode.BOX,
                )
            ),
            vol.Coerce(int),
        ),
        vol.Required(CONF_EXTENDED_RANGE): BooleanSelector(),
    }
)


class MinerOptionsFlow(OptionsFlowWithReload):
    """The options of a miner."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take the options."""
        if user_input is not None:
            return self.async_create_entry(data=user_input)
        present: Mapping[str, Any] = {
            CONF_SCAN_INTERVAL: DEFAULT_SCAN_INTERVAL,
            CONF_EXTENDED_RANGE: False,
            **self.config_entry.options,
        }
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(
                _MINER_OPTIONS_SCHEMA, present
            ),
        )


class SwarmOptionsFlow(OptionsFlowWithReload):
    """The options of the swarm."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer the swarm's options, in a step apart from a miner's."""
        return await self.async_step_swarm()

    async def async_step_swarm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Offer what can be chosen."""
        return self.async_show_menu(
            step_id="swarm", menu_options=["price", CONF_ALERTS]
        )

    async def async_step_price(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take the electricity price."""
        if user_input is not None:
            return self._save({CONF_PRICE, CONF_PRICE_ENTITY}, user_input)
        schema = vol.Schema(
            {
                vol.Optional(CONF_PRICE): NumberSelector(
                    NumberSelectorConfig(
                        min=0,
                        step="any",
                        unit_of_measurement=f"{self.hass.config.currency}/kWh",
                        mode=NumberSelectorMode.BOX,
                    )
                ),
                vol.Optional(CONF_PRICE_ENTITY): EntitySelector(
                    EntitySelectorConfig(domain=["sensor", "input_number", "number"])
                ),
            }
        )
        return self.async_show_form(
            step_id="price",
            data_schema=self.add_suggested_values_to_schema(
                schema, self.config_entry.options
            ),
        )

    async def async_step_alerts(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take the rules of alerts, a section for each kind."""
        if user_input is not None:
            chosen = differing(rules_of_form(user_input))
            return self._save({CONF_ALERTS}, {CONF_ALERTS: chosen} if chosen else {})
        rules = rules_from(self.config_entry.options.get(CONF_ALERTS, {}))
        return self.async_show_form(
            step_id="alerts", data_schema=alerts_schema(rules), last_step=True
        )

    def _save(
        self, names: Collection[str], values: Mapping[str, Any]
    ) -> ConfigFlowResult:
        """Replace the options of one step, and leave those of the others alone."""
        others = {
            name: value
            for name, value in self.config_entry.options.items()
            if name not in names
        }
        return self.async_create_entry(data={**others, **values})
