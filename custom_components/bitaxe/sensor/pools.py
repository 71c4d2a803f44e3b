"""Sensors of pool accounts, and of the miners that a pool sees."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import PERCENTAGE, Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType
from homeassistant.util import dt as dt_util

from ..const import DOMAIN
from ..coordinator import MinerConfigEntry, MinerCoordinator
from ..entity import device_info
from ..formatting import difficulty
from ..pools.account import PoolAccount
from ..pools.accounts import PoolAccounts, async_get_pools
from ..pools.model import Account
from ..pools.sighting import Sighting
from ..runtime import SwarmConfigEntry


@dataclass(frozen=True, kw_only=True)
class AccountSensorDescription(SensorEntityDescription):
    """Describes a sensor of a pool account."""

    value_fn: Callable[[Account], StateType]
    has_fn: Callable[[Account], bool] = lambda account: True
    """Whether this pool reports it."""
    readable: bool = False


@dataclass(frozen=True, kw_only=True)
class SightingSensorDescription(SensorEntityDescription):
    """Describes a sensor of a miner by what a pool sees of it."""

    value_fn: Callable[[Sighting], StateType | datetime]
    has_fn: Callable[[Sighting], bool] = lambda sighting: True
    """Whether this pool reports it."""
    attributes_fn: Callable[[Sighting], dict[str, Any]]


ACCOUNT_SENSORS: Final = (
    AccountSensorDescription(
        key="hashrate",
        translation_key="pool_account_hashrate",
        native_unit_of_measurement="GH/s",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda account: account.hashrate,
    ),
    AccountSensorDescription(
        key="workers",
        translation_key="pool_account_workers",
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda account: account.working,
    ),
    AccountSensorDescription(
        key="unpaid",
        translation_key="pool_account_unpaid",
        native_unit_of_measurement="sat",
        # No total: a payout lowers it.
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        has_fn=lambda account: account.unpaid is not None,
        value_fn=lambda account: account.unpaid,
    ),
    AccountSensorDescription(
        key="best_difficulty",
        translation_key="pool_account_best_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        has_fn=lambda account: account.best_difficulty is not None,
        value_fn=lambda account: account.best_difficulty,
        readable=True,
    ),
)


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)


def _hashrate_attributes(sighting: Sighting) -> dict[str, Any]:
    """Return how far chance may take it, and whose it is."""
    return {
        "standard_error": _rounded(sighting.error, 1),
        "account": sighting.account,
        "worker": sighting.worker,
        "miners": sighting.claim.miners,
    }


def _last_share(sighting: Sighting) -> datetime | None:
    if sighting.seen is None or sighting.seen.last_share is None:
        return None
    return dt_util.utc_from_timestamp(round(sighting.seen.last_share))


def _best(sighting: Sighting) -> float | None:
    return None if sighting.seen is None else sighting.seen.best_difficulty


def _none(sighting: Sighting) -> dict[str, Any]:
    return {}


SIGHTING_SENSORS: Final = (
    SightingSensorDescription(
        key="pool_hashrate",
        native_unit_of_measurement="GH/s",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda sighting: _rounded(sighting.hashrate, 1),
        attributes_fn=_hashrate_attributes,
    ),
    SightingSensorDescription(
        key="pool_hashrate_deviation",
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda sighting: _rounded(sighting.deviation, 1),
        attributes_fn=lambda sighting: {"standard_error": _rounded(sighting.error, 1)},
    ),
    SightingSensorDescription(
        key="pool_last_share",
        # Each reading is another moment, and a line of the logbook for each miner. The
        # miner card shows it, and an alert is raised if the pool does not see a miner.
        entity_registry_enabled_default=False,
        device_class=SensorDeviceClass.TIMESTAMP,
        has_fn=lambda sighting: _last_share(sighting) is not None,
        value_fn=_last_share,
        attributes_fn=_none,
    ),
    SightingSensorDescription(
        key="pool_best_difficulty",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        has_fn=lambda sighting: _best(sighting) is not None,
        value_fn=_best,
        attributes_fn=lambda sighting: (
            {}
            if (best := _best(sighting)) is None
            else {"readable": difficulty(best, " ")}
        ),
    ),
)


@callback
def async_setup_account_sensors(
    hass: HomeAssistant,
    entry: SwarmConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add the sensors of each account there is, and of each to come."""
    pools = async_get_pools(hass)
    registry = er.async_get(hass)
    added: set[tuple[str, str]] = set()

    @callback
    def update() -> None:
        present = {account.subentry_id for account in pools.accounts}
        added.difference_update({item for item in added if item[0] not in present})
        for account in pools.accounts:
            new = [
                description
                for description in ACCOUNT_SENSORS
                if (account.subentry_id, description.key) not in added
                and (
                    (account.data is not None and description.has_fn(account.data))
                    or registry.async_get_entity_id(
                        Platform.SENSOR, DOMAIN, _unique_id(account, description)
                    )
                )
            ]
            if new:
                added.update((account.subentry_id, item.key) for item in new)
                async_add_entities(
                    [AccountSensor(pools, account, item) for item in new],
                    config_subentry_id=account.subentry_id,
                )

    entry.async_on_unload(pools.async_add_listener(update))
    update()


