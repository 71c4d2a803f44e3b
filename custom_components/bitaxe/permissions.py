"""Who may see and control a miner, by their permissions on its entities."""

from collections.abc import Iterable
from typing import Final

from homeassistant.auth.models import User
from homeassistant.auth.permissions.const import (
    POLICY_CONTROL,
    POLICY_EDIT,
    POLICY_READ,
)
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import Context, HomeAssistant, callback
from homeassistant.exceptions import Unauthorized, UnknownUser
from homeassistant.helpers import entity_registry as er

from .coordinator import MinerCoordinator

_CONTROLS: Final = {
    Platform.BUTTON,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SWITCH,
}
"""What our actions do as well. No action of ours installs firmware (`update`) or heats
a room (`climate`): the permission for these is neither needed for actions nor
enough."""


@callback
def may_read(hass: HomeAssistant, user: User, entry: ConfigEntry) -> bool:
    """Return whether a user may see a miner, or the swarm: any of its entities."""
    if user.permissions.access_all_entities(POLICY_READ):
        return True
    return any(
        user.permissions.check_entity(item.entity_id, POLICY_READ)
        for item in _entities(hass, entry)
    )


@callback
def may_control(hass: HomeAssistant, user: User, entry: ConfigEntry) -> bool:
    """Return whether a user may control a miner, or the swarm: all there is to control.

    What our actions do to a miner cannot be said to concern a single entity.
    """
    if user.permissions.access_all_entities(POLICY_CONTROL):
        return True
    controls = [item for item in _entities(hass, entry) if item.domain in _CONTROLS]
    return bool(controls) and all(
        user.permissions.check_entity(item.entity_id, POLICY_CONTROL)
        for item in controls
    )


async def async_require_read(
    hass: HomeAssistant, context: Context, miners: Iterable[MinerCoordinator]
) -> None:
    """Insist that the user behind an action may see all of some miners.

    Automations have nobody behind them and may do everything.

    Raises:
        Unauthorized: the user may not.

    """
    user = await _async_user(hass, context, POLICY_READ)
    for miner in miners:
        if user is not None and not may_read(hass, user, miner.config_entry):
            raise _refusal(context, miner.config_entry, POLICY_READ)


async def async_readable(
    hass: HomeAssistant, context: Context | None, miners: Iterable[MinerCoordinator]
) -> list[MinerCoordinator]:
    """Return those of some miners that the user behind a question may see.

    Raises:
        Unauthorized: there are some, and the user may see none of them.

    """
    miners = list(miners)
    context = context or Context()
    user = await _async_user(hass, context, POLICY_READ)
    if user is None:
        return miners
    readable = [item for item in miners if may_read(hass, user, item.config_entry)]
    if miners and not readable:
        raise _refusal(context, miners[0].config_entry, POLICY_READ)
    return readable


async def async_require_control(
    hass: HomeAssistant, context: Context, miners: Iterable[MinerCoordinator]
) -> None:
    """Insist that the user behind an action may control all of some miners.

    Automations have nobody behind them and may do everything.

    Raises:
        Unauthorized: the user may not.

    """
    await async_require_control_of_entries(
        hass, context, [miner.config_entry for miner in miners]
    )


async def async_require_control_of_entries(
    hass: HomeAssistant, context: Context, entries: Iterable[ConfigEntry]
) -> None:
    """Insist on the same for miners that need not be set up.

    Raises:
        Unauthorized: the user may not.

    """
    user = await _async_user(hass, context, POLICY_CONTROL)
    for entry in entries:
        if user is not None and not may_control(hass, user, entry):
            raise _refusal(context, entry, POLICY_CONTROL)


async def async_require_administrator(hass: HomeAssistant, context: Context) -> None:
    """Insist that the user behind an action administrates Home Assistant.

    Automations have nobody behind them and may do everything.

    Raises:
        Unauthorized: the user does not.

    """
    user = await _async_user(hass, context, POLICY_EDIT)
    if user is not None and not user.is_admin:
        raise Unauthorized(context=context, permission=POLICY_EDIT)


async def async_require_read_of_entity(
    hass: HomeAssistant, context: Context, entity_id: str
) -> None:
    """Insist that the user behind an action may see an entity of any integration.

    Automations have nobody behind them and may do everything.

    Raises:
        Unauthorized: the user may not.

    """
    user = await _async_user(hass, context, POLICY_READ)
    if user is not None and not user.permissions.check_entity(entity_id, POLICY_READ):
        raise Unauthorized(context=context, entity_id=entity_id, permission=POLICY_READ)


async def _async_user(
    hass: HomeAssistant, context: Context, permission: str
) -> User | None:
    if context.user_id is None:
        return None
    user = await hass.auth.async_get_user(context.user_id)
    if user is None:
        raise UnknownUser(context=context, permission=permission)
    return user


def _refusal(context: Context, entry: ConfigEntry, permission: str) -> Unauthorized:
    return Unauthorized(
        context=context, config_entry_id=entry.entry_id, permission=permission
    )


def _entities(hass: HomeAssistant, entry: ConfigEntry) -> list[er.RegistryEntry]:
    """Return the entities of a miner, or of the swarm itself.

    Not those of its parts (rooms, power supplies, channels, pool accounts): the
    permission for the thermostat of one room is none to see what all miners do.
    """
    return [
        item
        for item in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if item.config_subentry_id is None
    ]
