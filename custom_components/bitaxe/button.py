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
from .const import CONF_KIND, KIND_SWARM, SWARM_UNIQUE_ID
from .coordinator import MinerCoordinator
from .entity import MinerEntity, MinerEntityDescription, async_add_described
from .miner.write_log import person
from .swarm.coordinator import Swarm
from .tuning import Goal, Targets
from .tuning.session import tuner_of

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
        await coordinator.async_execute(command, origin=person(context))

    return press


async def _clear_overheat(
    coordinator: MinerCoordinator, context: Context | None
) -> None:
    await coordinator.async_apply(Settings(clear_overheat=True), origin=person(context))


async def _restore_settings(
    coordinator: MinerCoordinator, context: Context | None
) -> None:
    await coordinator.async_restore_intended(origin=person(context))


async def _find_best_setting(
    coordinator: MinerCoordinator, context: Context | None
) -> None:
    tuner = tuner_of(coordinator.hass, coordinator.config_entry.entry_id)
    assert tuner is not None
    await tuner.async_begin(Targets(goal=Goal.BALANCED), origin=person(context))


def _may_tune(miner: MinerCoordinator) -> bool:
    tuner = tuner_of(miner.hass, miner.config_entry.entry_id)
    return tuner is not None and not tuner.is_running


BUTTONS: Final[tuple[MinerButtonDescription, ...]] = (
    MinerButtonDescription(
        key="restart",
        has_fn=lambda reading: reading.snapshot.capabilities.restart,
        device_class=ButtonDeviceClass.RESTART,
        entity_category=EntityCategory.CONFIG,
        press_fn=_command(Command.RESTART),
    ),
    MinerButtonDescription(
        key="identify",
        entity_registry_enabled_default=False,
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
        # Of use once in years.
        entity_registry_enabled_default=False,
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
        available_fn=lambda miner: miner.restore_offer is not None,
        press_fn=_restore_settings,
    ),
    MinerButtonDescription(
        key="find_best_setting",
        # The miner card has one that asks for more.
        entity_registry_enabled_default=False,
        entity_category=EntityCategory.CONFIG,
        has_fn=lambda reading: not reading.snapshot.is_foreign,
        available_fn=_may_tune,
        press_fn=_find_best_setting,
    ),
)


RESTART_ALL = ButtonEntityDescription(
    key="restart_all",
    translation_key="swarm_restart_all",
    device_class=ButtonDeviceClass.RESTART,
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the buttons of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        async_add_entities([RestartAllButton(entry.runtime_data.swarm)])
        return
    async_add_described(
        entry, async_add_entities, lambda _: BUTTONS, MinerButton, Platform.BUTTON
    )


class MinerButton(MinerEntity, ButtonEntity):
    """A command that a miner carries out."""

    entity_description: MinerButtonDescription

    @property
    @override
    def available(self) -> bool:
        """Whether there is anything to press it for, as far as is known.

        A miner that does not answer says so when it is pressed; a button that comes and
        goes with every gap would fill the logbook.
        """
        available_fn = self.entity_description.available_fn
        return available_fn is None or available_fn(self.coordinator)

    @property
    @override
    def shown(self) -> object:
        """Nothing: the state is when it was pressed last."""
        return None

    @override
    async def async_press(self) -> None:
        """Send the command to the miner."""
        await self.entity_description.press_fn(self.coordinator, self._context)


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
        self._swarm.async_restart_all(person(self._context))
