"""Commands: what people can ask for and do, by slash or by prefix, with one answer."""

from .catalogue import COMMANDS, find_command
from .completion import complete
from .model import Answer, Caller, CommandSpec, Confirmation, Parameter
from .prefix import parse_prefix
from .running import async_run, may_control

__all__ = [
    "COMMANDS",
    "Answer",
    "Caller",
    "CommandSpec",
    "Confirmation",
    "Parameter",
    "async_run",
    "complete",
    "find_command",
    "may_control",
    "parse_prefix",
]
