"""NerdOS, the firmware of the NerdAxe and NerdQAxe family, from v1.0 on.

Source: shufps/ESP-Miner-NerdQAxePlus `main/http_server/handler_system.cpp`.
"""

from dataclasses import replace
from functools import partial
from typing import Final

from .. import bounds
from ..boards import Board, doubt_of_reading
from ..fields import Fields
from ..settings import Settings
from ..snapshot import (
    Capabilities,
    Cooling,
    Electrical,
    Family,
    Fan,
    Faults,
    Identity,
    OperatingPoint,
    Pool,
    Pools,
    Shares,
    Snapshot,
    System,
)
from .axeos import flat_pool, read_pool, response_time, temperature
from .dialect import (
    Command,
    Request,
    control,
    identify_board,
    input_voltage,
    latched_off,
    mining_state,
    possible_power,
    read_hashing,
    without_core_voltage,
)

# Values of `autofanspeed`; 1 is a mode that newer firmware removed.
_FAN_MANUAL: Final = 0
_FAN_PID: Final = 2
_DUAL_POOL: Final = 1
_PROTOCOLS: Final = {0: "SV1", 1: "SV2"}
_FLIPS: Final = {"display_flipped": "flipscreen", "display_inverted": "invertscreen"}


class NerdOS:
    """NerdOS ignores values of the wrong JSON type and still answers 200."""

    family = Family.NERDOS

    def board(self, info: Fields, asic: Fields | None) -> Board:
        """Work out the board from `/api/system/info` and, if there, `/asic`."""
        return identify_board(info, asic)

    def snapshot(self, info: Fields, board: Board) -> Snapshot:
        """Normalise one reading."""
        # Where a governor runs, `frequency` may be what that wants.
        frequency = info.number(
            "configuredFrequency", "frequency", within=bounds.FREQUENCY
        )
        core_voltage = info.number("coreVoltage", within=bounds.CORE_VOLTAGE)
        stopped = info.flag("shutdown") is True
        off = without_core_voltage(info, board, frequency)
        hashing = read_hashing(info, board, frequency, stopped=stopped or off is True)
        cooling = _cooling(info)
        faults = _faults(cooling, hashing.hashrate)
        pools = _pools(info)
        uptime = info.integer("uptimeSeconds", within=bounds.UPTIME)
        state = mining_state(
            fault=False,
            overheated=faults.overheated is True,
            paused=stopped,
            hashrate=hashing.hashrate,
            uptime=uptime,
        )
        return Snapshot(
            identity=info.part("identity", partial(_identity, board=board), board),
            operating_point=OperatingPoint(
                frequency=frequency, core_voltage=core_voltage
            )
            if frequency is not None and core_voltage is not None
            else None,
            frequency=frequency,
            core_voltage=core_voltage,
            electrical=_electrical(info, board),
            cooling=cooling,
            hashing=hashing,
            shares=_shares(info),
            pools=pools,
            system=_system(info, uptime),
            faults=replace(faults, regulator_off=True)
            if latched_off(off, state, faults, pools)
            else faults,
            state=state,
            **control(
                info.part("capabilities", _capabilities), doubt_of_reading(info, board)
            ),
        )

    def requests(self, settings: Settings, snapshot: Snapshot) -> list[Request]:
        """Return one PATCH with exact JSON types."""
        payload: dict[str, object] = {}
        for value, key in (
            (settings.frequency, "frequency"),
            (settings.core_voltage, "coreVoltage"),
            (settings.fan_speed, snapshot.capabilities.fan_key),
            (settings.target_temperature, "pidTargetTemp"),
            (settings.overheat_temperature, "overheat_temp"),
        ):
            if value is not None:
                payload[key] = round(value)
        if settings.auto_fan is not None:
            payload["autofanspeed"] = _fan_mode(
                settings.auto_fan, has_pid=snapshot.capabilities.fan_modes
            )
        for name, key in _FLIPS.items():
            if (flag := getattr(settings, name)) is not None:
                payload[key] = flag
        if settings.primary_pool is not None:
            payload |= flat_pool("stratum", settings.primary_pool, bool)
        if settings.fallback_pool is not None:
            payload |= flat_pool("fallbackStratum", settings.fallback_pool, bool)
        return [Request("PATCH", "/api/system", payload)] if payload else []

    def command(self, command: Command, snapshot: Snapshot) -> Request | None:
        """Return the request for a command, `None` if the firmware has none."""
        restart = Request("POST", "/api/system/restart")
        if command is Command.RESTART:
            return restart if snapshot.capabilities.restart else None
        if not snapshot.capabilities.shutdown:
            return None
        # There is no resume: only a restart ends a shutdown.
        return {
            Command.PAUSE: Request("POST", "/api/system/shutdown"),
            Command.RESUME: restart,
        }.get(command)


def _fan_mode(automatic: bool, *, has_pid: bool) -> object:
    """Return the value for `autofanspeed`; it was a boolean before the PID came."""
    if not has_pid:
        return automatic
    return _FAN_PID if automatic else _FAN_MANUAL


