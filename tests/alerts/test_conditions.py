"""What is wrong with a miner, and what is not."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.bitaxe.alerts.kinds import KINDS
from custom_components.bitaxe.alerts.model import AlertKind
from custom_components.bitaxe.alerts.observation import Observation, Verdict
from custom_components.bitaxe.alerts.rules import DEFAULT_RULES
from custom_components.bitaxe.axeos import MiningState

from ..snapshots import gamma
from .observing import gone, observe

HOT = {"temp": 71}
PAUSED = {"miningPaused": True, "hashRate": 0}
STARTING = {"hashRate": 0, "uptimeSeconds": 10}
IDLE = {"hashRate": 0}

LASTING = [kind for kind in KINDS if KINDS[kind].condition]


def judge(
    kind: AlertKind, seen: Observation, *, raised: bool = False, **rule: Any
) -> Verdict:
    """Judge by the default rule, with some changes."""
    condition = KINDS[kind].condition
    assert condition is not None
    return condition(seen, replace(DEFAULT_RULES[kind], **rule), raised)


def test_every_kind_is_either_raised_or_just_happens() -> None:
    """Nothing is forgotten, and everything has a rule."""
    assert set(KINDS) == set(AlertKind) == set(DEFAULT_RULES)
    for specification in KINDS.values():
        assert (specification.condition is None) != (
            specification.one_time_condition is None
        )


@pytest.mark.parametrize("kind", LASTING)
def test_nothing_is_wrong_with_a_healthy_miner(kind: AlertKind) -> None:
    """Every condition knows that, whether it was raised before or not."""
    assert judge(kind, observe()).holds is False
    assert judge(kind, observe(), raised=True).holds is False


@pytest.mark.parametrize("kind", [k for k in LASTING if k is not AlertKind.OFFLINE])
@pytest.mark.parametrize("raised", [False, True])
def test_of_a_miner_that_is_gone_nothing_is_known(
    kind: AlertKind, *, raised: bool
) -> None:
    """It is neither cool again nor free of faults."""
    assert judge(kind, gone(), raised=raised).holds is None


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        (AlertKind.OVERHEATING, observe(info={"temp": None})),
        (AlertKind.VR_HEAT, observe(info={"vrTemp": 0})),
        (AlertKind.LOW_HASHRATE, observe(figures={"expected_ratio": None})),
        (AlertKind.ERROR_RATE, observe(figures={"error_rate": None})),
        (AlertKind.REJECT_RATE, observe(figures={"reject_rate": None})),
        (AlertKind.LOW_INPUT_VOLTAGE, observe(info={"voltage": None})),
        (AlertKind.SUPPLY_LOAD, observe(supply_load=None)),
        (AlertKind.POOL_FALLBACK, observe(info={"isUsingFallbackStratum": None})),
        (
            AlertKind.POWER_FAULT,
            observe(info={"nominalVoltage": None, "power_fault": None}),
        ),
        (AlertKind.DETUNED, observe(intended=None)),
        (AlertKind.DETUNED, observe(info={"frequency": None})),
    ],
)
@pytest.mark.parametrize("raised", [False, True])
def test_a_value_that_is_missing_says_nothing(
    kind: AlertKind, seen: Observation, *, raised: bool
) -> None:
    """Neither to raise an alert nor to clear it."""
    if kind is AlertKind.POWER_FAULT:
        assert seen.reading is not None
        snapshot = seen.reading.snapshot
        faults = replace(snapshot.faults, reports_power=False)
        seen = observe(snapshot=replace(snapshot, faults=faults))
    assert judge(kind, seen, raised=raised).holds is None


@pytest.mark.parametrize(
    ("kind", "good", "between", "bad", "limit"),
    [
        (
            AlertKind.OVERHEATING,
            {"info": {"temp": 65}},
            {"info": {"temp": 67}},
            {"info": {"temp": 70}},
            70,
        ),
        (
            AlertKind.VR_HEAT,
            {"info": {"vrTemp": 75}},
            {"info": {"vrTemp": 79}},
            {"info": {"vrTemp": 80}},
            80,
        ),
        (
            AlertKind.SUPPLY_LOAD,
            {"supply_load": 85},
            {"supply_load": 88},
            {"supply_load": 90},
            90,
        ),
        (
            AlertKind.LOW_HASHRATE,
            {"figures": {"expected_ratio": 94}},
            {"figures": {"expected_ratio": 91}},
            {"figures": {"expected_ratio": 89}},
            90,
        ),
        (
            AlertKind.ERROR_RATE,
            {"figures": {"error_rate": 2}},
            {"figures": {"error_rate": 2.5}},
            {"figures": {"error_rate": 3}},
            3,
        ),
        (
            AlertKind.REJECT_RATE,
            {"figures": {"reject_rate": 2}},
            {"figures": {"reject_rate": 2.5}},
            {"figures": {"reject_rate": 3}},
            3,
        ),
        (
            AlertKind.LOW_INPUT_VOLTAGE,
            {"info": {"voltage": 4860}},
            {"info": {"voltage": 4830}},
            {"info": {"voltage": 4790}},
            4.8,
        ),
    ],
)
def test_a_value_near_the_threshold_is_raised_and_cleared_once(
    kind: AlertKind,
    good: dict[str, Any],
    between: dict[str, Any],
    bad: dict[str, Any],
    limit: float,
) -> None:
    """What hovers around the threshold is raised once, and cleared once it is well."""
    assert judge(kind, observe(**good)).holds is False
    assert judge(kind, observe(**between)).holds is False
    verdict = judge(kind, observe(**bad))
    assert verdict.holds is True
    assert verdict.limit == pytest.approx(limit)
    assert judge(kind, observe(**bad), raised=True).holds is True
    assert judge(kind, observe(**between), raised=True).holds is True
    assert judge(kind, observe(**good), raised=True).holds is False


def test_low_voltage_is_relative_to_the_board() -> None:
    """11.6 V are fine for a board of 12 V, and 5.1 V are not."""
    hex_board = {"boardVersion": "303", "ASICModel": "BM1366", "nominalVoltage": 12}
    assert (
        judge(
            AlertKind.LOW_INPUT_VOLTAGE, observe(info={**hex_board, "voltage": 11_600})
        ).holds
        is False
    )
    verdict = judge(
        AlertKind.LOW_INPUT_VOLTAGE, observe(info={**hex_board, "voltage": 11_400})
    )
    assert verdict.holds is True
    assert verdict.value == pytest.approx(11.4)
    assert verdict.limit == pytest.approx(11.52)
    assert verdict.data == {"nominal_voltage": 12}


@pytest.mark.parametrize(
    ("kind", "own", "neighbour"),
    [(AlertKind.OVERHEATING, "temp", "vrTemp"), (AlertKind.VR_HEAT, "vrTemp", "temp")],
)
def test_what_is_off_is_as_cool_as_its_neighbour(
    kind: AlertKind, own: str, neighbour: str
) -> None:
    """Many sensors read nothing of an ASIC that is off; one that hashes may be hot."""
    off = {own: -1, neighbour: 26, **PAUSED}
    assert judge(kind, observe(info=off), raised=True).holds is False
    assert judge(kind, observe(info={**off, neighbour: 80}), raised=True).holds is None
    assert judge(kind, observe(info={**off, neighbour: -1}), raised=True).holds is None
    running = {own: -1, neighbour: 26}
    assert judge(kind, observe(info=running), raised=True).holds is None


def test_a_miner_that_admits_to_hash_nothing_is_not_frozen() -> None:
    """Whatever keeps it from hashing."""
    kind = AlertKind.FROZEN_HASHRATE
    for info in (IDLE, {"overheat_mode": 1}, {"power_fault": "x", "hashRate": 0}):
        assert judge(kind, observe(info=info), raised=True).holds is False


def test_two_pools_at_once_are_no_fallback() -> None:
    """NerdOS reports a fallback only while it does not split its work."""
    snapshot = gamma()
    pools = replace(snapshot.pools, dual=True, using_fallback=None, one_down=False)
    seen = observe(snapshot=replace(snapshot, pools=pools))
    assert judge(AlertKind.POOL_FALLBACK, seen, raised=True).holds is False
    pools = replace(pools, one_down=True)
    seen = observe(snapshot=replace(snapshot, pools=pools))
    verdict = judge(AlertKind.POOL_FALLBACK, seen)
    assert (verdict.holds, verdict.data) == (True, {"reason": "pool_down"})
    pools = replace(pools, one_down=None)
    seen = observe(snapshot=replace(snapshot, pools=pools))
    assert judge(AlertKind.POOL_FALLBACK, seen, raised=True).holds is None


def test_a_miner_that_answers_and_cannot_be_read() -> None:
    """Says why, also while it was asked to restart."""
    seen = gone(trouble="network_refused", restarting=True)
    verdict = judge(AlertKind.OFFLINE, seen)
    assert (verdict.holds, verdict.data) == (True, {"reason": "network_refused"})


def test_offline_is_raised_unless_we_restart_the_miner() -> None:
    """A miner that cannot be read is offline, unless we restart it ourselves."""
    assert judge(AlertKind.OFFLINE, gone()).holds is True
    assert judge(AlertKind.OFFLINE, gone(restarting=True)).holds is None


def test_a_firmware_that_stopped_for_heat_overheats_at_once() -> None:
    """Whatever the temperature is by now."""
    verdict = judge(AlertKind.OVERHEATING, observe(info={"overheat_mode": 1}))
    assert verdict.holds is True
    assert verdict.at_once
    assert verdict.data["stopped"] is True
    assert not judge(AlertKind.OVERHEATING, observe(info=HOT)).at_once


def test_a_fan_that_holds_its_target_has_cooled() -> None:
    """A target above what an alert is cleared at would keep it raised for ever."""
    kind = AlertKind.OVERHEATING
    warm = {"temp": 66.5, "temptarget": 66}
    assert judge(kind, observe(info=warm), raised=True).holds is False
    assert judge(kind, observe(info=warm | {"temp": 67.5}), raised=True).holds is True
    # A manual fan has no target.
    manual = warm | {"autofanspeed": 0}
    assert judge(kind, observe(info=manual), raised=True).holds is True
    # No target makes a miner cool that is as hot as the threshold.
    hot = {"temp": 70, "temptarget": 75}
    assert judge(kind, observe(info=hot), raised=True).holds is True


def test_the_hotter_sensor_counts() -> None:
    """Boards with two stop for either of them."""
    kind = AlertKind.OVERHEATING
    verdict = judge(kind, observe(info={"temp": 58, "temp2": 72}))
    assert (verdict.holds, verdict.value) == (True, 72)
    assert judge(kind, observe(info={"temp": 72, "temp2": 58})).value == 72
    assert judge(kind, observe(info={"temp": 58, "temp2": -1})).holds is False


def test_heat_is_reported_before_the_firmware_stops() -> None:
    """A threshold above that would never be reached in time."""
    verdict = judge(AlertKind.OVERHEATING, observe(info=HOT), threshold=90, clear=85)
    assert verdict.holds is True
    assert verdict.limit == 70
    cooler = observe(info={"temp": 66})
    raised = judge(
        AlertKind.OVERHEATING, cooler, raised=True, threshold=90.0, clear=85.0
    )
    assert raised.holds is True


def test_only_miners_that_should_mine_have_a_low_hashrate() -> None:
    """Paused is well; starting, frozen and overheated ones cannot be judged."""
    slow = {"expected_ratio": 50}
    kind = AlertKind.LOW_HASHRATE
    assert judge(kind, observe(info=PAUSED, figures=slow), raised=True).holds is False
    assert judge(kind, observe(info=STARTING, figures=slow)).holds is None
    assert judge(kind, observe(info={"overheat_mode": 1}, figures=slow)).holds is None
    assert judge(kind, observe(figures={**slow, "flatlined": True})).holds is None
    assert judge(kind, observe(figures=slow, restarting=True)).holds is None
    idle = judge(kind, observe(info=IDLE, figures={"expected_ratio": None}))
    assert (idle.holds, idle.value, idle.data) == (True, 0, {})
    poolless = {**IDLE, "poolConnectionInfo": "Not Connected"}
    assert judge(kind, observe(info=poolless)).data == {"reason": "no_pool"}


def test_frozen_hashrate() -> None:
    """It stands still, or shares stay away that should have come."""
    kind = AlertKind.FROZEN_HASHRATE
    repeated = judge(kind, observe(figures={"flatlined": True}))
    assert (repeated.holds, repeated.data) == (True, {"reason": "repeated"})
    silent = observe(figures={"missing_shares": 20, "share_silence": 300})
    verdict = judge(kind, silent)
    assert (verdict.holds, verdict.data) == (True, {"reason": "no_shares"})
    for missing, silence in ((19, 3600), (100, 290), (None, None)):
        figures = {"missing_shares": missing, "share_silence": silence}
        assert judge(kind, observe(figures=figures)).holds is False
    assert judge(kind, observe(info=PAUSED)).holds is False
    assert judge(kind, observe(info=STARTING)).holds is None
    assert judge(kind, replace(silent, restarting=True)).holds is None


def test_no_shares_without_a_pool() -> None:
    """That is not the miner's fault, and no restart helps."""
    snapshot = gamma()
    snapshot = replace(snapshot, pools=replace(snapshot.pools, connected=False))
    seen = observe(
        snapshot=snapshot, figures={"missing_shares": 100, "share_silence": 900}
    )
    assert judge(AlertKind.FROZEN_HASHRATE, seen).holds is False


