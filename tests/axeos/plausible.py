"""What is true of every snapshot, whatever it was made from."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
import math

from custom_components.bitaxe.axeos import Snapshot

# Units and limits of what can be measured, by the names the fields end with.
_RANGES = {
    "temperature": (0.1, 150),
    "temperature_2": (0.1, 125),
    "temperatures": (0.1, 125),
    "temperature_internal": (0.1, 125),
    "power": (0, 10_000),
    "input_voltage": (0.1, 100),
    "voltage_actual": (0, 5000),
    "current": (0, 1000),
    "speed": (0, 100),
    "speed_setting": (0, 100),
    "percentage": (0, 1000),
    "loss": (0, 100),
    "usage": (0, 100),
    "rpm": (0, 30_000),
    "rssi": (-120, -1),
    "response_time": (0, 60_000),
    "process_time": (0, 60_000),
    "hashrate": (0, 1e6),
    "hashrate_1m": (0, 1e6),
    "domains": (0, 1e6),
    "difficulty": (0, 4e18),
    "uptime": (0, 631_152_000),
    "accepted": (0, 1e12),
    "rejected": (0, 1e12),
    "frequency": (0, 5000),
    "core_voltage": (1, 5000),
    "display_timeout": (-1, 65535),
    "rotation": (0, 270),
    "port": (0, 65535),
}


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Yield every plain value of a snapshot with its path."""
    if is_dataclass(value) and not isinstance(value, type):
        for item in fields(value):
            # Kept exactly as the firmware wrote it, to be sent back.
            if item.name != "slot_settings":
                yield from leaves(getattr(value, item.name), f"{path}.{item.name}")
    elif isinstance(value, tuple | frozenset | Mapping):
        for item in value:
            yield from leaves(item, path)
    else:
        yield path, value


def assert_plausible(snapshot: Snapshot) -> None:
    """No sentinel, no NaN, no infinity, no absurd size, in any field."""
    for path, value in leaves(snapshot):
        if isinstance(value, bool | Enum) or value is None:
            continue
        if isinstance(value, str):
            assert len(value) <= (3999 if path.endswith(".user") else 255), path
            assert value.isprintable(), path
            continue
        assert isinstance(value, int | float), path
        assert math.isfinite(value), path
        assert abs(value) < 2**63 or path.endswith(".total_hashes"), path
        name = path.rpartition(".")[2]
        for suffix, (low, high) in _RANGES.items():
            if name == suffix or name.endswith(f"_{suffix}"):
                assert low <= value <= high, (path, value)
    for figure in (snapshot.efficiency, snapshot.expected_ratio):
        assert figure is None or (math.isfinite(figure) and figure >= 0)
    assert snapshot.hashing.error_count is None or snapshot.hashing.error_count >= 0
