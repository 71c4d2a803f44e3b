"""What electricity cost, and costs."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MOST_PRICE: Final = 1e6
"""Per kWh, in whatever currency: what is beyond, either way, is no price."""

# From the units prices are given in to a price per kWh, in whole currency units.
_FACTORS: Final = {"/mwh": 0.001, "/wh": 1000.0}
_MINOR_UNITS: Final = (
    *("ct/", "cts/", "cent/", "cents/", "eurocent/", "c/", "c€/", "€c/", "€ct/", "¢/"),
    *("p/", "pence/", "øre/", "öre/", "ore/", "snt/", "gr/", "grosz/", "groszy/"),
    *("kuruş/", "paise/", "centavo/", "centavos/", "sen/"),
)
# Rappen, a hundredth of a franc; to Indonesians it is the rupiah.
_RAPPEN: Final = ("rp/", "rp./", "rappen/")
_FRANC: Final = "CHF"


def price_factor(unit: str | None, currency: str) -> float:
    """Return what turns a price in a unit into one per kWh in whole currency units.

    `currency` is that of Home Assistant, by its ISO 4217 code.
    """
    unit = "".join((unit or "").lower().replace(" per ", "/").split())
    minor = (*_MINOR_UNITS, *(_RAPPEN if currency == _FRANC else ()))
    factor = 0.01 if unit.startswith(minor) else 1.0
    for suffix, per_kwh in _FACTORS.items():
        if unit.endswith(suffix):
            factor *= per_kwh
    return factor


def as_price(value: float | None, most: float = MOST_PRICE) -> float | None:
    """Return a price, or `None` where no price can be so high or low."""
    # NaN is within no limits.
    return value if value is not None and -most <= value <= most else None


@dataclass(frozen=True, slots=True)
class Prices:
    """Prices per kWh in the currency of Home Assistant."""

    fixed: float | None = None
    """Where no other price is known."""
    steps: Sequence[tuple[float, float]] = ()
    """Unix times from which on a price held, in the order of time."""

    @property
    def present(self) -> float | None:
        """The price now."""
        return self.steps[-1][1] if self.steps else self.fixed

    def mean(self, start: float, end: float) -> float | None:
        """Return the mean price between two moments; `None` if any part is unknown."""
        if end <= start:
            return None
        index = bisect_right(self.steps, start, key=lambda step: step[0])
        price = self.steps[index - 1][1] if index else self.fixed
        area, moment = 0.0, start
        # Not sliced: a year has thousands of steps, and is asked for each hour of it.
        while index < len(self.steps) and self.steps[index][0] < end:
            if price is None:
                return None
            since, changed = self.steps[index]
            area += price * (since - moment)
            moment, price = since, changed
            index += 1
        return (
            None if price is None else (area + price * (end - moment)) / (end - start)
        )
