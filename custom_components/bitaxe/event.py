"""The event entity of a miner: everything that happens to it."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import MinerConfigEntry
from .entity import MinerEntity, MinerEntityDescription
from .watch.occurrences import Occurrence, OccurrenceType

PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class MinerEventDescription(MinerEntityDescription, EventEntityDescription):
    """Describes an event entity of a miner."""


ACTIVITY: Final = MinerEventDescription(
    key="activity", event_types=list(OccurrenceType)
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entity of a miner."""
    async_add_entities([MinerActivity(entry.runtime_data, ACTIVITY)])


class MinerActivity(MinerEntity, EventEntity):
    """What happens to a miner, and that it is gone as well."""

    entity_description: MinerEventDescription

    @property
    @override
    def available(self) -> bool:
        """Always: that a miner went offline would not show otherwise."""
        return True

    @property
    @override
    def shown(self) -> object:
        """Nothing that a reading changes."""
        return None

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the miner."""
        await super().async_added_to_hass()
        self.async_on_remove(self.coordinator.async_add_occurrence_listener(self._tell))

    @callback
    def _tell(self, occurrence: Occurrence) -> None:
        """Show what happened."""
        self._trigger_event(occurrence.type, dict(occurrence.data))
        self.async_write_ha_state()
