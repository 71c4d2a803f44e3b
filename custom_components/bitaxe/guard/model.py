"""What the guard may do, and what it decides. Pure."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
import re
from typing import Any, Final, Self

from ..axeos import OperatingPoint
from ..miner.thresholds import ASIC_TEMPERATURE, VR_HEAT
from ..storage.stored_object import TIME, stored_number, stored_point


class HeatAction(StrEnum):
    """What the guard does about a miner at a critical level."""

    NOTIFY = "tell"
    STEP_DOWN = "step_down"
    PAUSE = "pause"


class Cause(StrEnum):
    """Why the guard acts."""

    ASIC_HEAT = "asic_heat"
    VR_HEAT = "vr_heat"
    POWER = "power"
    INPUT_VOLTAGE = "input_voltage"
    DETUNED = "detuned"
    FROZEN_HASHRATE = "frozen_hashrate"
    NO_HASHRATE = "no_hashrate"
    POOL_SILENCE = "pool_silence"
    FALLBACK_POOL = "fallback_pool"
    REGULATOR_OFF = "regulator_off"
    POOL_REJECTS = "pool_rejects"
    POOL_BLIND = "pool_blind"
    SCHEDULE = "schedule"
    DARK_DOMAIN = "dark_domain"
    COOL_AGAIN = "cool_again"


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardOptions:
    """What a person chose for a miner, or for all of them."""

    asic_warning: float = ASIC_TEMPERATURE.watch
    """°C of the hottest ASIC below which a miner counts as cool again."""
    asic_critical: float = ASIC_TEMPERATURE.critical
    """°C of the hottest ASIC at which the guard acts."""
    vr_warning: float = VR_HEAT.watch
    """°C of the regulator below which it counts as cool again."""
    vr_critical: float = VR_HEAT.critical
    """°C of the regulator at which the guard acts; firmware stops at 105 °C."""
    heat_action: HeatAction = HeatAction.NOTIFY
    return_when_cool: bool = True
    """Whether the guard goes back to the setting that it left."""
    maximum_power: float | None = None
    """W, at the supply as the miner measures it."""
    minimum_input_voltage: float | None = None
    """% of the board's nominal voltage."""
    restore_detuned: bool = False
    """Whether settings that the firmware lowered after overheating are restored."""
    watchdog: bool = False
    """Whether a miner that stands still is restarted."""
    return_to_primary: bool = False
    """Whether a miner that stays on its fallback pool is restarted once the primary
    pool answers: the firmware then begins with the primary."""
    fallback_on_trouble: bool = False
    """Whether the fallback pool is preferred for a while when the primary rejects many
    shares, or does not see the miner."""
    fallback_from: str | None = None
    """Time of the day from which on the fallback pool is preferred, as 22:30:00."""
    fallback_until: str | None = None
    """Time of the day until which it is."""
    restarts_per_day: int = 3
    """The most restarts of the watchdog within 24 hours, for whatever cause."""

    @classmethod
    def from_dict(cls, *layers: Mapping[str, Any]) -> Self:
        """Return the options of several layers, of which the last goes first.

        Values of a later version or of another type are left out.
        """
        values: dict[str, Any] = {}
        for layer in layers:
            for field in fields(cls):
                if field.name in layer and _fits(field.name, layer[field.name]):
                    values[field.name] = layer[field.name]
        if "heat_action" in values:
            values["heat_action"] = HeatAction(values["heat_action"])
        return cls(**values)


RANGES: Final[Mapping[str, tuple[float, float]]] = {
    "asic_warning": (40, 73),
    "asic_critical": (45, 90),
    "vr_warning": (40, 103),
    "vr_critical": (45, 110),
    "maximum_power": (1, 10_000),
    "minimum_input_voltage": (80, 99),
    "restarts_per_day": (1, 24),
}
"""Least and greatest value that may be chosen."""
_BOOLEANS: Final = frozenset(
    {
        "return_when_cool",
        "restore_detuned",
        "watchdog",
        "return_to_primary",
        "fallback_on_trouble",
    }
)
_TIMES: Final = frozenset({"fallback_from", "fallback_until"})
_TIME: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?")
_OPTIONAL: Final = frozenset({"maximum_power", "minimum_input_voltage"})


def _fits(name: str, value: object) -> bool:
    """Return whether a stored value is one of its option."""
    if name == "heat_action":
        return value in set(HeatAction)
    if name in _BOOLEANS:
        return isinstance(value, bool)
    if name in _TIMES:
        return value is None or (
            isinstance(value, str) and _TIME.fullmatch(value) is not None
        )
    if value is None:
        return name in _OPTIONAL
    low, high = RANGES[name]
    if name == "restarts_per_day":
        # No form offers none at all, which harms nobody.
        low = 0
    return (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        # NaN is within no range.
        and low <= value <= high
    )


class Step(StrEnum):
    """What the guard does to a miner."""

    LOWER = "lower"
    PAUSE = "pause"
    RETURN = "return"
    RESTORE = "restore"
    RESTART = "restart"
    TO_FALLBACK = "to_fallback"
    TO_PRIMARY = "to_primary"
    GIVE_UP = "give_up"
    """Nothing any more: a person is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the guard is about to do, and why."""

    step: Step
    cause: Cause
    value: float | None = None
    """What was measured, in the cause's unit (°C, W, V)."""
    limit: float | None = None
    """What it passed, in the same unit."""
    point: OperatingPoint | None = None
    """The setting to apply."""
    before: OperatingPoint | None = None
    """The setting that is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """A setting that the guard put in the place of the one somebody chose."""

    before: OperatingPoint
    point: OperatingPoint
    cause: Cause
    since: float
    """Unix time."""
    paused: bool = False
    for_power: bool = False
    """Whether the power limit was passed when the guard acted, whatever `cause` says:
    that is the last, and of several at once the most urgent."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: object) -> Self | None:
        """Restore what `as_dict` returned; `None` for anything else."""
        try:
            values: dict[str, Any] = dict(stored)  # type: ignore[call-overload]
            cause = Cause(values["cause"])
            return cls(
                before=stored_point(values["before"]),
                point=stored_point(values["point"]),
                cause=cause,
                since=stored_number(values["since"], TIME),
                paused=values.get("paused") is True,
                for_power=values.get("for_power", cause is Cause.POWER) is True,
            )
        except TypeError, ValueError, KeyError:
            return None
