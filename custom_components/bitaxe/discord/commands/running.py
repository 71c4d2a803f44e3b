"""Runs commands: checks who asks, and answers whatever was asked."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ...insight import DEFAULT_SPAN
from ...swarm import Swarm
from ..channel import EVERYONE, ChannelSettings
from ..message import Mention, Message
from ..messages.best import best_message
from ..messages.health import async_health_message
from ..messages.miner import async_miner_message
from ..messages.stats import async_stats_message
from ..messages.status import status_message
from ..reports import async_make_report
from ..text import escape
from .catalogue import COMMANDS, find_command
from .choosing import find_member, quote
from .control import CONTROL
from .help import help_message
from .model import Answer, Caller, CommandSpec
from .orders import Request, async_answer
from .problem import Problem, refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Question:
    hass: HomeAssistant
    swarm: Swarm
    settings: ChannelSettings
    caller: Caller
    arguments: Mapping[str, str]

    @property
    def span(self) -> str:
        return self.arguments.get("span", "").strip() or DEFAULT_SPAN


async def async_run(
    hass: HomeAssistant,
    swarm: Swarm,
    settings: ChannelSettings,
    channel_name: str,
    caller: Caller,
    name: str,
    arguments: Mapping[str, str],
) -> Answer:
    """Answer a command. What people get wrong is an answer too, and raises nothing.

    `settings` are those of the channel it was given in.
    """
    spec = find_command(name)
    if spec is None:
        return refusal(f"There is no command **{quote(name)}**. Try `/help`.")
    try:
        if not spec.control:
            question = _Question(
                hass=hass,
                swarm=swarm,
                settings=settings,
                caller=caller,
                arguments=arguments,
            )
            return Answer(messages=(await _QUESTIONS[spec.name](question),))
        _require_right(settings, caller)
        request = Request(
            hass=hass,
            swarm=swarm,
            caller=caller,
            channel_name=channel_name,
            command=_written(spec, arguments),
        )
        return await async_answer(request, await CONTROL[spec.name](request, arguments))
    except Problem as err:
        return refusal(str(err))
    except HomeAssistantError as err:
        return refusal(escape(str(err)))


def may_control(settings: ChannelSettings, caller: Caller) -> bool:
    """Whether somebody may control miners from a channel."""
    return any(
        item == EVERYONE
        or item == Mention("user", caller.user_id)
        or (
            isinstance(item, Mention)
            and item.kind == "role"
            and item.id in caller.role_ids
        )
        for item in settings.control
    )


def _require_right(settings: ChannelSettings, caller: Caller) -> None:
    if may_control(settings, caller):
        return
    if not settings.control:
        raise Problem(
            "Control is off in this channel: choose who may control miners in the "
            "channel's settings in Home Assistant."
        )
    raise Problem("You may not control miners from this channel.")


def _written(spec: CommandSpec, arguments: Mapping[str, str]) -> str:
    """Return a command as it could be written."""
    values = (arguments.get(parameter.name, "") for parameter in spec.parameters)
    return " ".join([spec.name, *(value.strip() for value in values if value.strip())])


async def _status(question: _Question) -> Message:
    return status_message(question.swarm)


async def _report(question: _Question) -> Message:
    miners = question.swarm.miners
    return await async_make_report(question.hass, miners, question.span, charts=True)


async def _miner(question: _Question) -> Message:
    member = find_member(question.swarm, question.arguments.get("miner"))
    alerts = question.swarm.alerts.active.get(member.entry.entry_id, ())
    return await async_miner_message(question.hass, member, alerts, question.span)


async def _stats(question: _Question) -> Message:
    miners = question.swarm.miners
    if text := question.arguments.get("miner"):
        member = find_member(question.swarm, text)
        if member.miner is None:
            raise Problem(f"**{escape(member.name)}** is not set up: it is offline.")
        miners = [member.miner]
    return await async_stats_message(question.hass, miners)


async def _health(question: _Question) -> Message:
    return await async_health_message(question.hass, question.swarm)


async def _best(question: _Question) -> Message:
    return best_message(question.swarm)


async def _help(question: _Question) -> Message:
    return help_message(
        COMMANDS,
        control=may_control(question.settings, question.caller),
        prefix=question.settings.prefix,
    )


_QUESTIONS: Final[Mapping[str, Callable[[_Question], Awaitable[Message]]]] = {
    "status": _status,
    "report": _report,
    "miner": _miner,
    "stats": _stats,
    "health": _health,
    "best": _best,
    "help": _help,
}
