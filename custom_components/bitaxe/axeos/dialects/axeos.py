"""AxeOS, the firmware of bitaxeorg/ESP-Miner, from v2.0 on, and its close forks.

Source: ESP-Miner `main/http_server/http_server.c` and `system_api_json.c`.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final, TypedDict

from .. import bounds
from ..boards import Board, doubt_of_reading
from ..errors import UnsupportedSettingError
from ..fields import Fields
from ..settings import PoolSettings, Settings
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
    RejectReason,
    Shares,
    Snapshot,
    System,
)
from .dialect import (
    OFF_CORE_VOLTAGE,
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

# Firmware limits of every board: power_management_task.c, THROTTLE_TEMP and
# TPS546_THROTTLE_TEMP.
_THROTTLE_TEMPERATURE: Final = 75.0
_VR_THROTTLE_TEMPERATURE: Final = 105.0

_POOL_SLOTS: Final = range(8)

_SIMPLE_KEYS: Final = {
    "minimum_fan_speed": "minFanSpeed",
    "target_temperature": "temptarget",
    "display_timeout": "displayTimeout",
    "display_rotation": "rotation",
    "display_inverted": "invertscreen",
    "display_flipped": "flipscreen",
    # Settable from v2.11 on, but reported, and thus confirmed, only from v2.15 on.
    "prefer_fallback": "useFallbackStratum",
}
# Optional members of a pool slot; one that is missing from a PUT falls back to its
# default.
_SLOT_KEYS: Final = (
    "stratumProtocol",
    "stratumSuggestedDifficulty",
    "stratumExtranonceSubscribe",
    "stratumTLS",
    "stratumCert",
    "stratumDecodeCoinbase",
    "stratumV2ChannelType",
    "stratumV2AuthorityPubkey",
    "stratumV2RequireAuth",
)


class AxeOS:
    """The reference dialect; forks override what they say differently."""

    family = Family.AXEOS
    _fan_speed_keys: tuple[str, ...] = ("fanspeed",)

    def board(self, info: Fields, asic: Fields | None) -> Board:
        """Work out the board from `/api/system/info` and, if there, `/asic`."""
        return identify_board(info, asic)

    def snapshot(self, info: Fields, board: Board) -> Snapshot:
        """Normalise one reading."""
        frequency = info.number("frequency", within=bounds.FREQUENCY)
        core_voltage = info.number("coreVoltage", within=bounds.CORE_VOLTAGE)
        cooling = self._cooling(info, board)
        faults = _faults(info, cooling)
        paused = info.flag("miningPaused") is True
        off = without_core_voltage(info, board, frequency)
        stopped = paused or off is True or _asics_off(info, cooling, faults)
        hashing = read_hashing(info, board, frequency, stopped=stopped)
        pools = _pools(info)
        uptime = info.integer("uptimeSeconds", within=bounds.UPTIME)
        state = mining_state(
            fault=faults.power is not None or faults.hardware is not None,
            overheated=faults.overheated is True,
            paused=paused,
            hashrate=hashing.hashrate,
            uptime=uptime,
        )
        return Snapshot(
            identity=info.part("identity", partial(self._identity, board=board), board),
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
                info.part("capabilities", self._capabilities),
                doubt_of_reading(info, board),
            ),
        )

    def requests(self, settings: Settings, snapshot: Snapshot) -> list[Request]:
        """Return one PATCH, and one PUT for each pool slot where pools have slots."""
        payload: dict[str, object] = {}
        if settings.frequency is not None:
            # Whole numbers go out as such: firmware up to v2.9 takes integers only.
            payload["frequency"] = _plain(settings.frequency)
        if settings.core_voltage is not None:
            payload["coreVoltage"] = round(settings.core_voltage)
        if settings.auto_fan is not None:
            payload["autofanspeed"] = int(settings.auto_fan)
        if settings.fan_speed is not None:
            payload[snapshot.capabilities.fan_key] = settings.fan_speed
        if settings.clear_overheat:
            payload["overheat_mode"] = 0
        for name, key in _SIMPLE_KEYS.items():
            if (value := getattr(settings, name)) is not None:
                payload[key] = int(value)
        requests: list[Request] = []
        free = list(snapshot.pools.free_slots)
        for wanted, current, prefix, index_key in (
            (
                settings.primary_pool,
                snapshot.pools.primary,
                "stratum",
                "primaryPoolIndex",
            ),
            (
                settings.fallback_pool,
                snapshot.pools.fallback,
                "fallbackStratum",
                "secondaryPoolIndex",
            ),
        ):
            if wanted is None:
                continue
            if not snapshot.capabilities.pool_slots:
                payload |= flat_pool(prefix, wanted)
            elif current is not None and current.slot is not None:
                requests.append(_put_pool(current.slot, current, wanted))
            elif free:
                payload[index_key] = slot = free.pop(0)
                requests.append(_put_pool(slot, None, wanted))
            else:
                raise UnsupportedSettingError("free place for another pool")
        # A slot is filled before it is chosen.
        if payload:
            requests.append(Request("PATCH", "/api/system", payload))
        return requests

    def command(self, command: Command, snapshot: Snapshot) -> Request | None:
        """Return the request for a command, `None` if the firmware has none."""
        abilities = snapshot.capabilities
        available = {
            Command.RESTART: (abilities.restart, "/api/system/restart"),
            Command.IDENTIFY: (abilities.identify, "/api/system/identify"),
            Command.PAUSE: (abilities.pause, "/api/system/pause"),
            Command.RESUME: (abilities.pause, "/api/system/resume"),
            Command.DISMISS_BLOCK: (
                abilities.dismiss_block,
                "/api/system/blockFound/dismiss",
            ),
        }
        possible, path = available[command]
        return Request("POST", path) if possible else None

    def _identity(self, info: Fields, board: Board) -> Identity:
        return Identity(
            family=self.family,
            mac=info.mac("macAddr", "ethMac"),
            hostname=info.text("hostname"),
            model=board.model,
            board_version=info.text("boardVersion"),
            asic_model=board.asic_model,
            asic_count=board.asic_count,
            small_core_count=board.small_core_count,
            firmware_version=info.text("version"),
            web_version=info.text("axeOSVersion"),
            idf_version=info.text("idfVersion"),
            ipv4=info.text("ipv4", "hostip", "ethIPv4"),
            ipv6=info.text("ipv6"),
            ethernet_mac=info.mac("ethMac"),
            full_hostname=info.text("mdnsHostname", "fullHostname"),
            hardware=board.hardware,
            manufacturer=board.maker,
        )

    def _cooling(self, info: Fields, board: Board) -> Cooling:
        auto_fan = info.flag("autofanspeed")
        speed = info.number(*self._fan_speed_keys, within=bounds.PERCENT)
        manual = info.integer("manualFanSpeed", within=bounds.PERCENT)
        if manual is None and auto_fan is False and speed is not None:
            # Up to v2.10 a manual setting shows only as the speed itself.
            manual = round(speed)
        return Cooling(
            asic_temperature=temperature(info, "temp"),
            asic_temperature_2=temperature(info, "temp2"),
            asic_temperatures=self._asic_temperatures(info),
            vr_temperature=temperature(info, "vrTemp"),
            vr_temperature_internal=None,
            overheat_temperature=None,
            fans=self._fans(info, board, speed),
            auto_fan=auto_fan,
            fan_speed_setting=manual,
            minimum_fan_speed=info.integer("minFanSpeed", within=bounds.PERCENT),
            target_temperature=info.integer(
                "temptarget", within=bounds.TARGET_TEMPERATURE
            ),
        )

    def _asic_temperatures(self, info: Fields) -> tuple[float | None, ...]:
        return ()

    def _fans(self, info: Fields, board: Board, speed: float | None) -> tuple[Fan, ...]:
        # `fanSpeed` was the rpm up to v2.1.2, next to a `fanspeed` in %.
        rpm = info.integer("fanrpm", "fanSpeedRpm", "fanSpeed", within=bounds.RPM)
        second = info.integer("fan2rpm", within=bounds.RPM)
        fans = [Fan(speed=speed, rpm=rpm)]
        if second is not None and (second > 0 or board.fan_count > 1):
            fans.append(Fan(speed=speed, rpm=second))
        return tuple(fans)

    def _capabilities(self, info: Fields) -> Capabilities:
        settings = {
            "frequency": "frequency" in info,
            "core_voltage": "coreVoltage" in info,
            "auto_fan": "autofanspeed" in info,
            "fan_speed": "autofanspeed" in info,
            "clear_overheat": "overheat_mode" in info,
            "primary_pool": "stratumURL" in info,
            "fallback_pool": "fallbackStratumURL" in info,
            **{name: key in info for name, key in _SIMPLE_KEYS.items()},
        }
        return Capabilities(
            settings=frozenset(name for name, there in settings.items() if there),
            fan_key="manualFanSpeed" if "manualFanSpeed" in info else "fanspeed",
            identify="resetReason" in info,
            pause="miningPaused" in info,
            dismiss_block="showNewBlock" in info,
            pool_slots="pools" in info,
            # v2.10 brought both fractions of MHz and this key.
            whole_frequency="minFanSpeed" not in info,
        )


def temperature(info: Fields, key: str) -> float | None:
    """Return °C; -1 and 0 mean no sensor or no reading, 127 and more a broken diode."""
    return info.number(key, within=bounds.TEMPERATURE)


def flat_pool(
    prefix: str, pool: PoolSettings, tls: Callable[[bool], object] = int
) -> dict[str, object]:
    """Return the flat keys that set a pool: all firmware but AxeOS from v2.15 on.

    `tls` writes whether it is encrypted: AxeOS has 0 for off, 1 for the certificates it
    brings along and 2 for one of the owner's; NerdOS wants a boolean.
    """
    payload: dict[str, object] = {
        f"{prefix}URL": pool.url,
        f"{prefix}Port": pool.port,
        f"{prefix}User": pool.user,
    }
    if pool.password is not None:
        payload[f"{prefix}Password"] = pool.password
    if pool.tls is not None:
        payload[f"{prefix}TLS"] = tls(pool.tls)
    return payload


def read_pool(info: Fields, prefix: str, slot: int | None = None) -> Pool | None:
    """Read a pool from flat keys, or from a slot, whose keys have prefix "stratum"."""
    if (url := info.text(f"{prefix}URL")) is None:
        return None
    return Pool(
        url=url,
        port=info.integer(f"{prefix}Port", within=bounds.PORT),
        user=info.text(f"{prefix}User", longest=bounds.LONGEST_POOL_USER),
        tls=info.flag(f"{prefix}TLS"),
        protocol=info.text(f"{prefix}Protocol"),
        slot=slot,
        slot_settings={} if slot is None else info.scalars(_SLOT_KEYS),
    )


def _plain(value: float) -> float:
    return int(value) if value == int(value) else value


def _put_pool(slot: int, current: Pool | None, pool: PoolSettings) -> Request:
    payload = flat_pool("stratum", pool)
    if current is not None:
        # The placeholder keeps the stored password.
        payload = {**current.slot_settings, "stratumPassword": "*****"} | payload
    return Request("PUT", f"/api/system/pools/{slot}", payload)


def _is_hot(cooling: Cooling) -> bool:
    asic = cooling.hottest_asic_temperature or 0
    vr = cooling.vr_temperature or 0
    return asic > _THROTTLE_TEMPERATURE or vr > _VR_THROTTLE_TEMPERATURE


def _is_cooling_down(info: Fields, cooling: Cooling) -> bool:
    """Return whether the ASICs are off because of heat, although no key says so.

    From v2.14 on `overheat_mode` stays 0 during the cool-down, while the expected
    hashrate drops to 0 and the temperatures stay frozen at the trip value
    (ESP-Miner v2.15.0 `main/tasks/power_management_task.c`).
    """
    return (
        info.number("expectedHashrate", within=bounds.HASHRATE) == 0
        and info.flag("miningPaused") is not True
        and _is_hot(cooling)
    )


def _asics_off(info: Fields, cooling: Cooling, faults: Faults) -> bool:
    """Return whether nothing can be hashing, although old hashrates may still be shown.

    A latched overheat state says so only together with the frozen temperature of a
    cool-down: up to v2.10 the miner goes on hashing at 50 MHz.
    """
    core_voltage = info.number("coreVoltageActual", within=bounds.ACTUAL_CORE_VOLTAGE)
    regulator_off = core_voltage is not None and core_voltage < OFF_CORE_VOLTAGE
    return (
        faults.hardware is not None
        or (faults.power is not None and regulator_off)
        or (faults.overheated is True and (regulator_off or _is_hot(cooling)))
    )


def _reports(info: Fields, key: str, came_with: str) -> bool:
    """Return whether a fault is known to be there; what is no text is unknown."""
    return info.holds_text(key) or (key not in info and came_with in info)


def _faults(info: Fields, cooling: Cooling) -> Faults:
    reported = info.part("faults", _reported_faults)
    if _is_cooling_down(info, cooling):
        return replace(reported, overheated=True)
    return reported


def _reported_faults(info: Fields) -> Faults:
    return Faults(
        overheated=info.flag("overheat_mode", "overheat"),
        power=info.text("power_fault"),
        hardware=info.text("hardware_fault"),
        # Both keys are sent only while there is a fault, so what came with the same
        # firmware version says whether it would be: v2.6 and v2.14.
        reports_power=_reports(info, "power_fault", "nominalVoltage"),
        reports_hardware=_reports(info, "hardware_fault", "actualFrequency"),
    )


def _electrical(info: Fields, board: Board) -> Electrical:
    current = info.number("current", within=bounds.CURRENT)
    return Electrical(
        # The controller alone draws some: 0 is an unread sensor.
        power=info.number("power", within=possible_power(board)) or None,
        minimum_power=None,
        maximum_power=board.maximum_power,
        input_voltage=input_voltage(info),
        nominal_voltage=board.nominal_voltage,
        current=None if current is None else current / 1000,
        current_is_core=board.core_current,
        core_voltage_actual=info.number(
            "coreVoltageActual", within=bounds.ACTUAL_CORE_VOLTAGE
        ),
    )


def _shares(info: Fields) -> Shares:
    return Shares(
        accepted=info.integer("sharesAccepted", within=bounds.COUNT),
        rejected=info.integer("sharesRejected", within=bounds.COUNT),
        pending=info.integer("sharesPending", within=bounds.COUNT),
        work_received=info.integer("workReceived", within=bounds.COUNT),
        reject_reasons=tuple(
            RejectReason(message=message, count=count)
            for reason in info.objects("sharesRejectedReasons")
            if (message := reason.text("message")) is not None
            and (count := reason.integer("count", within=bounds.COUNT)) is not None
        ),
        best_difficulty=info.difficulty("bestDiff"),
        best_session_difficulty=info.difficulty("bestSessionDiff"),
    )


def _steady_pools(info: Fields) -> Pools:
    """Return what seldom differs from one reading to the next."""
    connection = info.text("poolConnectionInfo")
    primary, fallback, free = _pool_slots(info)
    return Pools(
        primary=primary,
        fallback=fallback,
        using_fallback=info.flag("isUsingFallbackStratum"),
        connected=None
        if connection is None
        else connection.casefold() not in ("not connected", "disconnected"),
        connection=connection,
        difficulty=info.difficulty("poolDifficulty", "stratumDiff") or None,
        response_time=None,
        ping_loss=None,
        dual=None,
        one_down=None,
        block_height=info.integer("blockHeight", within=bounds.BLOCK_HEIGHT),
        network_difficulty=info.difficulty("networkDifficulty") or None,
        blocks_found=info.integer("blockFound", within=bounds.BLOCKS),
        block_notice=info.flag("showNewBlock"),
        prefer_fallback=info.flag("useFallbackStratum"),
        suggested_difficulty=info.difficulty("stratumSuggestedDifficulty") or None,
        free_slots=free,
    )


def _pools(info: Fields) -> Pools:
    return replace(
        info.part("pools", _steady_pools),
        response_time=response_time(info, "responseTime"),
        shares_per_response=info.integer("responseShareBatch", within=bounds.COUNT)
        or None,
        process_time=info.number("processTime", within=bounds.PROCESS_TIME),
        coinbase_text=info.text("scriptsig"),
        coinbase_value=info.integer(
            "coinbaseValueTotalSatoshis", within=bounds.SATOSHIS
        )
        or None,
        coinbase_user_value=info.integer(
            "coinbaseValueUserSatoshis", within=bounds.SATOSHIS
        ),
    )


def response_time(info: Fields, key: str) -> float | None:
    """Return ms; 0 means that the pool has not answered yet."""
    return info.number(key, within=bounds.RESPONSE_TIME)


def _pool_slots(
    info: Fields,
) -> tuple[Pool | None, Pool | None, tuple[int, ...]]:
    """Return primary pool, fallback pool and the unused slots."""
    primary = read_pool(info, "stratum")
    fallback = read_pool(info, "fallbackStratum")
    if not info.is_list("pools"):
        return primary, fallback, ()
    slots = {
        slot: pool
        for item in info.objects("pools")
        if (slot := item.integer("id", within=bounds.ANY)) is not None
        and slot in _POOL_SLOTS
        and (pool := read_pool(item, "stratum", slot)) is not None
    }
    first = info.integer("primaryPoolIndex", within=bounds.ANY)
    second = info.integer("secondaryPoolIndex", within=bounds.ANY)
    return (
        slots.get(-1 if first is None else first) or primary,
        # One slot for both is no fallback, and must not be overwritten as one.
        None
        if second == first
        else slots.get(-1 if second is None else second) or fallback,
        tuple(slot for slot in _POOL_SLOTS if slot not in slots),
    )


class _SteadySystem(TypedDict):
    """What seldom differs from one reading to the next."""

    reset_reason: str | None
    wifi_status: str | None
    ssid: str | None
    running_partition: str | None
    display_timeout: int | None
    display_rotation: int | None
    display_inverted: bool | None
    display_flipped: bool | None
    overclock_enabled: bool | None
    statistics_interval: int | None
    ethernet: bool | None
    has_external_memory: bool | None
    access_point: bool | None
    display: str | None


def _steady_system(info: Fields) -> _SteadySystem:
    return _SteadySystem(
        reset_reason=info.text("resetReason", "lastResetReason"),
        wifi_status=info.text("wifiStatus"),
        ssid=info.text("ssid"),
        running_partition=info.text("runningPartition"),
        display_timeout=info.integer("displayTimeout", within=bounds.DISPLAY_TIMEOUT),
        display_rotation=info.integer("rotation", within=bounds.ROTATION),
        display_inverted=info.flag("invertscreen"),
        display_flipped=info.flag("flipscreen"),
        overclock_enabled=info.flag("overclockEnabled"),
        statistics_interval=info.integer("statsFrequency", within=bounds.SAMPLING),
        ethernet=info.flag("ethConnected"),
        has_external_memory=info.flag("isPSRAMAvailable"),
        access_point=info.flag("apEnabled"),
        display=info.text("display"),
    )


def _system(info: Fields, uptime: int | None) -> System:
    return System(
        **info.part("system", _steady_system),
        uptime=uptime,
        total_uptime=info.integer("totalUptimeSeconds", within=bounds.UPTIME),
        total_hashes=info.number("totalHashes", within=bounds.TOTAL_HASHES),
        wifi_rssi=info.integer("wifiRSSI", within=bounds.RSSI),
        free_heap=info.integer("freeHeap", within=bounds.HEAP),
        free_heap_internal=info.integer(
            "freeHeapInternal", "freeHeapInt", within=bounds.HEAP
        ),
        minimum_free_heap=info.integer("minFreeHeap", within=bounds.HEAP),
        cpu_usage=info.number("cpuUsage", within=bounds.PERCENT),
        free_heap_external=info.integer("freeHeapSpiram", within=bounds.HEAP),
        largest_free_block=info.integer("maxAllocHeap", within=bounds.HEAP),
    )
