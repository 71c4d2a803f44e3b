"""NerdOS: the NerdAxe and NerdQAxe family.

Source: ESP-Miner-NerdQAxePlus `main/http_server/handler_system.cpp`.
"""

from collections.abc import Callable
from typing import Any

from ..chain import NETWORK_DIFFICULTY
from ..http import Request, Response, printed, redirect, text
from ..image import version_of
from ..storage import Stored
from ..version import Version
from .axeos_info import difficulty_text
from .model import ServedMiner
from .nerdos_otp import OneTimeCodes, OtpRefused
from .nerdos_settings import read_changes

CHUNK = 2048

# First version of each key that came after v1.0.29, and the last where it went.
_LIFE: dict[str, tuple[Version, Version | None]] = {
    "macAddr": ((1, 0, 30), None),
    "wifiRSSI": ((1, 0, 31), None),
    "currentA": ((1, 0, 36), None),
    "minCurrentA": ((1, 0, 36), None),
    "maxCurrentA": ((1, 0, 36), None),
    "vrTempInt": ((1, 0, 37), None),
    "hashRate_1m": ((1, 0, 31), None),
    "manualFanSpeed": ((1, 0, 35), None),
    "fanrpm2": ((1, 0, 37), None),
    "fanspeed2": ((1, 0, 37), None),
    "fanCount": ((1, 0, 37), None),
    "lastpingrtt": ((1, 0, 30), None),
    "recentpingloss": ((1, 0, 34), None),
    "shutdown": ((1, 0, 35), None),
    "duplicateHWNonces": ((1, 0, 33), None),
    "stratum": ((1, 0, 35), None),
    "isUsingFallbackStratum": ((1, 0, 25), (1, 0, 34)),
    "isStratumConnected": ((1, 0, 29), (1, 0, 34)),
    "poolDifficulty": ((1, 0, 30), None),
    "networkDifficulty": ((1, 0, 37), None),
    "totalFoundBlocks": ((1, 0, 33), None),
    "asicTemps": ((1, 0, 34), None),
    "fans": ((1, 0, 37), None),
    "stratumEnonceSubscribe": ((1, 0, 33), None),
    "stratumTLS": ((1, 0, 36), None),
    "stratumProtocol": ((1, 0, 37), None),
    "fallbackStratumEnonceSubscribe": ((1, 0, 33), None),
    "fallbackStratumTLS": ((1, 0, 36), None),
    "fallbackStratumProtocol": ((1, 0, 37), None),
    "sv2AuthorityPubkey": ((1, 0, 37), None),
    "fallbackSv2AuthorityPubkey": ((1, 0, 37), None),
    "sv2ChannelType": ((1, 0, 37), None),
    "fallbackSv2ChannelType": ((1, 0, 37), None),
    "stratumDifficulty": ((1, 0, 30), None),
    "stratum_keep": ((1, 0, 32), None),
    "vrFrequency": ((1, 0, 33), None),
    "defaultVrFrequency": ((1, 0, 33), None),
    "otp": ((1, 0, 34), None),
    "freeHeapInt": ((1, 0, 31), None),
    "defaultTheme": ((1, 0, 34), None),
}

_ORDER = [
    "asicCount",
    "smallCoreCount",
    "deviceModel",
    "hostip",
    "macAddr",
    "wifiRSSI",
    "power",
    "maxPower",
    "minPower",
    "maxVoltage",
    "minVoltage",
    "current",
    "currentA",
    "minCurrentA",
    "maxCurrentA",
    "temp",
    "vrTemp",
    "vrTempInt",
    "hashRateTimestamp",
    "hashRate",
    "hashRate_1m",
    "hashRate_10m",
    "hashRate_1h",
    "hashRate_1d",
    "coreVoltage",
    "defaultCoreVoltage",
    "coreVoltageActual",
    "fanspeed",
    "manualFanSpeed",
    "fanrpm",
    "fanrpm2",
    "fanspeed2",
    "fanCount",
    "lastpingrtt",
    "recentpingloss",
    "shutdown",
    "duplicateHWNonces",
    "stratum",
    "isUsingFallbackStratum",
    "isStratumConnected",
    "poolDifficulty",
    "networkDifficulty",
    "foundBlocks",
    "totalFoundBlocks",
    "sharesAccepted",
    "sharesRejected",
    "bestDiff",
    "bestSessionDiff",
    "asicTemps",
    "pidTargetTemp",
    "pidP",
    "pidI",
    "pidD",
    "fans",
    "hostname",
    "ssid",
    "stratumURL",
    "stratumPort",
    "stratumUser",
    "stratumEnonceSubscribe",
    "stratumTLS",
    "fallbackStratumURL",
    "fallbackStratumPort",
    "fallbackStratumUser",
    "fallbackStratumEnonceSubscribe",
    "fallbackStratumTLS",
    "stratumProtocol",
    "fallbackStratumProtocol",
    "sv2AuthorityPubkey",
    "fallbackSv2AuthorityPubkey",
    "sv2ChannelType",
    "fallbackSv2ChannelType",
    "voltage",
    "frequency",
    "defaultFrequency",
    "jobInterval",
    "stratumDifficulty",
    "overheat_temp",
    "flipscreen",
    "invertscreen",
    "autoscreenoff",
    "invertfanpolarity",
    "autofanspeed",
    "stratum_keep",
    "vrFrequency",
    "defaultVrFrequency",
    "otp",
    "ASICModel",
    "uptimeSeconds",
    "lastResetReason",
    "wifiStatus",
    "freeHeap",
    "freeHeapInt",
    "version",
    "runningPartition",
    "defaultTheme",
]


