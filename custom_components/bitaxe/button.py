"""Buttons of a miner, and the swarm's."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.components.button.const import ButtonDeviceClass
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import Command, Family, Settings
from .const import CONF_KIND, KIND_SWARM
from .coordinator import MinerCoordinator
from .entity import MinerEntity, MinerEntityDescription, async_add_described
from .swarm_button import async_setup_swarm_buttons

PARALLEL_UPDATES: Final = 1

type PressFunction = Callable[[MinerCoordinator, Context | None], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class MinerButtonDescription(MinerEntityDescription, ButtonEntityDescription):
    """Describes a button of a miner."""

    press_fn: PressFunction
    available_fn: Callable[[MinerCoordinator], bool] | None = None
    """Whether there is anything to press it for; always, if not given."""


def _command(command: Command) -> PressFunction:
    async def press(coordinator: MinerCoordinator, context: Context | None) -> None:
        await coordinator.async_execute(command)

    return press


async def _clear_overheat(
    coordinator: MinerCoordinator, context: Context | None
) -> None:
    await coordinator.async_apply(Settings(clear_overheat=True), context=context)


async def _restore_settings(
    coordinator: MinerCoordinator, context: Context | None
) -> None:
    await coordinator.async_restore_intended()


BUTTONS: Final[tuple[MinerButtonDescription, ...]] = (
    MinerButtonDescription(
        key="restart",
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        press_fn=_command(Command.RESTART),
    ),
    MinerButtonDescription(
        key="identify",
        device_class=ButtonDeviceClass.IDENTIFY,
        entity_category=EntityCategory.DIAGNOSTIC,
        has_fn=lambda reading: reading.snapshot.capabilities.identify,
        press_fn=_command(Command.IDENTIFY),
    ),
    MinerButtonDescription(
        key="clear_overheat",
        entity_category=EntityCategory.CONFIG,
        has_fn=lambda reading: (
            "clear_overheat" in reading.snapshot.capabilities.settings
        ),
        available_fn=lambda miner: miner.snapshot.faults.overheated is True,
        press_fn=_clear_overheat,
    ),
    MinerButtonDescription(
        key="dismiss_block",
        entity_category=EntityCategory.CONFIG,
        has_fn=lambda reading: reading.snapshot.capabilities.dismiss_block,
        available_fn=lambda miner: miner.snapshot.pools.block_notice is True,
        press_fn=_command(Command.DISMISS_BLOCK),
    ),
    MinerButtonDescription(
        key="restore_settings",
        entity_category=EntityCategory.CONFIG,
        # Only AxeOS lowers its own settings.
        has_fn=lambda reading: reading.snapshot.identity.family is Family.AXEOS,
        available_fn=lambda miner: miner.is_detuned,
        press_fn=_restore_settings,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        async_setup_swarm_buttons(hass, entry, async_add_entities)
        return
    async_add_described(
        entry, async_add_entities, lambda _: BUTTONS, MinerButton, Platform.BUTTON
    )


class MinerButton(MinerEntity, ButtonEntity):
    """Something a miner can be told to do."""

    entity_description: MinerButtonDescription

    @property
    @override
    def available(self) -> bool:
        """Whether there is anything to press it for."""
        available_fn = self.entity_description.available_fn
        return super().available and (
            available_fn is None or available_fn(self.coordinator)
        )

    @property
    @override
    def shown(self) -> object:
        """Nothing: the state is when it was pressed last."""
        return None

    @override
    async def async_press(self) -> None:
        """Tell the miner."""
        await self.entity_description.press_fn(self.coordinator, self._context)
