"""What the entry of the swarm holds while it is set up."""

from dataclasses import dataclass

from homeassistant.config_entries import ConfigEntry

from .discord.hub import DiscordHub
from .power.heating import Heatings
from .swarm.coordinator import Swarm


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmRuntime:
    """The swarm, and beside it what follows it without the swarm knowing."""

    swarm: Swarm
    discord: DiscordHub
    """The channels that get messages, and the bots that answer."""
    heating: Heatings
    """The rooms that miners heat."""


type SwarmConfigEntry = ConfigEntry[SwarmRuntime]
