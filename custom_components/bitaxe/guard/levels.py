"""The levels of a miner's figures, with the heat that was chosen for it."""

from collections.abc import Collection
from typing import Final

from homeassistant.core import HomeAssistant, callback

from ..alerts.model import AlertKind
from ..const import CONF_GUARD
from ..coordinator import MinerCoordinator
from ..miner.levels import Judged, Level, levels_of
from .guard import guard_of, guard_options
from .heat import heat_thresholds

_HEAT: Final = {
    AlertKind.OVERHEATING: Judged.ASIC_TEMPERATURE,
    AlertKind.VR_HEAT: Judged.VR_TEMPERATURE,
}


@callback
def async_levels(
    hass: HomeAssistant, miner: MinerCoordinator, raised: Collection[AlertKind] = ()
) -> dict[Judged, Level]:
    """Return the levels of the last reading.

    A figure with a raised alert is never judged good: the alert may come before its
    level.
    """
    guard = guard_of(hass, miner.config_entry.entry_id)
    options = (
        guard_options(hass, miner.config_entry.options.get(CONF_GUARD))
        if guard is None
        else guard.options
    )
    levels = levels_of(miner.data, *heat_thresholds(miner.snapshot, options))
    for kind, figure in _HEAT.items():
        if kind in raised and levels.get(figure) is Level.GOOD:
            levels[figure] = Level.WARNING
    return levels
