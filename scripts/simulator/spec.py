"""What a simulated miner is."""

from dataclasses import dataclass
import hashlib
from typing import Literal

from .hardware import AXEOS_BOARDS, FORGE_BOARDS, NERD_BOARDS, NMAXE_BOARDS, Board
from .version import Version, parse_version

type Dialect = Literal["axeos", "nerdos", "forge", "nmaxe"]

_BOARDS: dict[Dialect, dict[str, Board]] = {
    "axeos": AXEOS_BOARDS,
    "nerdos": NERD_BOARDS,
    "forge": FORGE_BOARDS,
    "nmaxe": NMAXE_BOARDS,
}


@dataclass(frozen=True, kw_only=True)
class MinerSpec:
    """A simulated miner: hardware, firmware and surroundings.

    `board` is the board version of AxeOS and Forge-OS, the device model of the other
    families. `ambient` is the mean room temperature in °C; it swings by `ambient_swing`
    in a daily cycle. `uptime` is how long the miner has been running at the start in
    seconds; 0 starts it with its boot. `write_delay` is the time in simulated seconds
    until a written setting shows; None takes what the firmware does. `latency` is the
    time in real seconds for each reply. `hot_spell_hours` makes the room overheat the
    miner every so many hours; 0 never. `steps` are the MHz and mV of which the firmware
    stores the nearest multiple; None stores what is written. `otp` is the one-time code
    which NerdOS then demands for writes.
    """

    name: str
    model: str = "gamma"
    board: str = "602"
    firmware: str = "v2.12.2"
    dialect: Dialect = "axeos"
    mac: str | None = None
    hostname: str | None = None
    seed: int = 1
    frequency: float | None = None
    core_voltage: int | None = None
    ambient: float = 22.0
    ambient_swing: float = 3.0
    uptime: float = 6 * 3600.0
    write_delay: float | None = None
    latency: float = 0.0
    boot_seconds: float = 12.0
    init_seconds: float = 20.0
    pool_difficulty: float = 1000.0
    reject_rate: float = 0.002
    best_difficulty: float | None = None
    paused: bool = False
    hot_spell_hours: float = 0.0
    steps: tuple[float, float] | None = None
    otp: str | None = None
    fallback_pool: bool = True

    @property
    def hardware(self) -> Board:
        """The board; KeyError when the simulator does not know it."""
        return _BOARDS[self.dialect][self.board]

    @property
    def version(self) -> Version:
        """The firmware version as numbers."""
        return parse_version(self.firmware)

    @property
    def mac_address(self) -> str:
        """The station MAC: given, or made from name and seed (locally administered)."""
        if self.mac is not None:
            return self.mac
        digest = hashlib.sha256(f"{self.name}/{self.seed}".encode()).digest()
        return ":".join(f"{byte:02X}" for byte in (0x02, 0xAE, *digest[:4]))

    @property
    def host_name(self) -> str:
        """The host name: given, or the factory default of the firmware."""
        if self.hostname is not None:
            return self.hostname
        defaults: dict[Dialect, str] = {
            "axeos": "bitaxe",
            "nerdos": "nerdqaxe",
            "forge": "BitForge",
            "nmaxe": "nmaxe-001",
        }
        return defaults[self.dialect]

    @property
    def start_point(self) -> tuple[float, int]:
        """The operating point in MHz and mV which is stored at the start."""
        frequency, voltage = self.hardware.defaults
        return (
            frequency if self.frequency is None else self.frequency,
            voltage if self.core_voltage is None else self.core_voltage,
        )
