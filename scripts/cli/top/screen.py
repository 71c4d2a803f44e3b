"""The whole screen: totals, miners, and what the keys do. Pure."""

from dataclasses import dataclass

from rich.console import Group, RenderableType
from rich.text import Text

from .. import levels
from ..store import Figures, Store
from ..texts import Texts
from .full import PANEL_HEIGHT, PANEL_WIDTH, miner_panel, panels
from .lite import Row, miner_table
from .order import Sort, ordered


@dataclass(slots=True)
class ViewOptions:
    """What the person at the keyboard chose."""

    lite: bool | None = None
    """A row for each miner; panels as long as all have room, unless somebody chose."""
    shown_lite: bool = False
    """What was drawn last."""
    sort: Sort = Sort.NAME
    first: int = 0
    """Row of miners at the top."""

    def scroll(self, rows: int) -> None:
        """Go down, or up with a negative number."""
        self.first = max(self.first + rows, 0)


def draw(
    store: Store, view: ViewOptions, width: int, height: int | None, now: float
) -> RenderableType:
    """Return the screen; without a `height`, all miners and no keys.

    Where there is no room for a panel, miners are rows.
    """
    miners = ordered(store, view.sort)
    totals = _packed(_totals(store), width)
    if height is not None:
        # A row of miners, its header and the keys have a place on the smallest screen.
        totals = totals[: max(height - 3, 1)]
    room = None if height is None else height - len(totals) - 1
    cramped = room is not None and room < PANEL_HEIGHT
    lite = view.shown_lite = cramped or _is_lite(view, len(miners), width, room)
    per_row = 1 if lite else _per_row(width)
    rows = -(-len(miners) // per_row)
    visible = rows if room is None else _visible_rows(lite, room)
    view.first = max(min(view.first, rows - visible), 0)
    shown = miners[view.first * per_row : (view.first + visible) * per_row]
    frame = [*totals]
    if height is not None:
        frame.append(_keys(store.texts, view, lite, cramped, len(miners) - len(shown)))
    return Group(_body(store, lite, shown, per_row, width, now), *frame)


def _is_lite(view: ViewOptions, miners: int, width: int, room: int | None) -> bool:
    """Return whether miners are rows in this many lines."""
    if view.lite is not None or room is None:
        return bool(view.lite)
    return room // PANEL_HEIGHT * _per_row(width) < miners


def _per_row(width: int) -> int:
    return max(width // PANEL_WIDTH, 1)


def _body(
    store: Store,
    lite: bool,
    shown: list[tuple[str, Figures]],
    per_row: int,
    width: int,
    now: float,
) -> RenderableType:
    if not shown:
        # Before anything is known there may be some.
        return Text(
            store.texts("terminal.no_miners") if store.swarm else "", levels.DIM
        )
    rows = [
        Row(miner, store.history_of(key), store.seconds_behind(miner, now), now)
        for key, miner in shown
    ]
    if lite:
        return miner_table(rows, width, store.texts)
    return panels(
        [
            miner_panel(row.miner, row.history, row.behind, now, store.texts)
            for row in rows
        ],
        per_row,
    )


def _visible_rows(lite: bool, room: int) -> int:
    """Return how many rows of miners fit; the table has a header."""
    return max(room - 1 if lite else room // PANEL_HEIGHT, 1)


def _totals(store: Store) -> list[Text]:
    """Return what all do together, the most important first."""
    swarm, texts = store.swarm, store.texts
    parts = []
    if store.problem is not None:
        parts.append(Text(f"⚠ {store.problem}", levels.BAD))
    if not swarm or swarm["miners"] is None:
        return parts
    mining, online, miners = (
        swarm[key] for key in ("miners_mining", "miners_online", "miners")
    )
    # What nothing is known of, as all are offline, is left out.
    if swarm["hashrate_ghs"] is not None:
        whole = texts.hashrate(swarm["expected_hashrate_ghs"])
        parts.append(
            Text.assemble(
                (texts.hashrate(swarm["hashrate_ghs"]), "bold"),
                " ",
                (texts("terminal.of", whole=whole), levels.DIM),
            )
        )
    if swarm["power_w"] is not None:
        parts.append(Text(texts.rounded(swarm["power_w"], " W")))
    if swarm["efficiency_j_th"] is not None:
        parts.append(Text(texts.number(swarm["efficiency_j_th"], 1, " J/TH")))
    parts.append(
        Text(
            texts("terminal.miners_mining", mining=mining, miners=miners),
            levels.GOOD if mining == miners else levels.WATCH,
        )
    )
    if online != miners:
        parts.append(
            Text(texts("terminal.miners_offline", count=miners - online), levels.BAD)
        )
    if swarm["best_difficulty"] is not None:
        parts.append(
            Text.assemble(
                (f"{texts('terminal.best_of_swarm')} ", levels.DIM),
                texts.difficulty(swarm["best_difficulty"]),
                (f" {swarm['best_miner'] or ''}", levels.DIM),
            )
        )
    if swarm["years_to_block"] is not None:
        parts.append(
            Text.assemble(
                (f"{texts('terminal.block_in')} ", levels.DIM),
                texts.years(swarm["years_to_block"]),
            )
        )
    if swarm["energy_kwh"] is not None:
        parts.append(Text(texts.rounded(swarm["energy_kwh"], " kWh")))
    if swarm["cost_per_day"] is not None:
        cost = texts.estimate(swarm["cost_per_day"], swarm["currency"])
        parts.append(Text(texts("terminal.cost_per_day", cost=cost)))
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


def _keys(
    texts: Texts, view: ViewOptions, lite: bool, cramped: bool, more: int
) -> Text:
    line = Text.assemble(
        ("q", "bold"),
        f" {texts('terminal.quit')}  ",
        ("s", "bold"),
        f" {texts('terminal.sort', order=texts(f'terminal.sort_{view.sort}'))}",
        style=levels.DIM,
    )
    if not cramped:
        other = texts("terminal.full" if lite else "terminal.lite")
        line.append("  ").append("l", "bold").append(f" {other}")
    if more:
        line.append(f"  ↑↓ {texts('terminal.more', count=more)}")
    line.no_wrap = True
    line.overflow = "ellipsis"
    return line
