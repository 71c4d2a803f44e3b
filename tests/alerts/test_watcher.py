"""One miner is watched: everything is reported once, and for as long as it lasts."""

from collections.abc import Iterable
from dataclasses import replace
import json
from typing import Any

import pytest

from custom_components.bitaxe.alerts.evaluator import Watcher
from custom_components.bitaxe.alerts.model import (
    Alert,
    AlertKind,
    AlertPhase,
    Rule,
    unit_of,
)
from custom_components.bitaxe.alerts.observation import Observation
from custom_components.bitaxe.alerts.rules import DEFAULT_RULES
from custom_components.bitaxe.analysis.wear import Deviation, Sign
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType
from custom_components.bitaxe.pools.model import Worker
from custom_components.bitaxe.pools.sighting import Claim, Sighting

from ..snapshots import gamma
from .observing import START, gone, observe

DAY = 86_400
UNSEEN = Sighting(
    account="Pool",
    worker="gamma",
    seen=Worker(name="gamma", hashrate=0, last_share=START - 3000),
    window=3600,
    read_time=START,
    mining_seconds=3600,
    certain=True,
    claim=Claim(hashrate=1100, difficulty=1000),
)


def watcher(**rules: Rule) -> Watcher:
    """Return a watcher with the default rules, but for some kinds."""
    chosen = {AlertKind(name): rule for name, rule in rules.items()}
    return Watcher({**DEFAULT_RULES, **chosen})


def restarted(before: Watcher, rules: dict[AlertKind, Rule] | None = None) -> Watcher:
    """Return the watcher after a restart of Home Assistant."""
    stored = json.loads(json.dumps(before.as_dict()))
    return Watcher(rules or DEFAULT_RULES, stored)


def alerts_of(watch: Watcher, observations: Iterable[Observation]) -> list[Alert]:
    """Return everything that is reported of some observations."""
    return [alert for seen in observations for alert in watch.update(seen)]


def brief(alerts: Iterable[Alert]) -> list[tuple[str, str]]:
    """Return kind and phase of alerts."""
    return [(alert.kind.value, alert.phase.value) for alert in alerts]


def hot(time: float, temperature: float | None = 72) -> Observation:
    """Return a miner that is hot."""
    return observe(time, info={"temp": temperature})


BLANK = gamma(
    temp=None,
    vrTemp=None,
    voltage=None,
    frequency=None,
    coreVoltage=None,
    isUsingFallbackStratum=None,
    nominalVoltage=None,
    uptimeSeconds=5,
    hashRate=0,
)
"""A reading that says as little as a miner can."""
UNMEASURED = {"error_rate": None, "reject_rate": None, "expected_ratio": None}

FAULTS: list[tuple[AlertKind, dict[str, Any]]] = [
    (AlertKind.OFFLINE, {"online": False, "reading": None}),
    (AlertKind.OVERHEATING, {"info": {"temp": 72}}),
    (AlertKind.VR_HEAT, {"info": {"vrTemp": 85}}),
    (AlertKind.LOW_HASHRATE, {"figures": {"expected_ratio": 60}}),
    (AlertKind.FROZEN_HASHRATE, {"figures": {"flatlined": True}}),
    (AlertKind.ERROR_RATE, {"figures": {"error_rate": 9}}),
    (AlertKind.REJECT_RATE, {"figures": {"reject_rate": 9}}),
    (AlertKind.LOW_INPUT_VOLTAGE, {"info": {"voltage": 4600}}),
    (AlertKind.POOL_FALLBACK, {"info": {"isUsingFallbackStratum": 1}}),
    (AlertKind.POWER_FAULT, {"info": {"power_fault": "x", "hashRate": 0}}),
    (AlertKind.HARDWARE_FAULT, {"info": {"hardware_fault": "x", "hashRate": 0}}),
    (AlertKind.DETUNED, {"info": {"frequency": 50, "coreVoltage": 1000}}),
]


