"""When each kind of alert is raised, unless a person chose otherwise. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from ..thresholds import (
    ASIC_TEMPERATURE,
    ERROR_RATE,
    EXPECTED_RATIO,
    INPUT_VOLTAGE,
    REJECT_RATE,
    VR_TEMPERATURE,
)
from .alerts import AlertKind, Rule

_MINUTE: Final = 60.0

DEFAULT_RULES: Final[Mapping[AlertKind, Rule]] = {
    # A restart at the miner's own page takes half a minute, most routers' two.
    AlertKind.OFFLINE: Rule(for_seconds=2 * _MINUTE),
    AlertKind.OVERHEATING: Rule(
        threshold=ASIC_TEMPERATURE.critical, clear=65, for_seconds=_MINUTE
    ),
    AlertKind.VR_HEAT: Rule(
        threshold=VR_TEMPERATURE.critical, clear=75, for_seconds=2 * _MINUTE
    ),
    # The ratio is a mean of 10 minutes itself.
    AlertKind.LOW_HASHRATE: Rule(
        threshold=EXPECTED_RATIO.critical, clear=94, for_seconds=5 * _MINUTE
    ),
    # Two minutes of the same hashrate are over before it counts as frozen.
    AlertKind.FROZEN_HASHRATE: Rule(),
    AlertKind.ERROR_RATE: Rule(
        threshold=ERROR_RATE.critical, clear=2, for_seconds=5 * _MINUTE
    ),
    AlertKind.REJECT_RATE: Rule(
        threshold=REJECT_RATE.critical, clear=2, for_seconds=5 * _MINUTE
    ),
    # % of the board's nominal voltage.
    AlertKind.LOW_INPUT_VOLTAGE: Rule(
        threshold=INPUT_VOLTAGE.critical, clear=97, for_seconds=_MINUTE
    ),
    AlertKind.POOL_FALLBACK: Rule(for_seconds=_MINUTE),
    AlertKind.POWER_FAULT: Rule(),
    AlertKind.HARDWARE_FAULT: Rule(),
    AlertKind.DETUNED: Rule(),
    AlertKind.RESTARTED: Rule(),
    AlertKind.NEW_BEST_DIFFICULTY: Rule(),
    AlertKind.BLOCK_FOUND: Rule(),
}

# %; what a healthy miner comes near to, but seldom reaches.
_PERFECT: Final[Mapping[AlertKind, float]] = {
    AlertKind.LOW_HASHRATE: 100,
    AlertKind.ERROR_RATE: 0,
    AlertKind.REJECT_RATE: 0,
    AlertKind.LOW_INPUT_VOLTAGE: 100,
}


def rules_from(chosen: Mapping[str, Mapping[str, Any]]) -> dict[AlertKind, Rule]:
    """Return the rules with what a person chose otherwise.

    `chosen` has, by kind, any of `enabled`, `threshold` and `for` (s). The distance at
    which an alert is cleared stays that of the default, but is never so long that only a
    perfect miner could be well again.
    """
    return {
        kind: _chosen(kind, default, chosen.get(kind, {}))
        for kind, default in DEFAULT_RULES.items()
    }


def differing(rules: Mapping[AlertKind, Rule]) -> dict[str, dict[str, Any]]:
    """Return what of the rules is not default, so that `rules_from` gives them back.

    Defaults are not written down: better ones reach everybody who did not object.
    """
    found: dict[str, dict[str, Any]] = {}
    for kind, rule in rules.items():
        default = DEFAULT_RULES[kind]
        values: dict[str, Any] = {}
        if rule.enabled != default.enabled:
            values["enabled"] = rule.enabled
        if rule.threshold != default.threshold:
            values["threshold"] = rule.threshold
        if rule.for_seconds != default.for_seconds:
            values["for"] = rule.for_seconds
        if values:
            found[kind.value] = values
    return found


def _chosen(kind: AlertKind, default: Rule, values: Mapping[str, Any]) -> Rule:
    threshold = values.get("threshold", default.threshold)
    clear = default.clear
    if threshold is not None and default.threshold is not None and clear is not None:
        distance = clear - default.threshold
        if (perfect := _PERFECT.get(kind)) is not None:
            share = distance / (perfect - default.threshold)
            distance = min(distance, (perfect - threshold) * share, key=abs)
        clear = threshold + distance
    return replace(
        default,
        enabled=values.get("enabled", default.enabled),
        threshold=threshold,
        clear=clear,
        for_seconds=float(values.get("for", default.for_seconds)),
    )
