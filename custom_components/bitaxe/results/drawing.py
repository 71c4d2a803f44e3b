"""Turns results of the analysis into pictures: for actions, images and Discord."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from enum import StrEnum
from functools import partial
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..analysis.advice import Advice, Goal
from ..analysis.configurations import MinerConfigurations
from ..analysis.span import Span
from ..analysis.time_series import LEAD_IN, Point, TimeSeries, Wanted, sum_hashrates
from ..analysis.wall import joules_per_terahash, power_at_wall
from ..const import CONF_CHART_THEME
from ..coordinator import MinerCoordinator
from ..following import swarm_entry
from ..formatting import Texts
from ..requirements import MATPLOTLIB, async_get_library
from ..texts import async_get_texts
from .charts import RendererName, render
from .charts.description import Chart, Samples
from .charts.efficiency import MeasuredPoint, efficiency_chart
from .charts.miner import MinerHistory, miner_chart
from .charts.series import Change
from .charts.swarm import MinerHashrate, SwarmHistory, miners_chart, swarm_chart
from .charts.theme import THEMES, ThemeName
from .charts.ticks import write_period
from .queries import async_get_advice, async_get_series
from .wall import async_get_wall_power

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


@callback
def chart_theme(hass: HomeAssistant) -> ThemeName:
    """Return the colours that were chosen for images of charts."""
    entry = swarm_entry(hass)
    chosen = None if entry is None else entry.options.get(CONF_CHART_THEME)
    return next((name for name in THEMES if name == chosen), "dark")


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
    return await async_draw(hass, describe, theme=theme, size=size)


async def async_draw(
    hass: HomeAssistant,
    describe: Describe,
    *,
    theme: ThemeName = "dark",
    size: tuple[int, int] = DEFAULT_SIZE,
) -> bytes:
    """Return what is described, in a thread, as a PNG of this size in pixels."""
    renderer = await _async_renderer(hass)
    return await hass.async_add_executor_job(_draw, describe, theme, size, renderer)


async def _async_renderer(hass: HomeAssistant) -> RendererName:
    """Return matplotlib once it is installed, which nobody waits for."""
    library = async_get_library(hass, MATPLOTLIB)
    return "matplotlib" if await library.async_load_if_installed() else "pillow"


def _draw(
    describe: Describe,
    theme: ThemeName,
    size: tuple[int, int],
    renderer: RendererName,
) -> bytes:
    return render(describe(), theme=theme, size=size, renderer=renderer)


async def _async_describe(
    hass: HomeAssistant,
    kind: ChartKind,
    miners: Sequence[MinerCoordinator],
    span: Span,
) -> Describe:
    """Read what the chart is made of."""
    zone = dt_util.get_default_time_zone()
    texts = async_get_texts(hass)
    if kind is ChartKind.EFFICIENCY_MAP:
        ((result, advice),) = await async_get_advice(hass, miners[:1], span)
        return partial(_efficiency_map, result, advice, zone, texts)
    if kind is ChartKind.SWARM_HASHRATE:
        early = replace(span, start=span.start - timedelta(seconds=LEAD_IN))
        all_series = await async_get_series(hass, miners, early) if miners else []
        return partial(_swarm_hashrate, all_series, span, zone, texts)
    if kind is ChartKind.HASHRATE_BY_MINER:
        all_series = await async_get_series(hass, miners, span)
        return partial(_hashrate_by_miner, all_series, span, zone, texts)
    (series,) = await async_get_series(hass, miners[:1], span)
    start, end = _ends(span, [series])
    wall = await async_get_wall_power(
        hass, series.miner, span, Wanted().step(end - start)
    )
    return partial(_miner_detail, series, wall, zone, texts)


def _swarm_hashrate(
    all_series: Sequence[TimeSeries], span: Span, zone: tzinfo, texts: Texts
) -> Chart:
    start, end = _ends(span, all_series)
    several = len(all_series) > 1
    return swarm_chart(
        SwarmHistory(
            hashrate=sum_hashrates(all_series),
            start=start,
            end=end,
            tz=zone,
            changes=sorted(
                (
                    change
                    for series in all_series
                    for change in _changes(series, texts, named=several)
                    if change.time >= start
                ),
                key=lambda change: change.time,
            ),
            miners=len(all_series),
        ),
        texts=texts,
    )


def _hashrate_by_miner(
    all_series: Sequence[TimeSeries], span: Span, zone: tzinfo, texts: Texts
) -> Chart:
    start, end = _ends(span, all_series)
    return miners_chart(
        [
            MinerHashrate(
                name=series.miner.name,
                hashrate=_samples(series, lambda point: point.hashrate),
            )
            for series in all_series
        ],
        start=start,
        end=end,
        tz=zone,
        texts=texts,
    )


def _miner_detail(
    series: TimeSeries, wall: Mapping[float, float], zone: tzinfo, texts: Texts
) -> Chart:
    start, end = _ends(series.span, [series])
    at_wall = power_at_wall(series, wall)
    return miner_chart(
        MinerHistory(
            name=series.miner.name,
            start=start,
            end=end,
            tz=zone,
            hashrate=_samples(series, lambda point: point.hashrate),
            expected_hashrate=_samples(series, lambda point: point.expected_hashrate),
            asic_temperature=_samples(series, lambda point: point.asic_temperature),
            vr_temperature=_samples(series, lambda point: point.vr_temperature),
            power=_samples(series, lambda point: point.power),
            efficiency=_samples(series, lambda point: point.efficiency),
            wall_power=_samples(series, lambda point: at_wall.get(point.start)),
            wall_efficiency=_samples(
                series,
                lambda point: joules_per_terahash(
                    at_wall.get(point.start), point.hashrate
                ),
            ),
            changes=_changes(series, texts, named=False),
        ),
        texts=texts,
    )


def _efficiency_map(
    result: MinerConfigurations, advice: Advice, zone: tzinfo, texts: Texts
) -> Chart:
    best = advice[Goal.EFFICIENCY].best
    span = result.span
    return efficiency_chart(
        texts("chart_text.efficiency_by_configuration", miner=result.miner.name),
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
        texts=texts,
        period=texts("chart_text.all_time")
        if span.is_all
        else write_period(span.start.timestamp(), span.end.timestamp(), zone, texts),
    )


def _ends(span: Span, all_series: Sequence[TimeSeries]) -> tuple[float, float]:
    """Return what the time axis shows; of everything, what there is."""
    end = span.end.timestamp()
    if not span.is_all:
        return span.start.timestamp(), end
    starts = [series.points[0].start for series in all_series if series.points]
    return min(starts, default=end - _EMPTY_SECONDS), end


def _samples(series: TimeSeries, value: Callable[[Point], float | None]) -> Samples:
    return [(point.start, value(point)) for point in series.points]


def _changes(series: TimeSeries, texts: Texts, *, named: bool) -> list[Change]:
    return [
        Change(
            time=change.at,
            label=" ".join(
                [
                    *([series.miner.name] if named else []),
                    f"{texts.general(change.after.frequency)}/"
                    f"{texts.general(change.after.core_voltage)}",
                ]
            ),
        )
        for change in series.changes
    ]
