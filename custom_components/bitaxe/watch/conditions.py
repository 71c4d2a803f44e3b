"""What is wrong with a miner, one function per kind of alert. Pure.

Unknown is never a reason to raise an alert, nor to clear one.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from ..axeos import MiningState
from ..metering import Reading
from .alerts import AlertKind, Rule
from .detune import IntendedSettings, is_detuned

# K below the temperature at which the firmware itself stops, from where on to tell.
_HEAT_MARGIN: Final = 5.0
# K by which a temperature sways around the target of the fan.
_TARGET_SPREAD: Final = 1.0
# At a healthy miner a silence this long comes once in 500 million shares.
_MISSING_SHARES: Final = 20.0
_SEVERAL_REJECTED: Final = 3
_MOST_OF_AN_HOUR: Final = 2700.0
# s; a hashrate that stands still shows before, and says more.
_SHARE_SILENCE: Final = 300.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A miner at one moment, with what is needed to judge it."""

    time: float
    """Unix time."""
    clock: float
    """s of a clock that nobody sets, by which a condition lasts."""
    online: bool
    reading: Reading | None
    """`None` while the miner is offline."""
    intended: IntendedSettings | None = None
    restarting: bool = False
    """Whether the miner was told to restart, and is not back yet."""
    asked_restart: int | None = None
    """The count of restarts at the last one that somebody asked for."""
    swarm_best_difficulty: float | None = None
    """Best share of all miners before this observation."""


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

UNKNOWN: Final = Verdict(holds=None)
_NO: Final = Verdict(holds=False)


