"""The commands there are."""

from typing import Final

from .model import CommandSpec, Parameter

SPANS: Final = ("1h", "4h", "8h", "12h", "24h", "3d", "7d", "14d")
"""Spans that are suggested."""
ALL: Final = "all"
"""Stands for every miner, where that is possible."""
AUTO: Final = "auto"
BEST: Final = "best"

_MINER: Final = Parameter(name="miner", description="Name of the miner", kind="miner")
_MINER_OR_ALL: Final = Parameter(
    name="miner",
    description="Name of the miner, or all",
    kind="miner",
    choices=(ALL,),
)
_SPAN: Final = Parameter(
    name="span",
    description="How far to look back, such as 1h, 24h or 14d",
    kind="span",
    required=False,
    choices=SPANS,
)

COMMANDS: Final = (
    CommandSpec(name="status", description="How the miners are doing right now"),
    CommandSpec(
        name="report",
        description="What the miners did, on average: hashrate, energy, cost, advice",
        parameters=(_SPAN,),
    ),
    CommandSpec(
        name="miner",
        description="One miner: now, on average, and as a chart",
        parameters=(_MINER, _SPAN),
    ),
    CommandSpec(
        name="stats",
        description="How the miners did at each clock and voltage they ran at",
        parameters=(
            Parameter(
                name="miner",
                description="Name of one miner; all of them if left out",
                kind="miner",
                required=False,
            ),
        ),
    ),
    CommandSpec(name="health", description="What is wrong, and what to do about it"),
    CommandSpec(name="best", description="Best shares, and the odds of a block"),
    CommandSpec(name="help", description="What can be asked, and how"),
    CommandSpec(
        name="restart",
        description="Restart a miner",
        parameters=(_MINER,),
        control=True,
    ),
    CommandSpec(
        name="restart-all",
        description="Restart every miner, one after another",
        control=True,
    ),
    CommandSpec(
        name="clock",
        description="Set the frequency of a miner's ASICs",
        parameters=(
            _MINER,
            Parameter(name="frequency", description="MHz", kind="number"),
        ),
        control=True,
    ),
    CommandSpec(
        name="voltage",
        description="Set the core voltage of a miner's ASICs",
        parameters=(
            _MINER,
            Parameter(name="voltage", description="mV", kind="number"),
        ),
        control=True,
    ),
    CommandSpec(
        name="apply",
        description="Set frequency and core voltage at once, or the best that was measured",
        parameters=(
            _MINER,
            Parameter(
                name="frequency",
                description="MHz, or best",
                kind="text",
                choices=(BEST,),
            ),
            Parameter(name="voltage", description="mV", kind="number", required=False),
        ),
        control=True,
    ),
    CommandSpec(
        name="fan",
        description="Set a miner's fan to a fixed speed, or let it regulate itself",
        parameters=(
            _MINER,
            Parameter(
                name="speed", description="%, or auto", kind="text", choices=(AUTO,)
            ),
        ),
        control=True,
    ),
    CommandSpec(
        name="pause",
        description="Stop mining, of one miner or of all",
        parameters=(_MINER_OR_ALL,),
        control=True,
    ),
    CommandSpec(
        name="resume",
        description="Go on mining, with one miner or with all",
        parameters=(_MINER_OR_ALL,),
        control=True,
    ),
)
"""Questions first, then control, each in the order in which people need them."""


def find_command(name: str) -> CommandSpec | None:
    """Return a command by its name, however it is written."""
    name = name.lower().replace("_", "-")
    return next((spec for spec in COMMANDS if spec.name == name), None)
