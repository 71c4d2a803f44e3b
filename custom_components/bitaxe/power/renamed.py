"""Follows entities of others that are renamed: prices, meters, plugs, thermometers."""

from collections.abc import Mapping
from typing import Any, Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from ..alerts.notifications import CONF_ENTITIES
from ..const import CONF_BITCOIN_PRICE_ENTITY, CONF_PRICE_ENTITY
from ..following import swarm_entry
from ..swarm.supply import CONF_SENSOR as CONF_PLUG
from .heating_options import CONF_SENSOR as CONF_TEMPERATURE, CONF_WINDOWS

_NAMES: Final = frozenset(
    {
        CONF_PRICE_ENTITY,
        CONF_BITCOIN_PRICE_ENTITY,
        "surplus_entity",
        CONF_TEMPERATURE,
        CONF_WINDOWS,
        CONF_PLUG,
        CONF_ENTITIES,
    }
)
"""Options, and data of subentries, that name entities: one, or a list of them."""
_SET_UP: Final = (ConfigEntryState.LOADED, ConfigEntryState.SETUP_IN_PROGRESS)


@callback
def async_follow_renamed(hass: HomeAssistant) -> None:
    """Have the swarm's entry name each entity as it is called now.

    Otherwise a renamed meter would be one that says nothing, for ever. Several are
    renamed at once, as with their device, so this goes on while the entry is set up
    anew.
    """

    @callback
    def follow(event: Event[er.EventEntityRegistryUpdatedData]) -> None:
        data = event.data
        if data["action"] != "update" or "old_entity_id" not in data:
            return
        if (entry := swarm_entry(hass)) is None:
            return
        before, now = data["old_entity_id"], data["entity_id"]
        for subentry in list(entry.subentries.values()):
            named = _renamed(subentry.data, before, now)
            if named != subentry.data:
                hass.config_entries.async_update_subentry(entry, subentry, data=named)
        options = _renamed(entry.options, before, now)
        if options != entry.options:
            hass.config_entries.async_update_entry(entry, options=options)
            if entry.state in _SET_UP:
                hass.config_entries.async_schedule_reload(entry.entry_id)

    hass.bus.async_listen(er.EVENT_ENTITY_REGISTRY_UPDATED, follow)


def _renamed(values: Mapping[str, Any], before: str, now: str) -> dict[str, Any]:
    """Return options with an entity called otherwise, wherever one is named."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, Mapping):
            found[name] = _renamed(value, before, now)
        elif name not in _NAMES:
            found[name] = value
        elif isinstance(value, str):
            found[name] = now if value == before else value
        else:
            found[name] = [now if item == before else item for item in value]
    return found
