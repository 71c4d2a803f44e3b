"""Texts and numbers in the language that Home Assistant sends, or in English."""

from collections.abc import Mapping
from functools import cache
import gettext
import json
from pathlib import Path
from typing import Final

UNKNOWN: Final = "–"
"""Stands for a figure that is not known."""

_INSTALLED: Final = Path(__file__).with_name("en.json")
"""The English texts of an installed program; scripts/release puts them there."""
_PREFIXES: Final = ("", "k", "M", "G", "T", "P", "E")
_SAMPLE: Final = "1,234.5"
# Currencies whose smallest unit is no hundredth, by ISO 4217; all others have two
# decimals.
_DECIMALS: Final[Mapping[str, int]] = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}


@cache
def _english() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """Return the English texts of selectors, those of the integration in a checkout."""
    path = _INSTALLED
    if not path.exists():
        root = Path(__file__).parents[2]
        path = root / "custom_components" / "bitaxe" / "translations" / "en.json"
    found: dict[str, dict[str, dict[str, str]]] = json.loads(
        path.read_text(encoding="utf-8")
    )["selector"]
    return found


def three_digits(value: float) -> float:
    """Round a figure that is an estimate to as many digits as it means: three."""
    return float(f"{value:.3g}")


class Texts:
    """What is said to people, and how numbers are written."""

    def __init__(self, resources: Mapping[str, str] | None = None) -> None:
        """Take texts as `frontend/get_translations` returns them."""
        self._resources = resources or {}

    def __call__(self, key: str, **placeholders: str | int) -> str:
        """Return a text such as `terminal.no_miners`; a missing one reads as its name.

        A `count` that is a number chooses the plural form, where the text has several.
        A text that cannot be filled is returned as it is.
        """
        text = self.find(key) or key.partition(".")[2].replace("_", " ")
        count = placeholders.get("count")
        if isinstance(count, int) and "|" in text:
            forms = text.split("|")
            text = forms[min(self._plural(count), len(forms) - 1)]
            placeholders["count"] = self.grouped(count)
        try:
            return text.format_map(placeholders)
        except (KeyError, IndexError, ValueError):
            return text

    def find(self, key: str) -> str | None:
        """Return a text as the translations have it, or `None`."""
        group, _, name = key.partition(".")
        return self._resources.get(
            f"component.bitaxe.selector.{group}.options.{name}"
        ) or _english().get(group, {}).get("options", {}).get(name)

    def _plural(self, count: int) -> int:
        """Return which of the plural forms is that of a number."""
        rule = self.find("number_format.plural_rule") or "n != 1"
        try:
            return gettext.c2py(rule)(count)
        except ValueError:
            return int(count != 1)

    def error(self, key: str, placeholders: Mapping[str, str]) -> str | None:
        """Return what Home Assistant says of an error of the integration, or `None`."""
        text = self._resources.get(f"component.bitaxe.exceptions.{key}.message")
        try:
            return None if text is None else text.format_map(placeholders).rstrip(".")
        except (KeyError, IndexError, ValueError):
            return None

    def localized(self, written: str) -> str:
        """Return a number that Python wrote, with the separators of this language."""
        sample = self.find("number_format.number") or _SAMPLE
        marks = {
            ",": sample[1] if len(sample) == len(_SAMPLE) else "",
            ".": sample[-2],
        }
        return "".join(marks.get(character, character) for character in written)

    def number(self, value: float | None, digits: int = 0, unit: str = "") -> str:
        """Write a number with so many decimals and its unit."""
        if value is None:
            return UNKNOWN
        return f"{self.localized(f'{value:.{digits}f}')}{unit}"

    def grouped(self, value: float | None, digits: int = 0, unit: str = "") -> str:
        """Write a number that may be large, with separators of thousands."""
        if value is None:
            return UNKNOWN
        return f"{self.localized(f'{value:,.{digits}f}')}{unit}"

    def rounded(self, value: float | None, unit: str = "") -> str:
        """Write a number with three digits, or all those before the decimal mark."""
        size = 0.0 if value is None else abs(value)
        return self.grouped(
            value, 0 if size >= 99.95 else 1 if size >= 9.995 else 2, unit
        )

    def general(self, value: float) -> str:
        """Write a number with the decimals it has, such as a setting."""
        return self.localized(f"{value:g}")

    def hashrate(self, ghs: float | None) -> str:
        """Write a hashrate, given in GH/s, with three or four digits."""
        return UNKNOWN if ghs is None else f"{self._scaled(ghs * 1e9)}H/s"

    def difficulty(self, value: float | None) -> str:
        """Write a difficulty, such as 4.88 G."""
        return UNKNOWN if value is None else self._scaled(value).rstrip()

    def duration(self, seconds: float | None) -> str:
        """Write a duration by its two largest units."""
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

    def years(self, value: float | None) -> str:
        """Write years; a short while in days."""
        if value is None:
            return UNKNOWN
        if value < 1:
            return self("terminal.days", count=round(value * 365.25))
        return self("terminal.years", count=round(value))

    def money(self, value: float | None, currency: str) -> str:
        """Write an amount of money, with the decimals of its currency."""
        return self.grouped(value, _DECIMALS.get(currency, 2), f" {currency}")

    def estimate(self, value: float | None, currency: str) -> str:
        """Write money that is expected, not counted: in three digits at most.

        From ten on it has no decimals.
        """
        if value is None:
            return UNKNOWN
        rounded = three_digits(value)
        if abs(rounded) >= 10:
            return self.grouped(rounded, 0, f" {currency}")
        return self.money(rounded, currency)

    def _scaled(self, value: float) -> str:
        """Write a value with the prefix that leaves at most three whole digits."""
        index = 0
        while abs(value) >= 999.5 and index < len(_PREFIXES) - 1:
            value /= 1000
            index += 1
        digits = 0 if index == 0 or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
        return f"{self.number(value, digits)} {_PREFIXES[index]}"


ENGLISH: Final = Texts()
"""What is said before there is a connection."""
