"""What happened to a miner between two readings. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ..axeos import Snapshot
from ..metering import Figures, Reading


class OccurrenceType(StrEnum):
    """Everything that can happen; also the event types of the event entity."""

    RESTARTED = "restarted"
    OFFLINE = "offline"
    ONLINE = "online"
    SETTINGS_CHANGED = "settings_changed"
    OVERHEATED = "overheated"
    FAULT = "fault"
    POOL_FALLBACK_ON = "pool_fallback_on"
    POOL_FALLBACK_OFF = "pool_fallback_off"
    NEW_BEST_DIFFICULTY = "new_best_difficulty"
    BLOCK_FOUND = "block_found"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened, with what a person or automation wants to know."""

    type: OccurrenceType
    data: Mapping[str, object] = field(default_factory=dict)


SETTING_FIELDS: Final = (
    "frequency",
    "core_voltage",
    "auto_fan",
    "fan_speed",
    "minimum_fan_speed",
    "target_temperature",
    "pool",
    "fallback_pool",
)


def settings_of(snapshot: Snapshot) -> dict[str, object]:
    """Return the settings a person chooses, as far as the miner reports them."""
    cooling, pools = snapshot.cooling, snapshot.pools
    return {
        "frequency": snapshot.frequency,
        "core_voltage": snapshot.core_voltage,
        "auto_fan": cooling.auto_fan,
        # Up to v2.10 the setting shows only while the fan is manual.
        "fan_speed": None if cooling.auto_fan else cooling.fan_speed_setting,
        "minimum_fan_speed": cooling.minimum_fan_speed,
        "target_temperature": cooling.target_temperature,
        "pool": pools.primary and f"{pools.primary.url}:{pools.primary.port}",
        "fallback_pool": pools.fallback
        and f"{pools.fallback.url}:{pools.fallback.port}",
    }


def detect_occurrences(
    before: Snapshot | None,
    figures: Figures,
    reading: Reading,
    *,
    asked_to_restart: bool = False,
) -> list[Occurrence]:
    """Return what happened since the last reading.

    `before` is `None` for the first reading, which only gives bearings; `figures` are
    those of the last reading, also from before a restart of Home Assistant, so that a
    block or record found meanwhile is not missed.
    """
    now = reading.snapshot
    found: list[Occurrence] = []
    if reading.figures.restarts > figures.restarts:
        found.append(
            Occurrence(
                OccurrenceType.RESTARTED,
                {"reason": now.system.reset_reason, "asked_for": asked_to_restart},
            )
        )
    record = reading.figures.best_difficulty
    if (
        record is not None
        and figures.best_difficulty is not None
        and record > figures.best_difficulty
    ):
        data = {"difficulty": record, "previous": figures.best_difficulty}
        found.append(Occurrence(OccurrenceType.NEW_BEST_DIFFICULTY, data))
    blocks = reading.figures.blocks_found
    if (
        blocks is not None
        and figures.blocks_found is not None
        and blocks > figures.blocks_found
    ):
        found.append(Occurrence(OccurrenceType.BLOCK_FOUND, {"blocks_found": blocks}))
    if before is not None:
        found.extend(_changes(before, now))
    return found


def _changes(before: Snapshot, now: Snapshot) -> list[Occurrence]:
    found: list[Occurrence] = []
    if now.faults.overheated and not before.faults.overheated:
        found.append(
            Occurrence(
                OccurrenceType.OVERHEATED,
                {
                    "asic_temperature": now.cooling.hottest_asic_temperature,
                    "vr_temperature": now.cooling.vr_temperature,
                },
            )
        )
    for kind in ("power", "hardware"):
        text = getattr(now.faults, kind)
        if text is not None and getattr(before.faults, kind) is None:
            data = {"kind": kind, "description": text}
            found.append(Occurrence(OccurrenceType.FAULT, data))
    fallback = (before.pools.using_fallback, now.pools.using_fallback)
    if fallback == (False, True):
        found.append(Occurrence(OccurrenceType.POOL_FALLBACK_ON))
    elif fallback == (True, False):
        found.append(Occurrence(OccurrenceType.POOL_FALLBACK_OFF))
    return found


def detect_setting_changes(
    before: Snapshot, now: Snapshot
) -> dict[str, tuple[object, object]]:
    """Return each setting that changed, with its old and new value."""
    old, new = settings_of(before), settings_of(now)
    return {
        name: (old[name], new[name])
        for name in SETTING_FIELDS
        if old[name] is not None and new[name] is not None and old[name] != new[name]
    }
