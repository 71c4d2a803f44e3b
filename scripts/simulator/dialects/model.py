"""What a firmware family is, and what it sees of its miner."""

from typing import Any, Protocol

from ..http import Request, Response
from ..memory import KeptRows
from ..readings import Readings
from ..state import MinerState
from ..storage import Stored


class ServedMiner(MinerState, Protocol):
    """A miner as its web server sees it: state, readings and what clients may ask."""

    address: str
    kept: KeptRows
    paused: bool
    stopped: bool
    initialised: bool
    blocks_found: int
    show_new_block: bool
    reset_reason: str
    running_frequency: float

    @property
    def readings(self) -> Readings:
        """The values which the firmware shows."""

    @property
    def uptime(self) -> float:
        """Seconds since the last boot."""

    @property
    def power_fault(self) -> bool:
        """Whether the regulator reports a fault."""

    @property
    def pool_reachable(self) -> bool:
        """Whether a pool answers."""

    @property
    def on_fallback(self) -> bool:
        """Whether the miner works for the fallback pool."""

    @property
    def primary_pool(self) -> Stored:
        """Stored settings of the primary pool."""

    @property
    def block_height(self) -> int:
        """Height of the newest known block; 0 before the first job."""

    def info(self) -> dict[str, Any]:
        """Return `GET /api/system/info`."""

    def asic(self) -> dict[str, Any] | None:
        """Return `GET /api/system/asic`, or None where the firmware has none."""

    def write(self, changes: Stored) -> None:
        """Store settings; they show after the delay of the firmware."""

    def restart(self) -> None:
        """Reboot after a moment."""

    def install(self, version: str) -> None:
        """Reboot in another version after a moment."""

    def pause(self) -> None:
        """Stop hashing until `resume` or a reboot."""

    def resume(self) -> None:
        """Hash again."""

    def shut_down(self) -> None:
        """Stop hashing until a reboot (NerdOS)."""

    def identify(self) -> bool:
        """Toggle the "Hi!" of the display; return whether it shows now."""


class Dialect(Protocol):
    """One firmware family."""

    header_limit: int
    """Bytes of request headers beyond which it answers 431; 0 is none."""
    socket_limit: int
    """Connections it keeps open."""
    has_network_gate: bool
    """Whether it answers clients of foreign networks with 401."""

    def info(self, miner: ServedMiner) -> dict[str, Any]:
        """Return the payload of `GET /api/system/info`."""

    def asic(self, miner: ServedMiner) -> dict[str, Any] | None:
        """Return the payload of `GET /api/system/asic`, None without that route."""

    def respond(self, miner: ServedMiner, request: Request) -> Response:
        """Answer a request."""
