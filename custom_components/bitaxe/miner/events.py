"""What happens to a miner: the one place that finds it. Pure.

Event entities, the timeline and the alerts are all fed from here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from ..axeos import Snapshot
from ..storage.stored_object import TIME, StoredObject
from .meter import Figures, Reading

_MOST_WAITING: Final = 50


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
    GUARD = "guard"
    POWER = "power"
    TUNING = "tuning"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Something that happened, with what a person or automation wants to know."""

    type: OccurrenceType
    data: Mapping[str, object] = field(default_factory=dict)
    time: float | None = None
    """Unix time at which it was found; `None` until it is reported."""

    def as_dict(self) -> dict[str, Any]:
        """Return plain values for storage."""
        return {"type": self.type.value, "data": dict(self.data), "time": self.time}


SETTINGS: Final = (
    "frequency",
    "core_voltage",
    "auto_fan",
    "fan_speed",
    "minimum_fan_speed",
    "target_temperature",
    "pool",
    "fallback_pool",
)
"""What `settings_of` names."""


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


def count_occurrences(
    known: Figures, reading: Reading, *, asked_to_restart: bool = False
) -> list[Occurrence]:
    """Return what counters show to have happened since they were `known`.

    A restart, record or block that came while Home Assistant was down is not missed.
    """
    now = reading.snapshot
    found: list[Occurrence] = []
    if reading.figures.restarts > known.restarts:
        found.append(
            Occurrence(
                OccurrenceType.RESTARTED,
                {"reason": now.system.reset_reason, "asked_for": asked_to_restart},
            )
        )
    record, before = reading.figures.best_difficulty, known.best_difficulty
    if record is not None and before is not None and record > before:
        data = {"difficulty": record, "previous": before}
        found.append(Occurrence(OccurrenceType.NEW_BEST_DIFFICULTY, data))
    blocks, earlier = reading.figures.blocks_found, known.blocks_found
    if blocks is not None and earlier is not None and blocks > earlier:
        data = {"blocks_found": blocks, "new_blocks": blocks - earlier}
        found.append(Occurrence(OccurrenceType.BLOCK_FOUND, data))
    return found


class EventDetector:
    """Finds what happens to one miner, and keeps it until it was taken.

    Compares with what was last known, also across readings in which it was unknown. The
    counters are those of the meter, which outlive a restart of Home Assistant; flags
    and settings are learnt from the first reading.
    """

    def __init__(self) -> None:
        """Begin without knowing anything."""
        self._first = True
        self._overheated = False
        self._faulty: set[str] = set()
        self._using_fallback: bool | None = None
        self._settings: dict[str, object] = {}
        self._last_settings: dict[str, object] | None = None
        """Those of the last reading, as it reported them."""
        self._waiting: list[Occurrence] = []

    def restore(self, stored: StoredObject) -> None:
        """Recall what nobody had taken before a restart of Home Assistant."""
        for item in stored.objects("waiting"):
            name, time = item.text("type"), item.number("time", TIME)
            data = item.plain("data")
            item.finish()
            if time is not None and name is not None and name in set(OccurrenceType):
                self._waiting.append(Occurrence(OccurrenceType(name), data, time))
            else:
                item.lose("type")
        stored.finish()

    def as_dict(self) -> dict[str, Any]:
        """Return everything that must outlive a restart of Home Assistant."""
        return {"waiting": [item.as_dict() for item in self._waiting]}

    def keep(self, occurrence: Occurrence) -> None:
        """Keep what happened until `take`; the oldest is dropped beyond 50."""
        self._waiting = [*self._waiting, occurrence][-_MOST_WAITING:]

    def take(self) -> tuple[Occurrence, ...]:
        """Return what happened since the last time, the oldest first."""
        taken, self._waiting = tuple(self._waiting), []
        return taken

    def detect(
        self, known: Figures, reading: Reading, *, asked_to_restart: bool = False
    ) -> list[Occurrence]:
        """Return what happened since the last reading, other than changed settings.

        `known` are the figures of the last reading, also from before a restart of Home
        Assistant. The first reading is compared by nothing but counters.
        """
        found = count_occurrences(known, reading, asked_to_restart=asked_to_restart)
        changes = [
            *self._overheating(reading.snapshot),
            *self._faults(reading.snapshot),
            *self._fallback(reading.snapshot),
        ]
        if not self._first:
            found += changes
        self._first = False
        return found

    def detect_setting_changes(self, now: Snapshot) -> dict[str, tuple[object, object]]:
        """Return each setting that changed, with its last known and its new value."""
        settings = settings_of(now)
        if settings == self._last_settings:
            return {}
        self._last_settings = settings
        if now.cooling.auto_fan:
            # It is not unknown, it does not apply; another one later is no change.
            self._settings.pop("fan_speed", None)
        changes = {
            name: (self._settings[name], value)
            for name, value in settings.items()
            if value is not None
            and self._settings.get(name) is not None
            and self._settings[name] != value
        }
        self._settings |= {
            name: value for name, value in settings.items() if value is not None
        }
        return changes

    def _overheating(self, now: Snapshot) -> Iterable[Occurrence]:
        overheated = now.faults.overheated
        if overheated is None:
            return
        if overheated and not self._overheated:
            yield Occurrence(
                OccurrenceType.OVERHEATED,
                {
                    "asic_temperature": now.cooling.hottest_asic_temperature,
                    "vr_temperature": now.cooling.vr_temperature,
                },
            )
        self._overheated = overheated

    def _faults(self, now: Snapshot) -> Iterable[Occurrence]:
        faults = now.faults
        for kind, text, reported in (
            ("power", faults.power, faults.reports_power),
            ("hardware", faults.hardware, faults.reports_hardware),
        ):
            if text is None:
                if reported:
                    self._faulty.discard(kind)
            elif kind not in self._faulty:
                self._faulty.add(kind)
                yield Occurrence(
                    OccurrenceType.FAULT, {"kind": kind, "description": text}
                )

    def _fallback(self, now: Snapshot) -> Iterable[Occurrence]:
        before, using = self._using_fallback, now.pools.using_fallback
        if using is None:
            return
        self._using_fallback = using
        if before is not None and using != before:
            yield Occurrence(
                OccurrenceType.POOL_FALLBACK_ON
                if using
                else OccurrenceType.POOL_FALLBACK_OFF
            )
