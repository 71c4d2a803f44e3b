"""What is common to the entities of a subentry that several miners belong to."""

from typing import override

from ..entity import QuietEntity
from .miners_part import MinersPart


class PartEntity[P: MinersPart](QuietEntity):
    """An entity of such a part; writes its state when that changes."""

    def __init__(self, part: P, key: str | None) -> None:
        """Attach the entity to the part's device; without a key it is the part."""
        self._part = part
        self._attr_unique_id = (
            part.identifier if key is None else f"{part.identifier}_{key}"
        )
        self._attr_device_info = part.device_info

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the part."""
        await super().async_added_to_hass()
        self.async_on_remove(self._part.async_add_listener(self._update))
