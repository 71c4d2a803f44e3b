"""What the measurements advise, in lines for messages."""

from collections.abc import Iterator, Sequence
from typing import Final

from ..analysis.advice import Advice, Goal, Verdict
from ..analysis.bottlenecks import find_bottlenecks
from ..analysis.configurations import MinerConfigurations
from ..analysis.report import describe_bottleneck, describe_recommendation
from .palette import LOOKS, Condition
from .text import escape

type Results = Sequence[tuple[MinerConfigurations, Advice]]

_PENDING: Final = {
    Verdict.KEEP: "Best as they are",
    Verdict.UNCERTAIN: "Perhaps better elsewhere; measure longer",
    Verdict.PRESENT_UNKNOWN: "Present setting not measured long enough",
    Verdict.NOTHING_MEASURED: "Nothing measured long enough",
}


def advice_lines(results: Results, currency: str) -> Iterator[str]:
    """Return which settings to change, and who is best left alone."""
    others: dict[Verdict, list[str]] = {}
    for result, advice in results:
        best = advice[Goal.EFFICIENCY]
        name = escape(result.miner.name)
        if best.verdict is Verdict.CHANGE:
            yield f"**{name}**: {describe_recommendation(best, currency)}"
        else:
            others.setdefault(best.verdict, []).append(name)
    for verdict, names in others.items():
        yield f"{_PENDING[verdict]}: {', '.join(names)}"


def bottleneck_lines(results: Results) -> Iterator[str]:
    """Return what stands in the way at the present settings."""
    for result, _ in results:
        if result.present is None:
            continue
        for found in find_bottlenecks(result.present, result.miner):
            look = LOOKS[Condition.BAD if found.critical else Condition.NOTICE]
            name = escape(result.miner.name)
            yield f"{look.sign} **{name}**: {describe_bottleneck(found)}"


def has_critical(results: Results) -> bool:
    """Whether a present setting should not be used."""
    return any(
        found.critical
        for result, _ in results
        if result.present is not None
        for found in find_bottlenecks(result.present, result.miner)
    )
