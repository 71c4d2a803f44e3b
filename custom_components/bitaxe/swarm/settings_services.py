"""Actions on settings of several miners that differ from miner to miner: pools, copies.

Both have a preview, which says what changes where and sends nothing, and a result for
each miner to those who ask for a response.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
import re
from typing import Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..axeos import Command, PoolSettings, Settings, Snapshot, UnsupportedSettingError
from ..axeos.bounds import LONGEST_POOL_USER, LONGEST_TEXT
from ..axeos.snapshot import Pool
from ..const import DOMAIN
from ..containment import async_attempt, attempt
from ..coordinator import MinerCoordinator
from ..miner.agreement import check_planned
from ..miner.write_log import person
from ..permissions import async_require_control
from ..targets import (
    Result,
    async_chosen_targets,
    async_device_id,
    async_do_to_each,
    async_resolve_targets,
    miners_schema,
    outcome_as_json,
)
from ..targets.inputs import is_text

SERVICE_SET_POOL: Final = "set_pool"
SERVICE_COPY_SETTINGS: Final = "copy_settings"

ATTR_POOL: Final = "pool"
POOL_PRIMARY: Final = "primary"
POOL_FALLBACK: Final = "fallback"
ATTR_URL: Final = "url"
ATTR_PORT: Final = "port"
ATTR_TLS: Final = "tls"
ATTR_USER: Final = "user"
ATTR_PASSWORD: Final = "password"
ATTR_RESTART: Final = "restart"
ATTR_PREVIEW: Final = "preview"
ATTR_EXPECTED_CHANGES: Final = "expected_changes"
ATTR_SOURCE: Final = "source"
ATTR_SETTINGS: Final = "settings"

FAN: Final = "fan"
POOL: Final = "pool"
DISPLAY: Final = "display"

WORKER_PLACEHOLDER: Final = "{worker}"
"""Stands for each miner's present worker name in the user of a pool."""

COMMON_FIELDS: Final = {
    vol.Optional(ATTR_RESTART, default=True): cv.boolean,
    vol.Optional(ATTR_PREVIEW, default=False): cv.boolean,
    vol.Optional(ATTR_EXPECTED_CHANGES): {cv.string: {cv.string: list}},
}
"""What every action has that ends in `async_change`."""
_SET_POOL_SCHEMA: Final = miners_schema(
    {
        vol.Optional(ATTR_POOL, default=POOL_PRIMARY): vol.In(
            [POOL_PRIMARY, POOL_FALLBACK]
        ),
        vol.Required(ATTR_URL): cv.string,
        vol.Required(ATTR_PORT): cv.port,
        vol.Optional(ATTR_TLS): cv.boolean,
        vol.Optional(ATTR_USER): cv.string,
        vol.Optional(ATTR_PASSWORD): cv.string,
        **COMMON_FIELDS,
    }
)
_COPY_SETTINGS_SCHEMA: Final = miners_schema(
    {
        vol.Required(ATTR_SOURCE): cv.string,
        vol.Required(ATTR_SETTINGS): vol.All(
            cv.ensure_list, [vol.In([FAN, POOL, DISPLAY])], vol.Length(min=1)
        ),
        **COMMON_FIELDS,
    }
)

# Firmware wants the bare host name; people paste what the pool's web page shows.
_POOL_URL: Final = re.compile(
    r"(?:stratum\+(?:tcp|(?P<tls>ssl|tls))://)?(?P<host>[^\s:/@]+)"
)

type Choose = Callable[[Snapshot], Settings]


