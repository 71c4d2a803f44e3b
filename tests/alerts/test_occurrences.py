"""What happened between two readings."""

import pytest

from custom_components.bitaxe.axeos import Snapshot
from custom_components.bitaxe.miner.events import (
    EventDetector,
    Occurrence,
    OccurrenceType,
)
from custom_components.bitaxe.miner.meter import Figures, Reading
from custom_components.bitaxe.storage.stored_object import StoredObject

from ..snapshots import gamma


def happened(
    before: Snapshot | None,
    now: Snapshot,
    then: Figures | None = None,
    figures: Figures | None = None,
) -> dict[OccurrenceType, dict[str, object]]:
    """Return what was detected, by type."""
    detector, then = EventDetector(), then or Figures()
    if before is not None:
        detector.detect(then, Reading(snapshot=before, figures=then))
    reading = Reading(snapshot=now, figures=figures or Figures())
    found = detector.detect(then, reading)
    return {item.type: dict(item.data) for item in found}


def occurrences_of(*snapshots: Snapshot) -> list[str]:
    """Return the types of all that happens over several readings."""
    detector = EventDetector()
    return [
        item.type.value
        for snapshot in snapshots
        for item in detector.detect(
            Figures(), Reading(snapshot=snapshot, figures=Figures())
        )
    ]


def changes(*snapshots: Snapshot) -> dict[str, tuple[object, object]]:
    """Return the settings that the last of several readings changed."""
    detector = EventDetector()
    *before, last = snapshots
    for snapshot in before:
        detector.detect_setting_changes(snapshot)
    return detector.detect_setting_changes(last)


def test_the_first_reading_is_only_a_baseline() -> None:
    """A miner that is already on the fallback pool did not just switch."""
    now = gamma(isUsingFallbackStratum=1, power_fault="x", overheat_mode=1)
    assert happened(None, now) == {}


def test_nothing_happens_twice() -> None:
    """A state that lasts is no event."""
    now = gamma(isUsingFallbackStratum=1, power_fault="x", overheat_mode=1)
    assert happened(now, now) == {}


def test_overheating_is_reported_with_its_temperatures() -> None:
    """Overheating is reported with the temperatures it happened at."""
    data = happened(gamma(), gamma(overheat_mode=1, temp=76, vrTemp=90))
    assert data == {
        OccurrenceType.OVERHEATED: {"asic_temperature": 76, "vr_temperature": 90}
    }


def test_overheating_that_the_flag_never_shows() -> None:
    """From v2.14 on only the expected hashrate of 0 shows."""
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
    """Both are reported."""
    primary, fallback = gamma(), gamma(isUsingFallbackStratum=1)
    assert list(happened(primary, fallback)) == [OccurrenceType.POOL_FALLBACK_ON]
    assert list(happened(fallback, primary)) == [OccurrenceType.POOL_FALLBACK_OFF]


def test_a_restart_shows_its_reason() -> None:
    """As the firmware puts it."""
    data = happened(gamma(), gamma(), Figures(restarts=1), Figures(restarts=2))
    assert data == {
        OccurrenceType.RESTARTED: {
            "reason": "Software reset via esp_restart",
            "asked_for": False,
        }
    }


def test_blocks_come_from_the_firmwares_counter() -> None:
    """A difficulty of 1e15 is no block; a counter that grew is, even overnight."""
    then, now = Figures(best_difficulty=1e3), Figures(best_difficulty=1e15)
    assert list(happened(gamma(), gamma(), then, now)) == [
        OccurrenceType.NEW_BEST_DIFFICULTY
    ]
    then, now = Figures(blocks_found=0), Figures(blocks_found=1)
    assert happened(None, gamma(), then, now) == {
        OccurrenceType.BLOCK_FOUND: {"blocks_found": 1, "new_blocks": 1}
    }


def test_what_was_never_known_is_not_new() -> None:
    """The records a miner brings along are not made today."""
    now = Figures(best_difficulty=1e12, blocks_found=3)
    assert happened(None, gamma(), Figures(), now) == {}


