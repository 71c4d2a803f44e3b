"""Commands of the tuner: begin and end the search for the best setting."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

from homeassistant.core import Context

from ...containment import Containment, async_attempt
from ...errors import as_home_assistant_error
from ...formatting import Texts
from ...miner.errors import BoardChangedError, SituationChangedError
from ...texts import describe_error
from ...tuning import Goal, Targets
from ...tuning.services import RANGES
from ...tuning.session import MinerTuner, tuner_of
from ..miners import Member, members_of
from .actions import Order, Request, SomeFailedError, present
from .arguments import (
    Arguments,
    bold,
    find_member,
    read_choice,
    read_number,
    require_online,
)
from .model import ALL, BEST, ORIGINAL, Problem

_CONTAINMENT: Final = Containment()
_LIMITS: Final = {
    "power": ("maximum_power", "W", "limit_power"),
    "temperature": ("maximum_temperature", "°C", "limit_temperature"),
    "regulator": ("maximum_vr_temperature", "°C", "limit_vr_temperature"),
    "fan": ("maximum_fan_speed", "%", "limit_fan_speed"),
    "hashrate": ("minimum_hashrate", "GH/s", "limit_hashrate"),
    "hours": ("time_limit", "h", "limit_hours"),
}
"""By the option: which limit, its unit, and what is said of it."""
_GOALS: Final = (Goal.BALANCED, Goal.EFFICIENCY, Goal.HASHRATE)
_HOUR: Final = 3600.0


async def async_tune(request: Request, arguments: Arguments) -> Order:
    """Find the best setting of a miner, or of all that can be tuned now."""
    texts = request.texts
    targets, words = _targets(arguments, texts)
    limits = texts.joined(words)
    members = _meant(request, arguments, lambda tuner: tuner.obstacle is None)
    if members is None:
        member = find_member(request.swarm, arguments.get("miner"))
        if (obstacle := _require_tuner(request, member).obstacle) is not None:
            raise Problem(f"{bold(member)}: {texts.error(obstacle)}")
        members = (member,)
        question = texts("discord_command.ask_tune", miner=bold(member), limits=limits)
    elif members:
        question = texts(
            "discord_command.ask_tune_many", count=len(members), limits=limits
        )
    else:
        raise Problem(texts("discord_command.none_to_tune"))

    boards = {
        member.entry.entry_id: tuner.miner.snapshot.identity.hardware
        for member in members
        if (tuner := _tuner(request, member)) is not None
    }

    async def begin(tuner: MinerTuner, context: Context) -> None:
        shown = boards.get(tuner.miner.config_entry.entry_id)
        board = tuner.miner.snapshot.identity.hardware
        if shown is None or board.differs_from(shown):
            # The limits were meant for another.
            raise as_home_assistant_error(
                request.hass, BoardChangedError(str(shown), str(board))
            )
        await tuner.async_begin(targets, origin=request.origin(context))

    async def act(context: Context) -> str:
        await _async_each(request, members, context, begin)
        if len(members) > 1:
            return texts("discord_command.tune_many", count=len(members))
        return texts("discord_command.tunes", miner=bold(members[0]))

    return Order(members=members, question=question, act=act)


async def async_stop(request: Request, arguments: Arguments) -> Order:
    """End the search, of one miner or of all."""
    texts = request.texts
    keep = read_choice(arguments, "keep", (BEST, ORIGINAL), texts)
    members = _meant(request, arguments, lambda tuner: tuner.is_running)
    question = None
    if members is None:
        member = find_member(request.swarm, arguments.get("miner"))
        if not _require_tuner(request, member).is_running:
            raise Problem(texts("discord_command.not_tuning", miner=bold(member)))
        members = (member,)
    elif members:
        question = texts("discord_command.ask_stop_many", count=len(members))
    else:
        raise Problem(texts("discord_command.none_tuning"))

    tasks = {
        member.entry.entry_id: tuner.task
        for member in members
        if (tuner := _tuner(request, member)) is not None
    }

    async def end(tuner: MinerTuner, context: Context) -> None:
        shown, task = tasks.get(tuner.miner.config_entry.entry_id), tuner.task
        if shown is not None and task is not None and task is not shown:
            # What was asked about is over, and somebody has begun another since.
            before, now = (str(item.chosen.operating_point) for item in (shown, task))
            raise as_home_assistant_error(
                request.hass, SituationChangedError(before, now)
            )
        await tuner.async_end(keep_best=keep == BEST, origin=request.origin(context))

    async def act(context: Context) -> str:
        await _async_each(request, members, context, end)
        if len(members) > 1:
            return texts("discord_command.stopped_many", count=len(members))
        miner = require_online(present(request, members[0]), texts)
        return texts(
            f"discord_command.stopped_{keep}",
            miner=bold(members[0]),
            setting=texts.localized(str(miner.snapshot.operating_point)),
        )

    return Order(members=members, question=question, act=act)


def _targets(arguments: Arguments, texts: Texts) -> tuple[Targets, list[str]]:
    """Return goal and limits, and what they are called."""
    goal = Goal(read_choice(arguments, "goal", _GOALS, texts))
    words = [texts(f"alert_message.goal_{goal.value}")]
    limits: dict[str, float] = {}
    for option, (name, unit, text) in _LIMITS.items():
        if not arguments.get(option, "").strip():
            continue
        value = read_number(arguments, option, unit, texts)
        scale = _HOUR if name == "time_limit" else 1.0
        low, high = (end / scale for end in RANGES[name])
        if not low <= value <= high:
            raise Problem(
                texts(
                    "discord_command.outside_range",
                    value=texts.general(value),
                    unit=unit,
                    low=texts.general(round(low, 2)),
                    high=texts.general(high),
                )
            )
        limits[name] = value * scale
        words.append(texts(f"discord_command.{text}", value=texts.general(value)))
    return Targets(goal=goal, **limits), words


def _meant(
    request: Request, arguments: Arguments, fits: Callable[[MinerTuner], bool]
) -> tuple[Member, ...] | None:
    """Return the miners that fit, if all are asked for; `None` stands for one."""
    if arguments.get("miner", "").strip().casefold() != ALL:
        return None
    return tuple(
        member
        for member in members_of(request.swarm)
        if (tuner := _tuner(request, member)) is not None
        and _CONTAINMENT.value_of(
            f"{member.name} among those to tune", partial(fits, tuner), False
        )
    )


def _tuner(request: Request, member: Member) -> MinerTuner | None:
    return tuner_of(request.hass, member.entry.entry_id)


def _require_tuner(request: Request, member: Member) -> MinerTuner:
    require_online(member, request.texts)
    tuner = _tuner(request, member)
    if tuner is None:
        raise Problem(request.texts("discord_command.not_set_up", miner=bold(member)))
    return tuner


async def _async_each(
    request: Request,
    members: tuple[Member, ...],
    context: Context,
    do: Callable[[MinerTuner, Context], Awaitable[None]],
) -> None:
    """Do something to each tuner, whatever happens to the others.

    Raises:
        SomeFailedError: of several miners, some could not.
        HomeAssistantError, Problem: the only one could not.

    """
    if len(members) == 1:
        await do(_require_tuner(request, present(request, members[0])), context)
        return

    async def attempt(member: Member) -> str | None:
        tuner = _tuner(request, member)
        if tuner is None:
            return request.texts("discord_message.state_offline")
        error = await async_attempt(member.name, do(tuner, context))
        return None if error is None else describe_error(request.hass, error)

    results = await asyncio.gather(*map(attempt, members))
    failed = {
        member.entry.entry_id: result
        for member, result in zip(members, results, strict=True)
        if result is not None
    }
    if failed:
        raise SomeFailedError(
            failed, {member.entry.entry_id: member.name for member in members}
        )
