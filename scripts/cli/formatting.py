"""Warnings in words, and figures as bars. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from .texts import Texts

_BLOCKS: Final = "▁▂▃▄▅▆▇█"
_GAP: Final = " "
_FLOOR: Final = 0.8
_EIGHTHS: Final = " ▏▎▍▌▋▊▉"


def warning(item: Mapping[str, Any], now: float, texts: Texts) -> str:
    """Return a warning with what was measured, or when that was known last.

    One that has no text is shown by its kind.
    """
    kind: str = item["kind"]
    value, limit = item["value"], item["limit"]
    text = (
        texts.find(f"terminal.warning_{kind}_{item.get('reason')}")
        or texts.find(f"terminal.warning_{kind}")
        or kind.replace("_", " ")
    )
    unit = f" {item['unit']}" if item.get("unit") else ""

    def write(figure: float) -> str:
        # An older integration does not say to how many decimals.
        return f"{texts.general(round(figure, item.get('precision', 1)))}{unit}"

    measured = None if value is None else write(value)
    unread = item.get("unread_since")
    if unread is not None:
        passed = texts.duration(now - unread)
        if measured is None:
            return texts("terminal.unread", warning=text, duration=passed)
        return texts(
            "terminal.unread_since_value",
            warning=text,
            value=measured,
            duration=passed,
        )
    if measured is None:
        return text
    if limit is None:
        return f"{text}: {measured}"
    return texts(
        "terminal.beyond_limit",
        warning=text,
        value=measured,
        limit=write(limit),
    )


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
