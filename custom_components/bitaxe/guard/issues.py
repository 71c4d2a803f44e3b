"""The repair that asks a person once the watchdog's budget is used up."""

from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import DOMAIN
from ..issues import async_create
from ..miner.names import miner_name
from .model import Cause

_ISSUE: Final = "watchdog_gave_up"
_KEYS: Final = {
    Cause.FROZEN_HASHRATE: "watchdog_gave_up_frozen_hashrate",
    Cause.NO_HASHRATE: "watchdog_gave_up_no_hashrate",
    Cause.POOL_SILENCE: "watchdog_gave_up_pool_silence",
    Cause.REGULATOR_OFF: "watchdog_gave_up_regulator_off",
    Cause.DARK_DOMAIN: "watchdog_gave_up_dark_domain",
}


@callback
def async_update(hass: HomeAssistant, entry: ConfigEntry, cause: Cause | None) -> None:
    """Ask while there is a cause, and take it back once there is none."""
    if cause is None:
        ir.async_delete_issue(hass, DOMAIN, f"{_ISSUE}_{entry.entry_id}")
        return
    async_create(
        hass,
        _ISSUE,
        entry.entry_id,
        translation_key=_KEYS[cause],
        severity=ir.IssueSeverity.ERROR,
        placeholders={"name": miner_name(hass, entry)},
    )
