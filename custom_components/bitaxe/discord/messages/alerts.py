"""Alerts in words, many of one kind together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from ...alerts import MinerAlert
from ...analysis.report import difficulty, duration
from ...watch.alerts import Alert, AlertKind, AlertPhase
from ..message import Embed, Mention, Message
from ..palette import BLOCK, LOOKS, RECORD, Condition
from ..text import clip, escape
from ..wording import (
    ago,
    alert_condition,
    alert_state,
    joined,
    measured,
    recovered_state,
    remedy,
)

_NAME_LENGTH: Final = 100
_REASON_LENGTH: Final = 100
_REASONS: Final = {
    "repeated": "the firmware repeats the same figure",
    "no_shares": "no share for too long",
    "no_pool": "no pool answers",
}
_LATE: Final = "Posted late: Discord could not be reached before."
_PHASES: Final = (AlertPhase.HAPPENED, AlertPhase.RAISED, AlertPhase.CLEARED)

type Group = tuple[AlertKind, AlertPhase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An alert on its way to a channel."""

    alert: MinerAlert
    count: int = 1
    """How often it happened since it was last told of."""


def alerts_message(
    told: Sequence[Told],
    mention: tuple[Mention, ...] = (),
    *,
    late: bool = False,
    lost: int = 0,
) -> Message:
    """Return one message for all alerts: what is worst comes first.

    Only what was raised, or a block, pings somebody. `lost` alerts were too many to be
    kept while Discord could not be reached.
    """
    groups: dict[Group, list[Told]] = {}
    for item in told:
        alert = item.alert.alert
        groups.setdefault((alert.kind, alert.phase), []).append(item)
    ordered = sorted(groups, key=_rank)
    embeds = [_embed(group, groups[group]) for group in ordered]
    notes = [
        *([_LATE] if late else []),
        *([f"{lost} older alerts were left out."] if lost else []),
    ]
    if notes:
        embeds.append(
            Embed(description="\n".join(notes), color=LOOKS[Condition.IDLE].color)
        )
    block = any(kind is AlertKind.BLOCK_FOUND for kind, _ in groups)
    loud = block or any(phase is AlertPhase.RAISED for _, phase in groups)
    return Message(
        content="🎉 **BLOCK FOUND!** 🎉" if block else "",
        embeds=tuple(embeds),
        mention=mention if loud else (),
    )


def _rank(group: Group) -> tuple[bool, int, int, int]:
    kind, phase = group
    return (
        kind is not AlertKind.BLOCK_FOUND,
        -alert_condition(kind) if phase is AlertPhase.RAISED else 0,
        _PHASES.index(phase),
        list(AlertKind).index(kind),
    )


def _embed(group: Group, told: Sequence[Told]) -> Embed:
    kind, phase = group
    lines = [_line(item, alone=len(told) == 1) for item in told]
    if phase is not AlertPhase.CLEARED and (advice := remedy(kind)):
        lines.append(f"→ {advice}")
    return Embed(
        title=_title(group, told),
        description="\n".join(line for line in lines if line),
        color=_color(group),
        timestamp=datetime.fromtimestamp(
            max(_happened(item.alert.alert) for item in told), UTC
        ),
    )


def _color(group: Group) -> int:
    kind, phase = group
    if kind is AlertKind.BLOCK_FOUND:
        return BLOCK
    if kind is AlertKind.NEW_BEST_DIFFICULTY:
        return RECORD
    if phase is AlertPhase.CLEARED:
        return LOOKS[Condition.GOOD].color
    return LOOKS[alert_condition(kind)].color


def _title(group: Group, told: Sequence[Told]) -> str:
    kind, phase = group
    miners = {item.alert.miner_id for item in told}
    several = len(miners) > 1
    who = f"{len(miners)} miners" if several else _name(told[0].alert.name)
    verb = "are" if several else "is"
    match kind:
        case AlertKind.BLOCK_FOUND:
            return f"🎉 {who} found a block!"
        case AlertKind.NEW_BEST_DIFFICULTY:
            return f"🏆 New best share of {who}"
        case AlertKind.RESTARTED:
            return f"🔄 {who} restarted unexpectedly"
    if phase is AlertPhase.CLEARED:
        sign = LOOKS[Condition.GOOD].sign
        return f"{sign} {who} {verb} {recovered_state(kind)}"
    return f"{LOOKS[alert_condition(kind)].sign} {who} {verb} {alert_state(kind)}"


def _line(told: Told, *, alone: bool) -> str:
    alert = told.alert.alert
    name = None if alone else f"**{_name(told.alert.name)}**"
    return joined((name, measured(alert), *_details(alert), *_times(told)))


def _name(name: str) -> str:
    return escape(clip(name, _NAME_LENGTH))


def _times(told: Told) -> Iterator[str]:
    """Return when it was, as Discord counts it for whoever reads."""
    alert = told.alert.alert
    if told.count > 1:
        yield f"{told.count} times"
    match alert.phase:
        case AlertPhase.RAISED:
            yield f"began {ago(alert.since)}"
            if (count := _number(alert.data, "count_24h")) and count > 1:
                yield f"{count:.0f} times within 24 h"
        case AlertPhase.CLEARED:
            yield f"after {duration(_number(alert.data, 'seconds') or 0.0)}"
        case AlertPhase.HAPPENED:
            yield ago(alert.since)


def _details(alert: Alert) -> Iterator[str]:
    data = alert.data
    match alert.kind:
        case AlertKind.NEW_BEST_DIFFICULTY:
            if alert.value is not None:
                yield f"**{difficulty(alert.value)}**"
            if (previous := _number(data, "previous")) is not None:
                yield f"before: {difficulty(previous)}"
            if data.get("swarm_record"):
                yield "best of the swarm"
        case AlertKind.BLOCK_FOUND:
            if (height := _number(data, "block_height")) is not None:
                yield f"at block height {height:,.0f}"
            if (blocks := _number(data, "blocks_found")) is not None:
                yield f"{blocks:.0f} found by it so far"
        case AlertKind.DETUNED:
            if alert.phase is AlertPhase.RAISED:
                yield (f"{_point(data, 'intended_')} → {_point(data, '')}")
        case _ if alert.phase is not AlertPhase.CLEARED:
            if data.get("stopped"):
                yield "stopped by its firmware"
            for key in ("reason", "description"):
                if text := data.get(key):
                    known = _REASONS.get(str(text))
                    yield known or escape(clip(str(text), _REASON_LENGTH))


def _happened(alert: Alert) -> float:
    """Return the Unix time an alert tells of: its end, once it is over."""
    if alert.phase is AlertPhase.CLEARED:
        return alert.since + (_number(alert.data, "seconds") or 0.0)
    return alert.since


def _point(data: Mapping[str, Any], prefix: str) -> str:
    frequency = _number(data, f"{prefix}frequency")
    voltage = _number(data, f"{prefix}core_voltage")
    return (
        f"{'?' if frequency is None else f'{frequency:g}'} MHz / "
        f"{'?' if voltage is None else f'{voltage:g}'} mV"
    )


def _number(data: Mapping[str, object], key: str) -> float | None:
    value = data.get(key)
    return float(value) if isinstance(value, int | float) else None
