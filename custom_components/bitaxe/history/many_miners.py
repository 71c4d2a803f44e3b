"""Splits an entry of another integration that stands for several miners.

Such an entry holds the addresses that were found in a network
(TechnicallyBob202/HA-bitaxe). Each miner has a device, known by its address, and
entities whose unique ids begin with `bitaxe_` and the address with underscores. Miners
that were found later are no part of the entry's data, but have a device all the same.
"""

from types import MappingProxyType
from typing import Any, Final

from homeassistant.config_entries import SOURCE_IMPORT, ConfigEntry
from homeassistant.const import CONF_HOST
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr, entity_registry as er

from ..const import DOMAIN
from ..miner.address import parse_address

CONF_OWNER: Final = "owner"
"""In the data of an entry that was split off: what its old unique ids begin with."""

_MINERS: Final = "miners"
_SUBNET: Final = "subnet"


def stands_for_many(entry: ConfigEntry) -> bool:
    """Return whether an entry is of this kind."""
    return _SUBNET in entry.data or _MINERS in entry.data


@callback
def async_split(hass: HomeAssistant, entry: ConfigEntry) -> dict[str, Any] | None:
    """Give every miner but the first an entry, with its device and its entities.

    Returns the data of an entry of the first one, in the shape of an integration that
    has an entry per miner, as those of the others; `None` if there is no miner at all.
    """
    addresses = _addresses(hass, entry)
    for address in addresses[1:]:
        _async_split_off(hass, entry, address)
    return _data(addresses[0]) if addresses else None


def _data(address: str) -> dict[str, Any]:
    return {
        CONF_HOST: address,
        CONF_OWNER: f"bitaxe_{address.replace('.', '_')}",
    }


def _addresses(hass: HomeAssistant, entry: ConfigEntry) -> list[str]:
    """Return the addresses of all its miners, each once."""
    listed = entry.data.get(_MINERS)
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), entry.entry_id)
    return list(
        dict.fromkeys(
            text
            for text in (
                *(listed if isinstance(listed, list | tuple) else ()),
                *(
                    identifier
                    for device in devices
                    for domain, identifier, *_ in device.identifiers
                    if domain == DOMAIN
                ),
            )
            if isinstance(text, str) and _is_address(text)
        )
    )


def _is_address(text: str) -> bool:
    try:
        parse_address(text)
    except ValueError:
        return False
    return True


@callback
def _async_split_off(hass: HomeAssistant, entry: ConfigEntry, address: str) -> None:
    """Add an entry of one of the miners, and move to it what belongs to the miner."""
    data = _data(address)
    other = ConfigEntry(
        data=data,
        discovery_keys=MappingProxyType({}),
        domain=DOMAIN,
        minor_version=1,
        options={},
        source=SOURCE_IMPORT,
        subentries_data=None,
        title=address,
        unique_id=None,
        version=1,
    )
    # It is there at once; setting it up, which begins with its migration, takes time.
    hass.async_create_task(hass.config_entries.async_add(other), "bitaxe split entry")
    entities, devices = er.async_get(hass), dr.async_get(hass)
    for old in er.async_entries_for_config_entry(entities, entry.entry_id):
        if old.unique_id.startswith(f"{data[CONF_OWNER]}_"):
            entities.async_update_entity(old.entity_id, config_entry_id=other.entry_id)
    device = devices.async_get_device_by_identifier((DOMAIN, address), entry.entry_id)
    if device is not None:
        devices.async_update_device(device.id, new_config_entry_id=other.entry_id)
