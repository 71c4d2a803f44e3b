"""Buttons of the swarm."""

from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import SWARM_UNIQUE_ID
from .swarm import Swarm, SwarmConfigEntry

RESTART_ALL = ButtonEntityDescription(
    key="restart_all",
    translation_key="swarm_restart_all",
    device_class=ButtonDeviceClass.RESTART,
)


@callback
def async_setup_swarm_buttons(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of the swarm."""
    async_add_entities([RestartAllButton(entry.runtime_data)])


class RestartAllButton(ButtonEntity):
    """Restarts all miners, each once the one before it answers again."""

    entity_description = RESTART_ALL
    _attr_has_entity_name = True

    def __init__(self, swarm: Swarm) -> None:
        """Attach the button to the swarm's device."""
        self._swarm = swarm
        self._attr_unique_id = f"{SWARM_UNIQUE_ID}_{RESTART_ALL.key}"
        self._attr_device_info = swarm.device_info

    @override
    async def async_press(self) -> None:
        """Begin, and leave the rest to the background."""
        self._swarm.async_restart_all()
