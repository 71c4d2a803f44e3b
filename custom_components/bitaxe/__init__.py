"""Bitaxe miners in Home Assistant: wires the parts together."""

from collections.abc import Iterable
from contextlib import suppress
from typing import Final

from homeassistant.config_entries import SOURCE_SYSTEM, ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.typing import ConfigType

from . import issues
from .alerts.blocks import async_follow_blocks
from .alerts.blueprints import async_schedule_blueprints
from .alerts.notifications import Notifier
from .const import CONF_KIND, DOMAIN, KIND_SWARM
from .coordinator import MinerConfigEntry, MinerCoordinator, forget_recent
from .discord.hub import SUBENTRY_TYPE, DiscordHub
from .firmware.install import async_follow_lost_settings
from .firmware.manager import async_get_firmware
from .following import swarm_entry
from .frontend import async_setup_frontend
from .frontend.dashboard import async_offer_dashboard
from .guard.guard import MinerGuard
from .history import migration
from .history.events import async_keep_recent_events
from .miner.notes import Notes
from .pools.accounts import async_get_pools
from .power.heating import Heatings
from .power.renamed import async_follow_renamed
from .power.swarm import SwarmPower, async_get_power
from .requirements import NEXTCORD, async_get_library, async_release_libraries
from .results.gap_fill import async_fill_gap
from .runtime import SwarmConfigEntry, SwarmRuntime
from .services import async_setup_services
from .storage import async_remove_files
from .swarm.coordinator import Swarm
from .tuning.session import MinerTuner, tuner_of
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
    Platform.UPDATE,
)
SWARM_PLATFORMS: Final = (
    Platform.BINARY_SENSOR,
    Platform.BUTTON,
    Platform.CALENDAR,
    Platform.CLIMATE,
    Platform.IMAGE,
    Platform.NOTIFY,
    Platform.NUMBER,
    Platform.SELECT,
    Platform.SENSOR,
    Platform.SWITCH,
)


async def async_setup(hass: HomeAssistant, config: ConfigType) -> bool:
    """Register the actions, and the commands of cards."""
    async_keep_recent_events(hass)
    migration.async_report_newer_entries(hass)
    issues.async_follow_owners(hass, _release_libraries)
    async_follow_renamed(hass)
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
    if (tuner := tuner_of(hass, entry.entry_id)) is not None:
        await tuner.async_suspend()
    unloaded = await hass.config_entries.async_unload_platforms(entry, MINER_PLATFORMS)
    if unloaded:
        entry.runtime_data.async_leave()
        await entry.runtime_data.async_save()
    return unloaded


async def async_remove_entry(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Forget a miner, or the swarm."""
    if entry.data.get(CONF_KIND) != KIND_SWARM:
        forget_recent(hass, entry.entry_id)
    await async_remove_files(hass, entry.entry_id)


@callback
def _release_libraries(hass: HomeAssistant, swarm: ConfigEntry | None) -> None:
    """Ask for no library any more that nothing needs."""
    if swarm is None:
        async_release_libraries(hass)
    elif not any(swarm.get_subentries_of_type(SUBENTRY_TYPE)):
        async_get_library(hass, NEXTCORD).async_release()


async def async_migrate_entry(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Adopt the entries of other integrations of this domain, all of version 1."""
    return await migration.async_migrate_entry(hass, entry)


async def _async_setup_miner(hass: HomeAssistant, entry: MinerConfigEntry) -> bool:
    coordinator = MinerCoordinator(hass, entry)
    await coordinator.async_config_entry_first_refresh()
    entry.runtime_data = coordinator
    await Notes(hass, entry).async_start()
    await MinerGuard(hass, coordinator).async_start()
    tuner = MinerTuner(hass, coordinator)
    await tuner.async_start()
    power = async_get_power(hass)
    await power.async_add_miner(coordinator)
    await _async_forward(hass, entry, MINER_PLATFORMS)
    coordinator.async_end_setup()
    tuner.async_watch()
    power.async_watch_miner(coordinator)
    _async_ensure_swarm(hass)
    entry.async_create_background_task(
        hass, async_fill_gap(hass, coordinator), "bitaxe kept samples"
    )
    return True


async def _async_setup_swarm(hass: HomeAssistant, entry: SwarmConfigEntry) -> bool:
    swarm = Swarm(hass, entry)
    # First all that may fail: platforms that were forwarded would be left behind.
    await swarm.alerts.async_load()
    await swarm.async_start()
    # Before the target of the swarm, which leaves alone what heats a room.
    heating = Heatings(hass, swarm, entry)
    await heating.async_load()
    power = SwarmPower(hass, swarm, entry)
    await power.async_start()
    await async_get_pools(hass).async_start(entry)
    await async_get_firmware(hass).async_start(entry)
    async_follow_lost_settings(hass, entry)
    discord = DiscordHub(hass, swarm)
    entry.runtime_data = SwarmRuntime(swarm=swarm, discord=discord, heating=heating)
    await discord.async_start()
    await _async_forward(hass, entry, SWARM_PLATFORMS)
    Notifier(hass, entry).async_start(swarm.alerts)
    async_follow_blocks(hass, swarm.alerts)
    # Last, so that everybody hears of what happened while Home Assistant was down.
    swarm.alerts.async_start()
    async_schedule_blueprints(hass, entry)
    async_offer_dashboard(hass, entry)
    return True


async def _async_forward(
    hass: HomeAssistant, entry: ConfigEntry, platforms: Iterable[Platform]
) -> None:
    """Set up all platforms of an entry, or leave none behind."""
    try:
        await hass.config_entries.async_forward_entry_setups(entry, platforms)
    except BaseException:
        for platform in platforms:
            # One that was not reached is not loaded.
            with suppress(ValueError):
                await hass.config_entries.async_forward_entry_unload(entry, platform)
        raise


def _async_ensure_swarm(hass: HomeAssistant) -> None:
    """Create the swarm's entry with the first miner."""
    if swarm_entry(hass) is not None:
        return
    hass.async_create_task(
        hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_SYSTEM})
    )