class NerdOS:
    """NerdOS closes every connection, and believes only the right JSON types."""

    header_limit = 1024
    socket_limit = 10
    has_network_gate = True

    def __init__(self, version: Version, otp: str | None) -> None:
        """Behave like this version; ask for a one-time code unless it is None."""
        self.version = version
        self._codes = OneTimeCodes(otp)

    def info(self, miner: ServedMiner) -> dict[str, Any]:
        """Return the payload of `GET /api/system/info`."""
        values = self._values(miner)
        return {key: values[key] for key in _ORDER if self._lives(key)}

    def asic(self, miner: ServedMiner) -> dict[str, Any] | None:
        """Return the payload of `GET /api/system/asic`, which came with v1.0.32."""
        if self.version < (1, 0, 32):
            return None
        board = miner.board
        frequency, voltage = board.defaults
        top_frequency, top_voltage = board.absolute_max or (0, 0)
        return {
            "ASICModel": board.chip.name,
            "deviceModel": board.family,
            "asicCount": board.chips,
            "defaultFrequency": frequency,
            "defaultVoltage": voltage,
            "absMaxFrequency": top_frequency,
            "absMaxVoltage": top_voltage,
            "ecoFrequency": 0,
            "ecoVoltage": 0,
            "swarmColor": board.swarm_color,
            "frequencyOptions": list(board.frequencies),
            "voltageOptions": list(board.voltages),
        }

    def respond(self, miner: ServedMiner, request: Request) -> Response:
        """Answer a request, and close."""
        try:
            reply = self._answer(miner, request)
        except OtpRefused as err:
            reply = text(401, str(err))
        reply.close = True
        return reply

    def _answer(self, miner: ServedMiner, request: Request) -> Response:
        route = (request.method, request.path)
        if route == ("GET", "/api/system/info"):
            return _as_json(miner.info())
        if route == ("GET", "/api/system/asic") and (payload := miner.asic()):
            return _as_json(payload)
        if route == ("GET", "/"):
            return text(200, "<!DOCTYPE html><title>NerdOS</title>")
        has_codes = (1, 0, 34) <= self.version < (1, 0, 38) and self._codes.code
        if route == ("POST", "/api/otp/session") and has_codes:
            return _as_json(self._codes.open_session(request))
        actions: dict[tuple[str, str], Callable[[], Response]] = {
            ("PATCH", "/api/system"): lambda: self._patch(miner, request),
            ("POST", "/api/system/restart"): lambda: Response(
                body=b"System will restart shortly.",
                content_type="text/plain",
                sent=miner.restart,
            ),
        }
        actions["POST", "/api/system/OTA"] = lambda: _update(miner, request)
        actions["POST", "/api/system/OTAWWW"] = lambda: text(
            200, "WWW update complete\n"
        )
        if self.version >= (1, 0, 36):
            actions["POST", "/api/system/shutdown"] = lambda: _shut_down(miner)
        if self.version >= (1, 0, 37):
            actions["POST", "/api/system/reset-stats"] = lambda: _reset_counts(miner)
        if route not in actions:
            return redirect()
        always_free = (
            self.version >= (1, 0, 37)
            and request.method == "POST"
            and not request.path.startswith("/api/system/OTA")
        )
        if not always_free:
            self._codes.check(request)
        return actions[route]()

    def _patch(self, miner: ServedMiner, request: Request) -> Response:
        payload = request.json
        if not isinstance(payload, dict):
            return text(400, "Invalid JSON")
        if miner.faults.reject_writes:
            return text(400, "Wrong API input")
        if not miner.faults.ignore_writes:
            miner.write(read_changes(self.version, miner.board, payload, miner.stored))
        return Response()

    def _lives(self, key: str) -> bool:
        since, until = _LIFE.get(key, ((1, 0, 0), None))
        return since <= self.version and (until is None or self.version <= until)

    def _values(self, miner: ServedMiner) -> dict[str, Any]:
        board, stored, readings = miner.board, miner.stored, miner.readings
        meter, shares = miner.meter, miner.shares
        frequency, voltage = board.defaults
        temp = max(readings.temp, 0.0)
        off = miner.stopped or miner.overheated

        def average(seconds: float) -> float:
            # Up to v1.0.31 all averages are that of ten minutes.
            span = seconds if self.version >= (1, 0, 32) else 600
            return 0.0 if off else round(meter.average(span), 3)

        def difficulty(value: float) -> Any:
            if self.version >= (1, 0, 35):
                return int(value)
            return difficulty_text(value)

        def pool(prefix: str, settings: Stored) -> dict[str, Any]:
            return {
                f"{prefix}URL": settings["stratumURL"],
                f"{prefix}Port": settings["stratumPort"],
                f"{prefix}User": settings["stratumUser"],
                f"{prefix}EnonceSubscribe": settings["stratumExtranonceSubscribe"],
                f"{prefix}TLS": bool(settings["stratumTLS"]),
                f"{prefix}Protocol": 0,
            }

        amperes = readings.input_current / 1000
        return {
            "asicCount": board.chips,
            "smallCoreCount": board.chip.small_cores,
            "deviceModel": board.family,
            "hostip": miner.address,
            "macAddr": miner.spec.mac_address,
            "wifiRSSI": readings.rssi,
            "power": round(readings.power, 3),
            "maxPower": board.max_power_w,
            "minPower": board.min_power_w,
            "maxVoltage": 13 if board.nominal_v == 12 else 5.5,
            "minVoltage": 11 if board.nominal_v == 12 else 4.5,
            "current": round(amperes * 1000, 3),
            "currentA": round(amperes, 6),
            "minCurrentA": 0,
            "maxCurrentA": round(board.max_power_w / board.nominal_v),
            "temp": temp,
            "vrTemp": round(miner.physics.vr * 16) / 16,
            "vrTempInt": round(miner.physics.vr + 2.8, 2),
            "hashRateTimestamp": int(miner.uptime * 1000),
            "hashRate": 0.0 if off else round(self._hashrate(miner), 3),
            "hashRate_1m": average(60),
            "hashRate_10m": average(600),
            "hashRate_1h": average(3600),
            "hashRate_1d": self._day_average(miner, off=off),
            "coreVoltage": stored["coreVoltage"],
            "defaultCoreVoltage": voltage,
            "coreVoltageActual": round(readings.core_voltage),
            "fanspeed": round(readings.fan),
            "manualFanSpeed": stored["manualFanSpeed"],
            "fanrpm": readings.fan_rpm,
            "fanrpm2": readings.fan2_rpm,
            "fanspeed2": stored["fan2ManualSpeed"] if board.fans > 1 else 0,
            "fanCount": board.fans,
            "lastpingrtt": round(readings.response_time, 9),
            "recentpingloss": 0,
            "shutdown": miner.stopped,
            "duplicateHWNonces": 0,
            "stratum": self._stratum(miner),
            "isUsingFallbackStratum": miner.on_fallback,
            "isStratumConnected": miner.pool_reachable,
            "poolDifficulty": int(miner.spec.pool_difficulty),
            "networkDifficulty": int(NETWORK_DIFFICULTY) if miner.block_height else 0,
            "foundBlocks": miner.blocks_found,
            "totalFoundBlocks": miner.blocks_found,
            "sharesAccepted": shares.accepted,
            "sharesRejected": shares.rejected,
            "bestDiff": difficulty(shares.best),
            "bestSessionDiff": difficulty(shares.session_best),
            "asicTemps": [round(temp - 0.5 * index, 2) for index in range(board.chips)]
            if temp
            else [0] * board.chips,
            "pidTargetTemp": stored["pidTargetTemp"],
            "pidP": stored["pidP"],
            "pidI": stored["pidI"],
            "pidD": stored["pidD"],
            "fans": self._fans(miner),
            "hostname": stored["hostname"],
            "ssid": stored["ssid"],
            **pool("stratum", miner.primary_pool),
            **pool("fallbackStratum", miner.fallback_pool),
            "sv2AuthorityPubkey": "",
            "fallbackSv2AuthorityPubkey": "",
            "sv2ChannelType": 0,
            "fallbackSv2ChannelType": 0,
            "voltage": round(readings.voltage, 2),
            "frequency": int(stored["frequency"]),
            "defaultFrequency": frequency,
            "jobInterval": stored["jobInterval"],
            "stratumDifficulty": stored["stratumDifficulty"],
            "overheat_temp": stored["overheat_temp"],
            "flipscreen": int(stored["flipscreen"]),
            "invertscreen": int(stored["invertscreen"]),
            "autoscreenoff": int(stored["autoscreenoff"]),
            "invertfanpolarity": int(stored["invertfanpolarity"]),
            "autofanspeed": stored["autofanspeed"],
            "stratum_keep": int(stored["stratum_keep"]),
            "vrFrequency": stored["vrFrequency"],
            "defaultVrFrequency": 25011,
            "otp": miner.spec.otp is not None,
            "ASICModel": board.chip.name,
            "uptimeSeconds": int(miner.uptime),
            "lastResetReason": "SYSTEM.RESET_SOFTWARE",
            "wifiStatus": "WiFi Connected!",
            "freeHeap": readings.heap,
            "freeHeapInt": readings.heap_internal,
            "version": miner.spec.firmware,
            "runningPartition": "ota_0",
            "defaultTheme": "cosmic",
        }

    def _day_average(self, miner: ServedMiner, *, off: bool) -> float:
        if off:
            return 0.0
        early = self.version < (1, 0, 32)
        meter = miner.meter
        return round(meter.average(600) if early else meter.day_average(), 3)

    def _hashrate(self, miner: ServedMiner) -> float:
        """Return the "present" hashrate: up to v1.0.32 the average of ten minutes."""
        if self.version <= (1, 0, 32):
            return miner.meter.average(600)
        return miner.meter.hashrate

    def _stratum(self, miner: ServedMiner) -> dict[str, Any]:
        shares = miner.shares
        return {
            "poolMode": 0,
            "activePoolMode": 0,
            "poolBalance": miner.stored["poolBalance"],
            "totalBestDiff": int(shares.best),
            "usingFallback": miner.on_fallback,
            "pools": [
                {
                    "connected": miner.pool_reachable,
                    "verifyBlocked": "",
                    "poolDifficulty": int(miner.spec.pool_difficulty),
                    "networkDifficulty": int(NETWORK_DIFFICULTY),
                    "poolDiffErr": False,
                    "accepted": shares.accepted,
                    "rejected": shares.rejected,
                    "pingRtt": round(miner.readings.response_time, 9),
                    "pingLoss": 0,
                    "bestDiff": int(shares.session_best),
                    "activeProtocol": 0,
                    "encrypted": False,
                }
            ],
        }

    def _fans(self, miner: ServedMiner) -> list[dict[str, Any]]:
        stored, readings = miner.stored, miner.readings
        pid = {key: stored[f"pid{key.upper()}"] for key in ("p", "i", "d")}
        fans = [
            {
                "label": "M2" if miner.board.fans > 1 else "M1",
                "mode": stored["autofanspeed"],
                "manualSpeed": stored["manualFanSpeed"],
                "overheatTemp": stored["overheat_temp"],
                "rpm": readings.fan_rpm,
                "speedPerc": round(readings.fan),
                "pid": {"targetTemp": stored["pidTargetTemp"], **pid},
            }
        ]
        if miner.board.fans > 1:
            fans.append(
                {
                    "label": "M1",
                    "mode": stored["fan2Mode"],
                    "manualSpeed": stored["fan2ManualSpeed"],
                    "overheatTemp": stored["fan2OverheatTemp"],
                    "rpm": readings.fan2_rpm,
                    "speedPerc": stored["fan2ManualSpeed"],
                    "pid": {"targetTemp": stored["fan2TargetTemp"], **pid},
                }
            )
        return fans


def _as_json(payload: Any) -> Response:
    body = printed(payload, pretty=False)
    return Response(body=body, content_type="application/json", chunk_size=CHUNK)


def _reset_counts(miner: ServedMiner) -> Response:
    miner.shares.reset_counts()
    return Response(status=204)


def _update(miner: ServedMiner, request: Request) -> Response:
    version = version_of(request.body)
    if version is None or miner.faults.refuse_update:
        return text(500, "Validation / Activation Error")
    reply = text(200, "Firmware update complete, rebooting now!\n")
    reply.sent = lambda: miner.install(version)
    return reply


def _shut_down(miner: ServedMiner) -> Response:
    miner.shut_down()
    return Response()
