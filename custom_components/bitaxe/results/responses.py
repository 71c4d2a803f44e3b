"""What the miners did, in the shape that actions, cards and assistants get."""

from collections.abc import Sequence

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonObjectType, JsonValueType

from ..analysis.span import Span
from ..analysis.time_series import MOST_POINTS, Wanted
from ..coordinator import MinerCoordinator
from ..targets import async_device_id, require_miners
from ..texts import async_get_texts
from .helpers import async_prices, present_price
from .payload import (
    SERIES_COLUMNS,
    configurations_as_json,
    miner_summary_as_json,
    span_as_json,
    swarm_summary_as_json,
    time_series_as_json,
    uptime_as_json,
)
from .queries import (
    async_get_advice,
    async_get_series,
    async_get_summary,
    async_get_uptime,
)


async def async_answer_configurations(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator], span: Span
) -> JsonObjectType:
    """Return how each miner did at each of its operating points, and which is best.

    Raises:
        AnalysisError: the history of a miner is not kept.
        ServiceValidationError: there is no miner.

    """
    require_miners(miners)
    results = await async_get_advice(hass, miners, span, present_price(hass))
    texts = async_get_texts(hass)
    shown = await hass.async_add_executor_job(
        lambda: [
            configurations_as_json(result, advice, texts, hass.config.currency)
            for result, advice in results
        ]
    )
    return {
        "span": span_as_json(span),
        "currency": hass.config.currency,
        "miners": [
            {"device_id": async_device_id(hass, miner), **configurations}
            for miner, configurations in zip(miners, shown, strict=True)
        ],
    }


async def async_answer_summary(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator], span: Span
) -> JsonObjectType:
    """Return what the miners did, one by one and altogether.

    Raises:
        AnalysisError: the history of a miner is not kept.
        ServiceValidationError: there is no miner.

    """
    require_miners(miners)
    prices = await async_prices(hass, span)
    summary = await async_get_summary(hass, miners, span, prices)
    return {
        "span": span_as_json(span),
        "currency": hass.config.currency,
        "total": swarm_summary_as_json(
            summary, async_get_texts(hass), hass.config.currency
        ),
        "miners": [
            {
                "device_id": async_device_id(hass, miner),
                **miner_summary_as_json(item),
            }
            for miner, item in zip(miners, summary.miners, strict=True)
        ],
    }


async def async_answer_series(
    hass: HomeAssistant,
    miners: Sequence[MinerCoordinator],
    span: Span,
    *,
    columns: Sequence[str] = tuple(SERIES_COLUMNS),
    changes: bool = True,
    points: int = MOST_POINTS,
) -> JsonObjectType:
    """Return the time series of each miner by column, in so many points at most.

    The fewer columns, the less is read. Without `changes`, those of the setting are not
    looked for.

    Raises:
        AnalysisError: the history of a miner is not kept.
        ServiceValidationError: there is no miner.

    """
    require_miners(miners)
    wanted = Wanted(
        figures=frozenset(SERIES_COLUMNS[name] for name in columns),
        changes=changes,
        points=points,
    )
    all_series = await async_get_series(hass, miners, span, wanted)
    shown = await hass.async_add_executor_job(
        lambda: [time_series_as_json(series, columns) for series in all_series]
    )
    return {
        "span": span_as_json(span),
        "miners": [
            {"device_id": async_device_id(hass, miner), **series}
            for miner, series in zip(miners, shown, strict=True)
        ],
    }


async def async_answer_uptime(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator], span: Span
) -> JsonObjectType:
    """Return day by day how long each miner hashed, stood still, or was gone.

    Raises:
        AnalysisError: the history of a miner is not kept.
        ServiceValidationError: there is no miner.

    """
    require_miners(miners)
    found = await async_get_uptime(hass, miners, span)
    shown: list[list[JsonValueType]] = await hass.async_add_executor_job(
        lambda: [[uptime_as_json(day) for day in days] for days in found]
    )
    return {
        "span": span_as_json(span),
        "miners": [
            {
                "device_id": async_device_id(hass, miner),
                "name": miner.display_name,
                "days": days,
            }
            for miner, days in zip(miners, shown, strict=True)
        ],
    }
