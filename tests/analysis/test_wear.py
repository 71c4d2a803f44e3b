"""Early warnings: signs of wear in the statistics of months."""

from collections.abc import Sequence
from dataclasses import replace
import itertools

import pytest

from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.rows import Reported, Row
from custom_components.bitaxe.analysis.wear import (
    Means,
    Sign,
    Surroundings,
    find_deviations,
)

from .aging import DAY, NOW, Aging

NOTHING_KNOWN = Surroundings()


def since(days: float, before: float, after: float) -> object:
    """Return a figure that changed so many days ago."""
    return lambda ago: after if ago < days else before


def slowly(days: float, before: float, after: float) -> object:
    """Return a figure that goes from one value to another over the last days."""
    return lambda ago: after + (before - after) * min(1.0, ago / days)


def signs(
    rows: Sequence[Row], now: float = NOW, surroundings: Surroundings = NOTHING_KNOWN
) -> set[Sign]:
    """Return what is reported of a miner."""
    return {
        item.sign for item in find_deviations(rows, now, surroundings) if item.is_sign
    }


@pytest.mark.parametrize("known", [False, True], ids=["room unknown", "room known"])
@pytest.mark.parametrize("summer_days_ago", [0.0, 90.0, 180.0])
@pytest.mark.parametrize("flow_exponent", [0.5, 0.7])
def test_a_healthy_year(
    known: bool, summer_days_ago: float, flow_exponent: float
) -> None:
    """Seasons, changed settings, gaps and a holiday are no signs, on no day of it."""
    miner = Aging(
        summer_days_ago=summer_days_ago,
        flow_exponent=flow_exponent,
        setting=lambda ago: (525.0, 1150.0) if int(ago) % 40 < 30 else (600.0, 1200.0),
        gaps=lambda ago: 100 < ago < 112 or int(ago * 24) % 97 == 0,
    )
    rows = list(miner.rows(365))
    room = Means(miner.rooms) if known else Means()
    for ago in range(0, 340, 5):
        now = NOW - ago * DAY
        found = [row for row in rows if now - 180 * DAY <= row.start < now]
        assert signs(found, now, Surroundings(room=room)) == set(), ago


@pytest.mark.parametrize("summer_days_ago", [0.0, 60.0, 120.0, 180.0, 270.0])
def test_a_year_in_a_garage(summer_days_ago: float) -> None:
    """Nobody measures there how cold winter is, and how hot summer."""
    miner = Aging(summer_days_ago=summer_days_ago, season=14.0, room_mean=18.0)
    rows = list(miner.rows(365))
    for ago in range(0, 340, 5):
        now = NOW - ago * DAY
        found = [row for row in rows if now - 180 * DAY <= row.start < now]
        assert signs(found, now) == set(), ago


def test_a_miner_that_moved_to_another_room() -> None:
    """Its past is that of another room; what gets worse in the new one is found."""
    before, after = Aging(season=0.0, room_mean=12.0), Aging(season=0.0, room_mean=31.0)
    worn = Aging(season=0.0, room_mean=31.0, resistance=lambda days: 1.9)
    moved = NOW - 80 * DAY
    rows = [row for row in before.rows(150) if row.start < moved]
    there = list(after.rows(80))
    # The sensor of the new room was there all the time.
    room = Means((row.start, 31.0) for row in (*rows, *there))
    for days in (1, 5, 12, 30, 79):
        now = moved + days * DAY
        seen = [row for row in (*rows, *there) if now - 180 * DAY <= row.start < now]
        for known in (Means(), room):
            surroundings = Surroundings(room=known, moved=moved)
            assert signs(seen, now, surroundings) == set(), days
    worse = [row for row in worn.rows(80) if row.start > NOW - 5 * DAY]
    seen = [*rows, *(row for row in there if row.start < NOW - 5 * DAY), *worse]
    assert signs(seen, NOW, Surroundings(room=room, moved=moved)) == {Sign.COOLING}


@pytest.mark.parametrize(
    ("sign", "known", "aging"),
    [
        (Sign.COOLING, True, {"resistance": slowly(60, 1.25, 1.7)}),
        (Sign.COOLING, False, {"resistance": slowly(60, 1.25, 2.2), "season": 0.0}),
        (Sign.FAN, False, {"rpm_per_percent": slowly(50, 60, 48)}),
        (Sign.EFFICIENCY, False, {"joules_per_terahash": since(10, 17.0, 18.6)}),
        (Sign.REJECTS, False, {"rejects": since(6, 0.2, 1.5)}),
        (Sign.ERRORS, False, {"errors": since(6, 0.2, 1.2)}),
    ],
)
def test_only_what_gets_worse_is_a_sign(
    sign: Sign, known: bool, aging: dict[str, object]
) -> None:
    """What gets worse is found, and nothing else."""
    miner = Aging(**aging)  # type: ignore[arg-type]
    rows = list(miner.rows(150))
    room = Means(miner.rooms) if known else Means()
    found = signs(rows, surroundings=Surroundings(room=room))
    assert sign in found
    # A miner that draws more is warmer: that is not its cooling.
    assert found == {sign}


def test_losses_of_the_power_supply() -> None:
    """Where the power at the wall is known."""
    rows = list(Aging().rows(120))
    wall = [
        (
            row.start,
            (row.mean(Metric.POWER) or 0)
            * (1.22 if row.start < NOW - 9 * DAY else 1.31),
        )
        for row in rows
    ]
    surroundings = Surroundings(wall=Means(wall))
    assert signs(rows, surroundings=surroundings) == {Sign.SUPPLY}
    assert signs(rows) == set()


