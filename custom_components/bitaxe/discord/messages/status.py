"""How the miners are doing right now."""

from collections.abc import Iterator

from homeassistant.util import dt as dt_util

from ...analysis.report import hashrate, money, number
from ...axeos import MiningState, Snapshot
from ...swarm import Swarm
from ..message import Embed, Message
from ..palette import LOOKS, Condition, condition_of
from ..roster import Member, members_of
from ..text import block, code, escape, fit
from ..wording import UNKNOWN, joined, short_duration

_HEADER = (
    "   Miner          TH/s  J/TH     W",
    "   MHz/mV         ASIC    VR    Up",
)


def status_message(swarm: Swarm) -> Message:
    """Return totals, and two lines for each miner."""
    totals = swarm.totals
    members = members_of(swarm)
    conditions = {
        member.entry.entry_id: _condition(swarm, member) for member in members
    }
    worst = max(conditions.values(), default=Condition.GOOD)
    facts = [
        joined(
            (
                f"**{hashrate(totals.hashrate)}**",
                f"{totals.miners_mining}/{totals.miners} active",
                number(totals.efficiency, 1, "J/TH"),
                number(totals.power, 0, "W"),
            )
        )
    ]
    if totals.cost_per_day is not None:
        currency = swarm.hass.config.currency
        facts.append(f"{money(totals.cost_per_day, currency)} a day")
    if members:
        lines = [*_HEADER]
        for member in members:
            lines += _lines(member, conditions[member.entry.entry_id])
        facts.append(block(lines))
    else:
        facts.append("There is no miner yet: add one in Home Assistant.")
    return Message(
        embeds=(
            Embed(
                title=escape(swarm.config_entry.title),
                description="\n".join(facts),
                color=LOOKS[worst].color,
                timestamp=dt_util.utcnow(),
            ),
        )
    )


def _condition(swarm: Swarm, member: Member) -> Condition:
    snapshot = member.snapshot
    condition = condition_of(None if snapshot is None else snapshot.state)
    if condition is Condition.GOOD and swarm.alerts.active.get(member.entry.entry_id):
        return Condition.NOTICE
    return condition


def _lines(member: Member, condition: Condition) -> Iterator[str]:
    """Return two lines of 34 columns: phones break longer ones."""
    snapshot = member.snapshot
    name = f"{LOOKS[condition].sign} {fit(code(member.name), 13)}"
    if snapshot is None:
        yield f"{name}{'offline':>12}{UNKNOWN:>6}"
        return
    power = f"{number(snapshot.electrical.power, 1):>6}"
    if snapshot.state is MiningState.MINING:
        efficiency = f"{number(snapshot.efficiency, 1):>6}"
        yield f"{name}{_tera(snapshot.hashing.hashrate)}{efficiency}{power}"
    else:
        yield f"{name}{snapshot.state.value:>12}{power}"
    yield (
        f"   {fit(_point(snapshot), 13)}"
        f"{_degrees(snapshot.cooling.hottest_asic_temperature)}"
        f"{_degrees(snapshot.cooling.vr_temperature)}"
        f"{short_duration(snapshot.system.uptime):>6}"
    )


def _tera(gigahashes: float | None) -> str:
    return f"{number(None if gigahashes is None else gigahashes / 1000, 2):>6}"


def _degrees(value: float | None) -> str:
    return f"{UNKNOWN if value is None else f'{value:.0f}°':>6}"


def _point(snapshot: Snapshot) -> str:
    frequency = UNKNOWN if snapshot.frequency is None else f"{snapshot.frequency:g}"
    voltage = UNKNOWN if snapshot.core_voltage is None else f"{snapshot.core_voltage:g}"
    return f"{frequency}/{voltage}"
