"""What is common to the entities of power targets, of miners and of the swarm."""

from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity import EntityDescription

from ..const import SWARM_UNIQUE_ID
from ..entity import MinerEntity, MinerEntityDescription, QuietEntity
from .session import MinerPower
from .swarm import SwarmPower, async_get_power


class MinerPowerEntity(MinerEntity):
    """An entity of the power target of a miner."""

    _unrecorded_attributes = frozenset({"reached"})

    def __init__(self, power: MinerPower, description: MinerEntityDescription) -> None:
        """Attach the entity to the miner's device."""
        super().__init__(power.miner, description)
        self._power = power

    @override
    async def async_added_to_hass(self) -> None:
        """Show what comes of the target as well, between two readings."""
        await super().async_added_to_hass()
        self.async_on_remove(
            async_get_power(self.hass).async_add_listener(
                self._handle_coordinator_update
            )
        )

    @property
    @override
    def available(self) -> bool:
        """Always: it is not the miner that keeps what is chosen."""
        return True


class SwarmPowerEntity(QuietEntity):
    """An entity of the swarm's power target; writes its state when that changes."""

    def __init__(self, power: SwarmPower, description: EntityDescription) -> None:
        """Attach the entity to the swarm's device."""
        self._power = power
        self.entity_description = description
        self._attr_unique_id = f"{SWARM_UNIQUE_ID}_{description.key}"
        self._attr_device_info = power.swarm.device_info

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what comes of the target."""
        self.async_on_remove(
            async_get_power(self.hass).async_add_listener(self._update)
        )


def outcome_attributes(hass: HomeAssistant, key: str | None) -> dict[str, Any]:
    """Return what is kept to and set by, what is reached, and why no other power is.

    `key` is that of a miner, or `None` for the swarm. All is unknown while no target is
    followed.
    """
    outcome = async_get_power(hass).outcomes.get(key)
    if outcome is None:
        return _without_target(None)
    return {
        "target": None if outcome.target is None else round(outcome.target),
        "set_by": outcome.set_by,
        "reached": None if outcome.reached is None else round(outcome.reached),
        "reason": outcome.reason,
    }


def miner_attributes(power: MinerPower) -> dict[str, Any]:
    """Return the same of a miner, which may also follow the swarm, or heat a room."""
    found = outcome_attributes(power.hass, power.key)
    if power.is_steered:
        if power.with_swarm or power.is_heating:
            led_by = "heating" if power.is_heating else "with_swarm"
            found["reason"] = power.obstacle or led_by
            found["reached"] = round(power.describe().power)
            found["target"] = found["set_by"] = None
        return found
    return _without_target(power.ended)


def _without_target(reason: str | None) -> dict[str, Any]:
    return {"target": None, "set_by": None, "reached": None, "reason": reason}
