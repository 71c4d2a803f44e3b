"""What is common to the entities of a room that miners heat."""

from typing import override

from ..swarm.part_entity import PartEntity
from .heating import Heating
from .swarm import async_get_power


class HeatingEntity(PartEntity[Heating]):
    """An entity of a room, which also follows what its miners do."""

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the room, and what its miners do."""
        await super().async_added_to_hass()
        manager = async_get_power(self.hass)
        self.async_on_remove(manager.async_add_listener(self._update))
