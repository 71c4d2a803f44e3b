"""Results as text for people, in Markdown."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from typing import Final

from ..formatting import UNKNOWN, Texts, escape
from .advice import Advice, Change, Goal, Recommendation, Verdict
from .bottlenecks import Bottleneck, BottleneckKind, find_bottlenecks
from .configurations import CLAIM_HOURS, AtWall, Configuration, MinerConfigurations
from .estimate import Estimate
from .stability import Stability
from .summary import MinerSummary, SwarmSummary
from .wall import WallSummary

# kWh.
_LEAST_IDLE: Final = 0.005
_DIGITS: Final = {
    BottleneckKind.HEAT: (0, 0),
    BottleneckKind.VR_HEAT: (0, 0),
    BottleneckKind.SUPPLY: (2, 2),
    BottleneckKind.POWER: (1, 1),
    BottleneckKind.INSTABILITY: (1, 1),
    BottleneckKind.ERRORS: (2, 0),
    BottleneckKind.LOW_HASHRATE: (1, 0),
    BottleneckKind.REJECTS: (2, 0),
}
"""Decimals of value and limit."""


def miner_report(
    summary: MinerSummary,
    result: MinerConfigurations,
    advice: Advice,
    texts: Texts,
    *,
    wall: Sequence[WallSummary] = (),
    currency: str = "",
    time_zone: tzinfo = UTC,
) -> str:
    """Return the report of one miner; `wall` is of the supply that is its alone."""
    return "\n".join(
        [
            f"## {escape(summary.miner.name)} · {_span(summary, texts, time_zone)}",
            "",
            *_facts(summary, texts, currency),
            *(
                f"- {line}"
                for line in wall_lines(wall, summary.observed_hours, texts, currency)
            ),
            "",
            *_stability(summary.stability, texts),
            *_configurations(result, texts),
            *_advice(result, advice, texts, currency),
            *(
                f"- {escape(texts.error(error.translation_key, error.placeholders))}"
                for error in result.missing.values()
            ),
        ]
    ).rstrip()


def swarm_report(
    summary: SwarmSummary,
    results: Sequence[tuple[MinerConfigurations, Advice]],
    texts: Texts,
    *,
    currency: str = "",
    time_zone: tzinfo = UTC,
) -> str:
    """Return the report of several miners."""
    facts = [
        f"**{texts.hashrate(summary.hashrate)}**",
        texts.number(summary.efficiency, 1, "J/TH"),
        texts.number(summary.power, 1, "W"),
        " ".join(
            (
                texts.number(summary.energy, 2, "kWh"),
                *(f"({text})" for text in idle(summary, texts)),
            )
        ),
    ]
    if summary.cost is not None:
        facts.append(texts.money(summary.cost, currency))
    lines = [
        f"## {texts('report.swarm')} · {_span(summary, texts, time_zone)}",
        "",
        " ".join((" · ".join(facts), *since(summary, texts))),
        "",
        *(
            f"{line}\n"
            for line in wall_lines(
                summary.wall, summary.observed_hours, texts, currency
            )
        ),
        *_table(
            (
                texts("report.column_miner"),
                texts("report.column_hashrate"),
                "J/TH",
                "W",
                texts("report.column_asic"),
                texts("report.column_vr"),
                texts("report.column_hashed"),
                texts("report.column_rejects"),
            ),
            (
                (
                    " ".join((escape(item.miner.name), *since(item, texts))),
                    texts.hashrate(item.mean_hashrate),
                    texts.number(item.efficiency, 1),
                    texts.number(item.power, 1),
                    texts.number(item.asic_temperature, 0),
                    texts.number(item.vr_temperature, 0),
                    texts.number(item.availability, 1),
                    texts.number(item.reject_rate, 2),
                )
                for item in summary.miners
            ),
        ),
    ]
    for result, advice in results:
        text = describe_recommendation(advice[Goal.EFFICIENCY], texts, currency)
        lines.append(f"- **{escape(result.miner.name)}**: {text}")
    return "\n".join(lines)


def since(item: MinerSummary | SwarmSummary, texts: Texts) -> Iterator[str]:
    """Say how long before the end it was watched, if that is not the whole span."""
    if item.watched_seconds is not None:
        duration = texts.duration(max(round(item.watched_seconds / 60), 1) * 60)
        yield texts("report.since", duration=duration)


def idle(item: MinerSummary | SwarmSummary, texts: Texts) -> Iterator[str]:
    """Say what was used while nothing was hashed, if it is worth saying."""
    if item.idle_energy is not None and item.idle_energy >= _LEAST_IDLE:
        yield texts("report.idle", energy=texts.number(item.idle_energy, 2, "kWh"))


def wall_lines(
    wall: Iterable[WallSummary],
    observed_hours: float,
    texts: Texts,
    currency: str,
    *,
    quote: Callable[[str], str] = escape,
) -> Iterator[str]:
    """Say of each power supply what it took from the wall, and what it lost of that.

    `observed_hours` is the time in which its miners were watched: where the plug was
    known for less, that is said. `quote` makes a name show as it is.
    """
    for item in wall:
        amounts = [texts.number(item.energy, 2, "kWh")]
        if item.cost is not None:
            amounts.append(texts.money(item.cost, currency))
        line = describe_wall(
            texts,
            name=quote(item.name),
            power=item.power,
            efficiency=item.efficiency,
            amounts=amounts,
            loss=item.loss,
            loss_share=item.loss_share,
        )
        if item.is_part_of(observed_hours):
            hours = texts.number(item.hours, 1, "h")
            line = f"{line}, {texts('report.wall_hours', hours=hours)}"
        yield line


def describe_wall(
    texts: Texts,
    *,
    name: str,
    power: float,
    efficiency: float | None,
    amounts: Sequence[str] = (),
    loss: float | None,
    loss_share: float | None,
) -> str:
    """Return what a power supply takes in W, at how many J/TH, and the W it loses."""
    parts = [texts("report.wall", name=name, power=texts.number(power, 1, "W"))]
    if efficiency is not None:
        parts.append(texts.number(efficiency, 2, "J/TH"))
    parts += amounts
    if loss is not None:
        share = texts.number(loss_share, 1, "%")
        lost = texts.number(loss, 1, "W")
        parts.append(texts("report.wall_loss", loss=lost, share=share))
    return ", ".join(parts)


def describe_bottleneck(item: Bottleneck, texts: Texts) -> str:
    """Return a bottleneck in words."""
    value, limit = _DIGITS[item.kind]
    return texts(
        f"report.bottleneck_{item.kind.value}",
        value=texts.decimals(item.value, value),
        limit=texts.decimals(item.limit, limit),
    )


def describe_restarts(restarts: float | None, texts: Texts) -> str:
    """Return how many restarts there were."""
    return texts(
        "report.restarts",
        count=round(restarts or 0),
        number=texts.number(restarts, 0),
    )


def describe_recommendation(
    item: Recommendation, texts: Texts, currency: str, *, bold: str = "**"
) -> str:
    """Return what is best for a goal, and what a change to it would bring.

    `bold` stands around a setting to change to: Markdown, unless it is read as it is.
    """
    hours = texts.general(CLAIM_HOURS)
    if item.best is None:
        return texts("report.nothing_measured", hours=hours)
    name = _describe(item.best, texts)
    match item.verdict:
        case Verdict.KEEP:
            return texts("report.keep", setting=name)
        case Verdict.PRESENT_UNKNOWN:
            return texts("report.present_unknown", setting=name, hours=hours)
        case Verdict.WAIT:
            return texts("report.wait", setting=name)
    assert item.change is not None
    change = _change(item.change, texts, currency)
    if item.verdict is Verdict.UNCERTAIN:
        return texts("report.uncertain", setting=name, change=change)
    return f"{bold}{name}{bold}: {change}"


def _span(summary: MinerSummary | SwarmSummary, texts: Texts, time_zone: tzinfo) -> str:
    span = summary.span
    if span.is_all:
        return texts("report.all_time")
    ends = (
        f"{end.astimezone(time_zone):%Y-%m-%d %H:%M}" for end in (span.start, span.end)
    )
    return " – ".join(ends)


def _facts(item: MinerSummary, texts: Texts, currency: str) -> Iterator[str]:
    number, hashrate = texts.number, texts.hashrate
    text = texts(
        "report.fact_hashrate",
        mean=hashrate(item.mean_hashrate),
        hashing=hashrate(item.hashrate),
        lowest=hashrate(item.hashrate_min),
        highest=hashrate(item.hashrate_max),
        efficiency=number(item.efficiency, 2, "J/TH"),
    )
    yield f"- {text}"
    text = texts(
        "report.fact_power",
        power=number(item.power, 1, "W"),
        highest=number(item.power_max, 1, "W"),
        energy=number(item.energy, 2, "kWh"),
    )
    cost = [] if item.cost is None else [texts.money(item.cost, currency)]
    yield f"- {', '.join([text, *idle(item, texts), *cost])}"
    text = texts(
        "report.fact_temperature",
        asic=number(item.asic_temperature, 1, "°C"),
        asic_highest=number(item.asic_temperature_max, 1, "°C"),
        vr=number(item.vr_temperature, 1, "°C"),
        vr_highest=number(item.vr_temperature_max, 1, "°C"),
    )
    yield f"- {text}"
    text = texts(
        "report.fact_time",
        hashed=number(item.hashing_hours, 1),
        observed=number(item.observed_hours, 1),
    )
    parts = (text, *since(item, texts), f"({number(item.availability, 1, '%')})")
    yield f"- {' '.join(parts)}, {describe_restarts(item.restarts, texts)}"
    text = texts(
        "report.fact_shares",
        accepted=number(item.shares_accepted, 0),
        rejected=number(item.shares_rejected, 0),
        rate=number(item.reject_rate, 2, "%"),
    )
    yield f"- {text}"


def _stability(windows: Sequence[Stability], texts: Texts) -> Iterator[str]:
    if not windows:
        return
    yield f"### {texts('report.stability')}"
    yield ""
    yield from _table(
        (
            texts("report.column_window"),
            texts("report.column_mean"),
            texts("report.column_variance"),
            "",
            texts("report.column_cv"),
            texts("report.column_robust_cv"),
        ),
        (
            (
                item.window.name,
                texts.hashrate(item.mean),
                texts.number(item.bucket_variance, 1, "%"),
                texts(f"report.label_{item.label.value}"),
                texts.number(item.variation, 1, "%"),
                texts.number(item.robust_variation, 1, "%"),
            )
            for item in windows
        ),
    )


def _configurations(result: MinerConfigurations, texts: Texts) -> Iterator[str]:
    if not result.configurations:
        yield texts("report.no_setting")
        return
    at_wall = any(item.wall is not None for item in result.configurations)
    yield f"### {texts('report.configurations')}"
    yield ""
    yield from _table(
        (
            "MHz",
            "mV",
            texts("report.column_hours"),
            texts("report.column_hashrate"),
            texts("report.column_expected"),
            "J/TH",
            "W",
            "°C",
            texts("report.column_vr"),
            *((texts("report.at_wall"),) if at_wall else ()),
            "",
        ),
        (
            (
                texts.general(item.operating_point.frequency),
                texts.general(item.operating_point.core_voltage),
                texts.number(item.hours, 1),
                texts.hashrate(item.hashrate.value),
                texts.number(item.expected_ratio, 1, "%"),
                _estimate(item.efficiency, texts),
                texts.number(item.power, 1),
                texts.number(item.asic_temperature, 0),
                texts.number(item.vr_temperature, 0),
                *((_at_wall(item.wall, texts),) if at_wall else ()),
                texts("report.now") if item.present else "",
            )
            for item in result.configurations
        ),
    )


def _at_wall(wall: AtWall | None, texts: Texts) -> str:
    """Return W and J/TH at the wall; nothing where that was not measured."""
    if wall is None:
        return ""
    power = texts.number(wall.power, 1, "W")
    return f"{power}, {texts.number(wall.efficiency, 2, 'J/TH')}"


def _advice(
    result: MinerConfigurations, advice: Advice, texts: Texts, currency: str
) -> Iterator[str]:
    if not result.configurations:
        return
    yield f"### {texts('report.advice')}"
    yield ""
    for goals, item in advice.merged:
        names = " · ".join(texts(f"report.goal_{goal.value}") for goal in goals)
        yield f"- {names}: {describe_recommendation(item, texts, currency)}"
    if result.present is not None:
        for found in find_bottlenecks(result.present, result.miner):
            sign = "⚠️ " if found.critical else ""
            yield f"- {sign}{describe_bottleneck(found, texts)}"
    yield ""
    yield texts("report.assumes")


def _describe(item: Configuration, texts: Texts) -> str:
    assert item.efficiency is not None
    return (
        f"{texts.localized(str(item.operating_point))} "
        f"({texts.hashrate(item.hashrate.value)}, "
        f"{texts.number(item.efficiency.value, 2, 'J/TH')}, "
        f"{texts.number(item.hours, 0, 'h')})"
    )


def _change(change: Change, texts: Texts, currency: str) -> str:
    text = texts(
        "report.change",
        hashrate=texts.decimals(change.hashrate_percent, 1, signed=True),
        efficiency=texts.decimals(change.efficiency_percent, 1, signed=True),
        energy=texts.decimals(change.energy_per_month, 1, signed=True),
    )
    if change.cost_per_month is not None:
        cost = texts.estimate(change.cost_per_month, currency, signed=True)
        text += f" ({cost})"
    return text


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _estimate(estimate: Estimate | None, texts: Texts) -> str:
    if estimate is None:
        return UNKNOWN
    if estimate.error is None:
        return texts.number(estimate.value, 2)
    return f"{texts.number(estimate.value, 2)} ± {texts.number(estimate.error, 2)}"
