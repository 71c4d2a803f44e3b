"""Figures and alerts in words."""

from collections.abc import Iterable
from dataclasses import dataclass
import re
from typing import Final

from ..analysis.report import duration, number
from ..watch.alerts import UNITS, Alert, AlertKind
from .palette import Condition

UNKNOWN: Final = "–"

_BEFORE_UNIT: Final = re.compile(
    r"(?<=[\d–]) (?=(?:[GT]H/s|J/TH|k?Wh?|°C|V|%|MHz|mV)(?![\w/]))"
)
_SHORT_COLUMNS: Final = 6


def short_duration(seconds: float | None) -> str:
    """Write a time in at most six columns."""
    if seconds is None:
        return UNKNOWN
    first, *more = duration(seconds).replace("min", "m").split(" ")
    unit, *more = more
    text = f"{first}{unit}{''.join(more)}"
    return text if len(text) <= _SHORT_COLUMNS else f"{first}{unit}"


def joined(parts: Iterable[str | None]) -> str:
    """Return what there is to say in one line, which breaks beside no unit."""
    return _BEFORE_UNIT.sub("\u00a0", " · ".join(part for part in parts if part))


def ago(time: float) -> str:
    """Write how long a Unix time is ago, as Discord shows it."""
    return f"<t:{round(time)}:R>"


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said of a kind of alert."""

    condition: Condition
    raised: str
    """Behind "is"."""
    cleared: str
    """Behind "is"."""
    remedy: str


_WORDS: Final = {
    AlertKind.OFFLINE: _Words(
        Condition.BAD,
        "offline",
        "back online",
        "Check its power supply and Wi-Fi; a power cycle helps a controller that hangs.",
    ),
    AlertKind.OVERHEATING: _Words(
        Condition.BAD,
        "overheating",
        "cool again",
        "Lower frequency or core voltage, speed up the fan, and clean the heatsink.",
    ),
    AlertKind.VR_HEAT: _Words(
        Condition.BAD,
        "too hot at the voltage regulator",
        "cool again at the voltage regulator",
        "Lower the core voltage, or blow air over the regulator.",
    ),
    AlertKind.LOW_HASHRATE: _Words(
        Condition.NOTICE,
        "slower than expected",
        "no longer slower than expected",
        "See to its pools if it hashes nothing; else lower the frequency or raise the "
        "core voltage by a step, or restart it if it was faster before.",
    ),
    AlertKind.FROZEN_HASHRATE: _Words(
        Condition.BAD,
        "stuck at a hashrate that is not real",
        "no longer stuck at a hashrate that is not real",
        "Restart it.",
    ),
    AlertKind.ERROR_RATE: _Words(
        Condition.NOTICE,
        "making many hardware errors",
        "making few hardware errors again",
        "Raise the core voltage or lower the frequency by a step.",
    ),
    AlertKind.REJECT_RATE: _Words(
        Condition.NOTICE,
        "getting many shares rejected",
        "getting shares accepted again",
        "Check its connection to the pool, and try a pool that is nearer.",
    ),
    AlertKind.LOW_INPUT_VOLTAGE: _Words(
        Condition.NOTICE,
        "short of input voltage",
        "getting enough input voltage again",
        "Use a stronger power supply, or a shorter and thicker cable.",
    ),
    AlertKind.POOL_FALLBACK: _Words(
        Condition.NOTICE,
        "mining on the fallback pool",
        "back on the primary pool",
        "See whether the primary pool is up, and its address is right.",
    ),
    AlertKind.POWER_FAULT: _Words(
        Condition.BAD,
        "stopped by a fault of the voltage regulator",
        "free of the regulator's fault",
        "Lower core voltage or frequency, then restart it; check the power supply.",
    ),
    AlertKind.HARDWARE_FAULT: _Words(
        Condition.BAD,
        "stopped by a hardware fault",
        "free of the hardware fault",
        "Power cycle it; if that does not help, check heatsink and connectors.",
    ),
    AlertKind.DETUNED: _Words(
        Condition.NOTICE,
        "de-tuned after overheating",
        "back at the chosen settings",
        "Improve its cooling, then press Restore settings in Home Assistant.",
    ),
    AlertKind.RESTARTED: _Words(
        Condition.NOTICE,
        "restarted",
        "",
        "If that happens often, check its power supply and lower its settings.",
    ),
    AlertKind.NEW_BEST_DIFFICULTY: _Words(Condition.GOOD, "lucky", "", ""),
    AlertKind.BLOCK_FOUND: _Words(
        Condition.GOOD, "lucky", "", "Congratulations! Now look at your wallet."
    ),
}


def alert_condition(kind: AlertKind) -> Condition:
    """Return how bad a kind of alert is."""
    return _WORDS[kind].condition


def alert_state(kind: AlertKind) -> str:
    """Return what is to be said behind "is", such as "offline"."""
    return _WORDS[kind].raised


def recovered_state(kind: AlertKind) -> str:
    """Return what is to be said behind "is" once it is over, such as "back online"."""
    return _WORDS[kind].cleared


def remedy(kind: AlertKind) -> str:
    """Return what to do about it, in a sentence; empty if there is nothing to do."""
    return _WORDS[kind].remedy


def measured(alert: Alert) -> str:
    """Return what was measured, with its limit; empty where nothing is."""
    if alert.value is None or (unit := UNITS.get(alert.kind)) is None:
        return ""
    digits = 2 if unit == "V" else 1
    value = number(alert.value, digits, unit)
    if alert.limit is None:
        return value
    return f"{value} (limit {number(alert.limit, digits, unit)})"
