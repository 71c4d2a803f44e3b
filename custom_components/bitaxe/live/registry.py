"""What Home Assistant itself knows of miners and swarm, and who may see them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import POLICY_CONTROL, POLICY_READ
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    label_registry as lr,
)

from ..const import CONF_KIND, KIND_SWARM
from ..following import miner_entries, swarm_entry
from ..miner.names import device_of
from ..permissions import may_control, may_read
from .feed import View

_MINER_ENTITIES: Final = {
    "frequency": Platform.NUMBER,
    "core_voltage": Platform.NUMBER,
    "fan_speed": Platform.NUMBER,
    "target_temperature": Platform.NUMBER,
    "minimum_fan_speed": Platform.NUMBER,
    "auto_fan": Platform.SWITCH,
    "mining": Platform.SWITCH,
    "maintenance": Platform.SWITCH,
    "power_target": Platform.NUMBER,
    "follow_power_target": Platform.SWITCH,
    "profile": Platform.SELECT,
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
    "power_target": Platform.NUMBER,
    "follow_power_target": Platform.SWITCH,
    "hashrate": Platform.SENSOR,
    "power": Platform.SENSOR,
    "efficiency": Platform.SENSOR,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistryInfo:
    """A miner or the swarm as Home Assistant knows it, whether it is set up or not."""

    key: str
    """Id of the device, or of the entry as long as there is no device."""
    device_id: str | None
    name: str
    area: str | None
    labels: tuple[str, ...]
    """Names of those it has, and of those its area has."""
    model: str | None
    firmware: str | None
    url: str | None
    entities: Mapping[str, str]
    """Entity ids by what they are for; those that are enabled."""


@callback
def registry_info(hass: HomeAssistant, entry: ConfigEntry, name: str) -> RegistryInfo:
    """Return what is known of the miner, or swarm, of an entry that is called so."""
    device = device_of(hass, entry)
    area = None
    if device is not None and device.area_id is not None:
        area = ar.async_get(hass).async_get_area(device.area_id)
    return RegistryInfo(
        key=device.id if device else entry.entry_id,
        device_id=device.id if device else None,
        name=name,
        area=area.name if area else None,
        labels=_labels(hass, device, area),
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


def _labels(
    hass: HomeAssistant, device: dr.DeviceEntry | None, area: ar.AreaEntry | None
) -> tuple[str, ...]:
    """Return the names of labels in order."""
    registry = lr.async_get(hass)
    ids = (device.labels if device else set()) | (area.labels if area else set())
    found = (registry.async_get_label(label_id) for label_id in ids)
    return tuple(sorted(label.name for label in found if label is not None))


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
