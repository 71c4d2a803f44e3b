"""When settings that the firmware lowered are restored, and which."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.bitaxe.axeos import OperatingPoint
from custom_components.bitaxe.guard.heat import Moment
from custom_components.bitaxe.guard.model import GuardOptions, Step
from custom_components.bitaxe.guard.restoring import Restoring
from custom_components.bitaxe.miner.intended import IntendedSettingsTracker
from custom_components.bitaxe.storage.stored_object import StoredObject

from ..snapshots import gamma

START = 1_800_000_000.0
DAY = 86_400.0
CHOSEN = OperatingPoint(frequency=525, core_voltage=1150)
HELD = OperatingPoint(frequency=472, core_voltage=1150)
# What firmware from v2.11 on leaves after it overheated.
DETUNED: dict[str, Any] = {"autofanspeed": 0, "manualFanSpeed": 100, "fanspeed": 100}


def wait(restoring: Restoring, clock: float, shift: float = 0.0, **info: Any) -> float:
    """Look every 10 s from a moment on, and return when the settings are restored."""
    began = clock
    while clock - began < DAY:
        clock += 10
        now = Moment(
            time=START + clock + shift,
            clock=clock,
            snapshot=gamma(**info),
            limits=None,
            options=GuardOptions(restore_detuned=True),
        )
        decision = restoring.update(now, certain=True, present=HELD, intended=CHOSEN)
        if decision is not None:
            assert decision.step is Step.RESTORE
            assert decision.point == CHOSEN
            restoring.done(now)
            return clock
    raise AssertionError("Nothing was restored")


def test_waits_longer_each_time() -> None:
    """The heat may be there still."""
    restoring, clock, waits = Restoring(), 0.0, []
    for _ in range(3):
        again = wait(restoring, clock)
        waits.append(round((again - clock) / 900))
        clock = again
    assert waits == [1, 2, 4]


@pytest.mark.parametrize("days", [-30, -1, 1, 30])
def test_a_clock_that_is_set_shortens_no_wait(days: float) -> None:
    """Nor does a restart of Home Assistant, where it is set back meanwhile."""
    restoring = Restoring()
    clock = wait(restoring, wait(restoring, 0.0))
    if days < 0:
        restoring = Restoring(restoring.as_dict())
    assert round((wait(restoring, clock, days * DAY) - clock) / 900) == 4


@pytest.mark.parametrize(
    ("info", "options", "certain"),
    [
        ({}, GuardOptions(), True),
        ({}, None, False),
        ({"temp": -1}, None, True),
        ({"vrTemp": 81}, None, True),
        ({"overheat_mode": 1}, None, True),
        ({"power": 2.0, "hashRate": 0, "miningPaused": True}, None, True),
    ],
)
def test_what_keeps_it_from_being_restored(
    info: dict[str, Any], options: GuardOptions | None, certain: bool
) -> None:
    """However long it lasts, and what was cool before does not count afterwards."""
    restoring, clock = Restoring(), 0.0
    for begun in range(2):
        for _ in range(80 + 40 * begun):
            clock += 10
            now = Moment(
                time=START + clock,
                clock=clock,
                snapshot=gamma(**(info if begun else {})),
                limits=None,
                options=(options if begun else None)
                or GuardOptions(restore_detuned=True),
            )
            decision = restoring.update(
                now, certain=certain or not begun, present=HELD, intended=CHOSEN
            )
            assert decision is None
    assert wait(restoring, clock) - clock > 900


def test_one_that_was_not_sent_does_not_count() -> None:
    """The next is not put off by it."""
    restoring = Restoring()
    clock = wait(restoring, 0.0)
    restoring.undone()
    assert wait(restoring, clock) - clock < 920
    # Nor does time in which nobody looked.
    restoring = Restoring()
    for seconds in range(0, 800, 10):
        assert not restoring.update(
            Moment(
                time=START + seconds,
                clock=float(seconds),
                snapshot=gamma(),
                limits=None,
                options=GuardOptions(restore_detuned=True),
            ),
            certain=True,
            present=HELD,
            intended=CHOSEN,
        )
    restoring.forget()
    assert wait(restoring, 800.0) > 1700


def tracker_at(point: OperatingPoint) -> IntendedSettingsTracker:
    """Return what is known of a miner that one of ours has set to a point."""
    tracker = IntendedSettingsTracker()
    tracker.update(gamma(), 0.0)
    assert tracker.settings is not None
    assert tracker.settings.operating_point == CHOSEN
    tracker.temporary = point
    tracker.update(gamma(frequency=point.frequency, coreVoltage=point.core_voltage), 10)
    return tracker


@pytest.mark.parametrize("restarted", [False, True])
def test_what_the_miner_lowers_itself_is_never_chosen(restarted: bool) -> None:
    """Whatever it had been lowered to before, and by whom."""
    tracker = tracker_at(HELD)
    tracker.update(gamma(temp=80, frequency=472), 20)
    tracker.temporary = None
    if restarted:
        assert tracker.settings is not None
        chosen = tracker.settings.as_dict()
        board = tracker.board_as_dict()
        tracker = IntendedSettingsTracker()
        tracker.restore(StoredObject(chosen), StoredObject(board))
    lowered = gamma(frequency=372, coreVoltage=1050, **DETUNED)
    for clock in range(30, 600, 10):
        tracker.update(lowered, clock)
    assert tracker.settings is not None
    assert tracker.settings.operating_point == CHOSEN
    assert tracker.is_detuned(lowered)


def test_what_firmware_rounds_is_still_ours() -> None:
    """AxeOS up to v2.9 reports whole MHz of what was set."""
    tracker = tracker_at(HELD)
    tracker.temporary = replace(HELD, frequency=HELD.frequency + 0.5)
    held = gamma(frequency=HELD.frequency, coreVoltage=HELD.core_voltage)
    for clock in range(20, 600, 10):
        tracker.update(held, clock)
    assert tracker.settings is not None
    assert tracker.settings.operating_point == CHOSEN


def test_a_person_still_chooses() -> None:
    """Another setting that lasts is theirs, also after one of ours."""
    tracker = tracker_at(HELD)
    tracker.temporary = None
    for clock in range(20, 600, 10):
        tracker.update(gamma(frequency=400, coreVoltage=1100), clock)
    assert tracker.settings is not None
    assert tracker.settings.frequency == 400
    assert not tracker.is_detuned(gamma(frequency=300, coreVoltage=1000))


def test_what_is_nearly_critical_is_not_cool() -> None:
    """Levels of swarm and miner may contradict each other."""
    restoring = Restoring()
    options = GuardOptions(restore_detuned=True, asic_warning=70, asic_critical=60)
    for temp, restored in ((59, False), (57, True)):
        decisions = [
            restoring.update(
                Moment(
                    time=START + clock,
                    clock=float(clock),
                    snapshot=gamma(temp=temp),
                    limits=None,
                    options=options,
                ),
                certain=True,
                present=HELD,
                intended=CHOSEN,
            )
            for clock in range(0, 1800, 10)
        ]
        assert any(decisions) == restored
