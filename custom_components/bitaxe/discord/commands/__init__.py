"""Commands: what people can ask for and do, by slash or by prefix, with one answer."""

from .catalogue import COMMANDS, find_command
from .completion import complete
from .dispatch import async_run
from .model import Answer, Caller, Confirmation, Parameter
from .prefix import parse_prefix
from .spec import CommandSpec, may_control

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
