"""The W that a room needs, and its temperature sensor."""

from math import nan

import pytest

from custom_components.bitaxe.power.room import (
    PATIENCE,
    RoomController,
    RoomNow,
    RoomSensor,
)
from scripts.bench.heating_weeks import NEAR, SCENES, WRITES_PER_HOUR, live

MINUTE = 60.0
HOUR = 3600.0


def room(temperature: float, **changed: float) -> RoomNow:
    """Return a room that wants 21 °C, with 100 to 200 W of miners."""
    values = {"target": 21.0, "lowest": 100.0, "highest": 200.0, "drawn": 150.0}
    return RoomNow(temperature=temperature, **values | changed)


def test_two_winter_days() -> None:
    """Near the target where power allows, with few writes, more work than by plug.

    The room has little mass, so that people and sun move it within minutes.
    """
    scene = next(scene for scene in SCENES if scene.name == "light room")
    ours = live(scene, 1, 2, modulate=True)
    plug = live(scene, 1, 2, modulate=False)
    assert ours.counted > HOUR
    assert ours.share >= 0.93
    assert ours.most_writes <= WRITES_PER_HOUR
    assert ours.deviation < 0.6 * NEAR
    assert ours.pauses < plug.pauses / 2
    assert ours.work > 1.03 * plug.work


def test_a_winter_day_in_a_room_of_stone() -> None:
    """Always within the bound, once it has settled and power allows."""
    scene = next(scene for scene in SCENES if scene.name == "study")
    ours = live(scene, 1, 2, modulate=True)
    assert ours.counted > 6 * HOUR
    assert ours.share >= 0.98
    assert ours.most_writes <= WRITES_PER_HOUR


def test_more_heat_the_colder_it_is() -> None:
    """Between what the lowest and the highest points draw."""
    found = [
        RoomController(hysteresis=0.2, pauses=False).update(room(at), 0.0).power
        for at in (15.0, 20.8, 20.9, 21.0, 24.0)
    ]
    assert found == sorted(found, reverse=True)
    assert found[0] > 200
    assert found[-1] == 100


def test_a_lasting_deviation_is_made_up_for() -> None:
    """However small it is."""
    controller = RoomController(hysteresis=0.2, pauses=False, integral=0.0)
    first = controller.update(room(20.95), 0.0).power
    last = first
    for minute in range(600):
        last = controller.update(room(20.95, drawn=last), minute * MINUTE).power
    assert last > first + 10


def test_what_others_withhold_is_not_saved_up() -> None:
    """A power target below the room's need leads to no excess heat later."""
    controller = RoomController(hysteresis=0.2, pauses=False, integral=0.5)
    for minute in range(600):
        controller.update(room(20.5, drawn=100.0), minute * MINUTE)
    assert controller.integral == pytest.approx(0.5, abs=0.01)


def test_pauses_by_hysteresis_and_minimum_times() -> None:
    """Neither at once, nor for the scatter of a sensor."""
    controller = RoomController(
        hysteresis=0.2,
        pauses=True,
        minimum_run=20 * MINUTE,
        minimum_rest=30 * MINUTE,
        integral=0.3,
    )
    assert not controller.update(room(21.1), 0.0).may_pause
    demand = controller.update(room(21.3), MINUTE)
    assert demand.may_pause
    # A minute later it is too cold, and it still rests.
    assert controller.update(room(20.0), 2 * MINUTE).may_pause
    assert controller.update(room(20.0), 30 * MINUTE).may_pause
    running = controller.update(room(20.0), 32 * MINUTE)
    assert not running.may_pause
    assert running.power >= 100
    assert not controller.update(room(23.0), 40 * MINUTE).may_pause
    assert controller.update(room(23.0), 53 * MINUTE).may_pause


def test_small_changes_wait() -> None:
    """Each is one of few writes; a large one is made at once."""
    controller = RoomController(hysteresis=0.2, pauses=False, integral=0.5)
    given = controller.update(room(21.0), 0.0).power
    assert controller.update(room(20.95), MINUTE).power == given
    assert controller.update(room(20.95), 11 * MINUTE).power > given
    assert controller.update(room(20.0), 12 * MINUTE).power > given + 40


@pytest.mark.parametrize(
    ("shown", "silent_for", "problem"),
    [
        (None, 0.0, "sensor_lost"),
        (nan, 0.0, "sensor_absurd"),
        (85.0, 0.0, "sensor_absurd"),
        (-127.0, 0.0, "sensor_absurd"),
        (21.0, 7 * HOUR, "sensor_silent"),
    ],
)
def test_a_sensor_that_says_nothing(
    shown: float | None, silent_for: float, problem: str
) -> None:
    """Its last temperature counts for a while, and then none does."""
    sensor = RoomSensor(6 * HOUR)
    assert sensor.read(20.5, 0.0, 0.0) == 20.5
    assert sensor.read(shown, silent_for, 10.0) == 20.5
    assert sensor.problem == problem
    assert sensor.read(shown, silent_for, 11.0 + PATIENCE) is None
    assert not sensor.waits(11.0 + PATIENCE)
    assert sensor.read(19.0, 0.0, 12.0 + PATIENCE) == 19.0
    assert sensor.problem is None


def test_a_leap_is_believed_once_it_lasts() -> None:
    """A room does not warm by 10 K in a minute; somebody may have moved the sensor."""
    sensor = RoomSensor(0)
    sensor.read(20.0, 0.0, 0.0)
    assert sensor.read(30.0, 0.0, MINUTE) == 20.0
    assert sensor.problem == "sensor_absurd"
    assert sensor.read(20.1, 0.0, 2 * MINUTE) == 20.1
    assert sensor.read(30.0, 0.0, 3 * MINUTE) == 20.1
    assert sensor.read(30.0, 0.0, 3 * MINUTE + PATIENCE) == 30.0


def test_a_sensor_that_reports_only_changes() -> None:
    """With 0 it may be silent for days."""
    assert RoomSensor(0).read(21.0, 50 * HOUR, 0.0) == 21.0
