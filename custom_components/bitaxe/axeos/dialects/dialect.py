"""What every firmware family must be able to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol, TypedDict

from .. import bounds
from ..boards import Board, complete_board, find_board
from ..bounds import Bounds
from ..fields import Fields
from ..settings import Settings
from ..snapshot import (
    AsicHashing,
    Capabilities,
    Doubt,
    Family,
    Faults,
    Hashing,
    MiningState,
    Pools,
    Snapshot,
)

# Firmware has been seen to report ten times the truth for a moment (ESP-Miner issues
# 1361, 1558, 1559, 1564). Nothing beyond this multiple of the expected hashrate is
# real.
_ABSURD_HASHRATE_FACTOR: Final = 5
# Regulators are driven to twice what a board is made for, and read false for a moment.
_ABSURD_POWER_FACTOR: Final = 5
# W; a board that understates what it is made for costs no reading below this.
_LEAST_ABSURD_POWER: Final = 250
# The controller answers about this many seconds before its ASICs are up.
_START_UP_SECONDS: Final = 120
# The dividers of an ASIC cannot make every frequency exactly.
_NEAREST: Final = 0.02

OFF_CORE_VOLTAGE: Final = 100.0
"""mV measured at the ASICs, below which the regulator is off."""
# J/TH of the best ASICs there are, and the share of their power that an idle board
# takes.
_BEST_EFFICIENCY: Final = 15.0
_IDLE_SHARE: Final = 0.5


class Command(StrEnum):
    """A command that a miner carries out."""

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


class Control(TypedDict):
    """What may be done to a device, as a snapshot says."""

    capabilities: Capabilities
    doubt: Doubt | None


def control(capabilities: Capabilities, doubt: Doubt | None) -> Control:
    """Take every ability from a device that cannot be one of these miners."""
    if doubt is not None and doubt.foreign:
        capabilities = Capabilities(settings=frozenset(), restart=False)
    return Control(capabilities=capabilities, doubt=doubt)


def input_voltage(info: Fields) -> float | None:
    """Return V from mV; Lucky Miner firmware misspells the key."""
    millivolts = info.number("voltage", "voltagei", within=bounds.INPUT_VOLTAGE)
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


def possible_power(board: Board) -> Bounds:
    """Return W that a board can draw at all."""
    low, high = bounds.POWER
    if (limit := board.maximum_power) is not None:
        high = min(high, max(limit * _ABSURD_POWER_FACTOR, _LEAST_ABSURD_POWER))
    return Bounds(low, high)


def without_core_voltage(
    info: Fields, board: Board, frequency: float | None
) -> bool | None:
    """Return whether the ASICs are fed nothing; `None` if only a stop shows it.

    Some clones always report 0 mV, and not all measure: the power of an idle miner has
    to agree. That is less than half of what the best ASICs need for the frequency.
    """
    volts = info.number("coreVoltageActual", within=bounds.ACTUAL_CORE_VOLTAGE)
    if volts is not None and volts >= OFF_CORE_VOLTAGE:
        return False
    power = info.number("power", within=bounds.POWER) or None
    expected = None if frequency is None else board.expected_hashrate(frequency)
    if power is None or not expected:
        return None if volts is not None else False
    idle = power < expected / 1000 * _BEST_EFFICIENCY * _IDLE_SHARE
    if volts is None:
        return None if idle else False
    return idle


def latched_off(
    off: bool | None, state: MiningState, faults: Faults, pools: Pools
) -> bool:
    """Return whether the regulator is off for no reason that the firmware reports.

    Without a pool, firmware switches it off itself (AxeOS from v2.14 on).
    """
    return (
        off is not False
        and pools.connected is not False
        and state is MiningState.IDLE
        and faults.power is None
        and faults.hardware is None
    )


def possible_hashrate(board: Board, frequency: float | None) -> Bounds:
    """Return GH/s that a board can reach at all; beyond is a firmware glitch."""
    frequencies = [frequency or 0, board.default.frequency if board.default else 0]
    expected = board.expected_hashrate(max(frequencies))
    low, high = bounds.HASHRATE
    if expected:
        high = min(high, expected * _ABSURD_HASHRATE_FACTOR)
    return Bounds(low, high)


def running_frequency(info: Fields) -> float | None:
    """Return the MHz at which the ASICs run now, where the firmware reports it.

    Forks of NerdOS have a governor, which lowers or raises the clock for heat or power
    and leaves the setting as it is.
    """
    for governor, key in (
        (info, "effectiveFrequency"),
        *(
            (info.child(name), key)
            for name, key in (
                ("hashrateGovernor", "effectiveFrequency"),
                ("governor", "freq"),
            )
            if name in info
        ),
    ):
        if governor.flag("enabled") is False or governor.flag("forcedOff") is True:
            continue
        if (found := governor.number(key, within=bounds.FREQUENCY)) is not None:
            return found
    return info.number("actualFrequency", within=bounds.ACTUAL_FREQUENCY)


def expected_frequency(setting: float | None, running: float | None) -> float | None:
    """Return the MHz that a hashrate is to be compared with.

    That is the setting, unless the ASICs run at another frequency than the nearest one
    they can make of it.
    """
    if setting is None or not running:
        return setting
    return setting if abs(running - setting) <= setting * _NEAREST else running


def read_hashing(
    info: Fields, board: Board, frequency: float | None, *, stopped: bool
) -> Hashing:
    """Read everything about hashrate.

    `stopped` says that the ASICs are off for a known reason; the firmware may then
    repeat old values for minutes, and the clock that it winds down to (50 MHz while
    paused) is none to expect a hashrate of.
    """
    running = running_frequency(info)
    possible = possible_hashrate(board, max(frequency or 0, running or 0))
    frequency = expected_frequency(frequency, None if stopped else running)
    hashrate = info.number("hashRate", "hashRate_10m", within=possible)
    if stopped:
        hashrate = 0.0
    idle = hashrate == 0

    def average(key: str) -> float | None:
        return None if idle else info.number(key, within=possible)

    expected = None if frequency is None else board.expected_hashrate(frequency)
    return Hashing(
        hashrate=hashrate,
        hashrate_1m=average("hashRate_1m"),
        hashrate_10m=average("hashRate_10m"),
        hashrate_1h=average("hashRate_1h"),
        hashrate_1d=average("hashRate_1d"),
        expected=expected or info.number("expectedHashrate", within=possible) or None,
        actual_frequency=running,
        error_percentage=None
        if idle
        else info.number("errorPercentage", within=bounds.ERROR_PERCENTAGE),
        asics=tuple(
            AsicHashing(
                hashrate=0.0 if stopped else asic.number("total", within=possible),
                domains=tuple(
                    0.0 if stopped else domain
                    for domain in asic.numbers("domains", within=possible)
                ),
                error_count=asic.integer("errorCount", within=bounds.ERROR_COUNT),
            )
            for asic in info.child("hashrateMonitor").objects("asics")
        ),
        duplicate_nonces=info.integer("duplicateHWNonces", within=bounds.COUNT),
    )
