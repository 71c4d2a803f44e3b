"""The forms of power targets: for all miners, and what one of them does otherwise."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from homeassistant.helpers.selector import (
    BooleanSelector,
    EntitySelector,
    EntitySelectorConfig,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)
import voluptuous as vol

from ..analysis.prices import MOST_PRICE
from ..targets.inputs import FiniteNumberSelector, choice_field, number_field
from .model import (
    FEWEST_WRITES,
    MOST_POWER_OF_SWARM,
    MOST_WRITES,
    Bottom,
    PowerOptions,
    Sign,
    WhenOff,
)

AS_SWARM: Final = "as_swarm"
"""Choice of a miner's form for an option that is as for all miners."""
NO_BOUND: Final = "none"


def swarm_schema(options: PowerOptions, currency: str) -> vol.Schema:
    """Return the form for all miners, filled with what holds now."""
    return vol.Schema(
        {
            vol.Required("bottom", default=options.bottom.value): choice_field(
                "power_bottom", Bottom
            ),
            vol.Required("when_off", default=options.when_off.value): choice_field(
                "power_when_off", WhenOff
            ),
            vol.Required(
                "writes_per_hour", default=options.writes_per_hour
            ): number_field(FEWEST_WRITES, MOST_WRITES),
            vol.Optional(
                "surplus_entity",
                description={"suggested_value": options.surplus_entity},
            ): EntitySelector(
                EntitySelectorConfig(domain=["sensor", "number", "input_number"])
            ),
            vol.Required(
                "surplus_sign", default=options.surplus_sign.value
            ): choice_field("power_surplus_sign", Sign),
            vol.Required(
                "surplus_measures_miners", default=options.surplus_measures_miners
            ): BooleanSelector(),
            vol.Required(
                "surplus_minutes", default=options.surplus_minutes
            ): number_field(1, 60, unit="min"),
            vol.Required(
                "surplus_reserve", default=options.surplus_reserve
            ): number_field(0, MOST_POWER_OF_SWARM, unit="W"),
            vol.Optional(
                "price_limit", description={"suggested_value": options.price_limit}
            ): FiniteNumberSelector(
                NumberSelectorConfig(
                    min=-MOST_PRICE,
                    max=MOST_PRICE,
                    step="any",
                    unit_of_measurement=f"{currency}/kWh",
                    mode=NumberSelectorMode.BOX,
                )
            ),
            vol.Required(
                "price_break_even", default=options.price_break_even
            ): BooleanSelector(),
        }
    )


def miner_schema(chosen: Mapping[str, Any], profiles: Iterable[str]) -> vol.Schema:
    """Return the form for one miner, which has these profiles."""
    names = list(profiles)
    return vol.Schema(
        {
            vol.Required(
                "bottom", default=chosen.get("bottom", AS_SWARM)
            ): choice_field("power_bottom", [AS_SWARM, *Bottom]),
            vol.Required(
                "with_swarm", default=chosen.get("with_swarm", True)
            ): BooleanSelector(),
            vol.Required("lowest", default=chosen.get("lowest", NO_BOUND)): profile(
                names, chosen.get("lowest")
            ),
            vol.Required("highest", default=chosen.get("highest", NO_BOUND)): profile(
                names, chosen.get("highest")
            ),
        }
    )


def chosen_by_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what was chosen in either form, without what is as for all others."""
    chosen = {
        name: value
        for name, value in values.items()
        if value != AS_SWARM
        and not (name in ("lowest", "highest") and value == NO_BOUND)
        and not (name == "with_swarm" and value is True)
    }
    if "writes_per_hour" in chosen:
        chosen["writes_per_hour"] = int(chosen["writes_per_hour"])
    return chosen


def profile(names: list[str], chosen: str | None) -> SelectSelector:
    """Return a choice of profiles; one that is gone can still be seen."""
    known = [*names, *([chosen] if chosen and chosen not in names else ())]
    return SelectSelector(
        SelectSelectorConfig(
            options=[
                SelectOptionDict(value=name, label=name) for name in (NO_BOUND, *known)
            ],
            translation_key="power_bound",
            mode=SelectSelectorMode.DROPDOWN,
        )
    )
