"""What all miners together may draw while any of them is tuned.

Before a trial a tuner claims what it expects the miner to draw there; what the others
draw, or have claimed if that is more, comes first. A limit that people themselves
exceed begins no trial.
"""

import asyncio
from functools import partial
from math import isfinite
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util.hass_dict import HassKey

from ..const import CONF_TUNING, DOMAIN
from ..containment import Containment
from ..coordinator import MinerCoordinator
from ..following import loaded_miners, swarm_entry

CONF_MAXIMUM_SWARM_POWER: Final = "maximum_swarm_power"

# W that a miner is assumed to draw if its power is unknown.
_MOST_POWER: Final = 500.0

_DATA: Final[HassKey[SwarmPower]] = HassKey(f"{DOMAIN}_tuning_power")


@callback
def swarm_power(hass: HomeAssistant) -> SwarmPower:
    """Return the one all tuners share."""
    if (found := hass.data.get(_DATA)) is None:
        found = hass.data[_DATA] = SwarmPower(hass)
    return found


class SwarmPower:
    """The power of all miners, and who may have how much of it."""

    def __init__(self, hass: HomeAssistant) -> None:
        """Begin without a claim."""
        self._hass = hass
        self._claims: dict[str, float] = {}
        self._containment = Containment()
        self.lock = asyncio.Lock()
        """To be held from asking for an allowance until it is claimed."""

    @property
    def limit(self) -> float | None:
        """W that all miners may draw together; `None` without a limit."""
        if (entry := swarm_entry(self._hass)) is None:
            return None
        value = entry.options.get(CONF_TUNING, {}).get(CONF_MAXIMUM_SWARM_POWER)
        return float(value) if isinstance(value, int | float) else None

    def allowance(self, entry_id: str) -> float | None:
        """Return the W that others leave to a miner; `None` without a limit."""
        limit = self.limit
        if limit is None:
            return None
        others = sum(
            max(
                self._containment.value_of(
                    f"What {miner.display_name} draws",
                    partial(_drawn, miner),
                    _MOST_POWER,
                ),
                self._claims.get(miner.config_entry.entry_id, 0.0),
            )
            for miner in loaded_miners(self._hass)
            if miner.config_entry.entry_id != entry_id
        )
        return max(0.0, limit - others)

    def claim(self, entry_id: str, power: float) -> None:
        """Take so many W for what a miner is about to try."""
        self._claims[entry_id] = power

    def release(self, entry_id: str) -> None:
        """Let the others have them."""
        self._claims.pop(entry_id, None)


def _drawn(miner: MinerCoordinator) -> float:
    """Return W that a miner draws, as it was last seen."""
    power = miner.snapshot.electrical.power
    if power is None and miner.client.board is not None:
        power = miner.client.board.maximum_power
    power = power or 0.0
    if not isfinite(power):
        raise ArithmeticError("Power without an end")
    return power
