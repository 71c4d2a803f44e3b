"""Rules, and what people choose otherwise."""

from dataclasses import replace

import pytest

from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.alerts.rules import DEFAULT_RULES, differing, rules_from


def test_nothing_chosen() -> None:
    """The defaults, and nothing to write down."""
    assert rules_from({}) == DEFAULT_RULES
    assert differing(DEFAULT_RULES) == {}


def test_only_what_differs_is_written_down() -> None:
    """And gives the same rules back."""
    rules = dict(DEFAULT_RULES)
    rules[AlertKind.RESTARTED] = replace(rules[AlertKind.RESTARTED], enabled=False)
    rules[AlertKind.VR_HEAT] = replace(
        rules[AlertKind.VR_HEAT], threshold=90.0, clear=85.0, for_seconds=30.0
    )
    written = differing(rules)
    assert written == {
        "restarted": {"enabled": False},
        "vr_heat": {"threshold": 90, "for": 30},
    }
    assert rules_from(written) == rules


def test_the_distance_to_clear_stays() -> None:
    """Whatever threshold is chosen."""
    rules = rules_from({"low_hashrate": {"threshold": 70}})
    assert rules[AlertKind.LOW_HASHRATE].clear == 74


@pytest.mark.parametrize(
    ("kind", "threshold", "clear"),
    [
        (AlertKind.REJECT_RATE, 10, 9),
        (AlertKind.REJECT_RATE, 1.2, 0.8),
        (AlertKind.LOW_HASHRATE, 50, 54),
        (AlertKind.LOW_HASHRATE, 95, 97),
        (AlertKind.LOW_INPUT_VOLTAGE, 99, 99.25),
    ],
)
def test_nobody_must_be_perfect_to_be_well(
    kind: AlertKind, threshold: float, clear: float
) -> None:
    """A threshold that is close to perfect leaves room to be cleared."""
    rule = rules_from({kind: {"threshold": threshold}})[kind]
    assert rule.clear == pytest.approx(clear)


def test_unknown_kinds_are_ignored() -> None:
    """A later version may have written them."""
    assert rules_from({"flooded": {"enabled": False}}) == DEFAULT_RULES
