"""Levels: one judgement of every figure, for cards, terminal and Discord."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.bitaxe.guard.heat import heat_thresholds
from custom_components.bitaxe.guard.model import GuardOptions
from custom_components.bitaxe.miner.levels import Judged, Level, levels_of, worst
from custom_components.bitaxe.miner.meter import Reading

from ..snapshots import gamma
from .observing import HEALTHY


def judge(
    info: dict[str, Any] | None = None,
    figures: dict[str, Any] | None = None,
    **options: Any,
) -> dict[Judged, Level]:
    """Return the levels of a Gamma."""
    reading = Reading(
        snapshot=gamma(**info or {}), figures=replace(HEALTHY, **figures or {})
    )
    return levels_of(
        reading, *heat_thresholds(reading.snapshot, GuardOptions(**options))
    )


@pytest.mark.parametrize(
    ("figure", "info", "figures", "level"),
    [
        ("hashrate", {}, {"expected_ratio": 97}, "good"),
        ("hashrate", {}, {"expected_ratio": 96}, "warning"),
        ("hashrate", {}, {"expected_ratio": 88}, "critical"),
        ("asic_temperature", {"temp": 64.9}, {}, "good"),
        ("asic_temperature", {"temp": 65}, {}, "warning"),
        ("asic_temperature", {"temp": 70}, {}, "critical"),
        ("vr_temperature", {"vrTemp": 78}, {}, "good"),
        ("vr_temperature", {"vrTemp": 80}, {}, "warning"),
        ("vr_temperature", {"vrTemp": 90}, {}, "critical"),
        ("input_voltage", {"voltage": 4899}, {}, "warning"),
        ("input_voltage", {"voltage": 4799}, {}, "critical"),
        ("reject_rate", {}, {"reject_rate": 1}, "warning"),
        ("error_rate", {}, {"error_rate": 3}, "critical"),
        ("wifi_rssi", {"wifiRSSI": -75}, {}, "warning"),
    ],
)
def test_each_figure_has_two_thresholds(
    figure: str, info: dict[str, Any], figures: dict[str, Any], level: str
) -> None:
    """Each figure has two thresholds."""
    assert judge(info, figures)[Judged(figure)] == level


@pytest.mark.parametrize(
    ("shares", "rejected", "level"),
    [
        (18, 1, None),
        (40, 1, None),
        (40, 2, "critical"),
        (20, 3, "critical"),
        (100, 1, "warning"),
        (150, 1, "good"),
        (18, 0, "good"),
    ],
)
def test_one_rejected_share_of_few_is_chance(
    shares: int, rejected: int, level: str | None
) -> None:
    """It is as bad as the alert says that it is, and no worse before."""
    figures = {"recent_shares": shares, "reject_rate": rejected / shares * 100}
    assert judge(None, figures).get(Judged.REJECT_RATE) == level


def test_what_is_unknown_has_none() -> None:
    """It is neither good nor bad."""
    found = judge({"temp": None, "voltage": None}, {"expected_ratio": None})
    assert not found.keys() & {
        Judged.ASIC_TEMPERATURE,
        Judged.INPUT_VOLTAGE,
        Judged.HASHRATE,
    }


def test_a_miner_that_is_paused_does_not_fall_short() -> None:
    """Whatever the mean of before is."""
    assert Judged.HASHRATE not in judge({"miningPaused": True}, {"expected_ratio": 10})


def test_the_heat_that_was_chosen_for_the_miner() -> None:
    """Its levels are those of its guard, and never above where the firmware stops."""
    chosen = {"asic_warning": 55, "asic_critical": 59, "vr_warning": 60}
    found = judge({"temp": 60, "vrTemp": 61}, **chosen)
    assert found[Judged.ASIC_TEMPERATURE] is Level.CRITICAL
    assert found[Judged.VR_TEMPERATURE] is Level.WARNING
    found = judge({"temp": 74}, asic_warning=90, asic_critical=95)
    assert found[Judged.ASIC_TEMPERATURE] is Level.CRITICAL


def test_worst_level() -> None:
    """Good where there are none."""
    assert worst([]) is Level.GOOD
    assert worst([Level.CRITICAL, Level.WARNING, Level.GOOD]) is Level.CRITICAL
