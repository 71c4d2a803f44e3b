"""Reports: what miners did over a span, and what the measurements advise."""

from collections.abc import Iterator, Sequence
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from ..analysis.report import hashrate, money, number
from ..analysis.service import async_get_advice, async_get_summary
from ..analysis.span import Span
from ..analysis.summary import MinerSummary, SwarmSummary
from ..charting import ChartKind, async_render_chart
from ..coordinator import MinerCoordinator
from ..insight import EVERYTHING, analysis_errors, async_prices, make_span
from ..names import miner_name
from ..swarm import loaded_miners, miner_entries
from .advising import advice_lines, bottleneck_lines, has_critical
from .message import Attachment, Embed, EmbedField, Message
from .palette import LOOKS, NEUTRAL, Condition
from .past import async_with_history
from .text import block, code, escape, fit
from .wording import joined

_HEADER: Final = (
    "Miner             TH/s  J/TH     W",
    "   ASIC/VR °C    Hash%  Rej% Boots",
)


async def async_make_report(
    hass: HomeAssistant,
    miners: Sequence[MinerCoordinator],
    span: str,
    *,
    charts: bool,
) -> Message:
    """Return what miners did over a span such as `24h`, on average.

    Raises:
        HomeAssistantError: it is no span, or there is no history; the text is for
            people and names the remedy.

    """
    with analysis_errors():
        period = make_span(span)
        known, missing = async_with_history(hass, miners)
        prices = await async_prices(hass, period)
        summary = await async_get_summary(hass, known, period, prices, stability=False)
        advice = await async_get_advice(
            hass, known, make_span(EVERYTHING), prices.present
        )
        files = await _async_charts(hass, known, period) if charts and known else []
    currency = hass.config.currency
    swarm = len(miners) != 1
    title = "Swarm report" if swarm else f"Report of {escape(miners[0].display_name)}"
    color = LOOKS[Condition.NOTICE].color if has_critical(advice) else NEUTRAL
    fields = [
        EmbedField(name, "\n".join(lines))
        for name, lines in (
            ("Most efficient settings", list(advice_lines(advice, currency))),
            ("Measured at present settings", list(bottleneck_lines(advice))),
            ("No history", missing),
            ("Not set up, so not counted", _left_out(hass, miners)),
        )
        if lines
    ]
    embeds = [
        Embed(
            title=f"{title} · {describe_span(period)}",
            description="\n".join(_description(summary, currency)),
            color=color,
            fields=tuple(fields),
            image=files[0].name if files else None,
            timestamp=dt_util.utcnow(),
        ),
        *(Embed(color=color, image=file.name) for file in files[1:]),
    ]
    return Message(embeds=tuple(embeds), attachments=tuple(files))


def describe_span(span: Span) -> str:
    """Return a span in words."""
    return "all time" if span.is_all else f"last {span.name}"


def summary_lines(item: MinerSummary | SwarmSummary, currency: str) -> Iterator[str]:
    """Return what one miner or several did, on average and altogether."""
    hashed = item.work and item.hashrate
    yield joined(
        (
            f"**{hashrate(item.hashrate)}** while hashing"
            if hashed
            else "nothing was hashed",
            number(item.efficiency, 1, "J/TH") if hashed else None,
            number(item.power, 1, "W"),
        )
    )
    yield joined(
        (
            number(item.energy, 2, "kWh"),
            None if item.cost is None else money(item.cost, currency),
            f"hashed {number(item.availability, 1, '%')} of the time",
            f"{number(item.restarts, 0)} {'restart' if item.restarts == 1 else 'restarts'}",
        )
    )


async def _async_charts(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator], span: Span
) -> list[Attachment]:
    """Return the charts: all together, and each by itself."""
    second = ChartKind.HASHRATE_BY_MINER if len(miners) > 1 else ChartKind.MINER_DETAIL
    return [
        Attachment(
            name=f"{kind}.png",
            content=await async_render_chart(hass, kind, miners, span, theme="discord"),
            description=f"{description}, {describe_span(span)}",
        )
        for kind, description in (
            (ChartKind.SWARM_HASHRATE, "Hashrate of all miners together"),
            (second, "Each miner by itself"),
        )
    ]


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


def _description(summary: SwarmSummary, currency: str) -> Iterator[str]:
    if not summary.work:
        yield "Nothing was hashed in this time, as far as Home Assistant knows."
        return
    yield from summary_lines(summary, currency)
    if summary.shares is not None:
        accepted, rejected = summary.shares
        yield (
            f"{accepted:,.0f} shares accepted, {rejected:,.0f} rejected "
            f"({number(summary.reject_rate, 2, '%')})"
        )
    yield block([*_HEADER, *(line for item in summary.miners for line in _lines(item))])


def _lines(item: MinerSummary) -> Iterator[str]:
    """Return a miner in two lines of 34 columns: phones break longer ones."""
    name = fit(code(item.miner.name), 16)
    if not item.observed_hours:
        yield f"{name}{'no figures':>18}"
        return
    rate, efficiency = (
        (None, None)
        if item.hashrate is None
        else (item.hashrate / 1000, item.efficiency)
    )
    yield (
        f"{name}{number(rate, 2):>6}"
        f"{number(efficiency, 1):>6}{number(item.power, 1):>6}"
    )
    yield (
        f"   {fit(_temperatures(item), 13)}{number(item.availability, 1):>6}"
        f"{number(item.reject_rate, 2):>6}{number(item.restarts, 0):>6}"
    )


def _temperatures(item: MinerSummary) -> str:
    return f"{number(item.asic_temperature, 0)}/{number(item.vr_temperature, 0)}"
