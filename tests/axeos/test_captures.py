"""Payloads of real miners, where a folder of them is at hand.

The project ships no captures. `BITAXE_CAPTURES` names the folder; without it a folder
`shared/captures` beside the project is looked for.
"""

from functools import cache
import json
from operator import attrgetter
import os
from pathlib import Path
from typing import Any

import pytest

from custom_components.bitaxe.axeos import (
    Family,
    MinerError,
    MiningState,
    NotAMinerError,
    Snapshot,
    UnsupportedFirmwareError,
)
from custom_components.bitaxe.axeos.dialects import detect_dialect
from custom_components.bitaxe.axeos.fields import Fields, decode_object

from .payloads import GAMMA_2_15
from .plausible import assert_plausible

FOLDER = Path(
    os.environ.get("BITAXE_CAPTURES")
    or Path(__file__).parents[2].parent / "shared" / "captures"
)
pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason=f"no captures: {FOLDER} is no folder"
)


def load(name: str) -> Fields:
    """Decode a capture."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"no such capture: {name}")
    return decode_object(path.read_bytes())


def read(name: str, asic: str | None = None) -> Snapshot:
    """Read a capture as the client would."""
    info = load(name)
    dialect = detect_dialect(info)
    return dialect.snapshot(
        info, dialect.board(info, None if asic is None else load(asic))
    )


def names(pattern: str) -> list[str]:
    """Return the captures whose names match; one that says so if there are none."""
    return sorted(path.name for path in FOLDER.glob(pattern)) or ["none"]


@pytest.mark.parametrize(
    "name", [name for name in names("*-info.json") if "nmaxe" not in name]
)
def test_every_capture_is_a_usable_reading(name: str) -> None:
    """Every acceptable one gives figures that can be believed."""
    snapshot = read(name)
    assert_plausible(snapshot)
    assert snapshot.operating_point is not None
    assert snapshot.hashing.hashrate is not None
    assert snapshot.electrical.power is not None or (
        snapshot.state is MiningState.PAUSED
    )
    assert snapshot.shares.best_difficulty is not None
    assert snapshot.shares.accepted is not None
    assert snapshot.identity.firmware_version
    assert snapshot.identity.asic_model
    assert snapshot.pools.primary is not None or snapshot.state is MiningState.PAUSED
    assert {"frequency", "core_voltage"} <= snapshot.capabilities.settings


# Taken by hand from the captures.
EXPECTED: dict[str, dict[str, object]] = {
    "ultra0.11-v2.1.3-info.json": {
        "state": MiningState.STARTING,
        "identity.model": "Ultra",
        "identity.mac": None,
        "identity.hostname": None,
        "frequency": 575.0,
        "core_voltage": 1250.0,
        "electrical.power": pytest.approx(2.79),
        "electrical.input_voltage": 5.28,
        "electrical.current": 0.53,
        "electrical.current_is_core": False,
        "cooling.asic_temperature": 48.0,
        "cooling.vr_temperature": None,
        "hashing.hashrate": 0.0,
        "shares.best_difficulty": 13e6,
        "shares.best_session_difficulty": None,
        "faults.overheated": None,
        "faults.reports_power": False,
        "capabilities.fan_key": "fanspeed",
        "capabilities.identify": False,
    },
    "supra401-v2.4.5-info.json": {
        "state": MiningState.MINING,
        "identity.model": "Supra",
        "identity.mac": "AA:BB:CC:DD:EE:FF",
        "identity.asic_count": 1,
        "frequency": 490.0,
        "core_voltage": 1166.0,
        "electrical.power": pytest.approx(2.65),
        "cooling.vr_temperature": 78.0,
        "hashing.expected": pytest.approx(625.24),
        "shares.best_difficulty": 483e3,
        "shares.best_session_difficulty": 0.0,
        "pools.difficulty": None,
        "pools.using_fallback": False,
        "system.display_flipped": True,
        "capabilities.whole_frequency": True,
    },
    "gamma601-v2.9.0-info.json": {
        "state": MiningState.OVERHEATED,
        "identity.mac": None,
        "operating_point.frequency": 800.0,
        "hashing.hashrate": pytest.approx(1625.0644),
        "electrical.current": 16.78125,
        "electrical.current_is_core": True,
        "pools.response_time": None,
        "pools.difficulty": 7818.0,
        "shares.best_difficulty": 3e9,
        "shares.best_session_difficulty": 142.8e6,
        "cooling.target_temperature": 58,
        "faults.overheated": True,
        "capabilities.fan_key": "fanspeed",
    },
    "gamma601-v2.10.1-a-info.json": {
        "state": MiningState.MINING,
        "identity.hostname": "bitaxe 105",
        "shares.best_difficulty": 572.14e6,
        "shares.best_session_difficulty": 11.9e6,
        "cooling.asic_temperature_2": None,
        "cooling.minimum_fan_speed": 30,
        "pools.response_time": 253.353,
        "hashing.expected": pytest.approx(1632),
        "system.wifi_rssi": -69,
        "capabilities.fan_key": "fanspeed",
    },
    "gamma601-v2.11.0b6-info.json": {
        "state": MiningState.MINING,
        "identity.ipv4": "192.168.5.105",
        "shares.best_difficulty": 572141152.0,
        "cooling.asic_temperature_2": None,
        "cooling.fan_speed_setting": 74,
        "hashing.error_percentage": pytest.approx(0.3181336),
        "hashing.error_count": 170846,
        "pools.network_difficulty": 152271405447597.0,
        "pools.block_height": 923765,
        "pools.coinbase_text": "Public-Pool",
        "capabilities.fan_key": "manualFanSpeed",
        "capabilities.identify": False,
    },
    "gamma601-v2.12.0-info.json": {
        "state": MiningState.MINING,
        "identity.mac": "D8:3B:DA:00:00:D0",
        "hashing.hashrate_1m": 1223.206665,
        "hashing.hashrate_1h": 1226.1037598,
        "electrical.input_voltage": 5.0078125,
        "system.display_timeout": 1,
        "system.reset_reason": "Reset due to power-on event",
        "capabilities.identify": True,
        "capabilities.pause": False,
    },
    "gamma601-v2.12.2-a-info.json": {
        "state": MiningState.MINING,
        "pools.using_fallback": True,
        "pools.fallback.url": "solo.ckpool.org",
        "shares.rejected": 13,
        "shares.best_difficulty": 49224525.0,
        "hashing.error_count": 1415,
        "cooling.vr_temperature": 62.0,
        "electrical.power": 18.7522583,
    },
    "bitforge_nano800-forge-os-v1.0-info.json": {
        "state": MiningState.MINING,
        "identity.family": Family.FORGE_OS,
        "identity.model": "BitForge Nano",
        "identity.asic_count": 2,
        "electrical.current": 3.42,
        "electrical.current_is_core": False,
        "electrical.input_voltage": 12.015,
        "cooling.asic_temperature": 54.125,
        "cooling.asic_temperatures": (52.25, 56.0),
        "hashing.expected": pytest.approx(2594.88),
        "shares.best_difficulty": 6.51e6,
        "pools.difficulty": 8192.0,
    },
    "luckyminer_lv07-1.1.0-info.json": {
        "state": MiningState.MINING,
        "identity.model": "LV07",
        "identity.asic_count": 2,
        "identity.mac": None,
        "electrical.input_voltage": 12.015625,
        "cooling.vr_temperature": None,
        "hashing.expected": pytest.approx(1028.1),
        "shares.best_difficulty": 400e6,
        "shares.rejected": 182,
    },
    "nerdqaxepp-v1.1.0-beta1-info.json": {
        "state": MiningState.MINING,
        "identity.family": Family.NERDOS,
        "identity.model": "NerdQAxe++",
        "identity.ipv4": "172.17.1.4",
        "operating_point.frequency": 680.0,
        "electrical.power": 103.0,
        "electrical.maximum_power": 100.0,
        "electrical.input_voltage": 12.25,
        "cooling.asic_temperatures": (),
        "cooling.vr_temperature_internal": 58.75,
        "cooling.vr_overheat_temperature": 80.0,
        "cooling.auto_fan": True,
        "cooling.fan_speed_setting": 100,
        "shares.best_difficulty": 13790464144.0,
        "pools.network_difficulty": 124932866000000.0,
        "pools.connected": True,
        "pools.primary.protocol": "SV1",
        "system.reset_reason": "SYSTEM.RESET_SOFTWARE",
        "capabilities.shutdown": True,
        "capabilities.otp": False,
    },
    "ultra205-rustfw-9a2bf585-info.json": {
        "state": MiningState.PAUSED,
        "identity.model": "Ultra",
        "identity.mac": None,
        "electrical.power": None,
        "electrical.input_voltage": None,
        "cooling.asic_temperature": None,
        "cooling.vr_temperature": None,
        "hashing.hashrate": 0.0,
        "hashing.hashrate_10m": None,
        "pools.connected": False,
        "capabilities.pause": True,
    },
    "mock-esp-miner-v2.15.0-info.json": {
        "identity.mac": "2C:54:91:88:C9:E3",
        "pools.primary.slot": 0,
        "pools.fallback.slot": 1,
        "pools.primary.tls": False,
        "pools.connection": "IPv4 (TLS)",
        "pools.blocks_found": 1,
        "pools.block_notice": True,
        "system.total_hashes": 456789012345.0,
        "shares.pending": 0,
        "capabilities.pool_slots": True,
    },
}


@pytest.mark.parametrize(
    ("name", "attribute", "value"),
    [
        (name, key, value)
        for name, all_ in EXPECTED.items()
        for key, value in all_.items()
    ],
)
def test_a_snapshot_says_what_the_payload_says(
    name: str, attribute: str, value: object
) -> None:
    """What a person reads in the payload is what the snapshot says."""
    assert attrgetter(attribute)(read(name)) == value


def test_lists_of_the_board() -> None:
    """`/asic` goes with the `/info` of the same miner."""
    info = load("nerdqaxepp-v1.1.0-beta1-info.json")
    board = detect_dialect(info).board(info, load("nerdqaxepp-v1.1.0-beta1-asic.json"))
    limits = board.limits(extended=True)
    assert limits is not None
    assert limits.frequency == (50, 800)
    assert board.frequencies == (500, 515, 525, 550, 575, 590, 600)


@pytest.mark.parametrize("name", names("*-asic.json"))
def test_every_list_of_a_board_is_understood(name: str) -> None:
    """Each gives limits, whatever its age."""
    info = Fields(GAMMA_2_15 | {"ASICModel": None, "boardVersion": "custom"})
    limits = detect_dialect(info).board(info, load(name)).limits(extended=False)
    assert limits is not None
    assert limits.frequency[0] < limits.frequency[1]
    assert limits.core_voltage[0] < limits.core_voltage[1]


@pytest.mark.parametrize("name", names("docs-nmaxe*-info.json"))
def test_nmaxe_is_refused_politely(name: str) -> None:
    """It is a miner, but its interface is another one."""
    with pytest.raises(UnsupportedFirmwareError):
        read(name)


@pytest.mark.parametrize(
    "name",
    [
        *names("docs-nerdqaxe-v2-*.json"),
        *names("*.fragment.json"),
        "docs-wifi-scan.json",
    ],
)
def test_other_documents_are_no_readings(name: str) -> None:
    """The second interface of NerdOS and fragments are not taken for a reading."""
    with pytest.raises(MinerError) as refused:
        read(name)
    assert isinstance(refused.value, NotAMinerError)


@cache
def keys_by_tag() -> dict[str, Any]:
    """Load the table of keys."""
    path = FOLDER / "esp-miner-keys-by-tag.json"
    return json.loads(path.read_text()) if path.is_file() else {"tags": [], "keys": []}


def payload_of(tag: str) -> dict[str, object]:
    """Make a payload with exactly the keys a tag sends."""
    order = [item["tag"] for item in keys_by_tag()["tags"]]
    here = order.index(tag)
    payload: dict[str, object] = {}
    for key in keys_by_tag()["keys"]:
        if order.index(key["first_tag"]) <= here <= order.index(key["last_tag"]):
            kind = [
                item["json_type"]
                for item in key["types"]
                if order.index(item["since"]) <= here
            ][-1]
            payload[key["key"]] = sample(key["key"], kind)
    return payload


def sample(key: str, kind: str) -> object:
    """Return a value of a JSON type, a sensible one where it is known."""
    if key in ("power_fault", "hardware_fault"):
        return "Something broke"
    if key in ("bestDiff", "bestSessionDiff") and kind == "string":
        return "1.50M"
    if key in GAMMA_2_15 and not kind.startswith("string"):
        return GAMMA_2_15[key]
    if kind.startswith("number"):
        return 1
    if kind.startswith("bool"):
        return False
    if kind.startswith("array"):
        return []
    return GAMMA_2_15.get(key, "text") if kind.startswith("string") else {}


def since(tag: str, first: str) -> bool:
    """Whether a tag is not older than another."""
    return tuple(map(int, tag[1:].split("."))) >= tuple(map(int, first[1:].split(".")))


@pytest.mark.parametrize("tag", [item["tag"] for item in keys_by_tag()["tags"]])
def test_capabilities_of_every_release(tag: str) -> None:
    """What a release can do follows from the keys it sends."""
    info = Fields(payload_of(tag))
    dialect = detect_dialect(info)
    snapshot = dialect.snapshot(info, dialect.board(info, None))
    assert_plausible(snapshot)
    assert snapshot.identity.family is Family.AXEOS
    abilities = snapshot.capabilities
    first_tags = {
        "frequency": "v2.0.0",
        "core_voltage": "v2.0.0",
        "auto_fan": "v2.0.2",
        "fan_speed": "v2.0.2",
        "minimum_fan_speed": "v2.10.0",
        "target_temperature": "v2.7.0",
        "clear_overheat": "v2.1.10",
        "display_timeout": "v2.7.0",
        "display_rotation": "v2.9.0",
        "primary_pool": "v2.0.0",
        "fallback_pool": "v2.3.0",
        "prefer_fallback": "v2.15.0",
    }
    expected = {name for name, first in first_tags.items() if since(tag, first)}
    screen = {"display_flipped": "flipscreen", "display_inverted": "invertscreen"}
    assert abilities.settings - screen.keys() == expected
    for name, key in screen.items():
        assert (name in abilities.settings) is (key in info)
    assert abilities.fan_key == (
        "manualFanSpeed" if since(tag, "v2.11.0") else "fanspeed"
    )
    assert abilities.identify is since(tag, "v2.12.0")
    assert abilities.pause is since(tag, "v2.14.0")
    assert abilities.dismiss_block is since(tag, "v2.13.0")
    assert abilities.pool_slots is since(tag, "v2.15.0")
    assert abilities.whole_frequency is not since(tag, "v2.10.0")
    assert not abilities.otp
    assert not abilities.shutdown
    assert snapshot.faults.reports_power is since(tag, "v2.6.0")
    assert snapshot.faults.reports_hardware is since(tag, "v2.14.0")
    assert (snapshot.identity.mac is not None) is since(tag, "v2.3.0")
    assert snapshot.shares.best_difficulty is not None
    assert (snapshot.shares.best_session_difficulty is not None) is since(tag, "v2.1.5")