def test_setting_changes_name_old_and_new() -> None:
    """Also of fan and pool."""
    now = gamma(frequency=550, autofanspeed=0, manualFanSpeed=70, stratumPort=4444)
    assert changes(gamma(), now) == {
        "frequency": (525, 550),
        "auto_fan": (True, False),
        "pool": ("pool.example:3333", "pool.example:4444"),
    }


def test_a_value_that_turns_up_is_no_change() -> None:
    """Firmware sends some settings only in some states."""
    assert changes(gamma(temptarget=None), gamma(temptarget=60)) == {}


def test_a_setting_that_was_unknown_for_a_while_is_compared_with_the_last_known() -> (
    None
):
    """What changed meanwhile is not missed, and what did not is no change."""
    unknown = gamma(frequency=None)
    assert changes(gamma(), unknown, gamma(frequency=600)) == {"frequency": (525, 600)}
    assert changes(gamma(), unknown, gamma()) == {}


def test_the_speed_of_a_fan_that_was_automatic_meanwhile_is_no_change() -> None:
    """It did not apply."""
    manual = {"autofanspeed": 0, "manualFanSpeed": 40}
    faster = {"autofanspeed": 0, "manualFanSpeed": 70}
    assert changes(gamma(**manual), gamma(), gamma(**faster)) == {
        "auto_fan": (True, False)
    }


# Nothing that lasts, or is unknown for a while, happens twice.


@pytest.mark.parametrize(
    ("well", "ill", "unknown", "reported"),
    [
        (
            {"overheat_mode": 0, "miningPaused": True},
            {"overheat_mode": 1, "miningPaused": True},
            {"overheat_mode": None, "miningPaused": True},
            "overheated",
        ),
        ({}, {"power_fault": "x"}, {"power_fault": None}, "fault"),
        (
            {"actualFrequency": 525},
            {"actualFrequency": 525, "hardware_fault": "x"},
            {"actualFrequency": 525, "hardware_fault": 7},
            "fault",
        ),
        (
            {"isUsingFallbackStratum": 0},
            {"isUsingFallbackStratum": 1},
            {"isUsingFallbackStratum": None},
            "pool_fallback_on",
        ),
    ],
)
def test_unknown_neither_forgets_nor_claims(
    well: dict[str, object],
    ill: dict[str, object],
    unknown: dict[str, object],
    reported: str,
) -> None:
    """Each is reported at its start, once, whatever could not be read in between."""
    good, bad, gap = gamma(**well), gamma(**ill), gamma(**unknown)
    assert occurrences_of(good, bad, gap, bad) == [reported]
    assert occurrences_of(good, gap, bad) == [reported]
    assert occurrences_of(bad, gap, bad) == []
    assert occurrences_of(good, bad, good, bad).count(reported) == 2


def test_what_nobody_has_taken_outlives_a_restart() -> None:
    """And is taken once."""
    detector = EventDetector()
    happened = Occurrence(OccurrenceType.BLOCK_FOUND, {"blocks_found": 1}, 1e9)
    detector.keep(happened)
    again = EventDetector()
    again.restore(StoredObject(detector.as_dict()))
    assert again.take() == (happened,)
    assert again.take() == ()


def test_what_another_version_stored_does_no_harm() -> None:
    """Only what can be read is recalled."""
    detector = EventDetector()
    stored = {
        "waiting": [
            {"type": "flooded", "data": {}, "time": 1e9},
            {"type": "online", "data": {}, "time": "noon"},
            {"type": "online", "data": {}, "time": 1e9},
            7,
        ]
    }
    detector.restore(StoredObject(stored))
    assert [item.type for item in detector.take()] == [OccurrenceType.ONLINE]


def test_no_more_than_fifty_wait() -> None:
    """The latest."""
    detector = EventDetector()
    for time in range(60):
        detector.keep(Occurrence(OccurrenceType.ONLINE, {}, float(time)))
    assert [item.time for item in detector.take()] == [float(t) for t in range(10, 60)]