@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_every_kind_is_raised_once_and_cleared_once(
    kind: AlertKind, fault: dict[str, Any]
) -> None:
    """Not before it lasted, and nothing else is reported with it."""
    watch = watcher()
    lasts = DEFAULT_RULES[kind].for_seconds
    assert not watch.update(observe())
    assert not alerts_of(
        watch, [observe(t, **fault) for t in range(10, int(lasts), 10)]
    )
    assert not watch.active
    alerts = alerts_of(watch, [observe(lasts + t, **fault) for t in (10, 20, 30, 3600)])
    assert brief(alerts) == [(kind.value, "raised")]
    assert alerts[0].since == START + 10
    assert watch.active == (alerts[0],)
    alerts = alerts_of(watch, [observe(lasts + t) for t in (4000, 4010, 5000)])
    assert brief(alerts) == [(kind.value, "cleared")]
    assert alerts[0].data["seconds"] == lasts + 3990
    assert not watch.active


def test_an_alert_has_its_value_and_threshold() -> None:
    """What was measured, the threshold, and what it is when it is over."""
    watch = watcher()
    raised, cleared = alerts_of(watch, [hot(0), hot(60, 73), hot(70, 80), hot(80, 60)])
    assert (raised.value, raised.limit, raised.since) == (73, 70, START)
    assert (cleared.value, cleared.limit, cleared.since) == (60, 70, START)


def test_a_passing_condition_is_not_reported() -> None:
    """It must hold all the time."""
    watch = watcher()
    seen = [hot(t, 72 if t % 50 else 60) for t in range(0, 1000, 10)]
    assert not alerts_of(watch, seen)


def test_while_nothing_is_known_no_time_passes() -> None:
    """An outage proves no heat; heat before and after it does, added up."""
    watch = watcher()
    assert not alerts_of(watch, [hot(0), hot(30), *(gone(t) for t in (60, 90))])
    assert not alerts_of(watch, [hot(10_000), hot(10_020)])
    assert brief(alerts_of(watch, [hot(10_030)])) == [("overheating", "raised")]


@pytest.mark.parametrize(("kind", "fault"), FAULTS)
def test_unknown_readings_in_between_forget_nothing(
    kind: AlertKind, fault: dict[str, Any]
) -> None:
    """Of every second reading nothing is known, and yet it lasts."""
    watch = watcher()
    lasts = DEFAULT_RULES[kind].for_seconds
    unknown: dict[str, Any] = {"snapshot": BLANK, "figures": UNMEASURED}
    if kind is AlertKind.OFFLINE:
        unknown = {"online": False, "reading": None, "restarting": True}
    seen = [
        observe(t, **(unknown if t % 20 else fault))
        for t in range(0, int(lasts) + 20, 10)
    ]
    alerts = alerts_of(watch, seen)
    assert (kind.value, "raised") in brief(alerts)


def test_a_longer_gap_proves_nothing() -> None:
    """Heat before and after it adds up, the gap itself does not count."""
    watch = watcher()
    for start in (0, 100):
        unknown = [hot(start + t, None) for t in (30, 60, 90)]
        assert not alerts_of(watch, [hot(start), hot(start + 20), *unknown])
    assert not alerts_of(watch, [hot(200), hot(210)])
    assert brief(alerts_of(watch, [hot(220)])) == [("overheating", "raised")]


def test_an_unknown_value_neither_restarts_nor_ends_the_wait() -> None:
    """A sensor that fails now and then does not hide lasting heat."""
    watch = watcher()
    seen = [hot(t, None if t % 30 == 0 else 72) for t in range(0, 300, 10)]
    assert brief(alerts_of(watch, seen)) == [("overheating", "raised")]


def test_what_is_raised_has_its_present_value() -> None:
    """And says since when it is unknown, once it is."""
    watch = watcher()
    (raised,) = alerts_of(watch, [hot(0), hot(60, 76)])
    assert raised.value == 76
    alerts_of(watch, [hot(70, 73)])
    (now,) = watch.active
    assert (now.value, now.unread_since, now.since) == (73, None, START)
    alerts_of(watch, [hot(80, None), hot(90, None)])
    (now,) = watch.active
    assert (now.value, now.unread_since) == (73, START + 70)
    (now,) = restarted(watch).active
    assert now.value == 73
    alerts_of(watch, [hot(100, 71)])
    (now,) = watch.active
    assert (now.value, now.unread_since) == (71, None)


