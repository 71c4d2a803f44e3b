"""Commands that change something."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from homeassistant.core import Context
from homeassistant.exceptions import HomeAssistantError

from ...analysis.advice import Goal, Recommendation, Verdict
from ...analysis.report import describe_recommendation
from ...analysis.service import async_get_advice
from ...axeos import Command, Limits, MiningState, OperatingPoint, Settings
from ...coordinator import MinerCoordinator
from ...insight import EVERYTHING, analysis_errors, make_span, present_price
from ..roster import Member, members_of
from ..text import escape
from .catalogue import ALL, AUTO, BEST
from .choosing import find_member, read_number, require_online, require_within
from .orders import Order, Request, SomeFailedError, present
from .problem import Problem

type Arguments = Mapping[str, str]

_OTHERS: Final = {
    True: "{} left out: offline, or mining already.",
    False: "{} left out: offline, paused already, or unable to pause.",
}
_FAN_SPEEDS: Final = (0.0, 100.0)
# %; below, most fans stand still, and it must be meant.
_SLOW_FAN: Final = 20.0


async def async_restart(request: Request, arguments: Arguments) -> Order:
    """Restart a miner."""
    member = find_member(request.swarm, arguments.get("miner"))
    miner = require_online(member)

    async def act(context: Context) -> str:
        await miner.async_execute(Command.RESTART)
        return f"**{escape(member.name)}** restarts."

    return Order(members=(member,), act=act)


async def async_restart_all(request: Request, arguments: Arguments) -> Order:
    """Restart every miner, one after another."""
    online = sum(member.reading is not None for member in members_of(request.swarm))
    if not online:
        raise Problem("No miner is online.")

    async def act(context: Context) -> str:
        request.swarm.async_restart_all()
        return f"{_count(online)} restart, one after another."

    return Order(question=f"Restart {_count(online)}, one after another?", act=act)


async def async_clock(request: Request, arguments: Arguments) -> Order:
    """Set the frequency of a miner."""
    member = find_member(request.swarm, arguments.get("miner"))
    limits = _require_limits(member, Settings(frequency=0))
    frequency = read_number(arguments, "frequency", "MHz")
    require_within(frequency, limits.frequency, "MHz", member)
    return _order_settings(request, member, Settings(frequency=frequency))


async def async_voltage(request: Request, arguments: Arguments) -> Order:
    """Set the core voltage of a miner."""
    member = find_member(request.swarm, arguments.get("miner"))
    limits = _require_limits(member, Settings(core_voltage=0))
    voltage = read_number(arguments, "voltage", "mV")
    require_within(voltage, limits.core_voltage, "mV", member)
    return _order_settings(request, member, Settings(core_voltage=voltage))


async def async_apply(request: Request, arguments: Arguments) -> Order:
    """Set frequency and core voltage in one write, or the best that is known."""
    member = find_member(request.swarm, arguments.get("miner"))
    limits = _require_limits(member, Settings(frequency=0, core_voltage=0))
    why = ""
    if arguments.get("frequency", "").strip().casefold() == BEST:
        best = await _async_best(request, member)
        point, why = _certain(request, member, best)
        frequency, voltage = point.frequency, point.core_voltage
    else:
        frequency = read_number(arguments, "frequency", "MHz")
        voltage = read_number(arguments, "voltage", "mV")
    require_within(frequency, limits.frequency, "MHz", member)
    require_within(voltage, limits.core_voltage, "mV", member)
    settings = Settings(frequency=frequency, core_voltage=voltage)
    return _order_settings(request, member, settings, why)


async def async_fan(request: Request, arguments: Arguments) -> Order:
    """Give a miner's fan a fixed speed, or back to the firmware."""
    member = find_member(request.swarm, arguments.get("miner"))
    miner = require_online(member)
    name = escape(member.name)
    question = None
    if arguments.get("speed", "").strip().casefold() == AUTO:
        settings = Settings(auto_fan=True)
        done = f"The fan of **{name}** regulates itself."
    else:
        speed = read_number(arguments, "speed", "%")
        require_within(speed, _FAN_SPEEDS, "%", member)
        settings = Settings(auto_fan=False, fan_speed=round(speed))
        done = f"The fan of **{name}** runs at {round(speed)} % from now on."
        if speed < max(_SLOW_FAN, miner.snapshot.cooling.minimum_fan_speed or 0):
            question = (
                f"**{name}**: fan at **{round(speed)} %**? That may be too little air: "
                "it can overheat within a minute, stop, and lower its own settings."
            )
    _require_settings(member, settings)

    async def act(context: Context) -> str:
        await require_online(present(request, member)).async_apply(
            settings, context=context
        )
        return done

    return Order(members=(member,), question=question, act=act)


async def async_pause(request: Request, arguments: Arguments) -> Order:
    """Stop mining."""
    return _order_mining(request, arguments, mine=False)


async def async_resume(request: Request, arguments: Arguments) -> Order:
    """Go on mining."""
    return _order_mining(request, arguments, mine=True)


CONTROL: Final[Mapping[str, Callable[[Request, Arguments], Awaitable[Order]]]] = {
    "restart": async_restart,
    "restart-all": async_restart_all,
    "clock": async_clock,
    "voltage": async_voltage,
    "apply": async_apply,
    "fan": async_fan,
    "pause": async_pause,
    "resume": async_resume,
}
"""What each command that controls comes down to. All raise `Problem`."""


