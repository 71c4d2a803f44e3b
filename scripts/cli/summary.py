"""What the miners did over a span, as a table. Pure."""

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from . import levels
from .table import Cell, Column, make_table, name_column
from .texts import UNKNOWN, Texts

type _Answer = dict[str, Any]
"""The summary of a miner, or of all together, as Home Assistant gives it."""

_DAY: Final = "24h"


def summary_table(answer: _Answer, width: int | None, texts: Texts) -> RenderableType:
    """Return a row for each miner, and one for all together if there are several."""
    miners: list[_Answer] = answer["miners"]
    rows = list(miners)
    if len(miners) > 1:
        rows.append(answer["total"] | {"name": texts("terminal.total")})
    columns = [name_column(rows, width), *_columns(answer["currency"])]
    return Group(
        make_table(columns, rows, width, texts),
        # A Home Assistant before this version says nothing of it.
        *wall_lines(answer["total"].get("wall", ())),
        *_notes(miners, texts),
    )


def _columns(currency: str) -> Iterator[Column[_Answer]]:
    """Yield the columns, the most important first."""
    yield Column("terminal.column_hashrate", 10, _hashrate)
    yield Column("J/TH", 5, _number("efficiency_j_th", 1))
    yield Column("terminal.column_power", 8, _number("power_w", 1, " W"))
    yield Column("kWh", 8, _rounded("energy_kwh"))
    yield Column(currency, 8, _number("cost", 2))
    yield Column("terminal.column_hashed", 7, _number("availability_percent", 1, " %"))
    yield Column("terminal.column_asic_most", 6, _number("asic_temperature_max_c", 0))
    yield Column("terminal.column_vr_most", 6, _number("vr_temperature_max_c", 0))
    yield Column("terminal.column_restarts", 6, _number("restarts"))
    yield Column("terminal.column_rejected", 7, _number("reject_rate_percent", 2, " %"))
    yield Column("terminal.column_shares", 8, _counted("shares_accepted"))
    yield Column("terminal.column_varies", 7, _variation)
    yield Column("terminal.column_watched", 7, _number("observed_hours", 1, " h"))


def _hashrate(row: _Answer, texts: Texts) -> Text:
    mean = row.get("mean_hashrate_ghs", row["hashrate_ghs"])
    return Text(texts.hashrate(mean), "bold")


def _variation(row: _Answer, texts: Texts) -> Text:
    day = row.get("stability", {}).get(_DAY, {})
    return Text(texts.number(day.get("variation_percent"), 1, " %"))


def _number(key: str, digits: int = 0, unit: str = "") -> Cell[_Answer]:
    return _cell(key, lambda value, texts: texts.number(value, digits, unit))


def _rounded(key: str) -> Cell[_Answer]:
    return _cell(key, lambda value, texts: texts.rounded(value))


def _counted(key: str) -> Cell[_Answer]:
    return _cell(key, lambda value, texts: texts.grouped(value))


def _cell(key: str, write: Callable[[float | None, Texts], str]) -> Cell[_Answer]:
    """Return a cell that is empty where all together have no such figure."""

    def cell(row: _Answer, texts: Texts) -> Text:
        return Text(write(row[key], texts) if key in row else "")

    return cell


def wall_lines(wall: Iterable[_Answer]) -> Iterator[Text]:
    """Yield what each power supply with a plug took from the wall."""
    for item in wall:
        yield Text(str(item.get("text", UNKNOWN)))


def _notes(miners: list[_Answer], texts: Texts) -> Iterator[Text]:
    """Yield who was watched for a part of the span only."""
    for miner in miners:
        if miner["watched_seconds"] is not None:
            watched = texts.duration(miner["watched_seconds"])
            since = texts("report.since", duration=watched)
            yield Text(f"{miner['name']} {since}", levels.DIM)
