"""The lite view: a row for each miner, as many columns as the width has room for. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table
from rich.text import Text

from . import levels, words
from .board import NO_ANSWER, Figures, Past, state_of

_NAME_WIDTH: Final = 18
_SHORT_STATES: Final = {
    "mining": "●",
    "starting": "◔",
    "paused": "‖",
    "idle": "○",
    "overheated": "▲",
    "fault": "✖",
    "offline": "✖",
    NO_ANSWER: "◌",
}

type Cell = Callable[[Figures, Past, float], Text]
"""Shows one thing of a miner, at a Unix time."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table."""

    title: str
    width: int
    cell: Cell
    left: bool = False


def _simple(
    key: str, digits: int, unit: str, color: Callable[[Figures], str] | None = None
) -> Cell:
    def cell(miner: Figures, past: Past, now: float) -> Text:
        style = color(miner) if color is not None else levels.PLAIN
        return Text(words.number(miner[key], digits, unit), style)

    return cell


def _name(miner: Figures, past: Past, now: float) -> Text:
    state = state_of(miner)
    return Text.assemble(
        (_SHORT_STATES.get(state, "?"), levels.STATES.get(state, "")),
        " ",
        str(miner["name"]),
    )


def _hashrate(miner: Figures, past: Past, now: float) -> Text:
    if (state := state_of(miner)) != "mining":
        return Text(state, levels.STATES.get(state, ""))
    return Text(words.hashrate(miner["hashrate_ghs"]), levels.hashrate(miner))


def _setting(miner: Figures, past: Past, now: float) -> Text:
    frequency, voltage = miner["frequency_mhz"], miner["core_voltage_mv"]
    return Text(f"{words.number(frequency)}/{words.number(voltage)}")


def _uptime(miner: Figures, past: Past, now: float) -> Text:
    boot = miner["boot_time"]
    return Text(words.duration(None if boot is None else now - boot))


_NAME: Final = Column("Miner", _NAME_WIDTH, _name, left=True)
_BY_IMPORTANCE: Final = (
    Column("Hashrate", 10, _hashrate),
    Column("ASIC", 5, _simple("asic_temperature_c", 0, "°", levels.asic)),
    Column("J/TH", 5, _simple("efficiency_j_th", 1, "")),
    Column("Power", 7, _simple("power_w", 1, " W", levels.power)),
    Column("VR", 4, _simple("vr_temperature_c", 0, "°", levels.regulator)),
    Column("Fan", 5, _simple("fan_speed_percent", 0, " %")),
    Column("MHz/mV", 9, _setting),
    Column(
        "Reject",
        7,
        _simple(
            "reject_rate_percent",
            2,
            " %",
            lambda miner: levels.rate(miner["reject_rate_percent"]),
        ),
    ),
    Column("Up", 8, _uptime),
    Column(
        "Best",
        8,
        lambda miner, past, now: Text(words.difficulty(miner["best_difficulty"])),
    ),
    Column(
        "24 h",
        24,
        lambda miner, past, now: Text(words.sparkline(past.day, 24), "cyan"),
        left=True,
    ),
    Column(
        "1 h",
        12,
        lambda miner, past, now: Text(words.sparkline(past.hour, 12), "cyan"),
        left=True,
    ),
    Column("Volt", 7, _simple("input_voltage_v", 2, " V", levels.input_voltage)),
    Column("Varies", 7, _simple("variation_24h_percent", 1, " %")),
)


def columns_for(width: int) -> list[Column]:
    """Return the columns that a width has room for, the most important ones."""
    chosen = [_NAME]
    room = width - _NAME.width
    for column in _BY_IMPORTANCE:
        if column.width + 1 > room:
            break
        room -= column.width + 1
        chosen.append(column)
    return chosen


def miner_table(
    rows: Sequence[tuple[Figures, Past, float | None]], width: int, now: float
) -> Table:
    """Return a table of miners, whose readings may be behind by so many s."""
    columns = columns_for(width)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for column in columns:
        table.add_column(
            column.title,
            justify="left" if column.left else "right",
            width=min(column.width, width),
            no_wrap=True,
            header_style=levels.DIM,
        )
    for miner, past, behind in rows:
        cells = [column.cell(miner, past, now) for column in columns]
        if miner["warnings"] or behind is not None:
            cells[0].append(" !", levels.BAD)
        table.add_row(*cells)
    return table
