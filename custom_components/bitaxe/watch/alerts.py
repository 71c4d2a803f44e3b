"""What a miner's owner is told without asking, and when. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class AlertKind(StrEnum):
    """Everything that people are told; also the event types of the event entity."""

    OFFLINE = "offline"
    OVERHEATING = "overheating"
    VR_HEAT = "vr_heat"
    LOW_HASHRATE = "low_hashrate"
    FROZEN_HASHRATE = "frozen_hashrate"
    ERROR_RATE = "error_rate"
    REJECT_RATE = "reject_rate"
    LOW_INPUT_VOLTAGE = "low_input_voltage"
    POOL_FALLBACK = "pool_fallback"
    POWER_FAULT = "power_fault"
    HARDWARE_FAULT = "hardware_fault"
    DETUNED = "detuned"
    RESTARTED = "restarted"
    NEW_BEST_DIFFICULTY = "new_best_difficulty"
    BLOCK_FOUND = "block_found"


HAPPENINGS: Final = frozenset(
    {AlertKind.RESTARTED, AlertKind.NEW_BEST_DIFFICULTY, AlertKind.BLOCK_FOUND}
)
"""What just happens; everything else is raised, lasts, and is cleared."""


class AlertPhase(StrEnum):
    """Where an alert is in its life."""

    RAISED = "raised"
    CLEARED = "cleared"
    HAPPENED = "happened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing to tell about one miner."""

    kind: AlertKind
    phase: AlertPhase
    value: float | None = None
    """What was measured, in the kind's unit; `None` where there is none."""
    limit: float | None = None
    """What it passed, in the same unit."""
    since: float
    """Unix time at which the condition began, or it happened."""
    data: Mapping[str, object] = field(default_factory=dict)
    """More about it: `reason`, `description`, `previous`, `blocks_found`, …; `seconds`
    that it lasted, once cleared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a kind of alert is raised."""

    enabled: bool = True
    threshold: float | None = None
    """In the kind's unit; `None` where nothing is measured."""
    clear: float | None = None
    """What must be reached again before it is cleared, in the same unit."""
    for_seconds: float = 0.0
    """s for which the condition must last before it is raised."""


UNITS: Final[Mapping[AlertKind, str]] = {
    AlertKind.OVERHEATING: "°C",
    AlertKind.VR_HEAT: "°C",
    AlertKind.LOW_HASHRATE: "%",
    AlertKind.ERROR_RATE: "%",
    AlertKind.REJECT_RATE: "%",
    AlertKind.LOW_INPUT_VOLTAGE: "V",
}
"""Unit of value and limit of an alert, where it has one.

A low input voltage is told in volt, while its rule is in % of the board's nominal
voltage.
"""
