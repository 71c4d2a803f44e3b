"""Made-up swarms, as Home Assistant reports them."""

from typing import Any

from scripts.cli.store import History, Store

NOW = 1_790_000_000.0


def miner(**changes: Any) -> dict[str, Any]:
    """Return a miner that is well, but for the changes."""
    return {
        "name": "office",
        "model": "Gamma",
        "area": "Office",
        "labels": ["Solar"],
        "firmware": "v2.12.2",
        "url": "http://192.168.1.20",
        "online": True,
        "state": "mining",
        "last_seen": NOW - 4,
        "missed_polls": 0,
        "restarting_since": None,
        "boot_time": NOW - 9 * 3600,
        "hashrate_ghs": 1059.72,
        "expected_hashrate_ghs": 1071,
        "expected_ratio_percent": 98.9,
        "power_w": 19.85,
        "efficiency_j_th": 18.734,
        "asic_temperature_c": 60.1,
        "vr_temperature_c": 62,
        "asic_limit_c": 75,
        "vr_limit_c": 105,
        "fan_speed_percent": 51.3,
        "fan_rpm": 4129,
        "auto_fan": True,
        "target_temperature_c": 60,
        "frequency_mhz": 525,
        "core_voltage_mv": 1150,
        "core_voltage_actual_mv": 1143,
        "input_voltage_v": 5.117,
        "nominal_voltage_v": 5,
        "power_limit_w": 40,
        "shares_accepted": 5331,
        "shares_rejected": 8,
        "reject_rate_percent": 0.15,
        "reject_reasons": [],
        "error_rate_percent": 0.4,
        "best_difficulty": 4883283291,
        "best_session_difficulty": 6635067,
        "pool": "pool.example.com",
        "pool_port": 3333,
        "pool_worker": "gamma",
        "primary_pool": "pool.example.com:3333",
        "fallback_pool": "backup.example.com:3333",
        "at_pool": None,
        "using_fallback": False,
        "pool_difficulty": 1000,
        "response_time_ms": 55.9,
        "wifi_rssi_dbm": -56,
        "blocks_found": 0,
        "variation_24h_percent": 1.2,
        "stability": "excellent",
        "levels": dict.fromkeys(
            (
                "hashrate",
                "asic_temperature",
                "vr_temperature",
                "power",
                "input_voltage",
                "reject_rate",
                "error_rate",
            ),
            "good",
        ),
        "warnings": [],
        "detuned": None,
        "tuning": None,
        "power_target": None,
        "frequency_min_mhz": 400,
        "frequency_max_mhz": 625,
        "core_voltage_min_mv": 1000,
        "core_voltage_max_mv": 1250,
        "best": None,
        "entities": {},
        "can_control": True,
    } | changes


def unknown_miner(**changes: Any) -> dict[str, Any]:
    """Return a miner that never answered."""
    kept = {"name": "new", "online": False, "state": "offline"}
    kept |= {"warnings": [], "entities": {}, "can_control": False}
    kept |= {"missed_polls": 0, "reject_reasons": [], "levels": {}, "labels": []}
    return dict.fromkeys(miner()) | kept | changes


def swarm(**changes: Any) -> dict[str, Any]:
    """Return totals."""
    return {
        "name": "Bitaxe swarm",
        "device_id": "swarm",
        "network_difficulty": 1.2e14,
        "entities": {},
        "can_control": True,
        "hashrate_ghs": 42388.8,
        "expected_hashrate_ghs": 42840,
        "power_w": 794.0,
        "efficiency_j_th": 18.73,
        "miners": 40,
        "miners_online": 40,
        "miners_mining": 40,
        "best_difficulty": 4883283291,
        "best_miner": "miner 07",
        "cost_per_day": 5.72,
        "currency": "EUR",
        "years_to_block": 432.1,
        "block_height": 925_000,
        "income_sats_per_day": 2_400.0,
        "income_per_day": 2.16,
        "margin_per_day": -3.56,
        "break_even_price": 0.113,
        "sats_per_kwh": 126.0,
        "energy_kwh": 1234.5,
        "has_price": True,
        "has_notifications": True,
        "power_target": None,
    } | changes


def history() -> History:
    """Return a day without incidents but one."""
    return History(
        hour=[900, 1060, None, *[1000] * 9],
        day=[1050, 0, *[1055] * 22],
        hashrate=1010.5,
        efficiency=18.9,
        variations={"1h": 0.4, "24h": 1.2},
    )


def store(count: int = 40, **changes: Any) -> Store:
    """Return a store of so many miners that are alike."""
    keys = [f"device {index}" for index in range(count)]
    return Store(
        miners={
            key: miner(name=f"miner {index:02}", **changes)
            for index, key in enumerate(keys)
        },
        swarm=swarm(miners=count, miners_online=count, miners_mining=count),
        history=dict.fromkeys(keys, history()),
    )
