"""Repair issues, and the one that a click fixes."""

from http import HTTPStatus
from typing import Any

from aiohttp.test_utils import TestClient
from homeassistant.config_entries import ConfigEntryDisabler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry, MockUser
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator

from custom_components.bitaxe.const import DOMAIN
from scripts.simulator import MinerServer

from .conftest import AddMiner, PassTime, Simulate
from .web import sign_in

pytestmark = pytest.mark.usefixtures("swarm_entry")


class Repair:
    """What a person sees and clicks in the repairs dashboard."""

    def __init__(self, client: TestClient, issue_id: str) -> None:
        """Keep the issue; nothing is opened yet."""
        self._client = client
        self._issue_id = issue_id
        self._flow_id = ""

    async def open(self) -> dict[str, Any]:
        """Open the issue."""
        shown = await self._post(
            "/api/repairs/issues/fix", {"handler": DOMAIN, "issue_id": self._issue_id}
        )
        self._flow_id = shown["flow_id"]
        return shown

    async def submit(self, **answers: str) -> dict[str, Any]:
        """Confirm, or choose."""
        return await self._post(f"/api/repairs/issues/fix/{self._flow_id}", answers)

    async def _post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        response = await self._client.post(path, json=data)
        assert response.status == HTTPStatus.OK
        result: dict[str, Any] = await response.json()
        return result


@pytest.fixture
async def fix(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    hass_admin_user: MockUser,
    detuned: tuple[MinerServer, MockConfigEntry],
) -> Repair:
    """Return the repair of the miner that overheated."""
    assert await async_setup_component(hass, "repairs", {})
    _, entry = detuned
    client = await sign_in(hass, hass_client, hass_admin_user)
    return Repair(client, f"detuned_{entry.entry_id}")


def issue(hass: HomeAssistant, entry: MockConfigEntry) -> ir.IssueEntry | None:
    """Return the issue of a de-tuned miner, if there is one."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"detuned_{entry.entry_id}")


async def overheat(server: MinerServer, pass_time: PassTime) -> None:
    """Let a miner get too hot, lower its settings, and cool down again."""
    server.miner.faults.ambient_offset = 60
    for _ in range(60):
        await pass_time(60)
        if server.miner.truth.overheats:
            break
    server.miner.faults.ambient_offset = 0
    await pass_time(900)


@pytest.fixture
async def detuned(
    simulate: Simulate, add_miner: AddMiner, pass_time: PassTime
) -> tuple[MinerServer, MockConfigEntry]:
    """Return a miner that overheated."""
    server = await simulate("gamma-2.12")
    entry = await add_miner(server)
    await overheat(server, pass_time)
    return server, entry


async def test_restored_with_one_click(
    hass: HomeAssistant,
    detuned: tuple[MinerServer, MockConfigEntry],
    fix: Repair,
) -> None:
    """The miner runs again at what somebody chose for it, and the issue is gone."""
    _, entry = detuned
    intended = entry.runtime_data.intended.operating_point
    found = issue(hass, entry)
    assert found is not None
    assert found.is_fixable
    assert found.translation_placeholders is not None
    assert found.translation_placeholders["intended"] == str(intended)
    shown = await fix.open()
    assert shown["step_id"] == "confirm"
    assert shown["description_placeholders"] == found.translation_placeholders
    done = await fix.submit()
    assert done["type"] == "create_entry"
    assert entry.runtime_data.snapshot.operating_point == intended
    assert entry.runtime_data.snapshot.cooling.auto_fan is True
    assert issue(hass, entry) is None


async def test_the_miner_refuses(
    hass: HomeAssistant,
    detuned: tuple[MinerServer, MockConfigEntry],
    fix: Repair,
) -> None:
    """The reason is shown, and a second try may succeed."""
    server, entry = detuned
    await fix.open()
    server.miner.faults.ignore_writes = True
    shown = await fix.submit()
    assert shown["type"] == "form"
    assert shown["errors"] == {"base": "restore_failed"}
    assert "does not confirm" in shown["description_placeholders"]["reason"]
    assert issue(hass, entry) is not None
    server.miner.faults.ignore_writes = False
    assert (await fix.submit())["type"] == "create_entry"
    assert issue(hass, entry) is None


async def test_the_miner_is_not_set_up(
    hass: HomeAssistant,
    detuned: tuple[MinerServer, MockConfigEntry],
    fix: Repair,
) -> None:
    """Nothing can be restored then."""
    _, entry = detuned
    await fix.open()
    await hass.config_entries.async_unload(entry.entry_id)
    shown = await fix.submit()
    assert (shown["type"], shown["reason"]) == ("abort", "miner_not_set_up")


async def test_a_miner_that_is_disabled_needs_nobody(
    hass: HomeAssistant, detuned: tuple[MinerServer, MockConfigEntry]
) -> None:
    """Nobody reads it, so nothing is known; enabled again, it says so anew."""
    _, entry = detuned
    assert issue(hass, entry) is not None
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert issue(hass, entry) is None
    await hass.config_entries.async_set_disabled_by(entry.entry_id, None)
    await hass.async_block_till_done()
    assert issue(hass, entry) is not None


async def test_a_miner_that_cannot_be_read_and_is_disabled(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """It was never set up, but it has a repair all the same."""
    server = await simulate("gamma-2.12")
    server.miner.faults.refuse_network = True
    entry = await add_miner(server)
    registry = ir.async_get(hass)
    refused = (DOMAIN, f"network_refused_{entry.entry_id}")
    assert registry.async_get_issue(*refused) is not None
    await hass.config_entries.async_set_disabled_by(
        entry.entry_id, ConfigEntryDisabler.USER
    )
    await hass.async_block_till_done()
    assert registry.async_get_issue(*refused) is None


async def test_what_went_while_nobody_looked(
    hass: HomeAssistant, simulate: Simulate, add_miner: AddMiner
) -> None:
    """As when the integration is taken away, its entries with it, and comes back."""
    registry = ir.async_get(hass)
    for owner, kind in (
        ("01GONE", "block_found"),
        ("bitaxe.01GONE.alerts", "stored_file"),
    ):
        ir.async_create_issue(
            hass,
            DOMAIN,
            f"{kind}_{owner}",
            is_fixable=True,
            is_persistent=True,
            severity=ir.IssueSeverity.WARNING,
            translation_key=kind,
        )
    await add_miner(await simulate("gamma-2.12"))
    assert [name for domain, name in registry.issues if domain == DOMAIN] == []


async def test_the_miner_was_removed(
    hass: HomeAssistant,
    detuned: tuple[MinerServer, MockConfigEntry],
    fix: Repair,
) -> None:
    """While the dialog was open."""
    _, entry = detuned
    await fix.open()
    await hass.config_entries.async_remove(entry.entry_id)
    shown = await fix.submit()
    assert (shown["type"], shown["reason"]) == ("abort", "miner_removed")
    assert issue(hass, entry) is None
