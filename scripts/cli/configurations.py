"""How the miners did at each of their settings, as tables. Pure."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from rich.console import Group, RenderableType
from rich.text import Text

from . import levels
from .table import Cell, Column, make_table
from .texts import UNKNOWN, Texts

type _Answer = dict[str, Any]
"""A miner, or one of its settings, as Home Assistant gives it."""
type _Write = Callable[[_Answer, Texts], str]

_GOALS: Final = ("efficiency", "hashrate", "balanced")
_SETTING_WIDTH: Final = 14
"""Characters of a column of the comparison."""


def settings_of_each(
    answer: _Answer, width: int | None, texts: Texts
) -> RenderableType:
    """Return a table for each miner, with a row for each setting."""
    parts: list[RenderableType] = []
    for miner in answer["miners"]:
        parts += [_heading(miner), *_settings(miner, width, texts)]
        parts += [*_advice(miner, texts), Text()]
    return Group(*parts[:-1])


def comparison_of_each(
    answer: _Answer, width: int | None, texts: Texts
) -> RenderableType:
    """Return a table for each miner, with a column for each setting."""
    parts: list[RenderableType] = []
    for miner in answer["miners"]:
        parts += [_heading(miner), *_comparison(miner, width, texts)]
        parts += [*_advice(miner, texts), Text()]
    return Group(*parts[:-1])


def bottleneck(item: _Answer) -> Text:
    """Return what stands in the way of a setting."""
    # A Home Assistant before this version has no words for it.
    text = item.get("text", UNKNOWN)
    return Text(f"⚠ {text}", levels.BAD if item["critical"] else levels.WATCH)


def _heading(miner: _Answer) -> Text:
    return Text(str(miner["name"]), "bold")


def _settings(
    miner: _Answer, width: int | None, texts: Texts
) -> Iterator[RenderableType]:
    if not miner["configurations"]:
        yield Text(texts("report.no_setting"), levels.DIM)
        return
    best = _best(miner)
    columns = [
        Column("MHz/mV", 10, _text(_setting), left=True),
        Column("terminal.column_hashrate", 9, _text(_hashrate)),
        Column("J/TH", 12, _text(_efficiency)),
        Column("terminal.column_hours", 7, _text(_figure("hours", 1))),
        Column("", 28, lambda row, texts: _remark(row, best, texts), left=True),
        Column("terminal.column_power", 7, _text(_figure("power_w", 1, " W"))),
        *_wall_column(miner["configurations"]),
        Column("ASIC", 5, _text(_figure("asic_temperature_c", 0, "°"))),
        Column("VR", 5, _text(_figure("vr_temperature_c", 0, "°"))),
        Column(
            "report.column_expected",
            12,
            _text(_figure("expected_ratio_percent", 1, " %")),
        ),
        Column(
            "terminal.column_errors", 7, _text(_figure("error_rate_percent", 2, " %"))
        ),
        Column(
            "terminal.column_rejected",
            7,
            _text(_figure("reject_rate_percent", 2, " %")),
        ),
    ]
    yield make_table(columns, miner["configurations"], width, texts)


def _wall_column(rows: Sequence[_Answer]) -> Iterator[Column[_Answer]]:
    """Yield a column for W and J/TH at the wall, where any of it was measured."""
    if any(row.get("wall_power_w") is not None for row in rows):
        yield Column("report.at_wall", 16, _text(_at_wall))


def _remark(row: _Answer, best: dict[str, list[str]], texts: Texts) -> Text:
    """Return whether a setting is the present one, or the best one for a goal."""
    parts = [Text(texts("report.now"), levels.GOOD)] if row["present"] else []
    parts += [
        Text(texts(f"report.goal_{goal}"), levels.WATCH)
        for goal in best.get(_setting(row, texts), ())
    ]
    return Text(", ").join(parts)


def _best(miner: _Answer) -> dict[str, list[str]]:
    """Return the goals that a setting is the best for, by setting."""
    found: dict[str, list[str]] = {}
    for goal in _GOALS[:2]:
        best = miner["recommendations"][goal]["best"]
        if best is not None:
            found.setdefault(_setting(best, Texts()), []).append(goal)
    return found


def _comparison(
    miner: _Answer, width: int | None, texts: Texts
) -> Iterator[RenderableType]:
    rows = list(miner["configurations"])
    if not rows:
        yield Text(texts("report.no_setting"), levels.DIM)
        return
    labels = {title: texts.find(title) or title for title, _ in _FIGURES}
    label_width = max(map(len, labels.values()))
    room = len(rows)
    if width is not None:
        room = max((width - label_width) // (_SETTING_WIDTH + 1), 1)
    for start in range(0, len(rows), room):
        yield from _block(rows[start : start + room], labels, label_width, width, texts)


def _block(
    rows: Sequence[_Answer],
    labels: dict[str, str],
    label_width: int,
    width: int | None,
    texts: Texts,
) -> Iterator[RenderableType]:
    """Yield the figures of some settings side by side, and what stands in their way."""

    def column(row: _Answer) -> Column[tuple[str, _Write]]:
        def cell(figure: tuple[str, _Write], texts: Texts) -> Text:
            return Text(figure[1](row, texts))

        mark = "● " if row["present"] else ""
        return Column(f"{mark}{_setting(row, texts)}", _SETTING_WIDTH, cell)

    first = Column[tuple[str, _Write]](
        "MHz/mV",
        label_width,
        lambda figure, texts: Text(labels[figure[0]], levels.DIM),
        left=True,
    )
    yield make_table([first, *map(column, rows)], _FIGURES, width, texts)
    for row in rows:
        for item in row["bottlenecks"]:
            yield Text(f"{_setting(row, texts)} ").append_text(bottleneck(item))
    yield Text()


def _advice(miner: _Answer, texts: Texts) -> Iterator[Text]:
    """Yield what is best, once for goals that come to the same, and what it brings."""
    if not miner["configurations"]:
        return
    goals: dict[str, list[str]] = {}
    for goal in _GOALS:
        recommendation = miner["recommendations"][goal].get("text", UNKNOWN)
        goals.setdefault(recommendation, []).append(texts(f"report.goal_{goal}"))
    for recommendation, names in goals.items():
        yield Text(f"{' · '.join(names)}: {recommendation}")
    for reason in miner["missing"]:
        yield Text(str(reason), levels.DIM)


def _text(write: _Write) -> Cell[_Answer]:
    return lambda row, texts: Text(write(row, texts))


def _setting(row: _Answer, texts: Texts) -> str:
    # Never localized: it is the name of a setting.
    return f"{row['frequency_mhz']:g}/{row['core_voltage_mv']:g}"


def _hashrate(row: _Answer, texts: Texts) -> str:
    return texts.hashrate(row["hashrate_ghs"])


def _efficiency(row: _Answer, texts: Texts) -> str:
    error = row["efficiency_error_j_th"]
    text = texts.number(row["efficiency_j_th"], 2)
    return text if error is None else f"{text} ±{texts.number(error, 2)}"


def _at_wall(row: _Answer, texts: Texts) -> str:
    # A Home Assistant before this version does not say it.
    power = row.get("wall_power_w")
    if power is None:
        return UNKNOWN
    joules = texts.number(row["wall_efficiency_j_th"], 2)
    return f"{texts.number(power, 1, ' W')}, {joules}"


def _figure(key: str, digits: int = 0, unit: str = "") -> _Write:
    return lambda row, texts: texts.number(row[key], digits, unit)


def _range(row: _Answer, texts: Texts) -> str:
    low, high = row["hashrate_min_ghs"], row["hashrate_max_ghs"]
    if low is None or high is None:
        return UNKNOWN
    return f"{texts.number(low / 1000, 2)}–{texts.number(high / 1000, 2)}"


def _day(key: str) -> _Write:
    def write(row: _Answer, texts: Texts) -> str:
        return f"{datetime.fromisoformat(row[key]).astimezone():%Y-%m-%d}"

    return write


_FIGURES: Final[Sequence[tuple[str, _Write]]] = (
    ("terminal.column_hashrate", _hashrate),
    ("terminal.hashrate_range", _range),
    ("terminal.of_expected", _figure("expected_ratio_percent", 1, " %")),
    ("terminal.varies", _figure("variation_percent", 1, " %")),
    ("J/TH", _efficiency),
    ("GH/W", _figure("efficiency_gh_w", 1)),
    ("terminal.power", _figure("power_w", 1, " W")),
    ("terminal.power_most", _figure("power_max_w", 1, " W")),
    ("report.at_wall", _at_wall),
    ("terminal.input_voltage", _figure("input_voltage_v", 2, " V")),
    ("terminal.input_voltage_least", _figure("input_voltage_min_v", 2, " V")),
    ("ASIC", _figure("asic_temperature_c", 1, " °C")),
    ("terminal.asic_most", _figure("asic_temperature_max_c", 1, " °C")),
    ("VR", _figure("vr_temperature_c", 1, " °C")),
    ("terminal.vr_most", _figure("vr_temperature_max_c", 1, " °C")),
    ("terminal.column_fan", _figure("fan_speed_percent", 0, " %")),
    ("terminal.hardware_errors", _figure("error_rate_percent", 2, " %")),
    ("terminal.rejected_share", _figure("reject_rate_percent", 2, " %")),
    ("terminal.column_hours", _figure("hours", 1)),
    ("terminal.first_seen", _day("first_seen")),
    ("terminal.last_seen", _day("last_seen")),
)
