"""Carries out commands on miners: asks first, acts, and says what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from homeassistant.core import Context, HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ...const import COMMAND_DONE, EVENT_DISCORD_COMMAND
from ...formatting import Texts
from ...miner.names import device_of
from ...miner.write_log import Origin, OriginKind
from ...swarm.coordinator import Swarm
from ...targets import async_device_id
from ...texts import async_get_texts, describe_error
from ..markdown import escape
from ..messages.colors import LOOKS, Condition
from ..messages.model import Embed, Message
from ..miners import Member, members_of
from .arguments import bold, require_online
from .model import Answer, Caller, Confirmation, Problem, refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A command that controls, and where it comes from."""

    hass: HomeAssistant
    swarm: Swarm
    caller: Caller
    channel_name: str
    command: str
    """As it could be written, for the logbook."""

    @property
    def texts(self) -> Texts:
        """Return the words of the answer."""
        return async_get_texts(self.hass)

    def origin(self, context: Context) -> Origin:
        """Return who asks, for the record of writes."""
        return Origin(
            kind=OriginKind.DISCORD, context=context, name=self.caller.user_name
        )


class SomeFailedError(HomeAssistantError):
    """Some of several miners could not do it; the others did."""

    def __init__(self, errors: Mapping[str, str], names: Mapping[str, str]) -> None:
        """Take what went wrong, and the names, by the ids of the miners' entries."""
        super().__init__("; ".join(f"{names[key]}: {errors[key]}" for key in errors))
        self.errors = errors


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Something to be done."""

    act: Callable[[Context], Awaitable[str]]
    """Do it, and return what came of it, in Markdown.

    Raises `Problem` if it cannot be done any more, `HomeAssistantError` if it failed.
    """
    members: tuple[Member, ...] = ()
    """The miners it is about; none stands for the swarm."""
    question: str | None = None
    """What is asked before, in Markdown; nothing if it is harmless."""


async def async_answer(request: Request, order: Order) -> Answer:
    """Do what is harmless; ask before anything else."""
    if order.question is None:
        return await _async_carry_out(request, order)

    async def proceed() -> Answer:
        return await _async_carry_out(request, order)

    return Answer(
        messages=(_said(order.question, Condition.NOTICE),),
        confirmation=Confirmation(proceed=proceed),
    )


def present(request: Request, member: Member) -> Member:
    """Return a miner as it is now, since somebody took time to agree.

    Raises:
        Problem: it is gone or offline.

    """
    for now in members_of(request.swarm):
        if now.entry.entry_id == member.entry.entry_id:
            require_online(now, request.texts)
            return now
    raise Problem(request.texts("discord_command.gone", miner=bold(member)))


async def _async_carry_out(request: Request, order: Order) -> Answer:
    """Do it, and fire an event with who did what, whether it worked or not.

    Goes on if the caller does not wait: a miner that was asked to do something does
    it, and then somebody must know whose wish that was.
    """
    return await asyncio.shield(
        request.hass.async_create_task(
            _async_do(request, order), f"Discord: {request.command}"
        )
    )


async def _async_do(request: Request, order: Order) -> Answer:
    context = Context()
    try:
        text = await order.act(context)
    except Problem as err:
        return refusal(str(err))
    except SomeFailedError as err:
        _fire(request, order, COMMAND_DONE, context, err.errors)
        return Answer(messages=(_said(f"❌ {escape(str(err))}", Condition.BAD),))
    except HomeAssistantError as err:
        reason = describe_error(request.hass, err)
        _fire(request, order, reason, context)
        return Answer(messages=(_said(f"❌ {escape(reason)}", Condition.BAD),))
    _fire(request, order, COMMAND_DONE, context)
    return Answer(messages=(_said(f"✅ {text}", Condition.GOOD),))


def _fire(
    request: Request,
    order: Order,
    result: str,
    context: Context,
    errors: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """Fire an event for each miner; `errors` are those of some, by entry id."""
    hass, swarm = request.hass, request.swarm
    common: dict[str, Any] = {
        "user": request.caller.user_name,
        "user_id": str(request.caller.user_id),
        "channel": request.channel_name,
        "command": request.command,
    }
    targets: list[tuple[str | None, str, str]] = [
        (
            async_device_id(hass, member.miner),
            member.name,
            errors.get(member.entry.entry_id, result),
        )
        for member in order.members
        if member.miner is not None
    ] or [(_swarm_device_id(request), swarm.config_entry.title, result)]
    for device_id, name, outcome in targets:
        hass.bus.async_fire(
            EVENT_DISCORD_COMMAND,
            {"device_id": device_id, "name": name, **common, "result": outcome},
            context=context,
        )


def _swarm_device_id(request: Request) -> str | None:
    device = device_of(request.hass, request.swarm.config_entry)
    return device.id if device else None


def _said(text: str, condition: Condition) -> Message:
    return Message(embeds=(Embed(description=text, color=LOOKS[condition].color),))
