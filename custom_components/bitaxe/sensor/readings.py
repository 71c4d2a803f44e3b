"""The sensors most people look at, and those whose history the analysis reads.

How closely each one reports is chosen so that five-minute means of hashrate and power
stay within 0.3 % and of temperatures within 0.3 °C, while all enabled sensors of a
miner together write less than one database row per poll.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import (
    REVOLUTIONS_PER_MINUTE,
    EntityCategory,
    UnitOfElectricCurrent,
    UnitOfElectricPotential,
    UnitOfEnergy,
    UnitOfFrequency,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
)
from homeassistant.helpers.typing import StateType

from ..axeos import Family, MiningState
from ..entity import MinerEntityDescription
from ..formatting import difficulty
from ..miner.meter import Reading
from .reporting import Counter, Measurement

UNIT_HASHRATE: Final = "GH/s"
UNIT_SHARES: Final = "shares"
UNIT_EFFICIENCY: Final = "J/TH"
UNIT_EFFICIENCY_INVERSE: Final = "GH/W"

HASHRATE: Final = Measurement(resolution=0.002, step=0.25, relative=True)
POWER: Final = Measurement(resolution=0.002, step=0.1, relative=True)
TEMPERATURE: Final = Measurement(resolution=0.25, step=3)
# People read these over hours; the live view shows every reading.
SLOW_COUNTER: Final = Counter(interval=300)
# They come every few seconds: once a minute, they were a third of all rows of a miner.
# The rows of 5 minutes that the analysis takes still have their own.
SHARE_COUNTER: Final = Counter(interval=150)
SLOW_HASHRATE: Final = Measurement(
    resolution=0.002, step=0.25, relative=True, interval=300
)
SLOW_PERCENTAGE: Final = Measurement(resolution=0.5, step=20, interval=300)
SLOW_RPM: Final = Measurement(resolution=0.02, step=0.25, relative=True, interval=300)
_EFFICIENCY: Final = Measurement(
    resolution=0.002, step=0.25, relative=True, interval=300
)
# Means of ten minutes and of an hour: 0.25 points in a minute are a lot.
_RATE: Final = Measurement(resolution=0.05, step=5, interval=300, quick=0.25)
_INPUT_VOLTAGE: Final = Measurement(resolution=0.02, step=0.3, interval=300)
_CORE_VOLTAGE: Final = Measurement(resolution=2, step=30, interval=300)
_CURRENT: Final = Measurement(resolution=0.01, step=0.1, relative=True, interval=300)
# A boot time moves by the jitter of replies, and by the drift of two clocks.
_BOOT_TIME: Final = Measurement(resolution=60, step=60)


@dataclass(frozen=True, kw_only=True)
class MinerSensorDescription(MinerEntityDescription, SensorEntityDescription):
    """Describes a sensor of a miner."""

    value_fn: Callable[[Reading], StateType]
    """The value in the sensor's unit; for a boot time, Unix time."""
    policy: Measurement | Counter | None = None
    """How it reports. Without a policy each change is written."""
    weight_fn: Callable[[Reading], float | None] | None = None
    """What to weigh the mean with: the denominator, where the value is a ratio."""
    attributes_fn: Callable[[Reading], dict[str, Any] | None] | None = None

    @override
    def exists(self, reading: Reading) -> bool:
        """Return whether the miner has it; by default, whether the value is known."""
        if self.has_fn is None:
            return self.value_fn(reading) is not None
        return self.has_fn(reading)


def fan_value(index: int, kind: str) -> Callable[[Reading], float | None]:
    """Return a function that reads "speed" or "rpm" of a fan."""

    def value(reading: Reading) -> float | None:
        fans = reading.snapshot.cooling.fans
        found: float | None = getattr(fans[index], kind) if index < len(fans) else None
        return found

    return value


def _expected_hashrate(reading: Reading) -> float | None:
    expected = reading.snapshot.hashing.expected
    return None if expected is None else round(expected, 1)


def _hashrate_per_watt(reading: Reading) -> float | None:
    efficiency = reading.snapshot.efficiency
    return 1000 / efficiency if efficiency else None


def _pool(reading: Reading) -> str | None:
    """Return the pool in use: its host, never the user, which is a wallet."""
    pool = reading.snapshot.pools.in_use
    return None if pool is None else pool.host


