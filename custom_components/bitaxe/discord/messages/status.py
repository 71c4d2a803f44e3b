"""How the miners are doing right now."""

from collections.abc import Iterator
from functools import partial
from typing import Final

from homeassistant.util import dt as dt_util

from ...analysis.report import describe_wall
from ...axeos import MiningState, Snapshot
from ...containment import Containment
from ...formatting import UNKNOWN, Texts
from ...guard.levels import async_levels
from ...swarm.coordinator import Swarm
from ...texts import async_get_texts
from ..markdown import block, code, escape, fit
from ..miners import Member, members_of
from .alert_words import joined, short_duration
from .colors import LOOKS, Condition, condition_of, heat_condition
from .model import Embed, Message

_CONTAINMENT: Final = Containment()


def status_message(swarm: Swarm) -> Message:
    """Return totals, and two lines for each miner."""
    texts = async_get_texts(swarm.hass)
    totals = swarm.totals
    members = members_of(swarm)
    conditions = {
        member.entry.entry_id: _CONTAINMENT.value_of(
            f"{member.name} in the status",
            partial(_condition, swarm, member),
            Condition.NOTICE,
        )
        for member in members
    }
    condition = max(conditions.values(), default=Condition.GOOD)
    facts = [
        joined(
            (
                f"**{texts.hashrate(totals.hashrate)}**",
                texts(
                    "discord_message.active",
                    mining=totals.miners_mining,
                    all=totals.miners,
                ),
                texts.number(totals.efficiency, 1, "J/TH"),
                texts.number(totals.power, 0, "W"),
            )
        )
    ]
    if totals.cost_per_day is not None:
        currency = swarm.hass.config.currency
        cost = texts.estimate(totals.cost_per_day, currency)
        facts.append(texts("discord_message.cost_a_day", cost=cost))
    facts += _wall(swarm, texts)
    if members:
        lines = [*_header(texts)]
        for member in members:
            with _CONTAINMENT.of(f"{member.name} in the status"):
                lines += list(_lines(member, conditions[member.entry.entry_id], texts))
        facts.append(block(lines))
    else:
        facts.append(texts("discord_message.no_miner"))
    return Message(
        embeds=(
            Embed(
                title=escape(swarm.config_entry.title),
                description="\n".join(facts),
                color=LOOKS[condition].color,
                timestamp=dt_util.utcnow(),
            ),
        )
    )


def _wall(swarm: Swarm, texts: Texts) -> Iterator[str]:
    """Yield what each power supply takes from the wall, where a plug shows that."""
    for supply in swarm.supplies.all:
        with _CONTAINMENT.of(f"Power supply {supply.name} in the status"):
            if supply.believed is not None:
                yield describe_wall(
                    texts,
                    name=escape(supply.name),
                    power=supply.believed,
                    efficiency=supply.efficiency,
                    loss=supply.loss,
                    loss_share=supply.loss_share,
                )


def _condition(swarm: Swarm, member: Member) -> Condition:
    snapshot = member.snapshot
    condition = condition_of(None if snapshot is None else snapshot.state)
    if member.miner is not None and snapshot is not None:
        levels = async_levels(swarm.hass, member.miner)
        condition = max(condition, heat_condition(levels))
    if condition is Condition.GOOD and swarm.alerts.active.get(member.entry.entry_id):
        return Condition.NOTICE
    return condition


def _header(texts: Texts) -> Iterator[str]:
    yield f"   {fit(texts('discord_message.miner'), 13)}{'TH/s':>6}{'J/TH':>6}{'W':>6}"
    uptime = fit(texts("discord_message.uptime"), 6, right=True)
    yield f"   {fit('MHz/mV', 13)}{'ASIC':>6}{'VR':>6}{uptime}"


def _lines(member: Member, condition: Condition, texts: Texts) -> Iterator[str]:
    """Yield two lines of 34 columns: phones break longer ones."""
    snapshot = member.snapshot
    name = f"{LOOKS[condition].sign} {fit(code(member.name), 13)}"
    if snapshot is None:
        offline = fit(texts("discord_message.state_offline"), 12, right=True)
        yield f"{name}{offline}{UNKNOWN:>6}"
        return
    power = f"{texts.number(snapshot.electrical.power, 1):>6}"
    if snapshot.state is MiningState.MINING:
        efficiency = f"{texts.number(snapshot.efficiency, 1):>6}"
        yield f"{name}{_tera(snapshot.hashing.hashrate, texts)}{efficiency}{power}"
    else:
        state = texts(f"discord_message.state_{snapshot.state.value}")
        yield f"{name}{fit(state, 12, right=True)}{power}"
    yield (
        f"   {fit(_point(snapshot, texts), 13)}"
        f"{_degrees(snapshot.cooling.hottest_asic_temperature)}"
        f"{_degrees(snapshot.cooling.vr_temperature)}"
        f"{short_duration(snapshot.system.uptime, texts):>6}"
    )


def _tera(gigahashes: float | None, texts: Texts) -> str:
    return f"{texts.number(None if gigahashes is None else gigahashes / 1000, 2):>6}"


def _degrees(value: float | None) -> str:
    return f"{UNKNOWN if value is None else f'{value:.0f}°':>6}"


def _point(snapshot: Snapshot, texts: Texts) -> str:
    return "/".join(
        UNKNOWN if value is None else texts.general(value)
        for value in (snapshot.frequency, snapshot.core_voltage)
    )
