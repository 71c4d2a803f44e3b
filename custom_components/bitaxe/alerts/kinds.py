"""Everything that is known of each kind of alert, in one place. Pure.

A new kind is a member of `AlertKind`, its specification, a function that judges it, and
its texts: `alert_message` in the translations, `warning` in those of the cards.
CONTRIBUTING.md has an example.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..miner.thresholds import (
    ASIC_TEMPERATURE,
    ERROR_RATE,
    EXPECTED_RATIO,
    INPUT_VOLTAGE,
    REJECT_RATE,
    VR_HEAT,
)
from . import conditions, one_time
from .observation import Condition, IsGone, OneTimeCondition, Rule

_MINUTE: Final = 60.0


class AlertKind(StrEnum):
    """Everything that alerts report; also the event types of the event entity."""

    OFFLINE = "offline"
    OVERHEATING = "overheating"
    VR_HEAT = "vr_heat"
    LOW_HASHRATE = "low_hashrate"
    FROZEN_HASHRATE = "frozen_hashrate"
    ERROR_RATE = "error_rate"
    REJECT_RATE = "reject_rate"
    LOW_INPUT_VOLTAGE = "low_input_voltage"
    SUPPLY_LOAD = "supply_load"
    POOL_FALLBACK = "pool_fallback"
    UNSEEN_BY_POOL = "unseen_by_pool"
    POWER_FAULT = "power_fault"
    HARDWARE_FAULT = "hardware_fault"
    REGULATOR_OFF = "regulator_off"
    DETUNED = "detuned"
    EARLY_WARNING = "early_warning"
    GUARD = "guard"
    TUNING = "tuning"
    POWER = "power"
    RESTARTED = "restarted"
    NEW_BEST_DIFFICULTY = "new_best_difficulty"
    BLOCK_FOUND = "block_found"


class Severity(StrEnum):
    """How bad an alert is."""

    CRITICAL = "critical"
    """Something must be done."""
    WARNING = "warning"
    """Worth a look."""
    INFO = "info"
    """Good to know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThresholdChoice:
    """Which thresholds a person may choose from."""

    low: float
    high: float
    step: float
    unit: str
    """May differ from that of the value: an input voltage is given in V, and its
    threshold is in % of what the board is made for."""
    perfect: float | None = None
    """What a healthy miner comes near to, but seldom reaches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSpecification:
    """One kind of alert."""

    severity: Severity
    rule: Rule = field(default_factory=Rule)
    """When it is raised, unless a person chose otherwise."""
    condition: Condition | None = None
    """Judges what is raised, lasts, and is cleared."""
    is_gone: IsGone | None = None
    """Says whether what it is about was removed; then it ends."""
    one_time_condition: OneTimeCondition | None = None
    """Makes an alert of what just happened."""
    unit: str | None = None
    """Of value and limit, where something is measured that has the same unit always."""
    choice: ThresholdChoice | None = None
    icon: str
    """On the cards."""
    precision: int = 0
    """Decimals of value and limit on the cards."""
    strain: bool = False
    """Whether it speaks against more heat and power, so that cards advise neither."""
    longest_unmeasured: float = 60 * _MINUTE
    """Seconds of readings that could not judge it, after which it ends if it is
    raised."""
    caused_by_tuning: bool = False
    """Whether trials of the tuner bring it about, so that it is not raised
    meanwhile."""

    @property
    def is_low(self) -> bool:
        """Whether it is low values that are wrong."""
        threshold, clear = self.rule.threshold, self.rule.clear
        return threshold is not None and clear is not None and clear > threshold


KINDS: Final[Mapping[AlertKind, KindSpecification]] = {
    AlertKind.OFFLINE: KindSpecification(
        severity=Severity.CRITICAL,
        icon="mdi:lan-disconnect",
        # A restart at the miner's own page takes half a minute, most routers' two.
        rule=Rule(for_seconds=2 * _MINUTE),
        condition=conditions.offline,
    ),
    AlertKind.OVERHEATING: KindSpecification(
        severity=Severity.CRITICAL,
        icon="mdi:thermometer-alert",
        strain=True,
        rule=Rule(threshold=ASIC_TEMPERATURE.critical, clear=65, for_seconds=_MINUTE),
        condition=conditions.overheating,
        unit="°C",
        choice=ThresholdChoice(low=40, high=100, step=0.5, unit="°C"),
    ),
    AlertKind.VR_HEAT: KindSpecification(
        severity=Severity.CRITICAL,
        icon="mdi:thermometer-alert",
        strain=True,
        rule=Rule(threshold=VR_HEAT.watch, clear=75, for_seconds=2 * _MINUTE),
        condition=conditions.vr_heat,
        unit="°C",
        choice=ThresholdChoice(low=40, high=120, step=0.5, unit="°C"),
    ),
    AlertKind.LOW_HASHRATE: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:trending-down",
        # The ratio is a mean of 10 minutes itself.
        rule=Rule(threshold=EXPECTED_RATIO.critical, clear=94, for_seconds=5 * _MINUTE),
        condition=conditions.low_hashrate,
        caused_by_tuning=True,
        unit="%",
        choice=ThresholdChoice(low=5, high=95, step=0.5, unit="%", perfect=100),
    ),
    # Two minutes of the same hashrate are over before it counts as frozen.
    AlertKind.FROZEN_HASHRATE: KindSpecification(
        severity=Severity.CRITICAL,
        icon="mdi:snowflake-alert",
        condition=conditions.frozen_hashrate,
        caused_by_tuning=True,
    ),
    AlertKind.ERROR_RATE: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:chip",
        precision=1,
        rule=Rule(threshold=ERROR_RATE.critical, clear=2, for_seconds=5 * _MINUTE),
        condition=conditions.error_rate,
        caused_by_tuning=True,
        unit="%",
        choice=ThresholdChoice(low=1.1, high=50, step=0.1, unit="%", perfect=0),
    ),
    AlertKind.REJECT_RATE: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:close-network",
        precision=1,
        rule=Rule(threshold=REJECT_RATE.critical, clear=2, for_seconds=5 * _MINUTE),
        condition=conditions.reject_rate,
        unit="%",
        choice=ThresholdChoice(low=1.1, high=50, step=0.1, unit="%", perfect=0),
    ),
    AlertKind.LOW_INPUT_VOLTAGE: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:flash-alert",
        precision=2,
        strain=True,
        rule=Rule(threshold=INPUT_VOLTAGE.critical, clear=97, for_seconds=_MINUTE),
        condition=conditions.low_input_voltage,
        unit="V",
        choice=ThresholdChoice(low=80, high=99, step=0.1, unit="%", perfect=100),
    ),
    AlertKind.SUPPLY_LOAD: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:power-plug-outline",
        strain=True,
        rule=Rule(threshold=90, clear=85, for_seconds=5 * _MINUTE),
        condition=conditions.supply_load,
        is_gone=conditions.supply_is_gone,
        unit="%",
        choice=ThresholdChoice(low=50, high=120, step=1, unit="%"),
    ),
    AlertKind.POOL_FALLBACK: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:server-network-off",
        rule=Rule(for_seconds=_MINUTE),
        condition=conditions.pool_fallback,
    ),
    # The condition itself judges by chance how long a silence must last; a pool is
    # asked every few minutes.
    AlertKind.UNSEEN_BY_POOL: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:eye-off-outline",
        condition=conditions.unseen_by_pool,
        is_gone=conditions.account_is_gone,
    ),
    AlertKind.POWER_FAULT: KindSpecification(
        severity=Severity.CRITICAL,
        icon="mdi:power-plug-off",
        strain=True,
        condition=conditions.power_fault,
    ),
    AlertKind.HARDWARE_FAULT: KindSpecification(
        severity=Severity.CRITICAL,
        icon="mdi:alert-octagon",
        strain=True,
        condition=conditions.hardware_fault,
    ),
    AlertKind.REGULATOR_OFF: KindSpecification(
        severity=Severity.CRITICAL,
        icon="mdi:flash-off",
        strain=True,
        # The ASICs are off for some seconds whenever the firmware starts them anew.
        rule=Rule(for_seconds=_MINUTE),
        condition=conditions.regulator_off,
    ),
    AlertKind.DETUNED: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:arrow-down-bold-circle",
        strain=True,
        condition=conditions.detuned,
    ),
    # What is judged are the last days; nothing of it has to last longer.
    AlertKind.EARLY_WARNING: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:chart-bell-curve-cumulative",
        condition=conditions.early_warning,
        unit="%",
        # The statistics are read four times a day, of those miners that answer then.
        longest_unmeasured=24 * 60 * _MINUTE,
    ),
    AlertKind.GUARD: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:shield-alert",
        one_time_condition=one_time.guard,
    ),
    AlertKind.TUNING: KindSpecification(
        severity=Severity.INFO,
        icon="mdi:tune-variant",
        one_time_condition=one_time.tuning,
    ),
    AlertKind.POWER: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:flash-outline",
        one_time_condition=one_time.power,
        unit="W",
    ),
    AlertKind.RESTARTED: KindSpecification(
        severity=Severity.WARNING,
        icon="mdi:restart-alert",
        one_time_condition=one_time.restarted,
    ),
    AlertKind.NEW_BEST_DIFFICULTY: KindSpecification(
        severity=Severity.INFO,
        icon="mdi:trophy",
        one_time_condition=one_time.new_best_difficulty,
    ),
    AlertKind.BLOCK_FOUND: KindSpecification(
        severity=Severity.INFO,
        icon="mdi:treasure-chest",
        one_time_condition=one_time.block_found,
    ),
}