def test_what_a_firmware_stopped_is_no_longer_stopped() -> None:
    """The details are those of now, while how often it happened stays."""
    watch = watcher()
    watch.update(observe(info={"overheat_mode": 1, "temp": 77}))
    (alert,) = watch.active
    assert alert.data["stopped"] is True
    watch.update(observe(10, info={"temp": 72}))
    (alert,) = watch.active
    assert alert.data == {"count_24h": 1}


def test_what_cannot_be_measured_any_more_ends() -> None:
    """After an hour of readings, without claiming that it is over."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(60)])
    assert not alerts_of(watch, [hot(t, None) for t in range(70, 3600, 10)])
    (alert,) = alerts_of(watch, [hot(t, None) for t in range(3600, 3800, 10)])
    assert (alert.phase, alert.value) == (AlertPhase.CLEARED, None)
    assert alert.data["unmeasured"] is True
    assert not watch.active


def test_that_hour_goes_on_over_restarts_of_home_assistant() -> None:
    """However often it restarts."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(60)])
    found: list[Alert] = []
    for start in range(70, 4270, 600):
        watch = restarted(watch)
        found += alerts_of(watch, [hot(start + t, None) for t in range(0, 600, 10)])
    assert brief(found) == [("overheating", "cleared")]
    assert found[0].data["unmeasured"] is True


def test_that_hour_goes_on_however_often_home_assistant_is_killed() -> None:
    """The file is not written as it ends, so it has to know what went before."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(60)])
    found: list[Alert] = []
    for start in range(70, 70 + 14 * 350, 350):
        stored, noted = watch.as_dict(), watch.unmeasured
        for t in range(0, 350, 10):
            found += watch.update(hot(start + t, None))
            # What changes this is a reason to write the file.
            if watch.unmeasured != noted:
                stored, noted = watch.as_dict(), watch.unmeasured
        watch = Watcher(DEFAULT_RULES, stored)
    assert brief(found) == [("overheating", "cleared")]
    assert found[0].data["unmeasured"] is True


@pytest.mark.parametrize(
    ("kind", "seen", "removed"),
    [
        ("supply_load", {"supply_load": 97.0}, {"has_supply": False}),
        ("unseen_by_pool", {"sighting": UNSEEN}, {"accounts": frozenset({"Other"})}),
    ],
)
def test_an_alert_ends_with_what_it_is_about(
    kind: str, seen: dict[str, Any], removed: dict[str, Any]
) -> None:
    """Also of a miner that is offline by then; that it is over nobody says."""
    watch = watcher()
    alerts_of(watch, [observe(t, **seen) for t in range(0, 400, 10)])
    assert [alert.kind.value for alert in watch.active] == [kind]
    unknown: dict[str, Any] = {"supply_load": None, "sighting": None}
    assert not watch.update(observe(400, **unknown))
    (alert,) = [
        alert
        for alert in watch.update(gone(410, **unknown, **removed))
        if alert.kind.value == kind
    ]
    assert (alert.phase, alert.value) == (AlertPhase.CLEARED, None)
    assert alert.data["removed"] is True


def test_what_is_judged_a_few_times_a_day_is_waited_for() -> None:
    """A miner that was offline when statistics were read gets worse all the same."""
    sign = Deviation(sign=Sign.EFFICIENCY, factor=1.5, present=30, usual=20)
    watch = watcher()
    assert brief(watch.update(observe(wear=(sign,)))) == [("early_warning", "raised")]
    again = restarted(watch)
    unread = [observe(t, wear=None) for t in range(60, 8 * 3600, 60)]
    assert not alerts_of(again, unread)
    assert not again.update(observe(8 * 3600, wear=(sign,)))
    assert brief(again.update(observe(9 * 3600))) == [("early_warning", "cleared")]


def test_a_clock_that_was_set_back_over_a_restart() -> None:
    """What was judged last is not yet to come."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(60), hot(7200)])
    again = restarted(watch)
    assert not again.update(replace(hot(0, None), time=START + 3600))
    (alert,) = again.active
    assert alert.unread_since == START + 3600
    assert not again.update(replace(hot(60, None), time=START + 3660))
    (alert,) = again.active
    assert alert.unread_since == START + 3600


