"""Entries of another integration that stand for several miners become one of each."""

from typing import Any

from homeassistant.components.recorder import Recorder, get_instance
from homeassistant.components.recorder.models import StatisticMeanType
from homeassistant.components.recorder.statistics import (
    async_import_statistics,
    get_metadata,
)
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_HOST, CONF_PORT
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    device_registry as dr,
    entity_registry as er,
    issue_registry as ir,
)
from homeassistant.loader import DATA_CUSTOM_COMPONENTS
from homeassistant.setup import async_setup_component
from homeassistant.util import dt as dt_util
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.components.recorder.common import (
    async_wait_recording_done,
)
from pytest_homeassistant_custom_component.typing import (
    ClientSessionGenerator,
    WebSocketGenerator,
)

from custom_components.bitaxe.const import CONF_KIND, DOMAIN, KIND_MINER
from custom_components.bitaxe.coordinator import MinerCoordinator
from scripts.simulator import MinerServer

from .conftest import Simulate
from .test_migration import INCREASING, MEASUREMENT, set_up

SENSORS: dict[str, tuple[str | None, str | None, dict[str, str]]] = {
    "hashrate": ("H/s", "hashrate", MEASUREMENT),
    "shares_accepted": (None, "shares_accepted", INCREASING),
    "best_diff": (None, "best_difficulty", MEASUREMENT),
    "temperature": ("°C", "asic_temperature", MEASUREMENT),
    "power": ("W", "power", MEASUREMENT),
    "core_voltage_actual": ("mV", "core_voltage_actual", MEASUREMENT),
    "fan_rpm": (None, "fan_rpm", MEASUREMENT),
    "uptime": ("s", None, INCREASING),
    "efficiency": ("J/GH", None, MEASUREMENT),
    "asic_count": (None, None, MEASUREMENT),
}
"""Unit, what it becomes of ours, and kind of statistics of each old sensor."""


@pytest.fixture
def enable_custom_integrations(recorder_mock: Recorder, hass: HomeAssistant) -> None:
    """Start the recorder before anything else, and load this integration."""
    hass.data.pop(DATA_CUSTOM_COMPONENTS)


def address_of(server: MinerServer) -> str:
    """Return what the old integration calls a miner."""
    return f"{server.host}:{server.port}"


def old_entry(*addresses: str, **data: Any) -> MockConfigEntry:
    """Return an entry for several miners, as a search of a network made it."""
    return MockConfigEntry(
        domain=DOMAIN,
        version=1,
        title=f"Bitaxe ({len(addresses)} miners)",
        data={
            "subnet": "127.0.0.0/24",
            "concurrency": 20,
            "timeout": 1.5,
            "scan_interval": 3600,
            "miners": list(addresses),
            **data,
        },
    )


def old_entities(
    hass: HomeAssistant, entry: MockConfigEntry, address: str
) -> dict[str, str]:
    """Register the device of a miner and its sensors; return their ids by key."""
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id,
        identifiers={(DOMAIN, address)},
        name=f"Bitaxe {address}",
    )
    dr.async_get(hass).async_update_device(device.id, name_by_user=f"Mine {address}")
    return {
        key: er.async_get(hass)
        .async_get_or_create(
            "sensor",
            DOMAIN,
            f"bitaxe_{address.replace('.', '_')}_{key}",
            config_entry=entry,
            device_id=device.id,
            unit_of_measurement=unit,
            capabilities=capabilities,
        )
        .entity_id
        for key, (unit, _, capabilities) in SENSORS.items()
    }


def miner_entries(hass: HomeAssistant) -> dict[str | None, Any]:
    """Return the entries of miners by their unique ids."""
    return {
        entry.unique_id: entry
        for entry in hass.config_entries.async_entries(DOMAIN)
        if entry.data.get(CONF_KIND) == KIND_MINER
    }


async def test_each_miner_has_an_entry_with_its_history(
    hass: HomeAssistant, simulate: Simulate, hass_ws_client: WebSocketGenerator
) -> None:
    """Devices, entities and statistics go to the entry of their miner."""
    assert await async_setup_component(hass, "sensor", {})
    servers = [await simulate(preset) for preset in ("gamma-2.15", "nerdqaxepp-1.1.0")]
    # The last was found by the search later, and is only known by its device.
    servers.append(await simulate("supra-2.9"))
    addresses = [address_of(server) for server in servers]
    entry = old_entry(*addresses[:2])
    entry.add_to_hass(hass)
    old = [old_entities(hass, entry, address) for address in addresses]
    hour = dt_util.utcnow().replace(minute=0, second=0, microsecond=0)
    for entities in old:
        async_import_statistics(
            hass,
            {
                "mean_type": StatisticMeanType.ARITHMETIC,
                "has_sum": False,
                "name": None,
                "source": "recorder",
                "statistic_id": entities["hashrate"],
                "unit_class": None,
                "unit_of_measurement": "H/s",
            },
            [{"start": hour, "mean": 1000.0, "min": 900.0, "max": 1100.0}],
        )
    await async_wait_recording_done(hass)
    await set_up(hass, entry)
    entries = miner_entries(hass)
    registry = er.async_get(hass)
    for server, address, entities in zip(servers, addresses, old, strict=True):
        mac = server.miner.spec.mac_address.lower()
        found = entries.pop(mac)
        assert found.state is ConfigEntryState.LOADED
        assert found.data == {
            CONF_KIND: KIND_MINER,
            CONF_HOST: server.host,
            CONF_PORT: server.port,
        }
        assert "miners" not in found.title
        assert address not in found.title
        devices = dr.async_entries_for_config_entry(dr.async_get(hass), found.entry_id)
        assert [(device.name_by_user, device.identifiers) for device in devices] == [
            (f"Mine {address}", {(DOMAIN, mac)})
        ]
        for key, entity_id in entities.items():
            item = registry.async_get(entity_id)
            if (new := SENSORS[key][1]) is None:
                assert item is None or item.unique_id.startswith(mac)
                continue
            assert item is not None, key
            assert item.unique_id == f"{mac}_{new}"
            assert item.config_entry_id == found.entry_id
            assert item.device_id == devices[0].id
        state = hass.states.get(entities["hashrate"])
        assert state is not None
        assert state.attributes["unit_of_measurement"] == "GH/s"
    assert not entries
    await async_wait_recording_done(hass)
    metadata = await get_instance(hass).async_add_executor_job(get_metadata, hass)
    assert {
        metadata[entities["hashrate"]][1]["unit_of_measurement"] for entities in old
    } == {"GH/s"}
    client = await hass_ws_client()
    await client.send_json_auto_id({"type": "recorder/validate_statistics"})
    assert (await client.receive_json())["result"] == {}
    assert not [key for key in ir.async_get(hass).issues if key[0] == DOMAIN]


