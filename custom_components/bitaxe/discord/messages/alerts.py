"""Alerts in words, many of one kind together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Final

from ...alerts.model import Alert, AlertKind, AlertPhase
from ...alerts.monitor import MinerAlert
from ...alerts.texts import point_change, profile_name, room_name, tuning_details
from ...formatting import Texts
from ..markdown import clip, escape
from .alert_words import (
    Who,
    ago,
    alert_condition,
    alert_state,
    alert_title,
    cause,
    joined,
    measured,
    remedy,
)
from .colors import BLOCK, LOOKS, RECORD, Condition
from .model import Attachment, Embed, Mention, Message

_NAME_LENGTH: Final = 100
_REASON_LENGTH: Final = 100
_UNPROVEN: Final = ("unmeasured", "removed")
"""How an alert ends without anybody knowing whether it is over."""
_SIGNS: Final = {
    AlertKind.BLOCK_FOUND: "🎉",
    AlertKind.NEW_BEST_DIFFICULTY: "🏆",
    AlertKind.RESTARTED: "🔄",
    AlertKind.TUNING: "🎛️",
}
"""Of what just happens."""
_PHASES: Final = (AlertPhase.HAPPENED, AlertPhase.RAISED, AlertPhase.CLEARED)

type Group = tuple[AlertKind, AlertPhase, str | None]
"""Kind and phase, and the reason where that makes it another alert in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertToPost:
    """An alert on its way to a channel."""

    alert: MinerAlert
    count: int = 1
    """How often it happened since it was last posted."""


def alerts_message(
    posted: Sequence[AlertToPost],
    texts: Texts,
    mention: tuple[Mention, ...] = (),
    *,
    late: bool = False,
    lost: int = 0,
    pictures: Mapping[str, Attachment] = MappingProxyType({}),
) -> Message:
    """Return one message for all alerts: what is worst comes first.

    `pictures` are of runs of the tuner that are over, by the id of the miner.

    Only what was raised, or a block, pings somebody. `lost` alerts were too many to be
    kept while Discord could not be reached.
    """
    groups: dict[Group, list[AlertToPost]] = {}
    for item in posted:
        alert = item.alert.alert
        group = (alert.kind, alert.phase, _cause(alert, texts))
        groups.setdefault(group, []).append(item)
    ordered = sorted(groups, key=_rank)
    embeds = [_embed(group, groups[group], texts, pictures) for group in ordered]
    notes = [
        *([texts("discord_alert.late")] if late else []),
        *([texts("discord_alert.lost", count=lost)] if lost else []),
    ]
    if notes:
        embeds.append(
            Embed(description="\n".join(notes), color=LOOKS[Condition.IDLE].color)
        )
    block = any(kind is AlertKind.BLOCK_FOUND for kind, *_ in groups)
    loud = block or any(phase is AlertPhase.RAISED for _, phase, _ in groups)
    return Message(
        content=f"🎉 **{texts('discord_alert.block_found_shout')}** 🎉"
        if block
        else "",
        embeds=tuple(embeds),
        attachments=tuple(pictures.values()),
        mention=mention if loud else (),
    )


def _rank(group: Group) -> tuple[bool, int, int, int]:
    kind, phase, _ = group
    return (
        kind is not AlertKind.BLOCK_FOUND,
        -alert_condition(kind) if phase is AlertPhase.RAISED else 0,
        _PHASES.index(phase),
        list(AlertKind).index(kind),
    )


def _embed(
    group: Group,
    posted: Sequence[AlertToPost],
    texts: Texts,
    pictures: Mapping[str, Attachment],
) -> Embed:
    kind, phase, reason = group
    lines = [_line(item, texts, alone=len(posted) == 1) for item in posted]
    if phase is not AlertPhase.CLEARED and (advice := remedy(kind, texts, reason)):
        lines.append(f"→ {advice}")
    return Embed(
        title=_title(group, posted, texts),
        description="\n".join(line for line in lines if line),
        color=_color(group),
        image=_picture(kind, posted, pictures),
        timestamp=datetime.fromtimestamp(
            max(_happened(item.alert.alert) for item in posted), UTC
        ),
    )


def _picture(
    kind: AlertKind, posted: Sequence[AlertToPost], pictures: Mapping[str, Attachment]
) -> str | None:
    """Return the name of the first picture; others follow the embeds."""
    names = [
        pictures[item.alert.miner_id].name
        for item in posted
        if kind is AlertKind.TUNING
        and item.alert.miner_id in pictures
        and item.alert.alert.data.get("action") != "started"
    ]
    return names[0] if names else None


def _cause(alert: Alert, texts: Texts) -> str | None:
    if alert.phase is AlertPhase.CLEARED:
        return next((why for why in _UNPROVEN if alert.data.get(why)), None)
    return cause(alert, texts)


def _color(group: Group) -> int:
    kind, phase, reason = group
    if phase is AlertPhase.CLEARED and reason is not None:
        return LOOKS[Condition.IDLE].color
    if kind is AlertKind.BLOCK_FOUND:
        return BLOCK
    if kind is AlertKind.NEW_BEST_DIFFICULTY:
        return RECORD
    if phase is AlertPhase.CLEARED:
        return LOOKS[Condition.GOOD].color
    return LOOKS[alert_condition(kind)].color


