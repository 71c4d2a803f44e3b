"""What mining is expected to bring, and what it costs. Pure."""

from collections.abc import Iterator
import math
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from . import levels
from .store import Figures
from .texts import UNKNOWN, Texts

_DAYS_PER_YEAR: Final = 365.25
_FIGURES: Final = (
    "income_sats_per_day",
    "income_per_day",
    "cost_per_day",
    "margin_per_day",
    "break_even_price",
    "sats_per_kwh",
    "years_to_block",
    "block_height",
    "network_difficulty",
    "currency",
)


def income_as_json(swarm: Figures, cost_month: float | None) -> dict[str, Any]:
    """Present what is known, also to those who may not see the swarm: nothing."""
    figures = {name: swarm.get(name) for name in _FIGURES}
    return {**figures, "cost_this_month": cost_month}


def income_report(answer: dict[str, Any], texts: Texts) -> RenderableType:
    """Return the figures, one a line, and what to make of them."""
    if answer["income_sats_per_day"] is None:
        note = texts("terminal.no_income")
    else:
        note = texts("report.earnings_solo")
    table = Table.grid(padding=(0, 2, 0, 0))
    for label, value in _rows(answer, texts):
        table.add_row(Text(texts(label), levels.DIM), value)
    return Group(table, Text(note, levels.DIM))


def _rows(answer: dict[str, Any], texts: Texts) -> Iterator[tuple[str, Text]]:
    currency = answer["currency"] or ""

    def per_day(amount: str) -> Text:
        return Text(texts("terminal.per_day", amount=amount))

    sats, income = answer["income_sats_per_day"], answer["income_per_day"]
    amount = texts.grouped(sats, 0, " sats")
    if income is not None:
        amount += f" = {texts.money(income, currency)}"
    yield "terminal.expected_income", per_day(amount) if sats else Text(UNKNOWN)
    cost, margin = answer["cost_per_day"], answer["margin_per_day"]
    if cost is not None:
        yield "terminal.electricity", per_day(texts.money(cost, currency))
    if margin is not None:
        line = per_day(texts.money(margin, currency))
        line.stylize(levels.GOOD if margin >= 0 else levels.WATCH)
        yield "terminal.margin", line
    if (price := answer["break_even_price"]) is not None:
        yield "terminal.break_even", Text(texts.number(price, 3, f" {currency}/kWh"))
    if (sats := answer["sats_per_kwh"]) is not None:
        yield "terminal.sats_per_kwh", Text(texts.rounded(sats))
    if (years := answer["years_to_block"]) is not None:
        # The chance of a day is -expm1(-days / mean): blocks are a Poisson process.
        days = 1 / -math.expm1(-1 / (years * _DAYS_PER_YEAR))
        count = texts.grouped(float(f"{days:.2g}"))
        yield "terminal.chance_solo", Text(texts("terminal.one_in", count=count))
    if (height := answer["block_height"]) is not None:
        yield "terminal.block_height", Text(texts.grouped(height))
    if (spent := answer["cost_this_month"]) is not None:
        yield "terminal.cost_month", Text(texts.money(spent, currency))
