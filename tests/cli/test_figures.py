"""Figures as people read them, and what they are made of."""

from itertools import product
from string import ascii_uppercase

import pytest

from custom_components.bitaxe.formatting import Texts as ReportTexts, currency_decimals
from scripts.cli import formatting
from scripts.cli.store import Store, parse_history
from scripts.cli.texts import ENGLISH

from .swarms import NOW, miner


@pytest.mark.parametrize(
    ("ghs", "text"),
    [
        (None, "–"),
        (0, "0 H/s"),
        (0.5, "500 MH/s"),
        (999.4, "999 GH/s"),
        (999.6, "1.00 TH/s"),
        (12345, "12.3 TH/s"),
        (1.2e9, "1.20 EH/s"),
    ],
)
def test_a_hashrate_has_the_prefix_people_know(ghs: float | None, text: str) -> None:
    """A hashrate has the prefix people know."""
    assert ENGLISH.hashrate(ghs) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (-3, "0s"),
        (59.4, "59s"),
        (60, "1m 00s"),
        (3600, "1h 00m"),
        (90061, "1d 1h"),
    ],
)
def test_a_duration_has_its_two_largest_units(seconds: float | None, text: str) -> None:
    """A duration is written by its two largest units."""
    assert ENGLISH.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "currency", "text"),
    [
        (0.004, "EUR", "0.00 EUR"),
        (-1.0678, "EUR", "-1.07 EUR"),
        (9.996, "EUR", "10 EUR"),
        (402.11, "EUR", "402 EUR"),
        (-1234.5, "EUR", "-1,230 EUR"),
        (15234, "JPY", "15,200 JPY"),
    ],
)
def test_estimated_money(value: float, currency: str, text: str) -> None:
    """In as many digits as it means, in the terminal as in reports and Discord."""
    assert ENGLISH.estimate(value, currency) == text
    assert ReportTexts({}).estimate(value, currency) == text


def test_a_sparkline_goes_from_the_highest_down_to_80_percent() -> None:
    """From the highest down to 80 % of it; the last values, if there are too many."""
    assert formatting.sparkline([100, 90, 80, 0, None], 5) == "█▅▁▁ "
    assert formatting.sparkline([1, 0, 0], 2) == "▁▁"
    assert formatting.sparkline([], 5) == ""


def test_a_bar_is_never_longer_than_its_width() -> None:
    """Never longer or shorter than its width."""
    for share in (None, -1, 0, 0.01, 0.5, 0.999, 1, 7):
        assert len(formatting.bar(share, 10)) == 10
    assert formatting.bar(0.5, 10).strip() == "█████"


def test_diffs() -> None:
    """Miners come, change and go; a full event replaces all."""
    store = Store()
    full = {"type": "full", "miners": {"a": miner()}, "swarm": {"miners": 1}}
    store.apply(full)
    store.apply(
        {
            "type": "diff",
            "miners": {"a": {"power_w": 7}, "b": miner(name="b")},
            "swarm": {"miners": 2},
        }
    )
    assert store.miners["a"] == miner(power_w=7)
    assert store.miners["b"]["name"] == "b"
    assert store.swarm == {"miners": 2}
    store.apply({"type": "diff", "miners": {"a": None}, "swarm": {}})
    assert store.miners.keys() == {"b"}
    store.apply(full)
    assert store.miners.keys() == {"a"}


def test_gaps_of_the_history() -> None:
    """Steps that are missing are unknown, also if the last step is a short one."""
    series = {
        "device_id": "a",
        "columns": {
            "time": [0, 3600, 10800],
            "seconds": [3600, 3600, 900],
            "hashrate_ghs": [1, 2, 4],
        },
    }
    nothing = {"device_id": "b", "columns": {"time": [], "seconds": []}}
    summary = {
        "device_id": "a",
        # While it hashed; the energy of the whole time is in J/TH.
        "hashrate_ghs": 5,
        "mean_hashrate_ghs": 2.5,
        "efficiency_j_th": 18,
        "stability": {"1h": {"variation_percent": 1.5}},
    }
    found = parse_history(
        {"miners": [nothing]}, {"miners": [series]}, {"miners": [summary]}
    )
    assert found["a"].day == [1, 2, None, 4]
    assert found["a"].hour == ()
    assert found["a"].hashrate == 2.5
    assert found["a"].variations == {"1h": 1.5}
    assert found["b"].hour == ()
    assert found["b"].hashrate is None


def test_only_a_miner_that_should_answer_is_late() -> None:
    """Only a miner that should answer can be late."""
    shown = Store()
    late = miner(last_seen=NOW - 31, missed_polls=1)
    assert shown.seconds_behind(late, NOW) == 31
    assert shown.seconds_behind(late, NOW - 1) is None
    assert shown.seconds_behind(late | {"online": False}, NOW) is None
    assert shown.seconds_behind(late | {"missed_polls": 0}, NOW) is None
    shown.problem = "Home Assistant is away"
    assert shown.seconds_behind(late | {"missed_polls": 0}, NOW) == 31


@pytest.mark.parametrize("first", ascii_uppercase)
def test_money_has_the_decimals_that_home_assistant_shows(first: str) -> None:
    """The program is installed without the integration, and has a table of its own."""
    for second, third in product(ascii_uppercase, repeat=2):
        currency = f"{first}{second}{third}"
        decimals = ENGLISH.money(0.25, currency).removesuffix(f" {currency}")
        assert len(decimals.partition(".")[2]) == currency_decimals(currency), currency
