"""Commands that change something."""

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Final

from homeassistant.core import Context

from ...analysis.advice import Goal, Recommendation, Verdict
from ...analysis.report import describe_recommendation
from ...axeos import Command, Limits, MiningState, OperatingPoint, Settings
from ...containment import Containment, async_attempt
from ...coordinator import MinerCoordinator
from ...formatting import Texts
from ...results.helpers import EVERYTHING, analysis_errors, make_span, present_price
from ...results.queries import async_get_advice
from ...texts import describe_error
from ..miners import Member, members_of
from .actions import Order, Request, SomeFailedError, present
from .arguments import (
    Arguments,
    bold,
    find_member,
    read_number,
    require_online,
    require_within,
)
from .model import ALL, AUTO, BEST, Problem

_CONTAINMENT: Final = Containment()
_FAN_SPEEDS: Final = (0.0, 100.0)
# %; below, most fans stand still, and it must be meant.
_SLOW_FAN: Final = 20.0


async def async_restart(request: Request, arguments: Arguments) -> Order:
    """Restart a miner."""
    member = find_member(request.swarm, arguments.get("miner"))
    require_online(member, request.texts)

    async def act(context: Context) -> str:
        await require_online(present(request, member), request.texts).async_execute(
            Command.RESTART, origin=request.origin(context)
        )
        return request.texts("discord_command.restarts", miner=bold(member))

    return Order(members=(member,), act=act)


async def async_restart_all(request: Request, arguments: Arguments) -> Order:
    """Restart every miner, one after another."""
    online = _online(request)
    if not online:
        raise Problem(request.texts("discord_command.none_online"))
    count = len(online)

    async def act(context: Context) -> str:
        if _online(request) - online:
            raise Problem(request.texts("discord_command.changed"))
        request.swarm.async_restart_all(request.origin(context))
        return request.texts("discord_command.restart_many", count=count)

    question = request.texts("discord_command.ask_restart_many", count=count)
    return Order(question=question, act=act)


async def async_clock(request: Request, arguments: Arguments) -> Order:
    """Set the frequency of a miner."""
    member = find_member(request.swarm, arguments.get("miner"))
    limits = _require_limits(request.texts, member, Settings(frequency=0))
    frequency = read_number(arguments, "frequency", "MHz", request.texts)
    require_within(frequency, limits.frequency, "MHz", member, request.texts)
    return _order_settings(request, member, Settings(frequency=frequency))


async def async_voltage(request: Request, arguments: Arguments) -> Order:
    """Set the core voltage of a miner."""
    member = find_member(request.swarm, arguments.get("miner"))
    limits = _require_limits(request.texts, member, Settings(core_voltage=0))
    voltage = read_number(arguments, "voltage", "mV", request.texts)
    require_within(voltage, limits.core_voltage, "mV", member, request.texts)
    return _order_settings(request, member, Settings(core_voltage=voltage))


async def async_apply(request: Request, arguments: Arguments) -> Order:
    """Set frequency and core voltage in one write, or the best that is known."""
    member = find_member(request.swarm, arguments.get("miner"))
    limits = _require_limits(
        request.texts, member, Settings(frequency=0, core_voltage=0)
    )
    why = ""
    if arguments.get("frequency", "").strip().casefold() == BEST:
        best = await _async_best(request, member)
        point, why = _certain(request, member, best)
        frequency, voltage = point.frequency, point.core_voltage
    else:
        frequency = read_number(arguments, "frequency", "MHz", request.texts)
        voltage = read_number(arguments, "voltage", "mV", request.texts)
    require_within(frequency, limits.frequency, "MHz", member, request.texts)
    require_within(voltage, limits.core_voltage, "mV", member, request.texts)
    settings = Settings(frequency=frequency, core_voltage=voltage)
    return _order_settings(request, member, settings, why)


