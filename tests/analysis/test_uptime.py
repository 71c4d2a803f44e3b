"""How a miner spent its days."""

from collections.abc import Sequence

import pytest

from custom_components.bitaxe.analysis.blocks import Bucket, Tally
from custom_components.bitaxe.analysis.metrics import Metric
from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.uptime import (
    DayUptime,
    longest_witness,
    measure_uptime,
    witnessed,
)

HOUR = 3600.0
DAY = 24 * HOUR
FIRST = 1_790_000_000.0 // DAY * DAY
MINER = Miner(identifier="aa:bb:cc:dd:ee:00", name="Miner")
DAYS = ((FIRST, FIRST + DAY), (FIRST + DAY, FIRST + 2 * DAY))


def hour(number: int, *, active: int = 12, rows: int = 12) -> Bucket:
    """Return an hour of rows of 5 minutes, some of which hashed."""
    start = FIRST + number * HOUR
    return Bucket(
        start=start,
        end=start + rows * 300,
        row_seconds=300,
        rows=rows,
        tally=Tally(rows=rows, total=1000.0 * active, low=0, high=1000),
        active_rows=active,
    )


def hours_of(day: DayUptime) -> tuple[float, float, float, float]:
    """Return hours hashing, stopped, offline and unknown."""
    return (
        day.hashing / HOUR,
        day.stopped / HOUR,
        day.offline / HOUR,
        day.unknown / HOUR,
    )


def measure(
    buckets: Sequence[Bucket], others: Sequence[Bucket]
) -> list[tuple[float, float, float, float]]:
    """Return the hours of two days."""
    witness = longest_witness(
        witnessed(MINER, {Metric.HASHRATE: found}) for found in (buckets, others)
    )
    found = measure_uptime(MINER, DAYS, {Metric.HASHRATE: buckets}, witness)
    return [hours_of(day) for day in found]


def test_a_miner_that_did_not_answer_differs_from_one_nobody_watched() -> None:
    """By the others, whose history goes on; and by its own, which began some time."""
    mine = [hour(number) for number in (*range(6, 12), *range(20, 48))]
    others = [hour(number) for number in range(48) if number not in range(14, 18)]

    assert measure(mine, others) == [(10, 0, 4, 10), (24, 0, 0, 0)]


def test_a_miner_that_answers_and_hashes_nothing_stands_still() -> None:
    """Also for a part of an hour."""
    mine = [hour(0, active=0), hour(1, active=3), *map(hour, range(2, 48))]

    assert measure(mine, ()) == [(22.25, 1.75, 0, 0), (24, 0, 0, 0)]


def test_a_part_of_an_hour_without_an_answer() -> None:
    """Is offline, where another miner answered."""
    mine = [hour(number) for number in range(48)]
    mine[5] = hour(5, active=4, rows=4)

    assert measure(mine, [hour(5)]) == [
        pytest.approx((23 + 1 / 3, 0, 2 / 3, 0)),
        (24, 0, 0, 0),
    ]


def test_nothing_is_known() -> None:
    """Days have their length all the same; the last one as far as it has come."""
    (day,) = measure_uptime(MINER, [(FIRST, FIRST + 5 * HOUR)], {}, {})

    assert hours_of(day) == (0, 0, 0, 5)


def test_a_day_that_begins_within_an_hour() -> None:
    """As in India: both days have their part of the hour, and no more than it has."""
    begin = FIRST + 5.5 * HOUR
    mine = [hour(number) for number in range(48)]
    days = [(begin - DAY / 2, begin), (begin, begin + DAY)]
    by_metric = {Metric.HASHRATE: mine}
    found = measure_uptime(MINER, days, by_metric, witnessed(MINER, by_metric))

    assert [hours_of(day)[0] for day in found] == [5.5, 24]


def test_the_hour_that_goes_on_counts_in_full() -> None:
    """Rows of what was just read seem to last a little longer than the hour has."""
    until = FIRST + DAY + 1800.0
    mine = [hour(number) for number in range(24)]
    lately = Bucket(
        start=FIRST + DAY,
        end=until,
        row_seconds=1,
        rows=1801,
        tally=Tally(rows=1801, total=1.8e6, low=1000, high=1000),
        active_rows=1801,
    )
    by_metric = {Metric.HASHRATE: [*mine, lately]}
    days = [(FIRST, FIRST + DAY), (FIRST + DAY, until)]
    found = measure_uptime(MINER, days, by_metric, witnessed(MINER, by_metric))

    assert [hours_of(day) for day in found] == [
        (24, 0, 0, 0),
        pytest.approx((0.5, 0, 0, 0)),
    ]


def test_time_that_home_assistant_made_up_is_not_known() -> None:
    """It repeats the last figures of miners while it is down; none was offline."""
    mine = [hour(number) for number in range(48)]
    away = Miner(
        identifier="aa:bb:cc:dd:ee:00",
        name="Miner",
        unwatched=((FIRST + 3 * HOUR, FIRST + 5.5 * HOUR),),
    )
    by_metric = {Metric.HASHRATE: mine}
    witness = longest_witness([witnessed(away, by_metric)])

    found = measure_uptime(away, DAYS, by_metric, witness)

    assert [hours_of(day) for day in found] == [(21.5, 0, 0, 2.5), (24, 0, 0, 0)]
