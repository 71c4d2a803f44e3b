"""The map of operating points: what a joule buys at which hashrate. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...formatting import Texts
from .description import (
    Chart,
    Key,
    Line,
    NumberAxis,
    Panel,
    Point,
    Role,
    Style,
    is_drawable,
)
from .ticks import hashrate_unit

_NOTABLE: Final = {
    Role.BEST: "chart_text.best_efficiency",
    Role.PRESENT: "chart_text.present_setting",
    Role.CONFIGURATION: "chart_text.configuration",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredPoint:
    """What was measured at one operating point."""

    frequency: float
    """MHz."""
    core_voltage: float
    """mV."""
    hashrate: float
    """GH/s."""
    efficiency: float
    """J/TH."""
    hours: float
    """Time measured."""
    hashrate_error: float | None = None
    """Standard error in GH/s."""
    efficiency_error: float | None = None
    """Standard error in J/TH."""
    present: bool = False
    best: bool = False
    on_front: bool = False
    """Whether no other point is better in both."""

    @property
    def label(self) -> str:
        """What people call it."""
        return f"{self.frequency:g}/{self.core_voltage:g}"

    @property
    def role(self) -> Role:
        """What it is drawn as; a point that is both best and present is the best."""
        if self.best:
            return Role.BEST
        return Role.PRESENT if self.present else Role.CONFIGURATION


def efficiency_chart(
    name: str, points: Sequence[MeasuredPoint], *, texts: Texts, period: str = ""
) -> Chart:
    """Describe the map of a miner's operating points."""
    drawable = [
        point
        for point in points
        if is_drawable(point.hashrate)
        and is_drawable(point.efficiency)
        and is_drawable(point.hours)
    ]
    unit = hashrate_unit(max((point.hashrate for point in drawable), default=0.0))
    front = sorted(
        (point.hashrate * unit.factor, point.efficiency)
        for point in drawable
        if point.on_front
    )
    roles = {point.role for point in drawable}
    keys = []
    for role, label in _NOTABLE.items():
        if role not in roles:
            continue
        both = role is Role.BEST and any(
            point.best and point.present for point in drawable
        )
        keys.append(
            Key(
                role=role, label=texts("chart_text.best_and_present" if both else label)
            )
        )
    count = len(drawable)
    subtitle = [
        texts("chart_text.configurations", count=count),
        texts("chart_text.area_is_hours"),
        texts("chart_text.bars_are_errors"),
        texts("chart_text.lower_is_better"),
    ]
    if not drawable:
        subtitle = [texts("chart_text.nothing_measured")]
    return Chart(
        title=name,
        texts=texts,
        subtitle=" · ".join([*subtitle, period] if period else subtitle),
        x_axis=NumberAxis(title=texts("chart_text.hashrate"), unit=unit.name),
        panels=[
            Panel(
                title=texts("chart_text.efficiency"),
                unit="J/TH",
                lines=[
                    Line(
                        samples=front,
                        role=Role.FRONT,
                        style=Style.DASHED,
                        width=2.0,
                        label=texts("chart_text.pareto_front"),
                    )
                ]
                if len(front) > 1
                else [],
                points=[_drawn(point, unit.factor, texts) for point in drawable],
                keys=keys,
            )
        ],
    )


def _drawn(point: MeasuredPoint, factor: float, texts: Texts) -> Point:
    error = point.hashrate_error
    return Point(
        x=point.hashrate * factor,
        y=point.efficiency,
        x_error=error * factor if is_drawable(error) else None,
        y_error=point.efficiency_error if is_drawable(point.efficiency_error) else None,
        role=point.role,
        weight=max(point.hours, 0.0),
        label=texts.localized(point.label),
        importance=4 * point.best + 2 * point.present + point.on_front,
    )
