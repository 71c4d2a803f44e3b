"""The full view: a panel for each miner. Pure."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from .. import formatting, levels
from ..store import Figures, History, state_of
from ..texts import UNKNOWN, Texts

PANEL_WIDTH = 50
"""Least characters of a panel; narrower terminals cut lines off."""
PANEL_HEIGHT = 15
"""Lines of a panel: twelve of figures, one of what is wrong, and the border."""

_BAR = 16


def miner_panel(
    miner: Figures,
    history: History,
    behind: float | None,
    now: float,
    texts: Texts,
) -> Panel:
    """Return all there is to say of a miner, whose reading may be `behind` by s."""
    label = len(texts("terminal.power")) + 1
    lines: list[Text] = [
        _hashrate(miner, texts),
        _sparklines(history),
        _gauge(
            "ASIC".ljust(label),
            levels.share_of(miner["asic_temperature_c"], miner["asic_limit_c"]),
            levels.asic(miner),
            texts.number(miner["asic_temperature_c"], 1, " °C"),
            _of(miner["asic_limit_c"], texts),
        ),
        _gauge(
            "VR".ljust(label),
            levels.share_of(miner["vr_temperature_c"], miner["vr_limit_c"]),
            levels.regulator(miner),
            texts.number(miner["vr_temperature_c"], 0, " °C"),
            _of(miner["vr_limit_c"], texts),
        ),
        _power(miner, texts),
        _settings(miner, texts),
        _fan(miner, texts),
        _shares(miner, texts),
        _best(miner, now, texts),
        _pool(miner, texts),
        _means(miner, history, texts),
        _variations(history, texts),
    ]
    lines += _warnings(miner, now, texts) or _reject_reasons(miner, texts)
    state = state_of(miner)
    title = Text.assemble(
        (str(miner["name"]), "bold not dim"),
        " ",
        (texts.find(f"terminal.state_{state}") or state, levels.STATES.get(state, "")),
    )
    if behind is not None:
        stale = texts("terminal.stale", duration=texts.duration(behind))
        title.append(f" {stale}", levels.BAD)
    identity = " ".join(
        str(part) for part in (miner["model"], miner["firmware"]) if part
    )
    for line in lines:
        line.no_wrap = True
        line.overflow = "ellipsis"
    return Panel(
        Group(*lines),
        title=title,
        title_align="left",
        subtitle=Text(
            " · ".join(part for part in (identity, miner["area"] or "") if part)
        ),
        subtitle_align="left",
        border_style=_border(miner),
        height=PANEL_HEIGHT,
    )


def panels(items: list[RenderableType], columns: int) -> Table:
    """Return panels side by side, row by row."""
    table = Table.grid(expand=True)
    for _ in range(columns):
        table.add_column(ratio=1)
    for start in range(0, len(items), columns):
        table.add_row(*items[start : start + columns])
    return table


def _border(miner: Figures) -> str:
    if miner["warnings"] or levels.STATES.get(miner["state"]) == levels.BAD:
        return levels.BAD
    return levels.DIM


def _of(limit: float | None, texts: Texts) -> str:
    return (
        "" if limit is None else f" {texts('terminal.of', whole=texts.number(limit))}"
    )


def _hashrate(miner: Figures, texts: Texts) -> Text:
    expected = texts.hashrate(miner["expected_hashrate_ghs"])
    # A paused ASIC idles at a low clock, by which firmware goes on expecting a
    # hashrate.
    of = (
        "" if miner["state"] == "paused" else f" {texts('terminal.of', whole=expected)}"
    )
    return Text.assemble(
        (texts.hashrate(miner["hashrate_ghs"]), f"bold {levels.hashrate(miner)}"),
        (of, levels.DIM),
        f"   {texts.number(miner['efficiency_j_th'], 1, ' J/TH')}",
    )


def _sparklines(history: History) -> Text:
    return Text.assemble(
        ("1h ", levels.DIM),
        (formatting.sparkline(history.hour, 12).ljust(12), "cyan"),
        (" 24h ", levels.DIM),
        (formatting.sparkline(history.day, 24), "cyan"),
    )


def _gauge(label: str, share: float | None, color: str, value: str, note: str) -> Text:
    return Text.assemble(
        (label, levels.DIM),
        (formatting.bar(share, _BAR), f"{color} on grey23" if color else "on grey23"),
        " ",
        (value, color),
        (note, levels.DIM),
    )


def _power(miner: Figures, texts: Texts) -> Text:
    share = levels.share_of(miner["power_w"], miner["power_limit_w"])
    note = "" if share is None else f" {texts.number(share * 100, 0, ' %')}"
    line = _gauge(
        f"{texts('terminal.power')} ",
        share,
        levels.power(miner),
        texts.number(miner["power_w"], 1, " W"),
        note,
    )
    voltage = texts.number(miner["input_voltage_v"], 2, " V")
    return line.append(f"  {voltage}", levels.input_voltage(miner))


def _settings(miner: Figures, texts: Texts) -> Text:
    actual = miner["core_voltage_actual_mv"]
    measured = "" if actual is None else f" ({texts.number(actual)})"
    return Text.assemble(
        f"{texts.number(miner['frequency_mhz'], 0)} MHz"
        f" {texts.number(miner['core_voltage_mv'], 0)} mV",
        (f"{measured}  {texts('terminal.column_errors')} ", levels.DIM),
        (
            texts.number(miner["error_rate_percent"], 2, " %"),
            levels.error_rate(miner),
        ),
    )


def _fan(miner: Figures, texts: Texts) -> Text:
    mode = {
        True: texts("terminal.fan_auto"),
        False: texts("terminal.fan_fixed"),
        None: texts("terminal.fan"),
    }[miner["auto_fan"]]
    speed = texts.number(miner["fan_rpm"], 0)
    turns = "" if miner["fan_rpm"] is None else texts("terminal.rpm", value=speed)
    signal = texts.number(miner["wifi_rssi_dbm"], 0, " dBm")
    return Text.assemble(
        (f"{mode} ", levels.DIM),
        texts.number(miner["fan_speed_percent"], 0, " %"),
        (f" {turns}", levels.DIM),
        (f"  {texts('terminal.wifi', signal=signal)}", levels.DIM),
    )


def _shares(miner: Figures, texts: Texts) -> Text:
    rejected = texts.number(miner["shares_rejected"])
    return Text.assemble(
        (f"{texts('terminal.shares')} ", levels.DIM),
        texts.number(miner["shares_accepted"]),
        (f", {texts('terminal.rejected', count=rejected)}  1h ", levels.DIM),
        (
            texts.number(miner["reject_rate_percent"], 2, " %"),
            levels.reject_rate(miner),
        ),
    )


def _best(miner: Figures, now: float, texts: Texts) -> Text:
    boot = miner["boot_time"]
    session = texts.difficulty(miner["best_session_difficulty"])
    return Text.assemble(
        (f"{texts('terminal.best')} ", levels.DIM),
        texts.difficulty(miner["best_difficulty"]),
        (f" {texts('terminal.session', difficulty=session)}", levels.DIM),
        (f"  {texts('terminal.up')} ", levels.DIM),
        texts.duration(None if boot is None else now - boot),
    )


def _pool(miner: Figures, texts: Texts) -> Text:
    difficulty = texts.difficulty(miner["pool_difficulty"])
    line = Text(str(miner["pool"] or UNKNOWN))
    if miner["using_fallback"]:
        line.append(f" {texts('terminal.fallback')}", levels.WATCH)
    line.append(
        f" {texts('terminal.difficulty', difficulty=difficulty)}"
        f" {texts.number(miner['response_time_ms'], 0, ' ms')}",
        levels.DIM,
    )
    return line


def _means(miner: Figures, history: History, texts: Texts) -> Text:
    found = miner["stability"]
    stability = texts.find(f"terminal.stability_{found}") or found or ""
    return Text.assemble(
        ("24h ", levels.DIM),
        f"{texts.hashrate(history.hashrate)} {texts.number(history.efficiency, 1, ' J/TH')}",
        (f" {stability}", levels.DIM),
    )


def _variations(history: History, texts: Texts) -> Text:
    line = Text(texts("terminal.varies"), levels.DIM)
    for window, variation in history.variations.items():
        line.append(f" {window} {texts.number(variation, 1)}")
    return line.append(" %" if history.variations else f" {UNKNOWN}")


def _reject_reasons(miner: Figures, texts: Texts) -> list[Text]:
    """Return why the pool refused shares, which is less urgent than a warning."""
    reasons = ", ".join(
        f"{item['message']} {item['count']}"
        for item in miner.get("reject_reasons") or ()
    )
    label = f"{texts('terminal.refused_shares')} "
    return [Text.assemble((label, levels.DIM), reasons)] if reasons else []


def _warnings(miner: Figures, now: float, texts: Texts) -> list[Text]:
    found = [
        Text(
            f"⚠ {formatting.warning(item, now, texts)}"
            f" {texts('terminal.since', duration=texts.duration(now - item['since']))}",
            levels.BAD,
        )
        for item in miner["warnings"]
    ]
    if len(found) > 1:
        found[0].append(f" {texts('terminal.and_more', count=len(found) - 1)}")
    return found[:1]
