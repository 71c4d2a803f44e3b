"""Which miners an action, a card or an assistant asks about."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.service import async_get_device_and_config_entry

from .const import CONF_KIND, DOMAIN, KIND_SWARM, SWARM_UNIQUE_ID
from .coordinator import MinerCoordinator
from .names import device_of
from .swarm import Swarm


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
            # Discord channels belong to the same entry.
            if (DOMAIN, SWARM_UNIQUE_ID) not in device.identifiers:
                raise ServiceValidationError(
                    translation_domain=DOMAIN,
                    translation_key="not_miners",
                    translation_placeholders={
                        "device": device.name_by_user or device.name or device_id
                    },
                )
            swarm = True
            miners |= dict.fromkeys(runtime_data.miners)
        else:
            miners[runtime_data] = None
    return Targets(miners=list(miners), swarm=swarm)


@callback
def async_find_swarm(hass: HomeAssistant) -> Swarm | None:
    """Return the swarm, if it is set up."""
    return next(
        (
            entry.runtime_data
            for entry in hass.config_entries.async_entries(DOMAIN)
            if entry.data.get(CONF_KIND) == KIND_SWARM
            and entry.state is ConfigEntryState.LOADED
        ),
        None,
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