def _title(group: Group, posted: Sequence[AlertToPost], texts: Texts) -> str:
    kind, phase, reason = group
    miners = {item.alert.miner_id for item in posted}
    who = Who(len(miners), _name(posted[0].alert.name))
    if phase is AlertPhase.CLEARED and reason is not None:
        unknown = texts(
            "discord_alert.unknown",
            who=who.name(texts),
            state=alert_state(kind, texts),
            count=who.count,
        )
        return f"{LOOKS[Condition.IDLE].sign} {unknown}"
    return f"{_sign(kind, phase)} {alert_title(kind, phase, reason, who, texts)}"


def _sign(kind: AlertKind, phase: AlertPhase) -> str:
    if (sign := _SIGNS.get(kind)) is not None:
        return sign
    cleared = phase is AlertPhase.CLEARED
    return LOOKS[Condition.GOOD if cleared else alert_condition(kind)].sign


def _line(posted: AlertToPost, texts: Texts, *, alone: bool) -> str:
    alert = posted.alert.alert
    name = None if alone else f"**{_name(posted.alert.name)}**"
    return joined(
        (name, measured(alert, texts), *_details(alert, texts), *_times(posted, texts))
    )


def _name(name: str) -> str:
    return escape(clip(name, _NAME_LENGTH))


def _times(posted: AlertToPost, texts: Texts) -> Iterator[str]:
    """Yield when it was, as Discord shows it to each reader."""
    alert = posted.alert.alert
    if posted.count > 1:
        yield texts("discord_alert.times", count=posted.count)
    match alert.phase:
        case AlertPhase.RAISED:
            yield texts("discord_alert.began", when=ago(alert.since))
            if (count := _number(alert.data, "count_24h")) and count > 1:
                yield texts("discord_alert.times_a_day", count=round(count))
        case AlertPhase.CLEARED:
            if (why := _cause(alert, texts)) is not None:
                yield texts(f"discord_alert.{why}")
            duration = texts.duration(_number(alert.data, "seconds") or 0.0)
            yield texts("discord_alert.after", duration=duration)
        case AlertPhase.HAPPENED:
            yield ago(alert.since)


def _details(alert: Alert, texts: Texts) -> Iterator[str]:
    data = alert.data
    match alert.kind:
        case AlertKind.NEW_BEST_DIFFICULTY:
            if alert.value is not None:
                yield f"**{texts.difficulty(alert.value)}**"
            if (previous := _number(data, "previous")) is not None:
                yield texts(
                    "discord_alert.before", difficulty=texts.difficulty(previous)
                )
            if data.get("swarm_record"):
                yield texts("discord_alert.best_of_swarm")
        case AlertKind.BLOCK_FOUND:
            if (height := _number(data, "block_height")) is not None:
                yield texts(
                    "discord_alert.block_height",
                    height=texts.decimals(height, 0, grouped=True),
                )
            if (blocks := _number(data, "blocks_found")) is not None:
                yield texts("discord_alert.blocks_found", count=round(blocks))
        case AlertKind.DETUNED:
            if alert.phase is AlertPhase.RAISED:
                yield (
                    f"{_point(data, 'intended_', texts)} → {_point(data, '', texts)}"
                )
        case AlertKind.TUNING:
            if profile := profile_name(alert, texts):
                yield escape(profile)
            yield from tuning_details(alert, texts)
        case AlertKind.GUARD:
            if change := point_change(alert, texts):
                yield change
            yield from _reason(data, texts)
        case AlertKind.POWER:
            if room := room_name(alert, texts):
                yield escape(room)
            yield from _reason(data, texts)
        case _ if alert.phase is not AlertPhase.CLEARED:
            if data.get("stopped"):
                yield texts("alert_message.stopped")
            for key in ("reason", "description"):
                if cause(alert, texts) is None and (text := data.get(key)):
                    known = texts.find(f"alert_message.reason_{text}")
                    yield known or escape(clip(str(text), _REASON_LENGTH))


def _reason(data: Mapping[str, Any], texts: Texts) -> Iterator[str]:
    if reason := data.get("reason"):
        yield texts.find(f"alert_message.reason_{reason}") or str(reason)


def _happened(alert: Alert) -> float:
    """Return the Unix time an alert is about: its end, once it is over."""
    if alert.phase is AlertPhase.CLEARED:
        return alert.since + (_number(alert.data, "seconds") or 0.0)
    return alert.since


def _point(data: Mapping[str, Any], prefix: str, texts: Texts) -> str:
    frequency = _number(data, f"{prefix}frequency")
    voltage = _number(data, f"{prefix}core_voltage")
    return (
        f"{'?' if frequency is None else texts.general(frequency)} MHz / "
        f"{'?' if voltage is None else texts.general(voltage)} mV"
    )


def _number(data: Mapping[str, object], key: str) -> float | None:
    value = data.get(key)
    return float(value) if isinstance(value, int | float) else None