@callback
def async_setup_settings_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there is a miner yet."""
    for name, action, schema in (
        (SERVICE_SET_POOL, _async_set_pool, _SET_POOL_SCHEMA),
        (SERVICE_COPY_SETTINGS, _async_copy_settings, _COPY_SETTINGS_SCHEMA),
    ):
        hass.services.async_register(
            DOMAIN, name, action, schema, supports_response=SupportsResponse.OPTIONAL
        )


async def _async_set_pool(call: ServiceCall) -> ServiceResponse:
    """Point miners to a pool, each with its own worker name."""
    data = call.data
    address = _POOL_URL.fullmatch(data[ATTR_URL].strip())
    tls = data.get(ATTR_TLS)
    if (
        address is None
        or not is_text(address["host"], LONGEST_TEXT)
        # An address of an encrypted port never becomes one without encryption.
        or (address["tls"] and tls is False)
    ):
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="invalid_pool_address",
            translation_placeholders={"url": repr(data[ATTR_URL][:LONGEST_TEXT])},
        )
    for key in (ATTR_USER, ATTR_PASSWORD):
        if not is_text(data.get(key, ""), LONGEST_POOL_USER):
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="invalid_pool_text"
            )
    primary = data[ATTR_POOL] == POOL_PRIMARY
    wanted = PoolSettings(
        url=address["host"],
        port=data[ATTR_PORT],
        user="",
        password=data.get(ATTR_PASSWORD),
        tls=True if address["tls"] else tls,
    )

    def choose(snapshot: Snapshot) -> Settings:
        pools = snapshot.pools
        return _with_pool(
            keeping_certificate(
                replace(
                    wanted,
                    user=_pool_user(data.get(ATTR_USER), snapshot, primary=primary),
                ),
                pools.primary if primary else pools.fallback,
            ),
            primary=primary,
        )

    miners = async_chosen_targets(call.hass, data).miners
    return await async_change(call, miners, choose)


async def _async_copy_settings(call: ServiceCall) -> ServiceResponse:
    """Give miners the fan, pools or display of another one; never clock and voltage."""
    hass, data = call.hass, call.data
    sources = async_resolve_targets(hass, [data[ATTR_SOURCE]])
    if sources.swarm:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="copy_from_one_miner"
        )
    (source,) = sources.miners
    # What is copied, such as a wallet, is shown to those only who may set it.
    await async_require_control(hass, call.context, [source])
    if not source.last_update_success:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="cannot_connect"
        )
    given = source.snapshot
    parts: list[str] = data[ATTR_SETTINGS]

    def choose(snapshot: Snapshot) -> Settings:
        settings = Settings()
        if FAN in parts:
            settings = _fan_of(given)
        if DISPLAY in parts:
            system = given.system
            settings = replace(
                settings,
                display_timeout=system.display_timeout,
                display_rotation=system.display_rotation,
                display_inverted=system.display_inverted,
                display_flipped=system.display_flipped,
            )
        # Firmware has more or fewer settings; what both have is copied.
        missing = settings.names - snapshot.capabilities.settings
        settings = replace(settings, **dict.fromkeys(missing))
        if POOL in parts:
            settings = _with_pools_of(given, settings, snapshot)
        if not settings.names:
            raise UnsupportedSettingError("copied settings")
        return settings

    miners = [
        miner
        for miner in async_chosen_targets(hass, data).miners
        if miner is not source
    ]
    if not miners:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="nothing_to_copy_to"
        )
    return await async_change(call, miners, choose)


async def async_change(
    call: ServiceCall, miners: list[MinerCoordinator], choose: Choose
) -> ServiceResponse:
    """Change each miner, or say what would change; answer those who ask."""
    hass = call.hass
    await async_require_control(hass, call.context, miners)
    if call.data[ATTR_PREVIEW]:
        return {"miners": [_preview(call, miner, choose) for miner in miners]}
    changed: set[MinerCoordinator] = set()

    async def change(miner: MinerCoordinator) -> None:
        if await _async_change_one(call, miner, choose):
            changed.add(miner)

    if not call.return_response:
        await async_do_to_each(miners, change)
        return None
    outcomes: list[JsonValueType] = []
    # One after another: pools should not lose all of a home's miners at once.
    for miner in miners:
        err = await async_attempt(miner.display_name, change(miner))
        outcomes.append(
            outcome_as_json(
                hass,
                async_device_id(hass, miner),
                miner.display_name,
                Result.REFUSED
                if err is not None
                else Result.DONE
                if miner in changed
                else Result.UNCHANGED,
                err,
            )
        )
    return {"miners": outcomes}


async def _async_change_one(
    call: ServiceCall, miner: MinerCoordinator, choose: Choose
) -> bool:
    """Change a miner, and return whether there was anything to change."""
    changes: Settings | None = None

    planned = call.data.get(ATTR_EXPECTED_CHANGES)
    device_id = async_device_id(call.hass, miner)

    def note(snapshot: Snapshot) -> Settings:
        nonlocal changes
        settings = choose(snapshot)
        rounded = settings.rounded_for(snapshot)
        changes = rounded.changes_against(snapshot)
        if planned is not None:
            check_planned(
                planned.get(device_id, {}),
                changes_as_json(_differing(rounded, snapshot)),
                settings.names,
            )
        return settings

    origin = person(call.context)
    await miner.async_apply(note, origin=origin)
    if changes is None or not changes.names:
        return False
    if _restarts(call, miner, changes):
        await miner.async_execute(Command.RESTART, origin=origin)
    return True


def _preview(
    call: ServiceCall, miner: MinerCoordinator, choose: Choose
) -> JsonObjectType:
    """Return what would become of a miner, whatever becomes of the others."""
    name = miner.display_name
    plan = attempt(name, partial(_plan, call, miner, choose))
    if not isinstance(plan, HomeAssistantError):
        return plan
    device_id = async_device_id(call.hass, miner)
    return outcome_as_json(call.hass, device_id, name, Result.REFUSED, plan)


def _plan(call: ServiceCall, miner: MinerCoordinator, choose: Choose) -> JsonObjectType:
    differing = miner.async_preview(choose, origin=person(call.context))
    snapshot = miner.snapshot
    changes = choose(snapshot).rounded_for(snapshot).changes_against(snapshot)
    return outcome_as_json(
        call.hass,
        async_device_id(call.hass, miner),
        miner.display_name,
        Result.PLANNED if changes.names else Result.UNCHANGED,
        changes=changes_as_json(differing),
        password=_has_password(changes),
        restart=_restarts(call, miner, changes),
    )


def _restarts(call: ServiceCall, miner: MinerCoordinator, changes: Settings) -> bool:
    """Return whether a miner has to restart for a change to take effect, and shall."""
    pools = changes.primary_pool or changes.fallback_pool
    restart: bool = call.data[ATTR_RESTART]
    return pools is not None and restart and not miner.snapshot.capabilities.pools_live


def _has_password(settings: Settings) -> bool:
    return any(
        pool is not None and pool.password is not None
        for pool in (settings.primary_pool, settings.fallback_pool)
    )


def _differing(
    settings: Settings, snapshot: Snapshot
) -> dict[str, tuple[object, object]]:
    """Return (present, wanted) of what a miner does not report as wanted."""
    return {
        name: (present, wanted)
        for name, (wanted, present) in settings.unconfirmed(snapshot).items()
    }


def changes_as_json(
    differing: Mapping[str, tuple[object, object]],
) -> JsonObjectType:
    """Return (present, wanted) by setting; a pool is address, user and TLS."""
    shown: JsonObjectType = {}
    for name, (present, wanted) in differing.items():
        if not isinstance(wanted, PoolSettings):
            shown[name] = [_plain(present), _plain(wanted)]
            continue
        pool = present if isinstance(present, Pool) else None
        before: tuple[str | bool | None, ...] = (
            (None, None, None) if pool is None else (str(pool), pool.user, pool.tls)
        )
        after = (str(wanted), wanted.user, wanted.tls)
        for key, old, new in zip(("", "_user", "_tls"), before, after, strict=True):
            if new is not None and new != old:
                shown[f"{name}{key}"] = [old, new]
    return shown


def _plain(value: object) -> JsonValueType:
    return value if isinstance(value, str | int | float) else None


def _fan_of(snapshot: Snapshot) -> Settings:
    """Return how a miner is cooled; the speed only where it is chosen by hand."""
    cooling = snapshot.cooling
    speed = None if cooling.auto_fan else cooling.fan_speed_setting
    return Settings(
        auto_fan=cooling.auto_fan,
        fan_speed=None if speed is None else round(speed),
        minimum_fan_speed=_whole(cooling.minimum_fan_speed),
        target_temperature=_whole(cooling.target_temperature),
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _with_pools_of(given: Snapshot, settings: Settings, snapshot: Snapshot) -> Settings:
    """Add the pools of another miner; the worker name stays the miner's own."""
    for primary in (True, False):
        pools = (given.pools, snapshot.pools)
        source, present = (pool.primary if primary else pool.fallback for pool in pools)
        name = "primary_pool" if primary else "fallback_pool"
        if (
            source is None
            or source.host is None
            or source.port is None
            or name not in snapshot.capabilities.settings
        ):
            continue
        wallet = (source.user or "").partition(".")[0]
        template = f"{wallet}.{WORKER_PLACEHOLDER}" if source.worker else source.user
        pool = PoolSettings(
            url=source.host,
            port=source.port,
            user=_pool_user(template, snapshot, primary=primary),
            tls=source.tls,
        )
        kept = keeping_certificate(pool, present)
        settings = (
            replace(settings, primary_pool=kept)
            if primary
            else replace(settings, fallback_pool=kept)
        )
    return settings


def _with_pool(pool: PoolSettings, *, primary: bool) -> Settings:
    if primary:
        return Settings(primary_pool=pool)
    return Settings(fallback_pool=pool)


def keeping_certificate(wanted: PoolSettings, present: Pool | None) -> PoolSettings:
    """Leave TLS alone where it is as wanted: it may use a certificate of its own."""
    if present is not None and wanted.tls is not None and present.tls is wanted.tls:
        return replace(wanted, tls=None)
    return wanted


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
