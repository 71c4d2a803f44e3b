"""AxeOS over HTTP: routes and replies of each tag.

Source: ESP-Miner `main/http_server/http_server.c`.
"""

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qs

from ..http import Request, Response, printed, redirect, text
from ..image import version_of
from ..memory import KeptRow
from ..storage import POOL_DEFAULTS, POOL_SLOTS
from ..version import Version
from . import axeos_info
from .axeos_settings import WrongInput, read_changes, read_slot
from .model import ServedMiner

LONGEST_BODY = 10_240
JSON = "application/json"
STATISTICS_2_8 = [
    "hashRate",
    "temp",
    "vrTemp",
    "power",
    "voltage",
    "current",
    "coreVoltageActual",
    "fanspeed",
    "fanrpm",
    "wifiRSSI",
    "freeHeap",
    "timestamp",
]
STATISTICS_2_11 = [
    "hashrate",
    "hashrate_1m",
    "hashrate_10m",
    "hashrate_1h",
    "errorPercentage",
    "asicTemp",
    "asicTemp2",
    "vrTemp",
    "asicVoltage",
    "voltage",
    "power",
    "current",
    "fanSpeed",
    "fanRpm",
    "fan2Rpm",
    "wifiRssi",
    "freeHeap",
    "responseTime",
    "timestamp",
]


_SHOWN: dict[str, Callable[[KeptRow], float]] = {
    **dict.fromkeys(
        ("hashrate", "hashRate", "hashrate_1m", "hashrate_10m", "hashrate_1h"),
        lambda row: row.hashrate,
    ),
    **dict.fromkeys(("asicTemp", "temp"), lambda row: row.readings.temp),
    **dict.fromkeys(
        ("asicVoltage", "coreVoltageActual"),
        lambda row: round(row.readings.core_voltage),
    ),
    **dict.fromkeys(("fanSpeed", "fanspeed"), lambda row: row.readings.fan),
    **dict.fromkeys(("fanRpm", "fanrpm"), lambda row: row.readings.fan_rpm),
    **dict.fromkeys(("wifiRssi", "wifiRSSI"), lambda row: row.readings.rssi),
    "errorPercentage": lambda row: 0.0,
    "asicTemp2": lambda row: row.readings.temp2,
    "vrTemp": lambda row: row.readings.vr_temp,
    "voltage": lambda row: row.readings.voltage,
    "power": lambda row: row.readings.power,
    "current": lambda row: row.readings.current,
    "fan2Rpm": lambda row: row.readings.fan2_rpm,
    "freeHeap": lambda row: row.readings.heap,
    "responseTime": lambda row: row.readings.response_time,
    "timestamp": lambda row: int(row.uptime * 1000),
}


def kept_value(row: KeptRow, label: str) -> float:
    """Return what a column of the statistics shows."""
    return _SHOWN[label](row)


def log_of(miner: ServedMiner) -> str:
    """Return what the firmware logs at boot and while it mines, secrets included."""
    pool, stored = miner.primary_pool, miner.stored
    lines = [
        f"I (312) wifi: connecting to {stored['ssid']}",
        f"I (2290) connect: got ip:{miner.address}",
        f"I (2410) stratum_api: Connecting to {pool['stratumURL']}",
        f'I (2511) stratum_api: tx: {{"method": "mining.authorize", '
        f'"params": ["{pool["stratumUser"]}", "{pool["stratumPassword"]}"]}}',
        "W (2600) power_management: Boot at full fan speed",
    ]
    lines += [
        f"I ({3000 + n * 100}) asic_result: Nonce difficulty {n}.50 of 1000."
        for n in range(int(min(miner.uptime, 5000)))
    ]
    return "\n".join(lines) + "\n"