async def async_fan(request: Request, arguments: Arguments) -> Order:
    """Give a miner's fan a fixed speed, or back to the firmware."""
    member = find_member(request.swarm, arguments.get("miner"))
    texts = request.texts
    miner = require_online(member, texts)
    name = bold(member)
    question = None
    before = miner.snapshot
    cooling = before.cooling
    shown = Settings(
        auto_fan=cooling.auto_fan,
        fan_speed=None if cooling.auto_fan else cooling.fan_speed_setting,
    )
    if arguments.get("speed", "").strip().casefold() == AUTO:
        settings = Settings(auto_fan=True)
        done = texts("discord_command.fan_regulates", miner=name)
    else:
        speed = read_number(arguments, "speed", "%", texts)
        require_within(speed, _FAN_SPEEDS, "%", member, texts)
        settings = Settings(auto_fan=False, fan_speed=round(speed))
        done = texts("discord_command.fan_runs", miner=name, speed=str(round(speed)))
        if speed < max(_SLOW_FAN, cooling.minimum_fan_speed or 0):
            question = texts(
                "discord_command.ask_slow_fan",
                miner=name,
                speed=f"**{round(speed)} %**",
            )
    _require_settings(texts, member, settings)

    async def act(context: Context) -> str:
        await require_online(present(request, member), request.texts).async_apply(
            settings,
            origin=request.origin(context),
            expected=shown if question is not None else None,
            meant_for=before if question is not None else None,
        )
        return done

    return Order(members=(member,), question=question, act=act)


async def async_pause(request: Request, arguments: Arguments) -> Order:
    """Stop mining."""
    return _order_mining(request, arguments, mine=False)


async def async_resume(request: Request, arguments: Arguments) -> Order:
    """Go on mining."""
    return _order_mining(request, arguments, mine=True)


def _order_settings(
    request: Request, member: Member, settings: Settings, why: str = ""
) -> Order:
    """Change frequency or core voltage, if somebody agrees."""
    texts = request.texts
    before = require_online(member, texts).snapshot
    settings = settings.rounded_for(before)
    name = bold(member)
    changes = [
        f"{now} → **{texts.general(wanted)} {unit}**"
        for wanted, now, unit in (
            (settings.frequency, _known(before.frequency, texts), "MHz"),
            (settings.core_voltage, _known(before.core_voltage, texts), "mV"),
        )
        if wanted is not None
    ]
    question = texts(
        "discord_command.ask_change", miner=name, changes=texts.joined(changes)
    )
    shown = Settings(frequency=before.frequency, core_voltage=before.core_voltage)
    if not settings.changes_against(before).names:
        raise Problem(texts("discord_command.set_already", miner=name))

    async def act(context: Context) -> str:
        miner = require_online(present(request, member), request.texts)
        await miner.async_apply(
            settings,
            origin=request.origin(context),
            expected=shown,
            meant_for=before,
        )
        setting = texts.localized(str(miner.snapshot.operating_point))
        return texts("discord_command.is_set", miner=name, setting=setting)

    return Order(members=(member,), question=f"{question}\n{why}", act=act)


def _order_mining(request: Request, arguments: Arguments, *, mine: bool) -> Order:
    text = arguments.get("miner", "")
    if text.strip().casefold() == ALL:
        return _order_mining_of_all(request, mine=mine)
    member = find_member(request.swarm, text)
    texts = request.texts
    miner = require_online(member, texts)
    name = bold(member)
    if not miner.snapshot.capabilities.can_stop_mining:
        raise Problem(texts("discord_command.cannot_pause", miner=name))
    if not _makes_a_difference(miner, mine=mine):
        raise Problem(
            texts(
                "discord_command.mining_already"
                if mine
                else "discord_command.paused_already",
                miner=name,
            )
        )

    async def act(context: Context) -> str:
        await require_online(present(request, member), request.texts).async_execute(
            Command.RESUME if mine else Command.PAUSE, origin=request.origin(context)
        )
        return texts(
            "discord_command.goes_on" if mine else "discord_command.is_paused",
            miner=name,
        )

    return Order(members=(member,), act=act)


def _order_mining_of_all(request: Request, *, mine: bool) -> Order:
    texts = request.texts
    members = _able_to(request, mine=mine)
    if not members:
        raise Problem(
            texts(
                "discord_command.none_paused"
                if mine
                else "discord_command.none_to_pause"
            )
        )

    # A miner that the integration paused can be resumed, or paused for good.
    both = _ids(_able_to(request, mine=not mine))

    async def act(context: Context) -> str:
        if _ids(members) & (_ids(_able_to(request, mine=not mine)) - both):
            raise Problem(request.texts("discord_command.changed"))
        failed = await _async_each(
            members,
            Command.RESUME if mine else Command.PAUSE,
            request,
            context,
        )
        if failed:
            names = {member.entry.entry_id: member.name for member in members}
            raise SomeFailedError(failed, names)
        return texts(
            "discord_command.go_on" if mine else "discord_command.are_paused",
            count=len(members),
        )

    question = [
        texts(
            "discord_command.ask_resume" if mine else "discord_command.ask_pause",
            count=len(members),
        )
    ]
    if others := len(members_of(request.swarm)) - len(members):
        question.append(
            texts(
                "discord_command.others_mining"
                if mine
                else "discord_command.others_paused",
                count=others,
            )
        )
    return Order(
        members=members,
        question=" ".join(question),
        act=act,
    )


