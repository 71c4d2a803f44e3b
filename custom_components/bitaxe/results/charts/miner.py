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

    def line(
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
                for time, value in with_gaps(
                    within(samples, history.start, history.end)
                )
            ],
            role=role,
            label=label,
            style=style,
            width=1.8,
        )

    def at_wall(samples: Samples) -> list[Line]:
        if not any(is_drawable(value) for _, value in samples):
            return []
        return [line(samples, Role.PLUG, texts("chart_text.at_the_wall"))]

    known = [
        value
        for samples in (history.hashrate, history.expected_hashrate)
        for _, value in within(samples, history.start, history.end)
        if is_drawable(value)
    ]
    unit = hashrate_unit(max(known, default=0.0))
    panels = [
        Panel(
            title=texts("chart_text.hashrate"),
            unit=unit.name,
            lines=[
                line(
                    history.hashrate,
                    Role.HASHRATE,
                    texts("chart_text.measured"),
                    factor=unit.factor,
                ),
                line(
                    history.expected_hashrate,
                    Role.EXPECTED,
                    texts("chart_text.expected"),
                    factor=unit.factor,
                    style=Style.DASHED,
                ),
            ],
        ),
        Panel(
            title=texts("chart_text.temperature"),
            unit="°C",
            lines=[
                line(
                    history.asic_temperature,
                    Role.ASIC_TEMPERATURE,
                    texts("chart_text.asic"),
                ),
                line(
                    history.vr_temperature,
                    Role.VR_TEMPERATURE,
                    texts("chart_text.voltage_regulator"),
                ),
            ],
        ),
        Panel(
            title=texts("chart_text.power"),
            unit="W",
            lines=[
                line(history.power, Role.POWER, texts("chart_text.input")),
                *at_wall(history.wall_power),
            ],
        ),
        Panel(
            title=texts("chart_text.efficiency"),
            unit="J/TH",
            lines=[
                line(
                    history.efficiency,
                    Role.EFFICIENCY,
                    texts("chart_text.lower_is_better"),
                ),
                *at_wall(history.wall_efficiency),
            ],
            most=_usual_most(
                [
                    *within(history.efficiency, history.start, history.end),
                    *within(history.wall_efficiency, history.start, history.end),
                ]
            ),
        ),
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
