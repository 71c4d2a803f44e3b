"""What the electricity of the swarm cost, at the prices of the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
import logging
from typing import Final, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.update_coordinator import UpdateFailed
from homeassistant.util import dt as dt_util

from ..analysis.errors import AnalysisError
from ..analysis.prices import Prices
from ..analysis.span import Span
from ..const import DOMAIN, SWARM_UNIQUE_ID
from ..history.entities import async_read_energy
from ..swarm.coordinator import Swarm
from .helpers import async_prices
from .wanted import WantedCoordinator

_LOGGER = logging.getLogger(__package__)

_UPDATE_INTERVAL: Final = timedelta(minutes=30)
"""Half an hour of electricity is little in a month, and a year many rows."""


class Period(StrEnum):
    """What a cost is summed up over."""

    MONTH = "month"
    YEAR = "year"

    def begin(self, now: datetime) -> datetime:
        """Return when the running one began, in the time zone of Home Assistant."""
        day = dt_util.start_of_local_day(now)
        return (
            day.replace(day=1) if self is Period.MONTH else day.replace(month=1, day=1)
        )


@dataclass(frozen=True, slots=True)
class Cost:
    """What something cost so far."""

    since: datetime
    amount: float
    """In the currency of Home Assistant."""


class Costs(WantedCoordinator[dict[Period, Cost]]):
    """The cost of the running month and year, as far as energy and prices are known.

    Works as long as somebody listens, and not before Home Assistant has started.
    """

    def __init__(self, hass: HomeAssistant, swarm: Swarm) -> None:
        """Prepare; nothing is read before somebody asks."""
        super().__init__(
            hass,
            _LOGGER,
            config_entry=swarm.config_entry,
            name=f"{DOMAIN} costs",
            update_interval=_UPDATE_INTERVAL,
        )
        self.swarm = swarm
        self.data = {}

    @override
    async def _async_update_data(self) -> dict[Period, Cost]:
        """Sum up energy times price, hour by hour, since the year began."""
        try:
            return await async_get_costs(self.hass)
        except AnalysisError as err:
            raise UpdateFailed(
                translation_domain=DOMAIN,
                translation_key=err.translation_key,
                translation_placeholders=err.placeholders,
            ) from err


async def async_get_costs(hass: HomeAssistant) -> dict[Period, Cost]:
    """Return what the energy of the swarm cost since month and year began.

    For power supplies that count, that is the energy at the wall. Unknown costs are
    left out.

    Raises:
        AnalysisError: there is no history.

    """
    now = dt_util.now()
    span = Span.between(Period.YEAR.begin(now), now)
    entity_id = er.async_get(hass).async_get_entity_id(
        "sensor", DOMAIN, f"{SWARM_UNIQUE_ID}_energy"
    )
    if entity_id is None:
        return {}
    consumed = await async_read_energy(hass, entity_id, span)
    prices = await async_prices(hass, span)
    # A year has 8,760 hours, each with a price of its own.
    return await hass.async_add_executor_job(_costs_of, consumed, prices, now)


def _costs_of(
    consumed: Sequence[tuple[float, float, float]], prices: Prices, now: datetime
) -> dict[Period, Cost]:
    """Return what some hours, each with begin, end and kWh, cost in each period."""
    if not consumed:
        return {}
    costs: dict[Period, Cost] = {}
    for period in Period:
        since = period.begin(now)
        parts = [
            None if price is None else energy * price
            for start, end, energy in consumed
            if energy and start >= since.timestamp()
            for price in (prices.mean(start, end),)
        ]
        # A price that is unknown for a part would make the sum a wrong one.
        known = [part for part in parts if part is not None]
        if len(known) == len(parts):
            costs[period] = Cost(since, sum(known))
    return costs
