"""What keeps a setting from being good, by the limits of the board."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import Final

from .configurations import Configuration
from .miner import Miner


class BottleneckKind(StrEnum):
    """What stands in the way."""

    HEAT = "heat"
    VR_HEAT = "vr_heat"
    SUPPLY = "supply"
    POWER = "power"
    INSTABILITY = "instability"
    ERRORS = "errors"
    LOW_HASHRATE = "low_hashrate"
    REJECTS = "rejects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bottleneck:
    """One thing that stands in the way."""

    kind: BottleneckKind
    critical: bool
    """Whether the setting should not be used, rather than be watched."""
    value: float
    """What was measured."""
    limit: float
    """What it should not have passed; the same unit: °C, V, W or %."""


@dataclass(frozen=True, slots=True)
class _Limit:
    """A value to watch, and one that is too much."""

    watch: float
    critical: float


# °C; firmware stops the ASICs above 75 °C (ESP-Miner v2.15.0
# main/tasks/power_management_task.c), and is de-tuned then.
_ASIC: Final = _Limit(65, 70)
# °C; firmware stops at 105 °C, capacitors and people's nerves age well before.
_VR: Final = _Limit(70, 80)
# Share of the nominal voltage: 4.9 and 4.8 V of 5 V. AxeOS stops boards below 4.5 V.
_SUPPLY: Final = _Limit(0.98, 0.96)
# Share of the board's maximum power.
_POWER: Final = _Limit(0.875, 1.0)
# % for one chip; the chips of a board even each other out.
_VARIATION: Final = _Limit(8, 20)
_ERRORS: Final = _Limit(1, 3)
_RATIO: Final = _Limit(97, 90)
_REJECTS: Final = _Limit(1, 3)


def find_bottlenecks(found: Configuration, miner: Miner) -> tuple[Bottleneck, ...]:
    """Return what stands in the way at an operating point."""
    return tuple(item for item in _check(found, miner) if item is not None)


def _check(found: Configuration, miner: Miner) -> Iterator[Bottleneck | None]:
    board = miner.board
    yield _above(
        BottleneckKind.HEAT, found.asic_temperature, found.asic_temperature_max, _ASIC
    )
    yield _above(
        BottleneckKind.VR_HEAT, found.vr_temperature, found.vr_temperature_max, _VR
    )
    if board is not None and board.nominal_voltage is not None:
        yield _below(
            BottleneckKind.SUPPLY,
            found.input_voltage,
            found.input_voltage_min,
            _scaled(_SUPPLY, board.nominal_voltage),
        )
    if board is not None and board.maximum_power is not None:
        yield _above(
            BottleneckKind.POWER,
            found.power_max,
            found.power_max,
            _scaled(_POWER, board.maximum_power),
        )
    chips = (board.asic_count if board else None) or 1
    yield _above(
        BottleneckKind.INSTABILITY,
        found.variation,
        found.variation,
        _scaled(_VARIATION, 1 / sqrt(chips)),
    )
    yield _above(BottleneckKind.ERRORS, found.error_rate, found.error_rate, _ERRORS)
    yield _below(
        BottleneckKind.LOW_HASHRATE, found.expected_ratio, found.expected_ratio, _RATIO
    )
    yield _above(BottleneckKind.REJECTS, found.reject_rate, found.reject_rate, _REJECTS)


def _scaled(limit: _Limit, factor: float) -> _Limit:
    return _Limit(limit.watch * factor, limit.critical * factor)


def _above(
    kind: BottleneckKind, mean: float | None, peak: float | None, limit: _Limit
) -> Bottleneck | None:
    if peak is not None and peak >= limit.critical:
        return Bottleneck(kind=kind, critical=True, value=peak, limit=limit.critical)
    if mean is not None and mean >= limit.watch:
        return Bottleneck(kind=kind, critical=False, value=mean, limit=limit.watch)
    return None


def _below(
    kind: BottleneckKind, mean: float | None, lowest: float | None, limit: _Limit
) -> Bottleneck | None:
    if lowest is not None and lowest < limit.critical:
        return Bottleneck(kind=kind, critical=True, value=lowest, limit=limit.critical)
    if mean is not None and mean < limit.watch:
        return Bottleneck(kind=kind, critical=False, value=mean, limit=limit.watch)
    return None
