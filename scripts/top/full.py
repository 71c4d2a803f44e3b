"""The full view: a panel for each miner. Pure."""

from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from . import levels, words
from .board import Figures, Past, state_of

PANEL_WIDTH = 50
"""Least characters of a panel; narrower terminals cut lines off."""
PANEL_HEIGHT = 14
"""Lines of a panel: eleven of figures, one of what is wrong, and the border."""

_BAR = 16
_LABEL = 6


def miner_panel(miner: Figures, past: Past, behind: float | None, now: float) -> Panel:
    """Return all there is to say of a miner, whose reading may be `behind` by s."""
    lines: list[Text] = [
        _hashrate(miner),
        _sparklines(past),
        _gauge(
            "ASIC",
            levels.share_of(miner["asic_temperature_c"], miner["asic_limit_c"]),
            levels.asic(miner),
            words.number(miner["asic_temperature_c"], 1, " °C"),
            _of(miner["asic_limit_c"]),
        ),
        _gauge(
            "VR",
            levels.share_of(miner["vr_temperature_c"], miner["vr_limit_c"]),
            levels.regulator(miner),
            words.number(miner["vr_temperature_c"], 0, " °C"),
            _of(miner["vr_limit_c"]),
        ),
        _power(miner),
        _settings(miner),
        _shares(miner),
        _best(miner, now),
        _pool(miner),
        _means(miner, past),
        _variations(past),
    ]
    lines += _warnings(miner, now) or _reject_reasons(miner)
    state = state_of(miner)
    title = Text.assemble(
        (str(miner["name"]), "bold not dim"), " ", (state, levels.STATES.get(state, ""))
    )
    if behind is not None:
        title.append(f" stale {words.duration(behind)}", levels.BAD)
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


def _of(limit: float | None) -> str:
    return "" if limit is None else f" of {limit:.0f}"


def _hashrate(miner: Figures) -> Text:
    return Text.assemble(
        (words.hashrate(miner["hashrate_ghs"]), f"bold {levels.hashrate(miner)}"),
        (f" of {words.hashrate(miner['expected_hashrate_ghs'])}", levels.DIM),
        f"   {words.number(miner['efficiency_j_th'], 1, ' J/TH')}",
    )


def _sparklines(past: Past) -> Text:
    return Text.assemble(
        ("1h ", levels.DIM),
        (words.sparkline(past.hour, 12).ljust(12), "cyan"),
        (" 24h ", levels.DIM),
        (words.sparkline(past.day, 24), "cyan"),
    )


def _gauge(label: str, share: float | None, color: str, value: str, note: str) -> Text:
    return Text.assemble(
        (label.ljust(_LABEL), levels.DIM),
        (words.bar(share, _BAR), f"{color} on grey23" if color else "on grey23"),
        " ",
        (value, color),
        (note, levels.DIM),
    )


def _power(miner: Figures) -> Text:
    share = levels.share_of(miner["power_w"], miner["power_limit_w"])
    note = "" if share is None else f" {share * 100:.0f} %"
    line = _gauge(
        "Power",
        share,
        levels.power(miner),
        words.number(miner["power_w"], 1, " W"),
        note,
    )
    voltage = words.number(miner["input_voltage_v"], 2, " V")
    return line.append(f"  {voltage}", levels.input_voltage(miner))


def _settings(miner: Figures) -> Text:
    actual = miner["core_voltage_actual_mv"]
    measured = "" if actual is None else f" ({actual:.0f})"
    mode = {True: "auto ", False: "fixed ", None: ""}[miner["auto_fan"]]
    return Text.assemble(
        f"{words.number(miner['frequency_mhz'], 0)} MHz"
        f" {words.number(miner['core_voltage_mv'], 0)} mV",
        (measured, levels.DIM),
        (f" fan {mode}", levels.DIM),
        words.number(miner["fan_speed_percent"], 0, " %"),
        (f" {words.number(miner['fan_rpm'], 0, ' rpm')}", levels.DIM),
    )


def _shares(miner: Figures) -> Text:
    return Text.assemble(
        ("Shares ", levels.DIM),
        f"{words.number(miner['shares_accepted'])}"
        f" − {words.number(miner['shares_rejected'])}  ",
        (
            words.number(miner["reject_rate_percent"], 2, " %"),
            levels.rate(miner["reject_rate_percent"]),
        ),
        ("  errors ", levels.DIM),
        (
            words.number(miner["error_rate_percent"], 2, " %"),
            levels.rate(miner["error_rate_percent"]),
        ),
    )


def _best(miner: Figures, now: float) -> Text:
    boot = miner["boot_time"]
    return Text.assemble(
        ("Best ", levels.DIM),
        words.difficulty(miner["best_difficulty"]),
        (f" session {words.difficulty(miner['best_session_difficulty'])}", levels.DIM),
        ("   up ", levels.DIM),
        words.duration(None if boot is None else now - boot),
    )


def _pool(miner: Figures) -> Text:
    line = Text(str(miner["pool"] or words.UNKNOWN))
    if miner["using_fallback"]:
        line.append(" fallback", levels.WATCH)
    line.append(
        f" diff {words.difficulty(miner['pool_difficulty'])}"
        f" {words.number(miner['response_time_ms'], 0, ' ms')}"
        f" {words.number(miner['wifi_rssi_dbm'], 0, ' dBm')}",
        levels.DIM,
    )
    return line


def _means(miner: Figures, past: Past) -> Text:
    return Text.assemble(
        ("24h ", levels.DIM),
        f"{words.hashrate(past.hashrate)} {words.number(past.efficiency, 1, ' J/TH')}",
        (f" {miner['stability'] or ''}", levels.DIM),
    )


def _variations(past: Past) -> Text:
    line = Text("Varies", levels.DIM)
    for window, variation in past.variations.items():
        line.append(f" {window} {variation:.1f}")
    return line.append(" %" if past.variations else f" {words.UNKNOWN}")


def _reject_reasons(miner: Figures) -> list[Text]:
    """Return why the pool refused shares, which is less urgent than a warning."""
    reasons = ", ".join(
        f"{item['message']} {item['count']}"
        for item in miner.get("reject_reasons") or ()
    )
    return [Text.assemble(("Refused ", levels.DIM), reasons)] if reasons else []


def _warnings(miner: Figures, now: float) -> list[Text]:
    found = [
        Text(
            f"⚠ {words.warning(item['kind'], item['value'], item['limit'])}"
            f" since {words.duration(now - item['since'])}",
            levels.BAD,
        )
        for item in miner["warnings"]
    ]
    if len(found) > 1:
        found[0].append(f" and {len(found) - 1} more")
    return found[:1]
