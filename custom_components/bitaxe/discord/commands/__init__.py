"""Commands: what people can ask for and do, by slash or by prefix, with one answer."""

from .catalogue import COMMANDS, find_command
from .model import Answer, Caller, CommandSpec, Confirmation, Parameter

__all__ = [
    "COMMANDS",
    "Answer",
    "Caller",
    "CommandSpec",
    "Confirmation",
    "Parameter",
    "find_command",
]
