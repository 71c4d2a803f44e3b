"""Setting up a pool account."""

from typing import Any

from homeassistant.config_entries import SOURCE_RECONFIGURE, SOURCE_USER
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.bitaxe.pools.accounts import async_get_pools
from custom_components.bitaxe.pools.model import PoolKind
from custom_components.bitaxe.pools.settings import PUBLIC_URLS, SUBENTRY_TYPE
from scripts.fake_pool import FakePool, FakeWorker
from scripts.simulator.storage import WALLET

from ..conftest import AddMiner, Settle, Simulate
from ..forms import filled_in
from .conftest import AddSwarm, account_at, seen, the_account


async def begin(
    hass: HomeAssistant, swarm: MockConfigEntry, kind: PoolKind
) -> dict[str, Any]:
    """Open the form of a kind of pool."""
    flows = hass.config_entries.subentries
    result = await flows.async_init(
        (swarm.entry_id, SUBENTRY_TYPE), context={"source": SOURCE_USER}
    )
    assert result["type"] is FlowResultType.MENU
    assert result["menu_options"] == list(PoolKind)
    return dict(
        await flows.async_configure(result["flow_id"], {"next_step_id": kind.value})
    )


def suggested(result: dict[str, Any]) -> dict[str, Any]:
    """Return what the fields of a form hold at first."""
    return {
        str(key): key.description["suggested_value"]
        for key in result["data_schema"].schema
        if key.description and "suggested_value" in key.description
    }


