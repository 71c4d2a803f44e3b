"""Results as text for people, in Markdown."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, tzinfo
from typing import Final

from .advice import Advice, Change, Goal, Recommendation, Verdict
from .bottlenecks import Bottleneck, BottleneckKind, find_bottlenecks
from .configurations import CLAIM_HOURS, Configuration, MinerConfigurations
from .estimate import Estimate
from .stability import Stability
from .summary import MinerSummary, SwarmSummary

_UNKNOWN: Final = "–"
_PREFIXES: Final = ("", "k", "M", "G", "T", "P", "E", "Z")
_STEPS: Final = ((86_400, "d"), (3600, "h"), (60, "min"), (1, "s"))
_GOALS: Final = {
    Goal.EFFICIENCY: "Best efficiency",
    Goal.HASHRATE: "Best hashrate",
    Goal.BALANCED: "Best balance",
}
_BOTTLENECKS: Final = {
    BottleneckKind.HEAT: ("ASIC at {value:.0f} °C", "limit {limit:.0f} °C"),
    BottleneckKind.VR_HEAT: ("regulator at {value:.0f} °C", "limit {limit:.0f} °C"),
    BottleneckKind.SUPPLY: ("supply down to {value:.2f} V", "limit {limit:.2f} V"),
    BottleneckKind.POWER: ("{value:.1f} W", "board limit near: {limit:.1f} W"),
    BottleneckKind.INSTABILITY: (
        "hashrate varies by {value:.1f} %",
        "limit {limit:.1f} %",
    ),
    BottleneckKind.ERRORS: ("{value:.2f} % hardware errors", "limit {limit:.0f} %"),
    BottleneckKind.LOW_HASHRATE: (
        "{value:.1f} % of the expected hashrate",
        "limit {limit:.0f} %",
    ),
    BottleneckKind.REJECTS: ("{value:.2f} % of shares rejected", "limit {limit:.0f} %"),
}


def miner_report(
    summary: MinerSummary,
    result: MinerConfigurations,
    advice: Advice,
    *,
    currency: str = "",
    time_zone: tzinfo = UTC,
) -> str:
    """Return the report of one miner."""
    return "\n".join(
        [
            f"## {escape(summary.miner.name)} · {_span(summary, time_zone)}",
            "",
            *_facts(summary, currency),
            *_stability(summary.stability),
            *_configurations(result),
            *_advice(result, advice, currency),
            *(f"- {escape(str(error))}" for error in result.missing.values()),
        ]
    ).rstrip()


def swarm_report(
    summary: SwarmSummary,
    results: Sequence[tuple[MinerConfigurations, Advice]],
    *,
    currency: str = "",
    time_zone: tzinfo = UTC,
) -> str:
    """Return the report of several miners."""
    lines = [
        f"## Swarm · {_span(summary, time_zone)}",
        "",
        f"**{hashrate(summary.hashrate)}** · {number(summary.efficiency, 1, 'J/TH')} · "
        f"{number(summary.power, 1, 'W')} · {number(summary.energy, 2, 'kWh')}"
        + (f" · {money(summary.cost, currency)}" if summary.cost is not None else ""),
        "",
        *_table(
            (
                "Miner",
                "Hashrate",
                "J/TH",
                "W",
                "ASIC °C",
                "VR °C",
                "Hashed %",
                "Rejects %",
            ),
            (
                (
                    escape(item.miner.name),
                    hashrate(item.hashrate),
                    number(item.efficiency, 1),
                    number(item.power, 1),
                    number(item.asic_temperature, 0),
                    number(item.vr_temperature, 0),
                    number(item.availability, 1),
                    number(item.reject_rate, 2),
                )
                for item in summary.miners
            ),
        ),
    ]
    for result, advice in results:
        text = describe_recommendation(advice[Goal.EFFICIENCY], currency)
        lines.append(f"- **{escape(result.miner.name)}**: {text}")
    return "\n".join(lines)


def hashrate(value: float | None) -> str:
    """Write GH/s the way people say it."""
    if value is None:
        return _UNKNOWN
    return f"{value / 1000:.2f} TH/s" if value >= 1000 else f"{value:.0f} GH/s"


def difficulty(value: float) -> str:
    """Write a difficulty the way miners do: 4.29G."""
    exponent = 0
    while value >= 999.5 and exponent < len(_PREFIXES) - 1:
        value /= 1000
        exponent += 1
    return f"{value:.3g}{_PREFIXES[exponent]}"


def duration(seconds: float) -> str:
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
    return " ".join(f"{count} {unit}" for count, unit in parts if count) or "0 s"


def number(value: float | None, digits: int, unit: str = "") -> str:
    """Write a figure that may be unknown."""
    if value is None:
        return _UNKNOWN
    return f"{value:.{digits}f} {unit}".rstrip()


def money(value: float, currency: str) -> str:
    """Write an amount of money."""
    return f"{value:.2f} {currency}".rstrip()


def escape(text: str) -> str:
    """Keep a name people gave from being read as Markdown."""
    for character in "\\`*_[]|<>~":
        text = text.replace(character, f"\\{character}")
    return " ".join(text.split())


def describe_bottleneck(item: Bottleneck) -> str:
    """Return a bottleneck in words."""
    what, limit = _BOTTLENECKS[item.kind]
    return f"{what} ({limit})".format(value=item.value, limit=item.limit)


def describe_recommendation(item: Recommendation, currency: str) -> str:
    """Return what is best for a goal, and what a change to it would bring."""
    if item.best is None:
        return f"no sound setting has been measured for {CLAIM_HOURS:g} hours yet"
    name = _describe(item.best)
    match item.verdict:
        case Verdict.KEEP:
            return f"the present setting, {name}"
        case Verdict.PRESENT_UNKNOWN:
            return (
                f"{name}; the present setting has not been measured for "
                f"{CLAIM_HOURS:g} hours yet"
            )
    assert item.change is not None
    change = _change(item.change, currency)
    if item.verdict is Verdict.UNCERTAIN:
        return f"perhaps {name}: {change}, but that may be chance; measure longer"
    return f"**{name}**: {change}"


def _span(summary: MinerSummary | SwarmSummary, time_zone: tzinfo) -> str:
    span = summary.span
    if span.is_all:
        return "all time"
    ends = (
        f"{end.astimezone(time_zone):%Y-%m-%d %H:%M}" for end in (span.start, span.end)
    )
    return " – ".join(ends)


def _facts(item: MinerSummary, currency: str) -> Iterator[str]:
    yield (
        f"- Hashrate **{hashrate(item.hashrate)}** "
        f"({hashrate(item.hashrate_min)} to {hashrate(item.hashrate_max)}), "
        f"{number(item.efficiency, 2, 'J/TH')} all in all"
    )
    yield (
        f"- Power {number(item.power, 1, 'W')}, at most "
        f"{number(item.power_max, 1, 'W')}; energy {number(item.energy, 2, 'kWh')}"
        + (f", {money(item.cost, currency)}" if item.cost is not None else "")
    )
    yield (
        f"- ASIC {number(item.asic_temperature, 1, '°C')}, at most "
        f"{number(item.asic_temperature_max, 1, '°C')}; regulator "
        f"{number(item.vr_temperature, 1, '°C')}, at most "
        f"{number(item.vr_temperature_max, 1, '°C')}"
    )
    yield (
        f"- Hashed {item.hashing_hours:.1f} of {item.observed_hours:.1f} h "
        f"({number(item.availability, 1, '%')}), "
        f"{number(item.restarts, 0)} {'restart' if item.restarts == 1 else 'restarts'}"
    )
    yield (
        f"- Shares {number(item.shares_accepted, 0)} accepted, "
        f"{number(item.shares_rejected, 0)} rejected "
        f"({number(item.reject_rate, 2, '%')})"
    )
    yield ""


def _stability(windows: Sequence[Stability]) -> Iterator[str]:
    if not windows:
        return
    yield "### Stability"
    yield ""
    yield from _table(
        ("Window", "Mean", "Variance", "", "CV", "Robust CV"),
        (
            (
                item.window.name,
                hashrate(item.mean),
                f"{item.bucket_variance:.1f} %",
                item.label.value,
                f"{item.variation:.1f} %",
                f"{item.robust_variation:.1f} %",
            )
            for item in windows
        ),
    )


def _configurations(result: MinerConfigurations) -> Iterator[str]:
    if not result.configurations:
        yield "No setting has been measured yet."
        return
    yield "### Configurations"
    yield ""
    yield from _table(
        (
            "MHz",
            "mV",
            "Hours",
            "Hashrate",
            "of expected",
            "J/TH",
            "W",
            "°C",
            "VR °C",
            "",
        ),
        (
            (
                f"{item.operating_point.frequency:g}",
                f"{item.operating_point.core_voltage:g}",
                f"{item.hours:.1f}",
                hashrate(item.hashrate.value),
                number(item.expected_ratio, 1, "%"),
                _estimate(item.efficiency),
                number(item.power, 1),
                number(item.asic_temperature, 0),
                number(item.vr_temperature, 0),
                "now" if item.present else "",
            )
            for item in result.configurations
        ),
    )


def _advice(
    result: MinerConfigurations, advice: Advice, currency: str
) -> Iterator[str]:
    if not result.configurations:
        return
    yield "### Advice"
    yield ""
    for item in advice.recommendations:
        yield f"- {_GOALS[item.goal]}: {describe_recommendation(item, currency)}"
    if result.present is not None:
        for found in find_bottlenecks(result.present, result.miner):
            sign = "⚠️ " if found.critical else ""
            yield f"- {sign}{describe_bottleneck(found)}"


def _describe(item: Configuration) -> str:
    assert item.efficiency is not None
    return (
        f"{item.operating_point} ({hashrate(item.hashrate.value)}, "
        f"{item.efficiency.value:.2f} J/TH)"
    )


def _change(change: Change, currency: str) -> str:
    text = (
        f"{change.hashrate_percent:+.1f} % hashrate, "
        f"{change.efficiency_percent:+.1f} % J/TH, "
        f"{change.energy_per_month:+.1f} kWh a month"
    )
    if change.cost_per_month is not None:
        text += f" ({change.cost_per_month:+.2f} {currency}".rstrip() + ")"
    return text


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(header)} |"
    yield f"|{'---|' * len(header)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
    yield ""


def _estimate(estimate: Estimate | None) -> str:
    if estimate is None:
        return _UNKNOWN
    if estimate.error is None:
        return f"{estimate.value:.2f}"
    return f"{estimate.value:.2f} ± {estimate.error:.2f}"
