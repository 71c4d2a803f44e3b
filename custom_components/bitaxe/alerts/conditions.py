"""What is wrong with a miner, one function per kind of alert. Pure.

Unknown is never a reason to raise an alert, nor to clear one.
"""

from collections.abc import Mapping
from typing import Final

from ..axeos import MiningState, Snapshot
from ..miner.detune import is_detuned
from ..miner.levels import few_shares
from ..miner.meter import Reading
from .observation import Observation, Rule, Verdict

# K below the temperature at which the firmware itself stops, from where on to alert.
_HEAT_MARGIN: Final = 5.0
# K by which a temperature sways around the target of the fan.
_TARGET_SPREAD: Final = 1.0
# At a healthy miner a silence this long comes once in 500 million shares.
_MISSING_SHARES: Final = 20.0
_MOST_OF_AN_HOUR: Final = 2700.0
# s without a share, at least; a hashrate that stands still is noticed sooner.
_SHARE_SILENCE: Final = 300.0
# s without a share at the pool, at least; its figures lag behind.
_POOL_SILENCE: Final = 900.0


UNKNOWN: Final = Verdict(holds=None)
_NO: Final = Verdict(holds=False)


def offline(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a miner cannot be read, other than because we restart it."""
    if seen.online:
        return _NO
    if seen.trouble is not None:
        return Verdict(holds=True, data={"reason": seen.trouble})
    return UNKNOWN if seen.restarting else Verdict(holds=True)


def overheating(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether the ASICs are too hot, or the firmware stopped them for heat."""
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
    return _cooled(found, cooling.vr_temperature, snapshot, rule)


def vr_heat(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether the voltage regulator is too hot."""
    if seen.reading is None:
        return UNKNOWN
    snapshot = seen.reading.snapshot
    cooling = snapshot.cooling
    found = _too_hot(cooling.vr_temperature, snapshot.vr_limit, rule, raised)
    return _cooled(found, cooling.hottest_asic_temperature, snapshot, rule)


def low_hashrate(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a miner that should mine does so far too slowly.

    A paused miner has no low hashrate. One that starts or is stopped by a fault, and
    a hashrate that stands still, cannot be judged; other conditions report those.
    """
    if seen.reading is None or seen.restarting or seen.reading.figures.flatlined:
        return UNKNOWN
    match seen.reading.snapshot.state:
        case MiningState.PAUSED:
            return _NO
        case MiningState.IDLE if not seen.reading.snapshot.faults.regulator_off:
            return Verdict(
                holds=True,
                value=0.0,
                limit=rule.threshold,
                data={"reason": "no_pool"}
                if seen.reading.snapshot.pools.connected is False
                else _after_change(seen),
            )
        case MiningState.MINING:
            return _below(seen.reading.figures.expected_ratio, rule, raised)
    return UNKNOWN


def frozen_hashrate(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a miner shows a hashrate that it does not produce.

    Either the hashrate stands still, or it promised shares that never came although
    the pool is there.
    """
    if seen.reading is None or seen.restarting:
        return UNKNOWN
    snapshot, figures = seen.reading.snapshot, seen.reading.figures
    if figures.flatlined:
        return Verdict(holds=True, data={"reason": "repeated"})
    if snapshot.state is MiningState.STARTING:
        return UNKNOWN
    if snapshot.state is not MiningState.MINING:
        # It admits that it hashes nothing; other conditions say why.
        return _NO
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
    """Judge whether too many hashes fail."""
    if not _hashes(seen):
        return UNKNOWN
    assert seen.reading is not None
    return _above(seen.reading.figures.error_rate, rule, raised)


def reject_rate(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether the pool rejects too many shares.

    Raised where a single rejected share could not pass the threshold, or several were
    rejected: at a high difficulty there are few shares in an hour. Few of them say that
    it is over only if that hour was seen.
    """
    if not _hashes(seen):
        return UNKNOWN
    assert seen.reading is not None
    assert rule.threshold is not None
    figures = seen.reading.figures
    rate = figures.reject_rate
    if rate is None:
        return UNKNOWN
    seen_enough = raised and figures.recent_seconds >= _MOST_OF_AN_HOUR
    if few_shares(figures, rule.threshold) and not seen_enough:
        return UNKNOWN
    return _above(rate, rule, raised)


def low_input_voltage(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether the supply sags below a share of the board's nominal voltage."""
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


def supply_load(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a power supply gives nearly all that it is made for."""
    if seen.reading is None:
        return UNKNOWN
    return _above(seen.supply_load, rule, raised)


def supply_is_gone(data: Mapping[str, object], seen: Observation) -> bool:
    """Return whether the miner no longer has a power supply with a known load."""
    return not seen.has_supply


def pool_fallback(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a miner works for another pool than it is set up to.

    That is the fallback pool, or only one of two pools that share the work.
    """
    if seen.reading is None:
        return UNKNOWN
    pools = seen.reading.snapshot.pools
    if pools.dual:
        return Verdict(holds=pools.one_down, data={"reason": "pool_down"})
    if pools.prefer_fallback:
        return _NO
    if pools.using_fallback is None:
        return UNKNOWN
    return Verdict(holds=pools.using_fallback)


def unseen_by_pool(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether the pool has seen no share of a miner that believes it mines there.

    By chance alone a miner is not silent for as long as 20 shares should take, nor are
    the figures of pools older than a quarter of an hour. Only the time counts in which
    the miner was seen to mine without a break.
    """
    sighting = seen.sighting
    if seen.reading is None or seen.restarting:
        return UNKNOWN
    if sighting is None:
        # A pool that fails clears nothing.
        return UNKNOWN if raised else _NO
    snapshot = seen.reading.snapshot
    if snapshot.state is MiningState.PAUSED:
        return _NO
    if (
        snapshot.state is not MiningState.MINING
        or snapshot.pools.connected is False
        or not sighting.certain
        or sighting.silence is None
    ):
        return UNKNOWN
    silence = min(sighting.silence, sighting.mining_seconds)
    missing = sighting.missing_shares(silence)
    if missing is None:
        return UNKNOWN
    if silence < _POOL_SILENCE or missing < _MISSING_SHARES:
        # A raised alert ends with a share, not with a figure that is still unknown.
        known = sighting.seen is not None and sighting.silence < _POOL_SILENCE
        return _NO if known or not raised else UNKNOWN
    return Verdict(
        holds=True,
        data={
            "account": sighting.account,
            "worker": sighting.worker,
            "reason": None if sighting.seen is not None else "not_listed",
        },
    )


def account_is_gone(data: Mapping[str, object], seen: Observation) -> bool:
    """Return whether the account that missed the miner is no longer asked about it."""
    return seen.accounts is not None and data.get("account") not in seen.accounts


def power_fault(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a fault of the voltage regulator stopped a miner."""
    if seen.reading is None or not seen.reading.snapshot.faults.reports_power:
        return UNKNOWN
    return _fault(seen.reading, seen.reading.snapshot.faults.power)


def hardware_fault(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether broken hardware stopped a miner."""
    if seen.reading is None or not seen.reading.snapshot.faults.reports_hardware:
        return UNKNOWN
    return _fault(seen.reading, seen.reading.snapshot.faults.hardware)


def regulator_off(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether the regulator has latched off without reporting a fault."""
    if seen.reading is None or seen.restarting:
        return UNKNOWN
    snapshot = seen.reading.snapshot
    if snapshot.state is MiningState.STARTING:
        return UNKNOWN
    if not snapshot.faults.regulator_off:
        return _NO
    return Verdict(holds=True, data=_after_change(seen))


def early_warning(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a miner gets worse slowly; the value is by how much, in %."""
    if seen.wear is None:
        return UNKNOWN
    signs = [
        deviation
        for deviation in seen.wear
        if (deviation.lasts if raised else deviation.is_sign)
    ]
    if not signs:
        return _NO
    worst = max(signs, key=lambda item: (item.factor - 1) / (item.limit - 1))
    return Verdict(
        holds=True,
        value=round((worst.factor - 1) * 100, 1),
        limit=round((worst.limit - 1) * 100, 1),
        data={
            "reason": worst.sign.value,
            "present": round(worst.present, 3),
            "usual": round(worst.usual, 3),
            "signs": [item.sign.value for item in signs],
        },
    )


def detuned(seen: Observation, rule: Rule, raised: bool) -> Verdict:
    """Judge whether a miner lowered its own settings after overheating."""
    if seen.reading is None or seen.intended is None:
        return UNKNOWN
    point = seen.reading.snapshot.operating_point
    if point is None:
        return UNKNOWN
    if not seen.heat_explains or not is_detuned(seen.intended, seen.reading.snapshot):
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


def _after_change(seen: Observation) -> dict[str, object]:
    """Name a change of settings with which the miner has not hashed since."""
    return {"reason": "after_change"} if seen.unproven_change else {}


def _hashes(seen: Observation) -> bool:
    """Return whether there is work to judge: neither stopped nor made up."""
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


def _cooled(
    found: Verdict, neighbour: float | None, snapshot: Snapshot, rule: Rule
) -> Verdict:
    """Judge an unknown temperature by the one next to it, in °C.

    Many sensors read nothing once the ASICs are off. What nothing heats any more is no
    hotter than what lies on the same board, and that is cool.
    """
    assert rule.clear is not None
    if (
        found.holds is None
        and neighbour is not None
        and neighbour <= rule.clear
        and snapshot.hashing.hashrate == 0
    ):
        return _NO
    return found


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