def _order_settings(
    request: Request, member: Member, settings: Settings, why: str = ""
) -> Order:
    """Change frequency or core voltage, if somebody agrees."""
    before = require_online(member).snapshot
    settings = settings.rounded_for(before)
    name = escape(member.name)
    changes = " and ".join(
        f"{now} → **{wanted:g} {unit}**"
        for wanted, now, unit in (
            (settings.frequency, _known(before.frequency), "MHz"),
            (settings.core_voltage, _known(before.core_voltage), "mV"),
        )
        if wanted is not None
    )
    if not settings.changes_against(before).names:
        raise Problem(f"**{name}** is set like that already.")

    async def act(context: Context) -> str:
        miner = require_online(present(request, member))
        await miner.async_apply(settings, context=context)
        return f"**{name}** is set to {miner.snapshot.operating_point}."

    return Order(
        members=(member,), question="\n".join([f"**{name}**: {changes}?", why]), act=act
    )


def _order_mining(request: Request, arguments: Arguments, *, mine: bool) -> Order:
    text = arguments.get("miner", "")
    if text.strip().casefold() == ALL:
        return _order_mining_of_all(request, mine=mine)
    member = find_member(request.swarm, text)
    miner = require_online(member)
    name = escape(member.name)
    if not miner.snapshot.capabilities.can_stop_mining:
        raise Problem(f"The firmware of **{name}** cannot pause.")
    if _is_paused(miner) is not mine:
        raise Problem(
            f"**{name}** is " + ("mining already." if mine else "paused already.")
        )

    async def act(context: Context) -> str:
        await miner.async_execute(Command.RESUME if mine else Command.PAUSE)
        return f"**{name}** " + ("goes on mining." if mine else "is paused.")

    return Order(members=(member,), act=act)


def _order_mining_of_all(request: Request, *, mine: bool) -> Order:
    members = tuple(
        member
        for member in members_of(request.swarm)
        if member.miner is not None
        and member.reading is not None
        and member.miner.snapshot.capabilities.can_stop_mining
        and _is_paused(member.miner) is mine
    )
    if not members:
        raise Problem(
            "No miner is paused."
            if mine
            else "No miner is online that could be paused."
        )

    async def act(context: Context) -> str:
        failed = await _async_each(members, Command.RESUME if mine else Command.PAUSE)
        if failed:
            names = {member.entry.entry_id: member.name for member in members}
            raise SomeFailedError(failed, names)
        return f"{_count(len(members))} " + ("go on mining." if mine else "are paused.")

    others = len(members_of(request.swarm)) - len(members)
    return Order(
        members=members,
        question=f"{'Resume' if mine else 'Pause'} {_count(len(members))}?"
        + (f" {_OTHERS[mine].format(_count(others))}" if others else ""),
        act=act,
    )


async def _async_each(members: tuple[Member, ...], command: Command) -> dict[str, str]:
    """Tell miners to do something, and return what went wrong by entry id."""

    async def attempt(member: Member) -> str | None:
        if member.miner is None or member.reading is None:
            return "offline"
        try:
            await member.miner.async_execute(command)
        except HomeAssistantError as err:
            return str(err)
        return None

    results = await asyncio.gather(*map(attempt, members))
    return {
        member.entry.entry_id: result
        for member, result in zip(members, results, strict=True)
        if result is not None
    }


async def _async_best(request: Request, member: Member) -> Recommendation:
    miner = require_online(member)
    with analysis_errors():
        ((_, advice),) = await async_get_advice(
            request.hass, [miner], make_span(EVERYTHING), present_price(request.hass)
        )
    return advice[Goal.EFFICIENCY]


def _certain(
    request: Request, member: Member, best: Recommendation
) -> tuple[OperatingPoint, str]:
    """Return the best setting and what it brings, if that is more than chance."""
    text = describe_recommendation(best, request.hass.config.currency)
    if best.verdict is not Verdict.CHANGE or best.best is None:
        raise Problem(f"**{escape(member.name)}** stays as it is: {text}.")
    return best.best.operating_point, f"Most efficient: {text}"


def _require_limits(member: Member, settings: Settings) -> Limits:
    """Insist on a miner that has some settings, of whatever value, within limits."""
    miner = require_online(member)
    _require_settings(member, settings)
    if miner.limits is None:
        raise Problem(
            f"The limits of **{escape(member.name)}** are not known, so its clock and "
            "voltage stay as they are."
        )
    return miner.limits


def _require_settings(member: Member, settings: Settings) -> None:
    able = require_online(member).snapshot.capabilities.settings
    if missing := settings.names - able:
        what = " or ".join(sorted(name.replace("_", " ") for name in missing))
        raise Problem(f"The firmware of **{escape(member.name)}** has no {what}.")


def _is_paused(miner: MinerCoordinator) -> bool:
    return miner.snapshot.state is MiningState.PAUSED


def _known(value: float | None) -> str:
    return "?" if value is None else f"{value:g}"


def _count(miners: int) -> str:
    return "1 miner" if miners == 1 else f"{miners} miners"
