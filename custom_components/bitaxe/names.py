"""What people call their miners, and what tells those of the same name apart."""

from collections import Counter
from collections.abc import Callable, Iterable

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from .address import is_mac
from .const import CONF_KIND, DOMAIN, KIND_MINER


@callback
def device_of(hass: HomeAssistant, entry: ConfigEntry) -> dr.DeviceEntry | None:
    """Return the device of a miner or the swarm, also while it is not set up.

    Discord channels are devices of the swarm's entry as well.
    """
    return dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, entry.unique_id or entry.entry_id), entry.entry_id
    )


@callback
def miner_name(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the name of one miner, which no other has."""
    others = hass.config_entries.async_entries(
        DOMAIN, include_ignore=False, include_disabled=False
    )
    miners = {
        other.entry_id: other
        for other in (*others, entry)
        if other.data.get(CONF_KIND) == KIND_MINER
    }
    return distinct_names(hass, miners.values())[entry.entry_id]


@callback
def distinct_names(
    hass: HomeAssistant,
    entries: Iterable[ConfigEntry],
    write: Callable[[str], str] = str,
) -> dict[str, str]:
    """Return the names of miners by the id of their entry, as `write` writes them.

    That is the name somebody gave the device, else that of the entry. Miners of the same
    name, such as "bitaxe", are told apart by the end of their MAC address, or by their
    network address where they report none.
    """
    entries = list(entries)
    names = {entry.entry_id: write(_called(hass, entry)) for entry in entries}
    same = Counter(name.casefold() for name in names.values())
    return {
        entry.entry_id: name
        if same[name.casefold()] == 1
        else f"{name} ({_distinction(entry)})"
        for entry in entries
        for name in (names[entry.entry_id],)
    }


def _called(hass: HomeAssistant, entry: ConfigEntry) -> str:
    device = device_of(hass, entry)
    return (device and device.name_by_user) or entry.title


def _distinction(entry: ConfigEntry) -> str:
    identifier = entry.unique_id or entry.entry_id
    return identifier.replace(":", "")[-4:] if is_mac(identifier) else identifier
