"""What alerts are judged by: a miner at one moment, and a rule. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..analysis.wear import Deviation
from ..miner.detune import IntendedSettings
from ..miner.events import Occurrence
from ..miner.meter import Reading
from ..pools.sighting import Sighting


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a kind of alert is raised."""

    enabled: bool = True
    threshold: float | None = None
    """In the kind's unit; `None` where nothing is measured."""
    clear: float | None = None
    """What must be reached again before it is cleared, in the same unit."""
    for_seconds: float = 0.0
    """Seconds for which the condition must last before it is raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A miner at one moment, with what is needed to judge it."""

    time: float
    """Unix time."""
    clock: float
    """Seconds of a clock that nobody sets, by which a condition lasts."""
    online: bool
    reading: Reading | None
    """`None` while the miner is offline."""
    intended: IntendedSettings | None = None
    heat_explains: bool = True
    """Whether the settings may be what overheating left behind."""
    unproven_change: bool = False
    """Whether frequency or core voltage were changed and it has not hashed since."""
    restarting: bool = False
    """Whether the miner was asked to restart, and is not back yet."""
    occurrences: tuple[Occurrence, ...] = ()
    """What happened since the observation before."""
    swarm_best_difficulty: float | None = None
    """Best share of all miners before this observation."""
    longest_gap: float = 60.0
    """Seconds between two readings over which a condition that held at both goes on."""
    wear: tuple[Deviation, ...] | None = None
    """What the statistics of months say of wear; `None` while that is not known."""
    sighting: Sighting | None = None
    """What the miner's pool sees of it; `None` where no pool is asked, or none
    answers."""
    accounts: frozenset[str] | None = None
    """Names of the pool accounts that it works for; `None` if that is not known."""
    has_supply: bool = True
    """Whether it has a power supply of which something could be known."""
    supply_load: float | None = None
    """% of what the power supply is made for that it gives; `None` where nobody
    knows."""
    tuning: bool = False
    """Whether the tuner tries settings; it restarts a miner that stands still by
    itself."""
    trouble: str | None = None
    """Why the miner cannot be read although something answers, as the key of the error;
    `None` if nothing answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a condition holds."""

    holds: bool | None
    """`None` if that is unknown."""
    value: float | None = None
    limit: float | None = None
    data: Mapping[str, object] = field(default_factory=dict)
    at_once: bool = False
    """Whether it need not last before it is raised."""


type Condition = Callable[[Observation, Rule, bool], Verdict]
"""Judges an observation by a rule; the last argument is whether it is raised now."""


type IsGone = Callable[[Mapping[str, object], Observation], bool]
"""Whether what raised an alert with these data is not set up any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTime:
    """What an alert reports that is not over later."""

    since: float
    """Unix time at which it happened."""
    value: float | None = None
    """In the kind's unit."""
    limit: float | None = None
    data: Mapping[str, object] = field(default_factory=dict)


type OneTimeCondition = Callable[[Occurrence, Observation], OneTime | None]
"""Makes an alert of what happened, unless nobody needs to know."""