def test_a_miner_that_is_gone_keeps_its_alerts() -> None:
    """No reading says that anything is over."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(60), *(gone(t) for t in range(70, 20_000, 60))])
    alert = next(item for item in watch.active if item.kind == "overheating")
    assert alert.unread_since == START + 60


def test_unknown_clears_nothing() -> None:
    """A miner that overheated and is gone is not cool."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(60)])
    alerts = alerts_of(watch, [gone(t) for t in range(70, 400, 10)])
    assert brief(alerts) == [("offline", "raised")]
    assert [alert.kind for alert in watch.active] == ["overheating", "offline"]
    alerts = alerts_of(watch, [observe(500)])
    assert brief(alerts) == [("offline", "cleared"), ("overheating", "cleared")]


def test_overheating_that_stops_the_miner_does_not_wait() -> None:
    """Whatever for-time was chosen."""
    watch = watcher(overheating=replace(DEFAULT_RULES["overheating"], for_seconds=3600))
    alerts = watch.update(observe(info={"overheat_mode": 1, "temp": 77}))
    assert brief(alerts) == [("overheating", "raised")]


@pytest.mark.parametrize("leap", [-5000, 5000])
def test_a_clock_that_is_set_does_no_harm(leap: float) -> None:
    """A condition lasts as long as it does, and nothing less than no time."""
    watch = watcher()
    heat = {"info": {"temp": 72}}
    assert not alerts_of(watch, [observe(0, **heat), observe(leap, clock=10, **heat)])
    (alert,) = watch.update(observe(leap + 50, clock=60, **heat))
    assert alert.phase is AlertPhase.RAISED
    (alert,) = watch.update(observe(leap + 90, clock=100))
    assert alert.data["seconds"] == 100


def test_a_switched_off_kind_is_never_reported() -> None:
    """Nor does it become active."""
    rules = {kind: replace(rule, enabled=False) for kind, rule in DEFAULT_RULES.items()}
    watch = Watcher(rules)
    for _, fault in FAULTS:
        assert not alerts_of(watch, [observe(t, **fault) for t in (0, 1000, 2000)])
    found = happened(OccurrenceType.BLOCK_FOUND, blocks_found=1, new_blocks=1)
    assert not watch.update(observe(3000, **found))
    assert not watch.active


def test_how_often_in_a_day() -> None:
    """Counted for anyone who must not do something too often."""
    watch = watcher()
    frozen = {"flatlined": True}
    counts = []
    for hour in (0, 1, 2, 30):
        raised, _ = alerts_of(
            watch,
            [observe(hour * 3600, figures=frozen), observe(hour * 3600 + 60)],
        )
        counts.append(raised.data["count_24h"])
        watch = restarted(watch)
    assert counts == [1, 2, 3, 1]


def test_how_often_in_a_day_after_the_clock_was_set_back() -> None:
    """What was counted before still counts; what lies days ahead does not."""
    watch = watcher()
    frozen = {"flatlined": True}
    counts = []
    for hour, shown in ((0, 1), (1, 2), (2, 0.5), (3, 1.5), (4, -48)):
        raised, _ = alerts_of(
            watch,
            [
                replace(
                    observe(hour * 3600 + after, **found),  # type: ignore[arg-type]
                    time=1_800_000_000 + shown * 3600 + after,
                )
                for after, found in ((0, {"figures": frozen}), (60, {}))
            ],
        )
        counts.append(raised.data["count_24h"])
    assert counts == [1, 2, 3, 4, 1]


