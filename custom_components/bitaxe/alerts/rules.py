"""When each kind of alert is raised, unless a person chose otherwise. Pure."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from .kinds import KINDS
from .model import AlertKind, Rule

DEFAULT_RULES: Final[Mapping[AlertKind, Rule]] = {
    kind: specification.rule for kind, specification in KINDS.items()
}


def rules_from(chosen: Mapping[str, Mapping[str, Any]]) -> dict[AlertKind, Rule]:
    """Return the rules with what a person chose otherwise.

    `chosen` has, by kind, any of `enabled`, `threshold` and `for` (s). The distance at
    which an alert is cleared stays that of the default, but is never so long that only
    a perfect miner could be well again.
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
        choice = KINDS[kind].choice
        if choice is not None and (perfect := choice.perfect) is not None:
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
