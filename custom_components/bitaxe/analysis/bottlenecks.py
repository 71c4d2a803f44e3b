"""What keeps a setting from being good, by the limits of the board."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt

from ..miner.thresholds import (
    ASIC_TEMPERATURE,
    ERROR_RATE,
    EXPECTED_RATIO,
    INPUT_VOLTAGE,
    POWER,
    REJECT_RATE,
    VARIATION,
    VR_TEMPERATURE,
    Threshold,
)
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


def find_bottlenecks(found: Configuration, miner: Miner) -> tuple[Bottleneck, ...]:
    """Return what stands in the way at an operating point."""
    return tuple(item for item in _check(found, miner) if item is not None)


def _check(found: Configuration, miner: Miner) -> Iterator[Bottleneck | None]:
    board = miner.board
    yield _above(
        BottleneckKind.HEAT,
        found.asic_temperature,
        found.asic_temperature_max,
        ASIC_TEMPERATURE,
    )
    yield _above(
        BottleneckKind.VR_HEAT,
        found.vr_temperature,
        found.vr_temperature_max,
        VR_TEMPERATURE,
    )
    if board is not None and board.nominal_voltage is not None:
        yield _below(
            BottleneckKind.SUPPLY,
            found.input_voltage,
            found.input_voltage_min,
            INPUT_VOLTAGE.percent_of(board.nominal_voltage),
        )
    if board is not None and board.maximum_power is not None:
        yield _above(
            BottleneckKind.POWER,
            found.power_max,
            found.power_max,
            POWER.percent_of(board.maximum_power),
        )
    chips = (board.asic_count if board else None) or 1
    yield _above(
        BottleneckKind.INSTABILITY,
        found.variation,
        found.variation,
        VARIATION.scaled(1 / sqrt(chips)),
    )
    yield _above(BottleneckKind.ERRORS, found.error_rate, found.error_rate, ERROR_RATE)
    yield _below(
        BottleneckKind.LOW_HASHRATE,
        found.expected_ratio,
        found.expected_ratio,
        EXPECTED_RATIO,
    )
    yield _above(
        BottleneckKind.REJECTS, found.reject_rate, found.reject_rate, REJECT_RATE
    )


def _above(
    kind: BottleneckKind, mean: float | None, peak: float | None, limit: Threshold
) -> Bottleneck | None:
    if peak is not None and peak >= limit.critical:
        return Bottleneck(kind=kind, critical=True, value=peak, limit=limit.critical)
    if mean is not None and mean >= limit.watch:
        return Bottleneck(kind=kind, critical=False, value=mean, limit=limit.watch)
    return None


def _below(
    kind: BottleneckKind, mean: float | None, lowest: float | None, limit: Threshold
) -> Bottleneck | None:
    if lowest is not None and lowest < limit.critical:
        return Bottleneck(kind=kind, critical=True, value=lowest, limit=limit.critical)
    if mean is not None and mean < limit.watch:
        return Bottleneck(kind=kind, critical=False, value=mean, limit=limit.watch)
    return None
