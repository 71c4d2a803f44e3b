"""NerdOS, the firmware of the NerdAxe and NerdQAxe family, from v1.0 on.

Source: shufps/ESP-Miner-NerdQAxePlus `main/http_server/handler_system.cpp`.
"""

from typing import Final

from ..boards import Board
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
    identify_board,
    input_voltage,
    mining_state,
    read_hashing,
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
        frequency = info.number("frequency", low=1, high=5000)
        core_voltage = info.number("coreVoltage", low=1, high=5000)
        stopped = info.flag("shutdown") is True
        hashing = read_hashing(info, board, frequency, stopped=stopped)
        cooling = _cooling(info)
        faults = _faults(cooling, hashing.hashrate)
        uptime = info.integer("uptimeSeconds", low=0)
        return Snapshot(
            identity=_identity(info, board),
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
            pools=_pools(info),
            system=_system(info, uptime),
            faults=faults,
            state=mining_state(
                fault=False,
                overheated=faults.overheated is True,
                paused=stopped,
                hashrate=hashing.hashrate,
                uptime=uptime,
            ),
            capabilities=_capabilities(info),
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
            payload |= flat_pool("stratum", settings.primary_pool)
        if settings.fallback_pool is not None:
            payload |= flat_pool("fallbackStratum", settings.fallback_pool)
        return [Request("PATCH", "/api/system", payload)] if payload else []

    def command(self, command: Command, snapshot: Snapshot) -> Request | None:
        """Return the request for a command, `None` if the firmware has none."""
        restart = Request("POST", "/api/system/restart")
        if command is Command.RESTART:
            return restart
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
    )


def _electrical(info: Fields, board: Board) -> Electrical:
    current = info.number("current", low=0, high=1_000_000)
    return Electrical(
        power=info.number("power", low=0, high=10_000),
        minimum_power=info.number("minPower", low=1, high=10_000),
        maximum_power=board.maximum_power,
        input_voltage=input_voltage(info),
        nominal_voltage=board.nominal_voltage,
        current=None if current is None else current / 1000,
        current_is_core=False,
        core_voltage_actual=info.number("coreVoltageActual", low=0, high=5000),
        minimum_voltage=info.number("minVoltage", low=1, high=100),
        maximum_voltage=info.number("maxVoltage", low=1, high=100),
        maximum_current=info.number("maxCurrentA", low=0.1, high=1000),
    )


def _cooling(info: Fields) -> Cooling:
    mode = info.integer("autofanspeed")
    temperatures = info.numbers("asicTemps", low=0.1, high=125)
    speed = info.number("fanspeed", low=0, high=100)
    fans = [Fan(speed=speed, rpm=info.integer("fanrpm", low=0, high=30_000))]
    if (info.integer("fanCount") or 1) > 1:
        fans.append(
            Fan(
                speed=info.number("fanspeed2", low=0, high=100),
                rpm=info.integer("fanrpm2", low=0, high=30_000),
            )
        )
    manual = info.integer("manualFanSpeed", low=0, high=100)
    if manual is None and mode == _FAN_MANUAL and speed is not None:
        # Up to v1.0.34 a manual setting shows only as the speed itself.
        manual = round(speed)
    return Cooling(
        asic_temperature=temperature(info, "temp"),
        asic_temperature_2=None,
        asic_temperatures=temperatures if any(temperatures) else (),
        vr_temperature=temperature(info, "vrTemp"),
        vr_temperature_internal=temperature(info, "vrTempInt"),
        overheat_temperature=info.number("overheat_temp", low=1, high=150),
        fans=tuple(fans),
        auto_fan=None if mode is None else mode != _FAN_MANUAL,
        fan_speed_setting=manual,
        minimum_fan_speed=None,
        target_temperature=info.integer("pidTargetTemp", low=1, high=120),
        vr_overheat_temperature=_vr_limit(info),
    )


def _vr_limit(info: Fields) -> float | None:
    """Return °C; the limit of the regulator is kept with the second fan."""
    fans = list(info.objects("fans"))
    return fans[1].number("overheatTemp", low=1, high=150) if len(fans) > 1 else None


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
            if (count := pool.integer(pool_key, low=0)) is not None
        ]
        whole = info.integer(key, low=0)
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
    protocol = info.integer(f"{prefix}Protocol")
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
    active = list(stratum.objects("pools"))
    # v1.1 drops flat keys in favour of those of the pool in use.
    pool = active[0] if active else Fields(None)
    connections = [
        connected
        for pool in active
        if (connected := pool.flag("connected")) is not None
    ]
    mode = stratum.integer("activePoolMode", "poolMode")
    using_fallback = stratum.flag("usingFallback")
    if using_fallback is None:
        using_fallback = info.flag("isUsingFallbackStratum")
    return Pools(
        primary=_pool(info, "stratum"),
        fallback=_pool(info, "fallbackStratum"),
        using_fallback=using_fallback,
        connected=any(connections) if connections else info.flag("isStratumConnected"),
        connection=None,
        difficulty=info.difficulty("poolDifficulty")
        or pool.difficulty("poolDifficulty")
        or None,
        response_time=_first(
            response_time(info, "lastpingrtt"), response_time(pool, "pingRtt")
        ),
        ping_loss=_first(
            info.number("recentpingloss", low=0, high=100),
            pool.number("pingLoss", low=0, high=100),
        ),
        dual=None if mode is None else mode == _DUAL_POOL,
        block_height=info.integer("blockHeight", low=1),
        network_difficulty=info.difficulty("networkDifficulty")
        or pool.difficulty("networkDifficulty")
        or None,
        blocks_found=info.integer("totalFoundBlocks", "foundBlocks", low=0),
        block_notice=None,
        suggested_difficulty=info.number("stratumDifficulty", low=1),
    )


def _system(info: Fields, uptime: int | None) -> System:
    return System(
        uptime=uptime,
        total_uptime=None,
        total_hashes=None,
        reset_reason=info.text("lastResetReason"),
        wifi_rssi=info.integer("wifiRSSI", low=-120, high=-1),
        wifi_status=info.text("wifiStatus"),
        ssid=info.text("ssid"),
        free_heap=info.integer("freeHeap", low=0),
        free_heap_internal=info.integer("freeHeapInt", low=0),
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
        "target_temperature": info.number("pidTargetTemp", low=0) is not None,
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
