"""`GET /api/system/info` of AxeOS: the value of every key, as each tag prints it.

Source: ESP-Miner `main/http_server/http_server.c` and `system_api_json.c` of each tag.
"""

from collections.abc import Callable
import math
import struct
from typing import Any

from ..chain import NETWORK_DIFFICULTY
from ..storage import Stored
from ..version import Version
from .axeos_keys import keys_of
from .model import ServedMiner

type Maker = Callable[[ServedMiner], Any]

LEFT_OUT = object()
"""What a maker returns for a key that is not sent just now."""


def float_of(version: Version, value: float) -> float:
    """Return a float as the firmware prints it.

    Up to v2.11 the digits of a 32-bit float show; from v2.12 on it is rounded to 1e-7.
    """
    return single(value) if version < (2, 12, 0) else round(single(value), 7)


def single(value: float) -> float:
    """Return the nearest 32-bit float."""
    result: float = struct.unpack("f", struct.pack("f", value))[0]
    return result


def difficulty_text(value: float, space: str = "") -> str:
    """Write a difficulty as firmware of old does: 999, 1.23k, 4.29G.

    AxeOS v2.10 puts a space before the letter.
    """
    for index, suffix in enumerate("EPTGMk"):
        scale = 10.0 ** (18 - 3 * index)
        if value >= scale:
            return f"{value / scale:.2f}{space}{suffix}"
    return str(int(value))


def pool_keys(prefix: str, pool: Stored) -> dict[str, Any]:
    """Return a pool's settings under flat keys."""
    return {
        key.replace("stratum", prefix, 1): value
        for key, value in pool.items()
        if key.startswith("stratum") and key != "stratumPassword"
    }


def _flag(value: object) -> int:
    return int(bool(value))


def _bool_from_14(version: Version, value: object) -> Any:
    return bool(value) if version >= (2, 14, 0) else _flag(value)


def _expected(miner: ServedMiner) -> float:
    if miner.version >= (2, 14, 0) and not miner.asic_ready:
        return 0.0
    chip = miner.board.chip
    frequency: float = miner.stored["frequency"]
    return frequency * chip.small_cores * miner.board.chips / 1000


def _hash_monitor(miner: ServedMiner) -> Any:
    meter = miner.meter
    if not miner.initialised:
        return LEFT_OUT if miner.version >= (2, 14, 0) else {"asics": []}
    asics = [
        {
            "total": float_of(miner.version, total),
            "errorCount": errors,
            "domains": [float_of(miner.version, domain) for domain in domains],
        }
        for total, domains, errors in zip(
            meter.chip_totals, meter.chip_domains, meter.error_counts, strict=True
        )
    ]
    return {"asics": asics}


def _when(there: bool, value: Any) -> Any:
    return value if there else LEFT_OUT


def _connection(miner: ServedMiner) -> str:
    return "IPv4" if miner.pool_reachable else "Not Connected"


def _overheat_shown(miner: ServedMiner) -> int:
    """Return the flag; from v2.14 on it is copied where the cool-down never passes."""
    if miner.version >= (2, 14, 0) and miner.cooling:
        return 0
    return _flag(miner.stored["overheat_mode"])


def _pools(miner: ServedMiner) -> list[dict[str, Any]]:
    return [
        {"id": index, **pool, "stratumPassword": "*****"}
        for index, pool in enumerate(miner.stored["pools"])
        if pool["stratumURL"]
    ]


def _partitions(miner: ServedMiner) -> list[dict[str, Any]]:
    def partition(label: str, version: str | None) -> dict[str, Any]:
        return {
            "label": label,
            "isCurrent": label == "ota_0",
            "isFactory": label == "factory",
            "version": version,
            "compileDate": version and "Aug 20 2026",
            "compileTime": version and "12:00:00",
            "usagePercent": version and 58,
        }

    firmware = miner.spec.firmware
    return [
        partition("factory", firmware),
        partition("ota_0", firmware),
        partition("ota_1", None),
    ]


