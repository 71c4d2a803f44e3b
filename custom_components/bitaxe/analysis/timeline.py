"""What happened to a miner, one line per incident. Pure.

Two event entities record the same incident from two sides: `alert` what is
reported, with begin and end, and `activity` everything else. Here they become one list.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import accumulate
from typing import Any, Final

_SAME_SECONDS: Final = 150.0
"""Seconds within which an activity and an alert are the same: a miner is asked every 10
s, and an alert waits for its condition to last."""
_LONGEST_RESTART: Final = 120.0
"""Seconds of silence that a restart explains. A miner gone for longer was off, or
out of reach; that it began anew after that is only the end of it."""
_TWINS: Final[Mapping[str, frozenset[str]]] = {
    "offline": frozenset({"offline", "restarted"}),
    "pool_fallback": frozenset({"pool_fallback"}),
    "overheated": frozenset({"overheating", "vr_heat", "detuned"}),
    "fault": frozenset({"power_fault", "hardware_fault"}),
    "guard": frozenset({"guard"}),
    "restarted": frozenset({"restarted"}),
    "new_best_difficulty": frozenset({"new_best_difficulty"}),
    "block_found": frozenset({"block_found"}),
}
"""By the kind of an item: the kinds of others that already report the same incident."""
_RESTARTED: Final = "restarted"
_OFFLINE: Final = "offline"
_TUNING: Final = "tuning"
_SAID: Final = frozenset({_TUNING, "power"})
"""Kinds of alerts that only repeat an activity."""
_TUNING_BEGINS: Final = frozenset({"started", "soak_started"})
_TUNER: Final = "tuner"
_BEGINS: Final = {"offline": "offline", "pool_fallback_on": "pool_fallback"}
_ENDS: Final = {"online": "offline", "pool_fallback_off": "pool_fallback"}


class Phase(StrEnum):
    """Where an item is in its life."""

    ONGOING = "ongoing"
    """It began, and lasts."""
    OVER = "over"
    """It began, and ended."""
    ONCE = "once"
    """It just happened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An event as an event entity recorded it."""

    time: float
    """Unix time."""
    kind: str
    """The type of the event."""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineItem:
    """One line of the timeline."""

    kind: str
    phase: Phase
    start: float
    """Unix time at which it began, or happened."""
    end: float | None = None
    """Unix time at which it ended; `None` also where nobody saw the end."""
    data: Mapping[str, Any] = field(default_factory=dict)

    @property
    def latest(self) -> float:
        """When something of it happened last."""
        return self.start if self.end is None else self.end


def items_of(
    alerts: Iterable[Record],
    activities: Iterable[Record],
    active: Mapping[str, float],
) -> list[TimelineItem]:
    """Return what happened, the latest first.

    `active` has the kinds of alert that are raised now, with the Unix time at which
    each began.
    """
    activities = list(activities)
    reported = _from_alerts(
        # The activity says the same, also where nobody wants the alert.
        sorted((item for item in alerts if item.kind not in _SAID), key=_time_of),
        active,
    )
    more = [
        *_from_activities(sorted(filter(_is_worth_a_line, activities), key=_time_of)),
        *_from_runs(
            sorted((item for item in activities if item.kind == _TUNING), key=_time_of)
        ),
    ]
    alerted = _Reported(reported)
    # A miner that is restarted is silent for a while.
    known = _Reported([*reported, *(item for item in more if item.kind == _RESTARTED)])
    items = reported + [
        item
        for item in more
        if not (known if _may_be_restart(item) else alerted).says(item)
    ]
    return sorted(items, key=lambda item: item.latest, reverse=True)


def _may_be_restart(item: TimelineItem) -> bool:
    """Return whether a restart would say all that an item says."""
    lasted = _open_end(item) - item.start
    return item.kind == _OFFLINE and lasted <= _LONGEST_RESTART


def _time_of(record: Record) -> float:
    return record.time


def _from_alerts(
    records: Sequence[Record], active: Mapping[str, float]
) -> list[TimelineItem]:
    found: list[TimelineItem] = []
    raised: dict[str, TimelineItem] = {}
    for record in records:
        phase = record.data.get("phase")
        start = _since(record)
        if phase == "raised":
            if (before := raised.pop(record.kind, None)) is not None:
                # Its end was never seen.
                found.append(replace(before, phase=Phase.OVER))
            raised[record.kind] = TimelineItem(
                kind=record.kind, phase=Phase.ONGOING, start=start, data=record.data
            )
        elif phase == "cleared":
            before = raised.pop(record.kind, None)
            found.append(
                TimelineItem(
                    kind=record.kind,
                    phase=Phase.OVER,
                    start=start if before is None else before.start,
                    end=record.time,
                    data=record.data,
                )
            )
        else:
            found.append(
                TimelineItem(
                    kind=record.kind, phase=Phase.ONCE, start=start, data=record.data
                )
            )
    for kind, item in raised.items():
        found.append(item if kind in active else replace(item, phase=Phase.OVER))
    found += [
        TimelineItem(kind=kind, phase=Phase.ONGOING, start=start)
        for kind, start in active.items()
        if kind not in raised
    ]
    return found


def _since(record: Record) -> float:
    since = record.data.get("since")
    return since if isinstance(since, (int, float)) else record.time


def _from_activities(records: Iterable[Record]) -> list[TimelineItem]:
    found: list[TimelineItem] = []
    begun: dict[str, Record] = {}
    for record in records:
        if (kind := _BEGINS.get(record.kind)) is not None:
            begun[kind] = record
        elif (kind := _ENDS.get(record.kind)) is not None:
            if (began := begun.pop(kind, None)) is not None:
                found.append(
                    TimelineItem(
                        kind=kind,
                        phase=Phase.OVER,
                        start=began.time,
                        end=record.time,
                        data=began.data,
                    )
                )
        else:
            found.append(
                TimelineItem(
                    kind=record.kind,
                    phase=Phase.ONCE,
                    start=record.time,
                    data=record.data,
                )
            )
    # What has not ended is an alert, unless people do not want one.
    found += [
        TimelineItem(
            kind=kind, phase=Phase.ONGOING, start=record.time, data=record.data
        )
        for kind, record in begun.items()
    ]
    return found


def _is_worth_a_line(record: Record) -> bool:
    """Return whether nothing else reports it, as a run of the tuner does its trials."""
    return record.kind != _TUNING and not (
        record.kind == "settings_changed" and record.data.get("origin") == _TUNER
    )


def _from_runs(records: Iterable[Record]) -> list[TimelineItem]:
    """Make one line of begin and end of each run, or soak test, of the tuner."""
    found: list[TimelineItem] = []
    began: Record | None = None
    for record in records:
        if record.data.get("action") in _TUNING_BEGINS:
            if began is not None:
                # Its end was never seen.
                found.append(_run(began, began, Phase.OVER, None))
            began = record
            continue
        found.append(_run(began or record, record, Phase.OVER, record.time))
        began = None
    if began is not None:
        found.append(_run(began, began, Phase.ONGOING, None))
    return found


def _run(
    began: Record, latest: Record, phase: Phase, end: float | None
) -> TimelineItem:
    seconds = latest.data.get("seconds")
    start = began.time
    if began is latest and end is not None and isinstance(seconds, (int, float)):
        start = end - seconds
    who = {
        name: value
        for name in ("user", "user_id", "origin")
        if (value := latest.data.get(name) or began.data.get(name)) is not None
    }
    return TimelineItem(
        kind=_TUNING, phase=phase, start=start, end=end, data={**latest.data, **who}
    )


class _Reported:
    """Looks up whether an item repeats what another one already reports."""

    def __init__(self, items: Iterable[TimelineItem]) -> None:
        spans: dict[str, list[tuple[float, float]]] = {}
        for item in items:
            spans.setdefault(item.kind, []).append((item.start, _open_end(item)))
        self._starts: dict[str, list[float]] = {}
        self._latest_ends: dict[str, list[float]] = {}
        for kind, found in spans.items():
            found.sort()
            self._starts[kind] = [start for start, _ in found]
            # Of all up to each: a month of a bad network has thousands.
            self._latest_ends[kind] = list(accumulate((end for _, end in found), max))

    def says(self, item: TimelineItem) -> bool:
        """Return whether one of them is a twin of an item, at about the same time."""
        until = _open_end(item) + _SAME_SECONDS
        for kind in _TWINS.get(item.kind, ()):
            begun = bisect_right(self._starts.get(kind, ()), until)
            if begun and item.start <= (
                self._latest_ends[kind][begun - 1] + _SAME_SECONDS
            ):
                return True
        return False


def _open_end(item: TimelineItem) -> float:
    """Return when an item ended; that which lasts has no end yet."""
    return float("inf") if item.phase is Phase.ONGOING else item.latest
