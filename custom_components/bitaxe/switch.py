"""Switches of a miner: mining itself, the automatic fan, the display."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import Command, MiningState, Settings, Snapshot
from .coordinator import MinerConfigEntry, MinerCoordinator
from .entity import MinerEntity, MinerEntityDescription, async_add_described
from .metering import Reading

PARALLEL_UPDATES: Final = 1

type SetFunction = Callable[[MinerCoordinator, bool, Context | None], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class MinerSwitchDescription(MinerEntityDescription, SwitchEntityDescription):
    """Describes a switch of a miner."""

    is_on_fn: Callable[[Snapshot], bool | None]
    set_fn: SetFunction


def _accepts(setting: str) -> Callable[[Reading], bool]:
    """Return whether a miner's firmware has a setting."""
    return lambda reading: setting in reading.snapshot.capabilities.settings


def _setting(settings_fn: Callable[[bool], Settings]) -> SetFunction:
    """Return how to change a setting that is true or false."""

    async def change(
        coordinator: MinerCoordinator, on: bool, context: Context | None
    ) -> None:
        await coordinator.async_apply(settings_fn(on), context=context)

    return change


async def _set_mining(
    coordinator: MinerCoordinator, on: bool, context: Context | None
) -> None:
    await coordinator.async_execute(Command.RESUME if on else Command.PAUSE)


SWITCHES: Final[tuple[MinerSwitchDescription, ...]] = (
    MinerSwitchDescription(
        key="mining",
        has_fn=lambda reading: reading.snapshot.capabilities.can_stop_mining,
        # A miner that is kept from mining by heat or a fault is still meant to mine.
        is_on_fn=lambda snapshot: snapshot.state is not MiningState.PAUSED,
        set_fn=_set_mining,
    ),
    MinerSwitchDescription(
        key="auto_fan",
        entity_category=EntityCategory.CONFIG,
        has_fn=_accepts("auto_fan"),
        is_on_fn=lambda snapshot: snapshot.cooling.auto_fan,
        set_fn=_setting(lambda on: Settings(auto_fan=on)),
    ),
    MinerSwitchDescription(
        key="display_inverted",
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        has_fn=_accepts("display_inverted"),
        is_on_fn=lambda snapshot: snapshot.system.display_inverted,
        set_fn=_setting(lambda on: Settings(display_inverted=on)),
    ),
    MinerSwitchDescription(
        key="display_flipped",
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        has_fn=_accepts("display_flipped"),
        is_on_fn=lambda snapshot: snapshot.system.display_flipped,
        set_fn=_setting(lambda on: Settings(display_flipped=on)),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of a miner."""
    async_add_described(
        entry, async_add_entities, lambda _: SWITCHES, MinerSwitch, Platform.SWITCH
    )


class MinerSwitch(MinerEntity, SwitchEntity):
    """Something of a miner that can be switched."""

    entity_description: MinerSwitchDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Whether the miner reports it to be on."""
        return self.entity_description.is_on_fn(self.coordinator.snapshot)

    @property
    @override
    def shown(self) -> object:
        """The state itself."""
        return self.is_on

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch it on."""
        await self.entity_description.set_fn(self.coordinator, True, self._context)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch it off."""
        await self.entity_description.set_fn(self.coordinator, False, self._context)