def _identity(info: Fields, board: Board) -> Identity:
    return Identity(
        family=Family.NERDOS,
        mac=info.mac("macAddr"),
        hostname=info.text("hostname"),
        model=board.model,
        board_version=info.text("boardVersion"),
        asic_model=board.asic_model,
        asic_count=board.asic_count,
        small_core_count=board.small_core_count,
        firmware_version=info.text("version"),
        web_version=None,
        idf_version=None,
        ipv4=info.text("hostip"),
        ipv6=None,
        hardware=board.hardware,
        manufacturer=board.maker,
    )


def _electrical(info: Fields, board: Board) -> Electrical:
    current = info.number("current", within=bounds.CURRENT)
    return Electrical(
        power=info.number("power", within=possible_power(board)),
        minimum_power=info.number("minPower", within=bounds.POWER_LIMIT),
        maximum_power=board.maximum_power,
        input_voltage=input_voltage(info),
        nominal_voltage=board.nominal_voltage,
        current=None if current is None else current / 1000,
        current_is_core=False,
        core_voltage_actual=info.number(
            "coreVoltageActual", within=bounds.ACTUAL_CORE_VOLTAGE
        ),
        minimum_voltage=info.number("minVoltage", within=bounds.VOLTAGE_LIMIT),
        maximum_voltage=info.number("maxVoltage", within=bounds.VOLTAGE_LIMIT),
        maximum_current=info.number("maxCurrentA", within=bounds.CURRENT_LIMIT),
    )


def _cooling(info: Fields) -> Cooling:
    mode = info.integer("autofanspeed", within=bounds.ANY)
    temperatures = info.numbers("asicTemps", within=bounds.TEMPERATURE)
    speed = info.number("fanspeed", within=bounds.PERCENT)
    fans = [Fan(speed=speed, rpm=info.integer("fanrpm", within=bounds.RPM))]
    if (info.integer("fanCount", within=bounds.FANS) or 1) > 1:
        fans.append(
            Fan(
                speed=info.number("fanspeed2", within=bounds.PERCENT),
                rpm=info.integer("fanrpm2", within=bounds.RPM),
            )
        )
    manual = info.integer("manualFanSpeed", within=bounds.PERCENT)
    if manual is None and mode == _FAN_MANUAL and speed is not None:
        # Up to v1.0.34 a manual setting shows only as the speed itself.
        manual = round(speed)
    return Cooling(
        asic_temperature=temperature(info, "temp"),
        asic_temperature_2=None,
        asic_temperatures=temperatures if any(temperatures) else (),
        vr_temperature=temperature(info, "vrTemp"),
        vr_temperature_internal=temperature(info, "vrTempInt"),
        overheat_temperature=info.number(
            "overheat_temp", within=bounds.TEMPERATURE_LIMIT
        ),
        fans=tuple(fans),
        auto_fan=None if mode is None else mode != _FAN_MANUAL,
        fan_speed_setting=manual,
        minimum_fan_speed=None,
        target_temperature=info.integer(
            "pidTargetTemp", within=bounds.TARGET_TEMPERATURE
        ),
        vr_overheat_temperature=_vr_limit(info),
    )


def _vr_limit(info: Fields) -> float | None:
    """Return °C; the limit of the regulator is kept with the second fan."""
    fans = list(info.objects("fans"))
    return (
        fans[1].number("overheatTemp", within=bounds.TEMPERATURE_LIMIT)
        if len(fans) > 1
        else None
    )


def _faults(cooling: Cooling, hashrate: float | None) -> Faults:
    """Infer overheating: in v1 of the interface nothing says so.

    A NerdOS miner stops for good above its limits, so one that is that hot and hashes
    nothing has overheated; one that hashes has not.
    """
    overheated: bool | None = None
    if hashrate:
        overheated = False
    elif hashrate == 0 and any(
        measured is not None and limit is not None and measured >= limit
        for measured, limit in (
            (cooling.asic_temperature, cooling.overheat_temperature),
            (cooling.vr_temperature, cooling.vr_overheat_temperature),
        )
    ):
        overheated = True
    return Faults(
        overheated=overheated,
        power=None,
        hardware=None,
        reports_power=False,
        reports_hardware=False,
    )


def _shares(info: Fields) -> Shares:
    pools = list(info.child("stratum").objects("pools"))

    def total(key: str, pool_key: str) -> int | None:
        counts = [
            count
            for pool in pools
            if (count := pool.integer(pool_key, within=bounds.COUNT)) is not None
        ]
        whole = info.integer(key, within=bounds.COUNT)
        return sum(counts) if whole is None and counts else whole

    return Shares(
        accepted=total("sharesAccepted", "accepted"),
        rejected=total("sharesRejected", "rejected"),
        pending=None,
        work_received=None,
        reject_reasons=(),
        best_difficulty=_first(
            info.difficulty("bestDiff"),
            info.child("stratum").difficulty("totalBestDiff"),
        ),
        best_session_difficulty=info.difficulty("bestSessionDiff"),
    )


