"""`PATCH /api/system` of NerdOS: values of the wrong JSON type are passed over.

Source: ESP-Miner-NerdQAxePlus `main/http_server/handler_system.cpp`
PATCH_update_settings.
"""

from collections.abc import Mapping
from typing import Any

from ..hardware import Board
from ..storage import Stored
from ..version import Version

_U16 = 65535
_U32 = 2**32 - 1

# Stored name of each integer setting, and its greatest value.
_INTEGERS = {
    "frequency": _U16,
    "coreVoltage": _U16,
    "autofanspeed": _U16,
    "manualFanSpeed": _U16,
    "pidTargetTemp": _U16,
    "overheat_temp": _U16,
    "jobInterval": _U16,
    "stratumDifficulty": _U32,
    "vrFrequency": _U32,
}
_FLOATS = ("pidP", "pidI", "pidD")
_FLAGS = ("flipscreen", "invertscreen", "autoscreenoff", "invertfanpolarity")
_TEXTS = ("hostname", "ssid", "wifiPass")


def read_changes(
    version: Version, board: Board, payload: Mapping[str, Any], stored: Stored
) -> Stored:
    """Return what a PATCH stores."""
    changes: Stored = {}
    for name, top in _INTEGERS.items():
        old_fan = name == "manualFanSpeed" and version < (1, 0, 35)
        value = payload.get("fanspeed" if old_fan else name)
        if _is_integer(value, top):
            changes[name] = value
    limits = board.absolute_max or (0, 0)
    for key, limit in zip(("frequency", "coreVoltage"), limits, strict=True):
        if changes.get(key) == 0:
            del changes[key]
        elif limit and key in changes:
            changes[key] = min(changes[key], limit)
    changes |= {k: float(payload[k]) for k in _FLOATS if _is_number(payload.get(k))}
    changes |= {k: payload[k] for k in _FLAGS if type(payload.get(k)) is bool}
    changes |= {k: payload[k] for k in _TEXTS if isinstance(payload.get(k), str)}
    keep = payload.get("stratum_keep")
    if isinstance(keep, int):
        changes["stratum_keep"] = bool(keep)
    if version >= (1, 0, 37) and isinstance(fans := payload.get("fans"), list):
        changes |= _read_fans(fans)
    changes["pools"] = _read_pools(payload, stored)
    return changes


def _is_integer(value: Any, top: int) -> bool:
    return type(value) is int and 0 <= value <= top


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _read_fans(fans: list[Any]) -> Stored:
    """Return the settings of both fans; the first has the flat keys as well."""
    names = (
        {
            "mode": "autofanspeed",
            "manualSpeed": "manualFanSpeed",
            "overheatTemp": "overheat_temp",
            "targetTemp": "pidTargetTemp",
        },
        {
            "mode": "fan2Mode",
            "manualSpeed": "fan2ManualSpeed",
            "overheatTemp": "fan2OverheatTemp",
            "targetTemp": "fan2TargetTemp",
        },
    )
    changes: Stored = {}
    for fan, stored_names in zip(fans, names, strict=False):
        if not isinstance(fan, dict):
            continue
        pid = fan.get("pid")
        values = fan | (pid if isinstance(pid, dict) else {})
        for key, name in stored_names.items():
            if _is_integer(values.get(key), _U16):
                changes[name] = values[key]
    return changes


def _read_pools(payload: Mapping[str, Any], stored: Stored) -> list[Stored]:
    pools = [dict(pool) for pool in stored["pools"]]
    for prefix, index in (
        ("stratum", stored["primaryPoolIndex"]),
        ("fallbackStratum", stored["secondaryPoolIndex"]),
    ):
        pool = pools[index]
        for part in ("URL", "User", "Password"):
            if isinstance(value := payload.get(prefix + part), str):
                pool[f"stratum{part}"] = value
        if _is_integer(port := payload.get(f"{prefix}Port"), _U16):
            pool["stratumPort"] = port
        if type(tls := payload.get(f"{prefix}TLS")) is bool:
            pool["stratumTLS"] = int(tls)
        if type(subscribe := payload.get(f"{prefix}EnonceSubscribe")) is bool:
            pool["stratumExtranonceSubscribe"] = subscribe
    return pools
