"""The whole screen: totals, miners, and what the keys do. Pure."""

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from . import levels, words
from .board import Board, Figures
from .full import PANEL_HEIGHT, PANEL_WIDTH, miner_panel, panels
from .lite import miner_table
from .order import Sort, ordered


@dataclass(slots=True)
class Look:
    """What the person at the keyboard chose."""

    lite: bool = False
    sort: Sort = Sort.NAME
    first: int = 0
    """Row of miners at the top."""

    def scroll(self, rows: int) -> None:
        """Go down, or up with a negative number."""
        self.first = max(self.first + rows, 0)


def draw(
    board: Board, look: Look, width: int, height: int | None, now: float
) -> RenderableType:
    """Return the screen; without a `height`, all miners and no keys.

    Where there is no room for a panel, miners are rows.
    """
    miners = ordered(board, look.sort)
    totals = _packed(_totals(board), width)
    if height is not None:
        # A row of miners, its header and the keys have a place on the smallest screen.
        totals = totals[: max(height - 3, 1)]
    room = None if height is None else height - len(totals) - 1
    cramped = room is not None and room < PANEL_HEIGHT
    lite = look.lite or cramped
    per_row = 1 if lite else max(width // PANEL_WIDTH, 1)
    rows = -(-len(miners) // per_row)
    visible = rows if room is None else _visible_rows(lite, room)
    look.first = max(min(look.first, rows - visible), 0)
    shown = miners[look.first * per_row : (look.first + visible) * per_row]
    frame = [*totals]
    if height is not None:
        frame.append(_keys(look, cramped, len(miners) - len(shown)))
    return Group(_body(board, lite, shown, per_row, width, now), *frame)


def _body(
    board: Board,
    lite: bool,
    shown: list[tuple[str, Figures]],
    per_row: int,
    width: int,
    now: float,
) -> RenderableType:
    if not shown:
        return Text("No miners", levels.DIM)
    rows = [
        (miner, board.past_of(key), board.seconds_behind(miner, now))
        for key, miner in shown
    ]
    if lite:
        return miner_table(rows, width, now)
    return panels([miner_panel(*row, now) for row in rows], per_row)


def _visible_rows(lite: bool, room: int) -> int:
    """Return how many rows of miners fit; the table has a header."""
    return max(room - 1 if lite else room // PANEL_HEIGHT, 1)


def _totals(board: Board) -> list[Text]:
    """Return what all do together, the most important first."""
    swarm = board.swarm
    parts = []
    if board.problem is not None:
        parts.append(Text(f"⚠ {board.problem}", levels.BAD))
    if not swarm or swarm["miners"] is None:
        return parts
    mining, online, miners = (
        swarm[key] for key in ("miners_mining", "miners_online", "miners")
    )
    parts += [
        Text.assemble(
            (words.hashrate(swarm["hashrate_ghs"]), "bold"),
            (f" of {words.hashrate(swarm['expected_hashrate_ghs'])}", levels.DIM),
        ),
        Text(words.number(swarm["power_w"], 1, " W")),
        Text(words.number(swarm["efficiency_j_th"], 1, " J/TH")),
        Text(
            f"{mining} of {miners} mining",
            levels.GOOD if mining == miners else levels.WATCH,
        ),
    ]
    if online != miners:
        parts.append(Text(f"{miners - online} offline", levels.BAD))
    parts += [
        Text.assemble(
            ("best ", levels.DIM),
            words.difficulty(swarm["best_difficulty"]),
            (f" {swarm['best_miner'] or ''}", levels.DIM),
        ),
        Text.assemble(("block in ", levels.DIM), words.years(swarm["years_to_block"])),
        Text(words.number(swarm["energy_kwh"], 1, " kWh")),
    ]
    if swarm["cost_per_day"] is not None:
        parts.append(Text(f"{swarm['cost_per_day']:.2f} {swarm['currency']} a day"))
    return parts


def _packed(parts: list[Text], width: int) -> list[Text]:
    """Return the parts in as few lines as the width allows."""
    lines: list[Text] = []
    for part in parts:
        if lines and lines[-1].cell_len + 2 + part.cell_len <= width:
            lines[-1].append("  ").append_text(part)
        else:
            part.no_wrap = True
            part.overflow = "ellipsis"
            lines.append(part)
    return lines


def _keys(look: Look, cramped: bool, more: int) -> Text:
    line = Text.assemble(
        ("q", "bold"), " quit  ", ("s", "bold"), f" sort: {look.sort}", style=levels.DIM
    )
    if not cramped:
        line.append("  ").append("l", "bold").append(" full" if look.lite else " lite")
    if more:
        line.append(f"  ↑↓ {more} more")
    line.no_wrap = True
    line.overflow = "ellipsis"
    return line
