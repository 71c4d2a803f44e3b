"""Forge-OS of the BitForge Nano: AxeOS v2.6 with keys of its own.

Source: sweethashio/forge-os `main/http_server/http_server.c`.
"""

from typing import Any

from ..http import Request, Response, printed, text
from .axeos_info import difficulty_text
from .axeos_settings import WrongInput, read_changes
from .model import ServedMiner

JSON = "application/json"
_SETTINGS_LIKE = (2, 10, 0)


class ForgeOS:
    """What a BitForge Nano says."""

    header_limit = 512
    socket_limit = 10
    has_network_gate = True

    def info(self, miner: ServedMiner) -> dict[str, Any]:
        """Return the payload of `GET /api/system/info`."""
        stored, readings, shares = miner.stored, miner.readings, miner.shares
        pools = {
            f"{prefix}{part}": pool[f"stratum{part}"]
            for part in ("URL", "Port", "User")
            for prefix, pool in (
                ("stratum", miner.primary_pool),
                ("fallbackStratum", miner.fallback_pool),
            )
        }
        payload: dict[str, Any] = {
            "power": readings.power,
            "voltage": readings.voltage,
            "current": readings.input_current,
            "temp": (readings.temp + readings.temp2) / 2,
            "vrTemp": readings.vr_temp,
            "maxPower": miner.board.max_power_w,
            "nominalVoltage": miner.board.nominal_v,
            "hashRate": miner.meter.hashrate,
            "bestDiff": int(shares.best),
            "bestSessionDiff": difficulty_text(shares.session_best),
            "stratumDiff": int(miner.spec.pool_difficulty),
            "isUsingFallbackStratum": int(miner.on_fallback),
            "isPSRAMAvailable": 1,
            "freeHeap": readings.heap,
            "coreVoltage": stored["coreVoltage"],
            "coreVoltageActual": round(readings.core_voltage),
            "frequency": int(stored["frequency"]),
            "ssid": stored["ssid"],
            "macAddr": miner.spec.mac_address,
            "hostname": stored["hostname"],
            "wifiStatus": "Connected!",
            "wifiRSSI": readings.rssi,
            "apEnabled": 0,
            "requestFromAp": False,
            "sharesAccepted": shares.accepted,
            "sharesRejected": shares.rejected,
            "sharesRejectedReasons": [
                {"message": message, "count": count}
                for message, count in shares.reasons.items()
            ],
            "uptimeSeconds": int(miner.uptime),
            "asicCount": miner.board.chips,
            "smallCoreCount": miner.board.chip.small_cores,
            "ASICModel": miner.board.chip.name,
            **pools,
            "version": miner.spec.firmware,
            "idfVersion": "v5.5.1",
            "boardVersion": miner.spec.board,
            "runningPartition": "factory",
            "overheat_mode": int(stored["overheat_mode"]),
            "overclockEnabled": int(stored["overclockEnabled"]),
            "autofanspeed": int(stored["autofanspeed"]),
            "fanSpeed": round(readings.fan),
            "manualFanSpeed": stored["manualFanSpeed"],
            "fanrpm": readings.fan_rpm,
            "chiptemp1": readings.temp,
            "chiptemp2": readings.temp2,
        }
        if miner.power_fault:
            payload["power_fault"] = "Power Fault Detected."
        return payload

    def asic(self, miner: ServedMiner) -> dict[str, Any] | None:
        """Return the payload of `GET /api/system/asic`, without lists of settings."""
        frequency, voltage = miner.board.defaults
        return {
            "ASICModel": miner.board.chip.name,
            "deviceModel": miner.board.family,
            "asicCount": miner.board.chips,
            "smallCoreCount": miner.board.chip.small_cores,
            "defaultFrequency": frequency,
            "defaultVoltage": voltage,
        }

    def respond(self, miner: ServedMiner, request: Request) -> Response:
        """Answer a request."""
        route = (request.method, request.path)
        if route == ("GET", "/api/system/info"):
            return _as_json(miner.info())
        if route == ("GET", "/api/system/asic"):
            return _as_json(miner.asic())
        if route == ("PATCH", "/api/system"):
            return self._patch(miner, request)
        if route == ("POST", "/api/system/restart"):
            reply = text(200, "System will restart shortly.")
            reply.sent = miner.restart
            return reply
        message = "The requested API endpoint does not exist"
        return _as_json({"error": "Not Found", "message": message}, 404)

    def _patch(self, miner: ServedMiner, request: Request) -> Response:
        payload = request.json
        if not isinstance(payload, dict):
            return text(400, "Invalid JSON")
        if miner.faults.reject_writes:
            return text(400, "Wrong API input")
        renamed = {
            "fanspeed" if key in ("fanSpeed", "manualFanSpeed") else key: value
            for key, value in payload.items()
        }
        try:
            changes = read_changes(_SETTINGS_LIKE, renamed, miner.stored)
        except WrongInput:
            return text(400, "Wrong API input")
        if not miner.faults.ignore_writes:
            miner.write(changes)
        return Response(chunk_size=2048)


def _as_json(payload: Any, status: int = 200) -> Response:
    body = printed(payload, pretty=True)
    return Response(status=status, body=body, content_type=JSON)
