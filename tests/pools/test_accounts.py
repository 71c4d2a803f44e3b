"""Pool accounts in Home Assistant, over a pool and miners on loopback."""

from collections.abc import Iterable
from dataclasses import replace
import time

from aiohttp import CookieJar
from homeassistant.components.logbook.helpers import async_filter_entities
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import (
    CONF_SCAN_INTERVAL,
    EVENT_STATE_CHANGED,
    STATE_UNAVAILABLE,
)
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.helpers.aiohttp_client import async_get_clientsession
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    MockUser,
    async_capture_events,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.axeos import Snapshot
from custom_components.bitaxe.const import DOMAIN, EVENT_ALERT
from custom_components.bitaxe.following import loaded_miners
from custom_components.bitaxe.pools import accounts
from custom_components.bitaxe.pools.accounts import async_get_pools
from custom_components.bitaxe.pools.matching import worker_of
from custom_components.bitaxe.pools.model import PoolKind
from custom_components.bitaxe.pools.sighting import Claim, claim_of
from custom_components.bitaxe.system_health import _async_info
from scripts.fake_pool import FakePool, FakeWorker
from scripts.simulator import MinerServer
from scripts.simulator.storage import WALLET

from ..conftest import AddMiner, PassTime, Settle, SetWallClock, Simulate
from ..web import sign_in
from .conftest import INTERVAL, AddSwarm, account_at, seen, the_account, worker_name

MINUTE = 60


def sensor_id(hass: HomeAssistant, unique_id: str) -> str | None:
    """Return the id of a sensor."""
    return er.async_get(hass).async_get_entity_id("sensor", DOMAIN, unique_id)


def of_miner(hass: HomeAssistant, entry: MockConfigEntry, key: str) -> State | None:
    """Return what a sensor of a miner shows."""
    found = sensor_id(hass, f"{entry.unique_id}_{key}")
    return None if found is None else hass.states.get(found)


def of_account(hass: HomeAssistant, key: str) -> State | None:
    """Return what a sensor of the only account shows."""
    found = sensor_id(hass, f"pool_{the_account(hass).subentry_id}_{key}")
    return None if found is None else hass.states.get(found)


