"""Bitaxe miners in Home Assistant: wires the parts together."""

from typing import Final

from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from . import issues, migration
from .alerts import alert_store
from .blueprint_files import async_schedule_blueprints, blueprint_store
from .const import CONF_KIND, DOMAIN, KIND_SWARM
from .coordinator import MinerConfigEntry, MinerCoordinator
from .discord.backlog import backlog_store
from .discord.hub import DiscordHub
from .discord.issues import async_delete_all as async_delete_discord_issues
from .discord.schedule import async_remove_posted
from .frontend import async_setup_frontend
from .memory import MinerMemory
from .services import async_setup_services
from .swarm import Swarm, SwarmConfigEntry
from .websocket_api import async_setup_websocket_api

CONFIG_SCHEMA = cv.config_entry_only_config_schema(DOMAIN)

MINER_PLATFORMS: Final = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.EVENT,
    Platform.IMAGE,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)
SWARM_PLATFORMS: Final = (
    Platform.BUTTON,
    Platform.IMAGE,
    Platform.NOTIFY,
    Platform.SENSOR,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, and the commands of cards."""
    async_setup_services(hass)
    async_setup_websocket_api(hass)
    await async_setup_frontend(hass)
    return True


async def async_setup_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Set up a miner, or the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        return await _async_setup_swarm(hass, entry)
    return await _async_setup_miner(hass, entry)


async def async_unload_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Unload a miner, or the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        return await hass.config_entries.async_unload_platforms(entry, SWARM_PLATFORMS)
    unloaded = await hass.config_entries.async_unload_platforms(entry, MINER_PLATFORMS)
    if unloaded:
        await entry.runtime_data.async_save()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget a miner, or the swarm."""
    if entry.data.get(CONF_KIND) == KIND_SWARM:
        async_delete_discord_issues(hass, entry)
        await alert_store(hass, entry.entry_id).async_remove()
        await blueprint_store(hass, entry.entry_id).async_remove()
        await async_remove_posted(hass, entry.entry_id)
        await backlog_store(hass, entry.entry_id).async_remove()
    else:
        issues.async_delete_all(hass, entry)
    await MinerMemory(hass, entry.entry_id).async_remove()


async def async_migrate_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Adopt the entries of other integrations of this domain, all of version 1."""
    return await migration.async_migrate_entry(hass, entry)


async def _async_setup_miner(hass: HomeAssistant, entry: MinerConfigEntry) -> bool:
    coordinator = MinerCoordinator(hass, entry)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    await hass.config_entries.async_forward_entry_setups(entry, MINER_PLATFORMS)
    _async_ensure_swarm(hass)
    return True


async def _async_setup_swarm(hass: HomeAssistant, entry: SwarmConfigEntry) -> bool:
    swarm = entry.runtime_data = Swarm(hass, entry)
    await swarm.async_start()
    swarm.discord = DiscordHub(hass, swarm)
    await swarm.discord.async_start()
    await hass.config_entries.async_forward_entry_setups(entry, SWARM_PLATFORMS)
    # Last, so that everybody hears of what happened while Home Assistant was down.
    await swarm.alerts.async_start()
    async_schedule_blueprints(hass, entry)
    return True


def _async_ensure_swarm(hass: HomeAssistant) -> None:
    """Create the swarm's entry with the first miner."""
    if any(
        entry.data.get(CONF_KIND) == KIND_SWARM
        for entry in hass.config_entries.async_entries(DOMAIN)
    ):
        return
    hass.async_create_task(
        hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_SYSTEM})
    )
