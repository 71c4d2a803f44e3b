"""Which miners an action, a card or an assistant asks about."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from homeassistant.components.websocket_api.const import ERR_UNAUTHORIZED
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import ATTR_AREA_ID, ATTR_DEVICE_ID, ATTR_LABEL_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import (
    HomeAssistantError,
    ServiceValidationError,
    Unauthorized,
)
from homeassistant.helpers import config_validation as cv, device_registry as dr
from homeassistant.helpers.service import async_get_device_and_config_entry
from homeassistant.helpers.target import (
    TargetSelection,
    async_extract_referenced_entity_ids,
)
from homeassistant.util.json import JsonObjectType, JsonValueType
import voluptuous as vol

from ..const import CONF_KIND, DOMAIN, KIND_SWARM, SWARM_UNIQUE_ID
from ..containment import async_attempt
from ..coordinator import MinerCoordinator
from ..following import loaded_miners
from ..miner.names import device_of
from ..permissions import async_require_control
from ..texts import describe_error

_IDS: Final = vol.All(cv.ensure_list, [cv.string])
_WAYS: Final = (ATTR_DEVICE_ID, ATTR_AREA_ID, ATTR_LABEL_ID)
"""How an action names its miners; Home Assistant hands a target over the same way."""

AT_ONCE: Final = 4
"""Miners that something is done to at the same time: forty that begin to hash within a
second are a common inrush."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Targets:
    """Some miners that are set up."""

    miners: list[MinerCoordinator]
    """Each once."""
    swarm: bool
    """Whether the swarm stands for them."""


@callback
def async_resolve_targets(hass: HomeAssistant, device_ids: Iterable[str]) -> Targets:
    """Return the miners of some devices; the swarm stands for all that are set up.

    Raises:
        ServiceValidationError: a device is unknown, not ours, not set up, or a channel.

    """
    miners: dict[MinerCoordinator, None] = {}
    swarm = False
    for device_id in device_ids:
        device, entry = async_get_device_and_config_entry(
            hass, DOMAIN, device_id, include_child_devices=False
        )
        runtime_data: Any = entry.runtime_data
        if entry.data[CONF_KIND] == KIND_SWARM:
            if _is_channel(device, entry):
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="not_miners",
                    translation_placeholders={
                        "device": device.name_by_user or device.name or device_id
                    },
                )
            swarm = True
            miners |= dict.fromkeys(runtime_data.swarm.miners)
        else:
            miners[runtime_data] = None
    return Targets(miners=list(miners), swarm=swarm)


@callback
def async_resolve_miner(hass: HomeAssistant, device_id: str) -> MinerCoordinator:
    """Return the miner of a device, for what can be said or done of one alone.

    Raises:
        ServiceValidationError: it is the swarm, unknown, not ours, not set up, or a
            channel.

    """
    targets = async_resolve_targets(hass, [device_id])
    if targets.swarm:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="one_miner"
        )
    (miner,) = targets.miners
    return miner


def miners_schema(fields: Mapping[vol.Marker, Any]) -> vol.All:
    """Return the schema of an action on miners: named singly, by area or by label."""
    return vol.All(
        vol.Schema({vol.Optional(way): _IDS for way in _WAYS} | dict(fields)),
        cv.has_at_least_one_key(*_WAYS),
    )


@callback
def async_chosen_targets(hass: HomeAssistant, data: Mapping[str, Any]) -> Targets:
    """Return the miners that the data of an action names.

    Raises:
        ServiceValidationError: a device is unknown, not ours, not set up, or a channel;
            or there is no miner at all.

    """
    targets = async_resolve_targets(hass, data.get(ATTR_DEVICE_ID, ()))
    grouped = async_miners_of_groups(
        hass, data.get(ATTR_AREA_ID, ()), data.get(ATTR_LABEL_ID, ())
    )
    miners = list(dict.fromkeys([*targets.miners, *grouped]))
    require_miners(miners)
    return Targets(miners=miners, swarm=targets.swarm)