def readable_difficulty(
    value_fn: Callable[[Reading], float | None],
) -> Callable[[Reading], dict[str, Any] | None]:
    """Return what writes a difficulty as miners do: 18.6 G."""

    def attributes(reading: Reading) -> dict[str, Any] | None:
        value = value_fn(reading)
        return None if value is None else {"readable": difficulty(value, " ")}

    return attributes


def _reject_reasons(reading: Reading) -> dict[str, Any]:
    reasons = reading.snapshot.shares.reject_reasons
    return {"reasons": {reason.message: reason.count for reason in reasons}}


SENSORS: Final[tuple[MinerSensorDescription, ...]] = (
    MinerSensorDescription(
        key="state",
        device_class=SensorDeviceClass.ENUM,
        options=list(MiningState),
        value_fn=lambda reading: reading.snapshot.state,
    ),
    MinerSensorDescription(
        key="hashrate",
        native_unit_of_measurement=UNIT_HASHRATE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        policy=HASHRATE,
        value_fn=lambda reading: reading.snapshot.hashing.hashrate,
    ),
    MinerSensorDescription(
        key="expected_hashrate",
        entity_registry_visible_default=False,
        native_unit_of_measurement=UNIT_HASHRATE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=_expected_hashrate,
    ),
    MinerSensorDescription(
        key="hashrate_ratio",
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        policy=SLOW_PERCENTAGE,
        value_fn=lambda reading: reading.snapshot.expected_ratio,
    ),
    MinerSensorDescription(
        key="share_hashrate",
        native_unit_of_measurement=UNIT_HASHRATE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_registry_enabled_default=False,
        policy=SLOW_HASHRATE,
        value_fn=lambda reading: reading.figures.share_hashrate,
    ),
    MinerSensorDescription(
        key="error_rate",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        policy=_RATE,
        value_fn=lambda reading: reading.figures.error_rate,
    ),
    MinerSensorDescription(
        key="power",
        device_class=SensorDeviceClass.POWER,
        native_unit_of_measurement=UnitOfPower.WATT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        policy=POWER,
        value_fn=lambda reading: reading.snapshot.electrical.power,
    ),
    MinerSensorDescription(
        key="energy",
        device_class=SensorDeviceClass.ENERGY,
        native_unit_of_measurement=UnitOfEnergy.KILO_WATT_HOUR,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=2,
        policy=Counter(),
        has_fn=lambda reading: reading.snapshot.electrical.power is not None,
        # In Wh: a single-chip miner needs minutes for one.
        value_fn=lambda reading: round(reading.figures.energy, 3),
    ),
    MinerSensorDescription(
        key="efficiency",
        native_unit_of_measurement=UNIT_EFFICIENCY,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        policy=_EFFICIENCY,
        value_fn=lambda reading: reading.snapshot.efficiency,
        weight_fn=lambda reading: reading.snapshot.hashing.hashrate,
    ),
    MinerSensorDescription(
        key="efficiency_gh_w",
        native_unit_of_measurement=UNIT_EFFICIENCY_INVERSE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        entity_registry_enabled_default=False,
        policy=_EFFICIENCY,
        value_fn=_hashrate_per_watt,
        weight_fn=lambda reading: reading.snapshot.electrical.power,
    ),
    MinerSensorDescription(
        key="frequency",
        entity_registry_visible_default=False,
        device_class=SensorDeviceClass.FREQUENCY,
        native_unit_of_measurement=UnitOfFrequency.MEGAHERTZ,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda reading: reading.snapshot.frequency,
    ),
    MinerSensorDescription(
        key="core_voltage",
        entity_registry_visible_default=False,
        device_class=SensorDeviceClass.VOLTAGE,
        native_unit_of_measurement=UnitOfElectricPotential.MILLIVOLT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda reading: reading.snapshot.core_voltage,
    ),
    MinerSensorDescription(
        key="core_voltage_actual",
        device_class=SensorDeviceClass.VOLTAGE,
        native_unit_of_measurement=UnitOfElectricPotential.MILLIVOLT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        policy=_CORE_VOLTAGE,
        value_fn=lambda reading: reading.snapshot.electrical.core_voltage_actual,
    ),
    MinerSensorDescription(
        key="input_voltage",
        device_class=SensorDeviceClass.VOLTAGE,
        native_unit_of_measurement=UnitOfElectricPotential.VOLT,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        entity_category=EntityCategory.DIAGNOSTIC,
        policy=_INPUT_VOLTAGE,
        value_fn=lambda reading: reading.snapshot.electrical.input_voltage,
    ),
    MinerSensorDescription(
        key="current",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        policy=_CURRENT,
        value_fn=lambda reading: (
            None
            if reading.snapshot.electrical.current_is_core
            else reading.snapshot.electrical.current
        ),
    ),
    MinerSensorDescription(
        key="core_current",
        device_class=SensorDeviceClass.CURRENT,
        native_unit_of_measurement=UnitOfElectricCurrent.AMPERE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        policy=_CURRENT,
        value_fn=lambda reading: (
            reading.snapshot.electrical.current
            if reading.snapshot.electrical.current_is_core
            else None
        ),
    ),
    MinerSensorDescription(
        key="asic_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        policy=TEMPERATURE,
        value_fn=lambda reading: reading.snapshot.cooling.asic_temperature,
    ),
    MinerSensorDescription(
        key="asic_temperature_2",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        policy=TEMPERATURE,
        value_fn=lambda reading: reading.snapshot.cooling.asic_temperature_2,
    ),
    MinerSensorDescription(
        key="vr_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        policy=TEMPERATURE,
        value_fn=lambda reading: reading.snapshot.cooling.vr_temperature,
    ),
    MinerSensorDescription(
        key="fan_speed",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        policy=SLOW_PERCENTAGE,
        value_fn=fan_value(0, "speed"),
    ),
    MinerSensorDescription(
        key="fan_rpm",
        native_unit_of_measurement=REVOLUTIONS_PER_MINUTE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        policy=SLOW_RPM,
        value_fn=fan_value(0, "rpm"),
    ),
    MinerSensorDescription(
        key="fan_2_speed",
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        policy=SLOW_PERCENTAGE,
        # AxeOS drives both fans with one duty cycle.
        has_fn=lambda reading: (
            reading.snapshot.identity.family is Family.NERDOS
            and fan_value(1, "speed")(reading) is not None
        ),
        value_fn=fan_value(1, "speed"),
    ),
    MinerSensorDescription(
        key="fan_2_rpm",
        native_unit_of_measurement=REVOLUTIONS_PER_MINUTE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        policy=SLOW_RPM,
        value_fn=fan_value(1, "rpm"),
    ),
    MinerSensorDescription(
        key="shares_accepted",
        native_unit_of_measurement=UNIT_SHARES,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        policy=SHARE_COUNTER,
        value_fn=lambda reading: reading.snapshot.shares.accepted,
    ),
    MinerSensorDescription(
        key="shares_rejected",
        native_unit_of_measurement=UNIT_SHARES,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        policy=Counter(),
        value_fn=lambda reading: reading.snapshot.shares.rejected,
        attributes_fn=_reject_reasons,
    ),
    MinerSensorDescription(
        key="reject_rate",
        entity_registry_enabled_default=False,
        native_unit_of_measurement=UnitOfRatio.PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        policy=_RATE,
        has_fn=lambda reading: reading.snapshot.shares.rejected is not None,
        value_fn=lambda reading: reading.figures.reject_rate,
    ),
    MinerSensorDescription(
        key="best_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda reading: reading.figures.best_difficulty,
        attributes_fn=readable_difficulty(
            lambda reading: reading.figures.best_difficulty
        ),
    ),
    MinerSensorDescription(
        key="best_session_difficulty",
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda reading: reading.snapshot.shares.best_session_difficulty,
        attributes_fn=readable_difficulty(
            lambda reading: reading.snapshot.shares.best_session_difficulty
        ),
    ),
    MinerSensorDescription(
        key="blocks_found",
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        value_fn=lambda reading: reading.figures.blocks_found,
    ),
    MinerSensorDescription(
        key="pool",
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_pool,
    ),
    MinerSensorDescription(
        key="uptime",
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.UPTIME,
        entity_category=EntityCategory.DIAGNOSTIC,
        policy=_BOOT_TIME,
        value_fn=lambda reading: reading.figures.boot_time,
    ),
    MinerSensorDescription(
        key="restarts",
        state_class=SensorStateClass.TOTAL_INCREASING,
        suggested_display_precision=0,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.system.uptime is not None,
        value_fn=lambda reading: reading.figures.restarts,
    ),
)