@pytest.mark.parametrize("worn", [True, False])
def test_losses_of_a_supply_with_several_miners(worn: bool) -> None:
    """A supply loses more of less, so it is compared where its miners draw the same.

    The other miner was off for months, and while it is unknown nothing is compared.
    """
    rows = list(Aging().rows(120))

    def other(row: Row) -> float | None:
        ago = (NOW - row.start) / DAY
        return None if 40 < ago < 45 else 16.0 if ago < 60 or ago > 90 else 0.0

    def taken(row: Row, drawn: float) -> float:
        loss = 0.30 if worn and row.start > NOW - 9 * DAY else 0.22
        return 4.0 + drawn * (1 + loss)

    others = [(row.start, power) for row in rows if (power := other(row)) is not None]
    wall = [
        (row.start, taken(row, (row.mean(Metric.POWER) or 0) + (other(row) or 0)))
        for row in rows
    ]
    surroundings = Surroundings(wall=Means(wall), others=(Means(others),))
    assert signs(rows, surroundings=surroundings) == ({Sign.SUPPLY} if worn else set())
    # With nothing known of the other, nothing can be said of the supply.
    alone = Surroundings(wall=Means(wall), others=(Means(),))
    assert signs(rows, surroundings=alone) == set()


def test_a_slower_miner_is_no_loss_of_its_supply() -> None:
    """What a supply loses at all times is a larger share of less."""
    slower = Aging(setting=lambda ago: (525.0, 1150.0) if ago > 9 else (400.0, 1000.0))
    rows = list(slower.rows(120))
    wall = [(row.start, 4.0 + 1.1 * (row.mean(Metric.POWER) or 0)) for row in rows]
    assert Sign.SUPPLY not in signs(rows, surroundings=Surroundings(wall=Means(wall)))


def test_what_was_mended_is_over() -> None:
    """Some days later nothing is left of a cooling that was cleaned."""
    miner = Aging(resistance=lambda ago: 1.7 if 5 < ago < 40 else 1.25)
    rows = list(miner.rows(120))
    surroundings = Surroundings(room=Means(miner.rooms))
    while_worn = [row for row in rows if row.start < NOW - 6 * DAY]
    assert signs(while_worn, NOW - 6 * DAY, surroundings) == {Sign.COOLING}
    assert not any(item.lasts for item in find_deviations(rows, NOW, surroundings))


def test_what_lasts_is_not_over_at_once() -> None:
    """Between the two limits a reported sign stays, and none is reported anew."""
    miner = Aging(joules_per_terahash=since(9, 17.0, 17.0 * 1.045))  # type: ignore[arg-type]
    (efficiency,) = (
        item
        for item in find_deviations(list(miner.rows(90)), NOW, NOTHING_KNOWN)
        if item.sign is Sign.EFFICIENCY
    )
    assert efficiency.lasts
    assert not efficiency.is_sign


@pytest.mark.parametrize(
    ("days", "gaps"),
    [
        (0.0, None),
        (9.0, None),
        (150.0, lambda ago: ago < 2.5),
        (150.0, lambda ago: ago > 10),
    ],
)
def test_too_little_is_known(days: float, gaps: object) -> None:
    """Nothing is claimed of a few days, or without anything to compare with."""
    worse = {"resistance": since(4, 1.25, 3.0), "rejects": since(4, 0.2, 5.0)}
    miner = Aging(**worse, **({"gaps": gaps} if gaps else {}))  # type: ignore[arg-type]
    assert find_deviations(list(miner.rows(days)), NOW, NOTHING_KNOWN) == ()


def test_another_setting_is_not_compared() -> None:
    """Its efficiency and errors are of its own, and so is its fan speed."""
    miner = Aging(
        setting=lambda ago: (700.0, 1250.0) if ago < 5 else (525.0, 1150.0),
        errors=since(5, 0.2, 2.0),  # type: ignore[arg-type]
    )
    found = find_deviations(
        list(miner.rows(100)), NOW, Surroundings(room=Means(miner.rooms))
    )
    assert {item.sign for item in found} == {Sign.COOLING, Sign.REJECTS}
    assert not any(item.is_sign for item in found)


def test_what_is_missing_is_left_out() -> None:
    """Firmware that reports no revolutions, no power, or nothing but settings."""
    rows = list(Aging().rows(100))
    for left_out in itertools.chain(
        *(itertools.combinations(list(Metric), count) for count in (1, 2))
    ):
        without = [
            replace(
                row,
                values={k: v for k, v in row.values.items() if k not in left_out},
                counts={k: v for k, v in row.counts.items() if k not in left_out},
            )
            for row in rows[:: 24 * 7] + rows[-60:]
        ]
        assert not any(
            item.is_sign for item in find_deviations(without, NOW, NOTHING_KNOWN)
        )


def test_hours_after_a_change_are_left_out() -> None:
    """A miner that starts is cold, and its fan idles."""
    rows = list(Aging().rows(100))
    for index in range(len(rows) - 24 * 4, len(rows), 3):
        values = rows[index].values | {Metric.HASHRATE: Reported(400, 0, 1000)}
        cold = {Metric.ASIC_TEMPERATURE: Reported(90, 30, 95)}
        rows[index] = replace(rows[index], values=values | cold)
    assert signs(rows) == set()
