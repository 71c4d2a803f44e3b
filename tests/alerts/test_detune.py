"""Has a miner lowered its own settings?"""

import json

import pytest

from custom_components.bitaxe.axeos import Settings
from custom_components.bitaxe.miner.detune import IntendedSettings, is_detuned

from ..snapshots import gamma

INTENDED = IntendedSettings(frequency=525, core_voltage=1150, auto_fan=True)
FULL_FAN = {"autofanspeed": 0, "manualFanSpeed": 100}


@pytest.mark.parametrize(
    "reported",
    [
        # v2.11 and later: once, and three times in a row
        {"frequency": 425, "coreVoltage": 1050} | FULL_FAN,
        {"frequency": 225, "coreVoltage": 850} | FULL_FAN,
        # after v2.15 the voltage stops at the regulator's minimum
        {"frequency": 325, "coreVoltage": 1000} | FULL_FAN,
        # up to v2.10, and v2.1
        {"frequency": 50, "coreVoltage": 1000, "overheat_mode": 1},
        {"frequency": 50, "coreVoltage": 990, "manualFanSpeed": None},
    ],
)
def test_what_overheating_leaves_behind_is_recognised(
    reported: dict[str, object],
) -> None:
    """In both generations of the firmware."""
    assert is_detuned(INTENDED, gamma(**reported))


@pytest.mark.parametrize(
    "reported",
    [
        {},
        # somebody chose a lower setting, and left the fan alone
        {"frequency": 425, "coreVoltage": 1050},
        # only one of the two was lowered
        {"frequency": 425, "coreVoltage": 1150} | FULL_FAN,
        # not a multiple of 100
        {"frequency": 490, "coreVoltage": 1115} | FULL_FAN,
        # raised
        {"frequency": 625, "coreVoltage": 1250} | FULL_FAN,
        {"frequency": None},
    ],
)
def test_what_people_choose_is_not_mistaken_for_it(
    reported: dict[str, object],
) -> None:
    """Or the repair card would offer to undo a person's own change."""
    assert not is_detuned(INTENDED, gamma(**reported))


def test_nerdos_never_lowers_settings() -> None:
    """It stops instead."""
    snapshot = gamma(deviceModel="NerdAxe", frequency=425, coreVoltage=1050, **FULL_FAN)
    assert not is_detuned(INTENDED, snapshot)


def test_restoring_brings_back_setting_and_fan() -> None:
    """And clears the latch where there is one."""
    latched = gamma(frequency=50, coreVoltage=1000, overheat_mode=1, **FULL_FAN)
    assert INTENDED.restoring(latched) == Settings(
        frequency=525, core_voltage=1150, auto_fan=True, clear_overheat=True
    )
    manual = IntendedSettings(
        frequency=525, core_voltage=1150, auto_fan=False, fan_speed=60
    )
    assert manual.restoring(gamma()) == Settings(
        frequency=525, core_voltage=1150, auto_fan=False, fan_speed=60
    )


def test_our_own_changes_are_intended() -> None:
    """Only what was changed; the rest stays as it was intended."""
    changed = INTENDED.after(Settings(frequency=550, display_timeout=5))
    assert changed == IntendedSettings(frequency=550, core_voltage=1150, auto_fan=True)
    manual = INTENDED.after(Settings(auto_fan=False, fan_speed=70))
    assert (manual.auto_fan, manual.fan_speed) == (False, 70)
    automatic = manual.after(Settings(auto_fan=True))
    assert (automatic.auto_fan, automatic.fan_speed) == (True, None)


def test_the_memory_is_plain_json() -> None:
    """And comes back as it was."""
    stored = json.loads(json.dumps(INTENDED.as_dict()))
    assert IntendedSettings.from_dict(stored) == INTENDED
    assert IntendedSettings.from_dict(None) is None
