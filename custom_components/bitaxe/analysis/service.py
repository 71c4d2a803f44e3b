"""The way in: what the history says, for whoever presents it.

Every analysis takes miners either as coordinators or, where they need not be set up, as
`Miner`. All raise `AnalysisError` if the history of a miner is not kept.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from .advice import Advice, advise
from .averages import Piece, pieces_of_states
from .blocks import SHORT_ROW, Bucket
from .configurations import MinerConfigurations, summarize
from .course import Course, Wanted, make_course
from .errors import (
    AnalysisError,
    EntityDisabledError,
    EntityMissingError,
    EntityNotRecordedError,
)
from .export import (
    CONFIGURATION_COLUMNS,
    EXPORTED,
    SAMPLE_COLUMNS,
    Cell,
    configuration_rows,
    sample_rows,
    write_csv,
)
from .history import (
    async_find_oldest,
    async_find_sources,
    async_read_blocks,
    async_read_buckets,
    async_read_prices,
    async_read_rows,
    async_read_states,
)
from .metrics import REQUIRED, Metric
from .miner import Miner
from .prices import Prices, price_factor
from .report import miner_report, swarm_report
from .span import Span
from .stability import WINDOWS, Stability, measure_stability
from .summary import SwarmSummary, summarize_course

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..coordinator import MinerCoordinator

type Miners = Sequence[MinerCoordinator | Miner]

_SUMMARY_METRICS: Final = (
    Metric.HASHRATE,
    Metric.POWER,
    Metric.ENERGY,
    Metric.RESTARTS,
    Metric.SHARES_ACCEPTED,
    Metric.SHARES_REJECTED,
    Metric.ASIC_TEMPERATURE,
    Metric.VR_TEMPERATURE,
)
# Buckets of a summary: fine enough for prices by the hour, few enough for years.
_SUMMARY_BUCKETS: Final = 400
_SUMMARY_STEPS: Final = (3600, 7200, 14400, 21600, 43200, 86400, 604800)
_NO_PRICES: Final = Prices()
_WHOLE_COURSE: Final = Wanted()


def as_miner(miner: MinerCoordinator | Miner) -> Miner:
    """Return what the analysis needs to know of a miner."""
    if isinstance(miner, Miner):
        return miner
    return Miner(
        identifier=miner.identifier,
        name=miner.display_name,
        board=miner.client.board,
        present=miner.snapshot.operating_point,
        total_uptime=miner.data.figures.total_uptime,
    )


def split_by_history(
    hass: HomeAssistant,
    miners: Iterable[MinerCoordinator],
    required: Collection[Metric] = REQUIRED,
) -> tuple[list[MinerCoordinator], list[tuple[MinerCoordinator, AnalysisError]]]:
    """Return the miners whose history is kept, and the others, each with the reason.

    Raises:
        RecorderMissingError: Home Assistant keeps no history.

    """
    kept: list[MinerCoordinator] = []
    missing: list[tuple[MinerCoordinator, AnalysisError]] = []
    for miner in miners:
        try:
            async_find_sources(hass, as_miner(miner), required, required)
        except (EntityDisabledError, EntityMissingError, EntityNotRecordedError) as err:
            missing.append((miner, err))
        else:
            kept.append(miner)
    return kept, missing


async def async_get_configurations(
    hass: HomeAssistant, miners: Miners, span: Span
) -> list[MinerConfigurations]:
    """Return how each miner did at each of its operating points."""
    known = [as_miner(miner) for miner in miners]
    return [
        MinerConfigurations(
            miner=miner,
            span=span,
            configurations=summarize(blocks, miner),
            missing=sources.missing,
        )
        for miner, (blocks, sources) in zip(
            known, await async_read_blocks(hass, known, span), strict=True
        )
    ]


async def async_get_advice(
    hass: HomeAssistant, miners: Miners, span: Span, price: float | None = None
) -> list[tuple[MinerConfigurations, Advice]]:
    """Return the configurations of each miner, and what they advise.

    `price` is per kWh.
    """
    return [
        (result, advise(result, price))
        for result in await async_get_configurations(hass, miners, span)
    ]


async def async_get_summary(
    hass: HomeAssistant,
    miners: Miners,
    span: Span,
    prices: Prices = _NO_PRICES,
    *,
    stability: bool = True,
) -> SwarmSummary:
    """Return what each miner did, and how evenly unless that is not wanted."""
    known = [as_miner(miner) for miner in miners]
    hours = await _async_hours(hass, known, span)
    step = next(
        (step for step in _SUMMARY_STEPS if hours * 3600 / step <= _SUMMARY_BUCKETS),
        _SUMMARY_STEPS[-1],
    )
    courses = await async_read_buckets(hass, known, span, _SUMMARY_METRICS, step)
    evenness: list[tuple[Stability, ...]] = [()] * len(known)
    if stability:
        evenness = await async_get_stability(hass, known, span)
    return SwarmSummary(
        span=span,
        miners=tuple(
            summarize_course(miner, span, course, prices, windows)
            for miner, course, windows in zip(known, courses, evenness, strict=True)
        ),
    )


async def async_get_stability(
    hass: HomeAssistant, miners: Miners, span: Span
) -> list[tuple[Stability, ...]]:
    """Return how evenly each miner hashed in the windows that end with the span."""
    known = [as_miner(miner) for miner in miners]
    end = span.end.timestamp()
    widest = _ending(span, WINDOWS[-1].seconds)
    buckets = await async_read_buckets(
        hass, known, widest, [Metric.HASHRATE], SHORT_ROW
    )
    results = []
    for miner, course in zip(known, buckets, strict=True):
        rows = _pieces(course.get(Metric.HASHRATE, ()))
        states = await async_read_states(
            hass, miner, _ending(span, WINDOWS[0].seconds), Metric.HASHRATE
        )
        found = []
        for window in WINDOWS:
            start = end - window.seconds
            pieces = rows
            if window.bucket_seconds < SHORT_ROW:
                pieces = pieces_of_states(states, start, end)
            if (measured := measure_stability(window, pieces, end)) is not None:
                found.append(measured)
        results.append(tuple(found))
    return results


async def async_get_series(
    hass: HomeAssistant, miners: Miners, span: Span, wanted: Wanted = _WHOLE_COURSE
) -> list[Course]:
    """Return the course of each miner for charts, with marks where settings changed."""
    known = [as_miner(miner) for miner in miners]
    step = wanted.step(3600 * await _async_hours(hass, known, span))
    early = replace(span, start=span.start - timedelta(seconds=wanted.lead_in))
    courses = await async_read_buckets(hass, known, early, wanted.metrics, step)

    def make_courses() -> list[Course]:
        return [
            make_course(miner, span, course)
            for miner, course in zip(known, courses, strict=True)
        ]

    # A day of forty miners is a hundred thousand numbers.
    return await hass.async_add_executor_job(make_courses)


async def async_get_prices(
    hass: HomeAssistant, span: Span, fixed: float | None, entity_id: str | None
) -> Prices:
    """Return what electricity cost: what an entity showed, before that a fixed price.

    Whatever unit the entity shows its price in.
    """
    if entity_id is None:
        return Prices(fixed)
    state = hass.states.get(entity_id)
    unit = state.attributes.get("unit_of_measurement") if state else None
    factor = price_factor(unit)
    return Prices(
        fixed,
        [
            (moment, price * factor)
            for moment, price in await async_read_prices(hass, entity_id, span)
        ],
    )


async def async_get_report(
    hass: HomeAssistant,
    miners: Miners,
    span: Span,
    prices: Prices = _NO_PRICES,
    *,
    swarm: bool,
) -> str:
    """Return a report in Markdown: of the swarm, or of each miner one after another."""
    summary = await async_get_summary(hass, miners, span, prices)
    advice = await async_get_advice(hass, miners, span, prices.present)
    currency = hass.config.currency
    zone = await hass.async_add_executor_job(ZoneInfo, hass.config.time_zone)
    if swarm:
        return swarm_report(summary, advice, currency=currency, time_zone=zone)
    return "\n\n".join(
        miner_report(item, result, found, currency=currency, time_zone=zone)
        for item, (result, found) in zip(summary.miners, advice, strict=True)
    )


async def async_export_samples(
    hass: HomeAssistant, miners: Miners, span: Span, prices: Prices = _NO_PRICES
) -> str:
    """Return every statistics row of each miner as CSV."""
    cells: list[Sequence[Cell]] = []
    for miner in map(as_miner, miners):
        rows = await async_read_rows(hass, miner, span, EXPORTED)
        cells += sample_rows(miner, rows, prices)
    return await hass.async_add_executor_job(write_csv, SAMPLE_COLUMNS, cells)


async def async_export_configurations(
    hass: HomeAssistant, miners: Miners, span: Span
) -> str:
    """Return the configurations of each miner as CSV."""
    results = await async_get_configurations(hass, miners, span)
    return write_csv(CONFIGURATION_COLUMNS, configuration_rows(results))


def _pieces(buckets: Sequence[Bucket]) -> list[Piece]:
    """Return the buckets the miner hashed all through."""
    return [
        Piece(bucket.start, bucket.end, bucket.active.mean)
        for bucket in buckets
        if bucket.active is not None and bucket.active.rows == bucket.rows
    ]


def _ending(span: Span, seconds: float) -> Span:
    """Return the last part of a span, or more than it."""
    return replace(span, name="", start=span.end - timedelta(seconds=seconds))


async def _async_hours(
    hass: HomeAssistant, miners: Sequence[Miner], span: Span
) -> float:
    """Return how much of a span there can be anything in."""
    oldest = await async_find_oldest(hass, miners)
    start = max(span.start.timestamp(), oldest)
    return max(span.end.timestamp() - start, 0.0) / 3600
