"""Calendar of the swarm: what the Bitcoin network does next."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final, override

from homeassistant.components.calendar import CalendarEntity, CalendarEvent
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity
from homeassistant.util import dt as dt_util

from .const import SWARM_UNIQUE_ID
from .formatting import Texts
from .runtime import SwarmConfigEntry
from .swarm.coordinator import Swarm
from .swarm.money import block_subsidy, next_adjustment, next_halving
from .texts import async_get_texts

PARALLEL_UPDATES: Final = 0

_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the calendar of the swarm."""
    async_add_entities([NetworkCalendar(entry.runtime_data.swarm)])


def _bitcoin(sats: int, texts: Texts) -> str:
    """Write an amount of sats in bitcoin, with all its decimals: up to eight."""
    return texts.localized(f"{Decimal(sats).scaleb(-8).normalize():f}")


class NetworkCalendar(CoordinatorEntity[Swarm], CalendarEntity):
    """The next adjustment of the difficulty, and the next halving.

    Estimates by the block height that the miners report; without one it is empty.
    """

    _attr_has_entity_name = True
    _attr_translation_key = "swarm_network"
    _attr_unique_id = f"{SWARM_UNIQUE_ID}_network"

    def __init__(self, swarm: Swarm) -> None:
        """Attach the calendar to the swarm's device."""
        super().__init__(swarm)
        self._attr_device_info = swarm.device_info
        self._height: int | None = None
        self._since = dt_util.utcnow()
        """When the block of that height was noticed."""
        self._take()

    @property
    @override
    def event(self) -> CalendarEvent | None:
        """Whatever comes first."""
        return next(iter(self._events()), None)

    @override
    async def async_get_events(
        self, hass: HomeAssistant, start_date: datetime, end_date: datetime
    ) -> list[CalendarEvent]:
        """Return what is expected within a time."""
        return [
            event
            for event in self._events()
            if event.start_datetime_local < end_date
            and event.end_datetime_local > start_date
        ]

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        """Write the state when there is another block."""
        if self._take():
            self.async_write_ha_state()

    def _take(self) -> bool:
        """Take in the present height; return whether it is another one."""
        height = self.coordinator.totals.block_height
        if height == self._height:
            return False
        self._height, self._since = height, dt_util.utcnow()
        return True

    def _events(self) -> list[CalendarEvent]:
        if self._height is None:
            return []
        texts = async_get_texts(self.coordinator.hass)
        adjustment = next_adjustment(self._height, self._since)
        halving = next_halving(self._height, self._since)
        description = texts("calendar_event.estimate", height=self._height)
        # More precise than an hour no estimate is, and years ahead not even than a day.
        hour = dt_util.as_local(adjustment.expected).replace(
            minute=0, second=0, microsecond=0
        )
        before, after = (
            block_subsidy(height) for height in (halving.height - 1, halving.height)
        )
        events = [
            CalendarEvent(
                start=hour,
                end=hour + _HOUR,
                summary=texts("calendar_event.adjustment", height=adjustment.height),
                description=description,
            ),
        ]
        # After the last sat nothing is left to halve.
        if before:
            day = dt_util.as_local(halving.expected).date()
            events.append(
                CalendarEvent(
                    start=day,
                    end=day + _DAY,
                    summary=texts(
                        "calendar_event.halving",
                        height=halving.height,
                        before=_bitcoin(before, texts),
                        after=_bitcoin(after, texts),
                    ),
                    description=description,
                )
            )
        return sorted(events, key=lambda event: event.start_datetime_local)
