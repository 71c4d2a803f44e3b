"""The dashboard is one click away, and nobody is asked twice."""

from homeassistant.components.lovelace.const import LOVELACE_DATA
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.const import DOMAIN

from .conftest import AddMiner, Settle, Simulate
from .test_repairs import Repair
from .web import sign_in

PATH = "bitaxe-swarm"


@pytest.fixture
async def dashboards(hass: HomeAssistant, swarm_entry: MockConfigEntry) -> None:
    """Set up what keeps dashboards, and repairs."""
    for component in ("lovelace", "repairs"):
        assert await async_setup_component(hass, component, {})


@pytest.fixture
async def repair(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    simulate: Simulate,
    add_miner: AddMiner,
    dashboards: None,
) -> Repair:
    """Return the offer as a person sees it, with the first miner."""
    await add_miner(await simulate())
    return Repair(await sign_in(hass, hass_client, hass_admin_user), "dashboard")


def is_offered(hass: HomeAssistant) -> bool:
    """Whether somebody is asked."""
    return ir.async_get(hass).async_get_issue(DOMAIN, "dashboard") is not None


async def start_again(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Do what a restart of Home Assistant does to the swarm."""
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)


async def test_added_with_one_answer(
    hass: HomeAssistant,
    repair: Repair,
    swarm_entry: MockConfigEntry,
) -> None:
    """It is a dashboard like any other, kept by Home Assistant."""
    assert is_offered(hass)
    assert (await repair.open())["menu_options"] == ["add", "decline"]
    done = await repair.submit(next_step_id="add")
    assert done["type"] == "create_entry"
    dashboard = hass.data[LOVELACE_DATA].dashboards[PATH]
    assert dashboard.config is not None
    assert dashboard.config["title"] == "Bitaxe"
    config = await dashboard.async_load(False)
    assert config == {"strategy": {"type": "custom:bitaxe"}}
    assert not is_offered(hass)
    # Anyone who deletes it later does not want it.
    await dashboard.async_save({"views": []})
    await start_again(hass, swarm_entry)
    assert not is_offered(hass)


async def test_no_is_an_answer(
    hass: HomeAssistant,
    repair: Repair,
    swarm_entry: MockConfigEntry,
) -> None:
    """For good."""
    await repair.open()
    await repair.submit(next_step_id="decline")
    assert not is_offered(hass)
    assert PATH not in hass.data[LOVELACE_DATA].dashboards
    await start_again(hass, swarm_entry)
    assert not is_offered(hass)


async def test_a_path_that_is_taken(
    hass: HomeAssistant,
    repair: Repair,
) -> None:
    """Another dashboard is left as it is."""
    hass.data[LOVELACE_DATA].dashboards[PATH] = hass.data[LOVELACE_DATA].dashboards[
        None
    ]
    await repair.open()
    assert (await repair.submit(next_step_id="add"))["type"] == "create_entry"
    assert f"{PATH}-2" in hass.data[LOVELACE_DATA].dashboards


@pytest.mark.usefixtures("dashboards")
async def test_who_has_one_is_not_asked(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner, settle: Settle
) -> None:
    """Nor is asked any longer once there is one with any of our cards."""
    await add_miner(await simulate())
    assert is_offered(hass)
    cards = [{"type": "custom:bitaxe-swarm-card"}]
    default = hass.data[LOVELACE_DATA].dashboards[None]
    await default.async_save({"views": [{"cards": cards}]})
    await settle()
    assert not is_offered(hass)


async def test_without_dashboards_nobody_is_asked(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: AddMiner,
    swarm_entry: MockConfigEntry,
) -> None:
    """Home Assistant can run without its frontend."""
    await add_miner(await simulate())
    assert not is_offered(hass)
