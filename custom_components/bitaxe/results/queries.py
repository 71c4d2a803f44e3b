"""Queries of the analysis: what the history says, for everything that presents it.

Every analysis takes miners either as coordinators or, where they need not be set up, as
`Miner`. All raise `AnalysisError` if the history of a miner is not kept.
"""

from collections.abc import (
    Awaitable,
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import replace
from datetime import timedelta
from functools import partial
from math import isfinite
from time import monotonic, time
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from homeassistant.core import callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.util import dt as dt_util

from ..alerts.kinds import KINDS
from ..analysis.advice import Advice, advise
from ..analysis.averages import Piece, pieces_of_states
from ..analysis.blocks import LONG_ROW, SHORT_ROW, Bucket
from ..analysis.configurations import MinerConfigurations, summarize
from ..analysis.errors import (
    AnalysisError,
    EntityDisabledError,
    EntityMissingError,
    EntityNotRecordedError,
)
from ..analysis.export import (
    CONFIGURATION_COLUMNS,
    EXPORTED,
    PLAIN,
    SAMPLE_COLUMNS,
    Cell,
    CsvStyle,
    configuration_rows,
    sample_rows,
    write_csv,
)
from ..analysis.metrics import REQUIRED, Metric
from ..analysis.miner import Miner
from ..analysis.prices import Prices, as_price, price_factor
from ..analysis.report import miner_report, swarm_report
from ..analysis.rows import Row
from ..analysis.span import Span
from ..analysis.stability import WINDOWS, Stability, measure_stability
from ..analysis.summary import (
    MinerSummary,
    SwarmSummary,
    bucket_seconds,
    mixed_stretches,
    summarize_buckets,
)
from ..analysis.time_series import TimeSeries, Wanted, make_time_series
from ..analysis.uptime import (
    METRICS as UPTIME_METRICS,
    DayUptime,
    longest_witness,
    measure_uptime,
    witnessed,
)
from ..const import SWARM_UNIQUE_ID
from ..containment import Containment, internal_fault
from ..history.absence import async_find_unwatched
from ..history.entities import async_read_prices, async_read_unit
from ..history.folds import async_read_sums
from ..history.maintenance import async_read_maintenance
from ..history.reader import (
    async_find_oldest,
    async_read_buckets,
    async_read_idle_energy,
    async_read_rows,
    async_read_states,
)
from ..history.sources import async_find_sources
from ..swarm.coordinator import async_find_swarm
from ..texts import async_get_texts
from .earnings import earnings_lines
from .wall import async_find_plug_of, async_get_wall

if TYPE_CHECKING:
    from homeassistant.core import HomeAssistant

    from ..coordinator import MinerCoordinator

type Miners = Sequence[MinerCoordinator | Miner]
type _Buckets = Mapping[Metric, Sequence[Bucket]]

MOST_DAYS: Final = 366
"""Days of uptime that are returned at most."""

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
_NO_PRICES: Final = Prices()
_CONTAINMENT: Final = Containment()
_WHOLE_SERIES: Final = Wanted()


def as_miner(miner: MinerCoordinator | Miner) -> Miner:
    """Return what the analysis needs to know of a miner."""
    if isinstance(miner, Miner):
        return miner
    with _CONTAINMENT.of(f"What {miner.display_name} is at now"):
        return Miner(
            identifier=miner.identifier,
            name=miner.display_name,
            board=miner.client.board,
            present=miner.snapshot.operating_point,
            total_uptime=miner.data.figures.total_uptime,
            recent=_recent(miner),
            added=miner.config_entry.created_at.timestamp(),
            watched_until=time(),
            unwatched=miner.recent.unwatched,
            plug=async_find_plug_of(miner.hass, miner.identifier),
            other_boards=miner.boards.others,
            longest_gap=miner.usual_gap,
            meter_lag=miner.meter_lag,
        )
    return Miner(identifier=miner.identifier, name=miner.display_name)


def _recent(miner: MinerCoordinator) -> tuple[Row, ...]:
    """Return what was read of a miner lately, up to this moment while it answers."""
    rows = miner.recent.rows
    if miner.missed_polls or not miner.last_update_success:
        return rows
    now = dt_util.utcnow().timestamp()
    held = miner.recent.held(now, monotonic(), miner.usual_gap)
    return rows if held is None else (*rows, held)


async def _async_each[T](
    miners: Sequence[Miner],
    read: Callable[[Sequence[Miner]], Awaitable[list[T]]],
    nothing: Callable[[Miner], T],
) -> list[T]:
    """Read all miners at once; of one that has a fault, nothing is known.

    Raises:
        AnalysisError: as `read`.
        HomeAssistantError: there is a fault with every one of them.

    """
    try:
        return await read(miners)
    except AnalysisError, HomeAssistantError:
        raise
    except Exception as err:
        if len(miners) <= 1:
            names = ", ".join(miner.name for miner in miners)
            _CONTAINMENT.log_fault(f"{names} in the analysis", err)
            raise internal_fault() from err
    results: list[T] = []
    faults: list[HomeAssistantError] = []
    for miner in miners:
        try:
            results += await _async_each([miner], read, nothing)
        except HomeAssistantError as err:
            faults.append(err)
            results.append(nothing(Miner(identifier=miner.identifier, name=miner.name)))
    if len(faults) == len(miners):
        raise faults[0]
    return results


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

    async def read(known: Sequence[Miner]) -> list[MinerConfigurations]:
        read_sums = await async_read_sums(hass, known, span)

        def summarize_all() -> list[MinerConfigurations]:
            return [
                MinerConfigurations(
                    miner=miner,
                    span=span,
                    configurations=summarize(sums, miner),
                    missing=sources.missing,
                )
                for miner, (sums, sources) in zip(known, read_sums, strict=True)
            ]

        # Forty miners have hundreds of configurations.
        return await hass.async_add_executor_job(summarize_all)

    return await _async_each(
        [as_miner(miner) for miner in miners],
        read,
        lambda miner: MinerConfigurations(miner=miner, span=span, configurations=()),
    )


@callback
def async_strained(hass: HomeAssistant) -> set[str]:
    """Return the miners with an alert of heat, power or hardware, by identifier."""
    if (swarm := async_find_swarm(hass)) is None:
        return set()
    raised = swarm.alerts.active
    return {
        miner.identifier
        for miner in swarm.miners
        if any(
            KINDS[alert.kind].strain
            for alert in raised.get(miner.config_entry.entry_id, ())
        )
    }


async def async_get_advice(
    hass: HomeAssistant,
    miners: Miners,
    span: Span,
    price: float | None = None,
    *,
    for_now: bool = True,
) -> list[tuple[MinerConfigurations, Advice]]:
    """Return the configurations of each miner, and what they advise.

    `price` is per kWh. Nothing that runs hotter is advised to a miner with an alert of
    heat, power or hardware; what is kept for later is not `for_now`.
    """
    strained = async_strained(hass) if for_now else set()
    results = await async_get_configurations(hass, miners, span)

    def advise_all() -> list[tuple[MinerConfigurations, Advice]]:
        found = []
        for result in results:
            with _CONTAINMENT.of(f"Advice for {result.miner.name}"):
                advice = advise(result, price)
                if result.miner.identifier in strained:
                    advice = advice.restrained()
                found.append((result, advice))
                continue
            nothing = replace(result, configurations=())
            found.append((nothing, advise(nothing, price)))
        return found

    return await hass.async_add_executor_job(advise_all)


async def async_get_uptime(
    hass: HomeAssistant, miners: Miners, span: Span
) -> list[tuple[DayUptime, ...]]:
    """Return how each miner spent the days that begin in a span, by the local clock.

    The last `MOST_DAYS` at most. What no statistics have is time in which the miner did
    not answer, if those of the swarm or of another miner go on.
    """
    known = [as_miner(miner) for miner in miners]
    days = _days(span)
    if not days:
        return [() for _ in known]
    within = replace(span, start=dt_util.utc_from_timestamp(days[0][0]))

    async def read(
        known: Sequence[Miner],
    ) -> list[tuple[Miner, _Buckets, Mapping[int, float]]]:
        known = [await _async_with_absence(hass, miner, within) for miner in known]
        found = await async_read_buckets(hass, known, within, UPTIME_METRICS, LONG_ROW)

        def witness_all() -> list[tuple[Miner, _Buckets, Mapping[int, float]]]:
            return [
                (miner, by_metric, witnessed(miner, by_metric))
                for miner, by_metric in zip(known, found, strict=True)
            ]

        return await hass.async_add_executor_job(witness_all)

    found = await _async_each(known, read, lambda miner: (miner, {}, {}))
    swarm = Miner(identifier=SWARM_UNIQUE_ID, name=SWARM_UNIQUE_ID)
    try:
        others = await read([swarm])
    except AnalysisError:
        # Somebody has disabled it, or there is none.
        others = []

    def measure_all() -> list[tuple[DayUptime, ...]]:
        witness = longest_witness(seconds for *_, seconds in (*found, *others))
        return [
            _CONTAINMENT.value_of(
                f"{miner.name} in the uptime",
                partial(measure_uptime, miner, days, by_metric, witness),
                (),
            )
            for miner, by_metric, _ in found
        ]

    # A year of ten miners is 87,600 hours.
    return await hass.async_add_executor_job(measure_all)


def _days(span: Span) -> list[tuple[float, float]]:
    """Return begin and end in Unix time of the local days that begin within a span."""
    end = dt_util.as_local(span.end)
    first = max(dt_util.as_local(span.start), end - timedelta(days=MOST_DAYS))
    begins = []
    day = end.date()
    while (begin := dt_util.start_of_local_day(day)) >= first:
        begins.append(begin.timestamp())
        day -= timedelta(days=1)
    begins.reverse()
    return list(zip(begins, (*begins[1:], end.timestamp()), strict=True))


async def async_get_summaries(
    hass: HomeAssistant,
    miners: Miners,
    span: Span,
    prices: Prices = _NO_PRICES,
    *,
    stability: bool = True,
) -> tuple[MinerSummary, ...]:
    """Return what each miner did, and how evenly unless that is not wanted."""

    async def read(known: Sequence[Miner]) -> list[MinerSummary]:
        return await _async_summaries(hass, known, span, prices, stability=stability)

    return tuple(
        await _async_each(
            [as_miner(miner) for miner in miners],
            read,
            lambda miner: summarize_buckets(miner, span, {}, prices),
        )
    )


async def async_get_summary(
    hass: HomeAssistant,
    miners: Miners,
    span: Span,
    prices: Prices = _NO_PRICES,
    *,
    stability: bool = True,
) -> SwarmSummary:
    """Return what the miners did together and each, and what it took at the wall."""
    summaries = await async_get_summaries(
        hass, miners, span, prices, stability=stability
    )
    wall = await async_get_wall(hass, [item.miner for item in summaries], span, prices)
    return SwarmSummary(span=span, miners=summaries, wall=wall)


async def _async_summaries(
    hass: HomeAssistant,
    known: Sequence[Miner],
    span: Span,
    prices: Prices,
    *,
    stability: bool,
) -> list[MinerSummary]:
    known = [await _async_with_absence(hass, miner, span) for miner in known]
    hours = await _async_hours(hass, known, span)
    step = bucket_seconds(hours)
    all_buckets = await async_read_buckets(hass, known, span, _SUMMARY_METRICS, step)
    evenness: list[tuple[Stability, ...]] = [()] * len(known)
    if stability:
        evenness = await async_get_stability(hass, known, span)
    maintenance = await async_read_maintenance(hass, known, span)
    idle = [
        await async_read_idle_energy(hass, miner, span, ranges)
        if (ranges := mixed_stretches(by_metric.get(Metric.HASHRATE, ())))
        else 0.0
        for miner, by_metric in zip(known, all_buckets, strict=True)
    ]

    def summarize_all() -> list[MinerSummary]:
        return [
            summarize_buckets(miner, span, by_metric, prices, windows, energy, periods)
            for miner, by_metric, windows, energy, periods in zip(
                known, all_buckets, evenness, idle, maintenance, strict=True
            )
        ]

    # Forty miners have thousands of buckets.
    summaries = await hass.async_add_executor_job(summarize_all)
    for summary in summaries:
        _require_finite(summary)
    return summaries


async def _async_with_absence(hass: HomeAssistant, miner: Miner, span: Span) -> Miner:
    """Return the miner with all that is known of when nobody watched it."""
    absences = await async_find_unwatched(hass, miner, span)
    return replace(miner, unwatched=(*miner.unwatched, *absences))


def _require_finite(summary: MinerSummary) -> None:
    """Require finite figures, because they are added to those of other miners.

    Raises:
        ArithmeticError: one is infinite or not a number.

    """
    added = (summary.work, summary.energy, summary.cost, summary.restarts)
    if not all(isfinite(figure or 0.0) for figure in added):
        raise ArithmeticError(f"{summary.miner.name} has figures without an end")


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
    latest = _ending(span, WINDOWS[0].seconds)
    states = [
        await async_read_states(hass, miner, latest, Metric.HASHRATE) for miner in known
    ]

    def measure_all() -> list[tuple[Stability, ...]]:
        return [
            tuple(_measured(_pieces(by_metric.get(Metric.HASHRATE, ())), fine, end))
            for by_metric, fine in zip(buckets, states, strict=True)
        ]

    # Three days of each miner are 864 rows.
    return await hass.async_add_executor_job(measure_all)


def _measured(
    rows: Sequence[Piece], states: Sequence[tuple[float, float | None]], end: float
) -> Iterator[Stability]:
    """Yield how even a hashrate was in each window of which there is enough."""
    for window in WINDOWS:
        pieces = rows
        if window.bucket_seconds < SHORT_ROW:
            pieces = pieces_of_states(states, end - window.seconds, end)
        if (measured := measure_stability(window, pieces, end)) is not None:
            yield measured


async def async_get_series(
    hass: HomeAssistant, miners: Miners, span: Span, wanted: Wanted = _WHOLE_SERIES
) -> list[TimeSeries]:
    """Return the time series of each miner for charts, with changes of its settings."""
    known = [as_miner(miner) for miner in miners]
    step = wanted.step(3600 * await _async_hours(hass, known, span))
    early = replace(span, start=span.start - timedelta(seconds=wanted.lead_in))

    async def read(known: Sequence[Miner]) -> list[TimeSeries]:
        all_buckets = await async_read_buckets(hass, known, early, wanted.metrics, step)

        def make_all() -> list[TimeSeries]:
            return [
                make_time_series(miner, span, by_metric)
                for miner, by_metric in zip(known, all_buckets, strict=True)
            ]

        # A day of forty miners is a hundred thousand numbers.
        return await hass.async_add_executor_job(make_all)

    return await _async_each(
        known, read, lambda miner: make_time_series(miner, span, {})
    )


async def async_get_prices(
    hass: HomeAssistant, span: Span, fixed: float | None, entity_id: str | None
) -> Prices:
    """Return what electricity cost: what an entity showed, before that a fixed price.

    Whatever unit the entity shows its price in.
    """
    fixed = as_price(fixed)
    if entity_id is None:
        return Prices(fixed)
    state = hass.states.get(entity_id)
    unit = state.attributes.get("unit_of_measurement") if state else None
    if unit is None:
        # An entity that is gone, or not there yet, still has a history in its unit.
        unit = await async_read_unit(hass, entity_id)
    factor = price_factor(unit, hass.config.currency)
    found = [
        (moment, as_price(price * factor))
        for moment, price in await async_read_prices(hass, entity_id, span)
    ]
    return Prices(
        fixed, [(moment, price) for moment, price in found if price is not None]
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
    texts = async_get_texts(hass)
    summary = await async_get_summary(hass, miners, span, prices)
    advice = await async_get_advice(hass, miners, span, prices.present)
    currency = hass.config.currency
    zone = await hass.async_add_executor_job(ZoneInfo, hass.config.time_zone)
    if not swarm:
        return await hass.async_add_executor_job(
            lambda: "\n\n".join(
                miner_report(
                    item,
                    result,
                    found,
                    texts,
                    wall=summary.wall_of(item.miner),
                    currency=currency,
                    time_zone=zone,
                )
                for item, (result, found) in zip(summary.miners, advice, strict=True)
            )
        )
    report = await hass.async_add_executor_job(
        partial(swarm_report, summary, advice, texts, currency=currency, time_zone=zone)
    )
    found = async_find_swarm(hass)
    earnings = None if found is None else found.totals.earnings
    return "\n".join(
        (report, *(f"- {line}" for line in earnings_lines(earnings, texts, currency)))
    )


async def async_export_samples(
    hass: HomeAssistant,
    miners: Miners,
    span: Span,
    prices: Prices = _NO_PRICES,
    style: CsvStyle = PLAIN,
) -> str:
    """Return every statistics row of each miner as CSV."""
    cells: list[Sequence[Cell]] = []

    async def read(known: Sequence[Miner]) -> list[Sequence[Sequence[Cell]]]:
        found: list[Sequence[Sequence[Cell]]] = []
        for miner in known:
            rows = await async_read_rows(hass, miner, span, EXPORTED)
            # A month has 8,640 rows of 27 cells, which are worked out as they are read.
            present = await _async_with_absence(hass, miner, span)
            samples = sample_rows(present, rows, prices)
            found.append(await hass.async_add_executor_job(list, samples))
        return found

    known = [as_miner(miner) for miner in miners]
    for rows in await _async_each(known, read, lambda miner: ()):
        cells += rows
    return await hass.async_add_executor_job(write_csv, SAMPLE_COLUMNS, cells, style)


async def async_export_configurations(
    hass: HomeAssistant, miners: Miners, span: Span, style: CsvStyle = PLAIN
) -> str:
    """Return the configurations of each miner as CSV."""
    results = await async_get_configurations(hass, miners, span)
    rows = configuration_rows(results)
    return await hass.async_add_executor_job(
        write_csv, CONFIGURATION_COLUMNS, rows, style
    )


def _pieces(buckets: Sequence[Bucket]) -> list[Piece]:
    """Return the buckets the miner hashed all through."""
    return [
        Piece(bucket.start, bucket.end, bucket.active.mean)
        for bucket in buckets
        if bucket.active is not None and bucket.active.rows == bucket.rows
    ]


def _ending(span: Span, seconds: float) -> Span:
    """Return the last `seconds` of a span, which may begin before it does."""
    return replace(span, name="", start=span.end - timedelta(seconds=seconds))


async def _async_hours(
    hass: HomeAssistant, miners: Sequence[Miner], span: Span
) -> float:
    """Return the hours of a span in which there can be a history."""
    oldest = await async_find_oldest(hass, miners)
    start = max(span.start.timestamp(), oldest)
    return max(span.end.timestamp() - start, 0.0) / 3600
