"""Texts and figures for people, in one language. Pure.

`texts.async_get_texts` makes them for the language of Home Assistant. All that depends
on the language is in the translations: words, plural forms, separators, months.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import lru_cache
import gettext
import re
from typing import Final

from .const import DOMAIN

UNKNOWN: Final = "–"
"""Stands for a figure that is not known."""

_PREFIXES: Final = ("", "k", "M", "G", "T", "P", "E", "Z")
_STEPS: Final = (
    (86_400, "number_format.days"),
    (3600, "number_format.hours"),
    (60, "number_format.minutes"),
    (1, "number_format.seconds"),
)
_MONTHS: Final = (
    "number_format.january",
    "number_format.february",
    "number_format.march",
    "number_format.april",
    "number_format.may",
    "number_format.june",
    "number_format.july",
    "number_format.august",
    "number_format.september",
    "number_format.october",
    "number_format.november",
    "number_format.december",
)
_MARKUP: Final = re.compile(r"(?<=!)(?=\[)|(?<=\])(?=[(\[:])|(?<=<)(?=[A-Za-z/!?])")
"""Where a picture, a link or a tag of Markdown gets to what it is of."""
_FORMS: Final = "|"
"""Stands between the plural forms of a text."""
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


def currency_decimals(currency: str) -> int:
    """Return how many decimals an amount of money has: none of yen, two of euros."""
    return _DECIMALS.get(currency, 2)


@lru_cache
def _plural_rule(rule: str) -> Callable[[int], int]:
    """Return the function of a rule as gettext has it, such as `n != 1`."""
    try:
        return gettext.c2py(rule)
    except ValueError:
        return lambda count: int(count != 1)


def three_digits(value: float) -> float:
    """Round a figure that is an estimate to as many digits as it means: three."""
    return float(f"{value:.3g}")


class Texts:
    """What is said to people, and how numbers and dates are written."""

    def __init__(
        self, options: Mapping[str, str], errors: Mapping[str, str] | None = None
    ) -> None:
        """Take the texts as Home Assistant has them cached, by their whole keys.

        Args:
            options: Those of selectors.
            errors: Those of exceptions.

        """
        self._options = options
        self._errors = errors or {}

    def __call__(self, key: str, **placeholders: str | int) -> str:
        """Return a text of a selector, such as `report.all_time`.

        `count` chooses the plural form, where the text has several. A text that is
        missing reads as its key; one that cannot be filled is returned as it is.
        """
        return self._fill(self.find(key) or key.partition(".")[2], placeholders)

    def find(self, key: str) -> str | None:
        """Return a text as the translations have it, or `None`."""
        group, _, name = key.partition(".")
        return self._options.get(f"component.{DOMAIN}.selector.{group}.options.{name}")

    def error(self, key: str, placeholders: Mapping[str, str] | None = None) -> str:
        """Return the text of an error, as a part of a sentence."""
        text = self._errors.get(f"component.{DOMAIN}.exceptions.{key}.message", key)
        return self._fill(text, placeholders or {}).rstrip(".")

    def _fill(self, text: str, placeholders: Mapping[str, str | int]) -> str:
        count = placeholders.get("count")
        if isinstance(count, int) and _FORMS in text:
            forms = text.split(_FORMS)
            rule = _plural_rule(self.find("number_format.plural_rule") or "n != 1")
            text = forms[min(rule(count), len(forms) - 1)]
        try:
            return text.format(
                **{
                    name: self.decimals(value, 0, grouped=True)
                    if isinstance(value, int)
                    else value
                    for name, value in placeholders.items()
                }
            )
        except KeyError, IndexError, ValueError:
            return text

    def localized(self, written: str) -> str:
        """Return a number that Python wrote, with the separators of this language."""
        sample = self.find("number_format.number") or "1,234.5"
        grouping = sample[1] if len(sample) == len("1,234.5") else ""
        return "".join(
            grouping
            if character == ","
            else sample[-2]
            if character == "."
            else character
            for character in written
        )

    def decimals(
        self, value: float, digits: int, *, signed: bool = False, grouped: bool = False
    ) -> str:
        """Write a number with so many decimals; what is next to nothing has no sign."""
        sign = "+" if signed and round(value, digits) else ""
        grouping = "," if grouped else ""
        return self.localized(f"{value:{sign}z{grouping}.{digits}f}")

    def general(self, value: float) -> str:
        """Write a number with the decimals it has, such as a setting."""
        return self.localized(f"{value:g}")

    def number(self, value: float | None, digits: int, unit: str = "") -> str:
        """Write a figure that may be unknown."""
        if value is None:
            return UNKNOWN
        return f"{self.decimals(value, digits)} {unit}".rstrip()

    def hashrate(self, value: float | None) -> str:
        """Write GH/s the way people say it."""
        if value is None:
            return UNKNOWN
        # What would read as 1000 GH/s is 1.00 TH/s.
        if value >= 999.5:
            return self.number(value / 1000, 2, "TH/s")
        return self.number(value, 0, "GH/s")

    def difficulty(self, value: float) -> str:
        """Write a difficulty the way miners do: 4.29G."""
        return self.localized(difficulty(value))

    def duration(self, seconds: float) -> str:
        """Write a time the way people say it, with its two largest units."""
        rest = round(seconds)
        parts: list[tuple[int, str]] = []
        for size, unit in _STEPS:
            count, left = divmod(rest, size)
            if count or parts:
                parts.append((count, unit))
                if len(parts) == 2:
                    break
            rest = left
        return " ".join(
            self(unit, count=count) for count, unit in parts if count
        ) or self("number_format.seconds", count=0)

    def money(self, value: float, currency: str, *, signed: bool = False) -> str:
        """Write an amount of money, with the decimals of its currency."""
        digits = currency_decimals(currency)
        return f"{self.decimals(value, digits, signed=signed)} {currency}".rstrip()

    def estimate(self, value: float, currency: str, *, signed: bool = False) -> str:
        """Write money that is expected, not counted: in three digits at most.

        From ten on it has no decimals.
        """
        rounded = three_digits(value)
        digits = 0 if abs(rounded) >= 10 else currency_decimals(currency)
        text = self.decimals(rounded, digits, signed=signed, grouped=True)
        return f"{text} {currency}".rstrip()

    def day(self, day: date) -> str:
        """Write a day without its year: 23 Nov."""
        return self("number_format.day", day=str(day.day), month=self.month(day.month))

    def day_of_year(self, day: date) -> str:
        """Write a day with its year: 23 Nov 2026."""
        return self(
            "number_format.day_of_year",
            day=str(day.day),
            month=self.month(day.month),
            year=str(day.year),
        )

    def month(self, month: int) -> str:
        """Write a month, shortened; 1 is January."""
        return self(_MONTHS[month - 1])

    def joined(self, parts: list[str], *, last: str = "number_format.and") -> str:
        """Return parts as people list them: a, b and c."""
        if len(parts) < 2:
            return "".join(parts)
        return self(last, first=", ".join(parts[:-1]), last=parts[-1])


def difficulty(value: float, gap: str = "") -> str:
    """Write a difficulty the way miners do, the same in every language: 4.29G.

    `gap` stands before the prefix.
    """
    exponent = 0
    while value >= 999.5 and exponent < len(_PREFIXES) - 1:
        value /= 1000
        exponent += 1
    return f"{value:.3g}{gap}{_PREFIXES[exponent]}".rstrip()


def as_text(name: str) -> str:
    """Return a name of others that loads nothing and leads nowhere.

    Home Assistant shows dialogs, repairs and notifications as Markdown, but titles as
    they are. So nothing is escaped: a space breaks what would be a picture, a link to
    somewhere else than it says, or a tag.
    """
    return _MARKUP.sub(" ", name)


def escape(text: str) -> str:
    """Keep a name people gave from being read as Markdown."""
    for character in "\\`*_[]|<>~":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())
