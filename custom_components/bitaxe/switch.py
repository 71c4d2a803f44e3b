"""Switches: mining itself, the fan, the display, the guard, and power targets."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import EntityCategory, Platform
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .axeos import Command, MiningState, Settings, Snapshot
from .const import CONF_KIND, KIND_SWARM
from .coordinator import MinerCoordinator
from .entity import (
    CompanionEntity,
    MinerEntityDescription,
    MinerSetting,
    async_add_described,
)
from .guard.guard import DEFAULT_MAINTENANCE, MinerGuard, guard_of
from .miner.meter import Reading
from .miner.write_log import person
from .power.entities import (
    MinerPowerEntity,
    SwarmPowerEntity,
    miner_attributes,
    outcome_attributes,
)
from .power.session import MinerPower
from .power.swarm import SwarmPower, async_get_power, power_of, swarm_power_of

PARALLEL_UPDATES: Final = 1

type SetFunction = Callable[[MinerCoordinator, bool, Context | None], Awaitable[None]]


@dataclass(frozen=True, kw_only=True)
class MinerSwitchDescription(MinerEntityDescription, SwitchEntityDescription):
    """Describes a switch of a miner."""

    is_on_fn: Callable[[Snapshot], bool | None]
    set_fn: SetFunction


@dataclass(frozen=True, kw_only=True)
class GuardSwitchDescription(MinerEntityDescription, SwitchEntityDescription):
    """Describes a switch of the guard."""


def _accepts(setting: str) -> Callable[[Reading], bool]:
    """Return whether a miner's firmware has a setting."""
    return lambda reading: setting in reading.snapshot.capabilities.settings


def _setting(settings_fn: Callable[[bool], Settings]) -> SetFunction:
    """Return how to change a setting that is true or false."""

    async def change(
        coordinator: MinerCoordinator, on: bool, context: Context | None
    ) -> None:
        await coordinator.async_apply(settings_fn(on), origin=person(context))

    return change


async def _set_mining(
    coordinator: MinerCoordinator, on: bool, context: Context | None
) -> None:
    await coordinator.async_execute(
        Command.RESUME if on else Command.PAUSE, origin=person(context)
    )


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
        key="prefer_fallback_pool",
        entity_category=EntityCategory.CONFIG,
        entity_registry_enabled_default=False,
        has_fn=_accepts("prefer_fallback"),
        is_on_fn=lambda snapshot: snapshot.pools.prefer_fallback,
        set_fn=_setting(lambda on: Settings(prefer_fallback=on)),
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


GUARD: Final = GuardSwitchDescription(
    key="guard", entity_category=EntityCategory.CONFIG
)
MAINTENANCE: Final = GuardSwitchDescription(
    key="maintenance", entity_category=EntityCategory.CONFIG
)


@dataclass(frozen=True, kw_only=True)
class FollowPowerTargetDescription(MinerEntityDescription, SwitchEntityDescription):
    """Describes whether miners keep to a power."""


FOLLOW_POWER_TARGET: Final = FollowPowerTargetDescription(key="follow_power_target")
SWARM_FOLLOW_POWER_TARGET: Final = SwitchEntityDescription(
    key="follow_power_target", translation_key="follow_power_target"
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: ConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the switches of a miner, or of the swarm."""
    if entry.data[CONF_KIND] == KIND_SWARM:
        swarm_power = swarm_power_of(hass)
        assert swarm_power is not None
        async_add_entities([SwarmFollowPowerTarget(swarm_power)])
        return
    async_add_described(
        entry, async_add_entities, lambda _: SWITCHES, MinerSwitch, Platform.SWITCH
    )
    guard = guard_of(hass, entry.entry_id)
    if guard is not None and not guard.miner.snapshot.is_foreign:
        async_add_entities(
            [GuardSwitch(guard, GUARD), MaintenanceSwitch(guard, MAINTENANCE)]
        )
    power = power_of(hass, entry.entry_id)
    if power is not None and not power.miner.snapshot.is_foreign:
        async_add_entities([FollowPowerTarget(power)])


class _GuardEntity(CompanionEntity[MinerGuard], SwitchEntity):
    """A switch of the guard."""

    entity_description: GuardSwitchDescription

    @property
    @override
    def shown(self) -> object:
        """The state and its attributes."""
        return (self.is_on, self.extra_state_attributes)


class GuardSwitch(_GuardEntity):
    """Whether the guard may act on a miner, and what it does at present."""

    @property
    @override
    def is_on(self) -> bool:
        """Whether it may."""
        return self._companion.enabled

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """What it does now, and did last."""
        guard = self._companion
        return {
            "holds": guard.holds,
            "cause": guard.hold_cause,
            "restarts_left": guard.restarts_left,
            "last_action": guard.last.step if guard.last else None,
            "last_cause": guard.last.cause if guard.last else None,
            "last_time": guard.last_at,
        }

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Let it act."""
        await self._companion.async_set_enabled(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Stop it where it stands."""
        await self._companion.async_set_enabled(False)


class MaintenanceSwitch(_GuardEntity):
    """Whether somebody works on a miner, so that nothing of ours touches it."""

    @property
    @override
    def is_on(self) -> bool:
        """Whether somebody does."""
        return self._companion.in_maintenance

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """When it ends by itself."""
        until = (
            self._companion.maintenance_until
            if self._companion.in_maintenance
            else None
        )
        return {"until": until}

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Begin, for two hours; the action can say how long."""
        await self._companion.async_begin_maintenance(DEFAULT_MAINTENANCE)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """End it."""
        await self._companion.async_end_maintenance()


class MinerSwitch(MinerSetting, SwitchEntity):
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


class _FollowSwitch[P: (MinerPower, SwarmPower)](SwitchEntity):
    """Whether a power target is kept to, that of a miner or of the swarm."""

    _power: P

    @property
    @override
    def is_on(self) -> bool:
        """Whether it is."""
        return self._power.following

    @property
    def shown(self) -> object:
        """The state and its attributes."""
        return (self.is_on, self.extra_state_attributes)

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Keep to the target."""
        await self._set(True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Do not any more."""
        await self._set(False)

    async def _set(self, following: bool) -> None:
        await self._power.async_set_following(following)
        self._power.store.check_kept()


class FollowPowerTarget(_FollowSwitch[MinerPower], MinerPowerEntity):
    """Whether a miner keeps to its own power target."""

    entity_description: FollowPowerTargetDescription

    def __init__(self, power: MinerPower) -> None:
        """Attach the switch to the miner's device."""
        super().__init__(power, FOLLOW_POWER_TARGET)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Whether the swarm's target is kept instead, and why there is none left."""
        return {
            "with_swarm": self._power.with_swarm,
            "reason": miner_attributes(self._power)["reason"],
        }

    @override
    async def _set(self, following: bool) -> None:
        await super()._set(following)
        async_get_power(self.hass).async_target_changed()


class SwarmFollowPowerTarget(_FollowSwitch[SwarmPower], SwarmPowerEntity):
    """Whether all miners keep to the power target of the swarm."""

    entity_description: SwitchEntityDescription

    def __init__(self, power: SwarmPower) -> None:
        """Attach the switch to the swarm's device."""
        super().__init__(power, SWARM_FOLLOW_POWER_TARGET)

    @property
    @override
    def extra_state_attributes(self) -> dict[str, Any]:
        """Why it is not another power."""
        return {"reason": outcome_attributes(self.hass, None)["reason"]}
