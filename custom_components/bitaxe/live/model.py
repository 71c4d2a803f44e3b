"""What live data hold: the one definition, for cards, terminal and tests.

`scripts/live_types` makes the JSON schema and the TypeScript types of it; run it after
a change. Keys carry the unit, moments are Unix time, and unknown is `None`.
"""

from typing import Literal, TypedDict

from ..alerts.model import Severity
from ..analysis.advice import Verdict
from ..analysis.stability import StabilityLabel
from ..axeos import MiningState
from ..miner.levels import Judged, Level
from ..power.model import SetBy
from ..tuning import Goal


class LivePoint(TypedDict):
    """An operating point."""

    frequency_mhz: float
    core_voltage_mv: float


class LiveBest(LivePoint):
    """The setting that hashes best per joule, by the history."""

    verdict: Verdict
    efficiency_change_j_th: float | None


class LiveRejectReason(TypedDict):
    """Why the pool refused shares, in its own words."""

    message: str
    count: int


class LiveWarning(TypedDict):
    """An alert that is raised; value and limit are in the unit of its kind.

    The kind is any `AlertKind`, also one that is newer than the cards of an open page,
    which have no table of them.
    """

    kind: str
    severity: Severity
    icon: str
    unit: str | None
    precision: int
    """Decimals of value and limit."""
    low: bool
    """Whether it is low values that are wrong."""
    strain: bool
    """Whether it speaks against more heat and power."""
    value: float | None
    limit: float | None
    since: int
    unread_since: int | None
    reason: str | None


class LiveTuning(TypedDict):
    """That the tuner looks for the best setting; how far it is, is a guess."""

    goal: Goal
    progress_percent: float


class LiveAtPool(TypedDict):
    """What the pool sees of a miner, for those who have a pool account."""

    account: str
    worker: str
    hashrate_ghs: float | None
    error_percent: float | None
    last_share: int | None
    miners: int
    """How many miners work under this name; the pool sees their sum."""


class LivePowerTarget(TypedDict):
    """The power that is to be kept to, in W, and what came of it."""

    chosen_w: float | None
    target_w: float | None
    """In force, after surplus and price; unknown while nothing is followed."""
    set_by: SetBy | None
    """What decides about the target in force."""
    reached_w: float | None
    most_w: float | None
    """What the highest measured points draw."""
    following: bool
    with_swarm: bool
    """Whether the miner follows the target of the swarm."""
    reason: str | None


class LiveMiner(TypedDict):
    """One miner as of its last reading; every key is always there."""

    name: str
    model: str | None
    area: str | None
    labels: list[str]
    firmware: str | None
    url: str | None
    online: bool
    state: MiningState | Literal["offline"]
    last_seen: float | None
    missed_polls: int
    restarting_since: int | None
    boot_time: int | None
    hashrate_ghs: float | None
    expected_hashrate_ghs: float | None
    expected_ratio_percent: float | None
    """Of the expected hashrate over 10 minutes, by which its level is found."""
    power_w: float | None
    efficiency_j_th: float | None
    asic_temperature_c: float | None
    vr_temperature_c: float | None
    fan_speed_percent: float | None
    fan_rpm: float | None
    auto_fan: bool | None
    target_temperature_c: float | None
    frequency_mhz: float | None
    core_voltage_mv: float | None
    core_voltage_actual_mv: float | None
    input_voltage_v: float | None
    shares_accepted: int | None
    shares_rejected: int | None
    reject_rate_percent: float | None
    error_rate_percent: float | None
    best_session_difficulty: float | None
    pool: str | None
    pool_port: int | None
    pool_worker: str | None
    primary_pool: str | None
    fallback_pool: str | None
    using_fallback: bool | None
    pool_difficulty: float | None
    response_time_ms: float | None
    at_pool: LiveAtPool | None
    wifi_rssi_dbm: float | None
    asic_limit_c: float | None
    vr_limit_c: float | None
    nominal_voltage_v: float | None
    power_limit_w: float | None
    best_difficulty: float | None
    blocks_found: int | None
    reject_reasons: list[LiveRejectReason]
    levels: dict[Judged, Level]
    frequency_min_mhz: float | None
    frequency_max_mhz: float | None
    core_voltage_min_mv: float | None
    core_voltage_max_mv: float | None
    variation_24h_percent: float | None
    stability: StabilityLabel | None
    best: LiveBest | None
    warnings: list[LiveWarning]
    detuned: LivePoint | None
    tuning: LiveTuning | None
    power_target: LivePowerTarget | None
    entities: dict[str, str]
    can_control: bool


class LiveSwarm(TypedDict):
    """All miners together; unknown to those who may not see all of them."""

    name: str | None
    device_id: str | None
    hashrate_ghs: float | None
    expected_hashrate_ghs: float | None
    power_w: float | None
    efficiency_j_th: float | None
    miners: int | None
    miners_online: int | None
    miners_mining: int | None
    best_difficulty: float | None
    best_miner: str | None
    cost_per_day: float | None
    currency: str | None
    network_difficulty: float | None
    block_height: int | None
    years_to_block: float | None
    income_sats_per_day: float | None
    income_per_day: float | None
    margin_per_day: float | None
    break_even_price: float | None
    sats_per_kwh: float | None
    energy_kwh: float | None
    has_price: bool | None
    has_notifications: bool | None
    power_target: LivePowerTarget | None
    entities: dict[str, str]
    can_control: bool


class LiveFull(TypedDict):
    """The first event, and each after what a user may see has changed."""

    type: Literal["full"]
    miners: dict[str, LiveMiner]
    swarm: LiveSwarm
