"""Turns results of the analysis into pictures: for actions, images and Discord."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from enum import StrEnum
from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util

from .analysis.advice import Advice, Goal
from .analysis.configurations import MinerConfigurations
from .analysis.course import LEAD_IN, Course, Point
from .analysis.service import async_get_advice, async_get_series
from .analysis.span import Span
from .analysis.together import sum_hashrates
from .charts import render
from .charts.description import Chart, Samples
from .charts.efficiency import MeasuredPoint, efficiency_chart
from .charts.miner import MinerHistory, miner_chart
from .charts.series import Change
from .charts.swarm import MinerHashrate, SwarmHistory, miners_chart, swarm_chart
from .charts.theme import ThemeName
from .charts.ticks import write_period
from .coordinator import MinerCoordinator

DEFAULT_SIZE: Final = (1200, 675)
"""Pixels: what Discord shows without scaling."""
# What a chart of everything spans if there is nothing yet.
_EMPTY_SECONDS: Final = 3600.0

type Describe = Callable[[], Chart]


class ChartKind(StrEnum):
    """The charts there are."""

    SWARM_HASHRATE = "swarm_hashrate"
    """All miners together, with moving averages."""
    HASHRATE_BY_MINER = "hashrate_by_miner"
    MINER_DETAIL = "miner_detail"
    """Hashrate, temperatures, power and efficiency of one miner."""
    EFFICIENCY_MAP = "efficiency_map"
    """J/TH over hashrate of the configurations of one miner."""

    @property
    def of_one_miner(self) -> bool:
        """Whether it shows a single miner."""
        return self in (ChartKind.MINER_DETAIL, ChartKind.EFFICIENCY_MAP)


async def async_render_chart(
    hass: HomeAssistant,
    kind: ChartKind,
    miners: Sequence[MinerCoordinator],
    span: Span,
    *,
    theme: ThemeName = "dark",
    size: tuple[int, int] = DEFAULT_SIZE,
) -> bytes:
    """Return a chart as a PNG of this width and height in pixels.

    Charts of one miner show the first. Times are in Home Assistant's time zone.

    Raises:
        AnalysisError: the history of a miner is not kept.

    """
    describe = await _async_describe(hass, kind, miners, span)
    return await hass.async_add_executor_job(_draw, describe, theme, size)


def _draw(describe: Describe, theme: ThemeName, size: tuple[int, int]) -> bytes:
    return render(describe(), theme=theme, size=size)


async def _async_describe(
    hass: HomeAssistant,
    kind: ChartKind,
    miners: Sequence[MinerCoordinator],
    span: Span,
) -> Describe:
    """Read what the chart is made of."""
    zone = dt_util.get_default_time_zone()
    if kind is ChartKind.EFFICIENCY_MAP:
        ((result, advice),) = await async_get_advice(hass, miners[:1], span)
        return partial(_efficiency_map, result, advice, zone)
    if kind is ChartKind.SWARM_HASHRATE:
        early = replace(span, start=span.start - timedelta(seconds=LEAD_IN))
        courses = await async_get_series(hass, miners, early) if miners else []
        return partial(_swarm_hashrate, courses, span, zone)
    if kind is ChartKind.HASHRATE_BY_MINER:
        courses = await async_get_series(hass, miners, span)
        return partial(_hashrate_by_miner, courses, span, zone)
    (course,) = await async_get_series(hass, miners[:1], span)
    return partial(_miner_detail, course, zone)


def _swarm_hashrate(courses: Sequence[Course], span: Span, zone: tzinfo) -> Chart:
    start, end = _ends(span, courses)
    several = len(courses) > 1
    return swarm_chart(
        SwarmHistory(
            hashrate=sum_hashrates(courses),
            start=start,
            end=end,
            tz=zone,
            changes=sorted(
                (
                    change
                    for course in courses
                    for change in _changes(course, named=several)
                    if change.time >= start
                ),
                key=lambda change: change.time,
            ),
            miners=len(courses),
        )
    )


def _hashrate_by_miner(courses: Sequence[Course], span: Span, zone: tzinfo) -> Chart:
    start, end = _ends(span, courses)
    return miners_chart(
        [
            MinerHashrate(
                name=course.miner.name,
                hashrate=_samples(course, lambda point: point.hashrate),
            )
            for course in courses
        ],
        start=start,
        end=end,
        tz=zone,
    )


def _miner_detail(course: Course, zone: tzinfo) -> Chart:
    start, end = _ends(course.span, [course])
    return miner_chart(
        MinerHistory(
            name=course.miner.name,
            start=start,
            end=end,
            tz=zone,
            hashrate=_samples(course, lambda point: point.hashrate),
            expected_hashrate=_samples(course, lambda point: point.expected_hashrate),
            asic_temperature=_samples(course, lambda point: point.asic_temperature),
            vr_temperature=_samples(course, lambda point: point.vr_temperature),
            power=_samples(course, lambda point: point.power),
            efficiency=_samples(course, lambda point: point.efficiency),
            changes=_changes(course, named=False),
        )
    )


def _efficiency_map(result: MinerConfigurations, advice: Advice, zone: tzinfo) -> Chart:
    best = advice[Goal.EFFICIENCY].best
    span = result.span
    return efficiency_chart(
        f"{result.miner.name} · efficiency by configuration",
        [
            MeasuredPoint(
                frequency=item.operating_point.frequency,
                core_voltage=item.operating_point.core_voltage,
                hashrate=item.hashrate.value,
                hashrate_error=item.hashrate.error,
                efficiency=item.efficiency.value,
                efficiency_error=item.efficiency.error,
                hours=item.hours,
                present=item.present,
                best=item is best,
                on_front=any(item is other for other in advice.pareto),
            )
            for item in result.configurations
            if item.efficiency is not None
        ],
        period="all time"
        if span.is_all
        else write_period(span.start.timestamp(), span.end.timestamp(), zone),
    )


def _ends(span: Span, courses: Sequence[Course]) -> tuple[float, float]:
    """Return what the time axis shows; of everything, what there is."""
    end = span.end.timestamp()
    if not span.is_all:
        return span.start.timestamp(), end
    starts = [course.points[0].start for course in courses if course.points]
    return min(starts, default=end - _EMPTY_SECONDS), end


def _samples(course: Course, value: Callable[[Point], float | None]) -> Samples:
    return [(point.start, value(point)) for point in course.points]


def _changes(course: Course, *, named: bool) -> list[Change]:
    return [
        Change(
            time=change.at,
            label=" ".join(
                [
                    *([course.miner.name] if named else []),
                    f"{change.after.frequency:g}/{change.after.core_voltage:g}",
                ]
            ),
        )
        for change in course.changes
    ]
