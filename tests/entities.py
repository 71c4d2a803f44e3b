"""Entities of a miner, found by what they are and not by what they are called."""

from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import entity_registry as er
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import DOMAIN


def entity_id(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> str:
    """Return the id of an entity of a miner, which must exist."""
    found = er.async_get(hass).async_get_entity_id(
        platform, DOMAIN, f"{entry.unique_id}_{key}"
    )
    assert found is not None, f"no {platform} {key}"
    return found


def has_entity(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> bool:
    """Whether a miner has an entity."""
    return (
        er.async_get(hass).async_get_entity_id(
            platform, DOMAIN, f"{entry.unique_id}_{key}"
        )
        is not None
    )


def state_of(
    hass: HomeAssistant, entry: MockConfigEntry, platform: str, key: str
) -> State:
    """Return the state of an entity of a miner, which must exist and be enabled."""
    state = hass.states.get(entity_id(hass, entry, platform, key))
    assert state is not None, f"{platform} {key} is disabled"
    return state
