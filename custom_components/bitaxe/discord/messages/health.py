"""What is wrong, and what to do about it."""

from collections.abc import Iterator
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ...analysis.service import async_get_advice
from ...axeos import MiningState
from ...insight import EVERYTHING, analysis_errors, make_span
from ...swarm import Swarm
from ...watch.alerts import AlertKind
from ..advising import Results, bottleneck_lines
from ..message import Embed, EmbedField, Message
from ..palette import LOOKS, Condition
from ..past import async_with_history
from ..roster import Member, members_of
from ..text import escape
from ..wording import ago, alert_condition, alert_state, joined, measured, remedy

_NOTHING_WRONG: Final = "No miner reports a problem, and no alert is raised."


async def async_health_message(hass: HomeAssistant, swarm: Swarm) -> Message:
    """Return what is wrong, one kind after another, or that all is well.

    What is known now is said also where there is no history, with the reason.
    """
    members = members_of(swarm)
    miners = [member.miner for member in members if member.miner is not None]
    results: Results = ()
    try:
        with analysis_errors():
            known, missing = async_with_history(hass, miners)
            results = await async_get_advice(hass, known, make_span(EVERYTHING))
    except HomeAssistantError as err:
        missing = [escape(str(err))]
    findings = [_findings(swarm, member) for member in members]
    wrong: dict[AlertKind, list[str]] = {}
    for found in findings:
        for kind, line in found.items():
            wrong.setdefault(kind, []).append(line)
    fields = [
        _field(kind, lines)
        for kind, lines in sorted(wrong.items(), key=lambda item: _rank(item[0]))
    ]
    bottlenecks = list(bottleneck_lines(results))
    if bottlenecks:
        fields.append(
            EmbedField("Measured at present settings", "\n".join(bottlenecks))
        )
    if missing:
        fields.append(EmbedField("No history", "\n".join(missing)))
    worst = max(map(alert_condition, wrong), default=Condition.GOOD)
    if bottlenecks:
        worst = max(worst, Condition.NOTICE)
    ailing = sum(map(bool, findings))
    if ailing:
        verb = "needs" if ailing == 1 else "need"
        title = f"{ailing} of {len(members)} {verb} attention"
    else:
        title = "A setting needs a look" if bottlenecks else "All is well"
    return Message(
        embeds=(
            Embed(
                title=f"{LOOKS[worst].sign} {title}",
                description="" if ailing else _NOTHING_WRONG,
                color=LOOKS[worst].color,
                fields=tuple(fields),
                timestamp=dt_util.utcnow(),
            ),
        )
    )


def _findings(swarm: Swarm, member: Member) -> dict[AlertKind, str]:
    """Return what is wrong with a miner, in a line for each kind.

    Besides the alerts, which can be switched off and wait for a while, there is what
    every single reading says.
    """
    name = f"**{escape(member.name)}**"
    found = {
        alert.kind: joined((name, measured(alert), ago(alert.since)))
        for alert in swarm.alerts.active.get(member.entry.entry_id, ())
    }
    return {kind: joined((name, text)) for kind, text in _evident(member)} | found


def _evident(member: Member) -> Iterator[tuple[AlertKind, str]]:
    snapshot = member.snapshot
    if snapshot is None or member.miner is None:
        yield AlertKind.OFFLINE, "" if member.miner else "not set up"
        return
    if snapshot.state is MiningState.OVERHEATED or snapshot.faults.overheated:
        yield AlertKind.OVERHEATING, "stopped by its firmware"
    if snapshot.state is MiningState.IDLE:
        yield AlertKind.LOW_HASHRATE, "hashes nothing"
    if snapshot.faults.power:
        yield AlertKind.POWER_FAULT, escape(snapshot.faults.power)
    if snapshot.faults.hardware:
        yield AlertKind.HARDWARE_FAULT, escape(snapshot.faults.hardware)
    if snapshot.pools.using_fallback and not snapshot.pools.prefer_fallback:
        yield AlertKind.POOL_FALLBACK, ""
    if member.miner.is_detuned:
        yield AlertKind.DETUNED, f"now {snapshot.operating_point}"


def _field(kind: AlertKind, lines: list[str]) -> EmbedField:
    state = alert_state(kind)
    return EmbedField(
        f"{LOOKS[alert_condition(kind)].sign} {state[0].upper()}{state[1:]}",
        "\n".join([*lines, f"→ {remedy(kind)}"]),
    )


def _rank(kind: AlertKind) -> tuple[int, int]:
    return -alert_condition(kind), list(AlertKind).index(kind)
