"""How each firmware family describes a miner and what it accepts."""

from typing import TYPE_CHECKING, Any, Protocol

from ..http import Request, Response

if TYPE_CHECKING:
    from ..miner import SimulatedMiner
    from ..spec import MinerSpec


class Dialect(Protocol):
    """One firmware family."""

    header_limit: int
    """Bytes of request headers beyond which it answers 431; 0 is none."""
    socket_limit: int
    """Connections it keeps open."""
    has_network_gate: bool
    """Whether it answers clients of foreign networks with 401."""

    def info(self, miner: SimulatedMiner) -> dict[str, Any]:
        """Return the payload of `GET /api/system/info`."""

    def asic(self, miner: SimulatedMiner) -> dict[str, Any] | None:
        """Return the payload of `GET /api/system/asic`, None without that route."""

    def respond(self, miner: SimulatedMiner, request: Request) -> Response:
        """Answer a request."""


def dialect_for(spec: MinerSpec) -> Dialect:
    """Return the dialect of a miner."""
    # Imported late, because the dialects describe miners, which have a dialect.
    from .axeos import AxeOS  # noqa: PLC0415
    from .forge import ForgeOS  # noqa: PLC0415
    from .nerdos import NerdOS  # noqa: PLC0415
    from .nmaxe import NMAxe  # noqa: PLC0415

    dialects: dict[str, Dialect] = {
        "axeos": AxeOS(spec.version),
        "forge": ForgeOS(),
        "nerdos": NerdOS(spec.version, spec.otp),
        "nmaxe": NMAxe(),
    }
    return dialects[spec.dialect]
