"""The action that takes over what another logger has recorded."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from zoneinfo import ZoneInfo

from homeassistant.const import CONF_HOST
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.recorder import DATA_INSTANCE
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..analysis.hours import HOUR
from ..const import DOMAIN
from ..coordinator import MinerCoordinator
from ..following import loaded_miners
from ..history.filling import Filled, async_fill
from ..history.old_logger import NotALoggerError, OldDevice, OldHistory, read_history
from ..targets import async_device_id, async_resolve_miner
from ..targets.inputs import time_zone
from .files import copy_file
from .helpers import analysis_errors

SERVICE_IMPORT_HISTORY: Final = "import_history"

ATTR_PATH: Final = "path"
ATTR_MINERS: Final = "miners"
ATTR_TIME_ZONE: Final = "time_zone"
ATTR_DRY_RUN: Final = "dry_run"

_SCHEMA: Final = vol.Schema(
    {
        vol.Required(ATTR_PATH): cv.string,
        vol.Optional(ATTR_MINERS, default={}): {cv.string: cv.string},
        vol.Optional(ATTR_TIME_ZONE): time_zone,
        vol.Optional(ATTR_DRY_RUN, default=True): cv.boolean,
    }
)
_LOG: Final = "-wal"
"""Suffix of the file in which SQLite keeps what was written last."""


@callback
def async_setup_import_service(hass: HomeAssistant) -> None:
    """Register the action; only administrators may use it."""
    async_register_admin_service(
        hass,
        DOMAIN,
        SERVICE_IMPORT_HISTORY,
        _async_import_history,
        _SCHEMA,
        supports_response=SupportsResponse.OPTIONAL,
    )


async def _async_import_history(call: ServiceCall) -> ServiceResponse:
    """Make statistics of a logger's samples, or say what would be made of them."""
    hass, data = call.hass, call.data
    if DATA_INSTANCE not in hass.data:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_recorder"
        )
    zone = ZoneInfo(data.get(ATTR_TIME_ZONE, hass.config.time_zone))
    histories = await hass.async_add_executor_job(_read, hass, data[ATTR_PATH], zone)
    chosen = _chosen(hass, data[ATTR_MINERS], histories)
    # The recorder makes statistics of an hour some minutes after its end.
    before = dt_util.utcnow().timestamp() // HOUR * HOUR - HOUR
    answers: list[JsonValueType] = []
    for history in histories:
        miner = chosen.get(history.device.id)
        filled = None
        if miner is not None:
            with analysis_errors():
                filled = await async_fill(
                    hass,
                    miner.identifier,
                    history.hours,
                    before=before,
                    write=not data[ATTR_DRY_RUN],
                )
        answers.append(_answer(hass, history, miner, filled))
    if not call.return_response:
        return None
    return {ATTR_DRY_RUN: data[ATTR_DRY_RUN], ATTR_MINERS: answers}


def _read(hass: HomeAssistant, name: str, zone: ZoneInfo) -> list[OldHistory]:
    """Read a copy: the logger may be writing, and the path is judged once. Blocking."""
    with TemporaryDirectory() as folder:
        copy = Path(folder, "history.db")
        copy_file(hass, name, copy, _LOG)
        try:
            return read_history(copy, zone, dt_util.utcnow().timestamp())
        except NotALoggerError as err:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="not_a_logger",
                translation_placeholders={"reason": str(err)[:200]},
            ) from err


def _chosen(
    hass: HomeAssistant, wanted: Mapping[str, str], histories: list[OldHistory]
) -> dict[str, MinerCoordinator]:
    """Return which miner each device of the file is.

    Those that are named go first, and keep their miner. The others are found by
    address, and by a host name that only one miner has.

    Raises:
        ServiceValidationError: a named device is not in the file, or is not one miner,
            or two devices would become the same miner.

    """
    chosen: dict[str, MinerCoordinator] = {}
    known = {history.device.id for history in histories}
    for name, device_id in wanted.items():
        named = async_resolve_miner(hass, device_id)
        if name not in known:
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="unknown_old_miner",
                translation_placeholders={
                    "name": name,
                    "names": ", ".join(sorted(known)),
                },
            )
        chosen[name] = named
    taken = set(chosen.values())
    for history in histories:
        device = history.device
        if device.id not in chosen:
            miner = _find(hass, device)
            if miner is not None and miner not in taken:
                chosen[device.id] = miner
    if len(set(chosen.values())) < len(chosen):
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="same_old_miner"
        )
    return chosen


def _find(hass: HomeAssistant, device: OldDevice) -> MinerCoordinator | None:
    """Return the miner that has the address or, alone, the host name of a device."""
    miners = loaded_miners(hass)
    by_address = [
        miner
        for miner in miners
        if device.address is not None
        and device.address
        in (miner.config_entry.data[CONF_HOST], miner.snapshot.identity.ipv4)
    ]
    by_name = [
        miner
        for miner in miners
        if device.hostname is not None
        and miner.snapshot.identity.hostname == device.hostname
    ]
    for found in (by_address, by_name):
        if len(found) == 1:
            return found[0]
    return None


def _answer(
    hass: HomeAssistant,
    history: OldHistory,
    miner: MinerCoordinator | None,
    filled: Filled | None,
) -> JsonObjectType:
    """Say what a device has, what is made of it, and how its figures agree.

    `hashrate` is work by time and `power` energy by time; `logger` has the plain means
    of samples that the logger itself shows, which weigh a restart like an hour.
    """
    seconds = history.seconds
    hashrate = history.work / seconds if seconds else None
    power = history.energy / seconds if seconds else None
    return {
        "old_name": history.device.id,
        "device_id": None if miner is None else async_device_id(hass, miner),
        "name": None if miner is None else miner.display_name,
        "samples": history.samples,
        "from": _written(history.first),
        "to": _written(history.last),
        "known_hours": round(seconds / HOUR, 2),
        "hashrate": _rounded(hashrate),
        "power": _rounded(power),
        "efficiency": _rounded(
            power / (hashrate / 1000) if power is not None and hashrate else None
        ),
        "logger": {
            "hashrate": _rounded(history.mean_hashrate),
            "power": _rounded(history.mean_power),
        },
        "hours": 0 if filled is None else filled.hours,
        "rows": 0 if filled is None else filled.rows,
        "energy": 0 if filled is None else _rounded(filled.energy),
        "existing_hours": 0 if filled is None else filled.existing,
    }


def _written(time: float | None) -> str | None:
    return None if time is None else dt_util.utc_from_timestamp(time).isoformat()


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
