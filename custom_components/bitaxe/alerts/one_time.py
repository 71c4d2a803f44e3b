"""Makes alerts of single events of a miner, which do not last. Pure.

`miner.events` finds each of them once: a block found while Home Assistant was down is
reported, and none is reported twice.
"""

from typing import Any, Final

from ..miner.events import Occurrence, OccurrenceType
from .observation import Observation, OneTime


def restarted(happened: Occurrence, seen: Observation) -> OneTime | None:
    """Report a restart that nobody asked for."""
    data = happened.data
    if happened.type is not OccurrenceType.RESTARTED or data.get("asked_for"):
        return None
    boot_time = seen.reading.figures.boot_time if seen.reading else None
    return OneTime(
        since=_time_of(happened, seen) if boot_time is None else boot_time,
        data={"reason": data.get("reason")},
    )


def new_best_difficulty(happened: Occurrence, seen: Observation) -> OneTime | None:
    """Report the best share this miner ever found."""
    data: Any = happened.data
    if happened.type is not OccurrenceType.NEW_BEST_DIFFICULTY:
        return None
    record, others = data["difficulty"], seen.swarm_best_difficulty
    return OneTime(
        value=record,
        since=_time_of(happened, seen),
        data={
            "previous": data["previous"],
            "swarm_record": others is None or record > others,
        },
    )


def block_found(happened: Occurrence, seen: Observation) -> OneTime | None:
    """Report a block, by the firmware's own counter and nothing else."""
    data: Any = happened.data
    if happened.type is not OccurrenceType.BLOCK_FOUND:
        return None
    pools = seen.reading.snapshot.pools if seen.reading else None
    return OneTime(
        since=_time_of(happened, seen),
        data={
            "blocks_found": data["blocks_found"],
            "new_blocks": data["new_blocks"],
            "block_height": pools.block_height if pools else None,
        },
    )


_GUARD_UNITS: Final = {
    "asic_heat": "°C",
    "vr_heat": "°C",
    "power": "W",
    "input_voltage": "V",
}
"""By the cause; the others measure nothing."""


def guard(happened: Occurrence, seen: Observation) -> OneTime | None:
    """Report what the guard did to a miner by itself, and why."""
    data: Any = happened.data
    if happened.type is not OccurrenceType.GUARD:
        return None
    return OneTime(
        value=data["value"],
        limit=data["limit"],
        since=_time_of(happened, seen),
        data={
            "action": data["action"],
            "reason": data["cause"],
            "unit": _GUARD_UNITS.get(data["cause"]),
            "from": data["from"],
            "to": data["to"],
        },
    )


def tuning(happened: Occurrence, seen: Observation) -> OneTime | None:
    """Report that a search for the best setting began or ended."""
    if happened.type is not OccurrenceType.TUNING:
        return None
    return OneTime(since=_time_of(happened, seen), data=dict(happened.data))


_POWER_PROBLEMS: Final = frozenset(
    {
        "unreached",
        "reached",
        "sensor_lost",
        "sensor_back",
        "heating_held",
        "heating_resumed",
        "heating_left",
    }
)
"""What is reported of power targets and heating, where much happens each hour."""
_POWER_OVER: Final = frozenset({"reached", "sensor_back", "heating_resumed"})


def power(happened: Occurrence, seen: Observation) -> OneTime | None:
    """Report that a target or a room is not kept, why, and that it is kept again.

    Also report that following ended by itself, as after a change by hand. An end
    without a reason was chosen by a person, who knows of it.
    """
    data: Any = happened.data
    if happened.type is not OccurrenceType.POWER:
        return None
    action, reason = data["action"], data["reason"]
    if action not in _POWER_PROBLEMS and not (action == "ended" and reason):
        return None
    return OneTime(
        value=data.get("drawn"),
        limit=data.get("value"),
        since=_time_of(happened, seen),
        data={
            "action": action,
            # The end of a problem has no reason.
            "reason": None if action in _POWER_OVER else reason,
            "room": data.get("room"),
        },
    )


def _time_of(happened: Occurrence, seen: Observation) -> float:
    return seen.time if happened.time is None else happened.time
