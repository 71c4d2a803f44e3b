"""What was chosen about power targets, for all miners and for one."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import HomeAssistant, callback

from ..const import CONF_POWER
from ..coordinator import MinerCoordinator
from ..following import swarm_entry
from .model import PowerOptions


@callback
def power_options(
    hass: HomeAssistant, miner: MinerCoordinator | None = None
) -> PowerOptions:
    """Return what was chosen for all, and over it what was chosen for a miner."""
    entry = swarm_entry(hass)
    swarm: Mapping[str, Any] = (
        {} if entry is None else entry.options.get(CONF_POWER, {})
    )
    own = miner.config_entry.options.get(CONF_POWER, {}) if miner is not None else {}
    return PowerOptions.from_dict(swarm, own)
