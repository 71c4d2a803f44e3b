"""What people may change about a miner and about the swarm."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigFlowResult, OptionsFlowWithReload
from homeassistant.const import ATTR_UNIT_OF_MEASUREMENT, CONF_SCAN_INTERVAL
from homeassistant.data_entry_flow import section
from homeassistant.generated.currencies import ACTIVE_CURRENCIES
from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
)
import voluptuous as vol

from .alerts.notifications import (
    CONF_ENTITIES,
    CONF_TEST,
    NotificationOptions,
    async_send_test,
    notifications_schema,
)
from .alerts.options_form import alerts_schema, rules_of_form
from .alerts.rules import differing, rules_from
from .analysis.prices import MOST_PRICE
from .const import (
    CONF_ALERTS,
    CONF_BITCOIN_PRICE,
    CONF_BITCOIN_PRICE_ENTITY,
    CONF_BLOCK_FEES,
    CONF_CHART_THEME,
    CONF_EXTENDED_RANGE,
    CONF_FIRMWARE,
    CONF_GUARD,
    CONF_NOTIFICATIONS,
    CONF_POOL_FEE,
    CONF_POWER,
    CONF_PRICE,
    CONF_PRICE_ENTITY,
    CONF_TUNING,
    DEFAULT_SCAN_INTERVAL,
    MAX_SCAN_INTERVAL,
    MIN_SCAN_INTERVAL,
)
from .firmware.catalogue import REPOSITORIES
from .firmware.manager import CONF_INSTALL, CONF_NOTICE
from .guard.guard import guard_options
from .guard.model import GuardOptions
from .guard.options_form import (
    chosen_by_form,
    contradiction,
    miner_schema,
    swarm_schema,
)
from .power import options_form as power_form
from .power.model import PowerOptions
from .results.charts.theme import THEMES
from .results.drawing import chart_theme
from .swarm.money import MOST_BITCOIN_PRICE
from .targets.inputs import FiniteNumberSelector
from .tuning.power_limit import CONF_MAXIMUM_SWARM_POWER
from .tuning.session import tuner_of

_MINER_OPTIONS_SCHEMA: Final = vol.Schema(
    {
        vol.Required(CONF_SCAN_INTERVAL): vol.All(
            FiniteNumberSelector(
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

_PRICES: Final = frozenset(
    {
        CONF_PRICE,
        CONF_PRICE_ENTITY,
        CONF_BITCOIN_PRICE,
        CONF_BITCOIN_PRICE_ENTITY,
        CONF_BLOCK_FEES,
        CONF_POOL_FEE,
    }
)
_THEME: Final = "theme"
_MOST_BLOCK_FEES: Final = 1000
"""BTC; far above what was ever paid for the transactions of a block."""
_NUMBER_ENTITY: Final = EntitySelector(
    EntitySelectorConfig(domain=["sensor", "input_number", "number"])
)


def _amount(unit: str, most: float) -> NumberSelector:
    """Return a field for an amount of at least 0."""
    return FiniteNumberSelector(
        NumberSelectorConfig(
            min=0,
            max=most,
            step="any",
            unit_of_measurement=unit,
            mode=NumberSelectorMode.BOX,
        )
    )


class MinerOptionsFlow(OptionsFlowWithReload):
    """The options of a miner."""

    async def async_step_init(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take the options."""
        errors: dict[str, str] = {}
        present: Mapping[str, Any] = {
            CONF_SCAN_INTERVAL: DEFAULT_SCAN_INTERVAL,
            CONF_EXTENDED_RANGE: False,
            **self.config_entry.options,
        }
        if user_input is not None:
            # A section that was not sent stays as it is.
            chosen, power = present.get(CONF_GUARD, {}), present.get(CONF_POWER, {})
            if CONF_GUARD in user_input:
                chosen = chosen_by_form(user_input.pop(CONF_GUARD))
            if CONF_POWER in user_input:
                power = power_form.chosen_by_form(user_input.pop(CONF_POWER))
            wrong = contradiction(guard_options(self.hass, chosen))
            if wrong is None:
                others = {CONF_GUARD: chosen} if chosen else {}
                others |= {CONF_POWER: power} if power else {}
                return self.async_create_entry(data={**user_input, **others})
            errors["base"] = wrong
            present = {
                **present,
                **user_input,
                CONF_GUARD: chosen,
                CONF_POWER: power,
            }
        schema = self.add_suggested_values_to_schema(_MINER_OPTIONS_SCHEMA, present)
        # Without a default: the browser would take it for what the fields are filled
        # with.
        guard = section(miner_schema(present.get(CONF_GUARD, {})), {"collapsed": True})
        tuner = tuner_of(self.hass, self.config_entry.entry_id)
        power_targets = section(
            power_form.miner_schema(
                present.get(CONF_POWER, {}), tuner.offered if tuner is not None else ()
            ),
            {"collapsed": True},
        )
        return self.async_show_form(
            step_id="init",
            data_schema=schema.extend(
                {
                    vol.Optional(CONF_GUARD): guard,
                    vol.Optional(CONF_POWER): power_targets,
                }
            ),
            errors=errors,
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
            step_id="swarm",
            menu_options=[
                "price",
                CONF_POWER,
                CONF_ALERTS,
                CONF_NOTIFICATIONS,
                CONF_GUARD,
                CONF_TUNING,
                CONF_FIRMWARE,
                "charts",
            ],
        )

    async def async_step_price(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take what electricity and bitcoins cost, and what is kept."""
        errors: dict[str, str] = {}
        currency = self.hass.config.currency
        present: Mapping[str, Any] = self.config_entry.options
        if user_input is not None:
            if not self._is_in_currency(user_input.get(CONF_BITCOIN_PRICE_ENTITY)):
                errors[CONF_BITCOIN_PRICE_ENTITY] = "other_currency"
                present = user_input
            else:
                return self._save(_PRICES, user_input)
        schema = vol.Schema(
            {
                vol.Optional(CONF_PRICE): _amount(f"{currency}/kWh", MOST_PRICE),
                vol.Optional(CONF_PRICE_ENTITY): _NUMBER_ENTITY,
                vol.Optional(CONF_BITCOIN_PRICE): _amount(
                    f"{currency}/BTC", MOST_BITCOIN_PRICE
                ),
                vol.Optional(CONF_BITCOIN_PRICE_ENTITY): _NUMBER_ENTITY,
                vol.Optional(CONF_BLOCK_FEES): _amount("BTC", _MOST_BLOCK_FEES),
                vol.Optional(CONF_POOL_FEE): _amount("%", 100),
            }
        )
        return self.async_show_form(
            step_id="price",
            data_schema=self.add_suggested_values_to_schema(schema, present),
            errors=errors,
            description_placeholders={"currency": currency},
        )

    def _is_in_currency(self, entity_id: str | None) -> bool:
        """Return whether a price is in Home Assistant's currency, going by its unit.

        Units are `EUR`, `EUR/BTC` or signs; only the code of another currency is
        refused.
        """
        state = None if entity_id is None else self.hass.states.get(entity_id)
        unit = state and state.attributes.get(ATTR_UNIT_OF_MEASUREMENT)
        code = str(unit or "").partition("/")[0].strip().upper()
        return code not in ACTIVE_CURRENCIES or code == self.hass.config.currency

    async def async_step_alerts(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take the rules of alerts, a section for each kind."""
        rules = rules_from(self.config_entry.options.get(CONF_ALERTS, {}))
        if user_input is not None:
            chosen = differing(rules_of_form(user_input, rules))
            return self._save({CONF_ALERTS}, {CONF_ALERTS: chosen} if chosen else {})
        return self.async_show_form(
            step_id="alerts", data_schema=alerts_schema(rules), last_step=True
        )

    async def async_step_notifications(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take who is notified of what, and send a test if it is wanted."""
        options = NotificationOptions.from_dict(
            self.config_entry.options.get(CONF_NOTIFICATIONS, {})
        )
        errors: dict[str, str] = {}
        unreached = ""
        if user_input is not None:
            wants_test = user_input.pop(CONF_TEST)
            options = NotificationOptions.from_dict(user_input)
            if wants_test:
                unreached = ", ".join(await self._async_test(options.entities))
            if wants_test and not options.entities:
                errors[CONF_ENTITIES] = "no_recipient"
            elif unreached:
                errors["base"] = "test_failed"
            else:
                return self._save(
                    {CONF_NOTIFICATIONS}, {CONF_NOTIFICATIONS: user_input}
                )
        return self.async_show_form(
            step_id="notifications",
            data_schema=notifications_schema(options),
            errors=errors,
            description_placeholders={"entities": unreached},
            last_step=True,
        )

    async def _async_test(self, entities: Iterable[str]) -> list[str]:
        """Send a test alert to all, and return those that it does not get to."""
        return [
            entity_id
            for entity_id in entities
            if not await async_send_test(self.hass, entity_id)
        ]

    async def async_step_guard(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take what the guard may do to every miner."""
        errors: dict[str, str] = {}
        options = GuardOptions.from_dict(self.config_entry.options.get(CONF_GUARD, {}))
        if user_input is not None:
            chosen = chosen_by_form(user_input)
            options = GuardOptions.from_dict(chosen)
            wrong = contradiction(options)
            if wrong is None:
                return self._save({CONF_GUARD}, {CONF_GUARD: chosen})
            errors["base"] = wrong
        return self.async_show_form(
            step_id="guard",
            data_schema=swarm_schema(options),
            errors=errors,
            last_step=True,
        )

    async def async_step_tuning(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take what all miners may draw together while one is tuned."""
        if user_input is not None:
            return self._save({CONF_TUNING}, {CONF_TUNING: user_input})
        schema = vol.Schema(
            {
                vol.Optional(CONF_MAXIMUM_SWARM_POWER): FiniteNumberSelector(
                    NumberSelectorConfig(
                        min=1,
                        max=100_000,
                        step=1,
                        unit_of_measurement="W",
                        mode=NumberSelectorMode.BOX,
                    )
                )
            }
        )
        return self.async_show_form(
            step_id="tuning",
            data_schema=self.add_suggested_values_to_schema(
                schema, self.config_entry.options.get(CONF_TUNING, {})
            ),
            last_step=True,
        )

    async def async_step_power(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take how power targets are kept, and what they follow."""
        if user_input is not None:
            chosen = power_form.chosen_by_form(user_input)
            return self._save({CONF_POWER}, {CONF_POWER: chosen})
        options = PowerOptions.from_dict(self.config_entry.options.get(CONF_POWER, {}))
        return self.async_show_form(
            step_id="power",
            data_schema=power_form.swarm_schema(options, self.hass.config.currency),
            last_step=True,
        )

    async def async_step_firmware(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take whether new firmware is asked for, and may be installed."""
        errors: dict[str, str] = {}
        present: Mapping[str, Any] = self.config_entry.options.get(CONF_FIRMWARE, {})
        if user_input is not None:
            if user_input[CONF_NOTICE] or not user_input[CONF_INSTALL]:
                return self._save({CONF_FIRMWARE}, {CONF_FIRMWARE: user_input})
            errors[CONF_INSTALL] = "install_without_notice"
            present = user_input
        schema = vol.Schema(
            {
                vol.Required(name, default=False): BooleanSelector()
                for name in (CONF_NOTICE, CONF_INSTALL)
            }
        )
        return self.async_show_form(
            step_id="firmware",
            data_schema=self.add_suggested_values_to_schema(schema, present),
            errors=errors,
            description_placeholders={"repositories": ", ".join(REPOSITORIES.values())},
            last_step=True,
        )

    async def async_step_charts(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show and take what colours the images of charts have."""
        if user_input is not None:
            theme = user_input[_THEME]
            return self._save({CONF_CHART_THEME}, {CONF_CHART_THEME: theme})
        schema = vol.Schema(
            {
                vol.Required(_THEME, default=chart_theme(self.hass)): SelectSelector(
                    SelectSelectorConfig(
                        options=list(THEMES), translation_key="chart_theme"
                    )
                )
            }
        )
        return self.async_show_form(
            step_id="charts", data_schema=schema, last_step=True
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
