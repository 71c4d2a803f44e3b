"""Which figures of a reading are good, worth a look, or bad. Pure.

Judged here only: cards, the terminal and Discord colour by what is found.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from ..axeos import MiningState
from .meter import Figures, Reading
from .thresholds import (
    ERROR_RATE,
    EXPECTED_RATIO,
    INPUT_VOLTAGE,
    POWER,
    REJECT_RATE,
    WIFI_RSSI,
    Threshold,
)


class Level(StrEnum):
    """How good a figure is."""

    GOOD = "good"
    WARNING = "warning"
    CRITICAL = "critical"


_SEVERAL_REJECTED: Final = 3
"""Rejected shares that are no chance, however few came."""


class Judged(StrEnum):
    """The figures of a reading that have a level."""

    HASHRATE = "hashrate"
    ASIC_TEMPERATURE = "asic_temperature"
    VR_TEMPERATURE = "vr_temperature"
    POWER = "power"
    INPUT_VOLTAGE = "input_voltage"
    REJECT_RATE = "reject_rate"
    ERROR_RATE = "error_rate"
    WIFI_RSSI = "wifi_rssi"


def levels_of(
    reading: Reading, asic_heat: Threshold, vr_heat: Threshold
) -> dict[Judged, Level]:
    """Return the levels of all that is known.

    `asic_heat` and `vr_heat` are in °C, as they were chosen for the miner. The hashrate
    is judged by its mean of 10 minutes, as the alert does: single readings of firmware
    before v2.12 are too noisy. A miner that is meant not to hash does not fall short.
    """
    snapshot, figures = reading.snapshot, reading.figures
    cooling, electrical = snapshot.cooling, snapshot.electrical
    mining = snapshot.state is MiningState.MINING
    found: Mapping[Judged, Level | None] = {
        Judged.HASHRATE: _low(
            figures.expected_ratio if mining else None, EXPECTED_RATIO
        ),
        Judged.ASIC_TEMPERATURE: _high(cooling.hottest_asic_temperature, asic_heat),
        Judged.VR_TEMPERATURE: _high(cooling.vr_temperature, vr_heat),
        Judged.POWER: _high(
            _percent(electrical.power, electrical.maximum_power), POWER
        ),
        Judged.INPUT_VOLTAGE: _low(
            _percent(electrical.input_voltage, electrical.nominal_voltage),
            INPUT_VOLTAGE,
        ),
        Judged.REJECT_RATE: _rejects(figures),
        Judged.ERROR_RATE: _high(figures.error_rate, ERROR_RATE),
        Judged.WIFI_RSSI: _low(snapshot.system.wifi_rssi, WIFI_RSSI),
    }
    return {figure: level for figure, level in found.items() if level is not None}


def few_shares(figures: Figures, limit: float) -> bool:
    """Return whether chance alone takes the reject rate over a limit in %.

    At a high difficulty there are few shares in an hour: a single rejected one passes
    the limit, unless several were rejected.
    """
    shares, rate = figures.recent_shares, figures.reject_rate or 0.0
    return shares * limit < 100 and round(shares * rate / 100) < _SEVERAL_REJECTED


def _rejects(figures: Figures) -> Level | None:
    level = _high(figures.reject_rate, REJECT_RATE)
    limits = {Level.WARNING: REJECT_RATE.watch, Level.CRITICAL: REJECT_RATE.critical}
    if level in limits and few_shares(figures, limits[level]):
        return None
    return level


_ORDER: Final = list(Level)


def worst(levels: Iterable[Level]) -> Level:
    """Return the worst of some levels; good if there are none."""
    return max(levels, key=_ORDER.index, default=Level.GOOD)


def _high(value: float | None, threshold: Threshold) -> Level | None:
    """Judge a figure that is bad when it is high."""
    if value is None:
        return None
    if value >= threshold.critical:
        return Level.CRITICAL
    return Level.WARNING if value >= threshold.watch else Level.GOOD


def _low(value: float | None, threshold: Threshold) -> Level | None:
    """Judge a figure that is bad when it is low."""
    if value is None:
        return None
    if value < threshold.critical:
        return Level.CRITICAL
    return Level.WARNING if value < threshold.watch else Level.GOOD


def _percent(value: float | None, whole: float | None) -> float | None:
    return None if value is None or not whole else value / whole * 100
