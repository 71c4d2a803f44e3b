"""What happened between two readings."""

from custom_components.bitaxe.axeos import Snapshot
from custom_components.bitaxe.metering import Figures, Reading
from custom_components.bitaxe.watch.occurrences import (
    OccurrenceType,
    detect_occurrences,
    detect_setting_changes,
)

from ..snapshots import gamma


def happened(
    before: Snapshot | None,
    now: Snapshot,
    then: Figures | None = None,
    figures: Figures | None = None,
) -> dict[OccurrenceType, dict[str, object]]:
    """Return what was detected, by type."""
    reading = Reading(snapshot=now, figures=figures or Figures())
    found = detect_occurrences(before, then or Figures(), reading)
    return {item.type: dict(item.data) for item in found}


def test_the_first_reading_only_gives_bearings() -> None:
    """A miner that is already on the fallback pool did not just switch."""
    now = gamma(isUsingFallbackStratum=1, power_fault="x", overheat_mode=1)
    assert happened(None, now) == {}


def test_nothing_happens_twice() -> None:
    """A state that lasts is no event."""
    now = gamma(isUsingFallbackStratum=1, power_fault="x", overheat_mode=1)
    assert happened(now, now) == {}


def test_overheating() -> None:
    """With the temperatures it happened at."""
    data = happened(gamma(), gamma(overheat_mode=1, temp=76, vrTemp=90))
    assert data == {
        OccurrenceType.OVERHEATED: {"asic_temperature": 76, "vr_temperature": 90}
    }


def test_overheating_that_the_flag_never_shows() -> None:
    """From v2.14 on only the expected hashrate of 0 tells."""
    now = gamma(overheat_mode=0, expectedHashrate=0, temp=75.5, miningPaused=False)
    assert OccurrenceType.OVERHEATED in happened(gamma(miningPaused=False), now)
    assert now.hashing.hashrate == 0


def test_faults_carry_the_firmwares_words() -> None:
    """Of the regulator and of the hardware."""
    now = gamma(power_fault="Power Fault Detected.")
    assert happened(gamma(), now) == {
        OccurrenceType.FAULT: {"kind": "power", "description": "Power Fault Detected."}
    }
    now = gamma(hardware_fault="Fan Control Failed (Auto)")
    assert happened(gamma(), now)[OccurrenceType.FAULT]["kind"] == "hardware"


def test_pool_fallback_and_return() -> None:
    """Both are told."""
    primary, fallback = gamma(), gamma(isUsingFallbackStratum=1)
    assert list(happened(primary, fallback)) == [OccurrenceType.POOL_FALLBACK_ON]
    assert list(happened(fallback, primary)) == [OccurrenceType.POOL_FALLBACK_OFF]


def test_a_restart_tells_its_reason() -> None:
    """As the firmware puts it."""
    data = happened(gamma(), gamma(), Figures(restarts=1), Figures(restarts=2))
    assert data == {
        OccurrenceType.RESTARTED: {
            "reason": "Software reset via esp_restart",
            "asked_for": False,
        }
    }


def test_blocks_come_from_the_firmwares_counter() -> None:
    """A difficulty of 1e15 alone is no block; a counter that grew is, even overnight."""
    then, now = Figures(best_difficulty=1e3), Figures(best_difficulty=1e15)
    assert list(happened(gamma(), gamma(), then, now)) == [
        OccurrenceType.NEW_BEST_DIFFICULTY
    ]
    then, now = Figures(blocks_found=0), Figures(blocks_found=1)
    assert happened(None, gamma(), then, now) == {
        OccurrenceType.BLOCK_FOUND: {"blocks_found": 1}
    }


def test_what_was_never_known_is_not_new() -> None:
    """The records a miner brings along are not made today."""
    now = Figures(best_difficulty=1e12, blocks_found=3)
    assert happened(None, gamma(), Figures(), now) == {}


def test_setting_changes_name_old_and_new() -> None:
    """Also of fan and pool."""
    now = gamma(frequency=550, autofanspeed=0, manualFanSpeed=70, stratumPort=4444)
    assert detect_setting_changes(gamma(), now) == {
        "frequency": (525, 550),
        "auto_fan": (True, False),
        "pool": ("pool.example:3333", "pool.example:4444"),
    }


def test_a_value_that_turns_up_is_no_change() -> None:
    """Firmware sends some settings only in some states."""
    assert detect_setting_changes(gamma(temptarget=None), gamma(temptarget=60)) == {}
