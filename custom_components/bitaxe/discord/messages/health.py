"""What is wrong, and what to do about it."""

from collections.abc import Iterator
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ...alerts.model import AlertKind
from ...alerts.monitor import trouble_of
from ...axeos import MiningState, Snapshot
from ...containment import Containment
from ...formatting import Texts
from ...results.helpers import EVERYTHING, analysis_errors, make_span
from ...results.queries import async_get_advice
from ...swarm.coordinator import Swarm
from ...texts import async_get_texts, describe_error
from ..markdown import escape
from ..miners import Member, async_with_history, members_of
from .advice import Results, bottleneck_lines
from .alert_words import (
    ago,
    alert_condition,
    alert_state,
    cause,
    joined,
    measured,
    remedy,
)
from .colors import LOOKS, Condition
from .model import Embed, EmbedField, Message

type Trouble = tuple[AlertKind, str | None]
"""A kind of alert, and the reason where that makes it another one in words."""

_CONTAINMENT: Final = Containment()


async def async_health_message(hass: HomeAssistant, swarm: Swarm) -> Message:
    """Return what is wrong, one kind after another, or that all is well.

    What is known now is said also where there is no history, with the reason.
    """
    texts = async_get_texts(hass)
    members = members_of(swarm)
    miners = [member.miner for member in members if member.miner is not None]
    results: Results = ()
    try:
        with analysis_errors():
            known, missing = async_with_history(hass, miners)
            results = await async_get_advice(hass, known, make_span(EVERYTHING))
    except HomeAssistantError as err:
        missing = [escape(describe_error(hass, err))]
    findings = []
    for member in members:
        with _CONTAINMENT.of(f"{member.name} in the health report"):
            findings.append(_findings(swarm, member, texts))
    wrong: dict[Trouble, list[str]] = {}
    for found in findings:
        for trouble, line in found.values():
            wrong.setdefault(trouble, []).append(line)
    fields = [
        _field(trouble, lines, texts)
        for trouble, lines in sorted(wrong.items(), key=lambda item: _rank(item[0]))
    ]
    bottlenecks = list(bottleneck_lines(results, texts))
    if bottlenecks:
        fields.append(
            EmbedField(texts("discord_message.bottlenecks"), "\n".join(bottlenecks))
        )
    if missing:
        fields.append(
            EmbedField(texts("discord_message.no_history"), "\n".join(missing))
        )
    worst = max((alert_condition(kind) for kind, _ in wrong), default=Condition.GOOD)
    if bottlenecks:
        worst = max(worst, Condition.NOTICE)
    ailing = sum(map(bool, findings))
    if ailing:
        title = texts(
            "discord_message.need_attention",
            count=ailing,
            ailing=str(ailing),
            all=len(members),
        )
    elif bottlenecks:
        title = texts("discord_message.look_at_setting")
    else:
        title = texts("discord_message.all_well")
    return Message(
        embeds=(
            Embed(
                title=f"{LOOKS[worst].sign} {title}",
                description="" if ailing else texts("discord_message.nothing_wrong"),
                color=LOOKS[worst].color,
                fields=tuple(fields),
                timestamp=dt_util.utcnow(),
            ),
        )
    )


def _findings(
    swarm: Swarm, member: Member, texts: Texts
) -> dict[AlertKind, tuple[Trouble, str]]:
    """Return what is wrong with a miner now, in a line for each kind.

    Besides the alerts, which can be switched off and wait for a while, there is what
    every single reading says.
    """
    name = f"**{escape(member.name)}**"
    alerts = {
        alert.kind: (
            (alert.kind, cause(alert, texts)),
            joined((name, measured(alert, texts), ago(alert.since))),
        )
        for alert in swarm.alerts.active.get(member.entry.entry_id, ())
    }
    evident = {
        trouble[0]: (trouble, joined((name, text)))
        for trouble, text in _evident(member, texts)
    }
    return evident | alerts


def _evident(member: Member, texts: Texts) -> Iterator[tuple[Trouble, str]]:
    snapshot = member.snapshot
    if snapshot is None or member.miner is None:
        reason = trouble_of(member.entry)
        not_set_up = texts("discord_message.not_set_up")
        yield (AlertKind.OFFLINE, reason), "" if member.miner else not_set_up
        return
    for kind, text in _shown(snapshot, texts):
        yield (kind, None), text
    if member.miner.is_detuned:
        setting = texts.localized(str(snapshot.operating_point))
        now = texts("discord_message.detuned_now", setting=setting)
        yield (AlertKind.DETUNED, None), now


def _shown(snapshot: Snapshot, texts: Texts) -> Iterator[tuple[AlertKind, str]]:
    """Yield what a single reading says is wrong."""
    if snapshot.state is MiningState.OVERHEATED or snapshot.faults.overheated:
        yield AlertKind.OVERHEATING, texts("alert_message.stopped")
    if snapshot.faults.regulator_off:
        yield AlertKind.REGULATOR_OFF, texts("discord_message.no_core_voltage")
    elif snapshot.state is MiningState.IDLE:
        yield AlertKind.LOW_HASHRATE, texts("discord_message.hashes_nothing")
    if snapshot.faults.power:
        yield AlertKind.POWER_FAULT, escape(snapshot.faults.power)
    if snapshot.faults.hardware:
        yield AlertKind.HARDWARE_FAULT, escape(snapshot.faults.hardware)
    if snapshot.pools.one_down:
        yield AlertKind.POOL_FALLBACK, texts("discord_message.other_pool_down")
    if snapshot.pools.using_fallback and not snapshot.pools.prefer_fallback:
        yield AlertKind.POOL_FALLBACK, ""


def _field(trouble: Trouble, lines: list[str], texts: Texts) -> EmbedField:
    kind, reason = trouble
    state = alert_state(kind, texts, reason)
    return EmbedField(
        f"{LOOKS[alert_condition(kind)].sign} {state[0].upper()}{state[1:]}",
        "\n".join([*lines, f"→ {remedy(kind, texts, reason)}"]),
    )


def _rank(trouble: Trouble) -> tuple[int, int]:
    kind, _ = trouble
    return -alert_condition(kind), list(AlertKind).index(kind)
