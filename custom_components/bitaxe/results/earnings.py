"""What mining is expected to bring, in words."""

from collections.abc import Iterator

from ..formatting import Texts, three_digits
from ..swarm.money import Earnings


def earnings_lines(
    earnings: Earnings | None, texts: Texts, currency: str
) -> Iterator[str]:
    """Yield what a day brings on average, and that no solo miner must wait for it."""
    if earnings is None:
        return
    sats = texts.decimals(three_digits(earnings.sats_per_day), 0, grouped=True)
    parts = [texts("report.earnings", sats=sats)]
    if earnings.income_per_day is not None:
        income = texts.estimate(earnings.income_per_day, currency)
        parts.append(texts("report.earnings_worth", income=income))
    if earnings.margin_per_day is not None:
        margin = texts.estimate(earnings.margin_per_day, currency, signed=True)
        parts.append(texts("report.earnings_margin", margin=margin))
    if earnings.break_even_price is not None:
        rounded = three_digits(earnings.break_even_price)
        price = f"{texts.decimals(rounded, 3 if rounded < 10 else 0)} {currency}"
        parts.append(texts("report.earnings_break_even", price=price))
    yield ", ".join(parts)
    yield texts("report.earnings_solo")
