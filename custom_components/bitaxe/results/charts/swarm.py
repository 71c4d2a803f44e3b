"""Charts of the swarm's hashrate. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from math import ceil, sqrt
from typing import Final

from ...formatting import Texts
from .description import (
    Band,
    Chart,
    Line,
    Panel,
    Reference,
    Role,
    Samples,
    Style,
    TimeAxis,
    is_drawable,
)
from .series import (
    LONG_AVERAGE,
    SHORT_AVERAGE,
    Change,
    moving_average,
    typical,
    usual_steps,
    with_gaps,
    within,
)
from .ticks import (
    HashrateUnit,
    hashrate_unit,
    write_duration,
    write_number,
    write_period,
)

MOST_LINES: Final = 10
"""More miners get a small panel each: nobody distinguishes eleven colours."""
# Wide panels have room for names.
_COLUMNS_TO_ROWS: Final = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class SwarmHistory:
    """The hashrate of all miners together."""

    hashrate: Samples
    """GH/s by Unix time. May begin before the span, for the moving averages."""
    start: float
    end: float
    tz: tzinfo
    changes: Sequence[Change] = ()
    name: str | None = None
    """What to call it, if not the hashrate of the swarm."""
    mean: float | None = None
    """GH/s over the span; worked out from the samples if not given."""
    variation: float | None = None
    """Coefficient of variation in %; worked out if not given."""
    miners: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerHashrate:
    """The hashrate of one of several miners."""

    name: str
    hashrate: Samples
    """GH/s by Unix time."""


def swarm_chart(history: SwarmHistory, *, texts: Texts) -> Chart:
    """Describe the swarm's hashrate with moving averages and changed settings."""
    inside = within(history.hashrate, history.start, history.end)
    summary = typical(inside)
    mean = history.mean
    variation = history.variation
    if summary is not None:
        mean = summary.mean if mean is None else mean
        variation = summary.variation if variation is None else variation
    unit = hashrate_unit(_highest([inside]))
    references = []
    bands = []
    parts = []
    if is_drawable(mean):
        references.append(
            Reference(
                value=mean * unit.factor,
                role=Role.MEAN,
                label=texts("chart_text.mean", value=unit.write(mean, texts)),
            )
        )
        parts.append(texts("chart_text.mean", value=unit.write(mean, texts)))
    if is_drawable(variation):
        parts.append(
            texts("chart_text.variation", value=write_number(variation, texts))
        )
        if is_drawable(mean):
            bands.append(_spread(history, mean, variation, unit, texts))
    if history.miners is not None:
        parts.append(texts("chart_text.miners", count=history.miners))
    parts.append(write_period(history.start, history.end, history.tz, texts))
    return Chart(
        title=history.name or texts("chart_text.swarm_hashrate"),
        texts=texts,
        subtitle=" · ".join(parts),
        x_axis=TimeAxis(start=history.start, end=history.end, tz=history.tz),
        panels=[
            Panel(
                title=texts("chart_text.hashrate"),
                unit=unit.name,
                lines=[
                    line
                    for line in _lines(history, inside, unit, texts)
                    if any(value is not None for _, value in line.samples)
                ],
                references=references,
                bands=bands,
            )
        ],
        marks=[change.as_mark() for change in history.changes],
    )


def _lines(
    history: SwarmHistory, inside: Samples, unit: HashrateUnit, texts: Texts
) -> list[Line]:
    """Return the samples, and their moving averages."""
    averages = {
        window: _scaled(
            with_gaps(
                within(
                    moving_average(history.hashrate, window),
                    history.start,
                    history.end,
                )
            ),
            unit,
        )
        for window in (SHORT_AVERAGE, LONG_AVERAGE)
    }
    return [
        Line(
            samples=_scaled(inside, unit),
            role=Role.SAMPLES,
            style=Style.DOTS,
            width=3.6,
            label=_write_steps(usual_steps(inside), texts),
        ),
        Line(
            samples=averages[SHORT_AVERAGE],
            role=Role.SHORT_AVERAGE,
            width=1.8,
            label=texts("chart_text.short_average"),
        ),
        Line(
            samples=averages[LONG_AVERAGE],
            role=Role.LONG_AVERAGE,
            width=3.2,
            label=texts("chart_text.long_average"),
        ),
    ]


def _spread(
    history: SwarmHistory,
    mean: float,
    variation: float,
    unit: HashrateUnit,
    texts: Texts,
) -> Band:
    """Return the band of one standard deviation around the mean."""
    spread = variation / 100
    return Band(
        edges=[
            (
                time,
                mean * (1 - spread) * unit.factor,
                mean * (1 + spread) * unit.factor,
            )
            for time in (history.start, history.end)
        ],
        role=Role.MEAN,
        label=f"± {write_number(variation, texts)} %",
    )


def miners_chart(
    miners: Sequence[MinerHashrate],
    *,
    start: float,
    end: float,
    tz: tzinfo,
    texts: Texts,
    name: str | None = None,
) -> Chart:
    """Describe the hashrate of several miners: lines in one panel, or a panel each."""
    inside = [within(miner.hashrate, start, end) for miner in miners]
    unit = hashrate_unit(_highest(inside))
    together = len(miners) <= MOST_LINES
    lines = []
    for index, (miner, samples) in enumerate(zip(miners, inside, strict=True)):
        summary = typical(samples)
        mean = texts("chart_text.no_data")
        if summary is not None:
            # Of many small panels, none has room for the unit.
            written = unit.write(summary.mean, texts)
            mean = written if together else written.removesuffix(f" {unit.name}")
        lines.append(
            Line(
                samples=_scaled(with_gaps(samples), unit),
                role=index if together else Role.HASHRATE,
                width=2.2 if together else 1.5,
                label=miner.name
                or texts("chart_text.miner_number", number=str(index + 1)),
                value=mean,
            )
        )
    count = len(miners)
    return Chart(
        title=name or texts("chart_text.hashrate_by_miner"),
        texts=texts,
        subtitle=" · ".join(
            [
                texts("chart_text.miners", count=count),
                *([] if together else [texts("chart_text.mean_in", unit=unit.name)]),
                write_period(start, end, tz, texts),
            ]
        ),
        x_axis=TimeAxis(start=start, end=end, tz=tz),
        panels=[Panel(title=texts("chart_text.hashrate"), unit=unit.name, lines=lines)]
        if together
        else [
            Panel(title=miner.name, lines=[line])
            for miner, line in zip(miners, lines, strict=True)
        ],
        columns=1 if together else ceil(sqrt(count * _COLUMNS_TO_ROWS)),
    )


def _write_steps(steps: set[float], texts: Texts) -> str:
    """Write how far samples are apart."""
    ends = sorted({min(steps), max(steps)}) if steps else []
    written = [write_duration(seconds, texts) for seconds in ends]
    return texts.joined(written, last="number_format.to") or texts("chart_text.samples")


def _highest(series: Sequence[Samples]) -> float:
    return max(
        (value for samples in series for _, value in samples if is_drawable(value)),
        default=0.0,
    )


def _scaled(samples: Samples, unit: HashrateUnit) -> Samples:
    return [
        (time, value * unit.factor if value is not None else None)
        for time, value in samples
    ]