class AxeOS:
    """The reference firmware."""

    def __init__(self, version: Version) -> None:
        """Behave like this version."""
        self.version = version
        self.header_limit = 1024 if version >= (2, 10, 0) else 512
        self.socket_limit = 20 if version >= (2, 10, 0) else 10
        self.has_network_gate = version >= (2, 5, 0)

    def info(self, miner: ServedMiner) -> dict[str, Any]:
        """Return the payload of `GET /api/system/info`."""
        return axeos_info.describe(miner)

    def asic(self, miner: ServedMiner) -> dict[str, Any] | None:
        """Return the payload of `GET /api/system/asic`, which grew with the tags."""
        if self.version < (2, 7, 0):
            return None
        board = miner.board
        frequency, voltage = board.defaults
        parts: list[tuple[Version, dict[str, Any]]] = [
            ((2, 7, 0), {"ASICModel": board.chip.name}),
            ((2, 9, 0), {"deviceModel": board.family}),
            ((2, 9, 0), {"swarmColor": board.swarm_color}),
            ((2, 9, 0), {"asicCount": board.chips}),
            ((2, 13, 0), {"hashDomains": board.chip.domains}),
            ((2, 8, 0), {"defaultFrequency": frequency}),
            ((2, 7, 0), {"frequencyOptions": list(board.frequencies)}),
            ((2, 8, 0), {"defaultVoltage": voltage}),
            ((2, 7, 0), {"voltageOptions": list(board.voltages)}),
        ]
        payload: dict[str, Any] = {}
        for since, part in parts:
            if self.version >= since:
                payload |= part
        return payload

    def respond(self, miner: ServedMiner, request: Request) -> Response:
        """Answer a request."""
        method, path = request.method, request.path
        if method == "OPTIONS":
            return Response()
        if method == "GET":
            return self._get(miner, request)
        if method == "PATCH" and path == "/api/system":
            return self._patch(miner, request)
        if method == "POST" and path == "/api/system/OTA":
            return self._update(miner, request)
        if method == "POST" and path == "/api/system/OTAWWW":
            return self._update_web(miner, request)
        if method == "POST" and (reply := self._post(miner, path)) is not None:
            return reply
        if path.startswith("/api/system/pools/") and self.version >= (2, 15, 0):
            return self._pool(miner, request)
        if path.startswith("/api/") and self.version >= (2, 9, 0):
            return self._unknown()
        return text(405, "Request method for this URI is not handled by server")

    def _statistics_labels(self, query: str) -> list[str]:
        """Return the columns asked for, all of them if none is known."""
        if self.version < (2, 11, 0):
            return STATISTICS_2_8
        known = [
            label
            for label in STATISTICS_2_11
            if label != "asicTemp2" or self.version >= (2, 14, 0)
        ]
        wanted = parse_qs(query).get("columns", [""])[0].split(",")
        chosen = [label for label in known[:-1] if label in wanted]
        return [*chosen, "timestamp"] if chosen else known

    def _get(self, miner: ServedMiner, request: Request) -> Response:
        path = request.path
        if path == "/api/system/info":
            return self.as_json(miner.info())
        if path == "/api/system/asic" and (payload := miner.asic()) is not None:
            return self.as_json(payload)
        if path == "/api/system/statistics" and self.version >= (2, 8, 0):
            now = int(miner.uptime * 1000)
            labels = self._statistics_labels(request.query)
            rows = [
                [kept_value(row, label) for label in labels] for row in miner.kept.rows
            ]
            return self.as_json(
                {"currentTimestamp": now, "labels": labels, "statistics": rows}
            )
        if path == "/api/system/logs" and self.version >= (2, 14, 0):
            return Response(
                body=log_of(miner).encode(),
                content_type="text/plain",
                chunk_size=4096,
                headers={
                    "Content-Disposition": 'attachment; filename="bitaxe-logs.txt"'
                },
            )
        if path == "/" or (path == "/recovery" and self.version >= (2, 1, 9)):
            return text(200, "<!DOCTYPE html><title>AxeOS</title>")
        if path.startswith("/api/") and self.version >= (2, 9, 0):
            return self._unknown()
        return redirect()

    def _unknown(self) -> Response:
        return self.as_json({"error": "unknown route"}, 404)

    def as_json(self, payload: Any, status: int = 200) -> Response:
        """Return JSON the way this version prints it."""
        body = printed(payload, pretty=self.version < (2, 14, 0))
        return Response(status=status, body=body, content_type=JSON)

    def _patch(self, miner: ServedMiner, request: Request) -> Response:
        if len(request.body) >= LONGEST_BODY:
            return text(500, "content too long")
        payload = request.json
        if not isinstance(payload, dict):
            return text(400, "Invalid JSON")
        if miner.faults.reject_writes:
            return text(400, "Wrong API input")
        try:
            changes = read_changes(self.version, payload, miner.stored)
        except WrongInput:
            return text(400, "Wrong API input")
        renamed = changes.get("hostname", miner.stored["hostname"])
        if not miner.faults.ignore_writes:
            miner.write(changes)
        if self.version >= (2, 15, 0) and renamed != miner.stored["hostname"]:
            url = f"http://{renamed}.local"
            message = "Hostname updated. Redirecting to new address..."
            moved = {"url": url, "delay": 2000, "message": message}
            return self.as_json({"status": "success", "redirect": moved})
        return Response(chunk_size=2048)

    def _post(self, miner: ServedMiner, path: str) -> Response | None:
        version = self.version
        if path == "/api/system/restart":
            reply = self._message("System will restart shortly.")
            reply.sent = miner.restart
            return reply
        if path == "/api/system/identify" and version >= (2, 12, 0):
            on, off = (
                'The device says "Hi!" for 30 seconds.',
                'The device no longer says "Hi!".',
            )
            return self._message(on if miner.identify() else off)
        if path == "/api/system/pause" and version >= (2, 14, 0):
            miner.pause()
            return self._message("Mining paused")
        if path == "/api/system/resume" and version >= (2, 14, 0):
            miner.resume()
            return self._message("Mining resumed")
        if path == "/api/system/blockFound/dismiss" and version >= (2, 13, 0):
            miner.show_new_block = False
            return self.as_json(
                {
                    "blockFound": miner.blocks_found,
                    "showNewBlock": False,
                    "message": "Block found notification dismissed",
                }
            )
        return None

    def _update(self, miner: ServedMiner, request: Request) -> Response:
        version = version_of(request.body)
        if version is None or miner.faults.refuse_update:
            return self._update_failed("Validation / Activation Error")
        reply = text(200, "Firmware update complete, rebooting now!\n", "text/plain")
        reply.sent = partial(miner.install, version)
        return reply

    def _update_web(self, miner: ServedMiner, request: Request) -> Response:
        """Write the web interface; from v2.15 on with a restart."""
        if not request.body or miner.faults.refuse_update:
            return self._update_failed("Write Error")
        if self.version < (2, 15, 0):
            return text(200, "WWW update complete\n")
        reply = text(200, "WWW update complete, rebooting now!\n", "text/plain")
        reply.sent = miner.restart
        return reply

    def _update_failed(self, message: str) -> Response:
        if self.version >= (2, 15, 0):
            return self.as_json({"message": message}, 500)
        return text(500, message)

    def _message(self, message: str) -> Response:
        if self.version >= (2, 13, 0):
            return self.as_json({"message": message})
        plain = "text/plain" if self.version >= (2, 12, 0) else "text/html"
        return text(200, message, plain)

    def _pool(self, miner: ServedMiner, request: Request) -> Response:
        index = request.path.removeprefix("/api/system/pools/")
        if not index.isdecimal() or int(index) >= POOL_SLOTS:
            return self.as_json({"message": "Invalid pool index"}, 400)
        slot, pools = int(index), [dict(pool) for pool in miner.stored["pools"]]
        in_use = (miner.stored["primaryPoolIndex"], miner.stored["secondaryPoolIndex"])
        if request.method == "DELETE":
            if slot in in_use:
                return self.as_json({"message": "Pool is in use"}, 400)
            pools[slot] = dict(POOL_DEFAULTS)
            message = "Pool cleared successfully"
        elif request.method == "PUT":
            try:
                pools[slot] = read_slot(request.json, pools[slot])
            except WrongInput:
                message = "Invalid pool configuration payload"
                return self.as_json({"message": message}, 400)
            message = "Pool updated successfully"
        else:
            return self._unknown()
        if miner.faults.reject_writes:
            return self.as_json({"message": "Invalid pool configuration payload"}, 400)
        if not miner.faults.ignore_writes:
            miner.write({"pools": pools})
        return self.as_json({"message": message})
