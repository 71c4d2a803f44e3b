"""Snapshots for tests of pure code, made the way they are made for real."""

from typing import Any

from custom_components.bitaxe.axeos import Snapshot
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields

GAMMA: dict[str, Any] = {
    "power": 18.0,
    "voltage": 5100,
    "temp": 60,
    "vrTemp": 62,
    "hashRate": 1071.0,
    "expectedHashrate": 1071,
    "errorPercentage": 0.5,
    "bestDiff": 1000,
    "sharesAccepted": 100,
    "sharesRejected": 0,
    "poolDifficulty": 1000,
    "coreVoltage": 1150,
    "frequency": 525,
    "macAddr": "02:00:00:00:00:01",
    "hostname": "gamma",
    "uptimeSeconds": 10_000,
    "ASICModel": "BM1370",
    "boardVersion": "602",
    "version": "v2.12.2",
    "resetReason": "Software reset via esp_restart",
    "nominalVoltage": 5,
    "overheat_mode": 0,
    "autofanspeed": 1,
    "fanspeed": 48,
    "manualFanSpeed": 100,
    "blockFound": 0,
    "isUsingFallbackStratum": 0,
    "stratumURL": "pool.example",
    "stratumPort": 3333,
    "stratumUser": "wallet.worker",
    "hashrateMonitor": {"asics": [{"total": 1071, "domains": [], "errorCount": 0}]},
}


def gamma(**changes: Any) -> Snapshot:
    """Return the snapshot of a Gamma, with some keys of its reply changed."""
    info = Fields(GAMMA | changes)
    dialect = detect_dialect(info)
    return dialect.snapshot(info, dialect.board(info, None))
