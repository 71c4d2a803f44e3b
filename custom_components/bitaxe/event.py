"""The event entities of a miner: everything that happens to it, and its alerts."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.util import dt as dt_util

from .alerts.model import Alert, AlertKind, unit_of
from .const import SIGNAL_ALERT
from .coordinator import MinerConfigEntry
from .entity import MinerEntity, MinerEntityDescription
from .miner.events import Occurrence, OccurrenceType

PARALLEL_UPDATES: Final = 0


@dataclass(frozen=True, kw_only=True)
class MinerEventDescription(MinerEntityDescription, EventEntityDescription):
    """Describes an event entity of a miner."""


# For automations that were made with them. Home Assistant's logbook has a line for each
# of their changes, beside ours in words, so they are disabled until somebody wants
# them; and hidden, to be in nobody's way on a dashboard that Home Assistant makes.
ACTIVITY: Final = MinerEventDescription(
    key="activity",
    event_types=list(OccurrenceType),
    entity_registry_enabled_default=False,
    entity_registry_visible_default=False,
)
ALERT: Final = MinerEventDescription(
    key="alert",
    event_types=list(AlertKind),
    entity_registry_enabled_default=False,
    entity_registry_visible_default=False,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the event entities of a miner."""
    async_add_entities(
        [
            MinerActivity(entry.runtime_data, ACTIVITY),
            MinerAlerts(entry.runtime_data, ALERT),
        ]
    )


class _MinerEvent(MinerEntity, EventEntity):
    """Something that is reported also, and just then, of a miner that is gone."""

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


class MinerActivity(_MinerEvent):
    """What happens to a miner."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the miner."""
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_add_occurrence_listener(self._report)
        )

    @callback
    def _report(self, occurrence: Occurrence) -> None:
        """Show what happened."""
        self._trigger_event(occurrence.type, dict(occurrence.data))
        self.async_write_ha_state()


class MinerAlerts(_MinerEvent):
    """The alerts of a miner, by the rules of the swarm."""

    @override
    async def async_added_to_hass(self) -> None:
        """Listen to the swarm, whichever is set up now or later."""
        await super().async_added_to_hass()
        signal = SIGNAL_ALERT.format(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._report))

    @callback
    def _report(self, alert: Alert) -> None:
        """Show the alert."""
        self._trigger_event(
            alert.kind,
            {
                **alert.data,
                "phase": alert.phase.value,
                "value": alert.value,
                "unit": unit_of(alert),
                "limit": alert.limit,
                "since": dt_util.utc_from_timestamp(alert.since),
            },
        )
        self.async_write_ha_state()
