"""`PATCH /api/system` and the pool slots of AxeOS.

Up to v2.10.1 nothing is checked; from v2.11 on a table decides (ESP-Miner
`main/nvs_config.c`), and one wrong value refuses the whole request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..storage import POOL_DEFAULTS, POOL_SLOTS, Stored
from ..version import Version


class WrongInput(Exception):
    """The firmware answers 400."""


@dataclass(frozen=True, slots=True)
class _Setting:
    kind: type
    low: float
    high: float
    since: Version = (2, 0, 0)
    until: Version = (999, 0, 0)


_TOP = 65535
_INT_MAX = 2**31 - 1
_POOLS_IN_SLOTS = (2, 15, 0)
_LAST_FLAT = (2, 14, 99)

_TABLE: dict[str, _Setting] = {
    "frequency": _Setting(float, 1, _TOP),
    "coreVoltage": _Setting(int, 1, _TOP),
    "overclockEnabled": _Setting(bool, 0, 1, (2, 6, 0)),
    "autofanspeed": _Setting(bool, 0, 1, (2, 0, 3)),
    "fanspeed": _Setting(int, 0, 100, (2, 0, 3), (2, 10, 99)),
    "manualFanSpeed": _Setting(int, 0, 100, (2, 11, 0)),
    "minFanSpeed": _Setting(int, 0, 99, (2, 10, 0)),
    "temptarget": _Setting(int, 35, 66, (2, 7, 0)),
    "overheat_mode": _Setting(bool, 0, 0, (2, 1, 10)),
    "displayTimeout": _Setting(int, -1, _TOP, (2, 7, 0)),
    "rotation": _Setting(int, 0, 270, (2, 9, 0)),
    "flipscreen": _Setting(bool, 0, 1, (2, 0, 0), (2, 8, 99)),
    "invertscreen": _Setting(bool, 0, 1),
    "invertfanpolarity": _Setting(bool, 0, 1, (2, 0, 3), (2, 6, 99)),
    "display": _Setting(str, 1, 32, (2, 8, 0)),
    "displayOffset": _Setting(int, 0, 255, (2, 11, 0)),
    "statsFrequency": _Setting(int, 0, _TOP, (2, 9, 0)),
    "hostname": _Setting(str, 1, 32, (2, 1, 6)),
    "ssid": _Setting(str, 1, 32),
    "wifiPass": _Setting(str, 0, 63),
    "useFallbackStratum": _Setting(bool, 0, 1, (2, 11, 0)),
    "primaryPoolIndex": _Setting(int, 0, POOL_SLOTS - 1, _POOLS_IN_SLOTS),
    "secondaryPoolIndex": _Setting(int, 0, POOL_SLOTS - 1, _POOLS_IN_SLOTS),
    "useCustomWWW": _Setting(bool, 0, 1, _POOLS_IN_SLOTS),
}
for _prefix, _first in (("stratum", (2, 0, 0)), ("fallbackStratum", (2, 3, 0))):
    for _key, _kind, _high, _since in (
        ("URL", str, 3999, _first),
        ("User", str, 3999, _first),
        ("Password", str, 3999, _first),
        ("Port", int, _TOP, _first),
        ("SuggestedDifficulty", int, _TOP, (2, 9, 0)),
        ("ExtranonceSubscribe", bool, 1, (2, 9, 0)),
        ("TLS", int, 3, (2, 13, 0)),
        ("Cert", str, 3999, (2, 13, 0)),
        ("DecodeCoinbase", bool, 1, (2, 13, 0)),
        ("Protocol", str, 3, (2, 14, 0)),
        ("V2ChannelType", str, 8, (2, 14, 0)),
        ("V2AuthorityPubkey", str, 52, (2, 14, 0)),
    ):
        _TABLE[_prefix + _key] = _Setting(_kind, 0, _high, _since, _LAST_FLAT)

_SLOT: dict[str, _Setting] = {
    "stratumURL": _Setting(str, 1, 255),
    "stratumPort": _Setting(int, 1, _TOP),
    "stratumUser": _Setting(str, 1, 3999),
    "stratumPassword": _Setting(str, 0, 255),
    "stratumProtocol": _Setting(str, 3, 3),
    "stratumSuggestedDifficulty": _Setting(int, 0, 10**18),
    "stratumExtranonceSubscribe": _Setting(bool, 0, 1),
    "stratumTLS": _Setting(int, 0, 2),
    "stratumCert": _Setting(str, 0, 3000),
    "stratumDecodeCoinbase": _Setting(bool, 0, 1),
    "stratumV2ChannelType": _Setting(str, 0, 8),
    "stratumV2AuthorityPubkey": _Setting(str, 0, 128),
    "stratumV2RequireAuth": _Setting(bool, 0, 1),
}

# cJSON finds keys whatever their case.
_BY_LOWER_KEY = {key.lower(): key for key in _TABLE}


def read_changes(
    version: Version, payload: Mapping[str, Any], stored: Stored
) -> Stored:
    """Return what a PATCH stores.

    Raises:
        WrongInput: a known key has a value the firmware refuses.

    """
    changes: Stored = {}
    pools = [dict(pool) for pool in stored["pools"]]
    for name, value in payload.items():
        key = _BY_LOWER_KEY.get(name.lower())
        if key is None:
            continue
        setting = _TABLE[key]
        if not setting.since <= version <= setting.until:
            continue
        if version >= (2, 11, 0):
            value = _checked(setting, value)
        else:
            value = _unchecked(version, setting, key, value)
            if value is None:
                continue
        if key == "hostname" and version >= _POOLS_IN_SLOTS:
            value = value.removesuffix(".local")
        if not _put_into_pool(pools, stored, key, value):
            changes["manualFanSpeed" if key == "fanspeed" else key] = value
    if pools != stored["pools"]:
        changes["pools"] = pools
    if version >= _POOLS_IN_SLOTS and "pools" in payload:
        changes["pools"] = _read_slots(payload["pools"], pools)
    return changes


def _checked(setting: _Setting, value: Any) -> Any:
    if setting.kind is str:
        if not isinstance(value, str) or not setting.low <= len(value) <= setting.high:
            raise WrongInput
        return value
    if not isinstance(value, int | float) or not setting.low <= value <= setting.high:
        raise WrongInput
    if setting.kind is bool:
        return bool(value)
    if isinstance(value, bool):
        raise WrongInput
    return float(value) if setting.kind is float else int(value)


def _unchecked(version: Version, setting: _Setting, key: str, value: Any) -> Any:
    """Take what cJSON's `valueint` gives: 0 for text, 1 for true."""
    if setting.kind is str:
        return value if isinstance(value, str) else None
    numeric = isinstance(value, int | float)
    number = int(max(-_INT_MAX - 1, min(_INT_MAX, value))) if numeric else 0
    if key == "frequency" and numeric and version >= (2, 10, 0):
        return min(float(_TOP), value) if value > 0 else None
    if key in ("frequency", "coreVoltage"):
        return min(_TOP, number) if number > 0 else None
    return bool(number) if setting.kind is bool else number


