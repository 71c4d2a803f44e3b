"""Figures as JSON."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from custom_components.bitaxe.analysis.miner import Miner
from custom_components.bitaxe.analysis.prices import Prices
from custom_components.bitaxe.analysis.span import Span
from custom_components.bitaxe.analysis.summary import summarize_buckets
from custom_components.bitaxe.results.payload import miner_summary_as_json

NOTHING = summarize_buckets(
    Miner(identifier="aa:bb:cc:dd:ee:ff", name="Kitchen"),
    Span.parse("1h", datetime(2026, 9, 21, tzinfo=UTC)),
    {},
    Prices(),
)


@pytest.fixture(autouse=True)
def _environment() -> None:
    """Figures need no Home Assistant."""


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1_234_567.0, 1_234_567),
        (123.456789, 123.457),
        (0.000123456789, 0.000123457),
        (12.0, 12),
        (0.0, 0),
        (None, None),
    ],
)
def test_counts_are_exact_and_measurements_rounded(
    value: float | None, shown: float | None
) -> None:
    """Counts are exact; measurements have the digits that anybody measured."""
    summary = miner_summary_as_json(replace(NOTHING, shares_accepted=value))
    assert summary["shares_accepted"] == shown
    assert type(summary["shares_accepted"]) is type(shown)


def test_unknown_is_none() -> None:
    """Not zero, but for the time that was watched and the work that was done."""
    summary = miner_summary_as_json(NOTHING)
    known = {name for name, value in summary.items() if value is not None}
    assert known == {"name", "observed_hours", "hashing_hours", "work_th", "stability"}
