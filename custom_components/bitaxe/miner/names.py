"""Names of miners, and what distinguishes those of the same name."""

from collections import Counter
from collections.abc import Callable, Iterable
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr

from ..axeos import DEFAULT_PORT, Family
from ..axeos.snapshot import Identity
from ..const import CONF_KIND, DOMAIN, KIND_MINER
from ..formatting import as_text
from .address import is_mac

FACTORY_HOSTNAMES: Final = frozenset(
    {
        *("bitaxe", "bitforge", "espressif", "luckyminer", "lv06", "lv07", "lv08"),
        *("nerdaxe", "nerdaxegamma", "nerdeko", "nerdhaxe", "nerdminer", "nerdoctaxe"),
        *("nerdqaxe", "nerdqaxe+", "nerdqaxe++", "nerdqx", "q1370", "q1373"),
    }
)
"""Host names that firmware comes with, or falls back to; nobody chose them."""
_DIGITS: Final = (4, 6, 12)
"""How much of the end of a MAC address distinguishes miners: more where less does
not."""


def suggested_name(identity: Identity, unique_id: str, taken: Iterable[str]) -> str:
    """Return the name under which a miner is added, which is none of the `taken` ones.

    That is the host name somebody chose for it. One of the factory, which several
    miners may have, is replaced by model and end of the MAC address, as the firmware's
    own mDNS name is made: "Bitaxe Gamma (C9E3)". Without a MAC address it is the
    network address.
    """
    names = {other.casefold() for other in taken}
    name = identity.hostname and as_text(identity.hostname)
    if name is None or name.casefold() in FACTORY_HOSTNAMES:
        name = as_text(_model_name(identity))
    elif name.casefold() not in names:
        return name
    ends = (
        _end_of(unique_id, digits).removesuffix(f":{DEFAULT_PORT}")
        for digits in _DIGITS
    )
    *shorter, longest = (f"{name} ({end})" for end in ends)
    return next((item for item in shorter if item.casefold() not in names), longest)


def _model_name(identity: Identity) -> str:
    maker, model = identity.manufacturer, identity.model
    if identity.family is not Family.AXEOS or maker is None or model.startswith(maker):
        return model
    return f"{maker} {model}"


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

    That is the name somebody gave the device, else that of the entry. Miners of the
    same name, such as "bitaxe", are distinguished by the end of their MAC address, or
    by their network address where they report none.
    """
    names = {
        entry: write(entry_name(hass, entry))
        for entry in {entry.entry_id: entry for entry in entries}.values()
    }
    same = Counter(name.casefold() for name in names.values())
    found: dict[str, str] = {}
    for digits in _DIGITS:
        found = {
            entry.entry_id: name
            if same[name.casefold()] == 1
            else f"{name} ({_end_of(entry.unique_id or entry.entry_id, digits)})"
            for entry, name in names.items()
        }
        if len({name.casefold() for name in found.values()}) == len(found):
            break
    return found


@callback
def entry_name(hass: HomeAssistant, entry: ConfigEntry) -> str:
    """Return the name somebody gave the device of an entry, else that of the entry."""
    device = device_of(hass, entry)
    return (device and device.name_by_user) or entry.title


def _end_of(identifier: str, digits: int) -> str:
    """Return what distinguishes miners: the last digits of a MAC, or an address."""
    if not is_mac(identifier):
        return identifier
    return identifier.replace(":", "")[-digits:].upper()
