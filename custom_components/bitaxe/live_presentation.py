"""Miners and the swarm as they are now, as flat JSON for cards and the terminal.

Keys carry the unit. Unknown is `None`, moments are Unix time. Every key is always there.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from homeassistant.util.json import JsonObjectType, JsonValueType

from .analysis.advice import Goal
from .axeos.snapshot import OperatingPoint
from .coordinator import MinerCoordinator
from .live_faces import Face
from .metering import Reading
from .presentation import operating_point_as_json, rounded
from .results import MinerResults
from .totals import SwarmTotals
from .watch.alerts import Alert

OFFLINE: Final = "offline"
"""The state of a miner that does not answer, or is not set up."""

_MOST_REASONS: Final = 3
"""Reasons of rejected shares that are told; pools make them up."""

# A boot time is worked out from an uptime in whole seconds, and replies take their time.
_BOOT_TIME_TOLERANCE: Final = 3


def _fan(reading: Reading, kind: str) -> float | None:
    fans = reading.snapshot.cooling.fans
    value: float | None = getattr(fans[0], kind) if fans else None
    return value


def _pool(reading: Reading) -> str | None:
    pool = reading.snapshot.pools.in_use
    return None if pool is None else pool.host


MEASURED: Final[dict[str, Callable[[Reading], float | bool | str | None]]] = {
    "hashrate_ghs": lambda reading: reading.snapshot.hashing.hashrate,
    "expected_hashrate_ghs": lambda reading: reading.snapshot.hashing.expected,
    "power_w": lambda reading: reading.snapshot.electrical.power,
    "efficiency_j_th": lambda reading: reading.snapshot.efficiency,
    "asic_temperature_c": lambda reading: (
        reading.snapshot.cooling.hottest_asic_temperature
    ),
    "vr_temperature_c": lambda reading: reading.snapshot.cooling.vr_temperature,
    "fan_speed_percent": lambda reading: _fan(reading, "speed"),
    "fan_rpm": lambda reading: _fan(reading, "rpm"),
    "auto_fan": lambda reading: reading.snapshot.cooling.auto_fan,
    "target_temperature_c": lambda reading: reading.snapshot.cooling.target_temperature,
    "frequency_mhz": lambda reading: reading.snapshot.frequency,
    "core_voltage_mv": lambda reading: reading.snapshot.core_voltage,
    "core_voltage_actual_mv": lambda reading: (
        reading.snapshot.electrical.core_voltage_actual
    ),
    "input_voltage_v": lambda reading: reading.snapshot.electrical.input_voltage,
    "shares_accepted": lambda reading: reading.snapshot.shares.accepted,
    "shares_rejected": lambda reading: reading.snapshot.shares.rejected,
    "reject_rate_percent": lambda reading: reading.figures.reject_rate,
    "error_rate_percent": lambda reading: reading.figures.error_rate,
    "best_session_difficulty": lambda reading: (
        reading.snapshot.shares.best_session_difficulty
    ),
    "pool": _pool,
    "using_fallback": lambda reading: reading.snapshot.pools.using_fallback,
    "pool_difficulty": lambda reading: reading.snapshot.pools.difficulty,
    "response_time_ms": lambda reading: reading.snapshot.pools.response_time,
    "wifi_rssi_dbm": lambda reading: reading.snapshot.system.wifi_rssi,
}
"""What is unknown while a miner is offline."""

LASTING: Final[dict[str, Callable[[Reading], float | None]]] = {
    "asic_limit_c": lambda reading: reading.snapshot.asic_limit,
    "vr_limit_c": lambda reading: reading.snapshot.vr_limit,
    "nominal_voltage_v": lambda reading: reading.snapshot.electrical.nominal_voltage,
    "power_limit_w": lambda reading: reading.snapshot.electrical.maximum_power,
    "best_difficulty": lambda reading: reading.figures.best_difficulty,
    "blocks_found": lambda reading: reading.figures.blocks_found,
}
"""What stays true while a miner is offline."""


def miner_as_json(
    face: Face,
    miner: MinerCoordinator | None,
    results: MinerResults,
    alerts: Iterable[Alert],
    before: JsonObjectType | None,
) -> JsonObjectType:
    """Present a miner; `None` stands for one that is not set up.

    `before` is what it was presented as the last time.
    """
    before = before or {}
    last = miner.data if miner is not None else None
    reading = last if miner is not None and miner.last_update_success else None
    return {
        "name": face.name,
        "model": face.model if last is None else last.snapshot.identity.model,
        "area": face.area,
        "firmware": (
            face.firmware if last is None else last.snapshot.identity.firmware_version
        ),
        "url": face.url if miner is None else str(miner.client.url),
        "online": reading is not None,
        "state": OFFLINE if reading is None else reading.snapshot.state.value,
        "last_seen": (
            before.get("last_seen") if miner is None else rounded(miner.last_seen)
        ),
        "missed_polls": 0 if miner is None else miner.missed_polls,
        "boot_time": _boot_time(reading, before.get("boot_time")),
        **_figures(MEASURED, reading),
        **_figures(LASTING, last),
        "reject_reasons": _reject_reasons(reading),
        **_limits(miner),
        **_history(results, None if last is None else last.snapshot.operating_point),
        "warnings": [alert_as_json(alert) for alert in alerts],
        "detuned": _intended(miner),
        "entities": dict(face.entities),
    }


def swarm_as_json(
    face: Face | None, totals: SwarmTotals | None, currency: str
) -> JsonObjectType:
    """Present the swarm; its figures are unknown until it is set up."""
    return {
        "name": None if face is None else face.name,
        "device_id": None if face is None else face.device_id,
        **_figures(_SWARM, totals),
        "currency": currency,
        "entities": {} if face is None else dict(face.entities),
    }


_SWARM: Final[dict[str, Callable[[SwarmTotals], float | bool | str | None]]] = {
    "hashrate_ghs": lambda totals: totals.hashrate,
    "expected_hashrate_ghs": lambda totals: totals.expected_hashrate,
    "power_w": lambda totals: totals.power,
    "efficiency_j_th": lambda totals: totals.efficiency,
    "miners": lambda totals: totals.miners,
    "miners_online": lambda totals: totals.miners_online,
    "miners_mining": lambda totals: totals.miners_mining,
    "best_difficulty": lambda totals: totals.best_difficulty,
    "best_miner": lambda totals: totals.best_miner,
    "cost_per_day": lambda totals: totals.cost_per_day,
    "network_difficulty": lambda totals: totals.network_difficulty,
    "years_to_block": lambda totals: (
        None if totals.odds is None else totals.odds.years_to_block
    ),
    "energy_kwh": lambda totals: totals.energy,
}


def alert_as_json(alert: Alert) -> JsonObjectType:
    """Present a warning; value and limit are in the unit of its kind."""
    return {
        "kind": alert.kind.value,
        "value": rounded(alert.value),
        "limit": rounded(alert.limit),
        "since": round(alert.since),
    }


def _figures[T](
    figures: Mapping[str, Callable[[T], float | bool | str | None]], source: T | None
) -> JsonObjectType:
    if source is None:
        return dict.fromkeys(figures)
    found = {key: present(source) for key, present in figures.items()}
    return {
        key: rounded(value) if isinstance(value, float) else value
        for key, value in found.items()
    }


def _boot_time(reading: Reading | None, before: JsonValueType) -> JsonValueType:
    """Return when the miner started, as before unless it really moved."""
    if reading is None or reading.figures.boot_time is None:
        return None
    found = round(reading.figures.boot_time)
    if isinstance(before, int) and abs(found - before) <= _BOOT_TIME_TOLERANCE:
        return before
    return found


def _reject_reasons(reading: Reading | None) -> list[JsonValueType]:
    """Return why the pool refused shares since the miner started, the usual first."""
    if reading is None:
        return []
    reasons = sorted(
        (item for item in reading.snapshot.shares.reject_reasons if item.count),
        key=lambda item: (-item.count, item.message),
    )
    return [
        {"message": item.message, "count": item.count}
        for item in reasons[:_MOST_REASONS]
    ]


def _limits(miner: MinerCoordinator | None) -> JsonObjectType:
    """Return what frequency and core voltage may be chosen from."""
    limits = miner.limits if miner is not None else None
    frequency = limits.frequency if limits is not None else (None, None)
    core_voltage = limits.core_voltage if limits is not None else (None, None)
    return {
        "frequency_min_mhz": rounded(frequency[0]),
        "frequency_max_mhz": rounded(frequency[1]),
        "core_voltage_min_mv": rounded(core_voltage[0]),
        "core_voltage_max_mv": rounded(core_voltage[1]),
    }


def _intended(miner: MinerCoordinator | None) -> JsonObjectType | None:
    """Return the settings a miner should have, if it lowered them itself."""
    if miner is None or miner.intended is None or not miner.is_detuned:
        return None
    return operating_point_as_json(miner.intended.operating_point)


def _history(results: MinerResults, present: OperatingPoint | None) -> JsonObjectType:
    """Return what the history says: how evenly it hashed, and what is best.

    What a change would bring is unknown from when the setting is `present` until it is
    compared with the others.
    """
    day = results.day_stability
    best: JsonObjectType | None = None
    if results.comparison is not None:
        compared, advice = results.comparison
        recommendation = advice[Goal.EFFICIENCY]
        if recommendation.best is not None:
            change = (
                recommendation.change if compared.miner.present == present else None
            )
            best = {
                **operating_point_as_json(recommendation.best.operating_point),
                "verdict": recommendation.verdict.value,
                "efficiency_change_j_th": rounded(
                    None if change is None else change.efficiency
                ),
            }
    return {
        "variation_24h_percent": None if day is None else rounded(day.variation),
        "stability": None if day is None else day.label.value,
        "best": best,
    }
