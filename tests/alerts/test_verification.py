"""Does a miner work with what was set?"""

from typing import Any

import pytest

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.miner.verification import Outcome, Verification

from ..snapshots import gamma

POINT = OperatingPoint(frequency=525, core_voltage=1150)
OFF: dict[str, Any] = {"hashRate": 0, "power": 5, "coreVoltageActual": 0}


def begun() -> Verification:
    """Return a change that was just made."""
    verification = Verification()
    verification.begin(POINT, 1000)
    return verification


def test_it_works_once_it_hashes_with_the_new_settings() -> None:
    """The first readings may still be those of before."""
    verification = begun()
    verification.observe(gamma(), 1010, flatlined=False)
    assert verification.outcome is Outcome.PENDING
    verification.observe(gamma(), 1070, flatlined=False)
    assert verification.outcome is Outcome.WORKS
    assert not verification.is_unproven


@pytest.mark.parametrize("off", [OFF, {"hashRate": 0}, {"power_fault": "x", **OFF}])
def test_it_fails_if_it_does_not_hash_in_time(off: dict[str, Any]) -> None:
    """Whatever the cause."""
    verification = begun()
    verification.observe(gamma(**off), 1170, flatlined=False)
    assert verification.outcome is Outcome.PENDING
    verification.observe(gamma(**off), 1180, flatlined=False)
    assert verification.outcome is Outcome.FAILED
    verification.observe(gamma(), 1400, flatlined=False)
    assert verification.outcome is Outcome.WORKS


def test_a_hashrate_that_only_repeats_proves_nothing() -> None:
    """Firmware shows the last one for ever."""
    verification = begun()
    for seconds in range(10, 200, 10):
        verification.observe(gamma(), 1000 + seconds, flatlined=True)
    assert verification.outcome is Outcome.FAILED


def test_who_is_paused_or_starts_is_waited_for() -> None:
    """Time counts from the start on."""
    verification = begun()
    verification.observe(gamma(miningPaused=True, hashRate=0), 2000, flatlined=False)
    assert verification.outcome is Outcome.PENDING
    verification.observe(gamma(hashRate=0, uptimeSeconds=10), 2010, flatlined=False)
    verification.observe(gamma(hashRate=0), 2180, flatlined=False)
    assert verification.outcome is Outcome.PENDING
    verification.observe(gamma(hashRate=0), 2190, flatlined=False)
    assert verification.outcome is Outcome.FAILED


def test_who_has_no_pool_is_waited_for() -> None:
    """However long that takes: no setting hashes without work."""
    verification = begun()
    without = gamma(poolConnectionInfo="Not Connected", **OFF)
    for seconds in (1170, 1180, 5000):
        verification.observe(without, seconds, flatlined=False)
        assert verification.outcome is Outcome.PENDING
    verification.observe(gamma(**OFF), 5170, flatlined=False)
    assert verification.outcome is Outcome.PENDING
    verification.observe(gamma(**OFF), 5180, flatlined=False)
    assert verification.outcome is Outcome.FAILED


def test_settings_of_somebody_else_end_it() -> None:
    """Nobody asked us whether those work."""
    verification = begun()
    verification.observe(gamma(frequency=490), 1200, flatlined=False)
    assert verification.outcome is None


@pytest.mark.parametrize(
    ("reported", "latched"),
    [
        (OFF, True),
        # averages are frozen, and nothing else says how fast it is
        ({**OFF, "hashRate": 1071.0}, True),
        ({**OFF, "power": None}, True),
        ({"hashRate": 0, "power": 5}, True),
        ({**OFF, "uptimeSeconds": 30}, False),
        ({**OFF, "miningPaused": True}, False),
        ({**OFF, "overheat_mode": 1}, False),
        ({**OFF, "power_fault": "Power Fault Detected."}, False),
        ({**OFF, "hardware_fault": "Fan"}, False),
        ({**OFF, "poolConnectionInfo": "Not Connected"}, False),
        ({"hashRate": 0, "coreVoltageActual": 1149, "power": 5}, False),
        # a clone that never measures the core voltage, and hashes
        ({"coreVoltageActual": 0}, False),
        ({}, False),
    ],
)
def test_what_a_latched_regulator_looks_like(
    reported: dict[str, Any], latched: bool
) -> None:
    """It must be distinguished from everything that stops a miner for a reason."""
    assert gamma(**reported).faults.regulator_off is latched
    if latched:
        assert gamma(**reported).hashing.hashrate == 0
