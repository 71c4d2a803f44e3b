"""Has a miner lowered its own settings after overheating? Pure.

AxeOS up to v2.10 stays at 50 MHz and 1000 mV (990 mV in v2.1); from v2.11 on it comes
back by itself 100 MHz and 100 mV lower, once for each time it overheated, and leaves
the fan at manual 100 %. Nothing ever restores the old setting.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final, Self

from ..axeos import Family, OperatingPoint, Settings, Snapshot, bounds
from ..storage.stored_object import StoredObject, as_stored

_LATCHED_FREQUENCY: Final = 50.0
_LATCHED_VOLTAGES: Final = (990.0, 1000.0)
_STEP: Final = 100.0
_MOST_STEPS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class IntendedSettings:
    """The last settings a person, or the integration for them, chose."""

    frequency: float
    """MHz."""
    core_voltage: float
    """mV."""
    auto_fan: bool | None = None
    fan_speed: int | None = None
    """%, while not automatic."""

    @classmethod
    def of(cls, snapshot: Snapshot) -> Self | None:
        """Take the settings a miner reports as intended."""
        point = snapshot.operating_point
        if point is None:
            return None
        return cls(
            frequency=point.frequency,
            core_voltage=point.core_voltage,
            auto_fan=snapshot.cooling.auto_fan,
            fan_speed=None
            if snapshot.cooling.auto_fan
            else snapshot.cooling.fan_speed_setting,
        )

    @classmethod
    def from_dict(cls, stored: StoredObject | dict[str, Any] | None) -> Self | None:
        """Restore what `as_dict` returned, if all that matters can be read."""
        stored = as_stored(stored)
        frequency = stored.number("frequency", bounds.FREQUENCY)
        core_voltage = stored.number("core_voltage", bounds.CORE_VOLTAGE)
        auto_fan = stored.flag("auto_fan")
        fan_speed = stored.integer("fan_speed", bounds.PERCENT)
        stored.finish()
        if frequency is None or core_voltage is None:
            if stored:
                stored.lose("operating_point")
            return None
        return cls(
            frequency=frequency,
            core_voltage=core_voltage,
            auto_fan=auto_fan,
            fan_speed=fan_speed,
        )

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return asdict(self)

    def after(self, settings: Settings) -> Self:
        """Return what is intended once somebody made this change."""
        chosen: dict[str, Any] = {
            name: getattr(settings, name)
            for name in settings.names
            & {"frequency", "core_voltage", "auto_fan", "fan_speed"}
        }
        if chosen.get("auto_fan"):
            chosen["fan_speed"] = None
        return replace(self, **chosen)

    @property
    def operating_point(self) -> OperatingPoint:
        """Frequency and core voltage."""
        return OperatingPoint(frequency=self.frequency, core_voltage=self.core_voltage)

    def restoring(self, snapshot: Snapshot) -> Settings:
        """Return the change that brings a miner back to these settings."""
        return Settings(
            frequency=self.frequency,
            core_voltage=self.core_voltage,
            auto_fan=self.auto_fan,
            fan_speed=None if self.auto_fan else self.fan_speed,
            clear_overheat=True
            if "clear_overheat" in snapshot.capabilities.settings
            and snapshot.faults.overheated
            else None,
        )


def is_detuned(intended: IntendedSettings, snapshot: Snapshot) -> bool:
    """Return whether the miner runs on settings it lowered itself."""
    point = snapshot.operating_point
    if point is None or snapshot.identity.family is not Family.AXEOS:
        return False
    if point.frequency >= intended.frequency:
        return False
    if (
        point.frequency == _LATCHED_FREQUENCY
        and point.core_voltage in _LATCHED_VOLTAGES
    ):
        return True
    fan_left_at_full = (
        snapshot.cooling.auto_fan is False and snapshot.cooling.fan_speed_setting == 100
    )
    steps = (intended.frequency - point.frequency) / _STEP
    if not fan_left_at_full or steps != round(steps) or steps > _MOST_STEPS:
        return False
    lowered = intended.core_voltage - steps * _STEP
    # Firmware after v2.15 stops lowering at the regulator's minimum.
    return lowered <= point.core_voltage < intended.core_voltage and (
        point.core_voltage == lowered or point.core_voltage <= _LATCHED_VOLTAGES[-1]
    )
