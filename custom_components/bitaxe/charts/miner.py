"""The chart of one miner in detail. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

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
    changes: Sequence[Change] = ()


def miner_chart(history: MinerHistory) -> Chart:
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

    known = [
        value
        for samples in (history.hashrate, history.expected_hashrate)
        for _, value in within(samples, history.start, history.end)
        if is_drawable(value)
    ]
    unit = hashrate_unit(max(known, default=0.0))
    panels = [
        Panel(
            title="Hashrate",
            unit=unit.name,
            lines=[
                line(history.hashrate, Role.HASHRATE, "measured", factor=unit.factor),
                line(
                    history.expected_hashrate,
                    Role.EXPECTED,
                    "expected",
                    factor=unit.factor,
                    style=Style.DASHED,
                ),
            ],
        ),
        Panel(
            title="Temperature",
            unit="°C",
            lines=[
                line(history.asic_temperature, Role.ASIC_TEMPERATURE, "ASIC"),
                line(history.vr_temperature, Role.VR_TEMPERATURE, "voltage regulator"),
            ],
        ),
        Panel(
            title="Power", unit="W", lines=[line(history.power, Role.POWER, "input")]
        ),
        Panel(
            title="Efficiency",
            unit="J/TH",
            lines=[line(history.efficiency, Role.EFFICIENCY, "lower is better")],
            most=_usual_most(within(history.efficiency, history.start, history.end)),
        ),
    ]
    known_panels = [panel for panel in panels if any(True for _ in panel.values())]
    return Chart(
        title=history.name,
        subtitle=" · ".join(
            [*_means(history), write_period(history.start, history.end, history.tz)]
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


def _means(history: MinerHistory) -> list[str]:
    def mean(samples: Samples) -> float | None:
        summary = typical(within(samples, history.start, history.end))
        return summary.mean if summary is not None else None

    texts = []
    if (hashrate := mean(history.hashrate)) is not None:
        texts.append(f"mean {hashrate_unit(hashrate).write(hashrate)}")
    if (power := mean(history.power)) is not None:
        texts.append(f"{write_number(power)} W")
    if (temperature := mean(history.asic_temperature)) is not None:
        texts.append(f"ASIC {write_number(temperature)} °C")
    return texts