@pytest.mark.usefixtures("every_entity")
async def test_miner_and_account(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """A miner has what the pool sees of it; the account has all workers."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server, hashrate=900.0))
    pool.see(FakeWorker("somebody", 100.0, 1.7e9, 5e6))
    pool.unpaid = 4321
    swarm = await swarm_with(account_at(pool, PoolKind.CKPOOL))

    hashrate = of_miner(hass, entry, "pool_hashrate")
    assert hashrate is not None
    assert float(hashrate.state) == 900
    assert hashrate.attributes["worker"] == worker_name(server)
    assert hashrate.attributes["miners"] == 1
    # 1000 per share, over twice the hour with which ckpool's mean decays: 1500 shares.
    assert hashrate.attributes["standard_error"] == pytest.approx(2.6, abs=0.1)
    off = of_miner(hass, entry, "pool_hashrate_deviation")
    assert off is not None
    claimed = entry.runtime_data.snapshot.hashing.hashrate_1h
    assert float(off.state) == pytest.approx(100 * (900 / claimed - 1), abs=0.1)
    last = of_miner(hass, entry, "pool_last_share")
    assert last is not None
    assert last.attributes["device_class"] == "timestamp"
    best = of_miner(hass, entry, "pool_best_difficulty")
    assert best is not None
    assert float(best.state) == 123456
    total = of_account(hass, "hashrate")
    assert total is not None
    assert float(total.state) == 1000
    assert of_account(hass, "workers").state == "2"  # type: ignore[union-attr]
    assert of_account(hass, "unpaid") is None
    device = dr.async_get(hass).async_get_device_by_identifier(
        (DOMAIN, f"pool_{the_account(hass).subentry_id}"), swarm.entry_id
    )
    assert device is not None
    assert device.entry_type is dr.DeviceEntryType.SERVICE
    registry = er.async_get(hass)
    of_registry = registry.async_get(hashrate.entity_id)
    assert of_registry is not None
    assert of_registry.config_entry_id == entry.entry_id

    pool.see(seen(server, hashrate=1100.0))
    await pass_time(INTERVAL * MINUTE * 1.2, MINUTE)
    hashrate = hass.states.get(hashrate.entity_id)
    assert hashrate is not None
    assert float(hashrate.state) == 1100


async def test_what_is_read_again_is_no_line_of_the_logbook(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """The logbook leaves out measured figures; other states are lines of it."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server, hashrate=900.0))
    await swarm_with(account_at(pool, PoolKind.CKPOOL))
    # The swarm counts a new miner with its next figures.
    await pass_time(2 * MINUTE, MINUTE)
    before = of_miner(hass, entry, "pool_hashrate")
    states = async_capture_events(hass, EVENT_STATE_CHANGED)
    pool.see(replace(seen(server, hashrate=1100.0), last_share=time.time() + 1))
    await pass_time(INTERVAL * MINUTE * 1.2, MINUTE)
    assert of_miner(hass, entry, "pool_hashrate") != before
    changed = {
        event.data["entity_id"]
        for event in states
        if event.data["old_state"].state != event.data["new_state"].state
    }
    assert changed
    assert async_filter_entities(hass, list(changed)) == []


@pytest.mark.parametrize("kind", [PoolKind.PUBLIC_POOL, PoolKind.OCEAN])
async def test_other_pools(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    kind: PoolKind,
) -> None:
    """Each shows what it has, and nothing is shown that it does not say."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    pool.see(seen(server, hashrate=900.0))
    pool.unpaid = 4321
    await swarm_with(account_at(pool, kind))
    hashrate = of_miner(hass, entry, "pool_hashrate")
    assert hashrate is not None
    assert float(hashrate.state) == 900
    unpaid = of_account(hass, "unpaid")
    assert (unpaid is None) == (kind is PoolKind.PUBLIC_POOL)
    if unpaid is not None:
        assert unpaid.state == "4321"
        assert of_miner(hass, entry, "pool_last_share") is None


async def test_miners_that_share_a_worker(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """The pool sees their sum; each says so, and is compared with the sum."""
    servers = [await simulate("gamma-2.12"), await simulate("gamma-2.15")]
    servers[1].miner.primary_pool["stratumUser"] = f"{WALLET.upper()}." + worker_name(
        servers[0]
    )
    entries = [await add_miner(server) for server in servers]
    pool.see(seen(servers[0], hashrate=2300.0))
    await swarm_with(account_at(pool))
    claimed = sum(entry.runtime_data.snapshot.hashing.hashrate_1h for entry in entries)
    for entry in entries:
        hashrate = of_miner(hass, entry, "pool_hashrate")
        assert hashrate is not None
        assert float(hashrate.state) == 2300
        assert hashrate.attributes["miners"] == 2
        off = of_miner(hass, entry, "pool_hashrate_deviation")
        assert off is not None
        assert float(off.state) == pytest.approx(100 * (2300 / claimed - 1), abs=0.1)


async def test_miner_of_another_account(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
) -> None:
    """It has no entity: nobody was asked about it."""
    server = await simulate("gamma-2.12")
    server.miner.primary_pool["stratumUser"] = "bc1qanother.worker"
    entry = await add_miner(server)
    await swarm_with(account_at(pool))
    assert of_miner(hass, entry, "pool_hashrate") is None


async def test_pool_that_fails(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """Its entities are unavailable, a repair says why, and it is not asked again."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server))
    await swarm_with(account_at(pool))
    assert (await _async_info(hass))["pool_accounts_available"] == 1
    pool.status = 500
    pool.requests.clear()
    # Five minutes, then 10, 20 and 40 later, and up to a tenth more.
    await pass_time(100 * MINUTE, MINUTE)
    assert 3 <= len(pool.requests) <= 5
    shown = of_miner(hass, entry, "pool_hashrate")
    assert shown is not None
    assert shown.state == STATE_UNAVAILABLE
    assert of_account(hass, "hashrate").state == STATE_UNAVAILABLE  # type: ignore[union-attr]
    issues = [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "pool_account_failing"
    ]
    assert len(issues) == 1
    assert issues[0].translation_placeholders is not None
    assert "500" in issues[0].translation_placeholders["reason"]
    info = await _async_info(hass)
    assert (info["pool_accounts"], info["pool_accounts_available"]) == (1, 0)
    # The miner is as well as ever.
    assert entry.state is ConfigEntryState.LOADED
    assert entry.runtime_data.last_update_success
    own = of_miner(hass, entry, "hashrate")
    assert own is not None
    assert own.state != STATE_UNAVAILABLE

    pool.status = 200
    await pass_time(3 * 60 * MINUTE, MINUTE)
    shown = of_miner(hass, entry, "pool_hashrate")
    assert shown is not None
    assert shown.state != STATE_UNAVAILABLE
    assert not [
        issue
        for issue in ir.async_get(hass).issues.values()
        if issue.translation_key == "pool_account_failing"
    ]


@pytest.mark.parametrize("how", ["asked", "unloaded"])
async def test_a_failing_account_that_is_removed(
    hass: HomeAssistant,
    pool: FakePool,
    swarm_with: AddSwarm,
    settle: Settle,
    pass_time: PassTime,
    issue_registry: ir.IssueRegistry,
    how: str,
) -> None:
    """Neither while it is asked nor while the swarm is not set up a repair stays."""
    swarm = await swarm_with(account_at(pool))
    account = the_account(hass)
    issue = (DOMAIN, f"pool_account_failing_{account.subentry_id}")
    removed: list[bool] = []

    def remove() -> None:
        if account.subentry_id in swarm.subentries and account.failures >= 2:
            hass.config_entries.async_remove_subentry(swarm, account.subentry_id)
            removed.append(True)

    pool.status = 500
    if how == "asked":
        pool.refresh = remove
        await pass_time(80 * MINUTE, 5 * MINUTE)
    else:
        await pass_time(80 * MINUTE, 5 * MINUTE)
        assert issue_registry.async_get_issue(*issue) is not None
        await hass.config_entries.async_unload(swarm.entry_id)
        remove()
        await settle()
    assert removed
    assert issue_registry.async_get_issue(*issue) is None


async def test_a_pool_does_not_recognize_a_home(
    hass: HomeAssistant,
    pool: FakePool,
    swarm_with: AddSwarm,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its cookies are kept neither for it nor for what else is asked of its host."""
    pool.headers = {"Set-Cookie": "home=1; Path=/"}
    # Of hosts without a name, cookies are kept only where that is wanted.
    shared = CookieJar(unsafe=True)
    monkeypatch.setattr(async_get_clientsession(hass), "_cookie_jar", shared)
    await swarm_with(account_at(pool, PoolKind.CKPOOL))
    asked = len(pool.requests)
    assert asked
    await pass_time(2 * INTERVAL * MINUTE)
    assert len(pool.requests) > asked
    assert "Cookie" not in pool.request_headers
    assert list(shared) == []


async def test_busy_pool(
    hass: HomeAssistant, pool: FakePool, swarm_with: AddSwarm, pass_time: PassTime
) -> None:
    """It is not asked before the time it names."""
    await swarm_with(account_at(pool))
    pool.status = 429
    pool.headers = {"Retry-After": str(3 * 3600)}
    await pass_time(INTERVAL * MINUTE * 1.2, MINUTE)
    pool.requests.clear()
    await pass_time(170 * MINUTE, 5 * MINUTE)
    assert pool.requests == []
    await pass_time(30 * MINUTE, 5 * MINUTE)
    assert pool.requests


async def test_hostile_pool(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
) -> None:
    """Absurd figures are unknown, and markup is a name."""
    server = await simulate("gamma-2.12")
    name = "<b onclick=alert(1)>@everyone</b>"
    server.miner.primary_pool["stratumUser"] = f"{WALLET}.{name}"
    entry = await add_miner(server)
    worker = f'{{"name": "{name}", "hashRate": 1e308, "lastSeen": NaN}}'
    pool.body = f'{{"workers": [{worker}]}}'.encode()
    await swarm_with(account_at(pool, PoolKind.PUBLIC_POOL))
    shown = of_miner(hass, entry, "pool_hashrate")
    assert shown is not None
    assert shown.state == "unknown"
    assert shown.attributes["worker"] == name


async def test_removal(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    settle: Settle,
    pass_time: PassTime,
) -> None:
    """With the account go its entities, also at the miners; it is not asked."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server))
    swarm = await swarm_with(account_at(pool))
    account = the_account(hass)
    own = sensor_id(hass, f"pool_{account.subentry_id}_hashrate")
    assert own is not None
    assert of_miner(hass, entry, "pool_hashrate") is not None
    hass.config_entries.async_remove_subentry(swarm, account.subentry_id)
    await settle()
    assert hass.states.get(own) is None
    assert of_miner(hass, entry, "pool_hashrate") is None
    assert async_get_pools(hass).accounts == []
    devices = dr.async_entries_for_config_entry(dr.async_get(hass), swarm.entry_id)
    assert [device.config_subentry_id for device in devices] == [None]
    pool.requests.clear()
    await pass_time(30 * MINUTE, 5 * MINUTE)
    assert pool.requests == []


async def test_two_accounts(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    settle: Settle,
) -> None:
    """One address at two pools: what counts is where the miner is seen."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    async with FakePool(WALLET) as other:
        pool.see(seen(server, hashrate=0.0, ago=9 * 3600))
        other.see(seen(server, hashrate=1110.0))
        swarm = await swarm_with(account_at(pool), account_at(other))
        shown = of_miner(hass, entry, "pool_hashrate")
        assert shown is not None
        assert float(shown.state) == 1110
        # One that fails leaves the other alone, and the removal of one does.
        first = async_get_pools(hass).accounts[0]
        hass.config_entries.async_remove_subentry(swarm, first.subentry_id)
        await settle()
        assert len(async_get_pools(hass).accounts) == 1
        shown = of_miner(hass, entry, "pool_hashrate")
        assert shown is not None
        assert float(shown.state) == 1110


async def test_reload_and_restart(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    settle: Settle,
) -> None:
    """Entities outlive an unloaded swarm and miner, and a pool that is off."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    pool.see(seen(server))
    swarm = await swarm_with(account_at(pool))
    await hass.config_entries.async_unload(swarm.entry_id)
    await settle()
    shown = of_miner(hass, entry, "pool_hashrate")
    assert shown is not None
    assert shown.state == STATE_UNAVAILABLE
    await hass.config_entries.async_reload(entry.entry_id)
    await settle()
    pool.status = 500
    await hass.config_entries.async_setup(swarm.entry_id)
    await settle()
    shown = of_miner(hass, entry, "pool_hashrate")
    assert shown is not None
    assert shown.state == STATE_UNAVAILABLE
    assert of_account(hass, "hashrate") is not None


async def silent_for(
    server: MinerServer, pool: FakePool, pass_time: PassTime, seconds: float
) -> None:
    """Let the pool see no share while the miner believes it mines."""
    pool.see(seen(server, hashrate=900.0, ago=0))
    await pass_time(seconds, MINUTE)


async def test_worker_that_is_not_seen(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """An alert is raised after longer than chance allows, and cleared with a share."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server))
    await swarm_with(account_at(pool))
    heard = async_capture_events(hass, EVENT_ALERT)
    await silent_for(server, pool, pass_time, 12 * MINUTE)
    assert [event.data["kind"] for event in heard] == []
    await pass_time(12 * MINUTE, MINUTE)
    raised = [event.data for event in heard]
    assert [(item["kind"], item["phase"]) for item in raised] == [
        ("unseen_by_pool", "raised")
    ]
    assert raised[0]["name"] == entry.title
    pool.see(seen(server))
    await pass_time(6 * MINUTE, MINUTE)
    assert [event.data["phase"] for event in heard] == ["raised", "cleared"]


@pytest.mark.parametrize("hours", [-3, 3])
async def test_a_clock_at_home_that_is_wrong(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
    set_wall_clock: SetWallClock,
    hours: float,
) -> None:
    """Shares are as old as the pool's own clock says: nothing is alerted, or missed."""
    set_wall_clock(hours * 60 * MINUTE)
    server = await simulate("gamma-2.12")
    await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})

    def share() -> None:
        pool.see(replace(seen(server), last_share=time.time() - 60))

    pool.refresh = share
    await swarm_with(account_at(pool))
    heard = async_capture_events(hass, EVENT_ALERT)
    await pass_time(30 * MINUTE, MINUTE)
    assert [event.data["kind"] for event in heard] == []
    pool.refresh = None
    await pass_time(30 * MINUTE, MINUTE)
    assert [event.data["kind"] for event in heard] == ["unseen_by_pool"]


@pytest.mark.parametrize("user", [None, "bc1qsomebodyelse", WALLET])
async def test_an_account_that_is_removed_has_no_alert(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
    user: str | None,
) -> None:
    """Nobody could say that it is over, and another account can say neither."""
    server = await simulate("gamma-2.12")
    await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server))
    swarm = await swarm_with(account_at(pool))
    (subentry_id,) = swarm.subentries
    if user is not None:
        # One of somebody else, or of the same person at a pool that does not answer.
        url = pool.url if user != WALLET else "http://127.0.0.1:1"
        other = account_at(pool, user=user, url=url)
        await swarm_with({**other, "title": "Other", "unique_id": "other"})
    heard = async_capture_events(hass, EVENT_ALERT)
    await silent_for(server, pool, pass_time, 24 * MINUTE)
    assert [event.data["phase"] for event in heard] == ["raised"]
    hass.config_entries.async_remove_subentry(swarm, subentry_id)
    await hass.async_block_till_done()
    await pass_time(3 * MINUTE, MINUTE)
    assert [event.data["phase"] for event in heard] == ["raised", "cleared"]
    assert "removed" in heard[1].data["message"]