def offline(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether a miner does not answer, other than because we restart it."""
    if seen.online:
        return _NO
    return UNKNOWN if seen.restarting else Verdict(holds=True)


def overheating(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether the ASICs are too hot, or the firmware stopped them for heat."""
    if seen.reading is None:
        return UNKNOWN
    snapshot = seen.reading.snapshot
    cooling = snapshot.cooling
    temperature = cooling.hottest_asic_temperature
    found = _too_hot(
        temperature,
        snapshot.asic_limit,
        rule,
        raised,
        target=cooling.target_temperature if cooling.auto_fan else None,
    )
    if snapshot.faults.overheated:
        return Verdict(
            holds=True,
            value=temperature,
            limit=found.limit,
            data={
                "stopped": True,
                "vr_temperature": cooling.vr_temperature,
            },
            at_once=True,
        )
    return found


def vr_heat(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether the voltage regulator is too hot."""
    if seen.reading is None:
        return UNKNOWN
    snapshot = seen.reading.snapshot
    return _too_hot(snapshot.cooling.vr_temperature, snapshot.vr_limit, rule, raised)


def low_hashrate(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether a miner that should mine does so far too slowly.

    Whoever is paused has no low hashrate. Whoever starts or is stopped by a fault, and
    a hashrate that stands still, cannot be judged; other conditions tell of those.
    """
    if seen.reading is None or seen.restarting or seen.reading.figures.flatlined:
        return UNKNOWN
    match seen.reading.snapshot.state:
        case MiningState.PAUSED:
            return _NO
        case MiningState.IDLE:
            return Verdict(
                holds=True,
                value=0.0,
                limit=rule.threshold,
                data={"reason": "no_pool"}
                if seen.reading.snapshot.pools.connected is False
                else {},
            )
        case MiningState.MINING:
            return _below(seen.reading.figures.expected_ratio, rule, raised)
    return UNKNOWN


def frozen_hashrate(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether a miner shows a hashrate that it does not produce.

    Either the hashrate stands still, or it promised shares that never came although
    the pool is there.
    """
    if seen.reading is None or seen.restarting:
        return UNKNOWN
    snapshot, figures = seen.reading.snapshot, seen.reading.figures
    if figures.flatlined:
        return Verdict(holds=True, data={"reason": "repeated"})
    if snapshot.state is MiningState.PAUSED:
        return _NO
    if snapshot.state is not MiningState.MINING:
        return UNKNOWN
    if (
        figures.missing_shares is not None
        and figures.share_silence is not None
        and figures.missing_shares >= _MISSING_SHARES
        and figures.share_silence >= _SHARE_SILENCE
        and snapshot.pools.connected is not False
    ):
        return Verdict(holds=True, data={"reason": "no_shares"})
    return _NO


def error_rate(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether too many hashes fail."""
    if not _hashes(seen):
        return UNKNOWN
    assert seen.reading is not None
    return _above(seen.reading.figures.error_rate, rule, raised)


def reject_rate(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether the pool rejects too many shares.

    Raised where a single rejected share could not pass the threshold, or several were
    rejected: at a high difficulty there are few shares in an hour. Few of them say that
    it is over only if that hour was seen.
    """
    if not _hashes(seen):
        return UNKNOWN
    assert seen.reading is not None
    assert rule.threshold is not None
    figures = seen.reading.figures
    shares, rate = figures.recent_shares, figures.reject_rate
    if rate is None:
        return UNKNOWN
    few = shares * rule.threshold < 100 and (
        round(shares * rate / 100) < _SEVERAL_REJECTED
    )
    if few and not (raised and figures.recent_seconds >= _MOST_OF_AN_HOUR):
        return UNKNOWN
    return _above(rate, rule, raised)


def low_input_voltage(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether the supply sags, in relation to the voltage the board is made for."""
    if seen.reading is None:
        return UNKNOWN
    electrical = seen.reading.snapshot.electrical
    voltage, nominal = electrical.input_voltage, electrical.nominal_voltage
    if voltage is None or nominal is None:
        return UNKNOWN
    assert rule.threshold is not None
    found = _below(voltage / nominal * 100, rule, raised)
    return Verdict(
        holds=found.holds,
        value=voltage,
        limit=rule.threshold * nominal / 100,
        data={"nominal_voltage": nominal},
    )


def pool_fallback(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether a miner works for the fallback pool, without being set up to."""
    if seen.reading is None:
        return UNKNOWN
    pools = seen.reading.snapshot.pools
    if pools.prefer_fallback:
        return _NO
    if pools.using_fallback is None:
        return UNKNOWN
    return Verdict(holds=pools.using_fallback)


def power_fault(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether a fault of the voltage regulator stopped a miner."""
    if seen.reading is None or not seen.reading.snapshot.faults.reports_power:
        return UNKNOWN
    return _fault(seen.reading, seen.reading.snapshot.faults.power)


def hardware_fault(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether broken hardware stopped a miner."""
    if seen.reading is None or not seen.reading.snapshot.faults.reports_hardware:
        return UNKNOWN
    return _fault(seen.reading, seen.reading.snapshot.faults.hardware)


def detuned(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Whether a miner lowered its own settings after overheating."""
    if seen.reading is None or seen.intended is None:
        return UNKNOWN
    point = seen.reading.snapshot.operating_point
    if point is None:
        return UNKNOWN
    if not is_detuned(seen.intended, seen.reading.snapshot):
        return _NO
    return Verdict(
        holds=True,
        data={
            "frequency": point.frequency,
            "core_voltage": point.core_voltage,
            "intended_frequency": seen.intended.frequency,
            "intended_core_voltage": seen.intended.core_voltage,
        },
    )


CONDITIONS: Final[Mapping[AlertKind, Condition]] = {
    AlertKind.OFFLINE: offline,
    AlertKind.OVERHEATING: overheating,
    AlertKind.VR_HEAT: vr_heat,
    AlertKind.LOW_HASHRATE: low_hashrate,
    AlertKind.FROZEN_HASHRATE: frozen_hashrate,
    AlertKind.ERROR_RATE: error_rate,
    AlertKind.REJECT_RATE: reject_rate,
    AlertKind.LOW_INPUT_VOLTAGE: low_input_voltage,
    AlertKind.POOL_FALLBACK: pool_fallback,
    AlertKind.POWER_FAULT: power_fault,
    AlertKind.HARDWARE_FAULT: hardware_fault,
    AlertKind.DETUNED: detuned,
}
"""Everything that is raised and cleared."""


def _hashes(seen: Observation) -> bool:
    """Whether there is work to judge: neither stopped nor made up."""
    return (
        seen.reading is not None
        and not seen.reading.figures.flatlined
        and seen.reading.snapshot.state is MiningState.MINING
    )


def _fault(reading: Reading, text: str | None) -> Verdict:
    """Judge a fault by whether it stops the miner: regulators report false ones."""
    if text is None:
        return _NO
    return Verdict(
        holds=reading.snapshot.state is MiningState.FAULT, data={"description": text}
    )


def _too_hot(
    temperature: float | None,
    stops_at: float | None,
    rule: Rule,
    raised: bool,
    *,
    target: float | None = None,
) -> Verdict:
    """Judge a temperature in °C, and warn before the firmware stops at `stops_at`.

    What the fan has brought down to its `target` is cool again: it gets no cooler.
    """
    assert rule.threshold is not None
    assert rule.clear is not None
    limit = rule.threshold
    if stops_at is not None:
        limit = min(limit, stops_at - _HEAT_MARGIN)
    clear = limit - (rule.threshold - rule.clear)
    if target is not None:
        clear = max(clear, min(target + _TARGET_SPREAD, limit - _TARGET_SPREAD))
    return _above(temperature, Rule(threshold=limit, clear=clear), raised)


def _above(value: float | None, rule: Rule, raised: bool) -> Verdict:
    if value is None:
        return UNKNOWN
    assert rule.threshold is not None
    assert rule.clear is not None
    return Verdict(
        holds=value > rule.clear if raised else value >= rule.threshold,
        value=value,
        limit=rule.threshold,
    )


def _below(value: float | None, rule: Rule, raised: bool) -> Verdict:
    if value is None:
        return UNKNOWN
    assert rule.threshold is not None
    assert rule.clear is not None
    return Verdict(
        holds=value < rule.clear if raised else value < rule.threshold,
        value=value,
        limit=rule.threshold,
    )