@pytest.mark.parametrize("kind", [AlertKind.ERROR_RATE, AlertKind.REJECT_RATE])
def test_rates_are_judged_of_miners_that_hash(kind: AlertKind) -> None:
    """What is left over in the window of a paused or frozen one says nothing."""
    bad = {"error_rate": 50, "reject_rate": 50}
    assert judge(kind, observe(figures=bad)).holds is True
    assert judge(kind, observe(info=PAUSED, figures=bad)).holds is None
    assert judge(kind, observe(figures={**bad, "flatlined": True})).holds is None


def test_a_single_rejected_share_is_no_rate() -> None:
    """One of 33 would be 3 %."""
    bad = {"reject_rate": 3.03}
    kind = AlertKind.REJECT_RATE
    assert judge(kind, observe(figures={**bad, "recent_shares": 33})).holds is None
    assert judge(kind, observe(figures={**bad, "recent_shares": 34})).holds is True


def test_rejects_of_a_miner_with_few_shares() -> None:
    """Where the difficulty is high, a pool that rejects all is reported as well."""
    kind = AlertKind.REJECT_RATE

    def seen(accepted: int, rejected: int, seconds: float = 3600) -> Observation:
        shares = accepted + rejected
        figures = {"reject_rate": rejected / shares * 100, "recent_shares": shares}
        return observe(figures={**figures, "recent_seconds": seconds})

    assert judge(kind, seen(0, 3)).holds is True
    assert judge(kind, seen(18, 2)).holds is None
    assert judge(kind, seen(18, 2), raised=True).holds is True
    assert judge(kind, seen(20, 0), raised=True).holds is False
    # After a start of Home Assistant, the first accepted shares end nothing.
    assert judge(kind, seen(20, 0, seconds=600), raised=True).holds is None


