"""A client for Bitaxe miners and their relatives, independent of Home Assistant."""

from .boards import Board, Limits
from .client import DEFAULT_PORT, MinerClient
from .dialects import Command
from .errors import (
    BadReplyError,
    CannotConnectError,
    MinerError,
    NetworkRefusedError,
    NotAMinerError,
    NotConfirmedError,
    OtpRequiredError,
    OutOfRangeError,
    SettingRejectedError,
    TimedOutError,
    UnsupportedFirmwareError,
    UnsupportedSettingError,
)
from .settings import PoolSettings, Settings
from .snapshot import Family, MiningState, OperatingPoint, Snapshot

__all__ = [
    "DEFAULT_PORT",
    "BadReplyError",
    "Board",
    "CannotConnectError",
    "Command",
    "Family",
    "Limits",
    "MinerClient",
    "MinerError",
    "MiningState",
    "NetworkRefusedError",
    "NotAMinerError",
    "NotConfirmedError",
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