def _put_into_pool(pools: list[Stored], stored: Stored, key: str, value: Any) -> bool:
    for prefix, index in (
        ("fallbackStratum", stored["secondaryPoolIndex"]),
        ("stratum", stored["primaryPoolIndex"]),
    ):
        if key.startswith(prefix):
            pools[index]["stratum" + key.removeprefix(prefix)] = value
            return True
    return False


def _read_slots(payload: Any, pools: list[Stored]) -> list[Stored]:
    if not isinstance(payload, list):
        raise WrongInput
    result = [dict(pool) for pool in pools]
    for item in payload:
        index = item.get("id") if isinstance(item, dict) else None
        if not isinstance(index, int) or not 0 <= index < POOL_SLOTS:
            raise WrongInput
        result[index] = read_slot(item, pools[index])
    return result


def read_slot(payload: Any, present: Stored) -> Stored:
    """Return the pool a slot holds after a PUT, which replaces it as a whole.

    Raises:
        WrongInput: it is not a pool.

    """
    if not isinstance(payload, dict):
        raise WrongInput
    if not all(key in payload for key in ("stratumURL", "stratumPort", "stratumUser")):
        raise WrongInput
    for key, setting in _SLOT.items():
        if key in payload:
            _checked(setting, payload[key])
    pool = POOL_DEFAULTS | {
        key: value for key, value in payload.items() if key in POOL_DEFAULTS
    }
    if pool["stratumPassword"] == "*****":
        pool["stratumPassword"] = present["stratumPassword"]
    return pool
