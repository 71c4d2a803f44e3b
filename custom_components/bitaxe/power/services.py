"""The action that sets the power miners keep to."""

from typing import Final

from homeassistant.const import ATTR_AREA_ID, ATTR_DEVICE_ID, ATTR_LABEL_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..const import DOMAIN
from ..containment import async_attempt
from ..coordinator import MinerCoordinator
from ..following import miner_entries
from ..permissions import async_require_control, async_require_control_of_entries
from ..targets import (
    async_miners_of_groups,
    async_resolve_targets,
    miners_schema,
    require_miners,
)
from ..targets.inputs import finite
from .session import MinerPower
from .swarm import PowerManager, SwarmPower, async_get_power

SERVICE_SET_POWER_TARGET: Final = "set_power_target"

ATTR_POWER: Final = "power"
ATTR_CHANGE: Final = "change"
ATTR_PERCENT: Final = "percent"
ATTR_FOLLOW: Final = "follow"

# Of a target in W that was worked out.
_DIGITS: Final = 1
_HOW: Final = (ATTR_POWER, ATTR_CHANGE, ATTR_PERCENT)
_SCHEMA: Final = vol.All(
    miners_schema(
        {
            vol.Exclusive(ATTR_POWER, "target"): vol.All(finite, vol.Range(0, 100_000)),
            vol.Exclusive(ATTR_CHANGE, "target"): vol.All(
                finite, vol.Range(-100_000, 100_000)
            ),
            vol.Exclusive(ATTR_PERCENT, "target"): vol.All(finite, vol.Range(0, 100)),
            vol.Optional(ATTR_FOLLOW): cv.boolean,
        }
    ),
    cv.has_at_least_one_key(*_HOW, ATTR_FOLLOW),
)


@callback
def async_setup_power_services(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN, SERVICE_SET_POWER_TARGET, _async_set_power_target, _SCHEMA
    )


async def _async_set_power_target(call: ServiceCall) -> None:
    """Set the target of miners, or that of the swarm where its device is named."""
    hass = call.hass
    manager = async_get_power(hass)
    shared = False
    named: list[MinerCoordinator] = []
    for device_id in dict.fromkeys(call.data.get(ATTR_DEVICE_ID, ())):
        found = async_resolve_targets(hass, [device_id])
        if found.swarm:
            # It binds those as well that are set up later.
            await async_require_control_of_entries(
                hass, call.context, miner_entries(hass)
            )
            shared = True
            require_miners(found.miners)
        else:
            named += found.miners
    named += async_miners_of_groups(
        hass, call.data.get(ATTR_AREA_ID, ()), call.data.get(ATTR_LABEL_ID, ())
    )
    if not shared:
        require_miners(named)
    await async_require_control(hass, call.context, named)
    chosen: list[tuple[str, MinerPower | SwarmPower]] = [
        (miner.display_name, manager.miners[miner.config_entry.entry_id])
        for miner in dict.fromkeys(named)
        if miner.config_entry.entry_id in manager.miners
    ]
    if shared and manager.swarm is not None:
        chosen.append((DOMAIN, manager.swarm))
    errors = [
        error
        for name, power in chosen
        if (error := await async_attempt(name, _async_set(call, manager, power)))
    ]
    manager.async_target_changed()
    if errors:
        raise errors[0]


async def _async_set(
    call: ServiceCall, manager: PowerManager, power: MinerPower | SwarmPower
) -> None:
    if any(name in call.data for name in _HOW):
        await power.async_set_target(_wanted(call, manager, power))
    if ATTR_FOLLOW in call.data:
        await power.async_set_following(call.data[ATTR_FOLLOW])
    power.store.check_kept()


def _wanted(
    call: ServiceCall, manager: PowerManager, power: MinerPower | SwarmPower
) -> float:
    """Return the W that are meant.

    A percentage is one of the most that was measured within the bounds, a change one of
    the present target, or of what is drawn where there is none.

    Raises:
        ServiceValidationError: nothing was measured that it could be a part of.

    """
    if ATTR_POWER in call.data:
        return float(call.data[ATTR_POWER])
    if ATTR_CHANGE in call.data:
        members = (
            [power] if isinstance(power, MinerPower) else list(manager.miners.values())
        )
        present = power.target
        if present is None:
            present = manager.drawn(members)
        return round(present + float(call.data[ATTR_CHANGE]), _DIGITS)
    most = power.most_power if isinstance(power, MinerPower) else manager.most_power
    if most is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_measured"
        )
    return round(most * float(call.data[ATTR_PERCENT]) / 100, _DIGITS)
