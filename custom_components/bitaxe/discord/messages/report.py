"""Reports: what miners did over a span, and what the measurements advise."""

from collections.abc import Iterator, Sequence
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ...analysis.report import describe_restarts, idle, since, wall_lines
from ...analysis.span import Span
from ...analysis.summary import MinerSummary, SwarmSummary
from ...coordinator import MinerCoordinator
from ...following import loaded_miners, miner_entries
from ...formatting import Texts
from ...miner.names import miner_name
from ...results.drawing import ChartKind, async_render_chart
from ...results.earnings import earnings_lines
from ...results.helpers import EVERYTHING, analysis_errors, async_prices, make_span
from ...results.queries import async_get_advice, async_get_summary
from ...swarm.coordinator import async_find_swarm
from ...texts import async_get_texts
from ..markdown import block, code, escape, fit
from ..miners import async_with_history
from .advice import advice_lines, bottleneck_lines, has_critical
from .alert_words import joined
from .colors import LOOKS, NEUTRAL, Condition
from .model import Attachment, Embed, EmbedField, Message

# % of the time; of a miner that hashed less, the mean with idle time is said as well.
_MOSTLY: Final = 99.0


async def async_make_report(
    hass: HomeAssistant,
    miners: Sequence[MinerCoordinator],
    span: str,
    *,
    charts: bool,
    chart_span: str | None = None,
) -> Message:
    """Return what miners did over a span such as `24h`, on average.

    Charts show `chart_span` if there is one.

    Raises:
        HomeAssistantError: it is no span, or there is no history; the text is for
            people and names the remedy.

    """
    texts = async_get_texts(hass)
    with analysis_errors():
        period = make_span(span)
        known, missing = async_with_history(hass, miners)
        prices = await async_prices(hass, period)
        summary = await async_get_summary(hass, known, period, prices, stability=False)
        advice = await async_get_advice(
            hass, known, make_span(EVERYTHING), prices.present
        )
        shown = period if chart_span is None else make_span(chart_span)
        files = (
            await _async_charts(hass, known, shown, texts) if charts and known else []
        )
    currency = hass.config.currency
    swarm = len(miners) != 1
    title = (
        texts("discord_message.swarm_report")
        if swarm
        else texts("discord_message.report_of", miner=escape(miners[0].display_name))
    )
    color = LOOKS[Condition.NOTICE].color if has_critical(advice) else NEUTRAL
    fields = [
        EmbedField(name, "\n".join(lines))
        for name, lines in (
            (
                texts("discord_message.most_efficient_settings"),
                list(advice_lines(advice, texts, currency)),
            ),
            (
                texts("discord_message.bottlenecks"),
                list(bottleneck_lines(advice, texts)),
            ),
            (
                texts("discord_message.expected_income"),
                list(_earnings(hass, texts)) if swarm else [],
            ),
            (texts("discord_message.no_history"), missing),
            (texts("discord_message.not_counted"), _left_out(hass, miners)),
        )
        if lines
    ]
    embeds = [
        Embed(
            title=f"{title} · {describe_span(period, texts)}",
            description="\n".join(_description(summary, texts, currency)),
            color=color,
            fields=tuple(fields),
            image=files[0].name if files else None,
            timestamp=dt_util.utcnow(),
        ),
        *(Embed(color=color, image=file.name) for file in files[1:]),
    ]
    return Message(embeds=tuple(embeds), attachments=tuple(files))


def describe_span(span: Span, texts: Texts) -> str:
    """Return a span in words."""
    if span.is_all:
        return texts("discord_message.all_time")
    return texts("discord_message.last_span", span=span.name)


def summary_lines(
    item: MinerSummary | SwarmSummary, texts: Texts, currency: str
) -> Iterator[str]:
    """Yield what one miner or several did, on average and altogether."""
    number, hashrate = texts.number, texts.hashrate
    hashed = item.work and item.hashrate
    paused = hashed and (item.availability or 100.0) < _MOSTLY
    yield joined(
        (
            " ".join(
                (
                    texts(
                        "discord_message.on_average",
                        hashrate=f"**{hashrate(item.mean_hashrate)}**",
                    ),
                    *since(item, texts),
                )
            )
            if hashed
            else texts("discord_message.nothing_hashed"),
            texts("discord_message.while_hashing", hashrate=hashrate(item.hashrate))
            if paused and isinstance(item, MinerSummary)
            else None,
            number(item.efficiency, 1, "J/TH") if hashed else None,
            number(item.power, 1, "W"),
        )
    )
    yield joined(
        (
            " · ".join((number(item.energy, 2, "kWh"), *idle(item, texts))),
            None if item.cost is None else texts.money(item.cost, currency),
            texts(
                "discord_message.hashed_share",
                share=number(item.availability, 1, "%"),
            ),
            describe_restarts(item.restarts, texts),
        )
    )


