"""Suggests values while a command is written."""

from typing import Final

from homeassistant.core import callback

from ...swarm.coordinator import Swarm
from ..markdown import length
from ..miners import members_of
from .spec import CommandSpec

MOST: Final = 25
"""Suggestions Discord shows."""
_LONGEST: Final = 100


@callback
def complete(swarm: Swarm, spec: CommandSpec, parameter: str, text: str) -> list[str]:
    """Return values for a parameter that go with what was written so far."""
    found = next((item for item in spec.parameters if item.name == parameter), None)
    if found is None:
        return []
    values = [*found.choices]
    if found.kind == "miner":
        values += [member.name for member in members_of(swarm)]
    text = text.strip().casefold()
    # What begins like the text comes before what only contains it.
    fitting = sorted(
        (value for value in values if text in value.casefold()),
        key=lambda value: not value.casefold().startswith(text),
    )
    # Discord refuses all of them for one that is empty or too long.
    return [value for value in fitting if value.strip() and length(value) <= _LONGEST][
        :MOST
    ]
