"""NMAxe: another interface altogether, to be recognised and refused.

Source: NMminer1024/ESP-Miner-NMAxe `docs/API.md`.
"""

from typing import Any

from ..chain import NETWORK_DIFFICULTY
from ..http import Request, Response, printed
from .axeos_info import difficulty_text
from .model import ServedMiner


class NMAxe:
    """As much of it as a search over the network meets."""

    header_limit = 1024
    socket_limit = 10
    has_network_gate = False

    def info(self, miner: ServedMiner) -> dict[str, Any]:
        """Return the payload of `GET /api/system/info`."""
        stored, readings, shares = miner.stored, miner.readings, miner.shares
        return {
            "power": {
                "power": round(readings.power, 2),
                "vbus": round(readings.voltage),
                "ibus": round(readings.input_current),
            },
            "temps": {"vcore": round(miner.physics.vr, 1), "asic": readings.temp},
            "asic": {
                "count": miner.board.chips,
                "model": miner.board.chip.name,
                "vcoreReq": stored["coreVoltage"],
                "vcoreReal": round(readings.core_voltage),
                "freqReq": int(stored["frequency"]),
                "smallCoreCnt": miner.board.chip.small_cores,
            },
            "miner": {
                "state": "paused" if miner.paused else "running",
                "paused": miner.paused,
                "pauseReason": "",
                "hashRate": round(miner.meter.hashrate, 2),
                "bestDiffEver": difficulty_text(shares.best),
                "bestDiffSession": difficulty_text(shares.session_best),
                "networkDiff": difficulty_text(NETWORK_DIFFICULTY),
                "sAccepted": shares.accepted,
                "sRejected": shares.rejected,
                "uptimeSeconds": int(miner.uptime),
                "freeHeap": readings.heap_internal,
            },
            "identity": {
                "fwVersion": miner.spec.firmware,
                "hwModel": miner.board.family,
                "displayName": miner.board.family,
                "hostName": stored["hostname"],
                "ssid": stored["ssid"],
                "rssi": readings.rssi,
            },
            "fans": [{"id": 0, "speed": round(readings.fan), "rpm": readings.fan_rpm}],
            "stratum": {
                "url": "stratum+tcp://{stratumURL}:{stratumPort}".format(
                    **miner.primary_pool
                ),
                "user": miner.primary_pool["stratumUser"],
                "pwd": "x",
            },
        }

    def asic(self, miner: ServedMiner) -> dict[str, Any] | None:
        """Return nothing, because there is no such route."""
        return None

    def respond(self, miner: ServedMiner, request: Request) -> Response:
        """Answer the one route that others ask for."""
        if (request.method, request.path) == ("GET", "/api/system/info"):
            body = printed(miner.info(), pretty=False)
            return Response(body=body, content_type="application/json")
        return Response(status=404, body=b"Not found", content_type="text/plain")