def test_home_assistant_restarts_while_something_is_raised() -> None:
    """It is not raised again, and cleared later."""
    watch = watcher()
    raised = alerts_of(watch, [hot(0), hot(60)])
    again = restarted(watch)
    assert again.active == tuple(raised)
    assert not alerts_of(again, [hot(900), hot(1000)])
    assert brief(again.update(hot(1010, 60))) == [("overheating", "cleared")]


def test_something_is_over_while_home_assistant_is_down() -> None:
    """The first reading counts."""
    watch = watcher()
    alerts_of(watch, [gone(t) for t in (0, 60, 120)])
    again = restarted(watch)
    alerts = again.update(observe(DAY))
    assert brief(alerts) == [("offline", "cleared")]
    assert alerts[0].data["seconds"] == DAY


def test_waiting_starts_again_with_home_assistant() -> None:
    """Nobody knows what was while it was down."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(50)])
    again = restarted(watch)
    assert not alerts_of(again, [hot(3600), hot(3650)])
    assert again.update(hot(3660))


def test_a_kind_switched_off_is_forgotten() -> None:
    """Nobody is informed that what they do not want to hear of is over."""
    watch = watcher()
    alerts_of(watch, [hot(0), hot(60)])
    rules = dict(DEFAULT_RULES)
    rules[AlertKind.OVERHEATING] = replace(rules[AlertKind.OVERHEATING], enabled=False)
    again = restarted(watch, rules)
    assert not again.active
    assert not again.update(observe(100))


def test_what_a_later_version_stored_does_no_harm() -> None:
    """Kinds that are not known here are ignored."""
    stored = watcher().as_dict()
    stored["raised"]["flooded"] = {"value": 1, "limit": 1, "since": 1, "data": {}}
    stored["raised_at"]["flooded"] = [1.0]
    assert not Watcher(DEFAULT_RULES, stored).active


# What just happens


def happened(kind: OccurrenceType, **data: Any) -> dict[str, Any]:
    """Return what an observation brings along of something that happened."""
    return {"occurrences": (Occurrence(kind, data, START + 5),)}


RECORD = OccurrenceType.NEW_BEST_DIFFICULTY


def test_unexpected_restart() -> None:
    """With the firmware's reason, at the time the miner started."""
    data = happened(OccurrenceType.RESTARTED, reason="Brownout reset", asked_for=False)
    figures = {"restarts": 1, "boot_time": START + 3}
    (alert,) = watcher().update(observe(10, figures=figures, **data))
    assert brief([alert]) == [("restarted", "happened")]
    assert alert.since == START + 3
    assert alert.data == {"reason": "Brownout reset"}


def test_restart_on_purpose() -> None:
    """Is not reported."""
    data = happened(OccurrenceType.RESTARTED, reason="Software reset", asked_for=True)
    assert not watcher().update(observe(10, **data))


def test_what_is_reported_late_keeps_its_time() -> None:
    """Also where the miner cannot be read by then."""
    data = happened(OccurrenceType.RESTARTED, reason="Brownout reset", asked_for=False)
    (alert,) = watcher().update(gone(500, **data))
    assert alert.since == START + 5


def test_a_record_is_of_the_miner_and_maybe_of_the_swarm() -> None:
    """A record is the miner's, and it is said whether it is the swarm's as well."""
    data = happened(RECORD, difficulty=5000.0, previous=1000.0)
    (alert,) = watcher().update(observe(10, swarm_best_difficulty=9000, **data))
    assert brief([alert]) == [("new_best_difficulty", "happened")]
    assert alert.value == 5000
    assert alert.data == {"previous": 1000, "swarm_record": False}
    (alert,) = watcher().update(observe(10, swarm_best_difficulty=4000, **data))
    assert alert.data["swarm_record"] is True


