"""Actions: changes to one or several miners at once."""

import asyncio
from collections.abc import Awaitable, Callable
import re
from typing import Final

from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from .analysis_services import async_setup_analysis_services
from .axeos import Command, PoolSettings, Settings, Snapshot
from .const import DOMAIN
from .coordinator import MinerCoordinator
from .discord_services import async_setup_discord_services
from .permissions import async_require_control
from .targets import async_resolve_targets

SERVICE_APPLY_CONFIGURATION: Final = "apply_configuration"
SERVICE_SET_FAN: Final = "set_fan"
SERVICE_SET_POOL: Final = "set_pool"

ATTR_FREQUENCY: Final = "frequency"
ATTR_CORE_VOLTAGE: Final = "core_voltage"
ATTR_MODE: Final = "mode"
MODE_AUTO: Final = "auto"
MODE_MANUAL: Final = "manual"
ATTR_SPEED: Final = "speed"
ATTR_TARGET_TEMPERATURE: Final = "target_temperature"
ATTR_MINIMUM_SPEED: Final = "minimum_speed"
ATTR_POOL: Final = "pool"
POOL_PRIMARY: Final = "primary"
POOL_FALLBACK: Final = "fallback"
ATTR_URL: Final = "url"
ATTR_PORT: Final = "port"
ATTR_USER: Final = "user"
ATTR_PASSWORD: Final = "password"
ATTR_RESTART: Final = "restart"

WORKER_PLACEHOLDER: Final = "{worker}"
"""Stands for each miner's present worker name in the user of a pool."""

_MINERS = {vol.Required(ATTR_DEVICE_ID): vol.All(cv.ensure_list, [cv.string])}

_APPLY_CONFIGURATION_SCHEMA: Final = vol.All(
    vol.Schema(
        _MINERS
        | {
            vol.Optional(ATTR_FREQUENCY): vol.Coerce(float),
            vol.Optional(ATTR_CORE_VOLTAGE): vol.Coerce(float),
        }
    ),
    cv.has_at_least_one_key(ATTR_FREQUENCY, ATTR_CORE_VOLTAGE),
)
_SET_FAN_SCHEMA: Final = vol.Schema(
    _MINERS
    | {
        vol.Required(ATTR_MODE): vol.In([MODE_AUTO, MODE_MANUAL]),
        vol.Optional(ATTR_SPEED): vol.Coerce(int),
        vol.Optional(ATTR_TARGET_TEMPERATURE): vol.Coerce(int),
        vol.Optional(ATTR_MINIMUM_SPEED): vol.Coerce(int),
    }
)
_SET_POOL_SCHEMA: Final = vol.Schema(
    _MINERS
    | {
        vol.Optional(ATTR_POOL, default=POOL_PRIMARY): vol.In(
            [POOL_PRIMARY, POOL_FALLBACK]
        ),
        vol.Required(ATTR_URL): cv.string,
        vol.Required(ATTR_PORT): cv.port,
        vol.Optional(ATTR_USER): cv.string,
        vol.Optional(ATTR_PASSWORD): cv.string,
        vol.Optional(ATTR_RESTART, default=True): cv.boolean,
    }
)

# Firmware wants the bare host name; people paste what the pool's web page shows.
_POOL_URL: Final = re.compile(r"(?:stratum\+tcp://)?(?P<host>[^\s:/@]+)")


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
        (SERVICE_SET_POOL, _async_set_pool, _SET_POOL_SCHEMA),
    ):
        hass.services.async_register(DOMAIN, name, action, schema)
    async_setup_analysis_services(hass)
    async_setup_discord_services(hass)


async def _async_apply_configuration(call: ServiceCall) -> None:
    """Set frequency and core voltage, in one write."""
    settings = Settings(
        frequency=call.data.get(ATTR_FREQUENCY),
        core_voltage=call.data.get(ATTR_CORE_VOLTAGE),
    )
    await _async_apply_to_all(call, settings)


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
    await _async_apply_to_all(call, settings)


async def _async_set_pool(call: ServiceCall) -> None:
    """Point miners to a pool, each with its own worker name."""
    address = _POOL_URL.fullmatch(call.data[ATTR_URL].strip())
    if address is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_pool_address",
            translation_placeholders={"url": call.data[ATTR_URL]},
        )
    primary = call.data[ATTR_POOL] == POOL_PRIMARY

    async def set_pool(miner: MinerCoordinator) -> None:
        pools = miner.snapshot.pools
        present = pools.primary if primary else pools.fallback
        pool = PoolSettings(
            url=address["host"],
            port=call.data[ATTR_PORT],
            user=_pool_user(call.data.get(ATTR_USER), miner.snapshot, primary=primary),
            password=call.data.get(ATTR_PASSWORD),
        )
        await miner.async_apply(
            Settings(primary_pool=pool) if primary else Settings(fallback_pool=pool),
            context=call.context,
        )
        unchanged = pool.matches(present) and pool.password is None
        live = miner.snapshot.capabilities.pools_live
        if call.data[ATTR_RESTART] and not unchanged and not live:
            await miner.async_execute(Command.RESTART)

    await _async_do_to_all(call, set_pool)


def _pool_user(template: str | None, snapshot: Snapshot, *, primary: bool) -> str:
    """Return the pool user of one miner.

    Without a template the miner keeps its user. A pool that is not set up yet takes
    after the other one.
    """
    pools = snapshot.pools
    order = (pools.primary, pools.fallback)
    users = [
        pool.user
        for pool in (order if primary else reversed(order))
        if pool is not None and pool.user
    ]
    if template is None:
        return users[0] if users else ""
    if WORKER_PLACEHOLDER not in template:
        return template
    workers = [worker for user in users if (worker := user.partition(".")[2])]
    worker = workers[0] if workers else snapshot.identity.hostname or "bitaxe"
    return template.replace(WORKER_PLACEHOLDER, worker)


async def _async_apply_to_all(call: ServiceCall, settings: Settings) -> None:
    async def apply(miner: MinerCoordinator) -> None:
        await miner.async_apply(settings, context=call.context)

    await _async_do_to_all(call, apply)


async def _async_do_to_all(
    call: ServiceCall, action: Callable[[MinerCoordinator], Awaitable[None]]
) -> None:
    """Do something to every miner of a call, and then tell which ones failed.

    Raises:
        Unauthorized: the user may not control one of them; then none is touched.
        ServiceValidationError: every failure is one that the caller can mend.
        HomeAssistantError: a miner failed.

    """
    miners = async_resolve_targets(call.hass, call.data[ATTR_DEVICE_ID]).miners
    await async_require_control(call.hass, call.context, miners)

    async def attempt(miner: MinerCoordinator) -> HomeAssistantError | None:
        try:
            await action(miner)
        except HomeAssistantError as err:
            return err
        return None

    errors = await asyncio.gather(*map(attempt, miners))
    failures = [
        (miner, err)
        for miner, err in zip(miners, errors, strict=True)
        if err is not None
    ]
    if not failures:
        return
    if len(miners) == 1:
        raise failures[0][1]
    kind = (
        ServiceValidationError
        if all(isinstance(err, ServiceValidationError) for _, err in failures)
        else HomeAssistantError
    )
    raise kind(
        translation_domain=DOMAIN,
        translation_key="miners_failed",
        translation_placeholders={
            "failed": str(len(failures)),
            "all": str(len(miners)),
            "reasons": "; ".join(
                f"{miner.display_name}: {err}" for miner, err in failures
            ),
        },
    ) from failures[0][1]
