"""Selects of a miner: how its display is turned."""

from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.select import SelectEntity, SelectEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import Settings
from .coordinator import MinerConfigEntry
from .entity import MinerEntity, MinerEntityDescription, async_add_described

PARALLEL_UPDATES: Final = 1


@dataclass(frozen=True, kw_only=True)
class MinerSelectDescription(MinerEntityDescription, SelectEntityDescription):
    """Describes a setting of a miner with a few possible values."""


DISPLAY_ROTATION: Final = MinerSelectDescription(
    key="display_rotation",
    entity_category=EntityCategory.CONFIG,
    entity_registry_enabled_default=False,
    # Degrees.
    options=["0", "90", "180", "270"],
    has_fn=lambda reading: "display_rotation" in reading.snapshot.capabilities.settings,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the selects of a miner."""
    async_add_described(
        entry,
        async_add_entities,
        lambda _: (DISPLAY_ROTATION,),
        DisplayRotation,
        Platform.SELECT,
    )


class DisplayRotation(MinerEntity, SelectEntity):
    """By how much the display is turned."""

    entity_description: MinerSelectDescription

    @property
    @override
    def current_option(self) -> str | None:
        """The degrees the miner reports; unknown if they are no quarter turns."""
        option = str(self.coordinator.snapshot.system.display_rotation)
        return option if option in self.options else None

    @property
    @override
    def shown(self) -> object:
        """The state itself."""
        return self.current_option

    @override
    async def async_select_option(self, option: str) -> None:
        """Turn the display."""
        await self.coordinator.async_apply(
            Settings(display_rotation=int(option)), context=self._context
        )