@callback
def async_setup_sighting_sensors(
    hass: HomeAssistant,
    entry: MinerConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Add what pools see of a miner once one does; remove it with the last account.

    What a pool was asked for before a restart of Home Assistant is there at once.
    """
    pools = async_get_pools(hass)
    miner = entry.runtime_data
    registry = er.async_get(hass)
    added: set[str] = set()

    @callback
    def update() -> None:
        if pools.is_empty:
            for description in SIGHTING_SENSORS:
                unique_id = f"{miner.identifier}_{description.key}"
                entity_id = registry.async_get_entity_id(
                    Platform.SENSOR, DOMAIN, unique_id
                )
                if entity_id is not None:
                    registry.async_remove(entity_id)
            added.clear()
            return
        sighting = pools.sighting_of(miner)
        new = [
            description
            for description in SIGHTING_SENSORS
            if description.key not in added
            and (
                (sighting is not None and description.has_fn(sighting))
                or registry.async_get_entity_id(
                    Platform.SENSOR, DOMAIN, f"{miner.identifier}_{description.key}"
                )
            )
        ]
        if new:
            added.update(item.key for item in new)
            async_add_entities([SightingSensor(pools, miner, item) for item in new])

    entry.async_on_unload(pools.async_add_listener(update))
    update()


def _unique_id(account: PoolAccount, description: AccountSensorDescription) -> str:
    return f"pool_{account.subentry_id}_{description.key}"


class _PoolSensor(SensorEntity):
    """A sensor that changes when a pool was asked."""

    _attr_has_entity_name = True
    _attr_should_poll = False
    _unrecorded_attributes = frozenset({"readable"})

    def __init__(self, pools: PoolAccounts) -> None:
        """Follow the accounts once it is added."""
        self._pools = pools

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the accounts."""
        await super().async_added_to_hass()
        self.async_on_remove(self._pools.async_add_listener(self._changed))

    @callback
    def _changed(self) -> None:
        self._take()
        self.async_write_ha_state()

    @abstractmethod
    def _take(self) -> None:
        """Take in what the pool said last."""

    @callback
    def async_entity_id_changed(self) -> None:
        """Nothing here depends on the entity id."""


class AccountSensor(_PoolSensor):
    """A sensor of a pool account."""

    entity_description: AccountSensorDescription

    def __init__(
        self,
        pools: PoolAccounts,
        account: PoolAccount,
        description: AccountSensorDescription,
    ) -> None:
        """Attach the sensor to the device of the account."""
        super().__init__(pools)
        self.entity_description = description
        self._subentry_id = account.subentry_id
        self._attr_unique_id = _unique_id(account, description)
        self._attr_device_info = account.device_info
        self._take()

    @override
    def _take(self) -> None:
        account = self._pools.account(self._subentry_id)
        data = account.data if account is not None else None
        self._attr_available = (
            account is not None and account.last_update_success and data is not None
        )
        if data is None:
            return
        value = self.entity_description.value_fn(data)
        self._attr_native_value = value
        if self.entity_description.readable and isinstance(value, int | float):
            self._attr_extra_state_attributes = {"readable": difficulty(value, " ")}


class SightingSensor(_PoolSensor):
    """A sensor of a miner by what a pool sees of it; there also while it is offline."""

    entity_description: SightingSensorDescription

    def __init__(
        self,
        pools: PoolAccounts,
        miner: MinerCoordinator,
        description: SightingSensorDescription,
    ) -> None:
        """Attach the sensor to the miner's device."""
        super().__init__(pools)
        self.entity_description = description
        self._miner = miner
        self._attr_translation_key = description.key
        self._attr_unique_id = f"{miner.identifier}_{description.key}"
        self._attr_device_info = device_info(miner)
        self._take()

    @override
    def _take(self) -> None:
        sighting = self._pools.sighting_of(self._miner)
        self._attr_available = sighting is not None
        if sighting is None:
            return
        self._attr_native_value = self.entity_description.value_fn(sighting)
        self._attr_extra_state_attributes = self.entity_description.attributes_fn(
            sighting
        )
