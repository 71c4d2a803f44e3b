"""What every firmware family must be able to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol

from ..boards import Board, complete_board, find_board
from ..fields import Fields
from ..settings import Settings
from ..snapshot import AsicHashing, Family, Hashing, MiningState, Snapshot

# Firmware has been seen to report ten times the truth for a moment (ESP-Miner issues
# 1361, 1558, 1559, 1564). Nothing beyond this multiple of the expected hashrate is real.
_ABSURD_HASHRATE_FACTOR: Final = 5
_HIGHEST_HASHRATE: Final = 1e6
# The controller answers about this many seconds before its ASICs are up.
_START_UP_SECONDS: Final = 120


class Command(StrEnum):
    """Something a miner can be told to do."""

    RESTART = "restart"
    IDENTIFY = "identify"
    PAUSE = "pause"
    RESUME = "resume"
    DISMISS_BLOCK = "dismiss_block"


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to a miner."""

    method: str
    path: str
    json: dict[str, object] | None = None


class Dialect(Protocol):
    """How one firmware family says things."""

    family: Family

    def board(self, info: Fields, asic: Fields | None) -> Board:
        """Work out the board from `/api/system/info` and, if there, `/asic`."""

    def snapshot(self, info: Fields, board: Board) -> Snapshot:
        """Normalise one reading."""

    def requests(self, settings: Settings, snapshot: Snapshot) -> list[Request]:
        """Return the requests that make a change, in order."""

    def command(self, command: Command, snapshot: Snapshot) -> Request | None:
        """Return the request for a command, `None` if the firmware has none."""


def identify_board(info: Fields, asic: Fields | None) -> Board:
    """Combine the tables with what the miner reports about its board."""
    names = asic or Fields(None)
    known = find_board(
        device_model=names.text("deviceModel") or info.text("deviceModel"),
        board_version=info.text("boardVersion"),
        asic_model=info.text("ASICModel") or names.text("ASICModel"),
        vendor_model=info.text("minerModel"),
    )
    return complete_board(known, info, asic)


def input_voltage(info: Fields) -> float | None:
    """Return V from mV; Lucky Miner firmware misspells the key."""
    millivolts = info.number("voltage", "voltagei", low=100, high=100_000)
    return None if millivolts is None else millivolts / 1000


def mining_state(
    *,
    fault: bool,
    overheated: bool,
    paused: bool,
    hashrate: float | None,
    uptime: int | None,
) -> MiningState:
    """Sum up what the miner is doing; what a person must know first wins.

    A fault counts only while nothing is produced: the regulator reports false ones
    (ESP-Miner issue 1188).
    """
    if fault and not hashrate:
        return MiningState.FAULT
    if overheated:
        return MiningState.OVERHEATED
    if paused:
        return MiningState.PAUSED
    if hashrate is None or hashrate > 0:
        return MiningState.MINING
    if uptime is not None and uptime < _START_UP_SECONDS:
        return MiningState.STARTING
    return MiningState.IDLE


def highest_plausible_hashrate(board: Board, frequency: float | None) -> float:
    """Return GH/s beyond which a reading is a firmware glitch."""
    frequencies = [frequency or 0, board.default.frequency if board.default else 0]
    expected = board.expected_hashrate(max(frequencies))
    return expected * _ABSURD_HASHRATE_FACTOR if expected else _HIGHEST_HASHRATE


def read_hashing(
    info: Fields, board: Board, frequency: float | None, *, stopped: bool
) -> Hashing:
    """Read everything about hashrate.

    `stopped` says that the ASICs are off for a known reason; the firmware may then
    repeat old values for minutes.
    """
    high = highest_plausible_hashrate(board, frequency)
    hashrate = info.number("hashRate", "hashRate_10m", low=0, high=high)
    if stopped:
        hashrate = 0.0
    idle = hashrate == 0

    def average(key: str) -> float | None:
        return None if idle else info.number(key, low=0, high=high)

    expected = None if frequency is None else board.expected_hashrate(frequency)
    return Hashing(
        hashrate=hashrate,
        hashrate_1m=average("hashRate_1m"),
        hashrate_10m=average("hashRate_10m"),
        hashrate_1h=average("hashRate_1h"),
        hashrate_1d=average("hashRate_1d"),
        expected=expected or info.number("expectedHashrate", low=1, high=high),
        actual_frequency=info.number("actualFrequency", low=0, high=5000),
        error_percentage=None
        if idle
        else info.number("errorPercentage", low=0, high=100),
        asics=tuple(
            AsicHashing(
                hashrate=0.0 if stopped else asic.number("total", low=0, high=high),
                domains=tuple(
                    0.0 if stopped else domain
                    for domain in asic.numbers("domains", low=0, high=high)
                ),
                error_count=asic.integer("errorCount", low=0, high=2**32),
            )
            for asic in info.child("hashrateMonitor").objects("asics")
        ),
        duplicate_nonces=info.integer("duplicateHWNonces", low=0),
    )
