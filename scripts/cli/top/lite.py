"""The lite view: a row for each miner, as many columns as have room. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from rich.table import Table
from rich.text import Text

from .. import formatting, levels
from ..store import NO_ANSWER, Figures, History, state_of
from ..table import Cell, Column, make_table, shorten
from ..texts import Texts

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


@dataclass(frozen=True, slots=True)
class Row:
    """A miner at a moment."""

    miner: Figures
    history: History
    behind: float | None
    """By how many s its reading is too old."""
    now: float
    """Unix time."""


type _Cell = Cell[Row]


def _simple(
    key: str, digits: int, unit: str, color: Callable[[Figures], str] | None = None
) -> _Cell:
    def cell(row: Row, texts: Texts) -> Text:
        style = color(row.miner) if color is not None else levels.PLAIN
        return Text(texts.number(row.miner[key], digits, unit), style)

    return cell


def _name(row: Row, texts: Texts) -> Text:
    state = state_of(row.miner)
    mark = " !" if row.miner["warnings"] or row.behind is not None else ""
    return Text.assemble(
        (_SHORT_STATES.get(state, "?"), levels.STATES.get(state, "")),
        " ",
        shorten(str(row.miner["name"]), _NAME_WIDTH - 2 - len(mark)),
        (mark, levels.BAD),
    )


def _hashrate(row: Row, texts: Texts) -> Text:
    miner = row.miner
    if (state := state_of(miner)) != "mining":
        return Text(
            texts.find(f"terminal.state_{state}") or state, levels.STATES.get(state, "")
        )
    return Text(texts.hashrate(miner["hashrate_ghs"]), levels.hashrate(miner))


def _setting(row: Row, texts: Texts) -> Text:
    frequency, voltage = row.miner["frequency_mhz"], row.miner["core_voltage_mv"]
    return Text(f"{texts.number(frequency)}/{texts.number(voltage)}")


def _uptime(row: Row, texts: Texts) -> Text:
    boot = row.miner["boot_time"]
    return Text(texts.duration(None if boot is None else row.now - boot))


_BY_IMPORTANCE: Final[tuple[Column[Row], ...]] = (
    Column("terminal.column_miner", _NAME_WIDTH, _name, left=True),
    Column("terminal.column_hashrate", 10, _hashrate),
    Column("ASIC", 5, _simple("asic_temperature_c", 0, "°", levels.asic)),
    Column("J/TH", 5, _simple("efficiency_j_th", 1, "")),
    Column("terminal.column_power", 7, _simple("power_w", 1, " W", levels.power)),
    Column("VR", 4, _simple("vr_temperature_c", 0, "°", levels.regulator)),
    Column("terminal.column_fan", 5, _simple("fan_speed_percent", 0, " %")),
    Column("MHz/mV", 9, _setting),
    Column(
        "terminal.column_reject",
        7,
        _simple(
            "reject_rate_percent",
            2,
            " %",
            levels.reject_rate,
        ),
    ),
    Column("terminal.column_up", 8, _uptime),
    Column(
        "terminal.column_best",
        8,
        lambda row, texts: Text(texts.difficulty(row.miner["best_difficulty"])),
    ),
    Column(
        "24 h",
        24,
        lambda row, texts: Text(formatting.sparkline(row.history.day, 24), "cyan"),
        left=True,
    ),
    Column(
        "1 h",
        12,
        lambda row, texts: Text(formatting.sparkline(row.history.hour, 12), "cyan"),
        left=True,
    ),
    Column(
        "terminal.column_voltage",
        7,
        _simple("input_voltage_v", 2, " V", levels.input_voltage),
    ),
    Column("terminal.column_varies", 7, _simple("variation_24h_percent", 1, " %")),
)


def miner_table(rows: Sequence[Row], width: int, texts: Texts) -> Table:
    """Return a table of miners."""
    return make_table(_BY_IMPORTANCE, rows, width, texts)
