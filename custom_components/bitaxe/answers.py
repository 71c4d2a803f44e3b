"""What the miners did, as actions, cards and assistants are told it."""

from collections.abc import Sequence

from homeassistant.core import HomeAssistant
from homeassistant.util.json import JsonObjectType

from .analysis.course import MOST_POINTS, Wanted
from .analysis.service import async_get_advice, async_get_series, async_get_summary
from .analysis.span import Span
from .coordinator import MinerCoordinator
from .insight import async_prices, present_price
from .presentation import (
    COURSE_COLUMNS,
    configurations_as_json,
    course_as_json,
    miner_summary_as_json,
    span_as_json,
    swarm_summary_as_json,
)
from .targets import async_device_id, require_miners


async def async_answer_configurations(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator], span: Span
) -> JsonObjectType:
    """Tell how each miner did at each of its operating points, and which is best.

    Raises:
        AnalysisError: the history of a miner is not kept.
        ServiceValidationError: there is no miner.

    """
    require_miners(miners)
    results = await async_get_advice(hass, miners, span, present_price(hass))
    return {
        "span": span_as_json(span),
        "currency": hass.config.currency,
        "miners": [
            {
                "device_id": async_device_id(hass, miner),
                **configurations_as_json(result, advice),
            }
            for miner, (result, advice) in zip(miners, results, strict=True)
        ],
    }


async def async_answer_summary(
    hass: HomeAssistant, miners: Sequence[MinerCoordinator], span: Span
) -> JsonObjectType:
    """Tell what the miners did, one by one and altogether.

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
        "total": swarm_summary_as_json(summary),
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
    columns: Sequence[str] = tuple(COURSE_COLUMNS),
    changes: bool = True,
    points: int = MOST_POINTS,
) -> JsonObjectType:
    """Tell the course of each miner, column by column, in so many points at most.

    The fewer columns, the less is read. Without `changes`, those of the setting are not
    looked for.

    Raises:
        AnalysisError: the history of a miner is not kept.
        ServiceValidationError: there is no miner.

    """
    require_miners(miners)
    wanted = Wanted(
        figures=frozenset(COURSE_COLUMNS[name] for name in columns),
        changes=changes,
        points=points,
    )
    courses = await async_get_series(hass, miners, span, wanted)
    shown = await hass.async_add_executor_job(
        lambda: [course_as_json(course, columns) for course in courses]
    )
    return {
        "span": span_as_json(span),
        "miners": [
            {"device_id": async_device_id(hass, miner), **course}
            for miner, course in zip(miners, shown, strict=True)
        ],
    }
