"""The integration at a glance, on Home Assistant's system information page."""

from collections import Counter
from collections.abc import Iterable
from functools import partial
from typing import Any, Final

from homeassistant.components.system_health import SystemHealthRegistration
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.update_coordinator import UpdateFailed

from .const import CONF_KIND, DOMAIN, KIND_SWARM
from .containment import Containment
from .coordinator import MinerConfigEntry, MinerCoordinator
from .following import loaded_miners, miner_entries
from .formatting import Texts
from .pools.accounts import async_get_pools
from .requirements import Library, async_needed_libraries
from .texts import async_get_texts

_CONTAINMENT: Final = Containment()


@callback
def async_register(hass: HomeAssistant, register: SystemHealthRegistration) -> None:
    """Register what to show."""
    register.async_register_info(_async_info)


async def _async_info(hass: HomeAssistant) -> dict[str, Any]:
    texts = async_get_texts(hass)
    entries = miner_entries(hass)
    miners = loaded_miners(hass)
    failures = [
        _setup_failure(entry, texts)
        for entry in entries
        if entry.state is not ConfigEntryState.LOADED
    ] + [_failure(miner, texts) for miner in miners if miner.missed_polls]
    return {
        "miners": len(entries),
        "miners_online": sum(miner.last_update_success for miner in miners),
        "firmware": _tally(
            _CONTAINMENT.value_of(
                f"The firmware of {miner.display_name}", partial(_firmware, miner), "?"
            )
            for miner in miners
        ),
        "failures": _tally(failures),
        **_discord(hass),
        **_pools(hass),
        **{
            f"library_{library.requirement.name}": _library(library, texts)
            for library in async_needed_libraries(hass)
        },
    }


def _firmware(miner: MinerCoordinator) -> str:
    identity = miner.snapshot.identity
    return f"{identity.manufacturer} {identity.firmware_version or '?'}"


def _library(library: Library, texts: Texts) -> str:
    """Return how far a library is, and why it is missing."""
    state = texts(f"health_state.{library.state.value}")
    return f"{state} ({library.reason})" if library.reason else state


def _discord(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many channels there are, if anybody has set up one."""
    channels = [
        channel
        for entry in hass.config_entries.async_loaded_entries(DOMAIN)
        if entry.data[CONF_KIND] == KIND_SWARM
        for channel in entry.runtime_data.discord.channels
    ]
    if not channels:
        return {}
    return {
        "discord_channels": len(channels),
        "discord_channels_available": sum(channel.available for channel in channels),
    }


def _pools(hass: HomeAssistant) -> dict[str, Any]:
    """Return how many pool accounts there are and answer, if anybody has set up one."""
    accounts = async_get_pools(hass).accounts
    if not accounts:
        return {}
    return {
        "pool_accounts": len(accounts),
        "pool_accounts_available": sum(item.last_update_success for item in accounts),
    }


def _setup_failure(entry: MinerConfigEntry, texts: Texts) -> str:
    """Return why a miner is not set up."""
    if (key := entry.error_reason_translation_key) is not None:
        return texts.error(key, entry.error_reason_translation_placeholders)
    return texts(f"health_state.{entry.state.value}")


def _failure(miner: MinerCoordinator, texts: Texts) -> str:
    """Return why the last poll failed; a single lost one is not shown at the miner."""
    error = miner.last_exception
    if isinstance(error, UpdateFailed) and (key := error.translation_key) is not None:
        return texts.error(key, error.translation_placeholders)
    return texts("health_state.missed_poll")


def _tally(values: Iterable[str]) -> str:
    """Return each value with how often it occurs: "v2.12.2 (3), v2.9.0 (1)"."""
    return ", ".join(f"{value} ({n})" for value, n in Counter(values).most_common())
