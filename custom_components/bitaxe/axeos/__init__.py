"""A client for Bitaxe miners and their relatives, independent of Home Assistant."""

from .boards import Board, Limits
from .client import DEFAULT_PORT, MinerClient
from .dialects import Command
from .errors import (
    BadReplyError,
    CannotConnectError,
    InvalidTextError,
    MinerError,
    NetworkRefusedError,
    NotAMinerError,
    NotConfirmedError,
    NotControlledError,
    OtpRequiredError,
    OutOfRangeError,
    SettingRejectedError,
    TimedOutError,
    UnsupportedFirmwareError,
    UnsupportedSettingError,
)
from .image import LARGEST_IMAGE, FirmwareImage, ImageKind
from .settings import PoolSettings, Settings
from .snapshot import (
    Contradiction,
    Doubt,
    Family,
    Hardware,
    MiningState,
    OperatingPoint,
    Snapshot,
)

__all__ = [
    "DEFAULT_PORT",
    "LARGEST_IMAGE",
    "BadReplyError",
    "Board",
    "CannotConnectError",
    "Command",
    "Contradiction",
    "Doubt",
    "Family",
    "FirmwareImage",
    "Hardware",
    "ImageKind",
    "InvalidTextError",
    "Limits",
    "MinerClient",
    "MinerError",
    "MiningState",
    "NetworkRefusedError",
    "NotAMinerError",
    "NotConfirmedError",
    "NotControlledError",
    "OperatingPoint",
    "OtpRequiredError",
    "OutOfRangeError",
    "PoolSettings",
    "SettingRejectedError",
    "Settings",
    "Snapshot",
    "TimedOutError",
    "UnsupportedFirmwareError",
    "UnsupportedSettingError",
]
