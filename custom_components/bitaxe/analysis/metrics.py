"""The sensors whose history the analysis reads."""

from enum import StrEnum
from typing import Final


class Metric(StrEnum):
    """A sensor of a miner, by the key its unique id ends with."""

    FREQUENCY = "frequency"
    CORE_VOLTAGE = "core_voltage"
    HASHRATE = "hashrate"
    EXPECTED_HASHRATE = "expected_hashrate"
    POWER = "power"
    ENERGY = "energy"
    ASIC_TEMPERATURE = "asic_temperature"
    VR_TEMPERATURE = "vr_temperature"
    INPUT_VOLTAGE = "input_voltage"
    CURRENT = "current"
    CORE_VOLTAGE_ACTUAL = "core_voltage_actual"
    FAN_SPEED = "fan_speed"
    FAN_RPM = "fan_rpm"
    ERROR_RATE = "error_rate"
    SHARES_ACCEPTED = "shares_accepted"
    SHARES_REJECTED = "shares_rejected"
    RESTARTS = "restarts"


COUNTERS: Final = frozenset(
    {
        Metric.ENERGY,
        Metric.SHARES_ACCEPTED,
        Metric.SHARES_REJECTED,
        Metric.RESTARTS,
    }
)
"""Metrics whose statistics are sums; the others' are means."""

REQUIRED: Final = (Metric.FREQUENCY, Metric.CORE_VOLTAGE, Metric.HASHRATE)
"""Without these nothing can be said about a setting."""

UNITS: Final[dict[Metric, str | None]] = {
    Metric.FREQUENCY: "MHz",
    Metric.CORE_VOLTAGE: "mV",
    Metric.HASHRATE: "GH/s",
    Metric.EXPECTED_HASHRATE: "GH/s",
    Metric.POWER: "W",
    Metric.ENERGY: "kWh",
    Metric.ASIC_TEMPERATURE: "°C",
    Metric.VR_TEMPERATURE: "°C",
    Metric.INPUT_VOLTAGE: "V",
    Metric.CURRENT: "A",
    Metric.CORE_VOLTAGE_ACTUAL: "mV",
    Metric.FAN_SPEED: "%",
    Metric.FAN_RPM: "rpm",
    Metric.ERROR_RATE: "%",
    Metric.SHARES_ACCEPTED: None,
    Metric.SHARES_REJECTED: None,
    Metric.RESTARTS: None,
}
"""The units the analysis works in, whatever people chose to see."""


def percent_rejected(accepted: float | None, rejected: float | None) -> float | None:
    """Return the rejected shares in % of all; `None` where it is not known."""
    if accepted is None or rejected is None:
        return None
    total = accepted + rejected
    return rejected / total * 100 if total else None