def _makers(miner: ServedMiner) -> dict[str, Maker]:
    """Return how to make the value of every key there has ever been."""
    version = miner.version

    def number(value: float) -> float:
        return float_of(version, value)

    def difficulty(value: float) -> Any:
        if version >= (2, 11, 0):
            return int(value)
        return difficulty_text(value, " " if version >= (2, 10, 0) else "")

    def frequency(m: ServedMiner) -> Any:
        value = m.stored["frequency"]
        return int(value) if version < (2, 10, 0) else number(value)

    def fan(m: ServedMiner) -> Any:
        if version < (2, 1, 9):
            return m.stored["manualFanSpeed"]
        fan = m.readings.fan
        if version < (2, 12, 0):
            return int(fan)
        return number(fan) if version < (2, 14, 0) else single(fan)

    def temp2(m: ServedMiner) -> float:
        if version < (2, 11, 0) and not m.board.second_sensor:
            return 0.0
        return number(m.readings.temp2)

    def response_time(m: ServedMiner) -> float:
        forced = m.faults.response_time
        value = m.readings.response_time if forced is None else forced
        return round(value, 3) if version < (2, 13, 0) else number(value)

    def block(value: Any) -> Maker:
        return lambda m: _when(m.block_height > 0, value(m))

    makers: dict[str, Maker] = {
        "power": lambda m: number(m.readings.power),
        "voltage": lambda m: number(m.readings.voltage),
        "current": lambda m: number(m.readings.current),
        "temp": lambda m: number(m.readings.temp),
        "temp2": temp2,
        "vrTemp": lambda m: m.readings.vr_temp,
        "maxPower": lambda m: m.board.max_power_w,
        "nominalVoltage": lambda m: m.board.nominal_v,
        "coreVoltage": lambda m: m.stored["coreVoltage"],
        "coreVoltageActual": lambda m: (
            number(m.readings.core_voltage)
            if version >= (2, 14, 0)
            else int(m.readings.core_voltage)
        ),
        "frequency": frequency,
        "actualFrequency": lambda m: number(max(m.running_frequency, 50.0)),
        "fanspeed": fan,
        "fanSpeed": lambda m: m.readings.fan_rpm,
        "fanSpeedRpm": lambda m: m.readings.fan_rpm,
        "fanrpm": lambda m: m.readings.fan_rpm,
        "fan2rpm": lambda m: m.readings.fan2_rpm,
        "autofanspeed": lambda m: _flag(m.stored["autofanspeed"]),
        "manualFanSpeed": lambda m: m.stored["manualFanSpeed"],
        "minFanSpeed": lambda m: m.stored["minFanSpeed"],
        "temptarget": lambda m: m.stored["temptarget"],
        "overheat": _overheat_shown,
        "overheat_mode": _overheat_shown,
        "power_fault": lambda m: _when(m.power_fault, "Power Fault Detected."),
        "hardware_fault": lambda m: _when(
            bool(m.faults.hardware_fault), m.faults.hardware_fault
        ),
        "invertfanpolarity": lambda m: _flag(m.stored["invertfanpolarity"]),
        "hashRate": lambda m: (
            m.meter.hashrate if version < (2, 11, 0) else number(m.meter.hashrate)
        ),
        "hashRate_1m": lambda m: number(m.meter.average(60)),
        "hashRate_10m": lambda m: number(m.meter.average(600)),
        "hashRate_1h": lambda m: number(m.meter.average(3600)),
        "expectedHashrate": lambda m: number(_expected(m)),
        "errorPercentage": lambda m: number(m.meter.error_percentage),
        "hashrateMonitor": _hash_monitor,
        "ASICModel": lambda m: m.board.chip.name,
        "asicCount": lambda m: m.board.chips,
        "smallCoreCount": lambda m: m.board.chip.small_cores,
        "bestDiff": lambda m: difficulty(m.shares.best),
        "bestSessionDiff": lambda m: difficulty(m.shares.session_best),
        "stratumDiff": lambda m: int(m.spec.pool_difficulty),
        "poolDifficulty": lambda m: m.spec.pool_difficulty,
        "sharesAccepted": lambda m: m.shares.accepted,
        "sharesRejected": lambda m: m.shares.rejected,
        "sharesPending": lambda _: 0,
        "sharesRejectedReasons": lambda m: [
            {"message": message, "count": count}
            for message, count in m.shares.reasons.items()
        ],
        "workReceived": lambda m: int(m.uptime / 30),
        "isUsingFallbackStratum": lambda m: _flag(m.on_fallback),
        "useFallbackStratum": lambda m: _flag(m.stored["useFallbackStratum"]),
        "poolAddrFamily": lambda _: 2,
        "poolConnectionInfo": _connection,
        "responseTime": response_time,
        "responseShareBatch": lambda _: 1,
        "processTime": lambda m: number(m.readings.process_time),
        "primaryPoolIndex": lambda m: m.stored["primaryPoolIndex"],
        "secondaryPoolIndex": lambda m: m.stored["secondaryPoolIndex"],
        "pools": _pools,
        "blockFound": lambda m: m.blocks_found,
        "showNewBlock": lambda m: m.show_new_block,
        "blockHeight": block(lambda m: m.block_height),
        "scriptsig": block(lambda _: "..%..h../simulated/"),
        "networkDifficulty": block(lambda _: NETWORK_DIFFICULTY),
        "coinbaseOutputs": block(lambda _: [{"value": 312_500_000, "address": "-"}]),
        "coinbaseValueTotalSatoshis": block(lambda _: 312_500_000),
        "coinbaseValueUserSatoshis": block(lambda _: 312_500_000),
        "blockSignals": block(lambda _: []),
        "miningPaused": lambda m: m.paused,
        "version": lambda m: m.spec.firmware,
        "axeOSVersion": lambda m: (
            "Unified" if version >= (2, 15, 0) else m.spec.firmware
        ),
        "idfVersion": lambda _: "v5.5.1" if version >= (2, 9, 0) else "v5.3.1",
        "boardVersion": lambda m: m.spec.board,
        "hostname": lambda m: m.stored["hostname"],
        "fullHostname": lambda m: f"{m.stored['hostname']}.local",
        "macAddr": lambda m: m.spec.mac_address,
        "ipv4": lambda m: m.address,
        "ipv6": lambda _: "fe80::1",
        "ssid": lambda m: m.stored["ssid"],
        "wifiPass": lambda m: m.stored["wifiPass"],
        "wifiStatus": lambda _: "Connected!",
        "wifiRSSI": lambda m: m.readings.rssi,
        "apEnabled": lambda _: 0,
        "uptimeSeconds": lambda m: int(m.uptime),
        "totalUptimeSeconds": lambda m: int(m.total_uptime),
        "totalHashes": lambda m: m.total_hashes,
        "totalLog2Work": lambda m: round(math.log2(max(m.total_hashes, 1.0)), 3),
        "resetReason": lambda m: m.reset_reason,
        "runningPartition": lambda _: "ota_0",
        "partitions": _partitions,
        "freeHeap": lambda m: m.readings.heap,
        "freeHeapInternal": lambda m: m.readings.heap_internal,
        "freeHeapSpiram": lambda m: m.readings.heap - m.readings.heap_internal,
        "minFreeHeap": lambda m: m.readings.heap - 200_000,
        "maxAllocHeap": lambda _: 7_733_248,
        "cpuUsage": lambda m: number(m.readings.cpu_usage),
        "isPSRAMAvailable": lambda _: 1,
        "overclockEnabled": lambda m: _flag(m.stored["overclockEnabled"]),
        "flipscreen": lambda m: _flag(m.stored["flipscreen"]),
        "rotation": lambda m: m.stored["rotation"],
        "invertscreen": lambda m: _flag(m.stored["invertscreen"]),
        "display": lambda m: m.stored["display"],
        "displayTimeout": lambda m: m.stored["displayTimeout"],
        "statsFrequency": lambda m: m.stored["statsFrequency"],
        "statsLimit": lambda _: 720,
        "statsDuration": lambda _: 1,
        "useCustomWWW": lambda m: _flag(m.stored["useCustomWWW"]),
    }
    for prefix, pool in (
        ("stratum", miner.primary_pool),
        ("fallbackStratum", miner.fallback_pool),
    ):
        for key, value in pool_keys(prefix, pool).items():
            makers[key] = _constant(_pool_value(version, key, value))
    return makers


def _constant(value: Any) -> Maker:
    return lambda _: value


def _pool_value(version: Version, key: str, value: Any) -> Any:
    if key.endswith(("ExtranonceSubscribe", "DecodeCoinbase")):
        return _bool_from_14(version, value)
    return value


def describe(miner: ServedMiner) -> dict[str, Any]:
    """Return the payload of the miner's firmware version."""
    makers = _makers(miner)
    values = {key: makers[key](miner) for key in keys_of(miner.version)}
    return {key: value for key, value in values.items() if value is not LEFT_OUT}
