"""Where a demo lives, and which ports it takes."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The choices of the person who starts the demo."""

    config: Path
    """Configuration folder of Home Assistant."""
    port: int
    """Port of Home Assistant."""
    miner_port: int
    """Port of the first miner; the others follow."""
    control_port: int
    """Port of the server that provokes faults."""
    speed: float
    """Simulated seconds in a real one."""
    days: int
    """Days of history a new demo begins with."""
    pool_port: int | None = None
    """Port of the pool that all miners work for; None: there is none to ask."""
    publisher_port: int | None = None
    """Port of what publishes firmware; None: the real publisher is meant."""
    discord_port: int | None = None
    """Port of the fake Discord; None: the real one is meant."""

    @property
    def url(self) -> str:
        """Where the browser finds Home Assistant."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def log(self) -> Path:
        """The log of Home Assistant."""
        return self.config / "home-assistant.log"

    @property
    def stand_ins(self) -> Path:
        """Folder of the modules that stand in for missing packages."""
        return self.config / "stand_ins"
