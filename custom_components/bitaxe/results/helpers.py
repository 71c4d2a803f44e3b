"""Helpers for everything that asks the analysis: spans, prices, errors in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Final

from homeassistant.core import HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.util import dt as dt_util

from ..analysis.errors import AnalysisError, InvalidSpanError
from ..analysis.prices import Prices
from ..analysis.span import ALL, BEGINNING, Span
from ..const import CONF_PRICE, CONF_PRICE_ENTITY, DOMAIN
from ..swarm.coordinator import async_find_swarm
from .queries import async_get_prices

DEFAULT_SPAN: Final = "24h"
"""The span of an answer for which none was named."""
EVERYTHING: Final = ALL
"""The span over which settings are compared."""
# An end may lie this far ahead: people name the end of the running day, month or year.
_FUTURE: Final = timedelta(days=366)


@contextmanager
def analysis_errors() -> Iterator[None]:
    """Turn errors of the analysis into those Home Assistant shows people.

    Raises:
        ServiceValidationError: what was asked for makes no sense.
        HomeAssistantError: there is no history; the text names entity and remedy.

    """
    try:
        yield
    except InvalidSpanError as err:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key=err.translation_key,
            translation_placeholders=err.placeholders,
        ) from err
    except AnalysisError as err:
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=err.translation_key,
            translation_placeholders=err.placeholders,
        ) from err


def make_span(
    name: str, start: datetime | None = None, end: datetime | None = None
) -> Span:
    """Return the span between two moments, or the named one that ends at `end` or now.

    Times without a time zone are local.

    Raises:
        InvalidSpanError: it is no span of time.

    """
    now = dt_util.utcnow()
    try:
        until = now if end is None else min(dt_util.as_utc(end), now + _FUTURE)
        if start is not None:
            return Span.between(max(dt_util.as_utc(start), BEGINNING), until)
        return Span.parse(name, until)
    except OverflowError as err:
        # Years before 1 or after 9999, in one time zone or another.
        raise InvalidSpanError(name if start is None else str(start)) from err


async def async_prices(hass: HomeAssistant, span: Span) -> Prices:
    """Return what electricity cost, as the options of the swarm say."""
    if (swarm := async_find_swarm(hass)) is None:
        return Prices()
    options = swarm.config_entry.options
    return await async_get_prices(
        hass, span, options.get(CONF_PRICE), options.get(CONF_PRICE_ENTITY)
    )


@callback
def present_price(hass: HomeAssistant) -> float | None:
    """Return what a kWh costs now."""
    swarm = async_find_swarm(hass)
    return swarm.price if swarm is not None else None
