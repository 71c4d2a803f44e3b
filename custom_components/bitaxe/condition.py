"""Conditions for automations, in the editor by name: what miners do.

As `trigger.py`, by an interface of Home Assistant that is still moving.
"""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Final, Unpack, override

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_DEVICE_ID, CONF_OPTIONS
from homeassistant.core import HomeAssistant
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.condition import (
    ATTR_BEHAVIOR,
    BEHAVIOR_ALL,
    BEHAVIOR_ANY,
    Condition,
    ConditionCheckParams,
    ConditionConfig,
)
from homeassistant.helpers.typing import ConfigType
import voluptuous as vol

from .alerts.model import AlertKind
from .axeos import MiningState
from .coordinator import MinerConfigEntry, MinerCoordinator
from .following import miner_entries, swarm_entry
from .miner.names import device_of
from .tuning.session import tuner_of

CONF_ALERTS: Final = "alerts"


class _MinerCondition(Condition):
    """A condition that all, or any, of some miners fulfil."""

    _fields: ClassVar[Mapping[vol.Marker, Any]] = {}

    @classmethod
    @override
    async def async_validate_config(
        cls, hass: HomeAssistant, config: ConfigType
    ) -> ConfigType:
        """Check what was chosen; a miner that is gone fulfils nothing."""
        schema = vol.Schema(
            {
                vol.Required(CONF_OPTIONS): {
                    vol.Required(ATTR_DEVICE_ID): vol.All(
                        cv.ensure_list, vol.Length(min=1), [cv.string]
                    ),
                    vol.Required(ATTR_BEHAVIOR, default=BEHAVIOR_ALL): vol.In(
                        [BEHAVIOR_ALL, BEHAVIOR_ANY]
                    ),
                    **cls._fields,
                }
            }
        )
        checked: ConfigType = schema(config)
        return checked

    def __init__(self, hass: HomeAssistant, config: ConditionConfig) -> None:
        """Take in what was chosen."""
        super().__init__(hass, config)
        assert config.options is not None
        self._options: Mapping[str, Any] = config.options

    @override
    def _async_check(self, **kwargs: Unpack[ConditionCheckParams]) -> bool:
        entries = {
            device.id: entry
            for entry in miner_entries(self._hass)
            if (device := device_of(self._hass, entry)) is not None
        }
        met = (
            (entry := entries.get(device_id)) is not None and self._is_met(entry)
            for device_id in self._options[ATTR_DEVICE_ID]
        )
        return any(met) if self._options[ATTR_BEHAVIOR] == BEHAVIOR_ANY else all(met)

    @abstractmethod
    def _is_met(self, entry: MinerConfigEntry) -> bool:
        """Return whether one miner fulfils it."""


class IsMiningCondition(_MinerCondition):
    """Miners mine: they answer, and hash."""

    @override
    def _is_met(self, entry: MinerConfigEntry) -> bool:
        if entry.state is not ConfigEntryState.LOADED:
            return False
        miner: MinerCoordinator = entry.runtime_data
        return miner.last_update_success and miner.snapshot.state is MiningState.MINING


class IsTuningCondition(_MinerCondition):
    """A search for the best setting, or a soak test, goes on."""

    @override
    def _is_met(self, entry: MinerConfigEntry) -> bool:
        tuner = tuner_of(self._hass, entry.entry_id)
        return tuner is not None and tuner.is_running


class HasAlertCondition(_MinerCondition):
    """An alert of some kinds, or of any, is raised."""

    _fields = {
        vol.Optional(CONF_ALERTS, default=[]): vol.All(
            cv.ensure_list, [vol.In(list(AlertKind))]
        )
    }

    @override
    def _is_met(self, entry: MinerConfigEntry) -> bool:
        swarm = swarm_entry(self._hass)
        if swarm is None or swarm.state is not ConfigEntryState.LOADED:
            return False
        kinds = self._options[CONF_ALERTS]
        active = swarm.runtime_data.swarm.alerts.active.get(entry.entry_id, ())
        return any(not kinds or alert.kind in kinds for alert in active)


CONDITIONS: Final[dict[str, type[Condition]]] = {
    "is_mining": IsMiningCondition,
    "is_tuning": IsTuningCondition,
    "has_alert": HasAlertCondition,
}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return all conditions."""
    return CONDITIONS
