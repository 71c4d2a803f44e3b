"""Where axes have ticks, and how numbers and times are written."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given, settings, strategies as st
import pytest

from custom_components.bitaxe.results.charts.ticks import (
    hashrate_unit,
    number_ticks,
    time_ticks,
    write_duration,
    write_number,
    write_period,
)
from scripts.bench.texts import ENGLISH

BERLIN = ZoneInfo("Europe/Berlin")
KATHMANDU = ZoneInfo("Asia/Kathmandu")
HOUR = 3600
DAY = 24 * HOUR


def moment(*parts: int, tz: ZoneInfo = BERLIN) -> float:
    """Return the Unix time of a local time."""
    return datetime(*parts, tzinfo=tz).timestamp()  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("hashrate", "written"),
    [
        (0, "0.00 GH/s"),
        (999, "999 GH/s"),
        (1000, "1.00 TH/s"),
        (1_234, "1.23 TH/s"),
        (48_650, "48.6 TH/s"),
        (4_200_000, "4.20 PH/s"),
        (0.35, "350 MH/s"),
        (0.000_02, "20.0 kH/s"),
    ],
)
def test_hashrates_get_the_unit_that_reads_best(hashrate: float, written: str) -> None:
    """GH/s for one old miner, TH/s for a swarm."""
    assert hashrate_unit(hashrate).write(hashrate, ENGLISH) == written


def test_units_end_somewhere() -> None:
    """Beyond the known prefixes numbers become large or small, and nothing fails."""
    assert hashrate_unit(1e25).name == "EH/s"
    assert hashrate_unit(1e-25).name == "H/s"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0, "0.00"), (1.234, "1.23"), (12.34, "12.3"), (-123.4, "-123"), (2e7, "2e+07")],
)
def test_numbers_have_three_digits(value: float, written: str) -> None:
    """More would promise what was not measured."""
    assert write_number(value, ENGLISH) == written


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(10, "10 s"), (300, "5 min"), (3600, "1 h"), (5400, "1.5 h"), (86_400, "1 d")],
)
def test_a_duration_is_in_the_unit_that_reads_best(
    seconds: float, written: str
) -> None:
    """A duration is in the unit that reads best."""
    assert write_duration(seconds, ENGLISH) == written


def test_number_ticks_are_round() -> None:
    """Steps are 1, 2, 2.5 or 5 times a power of ten, with just enough decimals."""
    assert [tick.label for tick in number_ticks(0.94, 1.27, 6, ENGLISH)] == [
        "1.0",
        "1.1",
        "1.2",
    ]
    assert [tick.label for tick in number_ticks(15.2, 24.9, 4, ENGLISH)] == [
        "17.5",
        "20.0",
        "22.5",
    ]
    assert [tick.label for tick in number_ticks(0, 1000, 4, ENGLISH)] == [
        "0",
        "250",
        "500",
        "750",
        "1000",
    ]


@settings(deadline=None)
@given(
    low=st.floats(-1e12, 1e12),
    share=st.floats(1e-5, 1e3),
    count=st.integers(1, 12),
)
def test_number_ticks_distinguish_values(low: float, share: float, count: int) -> None:
    """At least two ticks, all within the axis, in order, no label twice."""
    high = low + max(abs(low), 1e-6) * share
    ticks = number_ticks(low, high, count, ENGLISH)
    assert 2 <= len(ticks) <= 6 * count + 2
    slack = (high - low) * 1e-6
    assert all(low - slack <= tick.value <= high + slack for tick in ticks)
    assert all(first.value < second.value for first, second in pairwise(ticks))
    if abs(low) < 1e6 and abs(high) < 1e6 and high - low > 1e-4:
        assert len({tick.label for tick in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("span", "count", "labels"),
    [
        (HOUR, 6, ["12:00", "12:10", "12:20", "12:30", "12:40", "12:50", "13:00"]),
        (6 * HOUR, 6, ["12:00", "13:00", "14:00", "15:00", "16:00", "17:00", "18:00"]),
        (DAY, 4, ["12:00", "18:00", "23 Nov", "06:00", "12:00"]),
        (3 * DAY, 3, ["23 Nov", "24 Nov", "25 Nov"]),
        (28 * DAY, 5, ["23 Nov", "30 Nov", "7 Dec", "14 Dec"]),
        (365 * DAY, 7, ["2027", "Mar", "May", "Jul", "Sep", "Nov"]),
        (5 * 365 * DAY, 6, ["2027", "2028", "2029", "2030", "2031"]),
    ],
)
def test_time_ticks_at_any_span(span: float, count: int, labels: list[str]) -> None:
    """Round local times: hours, days, Mondays, months, years."""
    start = moment(2026, 11, 22, 12)
    ticks = time_ticks(start, start + span, BERLIN, count, ENGLISH)
    assert [tick.label for tick in ticks] == labels


def test_ticks_are_round_in_the_time_zone() -> None:
    """Also where it is 5:45 h ahead."""
    start = moment(2026, 11, 22, 0, tz=KATHMANDU)
    ticks = time_ticks(start, start + DAY, KATHMANDU, 4, ENGLISH)
    assert [tick.label for tick in ticks] == [
        "22 Nov",
        "06:00",
        "12:00",
        "18:00",
        "23 Nov",
    ]
    assert [tick.strong for tick in ticks] == [True, False, False, False, True]


def test_an_hour_that_comes_twice() -> None:
    """In the night when clocks are set back 02:00 comes twice, an hour apart."""
    ticks = time_ticks(
        moment(2026, 10, 25), moment(2026, 10, 25, 6), BERLIN, 7, ENGLISH
    )
    labels = [tick.label for tick in ticks]
    assert labels == ["25 Oct", *(f"0{hour}:00" for hour in (1, 2, 2, 3, 4, 5, 6))]
    assert [later.value - tick.value for tick, later in pairwise(ticks)] == [HOUR] * 7


def test_an_hour_that_does_not_come() -> None:
    """In the night when clocks are set forward there is no 02:00."""
    ticks = time_ticks(moment(2026, 3, 29), moment(2026, 3, 29, 6), BERLIN, 6, ENGLISH)
    labels = [tick.label for tick in ticks]
    assert labels == ["29 Mar", *(f"0{hour}:00" for hour in (1, 3, 4, 5, 6))]
    assert [later.value - tick.value for tick, later in pairwise(ticks)] == [HOUR] * 5


@settings(deadline=None)
@given(
    start=st.floats(0, 4e9),
    span=st.floats(60, 40 * 365 * DAY),
    count=st.integers(2, 12),
    zone=st.sampled_from([BERLIN, KATHMANDU, ZoneInfo("America/St_Johns"), UTC]),
)
def test_any_span_has_a_readable_axis(
    start: float, span: float, count: int, zone: ZoneInfo
) -> None:
    """Not more ticks than there is room for, in order and within the span."""
    ticks = time_ticks(start, start + span, zone, count, ENGLISH)
    # Months differ in length, and one hour of the year comes twice.
    assert len(ticks) <= count * 1.2 + 3
    assert all(start <= tick.value <= start + span for tick in ticks)
    assert all(first.value < second.value for first, second in pairwise(ticks))


@pytest.mark.parametrize(
    ("start", "end", "written"),
    [
        ((2026, 11, 22, 4), (2026, 11, 22, 5), "22 Nov 2026, 04:00 – 05:00"),
        ((2026, 11, 21, 5), (2026, 11, 22, 5), "21 Nov, 05:00 – 22 Nov 2026, 05:00"),
        ((2026, 11, 1), (2026, 11, 22), "1 Nov – 22 Nov 2026"),
        ((2025, 11, 22), (2026, 11, 22), "22 Nov 2025 – 22 Nov 2026"),
    ],
)
def test_a_period_is_as_exact_as_the_span_asks_for(
    start: tuple[int, ...], end: tuple[int, ...], written: str
) -> None:
    """A period is as exact as the span asks for."""
    assert write_period(moment(*start), moment(*end), BERLIN, ENGLISH) == written