async def test_a_miner_that_is_off_keeps_what_is_its_own(
    hass: HomeAssistant, simulate: Simulate
) -> None:
    """It is adopted when it answers, and none of the others waits for it."""
    servers = [await simulate("gamma-2.15"), await simulate("gamma-2.12")]
    addresses = [address_of(server) for server in servers]
    entry = old_entry(*addresses)
    entry.add_to_hass(hass)
    old = [old_entities(hass, entry, address) for address in addresses]
    await servers[1].stop()
    await set_up(hass, entry)
    states = {item.data[CONF_PORT]: item for item in miner_entries(hass).values()}
    assert states[servers[0].port].state is ConfigEntryState.LOADED
    other = states[servers[1].port]
    assert other.state is ConfigEntryState.SETUP_RETRY
    registry = er.async_get(hass)
    for entity_id in old[1].values():
        item = registry.async_get(entity_id)
        assert item is not None
        assert item.config_entry_id == other.entry_id
    await servers[1].start()
    await hass.config_entries.async_reload(other.entry_id)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert other.state is ConfigEntryState.LOADED
    item = registry.async_get(old[1]["power"])
    assert item is not None
    assert item.unique_id == f"{servers[1].miner.spec.mac_address.lower()}_power"


async def test_a_miner_that_was_added_anew_is_not_there_twice(
    hass: HomeAssistant,
    simulate: Simulate,
    add_miner: Any,
) -> None:
    """The entry that it has already stays the only one."""
    server, other = await simulate("gamma-2.15"), await simulate("gamma-2.12")
    added: MockConfigEntry = await add_miner(server)
    entry = old_entry(address_of(server), address_of(other))
    entry.add_to_hass(hass)
    kept = [old_entities(hass, entry, address_of(miner)) for miner in (server, other)]
    await set_up(hass, entry)
    entries = miner_entries(hass)
    assert len(entries) == 2
    assert entries[added.unique_id].entry_id == added.entry_id
    assert isinstance(added.runtime_data, MinerCoordinator)
    item = er.async_get(hass).async_get(kept[1]["power"])
    assert item is not None
    assert item.unique_id == f"{other.miner.spec.mac_address.lower()}_power"


@pytest.mark.parametrize("miners", [[], None, "192.168.1.5", [5, None, "no host !"]])
async def test_an_entry_without_miners_goes(
    hass: HomeAssistant, miners: object
) -> None:
    """Nothing could be done with it."""
    entry = old_entry(miners=miners)
    await set_up(hass, entry)
    assert not hass.config_entries.async_entries(DOMAIN)
    assert not ir.async_get(hass).issues


async def test_an_entry_of_an_unknown_integration_says_what_to_do(
    hass: HomeAssistant, hass_client: ClientSessionGenerator
) -> None:
    """A repair removes it; Home Assistant itself would only show an error."""
    assert await async_setup_component(hass, "repairs", {})
    entry = MockConfigEntry(domain=DOMAIN, version=1, title="Odd", data={"serial": "1"})
    await set_up(hass, entry)
    issue = ir.async_get(hass).async_get_issue(
        DOMAIN, f"unknown_entry_{entry.entry_id}"
    )
    assert issue is not None
    assert issue.translation_placeholders == {"name": "Odd"}
    client = await hass_client()
    answer = await client.post(
        "/api/repairs/issues/fix",
        json={"handler": DOMAIN, "issue_id": issue.issue_id},
    )
    flow = await answer.json()
    assert flow["step_id"] == "confirm"
    answer = await client.post(f"/api/repairs/issues/fix/{flow['flow_id']}", json={})
    assert (await answer.json())["type"] == "create_entry"
    await hass.async_block_till_done()
    assert not hass.config_entries.async_entries(DOMAIN)
    assert not ir.async_get(hass).issues


async def test_an_entry_of_a_newer_version_says_what_to_do(hass: HomeAssistant) -> None:
    """It is left as it is for the newer version, and the repair goes with it."""
    entry = MockConfigEntry(domain=DOMAIN, version=3, title="Newer", data={"x": 1})
    await set_up(hass, entry)
    assert entry.state is ConfigEntryState.MIGRATION_ERROR
    issue_id = f"newer_entry_{entry.entry_id}"
    assert ir.async_get(hass).async_get_issue(DOMAIN, issue_id) is not None
    await hass.config_entries.async_remove(entry.entry_id)
    assert not ir.async_get(hass).issues