def _pool(info: Fields, prefix: str) -> Pool | None:
    pool = read_pool(info, prefix)
    protocol = info.integer(f"{prefix}Protocol", within=bounds.ANY)
    if pool is None or protocol is None:
        return pool
    return Pool(
        url=pool.url,
        port=pool.port,
        user=pool.user,
        tls=pool.tls,
        protocol=_PROTOCOLS.get(protocol),
        slot=None,
    )


def _first(*values: float | None) -> float | None:
    return next((value for value in values if value is not None), None)


def _pools(info: Fields) -> Pools:
    stratum = info.child("stratum")
    listed = list(stratum.objects("pools"))
    mode = stratum.integer("activePoolMode", "poolMode", within=bounds.ANY)
    dual = None if mode is None else mode == _DUAL_POOL
    # Newer firmware lists both pools also where only one of them works.
    working = [pool for pool in listed if pool.flag("active") is not False]
    # v1.1 drops flat keys in favour of those of the pool in use.
    pool = working[0] if working else Fields(None)
    using_fallback = stratum.flag("usingFallback")
    if using_fallback is None:
        using_fallback = info.flag("isUsingFallbackStratum")
    if using_fallback is None and not dual and len(listed) > 1:
        using_fallback = listed[0].flag("active") is False or None
    connections = [pool.flag("connected") for pool in (listed if dual else working)]
    known = [connected for connected in connections if connected is not None]
    first, second = (*listed, Fields(None), Fields(None))[:2]
    return Pools(
        primary=_pool(info, "stratum") or _listed_pool(first),
        fallback=_pool(info, "fallbackStratum") or _listed_pool(second),
        using_fallback=using_fallback,
        connected=any(known) if known else info.flag("isStratumConnected"),
        connection=None,
        difficulty=info.difficulty("poolDifficulty")
        or pool.difficulty("poolDifficulty")
        or None,
        response_time=_first(
            response_time(info, "lastpingrtt"), response_time(pool, "pingRtt")
        ),
        ping_loss=_first(
            info.number("recentpingloss", within=bounds.PERCENT),
            pool.number("pingLoss", within=bounds.PERCENT),
        ),
        dual=dual,
        one_down=any(known) and not all(known) if dual and len(known) > 1 else None,
        block_height=info.integer("blockHeight", within=bounds.BLOCK_HEIGHT),
        network_difficulty=info.difficulty("networkDifficulty")
        or pool.difficulty("networkDifficulty")
        or None,
        blocks_found=info.integer(
            "totalFoundBlocks", "foundBlocks", within=bounds.BLOCKS
        ),
        block_notice=None,
        suggested_difficulty=info.difficulty("stratumDifficulty") or None,
    )


def _listed_pool(pool: Fields) -> Pool | None:
    """Read a pool from the list that takes the place of flat keys."""
    if (host := pool.text("host")) is None:
        return None
    protocol = pool.integer("activeProtocol", within=bounds.ANY)
    return Pool(
        url=host,
        port=pool.integer("port", within=bounds.PORT),
        user=pool.text("user", longest=bounds.LONGEST_POOL_USER),
        tls=pool.flag("encrypted"),
        protocol=None if protocol is None else _PROTOCOLS.get(protocol),
        slot=None,
    )


def _system(info: Fields, uptime: int | None) -> System:
    return System(
        uptime=uptime,
        total_uptime=None,
        total_hashes=None,
        reset_reason=info.text("lastResetReason"),
        wifi_rssi=info.integer("wifiRSSI", within=bounds.RSSI),
        wifi_status=info.text("wifiStatus"),
        ssid=info.text("ssid"),
        free_heap=info.integer("freeHeap", within=bounds.HEAP),
        free_heap_internal=info.integer("freeHeapInt", within=bounds.HEAP),
        minimum_free_heap=None,
        cpu_usage=None,
        running_partition=info.text("runningPartition"),
        display_timeout=None,
        display_rotation=None,
        display_inverted=info.flag("invertscreen"),
        display_flipped=info.flag("flipscreen"),
        overclock_enabled=None,
        ethernet=None,
    )


def _capabilities(info: Fields) -> Capabilities:
    settings = {
        "frequency": "frequency" in info,
        "core_voltage": "coreVoltage" in info,
        "auto_fan": "autofanspeed" in info,
        "fan_speed": "autofanspeed" in info,
        # -1 means that the fan has no such target.
        "target_temperature": info.number("pidTargetTemp", within=bounds.PERCENT)
        is not None,
        "overheat_temperature": "overheat_temp" in info,
        "primary_pool": "stratumURL" in info,
        "fallback_pool": "fallbackStratumURL" in info,
        **{name: key in info for name, key in _FLIPS.items()},
    }
    return Capabilities(
        settings=frozenset(name for name, there in settings.items() if there),
        fan_key="manualFanSpeed" if "manualFanSpeed" in info else "fanspeed",
        # v1.0.36 brought both the shutdown route and this key; the flag is older.
        shutdown="shutdown" in info and "currentA" in info,
        pools_live=True,
        whole_frequency=True,
        fan_modes="pidTargetTemp" in info,
        otp=info.flag("otp") is True,
    )
