"""What the measurements advise, in lines for messages."""

from collections.abc import Iterator, Sequence

from ...analysis.advice import Advice, Goal, Verdict
from ...analysis.bottlenecks import find_bottlenecks
from ...analysis.configurations import MinerConfigurations
from ...analysis.report import describe_bottleneck, describe_recommendation
from ...formatting import Texts
from ..markdown import escape
from .colors import LOOKS, Condition

type Results = Sequence[tuple[MinerConfigurations, Advice]]


def advice_lines(results: Results, texts: Texts, currency: str) -> Iterator[str]:
    """Yield which settings to change, and the verdicts on the other miners."""
    others: dict[Verdict, list[str]] = {}
    for result, advice in results:
        best = advice[Goal.EFFICIENCY]
        name = escape(result.miner.name)
        if best.verdict is Verdict.CHANGE:
            yield f"**{name}**: {describe_recommendation(best, texts, currency)}"
        else:
            others.setdefault(best.verdict, []).append(name)
    for verdict, names in others.items():
        pending = texts(f"discord_message.verdict_{verdict.value}")
        yield f"{pending}: {', '.join(names)}"


def bottleneck_lines(results: Results, texts: Texts) -> Iterator[str]:
    """Yield what stands in the way at the present settings."""
    for result, _ in results:
        if result.present is None:
            continue
        for found in find_bottlenecks(result.present, result.miner):
            look = LOOKS[Condition.BAD if found.critical else Condition.NOTICE]
            name = escape(result.miner.name)
            yield f"{look.sign} **{name}**: {describe_bottleneck(found, texts)}"


def has_critical(results: Results) -> bool:
    """Return whether a present setting should not be used."""
    return any(
        found.critical
        for result, _ in results
        if result.present is not None
        for found in find_bottlenecks(result.present, result.miner)
    )
