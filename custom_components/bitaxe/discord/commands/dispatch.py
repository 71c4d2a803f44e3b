"""Runs commands: checks who asks, and answers whatever was asked."""

from collections.abc import Mapping

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError

from ...formatting import Texts
from ...swarm.coordinator import Swarm
from ...texts import async_get_texts, describe_error
from ..channel.settings import ChannelSettings
from ..markdown import escape
from .actions import Request, async_answer
from .arguments import quote
from .catalogue import find_command
from .model import Answer, Caller, Problem, refusal
from .spec import CommandSpec, Question, may_control


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
    texts = async_get_texts(hass)
    spec = find_command(name)
    if spec is None:
        return refusal(
            texts("discord_command.no_such_command", text=f"**{quote(name)}**")
        )
    try:
        if spec.answer is not None:
            question = Question(
                hass=hass,
                swarm=swarm,
                settings=settings,
                caller=caller,
                arguments=arguments,
            )
            return Answer(messages=(await spec.answer(question),))
        assert spec.order is not None
        _require_right(settings, caller, texts)
        request = Request(
            hass=hass,
            swarm=swarm,
            caller=caller,
            channel_name=channel_name,
            command=_written(spec, arguments),
        )
        return await async_answer(request, await spec.order(request, arguments))
    except Problem as err:
        return refusal(str(err))
    except HomeAssistantError as err:
        return refusal(escape(describe_error(hass, err)))


def _require_right(settings: ChannelSettings, caller: Caller, texts: Texts) -> None:
    if may_control(settings, caller):
        return
    if not settings.control:
        raise Problem(texts("discord_command.control_off"))
    raise Problem(texts("discord_command.not_allowed"))


def _written(spec: CommandSpec, arguments: Mapping[str, str]) -> str:
    """Return a command as it could be written."""
    values = (arguments.get(parameter.name, "") for parameter in spec.parameters)
    return " ".join([spec.name, *(value.strip() for value in values if value.strip())])
