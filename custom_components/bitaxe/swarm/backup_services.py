"""Actions on the settings of miners that were kept before each change."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonValueType, json_loads
import voluptuous as vol

from ..axeos import Settings, Snapshot, UnsupportedSettingError
from ..const import DOMAIN
from ..coordinator import MinerCoordinator
from ..miner.backups import SETTING_NAMES, Backup
from ..permissions import async_require_control
from ..storage.stored_object import StoredObject
from ..targets import (
    async_chosen_targets,
    async_device_id,
    async_do_to_each,
    async_resolve_targets,
    miners_schema,
)
from .settings_services import (
    ATTR_SETTINGS,
    ATTR_SOURCE,
    COMMON_FIELDS,
    async_change,
    changes_as_json,
    keeping_certificate,
)

SERVICE_GET_BACKUPS: Final = "get_backups"
SERVICE_RESTORE_BACKUP: Final = "restore_backup"
SERVICE_IMPORT_BACKUP: Final = "import_backup"

ATTR_BACKUP_ID: Final = "backup_id"
ATTR_BACKUP: Final = "backup"

_LONGEST_BACKUP: Final = 64 * 1024
"""Characters of an exported backup, far above what one is."""

_GET_SCHEMA: Final = miners_schema({})
_RESTORE_SCHEMA: Final = miners_schema(
    {
        vol.Required(ATTR_BACKUP_ID): cv.string,
        vol.Optional(ATTR_SOURCE): cv.string,
        vol.Optional(ATTR_SETTINGS): vol.All(
            cv.ensure_list, [vol.In(SETTING_NAMES)], vol.Length(min=1)
        ),
        **COMMON_FIELDS,
    }
)
_IMPORT_SCHEMA: Final = miners_schema({vol.Required(ATTR_BACKUP): vol.Any(dict, str)})


@callback
def async_setup_backup_services(hass: HomeAssistant) -> None:
    """Register the actions, whether or not there is a miner yet."""
    for name, action, schema, response in (
        (
            SERVICE_GET_BACKUPS,
            _async_get_backups,
            _GET_SCHEMA,
            SupportsResponse.ONLY,
        ),
        (
            SERVICE_RESTORE_BACKUP,
            _async_restore_backup,
            _RESTORE_SCHEMA,
            SupportsResponse.OPTIONAL,
        ),
        (
            SERVICE_IMPORT_BACKUP,
            _async_import_backup,
            _IMPORT_SCHEMA,
            SupportsResponse.OPTIONAL,
        ),
    ):
        hass.services.async_register(
            DOMAIN, name, action, schema, supports_response=response
        )


async def _async_get_backups(call: ServiceCall) -> ServiceResponse:
    """Answer with all backups of some miners, and how they differ from now."""
    hass = call.hass
    miners = async_chosen_targets(hass, call.data).miners
    # A backup names wallets: it is shown to those only who may set them.
    await async_require_control(hass, call.context, miners)
    return {"miners": await async_backups_as_json(hass, miners)}


async def _async_restore_backup(call: ServiceCall) -> ServiceResponse:
    """Write back a backup, whole or in part, or say what that would change."""
    hass, data = call.hass, call.data
    miners = async_chosen_targets(hass, data).miners
    await async_require_control(hass, call.context, miners)
    sources = miners
    if ATTR_SOURCE in data:
        sources = async_resolve_targets(hass, [data[ATTR_SOURCE]]).miners
        await async_require_control(hass, call.context, sources)
    backup = next(
        (
            found
            for source in sources
            if (found := source.backups.find(data[ATTR_BACKUP_ID])) is not None
        ),
        None,
    )
    if backup is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="unknown_backup"
        )
    names = data.get(ATTR_SETTINGS, SETTING_NAMES)

    def choose(snapshot: Snapshot) -> Settings:
        settings = restoring(backup, snapshot).only(names)
        if not settings.names:
            raise UnsupportedSettingError("settings of this backup")
        return settings

    return await async_change(call, miners, choose)


async def _async_import_backup(call: ServiceCall) -> ServiceResponse:
    """Add an exported backup to the backups of miners; nothing is sent to them."""
    hass = call.hass
    miners = async_chosen_targets(hass, call.data).miners
    await async_require_control(hass, call.context, miners)
    content = call.data[ATTR_BACKUP]
    if isinstance(content, str):
        content = _decoded(content)
    now = dt_util.utcnow().timestamp()
    added: list[JsonValueType] = []
    for miner in miners:
        backup = miner.backups.async_import(StoredObject(content or ()), now)
        if backup is None:
            raise ServiceValidationError(
                translation_domain=DOMAIN, translation_key="invalid_backup"
            )
        added.append(
            {
                "device_id": async_device_id(hass, miner),
                "name": miner.display_name,
                ATTR_BACKUP_ID: backup.id,
            }
        )
    await async_do_to_each(miners, lambda miner: miner.backups.async_save_for_person())
    return {"miners": added} if call.return_response else None


def restoring(backup: Backup, snapshot: Snapshot) -> Settings:
    """Return what of a backup can be written to a miner as it is now.

    A pool's password stays as the miner has it, and so does a certificate of its own.
    """
    settings = backup.restorable(
        snapshot.identity.hardware, snapshot.capabilities.settings
    )
    primary, fallback, pools = (
        settings.primary_pool,
        settings.fallback_pool,
        snapshot.pools,
    )
    if primary is not None:
        primary = keeping_certificate(primary, pools.primary)
    if fallback is not None:
        fallback = keeping_certificate(fallback, pools.fallback)
    return replace(settings, primary_pool=primary, fallback_pool=fallback)


async def async_backups_as_json(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator]
) -> list[JsonValueType]:
    """Return the backups of each miner, the newest first.

    `differences` is, by setting, [now, in the backup] of what would be restored;
    `left_out` is what the miner cannot take, or must not as its board is another one.
    """
    kept = [(miner.snapshot, list(miner.backups)) for miner in miners]
    # Forty miners have thousands of them.
    shown = await hass.async_add_executor_job(
        lambda: [
            [_compared(backup, snapshot) for backup in backups]
            for snapshot, backups in kept
        ]
    )
    return [
        {
            "device_id": async_device_id(hass, miner),
            "name": miner.display_name,
            "backups": backups,
        }
        for miner, backups in zip(miners, shown, strict=True)
    ]


def _compared(backup: Backup, snapshot: Snapshot) -> JsonValueType:
    """Return a backup, and how it differs from a miner as it is now."""
    settings = restoring(backup, snapshot)
    differing = settings.changes_against(snapshot).unconfirmed(snapshot)
    left_out: list[JsonValueType] = [*sorted(backup.settings.names - settings.names)]
    return {
        **backup.as_dict(),
        "differences": changes_as_json(
            {name: (present, wanted) for name, (wanted, present) in differing.items()}
        ),
        "left_out": left_out,
    }


def _decoded(content: str) -> object:
    """Decode what somebody pasted; what is no JSON is no backup."""
    try:
        return json_loads(content[:_LONGEST_BACKUP])
    except ValueError:
        return None
