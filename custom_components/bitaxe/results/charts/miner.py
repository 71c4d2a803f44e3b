"""The chart of one miner in detail. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from ...formatting import Texts
from .description import Chart, Line, Panel, Role, Samples, Style, TimeAxis, is_drawable
from .series import Change, typical, with_gaps, within
from .ticks import hashrate_unit, write_number, write_period

# A miner that barely hashes, as after a restart, burns any number of J/TH.
_USUAL_SHARE: Final = 0.95
_ABOVE_USUAL: Final = 1.25


@dataclass(frozen=True, slots=True, kw_only=True)
class MinerHistory:
    """What is known of a miner over a span; by Unix time."""

    name: str
    start: float
    end: float
    tz: tzinfo
    hashrate: Samples = ()
    """GH/s."""
    expected_hashrate: Samples = ()
    """GH/s."""
    asic_temperature: Samples = ()
    """°C."""
    vr_temperature: Samples = ()
    """°C."""
    power: Samples = ()
    """W."""
    efficiency: Samples = ()
    """J/TH."""
    wall_power: Samples = ()
    """W that its power supply takes, where a plug shows that."""
    wall_efficiency: Samples = ()
    """J/TH of those."""
    changes: Sequence[Change] = ()


def miner_chart(history: MinerHistory, *, texts: Texts) -> Chart:
    """Describe hashrate, temperatures, power and efficiency on shared time."""
    panels = [
        panel(history, texts)
        for panel in (_hashrate, _temperatures, _power, _efficiency)
    ]
    known_panels = [panel for panel in panels if any(True for _ in panel.values())]
    return Chart(
        title=history.name,
        texts=texts,
        subtitle=" · ".join(
            [
                *_means(history, texts),
                write_period(history.start, history.end, history.tz, texts),
            ]
        ),
        x_axis=TimeAxis(start=history.start, end=history.end, tz=history.tz),
        panels=known_panels or panels[:1],
        marks=[change.as_mark() for change in history.changes],
    )


def _hashrate(history: MinerHistory, texts: Texts) -> Panel:
    known = [
        value
        for samples in (history.hashrate, history.expected_hashrate)
        for _, value in within(samples, history.start, history.end)
        if is_drawable(value)
    ]
    unit = hashrate_unit(max(known, default=0.0))
    return Panel(
        title=texts("chart_text.hashrate"),
        unit=unit.name,
        lines=[
            _line(
                history,
                history.hashrate,
                Role.HASHRATE,
                texts("chart_text.measured"),
                factor=unit.factor,
            ),
            _line(
                history,
                history.expected_hashrate,
                Role.EXPECTED,
                texts("chart_text.expected"),
                factor=unit.factor,
                style=Style.DASHED,
            ),
        ],
    )


def _temperatures(history: MinerHistory, texts: Texts) -> Panel:
    return Panel(
        title=texts("chart_text.temperature"),
        unit="°C",
        lines=[
            _line(
                history,
                history.asic_temperature,
                Role.ASIC_TEMPERATURE,
                texts("chart_text.asic"),
            ),
            _line(
                history,
                history.vr_temperature,
                Role.VR_TEMPERATURE,
                texts("chart_text.voltage_regulator"),
            ),
        ],
    )


def _power(history: MinerHistory, texts: Texts) -> Panel:
    return Panel(
        title=texts("chart_text.power"),
        unit="W",
        lines=[
            _line(history, history.power, Role.POWER, texts("chart_text.input")),
            *_at_wall(history, history.wall_power, texts),
        ],
    )


def _efficiency(history: MinerHistory, texts: Texts) -> Panel:
    return Panel(
        title=texts("chart_text.efficiency"),
        unit="J/TH",
        lines=[
            _line(
                history,
                history.efficiency,
                Role.EFFICIENCY,
                texts("chart_text.lower_is_better"),
            ),
            *_at_wall(history, history.wall_efficiency, texts),
        ],
        most=_usual_most(
            [
                *within(history.efficiency, history.start, history.end),
                *within(history.wall_efficiency, history.start, history.end),
            ]
        ),
    )


def _line(
    history: MinerHistory,
    samples: Samples,
    role: Role,
    label: str,
    *,
    factor: float = 1.0,
    style: Style = Style.SOLID,
) -> Line:
    return Line(
        samples=[
            (time, value * factor if value is not None else None)
            for time, value in with_gaps(within(samples, history.start, history.end))
        ],
        role=role,
        label=label,
        style=style,
        width=1.8,
    )


def _at_wall(history: MinerHistory, samples: Samples, texts: Texts) -> list[Line]:
    if not any(is_drawable(value) for _, value in samples):
        return []
    return [_line(history, samples, Role.PLUG, texts("chart_text.at_the_wall"))]


def _usual_most(samples: Samples) -> float | None:
    values = sorted(value for _, value in samples if is_drawable(value))
    if not values:
        return None
    usual = values[int((len(values) - 1) * _USUAL_SHARE)]
    return usual * _ABOVE_USUAL if 0 < usual * _ABOVE_USUAL < values[-1] else None


def _means(history: MinerHistory, texts: Texts) -> list[str]:
    def mean(samples: Samples) -> float | None:
        summary = typical(within(samples, history.start, history.end))
        return summary.mean if summary is not None else None

    parts = []
    if (hashrate := mean(history.hashrate)) is not None:
        parts.append(
            texts(
                "chart_text.mean", value=hashrate_unit(hashrate).write(hashrate, texts)
            )
        )
    if (power := mean(history.power)) is not None:
        parts.append(f"{write_number(power, texts)} W")
    if (temperature := mean(history.asic_temperature)) is not None:
        parts.append(
            f"{texts('chart_text.asic')} {write_number(temperature, texts)} °C"
        )
    return parts