async def test_silence_that_is_none(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """Paused miners, high difficulties and pools that fail raise no alert."""
    server = await simulate("gamma-2.12")
    await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server))
    await swarm_with(account_at(pool))
    heard = async_capture_events(hass, EVENT_ALERT)
    server.miner.pause()
    await pass_time(40 * MINUTE, MINUTE)
    server.miner.resume()
    await pass_time(10 * MINUTE, MINUTE)
    pool.status = 500
    await pass_time(60 * MINUTE, MINUTE)
    assert [
        event.data["kind"] for event in heard if event.data["kind"] == "unseen_by_pool"
    ] == []


async def test_diagnostics(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
) -> None:
    """They say whether accounts are read, and nothing of whose they are."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    pool.see(seen(server))
    swarm = await swarm_with(account_at(pool))
    assert await async_setup_component(hass, "diagnostics", {})
    browser = await sign_in(hass, hass_client, hass_admin_user)
    response = await browser.get(f"/api/diagnostics/config_entry/{swarm.entry_id}")
    found = (await response.json())["data"]
    assert found["pool_accounts"] == [
        {
            "kind": "ckpool",
            "interval": INTERVAL,
            "available": True,
            "failures": 0,
            "problem": None,
            "workers": 1,
        }
    ]
    assert WALLET not in str(found)
    assert WALLET[:6] + "…" not in str(found)


async def test_worker_that_is_not_listed(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """A pool that knew it, and does not list it any more, sees it no longer."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    pool.see(seen(server))
    await swarm_with(account_at(pool, PoolKind.PUBLIC_POOL))
    heard = async_capture_events(hass, EVENT_ALERT)
    pool.workers.clear()
    await pass_time(40 * MINUTE, MINUTE)
    assert [(event.data["kind"], event.data["reason"]) for event in heard] == [
        ("unseen_by_pool", "not_listed")
    ]
    shown = of_miner(hass, entry, "pool_hashrate")
    assert shown is not None
    assert float(shown.state) == 0


