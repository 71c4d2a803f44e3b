"""The map of what the tuner tried: what a joule buys at which hashrate. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ...formatting import Texts
from .description import Chart, Key, NumberAxis, Panel, Point, Role, is_drawable
from .ticks import hashrate_unit

_KEYS: Final = {
    Role.BEST: "chart_text.tuning_best",
    Role.PRESENT: "chart_text.tuning_before",
    Role.CONFIGURATION: "chart_text.tuning_tried",
    Role.WALL: "chart_text.tuning_wall",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TriedPoint:
    """What was measured at one setting."""

    label: str
    """What people call it: 525/1150."""
    hashrate: float
    """GH/s."""
    efficiency: float
    """J/TH."""
    seconds: float
    """How long it was tried."""
    hashrate_error: float | None = None
    """Standard error in GH/s."""
    efficiency_error: float | None = None
    """Standard error in J/TH."""
    best: bool = False
    before: bool = False
    wall: bool = False
    """Whether a limit was met."""

    @property
    def role(self) -> Role:
        """What it is drawn as."""
        if self.best:
            return Role.BEST
        if self.before:
            return Role.PRESENT
        return Role.WALL if self.wall else Role.CONFIGURATION


def tuning_chart(
    name: str,
    points: Sequence[TriedPoint],
    *,
    texts: Texts,
    details: Sequence[str] = (),
) -> Chart:
    """Describe the map of a run; `details` are written below the title."""
    drawable = [
        point
        for point in points
        if is_drawable(point.hashrate) and is_drawable(point.efficiency)
    ]
    unit = hashrate_unit(max((point.hashrate for point in drawable), default=0.0))
    roles = {point.role for point in drawable}
    both = any(point.best and point.before for point in drawable)
    return Chart(
        title=name,
        texts=texts,
        subtitle=" · ".join(
            [
                *details,
                texts("chart_text.trials", count=len(points)),
                texts("chart_text.bars_are_errors"),
                texts("chart_text.lower_is_better"),
            ]
        ),
        x_axis=NumberAxis(title=texts("chart_text.hashrate"), unit=unit.name),
        panels=[
            Panel(
                title=texts("chart_text.efficiency"),
                unit="J/TH",
                points=[_drawn(point, unit.factor, texts) for point in drawable],
                keys=[
                    Key(
                        role=role,
                        label=texts(
                            "chart_text.tuning_best_and_before"
                            if both and role is Role.BEST
                            else label
                        ),
                    )
                    for role, label in _KEYS.items()
                    if role in roles
                ],
            )
        ],
    )


def _drawn(point: TriedPoint, factor: float, texts: Texts) -> Point:
    error = point.hashrate_error
    return Point(
        x=point.hashrate * factor,
        y=point.efficiency,
        x_error=error * factor if is_drawable(error) else None,
        y_error=point.efficiency_error if is_drawable(point.efficiency_error) else None,
        role=point.role,
        weight=max(point.seconds, 0.0),
        label=texts.localized(point.label),
        importance=4 * point.best + 2 * point.before,
    )
