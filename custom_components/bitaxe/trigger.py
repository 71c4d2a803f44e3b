"""Triggers for automations, in the editor by name: what happens to miners.

The interface is that of Home Assistant 2026.10 and 2026.11, which is still moving. All
that it needs is in this file and `condition.py`; the events behind it are stable.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Final, override

from homeassistant.const import ATTR_DEVICE_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, Event, HomeAssistant, callback
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.trigger import (
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .alerts.model import AlertKind, AlertPhase
from .const import EVENT_ALERT, SIGNAL_OCCURRENCE
from .coordinator import MinerConfigEntry
from .following import swarm_entry
from .miner.events import SETTINGS, Occurrence, OccurrenceType
from .miner.names import device_of, miner_name
from .power.swarm import Outcome, async_get_power
from .texts import async_get_texts

CONF_ALERTS: Final = "alerts"
CONF_SETTINGS: Final = "settings"

_DEVICES: Final = {
    vol.Optional(ATTR_DEVICE_ID, default=[]): vol.All(cv.ensure_list, [cv.string])
}


def _schema(fields: Mapping[vol.Marker, Any]) -> vol.Schema:
    return vol.Schema(
        {vol.Required(CONF_OPTIONS, default=dict): {**_DEVICES, **fields}}
    )


def _some_of(values: list[str]) -> vol.All:
    return vol.All(cv.ensure_list, [vol.In(values)])


class _MinerTrigger(Trigger):
    """A trigger of some miners, or of any."""

    _fields: ClassVar[Mapping[vol.Marker, Any]] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check what was chosen; a miner that is gone only does nothing any more."""
        checked: ConfigType = _schema(cls._fields)(config)
        return checked

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Take in what was chosen."""
        super().__init__(hass, config)
        assert config.options is not None
        self._options: Mapping[str, Any] = config.options

    def _concerns(self, device_id: str | None) -> bool:
        chosen = self._options[ATTR_DEVICE_ID]
        return not chosen or device_id in chosen

    def _describe(self, key: str, name: str) -> str:
        """Say why it fired, for the trace and the logbook."""
        return async_get_texts(self._hass)(f"trigger_description.{key}", name=name)


class _AlertTrigger(_MinerTrigger):
    """Some kinds of alerts, or any, in one of their phases."""

    _fields = {vol.Optional(CONF_ALERTS, default=[]): _some_of(list(AlertKind))}
    _phases: ClassVar[frozenset[str]]

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen to alerts."""
        kinds = self._options[CONF_ALERTS]

        @callback
        def alerted(event: Event) -> None:
            data = event.data
            if (
                data["phase"] in self._phases
                and (not kinds or data["kind"] in kinds)
                and self._concerns(data["device_id"])
            ):
                run_action(
                    dict(data), f"{data['name']} {data['message']}", event.context
                )

        return self._hass.bus.async_listen(EVENT_ALERT, alerted)


class AlertRaisedTrigger(_AlertTrigger):
    """An alert is raised, or reports what just happened."""

    _phases = frozenset({AlertPhase.RAISED, AlertPhase.HAPPENED})


class AlertClearedTrigger(_AlertTrigger):
    """An alert is over."""

    _phases = frozenset({AlertPhase.CLEARED})


class _OccurrenceTrigger(_MinerTrigger):
    """Something happens to a miner."""

    _key: ClassVar[str]
    _type: ClassVar[OccurrenceType]

    def _is_meant(self, occurrence: Occurrence) -> bool:
        return True

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Listen to what happens to miners, set up now or later."""

        @callback
        def happened(entry: MinerConfigEntry, occurrence: Occurrence) -> None:
            device = device_of(self._hass, entry)
            device_id = None if device is None else device.id
            if (
                occurrence.type is self._type
                and self._concerns(device_id)
                and self._is_meant(occurrence)
            ):
                name = miner_name(self._hass, entry)
                run_action(
                    {
                        **occurrence.data,
                        ATTR_DEVICE_ID: device_id,
                        "name": name,
                    },
                    self._describe(self._key, name),
                )

        return async_dispatcher_connect(self._hass, SIGNAL_OCCURRENCE, happened)


class SettingChangedTrigger(_OccurrenceTrigger):
    """Settings of a miner have changed, by hand or otherwise."""

    _fields = {vol.Optional(CONF_SETTINGS, default=[]): _some_of(list(SETTINGS))}
    _key = "setting_changed"
    _type = OccurrenceType.SETTINGS_CHANGED

    @override
    def _is_meant(self, occurrence: Occurrence) -> bool:
        wanted = self._options[CONF_SETTINGS]
        changed: Any = occurrence.data.get("settings", [])
        return not wanted or not set(wanted).isdisjoint(changed)


class BlockFoundTrigger(_OccurrenceTrigger):
    """A miner has found a block, by its own counter."""

    _key = "block_found"
    _type = OccurrenceType.BLOCK_FOUND


class PowerTargetReachedTrigger(_MinerTrigger):
    """A miner or the swarm is at or below a power target it was above, or got."""

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        """Follow what comes of power targets."""
        power = async_get_power(self._hass)

        def find_reached() -> dict[str | None, float]:
            """Return the targets that are kept to now, by what follows them."""
            return {
                key: outcome.target
                for key, outcome in power.outcomes.items()
                if outcome.target is not None
                and outcome.reached is not None
                and outcome.reached <= outcome.target
            }

        # What was so when the automation began has not just been reached.
        known = find_reached()

        @callback
        def look() -> None:
            nonlocal known
            before, known = known, find_reached()
            for key, target in known.items():
                if before.get(key) != target:
                    self._fire(run_action, key, power.outcomes[key])

        return power.async_add_listener(look)

    def _fire(
        self, run_action: TriggerActionRunner, key: str | None, outcome: Outcome
    ) -> None:
        """Run the actions for a miner by its entry, or for the swarm."""
        entry = (
            swarm_entry(self._hass)
            if key is None
            else self._hass.config_entries.async_get_entry(key)
        )
        device = None if entry is None else device_of(self._hass, entry)
        if entry is None or device is None or not self._concerns(device.id):
            return
        name = (
            device.name_by_user or device.name or entry.title
            if key is None
            else miner_name(self._hass, entry)
        )
        run_action(
            {
                ATTR_DEVICE_ID: device.id,
                "name": name,
                "target": outcome.target,
                "reached": outcome.reached,
            },
            self._describe("power_target_reached", name),
        )


TRIGGERS: Final[dict[str, type[Trigger]]] = {
    "alert_raised": AlertRaisedTrigger,
    "alert_cleared": AlertClearedTrigger,
    "setting_changed": SettingChangedTrigger,
    "block_found": BlockFoundTrigger,
    "power_target_reached": PowerTargetReachedTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return all triggers."""
    return TRIGGERS