def test_a_block_is_reported_with_how_many_are_new() -> None:
    """Blocks are reported with how many of them are new."""
    data = happened(OccurrenceType.BLOCK_FOUND, blocks_found=3, new_blocks=2)
    (alert,) = watcher().update(observe(DAY, **data))
    assert brief([alert]) == [("block_found", "happened")]
    assert alert.data["blocks_found"] == 3
    assert alert.data["new_blocks"] == 2


def test_what_the_guard_did() -> None:
    """With what was measured, and its unit."""
    data = happened(
        OccurrenceType.GUARD,
        action="lower",
        cause="asic_heat",
        value=71.5,
        limit=70.0,
        **{
            "from": {"frequency": 600, "core_voltage": 1200},
            "to": {"frequency": 575, "core_voltage": 1180},
        },
    )
    (alert,) = watcher().update(observe(10, **data))
    assert brief([alert]) == [("guard", "happened")]
    assert (alert.value, alert.limit, unit_of(alert)) == (71.5, 70, "°C")


def test_what_a_version_before_had_not_reported_yet() -> None:
    """Its own counters are compared once."""
    known = {"restarts": 0, "best_difficulty": 1000, "blocks_found": 0}
    stored: Any = {"raised": {}, "raised_at": {}, "known": known}
    watch = Watcher(DEFAULT_RULES, stored)
    assert watch.best_difficulty == 1000
    figures = {"restarts": 0, "best_difficulty": 1000, "blocks_found": 1}
    assert brief(watch.update(observe(figures=figures))) == [
        ("block_found", "happened")
    ]
    assert not watch.update(observe(10, figures=figures))
    # What the miner's file still had waiting is not reported twice.
    found = happened(OccurrenceType.BLOCK_FOUND, blocks_found=1, new_blocks=1)
    watch = Watcher(DEFAULT_RULES, stored)
    assert len(watch.update(observe(figures=figures, **found))) == 1


def test_what_is_not_reported_is_known_all_the_same() -> None:
    """Anyone who switches a kind on does not hear of what was before."""
    off = {AlertKind.BLOCK_FOUND: Rule(enabled=False)}
    watch = Watcher({**DEFAULT_RULES, **off})
    data = happened(OccurrenceType.BLOCK_FOUND, blocks_found=1, new_blocks=1)
    assert not watch.update(observe(10, **data))
    assert not restarted(watch).update(observe(20))


def test_every_alert_has_its_phase() -> None:
    """Every alert says where it is in its life."""
    assert [phase.value for phase in AlertPhase] == ["raised", "cleared", "happened"]


def poor(time: float, **changes: Any) -> Observation:
    """Return a miner that makes half of its hashes."""
    return observe(time, figures={"expected_ratio": 50}, **changes)


def test_what_trials_bring_about_is_not_reported() -> None:
    """Nor for ten minutes after; what lasts longer is reported, having lasted anew."""
    watch = watcher()
    alerts = alerts_of(watch, (poor(time, tuning=True) for time in range(0, 7200, 10)))
    assert alerts == []
    alerts = alerts_of(watch, (poor(time) for time in range(7200, 7790, 10)))
    assert alerts == []
    alerts = alerts_of(watch, (poor(time) for time in range(7800, 14_400, 10)))
    assert brief(alerts) == [("low_hashrate", "raised")]
    assert alerts[0].since >= START + 7790


def test_heat_is_reported_while_trials_go_on() -> None:
    """It is no fault of a setting that is tried."""
    watch = watcher()
    alerts = alerts_of(
        watch,
        (observe(time, info={"temp": 72}, tuning=True) for time in range(0, 1800, 10)),
    )
    assert brief(alerts) == [("overheating", "raised")]


def test_what_was_raised_before_trials_is_cleared_in_them() -> None:
    """The end of an alert is never kept back."""
    watch = watcher()
    alerts = alerts_of(watch, (poor(time) for time in range(0, 3600, 10)))
    assert brief(alerts) == [("low_hashrate", "raised")]
    alerts = alerts_of(watch, (observe(t, tuning=True) for t in range(3600, 7200, 10)))
    assert brief(alerts) == [("low_hashrate", "cleared")]
