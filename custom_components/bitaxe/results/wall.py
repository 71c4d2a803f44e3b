"""What plugs measured at the wall, for all who present a summary."""

from collections.abc import Collection, Sequence
from dataclasses import replace
import logging
from typing import Final

from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant, callback
from homeassistant.util import dt as dt_util

from ..analysis.errors import AnalysisError
from ..analysis.metrics import Metric
from ..analysis.miner import Miner, Plug
from ..analysis.prices import Prices
from ..analysis.span import Span
from ..analysis.summary import bucket_seconds
from ..analysis.wall import METRICS, WallSummary, measure_wall
from ..containment import Containment
from ..history.reader import async_find_oldest, async_read_buckets
from ..miner.names import miner_name
from ..swarm.coordinator import async_find_swarm
from ..swarm.supply import Supply

_LOGGER = logging.getLogger(__package__)
_CONTAINMENT: Final = Containment()


async def async_get_wall(
    hass: HomeAssistant, miners: Sequence[Miner], span: Span, prices: Prices
) -> tuple[WallSummary, ...]:
    """Return what each power supply took that feeds only the given miners.

    A miner that is not set up counts as one of them of which nothing is known. A supply
    of which nothing can be read is left out.
    """
    swarm = async_find_swarm(hass)
    chosen = {miner.identifier: miner for miner in miners}
    found: list[WallSummary] = []
    for supply in [] if swarm is None else swarm.supplies.all:
        loaded = {
            entry.unique_id
            for entry in supply.entries
            if entry.state is ConfigEntryState.LOADED
        }
        if not loaded or not loaded <= chosen.keys():
            continue
        fed = [
            chosen.get(identifier)
            or Miner(identifier=identifier, name=miner_name(hass, entry))
            for entry in supply.entries
            if (identifier := entry.unique_id) is not None
        ]
        with _CONTAINMENT.of(f"Power supply {supply.name} in the analysis"):
            try:
                summary = await _async_measure(hass, supply, fed, loaded, span, prices)
            except AnalysisError as err:
                _LOGGER.debug("%s: nothing is known of the wall: %s", supply.name, err)
                continue
            if summary is not None:
                found.append(summary)
    return tuple(found)


async def _async_known(
    hass: HomeAssistant, supply: Supply, plug: Miner, span: Span
) -> Span | None:
    """Return the part of a span of which a plug has a history of its miners."""
    oldest = await async_find_oldest(hass, [plug], Metric.POWER)
    since = max(span.start, dt_util.utc_from_timestamp(max(oldest, supply.since)))
    return None if since >= span.end else replace(span, start=since)


@callback
def async_find_plug_of(hass: HomeAssistant, identifier: str) -> Plug | None:
    """Return the plug of the supply that feeds the miner of an identifier alone."""
    found = _supplies_of(hass, identifier)
    if not found:
        return None
    return Plug(identifier=found[0].identifier, since=found[0].since)


@callback
def _supplies_of(hass: HomeAssistant, identifier: str) -> Sequence[Supply]:
    """Return the supplies that feed a miner alone."""
    swarm = async_find_swarm(hass)
    return [
        supply
        for supply in ([] if swarm is None else swarm.supplies.all)
        if [entry.unique_id for entry in supply.entries] == [identifier]
    ]


async def async_get_wall_power(
    hass: HomeAssistant, miner: Miner, span: Span, step: float
) -> dict[float, float]:
    """Return the W of the supply of one miner alone, by Unix time in steps of `step` s.

    Empty where there is none, or nothing can be read of it.
    """
    found: dict[float, float] = {}
    for supply in _supplies_of(hass, miner.identifier):
        plug = Miner(identifier=supply.identifier, name=supply.name)
        with _CONTAINMENT.of(f"Power supply {supply.name} in a chart"):
            try:
                (buckets,) = await async_read_buckets(
                    hass, [plug], span, [Metric.POWER], step, [Metric.POWER]
                )
            except AnalysisError as err:
                _LOGGER.debug("%s: nothing is known of the wall: %s", supply.name, err)
                continue
            found |= {
                bucket.start: bucket.tally.mean
                for bucket in buckets[Metric.POWER]
                if bucket.tally is not None and bucket.start >= supply.since
            }
    return found


async def _async_measure(
    hass: HomeAssistant,
    supply: Supply,
    fed: Sequence[Miner],
    loaded: Collection[str | None],
    span: Span,
    prices: Prices,
) -> WallSummary | None:
    # Its sensors have the keys of a miner's, so that its history is read like one's.
    plug = Miner(identifier=supply.identifier, name=supply.name)
    known = await _async_known(hass, supply, plug, span)
    if known is None:
        return None
    step = bucket_seconds((known.end - known.start).total_seconds() / 3600)
    (of_plug,) = await async_read_buckets(
        hass, [plug], known, [Metric.POWER], step, [Metric.POWER]
    )
    read = [miner for miner in fed if miner.identifier in loaded]
    of_miners = await async_read_buckets(hass, read, known, METRICS, step)
    by_identifier = {
        miner.identifier: buckets
        for miner, buckets in zip(read, of_miners, strict=True)
    }
    return await hass.async_add_executor_job(
        measure_wall,
        supply.name,
        of_plug[Metric.POWER],
        [(miner, by_identifier.get(miner.identifier, {})) for miner in fed],
        prices,
        step,
    )