def _able_to(request: Request, *, mine: bool) -> tuple[Member, ...]:
    """Return the miners that could go on mining, or pause."""
    return tuple(
        member
        for member in members_of(request.swarm)
        if member.miner is not None
        and _CONTAINMENT.value_of(
            f"{member.name} among those to pause or resume",
            partial(_is_able_to, member.miner, mine=mine),
            False,
        )
    )


def _is_able_to(miner: MinerCoordinator, *, mine: bool) -> bool:
    return (
        miner.last_update_success
        and miner.snapshot.capabilities.can_stop_mining
        and _makes_a_difference(miner, mine=mine)
    )


def _makes_a_difference(miner: MinerCoordinator, *, mine: bool) -> bool:
    """Return whether a miner is not yet as it is to be.

    A pause that the integration would end by itself becomes one that stays.
    """
    return _is_paused(miner) is mine or (not mine and miner.is_paused_by_us)


def _online(request: Request) -> set[str]:
    """Return the miners that answer, by the ids of their entries."""
    return _ids(
        member for member in members_of(request.swarm) if member.reading is not None
    )


def _ids(members: Iterable[Member]) -> set[str]:
    return {member.entry.entry_id for member in members}


async def _async_each(
    members: tuple[Member, ...], command: Command, request: Request, context: Context
) -> dict[str, str]:
    """Have miners do something, and return what went wrong by entry id."""
    # Since they were asked about, some may be gone, or set up anew at another address.
    now = {member.entry.entry_id: member for member in members_of(request.swarm)}

    async def attempt(asked: Member) -> str | None:
        member = now.get(asked.entry.entry_id)
        if member is None or member.miner is None or member.reading is None:
            return request.texts("discord_message.state_offline")
        error = await async_attempt(
            member.name,
            member.miner.async_execute(command, origin=request.origin(context)),
        )
        return None if error is None else describe_error(request.hass, error)

    results = await asyncio.gather(*map(attempt, members))
    return {
        member.entry.entry_id: result
        for member, result in zip(members, results, strict=True)
        if result is not None
    }


async def _async_best(request: Request, member: Member) -> Recommendation:
    miner = require_online(member, request.texts)
    with analysis_errors():
        ((_, advice),) = await async_get_advice(
            request.hass, [miner], make_span(EVERYTHING), present_price(request.hass)
        )
    return advice[Goal.EFFICIENCY]


def _certain(
    request: Request, member: Member, best: Recommendation
) -> tuple[OperatingPoint, str]:
    """Return the best setting and what it brings, if that is more than chance."""
    texts = request.texts
    text = describe_recommendation(best, texts, request.hass.config.currency)
    if best.verdict is not Verdict.CHANGE or best.best is None:
        raise Problem(texts("discord_command.stays", miner=bold(member), reason=text))
    return best.best.operating_point, texts(
        "discord_message.most_efficient", setting=text
    )


def _require_limits(texts: Texts, member: Member, settings: Settings) -> Limits:
    """Insist on a miner that has some settings, of whatever value, within limits."""
    miner = require_online(member, texts)
    _require_settings(texts, member, settings)
    if miner.limits is None:
        raise Problem(texts("discord_command.limits_unknown", miner=bold(member)))
    return miner.limits


def _require_settings(texts: Texts, member: Member, settings: Settings) -> None:
    able = require_online(member, texts).snapshot.capabilities.settings
    if missing := settings.names - able:
        what = [texts(f"miner_setting.{name}") for name in sorted(missing)]
        raise Problem(
            texts(
                "discord_command.has_no",
                miner=bold(member),
                setting=texts.joined(what, last="number_format.or"),
            )
        )


def _is_paused(miner: MinerCoordinator) -> bool:
    return miner.snapshot.state is MiningState.PAUSED


def _known(value: float | None, texts: Texts) -> str:
    return "?" if value is None else texts.general(value)
