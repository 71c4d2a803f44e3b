"""One line per incident."""

from typing import Any

import pytest

from custom_components.bitaxe.analysis.timeline import (
    Phase,
    Record,
    TimelineItem,
    items_of,
)


def record(time: float, kind: str, **data: Any) -> Record:
    """Return an event at a time."""
    return Record(time=time, kind=kind, data=data)


def brief(story: list[TimelineItem]) -> list[tuple[str, str, float, float | None]]:
    """Return what a story says in short."""
    return [(item.kind, item.phase.value, item.start, item.end) for item in story]


def test_begin_and_end_are_one_line() -> None:
    """It began when the condition did, which is before the alert was raised."""
    story = items_of(
        [
            record(300, "overheating", phase="raised", since=240, value=71),
            record(900, "overheating", phase="cleared", since=240, value=60),
        ],
        [],
        {},
    )
    assert brief(story) == [("overheating", "over", 240, 900)]
    assert story[0].data["value"] == 60


def test_two_restarts_within_a_minute_are_two() -> None:
    """Neither says what the other would say."""
    story = items_of([], [record(100, "restarted"), record(160, "restarted")], {})
    assert brief(story) == [
        ("restarted", "once", 160, None),
        ("restarted", "once", 100, None),
    ]


def test_a_restart_says_why_a_miner_was_silent() -> None:
    """An alert that lasted says it as well; what was long before says nothing."""
    silent = [record(100, "offline"), record(160, "online")]
    (item,) = items_of([], [*silent, record(165, "restarted")], {})
    assert item.kind == "restarted"
    raised = [
        record(80, "offline", phase="raised", since=60),
        record(170, "offline", phase="cleared", since=60),
        record(9000, "offline", phase="raised", since=8980),
    ]
    later = [record(5000, "offline"), record(5100, "online")]
    story = items_of(raised, [*silent, *later], {})
    assert [(item.kind, item.start) for item in story] == [
        ("offline", 8980),
        ("offline", 5000),
        ("offline", 60),
    ]


def test_what_lasts_and_what_began_before_anything_was_read() -> None:
    """An alert is over only when that is known: the alerts raised now decide."""
    alerts = [record(300, "vr_heat", phase="raised", since=240)]
    lasting = items_of(alerts, [], {"vr_heat": 240, "offline": 10})
    assert brief(lasting) == [
        ("vr_heat", "ongoing", 240, None),
        ("offline", "ongoing", 10, None),
    ]
    (ended,) = items_of(alerts, [], {})
    assert (ended.phase, ended.end) == (Phase.OVER, None)
    (cleared,) = items_of([record(9, "vr_heat", phase="cleared", since=2)], [], {})
    assert (cleared.start, cleared.end) == (2, 9)


def test_one_that_is_raised_again_before_its_end_was_seen() -> None:
    """Two lines, of which the first has an unknown end."""
    story = items_of(
        [
            record(10, "offline", phase="raised", since=5),
            record(50, "offline", phase="raised", since=45),
        ],
        [],
        {"offline": 45},
    )
    assert brief(story) == [
        ("offline", "ongoing", 45, None),
        ("offline", "over", 5, None),
    ]


@pytest.mark.parametrize(
    ("alert", "activities"),
    [
        (
            [
                record(100, "offline", phase="raised", since=40),
                record(500, "offline", phase="cleared", since=40),
            ],
            [record(70, "offline"), record(500, "online")],
        ),
        (
            [record(100, "restarted", phase="happened", since=90)],
            [record(101, "restarted")],
        ),
        (
            [record(100, "block_found", phase="happened", since=100)],
            [record(100, "block_found")],
        ),
        (
            [
                record(100, "overheating", phase="raised", since=100),
                record(200, "overheating", phase="cleared", since=100),
            ],
            [record(130, "overheated")],
        ),
    ],
)
def test_nothing_is_reported_twice(
    alert: list[Record], activities: list[Record]
) -> None:
    """The alert says more."""
    (item,) = items_of(alert, activities, {})
    assert item.kind == alert[0].kind
    assert len(items_of([], activities, {})) == 1


def test_a_restart_somebody_asked_for_is_no_outage() -> None:
    """One line, although the miner did not answer meanwhile."""
    story = items_of(
        [],
        [
            record(100, "offline"),
            record(130, "restarted", asked_for=True),
            record(130, "online", offline_seconds=30),
        ],
        {},
    )
    assert brief(story) == [("restarted", "once", 130, None)]


def test_an_outage_without_its_alert_is_an_outage() -> None:
    """Also where the miner began anew at its end; nobody wants the alert."""
    story = items_of(
        [],
        [
            record(100, "offline"),
            record(700, "restarted"),
            record(700, "online", offline_seconds=630),
        ],
        {},
    )
    assert sorted(brief(story)) == [
        ("offline", "over", 100, 700),
        ("restarted", "once", 700, None),
    ]
    # So is one that lasts, just after a restart.
    story = items_of([], [record(100, "restarted"), record(200, "offline")], {})
    assert [item.kind for item in story] == ["offline", "restarted"]


def test_others_of_the_kind_at_another_time_stay() -> None:
    """Twins are near each other."""
    story = items_of(
        [record(100, "restarted", phase="happened", since=100)],
        [record(5000, "restarted", asked_for=True), record(9000, "settings_changed")],
        {},
    )
    assert [item.kind for item in story] == [
        "settings_changed",
        "restarted",
        "restarted",
    ]


def test_a_run_of_the_tuner_is_one_line() -> None:
    """From start to end, with who asked for it; its trials and alert are none."""
    story = items_of(
        [record(900, "tuning", phase="happened", action="finished")],
        [
            record(100, "tuning", action="started", goal="efficiency", user="Anna"),
            record(200, "settings_changed", origin="tuner"),
            record(900, "tuning", action="finished", goal="efficiency", seconds=800),
        ],
        {},
    )
    assert brief(story) == [("tuning", "over", 100, 900)]
    assert story[0].data["action"] == "finished"
    assert story[0].data["user"] == "Anna"


@pytest.mark.parametrize("begins", ["started", "soak_started"])
def test_a_run_that_goes_on(begins: str) -> None:
    """It lasts, and one before it whose end was never seen is over."""
    story = items_of(
        [],
        [
            record(100, "tuning", action="started"),
            record(500, "tuning", action=begins),
        ],
        {},
    )
    assert brief(story) == [
        ("tuning", "ongoing", 500, None),
        ("tuning", "over", 100, None),
    ]


def test_a_run_that_began_before_anything_was_read() -> None:
    """Its end says how long it took; one of a soak test alike."""
    for action in ("stopped", "soak_passed"):
        (item,) = items_of([], [record(900, "tuning", action=action, seconds=600)], {})
        assert (item.start, item.end) == (300, 900)