async def test_pool_that_never_knew_the_miner(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
) -> None:
    """It may be another pool than the miner's; of the same site it is the miner's."""
    servers = [await simulate("gamma-2.12"), await simulate("gamma-2.15")]
    servers[1].miner.primary_pool["stratumURL"] = pool.host
    for server in servers:
        await add_miner(server, {CONF_SCAN_INTERVAL: MINUTE})
    await swarm_with(account_at(pool))
    heard = async_capture_events(hass, EVENT_ALERT)
    await pass_time(40 * MINUTE, MINUTE)
    assert [event.data["name"] for event in heard] == [servers[1].miner.spec.name]


async def test_a_pool_is_compared_once_a_poll(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    pass_time: PassTime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """However many ask for it, and without looking at each other miner for each."""
    servers = [await simulate("gamma-2.12") for _ in range(4)]
    for number, server in enumerate(servers):
        server.miner.primary_pool["stratumUser"] = f"{WALLET}.rig{number}"
        await add_miner(server)
        pool.see(seen(server))
    await swarm_with(account_at(pool))
    pools = async_get_pools(hass)
    compared: list[int] = []
    matched: list[str | None] = []

    def claim(snapshots: Iterable[Snapshot | None], window: float | None) -> Claim:
        found = list(snapshots)
        compared.append(len(found))
        return claim_of(found, window)

    def match(login: str | None, account: str) -> str | None:
        matched.append(login)
        return worker_of(login, account)

    monkeypatch.setattr(accounts, "claim_of", claim)
    monkeypatch.setattr(accounts, "worker_of", match)
    await pass_time(10)
    polls = len(compared) / len(servers)
    assert compared == [1] * len(compared)
    assert 1 <= polls <= 2
    asked = len(compared)
    before = len(matched)
    for _ in range(3):
        for miner in loaded_miners(hass):
            sighting = pools.sighting_of(miner)
            assert sighting is not None
            assert sighting.claim.miners == 1
    assert len(compared) == asked
    # Each time a miner's own login, and never those of all.
    assert len(matched) - before == 3 * len(servers)

    # One that takes the name of another is seen with it from its next reading on.
    servers[0].miner.primary_pool["stratumUser"] = f"{WALLET}.rig1"
    await pass_time(30, 10)
    shared = [pools.sighting_of(miner) for miner in loaded_miners(hass)]
    assert sorted(found.claim.miners for found in shared if found is not None) == [
        1,
        1,
        2,
        2,
    ]
