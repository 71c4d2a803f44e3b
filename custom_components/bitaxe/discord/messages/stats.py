"""How miners did at each of their operating points."""

from collections.abc import Iterator, Sequence
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...analysis.advice import Advice, Goal
from ...analysis.configurations import AtWall, Configuration, MinerConfigurations
from ...analysis.report import describe_recommendation
from ...coordinator import MinerCoordinator
from ...formatting import Texts
from ...results.drawing import ChartKind, async_render_chart
from ...results.helpers import EVERYTHING, analysis_errors, async_prices, make_span
from ...results.queries import async_get_advice
from ...texts import async_get_texts
from ..markdown import block, escape, fit
from ..miners import async_with_history
from .colors import NEUTRAL
from .model import Attachment, Embed, EmbedField, Message

_PRESENT: Final = "▸"
_BEST_EFFICIENCY: Final = "★"
_BEST_HASHRATE: Final = "▲"
# Of each miner, where there are several: enough to compare, few enough to read.
_MOST_ROWS: Final = 6
_MANY_HOURS: Final = 100
_PICTURE: Final = "efficiency.png"


async def async_stats_message(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator]
) -> Message:
    """Return a table for each miner; of a single one all, with a picture.

    Raises:
        HomeAssistantError: there is no history; the text names the remedy.

    """
    texts = async_get_texts(hass)
    with analysis_errors():
        span = make_span(EVERYTHING)
        known, missing = async_with_history(hass, miners)
        prices = await async_prices(hass, span)
        results = await async_get_advice(hass, known, span, prices.present)
        alone = len(results) == 1
        picture = None
        if alone and results[0][0].configurations:
            picture = Attachment(
                name=_PICTURE,
                content=await async_render_chart(
                    hass, ChartKind.EFFICIENCY_MAP, known, span, theme="discord"
                ),
                description=texts("discord_message.picture_efficiency"),
            )
    currency = hass.config.currency
    fields = [
        EmbedField(
            escape(result.miner.name),
            "\n".join(_lines(result, advice, texts, currency, all_rows=alone)),
        )
        for result, advice in results
        if result.configurations
    ]
    unmeasured = [
        escape(result.miner.name) for result, _ in results if not result.configurations
    ]
    if unmeasured:
        fields.append(
            EmbedField(texts("discord_message.not_measured"), ", ".join(unmeasured))
        )
    if missing:
        fields.append(
            EmbedField(texts("discord_message.no_history"), "\n".join(missing))
        )
    return Message(
        embeds=(
            Embed(
                title=texts("discord_message.settings_compared"),
                description=" · ".join(
                    f"{sign} {texts(key)}"
                    for sign, key in (
                        (_PRESENT, "discord_message.stats_legend"),
                        (_BEST_EFFICIENCY, "discord_message.stats_best_efficiency"),
                        (_BEST_HASHRATE, "discord_message.stats_best_hashrate"),
                    )
                ),
                color=NEUTRAL,
                fields=tuple(fields),
                image=picture.name if picture else None,
                timestamp=dt_util.utcnow(),
            ),
        ),
        attachments=(picture,) if picture else (),
    )


def _lines(
    result: MinerConfigurations,
    advice: Advice,
    texts: Texts,
    currency: str,
    *,
    all_rows: bool,
) -> Iterator[str]:
    shown = result.configurations if all_rows else _most_telling(result, advice)
    hours = fit(texts("discord_message.column_hours"), 5, right=True)
    header = f"  {'MHz/mV':<10}{hours}{'TH/s':>5}{'J/TH':>5}{'W':>4} °C"
    yield block([header, *(_row(item, advice, texts) for item in shown)])
    if at_wall := [(item, item.wall) for item in shown if item.wall is not None]:
        header = f"  {'MHz/mV':<10}{hours}{'W':>7}{'J/TH':>7}"
        yield texts("report.at_wall")
        yield block(
            [header, *(_wall_row(item, wall, advice, texts) for item, wall in at_wall)]
        )
    if left_out := len(result.configurations) - len(shown):
        yield texts("discord_message.more_rows", count=left_out)
    best = describe_recommendation(advice[Goal.EFFICIENCY], texts, currency)
    yield texts("discord_message.most_efficient", setting=best)


def _most_telling(
    result: MinerConfigurations, advice: Advice
) -> Sequence[Configuration]:
    """Return the present and the best settings, and those measured longest."""
    best = [item.best for item in advice.recommendations]
    ranked = sorted(
        result.configurations,
        key=lambda item: (
            not item.present,
            not any(item is other for other in best),
            -item.hours,
        ),
    )[:_MOST_ROWS]
    return [item for item in result.configurations if item in ranked]


def _row(item: Configuration, advice: Advice, texts: Texts) -> str:
    """Return a row of 34 columns: phones break longer ones."""
    number = texts.number
    terahashes = item.hashrate.value / 1000
    joules = item.efficiency.value if item.efficiency is not None else None
    return (
        f"{_begin(item, item.hours, advice, texts)}{number(terahashes, 2 if terahashes < 10 else 1):>5}"
        f"{number(joules, 1):>5}"
        f"{number(item.power, 0):>4}{number(item.asic_temperature, 0):>3}"
    )


def _wall_row(item: Configuration, wall: AtWall, advice: Advice, texts: Texts) -> str:
    """Return what a setting took at the wall, in a row no longer than the others."""
    return (
        f"{_begin(item, wall.hours, advice, texts)}"
        f"{texts.number(wall.power, 1):>7}{texts.number(wall.efficiency, 1):>7}"
    )


def _begin(item: Configuration, hours: float, advice: Advice, texts: Texts) -> str:
    """Return which setting a row is about, and the hours in which it was measured."""
    point = item.operating_point
    setting = "/".join(map(texts.general, (point.frequency, point.core_voltage)))
    duration = texts.number(hours, 1 if hours < _MANY_HOURS else 0)
    return f"{_mark(item, advice)} {setting:<10}{duration:>5}"


def _mark(item: Configuration, advice: Advice) -> str:
    if item.present:
        return _PRESENT
    if item is advice[Goal.EFFICIENCY].best:
        return _BEST_EFFICIENCY
    if item is advice[Goal.HASHRATE].best:
        return _BEST_HASHRATE
    return " "