@pytest.mark.parametrize(
    "kind", [kind for kind in PoolKind if kind is not PoolKind.JSON]
)
async def test_public_pools(
    hass: HomeAssistant,
    pool: FakePool,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_with: AddSwarm,
    settle: Settle,
    kind: PoolKind,
) -> None:
    """The miners' public address and account are offered; a home one is taken."""
    server = await simulate("gamma-2.12")
    await add_miner(server)
    swarm = await swarm_with()
    pool.see(seen(server))
    result = await begin(hass, swarm, kind)
    assert result["step_id"] == "account"
    assert suggested(result)["url"] == PUBLIC_URLS[kind]
    assert suggested(result)["user"] == WALLET
    result = dict(
        await hass.config_entries.subentries.async_configure(
            result["flow_id"],
            {"url": f" {pool.url}/ ", "user": f" {WALLET} ", "interval": 30},
        )
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["data"] == {
        "kind": kind.value,
        "url": pool.url,
        "user": WALLET,
        "interval": 30,
    }
    assert result["title"].endswith(f"{WALLET[:6]}…{WALLET[-4:]}")
    await settle()
    account = the_account(hass)
    assert account.last_update_success
    assert account.update_interval is not None
    assert 30 <= account.update_interval.total_seconds() / 60 <= 33


async def test_any_pool(
    hass: HomeAssistant, pool: FakePool, swarm_with: AddSwarm, settle: Settle
) -> None:
    """A person says where what is; the account has a place in the address."""
    swarm = await swarm_with()
    pool.see(FakeWorker("attic", 1180.0, 1.79e9, 5.0))
    pool.unpaid = 77
    result = await begin(hass, swarm, PoolKind.JSON)
    result = dict(
        await hass.config_entries.subentries.async_configure(
            result["flow_id"],
            {
                "url": f"{pool.url}/stats/{{user}}",
                "user": WALLET,
                "interval": 10,
                "paths": {
                    "workers": "data.miners",
                    "name": "id",
                    "hashrate": "rate",
                    "hashrate_unit": "TH/s",
                    "window_minutes": 10,
                    "last_share": "last",
                    "unpaid": "data.owed",
                    "unpaid_unit": "sat",
                },
            },
        )
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await settle()
    data = the_account(hass).data
    assert data.hashrate == pytest.approx(1180)
    assert data.unpaid == 77
    assert data.window == 600


async def test_paths_that_may_be_empty_can_be_emptied(
    hass: HomeAssistant, swarm_with: AddSwarm
) -> None:
    """A browser leaves out what is empty, and a default would come back."""
    result = await begin(hass, await swarm_with(), PoolKind.JSON)
    shown = filled_in(result)
    assert shown["paths"]["workers"] == "workers"
    assert shown["paths"].pop("name") == "name"
    del shown["paths"]["workers"]
    there = {"url": "http://pool.example", "user": "bc1qsomebody"}
    sent = result["data_schema"](shown | there)
    assert not {"workers", "name"} & set(sent["paths"])


@pytest.mark.parametrize(
    ("entered", "errors"),
    [
        ({"url": "pool.example"}, {"url": "invalid_url"}),
        ({"url": "http://me:secret@pool.example"}, {"url": "invalid_url"}),
        ({"user": "two words"}, {"user": "invalid_user"}),
        ({"user": "bc1qnobody"}, {"base": "pool_account_unknown"}),
        ({"url": "http://127.0.0.1:1"}, {"base": "pool_unreachable"}),
    ],
)
async def test_mistakes(
    hass: HomeAssistant,
    pool: FakePool,
    swarm_with: AddSwarm,
    entered: dict[str, str],
    errors: dict[str, str],
) -> None:
    """Each is named at its field; what was entered stays, and can be mended."""
    swarm = await swarm_with()
    flows = hass.config_entries.subentries
    result = await begin(hass, swarm, PoolKind.CKPOOL)
    right = {"url": pool.url, "user": WALLET, "interval": 10}
    result = dict(await flows.async_configure(result["flow_id"], {**right, **entered}))
    assert result["type"] is FlowResultType.FORM
    assert result["errors"] == errors
    assert suggested(result) == {**right, **entered}
    result = dict(await flows.async_configure(result["flow_id"], right))
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("status", "error"),
    [(429, "pool_busy"), (301, "pool_redirect"), (500, "pool_refused")],
)
async def test_pool_that_refuses(
    hass: HomeAssistant,
    pool: FakePool,
    swarm_with: AddSwarm,
    status: int,
    error: str,
) -> None:
    """Nothing is added that does not answer."""
    swarm = await swarm_with()
    pool.status = status
    pool.headers = {"Location": "http://127.0.0.1:1"}
    result = await begin(hass, swarm, PoolKind.OCEAN)
    result = dict(
        await hass.config_entries.subentries.async_configure(
            result["flow_id"], {"url": pool.url, "user": WALLET, "interval": 10}
        )
    )
    assert result["errors"] == {"base": error}
    assert result["description_placeholders"]["reason"] == str(status)


async def test_an_account_is_added_once(
    hass: HomeAssistant, pool: FakePool, swarm_with: AddSwarm
) -> None:
    """One account is added once; the pool is not even asked."""
    swarm = await swarm_with(account_at(pool))
    pool.requests.clear()
    result = await begin(hass, swarm, PoolKind.CKPOOL)
    result = dict(
        await hass.config_entries.subentries.async_configure(
            result["flow_id"], {"url": pool.url, "user": WALLET, "interval": 10}
        )
    )
    assert result["errors"] == {"base": "already_configured"}
    assert pool.requests == []


async def test_reconfigure(
    hass: HomeAssistant,
    pool: FakePool,
    swarm_with: AddSwarm,
    settle: Settle,
) -> None:
    """An account moves to another address; its entities stay."""
    swarm = await swarm_with(account_at(pool))
    before = the_account(hass)
    flows = hass.config_entries.subentries
    async with FakePool(WALLET) as other:
        result = dict(
            await flows.async_init(
                (swarm.entry_id, SUBENTRY_TYPE),
                context={
                    "source": SOURCE_RECONFIGURE,
                    "subentry_id": before.subentry_id,
                },
            )
        )
        assert result["step_id"] == "account"
        assert suggested(result)["url"] == pool.url
        result = dict(
            await flows.async_configure(
                result["flow_id"], {"url": other.url, "user": WALLET, "interval": 60}
            )
        )
        assert result["reason"] == "reconfigure_successful"
        await settle()
        (account,) = async_get_pools(hass).accounts
        assert account.subentry_id == before.subentry_id
        assert account.settings.url == other.url
        assert other.requests