@callback
def async_miners_of_groups(
    hass: HomeAssistant, area_ids: Collection[str], label_ids: Collection[str]
) -> list[MinerCoordinator]:
    """Return the miners that are set up and in some areas, or have some labels.

    A label on an area counts for what is in it, as everywhere in Home Assistant. The
    swarm in an area is only itself: nobody who names a room means every miner.

    Raises:
        ServiceValidationError: groups are named, and there is no miner in any of them.

    """
    if not area_ids and not label_ids:
        return []
    selection = TargetSelection(
        {ATTR_AREA_ID: list(area_ids), ATTR_LABEL_ID: list(label_ids)}
    )
    devices = async_extract_referenced_entity_ids(hass, selection).referenced_devices
    miners = [
        miner
        for miner in loaded_miners(hass)
        if async_device_id(hass, miner) in devices
    ]
    if not miners:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_miner_in_group"
        )
    return miners


@callback
def is_channel(hass: HomeAssistant, device_id: str) -> bool:
    """Return whether a device is that of a Discord channel."""
    device = dr.async_get(hass).async_get(device_id)
    if not isinstance(device, dr.DeviceEntry) or device.config_entry_id is None:
        return False
    entry = hass.config_entries.async_get_entry(device.config_entry_id)
    return entry is not None and entry.domain == DOMAIN and _is_channel(device, entry)


def _is_channel(device: dr.DeviceEntry, entry: ConfigEntry) -> bool:
    """Return whether a device is that of a channel, which the swarm's entry has too."""
    return (
        entry.data.get(CONF_KIND) == KIND_SWARM
        and (DOMAIN, SWARM_UNIQUE_ID) not in device.identifiers
    )


@callback
def async_device_id(hass: HomeAssistant, miner: MinerCoordinator) -> str | None:
    """Return the id of a miner's device."""
    device = device_of(hass, miner.config_entry)
    return device.id if device else None


def require_miners(miners: Sequence[MinerCoordinator]) -> None:
    """Insist on at least one miner.

    Raises:
        ServiceValidationError: there is none.

    """
    if not miners:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="no_miner_set_up"
        )


class Result(StrEnum):
    """What became of a miner that something was to be done to."""

    PLANNED = "planned"
    """Asked for a preview: it would be done."""
    DONE = "done"
    UNCHANGED = "unchanged"
    """There is nothing to do: it is so already."""
    REFUSED = "refused"


@callback
def outcome_as_json(
    hass: HomeAssistant,
    device_id: str | None,
    name: str,
    result: Result,
    err: HomeAssistantError | None = None,
    **more: JsonValueType,
) -> JsonObjectType:
    """Present what became of one miner; `more` says what is changed.

    The reason of a refusal is in Home Assistant's language, with the key of its text
    for those whose language is another.
    """
    reason: JsonObjectType | None = None
    if isinstance(err, Unauthorized):
        reason = {"code": ERR_UNAUTHORIZED, "message": str(err)}
    elif err is not None:
        reason = {
            "message": describe_error(hass, err),
            "translation_domain": err.translation_domain,
            "translation_key": err.translation_key,
            "translation_placeholders": dict(err.translation_placeholders or {}),
        }
    return {
        "device_id": device_id,
        "name": name,
        "result": result.value,
        "reason": reason,
        **more,
    }


async def async_do_to_all(
    call: ServiceCall, action: Callable[[MinerCoordinator], Awaitable[None]]
) -> None:
    """Do something to every miner of a call, and then report which ones failed.

    Raises:
        Unauthorized: the user may not control one of them; then none is touched.
        ServiceValidationError: every failure is one that the caller can mend.
        HomeAssistantError: a miner failed.

    """
    miners = async_chosen_targets(call.hass, call.data).miners
    await async_require_control(call.hass, call.context, miners)
    await async_do_to_each(miners, action)


async def async_do_to_each(
    miners: Sequence[MinerCoordinator],
    action: Callable[[MinerCoordinator], Awaitable[None]],
) -> None:
    """Do something to every miner, a few at a time, and then report which ones failed.

    Raises:
        ServiceValidationError: every failure is one that the caller can mend.
        HomeAssistantError: a miner failed.

    """
    turns = asyncio.Semaphore(AT_ONCE)

    async def act(miner: MinerCoordinator) -> HomeAssistantError | None:
        async with turns:
            return await async_attempt(miner.display_name, action(miner))

    errors = await asyncio.gather(*(act(miner) for miner in miners))
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
