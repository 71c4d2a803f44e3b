"""What is sent of the tuner: the one definition, for cards and tests.

`scripts/live_types` makes the JSON schema and the TypeScript types of it; run it after
a change. Keys carry the unit, moments are Unix time, and unknown is `None`.
"""

from typing import Literal, TypedDict

from ..tuning import Goal, Outcome
from ..tuning.record import TunerState
from ..tuning.report import Limiting
from .model import LivePoint


class TuningTrial(LivePoint):
    """What was measured at one setting; errors are standard errors."""

    outcome: Outcome
    limit: str | None
    """Which limit was met: `power`, `temperature`, `vr_temperature` or `fan_speed`."""
    seconds: float
    expected_hashrate_ghs: float
    hashrate_ghs: float | None
    hashrate_error_ghs: float | None
    power_w: float | None
    efficiency_j_th: float | None
    efficiency_error_j_th: float | None
    asic_temperature_c: float | None
    vr_temperature_c: float | None
    fan_speed_percent: float | None
    error_rate_percent: float | None


class TuningNow(LivePoint):
    """The setting that is being tried, and what was measured there so far."""

    seconds: float
    passing: bool
    """Whether it only lies on the way to another one."""
    hashrate_ghs: float | None
    hashrate_error_ghs: float | None
    power_w: float | None
    efficiency_j_th: float | None
    efficiency_error_j_th: float | None


class TuningLimits(TypedDict):
    """The limits that apply to a run: those that were asked for, and the hardware's."""

    power_w: float | None
    asic_temperature_c: float | None
    vr_temperature_c: float | None
    fan_speed_percent: float | None
    hashrate_ghs: float | None
    """At least."""
    seconds: float | None
    """The run may take."""


class TuningRunning(TypedDict):
    """The run that goes on."""

    goal: Goal
    limits: TuningLimits
    original: LivePoint
    started: int
    progress_percent: float
    seconds_left: float
    trials: list[TuningTrial]
    now: TuningNow | None
    best: TuningTrial | None
    gain_percent: float | None
    gain_error_percent: float | None
    room_temperature_c: float | None


class TuningReport(TypedDict):
    """What a run that is over found."""

    state: TunerState
    reason: str
    goal: Goal
    limits: TuningLimits
    original: LivePoint
    ended: int
    seconds: float
    room_temperature_c: float | None
    trials: list[TuningTrial]
    before: TuningTrial | None
    best: TuningTrial | None
    gain_percent: float | None
    gain_error_percent: float | None
    limiting: Limiting | None


class TuningSoakTest(LivePoint):
    """The test of a profile over hours that goes on."""

    profile: str
    hours: float
    started: int
    progress_percent: float
    seconds_left: float
    """Of hashing."""
    original: LivePoint
    hashrate_share_percent: float | None
    """Of the expected hashrate, so far."""
    power_w: float | None
    error_rate_percent: float | None


class TuningSoakReport(LivePoint):
    """What the last test of a profile found."""

    profile: str
    hours: float
    state: TunerState
    reason: str
    original: LivePoint
    ended: int
    seconds: float


class TuningProfile(LivePoint):
    """A setting with a name."""

    name: str


class TuningMiner(TypedDict):
    """The tuner of one miner; every key is always there."""

    state: TunerState
    reason: str | None
    obstacle: str | None
    """Key of the error that a start would meet now."""
    soak_test: TuningSoakTest | None
    soak_report: TuningSoakReport | None
    run: TuningRunning | None
    reports: list[TuningReport]
    """Of the last runs, the latest first."""
    profiles: list[TuningProfile]
    """That may be applied."""
    can_control: bool


class TuningRange(TypedDict):
    """What may be asked for."""

    low: float
    high: float


class TuningFull(TypedDict):
    """The first event. Later ones have what changed; a miner that is gone is `None`."""

    type: Literal["full"]
    ranges: dict[str, TuningRange]
    """Of each limit of a run, by its name in the action; `time_limit` is in s."""
    miners: dict[str, TuningMiner]
