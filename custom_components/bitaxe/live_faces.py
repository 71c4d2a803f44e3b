"""What Home Assistant itself knows of miners and swarm, and who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import area_registry as ar, entity_registry as er

from .const import CONF_KIND, DOMAIN, KIND_SWARM
from .live_feed import View
from .names import device_of
from .permissions import may_control, may_read
from .swarm import miner_entries

_MINER_ENTITIES: Final = {
    "frequency": Platform.NUMBER,
    "core_voltage": Platform.NUMBER,
    "fan_speed": Platform.NUMBER,
    "target_temperature": Platform.NUMBER,
    "minimum_fan_speed": Platform.NUMBER,
    "auto_fan": Platform.SWITCH,
    "mining": Platform.SWITCH,
    "restart": Platform.BUTTON,
    "identify": Platform.BUTTON,
    "clear_overheat": Platform.BUTTON,
    "restore_settings": Platform.BUTTON,
    "dismiss_block": Platform.BUTTON,
    "state": Platform.SENSOR,
    "hashrate": Platform.SENSOR,
    "power": Platform.SENSOR,
    "efficiency": Platform.SENSOR,
    "asic_temperature": Platform.SENSOR,
    "vr_temperature": Platform.SENSOR,
    "fan_rpm": Platform.SENSOR,
    "input_voltage": Platform.SENSOR,
}
"""Entities that cards control a miner with or lead to: the end of their unique id."""
_SWARM_ENTITIES: Final = {
    "restart_all": Platform.BUTTON,
    "hashrate": Platform.SENSOR,
    "power": Platform.SENSOR,
    "efficiency": Platform.SENSOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """A miner or the swarm as Home Assistant knows it, whether it is set up or not."""

    key: str
    """Id of the device, or of the entry as long as there is no device."""
    device_id: str | None
    name: str
    area: str | None
    model: str | None
    firmware: str | None
    url: str | None
    entities: Mapping[str, str]
    """Entity ids by what they are for; those that are enabled."""


@callback
def face_of(hass: HomeAssistant, entry: ConfigEntry) -> Face:
    """Return what is known of the miner, or swarm, of an entry."""
    device = device_of(hass, entry)
    area = None
    if device is not None and device.area_id is not None:
        area = ar.async_get(hass).async_get_area(device.area_id)
    return Face(
        key=device.id if device else entry.entry_id,
        device_id=device.id if device else None,
        name=(device and (device.name_by_user or device.name)) or entry.title,
        area=area.name if area else None,
        model=device.model if device else None,
        firmware=device.sw_version if device else None,
        url=device.configuration_url if device else None,
        entities=_entities(hass, entry),
    )


@callback
def view_of(hass: HomeAssistant, user: User, keys: Mapping[str, str]) -> View:
    """Return what a user may see and control; `keys` are those of miners by entry."""
    entries = {
        keys[entry.entry_id]: entry
        for entry in miner_entries(hass)
        if entry.entry_id in keys
    }
    swarm = swarm_entry(hass)
    everything = user.permissions.access_all_entities
    return View(
        readable=None
        if everything(POLICY_READ)
        else frozenset(
            key for key, entry in entries.items() if may_read(hass, user, entry)
        ),
        controllable=None
        if everything(POLICY_CONTROL)
        else frozenset(
            key for key, entry in entries.items() if may_control(hass, user, entry)
        ),
        swarm_readable=swarm is None or may_read(hass, user, swarm),
        swarm_controllable=swarm is not None and may_control(hass, user, swarm),
    )


@callback
def swarm_entry(hass: HomeAssistant) -> ConfigEntry | None:
    """Return the entry of the swarm, set up or not."""
    return next(
        (
            entry
            for entry in hass.config_entries.async_entries(DOMAIN)
            if entry.data.get(CONF_KIND) == KIND_SWARM
        ),
        None,
    )


def _entities(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, str]:
    """Return the entities that are enabled."""
    platforms = (
        _SWARM_ENTITIES if entry.data[CONF_KIND] == KIND_SWARM else _MINER_ENTITIES
    )
    prefix = f"{entry.unique_id or entry.entry_id}_"
    found = {
        (item.domain, item.unique_id.removeprefix(prefix)): item.entity_id
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.disabled_by is None
    }
    return {
        name: entity_id
        for name, platform in platforms.items()
        if (entity_id := found.get((platform, name))) is not None
    }
