"""The integration at a glance, on Home Assistant's system information page."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import UpdateFailed

from .coordinator import MinerCoordinator
from .swarm import loaded_miners, miner_entries
from .targets import async_find_swarm


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what to show."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    entries = miner_entries(hass)
    miners = loaded_miners(hass)
    failures = [
        entry.error_reason_translation_key or entry.state.value
        for entry in entries
        if entry.state is not ConfigEntryState.LOADED
    ] + [_failure(miner) for miner in miners if miner.missed_polls]
    return {
        "miners": len(entries),
        "miners_online": sum(miner.last_update_success for miner in miners),
        "firmware": _tally(
            f"{miner.snapshot.identity.manufacturer} "
            f"{miner.snapshot.identity.firmware_version or '?'}"
            for miner in miners
        ),
        "failures": _tally(failures),
        **_discord(hass),
    }


def _discord(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many channels there are, if anybody has set up one."""
    swarm = async_find_swarm(hass)
    if swarm is None or not (channels := swarm.discord.channels):
        return {}
    return {
        "discord_channels": len(channels),
        "discord_channels_available": sum(channel.available for channel in channels),
    }


def _failure(miner: MinerCoordinator) -> str:
    """Return why the last poll failed; a single lost one is not told by the miner."""
    error = miner.last_exception
    key = error.translation_key if isinstance(error, UpdateFailed) else None
    return key or "missed_poll"


def _tally(values: Iterable[str]) -> str:
    """Return each value with how often it occurs: "v2.12.2 (3), v2.9.0 (1)"."""
    return ", ".join(f"{value} ({n})" for value, n in Counter(values).most_common())
