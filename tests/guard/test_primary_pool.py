"""A miner that stays on its fallback pool although the primary answers again."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

from homeassistant.const import CONF_SCAN_INTERVAL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.const import CONF_GUARD
from custom_components.bitaxe.guard.guard import guard_of
from custom_components.bitaxe.miner.events import Occurrence, OccurrenceType
from scripts.fake_pool import FakePool
from scripts.simulator import MinerServer

from ..conftest import AddMiner, PassTime, Simulate

MINUTE = 60
ON = {"return_to_primary": True}


@pytest.fixture
async def pool() -> AsyncIterator[FakePool]:
    """Yield something that answers where the primary pool is."""
    async with FakePool("anybody") as pool:
        yield pool


@pytest.fixture
async def server(simulate: Simulate, pool: FakePool) -> MinerServer:
    """Return a miner whose firmware does not find the way back."""
    server = await simulate("gamma-2.12")
    server.miner.primary_pool["stratumURL"] = pool.host
    server.miner.primary_pool["stratumPort"] = pool.port
    server.miner.faults.set(sticky_fallback=True, pool_down=True)
    return server


def restarts(server: MinerServer) -> int:
    """Return how often a miner was asked to restart."""
    return sum(
        request.path == "/api/system/restart" for request in server.miner.requests
    )


async def on_fallback(
    server: MinerServer,
    add_miner: AddMiner,
    pass_time: PassTime,
    options: dict[str, Any],
) -> MockConfigEntry:
    """Have a miner on its fallback pool while the primary is there again."""
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: 30, CONF_GUARD: options})
    await pass_time(2 * MINUTE, 30)
    server.miner.faults.set(pool_down=False)
    await pass_time(MINUTE, 30)
    assert entry.runtime_data.snapshot.pools.using_fallback
    return entry


async def test_it_is_restarted_once(
    server: MinerServer, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """After half an hour of answers; that is reported, and it is back."""
    entry = await on_fallback(server, add_miner, pass_time, ON)
    reported: list[dict[str, Any]] = []

    def listen(occurrence: Occurrence) -> None:
        if occurrence.type is OccurrenceType.GUARD:
            reported.append(dict(occurrence.data))

    entry.runtime_data.async_add_occurrence_listener(listen)
    await pass_time(25 * MINUTE, 30)
    assert restarts(server) == 0
    await pass_time(15 * MINUTE, 30)
    assert restarts(server) == 1
    assert entry.runtime_data.snapshot.pools.using_fallback is False
    assert [(item["action"], item["cause"]) for item in reported] == [
        ("restart", "fallback_pool")
    ]


async def test_nothing_unless_wanted(
    server: MinerServer, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """By default, and with the watchdog alone."""
    await on_fallback(server, add_miner, pass_time, {"watchdog": True})
    await pass_time(60 * MINUTE, MINUTE)
    assert restarts(server) == 0


async def test_a_pool_that_does_not_answer(
    server: MinerServer, pool: FakePool, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """The miner would only come back to the fallback pool."""
    await pool.stop()
    await on_fallback(server, add_miner, pass_time, ON)
    await pass_time(60 * MINUTE, MINUTE)
    assert restarts(server) == 0


async def test_maintenance_goes_first(
    hass: HomeAssistant, server: MinerServer, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Nobody of ours restarts a miner that somebody works on."""
    entry = await on_fallback(server, add_miner, pass_time, ON)
    guard = guard_of(hass, entry.entry_id)
    assert guard is not None
    await guard.async_begin_maintenance(timedelta(hours=2))
    await pass_time(60 * MINUTE, MINUTE)
    assert restarts(server) == 0


async def test_a_preferred_fallback_pool(
    simulate: Simulate, pool: FakePool, add_miner: AddMiner, pass_time: PassTime
) -> None:
    """Somebody chose it."""
    server = await simulate("gamma-2.15")
    server.miner.primary_pool["stratumURL"] = pool.host
    server.miner.primary_pool["stratumPort"] = pool.port
    server.miner.stored["useFallbackStratum"] = True
    server.miner.pools.load()
    server.miner.pools.choose()
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: 30, CONF_GUARD: ON})
    await pass_time(MINUTE, 30)
    assert entry.runtime_data.snapshot.pools.using_fallback
    await pass_time(60 * MINUTE, MINUTE)
    assert restarts(server) == 0
