"""Miners and the swarm as they are now, as flat JSON for cards and the terminal.

Keys carry the unit. Unknown is `None`, moments are Unix time. Every key is always
there.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..alerts.kinds import KINDS
from ..alerts.model import Alert, unit_of
from ..alerts.notifications import NotificationOptions
from ..analysis.advice import Goal
from ..axeos.snapshot import OperatingPoint, Pool
from ..const import CONF_NOTIFICATIONS, CONF_PRICE, CONF_PRICE_ENTITY
from ..coordinator import MinerCoordinator
from ..guard.levels import async_levels
from ..miner.meter import Reading
from ..pools.accounts import async_get_pools
from ..power.entities import miner_attributes, outcome_attributes
from ..power.swarm import async_get_power, power_of
from ..results.coordinator import MinerResults
from ..results.payload import operating_point_as_json, rounded
from ..swarm.totals import SwarmTotals
from ..tuning import TuningRun
from ..tuning.session import tuner_of
from .registry import RegistryInfo

OFFLINE: Final = "offline"
"""The state of a miner that does not answer, or is not set up."""

_MOST_REASONS: Final = 3
"""Reasons of rejected shares that are sent; pools make them up."""

# A guess need not be finer.
_PROGRESS_STEP: Final = 5

# A boot time is worked out from an uptime in whole seconds, and replies take their
# time.
_BOOT_TIME_TOLERANCE: Final = 3


def _fan(reading: Reading, kind: str) -> float | None:
    fans = reading.snapshot.cooling.fans
    value: float | None = getattr(fans[0], kind) if fans else None
    return value


def _pool(reading: Reading) -> str | None:
    pool = reading.snapshot.pools.in_use
    return None if pool is None else pool.host


def _pool_port(reading: Reading) -> int | None:
    pool = reading.snapshot.pools.in_use
    return None if pool is None else pool.port


def _pool_worker(reading: Reading) -> str | None:
    pool = reading.snapshot.pools.in_use
    return None if pool is None else pool.worker


def _address(pool: Pool | None) -> str | None:
    """Return host and port, without what people put into an address besides."""
    if pool is None or pool.host is None:
        return None
    return pool.host if pool.port is None else f"{pool.host}:{pool.port}"


MEASURED: Final[dict[str, Callable[[Reading], float | bool | str | None]]] = {
    "hashrate_ghs": lambda reading: reading.snapshot.hashing.hashrate,
    "expected_hashrate_ghs": lambda reading: reading.snapshot.hashing.expected,
    "expected_ratio_percent": lambda reading: reading.figures.expected_ratio,
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
    "pool_port": _pool_port,
    "pool_worker": _pool_worker,
    "primary_pool": lambda reading: _address(reading.snapshot.pools.primary),
    "fallback_pool": lambda reading: _address(reading.snapshot.pools.fallback),
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
    info: RegistryInfo,
    miner: MinerCoordinator | None,
    results: MinerResults,
    alerts: Iterable[Alert],
    before: JsonObjectType | None,
) -> JsonObjectType:
    """Present a miner; `None` stands for one that is not set up.

    `before` is what it was presented as the last time.
    """
    before = before or {}
    alerts = tuple(alerts)
    last = miner.data if miner is not None else None
    reading = last if miner is not None and miner.last_update_success else None
    return {
        "name": info.name,
        "model": info.model if last is None else last.snapshot.identity.model,
        "area": info.area,
        "labels": list(info.labels),
        "firmware": (
            info.firmware if last is None else last.snapshot.identity.firmware_version
        ),
        "url": info.url if miner is None else str(miner.client.url),
        "online": reading is not None,
        "state": OFFLINE if reading is None else reading.snapshot.state.value,
        "last_seen": (
            before.get("last_seen") if miner is None else rounded(miner.last_seen)
        ),
        "missed_polls": 0 if miner is None else miner.missed_polls,
        "restarting_since": (
            None
            if miner is None or miner.restarting_since is None
            else round(miner.restarting_since)
        ),
        "boot_time": _boot_time(reading, before.get("boot_time")),
        **_figures(MEASURED, reading),
        **_figures(LASTING, last),
        "at_pool": _at_pool(miner),
        "reject_reasons": _reject_reasons(reading),
        "levels": {}
        if miner is None or reading is None
        else {
            figure.value: level.value
            for figure, level in async_levels(
                miner.hass, miner, {alert.kind for alert in alerts}
            ).items()
        },
        **_limits(miner),
        **_history(results, None if last is None else last.snapshot.operating_point),
        "warnings": [alert_as_json(alert) for alert in alerts],
        "detuned": _intended(miner),
        "tuning": _tuning(miner),
        "power_target": _power_target(miner),
        "entities": dict(info.entities),
    }


def swarm_as_json(
    info: RegistryInfo | None,
    totals: SwarmTotals | None,
    options: Mapping[str, Any] | None,
    currency: str,
    power_target: JsonObjectType | None,
) -> JsonObjectType:
    """Present the swarm; its figures and options are unknown until it is set up."""
    return {
        "name": None if info is None else info.name,
        "device_id": None if info is None else info.device_id,
        **_figures(_SWARM, totals),
        "has_price": (
            None
            if options is None
            else CONF_PRICE in options or CONF_PRICE_ENTITY in options
        ),
        "has_notifications": (
            None
            if options is None
            else bool(
                NotificationOptions.from_dict(
                    options.get(CONF_NOTIFICATIONS, {})
                ).entities
            )
        ),
        "currency": currency,
        "power_target": power_target,
        "entities": {} if info is None else dict(info.entities),
    }


def _earnings(totals: SwarmTotals, figure: str) -> float | None:
    value: float | None = getattr(totals.earnings, figure, None)
    return value


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
    "block_height": lambda totals: totals.block_height,
    "income_sats_per_day": lambda totals: _earnings(totals, "sats_per_day"),
    "income_per_day": lambda totals: _earnings(totals, "income_per_day"),
    "margin_per_day": lambda totals: _earnings(totals, "margin_per_day"),
    "break_even_price": lambda totals: _earnings(totals, "break_even_price"),
    "sats_per_kwh": lambda totals: _earnings(totals, "sats_per_kwh"),
    "years_to_block": lambda totals: (
        None if totals.odds is None else totals.odds.years_to_block
    ),
    "energy_kwh": lambda totals: totals.energy,
}


def alert_as_json(alert: Alert) -> JsonObjectType:
    """Present a warning; value and limit are in the unit of its kind."""
    reason = alert.data.get("reason")
    specification = KINDS[alert.kind]
    return {
        "kind": alert.kind.value,
        "severity": specification.severity.value,
        "icon": specification.icon,
        "unit": unit_of(alert),
        "precision": specification.precision,
        "low": specification.is_low,
        "strain": specification.strain,
        "value": rounded(alert.value),
        "limit": rounded(alert.limit),
        "since": round(alert.since),
        "unread_since": (
            None if alert.unread_since is None else round(alert.unread_since)
        ),
        "reason": reason if isinstance(reason, str) else None,
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


def _at_pool(miner: MinerCoordinator | None) -> JsonObjectType | None:
    """Return what the pool sees of a miner; `None` where none is asked, or answers."""
    if miner is None:
        return None
    sighting = async_get_pools(miner.hass).sighting_of(miner)
    if sighting is None:
        return None
    last = None if sighting.seen is None else sighting.seen.last_share
    return {
        "account": sighting.account,
        "worker": sighting.worker,
        "hashrate_ghs": rounded(sighting.hashrate),
        # What the miner claims moves with each reading, and this with it.
        "error_percent": None if sighting.error is None else round(sighting.error, 1),
        "last_share": None if last is None else round(last),
        "miners": sighting.claim.miners,
    }


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


def _tuning(miner: MinerCoordinator | None) -> JsonObjectType | None:
    """Return how far the tuner is, while it looks for the best setting."""
    if miner is None:
        return None
    tuner = tuner_of(miner.hass, miner.config_entry.entry_id)
    run = None if tuner is None else tuner.run
    if not isinstance(run, TuningRun):
        return None
    return {
        "goal": run.targets.goal.value,
        "progress_percent": _PROGRESS_STEP * int(100 * run.progress / _PROGRESS_STEP),
    }


def _power_target(miner: MinerCoordinator | None) -> JsonObjectType | None:
    """Return the power a miner is to keep to, and what came of it."""
    if miner is None:
        return None
    power = power_of(miner.hass, miner.config_entry.entry_id)
    if power is None:
        return None
    found = miner_attributes(power)
    return {
        "chosen_w": rounded(power.target),
        "target_w": found["target"],
        "set_by": found["set_by"],
        "reached_w": found["reached"],
        "most_w": rounded(power.most_power),
        "following": power.following,
        "with_swarm": power.with_swarm,
        "reason": found["reason"],
    }


def swarm_power_target_as_json(hass: HomeAssistant) -> JsonObjectType | None:
    """Return the power all miners are to keep to, and what came of it."""
    manager = async_get_power(hass)
    if manager.swarm is None:
        return None
    found = outcome_attributes(hass, None)
    return {
        "chosen_w": rounded(manager.swarm.target),
        "target_w": found["target"],
        "set_by": found["set_by"],
        "reached_w": found["reached"],
        "most_w": rounded(manager.most_power),
        "following": manager.swarm.following,
        "with_swarm": False,
        "reason": found["reason"],
    }


def _history(results: MinerResults, present: OperatingPoint | None) -> JsonObjectType:
    """Return what the history says: how evenly it hashed, and what is best.

    What a change would bring is unknown from when the setting is `present` until it is
    compared with the others.
    """
    day = results.day_stability
    best: JsonObjectType | None = None
    if results.comparison is not None and (advice := results.advice) is not None:
        compared, _ = results.comparison
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
