"""What mining is expected to bring, and what it costs. Pure."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
import math
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from . import levels
from .store import Figures
from .table import Cell, Column, make_table, name_column
from .texts import UNKNOWN, Texts, three_digits

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


def income_as_json(
    swarm: Figures,
    miners: Iterable[Figures],
    cost_month: float | None,
    cost_year: float | None,
) -> dict[str, Any]:
    """Present what is known, also to those who may not see the swarm: nothing."""
    figures = {name: swarm.get(name) for name in _FIGURES}
    return {
        **figures,
        "cost_this_month": cost_month,
        "cost_this_year": cost_year,
        "miners": [
            _miner_as_json(swarm, miner)
            for miner in sorted(miners, key=lambda item: str(item["name"]).casefold())
        ],
    }


def _miner_as_json(swarm: Figures, miner: Figures) -> dict[str, Any]:
    """Present the share of a miner: of the income by hashrate, of the cost by power.

    What power supplies lose is part of the cost where the swarm's follows the wall.
    """

    def share(amount: str, figure: str) -> float | None:
        total, all_of_them, its = (
            swarm.get(amount),
            swarm.get(figure),
            miner.get(figure),
        )
        if total is None or its is None or not all_of_them:
            return None
        return float(total) * float(its) / float(all_of_them)

    income = share("income_per_day", "hashrate_ghs")
    cost = share("cost_per_day", "power_w")
    return {
        "name": miner["name"],
        "income_sats_per_day": share("income_sats_per_day", "hashrate_ghs"),
        "income_per_day": income,
        "cost_per_day": cost,
        "margin_per_day": None if income is None or cost is None else income - cost,
    }


def income_report(
    answer: dict[str, Any], width: int | None, texts: Texts
) -> RenderableType:
    """Return the figures, one a line, those of each miner, and what to make of them."""
    if answer["income_sats_per_day"] is None:
        note = texts("terminal.no_income")
    else:
        note = texts("report.earnings_solo")
    table = Table.grid(padding=(0, 2, 0, 0))
    for label, value in _rows(answer, texts):
        table.add_row(Text(texts(label), levels.DIM), value)
    return Group(table, *_miners(answer, width, texts), Text(note, levels.DIM))


def _miners(
    answer: dict[str, Any], width: int | None, texts: Texts
) -> Iterator[RenderableType]:
    """Yield a row for each miner, if there are several and anything is known."""
    miners: list[dict[str, Any]] = answer["miners"]
    currency = answer["currency"] or ""

    def sats(value: float | None) -> str:
        return texts.grouped(_rounded(value))

    known = [
        (key, title, write)
        for key, title, write in (
            ("income_sats_per_day", "terminal.column_sats_per_day", sats),
            (
                "cost_per_day",
                "terminal.column_cost_per_day",
                partial(texts.estimate, currency=currency),
            ),
            (
                "margin_per_day",
                "terminal.column_margin_per_day",
                partial(texts.estimate, currency=currency),
            ),
        )
        if any(miner[key] is not None for miner in miners)
    ]
    if len(miners) < 2 or not known:
        return
    columns: list[Column[dict[str, Any]]] = [
        name_column(miners, width),
        *(Column(title, 14, _amount(key, write)) for key, title, write in known),
    ]
    yield Text()
    yield make_table(columns, miners, width, texts)
    yield Text()


def _rounded(value: float | None) -> float | None:
    return None if value is None else three_digits(value)


def _amount(key: str, write: Callable[[float | None], str]) -> Cell[dict[str, Any]]:
    return lambda row, texts: Text(write(row[key]))


def _rows(answer: dict[str, Any], texts: Texts) -> Iterator[tuple[str, Text]]:
    currency = answer["currency"] or ""

    def per_day(amount: str) -> Text:
        return Text(texts("terminal.per_day", amount=amount))

    sats, income = answer["income_sats_per_day"], answer["income_per_day"]
    amount = texts.grouped(_rounded(sats), 0, " sats")
    if income is not None:
        amount += f" = {texts.estimate(income, currency)}"
    yield "terminal.expected_income", per_day(amount) if sats else Text(UNKNOWN)
    cost, margin = answer["cost_per_day"], answer["margin_per_day"]
    if cost is not None:
        yield "terminal.electricity", per_day(texts.estimate(cost, currency))
    if margin is not None:
        line = per_day(texts.estimate(margin, currency))
        line.stylize(levels.GOOD if margin >= 0 else levels.WATCH)
        yield "terminal.margin", line
    if (price := answer["break_even_price"]) is not None:
        yield (
            "terminal.break_even",
            Text(
                texts.number(
                    _rounded(price), 3 if price < 10 else 0, f" {currency}/kWh"
                )
            ),
        )
    if (sats := answer["sats_per_kwh"]) is not None:
        yield "terminal.sats_per_kwh", Text(texts.rounded(sats))
    if (years := answer["years_to_block"]) is not None:
        # The chance of a day is -expm1(-days / mean): blocks are a Poisson process.
        days = 1 / -math.expm1(-1 / (years * _DAYS_PER_YEAR))
        count = texts.grouped(float(f"{days:.2g}"))
        yield "terminal.chance_solo", Text(texts("terminal.one_in", count=count))
    if (height := answer["block_height"]) is not None:
        yield "terminal.block_height", Text(texts.grouped(height))
    for period in ("month", "year"):
        if (spent := answer[f"cost_this_{period}"]) is not None:
            yield f"terminal.cost_{period}", Text(texts.money(spent, currency))
