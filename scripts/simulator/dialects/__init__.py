"""How each firmware family describes a miner and what it accepts."""

from ..spec import MinerSpec
from .axeos import AxeOS
from .forge import ForgeOS
from .model import Dialect
from .nerdos import NerdOS
from .nmaxe import NMAxe

__all__ = ["Dialect", "dialect_for"]


def dialect_for(spec: MinerSpec) -> Dialect:
    """Return the dialect of a miner."""
    dialects: dict[str, Dialect] = {
        "axeos": AxeOS(spec.version),
        "forge": ForgeOS(),
        "nerdos": NerdOS(spec.version, spec.otp),
        "nmaxe": NMAxe(),
    }
    return dialects[spec.dialect]
