"""The commands there are, and what answers them."""

from typing import Final

from ...tuning import Goal
from ..messages.best import best_message
from ..messages.health import async_health_message
from ..messages.miner import async_miner_message
from ..messages.model import Message
from ..messages.report import async_make_report
from ..messages.stats import async_stats_message
from ..messages.status import status_message
from . import control, tuning
from .arguments import bold, find_member
from .help import help_message
from .model import ALL, AUTO, BEST, ORIGINAL, Parameter, Problem
from .spec import CommandSpec, Question, may_control

SPANS: Final = ("1h", "4h", "8h", "12h", "24h", "3d", "7d", "14d")
"""Spans that are suggested."""

_MINER: Final = Parameter(
    name="miner", description="discord_command.name_of_miner", kind="miner"
)
_MINER_OR_ALL: Final = Parameter(
    name="miner",
    description="discord_command.name_or_all",
    kind="miner",
    choices=(ALL,),
)
_SPAN: Final = Parameter(
    name="span",
    description="discord_command.how_far_back",
    kind="span",
    required=False,
    choices=SPANS,
)


async def _status(question: Question) -> Message:
    return status_message(question.swarm)


async def _report(question: Question) -> Message:
    miners = question.swarm.miners
    return await async_make_report(question.hass, miners, question.span, charts=True)


async def _miner(question: Question) -> Message:
    member = find_member(question.swarm, question.arguments.get("miner"))
    alerts = question.swarm.alerts.active.get(member.entry.entry_id, ())
    return await async_miner_message(question.hass, member, alerts, question.span)


async def _stats(question: Question) -> Message:
    miners = question.swarm.miners
    if text := question.arguments.get("miner"):
        member = find_member(question.swarm, text)
        if member.miner is None:
            raise Problem(
                question.texts("discord_command.not_set_up", miner=bold(member))
            )
        miners = [member.miner]
    return await async_stats_message(question.hass, miners)


async def _health(question: Question) -> Message:
    return await async_health_message(question.hass, question.swarm)


async def _best(question: Question) -> Message:
    return best_message(question.swarm)


async def _help(question: Question) -> Message:
    return help_message(
        COMMANDS,
        question.texts,
        control=may_control(question.settings, question.caller),
        prefix=question.settings.prefix,
    )


def _limit(name: str, description: str) -> Parameter:
    return Parameter(
        name=name,
        description=f"discord_command.{description}",
        kind="number",
        required=False,
    )


COMMANDS: Final[tuple[CommandSpec, ...]] = (
    CommandSpec(name="status", description="discord_command.status", answer=_status),
    CommandSpec(
        name="report",
        description="discord_command.report",
        answer=_report,
        parameters=(_SPAN,),
    ),
    CommandSpec(
        name="miner",
        description="discord_command.miner",
        answer=_miner,
        parameters=(_MINER, _SPAN),
    ),
    CommandSpec(
        name="stats",
        description="discord_command.stats",
        answer=_stats,
        parameters=(
            Parameter(
                name="miner",
                description="discord_command.name_or_none",
                kind="miner",
                required=False,
            ),
        ),
    ),
    CommandSpec(name="health", description="discord_command.health", answer=_health),
    CommandSpec(name="best", description="discord_command.best", answer=_best),
    CommandSpec(name="help", description="discord_command.help", answer=_help),
    CommandSpec(
        name="restart",
        description="discord_command.restart",
        parameters=(_MINER,),
        order=control.async_restart,
    ),
    CommandSpec(
        name="restart-all",
        description="discord_command.restart_all",
        order=control.async_restart_all,
    ),
    CommandSpec(
        name="clock",
        description="discord_command.clock",
        parameters=(
            _MINER,
            Parameter(
                name="frequency", description="discord_command.in_mhz", kind="number"
            ),
        ),
        order=control.async_clock,
    ),
    CommandSpec(
        name="voltage",
        description="discord_command.voltage",
        parameters=(
            _MINER,
            Parameter(
                name="voltage", description="discord_command.in_mv", kind="number"
            ),
        ),
        order=control.async_voltage,
    ),
    CommandSpec(
        name="apply",
        description="discord_command.apply",
        parameters=(
            _MINER,
            Parameter(
                name="frequency",
                description="discord_command.mhz_or_best",
                kind="text",
                choices=(BEST,),
            ),
            Parameter(
                name="voltage",
                description="discord_command.in_mv",
                kind="number",
                required=False,
            ),
        ),
        order=control.async_apply,
    ),
    CommandSpec(
        name="fan",
        description="discord_command.fan",
        parameters=(
            _MINER,
            Parameter(
                name="speed",
                description="discord_command.percent_or_auto",
                kind="text",
                choices=(AUTO,),
            ),
        ),
        order=control.async_fan,
    ),
    CommandSpec(
        name="tune",
        description="discord_command.tune",
        parameters=(
            _MINER_OR_ALL,
            Parameter(
                name="goal",
                description="discord_command.tuning_goal",
                kind="choice",
                required=False,
                choices=tuple(goal.value for goal in Goal),
            ),
            _limit("power", "most_w"),
            _limit("temperature", "most_asic"),
            _limit("regulator", "most_vr"),
            _limit("fan", "most_fan"),
            _limit("hashrate", "least_ghs"),
            _limit("hours", "most_hours"),
        ),
        order=tuning.async_tune,
    ),
    CommandSpec(
        name="stop",
        description="discord_command.stop",
        parameters=(
            _MINER_OR_ALL,
            Parameter(
                name="keep",
                description="discord_command.tuning_keep",
                kind="choice",
                required=False,
                choices=(BEST, ORIGINAL),
            ),
        ),
        order=tuning.async_stop,
    ),
    CommandSpec(
        name="pause",
        description="discord_command.pause",
        parameters=(_MINER_OR_ALL,),
        order=control.async_pause,
    ),
    CommandSpec(
        name="resume",
        description="discord_command.resume",
        parameters=(_MINER_OR_ALL,),
        order=control.async_resume,
    ),
)
"""Questions first, then control, each in the order in which people need them."""


def find_command(name: str) -> CommandSpec | None:
    """Return a command by its name, however it is written."""
    name = name.lower().replace("_", "-")
    return next((spec for spec in COMMANDS if spec.name == name), None)
