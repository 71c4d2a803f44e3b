"""A pool on loopback, and a swarm with accounts at it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from types import MappingProxyType
from typing import Any

from homeassistant.config_entries import (
    ConfigEntryState,
    ConfigSubentry,
    ConfigSubentryData,
)
from homeassistant.core import HomeAssistant
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.pools.account import PoolAccount
from custom_components.bitaxe.pools.accounts import async_get_pools
from custom_components.bitaxe.pools.model import PoolKind
from custom_components.bitaxe.pools.settings import SUBENTRY_TYPE, AccountSettings
from scripts.fake_pool import FakePool, FakeWorker
from scripts.simulator import MinerServer
from scripts.simulator.storage import WALLET

from ..conftest import Settle

type AddSwarm = Callable[..., Awaitable[MockConfigEntry]]

# Minutes; the least that may be chosen.
INTERVAL = 5


@pytest.fixture
async def pool() -> AsyncIterator[FakePool]:
    """Yield a pool that knows the account of all simulated miners."""
    async with FakePool(WALLET) as pool:
        yield pool


def account_at(
    pool: FakePool, kind: PoolKind = PoolKind.CKPOOL, **data: Any
) -> ConfigSubentryData:
    """Return an account, as the set-up stores it."""
    settings = AccountSettings(kind=kind, url=pool.url, user=pool.account)
    return ConfigSubentryData(
        data={
            "kind": kind.value,
            "url": pool.url,
            "user": pool.account,
            "interval": INTERVAL,
            **data,
        },
        subentry_type=SUBENTRY_TYPE,
        title=settings.title,
        unique_id=settings.unique_id,
    )


@pytest.fixture(autouse=True)
def _swarm(swarm_entry: MockConfigEntry) -> None:
    """Have the swarm known, so that the first miner creates no other."""


@pytest.fixture
def swarm_with(
    hass: HomeAssistant, settle: Settle, swarm_entry: MockConfigEntry
) -> AddSwarm:
    """Set up the swarm with accounts."""

    async def add(*accounts: ConfigSubentryData) -> MockConfigEntry:
        for account in accounts:
            hass.config_entries.async_add_subentry(
                swarm_entry,
                ConfigSubentry(
                    data=MappingProxyType(account["data"]),
                    subentry_type=account["subentry_type"],
                    title=account["title"],
                    unique_id=account["unique_id"],
                ),
            )
        # The first miner sets up the swarm as well.
        if swarm_entry.state is ConfigEntryState.NOT_LOADED:
            await hass.config_entries.async_setup(swarm_entry.entry_id)
        await settle()
        return swarm_entry

    return add


def the_account(hass: HomeAssistant) -> PoolAccount:
    """Return the only account."""
    (account,) = async_get_pools(hass).accounts
    return account


def worker_name(server: MinerServer) -> str:
    """Return the worker name that a simulated miner logs in with."""
    user: str = server.miner.primary_pool["stratumUser"]
    return user.partition(".")[2]


def seen(server: MinerServer, hashrate: float = 1180.0, ago: float = 60) -> FakeWorker:
    """Return what a pool sees of a miner whose last share came some s ago."""
    return FakeWorker(
        name=worker_name(server),
        hashrate=hashrate,
        last_share=dt_util.utcnow().timestamp() - ago,
        best_difficulty=123456.0,
    )
