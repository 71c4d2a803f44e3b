"""Which firmware family a payload comes from."""

from typing import Final

from ..errors import NotAMinerError, UnsupportedFirmwareError
from ..fields import Fields
from ..snapshot import Family
from .axeos import AxeOS
from .dialect import Command, Dialect, Request
from .forge_os import ForgeOS
from .nerdos import NerdOS

__all__ = ["Command", "Dialect", "Request", "detect_dialect"]

_DIALECTS: Final[dict[Family, Dialect]] = {
    Family.AXEOS: AxeOS(),
    Family.FORGE_OS: ForgeOS(),
    Family.NERDOS: NerdOS(),
}
# Keys of every version of every family but one or two. Several together are no
# accident, and a miner that lacks one of them is still distinguished from other
# devices.
_TYPICAL_KEYS: Final = (
    "hashRate",
    "hashRate_10m",
    "ASICModel",
    "bestDiff",
    "coreVoltage",
    "frequency",
    "sharesAccepted",
    "stratumURL",
    "uptimeSeconds",
)
_ENOUGH_KEYS: Final = 3
_NERDOS_KEYS: Final = ("hostip", "deviceModel", "hashRateTimestamp", "minPower")


def detect_dialect(info: Fields) -> Dialect:
    """Return the dialect of a `/api/system/info` payload.

    The shape decides, never the version: forks and development builds carry any text.

    Raises:
        UnsupportedFirmwareError: for NMAxe, whose interface is another one.
        NotAMinerError: if this is no miner at all.

    """
    if info.is_object("identity") and info.is_object("miner"):
        raise UnsupportedFirmwareError("NMAxe")
    if sum(key in info for key in _TYPICAL_KEYS) < _ENOUGH_KEYS:
        raise NotAMinerError("The reply does not describe a miner")
    if info.is_object("stratum") or any(key in info for key in _NERDOS_KEYS):
        return _DIALECTS[Family.NERDOS]
    if "chiptemp1" in info or ("fanSpeed" in info and "requestFromAp" in info):
        return _DIALECTS[Family.FORGE_OS]
    return _DIALECTS[Family.AXEOS]
