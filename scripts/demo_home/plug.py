"""The plug of the demo: what it shows now, and what it would have shown for weeks."""

from dataclasses import dataclass, field
from typing import Final

from custom_components.bitaxe.swarm.supply_meter import SupplyMeter

MINER: Final = "bitaxe-office"
"""Whose power supply it feeds."""
IDLE: Final = 1.5
"""W that the supply takes by itself."""
EFFICIENCY: Final = 0.89
"""Share of the rest that gets to the miner."""


def wall_power(power: float) -> float:
    """Return the W that the plug shows while its miner draws so many W."""
    return round(IDLE + power / EFFICIENCY, 1)


@dataclass
class PastPlug:
    """The supply as the integration would have known it."""

    meter: SupplyMeter = field(default_factory=SupplyMeter)

    def take(self, power: float | None, when: float) -> dict[str, float | None]:
        """Take in the W of its miner, unknown while that is away; return its figures.

        They are those of the sensors of a supply, by key.
        """
        wall = None if power is None else wall_power(power)
        self.meter.take(wall, power, when)
        return {
            "power": wall,
            "energy": self.meter.energy,
            "loss": self.meter.loss,
            "loss_share": self.meter.loss_share,
        }