def test_fallback_pool() -> None:
    """Unless a person wants it to be used first."""
    used = {"isUsingFallbackStratum": 1}
    kind = AlertKind.POOL_FALLBACK
    assert judge(kind, observe(info=used)).holds is True
    wanted = observe(info={**used, "useFallbackStratum": 1})
    assert judge(kind, wanted).holds is False


@pytest.mark.parametrize(
    ("kind", "key"),
    [
        (AlertKind.POWER_FAULT, "power_fault"),
        (AlertKind.HARDWARE_FAULT, "hardware_fault"),
    ],
)
def test_a_fault_is_raised_with_the_words_of_the_firmware(
    kind: AlertKind, key: str
) -> None:
    """A fault is raised with the firmware's words."""
    verdict = judge(kind, observe(info={key: "Broken.", "hashRate": 0}))
    assert (verdict.holds, verdict.data) == (True, {"description": "Broken."})


def test_a_power_fault_counts_while_it_stops_the_miner() -> None:
    """Regulators report false ones; a miner that hashes on is not broken."""
    seen = observe(info={"power_fault": "Broken."})
    assert judge(AlertKind.POWER_FAULT, seen).holds is False


def test_firmware_that_reports_no_faults_is_not_free_of_them() -> None:
    """Before v2.14 nobody knows of the hardware."""
    seen = observe(snapshot=gamma())
    assert judge(AlertKind.HARDWARE_FAULT, seen).holds is None


def test_lowered_settings() -> None:
    """With what they were and what they are."""
    verdict = judge(
        AlertKind.DETUNED, observe(info={"frequency": 50, "coreVoltage": 1000})
    )
    assert verdict.holds is True
    assert verdict.data == {
        "frequency": 50,
        "core_voltage": 1000,
        "intended_frequency": 525,
        "intended_core_voltage": 1150,
    }


def test_states_of_these_examples() -> None:
    """They are what the tests above take them for."""
    states = [gamma(**info).state for info in (PAUSED, STARTING, IDLE)]
    assert states == [MiningState.PAUSED, MiningState.STARTING, MiningState.IDLE]