async def _async_charts(
    hass: HomeAssistant,
    miners: Sequence[MinerCoordinator],
    span: Span,
    texts: Texts,
) -> list[Attachment]:
    """Return the charts: all together, and each by itself."""
    second = ChartKind.HASHRATE_BY_MINER if len(miners) > 1 else ChartKind.MINER_DETAIL
    return [
        Attachment(
            name=f"{kind}.png",
            content=await async_render_chart(hass, kind, miners, span, theme="discord"),
            description=texts(
                "discord_message.picture_of_span",
                picture=texts(description),
                span=describe_span(span, texts),
            ),
        )
        for kind, description in (
            (ChartKind.SWARM_HASHRATE, "discord_message.picture_swarm"),
            (second, "discord_message.picture_each"),
        )
    ]


def _earnings(hass: HomeAssistant, texts: Texts) -> Iterator[str]:
    found = async_find_swarm(hass)
    earnings = None if found is None else found.totals.earnings
    return earnings_lines(earnings, texts, hass.config.currency)


def _left_out(hass: HomeAssistant, miners: Sequence[MinerCoordinator]) -> list[str]:
    """Return the miners that could not be reached since Home Assistant started.

    Nothing is left out of a report of some miners only.
    """
    if len(miners) < len(loaded_miners(hass)):
        return []
    names = {miner.config_entry.entry_id for miner in miners}
    others = [
        escape(miner_name(hass, entry))
        for entry in miner_entries(hass)
        if entry.entry_id not in names
    ]
    return [", ".join(sorted(others, key=str.casefold))] if others else []


def _description(summary: SwarmSummary, texts: Texts, currency: str) -> Iterator[str]:
    if not summary.work:
        yield texts("discord_message.nothing_hashed_at_all")
        return
    yield from summary_lines(summary, texts, currency)
    yield from wall_lines(
        summary.wall, summary.observed_hours, texts, currency, quote=escape
    )
    if summary.shares is not None:
        accepted, rejected = summary.shares
        yield texts(
            "discord_message.shares",
            accepted=round(accepted),
            rejected=round(rejected),
            rate=texts.number(summary.reject_rate, 2, "%"),
        )
    lines = (line for item in summary.miners for line in _lines(item, texts))
    yield block([*_header(texts), *lines])


def _header(texts: Texts) -> Iterator[str]:
    yield f"{fit(texts('discord_message.miner'), 16)}{'TH/s':>6}{'J/TH':>6}{'W':>6}"
    columns = (
        fit(texts("discord_message.column_temperatures"), 13),
        *(
            fit(texts(key), 6, right=True)
            for key in (
                "discord_message.column_hashed",
                "discord_message.column_rejects",
                "discord_message.column_restarts",
            )
        ),
    )
    yield f"   {''.join(columns)}"


def _lines(item: MinerSummary, texts: Texts) -> Iterator[str]:
    """Yield a miner in two lines of 34 columns: phones break longer ones."""
    name = fit(code(item.miner.name), 16)
    if not item.observed_hours:
        yield f"{name}{fit(texts('discord_message.no_figures'), 18, right=True)}"
        return
    number = texts.number
    rate, efficiency = (
        (None, None)
        if item.mean_hashrate is None
        else (item.mean_hashrate / 1000, item.efficiency)
    )
    yield (
        f"{name}{number(rate, 2):>6}"
        f"{number(efficiency, 1):>6}{number(item.power, 1):>6}"
    )
    yield (
        f"   {fit(_temperatures(item, texts), 13)}{number(item.availability, 1):>6}"
        f"{number(item.reject_rate, 2):>6}{number(item.restarts, 0):>6}"
    )
    for text in since(item, texts):
        yield f"   {text}"


def _temperatures(item: MinerSummary, texts: Texts) -> str:
    return "/".join(
        texts.number(value, 0) for value in (item.asic_temperature, item.vr_temperature)
    )
