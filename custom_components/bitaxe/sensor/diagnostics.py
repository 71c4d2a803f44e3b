"""Sensors for diagnosing a miner; all disabled by default."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Final

from homeassistant.components.sensor import SensorDeviceClass, SensorStateClass
from homeassistant.const import (
    SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
    EntityCategory,
    UnitOfFrequency,
    UnitOfInformation,
    UnitOfPower,
    UnitOfRatio,
    UnitOfTemperature,
    UnitOfTime,
)

from ..miner.meter import Reading
from .readings import (
    SLOW_COUNTER,
    SLOW_HASHRATE,
    SLOW_PERCENTAGE,
    TEMPERATURE,
    UNIT_HASHRATE,
    UNIT_SHARES,
    MinerSensorDescription,
    readable_difficulty,
)
from .reporting import Counter, Measurement

_UNIT_TOTAL_HASHES: Final = "EH"
_EXA: Final = 1e18
_MEMORY: Final = Measurement(resolution=0.02, step=0.3, relative=True, interval=300)
_MILLISECONDS: Final = Measurement(resolution=0.05, step=2, relative=True, interval=300)
_SIGNAL: Final = Measurement(resolution=2, step=10, interval=300)
_FREQUENCY: Final = Measurement(resolution=1, step=10)


def _diagnostic(
    key: str,
    value_fn: Callable[[Reading], float | str | None],
    *,
    device_class: SensorDeviceClass | None = None,
    unit: str | None = None,
    suggested_unit: str | None = None,
    state_class: SensorStateClass | None = SensorStateClass.MEASUREMENT,
    precision: int | None = 0,
    policy: Measurement | Counter | None = None,
    has_fn: Callable[[Reading], bool] | None = None,
    translation_key: str | None = None,
    placeholders: dict[str, str] | None = None,
) -> MinerSensorDescription:
    """Describe a sensor that is disabled until somebody wants it."""
    return MinerSensorDescription(
        key=key,
        translation_key=translation_key,
        translation_placeholders=placeholders,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        device_class=device_class,
        native_unit_of_measurement=unit,
        suggested_unit_of_measurement=suggested_unit,
        state_class=state_class,
        suggested_display_precision=precision,
        policy=policy,
        has_fn=has_fn,
        value_fn=value_fn,
    )


def _text(
    key: str, value_fn: Callable[[Reading], str | None]
) -> MinerSensorDescription:
    return _diagnostic(key, value_fn, state_class=None, precision=None)


def _number(
    key: str, value_fn: Callable[[Reading], float | None]
) -> MinerSensorDescription:
    """Describe a number that seldom changes.

    Without a state class or unit it would not be shown as a number.
    """
    return _diagnostic(key, value_fn)


def _difficulty(
    key: str, value_fn: Callable[[Reading], float | None]
) -> MinerSensorDescription:
    return replace(_number(key, value_fn), attributes_fn=readable_difficulty(value_fn))


def _average(
    key: str, value_fn: Callable[[Reading], float | None]
) -> MinerSensorDescription:
    return _diagnostic(key, value_fn, unit=UNIT_HASHRATE, policy=SLOW_HASHRATE)


def _memory(
    key: str, value_fn: Callable[[Reading], int | None]
) -> MinerSensorDescription:
    return _diagnostic(
        key,
        value_fn,
        device_class=SensorDeviceClass.DATA_SIZE,
        unit=UnitOfInformation.BYTES,
        suggested_unit=UnitOfInformation.KIBIBYTES,
        policy=_MEMORY,
    )


def _milliseconds(
    key: str, value_fn: Callable[[Reading], float | None]
) -> MinerSensorDescription:
    return _diagnostic(
        key,
        value_fn,
        device_class=SensorDeviceClass.DURATION,
        unit=UnitOfTime.MILLISECONDS,
        policy=_MILLISECONDS,
    )


def _percentage(
    key: str, value_fn: Callable[[Reading], float | None]
) -> MinerSensorDescription:
    return _diagnostic(
        key,
        value_fn,
        unit=UnitOfRatio.PERCENTAGE,
        precision=1,
        policy=SLOW_PERCENTAGE,
    )


def _total_hashes(reading: Reading) -> float | None:
    total = reading.snapshot.system.total_hashes
    return None if total is None else round(total / _EXA, 4)


DIAGNOSTICS: Final[tuple[MinerSensorDescription, ...]] = (
    _average("hashrate_1m", lambda reading: reading.snapshot.hashing.hashrate_1m),
    _average("hashrate_10m", lambda reading: reading.snapshot.hashing.hashrate_10m),
    _average("hashrate_1h", lambda reading: reading.snapshot.hashing.hashrate_1h),
    _average("hashrate_1d", lambda reading: reading.snapshot.hashing.hashrate_1d),
    _percentage(
        "error_percentage", lambda reading: reading.snapshot.hashing.error_percentage
    ),
    _diagnostic(
        "duplicate_nonces",
        lambda reading: reading.snapshot.hashing.duplicate_nonces,
        state_class=SensorStateClass.TOTAL_INCREASING,
        policy=SLOW_COUNTER,
    ),
    _diagnostic(
        "actual_frequency",
        lambda reading: reading.snapshot.hashing.actual_frequency,
        device_class=SensorDeviceClass.FREQUENCY,
        unit=UnitOfFrequency.MEGAHERTZ,
        policy=_FREQUENCY,
    ),
    _diagnostic(
        "maximum_power",
        lambda reading: reading.snapshot.electrical.maximum_power,
        device_class=SensorDeviceClass.POWER,
        unit=UnitOfPower.WATT,
    ),
    _diagnostic(
        "vr_temperature_internal",
        lambda reading: reading.snapshot.cooling.vr_temperature_internal,
        device_class=SensorDeviceClass.TEMPERATURE,
        unit=UnitOfTemperature.CELSIUS,
        precision=1,
        policy=TEMPERATURE,
    ),
    _diagnostic(
        "shares_pending",
        lambda reading: reading.snapshot.shares.pending,
        unit=UNIT_SHARES,
        policy=Measurement(resolution=1, step=10, interval=300),
    ),
    _diagnostic(
        "work_received",
        lambda reading: reading.snapshot.shares.work_received,
        state_class=SensorStateClass.TOTAL_INCREASING,
        policy=SLOW_COUNTER,
    ),
    _difficulty("pool_difficulty", lambda reading: reading.snapshot.pools.difficulty),
    _difficulty(
        "suggested_difficulty",
        lambda reading: reading.snapshot.pools.suggested_difficulty,
    ),
    _text("pool_connection", lambda reading: reading.snapshot.pools.connection),
    _milliseconds(
        "response_time", lambda reading: reading.snapshot.pools.response_time
    ),
    _milliseconds("process_time", lambda reading: reading.snapshot.pools.process_time),
    _percentage("ping_loss", lambda reading: reading.snapshot.pools.ping_loss),
    _number("block_height", lambda reading: reading.snapshot.pools.block_height),
    _difficulty(
        "network_difficulty", lambda reading: reading.snapshot.pools.network_difficulty
    ),
    _text("coinbase_text", lambda reading: reading.snapshot.pools.coinbase_text),
    _diagnostic(
        "total_uptime",
        lambda reading: reading.figures.total_uptime,
        device_class=SensorDeviceClass.DURATION,
        unit=UnitOfTime.SECONDS,
        suggested_unit=UnitOfTime.HOURS,
        state_class=SensorStateClass.TOTAL_INCREASING,
        policy=SLOW_COUNTER,
        has_fn=lambda reading: reading.snapshot.system.uptime is not None,
    ),
    _diagnostic(
        "total_hashes",
        _total_hashes,
        unit=_UNIT_TOTAL_HASHES,
        state_class=SensorStateClass.TOTAL_INCREASING,
        precision=3,
        policy=SLOW_COUNTER,
    ),
    _text("reset_reason", lambda reading: reading.snapshot.system.reset_reason),
    _diagnostic(
        "wifi_rssi",
        lambda reading: reading.snapshot.system.wifi_rssi,
        device_class=SensorDeviceClass.SIGNAL_STRENGTH,
        unit=SIGNAL_STRENGTH_DECIBELS_MILLIWATT,
        policy=_SIGNAL,
    ),
    _text("wifi_status", lambda reading: reading.snapshot.system.wifi_status),
    _memory("free_heap", lambda reading: reading.snapshot.system.free_heap),
    _memory(
        "free_heap_internal", lambda reading: reading.snapshot.system.free_heap_internal
    ),
    _memory(
        "free_heap_external", lambda reading: reading.snapshot.system.free_heap_external
    ),
    _memory(
        "minimum_free_heap", lambda reading: reading.snapshot.system.minimum_free_heap
    ),
    _memory(
        "largest_free_block", lambda reading: reading.snapshot.system.largest_free_block
    ),
    _percentage("cpu_usage", lambda reading: reading.snapshot.system.cpu_usage),
    _text(
        "running_partition", lambda reading: reading.snapshot.system.running_partition
    ),
)


type AsicLayout = tuple[int, tuple[int, ...]]
"""The number of ASICs, and the number of hash domains of each that reports them."""


def asic_layout(reading: Reading) -> AsicLayout:
    """Return which ASICs a miner has.

    A paused miner leaves its ASICs out; the board says how many there are.
    """
    hashing, cooling = reading.snapshot.hashing, reading.snapshot.cooling
    count = max(
        reading.snapshot.identity.asic_count or 0,
        len(hashing.asics),
        len(cooling.asic_temperatures),
    )
    return count, tuple([len(asic.domains) for asic in hashing.asics])


def describe_asics(layout: AsicLayout) -> Iterator[MinerSensorDescription]:
    """Describe the sensors of each ASIC, and of each hash domain of it."""
    count, domains = layout
    for index in range(count):
        # With a single ASIC these would repeat the whole miner's.
        yield from _asic(index, single=count == 1)
    for index, number in enumerate(domains):
        if number > 1:
            for domain in range(number):
                yield _domain(index, domain)


@lru_cache(maxsize=64)
def _asic(index: int, *, single: bool) -> tuple[MinerSensorDescription, ...]:
    """Describe the sensors of an ASIC; they are numbered from 1."""

    def hashrate(reading: Reading) -> float | None:
        asics = reading.snapshot.hashing.asics
        return asics[index].hashrate if index < len(asics) else None

    def error_count(reading: Reading) -> int | None:
        asics = reading.snapshot.hashing.asics
        return asics[index].error_count if index < len(asics) else None

    def temperature(reading: Reading) -> float | None:
        temperatures = reading.snapshot.cooling.asic_temperatures
        return temperatures[index] if index < len(temperatures) else None

    number = {"asic": str(index + 1)}
    errors = _diagnostic(
        f"asic_{index + 1}_error_count",
        error_count,
        translation_key="asic_n_error_count",
        placeholders=number,
        state_class=SensorStateClass.TOTAL_INCREASING,
        policy=SLOW_COUNTER,
    )
    if single:
        return (errors,)
    return (
        errors,
        _diagnostic(
            f"asic_{index + 1}_hashrate",
            hashrate,
            translation_key="asic_n_hashrate",
            placeholders=number,
            unit=UNIT_HASHRATE,
            policy=SLOW_HASHRATE,
        ),
        _diagnostic(
            f"asic_{index + 1}_temperature",
            temperature,
            translation_key="asic_n_temperature",
            placeholders=number,
            device_class=SensorDeviceClass.TEMPERATURE,
            unit=UnitOfTemperature.CELSIUS,
            precision=1,
            policy=TEMPERATURE,
        ),
    )


@lru_cache(maxsize=256)
def _domain(index: int, domain: int) -> MinerSensorDescription:
    """Describe the hashrate of a hash domain; they are numbered from 1, too."""

    def hashrate(reading: Reading) -> float | None:
        asics = reading.snapshot.hashing.asics
        if index >= len(asics) or domain >= len(asics[index].domains):
            return None
        return asics[index].domains[domain]

    return _diagnostic(
        f"asic_{index + 1}_domain_{domain + 1}_hashrate",
        hashrate,
        translation_key="asic_n_domain_n_hashrate",
        placeholders={"asic": str(index + 1), "domain": str(domain + 1)},
        unit=UNIT_HASHRATE,
        policy=SLOW_HASHRATE,
    )
