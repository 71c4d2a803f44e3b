"""Figures as people read them. Pure."""

from collections.abc import Sequence
from typing import Final

UNKNOWN: Final = "–"
_PREFIXES: Final = ("", "k", "M", "G", "T", "P", "E")
_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_GAP: Final = " "
_FLOOR: Final = 0.8
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"

WARNINGS: Final = {
    "offline": "offline",
    "overheating": "ASIC too hot",
    "vr_heat": "regulator too hot",
    "low_hashrate": "hashrate too low",
    "frozen_hashrate": "hashrate frozen",
    "error_rate": "too many errors",
    "reject_rate": "too many rejects",
    "low_input_voltage": "input voltage too low",
    "pool_fallback": "on the fallback pool",
    "power_fault": "power fault",
    "hardware_fault": "hardware fault",
    "detuned": "lowered its settings for heat",
}
"""Warnings by kind; one that is not known here is shown by its kind."""
_UNITS: Final = {
    "overheating": " °C",
    "vr_heat": " °C",
    "low_hashrate": " %",
    "error_rate": " %",
    "reject_rate": " %",
    "low_input_voltage": " V",
}


def number(value: float | None, digits: int = 0, unit: str = "") -> str:
    """Return a number with so many decimals and its unit."""
    return UNKNOWN if value is None else f"{value:.{digits}f}{unit}"


def hashrate(ghs: float | None) -> str:
    """Return a hashrate, given in GH/s, with three or four digits."""
    return UNKNOWN if ghs is None else f"{_scaled(ghs * 1e9)}H/s"


def difficulty(value: float | None) -> str:
    """Return a difficulty, such as 4.88 G."""
    return UNKNOWN if value is None else _scaled(value).rstrip()


def duration(seconds: float | None) -> str:
    """Return a duration by its two largest units."""
    if seconds is None:
        return UNKNOWN
    minutes, rest = divmod(max(round(seconds), 0), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days}d {hours}h"
    if hours:
        return f"{hours}h {minutes:02}m"
    return f"{minutes}m {rest:02}s" if minutes else f"{rest}s"


def years(value: float | None) -> str:
    """Return years; a short while in days."""
    if value is None:
        return UNKNOWN
    return f"{value * 365.25:.0f} days" if value < 1 else f"{value:,.0f} years"


def warning(kind: str, value: float | None, limit: float | None) -> str:
    """Return a warning with what was measured."""
    text = WARNINGS.get(kind, kind.replace("_", " "))
    if value is None:
        return text
    unit = _UNITS.get(kind, "")
    bound = "" if limit is None else f", limit {limit:g}{unit}"
    return f"{text}: {value:g}{unit}{bound}"


def sparkline(values: Sequence[float | None], width: int) -> str:
    """Return the last `width` values as a line of bars.

    From the highest down to 80 % of it, or else what matters of a hashrate could not be
    seen; nothing stands for what is unknown.
    """
    shown = values[-width:] if width > 0 else ()
    top = max((value for value in shown if value is not None), default=0.0)
    return "".join(_bar_of(value, top) for value in shown)


def bar(share: float | None, width: int) -> str:
    """Return a bar of `width` characters that is filled by a share of 0 to 1."""
    if share is None:
        return " " * width
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    full, part = divmod(eighths, 8)
    return ("█" * full + (_EIGHTHS[part] if part else "")).ljust(width)


def _bar_of(value: float | None, top: float) -> str:
    if value is None:
        return _GAP
    floor = top * _FLOOR
    share = (value - floor) / (top - floor) if top else 0.0
    return _BLOCKS[min(max(int(share * len(_BLOCKS)), 0), len(_BLOCKS) - 1)]


def _scaled(value: float) -> str:
    """Return a value with the prefix that leaves one to three digits before the point."""
    index = 0
    while abs(value) >= 999.5 and index < len(_PREFIXES) - 1:
        value /= 1000
        index += 1
    digits = 0 if index == 0 or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:.{digits}f} {_PREFIXES[index]}"
